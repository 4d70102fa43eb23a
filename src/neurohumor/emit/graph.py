"""A system as one numbered graph: every distinct value once, each after what it is made of.

Derived rows are not nodes of their own: a reference to one is a reference to its expression.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from neurohumor.errors import ModelError
from neurohumor.lang.expr import ARITY, Call, Const, Expr
from neurohumor.lang.simplify import operate
from neurohumor.lang.system import Leaf, System

TIME, STATE, PARAM, INPUT = 1, 2, 4, 8
_BIT = {"time": TIME, "state": STATE, "param": PARAM, "input": INPUT}


class Graph:
    """Numbered nodes.  Node k is `op[k]` of `args[k]`, all of them below k.

    Leaves have the op "const" (its number in `value[k]`), "time", "state", "param" or "input" (its row in `row[k]`).
    `deps[k]` says of which kinds of leaf it is made, as bits.  With `starting`, a state or parameter is a node "state" or
    "param" with one argument, its initial expression.
    Raises ModelError for a row that refers to itself or to no row, and for an unknown operation.
    """

    def __init__(self, system: System, *, starting: bool = False) -> None:
        self.system, self.starting = system, starting
        self.op: list[str] = []
        self.args: list[tuple[int, ...]] = []
        self.value: list[float] = []
        self.row: list[int] = []
        self.deps: list[int] = []
        self._node: dict[tuple[object, ...], int] = {}
        self._of: dict[int, int] = {}
        self._kept: list[Expr] = []

    def add(self, roots: Iterable[Expr]) -> list[int]:
        """The nodes of these expressions (iterative: depth does not matter)."""
        roots = list(roots)
        self._kept.extend(roots)
        opened: set[int] = set()
        for root in roots:
            stack = [root]
            while stack:
                expr = stack[-1]
                if id(expr) in self._of:
                    stack.pop()
                    continue
                below = self._below(expr)
                missing = [e for e in below if id(e) not in self._of]
                if not missing:
                    self._of[id(expr)] = self._make(expr, [self._of[id(e)] for e in below])
                    stack.pop()
                    continue
                if id(expr) in opened:
                    raise ModelError(f"these refer to themselves in a circle: {self._circle(stack)}", where=self.system.name)
                opened.add(id(expr))
                stack.extend(reversed(missing))
        return [self._of[id(root)] for root in roots]

    def reachable(self, roots: Iterable[int]) -> list[int]:
        """Every node below these, in order."""
        seen: set[int] = set()
        stack = list(roots)
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                stack.extend(self.args[node])
        return sorted(seen)

    def node(self, op: str, *args: int) -> int:
        """The node of an operation on nodes."""
        return self._numbered(op, args, 0.0, -1)

    def _below(self, expr: Expr) -> Sequence[Expr]:
        if isinstance(expr, Call):
            if len(expr.args) != ARITY.get(expr.op, -1):
                raise ModelError(f"no operation {expr.op!r} with {len(expr.args)} arguments", where=self.system.name)
            return expr.args
        if isinstance(expr, Leaf):
            self._check(expr)
            if expr.kind == "derived":
                return (self.system.derived[expr.index].expr,)
            if self.starting and expr.kind == "state":
                return (self.system.states[expr.index].initial,)
            if self.starting and expr.kind == "param":
                return (self.system.params[expr.index].initial,)
        return ()

    def _check(self, leaf: Leaf) -> None:
        system = self.system
        rows = {"time": 1, "state": len(system.states), "param": len(system.params), "input": len(system.inputs)}
        count = rows.get(leaf.kind, len(system.derived))
        if not 0 <= leaf.index < count:
            raise ModelError(f"{leaf.kind} row {leaf.index} ({leaf.name}) is not one of the {count} there are", where=system.name)

    def _make(self, expr: Expr, below: list[int]) -> int:
        if isinstance(expr, Call):
            return self._numbered(expr.op, tuple(below), 0.0, -1)
        if isinstance(expr, Const):
            return self._numbered("const", (), expr.value, -1)
        if isinstance(expr, Leaf):
            return below[0] if expr.kind == "derived" else self._numbered(expr.kind, tuple(below), 0.0, expr.index)
        raise ModelError(f"{expr!r} cannot stand in a flat system", where=self.system.name, remedy="flatten the model first")

    def _numbered(self, op: str, args: tuple[int, ...], value: float, row: int) -> int:
        if op in ARITY and all(self.op[a] == "const" for a in args):
            return self._numbered("const", (), operate(op, *(self.value[a] for a in args)), -1)
        if op == "where" and self.op[args[0]] == "const":
            return args[1] if self.value[args[0]] != 0 else args[2]
        key = (op, args, repr(value), row)
        node = self._node.get(key)
        if node is None:
            node = self._node[key] = len(self.op)
            deps = _BIT.get(op, 0)
            for a in args:
                deps |= self.deps[a]
            self.op.append(op)
            self.args.append(args)
            self.value.append(value)
            self.row.append(row)
            self.deps.append(deps)
        return node

    def _circle(self, stack: list[Expr]) -> str:
        again = next(k for k, e in enumerate(stack) if e is stack[-1])
        names = [e.name for e in stack[again:] if isinstance(e, Leaf)]
        return " -> ".join(dict.fromkeys(names)) or "an expression that contains itself"
