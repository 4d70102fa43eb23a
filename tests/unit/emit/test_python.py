"""Generated Python means what the expressions mean, over floats and over arrays, at every edge."""

from __future__ import annotations

import inspect
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurohumor.emit import statements
from neurohumor.emit.graph import Graph
from neurohumor.emit.ieee import GUARDED
from neurohumor.emit.python import arrays, derived_of, scalars, side_table, source, start_of
from neurohumor.errors import ModelError
from neurohumor.lang.expr import ARITY, Call, Const, Expr, Symbol
from neurohumor.lang.rates import exp, hill, log, maximum, minimum, power, where
from neurohumor.lang.simplify import evaluate, operate
from neurohumor.lang.system import Leaf, System
from tests.problems.draft import Draft

Y, P, U = [0.7, -1.3, 0.0], [2.0, 0.25], [3.5]
LEAVES = [
    *(Leaf("state", k, f"s{k}") for k in range(3)),
    *(Leaf("param", k, f"p{k}") for k in range(2)),
    Leaf("input", 0, "u0"),
    Leaf("time", 0, "t"),
]
VALUES = {("state", k): v for k, v in enumerate(Y)} | {("param", k): v for k, v in enumerate(P)} | {("input", 0): U[0], ("time", 0): 1.25}
SMOOTH = tuple(op for op in ARITY if op not in ("floor", "ceil", "lt", "le", "eq", "and", "or", "not", "where"))


def value_of(leaf: Symbol) -> float:
    assert isinstance(leaf, Leaf)
    return VALUES[leaf.kind, leaf.index]


