"""When something happens: once, every day, or again and again."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from neurohumor.errors import ModelError
from neurohumor.life.clock import FARTHEST_DAY, Day, Moment, later

DAY = 24.0
MOST = 100_000
SHORTEST_EVERY = 1 / 60
"""h; what repeats for ever does so at most once a minute: a train of bursts says how many `times`."""


@dataclass(frozen=True, slots=True)
class When:
    """The times at which a happening begins.

    at      h since midnight of `day`; without a day, since midnight of any day (the phase of its rhythm)
    day     a number, a date, or None: it has always been so and goes on
    every   h between one beginning and the next; None: once
    times   how often in all; None: without end
    until   it begins before this moment only
    """

    at: float
    day: Day | None = None
    every: float | None = None
    times: int | None = None
    until: Moment | None = None

    @property
    def always(self) -> bool:
        """Whether it speaks for every day: no day, no number of times, no end."""
        return self.day is None and self.until is None

    def shift(self, hours: float) -> When:
        """The same, later by `hours`."""
        until = self.until and normal(Moment(self.until.hours + hours, self.until.day))
        return _normal(replace(self, at=self.at + hours, until=until))

    def begins(self, low: float, high: float, origin: date | None = None) -> list[float]:
        """The beginnings in [low, high), h since midnight of day 0, which has the date `origin`."""
        if self.until is not None:
            high = min(high, hours_of(self.until, origin))
        first = self.at if self.day is None else self.at + DAY * day_number(self.day, origin)
        if self.every is None:
            return [first] if low <= first < high else []
        start = 0 if self.day is not None and low <= first else math.floor((low - first) / self.every)
        last = math.ceil((high - first) / self.every)
        if self.times is not None:
            last = min(last, self.times - 1)
        if last - start > MOST:
            raise ModelError(f"something begins more than {MOST} times", remedy="let it repeat less often, or ask for fewer days")
        return [t for k in range(int(start), int(last) + 1) if low <= (t := first + k * self.every) < high]


def when(
    at: Moment,
    *,
    day: Day | None = None,
    every: float | None = None,
    times: int | None = None,
    until: Moment | None = None,
) -> When:
    """A checked `When`: a clock time alone happens every day; with a day it happens once, unless `every`, `until` or `times` repeat it."""
    if day is not None and at.day is not None:
        raise ModelError("the day is given twice", remedy="leave out `day` and `on`, or write the time without its day")
    day = at.day if day is None else day
    if times is not None and not 1 <= times <= MOST:
        raise ModelError(f"times = {times} is out of range", remedy=f"give 1 to {MOST}")
    if every is not None and not 0 < every <= FARTHEST_DAY * DAY:
        raise ModelError(f"every = {every:g} h is out of range", remedy="it repeats within a hundred years")
    if every is not None and every < SHORTEST_EVERY and times is None:
        raise ModelError("what repeats more than once a minute needs an end", remedy="say how many `times`")
    if every is None and (day is None or times is not None or until is not None):
        every = DAY
    if times is not None and day is None:
        day = 0
    if until is not None and until.day is None:
        raise ModelError("`until` needs a day", remedy='write until = 5 or until = "2026-03-10"')
    return _normal(When(at.hours, day, every, times, until and normal(until)))


def _normal(this: When) -> When:
    """The one way to write it: `at` within its day, or within its rhythm."""
    if this.day is None:
        assert this.every is not None
        return replace(this, at=_wrapped(this.at, this.every)[1])
    days, at = _wrapped(this.at, DAY)
    return replace(this, at=at, day=later(this.day, days))


def normal(moment: Moment) -> Moment:
    """The same moment with hours from 0 up to 24."""
    if moment.day is None:
        return moment
    days, hours = _wrapped(moment.hours, DAY)
    return Moment(hours, later(moment.day, days))


def _wrapped(hours: float, period: float) -> tuple[int, float]:
    turns = math.floor(hours / period)
    rest = hours - turns * period
    if rest >= period or rest < 0:  # a rounding of the division
        turns += 1 if rest >= period else -1
        rest = max(0.0, hours - turns * period)
    return turns, rest


def day_number(day: Day, origin: date | None) -> int:
    """The number of a day; raises ModelError for a date where nothing says which date day 0 has."""
    if not isinstance(day, date):
        return day
    if origin is None:
        raise ModelError(
            f"{day} is a date, but nothing says on which date the run starts", remedy='give `start`, as in start = "2026-03-02"'
        )
    number = (day - origin).days
    if abs(number) > FARTHEST_DAY:
        raise ModelError(f"{day} is {number} days after the start", remedy="look at `start` and at the year")
    return number


def hours_of(moment: Moment, origin: date | None) -> float:
    """Hours since midnight of day 0."""
    assert moment.day is not None
    return DAY * day_number(moment.day, origin) + moment.hours


Span = tuple[float, float]


def spans(this: When, duration: float, low: float, high: float, origin: date | None) -> list[Span]:
    """Every (begin, end) that touches [low, high): begun before `low` and still going on, too."""
    if math.isinf(duration):
        return [(t, math.inf) for t in this.begins(_reaching_back(this, low, origin), high, origin)]
    return [(t, t + duration) for t in this.begins(low - duration, high, origin) if t + duration > low]


def _reaching_back(this: When, low: float, origin: date | None) -> float:
    """From when on to look for the beginning of what never ends and is going on at `low`."""
    if this.day is not None or this.every is None:
        return -math.inf
    return (low if this.until is None else min(low, hours_of(this.until, origin))) - this.every


def overlap(found: list[Span]) -> tuple[Span, Span] | None:
    """Two of these spans that overlap by more than rounding, or None; from day 0 on, if there are any."""
    pairs = [(a, b) for a, b in pairwise(sorted(found)) if b[0] < a[1] - 1e-9]
    return next((pair for pair in pairs if pair[0][0] >= 0), pairs[0] if pairs else None)
