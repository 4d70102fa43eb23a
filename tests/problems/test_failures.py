"""Every way in which a run can end badly: the right status, who, when, which state; never a NaN without one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from neurohumor.engine.problem import Action, Batch, Entry, Stiff
from neurohumor.engine.program import compile
from neurohumor.engine.status import Code
from neurohumor.errors import ModelError, SolveError
from neurohumor.lang.expr import Const
from neurohumor.lang.rates import log, sin, where
from neurohumor.lang.system import Leaf, System
from tests.problems.draft import Draft
from tests.problems.runs import Course, batch_of, solve

TIMES = np.linspace(0.0, 10.0, 101)


def told(course: Course) -> tuple[Code, str]:
    """The status; everything before it is there, and nothing after it."""
    status = course.status
    assert np.isfinite(course.states[TIMES[: len(course.states)] < status.time]).all()
    assert np.isnan(course.states[course.times >= status.time]).all()
    assert np.isnan(course.solved.inputs[0][0][course.times >= status.time]).all()
    return status.code, status.state


def decay(rate: float = 1.0) -> tuple[Draft, Leaf]:
    d = Draft()
    y = d.state("y", 1.0)
    d.rate(y, -rate * y)
    return d, y


def test_a_pole_of_the_solution():
    """y' = y^2 from 1 is infinite at t = 1."""
    d = Draft()
    y = d.state("y", 1.0)
    d.rate(y, y * y)
    course = solve(d.system(), TIMES)
    code, state = told(course)
    assert code in (Code.STEP_TOO_SMALL, Code.NOT_FINITE) and state == "a.y"
    assert course.status.time == pytest.approx(1.0, abs=1e-6)
    assert np.isfinite(course.moment.y).all() and course.moment.time == course.status.time


def test_a_rate_that_is_not_a_number_names_its_state_and_its_term():
    d = Draft()
    x, y = d.state("x", 1.0), d.state("y", 1.0)
    term = d.derived("term", log(x))
    d.rate(x, -1.0)
    d.rate(y, term)
    course = solve(d.system(), TIMES)
    assert told(course) == (Code.NOT_FINITE, "a.y")
    assert "a.term" in course.status.detail
    assert course.status.time == pytest.approx(1.0, abs=1e-3)


def test_a_rate_that_is_infinite_at_the_start():
    d = Draft()
    y = d.state("y", 0.0)
    ratio = d.derived("ratio", 1.0 / y)
    d.rate(y, ratio)
    course = solve(d.system(), TIMES)
    assert told(course) == (Code.NOT_FINITE, "a.y")
    assert course.status.time == 0.0 and "a.ratio is inf" in course.status.detail


def test_an_initial_value_that_is_infinite():
    d, _y = decay()
    d.states[0]["initial"] = log(Const(0.0) * d.param("p", 0.0))
    course = solve(d.system(), TIMES)
    assert told(course) == (Code.NOT_FINITE, "a.y") and "initial" in course.status.detail


def test_what_is_undefined_in_a_branch_not_taken_does_no_harm():
    d = Draft()
    y = d.state("y", 1.0)
    d.rate(y, where(y > 0.0, -y, 1.0 / (y - y)))
    assert solve(d.system(), TIMES).status.ok


def test_the_step_limit():
    d = Draft()
    y = d.state("y", 1.0)
    d.rate(y, sin(100.0 * d.t))
    course = solve(d.system(), TIMES, options=Stiff(rtol=1e-9, max_steps=50))
    assert told(course)[0] is Code.TOO_MANY_STEPS
    assert course.solved.counts["steps"] + course.solved.counts["rejected"] == 50


def test_the_wall_clock():
    d = Draft()
    y = d.state("y", 1.0)
    d.rate(y, sin(1e6 * d.t))
    course = solve(d.system(), TIMES, options=Stiff(rtol=1e-9, wall=0.2))
    assert told(course)[0] is Code.WALL_TIME
    assert 0.0 < course.status.time < 10.0


def test_an_interruption_keeps_what_was_computed():
    d = Draft()
    y = d.state("y", 1.0)
    d.rate(y, sin(1e4 * d.t))
    system = d.system()
    seen: list[tuple[float, float]] = []

    def progress(done: float, total: float) -> bool:
        seen.append((done, total))
        return len(seen) < 3

    solved = compile(system).solve(batch_of(system, TIMES, people=3), Stiff(rtol=1e-9), progress)
    assert [s.code for s in solved.statuses] == [Code.INTERRUPTED] * 3
    assert [s.person for s in solved.statuses] == [0, 1, 2]
    assert seen == sorted(seen) and {total for _, total in seen} == {30.0}
    first = solved.states[0][0, :, 0]
    assert np.isfinite(first[TIMES < solved.statuses[0].time]).all() and solved.statuses[0].time > 0.0
    assert np.isnan(solved.states[0][1:]).all()


