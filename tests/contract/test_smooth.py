"""Laws are finite in a box around the reference, and their symbolic slopes are those that differences show."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.build.flatten import flatten
from neurohumor.lang import Compartment, Flux, Module, Output, Param, Species, log
from neurohumor.lang.system import System
from tests.contract.boxes import Box
from tests.contract.shipped import BUILDABLE, alone, sized

STEP = 1e-6
"""Of a state's size, for central differences."""
AGREE = 2e-4
"""Of the row's largest slope times size."""


def undefined(system: System) -> list[str]:
    """States whose rate is infinite or not a number somewhere in the box."""
    box = Box(system)
    rates = box.rates(*box.points)
    return [row.full for i, row in enumerate(system.states) if not np.all(np.isfinite(rates[:, i]))]


def wrong_slopes(system: System) -> list[str]:
    """Entries of the symbolic Jacobian that central differences contradict at most points of the box.

    At a kink between the two sides of a difference the two may differ, hence at most points and not at all.
    """
    if not system.states:
        return []
    box = Box(system, many=12)
    t, y, p, u = box.points
    places, law = box.slopes
    symbolic = np.zeros((box.many, len(system.states), len(system.states)))
    values = law(t, y, p, u)
    for k, (i, j) in enumerate(places):
        symbolic[:, i, j] = values[:, k]
    size = np.maximum(np.abs(y), [row.scale for row in system.states])
    differences = np.zeros_like(symbolic)
    for j in range(len(system.states)):
        step = STEP * size[:, j]
        up, down = y.copy(), y.copy()
        up[:, j] += step
        down[:, j] -= step
        differences[:, :, j] = (box.rates(t, up, p, u) - box.rates(t, down, p, u)) / (2 * step)[:, None]
    scaled, found = symbolic * size[:, None, :], differences * size[:, None, :]
    terms = np.max(np.abs(scaled), axis=2, keepdims=True)
    rates = np.abs(box.rates(t, y, p, u))[:, :, None]
    off = np.abs(scaled - found) > AGREE * terms + 1e-8 * rates
    return [f"{system.states[i].full} by {system.states[j].full}" for i, j in np.argwhere(off.mean(axis=0) > 0.25)]


@pytest.mark.parametrize("name", sized(BUILDABLE))
def test_rates_are_finite_around_the_reference(name):
    assert undefined(flatten(BUILDABLE[name])) == []


@pytest.mark.parametrize("name", sized(BUILDABLE))
def test_symbolic_slopes_are_those_of_differences(name):
    assert wrong_slopes(flatten(BUILDABLE[name])) == []


def planted(scale: float) -> System:
    """A loss whose law has a pole at `scale` times the initial value."""
    v, k, top = Compartment(1.0, "L"), Param(0.2, "1/h", gsd=1.5), Param(scale, "uM")
    x = Species(v, 1.0, "uM")
    pairs = [("v", v), ("k", k), ("top", top), ("x", x), ("f", Flux(x >> 0, k * x * log(top / x - 1)))]
    return flatten(alone(Module.from_declarations("Planted", [*pairs, ("told", Output("blood.levodopa", x, "uM"))])))


def test_a_planted_pole_is_caught():
    assert undefined(planted(1.0)) == ["it.x"]
    assert undefined(planted(20.0)) == []


def test_a_planted_wrong_slope_is_caught(monkeypatch):
    system = planted(20.0)
    assert wrong_slopes(system) == []
    right = Box.slopes.func

    def wrong(box: Box):
        places, law = right(box)
        return places, lambda *point: 1.001 * law(*point)

    monkeypatch.setattr(Box, "slopes", property(wrong))
    assert wrong_slopes(system) == ["it.x by it.x"]
