"""The reference engine: one person after another, slow and careful."""

from __future__ import annotations

import math
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.engine.backends.reference.begin import begin, beginning
from neurohumor.engine.backends.reference.body import Body, Stopped
from neurohumor.engine.backends.reference.inspect import fault_of, shape_fault
from neurohumor.engine.backends.reference.kernel import Kernel
from neurohumor.engine.backends.reference.radau import Tolerances
from neurohumor.engine.backends.reference.record import Record
from neurohumor.engine.backends.reference.walk import Walk
from neurohumor.engine.certified import certified
from neurohumor.engine.problem import Action, Batch, Moment, Progress, Solved, Stiff
from neurohumor.engine.status import Code, Status
from neurohumor.errors import SolveError
from neurohumor.lang.system import System

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PULSE = 0.1
"""Seconds between reports of progress."""


@dataclass(slots=True)
class _Watchman:
    """Ends a solve at its wall-clock limit or when its caller asks; reports progress in simulated time."""

    total: float
    wall: float | None
    progress: Progress | None
    began: float = field(default_factory=time.perf_counter)
    told: float = 0.0
    done: float = 0.0
    since: float = 0.0
    ended: Code | None = None

    def look(self, t: float) -> None:
        """Called at every step of the person in work.  Raises Stopped."""
        if self.ended is None:
            now = time.perf_counter()
            if self.wall is not None and now - self.began > self.wall:
                self.ended = Code.WALL_TIME
            elif self.progress is not None and now - self.told > PULSE:
                self.told = now
                if not self.progress(min(self.done + t - self.since, self.total), self.total):
                    self.ended = Code.INTERRUPTED
        if self.ended is not None:
            raise Stopped(self.ended, t)


@dataclass(frozen=True, slots=True)
class ReferenceProgram:
    """A `Program` in Python; see `engine.problem`.  Holds no state: any thread may use it."""

    kernel: Kernel
    backend: str = "reference"

    @property
    def system(self) -> System:
        """The system that was compiled."""
        return self.kernel.system

    @property
    def source(self) -> str:
        """The generated Python that is run; rows are named by their numbers (see `emit.python.side_table`)."""
        return self.kernel.code.text

    def derived(self, t: Floats, y: Floats, p: Floats, u: Floats) -> Floats:
        """All derived rows, [..., derived], for t [...], y [..., state], p [..., param], u [..., input]."""
        return self.kernel.derived(t, y, p, u)

    def solve(self, batch: Batch, options: Stiff, progress: Progress | None = None) -> Solved:
        """Solve everyone, each alone.  Raises SolveError for options or arrays that make no sense; a person that fails is a `Status`."""
        fault = shape_fault(self.system, batch) or _option_fault(options)
        if fault:
            raise SolveError(fault, where=self.system.name, remedy="see engine.problem for shapes and ranges")
        lengths = np.maximum(np.nan_to_num(batch.end - batch.start, nan=0.0, posinf=0.0, neginf=0.0), 0.0)
        watchman = _Watchman(float(lengths.sum()) * (2 if options.certify else 1), options.wall, progress)
        with np.errstate(all="ignore"):
            if options.certify:
                return certified(self, batch, options, lambda how, done: self._once(batch, how, watchman))
            return self._once(batch, options, watchman)

    def _once(self, batch: Batch, options: Stiff, watchman: _Watchman) -> Solved:
        system = self.system
        people = len(batch.start)
        changing = any(target.kind == "param" for e in system.events for target, _ in e.sets)
        changing = changing or any(entry.action is Action.SET_PARAM for schedule in batch.schedules for entry in schedule)
        states = tuple(np.full((*w.shape, len(system.states)), np.nan) for w in batch.windows)
        inputs = tuple(np.full((*w.shape, len(system.inputs)), np.nan) for w in batch.windows)
        params = tuple(np.full((*w.shape, len(system.params)), np.nan) for w in batch.windows) if changing else None
        moments: list[Moment] = []
        statuses: list[Status] = []
        counts: Counter[str] = Counter(dict.fromkeys(("steps", "rejected", "rhs", "jacobians", "factorisations", "events", "reruns"), 0))
        for k in range(people):
            own = [[a[k] for a in arrays] for arrays in (batch.windows, states, inputs, params or ())]
            record = Record(own[0], own[1], own[2], own[3] if changing else None)
            watchman.since = float(batch.start[k])
            tally: Counter[str] = Counter()
            moment, status = self._person(batch, k, (options, record, watchman, tally))
            counts.update(tally)
            moments.append(moment)
            statuses.append(status)
            watchman.done += max(0.0, float(np.nan_to_num(batch.end[k] - batch.start[k])))
        return Solved(states, params, inputs, tuple(moments), tuple(statuses), dict(counts))

    def _person(self, batch: Batch, k: int, how: tuple[Stiff, Record, _Watchman, Counter[str]]) -> tuple[Moment, Status]:
        options, record, watchman, counts = how
        start, end = float(batch.start[k]), float(batch.end[k])
        fault = fault_of(self.system, batch, k)
        if fault:
            return _nowhere(self.system, start), Status(Code.BAD_INPUT, k, start, detail=fault)
        tolerances = _tolerances(self.kernel, options)
        body: Body | None = None
        try:
            watchman.look(start)
            moment = beginning(self.kernel, batch, k)
            ties = None if options.ties is None else np.random.default_rng([options.ties, k])
            body = Body(self.kernel, moment, tolerances.floor, counts, ties)
            if batch.starts is None:
                begin(body, batch, k)
            Walk(body, batch.schedules[k], record, tolerances, watchman.look).run(end, options.max_steps)
        except Stopped as stopped:
            record.back_to(stopped.time)
            left = _nowhere(self.system, start) if body is None else body.moment()
            return left, Status(stopped.code, k, stopped.time, stopped.state, stopped.detail)
        return body.moment(), Status(Code.OK, k, end)


def build(system: System) -> ReferenceProgram:
    """The program of a system.  Raises ModelError for rows that do not exist, circles, and what no engine can solve."""
    return ReferenceProgram(Kernel(system))


def _tolerances(kernel: Kernel, options: Stiff) -> Tolerances:
    fraction = options.rtol * 1e-3 if options.atol is None else options.atol
    atol = fraction * kernel.scale
    floor = np.where(kernel.nonnegative, -10.0 * atol, -np.inf)
    return Tolerances(max(options.rtol, 1e-13), atol, floor, math.inf if options.max_step is None else options.max_step)


def _option_fault(options: Stiff) -> str:
    if not 1e-12 <= options.rtol <= 1e-2:
        return f"rtol must lie between 1e-12 and 1e-2, got {options.rtol:g}"
    if options.atol is not None and not (options.atol > 0 and math.isfinite(options.atol)):
        return f"atol must be above 0, got {options.atol:g}"
    if options.max_step is not None and not options.max_step > 0:
        return f"max_step must be above 0, got {options.max_step:g}"
    if options.max_steps < 1:
        return f"max_steps must be at least 1, got {options.max_steps}"
    if options.wall is not None and not options.wall > 0:
        return f"wall must be above 0, got {options.wall:g}"
    return ""


def _nowhere(system: System, start: float) -> Moment:
    """The moment of a person who could not begin."""
    y, p, u = (np.full(len(rows), np.nan) for rows in (system.states, system.params, system.inputs))
    return Moment(start, y, p, u, np.zeros(len(system.inputs)))
