"""Forward sensitivities: how the states change with parameters, initial values, doses and their times.

Every direction is a pair of people that differ by a small amount either way, in neighbouring lanes that share every step,
factorisation order and decision: the difference is the derivative of the discrete solution, free of the noise of step control.
The error of a step is the worst over the lanes, so the perturbed people are controlled too.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from neurohumor.emit.tape import Rows, Tape
from neurohumor.emit.tape_numpy import evaluator
from neurohumor.engine.native.machine import host
from neurohumor.engine.native.program import NativeProgram
from neurohumor.engine.problem import Action, Batch, Entry, Schedule, Solved, Stiff
from neurohumor.engine.status import Status
from neurohumor.errors import SolveError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHARE = 3e-5
"""Perturbation as a share of the value: third derivatives then cost 1e-9, rounding 1e-11."""
NEGLIGIBLE = 1e-4
"""Slopes smaller than this part of a direction's largest (each by its state's scale) count as that part when errors are told."""


@dataclass(frozen=True, slots=True)
class Direction:
    """With respect to what: parameter or initial state `index`, or the value or the time of schedule entry `index`."""

    kind: Literal["param", "state", "dose", "time"]
    index: int


@dataclass(frozen=True, slots=True)
class Sensitivities:
    """states, one array [time, state] per window; slopes [time, state, direction]; achieved: with `certify`, the largest
    error of the slopes, relative to the largest slope of each direction and state over the times; statuses of all solved."""

    directions: tuple[Direction, ...]
    states: tuple[Floats, ...]
    slopes: tuple[Floats, ...]
    statuses: tuple[Status, ...]
    counts: dict[str, int]
    achieved: float | None = None

    def gradient(self, weights: Sequence[Floats]) -> Floats:
        """[direction] of a scalar whose derivative by the states is `weights`, one array [time, state] per window."""
        total = np.zeros(len(self.directions))
        for slopes, weight in zip(self.slopes, weights, strict=True):
            total += np.einsum("ts,tsd->d", weight, slopes)
        return total


def forward(program: NativeProgram, batch: Batch, directions: Sequence[Direction], options: Stiff) -> Sensitivities:
    """Sensitivities of the one person of a batch.

    Raises SolveError for more than one person, a system with events, directions that do not exist, or a run that fails.
    With `options.certify` everything is solved ten times tighter as well, and the difference of the slopes told.
    """
    _check(program, batch, directions)
    found = _once(program, batch, directions, replace(options, certify=False))
    if not options.certify:
        return found
    atol = 0.1 * (options.rtol * 1e-3 if options.atol is None else options.atol)
    tight = _once(program, batch, directions, replace(options, rtol=0.1 * options.rtol, atol=atol, certify=False))
    worst = 0.0
    for a, b in zip(found.slopes, tight.slopes, strict=True):
        scale = np.array([row.scale for row in program.system.states])[:, None]
        size = np.abs(b).max(axis=0) / scale
        size = np.maximum(size, NEGLIGIBLE * size.max(axis=0, initial=1e-300))
        worst = max(worst, float((np.abs(a - b).max(axis=0) / scale / size).max(initial=0.0)))
    return replace(found, achieved=worst)


def _check(program: NativeProgram, batch: Batch, directions: Sequence[Direction]) -> None:
    system = program.system
    if len(batch.start) != 1 or batch.starts is not None:
        raise SolveError("sensitivities are those of one person from initial values", where=system.name, remedy="give a batch of one")
    if system.events:
        raise SolveError("sensitivities across events are not implemented", where=system.name, remedy="use differences of whole runs")
    counts = {"param": len(system.params), "state": len(system.states)}
    for d in directions:
        if not 0 <= d.index < counts.get(d.kind, len(batch.schedules[0])):
            raise SolveError(f"there is no {d.kind} {d.index}", where=system.name, remedy="name a row that exists")


def _once(program: NativeProgram, batch: Batch, directions: Sequence[Direction], options: Stiff) -> Sensitivities:
    nominal = _nominal(program, batch, directions, options)
    pairs = [_Pair(program, batch, d, nominal) for d in directions]
    vacant = not pairs or 2 * len(pairs) % (program.width or host().width) > 0
    count = 2 * len(pairs) + vacant
    params, states = np.repeat(batch.params, count, axis=0), np.repeat(batch.states, count, axis=0)
    schedules: list[Schedule] = [batch.schedules[0]] * count
    for k, pair in enumerate(pairs):
        for side, sign in enumerate((1.0, -1.0)):
            pair.apply(params[2 * k + side], states[2 * k + side], sign)
            schedules[2 * k + side] = pair.schedule(sign)
    people = Batch(
        params, np.repeat(batch.inputs, count, axis=0), states, tuple(schedules), np.repeat(batch.start, count),
        np.repeat(batch.end, count), tuple(np.repeat(w, count, axis=0) for w in batch.windows),
    )  # fmt: skip
    tied = copy(program)  # what has been made stays
    tied.tied, tied.threads = True, 1
    solved = tied.solve(people, options)
    bad = [s for s in solved.statuses if not s.ok]
    if bad:
        raise SolveError(f"a run for sensitivities failed: {bad[0]}", where=program.system.name, statuses=tuple(bad))
    return _collected(directions, pairs, solved, vacant=vacant)


def _collected(directions: Sequence[Direction], pairs: Sequence[_Pair], solved: Solved, *, vacant: bool) -> Sensitivities:
    """The person unmoved took a lane that was vacant; else they are the mean of the first two, 1e-9 away: no vector is spent on them."""
    slopes: list[Floats] = []
    for states in solved.states:
        out = np.empty((*states.shape[1:], len(pairs)))
        for k, pair in enumerate(pairs):
            out[..., k] = (states[2 * k] - states[2 * k + 1]) / (2.0 * pair.amount)
        slopes.append(out)
    states = tuple(s[-1] if vacant else 0.5 * (s[0] + s[1]) for s in solved.states)
    return Sensitivities(tuple(directions), states, tuple(slopes), solved.statuses, solved.counts)


@dataclass(frozen=True, slots=True)
class _Nominal:
    """The unperturbed person: initial numbers, and states, parameters and inputs just after each entry whose time is asked for."""

    y: Floats
    p: Floats
    after: dict[int, tuple[Floats, Floats, Floats]]


def _nominal(program: NativeProgram, batch: Batch, directions: Sequence[Direction], options: Stiff) -> _Nominal:
    system, schedule = program.system, batch.schedules[0]
    asked = sorted({d.index for d in directions if d.kind == "time"})
    y, p = program.starts(batch.start, batch.states, batch.params, np.where(np.isnan(batch.inputs), _held(system), batch.inputs))
    after: dict[int, tuple[Floats, Floats, Floats]] = {}
    times = sorted({schedule[k].time for k in asked})
    if not times:
        return _Nominal(y[0], p[0], after)
    if times[0] <= batch.start[0] or times[-1] >= batch.end[0]:
        raise SolveError("the time of an entry counts only within the run", where=system.name, remedy="begin earlier or end later")
    if len({e.time for e in schedule}) != len(schedule) and any(sum(e.time == schedule[k].time for e in schedule) > 1 for k in asked):
        raise SolveError("an entry whose time is varied must stand alone there", where=system.name, remedy="separate the entries")
    solved = program.solve(replace(batch, windows=(np.array([times]),)), options)
    if not solved.statuses[0].ok:
        raise SolveError(f"the run itself failed: {solved.statuses[0]}", where=system.name, statuses=solved.statuses)
    for k in asked:
        at = times.index(schedule[k].time)
        params = p[0] if solved.params is None else solved.params[0][0, at]
        after[k] = (solved.states[0][0, at], params, solved.inputs[0][0, at])
    return _Nominal(y[0], p[0], after)


def _held(system: object) -> Floats:
    return np.array([row.nominal for row in system.inputs])  # type: ignore[attr-defined]


class _Pair:
    """Two people, one moved by `amount` along a direction, the other against it."""

    def __init__(self, program: NativeProgram, batch: Batch, direction: Direction, nominal: _Nominal) -> None:
        self.direction, self.entries = direction, batch.schedules[0]
        system = program.system
        kind, index = direction.kind, direction.index
        if kind == "param":
            self.base, scale = float(nominal.p[index]), 1e-3
        elif kind == "state":
            self.base, scale = float(nominal.y[index]), system.states[index].scale
        elif kind == "dose":
            self.base, scale = self.entries[index].value, self._size(system, self.entries[index])
        else:
            self.base, scale = 0.0, 1.0
        self.shift = self._shift(program, nominal) if kind == "time" else None
        if self.shift is not None:  # so that the states move by a like share
            sizes = np.maximum(np.abs(nominal.after[index][0]), [row.scale for row in system.states])
            scale = 1.0 / max(float((np.abs(self.shift) / sizes).max()), 1e-300)
        self.amount = SHARE * max(abs(self.base), scale)

    @staticmethod
    def _size(system: object, entry: Entry) -> float:
        return system.states[entry.index].scale if entry.action <= Action.SET_STATE else 1e-3  # type: ignore[attr-defined]

    def _shift(self, program: NativeProgram, nominal: _Nominal) -> Floats:
        """How the state just after the entry changes with its time: g_y f(before) - f(after)."""
        entry, system = self.entries[self.direction.index], program.system
        y, p, u = nominal.after[self.direction.index]
        tape = Tape()
        rows = Rows(system, tape)
        rates = evaluator(tape, [rows.take(r) for r in system.rates])
        t = np.array(entry.time)
        slope = np.zeros_like(u)

        def f(*numbers: Floats) -> Floats:
            return np.array([float(v) for v in rates(t, *numbers, slope)])

        if entry.action is Action.ADD_STATE:
            before = y.copy()
            before[entry.index] -= entry.value
            return f(before, p, u) - f(y, p, u)
        raise SolveError("the time of a bolus alone can be varied", where=system.name, remedy="vary a time with differences of whole runs")

    def apply(self, params: Floats, states: Floats, sign: float) -> None:
        """Move a person's start."""
        if self.direction.kind == "param":
            params[self.direction.index] = self.base + sign * self.amount
        elif self.direction.kind == "state":
            states[self.direction.index] = self.base + sign * self.amount

    def schedule(self, sign: float) -> Schedule:
        """The person's schedule."""
        kind, index = self.direction.kind, self.direction.index
        if kind == "dose":
            moved = replace(self.entries[index], value=self.base + sign * self.amount)
            return (*self.entries[:index], moved, *self.entries[index + 1 :])
        if kind == "time":
            assert self.shift is not None
            time = self.entries[index].time
            extra = [Entry(time, Action.ADD_STATE, i, sign * self.amount * float(v)) for i, v in enumerate(self.shift) if v != 0.0]
            return (*self.entries[: index + 1], *extra, *self.entries[index + 1 :])
        return self.entries
