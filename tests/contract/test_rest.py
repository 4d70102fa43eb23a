"""Every module comes to rest at its nominal inputs and every family in its reference day; what is nudged comes back or stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import neurohumor
from neurohumor.build.flatten import flatten
from neurohumor.engine.problem import Batch, Moment, Stiff
from neurohumor.engine.program import compile
from neurohumor.lang import Level, Model, Module, Output, Param, Rate
from neurohumor.lang.system import System
from tests.contract.shipped import MODULES, WHOLES, alone, sized

DRIFT = 0.05
"""Percent of a state's size per day."""
NUDGE = 0.02
DAYS = 5.0


def resting(model: Model):
    """The settled baseline of a model and its worst drift; a status that is not OK is the test's to see."""
    settled = neurohumor.settle(model, None, strict=False)
    return settled, abs(settled.worst[1])


def runs_away(system: System, moment: Moment) -> list[str]:
    """States that are further from their undisturbed course five days after a nudge than the largest nudge was."""
    size = np.array([row.scale for row in system.states])
    nudged = replace(moment, time=0.0, y=moment.y + NUDGE * np.maximum(np.abs(moment.y), size) * np.array(system.differential))
    starts = (replace(moment, time=0.0), nudged)
    shapes = [np.full((2, n), np.nan) for n in (len(system.params), len(system.inputs), len(system.states))]
    batch = Batch(*shapes, ((), ()), np.zeros(2), np.full(2, 24 * DAYS), (np.full((2, 1), 24 * DAYS),), starts)
    solved = compile(system, "quickest").solve(batch, Stiff(rtol=1e-7))
    assert all(status.ok for status in solved.statuses), solved.statuses
    apart = np.abs(solved.states[0][1, -1] - solved.states[0][0, -1]) / size
    first = np.max(np.abs(nudged.y - moment.y) / size, initial=0.0)
    return [system.states[i].full for i in np.flatnonzero(apart > 1.5 * first)]


@pytest.mark.parametrize("module", [m for m in MODULES if m.timescale != "autonomous"], ids=lambda m: m.__name__)
def test_a_module_rests_and_stays(module):
    model = alone(module)
    settled, worst = resting(model)
    assert settled.status.ok and worst < DRIFT, (settled.status, settled.worst)
    system = flatten(model)
    below = [row.full for row, y in zip(system.states, settled.moment.y, strict=True) if row.nonnegative and y < -1e-9 * row.scale]
    assert below == []
    assert runs_away(system, settled.moment) == []


@pytest.mark.parametrize("name", sized(WHOLES))
def test_a_family_settles_in_its_reference_day(name):
    settled, worst = resting(WHOLES[name])
    assert settled.status.ok and worst < DRIFT, (settled.status, settled.worst)


def planted(rate: float) -> Model:
    x = Level(1.0, scale=1.0, signed=True)
    k, top = Param(rate, "1/h", bounds=(-1, 1)), Param(1.0)
    pairs = [("x", x), ("k", k), ("top", top), ("dx", Rate(x, k * (x - top))), ("told", Output("brain.arousal", x, "1"))]
    return alone(Module.from_declarations("Planted", pairs))


def test_a_planted_state_that_runs_away_is_caught():
    for rate, found in ((-0.1, []), (0.1, ["it.x"])):
        model = planted(rate)
        assert runs_away(flatten(model), resting(model)[0].moment) == found
