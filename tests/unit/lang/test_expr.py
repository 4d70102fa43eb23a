"""Expressions: immutable, walked without recursion, shown as written, and never mistaken for truth values."""

from __future__ import annotations

import math

import pytest

from neurohumor.errors import ModelError
from neurohumor.lang.expr import ARITY, Call, Const, Symbol, fold, lift, order, show, substitute, symbols
from neurohumor.lang.rates import both, either, maximum, negate, where
from neurohumor.units import unit

A, B, C = Symbol("a"), Symbol("b"), Symbol("c")


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (A + B * C, "a + b * c"),
        ((A + B) * C, "(a + b) * c"),
        (A - (B - C), "a - (b - c)"),
        (A - B - C, "a - b - c"),
        (A / (B * C), "a / (b * c)"),
        (A / B * C, "a / b * c"),
        ((A * B) ** 2, "(a * b) ** 2"),
        (A**B**2, "a ** b ** 2"),
        ((A**B) ** 2, "(a ** b) ** 2"),
        (-A * B, "-a * b"),
        (-(A + B), "-(a + b)"),
        (2 - A, "2 - a"),
        (1 / A, "1 / a"),
        (A < B, "a < b"),
        (A > B, "b < a"),
        (A >= B, "b <= a"),
        (where(both(A < B, negate(either(A, B))), maximum(A, 1), abs(B)), "where(and(a < b, not(or(a, b))), max(a, 1), abs(b))"),
        (A * Const(-2.0), "a * -2"),
        (+A, "a"),
        (2**A, "2 ** a"),
    ],
)
def test_expressions_are_shown_as_written(expr, text):
    assert show(expr) == text


def test_an_expression_has_no_truth_value():
    with pytest.raises(TypeError, match=r"where\(condition, then, otherwise\)"):
        _ = 1 if A < B else 2
    with pytest.raises(TypeError):
        max(A, B)


def test_equality_is_identity():
    assert A + B != A + B
    assert A == A and len({A, B, A}) == 2


@pytest.mark.parametrize("wrong", ["x", None, True, [1.0], 1 + 2j])
def test_only_numbers_and_expressions_stand_in_expressions(wrong):
    with pytest.raises(TypeError, match="cannot stand in an expression"):
        lift(wrong)
    with pytest.raises(TypeError):
        A + wrong


def test_nan_is_refused_and_infinity_is_not():
    with pytest.raises(ModelError):
        A * math.nan
    assert lift(math.inf).value == math.inf


def test_constants_keep_their_unit():
    assert repr(Const(2.0, unit("nM"))) == "Const(2.0, 'nM')" and repr(Const(2.0)) == "Const(2.0)"


def test_each_node_is_visited_once_and_after_its_arguments():
    shared = A + B
    expr = shared * shared - shared
    nodes = order([expr, shared])
    assert len(nodes) == 5 and nodes.count(shared) == 1
    at = {id(n): i for i, n in enumerate(nodes)}
    assert all(at[id(arg)] < at[id(n)] for n in nodes if isinstance(n, Call) for arg in n.args)
    assert symbols(expr) == [A, B]


def test_walks_are_not_recursive():
    expr = A
    for _ in range(50_000):
        expr = expr + 1
    assert len(order([expr])) == 100_001
    assert fold([expr], lambda n: 1, lambda n, args: max(args) + 1) == [50_001]


def test_substitution_shares_what_it_does_not_touch():
    kept, expr = A * B, (A * B) + C
    (same,) = substitute([kept], lambda s: s)
    assert same is kept
    (other,) = substitute([expr], lambda s: B if s is C else s)
    assert show(other) == "a * b + b"


def test_operations_have_their_arity():
    assert ARITY["where"] == 3 and len(ARITY) >= 20
