"""Times at which rates jump by the clock alone (`where(t < 8, ...)`, floor(t / 24)): found beforehand, and landed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.emit.graph import TIME, Graph
from neurohumor.emit.python import Code, scalars
from neurohumor.engine.backends.reference.crossings import FINEST, Watch, clock_roots, first_change
from neurohumor.engine.native.crowd import Entries
from neurohumor.engine.native.drive import Crowd
from neurohumor.engine.native.lanes import LAND
from neurohumor.engine.problem import Action, Batch, Schedule
from neurohumor.lang.system import System

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Jump = tuple[float, float]
"""The last time before a jump, and the first after it."""
MOST = 100_000
SHORTEST = 1e-200
"""What happens within so short a time of the moment before happens at that moment."""


class Jumps:
    """What of a system jumps by the clock.  `active` is False where nothing does."""

    def __init__(self, system: System) -> None:
        graph = Graph(system)
        triggers = graph.add(e.trigger for e in system.events)
        roots = clock_roots(graph, [*graph.add(system.rates), *triggers])
        self.by_time = any(graph.deps[k] & TIME for k in roots)
        self.active = bool(roots)
        if not roots:
            return
        self._watch = Watch(graph, roots)
        self._code: Code = scalars(graph, {"clock": roots, "triggers": triggers})
        below = graph.reachable(roots)
        self.params = sorted({graph.row[k] for k in below if graph.op[k] == "param"})
        self.inputs = sorted({graph.row[k] for k in below if graph.op[k] == "input"})

    def merged(self, batch: Batch, entries: Entries, crowd: Crowd, people: Sequence[int]) -> Entries:
        """The entries with landings at every jump; people with equal clocks share theirs."""
        moving = [any(e.action is Action.RAMP_INPUT and e.slope for e in s) for s in entries.distinct]
        blocks: dict[tuple[object, ...], int] = {}
        parts: list[list[NDArray[np.float64]]] = []
        at_once: set[tuple[object, ...]] = set()
        first, last = entries.first.copy(), entries.last.copy()
        size = len(entries.time)
        for k in people:
            w = int(entries.which[k])
            ramped = moving[w] or bool(crowd.slopes[k].any())
            if not self.active or not (self.by_time or ramped):
                continue
            given = (crowd.params[k, self.params], crowd.inputs[k, self.inputs], crowd.slopes[k, self.inputs])
            key = (w, float(crowd.now[k]), float(batch.end[k]), *(a.tobytes() for a in given))
            if key not in blocks:
                found = self.of(crowd, k, batch.schedules[k], float(batch.end[k]))
                at_once.update([key] if found and found[0][0] <= crowd.now[k] else [])
                blocks[key] = size
                parts.append(_block(entries, int(entries.first[k]), int(entries.last[k]), found))
                size += len(parts[-1][0])
                blocks[(*key, "end")] = size
            if key in at_once:
                self._look(crowd, k)
            first[k], last[k] = blocks[key], blocks[(*key, "end")]
        if not parts:
            return entries
        columns = [np.concatenate(c) for c in zip(*parts, strict=True)]
        return replace(
            entries, first=first, last=last, time=np.concatenate([entries.time, columns[0]]),
            action=np.concatenate([entries.action, columns[1].astype(np.int64)]),
            index=np.concatenate([entries.index, columns[2].astype(np.int64)]), value=np.concatenate([entries.value, columns[3]]),
            slope=np.concatenate([entries.slope, columns[4]]),
        )  # fmt: skip

    def _look(self, crowd: Crowd, k: int) -> None:
        """Which triggers hold at the start of a person whose clock jumps right after it: the landing passes over that moment."""
        p, u = [float(v) for v in crowd.params[k]], crowd.inputs[k].tolist()
        holds = self._code.functions["triggers"](float(crowd.now[k]), crowd.y[k].tolist(), p, u, self._code.constants(p))
        crowd.truths[k] = [truth if held != 0.0 else 0.0 for truth, held in zip(crowd.truths[k], holds, strict=True)]

    def of(self, crowd: Crowd, k: int, schedule: Schedule, end: float) -> list[Jump]:
        """The jumps of person k, from one change of a parameter or an input to the next."""
        p = [float(v) for v in crowd.params[k]]
        base, slopes, since = crowd.inputs[k].copy(), crowd.slopes[k].copy(), crowd.since[k].copy()
        t, out, rest = float(crowd.now[k]), [], list(schedule)
        while t < end:
            while rest and rest[0].time <= t:
                entry = rest.pop(0)
                if entry.action is Action.SET_PARAM:
                    p[entry.index] = entry.value
                elif entry.action in (Action.SET_INPUT, Action.RAMP_INPUT):
                    base[entry.index], since[entry.index] = entry.value, entry.time
                    slopes[entry.index] = entry.slope if entry.action is Action.RAMP_INPUT else 0.0
            stop = min([end] + [e.time for e in rest[:1]])
            out += self._within(t, stop, p, (base.copy(), slopes.copy(), since.copy()))
            t = stop
        return out

    def _within(self, begin: float, end: float, p: list[float], signal: tuple[Floats, Floats, Floats]) -> list[Jump]:
        base, slopes, since = signal
        constants, known = self._code.constants(p), self._watch.constants(p)
        clock = self._code.functions["clock"]

        def inputs(t: float) -> list[float]:
            return (base + slopes * (t - since)).tolist()

        def look(t: float) -> tuple[float, ...]:
            return tuple([v if v == v else np.inf for v in clock(t, (), p, inputs(t), constants)])

        def decided(a: float, b: float) -> bool:
            pairs = zip(inputs(a), inputs(b), strict=True)
            return self._watch.decided(known, (a, b), {}, [(x, y) if x <= y else (y, x) for x, y in pairs])

        found: list[Jump] = []
        while begin < end and len(found) < MOST:
            width = end - begin
            # to the last digit: an equality holds at one time alone
            jump = first_change(decided, look, (begin, end), 1e-3 * FINEST * width, 0.0)
            if jump is None:
                break
            before = begin if jump[0] - begin < SHORTEST else jump[0]  # t / 24 is 0 for some time after 0: no step is that short
            found.append((before, jump[1]))
            begin = jump[1]
        return found


def _block(entries: Entries, first: int, last: int, jumps: list[Jump]) -> list[NDArray[np.float64]]:
    """time, action, index, value, slope of one schedule with its landings, in the order of time."""
    part = slice(first, last)
    times, after = np.array([j[0] for j in jumps]), np.array([j[1] for j in jumps])
    zeros = np.zeros(len(jumps))
    own = (entries.time, entries.action, entries.index, entries.value, entries.slope)
    columns = [
        np.concatenate([a[part].astype(float), b])
        for a, b in zip(own, (times, np.full(len(jumps), float(LAND_ACTION)), zeros, after, zeros), strict=True)
    ]
    order = np.argsort(columns[0], kind="stable")
    return [c[order] for c in columns]


LAND_ACTION = 100 + LAND
"""How a landing is marked among the actions of entries."""
