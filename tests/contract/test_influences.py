"""What a paper did not have is neutral: with H at its reference, every rate is what it is with all influences left out."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from neurohumor.build.flatten import flatten
from neurohumor.build.orbits import orbit_of
from neurohumor.build.start import Start, derived_at, evaluated, start
from neurohumor.build.wire import silenced
from neurohumor.lang import Influence, Model, part
from neurohumor.lang.expr import substitute
from neurohumor.lang.system import Leaf, System
from tests.contract.shipped import BUILDABLE, MODULES, large, sized
from tests.unit.build.toys import Clock, Hand, Terminal

POINTS, FEW = 100, 10
"""Random states of a system, of a large one."""
INFLUENCES = [(module, influence) for module in MODULES for influence in module.of(Influence)]


def acting(model: Model) -> list[str]:
    """The full names of the influences of a model."""
    return [
        f"{name}.{influence.name}"
        for name, held in model.parts.items()
        for influence in held.module.of(Influence)
        if not silenced(model, name, influence)
    ]


def at_reference(system: System, influences: list[str]) -> System:
    """The system with H, or its lagged copy, set to its reference in every influence."""
    rows = {row.full: Leaf("derived", i, row.full) for i, row in enumerate(system.derived)}
    rows |= {row.full: Leaf("param", i, row.full) for i, row in enumerate(system.params)}
    derived = list(system.derived)
    for full in influences:
        index = next(i for i, row in enumerate(derived) if row.full == full)
        heard, reference = {f"{full}_hill", f"{full}_lag"}, rows[f"{full}_ref"]
        (expr,) = substitute([derived[index].expr], lambda s, heard=heard, to=reference: to if s.name in heard else s)
        derived[index] = replace(derived[index], expr=expr)
    return replace(system, derived=tuple(derived))


def differing(model: Model, with_: System | None = None) -> list[str]:
    """States whose rates differ between influences at their reference and no influences at all, at random states."""
    influences = acting(model)
    one = at_reference(flatten(model) if with_ is None else with_, influences)
    other = flatten(replace(model, silent=("*",)))
    dice, found = random.Random(1), set[str]()
    inputs = {row.quantity: row.nominal for row in (*one.inputs, *other.inputs)}
    starts = [start(system).p for system in (one, other)]
    for _ in range(FEW if large(model) else POINTS):
        y = {row.full: row.scale * math.exp(dice.gauss(0.0, 1.0)) for row in one.states}
        rates = []
        for system, p in zip((one, other), starts, strict=True):
            vectors = tuple(y[row.full] for row in system.states), p, tuple(inputs[row.quantity] for row in system.inputs)
            at = Start(*vectors, derived_at(system, 0.0, *vectors))
            rates.append(dict(zip((row.full for row in system.states), evaluated(system.rates, at), strict=True)))
        found |= {
            full for full, rate in rates[1].items() if rates[0][full] != rate and not (math.isnan(rate) and math.isnan(rates[0][full]))
        }
    return sorted(found)


@pytest.mark.parametrize("name", sized(name for name, model in BUILDABLE.items() if acting(model)))
def test_influences_are_neutral_at_their_reference(name):
    assert differing(BUILDABLE[name]) == []


@pytest.mark.parametrize(("module", "influence"), INFLUENCES, ids=lambda x: x.__name__ if isinstance(x, type) else x.name)
def test_every_influence_has_a_stored_orbit(module, influence):
    orbit = orbit_of(module.__name__, influence.name, "")
    assert orbit is not None, "generate the orbits"
    assert influence.tau is not None or orbit.curve, "a fast influence is neutral against a curve"


@pytest.mark.parametrize(("module", "influence"), INFLUENCES, ids=lambda x: x.__name__ if isinstance(x, type) else x.name)
def test_weak_evidence_allows_no_effect(module, influence):
    low, high = influence.emax.bounds
    assert influence.grade in ("A", "B") or low <= 0.0 <= high, "grade C or D: the bounds of emax hold 0"


# ── Planted ───────────────────────────────────────────────────────────────────────────────────────


def toy() -> Model:
    return Model("toy", {"a": part(Terminal, "striatum"), "hand": part(Hand), "clock": part(Clock)})


def test_the_toy_is_neutral():
    assert acting(toy()) == ["hand.fast", "hand.slow"]
    assert differing(toy()) == []


def test_a_planted_influence_that_is_not_neutral_is_caught():
    system = flatten(toy())
    rows = [replace(row, expr=row.expr * 1.0001) if row.full == "hand.slow" else row for row in system.derived]
    assert differing(toy(), replace(system, derived=tuple(rows))) == ["a.da"]
