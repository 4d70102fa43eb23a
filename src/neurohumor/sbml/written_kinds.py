"""The unit that each number in an equation must have, from the units of what it is calculated with.

A flat system keeps the units of its rows and not those of the numbers between them; readers of SBML want both.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import starmap
from operator import add, sub

from neurohumor.lang.expr import Call, Const, Expr, order
from neurohumor.lang.system import Leaf, System
from neurohumor.units import ONE

Dims = tuple[float, ...]
PLAIN: Dims = ONE.dims
_ALIKE = frozenset({"add", "sub", "min", "max", "neg", "abs"})
_RELATIONS = frozenset({"lt", "le", "eq"})


class Kinds:
    """Dimensions of expressions over a system's leaves.

    `known` follows from leaves alone, None where a number's unit would decide; `likely` takes such numbers as plain.
    """

    def __init__(self, system: System) -> None:
        self._rows = {
            "state": [row.unit.dims for row in system.states], "param": [row.unit.dims for row in system.params],
            "input": [row.unit.dims for row in system.inputs], "derived": [row.unit.dims for row in system.derived],
            "time": [system.time_unit.dims],
        }  # fmt: skip
        self._known: dict[int, Dims | None] = {}
        self._likely: dict[int, Dims] = {}
        self._kept: list[Expr] = []

    def known(self, expr: Expr) -> Dims | None:
        """What an expression must be in, or None."""
        self._learn(expr)
        return self._known[id(expr)]

    def likely(self, expr: Expr) -> Dims:
        """What an expression is in if numbers that could be in any unit are plain."""
        self._learn(expr)
        return self._likely[id(expr)]

    def within(self, node: Call, dims: Dims) -> tuple[Dims, ...]:
        """What the operands of an operation must be in, so that its value is in `dims`."""
        op, args = node.op, node.args
        if op in _ALIKE:
            return (dims,) * len(args)
        if op == "where":
            return PLAIN, dims, dims
        if op in _RELATIONS:
            found = next((k for k in map(self.known, args) if k is not None), None)
            return (found if found is not None else self._of_more(args),) * 2
        if op in ("mul", "div"):
            return self._factors(node, dims)
        if op == "pow" and isinstance(args[1], Const) and args[1].value:
            base = self.known(args[0])
            return base if base is not None else tuple(d / args[1].value for d in dims), PLAIN
        return (PLAIN,) * len(args)

    def _factors(self, node: Call, dims: Dims) -> tuple[Dims, Dims]:
        """Of two factors, one whose unit is open takes what the other leaves."""
        a, b = node.args
        first, second = self.known(a), self.known(b)
        if second is None and (first is not None or isinstance(b, Const)):
            first = self.likely(a) if first is None else first
            return first, _less(dims, first) if node.op == "mul" else _less(first, dims)
        second = self.likely(b) if second is None else second
        if first is None:
            first = _less(dims, second) if node.op == "mul" else _more(dims, second)
        return first, second

    def _of_more(self, args: Iterable[Expr]) -> Dims:
        """The likely unit of things that must be alike: of one that is no mere number, if there is one."""
        found = list(args)
        return self.likely(next((a for a in found if not isinstance(a, Const)), found[0]))

    def _learn(self, expr: Expr) -> None:
        if id(expr) in self._known:
            return
        for node in order([expr]):
            if id(node) in self._known:
                continue
            self._kept.append(node)
            if isinstance(node, Call):
                self._known[id(node)], self._likely[id(node)] = self._call(node)
            else:
                dims = self._rows[node.kind][node.index] if isinstance(node, Leaf) else None
                self._known[id(node)], self._likely[id(node)] = dims, PLAIN if dims is None else dims

    def _call(self, node: Call) -> tuple[Dims | None, Dims]:
        op, args = node.op, node.args[1:] if node.op == "where" else node.args
        known, likely = [self._known[id(a)] for a in args], [self._likely[id(a)] for a in args]
        if op in _ALIKE or op == "where":
            first = next((k for k in known if k is not None), None)
            return first, first if first is not None else self._of_more(args)
        if op in ("mul", "div"):
            join = _more if op == "mul" else _less
            a, b = known
            return None if a is None or b is None else join(a, b), join(*likely)
        if op == "pow" and isinstance(args[1], Const):
            power = args[1].value
            base = known[0]
            return None if base is None else tuple(d * power for d in base), tuple(d * power for d in likely[0])
        return PLAIN, PLAIN


def _more(a: Dims, b: Dims) -> Dims:
    return tuple(starmap(add, zip(a, b, strict=True)))


def _less(a: Dims, b: Dims) -> Dims:
    return tuple(starmap(sub, zip(a, b, strict=True)))
