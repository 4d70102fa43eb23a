"""Finding the state that a habitual period leads back to: plain days, Anderson's mixing, and Newton where that is not enough.

The map takes the state at 00:00 through one habitual period.  Only slow states are moved by hand; fast ones follow them
within a period.  States that cannot be negative are moved by factors (in their logarithm, so that nothing dies out by a
step), members of a closed pool by amounts: Anderson's steps are weighted means of what the map has reached, the weights add
up to one, and so every total of a pool is kept.  Newton's steps keep the totals that belong to singular directions.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from neurohumor.engine.pools import closed_pools, counted_states
from neurohumor.lang.system import System

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
LASTING = 0.3
"""A state is slow where more than this share of a nudge is left after a period, in it or in another state."""
FAR = 0.02
"""A step further than this share of a state's size is followed by a period for the fast states to come after."""
SMALLEST = 0.01
"""A slow state is measured by its own value down to this share of its typical size."""
FACTOR = 3.0
"""No step takes a state further than this factor up or down."""
NUDGE = 1e-3
FEW = 8
"""Slow states for which Newton's step costs little more than mixing."""


@dataclass(frozen=True, slots=True)
class Target:
    """When a baseline counts as found, in percent of a state's size per day.

    aim       iteration stops below this drift; limit: above this drift the baseline has not been found
    nearness  and the next correction would be less than this share of a state's size
    most      habitual periods run at most; memory: steps that Anderson's mixing remembers
    patience  periods without halving the drift after which Newton is asked (where there are few slow states, 2)
    newton    slow states that it takes at most
    """

    aim: float = 0.005
    limit: float = 0.05
    nearness: float = 2e-4
    most: int = 80
    run_in: int = 3
    memory: int = 10
    patience: int = 6
    newton: int = 60


@dataclass(slots=True)
class Path:
    """One person's way to the baseline: the states tried and where the map took them.

    counted  states that can come to rest; slow: those moved by hand, declared so or found to be so
    by_factor  states moved in their logarithm; pools: states of one closed pool
    """

    scale: Floats
    counted: Truths
    slow: Truths
    nonnegative: Truths
    pools: tuple[tuple[int, ...], ...] = ()
    tried: list[Floats] = field(default_factory=list)
    reached: list[Floats] = field(default_factory=list)
    best: float = math.inf
    periods: int = 0
    stuck: int = 0
    following: bool = False

    def copy(self) -> Path:
        """A way of its own from here on."""
        return replace(self, slow=self.slow.copy(), tried=list(self.tried), reached=list(self.reached))

    @property
    def pooled(self) -> Truths:
        """Members of closed pools."""
        mask = np.zeros(len(self.scale), dtype=bool)
        for pool in self.pools:
            mask[list(pool)] = True
        return mask

    @property
    def moved(self) -> Truths:
        """The slow states that count, and whatever shares a closed pool with one."""
        mask = self.slow & self.counted
        for pool in self.pools:
            if mask[list(pool)].any():
                mask[list(pool)] = True
        return mask

    def by_factor(self, *ys: Floats) -> Truths:
        """The states that are moved in their logarithm: above zero everywhere, and in no closed pool."""
        above = np.min(np.stack(ys), axis=0) > 1e-9 * self.scale
        return above & self.nonnegative & ~self.pooled

    def size(self, *ys: Floats) -> Floats:
        """What a change of each state is compared with: its typical size or what it has, of a slow one what it has."""
        least = np.where(self.slow & self.nonnegative, SMALLEST, 1.0) * self.scale
        return np.maximum(least, np.max(np.abs(np.stack(ys)), axis=0))

    def drift(self, days: float) -> Floats:
        """Percent per day of each state over the last period; NaN for states that do not count."""
        x, y = self.tried[-1], self.reached[-1]
        return np.where(self.counted, 100.0 * (y - x) / self.size(x, y) / days, np.nan)


def new_path(system: System) -> Path:
    """The start of a way, before any period was run."""
    for known, path in _FIRST:
        if known is system:
            return path.copy()
    _FIRST.append((system, _first(system)))
    return _FIRST[-1][1].copy()


_FIRST: deque[tuple[System, Path]] = deque(maxlen=16)


def _first(system: System) -> Path:
    rows = system.states
    return Path(
        np.array([row.scale for row in rows], dtype=float),
        counted_states(system),
        np.array([row.timescale in ("slow", "day") for row in rows], dtype=bool),
        np.array([row.nonnegative for row in rows], dtype=bool),
        closed_pools(system),
    )


def record(path: Path, x: Floats, y: Floats, days: float, target: Target) -> None:
    """Note that the map took x to y."""
    path.periods += 1
    path.tried.append(x)
    path.reached.append(y)
    drift = path.drift(days)
    known = worst_of(np.where(path.slow, drift, np.nan))
    worst = known if known > target.aim else worst_of(drift)
    path.stuck = 0 if worst < 0.5 * path.best else path.stuck + 1
    path.best = min(path.best, worst)
    del path.tried[: -target.memory - 1], path.reached[: -target.memory - 1]


def worst_of(drift: Floats) -> float:
    """The largest drift of the states that count; 0 where none does."""
    return float(np.nanmax(np.abs(drift))) if np.isfinite(drift).any() else 0.0


def wants_newton(path: Path, days: float, target: Target) -> bool:
    """Whether mixing has stopped making way, or states drift that are not known as slow while those that are have come to rest."""
    if path.periods < target.run_in or not path.tried or path.following:
        return False
    drift = np.abs(np.nan_to_num(path.drift(days)))
    late = (drift > target.aim) & path.counted
    patience = min(target.patience, 2) if path.moved.sum() <= FEW else target.patience
    return bool(late.any()) and (path.stuck >= patience or not bool((late & path.slow).any()))


