"""The numbers of operations as IEEE 754 has them, and simplifications that change none."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurohumor.lang.expr import ARITY, Call, Const
from neurohumor.lang.simplify import OPERATIONS, evaluate, operate
from neurohumor.lang.system import Interner, Leaf

nan, inf = math.nan, math.inf


def test_every_operation_has_its_number():
    assert set(OPERATIONS) == set(ARITY)


@pytest.mark.parametrize(
    ("op", "values", "expected"),
    [
        ("div", (1.0, 0.0), inf),
        ("div", (-1.0, 0.0), -inf),
        ("div", (1.0, -0.0), -inf),
        ("div", (0.0, 0.0), nan),
        ("log", (0.0,), -inf),
        ("log", (-1.0,), nan),
        ("exp", (1000.0,), inf),
        ("pow", (0.0, -1.0), inf),
        ("pow", (-0.0, -1.0), -inf),
        ("pow", (0.0, -2.0), inf),
        ("pow", (-8.0, 1 / 3), nan),
        ("pow", (10.0, 400.0), inf),
        ("pow", (-10.0, 401.0), -inf),
        ("pow", (0.0, 0.0), 1.0),
        ("asin", (2.0,), nan),
        ("sin", (inf,), nan),
        ("floor", (-1.5,), -2.0),
        ("floor", (inf,), inf),
        ("ceil", (1.2,), 2.0),
        ("min", (1.0, nan), nan),
        ("where", (1.0, 2.0, nan), 2.0),
        ("where", (0.0, nan, 3.0), 3.0),
        ("lt", (nan, 1.0), 0.0),
        ("and", (1.0, 0.0), 0.0),
        ("or", (0.0, 2.0), 1.0),
        ("not", (0.0,), 1.0),
        ("le", (1.0, 1.0), 1.0),
        ("eq", (1.0, 2.0), 0.0),
        ("abs", (-2.0,), 2.0),
    ],
)
def test_undefined_results_are_ieee(op, values, expected):
    assert operate(op, *values) == pytest.approx(expected, nan_ok=True)


def test_constants_are_folded_unless_undefined():
    i = Interner()
    assert i.call("add", i.const(1.0), i.const(2.0)) is i.const(3.0)
    undefined = i.call("div", i.const(1.0), i.const(0.0))
    assert isinstance(undefined, Call) and undefined.op == "div"
    assert isinstance(i.call("exp", i.const(1e6)), Call)


def test_neutral_elements_go_and_zero_times_x_stays():
    i = Interner()
    x, zero, one = i.leaf("state", 0, "a.x"), i.const(0.0), i.const(1.0)
    for op, args in [
        ("add", (x, zero)),
        ("add", (zero, x)),
        ("sub", (x, zero)),
        ("mul", (x, one)),
        ("mul", (one, x)),
        ("div", (x, one)),
        ("pow", (x, one)),
    ]:
        assert i.call(op, *args) is x
    assert i.call("neg", i.call("neg", x)) is x
    assert i.call("where", one, x, zero) is x and i.call("where", zero, one, x) is x and i.call("where", x, one, one) is one
    for op, args in [("mul", (zero, x)), ("sub", (zero, x)), ("div", (one, x)), ("pow", (x, zero)), ("div", (x, x)), ("sub", (x, x))]:
        assert isinstance(i.call(op, *args), Call), op


def test_equal_nodes_are_one():
    i = Interner()
    x = i.leaf("state", 0, "a.x")
    assert i.leaf("state", 0, "a.x") is x and i.leaf("param", 0, "a.x") is not x
    assert i.call("mul", x, i.const(2.0)) is i.call("mul", x, i.const(2.0))
    assert i.call("mul", i.const(2.0), x) is not i.call("mul", x, i.const(2.0)), "the author's order is kept"
    assert i.const(0.0) is not i.const(-0.0)
    assert i.take(Leaf("state", 0, "a.x") * 2.0) is i.call("mul", x, i.const(2.0))


def test_an_interner_over_nodes_shares_with_them():
    first = Interner()
    node = first.take(Leaf("state", 0, "a.x") * 2.0 + 1.0)
    second = Interner.over([node])
    assert second.take(Leaf("state", 0, "a.x") * 2.0 + 1.0) is node


def test_simplified_nodes_do_not_outlive_their_arguments():
    """Nodes are known by identity: what is known must be kept alive, or a new node may be taken for an old one."""
    i = Interner()
    x = i.leaf("state", 0, "a.x")
    for n in range(2000):
        foreign = Call("sin", Call("mul", x, Const(float(n))))
        found = i.call("add", foreign, i.const(0.0))
        assert found is foreign


@given(st.sampled_from(sorted(ARITY)), st.lists(st.floats(-5, 5), min_size=3, max_size=3))
def test_a_folded_call_is_its_number(op, values):
    i = Interner()
    args = values[: ARITY[op]]
    expected = operate(op, *args)
    node = i.call(op, *(i.const(v) for v in args))
    (found,) = evaluate([node], lambda s: nan)
    assert found == pytest.approx(expected, nan_ok=True)
    assert isinstance(node, Const) == math.isfinite(expected)
