"""Curves of a run as matplotlib axes: clock along the bottom, unit at the side, nights shaded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from neurohumor.engine.clock import DAY
from neurohumor.errors import ModelError

if TYPE_CHECKING:
    from neurohumor.engine.run import Run
    from neurohumor.engine.series import Series

_STEPS = (1 / 3600, 1 / 720, 1 / 60, 1 / 12, 0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 72, 168, 336, 672)
SLEEP = "world.sleep_opportunity"


def plot_run(run: Run, names: Sequence[str], axes: Any, to: str | None) -> Any:
    """Axes with these quantities; quantities of different kinds stand below one another."""
    if not names:
        raise ModelError("nothing is to be drawn", remedy='name a quantity, as in run.plot("blood.cortisol")')
    rows = [run[name] if to is None else run[name].to(to) for name in names]
    return plot_series(rows, axes, nights=_nights(run))


def plot_series(rows: Sequence[Series], axes: Any = None, *, nights: Sequence[tuple[float, float]] = ()) -> Any:
    """Axes with these series: one for those of one kind of unit, else an array of them, one below the other.

    axes  where to draw them; without it a new figure.  Raises ModelError where one is given and the units are of different kinds.
    """
    kinds: list[list[Series]] = []
    for one in rows:
        fits = next((kind for kind in kinds if one.unit.same_kind(kind[0].unit)), None)
        if fits is None:
            kinds.append([one])
        else:
            fits.append(one.to(fits[0].unit))
    if axes is None:
        import matplotlib.pyplot as plt

        _, made = plt.subplots(len(kinds), 1, sharex=True, squeeze=False, figsize=(8, 2.6 * len(kinds) + 0.6), layout="constrained")
        places = list(made[:, 0])
    elif len(kinds) > 1:
        names = ", ".join(f"{kind[0].name} ({kind[0].unit})" for kind in kinds)
        raise ModelError(f"these have units of different kinds: {names}", remedy="draw them on axes of their own, or leave out axes")
    else:
        places = [axes]
    for k, (place, kind) in enumerate(zip(places, kinds, strict=True)):
        _draw(place, kind, nights, bottom=k == len(kinds) - 1)
    return places[0] if len(places) == 1 else np.array(places)


def _draw(axes: Any, rows: Sequence[Series], nights: Sequence[tuple[float, float]], *, bottom: bool) -> None:
    for one in rows:
        times, values, band = _values(one)
        (line,) = axes.plot(times, values, label=one.name)
        if band is not None:
            axes.fill_between(times, *band, color=line.get_color(), alpha=0.2, linewidth=0)
    first, last = min(float(one.times.min()) for one in rows), max(float(one.times.max()) for one in rows)
    for start, end in nights:
        if end > first and start < last:
            axes.axvspan(max(start, first), min(end, last), color="0.5", alpha=0.15, linewidth=0)
    unit = str(rows[0].unit)
    axes.set_ylabel(rows[0].name + ("" if unit == "1" else f" ({unit})") if len(rows) == 1 else ("pure number" if unit == "1" else unit))
    if len(rows) > 1:
        axes.legend(frameon=False)
    axes.set_xlim(first, last if last > first else first + 1)
    _clock(axes, last - first, bottom=bottom)


def _values(one: Series) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray] | None]:
    """Times, values with a gap between stretches, and of a population the band from 5 to 95 %."""
    if one.population:
        low, middle, high = one.quantiles(0.05, 0.5, 0.95)
        rows = [middle.values, low.values, high.values]
    else:
        rows = [one.values]
    times = one.times
    starts = one.starts[1:]
    if starts:
        rows = [np.insert(row, starts, np.nan) for row in rows]
        times = np.insert(times, starts, times[list(starts)])
    return times, rows[0], (rows[1], rows[2]) if len(rows) == 3 else None


def _clock(axes: Any, span: float, *, bottom: bool) -> None:
    from matplotlib.ticker import FuncFormatter, MultipleLocator

    step = next((step for step in _STEPS if span / step <= 9), DAY * math.ceil(span / 9 / DAY))
    axes.xaxis.set_major_locator(MultipleLocator(step))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda time, _: _tick(time, step)))
    if bottom:
        axes.set_xlabel("clock time")


def _tick(time: float, step: float) -> str:
    """07:30, with the day below at midnight; with seconds where they tell ticks apart."""
    seconds = round(time * 3600)
    day, rest = divmod(seconds, 86_400)
    text = f"{rest // 3600:02d}:{rest // 60 % 60:02d}" + (f":{rest % 60:02d}" if step < 1 / 60 else "")
    return f"{text}\nday {day}" if rest == 0 else text


def _nights(run: Run) -> list[tuple[float, float]]:
    """When the person may sleep."""
    if not run.single or SLEEP not in run:
        return []
    series = run[SLEEP]
    found: list[tuple[float, float]] = []
    for times, values in series.pieces():
        on = np.concatenate([[False], values > 0.5, [False]])
        edges = np.flatnonzero(on[1:] != on[:-1])
        found += [(float(times[a]), float(times[min(b, len(times) - 1)])) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return found
