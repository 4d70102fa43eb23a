"""The start of a system in plain numbers: parameters, inputs, initial values, derived rows, at their nominal values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from neurohumor.build.graph import ordered
from neurohumor.errors import ModelError
from neurohumor.lang.expr import Expr, Symbol, symbols
from neurohumor.lang.simplify import evaluate
from neurohumor.lang.system import Leaf, System

Row = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Start:
    """The vectors y, p, u and d at a time (internal units)."""

    y: tuple[float, ...]
    p: tuple[float, ...]
    u: tuple[float, ...]
    d: tuple[float, ...]


def start(system: System, *, time: float = 0.0, params: Sequence[float] | None = None, inputs: Sequence[float] | None = None) -> Start:
    """The initial values, with these parameters and inputs or the system's own.  Raises ModelError where they define each other."""
    u = tuple(row.nominal for row in system.inputs) if inputs is None else tuple(inputs)
    exprs: dict[Row, Expr] = {("state", i): row.initial for i, row in enumerate(system.states)}
    exprs |= {("derived", i): row.expr for i, row in enumerate(system.derived)}
    values: dict[Row, float] = {("time", 0): time} | {("input", i): x for i, x in enumerate(u)}
    if params is None:
        exprs |= {("param", i): row.initial for i, row in enumerate(system.params)}
    else:
        values |= {("param", i): x for i, x in enumerate(params)}
    reads = {row: [_row(s) for s in symbols(expr)] for row, expr in exprs.items()}
    order, circles = ordered(exprs, lambda row: reads.get(row, ()))
    if circles:
        names = " -> ".join(name_of(system, row) for row in circles[0])
        raise ModelError(f"these initial values define each other: {names}", remedy="give one of them a number")
    for row in order:
        if row in exprs:
            values[row] = evaluate([exprs[row]], lambda s: values[_row(s)])[0]
    count = {"state": len(system.states), "param": len(system.params), "derived": len(system.derived)}
    y, p, d = (tuple(values[kind, i] for i in range(n)) for kind, n in count.items())
    return Start(y, p, u, d)


def derived_at(system: System, time: float, y: Sequence[float], p: Sequence[float], u: Sequence[float]) -> tuple[float, ...]:
    """The derived rows at a time and state, in plain numbers (slow: for checks, not for solving)."""
    values: dict[Row, float] = {("time", 0): time}
    for kind, vector in (("state", y), ("param", p), ("input", u)):
        values |= {(kind, i): x for i, x in enumerate(vector)}
    for index, row in enumerate(system.derived):
        values["derived", index] = evaluate([row.expr], lambda s: values[_row(s)])[0]
    return tuple(values["derived", i] for i in range(len(system.derived)))


def evaluated(exprs: Iterable[Expr], at: Start, time: float = 0.0) -> list[float]:
    """Expressions of a system in plain numbers, given its vectors."""
    vectors = {"state": at.y, "param": at.p, "input": at.u, "derived": at.d, "time": (time,)}

    def value(symbol: Symbol) -> float:
        kind, index = _row(symbol)
        return vectors[kind][index]

    return evaluate(exprs, value)


def name_of(system: System, row: Row) -> str:
    """The full name of a row."""
    rows = {"state": system.states, "param": system.params, "derived": system.derived, "input": system.inputs}
    return rows[row[0]][row[1]].full if row[0] in rows else row[0]


def _row(symbol: Symbol) -> Row:
    assert isinstance(symbol, Leaf)
    return symbol.kind, symbol.index
