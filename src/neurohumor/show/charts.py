"""The curves of a run as figures: a broad drawing for a desk, a narrow one for a telephone; the page shows the one that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurohumor.errors import ModelError
from neurohumor.show import page
from neurohumor.show.summary import main_quantities
from neurohumor.show.svg import GLYPHS, OTHER, Curve, Scene, chart, glyph

if TYPE_CHECKING:
    from neurohumor.engine.run import Run
    from neurohumor.engine.series import Series

BROAD, NARROW = (928, 230), (358, 210)
MOST_FIGURES = 60


def curve_figures(run: Run, around: Scene, names: tuple[str, ...] | None = None) -> str:
    """A figure for each quantity (default: the main ones, at most `MOST_FIGURES`; the rest is named)."""
    wanted = main_quantities(run) if names is None else names
    figures = [figure(run, name, around) for name in wanted[:MOST_FIGURES]]
    left = wanted[MOST_FIGURES:]
    if left:
        figures.append(page.paragraph(f"Not drawn here, but in the file of the run: {', '.join(left)}."))
    return "".join(figures)


def figure(run: Run, name: str, around: Scene) -> str:
    """One quantity over the clock, in both sizes; of a population the median and the band from 5 to 95 %."""
    series = run[name]
    curves = curves_of(series)
    unit = "" if str(series.unit) == "1" else str(series.unit)
    title = f"{name}{f': {series.doc}' if series.doc else ''}"
    drawn = [
        f'<div class="{kind}">{chart(curves, unit or "pure number", title, around, width=size[0], height=size[1])}</div>'
        for kind, size in (("broad", BROAD), ("narrow", NARROW))
    ]
    return f"<figure><figcaption><code>{page.text(name)}</code> {page.text(series.doc)}</figcaption>{''.join(drawn)}</figure>"


def curves_of(series: Series) -> tuple[Curve, ...]:
    """What to draw: the series, with a gap between windows; or median and band of a population."""
    if not series.population:
        return (Curve(*_gapped(series, series.values.tolist())),)
    try:
        low, middle, high = series.quantiles(0.05, 0.5, 0.95)
    except ModelError:
        return tuple(Curve(*_gapped(one, one.values.tolist())) for one in (series.person(k) for k in range(min(5, len(series.values)))))
    times, values = _gapped(series, middle.values.tolist())
    band = _gapped(series, low.values.tolist())[1], _gapped(series, high.values.tolist())[1]
    return (Curve(times, values, "median", band=band),)


def _gapped(series: Series, values: list[float]) -> tuple[list[float], list[float]]:
    """Times and values with a gap where one window ends and the next begins later."""
    times = series.times.tolist()
    for start in reversed(series.starts[1:]):
        times.insert(start, times[start])
        values.insert(start, float("nan"))
    return times, values


def sign_key(around: Scene) -> str:
    """What the signs over the curves mean: only those that occur."""
    found = {mark.kind for mark in around.marks}
    kinds = [*(kind for kind in GLYPHS if kind in found), *sorted(found - GLYPHS.keys())]
    entries = []
    for kind in kinds:
        sign = (
            f'<svg class="key-svg" viewBox="0 0 14 14" aria-hidden="true"><g fill="{GLYPHS.get(kind, OTHER)}">{glyph(kind, 7, 7)}</g></svg>'
        )
        entries.append(f"<li>{sign} {page.text(kind)}</li>")
    if around.nights:
        entries.append('<li><span class="key" style="background:#dfe6f2"></span>opportunity to sleep</li>')
    return f'<ul class="plain keys">{"".join(entries)}</ul>' if entries else ""
