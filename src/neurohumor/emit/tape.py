"""The tape: a system as one flat list of single assignments, every value once, with its derivatives on the same list.

A value is *static* where only parameters and inputs enter it, so that it can be worked out once per person.  Quotients are
products with a reciprocal, integer powers products.  None of this depends on who is solved or how: equal systems give equal
tapes and equal bits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

from neurohumor.errors import ModelError
from neurohumor.lang.expr import Call, Const, Expr, order
from neurohumor.lang.simplify import operate
from neurohumor.lang.system import Leaf, System

Node = int
TANGENTS = frozenset({"tangent_state", "tangent_param", "tangent_input"})
"""Leaves of a direction in which values change: see `tape_tangents`."""
LEAVES = frozenset({"const", "time", "state", "param", "input", "slope"}) | TANGENTS
TRUTHS = frozenset({"lt", "le", "eq", "and", "or", "not"})
MOST_POWER = 16
Variable = tuple[Literal["time", "state", "input"], int]


class Tape:
    """Node k is `op[k]` of `args[k]`, all of them below k; leaves keep their row in `row[k]`, constants their number in `value[k]`.

    Ops are those of `lang.expr.ARITY` without `div`, and `inv`, `sqrt`; the leaf `slope` is the slope of an input.
    `quotient[k]` tells of a product that was a quotient: (numerator, denominator, reciprocal).
    """

    def __init__(self) -> None:
        self.op: list[str] = []
        self.args: list[tuple[Node, ...]] = []
        self.row: list[int] = []
        self.value: list[float] = []
        self.static: list[bool] = []
        self.quotient: dict[Node, tuple[Node, Node, Node]] = {}
        self._known: dict[tuple[object, ...], Node] = {}

    def _new(self, key: tuple[object, ...], op: str, args: tuple[Node, ...], *, row: int = -1, value: float = 0.0) -> Node:
        node = self._known[key] = len(self.op)
        self.op.append(op)
        self.args.append(args)
        self.row.append(row)
        self.value.append(value)
        self.static.append(op in ("const", "param", "input") if not args else all(self.static[a] for a in args))
        return node

    def const(self, x: float) -> Node:
        """A number; 0.0 and -0.0 differ."""
        key = ("const", x if x == x else "nan", math.copysign(1.0, x))
        node = self._known.get(key)
        return self._new(key, "const", (), value=float(x)) if node is None else node

    def leaf(self, kind: str, row: int) -> Node:
        """A row of the system, or the time."""
        key = (kind, row)
        node = self._known.get(key)
        return self._new(key, kind, (), row=row) if node is None else node

    def raw(self, op: str, *args: Node) -> Node:
        """An operation as it stands; folded where all of its operands are constants."""
        if op in ("add", "mul") and args[0] > args[1]:
            args = (args[1], args[0])
        key = (op, *args)
        node = self._known.get(key)
        if node is not None:
            return node
        if all(self.op[a] == "const" for a in args):
            return self.const(_folded(op, [self.value[a] for a in args]))
        return self._new(key, op, args)

    def constant(self, node: Node) -> float | None:
        """The number of a constant, else None."""
        return self.value[node] if self.op[node] == "const" else None

    def neg(self, a: Node) -> Node:
        """-a"""
        if self.op[a] == "neg":
            return self.args[a][0]
        return self.raw("neg", a)

    def add(self, a: Node, b: Node) -> Node:
        """a + b"""
        if self.constant(a) == 0:
            return b
        if self.constant(b) == 0:
            return a
        if self.op[b] == "neg":
            return self.sub(a, self.args[b][0])
        if self.op[a] == "neg":
            return self.sub(b, self.args[a][0])
        return self.raw("add", a, b)

    def sub(self, a: Node, b: Node) -> Node:
        """a - b"""
        if self.constant(b) == 0:
            return a
        if self.constant(a) == 0:
            return self.neg(b)
        if self.op[b] == "neg":
            return self.add(a, self.args[b][0])
        return self.raw("sub", a, b)

    def mul(self, a: Node, b: Node) -> Node:
        """a b; 0 b is kept, since it is zero only where b is finite."""
        for x, y in ((a, b), (b, a)):
            c = self.constant(x)
            if c == 1:
                return y
            if c == -1:
                return self.neg(y)
            if self.op[x] == "neg":
                return self.neg(self.mul(self.args[x][0], y))
        return self.raw("mul", a, b)

    def inv(self, a: Node) -> Node:
        """1 / a"""
        if self.op[a] == "inv":
            return self.args[a][0]
        if self.op[a] == "neg":
            return self.neg(self.inv(self.args[a][0]))
        return self.raw("inv", a)

    def div(self, a: Node, b: Node) -> Node:
        """a / b, as a times the reciprocal of b."""
        inverse = self.inv(b)
        product = self.mul(a, inverse)
        if not self.static[b] and self.op[product] == "mul" and inverse in self.args[product]:
            other = self.args[product][1 - self.args[product].index(inverse)]
            self.quotient.setdefault(product, (other, b, inverse))
        return product

    def power(self, a: Node, b: Node) -> Node:
        """a to the b; small whole and half powers as products and roots."""
        n = self.constant(b)
        if n is None:
            return self.raw("pow", a, b)
        if n == 0:
            return self.const(1.0)
        if n == 0.5:
            return self.raw("sqrt", a)
        if not abs(n) <= MOST_POWER or n != math.floor(n):
            return self.raw("pow", a, b)
        whole, square, result = int(abs(n)), a, None
        while whole:
            if whole & 1:
                result = square if result is None else self.mul(result, square)
            whole >>= 1
            if whole:
                square = self.mul(square, square)
        assert result is not None
        return self.inv(result) if n < 0 else result

    def where(self, condition: Node, a: Node, b: Node) -> Node:
        """a where the condition is not 0, else b."""
        c = self.constant(condition)
        if c is not None:
            return a if c != 0 else b
        return a if a == b else self.raw("where", condition, a, b)

    def call(self, op: str, *args: Node) -> Node:
        """An operation of the language."""
        special = {"add": self.add, "sub": self.sub, "mul": self.mul, "div": self.div, "neg": self.neg, "pow": self.power}
        if op == "where":
            return self.where(*args)
        return special[op](*args) if op in special else self.raw(op, *args)

    def live(self, roots: Iterable[Node]) -> list[Node]:
        """Everything below these, leaves too, depth first: each value stands shortly before its first use."""
        done: set[Node] = set()
        out: list[Node] = []
        for root in roots:
            stack = [root]
            while stack:
                k = stack.pop()
                if k < 0:
                    out.append(~k)
                    continue
                if k in done:
                    continue
                done.add(k)
                args = self.args[k]
                if not args:
                    out.append(k)
                    continue
                stack.append(~k)
                stack.extend(args[::-1])
        return out


def _folded(op: str, values: list[float]) -> float:
    if op == "inv":
        return operate("div", 1.0, values[0])
    if op == "sqrt":
        return math.sqrt(values[0]) if values[0] >= 0 else math.nan
    return operate(op, *values)


class Rows:
    """The rows of a system on a tape: references to derived rows are references to their expressions.

    lazy  derived rows are put on the tape when they are first needed, instead of all in order
    """

    def __init__(self, system: System, tape: Tape | None = None, *, lazy: bool = False) -> None:
        self.system, self.tape = system, tape or Tape()
        self._of: dict[int, Node] = {}
        self._derived: dict[int, Node] = {}
        self._counts = {"time": 1, "state": len(system.states), "param": len(system.params), "input": len(system.inputs)}
        for k in () if lazy else range(len(system.derived)):
            self._derive(k)

    def take(self, root: Expr) -> Node:
        """The node of an expression (iterative: depth does not matter).  Raises ModelError for what cannot stand in a system."""
        return self._taken(root, len(self.system.derived))

    def _taken(self, root: Expr, before: int) -> Node:
        """before: the derived row that may not be referred to any more"""
        nodes = [node for node in order([root]) if id(node) not in self._of]
        for k in self._missing(nodes, before):
            self._derive(k)
        for node in nodes:
            self._of[id(node)] = self._made(node, before)
        return self._of[id(root)]

    def _derive(self, k: int) -> None:
        self._derived[k] = self._taken(self.system.derived[k].expr, k)

    def _missing(self, nodes: Iterable[Expr], before: int) -> list[int]:
        """Derived rows below these that are not on the tape yet, in order: each refers to those before it alone."""
        found: set[int] = set()
        todo = [(node, before) for node in nodes]
        while todo:
            node, limit = todo.pop()
            if isinstance(node, Leaf) and node.kind == "derived" and 0 <= node.index < limit:
                k = node.index
                if k not in self._derived and k not in found:
                    found.add(k)
                    todo.extend((below, k) for below in order([self.system.derived[k].expr]))
        return sorted(found)

    def _made(self, node: Expr, before: int) -> Node:
        if isinstance(node, Call):
            return self.tape.call(node.op, *(self._of[id(a)] for a in node.args))
        if isinstance(node, Const):
            return self.tape.const(node.value)
        if not isinstance(node, Leaf):
            raise ModelError(f"{node!r} cannot stand in a flat system", where=self.system.name, remedy="flatten the model first")
        count = self._counts.get(node.kind, before)
        if not 0 <= node.index < count:
            raise ModelError(
                f"{node.kind} row {node.index} ({node.name}) is not one of the {count} that stand before it", where=self.system.name
            )
        return self._derived[node.index] if node.kind == "derived" else self.tape.leaf(node.kind, node.index)

    @property
    def derived(self) -> list[Node]:
        """The derived rows"""
        for k in range(len(self.system.derived)):
            if k not in self._derived:
                self._derive(k)
        return [self._derived[k] for k in range(len(self.system.derived))]
