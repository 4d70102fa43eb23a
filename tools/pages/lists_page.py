"""Lists over the whole: every quantity of the vocabulary, every influence, every source."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping

from tools.pages import links
from tools.pages.markdown import cell, code, many, table

from neurohumor import models
from neurohumor.evidence.evidence import GRADES, citations, references
from neurohumor.lang.decl import Influence, Param
from neurohumor.lang.module import Module
from neurohumor.names import places, substances
from neurohumor.show.listing import bounds_text
from neurohumor.show.numbers import typed
from neurohumor.units import known_units


def quantities() -> str:
    """The vocabulary: the names by which parts, people and protocols meet."""
    with (links.PACKAGE / "names" / "quantities.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        first = row["name"].partition(".")[0]
        groups.setdefault(first if first in places() or first.startswith("<") else "Firing, and drugs at their targets", []).append(row)
    pieces = [
        "# Quantities\n\nThe vocabulary: what a module may hear and tell, and what a protocol may set or hold. `<place>` is any place, "
        "`<drug>` any drug. *Wired*: a module tells it; *driven*: the protocol; *given*: the person. A module may use another unit of the "
        "same kind. What no module tells yet stands at its nominal.\n"
    ]
    columns = ("quantity", "unit", "nominal", "kind", "gathers", "told by", "note")
    for group, held in groups.items():
        body = [
            (code(r["name"]), cell(r["unit"]), r["nominal"], r["kind"], r["gather"], _tellers(r["name"]), cell(r["note"])) for r in held
        ]
        pieces.append(f"## {cell(group)}\n\n" + table(columns, body, right=(2,)))
    pieces += [_places(), _substances(), _units()]
    return "\n".join(pieces)


def _quantity(row: Mapping[str, str]) -> tuple[str, ...]:
    name, note = row["name"], cell(row["note"])
    return code(name), cell(row["unit"]), row["nominal"], row["kind"], row["gather"], _tellers(name), note


def _tellers(name: str) -> str:
    first, _, rest = name.partition(".")
    pattern = f"{{here}}.{rest}" if first.startswith("<") else name
    found = sorted({each.module.__name__ for each in links.givers() if links.meets(each.quantity, pattern)})
    shown = found if len(found) <= 4 else found[:3]
    text = ", ".join(f"[{one}](../modules/{one}.md)" for one in shown)
    return text if shown is found else f"{text} and {len(found) - 3} more"


def _places() -> str:
    return "## Places\n\n" + table(("place", "what it is", "kind"), [(code(p.key), cell(p.name), p.kind) for p in places().values()])


def _substances() -> str:
    rows = [
        (
            code(s.key),
            cell(s.name),
            s.kind,
            f"{s.molar_mass:g}" if s.molar_mass else "",
            cell(s.unit),
            cell(s.us_unit),
            cell(", ".join(s.also)),
        )
        for s in substances().values()
    ]
    columns = ("substance", "what it is", "kind", "g/mol", "usual unit", "US unit", "also called")
    return "## Substances\n\n" + table(columns, rows, right=(3,))


def _units() -> str:
    words = (
        "Units may be multiplied, divided and raised: `nmol/L`, `umol/g/min`, `mIU/kg/min`, `1/h`. `uM` is `umol/L`; `M` is `mol/L`.\n\n"
    )
    return "## Units\n\n" + words + ", ".join(code(each) for each in known_units()) + "\n"


# ── Influences ────────────────────────────────────────────────────────────────────────────────────


def influences() -> str:
    """Every influence, by the claim it carries."""
    rows = []
    for module in models.modules().values():
        for x in module.of(Influence):
            lag = f"{typed(x.tau.value)}&nbsp;{x.tau.unit}" if x.tau is not None else "none"
            rows.append(
                (
                    x.claim,
                    f"[{module.__name__}](modules/{module.__name__}.md)",
                    code(x.by.quantity),
                    code(x.target),
                    f"{typed(x.emax.value)} ({bounds_text(*x.emax.bounds)})",
                    lag,
                    x.grade,
                    cell(x.doc),
                )
            )
    rows.sort(key=lambda row: (row[0], row[1]))
    grades = "; ".join(f"{name}: {words}" for name, words in GRADES.items())
    head = (
        f"# Influences\n\n{many(len(rows), 'effect')} that the papers of their targets did not have. Each is the factor "
        "`1 + emax (H - Href)`, neutral at the reference ([why](decisions/0004-influences-and-neutrality.md)), and can be switched off "
        f"alone: `family.without_influences(CLAIM)`. Grades: {grades}.\n\n"
    )
    return head + table(("claim", "module", "hears", "acts on", "emax (range)", "lag", "grade", "meaning"), rows)


# ── Sources ───────────────────────────────────────────────────────────────────────────────────────


def sources() -> str:
    """Every source of the library, with what it gives."""
    gives: dict[str, dict[str, int]] = {}
    for module in models.modules().values():
        for key in _keys(module):
            counts = gives.setdefault(key, {})
            counts[module.__name__] = counts.get(module.__name__, 0) + 1
    lines = []
    for reference in sorted(references().values(), key=lambda one: (one.short.casefold(), one.key)):
        words = str(reference).removesuffix(reference.address).rstrip()
        used = ", ".join(f"[{name}](modules/{name}.md)" for name in sorted(gives.get(reference.key, {})))
        lines.append((code(reference.key), f"{cell(words)} <{reference.address}>", used))
    head = (
        "# Sources\n\nThe library on which the numbers and equations stand. A cite is a key and the place in the source; "
        "`neurohumor cite MODEL` lists the sources of exactly one model.\n\n"
    )
    return head + table(("key", "source", "modules"), lines)


def _keys(module: type[Module]) -> Iterable[str]:
    if module.source:
        yield module.source
    for param in module.of(Param):
        for reference, _ in citations(param.cite) if param.cite else ():
            yield reference.key
