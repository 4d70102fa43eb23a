"""The encoding of Breslow 2013: twin, its own printed state, free run, light on melatonin, melatonin on the clock."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

from neurohumor.engine.problem import Action, Entry
from neurohumor.lang import Param
from neurohumor.modules.rhythms.pacemaker_breslow2013 import PacemakerBreslow2013
from tests.papers.alone import Alone, differing, samples
from tests.papers.breslow2013 import by_hand

ONE = Alone(PacemakerBreslow2013)
TOLD = tomllib.loads((Path(__file__).parent / "published.toml").read_text(encoding="utf-8"))
LIGHT = [row.quantity for row in ONE.system.inputs].index("world.light")
LUX = 1e-4
TELLING = {"offset", "inside", "stopped", "scant", "phi_on", "phi_off", "r"}
"""What is told, what the events set, and what is tested on its own below."""
CENTRE = {"x": -0.3, "x_c": 0.9, "n": 0.4, "H1": 0.6, "H2": 850.0, "H3": 300.0}
"""In the window of synthesis, with enough melatonin in plasma to reach the clock."""
INPUTS = [
    {"world.light": 300.0, "brain.asleep": 0.2},
    {"world.light": 9000.0, "brain.asleep": 0.0},
    {"world.light": 0.0, "brain.asleep": 1.0},
]


def lows(times, x):
    """Interpolated times at which x is lowest."""
    k = np.flatnonzero((x[1:-1] < x[:-2]) & (x[1:-1] <= x[2:])) + 1
    a, b, c = x[k - 1], x[k], x[k + 1]
    return times[k] + 0.5 * (a - c) / (a - 2 * b + c) * (times[1] - times[0])


def told(state, bright: bool = False) -> dict[str, float]:
    """The switches that the events set, from the rule of the encoding."""
    p = ONE.params()
    angle = math.atan2(state["x"], state["x_c"])
    inside = p["phi_off"] < angle % (2 * math.pi) < p["phi_on"]
    return {"inside": float(inside), "stopped": float(bright and state["H1"] < p["scant"])}


def test_rates_equal_those_by_hand(rng):
    """The encoding's window and rule are events here: with them said, the rates are the encoding's."""
    seen = set()
    for centre in (CENTRE, {**CENTRE, "x": 0.7, "x_c": -0.6}):
        for at in samples(rng, centre, spread=0.3):
            switches = told(at[1])
            seen.add(switches["inside"])
            assert differing(ONE, by_hand.rates, [at], {**ONE.params(), **switches}, ONE.params(), INPUTS) == set()
    assert seen == {0.0, 1.0}


def test_where_next_to_nothing_is_left_light_takes_nothing(rng):
    bright = [{"world.light": 9000.0, "brain.asleep": 0.0}]
    inside = {**ONE.params(), "inside": 1.0}
    where = samples(rng, {**CENTRE, "H1": 4e-4}, spread=0.1)
    assert differing(ONE, by_hand.rates, where, {**inside, "stopped": 1.0}, ONE.params(), bright) == set()
    assert differing(ONE, by_hand.rates, where, inside, ONE.params(), bright), "without the event"


DELTA = {"x": math.sin(-0.17119), "x_c": math.cos(-0.17119)}
"""So near the end of the window that its steepness shows."""


@pytest.mark.parametrize("name", [p.name for p in PacemakerBreslow2013.of(Param) if p.name not in TELLING])
def test_one_per_cent_in_any_parameter_shows(name, rng):
    params, centre = {**ONE.params(), "inside": 1.0}, {**CENTRE, **(DELTA if name == "delta" else {})}
    changed = {**params, name: params[name] * 1.01}
    where = [(0.0, centre)] if name == "delta" else samples(rng, centre, spread=0.1)
    assert differing(ONE, by_hand.rates, where, params, params, INPUTS) == set()
    assert differing(ONE, by_hand.rates, where, changed, params, INPUTS)


@pytest.mark.parametrize("name", ["a", "r", "phi_on", "phi_off"])
def test_synthesis_outside_the_window(name):
    outside = {**CENTRE, "x": 0.7, "x_c": -0.6}
    for factor, same in ((1.0, True), (1.01, False)):
        found = ONE.derived(0.0, outside, {**ONE.params(), name: ONE.params()[name] * factor}, INPUTS[0])["A"]
        assert (found == pytest.approx(by_hand.synthesis(outside, ONE.params()), rel=1e-6, abs=0.0)) == same


@pytest.mark.parametrize(("name", "hour"), [("phi_on", 10.8), ("phi_off", 4.1)])
def test_the_events_are_at_the_edges_of_the_window(name, hour):
    """In the dark from the encoding's midnight: synthesis begins and ends where the angle passes the edges."""
    times = np.arange(0.0, 24.0, 0.01)
    course = ONE.run(times, world__light=0.0)
    angle = np.unwrap(np.arctan2(course["x"], course["x_c"]))
    edge = times[np.searchsorted(angle, ONE.params()[name] - 2 * math.pi)]
    assert edge == pytest.approx(hour, abs=0.7)
    made = np.diff(course["H1"]) / 0.01 + 3600 * ONE.params()["beta_IP"] * 0.5 * (course["H1"][1:] + course["H1"][:-1])
    before, after = made[(times[1:] > edge - 0.2) & (times[1:] < edge - 0.05)], made[(times[1:] > edge + 0.05) & (times[1:] < edge + 0.2)]
    assert sorted([before.mean(), after.mean()]) == pytest.approx([0.0, 3600 * ONE.params()["a"]], abs=0.02)


