"""The lines of a summary: sensible numbers, how they are known, and nothing made of rounding."""

from __future__ import annotations

import pytest

from neurohumor.show.numbers import precise
from neurohumor.show.standing import Standing
from neurohumor.show.summary import Line


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
    ("standing", "note", "figures"),
    [
        (Standing("da", 58, 38, 12), "38 assumed, 12 unchecked of 58", 2),
        (Standing("da", 39), "all 39 checked", 3),
        (Standing("da", 39, animals={"rat": 3}), "3 from rat of 39", 2),
        (Standing("da", 1, unchecked=1), "1 unchecked of 1", 2),
        (Standing("da", 2, assumed=1, animals={"mouse": 1}, stand_in=True), "stand-in, 1 assumed, 1 from mouse of 2", 2),
        (Standing("da", 2, stand_in=True), "stand-in: all 2 checked", 2),
        (Standing("da"), "", 3),
    ],
)
def test_how_the_numbers_are_known(standing: Standing, note: str, figures: int):
    assert (standing.note, standing.figures) == (note, figures)


@pytest.mark.parametrize(
    ("value", "figures", "text"),
    [
        (1588.2, 2, "1600"),
        (412.3, 2, "410"),
        (412.3, 3, "412"),
        (7.376, 2, "7.4"),
        (0.0996, 2, "0.10"),
        (0.5, 3, "0.500"),
        (-0.0296, 2, "-0.030"),
        (99.7, 2, "100"),
        (3e-7, 2, "3.0e-07"),
    ],
)
def test_no_more_digits_are_printed_than_are_known(value: float, figures: int, text: str):
    assert precise(value, figures) == text


def test_standings_count_the_numbers_of_each_part():
    from neurohumor.build.flatten import flatten
    from neurohumor.evidence.evidence import level_of_row
    from neurohumor.life.person import Person
    from neurohumor.models import load
    from neurohumor.show.standing import standings_of, together

    model = load("meals_only").model(Person())
    system = flatten(model)
    known = standings_of(system, model)
    rows = [row for row in system.params if row.part == "barrier_amino_acid" and level_of_row(row) != "derived"]
    one = known["brain.tryptophan"]
    assert one.part == "barrier_amino_acid" and one.total == len(rows)
    assert one.assumed == sum(row.basis == "assumed" for row in rows) and one.animals["rat"] == sum(row.origin == "rat" for row in rows) > 0
    assert "from rat" in one.badges() and known.figures("brain.tryptophan") == 2
    assert known["blood.insulin"].stand_in and "stand-in" in known["blood.insulin"].badges()
    both = together([one, known["blood.insulin"]], "both")
    assert both.total == one.total + known["blood.insulin"].total and both.stand_in and both.animals == one.animals
    assert known["no.such"].note == "" and known["no.such"].badges() == ""
