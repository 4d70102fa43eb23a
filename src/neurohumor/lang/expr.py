"""Expressions: a small immutable algebra.  Code, units, derivatives, SBML and LaTeX are walks over these nodes.

Three kinds of node: `Const` (a number with a unit), `Symbol` (a declared name, or a `Leaf` of a flat system) and `Call`
(an operation on nodes).  Walks are iterative, so that a sum of ten thousand terms is no deeper than the machine's stack.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from neurohumor.errors import ModelError
from neurohumor.units import ONE, Unit

if TYPE_CHECKING:
    from neurohumor.lang.decl import Change

ARITY: Mapping[str, int] = {
    "add": 2, "sub": 2, "mul": 2, "div": 2, "pow": 2, "neg": 1, "min": 2, "max": 2,
    "exp": 1, "log": 1, "sin": 1, "cos": 1, "tan": 1, "tanh": 1, "asin": 1, "acos": 1, "atan": 1,
    "abs": 1, "floor": 1, "ceil": 1,
    "lt": 2, "le": 2, "eq": 2, "and": 2, "or": 2, "not": 1, "where": 3,
}  # fmt: skip
"""Every operation and its number of arguments.  `lt le eq and or not` give 0 or 1; `where(c, a, b)` is a if c is not 0."""

TRUTH = frozenset({"lt", "le", "eq", "and", "or", "not"})
"""Operations whose value is a truth value, 0 or 1."""

Num = "Expr | float | int"
T = TypeVar("T")


class Expr:
    """A node of the algebra.  Immutable; compared by identity, so `==` never builds an expression."""

    __slots__ = ()

    def __add__(self, other: Expr | float) -> Expr:
        return Call("add", self, lift(other))

    def __radd__(self, other: Expr | float) -> Expr:
        return Call("add", lift(other), self)

    def __sub__(self, other: Expr | float) -> Expr:
        return Call("sub", self, lift(other))

    def __rsub__(self, other: Expr | float) -> Expr:
        return Call("sub", lift(other), self)

    def __mul__(self, other: Expr | float) -> Expr:
        return Call("mul", self, lift(other))

    def __rmul__(self, other: Expr | float) -> Expr:
        return Call("mul", lift(other), self)

    def __truediv__(self, other: Expr | float) -> Expr:
        return Call("div", self, lift(other))

    def __rtruediv__(self, other: Expr | float) -> Expr:
        return Call("div", lift(other), self)

    def __pow__(self, other: Expr | float) -> Expr:
        return Call("pow", self, lift(other))

    def __rpow__(self, other: Expr | float) -> Expr:
        return Call("pow", lift(other), self)

    def __neg__(self) -> Expr:
        return Call("neg", self)

    def __pos__(self) -> Expr:
        return self

    def __abs__(self) -> Expr:
        return Call("abs", self)

    def __lt__(self, other: Expr | float) -> Expr:
        return Call("lt", self, lift(other))

    def __le__(self, other: Expr | float) -> Expr:
        return Call("le", self, lift(other))

    def __gt__(self, other: Expr | float) -> Expr:
        return Call("lt", lift(other), self)

    def __ge__(self, other: Expr | float) -> Expr:
        return Call("le", lift(other), self)

    def __rshift__(self, other: Expr | int) -> Change:
        from neurohumor.lang.decl import Change

        return Change(self, other)

    def __rrshift__(self, other: Expr | int) -> Change:
        from neurohumor.lang.decl import Change

        return Change(other, self)

    def __bool__(self) -> bool:
        raise TypeError(
            "an expression has no truth value while a model is being written; "
            "use where(condition, then, otherwise), both(a, b), either(a, b) instead of if / and / or / max"
        )


class Const(Expr):
    """A number, with the unit it was typed in."""

    __slots__ = ("unit", "value")

    def __init__(self, value: float, unit: Unit = ONE) -> None:
        self.value, self.unit = float(value), unit

    def __repr__(self) -> str:
        return f"Const({self.value!r})" if self.unit is ONE else f"Const({self.value!r}, {str(self.unit)!r})"


class Symbol(Expr):
    """A named leaf.  Declarations of the language and leaves of a flat system derive from it."""

    __slots__ = ("doc", "name", "unit")

    def __init__(self, name: str, unit: Unit = ONE, doc: str = "") -> None:
        self.name, self.unit, self.doc = name, unit, doc

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"


class Call(Expr):
    """An operation on nodes; `op` is a key of `ARITY`."""

    __slots__ = ("args", "op")

    def __init__(self, op: str, *args: Expr) -> None:
        self.op, self.args = op, args

    def __repr__(self) -> str:
        return f"Call({self.op!r}, {', '.join(map(repr, self.args))})"


def lift(x: Expr | float) -> Expr:
    """A number or an expression as an expression.  Raises TypeError for text, truth values and arrays."""
    if isinstance(x, Expr):
        return x
    if isinstance(x, bool) or not isinstance(x, (int, float)):
        raise TypeError(f"{x!r} ({type(x).__name__}) cannot stand in an expression; write a number or a declared name")
    if math.isnan(x):
        raise ModelError("NaN cannot stand in an expression", remedy="write the number that is meant")
    return Const(x)


def order(roots: Iterable[Expr]) -> list[Expr]:
    """Every distinct node below `roots`, each after its arguments (iterative, linear in the number of nodes)."""
    out: list[Expr] = []
    seen: set[int] = set()
    for root in roots:
        stack: list[tuple[Expr, bool]] = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if id(node) in seen:
                continue
            if ready or not isinstance(node, Call):
                seen.add(id(node))
                out.append(node)
                continue
            stack.append((node, True))
            stack.extend((a, False) for a in reversed(node.args) if id(a) not in seen)
    return out


def fold(roots: Iterable[Expr], leaf: Callable[[Expr], T], call: Callable[[Call, tuple[T, ...]], T]) -> list[T]:
    """Compute a value for each root from its leaves upward; each distinct node is visited once."""
    roots = list(roots)
    value: dict[int, T] = {}
    for node in order(roots):
        value[id(node)] = call(node, tuple(value[id(a)] for a in node.args)) if isinstance(node, Call) else leaf(node)
    return [value[id(r)] for r in roots]


def symbols(*roots: Expr) -> list[Symbol]:
    """The distinct symbols below `roots`, in order of first appearance."""
    return [n for n in order(roots) if isinstance(n, Symbol)]


def substitute(roots: Iterable[Expr], replacement: Callable[[Symbol], Expr]) -> list[Expr]:
    """Each root with its symbols replaced; untouched parts are shared, not copied."""

    def rebuild(node: Call, args: tuple[Expr, ...]) -> Expr:
        return node if all(a is b for a, b in zip(args, node.args, strict=True)) else Call(node.op, *args)

    return fold(roots, lambda n: replacement(n) if isinstance(n, Symbol) else n, rebuild)


_INFIX = {"add": ("+", 1), "sub": ("-", 1), "mul": ("*", 2), "div": ("/", 2), "pow": ("**", 4)}
_COMPARE = {"lt": "<", "le": "<=", "eq": "=="}


def show(expr: Expr, leaf: Callable[[Symbol], str] = lambda s: s.name) -> str:
    """The expression as text, with the author's order and as few brackets as the meaning allows."""

    def of_leaf(n: Expr) -> tuple[str, int]:
        if isinstance(n, Const):
            text = f"{n.value:.12g}"
            return (text, 9) if not text.startswith("-") else (text, 3)
        assert isinstance(n, Symbol)
        return leaf(n), 9

    def wrap(arg: tuple[str, int], least: int) -> str:
        return arg[0] if arg[1] >= least else f"({arg[0]})"

    def of_call(n: Call, a: tuple[tuple[str, int], ...]) -> tuple[str, int]:
        if n.op in _INFIX:
            sign, level = _INFIX[n.op]
            left = wrap(a[0], level + (n.op == "pow"))
            right = wrap(a[1], level + (n.op in ("sub", "div")))
            return f"{left} {sign} {right}", level
        if n.op == "neg":
            return f"-{wrap(a[0], 3)}", 3
        if n.op in _COMPARE:
            return f"{wrap(a[0], 1)} {_COMPARE[n.op]} {wrap(a[1], 1)}", 0
        return f"{n.op}({', '.join(x[0] for x in a)})", 9

    return fold([expr], of_leaf, of_call)[0][0]
