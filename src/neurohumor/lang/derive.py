"""Symbolic derivatives: of an expression, and of a flat system with respect to its states, inputs, parameters and time.

Every derivative is built with hash-consed nodes, by one pass over the distinct nodes, forward from the leaves; a derived row is
differentiated once and its derivatives are shared by all who read it.  Where a function has a kink or a pole, the derivative is
defined, so that Newton steps stay finite:

min, max      follow the first argument where both are equal
where         differentiates its branches; the condition has no derivative
abs           0 at 0
floor, ceil, comparisons, and, or, not: 0
x ** n        at x = 0: n x**(n-1) for n >= 1, and 0 for n < 1 (the true slope is infinite); with respect to n: 0 for x <= 0
log, asin, acos, division: as the calculus has it; their poles are poles of the derivative too
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from neurohumor.lang.expr import Call, Const, Expr, order
from neurohumor.lang.system import Interner, Leaf, System

Slopes = dict[int, Expr]
"""Derivatives by direction; a direction that is missing is zero."""

Entry = tuple[int, int, Expr]


@dataclass(frozen=True, slots=True)
class Jacobian:
    """The entries of a sparse matrix that are not zero by structure, (row, column, expression), in order of row, then column.

    Expressions are over the system's leaves, derived rows included.
    """

    rows: int
    columns: int
    entries: tuple[Entry, ...]


def derivative(expr: Expr, leaf: Leaf, intern: Interner | None = None) -> Expr:
    """The derivative of an expression with respect to one leaf; other leaves, derived ones too, are held."""
    forward = _Forward(Interner.over([expr]) if intern is None else intern, {(leaf.kind, leaf.index): {0: Const(1.0)}})
    return forward.slopes([expr])[0].get(0, forward.zero)


def jacobian(system: System) -> Jacobian:
    """d rate / d state, one row per state (for an algebraic row: d residual / d state)."""
    return _matrix(system, "state", range(len(system.states)))


def input_derivative(system: System) -> Jacobian:
    """d rate / d input, one column per input."""
    return _matrix(system, "input", range(len(system.inputs)))


def param_derivative(system: System, indices: Iterable[int]) -> Jacobian:
    """d rate / d param, one column per index given, in that order.

    The vector p alone is varied: what a parameter does to initial values, or to parameters calculated from it, is not in here.
    """
    return _matrix(system, "param", list(indices))


def time_derivative(system: System) -> tuple[Expr, ...]:
    """d rate / d time where the time stands in the equations themselves, one per state; zero for most systems."""
    columns = _columns(system, {("time", 0): {0: Const(1.0)}})
    return tuple(slopes.get(0, zero) for slopes, zero in columns)


def directional(system: System, direction: Mapping[Leaf, Expr]) -> tuple[Expr, ...]:
    """The derivative of every rate along a direction: the sum over leaves of d rate / d leaf times what is given for that leaf.

    One pass, whatever the number of leaves: with the rates themselves for the states it is the second time derivative.
    """
    seeds = {(leaf.kind, leaf.index): {0: expr} for leaf, expr in direction.items()}
    return tuple(slopes.get(0, zero) for slopes, zero in _columns(system, seeds))


def _matrix(system: System, kind: str, columns: Iterable[int]) -> Jacobian:
    wanted = list(columns)
    seeds = {(kind, index): {column: Const(1.0)} for column, index in enumerate(wanted)}
    entries: list[Entry] = []
    for row, (slopes, _) in enumerate(_columns(system, seeds)):
        entries.extend((row, column, slopes[column]) for column in sorted(slopes))
    return Jacobian(len(system.rates), len(wanted), tuple(entries))


def _columns(system: System, seeds: Mapping[tuple[str, int], Mapping[int, Expr]]) -> list[tuple[Slopes, Expr]]:
    """The slopes of every rate, through the derived rows."""
    roots = [*(row.expr for row in system.derived), *system.rates]
    known = Interner.over([*roots, *(e for seed in seeds.values() for e in seed.values())])
    forward = _Forward(known, seeds)
    for index, row in enumerate(system.derived):
        forward.seed("derived", index, forward.slopes([row.expr])[0])
    return [(slopes, forward.zero) for slopes in forward.slopes(system.rates)]


class _Forward:
    """Slopes of nodes, each found once from those of its arguments."""

    def __init__(self, intern: Interner, seeds: Mapping[tuple[str, int], Mapping[int, Expr]]) -> None:
        self.intern = intern
        self.zero, self.one = intern.const(0.0), intern.const(1.0)
        self._seeds: dict[tuple[str, int], Slopes] = {}
        self._slopes: dict[int, Slopes] = {}
        self._kept: list[Expr] = []
        for (kind, index), slopes in seeds.items():
            self.seed(kind, index, {k: intern.take(e) for k, e in slopes.items()})

    def seed(self, kind: str, index: int, slopes: Slopes) -> None:
        """Say what the slopes of a leaf are; must be said before a node that holds it is differentiated."""
        self._seeds[kind, index] = {k: e for k, e in slopes.items() if not self._is(e, 0.0)}

    def slopes(self, roots: Iterable[Expr]) -> list[Slopes]:
        """The slopes of these roots."""
        roots = list(roots)
        nodes = order(roots)
        readers = Counter(id(a) for node in nodes if isinstance(node, Call) for a in node.args)
        readers.update(id(root) for root in roots)
        for node in nodes:
            if id(node) not in self._slopes:
                self._kept.append(node)
                self._slopes[id(node)] = self._of(node, readers)
        return [self._slopes[id(root)] for root in roots]

    def call(self, op: str, *args: Expr) -> Expr:
        """An interned node, zeros left out: 0 * x is 0 here, since what is multiplied is a derivative that does not exist."""
        if op == "mul" and any(self._is(a, 0.0) for a in args):
            return self.zero
        if op == "mul" and any(self._is(a, -1.0) for a in args):
            return self.call("neg", args[1] if self._is(args[0], -1.0) else args[0])
        return self.intern.call(op, *args)

    def _is(self, node: Expr, value: float) -> bool:
        return isinstance(node, Const) and node.value == value

    def _of(self, node: Expr, readers: Mapping[int, int]) -> Slopes:
        if isinstance(node, Leaf):
            return self._seeds.get((node.kind, node.index), {})
        if not isinstance(node, Call):
            return {}
        slopes = [self._slopes[id(a)] for a in node.args]
        if not any(slopes) or node.op in _FLAT:
            return {}
        if node.op in _CHOICES:
            return self._choice(node, slopes)
        if node.op in ("add", "sub"):
            return self._merge(node.op, self._taken(node.args[0], readers), slopes[1])
        total: Slopes = {}
        for position, own in enumerate(slopes):
            if own:
                partial = _PARTIAL[node.op](self, node, position)
                self._merge("add", total, {k: self.call("mul", partial, e) for k, e in own.items()})
        return total

    def _taken(self, node: Expr, readers: Mapping[int, int]) -> Slopes:
        """Slopes to add to: those of a sum that nobody else reads are taken over, so that a long sum is not copied at every term."""
        if isinstance(node, Call) and node.op in ("add", "sub") and readers[id(node)] == 1:
            return self._slopes.pop(id(node))
        return dict(self._slopes[id(node)])

    def _merge(self, op: str, total: Slopes, more: Slopes) -> Slopes:
        """`total` plus or minus `more`, in place."""
        for k, e in more.items():
            slope = self.call(op, total[k], e) if k in total else e if op == "add" else self.call("neg", e)
            if self._is(slope, 0.0):
                total.pop(k, None)
            else:
                total[k] = slope
        return total

    def _choice(self, node: Call, slopes: list[Slopes]) -> Slopes:
        """Slopes of the branch that holds."""
        if node.op == "where":
            condition, first, second = node.args[0], slopes[1], slopes[2]
        else:
            a, b = node.args
            condition = self.call("le", *((a, b) if node.op == "min" else (b, a)))
            first, second = slopes
        chosen = {k: self.call("where", condition, first.get(k, self.zero), second.get(k, self.zero)) for k in {**first, **second}}
        return {k: e for k, e in chosen.items() if not self._is(e, 0.0)}


_FLAT = frozenset({"floor", "ceil", "lt", "le", "eq", "and", "or", "not"})
_CHOICES = frozenset({"where", "min", "max"})


def _mul(f: _Forward, node: Call, position: int) -> Expr:
    return node.args[1 - position]


def _div(f: _Forward, node: Call, position: int) -> Expr:
    inverse = f.call("div", f.one, node.args[1])
    return inverse if position == 0 else f.call("neg", f.call("mul", node, inverse))


def _pow(f: _Forward, node: Call, position: int) -> Expr:
    x, n = node.args
    if position == 1:
        positive = f.call("lt", f.zero, x)
        return f.call("where", positive, f.call("mul", node, f.call("log", f.call("where", positive, x, f.one))), f.zero)
    if isinstance(n, Const) and n.value >= 1.0:
        return f.call("mul", n, f.call("pow", x, f.intern.const(n.value - 1.0))) if n.value != 1.0 else f.one
    at_zero = f.call("eq", x, f.zero)
    safe = f.call("where", at_zero, f.one, x)
    slope = f.call("mul", n, f.call("pow", safe, f.call("sub", n, f.one)))
    return f.call("where", at_zero, f.call("eq", n, f.one), slope)


def _neg(f: _Forward, node: Call, position: int) -> Expr:
    return f.intern.const(-1.0)


def _exp(f: _Forward, node: Call, position: int) -> Expr:
    return node


def _log(f: _Forward, node: Call, position: int) -> Expr:
    return f.call("div", f.one, node.args[0])


def _sin(f: _Forward, node: Call, position: int) -> Expr:
    return f.call("cos", node.args[0])


def _cos(f: _Forward, node: Call, position: int) -> Expr:
    return f.call("neg", f.call("sin", node.args[0]))


def _tan(f: _Forward, node: Call, position: int) -> Expr:
    return f.call("add", f.one, f.call("mul", node, node))


def _tanh(f: _Forward, node: Call, position: int) -> Expr:
    return f.call("sub", f.one, f.call("mul", node, node))


def _asin(f: _Forward, node: Call, position: int) -> Expr:
    inside = f.call("sub", f.one, f.call("mul", node.args[0], node.args[0]))
    return f.call("div", f.one, f.call("pow", inside, f.intern.const(0.5)))


def _acos(f: _Forward, node: Call, position: int) -> Expr:
    return f.call("neg", _asin(f, node, position))


def _atan(f: _Forward, node: Call, position: int) -> Expr:
    return f.call("div", f.one, f.call("add", f.one, f.call("mul", node.args[0], node.args[0])))


def _abs(f: _Forward, node: Call, position: int) -> Expr:
    x = node.args[0]
    return f.call("sub", f.call("lt", f.zero, x), f.call("lt", x, f.zero))


_PARTIAL: Mapping[str, Callable[[_Forward, Call, int], Expr]] = {
    "mul": _mul, "div": _div, "pow": _pow, "neg": _neg, "exp": _exp, "log": _log, "sin": _sin, "cos": _cos, "tan": _tan,
    "tanh": _tanh, "asin": _asin, "acos": _acos, "atan": _atan, "abs": _abs,
}  # fmt: skip
"""The derivative of each operation with respect to its argument at a position."""
