"""A quantity over time, for one person or a population, with its unit; and the numbers that are read from it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from neurohumor.engine import curves
from neurohumor.engine.clock import DAY, clock, written
from neurohumor.errors import ModelError
from neurohumor.units import Unit, as_unit, convert, quantity, unit

if TYPE_CHECKING:
    import pandas as pd

    from neurohumor.units import Quantity

Floats = NDArray[np.float64]
Between = tuple[str | float, str | float]
"""("06:00", "10:00") on every day, ("day 1 06:00", "day 2 06:00") once, or two numbers of hours since midnight of day 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A number with its unit that was read from a run: of one person a float, of a population an array [person]."""

    value: float | Floats
    unit: Unit
    substance: str = ""

    def to(self, other: str | Unit) -> Reading:
        """The same in another unit, also between mass and amount of its substance.  Raises UnitMismatch."""
        target = as_unit(other)
        return replace(self, value=self.value * convert(1.0, self.unit, target, substance=self.substance), unit=target)

    def __float__(self) -> float:
        if not isinstance(self.value, float):
            raise TypeError("a reading of a population is one number per person; take .value")
        return self.value

    def __repr__(self) -> str:
        shown = "" if str(self.unit) == "1" else f" {self.unit}"
        return f"{_median(self.value):.4g}{shown}{_of_how_many(self.value)}"


@dataclass(frozen=True, slots=True, eq=False)
class Peak:
    """A highest or lowest value with the time (h since midnight of day 0) of its first appearance."""

    value: float | Floats
    time: float | Floats
    unit: Unit
    substance: str = ""

    def to(self, other: str | Unit) -> Peak:
        """The same in another unit, also between mass and amount of its substance.  Raises UnitMismatch."""
        target = as_unit(other)
        return replace(self, value=self.value * convert(1.0, self.unit, target, substance=self.substance), unit=target)

    @property
    def clock(self) -> str:
        """The time as a clock shows it: "07:38", "07:38 on day 2"."""
        return written(_median(self.time))

    def __repr__(self) -> str:
        shown = "" if str(self.unit) == "1" else f" {self.unit}"
        return f"{_median(self.value):.4g}{shown} at {self.clock}{_of_how_many(self.value)}"


def _median(value: float | Floats) -> float:
    return value if isinstance(value, float) else float(np.median(value))


def _of_how_many(value: float | Floats) -> str:
    return "" if isinstance(value, float) else f" (median of {np.size(value)} people)"


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A quantity over time.

    times   [time] h since midnight of day 0, or [person, time] where windows follow each person's own happenings
    values  [time] for one person, [person, time] for a population, in `unit`; NaN from where a person failed
    starts  index at which each unbroken stretch begins (windows that touch are one stretch)
    """

    name: str
    times: Floats
    values: Floats
    unit: Unit
    doc: str = ""
    substance: str = ""
    starts: tuple[int, ...] = (0,)

    @property
    def population(self) -> bool:
        """Whether there is a row per person."""
        return self.values.ndim == 2

    def to(self, other: str | Unit) -> Series:
        """The same in another unit; mass and amount of its substance are joined by the molar mass.  Raises UnitMismatch."""
        target = as_unit(other)
        return replace(self, values=self.values * convert(1.0, self.unit, target, substance=self.substance), unit=target)

    def person(self, index: int) -> Series:
        """The series of one person of a population."""
        if not self.population:
            raise ModelError(f"{self.name} is of one person", remedy="leave out .person()")
        return replace(self, values=self.values[index], times=self.times[index] if self.times.ndim == 2 else self.times)

    def pieces(self, between: Between | None = None, *, day: int | None = None) -> list[curves.Piece]:
        """Unbroken stretches of one person's curve within `between`, ends interpolated.  Raises ModelError where nothing was kept."""
        if self.population:
            raise ModelError(f"{self.name} is of a population", remedy="take .person(k)")
        edges = [*self.starts, len(self.times)]
        whole = [(self.times[a:b], self.values[a:b]) for a, b in pairwise(edges)]
        if between is None and day is None:
            return whole
        cut = [curves.clip(t, v, a, b) for a, b in self._spans(between, day) for t, v in whole]
        kept = [p for p in cut if p is not None]
        longer = [p for p in kept if len(p[0]) > 1]
        if not kept:
            raise ModelError(
                f"nothing of {self.name} was kept between {between} (day {'any' if day is None else day})", remedy=self._kept()
            )
        return longer or kept

    def peak(self, between: Between | None = None, *, day: int | None = None) -> Peak:
        """The highest sample and when; "412 nmol/L at 07:38"."""
        return self._peak(between, day, highest=True)

    def trough(self, between: Between | None = None, *, day: int | None = None) -> Peak:
        """The lowest sample and when."""
        return self._peak(between, day, highest=False)

    def mean(self, between: Between | None = None, *, day: int | None = None) -> Reading:
        """The mean over time."""
        return self._reading(lambda s: curves.mean(s.pieces(between, day=day)))

    def auc(self, between: Between | None = None, *, day: int | None = None, above: float | Quantity | str = 0.0) -> Reading:
        """Area under the curve (in unit x h), counted from the level `above`."""
        level = self._level(above)
        return replace(self._reading(lambda s: curves.integral(s.pieces(between, day=day), level)), unit=self.unit * unit("h"))

    def time_above(self, level: float | Quantity | str, between: Between | None = None, *, day: int | None = None) -> Reading:
        """How long the curve is above a level, in h."""
        line = self._level(level)
        return replace(self._reading(lambda s: curves.time_above(s.pieces(between, day=day), line)), unit=unit("h"), substance="")

    def amplitude(self, period: float = DAY) -> Reading:
        """Amplitude of the best cosine of a period (h), half its swing."""
        return self._reading(lambda s: curves.cosinor(s.pieces(), period)[1])

    def phase(self, period: float = DAY) -> Reading:
        """Acrophase: when the best cosine of a period (h) is highest, in h after midnight."""
        return replace(self._reading(lambda s: curves.cosinor(s.pieces(), period)[2]), unit=unit("h"), substance="")

    def at(self, when: str | float, *, day: int | None = None) -> Reading:
        """The value at a moment: at("08:00", day=1), at("day 1 08:00"), at(32.0); straight between samples.

        A clock time without a day is the first that was kept.  Raises ModelError outside what was kept.
        """
        moment = self._moment(when, day)
        return self._reading(lambda s: curves.interpolate(s.pieces(), moment))

    def quantiles(self, *levels: float) -> tuple[Series, ...]:
        """Of a population, the empirical quantiles at each time, one series per level; people who failed do not count.

        Raises ModelError for one person, for a level outside 0 to 1, for times that differ between people.
        """
        if not self.population or self.times.ndim == 2:
            raise ModelError(f"{self.name} has no quantiles", remedy="they need a population on shared times")
        if not levels or any(not 0.0 <= level <= 1.0 for level in levels):
            raise ModelError(f"{levels} are no levels", remedy="give numbers from 0 to 1: quantiles(0.05, 0.5, 0.95)")
        good = self.values[~np.isnan(self.values).any(axis=1)]
        if not len(good):
            raise ModelError(f"nobody's {self.name} is complete", remedy="look at run.failed")
        rows = np.quantile(good, levels, axis=0)
        return tuple(
            replace(self, name=f"{self.name} q{level:g}", values=row) for level, row in zip(levels, np.atleast_2d(rows), strict=True)
        )

    def to_pandas(self) -> pd.Series | pd.DataFrame:
        """A Series over time (h); for a population a DataFrame, a column per person.  Raises ModelError where times differ."""
        import pandas as pd

        if self.times.ndim == 2:
            raise ModelError(f"the times of {self.name} differ between people", remedy="take one person: .person(k)")
        index = pd.Index(self.times, name="h")
        if self.population:
            return pd.DataFrame(self.values.T, index=index, columns=pd.RangeIndex(len(self.values), name="person"))
        return pd.Series(self.values, index=index, name=f"{self.name} ({self.unit})")

    def __len__(self) -> int:
        return self.values.shape[-1]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Floats:
        return np.array(self.values, dtype=dtype, copy=bool(copy)) if copy or dtype is not None else self.values

    def __repr__(self) -> str:
        people = f"{len(self.values)} people, " if self.population else ""
        span = f"{written(float(self.times.min()))} to {written(float(self.times.max()))}"
        return f"<{self.name} in {self.unit}: {people}{len(self)} times, {span}>"

    def plot(self, *, axes: Any = None) -> Any:
        """Draw it over the clock with matplotlib, on `axes` or in a new figure; returns the Axes."""
        from neurohumor.engine.plots import plot_series

        return plot_series([self], axes)

    def _repr_html_(self) -> str:
        from neurohumor.engine.notebook import series_html

        return series_html(self)

    def _each(self) -> Iterator[Series]:
        yield from (self.person(k) for k in range(len(self.values))) if self.population else (self,)

    def _reading(self, of: Callable[[Series], float]) -> Reading:
        found = [of(one) for one in self._each()]
        return Reading(np.array(found) if self.population else found[0], self.unit, self.substance)

    def _peak(self, between: Between | None, day: int | None, *, highest: bool) -> Peak:
        found = [curves.extreme(one.pieces(between, day=day), highest=highest) for one in self._each()]
        values, times = np.array([v for v, _ in found]), np.array([t for _, t in found])
        if self.population:
            return Peak(values, times, self.unit, self.substance)
        return Peak(float(values[0]), float(times[0]), self.unit, self.substance)

    def _level(self, level: float | Quantity | str) -> float:
        if isinstance(level, (int, float)) and not isinstance(level, bool):
            return float(level)
        found = quantity(level)
        return convert(found.value, found.unit, self.unit, substance=self.substance)

    def _kept(self) -> str:
        return f"the run keeps {written(float(self.times.min()))} to {written(float(self.times.max()))}; days count from 0"

    def _moment(self, when: str | float, day: int | None) -> float:
        if isinstance(when, (int, float)):
            return float(when) + (day or 0) * DAY
        told = clock(when)
        if told is None:
            raise ModelError(f"{when!r} is no moment", remedy='write "08:00", "day 1 08:00", or hours')
        said, hour = told
        if said is not None or day is not None:
            return (said if said is not None else day or 0) * DAY + hour
        first = float(self.times.min())
        return first + (hour - first) % DAY

    def _spans(self, between: Between | None, day: int | None) -> list[tuple[float, float]]:
        """Absolute stretches that `between` means: one, or one on every day that the run touches."""
        if between is None:
            assert day is not None
            return [(day * DAY, day * DAY + DAY)]
        (fixed_a, a), (fixed_b, b) = (_fixed(moment, between) for moment in between)
        if not fixed_a and not fixed_b:
            return self._daily(a, b if b > a else b + DAY, day)
        if fixed_a and not fixed_b:
            b = a + ((b - a) % DAY or DAY)
        if not fixed_a or not b > a:
            raise ModelError(f"{between!r} does not begin before it ends", remedy="give both moments with their day, the later second")
        return [(a, b)]

    def _daily(self, a: float, b: float, day: int | None) -> list[tuple[float, float]]:
        if day is not None:
            return [(a + day * DAY, b + day * DAY)]
        first, last = math.floor(float(self.times.min()) / DAY) - 1, math.floor(float(self.times.max()) / DAY)
        return [(a + k * DAY, b + k * DAY) for k in range(first, last + 1)]


