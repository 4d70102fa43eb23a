"""The reference person's settled day and how it answers nudges: where everybody's search begins and what steers it.

People of one system differ, their days less so: Newton's step is taken with the slopes that the reference person's day has
(a chord), and Anderson's mixing of such steps makes up for what is one's own.  The guide depends on the system and on the
options alone, and so each person comes out the same whatever the company.  Members of closed pools are left to the day itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from neurohumor.engine import settling
from neurohumor.engine.problem import Moment
from neurohumor.engine.settling import Path

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Rows = NDArray[np.int64]
MEMORY = 4
"""Steps that are mixed."""
PATIENCE = 4
"""Periods without halving the way still to go after which steering rests."""
REST = 6
"""Periods that a person then lives without being moved: for what only time brings, such as the clock's entrainment."""
BELIEVED = 10.0
"""Times as high as where the slopes were taken: beyond, one's own day is nudged before an end is believed.  What grows for ever hardly
grows beside what it has become, and only its own slopes show that there is no end."""
STALLS = 4
"""Rests after which the search is given up; after every second one the person's own day is nudged."""


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """How a settled period answers nudges.

    moment    where it begins; first: [state] the values declared for the beginning of everything
    asked     rows of the states that were nudged; kept: [state, asked] what is left of each nudge after a period
    factor    states measured in their logarithm; size: [state] the measure of the others
    days      length of the period; steps: what the engine takes for a day of it
    """

    moment: Moment
    first: Floats
    asked: Rows
    kept: Floats
    factor: Truths
    size: Floats
    days: int
    steps: int
    _led: dict[int, tuple[Floats, Floats]] = field(default_factory=dict)

    def led_on(self, days: int) -> tuple[Floats, Floats]:
        """What is left of nudges after so many days, and the inverse of what the asked states then lack of themselves."""
        if days in self._led:
            return self._led[days]
        more = max(1, round(days / self.days)) - 1
        kept = self.kept @ np.linalg.matrix_power(self.kept[self.asked], more)
        inverse = np.linalg.pinv(np.eye(len(self.asked)) - kept[self.asked], rcond=1e-6)
        self._led[days] = kept, np.asarray(inverse, dtype=float)
        return self._led[days]


@dataclass(frozen=True, slots=True, eq=False)
class Nudged:
    """[1 + asked, state] where a period begins and ends: as it is, and with each of the asked states nudged."""

    begun: Floats
    ended: Floats
    asked: Rows


def guide_from(path: Path, seen: Nudged, moment: Moment, first: Floats, *, days: int, steps: int) -> Guide:
    """The guide that nudges reveal of the period that leads to a moment."""
    begun, ended, asked = seen.begun, seen.ended, seen.asked
    large = np.minimum(begun[0], ended[0]) > settling.SMALLEST * path.scale
    factor, size = path.by_factor(begun[0], *ended) & large, path.size(begun[0], ended[0])
    before, after = (np.stack([measured(one, factor, size, path.scale) for one in many]) for many in (begun, ended))
    nudged = np.array([before[1 + k, row] - before[0, row] for k, row in enumerate(asked)])
    kept = ((after[1:] - after[0]) / nudged[:, None]).T
    kept[~steered(path)] = 0.0
    return Guide(moment, first, asked, kept, factor, size, days, steps)


def steered(path: Path) -> Truths:
    """The states that are moved by hand: those that count and share no closed pool."""
    return path.counted & ~path.pooled


def measured(y: Floats, factor: Truths, size: Floats, scale: Floats) -> Floats:
    """States as they are moved: logarithms, or shares of their size."""
    return np.where(factor, np.log(np.where(factor, np.maximum(y, 1e-9 * scale), 1.0)), y / size)


def start_of(guide: Guide, path: Path, first: Floats) -> Moment:
    """Where a person begins whose declared initial values are these: as the reference person is, with the pools that are one's own."""
    y = guide.moment.y.copy()
    for pool in path.pools:
        rows = list(pool)
        if not np.array_equal(first[rows], guide.first[rows]):
            y[rows] = first[rows]
    return replace(guide.moment, y=y)


