"""Schedules against solutions in closed form: boluses, infusions, ramps, parameters that change."""

from __future__ import annotations

import math

import numpy as np
import pytest

from neurohumor.engine.problem import Action, Entry, Stiff
from neurohumor.lang.rates import cos, exp, log, maximum, sin, tanh
from neurohumor.lang.system import Leaf
from tests.problems.draft import Draft
from tests.problems.runs import solve

K = 0.3
TIMES = np.linspace(0.0, 24.0, 24 * 60 + 1)
CLOSE = 1e-8


def compartment(extra: int = 0) -> tuple[Draft, Leaf, Leaf, Leaf]:
    """One compartment: first-order elimination k, an infusion u."""
    d = Draft("compartment")
    k, u = d.param("k", K), d.input("dose.substance.infusion")
    a = d.state("amount", nonnegative=True)
    d.rate(a, u - k * a)
    return d, a, k, u


def after(times: np.ndarray, begin: float) -> np.ndarray:
    return np.where(times >= begin, times - begin, 0.0)


def test_boluses():
    d, a, _, _ = compartment()
    doses = [(1.0, 5.0), (7.25, 3.0), (7.25, 1.0), (13.0, 2.5), (24.0, 100.0)]
    course = solve(d.system(), TIMES, [Entry(t, Action.ADD_STATE, a.index, v) for t, v in doses])
    exact = sum(v * np.exp(-K * (TIMES - t)) * (TIMES >= t) for t, v in doses)
    assert course.status.ok
    assert np.abs(course.of(a) - exact).max() < CLOSE


def test_values_at_a_dose_are_those_after_it():
    d, a, _, _ = compartment()
    times = [0.0, 1.0, 2.0]
    course = solve(d.system(), times, [Entry(t, Action.ADD_STATE, a.index, 1.0) for t in (0.0, 1.0, 2.0)])
    e = math.exp(-K)
    assert np.allclose(course.of(a), [1.0, 1.0 + e, 1.0 + e + e * e], atol=CLOSE)


def test_an_infusion():
    d, a, _, u = compartment()
    course = solve(d.system(), TIMES, [Entry(2.0, Action.SET_INPUT, u.index, 4.0), Entry(9.5, Action.SET_INPUT, u.index, 0.0)])
    rise = lambda s: 4.0 / K * (1.0 - np.exp(-K * s))  # noqa: E731
    exact = rise(after(TIMES, 2.0)) - rise(after(TIMES, 9.5))
    assert np.abs(course.of(a) - exact).max() < CLOSE
    assert set(np.unique(course.solved.inputs[0])) == {0.0, 4.0}
    assert course.solved.inputs[0][0, TIMES == 9.5, 0] == 0.0


def test_a_ramp():
    """u = m (t - 3) from 3 to 8: a = m ((s - 1/k) + exp(-k s) / k) / k while it lasts."""
    d, a, _, u = compartment()
    m = 0.7
    course = solve(d.system(), TIMES, [Entry(3.0, Action.RAMP_INPUT, u.index, 0.0, m), Entry(8.0, Action.SET_INPUT, u.index, 0.0)])
    up = lambda s: m / K * (s - (1.0 - np.exp(-K * s)) / K)  # noqa: E731
    exact = np.where(TIMES < 8.0, up(after(TIMES, 3.0)), up(5.0) * np.exp(-K * (TIMES - 8.0)))
    assert np.abs(course.of(a) - exact).max() < CLOSE
    assert np.allclose(course.solved.inputs[0][0, :, 0], np.where(TIMES < 8.0, m * after(TIMES, 3.0), 0.0), atol=1e-12)


def test_what_began_before_the_start_has_gone_on():
    d, a, _, u = compartment()
    entries = [Entry(-4.0, Action.RAMP_INPUT, u.index, 1.0, 0.5), Entry(-1.0, Action.ADD_STATE, a.index, 2.0)]
    course = solve(d.system(), [0.0, 1.0], entries, start=0.0)
    assert course.solved.inputs[0][0, :, 0].tolist() == [3.0, 3.5]
    assert course.of(a)[0] == 2.0