def test_one_person_that_fails_does_not_stop_the_others():
    d = Draft()
    a = d.param("a", 0.0)
    y = d.state("y", 1.0)
    d.rate(y, a * y * y)
    system = d.system()
    batch = batch_of(system, TIMES, people=4)
    batch.params[:, 0] = [0.0, 1.0, -1.0, 0.2]
    solved = compile(system).solve(batch, Stiff())
    assert [s.ok for s in solved.statuses] == [True, False, True, False]
    assert np.isfinite(solved.states[0][[0, 2]]).all()
    assert np.allclose(solved.states[0][2, :, 0], 1.0 / (1.0 + TIMES), rtol=1e-6)
    assert [s.person for s in solved.statuses] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("entries", "word"),
    [
        ([Entry(1.0, Action.ADD_STATE, 7, 1.0)], "row 7"),
        ([Entry(1.0, Action.SET_PARAM, 0, 1.0)], "row 0"),
        ([Entry(1.0, Action.ADD_STATE, -1, 1.0)], "row -1"),
        ([Entry(1.0, Action.ADD_STATE, 0, float("nan"))], "nan"),
        ([Entry(float("inf"), Action.ADD_STATE, 0, 1.0)], "inf"),
    ],
)
def test_a_schedule_that_cannot_be(entries: list[Entry], word: str):
    course = solve(decay()[0].system(), TIMES, entries)
    assert told(course)[0] is Code.BAD_INPUT and word in course.status.detail


def test_a_schedule_that_goes_back_in_time():
    system = decay()[0].system()
    batch = batch_of(system, TIMES)
    back = (Entry(5.0, Action.ADD_STATE, 0, 1.0), Entry(1.0, Action.ADD_STATE, 0, 1.0))
    solved = compile(system).solve(replace(batch, schedules=(back,)), Stiff())
    assert solved.statuses[0].code is Code.BAD_INPUT and "back" in solved.statuses[0].detail


def test_an_end_before_the_start():
    course = solve(decay()[0].system(), TIMES, start=0.0, end=-1.0)
    assert course.status.code is Code.BAD_INPUT and "before its start" in course.status.detail


def test_a_window_outside_the_run():
    course = solve(decay()[0].system(), TIMES, start=0.0, end=5.0)
    assert course.status.code is Code.BAD_INPUT and "outside" in course.status.detail


def test_a_run_of_no_length():
    course = solve(decay()[0].system(), [3.0], [Entry(3.0, Action.ADD_STATE, 0, 2.0)], start=3.0, end=3.0)
    assert course.status.ok and course.states.tolist() == [[3.0]]


@pytest.mark.parametrize(
    "options",
    [
        Stiff(rtol=0.1),
        Stiff(rtol=1e-14),
        Stiff(rtol=float("nan")),
        Stiff(atol=0.0),
        Stiff(max_step=-1.0),
        Stiff(max_steps=0),
        Stiff(wall=0.0),
    ],
)
def test_options_that_make_no_sense(options: Stiff):
    with pytest.raises(SolveError, match="must"):
        solve(decay()[0].system(), TIMES, options=options)


def test_arrays_of_the_wrong_shape():
    system = decay()[0].system()
    batch = batch_of(system, TIMES)
    wrong: list[Batch] = [
        replace(batch, params=np.zeros((1, 3))), replace(batch, states=np.zeros((2, 1))), replace(batch, windows=(TIMES,)),
        replace(batch, schedules=()), replace(batch, end=np.zeros(2)),
    ]  # fmt: skip
    for bad in wrong:
        with pytest.raises(SolveError, match=r"shape|schedules"):
            compile(system).solve(bad, Stiff())


def test_a_system_that_cannot_be_solved():
    d, y = decay()
    d.states[0]["scale"] = 0.0
    with pytest.raises(ModelError, match=r"scale of a\.y"):
        compile(d.system())
    d, y = decay()
    a, b = d.param("first", 1.0), d.param("second", 1.0)
    d.params[0], d.params[1] = replace(d.params[0], initial=b + 1.0), replace(d.params[1], initial=a * 2.0)
    with pytest.raises(ModelError, match=r"circle: a\.\w+ -> a\.\w+"):
        compile(d.system())
    d, y = decay()
    d.rate(y, Leaf("param", 4, "gone"))
    with pytest.raises(ModelError, match="param row 4"):
        compile(d.system())
    d, y = decay()
    d.event("e", y < 0.5, {Leaf("input", 0, "u"): 1.0})
    with pytest.raises(ModelError, match="cannot set input"):
        compile(d.system())


def nonsense() -> System:
    """NaN from the middle of the run on, in a derived row that no rate reads."""
    d, _y = decay()
    d.derived("late", log(5.0 - d.t))
    return d.system()


def test_a_derived_row_may_be_undefined_while_every_state_is_solved():
    course = solve(nonsense(), TIMES)
    assert course.status.ok
    late = compile(nonsense()).derived(TIMES, course.states, np.zeros(0), np.zeros(0))[:, 0]
    assert np.isfinite(late[TIMES < 5.0]).all() and np.isnan(late[TIMES > 5.0]).all()
