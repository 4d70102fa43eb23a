"""The settled baseline: the state at 00:00 to which a person's habitual days lead back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from neurohumor.engine import settling
from neurohumor.engine.cache import SettledCache, key_of
from neurohumor.engine.numbers import hours
from neurohumor.engine.problem import Batch, Moment, Pending, Program, Schedule, Solved, Stiff
from neurohumor.engine.program import QUICKEST
from neurohumor.engine.settling import Path, Target
from neurohumor.engine.status import Code, Status
from neurohumor.errors import SolveError
from neurohumor.lang.system import System

if TYPE_CHECKING:
    from neurohumor.life.person import Person
    from neurohumor.life.protocol import Protocol

Floats = NDArray[np.float64]
PROBES = 12
"""Newton's steps at most."""
Stop = Callable[[], bool]
"""Asked between and during habitual periods; True stops the search."""


@dataclass(frozen=True, slots=True, eq=False)
class Habit:
    """One person's habitual period in the terms of a system: from 00:00, `days` long (1 where every day is alike)."""

    inputs: Floats
    params: Floats
    schedule: Schedule
    days: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """A person's settled baseline.

    moment    the state at 00:00 of day 0, before anything that happens at that moment
    drift     percent per day of each state's size, by full name; states that oscillate by themselves are left out
    status    OK, NOT_SETTLED above the limit, or why solving failed
    periods   habitual periods that were run; nearness: the last correction as a share of a state's size
    """

    moment: Moment
    drift: Mapping[str, float]
    status: Status
    periods: int = 0
    nearness: float = math.nan
    cached: bool = False

    @property
    def worst(self) -> tuple[str, float]:
        """The state that drifts fastest, and its drift in percent per day."""
        return max(self.drift.items(), key=lambda pair: abs(pair[1]), default=("", 0.0))

    def __repr__(self) -> str:
        name, drift = self.worst
        fastest = f", {name} drifts by {abs(drift):.2g} % per day" if name else ""
        found = "from the cache" if self.cached else f"after {self.periods} habitual periods"
        return f"<settled baseline of {len(self.moment.y)} states, {found}{fastest}; {self.status}>"


@dataclass(slots=True)
class _Search:
    """One person on the way."""

    habit: Habit
    path: Path
    moment: Moment | None
    reached: Moment | None = None
    nearness: float = math.inf
    status: Status | None = None
    failures: int = 0
    probed: int = 0


def settle(
    what: Any,
    person: Person | None = None,
    protocol: Protocol | None = None,
    *,
    options: Stiff | None = None,
    target: Target | None = None,
    backend: str = QUICKEST,
    near: Settled | None = None,
    strict: bool = True,
) -> Settled:
    """The settled baseline of a person (default: the reference person) living the habits that belong to that person.

    what      a Family, Model, System or Program; near: start the search from there
    protocol  counts for the doses that it says were always given, and for the drugs that the model must take
    Raises SolveError (strict) where none is found; else see `Settled.status`.
    """
    from neurohumor.engine.subject import habit_of, program_for, subject_of

    subject = subject_of(what, person, protocol)
    program = program_for(subject, backend)
    found = settle_all(program, [habit_of(subject, program.system)], options or Stiff(), target or Target(), near=near)[0]
    if strict and not found.status.ok:
        raise SolveError(str(found.status), remedy="simulate with settled=False to see where it goes", statuses=(found.status,))
    return found


def settle_all(
    program: Program,
    habits: Sequence[Habit],
    options: Stiff,
    target: Target,
    *,
    near: Settled | None = None,
    cache: SettledCache | None = None,
    stop: Stop | None = None,
) -> list[Settled]:
    """The settled baselines of people who share a system; each is found as if alone, whoever the others are.

    A known baseline is taken from the cache; one that was found is put there.
    """
    cache = SettledCache.usual() if cache is None else cache
    keys = [
        key_of(program, (h.inputs, h.params, h.schedule, h.days), (options, target, None if near is None else near.moment)) for h in habits
    ]
    found: list[Settled | None] = [cache.get(key) for key in keys]
    open_ = [k for k, known in enumerate(found) if known is None]
    first = settling.new_path(program.system) if open_ else None
    searches = [_Search(habits[k], first.copy(), None if near is None else near.moment) for k in open_ if first is not None]
    _run_all(program, searches, options, target, stop)
    for k, search in zip(open_, searches, strict=True):
        settled = _result(program.system, search, target)
        found[k] = settled
        if settled.status.ok:
            cache.put(keys[k], settled)
    return [replace(s, status=replace(s.status, person=k)) for k, s in enumerate(found) if s is not None]


