"""When things happen: every day, once, again and again, until an end."""

from __future__ import annotations

from datetime import date

import pytest

from neurohumor.errors import ModelError
from neurohumor.life.clock import Moment
from neurohumor.life.when import MOST, overlap, spans, when

EIGHT = Moment(8.0)


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ({}, [8, 32, 56, 80]),
        ({"every": 24.0}, [8, 32, 56, 80]),
        ({"every": 12.0}, [8, 20, 32, 44, 56, 68, 80, 92]),
        ({"every": 48.0}, [8, 56]),
        ({"day": 2}, [56]),
        ({"day": 1, "every": 24.0}, [32, 56, 80]),
        ({"day": 1, "times": 2}, [32, 56]),
        ({"times": 2}, [8, 32]),
        ({"every": 6.0, "times": 3}, [8, 14, 20]),
        ({"until": Moment(24.0, 1)}, [8, 32]),
        ({"until": Moment(8.0, 1)}, [8]),
        ({"until": Moment(9.0, 1)}, [8, 32]),
        ({"day": 1, "until": Moment(24.0, 2)}, [32, 56]),
        ({"day": date(2026, 3, 4)}, [56]),
        ({"day": 9}, []),
    ],
)
def test_beginnings(words, begins):
    assert when(EIGHT, **words).begins(0.0, 96.0, date(2026, 3, 2)) == begins


def test_what_happens_every_day_has_always_happened():
    assert when(EIGHT).begins(-48.0, 0.0) == [-40, -16]
    assert when(EIGHT, every=48.0).begins(-96.0, 0.0) == [-88, -40]
    assert when(EIGHT, day=0, every=24.0).begins(-96.0, 0.0) == []


def test_bounds_are_half_open():
    assert when(EIGHT).begins(8.0, 32.0) == [8]


def test_a_span_that_began_before_is_found():
    assert spans(when(Moment(23.0)), 8.0, 0.0, 24.0, None) == [(-1, 7), (23, 31)]
    assert spans(when(Moment(23.0)), 1.0, 0.0, 24.0, None) == [(23, 24)]
    assert spans(when(Moment(9.0), day=0), float("inf"), 1000.0, 1024.0, None) == [(9, float("inf"))]


def test_what_lasts_for_ever_is_found_by_its_last_beginning():
    found = spans(when(EIGHT), float("inf"), 100.0, 120.0, None)
    assert max(a for a, _ in found) == 104 and any(a <= 100 for a, _ in found)
    ended = spans(when(EIGHT, until=Moment(24.0, 0)), float("inf"), 1000.0, 1024.0, None)
    assert [a for a, _ in ended] == [8]


def test_shifting_over_midnight_changes_the_day():
    assert when(Moment(23.0), day=0).shift(2.0) == when(Moment(1.0), day=1)
    assert when(Moment(1.0), day=date(2026, 3, 1)).shift(-2.0) == when(Moment(23.0), day=date(2026, 2, 28))
    assert when(Moment(23.0)).shift(2.0) == when(Moment(1.0))


def test_the_end_moves_along():
    assert when(EIGHT, until=Moment(24.0, 1)).shift(20.0).begins(0.0, 96.0) == [4, 28, 52]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ({"times": 0}, "times = 0"),
        ({"times": MOST + 1}, "out of range"),
        ({"every": 0.001}, "needs an end"),
        ({"until": Moment(8.0)}, "needs a day"),
    ],
)
def test_what_cannot_be(words, what):
    with pytest.raises(ModelError, match=what):
        when(EIGHT, **words)


def test_a_day_is_given_once():
    with pytest.raises(ModelError, match="twice"):
        when(Moment(8.0, 2), day=2)


def test_a_date_needs_a_start():
    with pytest.raises(ModelError, match="start"):
        when(EIGHT, day=date(2026, 3, 2)).begins(0.0, 24.0)
    with pytest.raises(ModelError, match="after the start"):
        when(EIGHT, day=date(2226, 3, 2)).begins(0.0, 24.0, date(2026, 3, 2))


def test_too_many_beginnings_are_refused_at_once():
    with pytest.raises(ModelError, match="more than"):
        when(EIGHT, every=1 / 60).begins(0.0, 1e7)


def test_overlaps():
    assert overlap([(0, 1), (1, 2), (5, 6)]) is None
    assert overlap([(5, 6), (0, 1.5), (1, 2)]) == ((0, 1.5), (1, 2))
