"""Factors that lose their digits: the monitor sees it, the reference engine goes on, and whoever was handed over is counted."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from neurohumor.emit.tape_llvm import Classes
from neurohumor.engine.backends.native import build
from neurohumor.engine.native import drive, variant
from neurohumor.engine.problem import Action, Batch, Entry, Stiff
from neurohumor.engine.status import Code
from neurohumor.errors import ModelError
from neurohumor.lang.expr import Call, Const
from neurohumor.lang.rates import cos, exp
from neurohumor.lang.system import EventRow
from tests.native.networks import Maker

TIMES = np.arange(0.0, 12.1, 0.5)
SCHEDULE = (Entry(0.25, Action.ADD_STATE, 0, 0.5), Entry(0.75, Action.ADD_STATE, 0, 0.25), Entry(9.0, Action.ADD_STATE, 0, 1.0))


def shrinking():
    """A leading block that becomes singular in a matrix that does not: the second pivot falls to exp(-k t) of its diagonal."""
    m = Maker()
    rest = 0.5 * exp(-m.param("k", 5.0) * m.time())
    x, a, b, c = (m.state(i) for i in range(4))
    rows = [c - x, a + b - (1 + 0.5 * cos(m.time())), a + (1 + rest) * b + c - (3.0 - 0.5 * x), b + c - 2.0]
    system = m.system("shrinking", [1.0] * 4, rows, differential=[True, False, False, False], nonnegative=False)

    def unknowns(t, x, k):
        rest = 0.5 * np.exp(-k * t)
        c = (2.0 - 0.5 * x - 0.5 * np.cos(t) - 2.0 * rest) / (1 - rest)
        return np.stack([np.cos(t) / 2 - 1 + c, 2.0 - c, c], axis=-1)

    return system, unknowns


def growing():
    """A first pivot that goes to nothing: the second grows to exp(k t) times its diagonal, whose digits are lost."""
    m = Maker()
    rest = 2.0 * exp(-m.param("k", 5.0) * m.time())
    x, a, b = (m.state(i) for i in range(3))
    rows = [0.5 * a - x, rest * a - b - (1 + 0.5 * cos(m.time())), a + 1.5 * b - 3.0]
    system = m.system("growing", [1.0] * 3, rows, differential=[True, False, False], nonnegative=False)

    def unknowns(t, x, k):
        rest = 2.0 * np.exp(-k * t)
        b = (3.0 * rest - 1 - 0.5 * np.cos(t)) / (1 + 1.5 * rest)
        return np.stack([3.0 - 1.5 * b, b], axis=-1)

    return system, unknowns


def batch_of(system, paces):
    count = len(paces)
    return Batch(
        np.array(paces)[:, None], np.zeros((count, 0)), np.full((count, len(system.states)), np.nan), (SCHEDULE,) * count, np.zeros(count),
        np.full(count, 12.0), (np.tile(TIMES, (count, 1)),),
    )  # fmt: skip


def exact(unknowns, pace):
    """[time, row]: the closed form of the unknowns, and the store by SciPy from entry to entry."""
    from scipy.integrate import solve_ivp

    def rate(t, x):
        z = unknowns(t, x[0], pace)
        return [(z[-1] if len(z) == 3 else 0.5 * z[0]) - x[0]]

    x, out = np.array([1.0]), np.empty(len(TIMES))
    edges = [0.0, *(e.time for e in SCHEDULE), 12.0]
    for k, (start, end) in enumerate(itertools.pairwise(edges)):
        x = x + (SCHEDULE[k - 1].value if k else 0.0)
        inside = (start <= TIMES) & (end > TIMES) if end < 12.0 else start <= TIMES
        found = solve_ivp(rate, (start, end), x, method="DOP853", rtol=1e-12, atol=1e-13, dense_output=True)
        out[inside], x = found.sol(TIMES[inside])[0], found.y[:, -1]
    return np.concatenate([out[:, None], unknowns(TIMES, out, pace)], axis=1)


@pytest.mark.parametrize("made", [shrinking, growing])
@pytest.mark.parametrize("straight", [True, False])
def test_who_loses_digits_is_handed_over_and_counted(made, straight, monkeypatch):
    if not straight:
        plain = variant.variant
        monkeypatch.setattr("neurohumor.engine.native.choice.variant", lambda *a, **k: plain(*a, **k, straight=0))
    system, unknowns = made()
    paces = [5.0, 0.1, 3.0, 0.1, 8.0]
    solved = build(system).solve(batch_of(system, paces), Stiff(rtol=1e-7))
    assert all(s.ok for s in solved.statuses), [str(s) for s in solved.statuses]
    assert solved.counts["handed_over"] == 3
    for k, pace in enumerate(paces):  # boluses before the hand-over act once, those after it too
        error = np.abs(solved.states[0][k] - exact(unknowns, pace))
        assert error.max() < 2e-5, (k, error.max())
    alone = build(system).solve(batch_of(system, [0.1]), Stiff(rtol=1e-7))
    assert alone.counts["handed_over"] == 0
    for k in (1, 3):  # neighbours of whom nobody knows
        assert np.array_equal(solved.states[0][k], alone.states[0][0])


@pytest.mark.parametrize("made", [shrinking, growing])
def test_without_the_monitor_it_would_show(made, monkeypatch):
    """Planted: pivots are not looked at.  Then people fail, or their numbers are wrong."""
    monkeypatch.setattr(drive, "PIVOT_LIMIT", np.inf)
    system, unknowns = made()
    solved = build(system).solve(batch_of(system, [5.0]), Stiff(rtol=1e-7, max_steps=20_000))
    assert solved.counts["handed_over"] == 0
    wrong = np.abs(solved.states[0][0] - exact(unknowns, 5.0)).max()
    assert not solved.statuses[0].ok or wrong > 1e-4


def test_the_loop_in_python_hands_over_as_well():
    system, _ = growing()
    compiled, python = build(system), build(system)
    python.interpreted = True
    a, b = (p.solve(batch_of(system, [5.0, 0.1]), Stiff(rtol=1e-4)) for p in (compiled, python))
    assert a.counts["handed_over"] == b.counts["handed_over"] == 1
    assert np.array_equal(a.states[0], b.states[0])


@pytest.mark.parametrize("first", [0.0, 1e-3, 0.7])
def test_a_bolus_before_an_event_acts_once(first):
    from neurohumor.engine.backends.reference.program import build as build_reference

    m = Maker()
    x, take = m.state(0), m.intern.take
    level = EventRow("net", "half", take(Call("lt", Const(3.0), x)), ((x, take(0.5 * x)),), initially=False)
    system = m.system("level", [0.1], [1.0 + 0.1 * x], events=[level])
    schedule = (Entry(first, Action.ADD_STATE, 0, 0.9), Entry(1.1, Action.ADD_STATE, 0, 0.4), Entry(4.0, Action.ADD_STATE, 0, 0.3))
    none, end = np.zeros((1, 0)), np.full(1, 6.0)
    batch = Batch(none, none, np.full((1, 1), np.nan), (schedule,), np.zeros(1), end, (TIMES[None, :13],))
    a, b = build(system).solve(batch, Stiff(rtol=1e-8)), build_reference(system).solve(batch, Stiff(rtol=1e-8))
    assert a.counts["handed_over"] == 0 and a.counts["events"] == b.counts["events"] >= 3
    assert np.allclose(a.states[0], b.states[0], rtol=1e-6)


@pytest.mark.parametrize("rest", [0.0, 1e-13])
def test_a_pivot_that_an_entry_takes_away_is_not_the_end(rest):
    """The matching was good at the start; after the entry its pivot is nothing, though the balances still have a solution."""
    m = Maker()
    share = m.param("share", 2.0)
    x, a, b = (m.state(i) for i in range(3))
    rows = [0.5 * a - x, share * a - b - 1.0, a + 1.5 * b - 3.0]
    system = m.system("taken", [1.0] * 3, rows, differential=[True, False, False], nonnegative=False)
    schedules = ((Entry(3.0, Action.SET_PARAM, 0, rest), Entry(6.0, Action.ADD_STATE, 0, 1.0)), ())
    batch = Batch(
        np.full((2, 1), 2.0), np.zeros((2, 0)), np.full((2, 3), np.nan), schedules, np.zeros(2), np.full(2, 12.0),
        (np.tile(TIMES, (2, 1)),),
    )  # fmt: skip
    for interpreted in (False, True):
        program = build(system)
        program.interpreted = interpreted
        solved = program.solve(batch, Stiff(rtol=1e-6))
        assert [s.ok for s in solved.statuses] == [True, True], str(solved.statuses[0])
        assert solved.counts["handed_over"] == 1
        share_over = np.where(TIMES >= 3.0, rest, 2.0)
        b_due = (3.0 * share_over - 1.0) / (1 + 1.5 * share_over)
        assert np.allclose(solved.states[0][0][:, 2], b_due, rtol=1e-6) and np.allclose(solved.states[0][0][:, 1], 3.0 - 1.5 * b_due)
        assert np.isclose(solved.states[0][0][12, 0] - solved.states[0][0][11, 0], 1.0, atol=0.2)


def test_a_balance_that_loses_its_solution_is_told_by_name():
    m = Maker()
    x, z = m.state(0), m.state(1)
    level = m.param("level", -1.0)
    system = m.system("lost", [1.0, 1.0], [-x, z * z + level], differential=[True, False], nonnegative=False)
    batch = Batch(
        np.full((1, 1), -1.0), np.zeros((1, 0)), np.full((1, 2), np.nan), ((Entry(2.0, Action.SET_PARAM, 0, 1.0),),), np.zeros(1),
        np.full(1, 4.0), (np.array([[0.0, 1.0, 3.0]]),),
    )  # fmt: skip
    solved = build(system).solve(batch, Stiff())
    status = solved.statuses[0]
    assert status.code is Code.ALGEBRAIC and status.state == "net.x1" and status.time == 2.0, str(status)
    assert np.isfinite(solved.states[0][0][:2]).all() and np.isnan(solved.states[0][0][2]).all()


def test_code_for_no_state_at_all_is_refused():
    m = Maker()
    system = m.system("nothing", [], [])
    with pytest.raises(ModelError, match="no state"):
        variant.variant(system, variant.digest(system), Classes())
    times = np.array([[0.0, 1.0]])
    batch = Batch(np.zeros((1, 0)), np.zeros((1, 0)), np.zeros((1, 0)), ((),), np.zeros(1), np.ones(1), (times,))
    solved = build(system).solve(batch, Stiff())
    assert solved.statuses[0].ok and solved.states[0].shape == (1, 2, 0)
