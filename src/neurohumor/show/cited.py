"""On whose work a model stands: the sources of exactly its equations, its numbers and its solver, and what has no source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from neurohumor.evidence.bib import Reference
from neurohumor.evidence.evidence import citations, levels, references
from neurohumor.lang.decl import Influence, Param
from neurohumor.lang.model import Model

SOLVER = ("hairer1996",)
"""Keys of the sources of the method by which both engines solve."""


@dataclass(frozen=True, slots=True)
class Cited:
    """One source and what it gives: parts for equations, "part: 12 numbers" for numbers, sections for the method."""

    reference: Reference
    gives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The sources of one model, each group in order of year, then key.

    modules, numbers, solver  who gave the equations, the numbers, the method
    own      parts whose equations are our own, with the name of their module
    assumed  of each part the numbers that have no source; claims: influences, each with the claim and grade that it stands on
    """

    modules: tuple[Cited, ...]
    numbers: tuple[Cited, ...]
    solver: tuple[Cited, ...]
    own: Mapping[str, str]
    assumed: Mapping[str, tuple[str, ...]]
    claims: tuple[tuple[str, str, str], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key once, in order of year, then key."""
        found = {one.reference.key: one.reference for group in (self.modules, self.numbers, self.solver) for one in group}
        return tuple(one.key for one in sorted(found.values(), key=_rank))


def _rank(reference: Reference) -> tuple[str, str]:
    return reference["year"], reference.key


def cited(model: Model) -> Bibliography:
    """Who is to be cited for this model.  Raises EvidenceError for a source that is not in the library."""
    equations: dict[str, list[str]] = {}
    numbers: dict[str, dict[str, int]] = {}
    for name, part in model.parts.items():
        for reference, _ in citations(part.module.source) if part.module.source else ():
            equations.setdefault(reference.key, []).append(name)
        for param in part.module.of(Param):
            set_here = param.name in part.values
            for reference, _ in citations(param.cite) if param.cite and not set_here else ():
                counts = numbers.setdefault(reference.key, {})
                counts[name] = counts.get(name, 0) + 1
    told = {key: [f"{name}: {count} number{'s' * (count != 1)}" for name, count in parts.items()] for key, parts in numbers.items()}
    return Bibliography(
        _group(equations),
        _group(told),
        _group({key: ["Radau IIA collocation"] for key in SOLVER}),
        {name: part.module.__name__ for name, part in model.parts.items() if not part.module.source},
        _assumed(model),
        _claims(model),
    )


def _group(found: Mapping[str, list[str]]) -> tuple[Cited, ...]:
    known = references()
    return tuple(Cited(one, tuple(found[one.key])) for one in sorted((known[key] for key in found), key=_rank))


def _assumed(model: Model) -> dict[str, tuple[str, ...]]:
    """Numbers without a source: assumed ones, and those that a model sets in place of what its module cites."""
    found: dict[str, list[str]] = {}
    for full, level in levels(model).items():
        name, _, param = full.partition(".")
        part = model.parts[name]
        if level == "assumed" or (param in part.values and level != "derived"):
            found.setdefault(name, []).append(param)
    return {name: tuple(params) for name, params in found.items()}


def _claims(model: Model) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (f"{name}.{each.name}", each.claim, each.grade) for name, part in model.parts.items() for each in part.module.of(Influence)
    )
