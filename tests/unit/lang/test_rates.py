"""The rate laws: their values by hand, at their edges, and as shares of their limits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurohumor.errors import ModelError
from neurohumor.lang.expr import Expr
from neurohumor.lang.rates import (
    carrier,
    competitive_mm,
    curve,
    fold,
    hill,
    inhibition,
    log,
    logistic,
    minimum,
    mm,
    positive,
    power,
    reversible_mm,
    saturation,
    smooth_max,
    smooth_min,
    sqrt,
    tanh,
)
from neurohumor.lang.simplify import evaluate


def value(expr: Expr) -> float:
    return evaluate([expr], lambda s: math.nan)[0]


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (mm(2.0, 10.0, 3.0), 4.0),
        (mm(0.0, 10.0, 3.0), 0.0),
        (competitive_mm(2.0, 10.0, 3.0, (4.0, 2.0), (1.0, 1.0)), 20.0 / (3 * 4 + 2)),
        (reversible_mm(4.0, 1.0, 10.0, 2.0, Kp=5.0, Keq=2.0), 10 / 2 * (4 - 0.5) / (1 + 2 + 0.2)),
        (reversible_mm(2.0, 4.0, 10.0, 2.0, Kp=5.0, Keq=2.0), 0.0),
        (carrier(2.0, 6.0, 10.0, 2.0), 10 * (0.5 - 0.75)),
        (saturation(3.0, 1.0), 0.75),
        (hill(2.0, 2.0, 4.0), 0.5),
        (hill(0.0, 2.0, 4.0), 0.0),
        (hill(-1.0, 2.0, 4.0), 0.0),
        (hill(6.0, 2.0), 0.75),
        (inhibition(2.0, 2.0, 4.0), 0.5),
        (inhibition(0.0, 2.0, 0.3), 1.0),
        (inhibition(-1.0, 2.0, 3.0), 1.0),
        (logistic(3.0, 3.0, 0.1), 0.5),
        (logistic(1e6, 0.0, 1e-3), 1.0),
        (logistic(-1e6, 0.0, 1e-3), 0.0),
        (fold(4.0, 2.0, 0.5), math.sqrt(2)),
        (fold(2.0, 2.0, 0.7), 1.0),
        (smooth_max(1.0, 1.0, 0.2), 1.1),
        (smooth_min(1.0, 1.0, 0.2), 0.9),
        (sqrt(9.0), 3.0),
        (power(-2.0, 0.5), 0.0),
        (power(-2.0, 1), -2.0),
        (positive(-2.0), 0.0),
        (minimum(1.0, 2.0), 1.0),
        (tanh(0.0), 0.0),
        (log(1.0), 0.0),
        (curve(0.7, (2.0,)), 2.0),
        (curve(0.7, (2.0, 1.0, 0.5)), 2.0 + math.cos(0.7) + 0.5 * math.sin(0.7)),
        (curve(0.7, (2.0, 0.0, 0.0, 1.0, 0.5), 3.0), 3 * (2.0 + math.cos(1.4) + 0.5 * math.sin(1.4))),
    ],
)
def test_by_hand(expr, expected):
    assert value(expr) == pytest.approx(expected, rel=1e-14, abs=1e-15)


def test_a_curve_needs_both_coefficients_of_each_harmonic():
    with pytest.raises(ModelError, match="odd number"):
        curve(0.0, (1.0, 2.0))


@given(st.floats(0, 1e3), st.floats(1e-3, 1e3), st.floats(0.1, 8.0))
def test_hill_and_inhibition_are_shares_of_one_whole(x, K, n):
    up, down = value(hill(x, K, n)), value(inhibition(x, K, n))
    assert 0.0 <= up <= 1.0 and up + down == pytest.approx(1.0)


@given(st.floats(-10, 10), st.floats(-10, 10), st.floats(1e-3, 2.0))
def test_smooth_bounds_stay_near_and_outside(a, b, width):
    high, low = value(smooth_max(a, b, width)), value(smooth_min(a, b, width))
    assert max(a, b) - 1e-12 <= high <= max(a, b) + width / 2 + 1e-12
    assert min(a, b) - width / 2 - 1e-12 <= low <= min(a, b) + 1e-12
