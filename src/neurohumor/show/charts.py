"""The curves of a run as figures: a broad drawing for a desk, a narrow one for a telephone; the page shows the one that fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from neurohumor.engine.notable import main_quantities
from neurohumor.errors import ModelError
from neurohumor.lang.readout import Headline, under
from neurohumor.show import page
from neurohumor.show.numbers import digits, moment
from neurohumor.show.standing import Standings
from neurohumor.show.svg import GLYPHS, OTHER, Curve, Scene, chart, glyph, sign_class

if TYPE_CHECKING:
    import numpy as np

    from neurohumor.engine.run import Run
    from neurohumor.engine.series import Series

BROAD, NARROW = (928, 230), (358, 210)
MOST_FIGURES = 60
MOST_CLOSE, FINEST = 12, 10 / 3600
"""Figures of a window by itself, at most, and its longest step (h)."""
MOST_PIECES = 2000
"""Of very many samples the lowest and the highest of so many pieces are drawn: more than a broad chart has pixels."""


def curve_figures(run: Run, around: Scene, headlines: Iterable[Headline] = (), known: Standings | None = None) -> str:
    """A figure for each main quantity under a headline; of a run that has none of them, of every main quantity (`MOST_FIGURES`)."""
    found, left = drawn_and_left(main_quantities(run), headlines)
    pieces = []
    for one in found:
        pieces += [f"<h3>{page.text(one.title)}</h3>" if one.title else ""]
        pieces += [figure([run[name]], ("",), around, known[name].badges() if known else "") for name in one.quantities]
    if left:
        pieces.append(page.paragraph(f"Not drawn: {len(left)} quantities of the summary's last table; the files of the run hold them."))
    return "".join(pieces)


def close_ups(run: Run, around: Scene, headlines: Iterable[Headline], known: Standings) -> str:
    """Of a run with several windows, those in steps of seconds by themselves: figures of what moves in each, at most `MOST_CLOSE`."""
    if len(run.windows) < 2:
        return ""
    found, _ = drawn_and_left(main_quantities(run), headlines)
    names = [name for one in found for name in one.quantities]
    pieces = []
    for window in run.windows:
        times = window.times
        if times.ndim > 1 or len(times) < 3 or float(times[1] - times[0]) > FINEST:
            continue
        moving = [one for one in (window[name] for name in names) if _moves(one)][:MOST_CLOSE]
        if moving:
            pieces.append(f"<h3>Closer: {page.text(moment(float(times[0])))}, for {digits(float(times[-1] - times[0]) * 3600)} s</h3>")
            pieces += [figure([one], ("",), around, known[one.name].badges()) for one in moving]
    return "".join(pieces)


def _moves(series: Series) -> bool:
    """Whether a curve changes by more than a hundredth of its size, in anybody."""
    import numpy as np

    rows = np.atleast_2d(series.values)
    rows = rows[np.isfinite(rows).all(axis=1)]
    return bool(rows.size) and float(np.ptp(rows, axis=1).max()) > 0.01 * float(np.abs(rows).max())


def drawn_and_left(names: Sequence[str], headlines: Iterable[Headline]) -> tuple[tuple[Headline, ...], tuple[str, ...]]:
    """What is drawn, by section, and what is not."""
    found, left = under(headlines, names)
    return (found, left) if found else ((Headline("", tuple(names[:MOST_FIGURES])),), tuple(names[MOST_FIGURES:]))


def figure(rows: Sequence[Series], labels: Sequence[str], around: Scene, badges: str = "") -> str:
    """One quantity of one run, or of two (the second broken), in the unit of the first, over the clock in both sizes.

    Of a population it draws the median and the band from 5 to 95 %.
    """
    series = rows[0]
    curves: list[Curve] = []
    for k, one in enumerate(rows):
        found = curves_of(one.to(series.unit))
        curves += [replace(curve, label=short(labels[k]), dashed=k > 0) for curve in found] if len(rows) > 1 else found
    unit = "pure number" if str(series.unit) == "1" else str(series.unit)
    title = "; ".join(words for words in (f"{series.name}{f': {series.doc}' if series.doc else ''}", " and ".join(labels)) if words)
    drawn = [
        f'<div class="{kind}">{chart(curves, unit, title, around, width=size[0], height=size[1])}</div>'
        for kind, size in (("broad", BROAD), ("narrow", NARROW))
    ]
    words = f"<code>{page.text(series.name)}</code> {page.text(series.doc)}{badges}"
    return f"<figure><figcaption>{words}</figcaption>{''.join(drawn)}</figure>"


def short(label: str) -> str:
    """A label that fits over a narrow chart."""
    return label if len(label) <= 16 else f"{label[:15]}…"


def curves_of(series: Series) -> tuple[Curve, ...]:
    """What to draw: the series, with a gap between windows; or median and band of a population."""
    if not series.population:
        return (_curve(series, [series.values]),)
    try:
        low, middle, high = series.quantiles(0.05, 0.5, 0.95)
    except ModelError:
        return tuple(_curve(one, [one.values]) for one in (series.person(k) for k in range(min(5, len(series.values)))))
    return (replace(_curve(series, [middle.values, low.values, high.values]), label="median"),)


def _curve(series: Series, rows: Sequence[np.ndarray]) -> Curve:
    """A curve with a gap where one window ends and the next begins later; a second and a third row are its band."""
    import numpy as np

    starts = list(series.starts[1:])
    times = np.insert(series.times, starts, series.times[starts]) if starts else series.times
    drawn = [np.insert(row, starts, np.nan) for row in rows] if starts else list(rows)
    kept = _extremes(drawn)
    values = [row[kept].tolist() for row in drawn]
    return Curve(times[kept].tolist(), values[0], band=(values[1], values[2]) if len(values) == 3 else None)


def _extremes(rows: Sequence[np.ndarray]) -> np.ndarray:
    """Which samples are drawn of very many: the lowest and the highest of each of `MOST_PIECES`, gaps, and the ends."""
    import numpy as np

    count = len(rows[0])
    if count <= 4 * MOST_PIECES:
        return np.arange(count)
    edges = np.linspace(0, count, MOST_PIECES + 1).astype(int)[:-1]
    found = [np.array([0, count - 1])]
    for row in rows:
        known = np.isfinite(row)
        for ends, at in ((np.minimum, np.where(known, row, np.inf)), (np.maximum, np.where(known, row, -np.inf))):
            hits = np.flatnonzero(at == np.repeat(ends.reduceat(at, edges), np.diff([*edges, count])))
            found.append(hits[np.unique(np.searchsorted(edges, hits, side="right"), return_index=True)[1]])
        found.append(np.flatnonzero(known[1:] != known[:-1]) + 1)
    return np.unique(np.concatenate(found))


def sign_key(around: Scene) -> str:
    """What the signs over the curves mean: only those that occur."""
    found = {mark.kind for mark in around.marks}
    kinds = [*(kind for kind in GLYPHS if kind in found), *sorted(found - GLYPHS.keys())]
    entries = []
    for kind in kinds:
        drawn = f'<g class="{sign_class(kind)}" fill="{GLYPHS.get(kind, OTHER)}">{glyph(kind, 7, 7)}</g>'
        entries.append(f'<li><svg class="key-svg" viewBox="0 0 14 14" aria-hidden="true">{drawn}</svg> {page.text(kind)}</li>')
    if around.nights:
        entries.append('<li><span class="key" style="background:var(--night)"></span>opportunity to sleep</li>')
    return f'<ul class="plain keys">{"".join(entries)}</ul>' if entries else ""
