"""The native engine as a `Program`: people in, solved people out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.emit.python import derived_of
from neurohumor.emit.tape_numpy import Starts
from neurohumor.engine.backends.reference.inspect import fault_of, shape_fault
from neurohumor.engine.certified import certified
from neurohumor.engine.native.choice import Choices, parties
from neurohumor.engine.native.crowd import Entries, entries_of, samples_of, suspicious
from neurohumor.engine.native.drive import Crowd, Patience
from neurohumor.engine.native.journey import Journey
from neurohumor.engine.native.jumps import Jumps
from neurohumor.engine.native.lanes import FIRST_ERROR
from neurohumor.engine.problem import Batch, Progress, Solved, Stiff
from neurohumor.engine.status import Code, Status
from neurohumor.errors import SolveError
from neurohumor.lang.expr import symbols
from neurohumor.lang.system import Leaf, System

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from neurohumor.engine.backends.reference.program import ReferenceProgram

    Floats = NDArray[np.float64]

FINEST = 1e-10
"""Relative tolerance below which the reference engine solves: this method's order is spent there."""


@dataclass(slots=True)
class NativeProgram:
    """A system for the native engine; see `engine.problem`.  Code is made when it is first needed.

    threads  0: as many as the machine has
    width    lanes, 0: as many as the processor has; interpreted: the control loop in Python, for tests
    """

    system: System
    backend: str = "native"
    threads: int = 0
    width: int = 0
    interpreted: bool = False
    choices: Choices = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    starts: Starts = field(init=False)
    jumps: Jumps = field(init=False)
    _reference: ReferenceProgram | None = None
    _derived: Callable[[Floats, Floats, Floats, Floats], Floats] | None = None

    def __post_init__(self) -> None:
        self.choices = Choices(self.system, self.width)
        self.starts = Starts(self.system)
        self.jumps = Jumps(self.system)

    def derived(self, t: Floats, y: Floats, p: Floats, u: Floats) -> Floats:
        """All derived rows, [..., derived], for t [...], y [..., state], p [..., param], u [..., input]."""
        if self._derived is None:
            self._derived = derived_of(self.system)
        return self._derived(t, y, p, u)

    def reference(self) -> ReferenceProgram:
        """The reference engine's program of the same system."""
        from neurohumor.engine.backends.reference.program import build

        with self._lock:
            if self._reference is None:
                self._reference = build(self.system)
        return self._reference

    def solve(self, batch: Batch, options: Stiff, progress: Progress | None = None) -> Solved:
        """Solve everyone.  Raises SolveError for options or arrays that make no sense; a person that fails is a `Status`."""
        fault = shape_fault(self.system, batch) or option_fault(options)
        if fault:
            raise SolveError(fault, where=self.system.name, remedy="see engine.problem for shapes and ranges")
        drawn = options.ties is not None and bool(self.system.events)  # by one sequence of draws from a person's start on
        if options.rtol < FINEST or not self.system.states or drawn or self._reads_unknowns(batch):
            solved = self.reference().solve(batch, options, progress)
            return replace(solved, counts={**solved.counts, "reference": len(batch.start)})
        if not options.certify:
            return self._once(batch, options, progress)
        return certified(self, batch, options, lambda how, done: self.solve(batch, how, progress and _half(progress, done)))

    def _reads_unknowns(self, batch: Batch) -> bool:
        """Whether initial values depend on algebraic unknowns, and so on one another."""
        if batch.starts is not None or all(self.system.differential):
            return False
        exprs = [r.initial for r in (*self.system.states, *self.system.params)] + [d.expr for d in self.system.derived]
        leaves = [s for s in symbols(*exprs[: -len(self.system.derived) or None]) if isinstance(s, Leaf)]
        return any(s.kind == "derived" or (s.kind == "state" and not self.system.differential[s.index]) for s in leaves)

    def _once(self, batch: Batch, options: Stiff, progress: Progress | None) -> Solved:
        entries = entries_of(batch)
        statuses: dict[int, Status] = {}
        for k in suspicious(self.system, batch, entries):
            fault = fault_of(self.system, batch, int(k))
            if fault:
                statuses[int(k)] = Status(Code.BAD_INPUT, int(k), float(batch.start[k]), detail=fault)
        crowd = self.crowd(batch, entries)
        for k in np.flatnonzero(~np.isfinite(crowd.y).all(axis=1)):
            if int(k) not in statuses:
                state = int(np.argmin(np.isfinite(crowd.y[k])))
                detail = f"its initial value is {crowd.y[k, state]}"
                statuses[int(k)] = Status(Code.NOT_FINITE, int(k), float(batch.start[k]), self.system.states[state].full, detail)
        todo = np.array([k for k in range(len(batch.start)) if k not in statuses], dtype=np.int64)
        entries = self.jumps.merged(batch, entries, crowd, todo.tolist()) if self.jumps.active else entries
        crowd.entry[:] = entries.first
        journey = Journey(self, batch, options, crowd, entries, samples_of(batch), statuses, Patience(crowd, progress, options.wall))
        for party in parties(self.system, batch, entries, crowd, todo):
            journey.travel(party)
        return journey.solved()

    def crowd(self, batch: Batch, entries: Entries) -> Crowd:
        """Everybody at the start."""
        system, people = self.system, len(batch.start)
        count = len(system.inputs)
        if batch.starts is None:
            nominal = np.array([row.nominal for row in system.inputs])
            u = np.where(np.isnan(batch.inputs), nominal, batch.inputs) if count else np.zeros((people, 0))
            y, p = self.starts(batch.start, batch.states, batch.params, u)
            slopes = np.zeros((people, count))
            truths = np.tile([float(e.initially) for e in system.events], (people, 1))
        else:
            y, p, u, slopes = (_stack([getattr(m, n) for m in batch.starts], len(rows)) for n, rows in _fields(system))
            truths = np.array([m.truths or tuple(e.initially for e in system.events) for m in batch.starts], dtype=float)
        start = np.array(batch.start, dtype=float)
        ints = {name: np.zeros(people, dtype=np.int64) for name in ("sample", "status", "culprit", "steps", "rejected")}
        return Crowd(
            y=y, params=p, inputs=u, slopes=slopes, since=np.repeat(start[:, None], count, axis=1).reshape(people, count), now=start,
            acted=np.full(people, -np.inf),
            end=np.array(batch.end, dtype=float), before=np.full(people, FIRST_ERROR), tighter=np.ones(people),
            truths=np.ascontiguousarray(truths).reshape(people, len(system.events)), entry=entries.first.copy(), reached=start.copy(),
            step=np.zeros(people), first_step=np.zeros(people), **ints,
        )  # fmt: skip


def _fields(system: System) -> tuple[tuple[str, tuple[object, ...]], ...]:
    return ("y", system.states), ("p", system.params), ("u", system.inputs), ("slopes", system.inputs)


def _stack(rows: list[Floats], width: int) -> Floats:
    out = np.full((len(rows), width), np.nan)
    for k, row in enumerate(rows):
        if len(row) == width:
            out[k] = row
    return out


def _half(progress: Progress, share: float) -> Progress:
    return lambda done, total: progress(share * total + 0.5 * done, total)


def option_fault(options: Stiff) -> str:
    """What cannot be meant in the options, as a sentence; empty where all can."""
    if not 1e-12 <= options.rtol <= 1e-2:
        return f"rtol must lie between 1e-12 and 1e-2, got {options.rtol:g}"
    if options.atol is not None and not 0 < options.atol < np.inf:
        return f"atol must be above 0, got {options.atol:g}"
    if options.max_step is not None and not options.max_step > 0:
        return f"max_step must be above 0, got {options.max_step:g}"
    if options.max_steps < 1:
        return f"max_steps must be at least 1, got {options.max_steps}"
    return "" if options.wall is None or options.wall > 0 else f"wall must be above 0, got {options.wall:g}"
