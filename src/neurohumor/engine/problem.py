"""What every engine is given and what it gives back: people by their numbers, schedules, windows; states by their numbers.

All numbers are internal (see `units`), all times in the system's time unit.  Both engines stand on exactly these types.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

from neurohumor.engine.status import Status
from neurohumor.lang.system import System

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Action(IntEnum):
    """What a schedule entry does."""

    ADD_STATE = 0
    SET_STATE = 1
    SET_INPUT = 2
    RAMP_INPUT = 3
    SET_PARAM = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """At `time`, do `action` to row `index` with `value`; RAMP_INPUT also sets the slope (per time unit).

    Entries of one time act in the order given.  SET_INPUT makes an input constant, RAMP_INPUT linear from `value`.
    SET_PARAM re-runs the person's derived constants; nothing is recompiled.
    """

    time: float
    action: Action
    index: int
    value: float
    slope: float = 0.0


Schedule = tuple[Entry, ...]
"""Entries in time order (stable).  Entries at or before the start act before the first step."""


@dataclass(frozen=True, slots=True)
class Stiff:
    """Options of a stiff solve.

    rtol          relative tolerance, 1e-12 to 1e-2
    atol          absolute tolerance of each state as a fraction of its scale; None: rtol * 1e-3
    max_step      largest step, in the system's time unit; None: no limit
    max_steps     per person; wall: seconds for the whole solve, None: no limit
    certify       re-solve ten times tighter and report the achieved error of each state and output
    ties          None: events of equal priority act in the order in which they were triggered; a seed: in an order drawn by lot
    """

    rtol: float = 1e-6
    atol: float | None = None
    max_step: float | None = None
    max_steps: int = 1_000_000
    wall: float | None = None
    certify: bool = False
    ties: int | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """An event that has triggered and not yet acted: its row, the time it is due, and its values (None: taken when due)."""

    event: int
    due: float
    values: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything needed to go on from a time: one person's t, y, p, u, slopes of u, trigger truths, pending events."""

    time: float
    y: Floats
    p: Floats
    u: Floats
    slopes: Floats
    truths: tuple[bool, ...] = ()
    pending: tuple[Pending, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """People to solve.

    params     [person, param]   values before initial expressions; NaN: use the row's `initial`
    inputs     [person, input]   values at the start; NaN: the row's `nominal`
    states     [person, state]   initial values; NaN: use the row's `initial`.  Ignored where `starts` is given
    schedules  one per person
    start, end [person]          times
    windows    one array [person, time] per window: where states are wanted, each row increasing, within start..end
    starts     moments to go on from, one per person (a continued run), or None.  A moment carries everything: params, inputs and
               states are ignored, its time must be `start`, and schedules hold only what has not acted yet
    Values at a time are those after every entry and event of that time (right-continuous).
    """

    params: Floats
    inputs: Floats
    states: Floats
    schedules: tuple[Schedule, ...]
    start: Floats
    end: Floats
    windows: tuple[Floats, ...]
    starts: tuple[Moment, ...] | None = None


@dataclass(frozen=True, slots=True)
class Solved:
    """What an engine gives back.

    states    one array [person, time, state] per window; NaN from the time at which a person failed
    params    one array [person, time, param] per window where any schedule or event changes a parameter, else None
    inputs    one array [person, time, input] per window
    moments   the end of each person (the last good moment where it failed)
    statuses  one per person, in order
    counts    totals: steps, rejected, rhs, jacobians, factorisations, events
    achieved  [state] with `certify`: the largest error over people and wanted times, as a fraction of |value| + atol / rtol
              (to be compared with rtol); NaN where nothing could be compared
    achieved_outputs  the same of each quantity that a derived row gives, in the order of `certified.output_rows`
    """

    states: tuple[Floats, ...]
    params: tuple[Floats, ...] | None
    inputs: tuple[Floats, ...]
    moments: tuple[Moment, ...]
    statuses: tuple[Status, ...]
    counts: dict[str, int] = field(default_factory=dict)
    achieved: Floats | None = None
    achieved_outputs: Floats | None = None


Progress = Callable[[float, float], bool]
"""Called with (done, total) in simulated time; returns False to interrupt."""


class Program(Protocol):
    """A compiled system.  `backend` names the engine; `solve` may be called any number of times, from any thread."""

    @property
    def system(self) -> System: ...

    @property
    def backend(self) -> str: ...

    def solve(self, batch: Batch, options: Stiff, progress: Progress | None = None) -> Solved:
        """Solve everyone.  Never raises for a person that fails: that is a `Status`."""
        ...

    def derived(self, t: Floats, y: Floats, p: Floats, u: Floats) -> Floats:
        """All derived rows, [..., derived], for t [...], y [..., state], p [..., param], u [..., input]."""
        ...
