"""What is known of each number: its source, what a second reader read of it, and the faults of a module's evidence.

How a number is known is never typed.  `level` derives it from the ledger: what was read, if the second entry agrees with the
number in use; "nothing" if there is none; "assumed" and "derived" for what has no source of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from neurohumor.errors import EvidenceError, FileError, UnknownName, did_you_mean
from neurohumor.evidence.bib import Reference, read_bibtex, write_bibtex
from neurohumor.evidence.ledger import READ, Entry, read_ledger
from neurohumor.lang.decl import Influence, Param
from neurohumor.lang.expr import Const
from neurohumor.lang.model import Model, Part
from neurohumor.lang.module import Module
from neurohumor.lang.system import ParamRow, System
from neurohumor.units import Quantity, Unit

Level = Literal["table_or_text", "abstract", "model_file", "secondary", "nothing", "derived", "assumed"]

LEVELS: tuple[Level, ...] = (*READ, "derived", "assumed")
"""`READ`, best first; then numbers calculated from others here, and numbers without a source."""

MEANING: Mapping[Level, str] = {
    "table_or_text": "read in the source's own table or text",
    "abstract": "read in the source's abstract",
    "model_file": "read in a model file that encodes the source",
    "secondary": "read where another source quotes it",
    "nothing": "cited, but unchecked",
    "derived": "calculated from other numbers of the model",
    "assumed": "assumed, without a source",
}

GRADES: Mapping[str, str] = {
    "A": "strong causal evidence in people",
    "B": "strong evidence in animals, or correlations in people",
    "C": "limited or mixed evidence",
    "D": "weak or contradicted evidence",
}
"""What the grade of an influence says of the claim it carries."""

CLOSE = 1e-12
"""Two entries of one number agree if they differ by less than this share of it."""

Target = Model | System | Iterable[type[Module]]


class Fault(NamedTuple):
    """What is wrong with a piece of evidence, where, and what to do."""

    where: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Library:
    """The references by key, and the ledger by (module, parameter)."""

    references: Mapping[str, Reference]
    ledger: Mapping[tuple[str, str], Entry]


def read_library(folder: Path) -> Library:
    """The library in a folder: `refs.bib`, and every TOML file of `ledger/`.  Raises FileError for what cannot be read."""
    bib = folder / "refs.bib"
    try:
        references = read_bibtex(bib.read_text(encoding="utf-8"), bib.name)
        ledger: dict[tuple[str, str], Entry] = {}
        for path in sorted((folder / "ledger").glob("*.toml")):
            for key, found in read_ledger(path.read_text(encoding="utf-8"), path.name).items():
                if key in ledger:
                    raise FileError(f"{'.'.join(key)} is entered twice", where=found.line, remedy=f"the first stands in {ledger[key].line}")
                ledger[key] = found
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"cannot be read: {error}", where=str(folder), remedy="the folder holds refs.bib and ledger/*.toml") from error
    return Library(references, ledger)


@cache
def library() -> Library:
    """The library that comes with the package, read once."""
    return read_library(Path(__file__).parent)


def references() -> Mapping[str, Reference]:
    """Every reference of the package, by key."""
    return library().references


# ── Citations ─────────────────────────────────────────────────────────────────────────────────────


def citations(cite: str, among: Mapping[str, Reference] | None = None) -> tuple[tuple[Reference, str], ...]:
    """The sources in a cite and where in each: "best2009 T2; best2010 text".  Raises EvidenceError for an unknown key."""
    known = references() if among is None else among
    found = []
    for piece in cite.split(";"):
        key, _, locus = piece.strip().partition(" ")
        if key not in known:
            remedy = did_you_mean(key, known) or "enter the source in evidence/refs.bib"
            raise EvidenceError(f"no source is called {key!r}", where=f"cite {cite!r}", remedy=remedy)
        found.append((known[key], locus.strip()))
    return tuple(found)


def cite_key(cite: str) -> tuple[Reference, str]:
    """The one source in a cite and where in it: "best2009 T2".  Raises EvidenceError for an unknown key, or for several."""
    found = citations(cite)
    if len(found) != 1:
        raise EvidenceError(f"{cite!r} names {len(found)} sources", remedy="ask citations() for all of them")
    return found[0]


def entry(module_name: str, param_name: str) -> Entry | None:
    """The second entry of a number, or None where nobody has made one."""
    return library().ledger.get((module_name, param_name))


# ── How each number is known ──────────────────────────────────────────────────────────────────────


def _level(formula: bool, basis: str, second: Entry | None, internal: float, unit: Unit) -> Level:
    if formula:
        return "derived"
    if basis == "assumed":
        return "assumed"
    if second is None or not second.unit.same_kind(unit) or not _agrees(second.internal, internal):
        return "nothing"
    return second.read


def _agrees(a: float, b: float) -> bool:
    return abs(a - b) <= CLOSE * max(abs(a), abs(b))


def level(module: type[Module] | str, param: Param, value: float | Quantity | None = None) -> Level:
    """How a parameter of a module is known; `value` is what a part sets in its place (in the parameter's unit)."""
    name = module if isinstance(module, str) else module.__name__
    if isinstance(value, Quantity):
        internal = value.internal
    else:
        internal = (param.value if value is None else value) * param.unit.factor
    return _level(param.formula is not None and value is None, param.basis, entry(name, param.name), internal, param.unit)


def level_of_row(row: ParamRow) -> Level:
    """How a parameter of a flat system is known; one that was set to another number than the ledger's is not."""
    if not isinstance(row.initial, Const):
        return "derived"
    return _level(False, row.basis, entry(row.module, row.name), row.initial.value, row.unit)


def levels(target: Target) -> dict[str, Level]:
    """How each parameter is known, by its full name ("part.name"; for bare modules "Module.name")."""
    if isinstance(target, System):
        return {row.full: level_of_row(row) for row in target.params}
    found: dict[str, Level] = {}
    for name, piece in _parts(target):
        for param in piece.module.of(Param):
            found[f"{name}.{param.name}"] = level(piece.module, param, piece.values.get(param.name))
    return found


def _parts(target: Model | Iterable[type[Module]]) -> Iterator[tuple[str, Part]]:
    if isinstance(target, Model):
        yield from target.parts.items()
    else:
        yield from ((module.__name__, Part(module)) for module in target)


def counts(target: Target) -> dict[Level, int]:
    """How many numbers are known in which way: every level, in the order of `LEVELS`.

    A number that stands in one module is counted once, at however many places the module is used; what a part sets is its own.
    """
    found: dict[tuple[str, ...], Level] = {}
    if isinstance(target, System):
        for row in target.params:
            own = str(row.initial.value) if isinstance(row.initial, Const) else ""
            found[row.module, row.name, own] = level_of_row(row)
    else:
        for _, piece in _parts(target):
            for param in piece.module.of(Param):
                value = piece.values.get(param.name)
                own = "" if value is None else str(value)
                found[piece.module.__name__, param.name, own] = level(piece.module, param, value)
    tally = Counter(found.values())
    return {name: tally[name] for name in LEVELS}


def grades(modules: Iterable[type[Module]]) -> dict[str, int]:
    """How many influences stand on evidence of which grade: every grade, A to D."""
    tally = Counter(influence.grade for module in modules for influence in module.of(Influence))
    return {name: tally[name] for name in GRADES}


def meaning_of_grade(grade: str) -> str:
    """What a grade says.  Raises UnknownName."""
    if grade not in GRADES:
        raise UnknownName(f"no grade is called {grade!r}", remedy=f"grades are {', '.join(GRADES)}")
    return GRADES[grade]


# ── Bibliographies ────────────────────────────────────────────────────────────────────────────────


def bibliography(target: Target) -> tuple[Reference, ...]:
    """The references of exactly these modules and numbers, in order of year, then key.  Raises EvidenceError for an unknown key.

    A flat system names the sources of its numbers; a model also those of its modules' equations.
    """
    if isinstance(target, System):
        cites = [row.cite for row in target.params if row.cite]
    else:
        cites = []
        for _, piece in _parts(target):
            cites += [piece.module.source] if piece.module.source else []
            cites += [param.cite for param in piece.module.of(Param) if param.cite]
    found = {reference.key: reference for cite in dict.fromkeys(cites) for reference, _ in citations(cite)}
    return tuple(sorted(found.values(), key=lambda reference: (reference["year"], reference.key)))


def bibtex(keys: Iterable[str]) -> str:
    """These references as BibTeX, in this order.  Raises EvidenceError for an unknown key."""
    return write_bibtex(cite_key(key)[0] for key in keys)


# ── Faults ────────────────────────────────────────────────────────────────────────────────────────


def faults(module: type[Module], among: Library | None = None) -> list[Fault]:
    """Everything that is wrong with the evidence of one module; empty where all is well.

    A source that is not in `refs.bib`; a number that is not assumed and has no source; a second entry that differs from the
    number (relative 1e-12, after conversion) or belongs to no parameter.
    """
    known = library() if among is None else among
    found = list(_source_faults(module, known))
    params = {param.name: param for param in module.of(Param)}
    for param in params.values():
        found += _param_faults(module, param, known)
    for (owner, name), second in known.ledger.items():
        if owner == module.__name__ and name not in params:
            remedy = did_you_mean(name, params) or "remove the entry"
            found.append(Fault(f"ledger/{second.line}", f"{module.__name__} has no parameter {name!r}", remedy))
    return found


def _source_faults(module: type[Module], known: Library) -> Iterator[Fault]:
    if module.source and module.source not in known.references:
        remedy = did_you_mean(module.source, known.references) or "enter it in evidence/refs.bib"
        yield Fault(module.__name__, f"its source {module.source!r} is not in refs.bib", remedy)
    if module.frozen and not module.source:
        yield Fault(module.__name__, "it is frozen, that is a paper's model, but names no source", 'add source = "key"')


def _param_faults(module: type[Module], param: Param, known: Library) -> Iterator[Fault]:
    where = f"{param.where}  {module.__name__}.{param.name}"
    if param.cite:
        try:
            citations(param.cite, known.references)
        except EvidenceError as error:
            yield Fault(where, error.what, error.remedy)
    elif param.basis != "assumed" and param.formula is None:
        yield Fault(where, f"it is called {param.basis} but cites nothing", 'add cite="key where", or say basis="assumed"')
    second = known.ledger.get((module.__name__, param.name))
    if second is None:
        return
    here = f"ledger/{second.line}"
    if param.formula is not None:
        yield Fault(where, f"it is calculated, but {here} holds a number for it", "enter the numbers it is calculated from")
    elif not second.unit.same_kind(param.unit):
        yield Fault(where, f"its unit is {param.unit}, but {second.unit} in {here}", "read the source again and correct one of the two")
    elif not _agrees(second.internal, param.value * param.unit.factor):
        both = f"it is {param.value:.15g} {param.unit}, but {second.value:.15g} {second.unit} in {here}"
        yield Fault(where, both, "read the source again and correct one of the two")


def strays(modules: Iterable[type[Module]], among: Library | None = None) -> list[Fault]:
    """Entries of the ledger that belong to none of these modules."""
    known, names = library() if among is None else among, {module.__name__ for module in modules}
    lost = {owner: second for (owner, _), second in known.ledger.items() if owner not in names}
    remedies = {owner: did_you_mean(owner, names) or "remove its entries" for owner in lost}
    return [Fault(f"ledger/{second.line}", f"no module is called {owner!r}", remedies[owner]) for owner, second in lost.items()]
