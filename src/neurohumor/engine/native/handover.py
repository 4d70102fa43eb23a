"""A person in the hands of the reference engine: for what events do, whose every rule it knows, and where factors lose their digits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.engine.backends.reference.body import Body, Stopped
from neurohumor.engine.backends.reference.program import ReferenceProgram
from neurohumor.engine.native import lanes
from neurohumor.engine.native.crowd import Entries, Samples
from neurohumor.engine.native.drive import RESTART, Crowd, Patience
from neurohumor.engine.native.outputs import Segment
from neurohumor.engine.problem import Batch, Moment, Pending, Stiff
from neurohumor.engine.status import Code, Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FLOOR = 10.0
"""How many absolute tolerances a state may lie below zero; as the reference engine has it."""
INSTANT = 1e-4
"""Share of the time left for which the reference engine goes on after something has happened at a point in time."""


@dataclass(slots=True)
class Handover:
    """What the reference engine needs to go on with people of a crowd, and where its results go.

    ends  [person] of the whole run; pending and segments by person; states, inputs, params: per window [person, time, row]
    """

    reference: Callable[[], ReferenceProgram]
    batch: Batch
    options: Stiff
    crowd: Crowd
    entries: Entries
    samples: Samples
    ends: Floats
    pending: dict[int, tuple[Pending, ...]]
    segments: dict[int, list[Segment]]
    patches: dict[int, list[tuple[float, float, Batch, tuple[Floats, ...], tuple[Floats, ...]]]]
    statuses: dict[int, Status]
    states: tuple[Floats, ...]
    patience: Patience
    crowds: dict[int, tuple[float, int]] = field(default_factory=dict)

    def moment(self, k: int) -> Moment:
        """Person k as they are kept now."""
        c = self.crowd
        u = c.inputs[k] + c.slopes[k] * (c.now[k] - c.since[k])
        truths = tuple(bool(v) for v in c.truths[k])
        return Moment(float(c.now[k]), c.y[k].copy(), c.params[k].copy(), u, c.slopes[k].copy(), truths, self.pending.get(k, ()))

    def until(self, k: int) -> float:
        """How far the reference engine should go: to the end of the step in which something happens, or a little on."""
        c = self.crowd
        now, end = float(c.now[k]), float(self.ends[k])
        if c.status[k] in (lanes.SINGULAR, lanes.ALGEBRAIC):
            return end
        told = max(float(c.reached[k]), now + float(c.step[k])) if c.status[k] == lanes.EVENT else now
        return min(end, told if told > now else now + INSTANT * (end - now))

    def happen(self, k: int) -> int:
        """Let what has turned or is due act where person k stands, by the reference engine's rules; how many events acted.

        -1 where nothing has turned by its arithmetic: then it has to find out itself where it does (`go`).
        """
        kernel, counts = self.reference().kernel, Counter[str]()
        atol = kernel.scale * (self.options.rtol * 1e-3 if self.options.atol is None else self.options.atol)
        body = Body(kernel, self.moment(k), np.where(kernel.nonnegative, -FLOOR * atol, -np.inf), counts)
        body.instant, body.crowd = 1e-9 * float(self.ends[k] - self.batch.start[k]), self.crowds.get(k, body.crowd)
        before = list(body.truths), list(body.pending)
        try:
            with np.errstate(all="ignore"):
                body.happen([])
        except Stopped as stopped:
            self.statuses[k] = Status(stopped.code, k, stopped.time, stopped.state, stopped.detail)
        if k not in self.statuses and not counts["events"] and (body.truths, body.pending) == before:
            return -1
        self.crowds[k] = body.crowd
        crowd, step = self.crowd, float(self.crowd.step[k])
        error, told = float(crowd.before[k]), int(crowd.sample[k])
        begin = int(self.samples.first[k])
        times = self.samples.time[begin : self.samples.last[k]]
        # samples of this time are told after it; times that rounding alone tells apart are one
        told = min(told, begin + int(np.searchsorted(times, body.t - lanes.SAME * abs(body.t), side="left")))
        self._take(k, body.moment(), min([body.t, *times[told - begin : told - begin + 1].tolist()]))
        crowd.sample[k] = told
        if counts["events"]:
            crowd.step[k] = max(float(crowd.first_step[k]), RESTART * step)
        else:
            crowd.step[k], crowd.before[k] = step, error
        return counts["events"]

    def due(self, k: int) -> bool:
        """Whether an event is to act where person k stands."""
        return any(q.due <= self.crowd.now[k] for q in self.pending.get(k, ()))

    def go(self, k: int) -> dict[str, int]:
        """Solve person k from where they are to `until`, and take the result back; its counts."""
        crowd, batch = self.crowd, self.batch
        now, to = float(crowd.now[k]), self.until(k)
        schedule = batch.schedules[k]
        first = int(np.searchsorted([e.time for e in schedule], crowd.acted[k], side="right"))
        rest = tuple(e for e in schedule[first:] if e.time <= to)
        windows = tuple(w[k : k + 1, (w[k] >= now) & (w[k] <= to)] for w in batch.windows)
        one = Batch(
            crowd.params[k : k + 1], crowd.inputs[k : k + 1], crowd.y[k : k + 1], (rest,), np.array([now]), np.array([to]), windows,
            (self.moment(k),),
        )  # fmt: skip
        solved = self.reference().solve(one, replace(self.options, certify=False, wall=self.patience.left()), self.patience.asked)
        for out, window, found in zip(self.states, batch.windows, solved.states, strict=True):
            out[k, (window[k] >= now) & (window[k] <= to)] = found[0]
        self._take(k, solved.moments[0])
        self.patches.setdefault(k, []).append((now, to, one, solved.inputs, solved.params or ()))
        status = solved.statuses[0]
        if status.code is Code.INTERRUPTED and self.patience.stopped == "wall":
            status = replace(status, code=Code.WALL_TIME)
        if not status.ok:
            self.statuses[k] = replace(status, person=k)
        return solved.counts

    def _take(self, k: int, moment: Moment, since: float | None = None) -> None:
        """Go on from a moment, whose parameters and inputs hold from `since` on."""
        crowd = self.crowd
        crowd.now[k] = crowd.acted[k] = moment.time
        crowd.y[k], crowd.params[k], crowd.inputs[k], crowd.slopes[k] = moment.y, moment.p, moment.u, moment.slopes
        crowd.since[k] = moment.time
        crowd.truths[k] = [float(v) for v in moment.truths] or crowd.truths[k]
        crowd.step[k], crowd.before[k], crowd.status[k] = 0.0, lanes.FIRST_ERROR, lanes.WAITING
        self.pending[k] = moment.pending
        crowd.end[k] = min([float(self.ends[k]), *(q.due for q in moment.pending)])
        first, last = self.entries.first[k], self.entries.last[k]
        crowd.entry[k] = first + np.searchsorted(self.entries.time[first:last], moment.time, side="right")
        times = self.samples.time[self.samples.first[k] : self.samples.last[k]]
        crowd.sample[k] = self.samples.first[k] + np.searchsorted(times, moment.time, side="right")
        held = np.full(len(moment.u), moment.time)
        segment = Segment(moment.time if since is None else since, moment.u.copy(), moment.slopes.copy(), held, moment.p.copy())
        self.segments.setdefault(k, []).append(segment)
