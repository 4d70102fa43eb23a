"""What a protocol can give to an imported model: a substance that exactly one of its species is named after."""

from __future__ import annotations

from neurohumor.lang.system import InputRow
from neurohumor.names import find_substance
from neurohumor.sbml.assemble import Assembly
from neurohumor.units import ONE

ROUTE = "iv"
"""Straight into the pool: an imported model says nothing of other ways."""


def add_doses(assembly: Assembly) -> None:
    """Let each species take doses and infusions of the substance that it is named after, where no other species is."""
    draft = assembly.draft
    named: dict[str, list[str]] = {}
    for name, species in assembly.facts.species.items():
        key = _substance(species.getName()) or _substance(name)
        if key:
            named.setdefault(key, []).append(name)
    for key, names in named.items():
        state = names[0] if draft.cells[names[0]].kind == "state" else f"{names[0]}.amount"
        cell = draft.cells.get(state)
        if len(names) > 1 or cell is None or cell.kind != "state":
            continue
        unit = assembly.declared.of_species(assembly.facts.species[names[0]], amount=True)
        quantity = f"dose.{key}.{ROUTE}"
        rate = ONE if unit is ONE or not assembly.declared.timed else unit / assembly.declared.time
        given = draft.add_input(InputRow(quantity, rate, f"{key} given by {ROUTE}", 0.0, "held"))
        cell.rate = cell.rate + (given if cell.volume is None else given / cell.volume)
        draft.doses.append((key, ROUTE, state, quantity))


def _substance(name: str) -> str:
    found = find_substance(name) if name else None
    return "" if found is None else found.key
