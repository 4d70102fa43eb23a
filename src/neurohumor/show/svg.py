"""A chart of curves over the clock as one SVG text: axes, unit, nights, doses and meals; nothing from outside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from neurohumor.show.numbers import DAY, clock, clock_tick, hour_step, round_step, tick_text, ticks

PALETTE = ("#0b5fa5", "#c8541b", "#2a7f4f", "#8a4f9e", "#8c6d1f", "#4d4d4d")
"""Told apart by people of every colour vision, also by lightness."""

GLYPHS = {"meal": "#2a7f4f", "dose": "#c8541b", "threat": "#a3203a", "exercise": "#0b5fa5"}
OTHER = "#4d4d4d"
"""What happens to a person, and its colour; anything else is grey."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve: times in hours since midnight of day 0, values in the chart's unit; NaN is a gap; band: lower and upper values."""

    times: Sequence[float]
    values: Sequence[float]
    label: str = ""
    dashed: bool = False
    band: tuple[Sequence[float], Sequence[float]] | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happens: when, which kind (of `GLYPHS`, or another), and its name."""

    time: float
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What all charts of a page share: nights as (from, to), and what happens.

    strips  nights of one curve each, where they differ: drawn as thin bars above the clock, in the colour of the curve
    """

    nights: tuple[tuple[float, float], ...] = ()
    marks: tuple[Mark, ...] = ()
    strips: tuple[tuple[tuple[float, float], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The drawing area in pixels and the values at its edges."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, time: float) -> float:
        """Pixels from the left."""
        return self.left + (time - self.x[0]) / (self.x[1] - self.x[0]) * (self.width - self.left - self.right)

    def down(self, value: float) -> float:
        """Pixels from the top."""
        return self.height - self.bottom - (value - self.y[0]) / (self.y[1] - self.y[0]) * (self.height - self.top - self.bottom)


EMPTY = Scene()


def chart(curves: Sequence[Curve], unit: str, title: str, scene: Scene = EMPTY, *, width: int = 860, height: int = 220) -> str:
    """The chart as an <svg> element.  All text is escaped; a chart without a finite value says so."""
    points = [points for curve in curves for points in _finite(curve)]
    head = f'<svg class="chart" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" xmlns="http://www.w3.org/2000/svg">'
    head += f"<title>{escape(title)}</title>"
    if not any(points):
        return f'{head}<text x="{width / 2:.0f}" y="{height / 2:.0f}" class="mid">nothing was computed</text></svg>'
    frame = _frame(points, width, height)
    pieces = [_nights(frame, scene), _grid(frame, unit), _clock_axis(frame)]
    for k, curve in enumerate(curves):
        pieces += [_band(frame, curve, k % len(PALETTE)), _path(frame, curve, k % len(PALETTE))]
    pieces += [_strips(frame, scene), _marks(frame, scene), _legend(frame, curves), "</svg>"]
    return head + "".join(pieces)


def _finite(curve: Curve) -> list[list[Point]]:
    rows = (curve.values, *(curve.band or ()))
    return [[(t, v) for t, v in zip(curve.times, row, strict=True) if math.isfinite(v)] for row in rows]


def _frame(points: Sequence[Sequence[Point]], width: int, height: int) -> Frame:
    every = [p for some in points for p in some]
    low, high = min(v for _, v in every), max(v for _, v in every)
    first, last = min(t for t, _ in every), max(t for t, _ in every)
    if low >= 0 and low < 0.6 * high:
        low = 0.0
    gap = (high - low) or abs(high) * 0.1 or 1.0
    if high - low < 1e-9 * max(abs(high), abs(low)):
        gap = abs(high) * 0.1 or 1.0
        low, high = low - gap / 2, high + gap / 2
    y = (low if low == 0.0 else low - 0.06 * gap, high + 0.08 * gap)
    step = round_step(y[1] - y[0], 4)
    longest = max(len(tick_text(v, step)) for v in ticks(*y, 4)) if ticks(*y, 4) else 4
    left = max(14.0 + 7.0 * longest, 0.06 * width)  # the axes of a page of charts stand in line
    return Frame(width, height, left, 10.0, 30.0, 36.0, (first, last if last > first else first + 1.0), y)


def _nights(frame: Frame, scene: Scene) -> str:
    found = []
    for start, end in scene.nights:
        a, b = max(start, frame.x[0]), min(end, frame.x[1])
        if b > a:
            x0, x1 = frame.across(a), frame.across(b)
            size = f'width="{x1 - x0:.1f}" height="{frame.height - frame.top - frame.bottom:.0f}"'
            found.append(f'<rect x="{x0:.1f}" y="{frame.top:.0f}" {size} class="night"/>')
    return "".join(found)


def _strips(frame: Frame, scene: Scene) -> str:
    found, floor = [], frame.height - frame.bottom
    for k, nights in enumerate(scene.strips):
        y, colour = floor - 4.0 * (len(scene.strips) - k), PALETTE[k % len(PALETTE)]
        for start, end in nights:
            a, b = max(start, frame.x[0]), min(end, frame.x[1])
            if b > a:
                x0, x1 = frame.across(a), frame.across(b)
                size = f'width="{x1 - x0:.1f}" height="3"'
                found.append(f'<rect x="{x0:.1f}" y="{y:.1f}" {size} class="f{k % len(PALETTE)}" fill="{colour}" opacity="0.55"/>')
    return "".join(found)


def _grid(frame: Frame, unit: str) -> str:
    step = round_step(frame.y[1] - frame.y[0], 4)
    pieces = []
    for value in ticks(*frame.y, 4):
        y = frame.down(value)
        pieces.append(f'<line x1="{frame.left:.1f}" x2="{frame.width - frame.right:.1f}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>')
        pieces.append(f'<text x="{frame.left - 6:.1f}" y="{y + 4:.1f}" class="end">{escape(tick_text(value, step))}</text>')
    pieces.append(f'<text x="4" y="14" class="unit">{escape(unit)}</text>')
    return "".join(pieces)


def _clock_axis(frame: Frame) -> str:
    first, last = frame.x
    floor = frame.height - frame.bottom
    room = (frame.width - frame.left - frame.right) / (46 if last - first > 0.1 else 84)
    step = hour_step(last - first, max(2, int(room)))
    pieces = [f'<line x1="{frame.left:.1f}" x2="{frame.width - frame.right:.1f}" y1="{floor:.1f}" y2="{floor:.1f}" class="axis"/>']
    for k in range(math.ceil(first / step - 1e-9), math.floor(last / step + 1e-9) + 1):
        x = frame.across(k * step)
        pieces.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{floor:.1f}" y2="{floor + 4:.1f}" class="axis"/>')
        if x < frame.width - 12:
            pieces.append(f'<text x="{x:.1f}" y="{floor + 16:.1f}" class="mid">{clock_tick(k * step, step)}</text>')
    for day in range(math.floor(first / DAY), math.ceil(last / DAY - 1e-9)):
        a, b = max(first, day * DAY), min(last, (day + 1) * DAY)
        if frame.across(b) - frame.across(a) > 44:
            middle = frame.across((a + b) / 2)
            pieces.append(f'<text x="{middle:.1f}" y="{floor + 31:.1f}" class="mid day">day {day}</text>')
        if first < day * DAY < last:
            x = frame.across(day * DAY)
            pieces.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{frame.top:.1f}" y2="{floor:.1f}" class="midnight"/>')
    return "".join(pieces)


def _path(frame: Frame, curve: Curve, place: int) -> str:
    dash = ' stroke-dasharray="6 4"' if curve.dashed else ""
    steps = "".join(_strokes(thinned(_stretches(frame, curve.times, curve.values), frame.width)))
    look = f'fill="none" stroke="{PALETTE[place]}" class="c{place}" stroke-width="1.8" stroke-linejoin="round"'
    return f'<path d="{steps}" {look}{dash}/>' if steps else ""


def _band(frame: Frame, curve: Curve, place: int) -> str:
    if curve.band is None:
        return ""
    pieces = []
    lower, upper = (_stretches(frame, curve.times, edge) for edge in curve.band)
    for low, high in zip(lower, upper, strict=False):
        along = [*thinned([high], frame.width)[0], *reversed(thinned([low], frame.width)[0])]
        pieces.append(f'<path d="{_strokes([along])[0]}z" class="f{place}" fill="{PALETTE[place]}" opacity="0.18"/>')
    return "".join(pieces)


def _stretches(frame: Frame, times: Sequence[float], values: Sequence[float]) -> list[list[Point]]:
    """The unbroken stretches of a curve in pixels."""
    found: list[list[Point]] = [[]]
    for time, value in zip(times, values, strict=True):
        if math.isfinite(value):
            found[-1].append((frame.across(time), frame.down(value)))
        elif found[-1]:
            found.append([])
    return [stretch for stretch in found if stretch]


def thinned(stretches: Sequence[Sequence[Point]], width: int) -> list[list[Point]]:
    """The same picture with at most the lowest and the highest point of each pixel column, and the ends."""
    out: list[list[Point]] = []
    for stretch in stretches:
        if len(stretch) <= width:
            out.append(list(stretch))
            continue
        columns: dict[int, list[int]] = {}
        for k, point in enumerate(stretch):
            columns.setdefault(int(point[0]), []).append(k)
        kept = {0, len(stretch) - 1}
        for column in columns.values():
            kept |= {min(column, key=lambda k: stretch[k][1]), max(column, key=lambda k: stretch[k][1])}
        out.append([stretch[k] for k in sorted(kept)])
    return out


def straightened(stretch: Sequence[Point], slack: float = 0.2) -> list[Point]:
    """The same picture without the points that lie on the line between their neighbours, to a fifth of a pixel."""
    if len(stretch) < 3:
        return list(stretch)
    kept, anchor = [stretch[0]], 0
    low, high = -math.inf, math.inf
    for k in range(1, len(stretch)):
        run = stretch[k][0] - stretch[anchor][0]
        if run <= 0:
            kept.append(stretch[k])
            anchor, low, high = k, -math.inf, math.inf
            continue
        slope = (stretch[k][1] - stretch[anchor][1]) / run
        if not low <= slope <= high:
            anchor = k - 1
            kept.append(stretch[anchor])
            run = stretch[k][0] - stretch[anchor][0]
            low, high = -math.inf, math.inf
            if run <= 0:
                kept.append(stretch[k])
                anchor = k
                continue
        rise = stretch[k][1] - stretch[anchor][1]
        low, high = max(low, (rise - slack) / run), min(high, (rise + slack) / run)
    return kept if kept[-1] is stretch[-1] else [*kept, stretch[-1]]


def _strokes(stretches: Sequence[Sequence[Point]]) -> list[str]:
    found = []
    for stretch in map(straightened, stretches):
        found.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in stretch))
        if len(stretch) == 1:
            found.append("h0.1")
    return found