@dataclass(slots=True)
class Guided:
    """One person's way by a guide: the steps of late, and whether they lead anywhere.

    resting  periods still to be lived without being moved; stalls: how often steps led nowhere
    """

    guide: Guide
    kept: Floats
    inverse: Floats
    steps: list[Floats] = field(default_factory=list)
    aims: list[Floats] = field(default_factory=list)
    best: float = math.inf
    stuck: int = 0
    resting: int = 1
    stalls: int = 0

    @staticmethod
    def by(guide: Guide, days: int, *, resting: int = 1, stalls: int = 0) -> Guided:
        """The beginning of a way."""
        return Guided(guide, *guide.led_on(days), resting=resting, stalls=stalls)

    @property
    def lost(self) -> bool:
        """Whether it should be given up."""
        return self.stalls >= STALLS

    def furthest(self, path: Path) -> tuple[int, float]:
        """The slow state that stands highest beside where the slopes were taken, and how many times as high."""
        y, there = path.reached[-1], self.guide.moment.y
        asked = self.guide.asked[self.guide.factor[self.guide.asked]]
        if not len(asked):
            return 0, 1.0
        times = y[asked] / np.maximum(there[asked], settling.SMALLEST * path.scale[asked])
        return int(asked[int(times.argmax())]), float(times.max())

    def forget(self, resting: int) -> None:
        """Begin the mixing anew after a rest."""
        self.steps.clear()
        self.aims.clear()
        self.best, self.stuck, self.resting = math.inf, 0, resting

    def next_state(self, path: Path) -> tuple[Floats, float]:
        """Where to start the next period, and how far steering leads from where the last one ended, as a share of each state's size."""
        x, y = path.tried[-1], path.reached[-1]
        factor, size, moved = self.guide.factor, self.guide.size, steered(path)
        before, after = (measured(one, factor, size, path.scale) for one in (x, y))
        lived = np.where(moved, after - before, 0.0)
        step = lived + self.kept @ (self.inverse @ lived[self.guide.asked])
        weight = np.where(factor, y, size) / path.size(x, y)
        self._judge(float(np.abs(weight * step).max(initial=0.0)))
        gap = float(np.abs(weight * (step - lived)).max(initial=0.0))
        if self.resting:
            self.resting -= 1
            return y, gap
        self.steps = [*self.steps[-MEMORY:], step]
        self.aims = [*self.aims[-MEMORY:], before + step]
        mixed = np.where(moved, self._mixed(weight) - after, 0.0)
        return self._within_reach(path, x, y, mixed), max(gap, float(np.abs(weight * mixed).max(initial=0.0)))

    def _within_reach(self, path: Path, x: Floats, y: Floats, step: Floats) -> Floats:
        """y moved by a step as far as one may trust it: no slow state by more than a factor, no other one across zero."""
        factor, size, reach = self.guide.factor, self.guide.size, math.log(settling.FACTOR)
        slow = np.zeros(len(y), dtype=bool)
        slow[self.guide.asked] = True
        longest = float(np.abs(step[slow & factor]).max(initial=0.0))
        step = np.clip(step * min(1.0, reach / longest) if longest > 0 else step, -reach, reach)
        moved = np.where(factor, y * np.exp(np.where(factor, step, 0.0)), y + step * size)
        stays = (y > 0) & (path.nonnegative | (x > 0))
        moved = np.where(stays, np.maximum(moved, y / settling.FACTOR), moved)
        return moved if np.isfinite(moved).all() else y

    def _judge(self, left: float) -> None:
        """Note how far there is to go; rest where steps have not halved that for long, and no longer than rest helps."""
        if self.resting:
            if 0.5 * self.best < left < settling.FAR:
                self.resting = 0
            self.best = left
            return
        self.stuck = 0 if left < 0.5 * self.best else self.stuck + 1
        self.best = min(self.best, left)
        if self.stuck >= PATIENCE:
            self.forget(REST)
            self.stalls += 1

    def _mixed(self, weight: Floats) -> Floats:
        """Anderson's mean of the aims: the one whose steps cancel best."""
        if len(self.steps) < 2:
            return self.aims[-1]
        turns, moves = (np.stack([b - a for a, b in pairwise(many)], axis=1) for many in (self.steps, self.aims))
        shares, *_ = np.linalg.lstsq(turns * weight[:, None], self.steps[-1] * weight, rcond=1e-7)
        return self.aims[-1] - moves @ shares
