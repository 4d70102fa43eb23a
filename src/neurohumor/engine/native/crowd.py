"""A batch as flat arrays: screened, schedules and samples of everybody one after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.engine.problem import Action, Batch, Schedule
from neurohumor.lang.system import System

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(slots=True)
class Entries:
    """Distinct schedules one after another; people with the same schedule share it.

    first, last  [person] its rows; action is an `Action`, index a row of the system
    """

    first: Ints
    last: Ints
    time: Floats
    action: Ints
    index: Ints
    value: Floats
    slope: Floats
    distinct: list[Schedule] = field(default_factory=list)
    which: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(slots=True)
class Samples:
    """When states are wanted: everybody's times in order, and the row of the output each belongs to.

    offsets  of each window in the rows; shapes [window] (people, times)
    """

    first: Ints
    last: Ints
    time: Floats
    row: Ints
    offsets: list[int]
    shapes: list[tuple[int, int]]
    rows: int


def suspicious(system: System, batch: Batch, entries: Entries) -> Ints:
    """People about whom something may be wrong; looked at one by one by whoever can say what."""
    with np.errstate(invalid="ignore"):
        bad = ~(np.isfinite(batch.start) & np.isfinite(batch.end) & (batch.end >= batch.start))
        for window in batch.windows:
            if window.shape[1]:
                inside = (window >= batch.start[:, None]) & (window <= batch.end[:, None])
                bad |= ~inside.all(axis=1) | (np.diff(window, axis=1) < 0).any(axis=1)
        if batch.starts is None:
            bad |= np.isinf(batch.inputs).any(axis=1) | np.isinf(batch.states).any(axis=1)
    if batch.starts is not None:
        bad[:] = True
    bad |= _bad_schedules(system, entries)[entries.which] if len(entries.which) else False
    return np.flatnonzero(bad)


def _bad_schedules(system: System, entries: Entries) -> NDArray[np.bool_]:
    """[distinct schedule]"""
    counts = np.array([len(system.states)] * 2 + [len(system.inputs)] * 2 + [len(system.params)], dtype=np.int64)
    fixed = ~np.array(system.differential, dtype=bool)
    bad = (entries.index < 0) | (entries.index >= counts[entries.action])
    bad |= ~(np.isfinite(entries.time) & np.isfinite(entries.value) & np.isfinite(entries.slope))
    state = entries.action <= Action.SET_STATE
    bad |= state & fixed[np.where(state & ~bad, entries.index, 0)] if len(fixed) else False
    out = np.zeros(len(entries.distinct), dtype=bool)
    place = 0
    for k, schedule in enumerate(entries.distinct):
        part = slice(place, place + len(schedule))
        out[k] = bad[part].any() or (np.diff(entries.time[part]) < 0).any()
        place += len(schedule)
    return out


def entries_of(batch: Batch) -> Entries:
    """The schedules, as given."""
    known: dict[int, int] = {}
    distinct: list[Schedule] = []
    which = np.empty(len(batch.schedules), dtype=np.int64)
    for person, schedule in enumerate(batch.schedules):
        place = known.get(id(schedule))
        if place is None:
            place = known[id(schedule)] = len(distinct)
            distinct.append(schedule)
        which[person] = place
    sizes = np.array([len(s) for s in distinct], dtype=np.int64)
    ends = np.cumsum(sizes)
    flat = [e for s in distinct for e in s]
    time = np.array([e.time for e in flat], dtype=float)
    action = np.array([int(e.action) for e in flat], dtype=np.int64)
    index = np.array([e.index for e in flat], dtype=np.int64)
    value = np.array([e.value for e in flat], dtype=float)
    slope = np.array([e.slope if e.action == Action.RAMP_INPUT else 0.0 for e in flat], dtype=float)
    return Entries((ends - sizes)[which], ends[which], time, action, index, value, slope, distinct, which)


def samples_of(batch: Batch) -> Samples:
    """The windows, merged per person in the order of time."""
    people = len(batch.start)
    shapes = [(people, window.shape[1]) for window in batch.windows]
    offsets = list(np.cumsum([0, *(p * n for p, n in shapes)]))
    each = sum(n for _, n in shapes)
    time = np.concatenate([np.asarray(w, dtype=float) for w in batch.windows], axis=1) if shapes else np.zeros((people, 0))
    row = [o + np.arange(p * n).reshape(p, n) for o, (p, n) in zip(offsets, shapes, strict=False)]
    rows = np.concatenate(row, axis=1) if row else np.zeros((people, 0), dtype=np.int64)
    if len(shapes) > 1:
        order = np.argsort(time, axis=1, kind="stable")
        time, rows = np.take_along_axis(time, order, axis=1), np.take_along_axis(rows, order, axis=1)
    first = np.arange(people, dtype=np.int64) * each
    return Samples(
        first, first + each, np.ascontiguousarray(time).ravel(), np.ascontiguousarray(rows, dtype=np.int64).ravel(), offsets[:-1], shapes,
        int(offsets[-1]),
    )  # fmt: skip
