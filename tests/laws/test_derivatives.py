"""Derivatives are those of the calculus: SymPy and the complex step agree, edges are finite, long expressions are no burden."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from neurohumor.build.flatten import flatten
from neurohumor.build.start import start
from neurohumor.lang import Model, part
from neurohumor.lang.derive import (
    derivative,
    directional,
    input_derivative,
    jacobian,
    param_derivative,
    time_derivative,
)
from neurohumor.lang.expr import Call, Const, Expr, fold, order
from neurohumor.lang.rates import curve, hill, inhibition, maximum, minimum, mm, positive, power, smooth_max, where
from neurohumor.lang.system import Assignment, Interner, Leaf, StateRow, System
from neurohumor.modules.transmitters.dopamine_terminal_best2009 import DopamineTerminalBest2009
from neurohumor.units import ONE
from tests.numbers import compiled, rates_of

X, Y, Z = (Leaf("state", i, name) for i, name in enumerate("xyz"))
STEP = 1e-30


# ── Random expressions ────────────────────────────────────────────────────────────────────────────


def smooth(children: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    """Operations kept inside their domains, all of them."""
    two = st.tuples(children, children)
    return st.one_of(
        two.map(lambda ab: ab[0] + ab[1]),
        two.map(lambda ab: ab[0] - ab[1]),
        two.map(lambda ab: ab[0] * ab[1]),
        two.map(lambda ab: ab[0] / (1.25 + ab[1] * ab[1])),
        two.map(lambda ab: (1 + ab[0] * ab[0]) ** Call("tanh", ab[1])),
        st.tuples(children, st.sampled_from([-1.5, 0.5, 2.0, 3.0])).map(lambda an: (1 + an[0] * an[0]) ** an[1]),
        two.map(lambda ab: minimum(*ab)),
        two.map(lambda ab: maximum(*ab)),
        st.tuples(children, children, children, children).map(lambda abcd: where(abcd[0] < abcd[1], abcd[2], abcd[3])),
        st.sampled_from(["neg", "sin", "cos", "tanh", "atan", "abs"]).flatmap(lambda op: children.map(lambda a: Call(op, a))),
        children.map(lambda a: Call("exp", Call("tanh", a))),
        children.map(lambda a: Call("log", 1 + a * a)),
        children.map(lambda a: Call("tan", Call("tanh", a))),
        children.map(lambda a: Call("asin", 0.5 * Call("tanh", a))),
        children.map(lambda a: Call("acos", 0.5 * Call("tanh", a))),
    )


numbers = st.floats(-2.0, 2.0).map(lambda v: round(v, 3))
leaves = st.one_of(st.sampled_from([X, Y, Z]), numbers.map(Const))
expressions = st.recursive(leaves, smooth, max_leaves=12)
# Points that no rounded constant meets: ties are tested by themselves.
points = st.tuples(*[st.integers(-2000, 2000).map(lambda n, k=k: n / 1000 + k * 1e-5 * math.pi) for k in (1, 2, 3)])

SYMBOLS = sympy.symbols("x y z", real=True)


def in_sympy(expr: Expr) -> sympy.Expr:
    def leaf(node: Expr) -> sympy.Expr:
        if isinstance(node, Const):
            return sympy.Rational(str(node.value))
        assert isinstance(node, Leaf)
        return SYMBOLS[node.index]

    def call(node: Call, a: tuple) -> sympy.Expr:
        plain = {
            "add": lambda: a[0] + a[1],
            "sub": lambda: a[0] - a[1],
            "mul": lambda: a[0] * a[1],
            "div": lambda: a[0] / a[1],
            "pow": lambda: a[0] ** a[1],
            "neg": lambda: -a[0],
            "min": lambda: sympy.Piecewise((a[0], a[0] <= a[1]), (a[1], True)),
            "max": lambda: sympy.Piecewise((a[0], a[0] >= a[1]), (a[1], True)),
            "lt": lambda: a[0] < a[1],
            "where": lambda: sympy.Piecewise((a[1], a[0]), (a[2], True)),
            "abs": lambda: sympy.Piecewise((a[0], a[0] >= 0), (-a[0], True)),
        }
        return plain[node.op]() if node.op in plain else getattr(sympy, node.op)(a[0])

    return fold([expr], leaf, call)[0]


def scale_of(values: list[float]) -> float:
    return max(1.0, *(abs(v) for v in values))


@given(expressions, points)
def test_sympy_agrees(expr, point):
    symbolic = in_sympy(expr)
    for index, leaf in enumerate((X, Y, Z)):
        (ours,) = compiled([derivative(expr, leaf)])(0.0, point, [], [])
        at = dict(zip(SYMBOLS, map(sympy.Float, point), strict=True))
        theirs = float(sympy.diff(symbolic, SYMBOLS[index]).subs(at).evalf())
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9 * scale_of([theirs]))


@given(expressions, points)
def test_the_complex_step_agrees(expr, point):
    f = compiled([expr], is_complex=True)
    for index, leaf in enumerate((X, Y, Z)):
        (ours,) = compiled([derivative(expr, leaf)])(0.0, point, [], [])
        shifted = [complex(v, STEP if i == index else 0.0) for i, v in enumerate(point)]
        theirs = complex(f(0.0, shifted, [], [])[0]).imag / STEP
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9 * scale_of([theirs]))


# ── Edges ─────────────────────────────────────────────────────────────────────────────────────────


def slope(expr: Expr, leaf: Leaf, *at: float) -> float:
    (value,) = compiled([derivative(expr, leaf)])(0.0, at, [], [])
    return value


@pytest.mark.parametrize(
    ("expr", "leaf", "at", "expected"),
    [
        (minimum(2 * X, 3 * Y), X, (3.0, 2.0), 2.0),  # a tie follows the first
        (minimum(2 * X, 3 * Y), Y, (3.0, 2.0), 0.0),
        (maximum(2 * X, 3 * Y), X, (3.0, 2.0), 2.0),
        (maximum(2 * X, 3 * Y), Y, (3.0, 2.0), 0.0),
        (maximum(2 * X, 3 * Y), Y, (3.0, 2.1), 3.0),
        (positive(X), X, (0.0,), 1.0),
        (positive(X), X, (-1e-9,), 0.0),
        (where(X < 1, X * X, 5 * X), X, (0.5,), 1.0),
        (where(X < 1, X * X, 5 * X), X, (1.0,), 5.0),
        (abs(X), X, (0.0,), 0.0),
        (abs(X), X, (-3.0,), -1.0),
        (Call("floor", X) * X, X, (2.0,), 2.0),
        (Call("ceil", X) * X, X, (2.5,), 3.0),
        ((X < 1) * X, X, (0.5,), 1.0),
        (X**2.0, X, (0.0,), 0.0),
        (X**1.0, X, (0.0,), 1.0),
        (X**1.5, X, (0.0,), 0.0),
        (X**0.5, X, (0.0,), 0.0),  # infinite by the calculus, 0 here
        (X**-1.0, X, (0.0,), 0.0),
        (X**-1.0, X, (2.0,), -0.25),
        (X**0.0, X, (0.0,), 0.0),
        (X**3.0, X, (-2.0,), 12.0),
        (X**Y, X, (0.0, 1.0), 1.0),
        (X**Y, X, (0.0, 2.0), 0.0),
        (X**Y, X, (0.0, 0.4), 0.0),
        (X**Y, X, (2.0, 3.0), 12.0),
        (X**Y, Y, (0.0, 2.0), 0.0),
        (X**Y, Y, (2.0, 3.0), 8.0 * math.log(2.0)),
        (power(X, 0.5), X, (0.0,), 0.0),
        (power(X, 0.5), X, (-1.0,), 0.0),
        (hill(X, 2.0, 1.0), X, (0.0,), 0.5),
        (hill(X, 2.0, 0.5), X, (0.0,), 0.0),
        (hill(X, 2.0, 3.0), X, (0.0,), 0.0),
        (hill(X, 2.0, 3.0), X, (-0.1,), 0.0),
        (hill(X, 2.0, Y), Y, (0.0, 2.0), 0.0),
        (inhibition(X, 2.0, 4.0), X, (0.0,), 0.0),
        (mm(X, 3.0, 2.0), X, (0.0,), 1.5),
        (smooth_max(X, Y, 0.1), X, (1.0, 1.0), 0.5),
    ],
)
def test_edges_are_defined(expr, leaf, at, expected):
    at = (*at, 0.0, 0.0)[:3]
    assert slope(expr, leaf, *at) == pytest.approx(expected, rel=1e-12, abs=1e-15)


@given(st.floats(-3.0, 3.0), st.floats(0.1, 5.0))
def test_hill_and_power_have_finite_slopes_everywhere(x, n):
    for expr in (hill(X, 1.3, Y), power(X, Y), inhibition(X, 1.3, Y), hill(X, 1.3, n), power(X, n)):
        for leaf in (X, Y):
            assert math.isfinite(slope(expr, leaf, x, n, 0.0))


def test_a_branch_that_does_not_hold_spoils_nothing():
    guarded = where(X > 0, Call("log", positive(X) + (X <= 0)) * X**0.5, 0.0)
    assert slope(guarded, X, -2.0, 0.0, 0.0) == 0.0
    assert slope(guarded, X, 0.0, 0.0, 0.0) == 0.0


# ── Sharing and size ──────────────────────────────────────────────────────────────────────────────


def test_a_long_sum_and_a_deep_chain_are_no_burden():
    """Ten thousand terms, a chain of thirty thousand operations: no recursion, and time in proportion."""
    leaves = [Leaf("state", i, f"s{i}") for i in range(10_000)]
    total: Expr = Const(0.0)
    for leaf in leaves:
        total = total + leaf * leaf
    chain: Expr = X
    for _ in range(30_000):
        chain = Call("tanh", chain)
    began = time.perf_counter()
    wide = jacobian(_system([total], count=10_000))
    deep = derivative(chain, X)
    taken = time.perf_counter() - began
    assert len(wide.entries) == 10_000
    assert len(order([deep])) < 200_000
    assert taken < 20.0


def test_equal_derivatives_are_one_node():
    system = _system([hill(X, 2.0, 3.0), 2.0 * hill(X, 2.0, 3.0)], count=2)
    first, second = (entry[2] for entry in jacobian(system).entries)
    assert isinstance(second, Call) and any(arg is first for arg in second.args)


def _system(rates: list[Expr], count: int, derived: tuple[Expr, ...] = ()) -> System:
    nodes = Interner()
    rows = tuple(Assignment("a", f"d{i}", ONE, "", nodes.take(e)) for i, e in enumerate(derived))
    states = tuple(StateRow("a", f"s{i}", ONE, "", nodes.const(1.0), 1.0) for i in range(count))
    taken = tuple(nodes.take(e) for e in rates)
    return System("tiny", states, (), (), rows, taken, (True,) * len(taken))


# ── Whole systems ─────────────────────────────────────────────────────────────────────────────────

TERMINAL = flatten(Model("terminal", {"striatum": part(DopamineTerminalBest2009, here="striatum")}))


def dense(entries, rows: int, columns: int, point) -> np.ndarray:
    matrix = np.zeros((rows, columns))
    before = [row.expr for row in TERMINAL.derived]
    for (row, column, _), value in zip(entries, compiled([e for *_, e in entries], before)(*point), strict=True):
        matrix[row, column] = value
    return matrix


def by_complex_step(point, which: int) -> np.ndarray:
    f, columns = rates_of(TERMINAL, is_complex=True), []
    for index in range(len(point[which])):
        vectors = [list(map(complex, v)) for v in point[1:]]
        vectors[which - 1][index] += 1j * STEP
        columns.append([complex(v).imag / STEP for v in f(point[0], *vectors)])
    return np.array(columns).T


@pytest.fixture
def somewhere(rng):
    first = start(TERMINAL)
    return 0.0, [row.scale * math.exp(rng.normal()) for row in TERMINAL.states], list(first.p), list(first.u)


def test_the_jacobian_of_a_paper_is_its_complex_step(somewhere):
    n = len(TERMINAL.states)
    found = jacobian(TERMINAL)
    ours = dense(found.entries, n, n, somewhere)
    theirs = by_complex_step(somewhere, 1)
    assert (found.rows, found.columns) == (n, n)
    assert np.allclose(ours, theirs, rtol=1e-10, atol=1e-10 * np.abs(theirs).max())
    structural = {(r, c) for r, c, _ in found.entries}
    assert all((r, c) in structural for r, c in np.argwhere(theirs != 0))


def test_inputs_and_parameters_too(somewhere):
    n, p, u = len(TERMINAL.states), len(TERMINAL.params), len(TERMINAL.inputs)
    theirs = by_complex_step(somewhere, 3)
    assert np.allclose(dense(input_derivative(TERMINAL).entries, n, u, somewhere), theirs, rtol=1e-10, atol=1e-10 * np.abs(theirs).max())
    theirs = by_complex_step(somewhere, 2)
    chosen = [p - 1, 0, 3]
    ours = dense(param_derivative(TERMINAL, chosen).entries, n, 3, somewhere)
    assert np.allclose(ours, theirs[:, chosen], rtol=1e-10, atol=1e-10 * np.abs(theirs[:, chosen]).max())


def test_a_direction_is_a_product_with_the_jacobian(somewhere, rng):
    n = len(TERMINAL.states)
    weights = rng.normal(size=n)
    leaves = [Leaf("state", i, row.full) for i, row in enumerate(TERMINAL.states)]
    along = directional(TERMINAL, {leaf: Const(w) for leaf, w in zip(leaves, weights, strict=True)})
    before = [row.expr for row in TERMINAL.derived]
    expected = dense(jacobian(TERMINAL).entries, n, n, somewhere) @ weights
    assert np.allclose(compiled(along, before)(*somewhere), expected, rtol=1e-10, atol=1e-12 * np.abs(expected).max())


def test_the_time_in_the_equations_has_its_derivative():
    t, d0 = Leaf("time", 0, "time"), Leaf("derived", 0, "a.d0")
    system = _system([d0 * X, X], count=2, derived=(curve(t * 2.0, (1.0, 0.5, 0.25)),))
    first, second = time_derivative(system)
    at = 0.7
    value = compiled([first], [system.derived[0].expr])(at, [3.0], [], [])[0]
    assert value == pytest.approx(3.0 * 2.0 * (-0.5 * math.sin(2 * at) + 0.25 * math.cos(2 * at)), rel=1e-12)
    assert isinstance(second, Const) and second.value == 0.0
    assert all(isinstance(e, Const) and e.value == 0.0 for e in time_derivative(TERMINAL))
