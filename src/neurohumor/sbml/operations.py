"""The operations of MathML, composed of the operations of our algebra.

Every entry takes the list of arguments and gives an expression, or None where their number makes no sense.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import reduce
from itertools import pairwise

from neurohumor.lang.expr import Call, Const, Expr

Operation = Callable[[list[Expr]], Expr | None]
NAN = math.nan
LARGEST_FACTORIAL = 170


def _plain(op: str) -> Operation:
    return lambda a: Call(op, *a) if len(a) == 1 else None


def _one(build: Callable[[Expr], Expr]) -> Operation:
    return lambda a: build(a[0]) if len(a) == 1 else None


def _two(build: Callable[[Expr, Expr], Expr]) -> Operation:
    return lambda a: build(a[0], a[1]) if len(a) == 2 else None


def _many(op: str, empty: float | None) -> Operation:
    """An operation on any number of things; `empty`: what it is of none."""

    def build(a: list[Expr]) -> Expr | None:
        if not a:
            return None if empty is None else Const(empty)
        return reduce(lambda x, y: Call(op, x, y), a) if len(a) > 1 or op in ("add", "mul", "min", "max") else truth(a[0])

    return build


def truth(x: Expr) -> Expr:
    """1 where x is not 0, else 0."""
    return x if isinstance(x, Call) and x.op in ("lt", "le", "eq", "and", "or", "not") else Call("not", Call("not", x))


def _chain(relation: Callable[[Expr, Expr], Expr]) -> Operation:
    """A relation that holds between each thing and the next."""

    def build(a: list[Expr]) -> Expr | None:
        pairs = [relation(x, y) for x, y in pairwise(a)]
        return reduce(lambda x, y: Call("and", x, y), pairs) if pairs else Const(1.0)

    return build


def _xor(a: list[Expr]) -> Expr:
    def either(x: Expr, y: Expr) -> Expr:
        return Call("or", Call("and", x, Call("not", y)), Call("and", Call("not", x), y))

    return reduce(either, [truth(x) for x in a]) if a else Const(0.0)


def _minus(a: list[Expr]) -> Expr | None:
    return -a[0] if len(a) == 1 else a[0] - a[1] if len(a) == 2 else None


def _piecewise(a: list[Expr]) -> Expr | None:
    """Pairs of value and condition, then perhaps what holds otherwise; undefined where nothing holds."""
    value: Expr = a[-1] if len(a) % 2 else Const(NAN)
    for k in range(len(a) - len(a) % 2 - 2, -1, -2):
        value = Call("where", a[k + 1], a[k], value)
    return value


def _log(a: list[Expr]) -> Expr | None:
    if len(a) == 1:
        a = [Const(10.0), *a]
    return Call("log", a[1]) / Call("log", a[0]) if len(a) == 2 else None


def _root(a: list[Expr]) -> Expr | None:
    if len(a) == 1:
        a = [Const(2.0), *a]
    if len(a) != 2:
        return None
    degree, x = a
    if isinstance(degree, Const) and degree.value % 2 == 1:  # an odd root of a negative number is real
        return Call("where", x < 0, -((-x) ** (1 / degree)), x ** (1 / degree))
    return x**0.5 if isinstance(degree, Const) and degree.value == 2 else x ** (1 / degree)


def _factorial(x: Expr) -> Expr:
    """By search in a table; undefined where x is no whole number from 0 to 170."""

    def search(low: int, high: int) -> Expr:
        if high - low == 1:
            return Call("where", Call("eq", x, Const(low)), Const(float(math.factorial(low))), Const(NAN))
        middle = (low + high) // 2
        return Call("where", x < middle, search(low, middle), search(middle, high))

    if isinstance(x, Const):
        whole = x.value == int(x.value) and 0 <= x.value <= LARGEST_FACTORIAL if math.isfinite(x.value) else False
        return Const(float(math.factorial(int(x.value)))) if whole else Const(NAN)
    return search(0, LARGEST_FACTORIAL + 1)


def _towards_zero(x: Expr) -> Expr:
    return Call("where", x < 0, Call("ceil", x), Call("floor", x))


def _quotient(a: Expr, b: Expr) -> Expr:
    return _towards_zero(a / b)


def _remainder(a: Expr, b: Expr) -> Expr:
    return a - b * _quotient(a, b)


def _exp(x: Expr) -> Expr:
    return Call("exp", x)


def _cosh(x: Expr) -> Expr:
    return (_exp(x) + _exp(-x)) / 2


def _sinh(x: Expr) -> Expr:
    """By tanh near 0, where the difference of exponentials would lose digits."""
    return Call("where", Call("abs", x) < 1, Call("tanh", x) * _cosh(x), (_exp(x) - _exp(-x)) / 2)


def _log1p(x: Expr) -> Expr:
    """log(1 + x) to full precision near 0 (Kahan): log(u) x / (u - 1), where u is 1 + x as rounded."""
    u = 1 + x
    return Call("where", Call("eq", u, Const(1.0)), x, Call("log", u) * x / (u - 1))


def _asinh(x: Expr) -> Expr:
    size = Call("abs", x)
    found = _log1p(size + size * size / (1 + (1 + size * size) ** 0.5))
    large = Call("log", size) + math.log(2.0)
    value = Call("where", size < 1e150, found, large)
    return Call("where", x < 0, -value, value)


def _acosh(x: Expr) -> Expr:
    return Call("log", x + (x - 1) ** 0.5 * (x + 1) ** 0.5)


def _atanh(x: Expr) -> Expr:
    return _log1p(2 * x / (1 - x)) / 2


def _of_inverse(build: Callable[[Expr], Expr]) -> Operation:
    return _one(lambda x: build(1 / x))


def _inverse_of(build: Callable[[Expr], Expr]) -> Operation:
    return _one(lambda x: 1 / build(x))


def _named(op: str) -> Callable[[Expr], Expr]:
    return lambda x: Call(op, x)


OPERATIONS: Mapping[str, Operation] = {
    "plus": _many("add", 0.0), "times": _many("mul", 1.0), "minus": _minus, "divide": _two(lambda x, y: x / y),
    "power": _two(lambda x, y: x**y), "function_power": _two(lambda x, y: x**y),
    "function_abs": _plain("abs"), "function_ceiling": _plain("ceil"), "function_floor": _plain("floor"),
    "function_exp": _plain("exp"), "function_ln": _plain("log"), "function_log": _log, "function_root": _root,
    "function_factorial": _one(_factorial), "function_min": _many("min", None), "function_max": _many("max", None),
    "function_quotient": _two(_quotient), "function_rem": _two(_remainder), "function_piecewise": _piecewise,
    "function_sin": _plain("sin"), "function_cos": _plain("cos"), "function_tan": _plain("tan"),
    "function_sec": _inverse_of(_named("cos")), "function_csc": _inverse_of(_named("sin")), "function_cot": _inverse_of(_named("tan")),
    "function_arcsin": _plain("asin"), "function_arccos": _plain("acos"), "function_arctan": _plain("atan"),
    "function_arcsec": _of_inverse(_named("acos")), "function_arccsc": _of_inverse(_named("asin")),
    "function_arccot": _of_inverse(_named("atan")),
    "function_sinh": _one(_sinh), "function_cosh": _one(_cosh), "function_tanh": _plain("tanh"),
    "function_sech": _inverse_of(_cosh), "function_csch": _inverse_of(_sinh), "function_coth": _inverse_of(_named("tanh")),
    "function_arcsinh": _one(_asinh), "function_arccosh": _one(_acosh), "function_arctanh": _one(_atanh),
    "function_arcsech": _of_inverse(_acosh), "function_arccsch": _of_inverse(_asinh), "function_arccoth": _of_inverse(_atanh),
    "relational_lt": _chain(lambda x, y: x < y), "relational_leq": _chain(lambda x, y: x <= y),
    "relational_gt": _chain(lambda x, y: x > y), "relational_geq": _chain(lambda x, y: x >= y),
    "relational_eq": _chain(lambda x, y: Call("eq", x, y)), "relational_neq": _two(lambda x, y: Call("not", Call("eq", x, y))),
    "logical_and": _many("and", 1.0), "logical_or": _many("or", 0.0), "logical_xor": _xor, "logical_not": _plain("not"),
    "logical_implies": _two(lambda x, y: Call("or", Call("not", x), y)),
}  # fmt: skip
"""libSBML's name of an operation (lower case, without AST_) -> how it is made."""