def test_numbers_of_the_index():
    params, told = ONE.params(), TOLD["index"]
    for name in ("beta_IP", "beta_CP", "beta_AP"):
        assert 3600 * params[name] == pytest.approx(told[name], rel=told["tolerance"])
    for name in ("tau_c", "G", "M_max", "H_sat"):
        assert params[name] == pytest.approx(told[name], rel=told["tolerance"])


@pytest.mark.slow
def test_the_encoding_s_own_state_is_reached():
    told = TOLD["encoding"]
    state = dict.fromkeys(ONE.names, 0.5)
    for _ in range(told["days"]):
        on = [Entry(told["dark_until"], Action.SET_INPUT, LIGHT, told["lux"] * LUX)]
        course = ONE.run(np.array([0.0, told["day"]]), start=state, world__light=0.0, schedule=on)
        state = {name: float(values[-1]) for name, values in course.items()}
    assert {name: state[name] for name in ("x", "x_c", "n")} == pytest.approx(
        {name: told[name] for name in ("x", "x_c", "n")}, abs=told["tolerance"]
    )
    assert state["H2"] == pytest.approx(told["H2"], rel=told["tolerance_H2"])
    assert abs(state["H3"]) < 1e-9


def test_scant_is_where_the_rule_begins():
    """Bright light in the window, from much: decay by light down to `scant`, by outflow alone below it."""
    start = {"x": -0.9, "x_c": 0.5, "n": 0.2, "H1": 0.0012}
    times = np.arange(0.0, 2e-4, 1e-6)
    H1 = ONE.run(times, start=start, world__light=9500.0)["H1"]
    slope = -np.diff(H1) / 1e-6
    above = H1[1:] > ONE.params()["scant"]
    assert slope[above].min() > 0.1
    assert slope[~above][1:].max() < 0.003


def test_free_run():
    times = np.arange(0, 24 * 40, 0.1)
    period = np.diff(lows(times, ONE.run(times, world__light=0.0)["x"])[-20:])
    assert TOLD["free_run"]["low"] <= period.mean() <= TOLD["free_run"]["high"]
    assert np.ptp(period) < 0.01


def test_light_in_the_window_cuts_synthesis():
    times = np.arange(0, 24, 0.05)
    dark = ONE.run(times, world__light=0.0)["H2"]
    top = times[dark.argmax()]
    pulse = [Entry(top - 3, Action.SET_INPUT, LIGHT, 1000 * LUX), Entry(top + 1, Action.SET_INPUT, LIGHT, 0.0)]
    lit = ONE.run(times, schedule=pulse, world__light=0.0)["H2"]
    at = np.searchsorted(times, top)
    assert lit[at] < 0.4 * dark[at]
    assert lit.min() > -1e-6


def test_melatonin_in_the_gut_reaches_plasma_and_the_clock_by_its_hour():
    start = {"x": -1.0, "x_c": 0.0, "n": 0.0}
    grid = np.arange(0, 24 * 6, 0.05)
    quiet = lows(grid, ONE.run(grid, start=start, world__light=0.0)["x"])

    def shift(hour: float) -> float:
        state = {name: float(v[-1]) for name, v in ONE.run(np.array([0.0, hour]), start=start, world__light=0.0).items()}
        course = ONE.run(grid, start={**state, "H3": 5e4}, world__light=0.0)
        assert course["H2"].max() > 10 * ONE.params()["H_sat"]
        return float((quiet[-2] - lows(grid, course["x"])[-2] - hour + 12) % 24 - 12)

    late, morning = shift(20.5), shift(8.5)
    assert 0.05 < morning - late < 0.5
    assert abs(late) < 0.5
