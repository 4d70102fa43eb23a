"""Nothing that cannot be negative is used up once it is gone."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.build.flatten import flatten
from neurohumor.lang import Compartment, Flux, Module, Output, Param, Species
from neurohumor.lang.system import System
from tests.contract.boxes import Box
from tests.contract.shipped import BUILDABLE, alone, sized

ROUNDING = 1e-9
"""Of the state's size per hour."""


def emptied_below(system: System) -> list[str]:
    """States that still fall when they are empty, everything else at random."""
    box = Box(system)
    t, y, p, u = box.points
    falling = []
    for i, row in enumerate(system.states):
        if not row.nonnegative or not system.differential[i]:
            continue
        empty = y.copy()
        empty[:, i] = 0.0
        rate = box.rates(t, empty, p, u)[:, i]
        if np.any(rate < -ROUNDING * row.scale):
            falling.append(row.full)
    return falling


@pytest.mark.parametrize("name", sized(BUILDABLE))
def test_an_empty_state_is_not_consumed(name):
    assert emptied_below(flatten(BUILDABLE[name])) == []


def test_a_planted_sink_without_a_source_is_caught():
    v, k = Compartment(1.0, "L"), Param(0.2, "uM/h")
    x = Species(v, 1.0, "uM")
    pairs = [("v", v), ("k", k), ("x", x), ("sink", Flux(x >> 0, k)), ("told", Output("blood.levodopa", x, "uM"))]
    assert emptied_below(flatten(alone(Module.from_declarations("Sink", pairs)))) == ["it.x"]
