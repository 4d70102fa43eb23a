"""What follows a burst of neurons: peak, half-decay and area of a curve that is kept in fine steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from neurohumor.engine.run import Run
from neurohumor.engine.series import Series

FINE = 0.05 / 3600
"""h; a burst is read from windows whose steps are no longer than this."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A burst within one window of a run: from when to when the window shows it, h since midnight of day 0."""

    window: int
    begin: float
    end: float


def first(run: Run, driven: str) -> Kept | None:
    """The first burst that a run keeps in fine steps; None where there is none.  `driven` is above 0 during a burst."""
    if driven not in run:
        return None
    for index, window in enumerate(run.windows):
        series = window[driven]
        one = series.person(0) if series.population else series
        if len(one.times) < 3 or np.diff(one.times).max() > FINE * (1 + 1e-6):
            continue
        on = np.flatnonzero(one.values > 0)
        if len(on):
            return Kept(index, float(one.times[on[0]]), float(one.times[-1]))
    return None


def _rise(series: Series, burst: Kept) -> tuple[np.ndarray, np.ndarray]:
    """Times since the burst began, and the curve above its value then."""
    after = series.times >= burst.begin - 1e-12
    times, values = series.times[after], series.values[after]
    return times - burst.begin, values - values[0]


def peak(series: Series, burst: Kept) -> float:
    """The highest value from the burst on."""
    return float(series.values[series.times >= burst.begin - 1e-12].max())


def half_decay(series: Series, burst: Kept) -> float:
    """How long (h) after its peak half of the rise is gone, straight between samples; NaN where that is after the window."""
    times, rise = _rise(series, burst)
    top = int(np.argmax(rise))
    below = np.flatnonzero(rise[top:] <= rise[top] / 2)
    if not len(below) or rise[top] <= 0:
        return float("nan")
    k = top + int(below[0])
    share = (rise[k - 1] - rise[top] / 2) / (rise[k - 1] - rise[k])
    return float(times[k - 1] + share * (times[k] - times[k - 1]) - times[top])


def area(series: Series, burst: Kept) -> float:
    """The area above the value at the beginning of the burst, until the window ends, in the unit of the curve times h."""
    times, rise = _rise(series, burst)
    return float(np.sum(0.5 * (rise[1:] + rise[:-1]) * np.diff(times)))
