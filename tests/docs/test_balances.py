"""The mass balances that the pages print are those of the flat system, numbers and volumes included."""

from __future__ import annotations

import numpy as np
import pytest
from tools.pages.equations import Chapter, chapters
from tools.pages.formulas import symbol

from neurohumor import models
from neurohumor.build.flatten import flatten
from neurohumor.cli.naming import placed_module
from neurohumor.lang.decl import Compartment, Flux, Species
from neurohumor.lang.expr import Const
from neurohumor.lang.model import Model
from neurohumor.lang.module import Module
from neurohumor.lang.system import System
from tests.contract.boxes import Box
from tests.docs.reading_latex import value_of

MOVED = [name for name, module in models.modules().items() if module.of(Species)]
POINTS = 2


def balances(module: type[Module]) -> dict[str, str]:
    """The right-hand side of each species' balance, as LaTeX."""
    chapter: Chapter = next(each for each in chapters(module) if each.title == "What moves each state")
    kept = {each.name: each.formula.latex.partition(" = ")[2] for each in chapter.equations}
    return {species.name: kept[species.name] for species in module.of(Species)}


def values_at(system: System, module: type[Module], numbers: dict[str, float]) -> dict[str, float]:
    """The value of every flux and volume, in internal units, by its LaTeX."""
    found = {symbol(flux.name).latex: numbers[f"it.{flux.name}"] for flux in module.of(Flux)}
    for place in module.of(Compartment):
        constant = place.size.value * place.unit.factor if isinstance(place.size, Const) else float("nan")
        found[symbol(place.name).latex] = numbers.get(f"it.{place.name}", constant)
    return found


@pytest.mark.parametrize("name", MOVED)
def test_what_moves_a_species_on_its_page_is_what_moves_it_in_the_system(name: str):
    module = models.modules()[name]
    system = flatten(Model(name, {"it": placed_module(name)}))
    box = Box(system, many=POINTS)
    t, y, p, u = box.points
    derived, rates = box.law([row.expr for row in system.derived])(t, y, p, u), box.rates(t, y, p, u)
    states = {row.full: k for k, row in enumerate(system.states)}
    for k in range(POINTS):
        numbers = {row.full: float(p[k, i]) for i, row in enumerate(system.params)}
        numbers |= {row.full: float(derived[k, i]) for i, row in enumerate(system.derived)}
        values = values_at(system, module, numbers)
        for species, latex in balances(module).items():
            full = f"it.{species}"
            index = states[full] if full in states else states[f"{full}_amount"]
            right = pytest.approx(float(rates[k, index]), rel=1e-9, abs=1e-12 * size(system, index))
            assert value_of(spelt(latex), values) == right, species


def spelt(latex: str) -> str:
    """Juxtaposed factors (2 x, (V/W) x) with their dot, for the reader."""
    return latex.replace(r"\,", r" \cdot ")


def size(system: System, index: int) -> float:
    """A scale for rates that cancel to nothing."""
    return max(float(np.abs(system.states[index].scale)), 1.0) * 1e3