def _run_all(program: Program, searches: list[_Search], options: Stiff, target: Target, stop: Stop | None) -> None:
    while True:
        active = [s for s in searches if s.status is None]
        if not active:
            return
        if stop is not None and stop():
            for search in active:
                search.status = Status(Code.INTERRUPTED, detail="while the baseline was being sought")
            return
        solved = run_periods(program, [s.habit for s in active], [s.moment for s in active], options, stop)
        for search, moment, status in zip(active, solved.moments, solved.statuses, strict=True):
            _advance(search, moment, status, program.system, target)
        for search in active:
            if search.status is None and search.probed < PROBES and settling.wants_newton(search.path, search.habit.days, target):
                _probe(program, search, options, target, stop)


def run_periods(
    program: Program, habits: Sequence[Habit], moments: Sequence[Moment | None], options: Stiff, stop: Stop | None = None
) -> Solved:
    """One habitual period of several people, each from a moment at 00:00 (None: from its initial values)."""
    system = program.system
    fresh = [m is None for m in moments]
    if any(fresh) and not all(fresh):
        raise AssertionError("people of one search start together")
    n, rate = len(habits), hours(system)
    starts = None if all(fresh) else tuple(replace(m, u=h.inputs) for m, h in zip(moments, habits, strict=True) if m is not None)
    batch = Batch(
        params=np.stack([h.params for h in habits]),
        inputs=np.stack([h.inputs for h in habits]),
        states=np.full((n, len(system.states)), np.nan),
        schedules=tuple(h.schedule for h in habits),
        start=np.zeros(n),
        end=np.array([24.0 * h.days / rate for h in habits]),
        windows=(),
        starts=starts,
    )
    return program.solve(batch, options, None if stop is None else lambda done, total: not stop())


def _advance(search: _Search, moment: Moment, status: Status, system: System, target: Target) -> None:
    """Take in the end of one period: note it, and say where the next begins or that the search is over."""
    path, days = search.path, search.habit.days
    if not status.ok:
        _recover(search, status)
        return
    before, search.reached = search.moment, _at_midnight(moment, system, days)
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
    start, search.nearness = settling.next_state(path, target)
    search.moment = replace(search.reached, y=start)
    done = worst <= target.aim and search.nearness <= target.nearness and path.periods >= target.run_in
    if done or path.periods >= target.most:
        search.status = _judged(path, system, target, days)


def _recover(search: _Search, status: Status) -> None:
    """A period that failed from an extrapolated state is tried again from the last state that the map itself reached."""
    search.failures += 1
    again = search.reached
    if status.code is Code.INTERRUPTED or again is None or search.failures > 3 or search.moment is again:
        search.status = status
        return
    search.moment = again
    search.path.tried.clear()
    search.path.reached.clear()


def _judged(path: Path, system: System, target: Target, days: float) -> Status:
    drift = path.drift(days)
    worst = settling.worst_of(drift)
    if worst <= target.limit:
        return Status(time=0.0)
    row = system.states[int(np.nanargmax(np.abs(drift)))]
    detail = f"{worst:.3g} % per day after {path.periods} periods, above the limit of {target.limit:g}"
    return Status(Code.NOT_SETTLED, time=0.0, state=row.full, detail=detail)


def _probe(program: Program, search: _Search, options: Stiff, target: Target, stop: Stop | None) -> None:
    """One of Newton's steps, where mixing has stopped making way or it is not known which states are slow."""
    path, base = search.path, search.moment
    asked = settling.candidates(path, search.habit.days, target)
    if base is None or not asked.any():
        return
    search.probed += 1
    path.stuck = 0
    moved = [base]
    for k, nudge in enumerate(settling.nudges(path, base.y, asked)):
        if asked[k]:
            y = base.y.copy()
            y[k] += nudge
            moved.append(replace(base, y=y))
    solved = run_periods(program, [search.habit] * len(moved), moved, options, stop)
    if not all(status.ok for status in solved.statuses):
        return
    start = settling.newton_step(path, base.y, np.stack([m.y for m in solved.moments]), asked)
    path.following = settling.distance(path, start, solved.moments[0].y) > settling.FAR
    search.moment = replace(_at_midnight(solved.moments[0], program.system, search.habit.days), y=start)
    path.tried, path.reached = [base.y], [solved.moments[0].y]
    path.best = math.inf


def _at_midnight(moment: Moment, system: System, days: int) -> Moment:
    """The end of a period as the beginning of the next: time 0, what is pending due that much earlier."""
    length = 24.0 * days / hours(system)
    pending = tuple(Pending(p.event, p.due - length, p.values) for p in moment.pending)
    return replace(moment, time=0.0, pending=pending)


def _result(system: System, search: _Search, target: Target) -> Settled:
    path = search.path
    assert search.status is not None
    drift = path.drift(search.habit.days) if path.tried else np.full(len(system.states), np.nan)
    named = {row.full: float(d) for row, d in zip(system.states, drift, strict=True) if math.isfinite(d)}
    moment = search.reached
    if moment is None:
        nothing = np.full(len(system.states), np.nan)
        moment = Moment(0.0, nothing, search.habit.params, search.habit.inputs, np.zeros(len(system.inputs)))
    return Settled(moment, named, search.status, path.periods, search.nearness)
