"""The value of a measure: a statistic of a quantity in a run, set against another arm or another time where asked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neurohumor.engine import curves
from neurohumor.engine.clock import DAY, Span, clock, hour_of, written
from neurohumor.errors import ModelError, SolveError
from neurohumor.proof.experiment import CLOCKS, SHARES, Against, Measure, Statistic, Stretch
from neurohumor.units import ONE, Unit, convert, quantity, unit

if TYPE_CHECKING:
    from neurohumor.engine.run import Run
    from neurohumor.engine.series import Series

HOUR = unit("h")


@dataclass(frozen=True, slots=True)
class Trial:
    """An arm as it was simulated: the run, and what moments are relative to (people of one arm live the same days)."""

    run: Run
    span: Span


@dataclass(frozen=True, slots=True)
class Read:
    """Per person a number, with its unit; `substance` joins mass and amount."""

    values: tuple[float, ...]
    unit: Unit
    substance: str = ""

    @property
    def mean(self) -> float:
        """The mean over people."""
        return math.fsum(self.values) / len(self.values)

    def in_unit(self, target: Unit) -> Read:
        """The same in another unit.  Raises UnitMismatch."""
        factor = convert(1.0, self.unit, target, substance=self.substance)
        return Read(tuple(v * factor for v in self.values), target, self.substance)


def value_of(measure: Measure, arms: Mapping[str, Trial]) -> float:
    """The measure's value in its unit; of a population the mean over people of each one's statistic.

    Raises SolveError where somebody's run failed, ModelError and UnitMismatch where it cannot be read or is not a number.
    """
    due = unit(measure.unit)
    times = moments(measure.stretch, arms[measure.arm].span)
    own = _read(measure, arms[measure.arm], times)
    value = own.in_unit(due).mean if measure.against is None else _compared(measure, measure.against, own, arms, due, times=times)
    if not math.isfinite(value):
        raise ModelError(f"it is {value}, which is no number to compare", remedy="look at the window and at what it is set against")
    return value


def _compared(measure: Measure, against: Against, own: Read, arms: Mapping[str, Trial], due: Unit, *, times: tuple[float, float]) -> float:
    """The other arm is read at the same times, whatever happens in it."""
    if against.stretch is None:
        other = _read(measure, arms[against.arm], times)
    else:
        point: Statistic = "at" if against.stretch.to is None else "mean"
        trial = arms[measure.arm]
        other = _statistic(measure.quantity, point, trial, moments(against.stretch, trial.span))
    a, b = own.mean, other.in_unit(own.unit).mean
    if against.how == "difference":
        gap = a - b
        if measure.statistic in CLOCKS:
            gap = (gap + DAY / 2) % DAY - DAY / 2
        return convert(gap, own.unit, due, substance=own.substance)
    if b == 0:
        raise ModelError("what it is set against is 0", remedy='compare by difference, how = "difference"')
    share = a / b if against.how == "ratio" else 100.0 * (a - b) / b
    return convert(share, ONE if against.how == "ratio" else unit("%"), due)


def _read(measure: Measure, trial: Trial, times: tuple[float, float]) -> Read:
    if measure.statistic not in SHARES:
        return _statistic(measure.quantity, measure.statistic, trial, times)
    found = _statistic(measure.quantity, measure.of, trial, times)
    limit = quantity(measure.threshold)
    level = convert(limit.value, limit.unit, found.unit, substance=found.substance)
    below = measure.statistic == "fraction_below"
    passed = tuple(float(v < level if below else v > level) for v in found.values)
    return Read(passed, ONE)


def _statistic(name: str, statistic: Statistic, trial: Trial, times: tuple[float, float]) -> Read:
    _complete(trial.run)
    series = trial.run[name]
    ones = [series.person(k) for k in range(len(series.values))] if series.population else [series]
    values = tuple(_one(statistic, one, trial.span, times) for one in ones)
    return Read(values, _unit_of(statistic, series), series.substance if statistic not in _TIMES else "")


def _complete(run: Run) -> None:
    if run.ok:
        return
    if len(run.statuses) == 1:
        raise SolveError(f"the run failed: {run.status}", statuses=run.failed)
    raise SolveError(f"{len(run.failed)} of {len(run.statuses)} people failed; {run.status}", statuses=run.failed)


_TIMES = CLOCKS | {"time_to_peak", "fold"}


def _unit_of(statistic: Statistic, series: Series) -> Unit:
    if statistic == "fold":
        return ONE
    if statistic in _TIMES:
        return HOUR
    return series.unit * HOUR if statistic in ("auc", "auc_increment") else series.unit


def moments(stretch: Stretch, span: Span) -> tuple[float, float]:
    """The stretch in hours since midnight of day 0.  A clock time without a day is the first such moment of the run.

    Raises ModelError for a stretch that runs backwards, UnknownName for a happening that there is not.
    """
    after = None if stretch.day is None else stretch.day * DAY
    begin = hour_of(stretch.begin, span, after=after)
    if stretch.to is None:
        return begin, begin
    end = hour_of(stretch.to, span, after=begin)
    told = clock(stretch.to)
    if told is not None and told[0] is None and end - begin < 1e-9:
        end += DAY
    if not end > begin:
        raise ModelError(f"the window {stretch} ends before it begins", remedy="give the later moment second")
    return begin, end


def _one(statistic: Statistic, series: Series, span: Span, times: tuple[float, float]) -> float:
    begin, end = times
    shown = written(begin) if end == begin else f"{written(begin)} to {written(end)}"
    if begin < span.start - 1e-9 or end > span.end + 1e-9:
        lasts = f"{written(span.start)} to {written(span.end)}"
        raise ModelError(f"{shown} leaves the run, which lasts from {lasts}", remedy="simulate more days, or choose another day")
    whole = series.pieces()
    if statistic == "at":
        return curves.interpolate(whole, begin)
    if end == begin:
        raise ModelError(f"the {statistic} needs a window", remedy='write window = ["06:00", "10:00"]')
    pieces = [p for p in (curves.clip(t, v, begin, end) for t, v in whole) if p is not None and len(p[0]) > 1]
    if not pieces or curves.length(pieces) < (end - begin) * (1 - 1e-6):
        raise ModelError(f"the run keeps only a part of {shown}", remedy="keep the whole window")
    return _of_pieces(statistic, pieces)


def _of_pieces(statistic: Statistic, pieces: list[curves.Piece]) -> float:
    first = float(pieces[0][1][0])
    match statistic:
        case "mean":
            return curves.mean(pieces)
        case "peak" | "trough":
            return curves.extreme(pieces, highest=statistic == "peak")[0]
        case "peak_time" | "trough_time":
            return curves.extreme(pieces, highest=statistic == "peak_time")[1] % DAY
        case "time_to_peak":
            return curves.extreme(pieces, highest=True)[1] - float(pieces[0][0][0])
        case "fold":
            return curves.extreme(pieces, highest=True)[0] / first if first else math.nan
        case "auc":
            return curves.integral(pieces)
        case "auc_increment":
            return curves.integral(pieces, first)
        case "amplitude":
            return curves.cosinor(pieces, DAY)[1]
        case "phase":
            return curves.cosinor(pieces, DAY)[2]
    raise ModelError(f"{statistic!r} is no statistic of a window", remedy="mean, peak, trough, auc, amplitude, phase")