def expressions(ops: tuple[str, ...]) -> st.SearchStrategy[Expr]:
    numbers = st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, 0.5, 1e300, -7.25, 1e-300]).map(Const)
    leaves = st.one_of(numbers, st.sampled_from(LEAVES))

    def grow(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        return st.sampled_from(ops).flatmap(lambda op: st.tuples(*[inner] * ARITY[op]).map(lambda args: Call(op, *args)))

    return st.recursive(leaves, grow, max_leaves=25)


def empty() -> System:
    """Three states, two parameters, one input."""
    d = Draft()
    for k in range(3):
        d.state(f"y{k}")
    d.param("a", P[0])
    d.param("b", P[1])
    d.input("u")
    return d.system()


def as_scalar(*roots: Expr) -> list[float]:
    graph = Graph(empty())
    code = scalars(graph, {"f": graph.add(roots)})
    return code.functions["f"](1.25, Y, P, U, code.constants(P))


def as_array(*roots: Expr) -> np.ndarray:
    graph = Graph(empty())
    return arrays(graph, graph.add(roots))(np.array(1.25), np.array(Y), np.array(P), np.array(U))


def same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


@given(expressions(tuple(ARITY)))
def test_floats_are_the_expression_to_the_bit(expr: Expr):
    (found,) = as_scalar(expr)
    (expected,) = evaluate([expr], value_of)
    assert same(found, expected)
    assert isinstance(found, float)


@given(expressions(SMOOTH))
def test_arrays_are_the_expression_to_rounding(expr: Expr):
    (found,) = as_array(expr)
    (expected,) = evaluate([expr], value_of)
    assert same(found, expected) or math.isclose(found, expected, rel_tol=1e-9) or abs(expected) < 1e-290 or ill_conditioned(expr)


def ill_conditioned(expr: Expr) -> bool:
    """Whether a change of the leaves in the last place changes the result: then two libraries may differ."""
    near = {key: v * (1 + 4e-16) for key, v in VALUES.items()}
    moved = evaluate([expr], lambda leaf: near[leaf.kind, leaf.index])[0]  # type: ignore[attr-defined]
    expected = evaluate([expr], value_of)[0]
    return (not math.isclose(moved, expected, rel_tol=1e-11) and not same(moved, expected)) or contains_large(expr)


def contains_large(expr: Expr) -> bool:
    """Angles so large that their sine is noise, or constants that overflow on the way."""
    from neurohumor.lang.expr import order

    found = evaluate(order([expr]), value_of)
    return any(abs(v) > 1e5 or v != v or 0 < abs(v) < 1e-12 for v in found)


EDGES = [
    ("pow", (0.0, 0.0), 1.0), ("pow", (0.0, -1.0), math.inf), ("pow", (-8.0, 1.0 / 3.0), math.nan), ("pow", (-2.0, 3.0), -8.0),
    ("pow", (10.0, 400.0), math.inf), ("pow", (-10.0, 401.0), -math.inf), ("pow", (-3.0, 2.0), 9.0),
    ("div", (1.0, 0.0), math.inf), ("div", (-1.0, 0.0), -math.inf), ("div", (1.0, -0.0), -math.inf), ("div", (0.0, 0.0), math.nan),
    ("exp", (1000.0,), math.inf), ("exp", (-1000.0,), 0.0), ("log", (0.0,), -math.inf), ("log", (-1.0,), math.nan),
    ("asin", (2.0,), math.nan), ("acos", (-2.0,), math.nan), ("sin", (math.inf,), math.nan), ("floor", (-0.5,), -1.0),
    ("ceil", (0.5,), 1.0), ("floor", (math.inf,), math.inf), ("abs", (-3.0,), 3.0), ("min", (math.nan, 1.0), math.nan),
    ("min", (1.0, math.nan), math.nan), ("max", (math.nan, 1.0), math.nan), ("max", (1.0, math.nan), math.nan),
    ("lt", (1.0, 2.0), 1.0), ("lt", (2.0, 2.0), 0.0), ("le", (2.0, 2.0), 1.0), ("eq", (2.0, 2.0), 1.0), ("lt", (math.nan, 1.0), 0.0),
    ("and", (2.0, -1.0), 1.0), ("and", (2.0, 0.0), 0.0), ("or", (0.0, 0.0), 0.0), ("or", (0.0, 0.5), 1.0), ("not", (0.0,), 1.0),
    ("not", (0.3,), 0.0), ("where", (1.0, 5.0, math.nan), 5.0), ("where", (0.0, math.inf, 6.0), 6.0), ("where", (-2.0, 5.0, 6.0), 5.0),
]  # fmt: skip


@pytest.mark.parametrize(("op", "values", "expected"), EDGES)
def test_edges(op: str, values: tuple[float, ...], expected: float):
    """Arguments come in as states, so that nothing is folded: quick code, guarded code, arrays, one row and many."""
    d = Draft()
    leaves = [d.state(f"x{k}") for k in range(len(values))]
    graph = Graph(d.system())
    nodes = graph.add([Call(op, *leaves)])
    f = scalars(graph, {"f": nodes}).functions["f"]
    assert same(f(0.0, list(values), [], [], [])[0], expected)
    assert same(operate(op, *values), expected)
    many = arrays(graph, nodes)(np.zeros(3), np.tile(values, (3, 1)), np.zeros(0), np.zeros(0))
    assert many.shape == (3, 1) and all(same(v, expected) for v in many[:, 0])


def test_every_operation_has_edges():
    assert {op for op, _, _ in EDGES} >= set(ARITY) - {"add", "sub", "mul", "neg", "tan", "tanh", "atan", "cos"}
    assert {name.rstrip("_") for name in GUARDED} - {"inf", "nan"} <= set(ARITY)


def test_a_branch_not_taken_is_not_evaluated():
    """The quick code never falls back on the guarded one, although the other branch divides by zero."""
    s = LEAVES[2]  # it is 0
    graph = Graph(empty())
    code = scalars(graph, {"f": graph.add([where(Call("eq", s, Const(0.0)), 4.0, 1.0 / s)])})
    names: dict[str, Any] = {"__builtins__": {}}
    exec(compile(code.text.split("def constants_of")[0], "<test>", "exec"), names)
    assert names["f"](0.0, Y, P, U, []) == [4.0]


def test_a_chain_of_ten_thousand_operations():
    total: Expr = LEAVES[0]
    nested: Expr = LEAVES[0]
    for k in range(10_000):
        total = total + LEAVES[k % 6]
        nested = 1.0 / (1.0 + nested)
    (expected, golden) = evaluate([total, nested], value_of)
    assert as_scalar(total, nested) == [expected, golden]
    assert np.allclose(as_array(total, nested), [expected, golden], rtol=1e-12)


@pytest.mark.parametrize("longest", [1, 7, 50])
def test_long_functions_are_cut_into_pieces(monkeypatch: pytest.MonkeyPatch, longest: int):
    monkeypatch.setattr(statements, "LONGEST", longest)
    s, t, p, u = LEAVES[0], LEAVES[6], LEAVES[3], LEAVES[5]
    chain: list[Expr] = [exp(-s) + t, hill(u, p, 2.5)]
    for k in range(60):
        chain.append(where(chain[-1] < 0.5, chain[-2] * s + 0.1, minimum(chain[-1], chain[k // 2]) / (1.0 + power(chain[-2], p))))
    expected = evaluate(chain, value_of)
    assert as_scalar(*chain) == expected
    assert np.allclose(as_array(*chain), expected, rtol=1e-12)
    graph = Graph(empty())
    assert scalars(graph, {"f": graph.add(chain)}).text.count("def f_") > 1


def test_what_only_parameters_enter_is_computed_once():
    a, s = LEAVES[3], LEAVES[0]
    graph = Graph(empty())
    code = scalars(graph, {"f": graph.add([s * exp(a * 3.0), exp(a * 3.0) + 1.0])})
    assert "exp_" not in code.text.split("def constants_of")[0]
    c = code.constants(P)
    assert code.functions["f"](0.0, Y, P, U, c) == evaluate([s * exp(a * 3.0), exp(a * 3.0) + 1.0], value_of)


def test_arrays_are_broadcast():
    d = Draft()
    x, k, u = d.state("x"), d.param("k", 1.0), d.input("u")
    d.derived("first", x * k + u)
    d.derived("constant", 7.0)
    d.derived("clock", d.t * 2.0)
    d.derived("chosen", where(x > 2.0, k, maximum(u, 0.5)))
    f = derived_of(d.system())
    y = np.arange(12.0).reshape(3, 4, 1)
    found = f(np.arange(4.0), y, np.array([10.0]), np.zeros((3, 1, 1)))
    assert found.shape == (3, 4, 4)
    assert np.array_equal(found[..., 0], y[..., 0] * 10.0)
    assert (found[..., 1] == 7.0).all()
    assert np.array_equal(found[1, :, 2], [0.0, 2.0, 4.0, 6.0])
    assert np.array_equal(found[..., 3], np.where(y[..., 0] > 2.0, 10.0, 0.5))
    assert f(np.array(0.0), np.array([1.0]), np.array([2.0]), np.array([3.0])).shape == (4,)


def test_arrays_raise_no_warning():
    d = Draft()
    x = d.state("x")
    d.derived("bad", log(x) / x)
    with np.errstate(all="raise"):
        assert np.isneginf(derived_of(d.system())(np.array(0.0), np.array([0.0]), np.zeros(0), np.zeros(0))).all()


def test_initial_values_in_order_of_need():
    d = Draft()
    nan = math.nan
    a = d.param("a", 2.0)
    first = d.state("first")
    second = d.state("second", 3.0 * a + d.t)
    d.states[first.index]["initial"] = second * 10.0
    b = d.param("b", first + 1.0)
    start = start_of(d.system())
    assert start(5.0, [nan, nan], [nan, nan], []) == ([110.0, 11.0], [2.0, 111.0])
    assert start(5.0, [nan, 1.0], [nan, nan], []) == ([10.0, 1.0], [2.0, 11.0])
    assert start(5.0, [nan, nan], [0.0, 9.0], []) == ([50.0, 5.0], [0.0, 9.0])
    assert b.index == 1


def test_initial_values_in_a_circle_are_refused_by_name():
    d = Draft()
    first, second = d.state("first"), d.state("second")
    d.states[0]["initial"], d.states[1]["initial"] = second * 2.0, first + 1.0
    with pytest.raises(ModelError, match=r"a\.first -> a\.second|a\.second -> a\.first"):
        start_of(d.system())


def test_derived_rows_in_a_circle_are_refused():
    d = Draft()
    a = d.derived("one", 1.0)
    b = d.derived("two", a + 1.0)
    d.rows[0] = type(d.rows[0])("a", "one", d.rows[0].unit, "", b * 2.0)
    with pytest.raises(ModelError, match="circle"):
        derived_of(d.system())


HOSTILE = "x\n__import__('os').system('false')  # \u2028 \r ' \" \\ {0}"


def test_a_hostile_name_stays_a_comment():
    d = Draft(HOSTILE)
    x = d.state(HOSTILE, 1.0)
    d.param(HOSTILE, 2.0)
    d.derived(HOSTILE, x * 2.0)
    d.event(HOSTILE, x < 0.5, {x: 1.0})
    system = d.system()
    text = source(system)
    lines = [line for line in text.splitlines() if "__import__" in line]
    assert lines and all(line.startswith("#") for line in lines)
    compile(text, "<test>", "exec")
    graph = Graph(system)
    assert "import" not in scalars(graph, {"f": graph.add(system.rates)}).text
    assert side_table(system)["s0"].startswith("a.x\n")


def test_the_source_runs_by_itself():
    d = Draft()
    x, k, u = d.state("x"), d.param("k", 2.0), d.input("u")
    y = d.state("y")
    rate = d.derived("rate", k * x * x + u * d.t)
    d.rate(x, -rate)
    d.rate(y, rate - 0.5 * y)
    d.event("e", x < 0.5, {x: 1.0})
    space: dict[str, Any] = {}
    exec(compile(source(d.system()), "<test>", "exec"), space)
    t, state, p, given = np.array(2.0), np.array([3.0, 4.0]), np.array([2.0]), np.array([0.5])

    def filled(name: str, size: int) -> list[float]:
        out = np.empty(size)
        space[name](t, state, p, given, (), out)
        return out.tolist()

    assert filled("derived", 1) == [19.0]
    assert filled("rates", 2) == [-19.0, 17.0]
    assert dict(zip(space["jacobian_at"], filled("jacobian", 3), strict=True)) == {(0, 0): -12.0, (1, 0): 12.0, (1, 1): -0.5}
    assert dict(zip(space["input_slopes_at"], filled("input_slopes", 2), strict=True)) == {(0, 0): -2.0, (1, 0): 2.0}
    assert filled("time_slopes", 2) == [-0.5, 0.5]
    assert filled("triggers", 1) == [0.0]


def test_generated_code_sees_no_builtins():
    graph = Graph(empty())
    f = scalars(graph, {"f": graph.add([LEAVES[0] + 1.0])}).functions["f"]
    plain = inspect.getclosurevars(f).nonlocals["plain"]
    assert set(plain.__globals__["__builtins__"]) == {"abs", "float"}
