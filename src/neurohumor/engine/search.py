"""Several people's search for their settled day, period by period; each goes its own way, whoever the others are."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from neurohumor.engine import settling
from neurohumor.engine.guide import BELIEVED, STALLS, Guide, Guided, Nudged, guide_from, steered
from neurohumor.engine.numbers import hours
from neurohumor.engine.problem import Batch, Moment, Pending, Program, Schedule, Solved, Stiff
from neurohumor.engine.settling import Path, Target
from neurohumor.engine.status import Code, Status
from neurohumor.lang.system import System

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
PROBES = 12
"""Newton's steps at most."""
DOUBTS = 4
"""Times that one's own day is nudged where an end is not believed."""
LABOUR = 20
"""A period that takes so many times the steps of the reference person's is given up."""
Stop = Callable[[], bool]
"""Asked between and during habitual periods; True stops the search."""
Told = Callable[[int, int], None]
"""Told how many people are settled, and how many there are."""


@dataclass(frozen=True, slots=True, eq=False)
class Habit:
    """One person's habitual period in the terms of a system: from 00:00, `days` long (1 where every day is alike)."""

    inputs: Floats
    params: Floats
    schedule: Schedule
    days: int = 1


@dataclass(slots=True)
class Search:
    """One person on the way.

    moment    where the next period begins (None: at the initial values); reached: where the map itself last led
    declared  where the initial values put the person; `guided` where somebody's nudged day steers the way
    labour    steps of the engine that the reference person's day takes, where that is known
    doubted   whether an end is not believed before the person's own day was nudged there
    leads     whether the person's own nudged day is to steer where mixing makes no way
    """

    habit: Habit
    path: Path
    moment: Moment | None
    declared: Moment | None = None
    guided: Guided | None = None
    labour: int | None = None
    leads: bool = False
    reached: Moment | None = None
    nearness: float = math.inf
    status: Status | None = None
    failures: int = 0
    probed: int = 0
    doubted: bool = False


def run_all(
    program: Program, searches: Sequence[Search], options: Stiff, target: Target, *, stop: Stop | None, told: Told | None = None
) -> None:
    """Take every search to its end: a status for each."""
    while True:
        active = [s for s in searches if s.status is None]
        if told is not None:
            told(len(searches) - len(active), len(searches))
        if not active:
            return
        if stop is not None and stop():
            for search in active:
                search.status = Status(Code.INTERRUPTED, detail="while the baseline was being sought")
            return
        for days in sorted({s.habit.days for s in active}):
            _one_period(program, [s for s in active if s.habit.days == days], options, target, stop)
        for search in active:
            if search.status is None:
                _perhaps_probe(program, search, options, target, stop)


def _one_period(program: Program, searches: Sequence[Search], options: Stiff, target: Target, stop: Stop | None) -> None:
    """One period of people whose periods are of one length."""
    solved = run_periods(program, [s.habit for s in searches], [s.moment for s in searches], _within(options, searches[0]), stop)
    for search, moment, status in zip(searches, solved.moments, solved.statuses, strict=True):
        _advance(search, moment, status, program.system, target)


def _within(options: Stiff, search: Search) -> Stiff:
    """Options with a limit where it is known what a day takes; it is the same for everybody."""
    if search.labour is None:
        return options
    return replace(options, max_steps=min(options.max_steps, max(1000, LABOUR * search.labour * search.habit.days)))


def run_periods(
    program: Program, habits: Sequence[Habit], moments: Sequence[Moment | None], options: Stiff, stop: Stop | None = None
) -> Solved:
    """One habitual period of several people, each from a moment at 00:00 (None: from its initial values)."""
    system = program.system
    fresh = [m is None for m in moments]
    if any(fresh) and not all(fresh):
        raise AssertionError("people of one search start together")
    rate = hours(system)
    starts = None if all(fresh) else tuple(replace(m, u=h.inputs) for m, h in zip(moments, habits, strict=True) if m is not None)
    batch = _batch(system, habits, np.array([24.0 * h.days / rate for h in habits]), tuple(h.schedule for h in habits), starts)
    return program.solve(batch, options, None if stop is None else lambda done, total: not stop())


def beginnings(program: Program, habits: Sequence[Habit], options: Stiff) -> Solved:
    """Where initial values put people, before anything happens."""
    return program.solve(_batch(program.system, habits, np.zeros(len(habits)), tuple(() for _ in habits), None), options)


def _batch(
    system: System, habits: Sequence[Habit], end: Floats, schedules: tuple[Schedule, ...], starts: tuple[Moment, ...] | None
) -> Batch:
    n = len(habits)
    return Batch(
        params=np.stack([h.params for h in habits]),
        inputs=np.stack([h.inputs for h in habits]),
        states=np.full((n, len(system.states)), np.nan),
        schedules=schedules,
        start=np.zeros(n),
        end=end,
        windows=(),
        starts=starts,
    )


def _advance(search: Search, moment: Moment, status: Status, system: System, target: Target) -> None:
    """Take in the end of one period: note it, and say where the next begins or that the search is over."""
    path, days = search.path, search.habit.days
    if not status.ok:
        _recover(search, status)
        return
    before, search.reached = search.moment, at_midnight(moment, system, days)
    if before is None:
        path.periods += 1
        search.moment = search.reached
        return
    if path.following and path.periods < target.most - 1:
        path.periods += 1
        path.following = False
        search.moment = search.reached
        return
    settling.record(path, before.y, moment.y, days, target)
    worst = settling.worst_of(path.drift(days))
    if search.guided is not None:
        start, search.nearness = search.guided.next_state(path)
    else:
        start, search.nearness = settling.next_state(path, target)
    search.moment = replace(search.reached, y=start)
    done = worst <= target.aim and search.nearness <= target.nearness and path.periods >= target.run_in
    search.doubted = done and _is_far(search) and search.probed < DOUBTS
    lost = search.guided is not None and search.guided.lost
    if (done and not search.doubted) or lost or path.periods >= target.most:
        search.status = _judged(search, system, target)


