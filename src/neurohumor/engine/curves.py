"""Statistics of one curve: plain functions of times [n] and values [n], joined pieces given by where each begins.

A value that is not a number makes the result not a number: what was not computed is never left out of a statistic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from neurohumor.errors import ModelError

Floats = NDArray[np.float64]
Piece = tuple[Floats, Floats]
"""Times and values of an unbroken stretch."""


def clip(times: Floats, values: Floats, first: float, last: float) -> Piece | None:
    """The part of an unbroken stretch within first..last, its ends interpolated; None where they do not meet."""
    first, last = max(first, float(times[0])), min(last, float(times[-1]))
    if last < first:
        return None
    inside = (times > first) & (times < last)
    ends = np.array([first, last]) if last > first else np.array([first])
    at_ends = np.interp(ends, times, values)
    if last == first:
        return ends, at_ends
    return np.concatenate([ends[:1], times[inside], ends[1:]]), np.concatenate([at_ends[:1], values[inside], at_ends[1:]])


def extreme(pieces: Sequence[Piece], *, highest: bool) -> tuple[float, float]:
    """Largest (or smallest) sample and the time of its first appearance."""
    best, when = math.nan, math.nan
    for times, values in pieces:
        if np.isnan(values).any():
            return math.nan, math.nan
        k = int(np.argmax(values) if highest else np.argmin(values))
        if best != best or (values[k] > best if highest else values[k] < best):
            best, when = float(values[k]), float(times[k])
    return best, when


def integral(pieces: Sequence[Piece], above: float = 0.0) -> float:
    """Area under the curve by the trapezoidal rule, counted from the level `above` (what lies below it counts negative)."""
    return float(sum(np.trapezoid(values - above, times) for times, values in pieces))


def length(pieces: Sequence[Piece]) -> float:
    """Total time covered."""
    return float(sum(times[-1] - times[0] for times, _ in pieces))


def mean(pieces: Sequence[Piece]) -> float:
    """Mean over time (trapezoidal); of single samples their plain mean."""
    total = length(pieces)
    if total > 0:
        return integral(pieces) / total
    return float(np.mean(np.concatenate([values for _, values in pieces])))


def time_above(pieces: Sequence[Piece], level: float) -> float:
    """Time during which the curve, drawn straight between samples, is above a level."""
    total = 0.0
    for times, values in pieces:
        if np.isnan(values).any():
            return math.nan
        a, b, dt = values[:-1] - level, values[1:] - level, np.diff(times)
        crossing = (a > 0) != (b > 0)
        share = np.where(crossing, np.maximum(a, b) / np.where(crossing, np.abs(a - b), 1.0), ((a > 0) & (b > 0)).astype(float))
        total += float(np.sum(share * dt))
    return total


def interpolate(pieces: Sequence[Piece], time: float, slack: float = 1e-9) -> float:
    """The value at a time, straight between samples.  Raises ModelError outside what was kept."""
    for times, values in pieces:
        if times[0] - slack <= time <= times[-1] + slack:
            return float(np.interp(time, times, values))
    raise ModelError(f"nothing was kept at {time:g} h", remedy="ask for a time within the run's windows")


def cosinor(pieces: Sequence[Piece], period: float) -> tuple[float, float, float]:
    """Mesor, amplitude and acrophase (h after midnight of day 0, within one period) of the cosine that fits best.

    Samples weigh by the time they stand for, over the last whole number of periods.  Raises ModelError for less than one.
    """
    last = max(float(times[-1]) for times, _ in pieces)
    whole = math.floor(length(pieces) / period + 1e-6)
    if whole < 1:
        raise ModelError(
            f"{length(pieces):.3g} h were kept: too short for a rhythm of {period:g} h", remedy="keep at least one whole period"
        )
    cut = [p for p in (clip(t, v, last - whole * period, last) for t, v in pieces) if p is not None and len(p[0]) > 1]
    times, values = np.concatenate([t for t, _ in cut]), np.concatenate([v for _, v in cut])
    if np.isnan(values).any():
        return math.nan, math.nan, math.nan
    weight = np.sqrt(np.concatenate([_weights(t) for t, _ in cut]))
    angle = 2 * math.pi * times / period
    design = np.stack([np.ones_like(times), np.cos(angle), np.sin(angle)], axis=1)
    (mesor, a, b), *_ = np.linalg.lstsq(design * weight[:, None], values * weight, rcond=None)
    return float(mesor), math.hypot(a, b), math.atan2(b, a) / (2 * math.pi) * period % period


def _weights(times: Floats) -> Floats:
    gaps = np.diff(times)
    return 0.5 * (np.append(gaps, 0.0) + np.append(0.0, gaps))


def half_life(pieces: Sequence[Piece], rest: float = 0.0) -> float:
    """Half-life of the decay towards `rest`: from a straight line through the logarithm, weighted evenly in time.

    NaN where the curve touches or crosses `rest`, or does not fall.
    """
    times, values = np.concatenate([t for t, _ in pieces]), np.concatenate([v for _, v in pieces]) - rest
    if len(times) < 2 or np.isnan(values).any() or not (values > 0).all():
        return math.nan
    slope = float(np.polyfit(times - times[0], np.log(values), 1)[0])
    return math.log(2) / -slope if slope < 0 else math.nan
