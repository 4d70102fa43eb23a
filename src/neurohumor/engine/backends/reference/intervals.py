"""What values an expression can take while its leaves stay within bounds: interval arithmetic over plain floats.

An interval is (low, high).  What cannot be bounded is everything: (-inf, inf); what is not a number is (NaN, NaN).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from neurohumor.lang.simplify import operate

Interval = tuple[float, float]
NOTHING: Interval = (math.nan, math.nan)
ALL: Interval = (-math.inf, math.inf)
UNDECIDED: Interval = (0.0, 1.0)
TRUE: Interval = (1.0, 1.0)
FALSE: Interval = (0.0, 0.0)


def _mul(a: Interval, b: Interval) -> Interval:
    products = (a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1])
    return min(products), max(products)


def _point(op: str, a: Interval, b: Interval) -> Interval:
    """The value where both are single numbers; otherwise everything."""
    if a[0] != a[1] or b[0] != b[1]:
        return ALL
    value = operate(op, a[0], b[0])
    return value, value


def _div(a: Interval, b: Interval) -> Interval:
    if b[0] <= 0.0 <= b[1]:  # 0 and -0 are one point, with quotients of either sign
        return _point("div", a, b) if math.copysign(1.0, b[0]) == math.copysign(1.0, b[1]) else ALL
    quotients = (a[0] / b[0], a[0] / b[1], a[1] / b[0], a[1] / b[1])
    return min(quotients), max(quotients)


def _pow(a: Interval, b: Interval) -> Interval:
    corners = [operate("pow", x, y) for x in a for y in b]
    if any(c != c for c in corners):
        return ALL
    if a[0] >= 0.0:
        return min(corners), max(corners)
    n = b[0]
    if b[1] != n or n != math.floor(n):
        return _point("pow", a, b)
    if n < 0 and a[1] >= 0.0:
        return ALL
    low = 0.0 if n % 2 == 0 and a[1] >= 0.0 and n > 0 else min(corners)
    return low, max(corners)


def _rising(op: str) -> Callable[[Interval], Interval]:
    def image(a: Interval) -> Interval:
        return operate(op, a[0]), operate(op, a[1])

    return image


def _wave(op: str, peak: float) -> Callable[[Interval], Interval]:
    """sin and cos: 1 at peak + 2 pi k, -1 half a turn later."""
    plain = math.sin if op == "sin" else math.cos

    def image(a: Interval) -> Interval:
        if not (math.isfinite(a[0]) and math.isfinite(a[1])) or a[1] - a[0] >= math.tau:
            return (-1.0, 1.0) if a[0] != a[1] else ALL
        ends = (plain(a[0]), plain(a[1]))
        top = math.floor((a[1] - peak) / math.tau) >= math.ceil((a[0] - peak) / math.tau)
        trough = peak + math.pi
        bottom = math.floor((a[1] - trough) / math.tau) >= math.ceil((a[0] - trough) / math.tau)
        return -1.0 if bottom else min(ends), 1.0 if top else max(ends)

    return image


def _tan(a: Interval) -> Interval:
    if not (math.isfinite(a[0]) and math.isfinite(a[1])) or a[1] - a[0] >= math.pi:
        return ALL
    if math.floor(a[0] / math.pi + 0.5) != math.floor(a[1] / math.pi + 0.5):
        return ALL
    return math.tan(a[0]), math.tan(a[1])


def _acos(a: Interval) -> Interval:
    return operate("acos", a[1]), operate("acos", a[0])


def _abs(a: Interval) -> Interval:
    low, high = sorted((abs(a[0]), abs(a[1])))
    return (0.0 if a[0] < 0.0 < a[1] else low), high


def _nan(a: Interval, b: Interval) -> bool:
    return a[0] != a[0] or b[0] != b[0]


def _lt(a: Interval, b: Interval) -> Interval:
    return FALSE if _nan(a, b) else TRUE if a[1] < b[0] else FALSE if a[0] >= b[1] else UNDECIDED


def _le(a: Interval, b: Interval) -> Interval:
    return FALSE if _nan(a, b) else TRUE if a[1] <= b[0] else FALSE if a[0] > b[1] else UNDECIDED


def _eq(a: Interval, b: Interval) -> Interval:
    if a[1] < b[0] or b[1] < a[0] or _nan(a, b):
        return FALSE
    return TRUE if a[0] == a[1] == b[0] == b[1] else UNDECIDED


def truth(a: Interval) -> Interval:
    """Whether a value within the interval is other than 0."""
    return TRUE if a[0] > 0.0 or a[1] < 0.0 or a[0] != a[0] else FALSE if a[0] == a[1] == 0.0 else UNDECIDED


def _and(a: Interval, b: Interval) -> Interval:
    a, b = truth(a), truth(b)
    return min(a[0], b[0]), min(a[1], b[1])


def _or(a: Interval, b: Interval) -> Interval:
    a, b = truth(a), truth(b)
    return max(a[0], b[0]), max(a[1], b[1])


def _not(a: Interval) -> Interval:
    a = truth(a)
    return 1.0 - a[1], 1.0 - a[0]


def _where(c: Interval, a: Interval, b: Interval) -> Interval:
    c = truth(c)
    if c != UNDECIDED:
        return a if c == TRUE else b
    return ALL if _nan(a, b) else (min(a[0], b[0]), max(a[1], b[1]))


IMAGES: Mapping[str, Callable[..., Interval]] = {
    "add": lambda a, b: (a[0] + b[0], a[1] + b[1]),
    "sub": lambda a, b: (a[0] - b[1], a[1] - b[0]),
    "mul": _mul, "div": _div, "pow": _pow,
    "neg": lambda a: (-a[1], -a[0]),
    "min": lambda a, b: (min(a[0], b[0]), min(a[1], b[1])),
    "max": lambda a, b: (max(a[0], b[0]), max(a[1], b[1])),
    "exp": _rising("exp"), "log": _rising("log"), "tanh": _rising("tanh"), "atan": _rising("atan"), "asin": _rising("asin"),
    "floor": _rising("floor"), "ceil": _rising("ceil"), "acos": _acos, "abs": _abs, "tan": _tan,
    "sin": _wave("sin", math.pi / 2), "cos": _wave("cos", 0.0),
    "lt": _lt, "le": _le, "eq": _eq, "and": _and, "or": _or, "not": _not, "where": _where,
}  # fmt: skip


_LOGIC = frozenset({"lt", "le", "eq", "and", "or", "not", "where"})


def image(op: str, *operands: Interval) -> Interval:
    """Bounds of the operation's value while its operands stay within theirs; (NaN, NaN): not a number for certain."""
    if op not in _LOGIC and any(low != low for low, _ in operands):
        return NOTHING
    low, high = IMAGES[op](*operands)
    if low <= high or op == "where":
        return low, high
    if all(a == b for a, b in operands):
        low = operate(op, *(a for a, _ in operands))
        return low, low
    return ALL