def test_a_parameter_that_changes_changes_what_follows_from_it_and_not_the_start():
    """The rate constant is k^2 / 2; the initial amount, 10 k, and a parameter calculated from k stay as they were."""
    d = Draft()
    k = d.param("k", 1.0)
    twice = d.param("twice", 2.0 * k)
    a = d.state("a", 10.0 * k)
    constant = d.derived("constant", k * k / 2.0)
    d.rate(a, -constant * a)
    course = solve(d.system(), TIMES, [Entry(2.0, Action.SET_PARAM, k.index, 0.2)])
    exact = 10.0 * np.exp(-0.5 * np.minimum(TIMES, 2.0) - 0.02 * after(TIMES, 2.0))
    assert np.abs(course.of(a) - exact).max() < CLOSE
    assert np.array_equal(course.of(k), np.where(TIMES >= 2.0, 0.2, 1.0))
    assert set(course.of(twice)) == {2.0}


def test_entries_of_one_moment_act_in_the_order_given():
    d, a, _, _ = compartment()
    first = [Entry(1.0, Action.SET_STATE, a.index, 5.0), Entry(1.0, Action.ADD_STATE, a.index, 1.0)]
    assert solve(d.system(), [0.0, 1.0], first).of(a)[-1] == 6.0
    assert solve(d.system(), [0.0, 1.0], first[::-1]).of(a)[-1] == 5.0


def test_initial_values_follow_what_is_given():
    """Initial expressions are evaluated after overrides, in order of need; a given value wins over its expression."""
    d = Draft()
    k = d.param("k", 2.0)
    twice = d.param("twice", 2.0 * k)
    u = d.input("u", 7.0)
    sum_ = d.state("sum", 0.0)
    part = d.state("part", twice + u)
    total = d.derived("total", part * 10.0)
    d.states[sum_.index]["initial"] = total + part
    system = d.system()
    assert solve(system, [0.0, 1.0]).states[0].tolist() == [121.0, 11.0]
    assert solve(system, [0.0, 1.0], values={k: 3.0}).states[0].tolist() == [143.0, 13.0]
    assert solve(system, [0.0, 1.0], values={twice: 1.0, u: 0.0}).states[0].tolist() == [11.0, 1.0]
    assert solve(system, [0.0, 1.0], values={part: 0.5}).states[0].tolist() == [5.5, 0.5]


@pytest.mark.parametrize("rtol", [1e-3, 1e-5, 1e-7, 1e-9, 1e-11])
def test_errors_stay_within_tolerance(rtol: float):
    """y' = -y^2 cos t, a problem with a known solution 1 / (1 + sin t), between steps too."""
    d = Draft()
    y = d.state("y", 1.0 / 1.5)
    d.rate(y, -(y**2) * cos(d.t))
    times = np.linspace(0.0, 30.0, 1001)
    course = solve(d.system(), times, options=Stiff(rtol=rtol))
    exact = 1.0 / (1.5 + np.sin(times))
    assert np.abs(course.of(y) / exact - 1.0).max() < 20.0 * rtol


def test_prothero_and_robinson():
    """y' = -1e6 (y - cos t) - sin t: the solution is cos t however stiff the way to it, between steps too."""
    d = Draft()
    y = d.state("y", 1.0)
    d.rate(y, -1e6 * (y - cos(d.t)) - sin(d.t))
    times = np.linspace(0.0, 20.0, 2001)
    course = solve(d.system(), times, options=Stiff(rtol=1e-7))
    assert np.abs(course.of(y) - np.cos(times)).max() < 2e-7


def test_a_step_limit_is_kept():
    d, a, _, _ = compartment()
    free = solve(d.system(), [0.0, 24.0], values={a: 1.0})
    held = solve(d.system(), [0.0, 24.0], values={a: 1.0}, options=Stiff(rtol=1e-9, max_step=0.1))
    assert held.solved.counts["steps"] >= 240 > free.solved.counts["steps"]
    assert np.allclose(held.states, free.states, atol=CLOSE)


def test_every_operation_in_a_rate():
    """Rates that use what floats and arrays write differently; `derived` gives what the solver integrated."""
    d = Draft()
    y = d.state("y", 0.5)
    rate = d.derived("rate", tanh(y) - maximum(y, 0.2) ** 1.5 - exp(-y) * log(1.0 + abs(y)) + cos(d.t))
    d.rate(y, rate)
    system = d.system()
    times = np.linspace(0.0, 2.0, 4001)
    course = solve(system, times, options=Stiff(rtol=1e-11))
    from neurohumor.engine.program import compile

    rates = compile(system).derived(times, course.states, np.zeros(0), np.zeros(0))[:, rate.index]
    integrated = np.concatenate([[0.0], np.cumsum((rates[1:] + rates[:-1]) / 2.0) * (times[1] - times[0])])
    assert np.abs(course.of(y) - 0.5 - integrated).max() < 1e-6
