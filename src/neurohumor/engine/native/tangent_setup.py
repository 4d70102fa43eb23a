"""What has to be known of directions before slopes can be carried on: where they begin, and what entries do to them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from neurohumor.emit.tape_tangents import Row
from neurohumor.engine.backends.reference.inspect import fault_of, shape_fault
from neurohumor.engine.native.crowd import Samples, entries_of, samples_of
from neurohumor.engine.native.drive import Crowd, Patience
from neurohumor.engine.native.jumps import LAND_ACTION
from neurohumor.engine.native.machine import host
from neurohumor.engine.native.program import FINEST, NativeProgram, option_fault
from neurohumor.engine.native.tangent_starts import StartSlopes
from neurohumor.engine.problem import Action, Batch, Entry, Schedule, Stiff
from neurohumor.errors import SolveError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SHARE = 1e-4
"""Of a parameter, by which it is moved to see how the time of a jump follows it."""


@dataclass(frozen=True, slots=True)
class Direction:
    """With respect to what: parameter or initial state `index`, or the value or the time of schedule entry `index`."""

    kind: Literal["param", "state", "dose", "time"]
    index: int


def check(program: NativeProgram, batch: Batch, directions: Sequence[Direction]) -> None:
    """Raises SolveError for what has no slopes here."""
    system = program.system
    fault = shape_fault(system, batch)
    faults = [fault] if fault else [f for k in range(len(batch.start)) if (f := fault_of(system, batch, k))]
    if faults:
        raise SolveError(faults[0], where=system.name, remedy="see engine.problem for shapes and ranges")
    if system.events:
        raise SolveError("sensitivities across events are not implemented", where=system.name, remedy="use differences of whole runs")
    if not directions:
        raise SolveError("there is no direction", where=system.name, remedy="name parameters, states, doses or times")
    if not system.states:
        raise SolveError("there is no state to have slopes", where=system.name, remedy="give a system with states")
    counts = {"param": len(system.params), "state": len(system.states)}
    for d in directions:
        for schedule in batch.schedules:
            if not 0 <= d.index < counts.get(d.kind, len(schedule)):
                raise SolveError(f"there is no {d.kind} {d.index}", where=system.name, remedy="name a row that exists")
        if d.kind == "state" and not system.differential[d.index]:
            name = system.states[d.index].full
            raise SolveError(f"{name} follows from a balance and has no initial value of its own", where=system.name, remedy="vary another")
        if d.kind == "time":
            for k, schedule in enumerate(batch.schedules):
                _check_time(schedule, d.index, float(batch.start[k]), float(batch.end[k]))


def _check_time(schedule: Schedule, index: int, start: float, end: float) -> None:
    time = schedule[index].time
    if not start < time < end:
        raise SolveError("the time of an entry counts only within the run", remedy="begin earlier or end later")
    if sum(e.time == time for e in schedule) > 1:
        raise SolveError("an entry whose time is varied must stand alone there", remedy="separate the entries")


class Setup:
    """Directions of people as arrays for the code; the last vector of directions is filled up with the first ones again.

    leaves  by which directions have components; the other arrays are those of `drive.Along`
    """

    def __init__(
        self, program: NativeProgram, batch: Batch, directions: tuple[Direction, ...], first: Floats | None, *, slack: float
    ) -> None:
        abreast = program.width or host().width
        size = -(-len(directions) // abreast) * abreast
        self.program, self.batch = program, batch
        self.directions = tuple(directions[k % len(directions)] for k in range(size))
        self.below_zero = False
        self.plain = entries_of(batch)
        self._crowd = program.crowd(batch, self.plain)
        bad = ~np.isfinite(self._crowd.y).all(axis=1)
        if bad.any():
            name = program.system.states[int(np.argmin(np.isfinite(self._crowd.y[bad][0])))].full
            raise SolveError(f"the initial value of {name} is not a number", where=program.system.name, remedy="give it a value")
        people = range(len(batch.start))
        self.entries = program.jumps.merged(batch, self.plain, self._crowd, people) if program.jumps.active else self.plain
        self._begin(first, slack)
        self._act()

    def _begin(self, first: Floats | None, slack: float) -> None:
        crowd, people, system = self._crowd, len(self.batch.start), self.program.system
        starts = StartSlopes(self.program.starts, self.batch, (crowd.y, crowd.params, crowd.inputs))
        count = len(self.directions)
        self.slack = slack
        self.first = np.zeros((people, count, len(system.states)))
        self.params = np.zeros((people, count, len(system.params)))
        self.weight = np.ones((people, count))
        for number, d in enumerate(self.directions):
            self.first[:, number], self.params[:, number] = starts.by((d.kind, d.index) if d.kind in ("param", "state") else None)
            if first is not None:
                self.first[:, number] = first[:, :, number % first.shape[2]]
            self.weight[:, number] = [1.0 / self._size(k, d) for k in range(people)]
        found: set[Row] = {("param", int(k)) for k in np.flatnonzero(self.params.any(axis=(0, 1)))}
        for d in self.directions:
            if d.kind in ("dose", "time"):
                found.update(row for s in self.batch.schedules if (row := _leaf(s[d.index])) is not None)
        self.leaves: tuple[Row, ...] = tuple(sorted(found))
        self.seeds = np.zeros((people, count, len(self.leaves)))
        for k, (kind, row) in enumerate(self.leaves):
            if kind == "param":
                self.seeds[..., k] = self.params[..., row]

    def _size(self, person: int, d: Direction) -> float:
        """A change of the direction that is neither small nor large: errors of slopes are weighed as those of states times it."""
        system, crowd = self.program.system, self._crowd
        if d.kind == "time":
            return 1.0
        if d.kind == "param":
            return abs(float(crowd.params[person, d.index])) or 1.0
        if d.kind == "state":
            return max(abs(float(crowd.y[person, d.index])), system.states[d.index].scale)
        entry = self.batch.schedules[person][d.index]
        return abs(entry.value) or (system.states[entry.index].scale if entry.action <= Action.SET_STATE else 1.0)

    def _act(self) -> None:
        """What each entry does to slopes."""
        e, people = self.entries, len(self.batch.start)
        places = {row: k for k, row in enumerate(self.leaves)}
        self.leaf = np.full(len(e.time), -1, dtype=np.int64)
        for k in np.flatnonzero((e.action > Action.SET_STATE) & (e.action <= Action.SET_PARAM)):
            kind = "param" if e.action[k] == Action.SET_PARAM else "input"
            self.leaf[k] = places.get((kind, int(e.index[k])), -1)
        self.entry = np.full((people, len(self.directions)), -1, dtype=np.int64)
        moved: dict[tuple[int, int, int], float] = {}
        for person in range(people):
            rows = np.arange(e.first[person], e.last[person])
            own = rows[e.action[rows] != LAND_ACTION]
            lands = rows[e.action[rows] == LAND_ACTION]
            for slot, d in enumerate(self.directions):
                if d.kind == "dose":
                    self.entry[person, slot] = own[d.index]
                elif d.kind == "time":
                    moved[person, int(own[d.index]), slot] = 1.0
                for row, shift in zip(lands.tolist(), self._shifts(person, slot, d, len(lands)), strict=True):
                    if shift != 0.0:
                        moved[person, row, slot] = shift
        timed = {row: k for k, row in enumerate(sorted({row for _, row, _ in moved}))}
        self.timed = np.full(len(e.time), -1, dtype=np.int64)
        for row, k in timed.items():
            self.timed[row] = k
        self.moved = np.zeros((people, max(len(timed), 1), len(self.directions)))
        for (person, row, slot), value in moved.items():
            self.moved[person, timed[row], slot] = value

    def _shifts(self, person: int, slot: int, d: Direction, count: int) -> Sequence[float]:
        """How the times of a person's jumps by the clock follow a direction: by differences of the times themselves."""
        jumps = self.program.jumps
        if not count:
            return [0.0] * count
        schedule, change = self.batch.schedules[person], self.params[person, slot]
        entry = schedule[d.index] if d.kind in ("dose", "time") else None
        read = bool(change[jumps.params].any())
        if entry is not None:
            leaf = _leaf(entry)
            read = leaf is not None and leaf[1] in (jumps.params if leaf[0] == "param" else jumps.inputs)
        if not read:
            return [0.0] * count
        amount = SHARE * self._size(person, d)
        times = []
        for sign in (amount, -amount):
            other = copy(self._crowd)
            other.params = self._crowd.params.copy()
            other.params[person] += sign * change
            found = jumps.of(other, person, _changed(schedule, d, sign), float(self.batch.end[person]))
            times.append([after for _, after in found])
        if not len(times[0]) == len(times[1]) == count:
            raise SolveError(
                "a jump by the clock comes or goes where this direction is varied: there is no slope", where=self.program.system.name,
                remedy="move the start, the end or the value away from where two times meet",
            )  # fmt: skip
        return [(a - b) / (2.0 * amount) for a, b in zip(*times, strict=True)]

    def fresh(self, tighter: float) -> tuple[Crowd, Samples]:
        """Everybody at the start, and their samples."""
        crowd = Crowd(**{name: getattr(self._crowd, name).copy() for name in Crowd.__slots__})
        crowd.tighter[:] = tighter
        crowd.entry[:] = self.entries.first
        return crowd, samples_of(self.batch)

    def patience(self, crowd: Crowd, options: Stiff) -> Patience:
        """The wall-clock limit.  Raises SolveError for options that make no sense, and for those beyond this engine."""
        fault = option_fault(options)
        if not fault and options.rtol < FINEST:
            fault = f"sensitivities have an rtol of at least {FINEST:g}, got {options.rtol:g}"
        if fault:
            raise SolveError(fault, where=self.program.system.name, remedy="see engine.problem for ranges")
        return Patience(crowd, None, options.wall)


def _leaf(entry: Entry) -> Row | None:
    if entry.action <= Action.SET_STATE:
        return None
    return ("param" if entry.action is Action.SET_PARAM else "input", entry.index)


def _changed(schedule: Schedule, d: Direction, amount: float) -> Schedule:
    if d.kind not in ("dose", "time"):
        return schedule
    entry = schedule[d.index]
    moved = replace(entry, value=entry.value + amount) if d.kind == "dose" else replace(entry, time=entry.time + amount)
    return (*schedule[: d.index], moved, *schedule[d.index + 1 :])
