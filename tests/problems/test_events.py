"""Events, one feature at a time, each against what it must do by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from neurohumor.engine.problem import Action, Entry, Stiff
from neurohumor.engine.status import Code
from neurohumor.lang.expr import Call, Const
from neurohumor.lang.rates import both, sin, where
from tests.problems.draft import Draft
from tests.problems.runs import solve

TIMES = np.linspace(0.0, 10.0, 101)


def counter() -> tuple[Draft, object, object]:
    """A clock x' = 1 and a state n that only events change."""
    draft = Draft()
    x = draft.state("x")
    draft.rate(x, 1.0)
    n = draft.state("n")
    return draft, x, n


def test_a_trigger_on_time_fires_exactly_there_and_outputs_are_after_it():
    draft, _x, n = counter()
    draft.event("e", draft.t >= 3.0, {n: 1.0})
    course = solve(draft.system(), TIMES)
    assert course.status.ok
    assert np.array_equal(course.of(n), (TIMES >= 3.0).astype(float))


def test_outputs_are_continuous_from_the_right_for_a_strict_trigger_too():
    draft, _x, n = counter()
    draft.event("e", draft.t > 3.0, {n: 1.0})
    course = solve(draft.system(), TIMES)
    assert np.array_equal(course.of(n), (TIMES >= 3.0).astype(float))


def test_a_trigger_on_a_state_is_located():
    """y = exp(-t) reaches 1/2 at log 2, where it is set back to 1."""
    draft = Draft()
    y = draft.state("y", 1.0)
    draft.rate(y, -y)
    draft.event("back", y <= 0.5, {y: 1.0})
    course = solve(draft.system(), TIMES, options=Stiff(rtol=1e-10))
    expected = np.exp(-np.mod(TIMES, math.log(2.0)))
    assert course.status.ok
    assert course.solved.counts["events"] == 14
    assert np.abs(course.of(y) - expected).max() < 1e-8


def test_two_crossings_within_one_step_are_both_seen():
    """The parabola x (2 - x) / 1 of a clock is above 0.9999 for 0.02 h only, while a step spans hours."""
    draft, x, n = counter()
    draft.event("up", x * (2.0 - x) > 0.9999, {n: n + 1.0})
    draft.event("down", x * (2.0 - x) < 0.9999, {n: n + 10.0})
    course = solve(draft.system(), TIMES, options=Stiff(rtol=1e-4))
    assert course.of(n)[-1] == 11.0
    assert course.solved.counts["steps"] < 20


@pytest.mark.parametrize(("initially", "fires"), [(True, 0.0), (False, 1.0)])
def test_a_trigger_that_holds_at_the_start(initially: bool, fires: float):
    draft, x, n = counter()
    draft.event("e", x < 5.0, {n: n + 1.0}, initially=initially)
    course = solve(draft.system(), TIMES)
    assert course.of(n)[0] == fires and course.of(n)[-1] == fires


def test_a_trigger_that_does_not_hold_at_the_start_fires_when_it_turns():
    draft, x, n = counter()
    draft.event("e", x >= 5.0, {n: n + 1.0}, initially=True)
    assert solve(draft.system(), TIMES).of(n)[-1] == 1.0


@pytest.mark.parametrize(("at_trigger", "value"), [(True, 2.0), (False, 5.0)])
def test_a_delay_and_when_its_values_are_taken(at_trigger: bool, value: float):
    draft, x, n = counter()
    draft.event("e", draft.t >= 2.0, {n: x}, delay=3.0, at_trigger=at_trigger)
    course = solve(draft.system(), TIMES)
    assert np.allclose(course.of(n), np.where(TIMES >= 5.0, value, 0.0), atol=1e-9)


def test_a_delay_may_depend_on_the_state_at_the_trigger():
    draft, x, n = counter()
    draft.event("e", draft.t >= 2.0, {n: 1.0}, delay=x * 2.0)
    course = solve(draft.system(), TIMES)
    assert np.array_equal(course.of(n), (TIMES >= 6.0).astype(float))


@pytest.mark.parametrize(("persistent", "fires"), [(True, 1.0), (False, 0.0)])
def test_a_trigger_that_turns_false_while_its_event_waits(persistent: bool, fires: float):
    draft, x, n = counter()
    draft.event("e", both(x >= 2.0, x < 3.0), {n: n + 1.0}, delay=2.0, persistent=persistent)
    assert solve(draft.system(), TIMES).of(n)[-1] == fires


def test_an_event_that_is_not_persistent_acts_if_its_trigger_still_holds():
    draft, x, n = counter()
    draft.event("e", x >= 2.0, {n: n + 1.0}, delay=2.0, persistent=False)
    assert solve(draft.system(), TIMES).of(n)[-1] == 1.0


