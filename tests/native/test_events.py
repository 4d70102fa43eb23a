"""Every test of events, with the native engine in the place of the reference engine."""

from __future__ import annotations

import inspect
import itertools
from dataclasses import replace

import numpy as np
import pytest

from neurohumor.engine.backends.native import build
from neurohumor.engine.backends.reference.program import build as build_reference
from neurohumor.engine.problem import Action, Batch, Entry, Stiff
from neurohumor.lang.expr import Call, Const
from neurohumor.lang.system import EventRow
from tests.native.networks import Maker
from tests.problems import runs
from tests.problems import test_events as events

TESTS = [name for name, function in vars(events).items() if name.startswith("test_") and inspect.isfunction(function)]


@pytest.mark.parametrize("name", TESTS)
def test_as_the_reference_engine_has_them(name, monkeypatch):
    monkeypatch.setattr(runs, "compile", build)
    test = getattr(events, name)
    choices = []
    for mark in getattr(test, "pytestmark", []):
        if mark.name == "parametrize":
            names = mark.args[0].split(",") if isinstance(mark.args[0], str) else mark.args[0]
            choices.append([dict(zip(names, v if len(names) > 1 else [v], strict=True)) for v in mark.args[1]])
    for chosen in itertools.product(*choices):
        test(**{name: value for part in chosen for name, value in part.items()})


def test_these_are_the_tests():
    assert len(TESTS) > 15 and np.all([t.startswith("test_") for t in TESTS])


def crowd():
    """A store that fills at a pace of one's own and empties at a level, now or later, by the more important of two events."""
    m = Maker()
    x, n, z = m.state(0), m.state(1), m.state(2)
    pace, wait = m.param("pace", 1.0), m.param("wait", 0.3)
    take = m.intern.take

    def row(name, trigger, sets, **more):
        return EventRow("net", name, take(trigger), tuple((leaf, take(e)) for leaf, e in sets), **more)

    full = Call("lt", Const(2.0), x)
    rows = (
        row("spill", full, [(x, 0.4 * x), (n, n + 1.0)], priority=take(Const(2.0))),
        row("late", full, [(x, x + 0.3), (pace, 0.97 * pace)], delay=take(wait), at_trigger=False),
        row("gone", Call("lt", x, Const(1.0)), [(z, z + x)], delay=take(Const(0.2)), persistent=False, initially=True),
    )
    return m.system("spilling", [0.2, 0.0, 0.1], [pace + 0.2 * Call("sin", m.time()), m.intern.const(0.0), 0.1 - 0.2 * z], events=rows)


def test_a_crowd_with_events_is_as_the_reference_engine_has_it_and_as_each_alone(rng):
    system = crowd()
    count, times = 11, np.linspace(0.0, 30.0, 61)
    params = np.column_stack([rng.uniform(0.3, 2.5, count), rng.uniform(0.1, 0.6, count)])
    schedules = tuple((Entry(float(t), Action.ADD_STATE, 0, 1.5), Entry(12.0, Action.SET_STATE, 0, 2.5)) for t in rng.uniform(1, 11, count))
    batch = Batch(
        params, np.zeros((count, 0)), np.full((count, 3), np.nan), schedules, np.zeros(count), np.full(count, 30.0),
        (np.tile(times, (count, 1)),),
    )  # fmt: skip
    a, b = build(system).solve(batch, Stiff(rtol=1e-9)), build_reference(system).solve(batch, Stiff(rtol=1e-9))
    assert all(s.ok for s in a.statuses) and a.counts["handed_over"] == 0 and a.counts["events"] == b.counts["events"] > 300
    assert a.params is not None and b.params is not None
    near = np.abs(a.states[0] - b.states[0]) <= 1e-6 * (1 + np.abs(b.states[0]))
    assert near.all() and np.allclose(a.params[0], b.params[0], rtol=1e-9)
    for x, y in zip(a.moments, b.moments, strict=True):
        assert x.truths == y.truths and [q.event for q in x.pending] == [q.event for q in y.pending]
        assert np.allclose([q.due for q in x.pending], [q.due for q in y.pending], atol=1e-7)
    order = rng.permutation(count)
    program = build(system, threads=2)
    mixed = program.solve(replace(batch, params=params[order], schedules=tuple(schedules[k] for k in order)), Stiff(rtol=1e-9))
    assert np.array_equal(mixed.states[0], a.states[0][order])


def test_an_event_due_at_the_very_end_acts():
    m = Maker()
    x, n = m.state(0), m.state(1)
    take = m.intern.take
    event = EventRow("net", "e", take(Call("le", Const(1.0), x)), ((n, take(n + 1.0)),), delay=take(Const(1.0)), initially=False)
    system = m.system("end", [0.0, 0.0], [m.intern.const(1.0), m.intern.const(0.0)], events=[event])
    none = np.zeros((1, 0))
    batch = Batch(none, none, np.full((1, 2), np.nan), ((Entry(1.0, Action.SET_STATE, 0, 1.0),),), np.zeros(1), np.full(1, 2.0),
                  (np.array([[0.5, 1.5, 2.0]]),))  # fmt: skip
    for program in (build(system), build_reference(system)):
        assert program.solve(batch, Stiff(rtol=1e-8)).states[0][0, :, 1].tolist() == [0.0, 0.0, 1.0]


def test_draws_of_the_order_are_those_of_the_reference_engine():
    system = crowd()
    times = np.linspace(0.0, 6.0, 13)
    batch = Batch(np.full((1, 2), np.nan), np.zeros((1, 0)), np.full((1, 3), np.nan), ((),), np.zeros(1), np.full(1, 6.0), (times[None],))
    solved = build(system).solve(batch, Stiff(rtol=1e-8, ties=3))
    due = build_reference(system).solve(batch, Stiff(rtol=1e-8, ties=3))
    assert solved.statuses[0].ok and np.array_equal(solved.states[0], due.states[0])


def test_a_narrow_band_between_two_levels_is_not_passed_over():
    """Each comparison turns once, and both between two looks: the trigger holds for a hundredth of an hour in a step of hours."""
    m = Maker()
    x, n = m.state(0), m.state(1)
    take = m.intern.take
    band = Call("and", Call("lt", Const(3.30), x), Call("lt", x, Const(3.31)))
    event = EventRow("net", "e", take(band), ((n, take(n + x)),), initially=False)
    system = m.system("band", [0.0, 0.0], [m.intern.const(1.0), m.intern.const(0.0)], events=[event])
    none = np.zeros((1, 0))
    batch = Batch(none, none, np.full((1, 2), np.nan), ((),), np.zeros(1), np.full(1, 10.0), (np.array([[3.2, 3.305, 10.0]]),))
    solved = build(system).solve(batch, Stiff(rtol=1e-4))
    assert np.allclose(solved.states[0][0, :, 1], [0.0, 3.30, 3.30], atol=1e-9) and solved.counts["steps"] < 60
    assert solved.counts["handed_over"] == 0 and solved.counts["events"] == 1
