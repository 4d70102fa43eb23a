"""An interval's image holds every value that the operation takes on it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurohumor.engine.backends.reference.intervals import ALL, FALSE, IMAGES, TRUE, UNDECIDED, image, truth
from neurohumor.lang.expr import ARITY
from neurohumor.lang.simplify import operate

NUMBERS = st.one_of(st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, 0.5, math.pi, 1e6]), st.floats(-50.0, 50.0))


@st.composite
def pieces(draw: st.DrawFn) -> tuple[tuple[float, float], float]:
    """An interval and a point of it."""
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    if draw(st.booleans()):
        high = low
    return (low, high), min(high, max(low, low + draw(st.floats(0.0, 1.0)) * (high - low)))


@pytest.mark.parametrize("op", ARITY)
@given(parts=st.lists(pieces(), min_size=3, max_size=3))
def test_no_value_lies_outside(op: str, parts: list[tuple[tuple[float, float], float]]):
    parts = parts[: ARITY[op]]
    low, high = image(op, *(bounds for bounds, _ in parts))
    value = operate(op, *(point for _, point in parts))
    if value != value:
        assert (low, high) == ALL or low != low
        return
    slack = 1e-13 * max(abs(value), 1.0) if math.isfinite(value) else 0.0
    assert low - slack <= value <= high + slack


def test_every_operation_has_an_image():
    assert set(IMAGES) == set(ARITY)


@pytest.mark.parametrize(
    ("op", "operands", "expected"),
    [
        ("lt", ((0.0, 1.0), (2.0, 3.0)), TRUE), ("lt", ((0.0, 2.0), (2.0, 3.0)), UNDECIDED), ("lt", ((3.0, 4.0), (2.0, 3.0)), FALSE),
        ("le", ((0.0, 2.0), (2.0, 3.0)), TRUE), ("eq", ((1.0, 1.0), (1.0, 1.0)), TRUE), ("eq", ((0.0, 1.0), (1.5, 2.0)), FALSE),
        ("and", (UNDECIDED, FALSE), FALSE), ("or", (UNDECIDED, TRUE), TRUE), ("not", (UNDECIDED,), UNDECIDED),
        ("where", (TRUE, (1.0, 2.0), (5.0, 6.0)), (1.0, 2.0)), ("where", (UNDECIDED, (1.0, 2.0), (5.0, 6.0)), (1.0, 6.0)),
        ("floor", ((1.2, 1.9),), (1.0, 1.0)), ("div", ((1.0, 2.0), (-1.0, 1.0)), ALL), ("pow", ((-2.0, 1.0), (2.0, 2.0)), (0.0, 4.0)),
        ("sin", ((0.0, math.pi),), (0.0, 1.0)), ("log", ((-1.0, 1.0),), ALL), ("mul", ((0.0, 1.0), ALL), ALL),
        ("abs", ((-2.0, 1.0),), (0.0, 2.0)),
    ],
)  # fmt: skip
def test_known_images(op, operands, expected):
    assert image(op, *operands) == pytest.approx(expected, abs=1e-15)


def test_truth_of_a_number():
    assert (truth((0.5, 2.0)), truth((-2.0, -1.0)), truth((0.0, 0.0)), truth((0.0, 1.0))) == (TRUE, TRUE, FALSE, UNDECIDED)


NAN = (math.nan, math.nan)


@pytest.mark.parametrize(
    ("op", "operands"),
    [
        ("sub", ((math.inf, math.inf), (math.inf, math.inf))), ("mul", ((0.0, 0.0), (math.inf, math.inf))), ("add", (NAN, (1.0, 2.0))),
        ("max", ((1.0, 2.0), NAN)), ("log", ((-1.0, -1.0),)), ("where", (TRUE, NAN, (1.0, 2.0))),
    ],
)  # fmt: skip
def test_what_is_not_a_number_stays_so(op, operands):
    low, high = image(op, *operands)
    assert low != low and high != high


def test_what_may_not_be_a_number_could_be_anything():
    assert image("sub", ALL, ALL) == ALL
    assert image("mul", (0.0, 1.0), ALL) == ALL
    assert image("where", UNDECIDED, NAN, (1.0, 2.0)) == ALL


def test_comparisons_with_what_is_not_a_number_do_not_hold():
    assert image("lt", NAN, (1.0, 2.0)) == image("le", (1.0, 2.0), NAN) == image("eq", NAN, NAN) == FALSE
    assert image("not", NAN) == FALSE and image("or", FALSE, NAN) == TRUE
