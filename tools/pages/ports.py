"""The picture of a module: what it hears on the left, what it tells on the right, as inline SVG that follows the page's colours."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from neurohumor.lang.decl import Influence, Input, Lag, Output, Param, State, Takes
from neurohumor.lang.module import Module

ROW, TOP, MARGIN = 19, 30, 14
LEFT, RIGHT, LETTER = 300, 450, 6.9
LEAST = 74


@dataclass(frozen=True, slots=True)
class Port:
    """A line of the picture: its text, and how the line is drawn (plain, many, dose, influence)."""

    text: str
    kind: str = "plain"


def heard(module: type[Module]) -> list[Port]:
    """What comes in: doses, then inputs in reading order."""
    doses = [Port(f"{x.substance}, {x.route}", "dose") for x in module.of(Takes)]
    return [*doses, *(Port(x.quantity, "many" if x.gather else "plain") for x in module.of(Input))]


def told(module: type[Module]) -> list[Port]:
    """What goes out: outputs, then the gains of influences."""
    return [*(Port(x.quantity) for x in module.of(Output)), *(Port(x.target, "influence") for x in module.of(Influence))]


def picture(module: type[Module]) -> str:
    """The ports of a module as SVG, on one line so that Markdown leaves it alone."""
    ins, outs = heard(module), told(module)
    longest = max((len(p.text) for p in (*ins, *outs)), default=10)
    side = max(LETTER * longest + 34, 120)
    box = max(RIGHT - LEFT, 7.6 * len(module.__name__) + 24)
    width = 2 * side + box
    inner = max(len(ins), len(outs), 1) * ROW
    tall = max(inner + 2 * MARGIN, LEAST)
    pieces = [
        f'<svg class="ports" viewBox="0 0 {width:.0f} {tall + TOP}" width="{width:.0f}" role="img" '
        f'aria-label="What {escape(module.__name__)} hears and tells">',
        f'<text class="head" x="{side - 14:.0f}" y="18" text-anchor="end">hears</text>',
        f'<text class="head" x="{side + box + 14:.0f}" y="18">tells</text>',
        f'<rect class="box" x="{side:.0f}" y="{TOP}" width="{box:.0f}" height="{tall}" rx="6"/>',
        *_lines(ins, side, tall, end=side - 4, left=True),
        *_lines(outs, side + box, tall, end=side + box + 26, left=False),
        *_inside(module, side + box / 2, TOP + tall / 2),
        "</svg>",
    ]
    return "".join(pieces)


def _lines(ports: list[Port], edge: float, tall: int, *, end: float, left: bool) -> list[str]:
    first = TOP + (tall - len(ports) * ROW) / 2 + ROW / 2
    found = []
    for k, port in enumerate(ports):
        y = first + k * ROW
        begin = edge - 26 if left else edge + 1
        x, anchor = (begin - 5, "end") if left else (end + 5, "start")
        found.append(f'<path class="{port.kind}" d="M{begin:.0f} {y:.1f}H{end - 4:.0f}"/>')
        found.append(f'<path class="tip {port.kind}" d="M{end:.0f} {y:.1f}l-7 -3.5v7z"/>')
        found.append(f'<text class="{port.kind}" x="{x:.0f}" y="{y + 4:.1f}" text-anchor="{anchor}">{escape(port.text)}</text>')
    return found


def _inside(module: type[Module], x: float, y: float) -> list[str]:
    states = len(module.of(State)) + sum(lag.stages for lag in module.of(Lag))
    counts = f"{states} state{'s' * (states != 1)}, {len(module.of(Param))} numbers"
    return [
        f'<text class="name" x="{x:.0f}" y="{y - 3:.0f}" text-anchor="middle">{escape(module.__name__)}</text>',
        f'<text class="small" x="{x:.0f}" y="{y + 14:.0f}" text-anchor="middle">{counts}</text>',
    ]
