"""Changes are found wherever they are, the first one first."""

from __future__ import annotations

import math

import numpy as np
import pytest

from neurohumor.emit.graph import Graph
from neurohumor.emit.python import scalars
from neurohumor.engine.backends.reference.crossings import Watch, clock_roots, first_change, stretch, touching_roots
from neurohumor.engine.backends.reference.radau import Piece
from neurohumor.lang.expr import Call, Const, Expr
from neurohumor.lang.rates import both, either, sin
from neurohumor.lang.system import Leaf
from tests.problems.draft import Draft

T = Leaf("time", 0, "t")


def floor(x: Expr) -> Expr:
    return Call("floor", x)


def found(expr: Expr, begin: float, end: float, p: float = 1.0) -> tuple[float, float] | None:
    """The first change of what can be foreseen in an expression of the time."""
    d = Draft()
    d.param("p", p)
    graph = Graph(d.system())
    roots = clock_roots(graph, graph.add([expr]))
    watch = Watch(graph, roots)
    code = scalars(graph, {"look": roots})
    known, c = watch.constants([p]), code.constants([p])
    looks: list[float] = []

    def look(t: float) -> tuple[float, ...]:
        looks.append(t)
        return tuple(code.functions["look"](t, [], [p], [], c))

    result = first_change(lambda a, b: watch.decided(known, (a, b), {}, []), look, (begin, end), 1e-9 * (end - begin), 0.0)
    assert len(looks) < 5000
    return result


@pytest.mark.parametrize(
    ("expr", "begin", "end", "at"),
    [
        (T >= 5.0, 0.0, 1e6, 5.0),
        (T > 5.0, 0.0, 1e6, math.nextafter(5.0, 6.0)),
        (T < 5.0, 4.999, 5.0, 5.0),
        (T <= 5.0, 5.0, 6.0, math.nextafter(5.0, 6.0)),
        (floor(T / 24.0), 1.0, 10_000.0, 24.0),
        (floor(T / 24.0), 24.0, 10_000.0, 48.0),
        (T - 24.0 * floor(T / 24.0) < 8.0, 0.0, 72.0, 8.0),
        (T - 24.0 * floor(T / 24.0) < 8.0, 8.0, 72.0, 24.0),
        (both(T > 500.3, T < 500.3001), 0.0, 1000.0, math.nextafter(500.3, 501.0)),
        (either(T > 7.0, T > 3.0), 0.0, 1000.0, math.nextafter(3.0, 4.0)),
        (Call("eq", T, Const(3.0)), 0.0, 10.0, 3.0),
        (sin(2.0 * math.pi * T) > 0.5, 0.2, 1000.0, 5.0 / 12.0),
        (Leaf("param", 0, "p") * T >= 12.0, 0.0, 100.0, 12.0),
    ],
)
def test_the_first_change_is_found_to_the_last_bit(expr: Expr, begin: float, end: float, at: float):
    change = found(expr, begin, end)
    assert change is not None
    assert change[1] == pytest.approx(at, rel=2e-16, abs=0.0) or change[1] == at
    assert change[0] < change[1] and change[1] - change[0] <= 2.0 * math.ulp(change[1])


@pytest.mark.parametrize("expr", [T >= 5.0, sin(T) <= 1.0, floor(T / 24.0), both(T > 30.0, T < 20.5)])
def test_no_change_is_found_where_there_is_none(expr: Expr):
    change = found(expr, 6.0, 20.0)
    assert change is None or (expr is not None and 7.85 < change[0] < 7.86)  # where sin touches 1, rounding may step over it


def test_a_parameter_that_is_not_a_number_changes_nothing():
    assert found(Leaf("param", 0, "p") * T >= 12.0, 0.0, 100.0, math.nan) is None


def parabola(height: float) -> Piece:
    """x = 4 height theta (1 - theta) over [2, 6], and a state that rests at 5."""
    powers = np.array([[4.0 * height, 0.0], [-4.0 * height, 0.0], [0.0, 0.0]])
    return Piece(2.0, 6.0, np.array([0.0, 5.0]), powers, np.array([0.0, 5.0]))


def test_bounds_of_a_polynomial_hold_and_tighten():
    piece = parabola(1.0)
    for begin, end in ((2.0, 6.0), (3.0, 5.0), (4.0, 4.0001)):
        times = np.linspace(begin, end, 200)
        values = piece.many(times)[:, 0]
        low, high = stretch(piece, [0, 1], begin, end)[0]
        assert low <= values.min() + 1e-15 and high >= values.max() - 1e-15
    low, high = stretch(piece, [0], 4.0, 4.0001)[0]
    assert high - low < 1e-8
    assert stretch(piece, [0, 1], 2.0, 6.0)[1] == (5.0, 5.0)


@pytest.mark.parametrize(("height", "seen"), [(1.0, True), (0.9001, True), (0.8999, False)])
def test_a_peak_within_one_step_is_seen(height: float, seen: bool):
    """Above 0.9 for a part of the step only, with both ends below."""
    d = Draft()
    x = d.state("x")
    d.state("rest")
    graph = Graph(d.system())
    roots = graph.add([x > 0.9])
    watch, piece = Watch(graph, roots), parabola(height)
    known = watch.constants([])
    change = first_change(
        lambda a, b: watch.decided(known, (a, b), stretch(piece, watch.states, a, b), []),
        lambda t: (float(piece.at(t)[0] > 0.9),),
        (2.0, 6.0), 4e-6, 1e-12,
    )  # fmt: skip
    assert (change is not None) == seen
    if change is not None:
        assert change[1] == pytest.approx(4.0 - 2.0 * math.sqrt(1.0 - 0.9 / height), abs=1e-11)


def test_equalities_of_states_are_watched_from_both_sides():
    d = Draft()
    x = d.state("x")
    graph = Graph(d.system())
    roots = graph.add([Call("eq", x, Const(1.0)), x < 2.0])
    assert [graph.op[k] for k in touching_roots(graph, roots)] == ["lt"]
    assert clock_roots(graph, roots) == []
