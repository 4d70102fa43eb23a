"""When a condition changes: found with certainty, by bounding what it can be over stretches of time, then by halving.

A condition that is bounded away from change over a stretch is passed over at once; a stretch that cannot be decided is
halved, the earlier half first, down to a millionth of the step, so that two crossings within one step are both seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.emit.graph import INPUT, PARAM, STATE, TIME, Graph
from neurohumor.engine.backends.reference.intervals import ALL, Interval, image
from neurohumor.lang.expr import Const

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from neurohumor.engine.backends.reference.radau import Piece

    Floats = NDArray[np.float64]

Signature = tuple[float, ...]
Bounds = Callable[[float, float], bool]
"""Whether nothing watched can change between two times."""
Look = Callable[[float], Signature]
"""What is watched, at one time."""

MOST_CELLS = 20_000
FINEST = 1e-6


class Watch:
    """Nodes of a graph whose changes matter; `states` are the rows of the states that they read."""

    def __init__(self, graph: Graph, roots: Sequence[int]) -> None:
        nodes = graph.reachable(roots)
        place = {node: k for k, node in enumerate(nodes)}
        self.nodes = [(graph.op[n], tuple(place[a] for a in graph.args[n]), graph.row[n]) for n in nodes]
        self.values = [graph.value[n] for n in nodes]
        self.fixed = [k for k, n in enumerate(nodes) if not graph.deps[n] & ~PARAM]
        self.moving = [k for k, n in enumerate(nodes) if graph.deps[n] & ~PARAM]
        self.roots = [place[n] for n in roots]
        self.states = sorted({graph.row[n] for n in nodes if graph.op[n] == "state"})

    def constants(self, p: Sequence[float]) -> list[Interval]:
        """The part that only parameters enter, once per change of a parameter; to be handed to `decided`."""
        known: list[Interval] = [ALL] * len(self.nodes)
        for k in self.fixed:
            op, args, row = self.nodes[k]
            if args:
                known[k] = image(op, *(known[a] for a in args))
            else:
                value = self.values[k] if op == "const" else p[row]
                known[k] = (value, value)
        return known

    def decided(self, known: list[Interval], t: Interval, states: dict[int, Interval], inputs: Sequence[Interval]) -> bool:
        """Whether every root has one value while its leaves stay within these bounds."""
        at = known.copy()
        for k in self.moving:
            op, args, row = self.nodes[k]
            if args:
                at[k] = image(op, *[at[a] for a in args])
            else:
                at[k] = t if op == "time" else states[row] if op == "state" else inputs[row]
        return all(low == high or low != low for low, high in [at[k] for k in self.roots])


def clock_roots(graph: Graph, below: Sequence[int]) -> list[int]:
    """What jumps or bends at times that can be foreseen: comparisons, roundings, the larger of two, of time and inputs alone."""
    foreseen = [k for k in graph.reachable(below) if graph.deps[k] & (TIME | INPUT) and not graph.deps[k] & STATE]
    found = dict.fromkeys(k for k in foreseen if graph.op[k] in ("lt", "le", "floor", "ceil"))
    for node in foreseen:
        if graph.op[node] in ("eq", "min", "max"):
            found[graph.node("lt", *graph.args[node])] = None
        elif graph.op[node] == "abs":
            found[graph.node("lt", *graph.args[node], *graph.add([Const(0.0)]))] = None
    return list(found)


def touching_roots(graph: Graph, triggers: Sequence[int]) -> list[int]:
    """For each equality below triggers that reads a state: on which side of it one is."""
    return _sides(graph, triggers, ("eq",))


def switch_roots(graph: Graph, rates: Sequence[int]) -> list[int]:
    """The comparisons that read a state and choose between branches of a rate: where they turn, a rate may jump."""
    choices = [graph.args[k][0] for k in graph.reachable(rates) if graph.op[k] == "where"]
    return _sides(graph, choices, ("lt", "le", "eq"))


def _sides(graph: Graph, below: Sequence[int], ops: tuple[str, ...]) -> list[int]:
    nodes = [k for k in graph.reachable(below) if graph.deps[k] & STATE and graph.op[k] in ops]
    return list(dict.fromkeys(graph.node("lt", *graph.args[k]) if graph.op[k] == "eq" else k for k in nodes))


def first_change(decided: Bounds, look: Look, between: tuple[float, float], finest: float, resolution: float) -> tuple[float, float] | None:
    """The first change in (begin, end]: a time before it and one after it, no further apart than `resolution`.

    finest  width below which a stretch whose ends look alike is passed over
    """
    begin, end = between
    cells = 0
    stack = [(begin, end, look(begin), look(end))]
    while stack:
        low, high, before, after = stack.pop()
        cells += 1
        if before == after and (cells > MOST_CELLS or high - low <= finest or decided(low, high)):
            continue
        middle = 0.5 * (low + high)
        if before != after and (cells > MOST_CELLS or high - low <= finest or not low < middle < high):
            return _halved(look, low, high, before, resolution)
        if not low < middle < high:
            continue
        there = look(middle)
        stack.append((middle, high, there, after))
        stack.append((low, middle, before, there))
    return None


def _halved(look: Look, low: float, high: float, before: Signature, resolution: float) -> tuple[float, float]:
    while high - low > resolution and low < (middle := 0.5 * (low + high)) < high:
        if look(middle) == before:
            low = middle
        else:
            high = middle
    return low, high


def stretch(piece: Piece, rows: Sequence[int], begin: float, end: float) -> dict[int, Interval]:
    """Bounds of some states of a piece between two times, from the Bernstein form of their polynomials."""
    width = piece.end - piece.start
    matrix = _bernstein(len(piece.powers), (begin - piece.start) / width, (end - begin) / width)
    columns = list(rows)
    control = matrix @ np.vstack((np.zeros(len(columns)), piece.powers[:, columns]))
    low, high = control.min(axis=0), control.max(axis=0)
    y = piece.y
    return {row: (float(y[row] + low[k]), float(y[row] + high[k])) for k, row in enumerate(columns)}


def _bernstein(degree: int, theta: float, width: float) -> Floats:
    """Monomial coefficients in [0, 1] to control points over [theta, theta + width]."""
    binomials, exponents, orders, control = _binomials(degree)
    return control @ (binomials * theta**exponents * width**orders)


@cache
def _binomials(degree: int) -> tuple[Floats, Floats, Floats, Floats]:
    """k over j at [j, k]; k - j, not below 0; j as a column; and the matrix from local monomials to control points."""
    k, j = np.meshgrid(np.arange(degree + 1), np.arange(degree + 1))
    binomials = np.vectorize(math.comb)(k, j).astype(float)
    control = binomials.T / np.array([math.comb(degree, n) for n in range(degree + 1)], dtype=float)
    return binomials, np.maximum(k - j, 0).astype(float), np.arange(degree + 1, dtype=float)[:, None], control
