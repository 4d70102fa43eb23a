"""How results show themselves in a notebook: a line of facts, and small curves, in the colours of the page around them."""

from __future__ import annotations

import math
from html import escape
from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.engine.clock import written
from neurohumor.engine.notable import main_quantities
from neurohumor.errors import NeurohumorError

if TYPE_CHECKING:
    from neurohumor.engine.run import Run
    from neurohumor.engine.series import Series

MOST_CURVES = 12
WIDTH, HEIGHT = 220, 36
_CELL = 'style="text-align:left;white-space:nowrap"'


def run_html(run: Run) -> str:
    """A run: what it is, how it fared, and its first main quantities with mean, peak and curve."""
    names = first_names(run)
    rows = [row for name in names if (row := _row(run[name]))]
    head = "".join(f"<th {_CELL}>{words}</th>" for words in ("quantity", "over time", "mean", "peak", "unit"))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>" if rows else ""
    failed = "".join(f"<p>not complete: {escape(str(status))}</p>" for status in run.failed[:3])
    unheard = f"<p>Nothing here hears: {escape(', '.join(run.unheard))}.</p>" if run.unheard else ""
    more = len(run.quantities) - len(names)
    rest = f"<p>{more} more quantities: <code>run.quantities</code>. <code>run.plot(name)</code> draws one.</p>" if more > 0 else ""
    return f"<p><code>{escape(repr(run))}</code></p>{failed}{unheard}{table}{rest}"


def series_html(series: Series) -> str:
    """A series: what it is, and its curve."""
    row = _row(series)
    table = f"<table><tbody>{row}</tbody></table>" if row else ""
    return f"<p><code>{escape(repr(series))}</code> {escape(series.doc)}</p>{table}"


def first_names(run: Run) -> tuple[str, ...]:
    """The main quantities that change, plain names first, in turn from blood, brain and the other places, there each kind once."""
    columns = run.groups[0].table.columns
    places: dict[str, dict[str, str]] = {"blood": {}, "brain": {}, "": {}}
    for name in sorted(main_quantities(run), key=lambda name: "_" in name):
        place, _, kind = name.partition(".")
        if place in places:
            places[place][name] = name
        elif str(columns[name].unit) != "1":
            places[""].setdefault(kind, name)
    mixed = [name for some in zip_longest(*(found.values() for found in places.values())) for name in some if name is not None]
    found: list[str] = []
    for name in mixed:
        if len(found) < MOST_CURVES and _changes(run, name):
            found.append(name)
    return tuple(found) or tuple(mixed[:MOST_CURVES])


def _changes(run: Run, name: str) -> bool:
    try:
        values = run[name].values
    except NeurohumorError:
        return False
    finite = values[np.isfinite(values)]
    return bool(finite.size) and float(np.ptp(finite)) > 1e-6 * float(np.abs(finite).max())


def _row(series: Series) -> str:
    try:
        mean, peak = series.mean(), series.peak()
    except NeurohumorError:
        return ""
    value, high = (float(np.median(np.asarray(one.value))) for one in (mean, peak))
    if not math.isfinite(value):
        return ""
    when = written(float(np.median(np.asarray(peak.time))))
    unit = "" if str(series.unit) == "1" else str(series.unit)
    name = f'<td {_CELL} title="{escape(series.doc)}"><code>{escape(series.name)}</code></td>'
    cells = (curve_svg(series), f"{value:.3g}", f"{high:.3g} at {when}", escape(unit))
    return f"<tr>{name}{''.join(f'<td {_CELL}>{cell}</td>' for cell in cells)}</tr>"


def curve_svg(series: Series) -> str:
    """A curve as a small drawing: of one person the curve, of a population everybody's middle and a band from 5 to 95 %."""
    if not series.population:
        rows = [series.values]
    else:
        try:
            low, middle, high = series.quantiles(0.05, 0.5, 0.95)
        except NeurohumorError:
            return ""
        rows = [middle.values, low.values, high.values]
    times = series.times
    if times.ndim != 1 or len(times) < 2:
        return ""
    every = np.concatenate(rows)
    every = every[np.isfinite(every)]
    if not every.size or not times[-1] > times[0]:
        return ""
    box = float(every.min()), float(every.max())
    band = _path(times, rows[1], box) + _path(times[::-1], rows[2][::-1], box).replace("M", "L", 1) + "z" if len(rows) == 3 else ""
    drawn = f'<path d="{band}" fill="currentColor" opacity="0.2"/>' if band else ""
    line = f'<path d="{_path(times, rows[0], box)}" fill="none" stroke="currentColor" stroke-width="1.3"/>'
    return f'<svg width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">{drawn}{line}</svg>'


def _path(times: np.ndarray, values: np.ndarray, box: tuple[float, float]) -> str:
    """The strokes of a curve, its extremes in every two pixels; what was not computed is a gap."""
    low, high = box
    span, first, wide = max(high - low, 1e-12 * max(abs(high), 1e-300)), min(times[0], times[-1]), abs(times[-1] - times[0])
    pen, pieces = "M", []
    for k in _kept(values):
        if not math.isfinite(values[k]):
            pen = "M"
            continue
        x, y = 2 + (WIDTH - 4) * (times[k] - first) / wide, HEIGHT - 3 - (HEIGHT - 6) * (values[k] - low) / span
        pieces.append(f"{pen}{x:.1f} {y:.1f}")
        pen = "L"
    return "".join(pieces)


def _kept(values: np.ndarray) -> list[int]:
    """Which samples are drawn: the lowest and the highest of each of some pieces, and the ends."""
    if len(values) <= WIDTH:
        return list(range(len(values)))
    found = {0, len(values) - 1}
    for piece in np.array_split(np.arange(len(values)), WIDTH // 2):
        some = values[piece]
        known = np.isfinite(some)
        found |= {int(piece[np.argmin(np.where(known, some, np.inf))]), int(piece[np.argmax(np.where(known, some, -np.inf))])}
        found |= {int(k) for k in piece[~known][:1]}
    return sorted(found)