def _fixed(moment: str | float, between: Between) -> tuple[bool, float]:
    """Whether a moment is of one day (and not of every day), and its hours."""
    if isinstance(moment, (int, float)) and not isinstance(moment, bool):
        return True, float(moment)
    told = clock(moment) if isinstance(moment, str) else None
    if told is None:
        raise ModelError(f"{between!r} is no stretch of time", remedy='write ("06:00", "10:00")')
    day, hour = told
    return day is not None, (day or 0) * DAY + hour


def joined(parts: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats, tuple[int, ...]]:
    """Windows as one: times [person, time] and values [person, time] in time order, and where unbroken stretches begin.

    Windows that overlap or touch become one stretch; a time that two windows share is kept once, as the later window has it.
    """
    spans = np.array([[p[0][:, 0], p[0][:, -1]] for p in parts])  # window, end, person
    order = sorted(range(len(parts)), key=lambda k: (spans[k, 0, 0], k))
    groups: list[list[int]] = []
    reach = np.full(spans.shape[2], -np.inf)
    for k in order:
        meets = spans[k, 0] <= reach + 1e-9
        if groups and meets.any():
            if not meets.all():
                raise ModelError("windows overlap for some people and not for others", remedy="read them one by one: run.windows[i][name]")
            groups[-1].append(k)
        else:
            groups.append([k])
        reach = np.maximum(reach, spans[k, 1])
    pieces = [_merged([parts[k] for k in sorted(g)]) for g in groups]
    starts = np.cumsum([0, *(p[0].shape[1] for p in pieces[:-1])])
    times, values = np.concatenate([p[0] for p in pieces], axis=1), np.concatenate([p[1] for p in pieces], axis=1)
    return times, values, tuple(int(s) for s in starts)


def _merged(parts: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    if len(parts) == 1:
        return parts[0]
    times, values = np.concatenate([p[0] for p in parts], axis=1), np.concatenate([p[1] for p in parts], axis=1)
    order = np.argsort(times, axis=1, kind="stable")
    times, values = np.take_along_axis(times, order, 1), np.take_along_axis(values, order, 1)
    if (times == times[:1]).all():
        last = np.append(times[0, 1:] != times[0, :-1], True)
        return times[:, last], values[:, last]
    return times, values