def test_an_event_is_cancelled_by_another_of_the_same_moment():
    """Both triggers turn at 2; the one of higher priority falsifies the other's trigger before it can act."""
    draft, _x, n = counter()
    m = draft.state("m")
    draft.event("first", draft.t >= 2.0, {m: 1.0}, priority=2.0)
    draft.event("second", both(draft.t >= 2.0, m < 0.5), {n: 1.0}, priority=1.0, persistent=False)
    draft.event("third", both(draft.t >= 2.0, m < 0.5), {n: n + 10.0}, priority=1.0, persistent=True)
    assert solve(draft.system(), TIMES).of(n)[-1] == 10.0


def test_priorities_order_the_events_of_one_moment():
    draft, _x, n = counter()
    for digit, priority in ((1.0, 1.0), (2.0, 30.0), (3.0, None), (4.0, 5.0)):
        draft.event(f"e{digit:.0f}", draft.t >= 4.0, {n: 10.0 * n + digit}, priority=priority, at_trigger=False)
    assert solve(draft.system(), TIMES).of(n)[-1] == 2413.0


def test_a_priority_is_read_when_events_are_due():
    """Delays bring both events to 4; until then x has changed which goes first."""
    draft, x, n = counter()
    draft.event("a", draft.t >= 1.0, {n: 10.0 * n + 1.0}, delay=3.0, priority=x, at_trigger=False)
    draft.event("b", draft.t >= 2.0, {n: 10.0 * n + 2.0}, delay=2.0, priority=3.0, at_trigger=False)
    assert solve(draft.system(), TIMES).of(n)[-1] == 12.0


def test_equal_priorities_act_in_order_or_by_lot():
    draft, _x, n = counter()
    for digit in (1.0, 2.0, 3.0):
        draft.event(f"e{digit:.0f}", draft.t >= 4.0, {n: 10.0 * n + digit}, priority=1.0, at_trigger=False)
    system = draft.system()
    assert solve(system, TIMES).of(n)[-1] == 123.0
    drawn = {float(solve(system, TIMES, options=Stiff(ties=seed)).of(n)[-1]) for seed in range(40)}
    assert drawn == {123.0, 132.0, 213.0, 231.0, 312.0, 321.0}
    again = {float(solve(system, TIMES, options=Stiff(ties=7)).of(n)[-1]) for _ in range(3)}
    assert len(again) == 1


def test_assignments_of_one_event_see_the_same_moment():
    """A swap."""
    draft = Draft()
    a, b = draft.state("a", 1.0), draft.state("b", 2.0)
    draft.event("swap", draft.t >= 5.0, {a: b, b: a})
    course = solve(draft.system(), TIMES)
    assert course.states[-1].tolist() == [2.0, 1.0]


def test_events_triggered_together_use_the_values_of_that_moment():
    draft = Draft()
    a, b = draft.state("a", 1.0), draft.state("b", 2.0)
    draft.event("first", draft.t >= 5.0, {a: b}, priority=2.0)
    draft.event("second", draft.t >= 5.0, {b: a}, priority=1.0)
    assert solve(draft.system(), TIMES).states[-1].tolist() == [2.0, 1.0]
    for event in draft.events:
        event["at_trigger"] = False
    assert solve(draft.system(), TIMES).states[-1].tolist() == [2.0, 2.0]


def test_one_event_sets_off_the_next_at_the_same_moment():
    draft, _x, n = counter()
    m, k = draft.state("m"), draft.state("k")
    draft.event("first", draft.t >= 4.0, {n: 1.0})
    draft.event("second", n > 0.5, {m: n + 1.0})
    draft.event("third", m > 1.5, {k: m + 1.0, n: 0.0})
    course = solve(draft.system(), TIMES)
    at = int(np.searchsorted(TIMES, 4.0))
    assert course.states[at, 1:].tolist() == [0.0, 2.0, 3.0]
    assert course.states[at - 1, 1:].tolist() == [0.0, 0.0, 0.0]


def test_an_event_may_set_a_parameter():
    draft, x, n = counter()
    rate = draft.param("rate", 0.0)
    draft.rate(n, rate * 2.0)
    draft.event("on", x >= 4.0, {rate: 3.0})
    course = solve(draft.system(), TIMES)
    assert np.allclose(course.of(n), 6.0 * np.maximum(TIMES - 4.0, 0.0), atol=1e-8)
    assert np.array_equal(course.of(rate), np.where(TIMES >= 4.0, 3.0, 0.0))


def test_a_schedule_entry_sets_off_an_event_at_its_own_time():
    draft, x, n = counter()
    m = draft.state("m")
    draft.event("e", n >= 5.0, {m: x})
    course = solve(draft.system(), TIMES, [Entry(3.3, Action.ADD_STATE, n.index, 5.0)])
    assert np.allclose(course.of(m), np.where(TIMES >= 3.3, 3.3, 0.0), atol=1e-9)


def test_entries_of_one_moment_act_before_any_event():
    """Raised and lowered again at one time: the trigger never saw it."""
    draft, _x, n = counter()
    m = draft.state("m")
    draft.event("e", n >= 5.0, {m: 1.0})
    course = solve(draft.system(), TIMES, [Entry(3.0, Action.ADD_STATE, n.index, 5.0), Entry(3.0, Action.SET_STATE, n.index, 0.0)])
    assert course.of(m)[-1] == 0.0


