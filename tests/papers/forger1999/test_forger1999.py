"""The pacemaker of 1999: twin, free run, entrainment, response to a pulse of light."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from neurohumor.engine.problem import Action, Entry
from neurohumor.lang import Param
from neurohumor.modules.rhythms.pacemaker_forger1999 import PacemakerForger1999
from tests.papers.alone import Alone, differing, samples
from tests.papers.forger1999 import by_hand

ONE = Alone(PacemakerForger1999)
TOLD = tomllib.loads((Path(__file__).parent / "published.toml").read_text(encoding="utf-8"))
INPUTS = [
    {"world.light": 300.0, "brain.asleep": 0.2},
    {"world.light": 9000.0, "brain.asleep": 0.0},
    {"world.light": 0.0, "brain.asleep": 1.0},
]
LIGHT = [row.quantity for row in ONE.system.inputs].index("world.light")


def lows(times, x):
    """Interpolated times at which x is lowest."""
    k = np.flatnonzero((x[1:-1] < x[:-2]) & (x[1:-1] <= x[2:])) + 1
    a, b, c = x[k - 1], x[k], x[k + 1]
    return times[k] + 0.5 * (a - c) / (a - 2 * b + c) * (times[1] - times[0])


def lux(value):
    return value * 1e-4


def test_rates_equal_those_by_hand(rng):
    centre = {"x": -0.3, "x_c": -0.7, "n": 0.4}
    assert differing(ONE, by_hand.rates, samples(rng, centre, spread=0.3), ONE.params(), ONE.params(), INPUTS) == set()


@pytest.mark.parametrize("name", [p.name for p in PacemakerForger1999.of(Param) if p.name != "offset"])
def test_one_per_cent_in_any_parameter_shows(name, rng):
    params, centre = ONE.params(), {"x": -0.3, "x_c": -0.7, "n": 0.4}
    changed = {**params, name: params[name] * 1.01}
    assert differing(ONE, by_hand.rates, samples(rng, centre, spread=0.3), changed, params, INPUTS)


@cache
def dark() -> tuple[np.ndarray, np.ndarray]:
    times = np.arange(0, 24 * 40, 0.1)
    return times, ONE.run(times, world__light=0.0)["x"]


def test_free_run():
    period = np.diff(lows(*dark())[-20:])
    assert TOLD["free_run"]["low"] <= period.mean() <= TOLD["free_run"]["high"]
    assert np.ptp(period) < 0.01


def test_the_encoding_s_own_state_is_reached():
    told = TOLD["encoding"]
    state = dict.fromkeys(("x", "x_c", "n"), 0.5)
    for _ in range(told["days"]):
        on = [Entry(told["dark_until"], Action.SET_INPUT, LIGHT, lux(told["lux"]))]
        course = ONE.run(np.array([0.0, told["day"]]), start=state, world__light=0.0, schedule=on)
        state = {name: float(values[-1]) for name, values in course.items()}
    assert state == pytest.approx({name: told[name] for name in state}, abs=told["tolerance"])


@cache
def response() -> dict[float, float]:
    """Advance (+) or delay (-) in h by 6.7 h of 9500 lux, by the time of its middle after the low of x."""
    times, x = dark()
    low = lows(times, x)[10]
    settled = {name: values[-1] for name, values in ONE.run(np.array([0.0, low]), world__light=0.0).items()}
    grid = np.arange(0, 24 * 12, 0.05)
    quiet = lows(grid, ONE.run(grid, start=settled, world__light=0.0)["x"])
    found = {}
    for middle in np.arange(6.0, 30.0, 1.0):
        pulse = [Entry(middle - 3.35, Action.SET_INPUT, LIGHT, lux(9500)), Entry(middle + 3.35, Action.SET_INPUT, LIGHT, 0.0)]
        moved = lows(grid, ONE.run(grid, start=settled, schedule=pulse, world__light=0.0)["x"])
        found[float(middle % 24)] = float((quiet[-2] - moved[-2] + 12) % 24 - 12)
    return found


def test_light_before_the_low_delays_and_after_it_advances():
    shifts = response()
    assert all(shifts[h] < -0.3 for h in (20.0, 21.0, 22.0)), shifts
    assert all(shifts[h] > 0.3 for h in (2.0, 3.0, 4.0)), shifts


def test_peak_to_trough():
    told, shifts = TOLD["response"], list(response().values())
    assert max(shifts) - min(shifts) == pytest.approx(told["peak_to_trough"], rel=told["tolerance_relative"])


def test_the_shift_passes_zero_at_the_minimum_and_once_by_day():
    told, shifts = TOLD["response"], response()
    hours = sorted(shifts)
    crossings = []
    for a, b in zip(hours, [*hours[1:], hours[0] + 24], strict=True):
        one, other = shifts[a], shifts[b % 24]
        if one * other < 0:
            crossings.append(a + (b - a) * one / (one - other))
    assert len(crossings) == 2, "type 1"
    assert any(told["crossing_by_day"][0] < c < told["crossing_by_day"][1] for c in crossings)
    assert any(told["critical"][0] < (c + 12) % 24 - 12 < told["critical"][1] for c in crossings)
