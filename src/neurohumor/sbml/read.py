"""Read an SBML model into a `System`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from neurohumor.build.fingerprint import fingerprint
from neurohumor.lang.expr import Const
from neurohumor.lang.system import System
from neurohumor.sbml.algebra import add_algebra
from neurohumor.sbml.assemble import Assembly
from neurohumor.sbml.document import open_sbml
from neurohumor.sbml.doses import add_doses
from neurohumor.sbml.facts import Facts, each, facts_of
from neurohumor.sbml.fast import add_fast
from neurohumor.sbml.happenings import add_events
from neurohumor.sbml.internal import in_internal_units
from neurohumor.sbml.powers import with_sure_powers


@dataclass(frozen=True, slots=True)
class Imported:
    """A model that was read.

    system  its equations
    notes   what a reader should know: constructs that say nothing, sizes that were missing
    level, version  of the file
    """

    system: System
    notes: tuple[str, ...]
    level: int
    version: int


def read_sbml(source: str | Path | bytes, *, raw: bool = False) -> System:
    """The model of an SBML file (or of SBML text) as a flat system; see `import_sbml`."""
    return import_sbml(source, raw=raw).system


def import_sbml(source: str | Path | bytes, *, raw: bool = False, where: str = "text") -> Imported:
    """Read SBML, Level 1 Version 2 to Level 3 Version 2, hierarchical models written out.

    source  a path, or the text itself
    raw     keep the model's own numbers even where it declares units
    where   what messages call a text

    A model that declares its unit of time is turned into internal numbers and hours, each symbol by the unit that it declares; what
    declares none stays a pure number.  A model that does not is raw: its numbers, and its time, are as written.

    Every symbol is a quantity under its id: run["S1"] has the value that the model's own mathematics gives S1 (a concentration, or
    an amount where the species says so).  Raises FileError for a file that is harmful, invalid, or holds what is not solved
    (`delay`, `fast`), naming the element.
    """
    opened = open_sbml(source, where)
    facts = facts_of(opened)
    assembly = Assembly(facts)
    draft = assembly.everything()
    add_fast(assembly)
    add_algebra(assembly)
    add_events(assembly)
    _flux_rows(assembly, facts)
    add_doses(assembly)
    draft.add_rates()
    draft.refuse_unset(opened.where)
    system = with_sure_powers(draft.system(assembly.declared.time))
    if assembly.declared.timed and not raw:
        system = in_internal_units(system, assembly.declared.time)
    return Imported(replace(system, fingerprint=fingerprint(system)), tuple(facts.notes), opened.level, opened.version)


def _flux_rows(assembly: Assembly, facts: Facts) -> None:
    """What reactions move between amounts, where their stoichiometries are plain numbers."""
    cells = assembly.draft.cells
    moved: dict[str, dict[str, float] | None] = {}
    for species, changes in facts.made.items():
        name = species if assembly.counts_amount(species) else f"{species}.amount"
        for reaction, reference, sign in changes:
            by = assembly.stoichiometry(reaction, reference)
            factor = assembly.plain_factor(species)
            found = moved.setdefault(reaction.getId(), {})
            if not isinstance(by, Const) or cells[name].kind != "state" or factor is None:
                moved[reaction.getId()] = None
            elif found is not None:
                found[name] = found.get(name, 0.0) + sign * by.value * factor
    for reaction, found in moved.items():
        if found is not None:
            assembly.draft.fluxes.append((reaction, tuple(found.items()), _at_border(facts, reaction)))


def _at_border(facts: Facts, reaction: str) -> bool:
    """Whether a reaction makes something of nothing, or of what is outside the model."""
    sides = (facts.reactions[reaction].getListOfReactants(), facts.reactions[reaction].getListOfProducts())
    return any(not any(reference.getSpecies() in facts.made for reference in each(side)) for side in sides)
