"""Solving one person of a hand-written system in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurohumor.engine.problem import Batch, Entry, Moment, Program, Solved, Stiff
from neurohumor.engine.program import compile
from neurohumor.engine.status import Status
from neurohumor.lang.system import Leaf, System

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Course:
    """One person's run: times, states [time, state], and everything else."""

    times: Floats
    states: Floats
    solved: Solved

    @property
    def status(self) -> Status:
        return self.solved.statuses[0]

    @property
    def moment(self) -> Moment:
        return self.solved.moments[0]

    def of(self, leaf: Leaf) -> Floats:
        """The course of a state, or of a parameter where one changes."""
        if leaf.kind == "state":
            return self.states[:, leaf.index]
        assert self.solved.params is not None
        return self.solved.params[0][0, :, leaf.index]


def batch_of(
    system: System,
    times: Sequence[float] | Floats,
    entries: Sequence[Entry] = (),
    *,
    end: float | None = None,
    start: float | None = None,
    values: Mapping[Leaf, float] | None = None,
    people: int = 1,
    moment: Moment | None = None,
) -> Batch:
    """A batch of equal people; `values`: what is given of states, parameters and inputs."""
    vectors = {
        kind: np.full((people, len(rows)), np.nan)
        for kind, rows in (("state", system.states), ("param", system.params), ("input", system.inputs))
    }
    for leaf, value in (values or {}).items():
        vectors[leaf.kind][:, leaf.index] = value
    window = np.tile(np.asarray(times, dtype=float), (people, 1))
    begin = window[0, 0] if start is None else start
    last = window[0, -1] if end is None else end
    schedule = tuple(sorted(entries, key=lambda e: e.time))
    times_of = (np.full(people, begin), np.full(people, last))
    starts = None if moment is None else (moment,) * people
    return Batch(vectors["param"], vectors["input"], vectors["state"], (schedule,) * people, *times_of, (window,), starts)


def solve(
    system: System, times: Sequence[float] | Floats, entries: Sequence[Entry] = (), *, options: Stiff | None = None, **more: Any
) -> Course:
    """One person, solved; nothing is asserted about the status."""
    program: Program = compile(system)
    solved = program.solve(batch_of(system, times, entries, **more), options or Stiff(rtol=1e-9))
    return Course(np.asarray(times, dtype=float), solved.states[0][0], solved)