def test_a_ramped_input_crosses_where_it_says():
    draft, x, n = counter()
    u = draft.input("u")
    draft.event("e", u >= 1.0, {n: x})
    course = solve(draft.system(), TIMES, [Entry(2.0, Action.RAMP_INPUT, u.index, 0.0, 0.3)])
    assert course.of(n)[-1] == pytest.approx(2.0 + 1.0 / 0.3, abs=1e-9)


def test_an_equality_of_time_fires():
    draft, _x, n = counter()
    draft.event("e", Call("eq", draft.t, Const(3.0)), {n: n + 1.0})
    draft.event("f", Call("eq", draft.t, Const(7.0)), {n: n + 10.0})
    course = solve(draft.system(), TIMES)
    assert [course.of(n)[k] for k in (29, 30, 69, 70)] == [0.0, 1.0, 1.0, 11.0]


@pytest.mark.parametrize("at", [5.0, 0.1 + 0.2, 1.0 / 3.0, 777.7])
@pytest.mark.parametrize("end", [1e3, 1e7])
def test_an_equality_of_time_fires_however_long_the_run(at: float, end: float):
    draft, _x, n = counter()
    draft.event("e", Call("eq", draft.t, Const(at)), {n: draft.t})
    assert solve(draft.system(), [0.0, end]).of(n)[-1] == at


def test_a_trigger_that_turns_right_after_the_start():
    draft, _x, n = counter()
    draft.event("e", draft.t > 0.0, {n: n + 1.0})
    assert solve(draft.system(), TIMES).of(n).tolist() == [1.0] * len(TIMES)


def test_a_periodic_trigger_fires_at_every_period():
    draft = Draft()
    n = draft.state("n")
    draft.event("e", sin(2.0 * math.pi * draft.t) > 0.5, {n: n + 1.0})
    course = solve(draft.system(), np.linspace(0.0, 240.0, 25))
    assert course.of(n).tolist() == (np.arange(25) * 10.0).tolist()


def test_a_rule_that_switches_with_time_is_not_stepped_over():
    """A pulse of a thousandth of the run, in a system that gives the stepper no reason to take short steps."""
    draft = Draft()
    y = draft.state("y")
    draft.rate(y, where(both(draft.t >= 503.3, draft.t < 504.3), 2.0, 0.0))
    course = solve(draft.system(), [0.0, 503.3, 503.8, 504.3, 1000.0])
    assert np.allclose(course.of(y), [0.0, 0.0, 1.0, 2.0, 2.0], atol=1e-12)


def test_an_event_without_states():
    draft = Draft()
    p = draft.param("p", 1.0)
    draft.event("e", draft.t >= 2.5, {p: p + 1.0})
    course = solve(draft.system(), TIMES)
    assert course.status.ok
    assert np.array_equal(course.of(p), np.where(TIMES >= 2.5, 2.0, 1.0))


def test_events_that_feed_each_other_at_one_moment_are_refused():
    draft, _x, n = counter()
    draft.event("up", both(draft.t >= 4.0, n < 0.5), {n: 1.0})
    draft.event("down", both(draft.t >= 4.0, n > 0.5), {n: 0.0})
    course = solve(draft.system(), TIMES)
    assert course.status.code is Code.EVENT_STORM
    assert course.status.time == 4.0
    assert np.isfinite(course.states[TIMES < 4.0]).all() and np.isnan(course.states[TIMES >= 4.0]).all()


def test_events_that_pile_up_without_time_going_on_are_refused():
    """A ball that loses half its speed at every bounce comes to rest after infinitely many."""
    draft = Draft()
    x, v = draft.state("x", 1.0), draft.state("v")
    draft.rate(x, v)
    draft.rate(v, -10.0)
    draft.event("bounce", x < 1e-300, {v: -v, x: 0.0})
    course = solve(draft.system(), [0.0, 0.4, 50.0])
    assert course.status.ok, "a ball that loses nothing bounces for ever"
    draft.events[0]["sets"] = {x: Const(1e-24), v: Const(0.0)}
    course = solve(draft.system(), [0.0, 0.4, 50.0])
    assert course.status.code is Code.EVENT_STORM


def test_a_negative_delay_is_refused():
    draft, _x, n = counter()
    draft.event("e", draft.t >= 2.0, {n: 1.0}, delay=Const(-1.0))
    course = solve(draft.system(), TIMES)
    assert course.status.code is Code.BAD_INPUT and "a.e" in course.status.detail


def test_an_event_that_sets_something_infinite_is_told():
    draft, x, n = counter()
    draft.event("e", draft.t >= 2.0, {n: 1.0 / (x - x)})
    course = solve(draft.system(), TIMES)
    assert (course.status.code, course.status.state) == (Code.NOT_FINITE, "a.n")