def _recover(search: Search, status: Status) -> None:
    """A period that failed from where a step led is tried again from the last state that the map itself reached, or from the beginning."""
    search.failures += 1
    again = search.reached or search.declared
    if status.code is Code.INTERRUPTED or again is None or search.failures > 3 or search.moment is again:
        search.status = status
        return
    search.moment = again
    search.path.tried.clear()
    search.path.reached.clear()
    if search.guided is not None:
        search.guided.forget(resting=2)


def _is_far(search: Search) -> bool:
    """Whether a person stands where slopes taken elsewhere prove nothing."""
    return search.guided is not None and search.guided.furthest(search.path)[1] > BELIEVED


def _judged(search: Search, system: System, target: Target) -> Status:
    """Whether where the search ended is a baseline; if not, which state stands in the way."""
    drift = search.path.drift(search.habit.days)
    worst = settling.worst_of(drift)
    if worst > target.limit:
        state = int(np.nanargmax(np.abs(drift)))
        detail = f"{worst:.3g} % per day after {search.path.periods} periods, above the limit of {target.limit:g}"
    elif search.guided is not None and _is_far(search):
        state, times = search.guided.furthest(search.path)
        detail = f"it was followed to {times:.3g} times where it stood, and no end was in sight"
    elif search.guided is not None and search.nearness > settling.FAR:
        state = int(np.nanargmax(np.abs(drift)))
        detail = f"{worst:.3g} % per day would lead {100 * search.nearness:.2g} % further"
    else:
        return Status(time=0.0)
    return Status(Code.NOT_SETTLED, time=0.0, state=system.states[state].full, detail=detail)


def _perhaps_probe(program: Program, search: Search, options: Stiff, target: Target, stop: Stop | None) -> None:
    """Nudge the person's own day where that is the time for it."""
    path, guided = search.path, search.guided
    if guided is not None:
        if search.doubted or (guided.stalls == STALLS // 2 and not search.probed):
            _guide_oneself(program, search, guided.guide.asked, options, stop)
    elif search.leads:
        if settling.wants_newton(path, search.habit.days, target):
            asked = settling.candidates(path, search.habit.days, target) & steered(path)
            _guide_oneself(program, search, np.flatnonzero(asked), options, stop)
    elif search.probed < PROBES and settling.wants_newton(path, search.habit.days, target):
        _step_by_newton(program, search, options, target, stop)


def _guide_oneself(program: Program, search: Search, asked: Rows, options: Stiff, stop: Stop | None) -> None:
    """From here on the person's own nudged day steers the way."""
    search.probed += 1
    base = search.moment
    guide = None if base is None else guide_at(program, search, base, asked, options, stop=stop)
    if guide is not None:
        search.guided = Guided.by(guide, search.habit.days, resting=0, stalls=0 if search.guided is None else search.guided.stalls)


def guide_at(program: Program, search: Search, base: Moment, asked: Rows, options: Stiff, *, stop: Stop | None) -> Guide | None:
    """What nudging the asked states reveals of a person's day from a moment; None where one of the days fails."""
    mask = np.zeros(len(base.y), dtype=bool)
    mask[asked] = True
    begun = _nudged(base, settling.nudges(search.path, base.y, mask), asked)
    solved = run_periods(program, [search.habit] * len(begun), begun, _within(options, search), stop)
    if not all(status.ok for status in solved.statuses):
        return None
    steps = math.ceil(sum(solved.counts.get(name, 0) for name in ("steps", "rejected")) / len(begun) / search.habit.days)
    before, after = (np.stack([m.y for m in many]) for many in (begun, solved.moments))
    first = base.y if search.declared is None else search.declared.y
    moment = at_midnight(solved.moments[0], program.system, search.habit.days)
    return guide_from(search.path, Nudged(before, after, asked), moment, first, days=search.habit.days, steps=steps)


def _nudged(base: Moment, nudges: Floats, asked: Rows) -> list[Moment]:
    """A moment, and it again with each asked state nudged."""
    moved = [base]
    for k in asked:
        y = base.y.copy()
        y[k] += nudges[k]
        moved.append(replace(base, y=y))
    return moved


def _step_by_newton(program: Program, search: Search, options: Stiff, target: Target, stop: Stop | None) -> None:
    """One of Newton's steps, where mixing has stopped making way or it is not known which states are slow."""
    path, base = search.path, search.moment
    asked = settling.candidates(path, search.habit.days, target)
    if base is None or not asked.any():
        return
    search.probed += 1
    path.stuck = 0
    moved = _nudged(base, settling.nudges(path, base.y, asked), np.flatnonzero(asked))
    solved = run_periods(program, [search.habit] * len(moved), moved, options, stop)
    if not all(status.ok for status in solved.statuses):
        return
    start = settling.newton_step(path, base.y, np.stack([m.y for m in solved.moments]), asked)
    path.following = settling.distance(path, start, solved.moments[0].y) > settling.FAR
    search.moment = replace(at_midnight(solved.moments[0], program.system, search.habit.days), y=start)
    path.tried, path.reached = [base.y], [solved.moments[0].y]
    path.best = math.inf


def at_midnight(moment: Moment, system: System, days: int) -> Moment:
    """The end of a period as the beginning of the next: time 0, what is pending due that much earlier."""
    length = 24.0 * days / hours(system)
    pending = tuple(Pending(p.event, p.due - length, p.values) for p in moment.pending)
    return replace(moment, time=0.0, pending=pending)
