"""Flows between nodes as ribbons whose width is the flow: the drawing alone, without knowing what flows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

SLOT, GAP, THICK, LINE = 34.0, 10.0, 11.0, 14.0
"""Pixels: least room for a node's words, between nodes, across a node, between lines of text."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node in column 0, 1, ...: name in bold, what it is worth below, its colour."""

    key: str
    column: int
    name: str
    words: str
    colour: str


@dataclass(frozen=True, slots=True)
class Link:
    """So much from one node to another, in the unit of the drawing."""

    source: str
    target: str
    value: float


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the columns stand, the pixels per unit of flow, and the top."""

    columns: Sequence[float]
    scale: float
    top: float


def ribbons(nodes: Sequence[Node], links: Sequence[Link], frame: Frame) -> tuple[str, float]:
    """SVG elements of the drawing, and the y at which it ends.  Nodes of a column stand in the order given, links from top to bottom."""
    kept = [link for link in links if link.value > 0]
    shown = [node for node in nodes if any(node.key in (link.source, link.target) for link in kept)]
    sizes = {node.key: max(_sum(kept, node.key, out=True), _sum(kept, node.key, out=False)) * frame.scale for node in shown}
    tops, end = _stacked(shown, sizes, frame)
    pieces = _links(shown, kept, tops, frame)
    pieces += [_node(node, tops[node.key], sizes[node.key], frame) for node in shown]
    return "".join(pieces), end


def _sum(links: Sequence[Link], key: str, *, out: bool) -> float:
    return sum(link.value for link in links if (link.source if out else link.target) == key)


def _stacked(nodes: Sequence[Node], sizes: dict[str, float], frame: Frame) -> tuple[dict[str, float], float]:
    """The y of each node's top: columns in the middle of the highest of them."""
    heights = {}
    for column in range(len(frame.columns)):
        slots = [max(sizes[node.key], SLOT) for node in nodes if node.column == column]
        heights[column] = sum(slots) + GAP * max(len(slots) - 1, 0)
    most, tops = max(heights.values()), {}
    for column, height in heights.items():
        y = frame.top + (most - height) / 2
        for node in nodes:
            if node.column == column:
                slot = max(sizes[node.key], SLOT)
                tops[node.key] = y + (slot - sizes[node.key]) / 2
                y += slot + GAP
    return tops, frame.top + most


def _links(nodes: Sequence[Node], links: Sequence[Link], tops: dict[str, float], frame: Frame) -> list[str]:
    place = {node.key: node for node in nodes}
    left, right = dict(tops), dict(tops)  # how far each side of a node is taken
    arriving = sorted(links, key=lambda link: tops[link.source])
    entry = {}
    for link in arriving:
        entry[link.source, link.target] = left[link.target]
        left[link.target] += link.value * frame.scale
    pieces = []
    for link in sorted(links, key=lambda link: tops[link.target]):
        wide, y0, y1 = link.value * frame.scale, right[link.source], entry[link.source, link.target]
        right[link.source] += wide
        x0, x1 = frame.columns[place[link.source].column] + THICK, frame.columns[place[link.target].column]
        pieces.append(_ribbon((x0, y0), (x1, y1), max(wide, 0.8), place[link.source].colour))
    return pieces


def _ribbon(start: tuple[float, float], end: tuple[float, float], wide: float, colour: str) -> str:
    (x0, y0), (x1, y1) = start, end
    bend = (x0 + x1) / 2
    path = f"M{x0:.1f},{y0:.1f} C{bend:.1f},{y0:.1f} {bend:.1f},{y1:.1f} {x1:.1f},{y1:.1f} v{wide:.1f} "
    path += f"C{bend:.1f},{y1 + wide:.1f} {bend:.1f},{y0 + wide:.1f} {x0:.1f},{y0 + wide:.1f} Z"
    return f'<path d="{path}" style="fill:{colour};fill-opacity:0.35"/>'


def _node(node: Node, y: float, size: float, frame: Frame) -> str:
    x, middle = frame.columns[node.column], y + size / 2
    first, last = node.column == 0, node.column == len(frame.columns) - 1
    box = f'<rect x="{x:.1f}" y="{y:.1f}" width="{THICK:.0f}" height="{max(size, 1.0):.1f}" style="fill:{node.colour}"/>'
    if first or last:
        at, side = (x - 8, "end") if first else (x + THICK + 8, "start")
        return box + _lines(node, at, middle - 3, side)
    return box + _lines(node, x + THICK / 2, y - LINE - 6, "middle")


def _lines(node: Node, x: float, y: float, side: str) -> str:
    halo = 'style="stroke:var(--ground,#fff);stroke-width:3px;paint-order:stroke"'
    told = f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{side}" {halo} font-weight="600">{escape(node.name)}</text>'
    return told + f'<text x="{x:.1f}" y="{y + LINE:.1f}" text-anchor="{side}" {halo}>{escape(node.words)}</text>'
