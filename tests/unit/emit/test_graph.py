"""The numbered graph: every value once, leaves classed, faults named."""

from __future__ import annotations

import pytest

from neurohumor.emit.graph import INPUT, PARAM, STATE, TIME, Graph
from neurohumor.errors import ModelError
from neurohumor.lang.expr import Call, Const, Symbol
from neurohumor.lang.rates import where
from neurohumor.lang.system import Leaf
from tests.problems.draft import Draft


def graph_of(draft: Draft) -> Graph:
    return Graph(draft.system())


def test_equal_values_are_one_node():
    d = Draft()
    x = d.state("x")
    a, b = graph_of(d).add([x * 2.0 + 1.0, Leaf("state", 0, "another name") * Const(2.0) + Const(1.0)])
    assert a == b


def test_a_derived_row_is_its_expression():
    d = Draft()
    x = d.state("x")
    row = d.derived("row", x * 2.0)
    graph = graph_of(d)
    a, b, c = graph.add([row, x * 2.0, row + x])
    assert a == b and graph.args[c] == (a, graph.add([x])[0])


def test_constants_are_folded_and_signed_zeros_kept_apart():
    graph = graph_of(Draft())
    a, b, c = graph.add([Const(2.0) * 3.0, Const(0.0), Const(-0.0)])
    assert graph.op[a] == "const" and graph.value[a] == 6.0
    assert b != c
    (k,) = graph.add([where(Const(1.0), Leaf("time", 0, "t"), Const(2.0))])
    assert graph.op[k] == "time"


def test_nodes_know_what_they_are_made_of():
    d = Draft()
    x, p, u = d.state("x"), d.param("p", 1.0), d.input("u")
    graph = graph_of(d)
    a, b, c = graph.add([x + p, p * p, u + d.t])
    assert (graph.deps[a], graph.deps[b], graph.deps[c]) == (STATE | PARAM, PARAM, INPUT | TIME)
    assert graph.reachable([a]) == sorted({*graph.add([x, p]), a})


@pytest.mark.parametrize(
    ("expr", "word"),
    [
        (Leaf("state", 3, "gone"), "state row 3"),
        (Leaf("derived", -1, "gone"), "derived row -1"),
        (Symbol("loose"), "cannot stand"),
        (Call("unheard", Const(1.0)), "unheard"),
        (Call("add", Const(1.0)), "1 arguments"),
    ],
)
def test_what_does_not_belong_is_refused(expr, word: str):
    with pytest.raises(ModelError, match=word):
        graph_of(Draft()).add([expr])