def _marks(frame: Frame, scene: Scene) -> str:
    pieces = []
    for mark in scene.marks:
        if not frame.x[0] <= mark.time <= frame.x[1]:
            continue
        x, y = frame.across(mark.time), frame.top - 6
        colour = GLYPHS.get(mark.kind, OTHER)
        shape = glyph(mark.kind, x, y)
        pieces.append(
            f'<g class="{sign_class(mark.kind)}" fill="{colour}"><title>{escape(f"{clock(mark.time)} {mark.label}")}</title>{shape}</g>'
        )
        if mark.kind != "meal":
            pieces.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{frame.top:.1f}" y2="{frame.height - frame.bottom:.1f}" class="at"/>')
    return "".join(pieces)


def sign_class(kind: str) -> str:
    """The class of a sign, for the colours of a page."""
    return f"sign-{kind}" if kind in GLYPHS else "sign"


def glyph(kind: str, x: float, y: float) -> str:
    """A small sign around (x, y): meals are dots, doses diamonds, threats bolts, exercise triangles, all else squares."""
    if kind == "meal":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6"/>'
    if kind == "dose":
        return f'<path d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z"/>'
    if kind == "threat":
        return f'<path d="M{x + 1.5:.1f} {y - 6:.1f}l-5 7h3.5l-1.5 5l5 -7h-3.5z"/>'
    if kind == "exercise":
        return f'<path d="M{x:.1f} {y - 5:.1f}l5 9h-10z"/>'
    return f'<rect x="{x - 3.2:.1f}" y="{y - 3.2:.1f}" width="6.4" height="6.4"/>'


def _legend(frame: Frame, curves: Sequence[Curve]) -> str:
    named = [(k, curve) for k, curve in enumerate(curves) if curve.label]
    if len(curves) < 2:
        return ""
    pieces, x = [], frame.width - frame.right
    for k, curve in reversed(named):
        x -= 7 * len(curve.label) + 4
        pieces.append(
            f'<text x="{x:.0f}" y="14" class="f{k % len(PALETTE)}" fill="{PALETTE[k % len(PALETTE)]}">{escape(curve.label)}</text>'
        )
        x -= 14
    return "".join(pieces)
