"""What is read from a series: peak, trough, mean, area, rhythm, half-life, change; values keep their unit.

Each function takes a `Series` of one person or of a population (one number per person then), and the stretch of time by
`between=("06:00", "10:00")` and `day=` as `Series.peak` does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from neurohumor.engine import curves
from neurohumor.engine.clock import DAY
from neurohumor.engine.series import Between, Peak, Reading, Series
from neurohumor.errors import ModelError
from neurohumor.units import ONE, Quantity, unit


def peak(series: Series, between: Between | None = None, *, day: int | None = None) -> Peak:
    """The highest sample and when."""
    return series.peak(between, day=day)


def trough(series: Series, between: Between | None = None, *, day: int | None = None) -> Peak:
    """The lowest sample and when."""
    return series.trough(between, day=day)


def mean(series: Series, between: Between | None = None, *, day: int | None = None) -> Reading:
    """The mean over time."""
    return series.mean(between, day=day)


def auc(series: Series, between: Between | None = None, *, day: int | None = None) -> Reading:
    """Total area under the curve, in unit x h."""
    return series.auc(between, day=day)


def incremental_auc(series: Series, between: Between, *, day: int | None = None) -> Reading:
    """Area above the value at the beginning of the stretch; what falls below it counts negative."""
    return _each(series, lambda one: _incremental(one, between, day), series.unit * unit("h"))


def _incremental(one: Series, between: Between, day: int | None) -> float:
    return sum(curves.integral([piece], float(piece[1][0])) for piece in one.pieces(between, day=day))


def amplitude(series: Series, period: float = DAY) -> Reading:
    """Amplitude of the best cosine of a period (h), half its swing."""
    return series.amplitude(period)


def acrophase(series: Series, period: float = DAY) -> Reading:
    """When the best cosine of a period is highest, in h after midnight."""
    return series.phase(period)


def time_above(series: Series, level: float | Quantity | str, between: Between | None = None, *, day: int | None = None) -> Reading:
    """How long the curve is above a level, in h."""
    return series.time_above(level, between, day=day)


def half_life(series: Series, between: Between | None = None, *, day: int | None = None, rest: float = 0.0) -> Reading:
    """Half-life (h) of the decay towards `rest` (in the series' unit), by a line through the logarithm; NaN where there is no decay."""
    return replace(_each(series, lambda one: curves.half_life(one.pieces(between, day=day), rest), unit("h")), substance="")


def fold_change(after: Reading | Peak, before: Reading | Peak) -> Reading:
    """How many times `before` `after` is.  Raises UnitMismatch for quantities of different kinds."""
    same = after.to(before.unit)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.asarray(same.value) / np.asarray(before.value)
    return Reading(ratio if ratio.ndim else float(ratio), ONE)


def awakening_response(series: Series, wake: float | str | list[float] | tuple[float, ...], *, within: float = 1.0) -> Reading:
    """The awakening response: the highest value within `within` h of waking, above the value at waking, as a share of that value.

    wake  when the person wakes, h since midnight of day 0 or as a clock says it; of a population one for all, or one each
    """
    moments = [wake] * (len(series.values) if series.population else 1) if isinstance(wake, (str, int, float)) else list(wake)
    people = [series.person(k) for k in range(len(series.values))] if series.population else [series]
    if len(moments) != len(people):
        raise ModelError(f"{len(moments)} times of waking for {len(people)} people", remedy="give one for all, or one each")
    found = [_rise(one, at, within) for one, at in zip(people, moments, strict=True)]
    return Reading(np.array(found) if series.population else found[0], ONE)


def _rise(one: Series, wake: float | str, within: float) -> float:
    moment = float(wake) if not isinstance(wake, str) else one._moment(wake, None)
    first = float(one.at(moment))
    return float(one.peak((moment, moment + within)).value) / first - 1.0 if first else float("nan")


def _each(series: Series, of: Any, due: Any) -> Reading:
    if series.population:
        return Reading(np.array([of(series.person(k)) for k in range(len(series.values))]), due, series.substance)
    return Reading(of(series), due, series.substance)
