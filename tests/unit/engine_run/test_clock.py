"""Moments and windows."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.engine.clock import Span, clock, hour_of, samples, window_times, written
from neurohumor.errors import ModelError, UnknownName
from neurohumor.units import quantity

SPAN = Span(0.0, 72.0, ((8.0, "meal at 08:00"), (10.0, "burst of da at 10:00"), (32.0, "meal at 08:00"), (34.0, "burst of da at 10:00")))


@pytest.mark.parametrize(
    ("when", "hour"),
    [
        (5.5, 5.5), ("06:00", 6.0), ("day 1 06:00", 30.0), ("day 2", 48.0), ("24:00", 0.0), ("start", 0.0), ("end", 72.0),
        ("burst + 5 s", 10 + 5 / 3600), ("burst of da", 10.0), ("burst 2 + 1 h", 35.0), ("meal 2 - 30 min", 31.5), ("end - 1 d", 48.0),
        ("day 1 06:00 + 90 min", 31.5), (quantity("2 d"), 48.0), ("meal at 08:00", 8.0),
    ],
)  # fmt: skip
def test_moments(when, hour):
    assert hour_of(when, SPAN) == pytest.approx(hour)


def test_a_clock_time_is_the_next_after_the_start():
    assert hour_of("06:00", Span(7.0, 100.0)) == 30.0
    assert hour_of("06:00", Span(30.0, 100.0)) == 30.0


def test_unknown_happenings_and_nonsense_are_refused():
    with pytest.raises(UnknownName, match="there is: burst, meal"):
        hour_of("dexamethasone + 1 h", SPAN)
    with pytest.raises(UnknownName, match="happens 2 times"):
        hour_of("burst 3", SPAN)
    with pytest.raises(ModelError):
        hour_of("25:00", SPAN)
    with pytest.raises(ModelError):
        hour_of(None, SPAN)  # type: ignore[arg-type]


def test_windows_have_their_ends():
    assert window_times(("06:00", "07:00", "25 min"), SPAN) == pytest.approx([6, 6 + 25 / 60, 6 + 50 / 60, 7])
    assert window_times((0, 1, 0.25), SPAN).tolist() == [0, 0.25, 0.5, 0.75, 1]
    milliseconds = window_times("burst + 0 s ... + 5 s, 1 ms", SPAN)
    assert len(milliseconds) == 5001 and milliseconds[-1] == pytest.approx(10 + 5 / 3600)
    assert window_times(("22:00", "02:00", "1 h"), SPAN).tolist() == [22, 23, 24, 25, 26]
    assert window_times(("08:00", "08:00", "12 h"), SPAN).tolist() == [8, 20, 32]


@pytest.mark.parametrize(
    "window",
    [("06:00", "07:00", "0 min"), ("06:00", "07:00", "-5 min"), ("06:00", "day 3 07:00", "1 h"), ("day 1 06:00", "day 1 05:00", "1 h"),
     "06:00 to 07:00", ("06:00", "07:00"), (0, 72, "1e-9 s")],
)  # fmt: skip
def test_bad_windows_are_refused(window):
    with pytest.raises(ModelError):
        window_times(window, SPAN)


def test_samples_end_at_the_end():
    times = samples(0.0, 72.0, 5 / 60)
    assert len(times) == 72 * 12 + 1 and times[-1] == 72.0 and (np.diff(times) > 0).all()


@pytest.mark.parametrize(
    ("time", "text"), [(7 + 38 / 60, "07:38"), (31.5, "07:30 on day 1"), (23.9999, "00:00 on day 1"), (float("nan"), "no time")]
)
def test_written(time, text):
    assert written(time) == text


def test_clock_reads_what_it_writes():
    assert clock("day 1 07:30") == (1, 7.5) and clock("07:30:36") == (None, pytest.approx(7.51)) and clock("meal") is None
