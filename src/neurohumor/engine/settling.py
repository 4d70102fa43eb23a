"""Finding the state that a habitual period leads back to: plain days, Anderson's mixing, and Newton where that is not enough.

The map takes the state at 00:00 through one habitual period.  Anderson's steps are weighted means of states that the map
has reached (the weights add up to one), so every linear total that the map keeps, such as a closed pool, is kept by them.
Newton's steps on the slow states find the directions in which the map is singular and keep the totals that belong to them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from neurohumor.lang.expr import symbols
from neurohumor.lang.system import Leaf, System

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Target:
    """When a baseline counts as found, in percent of a state's size per day.

    aim       iteration stops below this drift; limit: above this drift the baseline has not been found
    nearness  and the next correction would be less than this share of a state's size
    most      habitual periods run at most; memory: steps that Anderson's mixing remembers; newton: slow states at most
    """

    aim: float = 0.005
    limit: float = 0.05
    nearness: float = 1e-3
    most: int = 80
    run_in: int = 3
    memory: int = 10
    newton: int = 60


@dataclass(slots=True)
class Path:
    """One person's way to the baseline: the states tried and where the map took them."""

    scale: Floats
    counted: Truths
    slow: Truths
    nonnegative: Truths
    tried: list[Floats] = field(default_factory=list)
    reached: list[Floats] = field(default_factory=list)
    best: float = math.inf
    periods: int = 0
    stuck: int = 0

    def size(self, *ys: Floats) -> Floats:
        """What a change of each state is compared with: its typical size, or the size it has."""
        return np.maximum(self.scale, np.max(np.abs(np.stack(ys)), axis=0))

    def drift(self, days: float) -> Floats:
        """Percent per day of each state over the last period; NaN for states that do not count."""
        x, y = self.tried[-1], self.reached[-1]
        return np.where(self.counted, 100.0 * (y - x) / self.size(x, y) / days, np.nan)


def counted_states(system: System) -> Truths:
    """States that can come to rest: not algebraic, and neither autonomous nor driven by a part that oscillates by itself."""
    restless = {i for i, row in enumerate(system.states) if row.timescale == "autonomous"}
    if restless:
        restless = _reached_by(system, restless)
    return np.array([d and i not in restless for i, d in enumerate(system.differential)], dtype=bool)


def _reached_by(system: System, sources: set[int]) -> set[int]:
    """The states whose rates read, over any path, one of these states."""
    read: list[set[int]] = []
    for row in system.derived:
        read.append(_states_in([row.expr], read))
    rates = [_states_in([rate], read) for rate in system.rates]
    found = set(sources)
    while True:
        more = {i for i, r in enumerate(rates) if i not in found and r & found}
        if not more:
            return found
        found |= more


def _states_in(exprs: Sequence[object], derived: list[set[int]]) -> set[int]:
    found: set[int] = set()
    for leaf in symbols(*exprs):  # type: ignore[arg-type]
        if isinstance(leaf, Leaf) and leaf.kind == "state":
            found.add(leaf.index)
        elif isinstance(leaf, Leaf) and leaf.kind == "derived":
            found |= derived[leaf.index]
    return found


def new_path(system: System) -> Path:
    """The start of a way, before any period was run."""
    rows = system.states
    return Path(
        np.array([row.scale for row in rows], dtype=float),
        counted_states(system),
        np.array([row.timescale in ("slow", "day") for row in rows], dtype=bool),
        np.array([row.nonnegative for row in rows], dtype=bool),
    )


def record(path: Path, x: Floats, y: Floats, days: float, target: Target) -> None:
    """Note that the map took x to y; a step that made things much worse empties the memory."""
    path.periods += 1
    path.tried.append(x)
    path.reached.append(y)
    drift = path.drift(days)
    if path.periods >= target.run_in:
        path.slow |= path.counted & (np.abs(np.nan_to_num(drift)) > target.aim)
    worst = worst_of(drift)
    if worst > 3.0 * path.best and len(path.tried) > 2:
        path.tried, path.reached = path.tried[-1:], path.reached[-1:]
    path.stuck = 0 if worst < 0.5 * path.best else path.stuck + 1
    path.best = min(path.best, worst)
    del path.tried[: -target.memory - 1], path.reached[: -target.memory - 1]


def worst_of(drift: Floats) -> float:
    """The largest drift of the states that count; 0 where none does."""
    return float(np.nanmax(np.abs(drift))) if np.isfinite(drift).any() else 0.0


def next_state(path: Path, target: Target) -> tuple[Floats, float]:
    """Where to start the next period, and how far that is from where the last one ended, as a share of each state's size."""
    y = path.reached[-1]
    mixed = _mixed(path, target) if path.periods >= target.run_in and len(path.tried) > 1 else y
    gap = np.where(path.counted, np.abs(mixed - y) / path.size(y), 0.0)
    return mixed, float(gap.max(initial=0.0))


def _mixed(path: Path, target: Target) -> Floats:
    """Anderson's step: the weighted mean of reached states whose weighted residual is least, held back where a state would run empty."""
    slow = path.slow & path.counted
    y = path.reached[-1]
    if not slow.any():
        return y
    residual = [(b - a)[slow] / path.size(y)[slow] for a, b in zip(path.tried, path.reached, strict=True)]
    turns = np.stack([residual[k + 1] - residual[k] for k in range(len(residual) - 1)], axis=1)
    moves = np.stack([path.reached[k + 1] - path.reached[k] for k in range(len(residual) - 1)], axis=1)
    weights, *_ = np.linalg.lstsq(turns, residual[-1], rcond=1e-7)
    return held_back(path, y, y - moves @ weights)


def held_back(path: Path, y: Floats, wanted: Floats) -> Floats:
    """The part of the step y -> wanted at which no state falls below a fifth, or rises above ten times, of what it was."""
    if not np.isfinite(wanted).all():
        return y
    step = wanted - y
    share = 1.0
    low = path.nonnegative & (step < 0)
    if low.any():
        room = 0.8 * np.maximum(y[low], 0.0) / -step[low]
        share = min(share, float(room.min()))
    high = step > 0
    if high.any():
        room = 9.0 * path.size(y)[high] / step[high]
        share = min(share, float(room.min()))
    return y + share * step


def newton_step(path: Path, x: Floats, y: Floats, probes: Floats, deltas: Floats) -> Floats:
    """Newton's step on the slow states from the map at x (it gave y) and at x + deltas[k] e_k (it gave probes[k]).

    Where the map minus identity is singular, its left null vectors are totals that it keeps; the step is chosen to keep them.
    """
    slow = np.flatnonzero(path.slow & path.counted)
    size = path.size(x, y)[slow]
    residual = (y - x)[slow] / size
    jacobian = ((probes[:, slow] - y[slow]) / deltas[:, None]).T * (size[None, :] / size[:, None]) - np.eye(len(slow))
    u, sizes, vt = np.linalg.svd(jacobian)
    kept = sizes > 1e-5 * max(float(sizes.max(initial=0.0)), 1e-3)
    step = -(vt[kept].T @ ((u[:, kept].T @ residual) / sizes[kept]))
    if not kept.all():
        left, right = u[:, ~kept], vt[~kept].T
        amount, *_ = np.linalg.lstsq(left.T @ right, left.T @ step, rcond=1e-8)
        step = step - right @ amount
    moved = y.copy()
    moved[slow] = x[slow] + step * size
    return held_back(path, y, moved)
