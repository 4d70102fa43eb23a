"""The settled baseline: the state at 00:00 to which a person's habitual days lead back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from neurohumor.engine import search, settling
from neurohumor.engine.cache import SettledCache, key_of
from neurohumor.engine.guide import Guide, Guided, start_of, steered
from neurohumor.engine.problem import Moment, Program, Stiff
from neurohumor.engine.program import QUICKEST
from neurohumor.engine.search import Habit, Search, Stop, Told
from neurohumor.engine.settled import Settled
from neurohumor.engine.settling import Target
from neurohumor.engine.status import Code
from neurohumor.errors import SolveError
from neurohumor.lang.system import System

if TYPE_CHECKING:
    from neurohumor.life.person import Person
    from neurohumor.life.protocol import Protocol

MANY = 2
"""Slow states from which on a search is steered by the reference person's day."""


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
    told: Told | None = None,
) -> list[Settled]:
    """The settled baselines of people who share a system; each is found as if alone, whoever the others are.

    A known baseline is taken from the cache; one that was found is put there.  `told` hears how many of those sought are found.
    """
    cache = SettledCache.usual() if cache is None else cache
    how = (options, target, None if near is None else near.moment)
    keys = [_key(program, h, how) for h in habits]
    found: list[Settled | None] = [cache.get(key) for key in keys]
    if any(known is None for known in found):
        guide = _guide(program, options, target, cache, stop=stop, keys=keys if near is None else [])
        found = [known or cache.get(key) for known, key in zip(found, keys, strict=True)]  # the reference person may be among them
        open_ = [k for k, known in enumerate(found) if known is None]
        searches = _searches(program, [habits[k] for k in open_], options, near, guide)
        search.run_all(program, searches, options, target, stop=stop, told=told)
        for k, one in zip(open_, searches, strict=True):
            found[k] = settled = _result(program.system, one)
            if settled.status.ok:
                cache.put(keys[k], settled)
    return [replace(s, status=replace(s.status, person=k)) for k, s in enumerate(found) if s is not None]


def _key(program: Program, habit: Habit, how: object) -> str:
    schedule = np.array([(e.time, int(e.action), e.index, e.value, e.slope) for e in habit.schedule], dtype=float)
    return key_of(program, (habit.inputs, habit.params, schedule, habit.days), how)


def _searches(program: Program, habits: Sequence[Habit], options: Stiff, near: Settled | None, guide: Guide | None) -> list[Search]:
    """Everybody at the beginning of the way."""
    if not habits:
        return []
    first = settling.new_path(program.system)
    if guide is None:
        return [Search(habit, first.copy(), None if near is None else near.moment) for habit in habits]
    begun = search.beginnings(program, habits, options)
    searches = []
    for habit, declared, status in zip(habits, begun.moments, begun.statuses, strict=True):
        moment = replace(start_of(guide, first, declared.y) if near is None else near.moment, p=declared.p, u=declared.u)
        guided = Guided.by(guide, habit.days)
        one = Search(habit, first.copy(), moment, declared, guided, labour=guide.steps)
        one.status = None if status.ok else status
        searches.append(one)
    return searches


def _guide(
    program: Program, options: Stiff, target: Target, cache: SettledCache, *, stop: Stop | None, keys: Sequence[str] = ()
) -> Guide | None:
    """The guide of a system with slow states: its reference person settled with the usual habits, and that day nudged.

    None where the reference person cannot live in it or does not settle, or where states are algebraic: then nobody is steered;
    and where the `keys` are those of the reference person alone: who is then settled, and needs no guide.
    """
    from neurohumor.engine.subject import reference_habit

    system = program.system
    path = settling.new_path(system)
    asked = np.flatnonzero(path.slow & steered(path))
    if not system.fingerprint or len(asked) < MANY or not all(system.differential):
        return None
    key = key_of(program, "guide", (options, target))
    known, guide = cache.guide(key)
    if known:
        return guide
    habit = reference_habit(system)
    if habit is not None:
        own = _key(program, habit, (options, target, None))
        settled = cache.get(own)
        declared = search.beginnings(program, [habit], options).moments[0]
        if settled is None:
            one = _lead(program, habit, declared, options, target, stop=stop)
            settled = _result(system, one)
            if settled.status.ok:
                cache.put(own, settled)
        if settled.status.code is Code.INTERRUPTED or (settled.status.ok and keys and set(keys) == {own}):
            return None
        if settled.status.ok:
            guide = search.guide_at(program, Search(habit, path, None, declared), settled.moment, asked, options, stop=stop)
    if stop is None or not stop():
        cache.put_guide(key, guide)
    return guide


def _lead(program: Program, habit: Habit, declared: Moment, options: Stiff, target: Target, *, stop: Stop | None) -> Search:
    """The reference person's search: steered by own nudged days where mixing makes no way, else by Newton's steps."""
    one = Search(habit, settling.new_path(program.system), None, declared, leads=True)
    search.run_all(program, [one], options, target, stop=stop)
    if one.status is None or one.status.ok or one.status.code is Code.INTERRUPTED:
        return one
    again = Search(habit, settling.new_path(program.system), None, declared)
    search.run_all(program, [again], options, target, stop=stop)
    return again


def _result(system: System, one: Search) -> Settled:
    path = one.path
    assert one.status is not None
    drift = path.drift(one.habit.days) if path.tried else np.full(len(system.states), np.nan)
    named = {row.full: float(d) for row, d in zip(system.states, drift, strict=True) if math.isfinite(d)}
    moment = one.reached
    if moment is None:
        nothing = np.full(len(system.states), np.nan)
        moment = Moment(0.0, nothing, one.habit.params, one.habit.inputs, np.zeros(len(system.inputs)))
    return Settled(moment, named, one.status, path.periods, one.nearness)
