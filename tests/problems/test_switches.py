"""Rates that jump: foreseen in time, found in states, never stepped over."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.engine.problem import Action, Entry, Stiff
from neurohumor.engine.status import Code
from neurohumor.lang.expr import Call
from neurohumor.lang.rates import maximum, sin, where
from tests.problems.draft import Draft
from tests.problems.runs import solve

TIMES = np.linspace(0.0, 10.0, 1001)


@pytest.mark.parametrize("rtol", [1e-3, 1e-6, 1e-9])
def test_a_branch_that_turns_at_a_state(rtol: float):
    """Rises at 1 until it is 1, then at 1/10."""
    d = Draft()
    y = d.state("y")
    d.rate(y, where(y < 1.0, 1.0, 0.1))
    course = solve(d.system(), TIMES, options=Stiff(rtol=rtol))
    assert np.abs(course.of(y) - np.where(TIMES < 1.0, TIMES, 1.0 + 0.1 * (TIMES - 1.0))).max() < rtol


@pytest.mark.parametrize("rtol", [1e-2, 1e-4, 1e-6, 1e-8])
def test_short_pulses_chosen_by_time_and_state_are_all_there(rtol: float):
    """Eleven pulses of a tenth of an hour each, in a system at rest between them.  The sum is known: 5 times how long they last."""
    d = Draft()
    y, z = d.state("y"), d.state("z", 1.0)
    d.rate(y, where(sin(7.0 * d.t) * z > 0.9, 5.0, 0.0))
    d.rate(z, 0.0 * z)
    course = solve(d.system(), TIMES, options=Stiff(rtol=rtol))
    pulse = (np.pi - 2.0 * np.arcsin(0.9)) / 7.0
    assert course.of(y)[-1] == pytest.approx(11.0 * 5.0 * pulse, rel=10.0 * rtol)


def test_a_day_that_begins_at_midnight():
    """The hour of the day by rounding down: a rate that is on from 22 to 24 h of each of thirty days."""
    d = Draft()
    y = d.state("y")
    hour = d.derived("hour", d.t - 24.0 * Call("floor", d.t / 24.0))
    d.rate(y, where(hour >= 22.0, 1.0, 0.0))
    times = np.arange(0.0, 24.0 * 30 + 1, 1.0)
    course = solve(d.system(), times)
    assert np.abs(course.of(y) - (2.0 * (times // 24.0) + np.maximum(times % 24.0 - 22.0, 0.0))).max() < 1e-9


def test_a_narrow_crest_of_a_curve_of_the_time_is_seen():
    """The part of a sine above 0.999, once in 1000 h, with its kinks."""
    d = Draft()
    y = d.state("y")
    d.rate(y, maximum(sin(2.0 * np.pi * d.t / 1000.0) - 0.999, 0.0))
    course = solve(d.system(), [0.0, 1000.0])
    half = np.arccos(0.999) * 1000.0 / (2.0 * np.pi)
    area = 2.0 * (np.sin(2.0 * np.pi * half / 1000.0) * 1000.0 / (2.0 * np.pi) - 0.999 * half)
    assert course.of(y)[-1] == pytest.approx(area, rel=1e-7)


def test_a_ramped_input_turns_a_branch():
    d = Draft()
    y, u = d.state("y"), d.input("u")
    d.rate(y, where(u > 3.0, 1.0, 0.0))
    course = solve(d.system(), TIMES, [Entry(1.0, Action.RAMP_INPUT, u.index, 0.0, 0.5), Entry(9.0, Action.SET_INPUT, u.index, 0.0)])
    assert np.abs(course.of(y) - np.clip(TIMES - 7.0, 0.0, 2.0)).max() < 1e-9


def test_a_rate_that_keeps_its_state_on_a_border_is_told():
    """Up below 1 and down above it: there is no solution in the usual sense, and no step is short enough."""
    d = Draft()
    y = d.state("y", 0.3)
    d.rate(y, where(y < 1.0, 1.0, -1.0))
    course = solve(d.system(), TIMES, options=Stiff(rtol=1e-6, max_steps=2000))
    assert course.status.code is Code.TOO_MANY_STEPS
    assert course.status.time == pytest.approx(0.7, abs=0.01)
