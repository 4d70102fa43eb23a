"""One person from start to end: segments between jumps, steps within a segment, crossings within a step."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.engine.backends.reference.body import Body, Stopped, close
from neurohumor.engine.backends.reference.crossings import FINEST, Signature, first_change
from neurohumor.engine.backends.reference.intervals import Interval
from neurohumor.engine.backends.reference.radau import Piece, Radau, StepFailed, Tolerances
from neurohumor.engine.backends.reference.record import Record
from neurohumor.engine.backends.reference.slopes import Slopes
from neurohumor.engine.problem import Schedule
from neurohumor.engine.status import Code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SAME = 1e-12
"""Changes of a trigger that reads states are one if they lie closer than this part of the time or the step: rounding can tell
a value from its limit no better, and would let one crossing count as three."""

SHORTEST = 1e-200
"""What happens right after time 0 is not integrated up to: stages over so short a stretch would be infinite."""

TIGHTER = 0.1
"""By how much the tolerances of a segment shrink where a state went below zero."""

RAPID, RESTLESS, REST = 1e-7, 50, 1e-2
"""A rate that changes its branch this often within this part of a run slides along the border: for that part of the run error
control alone looks after it."""
IDLE = 100
"""Steps of a segment in which unknowns alone move: nothing controls their error."""


class _Below(Exception):
    """A state that cannot be negative went below zero."""

    def __init__(self, time: float, state: int) -> None:
        super().__init__(time, state)
        self.time, self.state = time, state


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the segment must end, and the last time before a jump of the rates that was foreseen there."""

    stop: float
    before: float = math.inf


