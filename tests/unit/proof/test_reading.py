"""Statistics of a run as experiments take them, against what the hand finds on curves that are known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from neurohumor.engine.clock import Span
from neurohumor.engine.series import Series
from neurohumor.engine.status import Code, Status
from neurohumor.errors import ModelError, NeurohumorError, SolveError, UnknownName
from neurohumor.proof.experiment import Accepted, Against, Measure, Stretch
from neurohumor.proof.reading import Trial, moments, value_of
from neurohumor.units import unit

TIMES = np.arange(0, 48 + 1e-9, 1 / 60)
LEVEL, SWING, HIGHEST = 300.0, 200.0, 8.0
DAILY = LEVEL + SWING * np.cos(2 * np.pi * (TIMES - HIGHEST) / 24)
SPAN = Span(0.0, 48.0, ((15.0, "threat from 15:00"), (8.0, "meal at 08:00")))
ANY = Accepted(-math.inf, math.inf, {})


class Told:
    """As much of a run as a measure asks for."""

    def __init__(self, values: np.ndarray, statuses: tuple[Status, ...] = (Status(),)) -> None:
        self.statuses = statuses
        self._series = Series("blood.cortisol", TIMES, values, unit("nmol/L"), "cortisol", "cortisol")

    ok = property(lambda self: all(s.ok for s in self.statuses))
    status = property(lambda self: next((s for s in self.statuses if not s.ok), self.statuses[0]))
    failed = property(lambda self: tuple(s for s in self.statuses if not s.ok))

    def __getitem__(self, name: str) -> Series:
        if name != "blood.cortisol":
            raise UnknownName(f"there is no {name!r}")
        return self._series


def trial(values: np.ndarray = DAILY, **more: object) -> Trial:
    return Trial(Told(values, **more), SPAN)  # type: ignore[arg-type]


def measure(statistic: str, begin: str = "00:00", to: str | None = "24:00", unit_: str = "nmol/L", **more: object) -> Measure:
    day = more.pop("day", None)
    return Measure("m", "blood.cortisol", "a", statistic, Stretch(begin, to, day), unit_, ANY, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "expected", "within"),
    [
        (measure("mean", "day 0 00:00", "day 0 24:00"), LEVEL, 1e-6),
        (measure("mean", "day 0 00:00", "day 0 24:00", "ug/dL"), LEVEL * 0.0362460, 1e-3),
        (measure("peak"), LEVEL + SWING, 1e-9),
        (measure("trough"), LEVEL - SWING, 1e-9),
        (measure("peak_time", unit_="h"), 8.0, 1e-9),
        (measure("peak_time", unit_="min"), 480.0, 1e-9),
        (measure("peak_time", unit_="h", day=1), 8.0, 1e-9),
        (measure("trough_time", unit_="h"), 20.0, 1e-9),
        (measure("auc", "02:00", "14:00", "nmol/L*h"), LEVEL * 12 + SWING * 24 / math.pi, 0.1),
        (measure("auc_increment", "02:00", "14:00", "nmol/L*h"), SWING * 24 / math.pi, 0.1),
        (measure("amplitude", "start", "end"), SWING, 1e-6),
        (measure("phase", "start", "end", "h"), HIGHEST, 1e-6),
        (measure("at", "14:00", None), LEVEL, 1e-9),
        (measure("at", "day 1 08:00", None), LEVEL + SWING, 1e-9),
        (measure("at", "08:00", None, day=1), LEVEL + SWING, 1e-9),
        (measure("at", "threat - 1 h", None), LEVEL, 1e-9),
        (measure("fold", "02:00", "14:00", "1"), (LEVEL + SWING) / LEVEL, 1e-9),
        (measure("fold", "02:00", "14:00", "%"), 100 * (LEVEL + SWING) / LEVEL, 1e-9),
        (measure("time_to_peak", "02:00", "14:00", "min"), 360.0, 1e-9),
        (measure("time_to_peak", "22:00", "10:00", "h"), 10.0, 1e-9),
    ],
    ids=lambda value: value.statistic if isinstance(value, Measure) else "",
)
def test_a_statistic_is_what_the_hand_finds(asked: Measure, expected: float, within: float):
    assert value_of(asked, {"a": trial()}) == pytest.approx(expected, rel=within, abs=within)


def test_a_window_ends_on_the_next_day_where_its_clock_runs_backwards():
    assert moments(Stretch("22:00", "02:00"), SPAN) == (22.0, 26.0)
    assert moments(Stretch("06:00", "06:00"), SPAN) == (6.0, 30.0)
    assert moments(Stretch("06:00", "10:00", 1), SPAN) == (30.0, 34.0)
    assert moments(Stretch("threat", "+ 90 min"), SPAN) == (15.0, 16.5)
    assert moments(Stretch("meal + 30 min", "10:00"), SPAN) == (8.5, 10.0)


@pytest.mark.parametrize(
    ("how", "unit_", "expected"), [("ratio", "1", 2.0), ("ratio", "%", 200.0), ("difference", "nmol/L", 300.0), ("percent", "%", 100.0)]
)
def test_one_arm_against_another(how: str, unit_: str, expected: float):
    asked = measure("mean", "day 0 00:00", "day 0 24:00", unit_, against=Against(how, "b"))  # type: ignore[arg-type]
    assert value_of(asked, {"a": trial(2 * DAILY), "b": trial()}) == pytest.approx(expected)


def test_clock_times_are_compared_around_midnight():
    early, late = (LEVEL + SWING * np.cos(2 * np.pi * (TIMES - at) / 24) for at in (23.5, 0.5))
    asked = measure("phase", "start", "end", "h", against=Against("difference", "b"))
    assert value_of(asked, {"a": trial(late), "b": trial(early)}) == pytest.approx(1.0)
    assert value_of(asked, {"a": trial(early), "b": trial(late)}) == pytest.approx(-1.0)
    around = Accepted(-0.5, 0.5, {})
    assert around.holds(23.8, daily=True) and not around.holds(23.8) and not around.holds(23.2, daily=True)


def test_one_time_against_another():
    at = measure("peak", "06:00", "10:00", "1", against=Against("ratio", "", Stretch("20:00", None)))
    assert value_of(at, {"a": trial()}) == pytest.approx((LEVEL + SWING) / (LEVEL - SWING))
    mean = measure("at", "08:00", None, "nmol/L", against=Against("difference", "", Stretch("day 0 00:00", "day 0 24:00")))
    assert value_of(mean, {"a": trial()}) == pytest.approx(SWING)


def test_of_a_population_the_mean_over_people():
    people = np.stack([DAILY, 2 * DAILY, 3 * DAILY])
    statuses = tuple(Status(person=k) for k in range(3))
    assert value_of(measure("peak"), {"a": trial(people, statuses=statuses)}) == pytest.approx(2 * (LEVEL + SWING))


@pytest.mark.parametrize(("statistic", "threshold", "expected"), [
    ("fraction_below", "1200 nmol/L", 2 / 3), ("fraction_above", "1200 nmol/L", 1 / 3),
    ("fraction_below", "36.3 ug/dL", 2 / 3), ("fraction_below", "1 umol/L", 1 / 3),
])  # fmt: skip
def test_a_fraction_is_the_share_of_people_beyond_a_limit(statistic: str, threshold: str, expected: float):
    people = np.stack([DAILY, 2 * DAILY, 3 * DAILY])
    statuses = tuple(Status(person=k) for k in range(3))
    asked = measure(statistic, "08:00", None, "1", of="at", threshold=threshold)
    assert value_of(asked, {"a": trial(people, statuses=statuses)}) == pytest.approx(expected)


def test_whoever_failed_makes_it_an_error():
    people = np.stack([DAILY, DAILY])
    statuses = (Status(), Status(Code.TOO_MANY_STEPS, 1, 3.0))
    with pytest.raises(SolveError, match="1 of 2 people failed"):
        value_of(measure("mean"), {"a": trial(people, statuses=statuses)})


@pytest.mark.parametrize(
    "asked",
    [
        measure("mean", "day 2 06:00", "day 2 10:00"),
        measure("mean", "day 1 10:00", "day 1 06:00"),
        measure("mean", unit_="mmHg"),
        measure("at", "nap + 1 h", None),
        measure("amplitude", "06:00", "10:00"),
        measure("mean", "14:00", None),
        replace(measure("mean"), quantity="blood.cortsol"),
    ],
)
def test_what_cannot_be_taken_is_an_error_and_never_a_number(asked: Measure):
    with pytest.raises(NeurohumorError):
        value_of(asked, {"a": trial()})


def test_nan_and_zero_are_never_compared():
    broken = DAILY.copy()
    broken[500] = np.nan
    with pytest.raises(ModelError, match="no number"):
        value_of(measure("mean"), {"a": trial(broken)})
    asked = measure("mean", unit_="1", against=Against("ratio", "b"))
    with pytest.raises(ModelError, match="is 0"):
        value_of(asked, {"a": trial(), "b": trial(0 * DAILY)})
