"""The lines of a summary: sensible numbers, how they are known, and nothing made of rounding."""

from __future__ import annotations

from collections import Counter

import pytest

from neurohumor.show.summary import Line, evidence_note


def cells(mean: float, peak: float, trough: float) -> tuple[str, ...]:
    return Line("a.b", "", "1", "", mean, peak, 7.63, trough, 3.0).cells()[1:6]


def test_times_stand_beside_what_changes():
    assert cells(210.4, 412.3, 53.4) == ("210", "412", "day 0, 07:38", "53.4", "day 0, 03:00")


def test_what_does_not_change_is_steady():
    assert cells(2.0236, 2.0236, 2.0236) == ("2.02", "2.02", "steady", "2.02", "")


@pytest.mark.parametrize(("mean", "peak", "trough"), [(-2e-22, 3e-21, -8e-21), (0.0, 0.0, 0.0)])
def test_rounding_around_nothing_is_nothing(mean: float, peak: float, trough: float):
    assert cells(mean, peak, trough) == ("0", "0", "steady", "0", "")


def test_rounding_below_a_curve_is_zero_and_small_curves_are_not():
    assert cells(0.333, 1.0, -4e-38)[3] == "0"
    assert cells(2e-9, 5e-9, 1e-9)[0] == "2.00e-09"


def test_what_was_not_computed_says_so():
    nan = float("nan")
    assert Line("a.b", "", "1", "").cells()[1:6] == ("not computed", "not computed", "no time", "not computed", "no time")
    assert cells(nan, 1.0, nan)[0] == "not computed"


@pytest.mark.parametrize(
    ("count", "note"),
    [
        ({"assumed": 38, "nothing": 12, "model_file": 8, "derived": 1}, "38 assumed, 12 unchecked of 58"),
        ({"model_file": 39}, "all 39 checked"),
        ({"nothing": 1}, "1 unchecked of 1"),
        ({}, ""),
        ({"derived": 2}, ""),
    ],
)
def test_how_the_numbers_are_known(count: dict[str, int], note: str):
    assert evidence_note(Counter(count)) == note
