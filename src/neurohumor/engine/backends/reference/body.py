"""One person at one moment, and what changes it at once: schedule entries, events, balances that must hold again."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.engine.backends.reference.kernel import Kernel
from neurohumor.engine.backends.reference.unknowns import from_afar, solve_unknowns
from neurohumor.engine.problem import Action, Entry, Moment, Pending
from neurohumor.engine.status import Code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

AT_ONCE = 10_000
"""Events that may act at one moment."""
CROWDED = 300
"""Events that may follow one another within a billionth of a run."""


class Stopped(Exception):
    """A person cannot go on: code, time, state (full name), detail."""

    def __init__(self, code: Code, time: float, state: str = "", detail: str = "") -> None:
        super().__init__(code.value)
        self.code, self.time, self.state, self.detail = code, time, state, detail


def close(a: float, b: float) -> bool:
    """Whether two times are the same but for rounding."""
    return abs(a - b) <= 8.0 * math.ulp(max(abs(a), abs(b)))


class Body:
    """t, y, p, u and everything pending for one person.

    y        all states, unknowns included
    p, c     parameters, and the constants that follow from them
    base, slopes, since  inputs: u = base + slopes * (t - since)
    truths   whether each trigger holds; pending: events that have been triggered and have not acted
    instant  time so short that many events within it mean that time does not go on
    floor    the lowest value that each state may be set to; ties: draws among events of equal priority
    """

    def __init__(
        self, kernel: Kernel, moment: Moment, floor: Floats, counts: Counter[str], ties: np.random.Generator | None = None
    ) -> None:
        self.kernel, self.floor, self.ties, self.counts = kernel, floor, ties, counts
        self.t = float(moment.time)
        self.y: Floats = np.array(moment.y, dtype=float)
        self.p: list[float] = [float(v) for v in moment.p]
        self.c = kernel.constants(self.p)
        self.base: list[float] = [float(v) for v in moment.u]
        self.slopes: list[float] = [float(v) for v in moment.slopes]
        self.since = self.t
        self.ramps = any(self.slopes)
        events = kernel.system.events
        self.truths = list(moment.truths) if moment.truths or not events else [e.initially for e in events]
        self.pending = list(moment.pending)
        self.instant = 0.0
        self.crowd = (-math.inf, 0)

    def inputs(self, t: float) -> list[float]:
        """The inputs at a time of this segment."""
        if not self.ramps:
            return self.base
        past = t - self.since
        return [b + s * past for b, s in zip(self.base, self.slopes, strict=True)]

    def moment(self) -> Moment:
        """Everything needed to go on from here."""
        u = np.array(self.inputs(self.t), dtype=float)
        return Moment(
            self.t,
            self.y.copy(),
            np.array(self.p, dtype=float),
            u,
            np.array(self.slopes, dtype=float),
            tuple(self.truths),
            tuple(self.pending),
        )

    def move(self, t: float, y: Floats) -> None:
        """Go to a later moment, with nothing happening there yet."""
        if self.ramps:
            self.base, self.since = self.inputs(t), t
        self.t, self.y = t, y

    def happen(self, entries: list[Entry]) -> None:
        """Let these entries act now, then every event that is due or set off.  Raises Stopped."""
        jumped = any([self._enter(entry) for entry in entries])
        if jumped:
            self.jumped()
        events = self.kernel.system.events
        if not events:
            return
        self._note()
        acted = 0
        while True:
            due = [q for q in self.pending if q.due <= self.t or close(q.due, self.t)]
            if not due:
                break
            self._act(self._first(due))
            acted += 1
            if acted > AT_ONCE:
                raise Stopped(Code.EVENT_STORM, self.t, detail=f"last: {events[due[0].event].full}")
        if acted:
            self._crowding(acted)

    def _enter(self, entry: Entry) -> bool:
        """Let one entry act; whether a state, a parameter or an input jumped."""
        index, value = entry.index, float(entry.value)
        if entry.action is Action.ADD_STATE:
            self.y[index] += value
        elif entry.action is Action.SET_STATE:
            self.y[index] = value
        elif entry.action is Action.SET_PARAM:
            self._set_param(index, value)
            self.c = self.kernel.constants(self.p)
        else:
            if self.since != self.t:
                self.base, self.since = self.inputs(self.t), self.t
            slope = float(entry.slope) if entry.action is Action.RAMP_INPUT else 0.0
            self.base = [*self.base[:index], value + slope * (self.t - entry.time), *self.base[index + 1 :]]
            self.slopes[index] = slope
            self.ramps = any(self.slopes)
        return True

    def _set_param(self, index: int, value: float) -> None:
        self.p = [*self.p[:index], value, *self.p[index + 1 :]]

    def jumped(self) -> None:
        """After a jump: everything finite, balances restored, nothing below its floor.  Raises Stopped."""
        if not np.isfinite(self.y).all():
            state = self.kernel.names[int(np.argmin(np.isfinite(self.y)))]
            raise Stopped(Code.NOT_FINITE, self.t, state, "it was set to a value that is not finite")
        self.balance()
        low = self.y < self.floor
        if low.any():
            k = int(np.argmax(low))
            raise Stopped(Code.NEGATIVE, self.t, self.kernel.names[k], f"it was set to {self.y[k]:.6g}")

    def _call(self, name: str) -> list[float]:
        return self.kernel.of[name](self.t, self.y.tolist(), self.p, self.inputs(self.t), self.c)

    def _note(self) -> None:
        """See which triggers have turned: those that turned true are queued, those that turned false may cancel."""
        for k, value in enumerate(self._call("triggers")):
            event, holds = self.kernel.system.events[k], value != 0.0
            if holds and not self.truths[k]:
                delay, *values = self._call(f"fire{k}")
                if not delay >= 0.0:
                    raise Stopped(Code.BAD_INPUT, self.t, detail=f"the delay of {event.full} is {delay:g}")
                self.pending.append(Pending(k, self.t + delay, tuple(values) if event.at_trigger else None))
            elif self.truths[k] and not holds and not event.persistent:
                self.pending = [q for q in self.pending if q.event != k]
            self.truths[k] = holds

    def _first(self, due: list[Pending]) -> Pending:
        """The next to act: the largest priority, among equals the one that was triggered first (or one drawn by lot)."""
        if len(due) == 1:
            return due[0]
        ranks = [self._priority(q.event) for q in due]
        best = [q for q, rank in zip(due, ranks, strict=True) if rank == max(ranks)]
        return best[0] if self.ties is None else best[int(self.ties.integers(len(best)))]

    def _priority(self, k: int) -> tuple[bool, float]:
        if self.kernel.system.events[k].priority is None:
            return False, 0.0
        value = self._call(f"priority{k}")[0]
        return True, value if value == value else -math.inf

    def _act(self, q: Pending) -> None:
        event = self.kernel.system.events[q.event]
        values = self._call(f"fire{q.event}")[1:] if q.values is None else q.values
        self.pending = [other for other in self.pending if other is not q]
        params = False
        y = self.y.copy()
        for (target, _), value in zip(event.sets, values, strict=True):
            if target.kind == "param":
                self._set_param(target.index, value)
                params = True
            else:
                y[target.index] = value
        self.y = y
        if params:
            self.c = self.kernel.constants(self.p)
        self.counts["events"] += 1
        self.jumped()
        self._note()

    def _crowding(self, acted: int) -> None:
        """Refuse events that set one another off without time going on."""
        since, count = self.crowd
        self.crowd = (since, count + acted) if self.t - since <= self.instant else (self.t, 0)
        if self.crowd[1] > CROWDED:
            raise Stopped(Code.EVENT_STORM, self.t, detail="time no longer goes on between events")

    def balance(self) -> None:
        """Make the unknowns fit the rest again.  Raises Stopped where they have no solution near."""
        kernel = self.kernel
        if not len(kernel.unknown):
            return
        u = self.inputs(self.t)
        residual, slope = kernel.balances(self.t, self.y, (self.p, u, self.c))
        z, worst = solve_unknowns(residual, slope, self.y[kernel.unknown], kernel.sizes)
        if z is None:
            z, worst = from_afar(residual, slope, self.y[kernel.unknown], kernel.sizes)
        if z is None:
            raise Stopped(Code.ALGEBRAIC, self.t, kernel.names[kernel.unknown[worst]])
        self.y = self.y.copy()
        self.y[kernel.unknown] = z
