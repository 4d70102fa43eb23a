"""The same twice is the same to the bit; a run continued from its end is the unbroken run."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.engine.problem import Action, Batch, Entry, Stiff
from neurohumor.engine.program import compile
from neurohumor.engine.status import Code
from neurohumor.lang.rates import sin
from neurohumor.lang.system import Leaf
from tests.problems.draft import Draft
from tests.problems.runs import batch_of, solve

TIMES = np.linspace(0.0, 20.0, 401)


def busy() -> tuple[Draft, dict[str, Leaf]]:
    """Everything at once: a rhythm, a binding equilibrium, a ramped input, delayed events, a parameter that events change."""
    d = Draft("busy")
    k, gain, n = d.param("k", 0.3), d.param("gain", 1.0), d.param("n", 0.0)
    u = d.input("u", 0.2)
    a = d.state("a", 1.0, nonnegative=True)
    b = d.state("b", 0.5, nonnegative=True)
    free = d.state("free", 0.5, nonnegative=True)
    d.rate(a, u * gain * (1.0 + sin(d.t)) - k * a)
    d.rate(b, k * free - 0.2 * b)
    d.balance(free, free + 2.0 * free / (0.3 + free) - a)
    d.event("late", a > 1.2, {n: n + 1.0, gain: 0.5}, delay=1.7)
    d.event("back", a < 1.0, {gain: 1.5}, delay=0.4, persistent=False)
    return d, {"k": k, "u": u, "a": a, "b": b, "free": free, "n": n, "gain": gain}


def entries(row: dict[str, Leaf]) -> list[Entry]:
    return [
        Entry(1.0, Action.ADD_STATE, row["a"].index, 1.0),
        Entry(2.5, Action.RAMP_INPUT, row["u"].index, 0.2, 0.1),
        Entry(9.0, Action.SET_INPUT, row["u"].index, 0.4),
        Entry(11.0, Action.SET_PARAM, row["k"].index, 0.35),
        Entry(15.0, Action.ADD_STATE, row["b"].index, 2.0),
    ]


def test_the_same_twice_is_the_same_to_the_bit():
    d, row = busy()
    first, second = (solve(d.system(), TIMES, entries(row)) for _ in range(2))
    assert first.states.tobytes() == second.states.tobytes()
    assert first.solved.counts == second.solved.counts


def test_people_are_independent_of_their_neighbours():
    d, row = busy()
    system = d.system()
    program = compile(system)
    together = batch_of(system, TIMES, entries(row), people=3)
    together.params[:, row["k"].index] = [0.2, 0.3, 0.4]
    all_ = program.solve(together, Stiff())
    for k in range(3):
        alone = batch_of(system, TIMES, entries(row))
        alone.params[0, row["k"].index] = together.params[k, row["k"].index]
        assert program.solve(alone, Stiff()).states[0][0].tobytes() == all_.states[0][k].tobytes()


@pytest.mark.parametrize("cut", [0.0, 1.0, 3.3, 8.0, 9.0, 11.25, 15.0, 19.99])
def test_a_continued_run_is_the_unbroken_run(cut: float):
    d, row = busy()
    system, given = d.system(), entries(row)
    options = Stiff(rtol=1e-10)
    whole = solve(system, TIMES, given, options=options)
    assert whole.status.ok and whole.solved.counts["events"] >= 4
    first = solve(system, TIMES[TIMES <= cut], [e for e in given if e.time <= cut], options=options, start=0.0, end=cut)
    rest = solve(system, TIMES[TIMES >= cut], [e for e in given if e.time > cut], options=options, start=cut, end=20.0, moment=first.moment)
    assert first.status.ok and rest.status.ok
    joined = np.concatenate([first.states[:-1] if TIMES[TIMES <= cut][-1] == cut else first.states, rest.states])
    assert np.abs(joined - whole.states).max() < 1e-7
    assert rest.solved.params is not None and whole.solved.params is not None
    assert np.array_equal(rest.solved.params[0][0], whole.solved.params[0][0][TIMES >= cut])
    assert np.allclose(rest.solved.inputs[0][0], whole.solved.inputs[0][0][TIMES >= cut], atol=1e-12)


def test_a_delayed_event_is_carried_over():
    d = Draft()
    x, n = d.state("x"), d.state("n")
    d.rate(x, 1.0)
    d.event("e", x >= 2.0, {n: x}, delay=3.0)
    system = d.system()
    first = solve(system, [0.0, 3.0])
    (waiting,) = first.moment.pending
    assert waiting.event == 0 and waiting.due == pytest.approx(5.0, abs=1e-9) and waiting.values == pytest.approx((2.0,), abs=1e-9)
    rest = solve(system, [3.0, 4.9, 5.1], moment=first.moment)
    assert np.allclose(rest.of(n), [0.0, 0.0, 2.0], atol=1e-9)


def test_a_trigger_that_held_at_the_break_does_not_fire_again():
    d = Draft()
    x, n = d.state("x"), d.state("n")
    d.rate(x, 1.0)
    d.event("e", x >= 2.0, {n: n + 1.0}, initially=False)
    first = solve(d.system(), [0.0, 3.0])
    assert first.moment.truths == (True,)
    assert solve(d.system(), [3.0, 6.0], moment=first.moment).of(n).tolist() == [1.0, 1.0]


def test_a_moment_of_another_time_or_system_is_refused():
    d, _ = busy()
    system = d.system()
    first = solve(system, [0.0, 3.0])
    assert solve(system, [4.0, 6.0], moment=first.moment).status.code is Code.BAD_INPUT
    other = Draft()
    other.state("x")
    assert solve(other.system(), [3.0, 6.0], moment=first.moment).status.code is Code.BAD_INPUT


def test_windows_of_one_run_agree():
    """The same times asked for in other windows, some of them shared, give the same values to the bit."""
    d, row = busy()
    system = d.system()
    base = batch_of(system, TIMES, entries(row))
    windows = (TIMES[None, 40:80], TIMES[None, 60:61], TIMES[None], TIMES[None, :0])
    batch = Batch(base.params, base.inputs, base.states, base.schedules, base.start, base.end, windows)
    solved = compile(system).solve(batch, Stiff(rtol=1e-9))
    whole = solved.states[2][0]
    assert np.allclose(solved.states[0][0], whole[40:80], rtol=1e-12, atol=1e-13)
    assert np.allclose(solved.states[1][0], whole[60:61], rtol=1e-12, atol=1e-13)
    assert solved.states[3].shape == (1, 0, 3)


def test_a_certificate_is_true():
    """The error that `certify` reports is that against the solution in closed form, within a factor of two."""
    d = Draft()
    y = d.state("y", 1.0)
    d.rate(y, -0.7 * y)
    solved = solve(d.system(), TIMES, options=Stiff(rtol=1e-5, certify=True)).solved
    exact = np.exp(-0.7 * TIMES)
    error = np.max(np.abs(solved.states[0][0, :, 0] - exact) / (exact + 1e-3))
    assert solved.achieved is not None
    assert 0.5 * error < solved.achieved[0] < 2.0 * error
    assert solve(d.system(), TIMES).solved.achieved is None
