"""Searches steered by the reference person's day: where they lead, and that company, order and cache change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import neurohumor
from neurohumor.engine import baseline, search, settling
from neurohumor.engine.baseline import settle, settle_all
from neurohumor.engine.cache import SettledCache
from neurohumor.engine.guide import Guide, Guided, start_of
from neurohumor.engine.problem import Moment, Program, Solved, Stiff
from neurohumor.engine.program import QUICKEST, compile
from neurohumor.engine.settled import Settled
from neurohumor.engine.settling import Target
from neurohumor.engine.solve import simulate
from neurohumor.engine.status import Code
from neurohumor.engine.subject import habit_of, reference_habit, subject_of
from neurohumor.lang import Level, Model, Module, Param, Rate, part
from neurohumor.life.day import light
from neurohumor.life.person import Person, Times
from tests.unit.engine_run.test_baseline import Axis, Runaway

AXIS = Model("axis", {"a": part(Axis)})
PEOPLE = [
    Person(),
    Person(values={"a.a": Times(1.4), "a.tP": Times(0.6)}),
    Person(values={"a.c": Times(0.7)}, habits=light("200 lux", "08:00", "20:00")),
    Person(values={"a.b": Times(1.8), "a.tA": Times(2.0)}),
]


@pytest.fixture(autouse=True)
def _no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROHUMOR_CACHE", "off")
    SettledCache.usual.cache_clear()


def found(people: list[Person], cache: SettledCache, model: Model = AXIS) -> list[Settled]:
    """Their baselines."""
    program = compile(neurohumor.flatten(model), backend=QUICKEST)
    return settle_all(program, [habit_of(subject_of(model, one), program.system) for one in people], Stiff(), Target(), cache=cache)


def guide_of(model: Model, cache: SettledCache) -> tuple[Program, Guide | None]:
    """The program and what guides the search in it."""
    program = compile(neurohumor.flatten(model), backend=QUICKEST)
    return program, baseline._guide(program, Stiff(), Target(), cache, stop=None)


def test_company_order_and_cache_change_nothing(tmp_path: Path):
    together = found(PEOPLE, SettledCache(None))
    backwards = found(PEOPLE[::-1], SettledCache(None))[::-1]
    alone = [found([one], SettledCache(None))[0] for one in PEOPLE]
    found([PEOPLE[2]], SettledCache(tmp_path))
    kept = found(PEOPLE, SettledCache(tmp_path))  # the guide and one of them are known
    assert [k.cached for k in kept] == [True, False, True, False] and len(list(tmp_path.glob("*.guide"))) == 1
    for k, one in enumerate(together):
        assert one.status.ok
        for other in (backwards[k], alone[k], kept[k]):
            assert other.moment.y.tolist() == one.moment.y.tolist() and (other.periods, other.nearness) == (one.periods, one.nearness)


def test_it_leads_where_plain_days_lead():
    program = compile(neurohumor.flatten(AXIS), backend=QUICKEST)
    habits = [habit_of(subject_of(AXIS, one), program.system) for one in PEOPLE]
    plain: list[Moment | None] = [None] * len(PEOPLE)
    for _ in range(800):
        solved = search.run_periods(program, habits, plain, Stiff())
        plain = [search.at_midnight(moment, program.system, 1) for moment in solved.moments]
    for one, there in zip(found(PEOPLE, SettledCache(None)), plain, strict=True):
        assert there is not None and one.moment.y == pytest.approx(there.y, rel=1e-3)
        assert one.status.ok and one.periods < 30


def test_the_reference_person_is_the_one_who_leads(monkeypatch: pytest.MonkeyPatch):
    cache = SettledCache(None)
    (first,) = found([Person()], cache)
    with_others = found(PEOPLE, SettledCache(None))
    assert first.moment.y.tolist() == with_others[0].moment.y.tolist()
    beside_others = found(PEOPLE[1:], cache)  # the guide is made from the baseline that is known
    assert [one.moment.y.tolist() for one in beside_others] == [one.moment.y.tolist() for one in with_others[1:]]
    monkeypatch.setattr(search, "run_periods", lambda *_: pytest.fail("the reference person was settled already"))
    (again,) = found([Person()], cache)
    assert again.cached and again.moment.y.tolist() == first.moment.y.tolist()
    system = neurohumor.flatten(AXIS)
    habit, own = reference_habit(system), habit_of(subject_of(AXIS, None), system)
    assert habit is not None and (habit.schedule, habit.inputs.tolist(), habit.days) == (own.schedule, own.inputs.tolist(), own.days)


def test_what_others_take_is_nothing_new(monkeypatch: pytest.MonkeyPatch):
    """Once there is a guide, three people take some ten days each, and nobody is nudged."""
    cache, days = SettledCache(None), [0]
    guide_of(AXIS, cache)
    run_periods = search.run_periods

    def counted(program: Program, habits: Sequence[search.Habit], *rest: Any) -> Solved:
        days[0] += len(habits)
        return run_periods(program, habits, *rest)

    monkeypatch.setattr(search, "run_periods", counted)
    assert all(one.status.ok for one in found(PEOPLE[1:], cache))
    assert 3 <= days[0] <= 36


def test_a_guide_is_kept_on_disk(tmp_path: Path):
    _, made = guide_of(AXIS, SettledCache(tmp_path))
    _, read = guide_of(AXIS, SettledCache(tmp_path))
    assert made is not None and read is not None and read is not made
    for name in ("first", "asked", "kept", "factor", "size"):
        one, other = getattr(made, name), getattr(read, name)
        assert one.tolist() == other.tolist() and one.dtype == other.dtype
    assert (made.days, made.steps, made.moment.y.tolist()) == (read.days, read.steps, read.moment.y.tolist())
    (file,) = tmp_path.glob("*.guide")
    file.write_bytes(file.read_bytes()[:-9] + bytes(9))
    _, again = guide_of(AXIS, SettledCache(tmp_path))
    assert again is not None and again.kept.tolist() == made.kept.tolist()


class Restless(Module):
    """Two stocks that grow for ever."""

    timescale = "slow"
    k = Param(0.01, "1/h", "rate", basis="assumed")
    n = Level(1.0, "1", "n")
    m = Level(1.0, "1", "m")
    grow = Rate(n, k * n)
    follow = Rate(m, k * m)


def test_where_the_reference_person_does_not_settle_nobody_is_steered(tmp_path: Path):
    model = Model("restless", {"r": part(Restless)})
    for _ in range(2):
        _, guide = guide_of(model, SettledCache(tmp_path))
        assert guide is None
    (one,) = found([Person(values={"r.k": Times(2.0)})], SettledCache(tmp_path), model)
    assert one.status.code is Code.NOT_SETTLED
    assert guide_of(Model("runaway", {"r": part(Runaway)}), SettledCache(tmp_path))[1] is None  # too few slow states to be steered


def test_one_who_grows_for_ever_is_told_from_one_who_grows_far():
    """Where removal cannot keep up with what comes in there is no settled day, though the reference person has one."""

    class Stock(Module):
        timescale = "slow"
        comes = Param(1.0, "1/h", "comes in", basis="assumed")
        most = Param(2.0, "1/h", "most that goes", basis="assumed")
        tau = Param(100.0, "h", "follows in", basis="assumed")
        s = Level(20.0, "1", "stock", scale=20.0)
        r = Level(1.0, "1", "follower")
        ds = Rate(s, comes - most * s / (s + 20))
        dr = Rate(r, (s / 20 - r) / tau)

    model = Model("stock", {"s": part(Stock)})
    people = [Person(values={"s.comes": Times(f)}) for f in (0.5, 1.3, 1.95, 2.01, 2.5)]
    low, high, far, barely, never = found(people, SettledCache(None), model)
    assert far.status.ok and far.moment.y == pytest.approx([780.0, 39.0], rel=2e-3)  # believed after it was nudged there
    assert barely.status.code is Code.NOT_SETTLED and "no end was in sight" in barely.status.detail
    assert low.moment.y == pytest.approx([20 / 3, 1 / 3], rel=1e-3) and high.moment.y == pytest.approx(
        [20 * 1.3 / 0.7, 1.3 / 0.7], rel=2e-3
    )
    assert never.status.code is Code.NOT_SETTLED and never.periods < 60


def test_everyone_keeps_the_total_of_ones_own_pool():
    class Held(Module):
        total = Param(3.0, "1", "both forms", basis="assumed")
        k = Param(0.5, "1/h", "rate", basis="assumed")
        tau = Param(400.0, "h", "follows in", basis="assumed")
        a = Level(total, "1", "first form", scale=3.0)
        b = Level(0.0, "1", "second form", scale=1.0)
        g = Level(0.3, "1", "gland", timescale="slow", scale=1.0)
        h = Level(0.3, "1", "gland of the gland", timescale="slow", scale=1.0)
        da = Rate(a, k * b - 2 * k * a)
        db = Rate(b, 2 * k * a - k * b)
        dg = Rate(g, (b - g) / tau)
        dh = Rate(h, (g - h) / tau)

    model = Model("held", {"p": part(Held)})
    for factor, one in zip((1.0, 2.0), found([Person(), Person(values={"p.total": Times(2.0)})], SettledCache(None), model), strict=True):
        assert one.moment.y == pytest.approx(np.array([1.0, 2.0, 2.0, 2.0]) * factor, rel=1e-3)
        assert one.moment.y[:2].sum() == pytest.approx(3.0 * factor, rel=1e-6)


def test_a_start_near_somebody_keeps_ones_own_parameters():
    (near,) = found([PEOPLE[1]], SettledCache(None))
    other = settle(AXIS, PEOPLE[3], near=near)
    (alone,) = found([PEOPLE[3]], SettledCache(None))
    assert other.moment.y == pytest.approx(alone.moment.y, rel=1e-3) and other.moment.p.tolist() == alone.moment.p.tolist()


def test_habits_of_two_days_are_steered_by_the_day_lived_twice():
    program, guide = guide_of(AXIS, SettledCache(None))
    assert guide is not None
    once, _ = guide.led_on(1)
    twice, inverse = guide.led_on(2)
    assert twice == pytest.approx(once @ once[guide.asked]) and inverse @ (np.eye(len(guide.asked)) - twice[guide.asked]) == pytest.approx(
        np.eye(len(guide.asked)), abs=1e-6
    )
    habit = reference_habit(program.system)
    assert habit is not None
    long = replace(habit, days=2, schedule=(*habit.schedule, *(replace(e, time=e.time + 24.0) for e in habit.schedule)))
    (one,) = settle_all(program, [long], Stiff(), Target(), cache=SettledCache(None))
    assert one.moment.y == pytest.approx(found([Person()], SettledCache(None))[0].moment.y, rel=1e-3) and one.periods < 10


def test_steps_are_kept_within_reach():
    """A wrong guide neither empties a state nor takes one that lies above zero below it."""
    n = 3
    path = settling.Path(np.ones(n), np.ones(n, bool), np.ones(n, bool), np.array([True, True, False]))
    nothing = Moment(0.0, np.ones(n), np.zeros(0), np.zeros(0), np.zeros(0))
    asked = np.arange(n)
    guide = Guide(nothing, np.ones(n), asked, 0.999 * np.eye(n), np.array([True, False, False]), np.ones(n), 1, 10)
    way = Guided.by(guide, 1, resting=0)
    settling.record(path, np.ones(n), np.full(n, 0.9), 1.0, Target())
    moved, gap = way.next_state(path)
    assert moved == pytest.approx(np.full(n, 0.9 / settling.FACTOR)) and gap > 10


def test_where_one_begins_with_another_pool():
    path = settling.Path(np.ones(3), np.ones(3, bool), np.zeros(3, bool), np.ones(3, bool), ((0, 1),))
    moment = Moment(0.0, np.array([1.0, 2.0, 5.0]), np.zeros(0), np.zeros(0), np.zeros(0))
    guide = Guide(moment, np.array([3.0, 0.0, 1.0]), np.array([2]), np.zeros((3, 1)), np.zeros(3, bool), np.ones(3), 1, 10)
    assert start_of(guide, path, np.array([3.0, 0.0, 9.0])).y.tolist() == [1.0, 2.0, 5.0]
    assert start_of(guide, path, np.array([4.0, 0.0, 9.0])).y.tolist() == [4.0, 0.0, 5.0]


def test_the_search_tells_how_many_are_settled():
    class Ear:
        def __init__(self) -> None:
            self.heard: list[str] = []

        def __call__(self, done: float, total: float) -> bool:
            return True

        def note(self, text: str) -> None:
            self.heard.append(text)

    ear = Ear()
    simulate(AXIS, PEOPLE[1:], days=1, progress=ear)
    assert ear.heard[0] == "settling: 0 of 3 people" and ear.heard[-1] == "settling: 3 of 3 people"


def test_a_search_that_is_stopped_says_so_and_keeps_no_guide():
    program = compile(neurohumor.flatten(AXIS), backend=QUICKEST)
    habits = [habit_of(subject_of(AXIS, one), program.system) for one in PEOPLE]
    cache = SettledCache(None)
    stopped = settle_all(program, habits, Stiff(), Target(), cache=cache, stop=lambda: True)
    assert [one.status.code for one in stopped] == [Code.INTERRUPTED] * 4
    assert all(one.status.ok for one in settle_all(program, habits, Stiff(), Target(), cache=cache))
