"""The rate-law vocabulary: plain functions over expressions; every one also takes plain numbers.

Edges are defined: `hill`, `saturation` and `power` are 0 at 0 and for states that undershoot, and their derivatives there
are finite (see `lang.derive`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from neurohumor.errors import ModelError
from neurohumor.lang.expr import Call, Const, Expr, lift

Num = Expr | float


def exp(x: Num) -> Expr:
    """e to the power x."""
    return Call("exp", lift(x))


def log(x: Num) -> Expr:
    """Natural logarithm of x."""
    return Call("log", lift(x))


def sqrt(x: Num) -> Expr:
    """Square root of x."""
    return Call("pow", lift(x), Const(0.5))


def sin(x: Num) -> Expr:
    """Sine of x (radians)."""
    return Call("sin", lift(x))


def cos(x: Num) -> Expr:
    """Cosine of x (radians)."""
    return Call("cos", lift(x))


def tanh(x: Num) -> Expr:
    """Hyperbolic tangent of x."""
    return Call("tanh", lift(x))


def minimum(a: Num, b: Num) -> Expr:
    """The smaller of two; its derivative follows the first argument where they are equal."""
    return Call("min", lift(a), lift(b))


def maximum(a: Num, b: Num) -> Expr:
    """The larger of two; its derivative follows the first argument where they are equal."""
    return Call("max", lift(a), lift(b))


def where(condition: Num, then: Num, otherwise: Num) -> Expr:
    """`then` if the condition holds, else `otherwise`."""
    return Call("where", lift(condition), lift(then), lift(otherwise))


def both(a: Num, b: Num) -> Expr:
    """Logical and."""
    return Call("and", lift(a), lift(b))


def either(a: Num, b: Num) -> Expr:
    """Logical or."""
    return Call("or", lift(a), lift(b))


def negate(a: Num) -> Expr:
    """Logical not."""
    return Call("not", lift(a))


def positive(x: Num) -> Expr:
    """x where it is above zero, else zero (a plain 0 is zero in every unit)."""
    return Call("max", lift(x), Const(0.0))


def power(x: Num, n: Num) -> Expr:
    """x ** n for x >= 0; zero below."""
    n = lift(n)
    if isinstance(n, Const) and n.value == 1.0:
        return lift(x)
    return positive(x) ** n


def mm(s: Num, Vmax: Num, Km: Num) -> Expr:
    """Michaelis-Menten rate, Vmax s / (Km + s)."""
    return lift(Vmax) * s / (lift(Km) + s)


def competitive_mm(s: Num, Vmax: Num, Km: Num, *rivals: tuple[Num, Num]) -> Expr:
    """Michaelis-Menten with competing ligands given as (concentration, Ki) pairs."""
    crowd: Expr = Const(1.0)
    for amount, constant in rivals:
        crowd = crowd + lift(amount) / constant
    return lift(Vmax) * s / (lift(Km) * crowd + s)


def reversible_mm(s: Num, p: Num, Vmax: Num, Ks: Num, Kp: Num, *, Keq: Num = 1.0) -> Expr:
    """Reversible Michaelis-Menten (Haldane form): Vmax/Ks (s - p/Keq) / (1 + s/Ks + p/Kp)."""
    return lift(Vmax) / Ks * (lift(s) - lift(p) / Keq) / (1 + lift(s) / Ks + lift(p) / Kp)


def carrier(a: Num, b: Num, Tmax: Num, Kt: Num) -> Expr:
    """Symmetric facilitated transport from a to b, Tmax (a/(Kt+a) - b/(Kt+b))."""
    return lift(Tmax) * (lift(a) / (lift(Kt) + a) - lift(b) / (lift(Kt) + b))


def saturation(x: Num, K: Num) -> Expr:
    """Fraction bound, x / (K + x)."""
    return lift(x) / (lift(K) + x)


def hill(x: Num, K: Num, n: Num = 1) -> Expr:
    """Saturating activation, r^n / (1 + r^n) with r = x/K: 0 at and below x = 0, 1/2 at x = K, 1 at the limit."""
    n = lift(n)
    ratio = lift(x) / K
    raised = ratio if isinstance(n, Const) and n.value == 1.0 else power(ratio, n)
    return raised / (1 + raised)


def inhibition(x: Num, K: Num, n: Num = 1) -> Expr:
    """Inhibition by x, 1 / (1 + (x/K)^n): 1 at x = 0, 1/2 at x = K."""
    n = lift(n)
    ratio = lift(x) / K
    return 1 / (1 + (ratio if isinstance(n, Const) and n.value == 1.0 else power(ratio, n)))


def logistic(x: Num, centre: Num, width: Num) -> Expr:
    """Sigmoid 1 / (1 + exp(-(x - centre)/width)), written with tanh so that it never overflows."""
    return 0.5 * (1 + tanh((lift(x) - centre) / (2 * lift(width))))


def fold(x: Num, nominal: Num, elasticity: Num) -> Expr:
    """Power-law modulation (x/nominal)^elasticity, 1 at nominal; only for covariates bounded away from 0."""
    return (lift(x) / nominal) ** lift(elasticity)


def smooth_max(a: Num, b: Num, width: Num) -> Expr:
    """Differentiable maximum; differs from max(a, b) by at most width/2, where a = b."""
    gap = lift(a) - b
    return 0.5 * (lift(a) + b + (gap * gap + lift(width) * width) ** 0.5)


def smooth_min(a: Num, b: Num, width: Num) -> Expr:
    """Differentiable minimum; differs from min(a, b) by at most width/2, where a = b."""
    gap = lift(a) - b
    return 0.5 * (lift(a) + b - (gap * gap + lift(width) * width) ** 0.5)


def curve(phase: Num, coefficients: Sequence[float], unit_of: Num = 1.0) -> Expr:
    """A stored periodic curve: Fourier series a0 + sum(ak cos k phase + bk sin k phase).

    `coefficients` is (a0, a1, b1, a2, b2, ...), an odd number of plain numbers; `unit_of` gives them a unit.
    """
    if len(coefficients) % 2 == 0:
        raise ModelError(
            f"curve() takes an odd number of coefficients (a0, a1, b1, a2, b2, ...), got {len(coefficients)}",
            remedy="give a cosine and a sine coefficient for every harmonic",
        )
    total: Expr = Const(coefficients[0])
    for k in range(1, len(coefficients) // 2 + 1):
        angle = lift(phase) if k == 1 else k * lift(phase)
        a, b = coefficients[2 * k - 1], coefficients[2 * k]
        if a:
            total = total + a * cos(angle)
        if b:
            total = total + b * sin(angle)
    return total * unit_of if isinstance(unit_of, Expr) else total * Const(unit_of) if unit_of != 1.0 else total


PI = math.pi
