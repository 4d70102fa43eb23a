"""One solve from beginning to end: rounds of machine code, with people handed over and taken back in between."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.engine.native import lanes
from neurohumor.engine.native.choice import Party
from neurohumor.engine.native.crowd import Entries, Samples
from neurohumor.engine.native.drive import Crowd, Patience, Task, run, shared_numbers
from neurohumor.engine.native.handover import FLOOR, Handover
from neurohumor.engine.native.outputs import Segment, inputs_over, params_over
from neurohumor.engine.native.variant import Variant
from neurohumor.engine.problem import Action, Batch, Moment, Schedule, Solved, Stiff
from neurohumor.engine.status import Code, Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from neurohumor.engine.native.program import NativeProgram

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

TIGHTER = 0.1
CODES = {
    lanes.TOO_MANY_STEPS: Code.TOO_MANY_STEPS, lanes.STEP_TOO_SMALL: Code.STEP_TOO_SMALL, lanes.NOT_FINITE: Code.NOT_FINITE,
    lanes.NEGATIVE: Code.NEGATIVE, lanes.SINGULAR: Code.SINGULAR, lanes.ALGEBRAIC: Code.ALGEBRAIC,
    lanes.INTERRUPTED: Code.INTERRUPTED,
}  # fmt: skip


class Journey:
    """Everything about one call of `solve`."""

    def __init__(self, program: NativeProgram, batch: Batch, options: Stiff, crowd: Crowd, entries: Entries, *rest: object) -> None:
        samples, statuses, patience = rest
        assert isinstance(samples, Samples) and isinstance(statuses, dict) and isinstance(patience, Patience)
        self.program, self.batch, self.options, self.crowd, self.entries = program, batch, options, crowd, entries
        self.system = program.system
        self.samples, self.patience = samples, patience
        self.statuses: dict[int, Status] = statuses
        self.counts: Counter[str] = Counter(dict.fromkeys(("steps", "rejected", "rhs", "jacobians", "factorisations", "events"), 0))
        self.counts["handed_over"] = self.counts["reruns"] = 0
        width = len(self.system.states)
        self.out = np.full((samples.rows, width), np.nan)
        self.states = tuple(self.out[o : o + p * n].reshape(p, n, width) for o, (p, n) in zip(samples.offsets, samples.shapes, strict=True))
        crowd.sample[:] = samples.first
        self.beginning = Crowd(**{name: getattr(crowd, name).copy() for name in Crowd.__slots__})
        self.handover = Handover(
            program.reference, batch, options, crowd, entries, samples, np.array(batch.end, dtype=float), {}, {}, {}, self.statuses,
            self.states, patience,
        )  # fmt: skip
        if batch.starts is not None:
            for k, moment in enumerate(batch.starts):
                self.handover.pending[k] = moment.pending
                crowd.end[k] = max(crowd.now[k], min([crowd.end[k], *(q.due for q in moment.pending)]))

    def task(self, party: Party, variant: Variant) -> Task:
        """What the code is to do for these people."""
        options, crowd = self.options, self.crowd
        scale = np.array([row.scale for row in self.system.states])
        atol = scale * (options.rtol * 1e-3 if options.atol is None else options.atol)
        nonnegative = np.array([row.nonnegative for row in self.system.states])
        first = int(party.people[0])
        shared = shared_numbers(variant, crowd.params[first], crowd.inputs[first], atol=atol, nonnegative=nonnegative)
        n = len(atol)
        shared[n : 2 * n] /= FLOOR
        return Task(
            variant, crowd, self.entries, self.samples, self.out, np.arange(n, dtype=np.int64), shared, options.rtol,
            math.inf if options.max_step is None else options.max_step, options.max_steps,
        )  # fmt: skip

    def travel(self, party: Party) -> None:
        """Bring these people to their ends."""
        task, queue = self.task(party, self.program.choices.of(party.classes)), party.people
        while len(queue):
            self._run(task, queue)
            queue = self._after(queue)
        self.counts["rounds"] += task.rounds
        self.counts["lane_steps"] += task.lane_steps

    def _run(self, task: Task, queue: Ints) -> None:
        run(task, queue, threads=self.program.threads, interpreted=self.program.interpreted, watch=self.patience)

    def close(self, people: Ints) -> None:
        """Nobody is helped any more: whoever is not at their end is told why."""
        for k in people[self.crowd.status[people] != lanes.SOLVED].tolist():
            self.statuses.setdefault(k, self._status(k, int(self.crowd.status[k])))

    def _after(self, queue: Ints) -> Ints:
        """Who goes on, after what had to be done for them outside the code."""
        crowd = self.crowd
        again: list[int] = []
        if self.patience.stopped:
            crowd.status[queue[crowd.status[queue] == lanes.WAITING]] = lanes.INTERRUPTED
        late = np.array([self.handover.due(k) for k in queue.tolist()]) if self.handover.pending else False
        for k in queue[(crowd.status[queue] != lanes.SOLVED) | (crowd.now[queue] < self.handover.ends[queue]) | late].tolist():
            status = int(crowd.status[k])
            if status == lanes.NEGATIVE and crowd.tighter[k] == 1.0:
                self._restart(k)
                again.append(k)
            elif status in (lanes.SOLVED, lanes.EVENT) and not self.patience.stopped and self._happened(k):
                if k in self.statuses:
                    crowd.status[k] = lanes.SOLVED
                else:
                    again.append(k)
            elif status in (lanes.SOLVED, lanes.EVENT, lanes.SINGULAR, lanes.ALGEBRAIC) and not self.patience.stopped:
                found = self.handover.go(k)
                self.counts.update(
                    {name: found.get(name, 0) for name in ("steps", "rejected", "rhs", "jacobians", "factorisations", "events")}
                )
                self.counts["handed_over"] += 1
                if k in self.statuses or crowd.now[k] >= self.handover.ends[k]:
                    crowd.status[k] = lanes.SOLVED
                else:
                    again.append(k)
            else:
                self.statuses.setdefault(k, self._status(k, status))
        crowd.status[again] = lanes.WAITING
        return np.array(again, dtype=np.int64)

    def _happened(self, k: int) -> bool:
        """Whether what turned or was due at this moment could act."""
        acted = self.handover.happen(k)
        self.counts["events"] += max(acted, 0)
        return acted >= 0

    def _restart(self, k: int) -> None:
        """From the beginning, ten times tighter: a state went below zero."""
        for name in Crowd.__slots__:
            if name not in ("steps", "rejected", "tighter"):
                getattr(self.crowd, name)[k] = getattr(self.beginning, name)[k]
        self.crowd.tighter[k] = TIGHTER
        self.out[self.samples.row[self.samples.first[k] : self.samples.last[k]]] = np.nan
        self.handover.segments.pop(k, None)
        self.handover.patches.pop(k, None)
        starts = self.batch.starts
        self.handover.pending[k] = starts[k].pending if starts is not None else ()
        self.crowd.end[k] = max(self.crowd.now[k], min([self.handover.ends[k], *(q.due for q in self.handover.pending[k])]))
        self.counts["reruns"] += 1

    def _status(self, k: int, status: int) -> Status:
        crowd = self.crowd
        code = CODES.get(status, Code.INTERRUPTED)
        if status in (lanes.INTERRUPTED, lanes.EVENT, lanes.SOLVED):
            code = Code.WALL_TIME if self.patience.stopped == "wall" else Code.INTERRUPTED
        at = int(crowd.culprit[k])
        named = code not in (Code.INTERRUPTED, Code.WALL_TIME, Code.TOO_MANY_STEPS) and at >= 0
        states = self.system.states
        return Status(code, k, float(crowd.now[k]), states[at].full if named and at < len(states) else "")

    def solved(self) -> Solved:
        """What there is to give back."""
        people = len(self.batch.start)
        statuses = tuple(self.statuses[k] if k in self.statuses else Status(Code.OK, k, float(self.batch.end[k])) for k in range(people))
        for k, status in self.statuses.items():
            if not status.ok:
                self._blank(k, status.time)
        c = self.counts
        steps, rejected = int(self.crowd.steps.sum()), int(self.crowd.rejected.sum())
        c.update({"steps": steps, "rejected": rejected, "rhs": 8 * (steps + rejected)})
        c.update({"jacobians": steps + rejected, "factorisations": steps + rejected})
        moments = tuple(self._moment(k) for k in range(people))
        return Solved(self.states, self._params(), self._inputs(), moments, statuses, dict(c))

    def _moment(self, k: int) -> Moment:
        if self.statuses.get(k) is not None and self.statuses[k].code is Code.BAD_INPUT:
            y, p, u = (np.full(len(rows), np.nan) for rows in (self.system.states, self.system.params, self.system.inputs))
            return Moment(float(self.batch.start[k]), y, p, u, np.zeros(len(u)))
        return self.handover.moment(k)

    def _blank(self, k: int, since: float) -> None:
        """NaN from the time at which a person failed."""
        for window, states in zip(self.batch.windows, self.states, strict=True):
            states[k, ~(window[k] < since)] = np.nan

    def _inputs(self) -> tuple[Floats, ...]:
        out: list[Floats] = []
        for w, window in enumerate(self.batch.windows):
            values = np.empty((*window.shape, len(self.system.inputs)))
            self._fill(values, w, inputs_over)
            out.append(self._failed_blank(values, window))
        return tuple(out)

    def _params(self) -> tuple[Floats, ...] | None:
        by_events = any(leaf.kind == "param" for e in self.system.events for leaf, _ in e.sets)
        if not by_events and not any(e.action is Action.SET_PARAM for s in self.entries.distinct for e in s):
            return None
        out: list[Floats] = []
        for w, window in enumerate(self.batch.windows):
            values = np.empty((*window.shape, len(self.system.params)))
            self._fill(values, w, params_over)
            out.append(self._failed_blank(values, window))
        return tuple(out)

    def _fill(self, values: Floats, w: int, over: Callable[[Sequence[Segment], Schedule, Floats], Floats]) -> None:
        """What schedules and events made of inputs or parameters; people of one schedule and one window at once."""
        window, b = self.batch.windows[w], self.beginning
        for which, schedule in enumerate(self.entries.distinct):
            who = np.flatnonzero(self.entries.which == which)
            alike = (window[who] == window[who[0]]).all(axis=1) & (b.now[who] == b.now[who[0]])
            alike &= np.array([k not in self.handover.segments for k in who.tolist()])
            together = who[alike]
            if len(together):
                first = Segment(float(b.now[together[0]]), b.inputs[together], b.slopes[together], b.since[together], b.params[together])
                values[together] = over([first], schedule, window[together[0]])
            for k in who[~alike].tolist():
                first = Segment(float(b.now[k]), b.inputs[k], b.slopes[k], b.since[k], b.params[k])
                values[k] = over([first, *self.handover.segments.get(k, ())], schedule, window[k])
                self._patch(values, w, k, which=0 if over is inputs_over else 1)

    def _patch(self, values: Floats, w: int, k: int, *, which: int) -> None:
        """What the reference engine said of the stretches that it solved."""
        for start, end, _, inputs, params in self.handover.patches.get(k, ()):
            found = (inputs, params)[which]
            if found:
                window = self.batch.windows[w][k]
                values[k, (window >= start) & (window <= end)] = found[w][0]

    def _failed_blank(self, values: Floats, window: Floats) -> Floats:
        for k, status in self.statuses.items():
            if not status.ok:
                values[k, ~(window[k] < status.time)] = np.nan
        return values
