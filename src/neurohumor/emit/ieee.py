"""Operations on plain floats as IEEE 754 has them: infinite or NaN where Python raises an exception.

Generated code falls back on these after the first exception; the names are those that it uses.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from neurohumor.lang.simplify import operate


def _divide(a: float, b: float) -> float:
    return a / b if b != 0.0 else operate("div", a, b)


def _power(a: float, b: float) -> float:
    try:
        return math.pow(a, b)
    except (ValueError, OverflowError):
        return operate("pow", a, b)


def _minimum(a: float, b: float) -> float:
    return a if a <= b or a != a else b


def _maximum(a: float, b: float) -> float:
    return a if a >= b or a != a else b


def _guarded(op: str, plain: Callable[[float], float]) -> Callable[[float], float]:
    def guarded(x: float) -> float:
        try:
            return float(plain(x))
        except (ValueError, OverflowError):
            return operate(op, x)

    return guarded


_PLAIN: Mapping[str, Callable[[float], float]] = {
    "exp": math.exp, "log": math.log, "sin": math.sin, "cos": math.cos, "tan": math.tan, "tanh": math.tanh,
    "asin": math.asin, "acos": math.acos, "atan": math.atan, "floor": math.floor, "ceil": math.ceil,
}  # fmt: skip

QUICK: Mapping[str, object] = {f"{name}_": plain for name, plain in _PLAIN.items()} | {"pow_": math.pow, "inf": math.inf, "nan": math.nan}
"""Names for quick scalar code: what is undefined raises an ArithmeticError or a ValueError."""

GUARDED: Mapping[str, object] = {f"{name}_": _guarded(name, plain) for name, plain in _PLAIN.items()} | {
    "pow_": _power, "div_": _divide, "min_": _minimum, "max_": _maximum, "inf": math.inf, "nan": math.nan,
}  # fmt: skip
"""Names for guarded scalar code: nothing raises."""


def array_names() -> dict[str, object]:
    """Names for code over NumPy arrays (to be run under `numpy.errstate(all="ignore")`)."""
    import numpy as np

    same = ("exp", "log", "sin", "cos", "tan", "tanh", "floor", "ceil")
    names: dict[str, object] = {f"{name}_": getattr(np, name) for name in same}
    names |= {"asin_": np.arcsin, "acos_": np.arccos, "atan_": np.arctan, "pow_": np.power, "min_": np.minimum, "max_": np.maximum}
    names |= {"where_": np.where, "both_": np.logical_and, "either_": np.logical_or, "not_": np.logical_not, "div_": np.divide}
    return names | {"inf": np.inf, "nan": np.nan, "float_": np.float64, "abs": np.abs}