def candidates(path: Path, days: float, target: Target) -> Truths:
    """The states that Newton looks at: the slow ones with their pools, and those that drift, the fastest first."""
    mask = path.moved.copy()
    drift = np.abs(np.nan_to_num(path.drift(days)))
    for k in np.argsort(-drift):
        if mask.sum() >= target.newton or drift[k] <= target.aim:
            break
        mask[k] |= path.counted[k]
    return mask


def next_state(path: Path, target: Target) -> tuple[Floats, float]:
    """Where to start the next period, and how far that is from where the last one ended, as a share of each state's size.

    Infinitely far while too little is known to tell.
    """
    y = path.reached[-1]
    if path.periods < target.run_in or len(path.tried) < 2:
        return y, math.inf
    mixed = _mixed(path)
    gap = distance(path, mixed, y)
    path.following = gap > FAR
    return mixed, gap


def distance(path: Path, a: Floats, b: Floats) -> float:
    """The largest difference as a share of a state's size."""
    return float(np.where(path.counted, np.abs(a - b) / path.size(b), 0.0).max(initial=0.0))


def _mixed(path: Path) -> Floats:
    """Anderson's step: the weighted mean of reached states whose weighted residual is least, over the states that are moved."""
    slow, moved, y = path.slow & path.counted, path.moved, path.reached[-1]
    if not slow.any():
        return y
    latest = slice(-int(slow.sum()) - 1, None)  # more steps than unknowns would drown the latest, which are the nearest
    factor, size = path.by_factor(*path.tried[latest], *path.reached[latest]), path.size(y)
    tried, reached = ([_coordinates(a, factor, size) for a in states[latest]] for states in (path.tried, path.reached))
    residual = [(b - a)[slow] for a, b in zip(tried, reached, strict=True)]
    turns = np.stack([b - a for a, b in pairwise(residual)], axis=1)
    moves = np.stack([b - a for a, b in pairwise(reached)], axis=1)
    weights, *_ = np.linalg.lstsq(turns, residual[-1], rcond=1e-7)
    return stepped(path, y, np.where(moved, -(moves @ weights), 0.0), factor, size)


def _coordinates(y: Floats, factor: Truths, size: Floats) -> Floats:
    """States as they are moved: logarithms, or shares of their size."""
    return np.where(factor, np.log(np.where(factor, y, 1.0)), y / size)


def stepped(path: Path, y: Floats, step: Floats, factor: Truths, size: Floats) -> Floats:
    """y moved by a step in coordinates (see `_coordinates`), or by the part of it that stays within `FACTOR`; y itself where that is
    next to nothing."""
    if not np.isfinite(step).all():
        return y
    share = 1.0
    room = np.full(len(y), math.log(FACTOR))
    fall = path.nonnegative & ~factor & (step < 0)
    room[~factor] = FACTOR - 1.0
    room[fall] = np.maximum(y[fall], 0.0) / size[fall] * (1.0 - 1.0 / FACTOR)
    going = step != 0
    if going.any():
        share = min(1.0, float((room[going] / np.abs(step[going])).min()))
    if share < 0.02:
        return y
    by = np.exp(np.where(factor, share * step, 0.0))
    return np.where(factor, y * by, y + share * step * size)


def newton_step(path: Path, x: Floats, reached: Floats, asked: Truths) -> Floats:
    """Newton's step on slow states, from the map at x (it gave reached[0]) and at x moved by `nudges` in each asked state.

    States that forget a nudge within the period are fast, and left to the map; the others are slow from now on.
    Where the map minus identity is singular, its left null vectors are totals that it keeps; the step is chosen to keep them.
    """
    y, rows = reached[0], np.flatnonzero(asked)
    factor, size = path.by_factor(x, *reached), path.size(x, y)
    begun = _coordinates(x, factor, size)
    ended = np.stack([_coordinates(one, factor, size) for one in reached])
    nudged = _coordinates(x + nudges(path, x, asked), factor, size) - begun
    memory = ((ended[1:, rows] - ended[0, rows]) / nudged[rows][:, None]).T
    lasting = np.abs(memory).max(axis=0, initial=0.0) > LASTING
    path.slow[rows] |= lasting & path.counted[rows]
    keep = path.moved[rows]
    step = np.zeros(len(y))
    step[rows[keep]] = _solved(memory[np.ix_(keep, keep)] - np.eye(int(keep.sum())), (ended[0] - begun)[rows[keep]])
    step -= np.where(step != 0, ended[0] - begun, 0.0)  # the step leads on from x, the next period begins near y
    return stepped(path, y, step, factor, size)


def _solved(jacobian: Floats, residual: Floats) -> Floats:
    """The step that makes the residual vanish; along singular directions, the one that keeps the totals."""
    u, sizes, vt = np.linalg.svd(jacobian)
    good = sizes > 1e-5 * max(float(sizes.max(initial=0.0)), 1e-3)
    step = -(vt[good].T @ ((u[:, good].T @ residual) / sizes[good]))
    if not good.all():
        left, right = u[:, ~good], vt[~good].T
        amount, *_ = np.linalg.lstsq(left.T @ right, left.T @ step, rcond=1e-8)
        step = step - right @ amount
    return step


def nudges(path: Path, x: Floats, asked: Truths) -> Floats:
    """[state] by how much each asked state is moved to see what the map makes of it; 0 for the others."""
    return np.where(asked, NUDGE * path.size(x), 0.0)
