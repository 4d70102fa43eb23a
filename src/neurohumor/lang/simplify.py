"""Numbers for operations on numbers, and the simplifications that can never change a value.

`0 * x` is not among them: it is zero only where x is finite.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from neurohumor.lang.expr import Call, Const, Expr, Symbol, fold


def _pow(a: float, b: float) -> float:
    return math.pow(a, b)


OPERATIONS: Mapping[str, Callable[..., float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": _pow,
    "neg": lambda a: -a,
    "min": lambda a, b: a if a <= b else b,
    "max": lambda a, b: a if a >= b else b,
    "exp": math.exp,
    "log": math.log,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "tanh": math.tanh,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "abs": lambda a: abs(a),
    "floor": lambda a: float(math.floor(a)),
    "ceil": lambda a: float(math.ceil(a)),
    "lt": lambda a, b: float(a < b),
    "le": lambda a, b: float(a <= b),
    "eq": lambda a, b: float(a == b),
    "and": lambda a, b: float(a != 0 and b != 0),
    "or": lambda a, b: float(a != 0 or b != 0),
    "not": lambda a: float(a == 0),
    "where": lambda c, a, b: a if c != 0 else b,
}
"""What each operation does to plain numbers; undefined results raise."""


def operate(op: str, *values: float) -> float:
    """The operation on plain numbers as IEEE 754 has it: infinite or NaN where it is undefined, never an exception."""
    if op not in ("where", "and", "or", "not", "lt", "le", "eq") and any(math.isnan(v) for v in values):
        return math.nan
    try:
        return OPERATIONS[op](*values)
    except (ZeroDivisionError, ValueError, OverflowError):
        return _undefined(op, values)


def _undefined(op: str, values: tuple[float, ...]) -> float:
    a = values[0]
    if op == "exp":
        return math.inf
    if op == "log":
        return -math.inf if a == 0 else math.nan
    if op == "div":
        return math.nan if a == 0 else math.copysign(math.inf, a) * math.copysign(1.0, values[1])
    if op == "pow":
        odd = math.isfinite(values[1]) and values[1] == math.floor(values[1]) and values[1] % 2 == 1
        if a == 0:
            return math.copysign(math.inf, a) if odd else math.inf
        if a > 0 or values[1] == math.floor(values[1]):
            return -math.inf if a < 0 and odd else math.inf
        return math.nan
    if op in ("floor", "ceil"):
        return a
    return math.nan


def evaluate(roots: Iterable[Expr], value: Callable[[Symbol], float]) -> list[float]:
    """Each root as a number, given the number of every symbol; constants count as they are (internal)."""

    def leaf(node: Expr) -> float:
        if isinstance(node, Const):
            return node.value
        assert isinstance(node, Symbol)
        return value(node)

    return fold(roots, leaf, lambda node, args: operate(node.op, *args))


def simpler(op: str, args: tuple[Expr, ...]) -> Expr | float | None:
    """A node or number that always equals the operation on these nodes, or None where there is no simpler one."""
    values = [a.value if isinstance(a, Const) else None for a in args]
    if None not in values:
        return _number(op, [v for v in values if v is not None])
    if op == "where":
        if values[0] is not None:
            return args[1] if values[0] != 0 else args[2]
        return args[1] if args[1] is args[2] else None
    if op == "neg":
        inner = args[0]
        return inner.args[0] if isinstance(inner, Call) and inner.op == "neg" else None
    return _neutral(op, args, values)


def _number(op: str, values: list[float]) -> float | None:
    try:
        result = float(OPERATIONS[op](*values))
    except (ZeroDivisionError, ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def _neutral(op: str, args: tuple[Expr, ...], values: list[float | None]) -> Expr | None:
    left, right = (*values, None)[:2]
    if op == "add":
        return args[0] if right == 0 else args[1] if left == 0 else None
    if op == "sub":
        return args[0] if right == 0 else None
    if op == "mul":
        return args[0] if right == 1 else args[1] if left == 1 else None
    if op in ("div", "pow"):
        return args[0] if right == 1 else None
    return None
