"""Populations of any size in constant memory: people come in portions, and only running summaries stay.

Summaries are merged in the order of the portions, so that they do not depend on threads; percentiles are read off counts in
logarithmic bins, within half a per cent of the value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.engine.problem import Batch, Program, Progress, Stiff
from neurohumor.engine.status import Code, Status
from neurohumor.errors import SolveError
from neurohumor.lang.system import Leaf

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ACCURACY = 0.005
"""Relative, of percentiles."""
SMALLEST, LARGEST = 1e-12, 1e12
"""Sizes, relative to `unit`, between which percentiles are told apart; what is smaller counts as zero."""
MOST_FAILURES = 1000
"""Statuses of people who failed that are kept; all are counted."""


@dataclass(slots=True)
class Summary:
    """Running summaries of numbers [person, ...]: count, mean, variance, smallest, largest, percentiles, for each place."""

    shape: tuple[int, ...]
    count: NDArray[np.int64] = field(init=False)
    mean: Floats = field(init=False)
    squares: Floats = field(init=False)
    smallest: Floats = field(init=False)
    largest: Floats = field(init=False)
    _bins: dict[int, NDArray[np.int64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.count = np.zeros(self.shape, dtype=np.int64)
        self.mean, self.squares = np.zeros(self.shape), np.zeros(self.shape)
        self.smallest, self.largest = np.full(self.shape, np.inf), np.full(self.shape, -np.inf)

    def add(self, values: Floats) -> None:
        """Take in more people, [person, ...]; NaN is left out."""
        if not len(values):
            return
        there = ~np.isnan(values)
        count = there.sum(axis=0)
        filled = np.where(there, values, 0.0)
        mean = filled.sum(axis=0) / np.maximum(count, 1)
        squares = (np.where(there, values - mean, 0.0) ** 2).sum(axis=0)
        total = self.count + count
        apart = mean - self.mean
        share = count / np.maximum(total, 1)
        self.squares += squares + apart**2 * self.count * share
        self.mean += apart * share
        self.count = total
        self.smallest = np.minimum(self.smallest, np.where(there, values, np.inf).min(axis=0))
        self.largest = np.maximum(self.largest, np.where(there, values, -np.inf).max(axis=0))
        self._sort(values, there)

    def _sort(self, values: Floats, there: NDArray[np.bool_]) -> None:
        sizes = np.abs(np.where(there, values, 0.0))
        with np.errstate(divide="ignore"):
            level = np.ceil(np.log(np.clip(sizes, SMALLEST, LARGEST) / SMALLEST) / np.log1p(2 * ACCURACY)).astype(np.int64) + 1
        level = np.where(sizes <= SMALLEST, 0, level) * np.where(values < 0, -1, 1)
        places = np.broadcast_to(np.arange(int(np.prod(self.shape))).reshape(self.shape), values.shape)
        flat, at = level[there], places[there]
        for bin_ in np.unique(flat):
            row = self._bins.setdefault(int(bin_), np.zeros(int(np.prod(self.shape)), dtype=np.int64))
            row += np.bincount(at[flat == bin_], minlength=len(row))

    @property
    def variance(self) -> Floats:
        """With count - 1; NaN for fewer than two"""
        return np.where(self.count > 1, self.squares / np.maximum(self.count - 1, 1), np.nan)

    def percentile(self, q: float) -> Floats:
        """The value below which q per cent lie, within half a per cent of itself."""
        if not 0 <= q <= 100:
            raise SolveError(f"there is no percentile {q}", remedy="give a number from 0 to 100")
        bins = sorted(self._bins)
        out = np.full(int(np.prod(self.shape)), np.nan)
        wanted = np.maximum(np.ceil(q / 100 * self.count.ravel()), 1)
        passed = np.zeros(len(out), dtype=np.int64)
        for bin_ in bins:
            passed = passed + self._bins[bin_]
            size = 0.0 if bin_ == 0 else SMALLEST * (1 + 2 * ACCURACY) ** (abs(bin_) - 1.5)
            out[np.isnan(out) & (passed >= wanted) & (self.count.ravel() > 0)] = size if bin_ >= 0 else -size
        return np.clip(out.reshape(self.shape), self.smallest, self.largest)


@dataclass(slots=True)
class Streamed:
    """summaries, one per window, of [time, output]; how many people, by code; the first of those who failed; counts."""

    summaries: tuple[Summary, ...]
    codes: Counter[Code]
    failures: list[Status]
    counts: Counter[str]

    @property
    def people(self) -> int:
        """How many in all"""
        return sum(self.codes.values())


def stream(
    program: Program, portions: Iterable[Batch], outputs: Sequence[Leaf], options: Stiff, *, progress: Progress | None = None
) -> Streamed:
    """Solve portions of people, all with windows of one shape, and keep summaries of these outputs (states or derived rows).

    A person who failed counts among the codes and not in the summaries.  Raises SolveError for portions that do not fit together.
    """
    found: Streamed | None = None
    before = 0
    for batch in portions:
        solved = program.solve(batch, options, progress)
        shapes = [(w.shape[1], len(outputs)) for w in batch.windows]
        if found is None:
            found = Streamed(tuple(Summary(s) for s in shapes), Counter(), [], Counter())
        if [s.shape for s in found.summaries] != shapes:
            raise SolveError("portions must have windows of one shape", where=program.system.name, remedy="give everyone the same windows")
        good = np.array([s.ok for s in solved.statuses], dtype=bool)
        for w, summary in enumerate(found.summaries):
            params = np.array([m.p for m in solved.moments])[:, None, :] if solved.params is None else solved.params[w]
            values = _values(program, outputs, (batch.windows[w][good], solved.states[w][good], params[good], solved.inputs[w][good]))
            summary.add(values)
        found.codes.update(s.code for s in solved.statuses)
        room = MOST_FAILURES - len(found.failures)
        bad = [s for s in solved.statuses if not s.ok][: max(room, 0)]
        found.failures += [Status(s.code, s.person + before, s.time, s.state, s.detail) for s in bad]
        found.counts.update(solved.counts)
        before += len(solved.statuses)
        if any(s.code in (Code.INTERRUPTED, Code.WALL_TIME) for s in bad):
            break
    if found is None:
        raise SolveError("there is nobody to solve", where=program.system.name, remedy="give at least one portion")
    return found


def _values(program: Program, outputs: Sequence[Leaf], numbers: tuple[Floats, Floats, Floats, Floats]) -> Floats:
    """[person, time, output]"""
    t, y, p, u = numbers
    derived = program.derived(t, y, p, u) if any(leaf.kind == "derived" for leaf in outputs) else None
    columns: list[Floats] = []
    for leaf in outputs:
        if leaf.kind == "derived" and derived is not None:
            columns.append(derived[..., leaf.index])
        elif leaf.kind == "state":
            columns.append(y[..., leaf.index])
        else:
            raise SolveError(f"{leaf.name} is neither a state nor a derived value", remedy="stream what changes with time")
    return np.stack(columns, axis=-1)