class Walk:
    """Brings a body to the end of its time.  `watchful(t)` is asked at every step and raises Stopped to end early."""

    def __init__(self, body: Body, schedule: Schedule, record: Record, tolerances: Tolerances, watchful: Callable[[float], None]) -> None:
        self.body, self.kernel, self.record, self.tolerances, self.watchful = body, body.kernel, record, tolerances, watchful
        self.schedule = schedule
        self.entry = 0
        self.counts = body.counts
        self.hint = 0.0
        self.patience = -math.inf
        self.switched = (-math.inf, 0)

    def run(self, end: float, steps: int) -> None:
        """Go on to the end.  Raises Stopped."""
        self.end, self.steps, self.span = end, steps, end - self.body.t
        self.body.instant = 1e-9 * self.span
        self.arrive()
        while self.body.t < end:
            self.segment()
            self.arrive()
        body = self.body
        self.record.until(end, lambda times: (body.y, np.array(body.inputs(end)), body.p), final=True)

    def arrive(self) -> None:
        """Let everything happen that is due now."""
        body, first = self.body, self.entry
        while self.entry < len(self.schedule):
            time = self.schedule[self.entry].time
            if time > body.t and not close(time, body.t):
                break
            self.entry += 1
        body.happen(list(self.schedule[first : self.entry]))

    def segment(self) -> None:
        """From one jump to the next, again and tighter where a state goes below zero."""
        body = self.body
        plan = self._plan()
        if close(plan.stop, body.t) or plan.stop - body.t < SHORTEST:
            body.move(plan.stop, body.y)
            return
        t, y, truths, base, since = body.t, body.y, list(body.truths), body.base, body.since
        try:
            self._integrate(plan, self.tolerances)
        except _Below:
            self.counts["reruns"] += 1
            self.record.back_to(t)
            body.t, body.y, body.truths, body.base, body.since = t, y, truths, base, since
            rtol = max(TIGHTER * self.tolerances.rtol, 1e-13)
            try:
                self._integrate(plan, replace(self.tolerances, rtol=rtol, atol=TIGHTER * self.tolerances.atol))
            except _Below as again:
                raise Stopped(Code.NEGATIVE, again.time, self.kernel.names[again.state]) from again

    def _plan(self) -> Plan:
        body = self.body
        stop = min([self.end, *(q.due for q in body.pending)])
        if self.entry < len(self.schedule):
            stop = min(stop, self.schedule[self.entry].time)
        watch = self.kernel.clock
        if watch is None or close(stop, body.t):
            return Plan(stop)
        known, look = watch.constants(body.p), self._clock

        def decided(a: float, b: float) -> bool:
            return watch.decided(known, (a, b), {}, self._inputs(a, b))

        width = stop - body.t
        found = first_change(
            decided, look, (body.t, stop), 1e-3 * FINEST * width, 0.0
        )  # to the last digit: an equality holds at one time alone
        return Plan(stop) if found is None else Plan(found[1], found[0])

    def _clock(self, t: float) -> Signature:
        body = self.body
        found = self.kernel.of["clock"](t, (), body.p, body.inputs(t), body.c)
        return tuple([v if v == v else math.inf for v in found])

    def _inputs(self, begin: float, end: float) -> list[Interval]:
        pairs = zip(self.body.inputs(begin), self.body.inputs(end), strict=True)
        return [(a, b) if a <= b else (b, a) for a, b in pairs]

    def _integrate(self, plan: Plan, tolerances: Tolerances) -> None:
        """Step to the plan's stop, or to the first event before it."""
        body, kernel = self.body, self.kernel
        slopes = Slopes(kernel, body, plan.before)
        local = replace(tolerances, atol=tolerances.atol[kernel.differential], floor=tolerances.floor[kernel.differential])
        if not len(kernel.differential) and kernel.watch is not None and kernel.watch.states:
            local = replace(local, max_step=min(local.max_step, (plan.stop - body.t) / IDLE))
        stepper = Radau(slopes.rates, slopes.jacobian, local, self.counts)
        try:
            stepper.start(body.t, body.y[kernel.differential], plan.stop, self.hint)
            while body.t < plan.stop:
                self.watchful(body.t)
                if self.counts["steps"] + self.counts["rejected"] >= self.steps:
                    raise Stopped(Code.TOO_MANY_STEPS, body.t)
                piece = slopes.whole(stepper.step(plan.stop), body.y)
                if self._take(piece, slopes):
                    break
        except StepFailed as failed:
            raise self._why(failed, slopes) from failed
        self.hint = stepper.h

    def _take(self, piece: Piece, slopes: Slopes) -> bool:
        """Go over one step: look for events, check the signs, record.  True where an event ends the segment."""
        cut = self._crossing(piece, slopes) if self.kernel.watch is not None else None
        end, y = (piece.end, piece.last) if cut is None else cut
        slack = 0.0 if cut is None else _same(piece)
        filled = self.record.until(end, lambda times: self._values(times, piece, slopes), slack=slack)
        self._check_signs([np.atleast_2d(y), *filled], piece, slopes)
        self.body.move(end, y)
        return cut is not None

    def _values(self, times: Floats, piece: Piece, slopes: Slopes) -> tuple[Floats, Floats, list[float]]:
        body = self.body
        times = np.clip(times, piece.start, piece.end)
        inputs = np.array([body.inputs(float(t)) for t in times] if body.ramps else body.base, dtype=float)
        return slopes.many(piece, times), inputs, body.p

    def _check_signs(self, found: list[Floats], piece: Piece, slopes: Slopes) -> None:
        """Raise _Below, with the time at which it happened, where any of these states is below its floor."""
        floor = self.body.floor
        if not any((states < floor).any() for states in found):
            return
        times = np.linspace(piece.start, piece.end, 65)
        low = (slopes.many(piece, times) < floor).any(axis=1)
        first = max(1, int(np.argmax(low))) if low.any() else len(times) - 1
        before, after = float(times[first - 1]), float(times[first])
        while after - before > _same(piece):
            middle = 0.5 * (before + after)
            if (slopes.at(piece, middle) < floor).any():
                after = middle
            else:
                before = middle
        self.record.back_to(after)
        raise _Below(after, int(np.argmax(slopes.at(piece, after) < floor)))

    def _crossing(self, piece: Piece, slopes: Slopes) -> tuple[float, Floats] | None:
        """The first event of this step, just after its trigger turned, with the state there."""
        watch, body = self.kernel.watch, self.body
        assert watch is not None
        known = watch.constants(body.p)
        kept: dict[float, Signature] = {}

        def look(t: float) -> Signature:
            if t not in kept:
                y = slopes.at(piece, t).tolist()
                kept[t] = tuple([v != 0.0 for v in self.kernel.of["watch"](t, y, body.p, body.inputs(t), body.c)])
            return kept[t]

        def decided(a: float, b: float) -> bool:
            return watch.decided(known, (a, b), slopes.bounds(piece, watch.states, a, b), self._inputs(a, b))

        noise = _same(piece)
        finest = max(FINEST * (piece.end - piece.start), 4.0 * noise)
        begin, last = piece.start, look(piece.start)
        while begin < piece.end:
            settled = min(begin + noise, piece.end)
            if look(settled) != last:
                found = (begin, settled)
            else:
                found = first_change(decided, look, (settled, piece.end), finest, noise)
            if found is None:
                return None
            before, begin, last = last, found[1], look(found[1])
            y = slopes.at(piece, begin)
            if self._matters(y, begin) or self._switches(before, last, begin):
                return begin, y
        return None

    def _switches(self, before: Signature, after: Signature, t: float) -> bool:
        """Whether a rate takes another branch, so that the segment ends; not where it does so without pause (a sliding state)."""
        first = self.kernel.first_switch
        if t < self.patience or before[first:] == after[first:]:
            return False
        last, count = self.switched
        self.switched = (t, count + 1 if t - last <= RAPID * self.span else 0)
        if self.switched[1] > RESTLESS:
            self.patience, self.switched = t + REST * self.span, (t, 0)
        return True

    def _matters(self, y: Floats, t: float) -> bool:
        """Whether a change of triggers starts or cancels an event; one that does not is noted at once."""
        body = self.body
        values = self.kernel.of["triggers"](t, y.tolist(), body.p, body.inputs(t), body.c)
        for k, value in enumerate(values):
            holds = value != 0.0
            if holds and not body.truths[k]:
                return True
            if body.truths[k] and not holds:
                if not self.kernel.system.events[k].persistent and any(q.event == k for q in body.pending):
                    return True
                body.truths[k] = False
        return False

    def _why(self, failed: StepFailed, slopes: Slopes) -> Stopped:
        kernel, body = self.kernel, self.body
        state = kernel.names[kernel.differential[failed.state]] if failed.state >= 0 else ""
        if slopes.lost >= 0:
            return Stopped(Code.ALGEBRAIC, body.t, kernel.names[kernel.unknown[slopes.lost]])
        if failed.code is Code.NOT_FINITE and slopes.bad is not None:
            t, y = slopes.bad
            return Stopped(failed.code, body.t, state, kernel.blame(t, y, body.p, body.inputs(t)))
        return Stopped(failed.code, body.t, state)


def _same(piece: Piece) -> float:
    """How close two times of a step are that count as one."""
    return SAME * max(abs(piece.start), abs(piece.end), piece.end - piece.start)
