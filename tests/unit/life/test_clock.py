"""Clock times, days, durations: read as people write them, written so that they read back exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurohumor.errors import ModelError, UnitMismatch
from neurohumor.life.clock import (
    Moment,
    read_clock,
    read_day,
    read_moment,
    read_span,
    write_clock,
    write_moment,
    write_number,
    write_span,
)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("07:30", 7.5),
        ("7:30", 7.5),
        ("00:00", 0.0),
        ("24:00", 24.0),
        ("23:59:30", 23 + 59.5 / 60),
        ("7.5 h", 7.5),
        ("450 min", 7.5),
        (time(7, 30), 7.5),
    ],
)
def test_clock_times(text, hours):
    assert read_clock(text) == pytest.approx(hours, abs=1e-12)


@pytest.mark.parametrize(
    "text", ["25:00", "24:01", "7:60", "07:30:60", "0730", "noon", "", "-1 h", "7", 7, 7.5, True, None, ["07:00"], "07:30 am", "7.5 mg"]
)
def test_what_is_no_clock_time(text):
    with pytest.raises(ModelError, match=r"clock time|time of day"):
        read_clock(text)


@pytest.mark.parametrize("what", [time(7, tzinfo=UTC), datetime(2026, 3, 2, 7, tzinfo=UTC)])
def test_a_time_zone_is_refused(what):
    with pytest.raises(ModelError, match="zone"):
        read_moment(what)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("07:30", Moment(7.5)),
        ("day 2 07:30", Moment(7.5, 2)),
        ("Day -1 23:00", Moment(23.0, -1)),
        ("2026-03-03 07:30", Moment(7.5, date(2026, 3, 3))),
        ("2026-03-03T07:30", Moment(7.5, date(2026, 3, 3))),
        (datetime(2026, 3, 3, 7, 30), Moment(7.5, date(2026, 3, 3))),
        ("day 2 7.25 h", Moment(7.25, 2)),
    ],
)
def test_moments(text, moment):
    assert read_moment(text) == moment


@pytest.mark.parametrize(("what", "day"), [(2, 2), ("day 2", 2), ("2026-03-03", date(2026, 3, 3)), (date(2026, 3, 3), date(2026, 3, 3))])
def test_days(what, day):
    assert read_day(what) == day


@pytest.mark.parametrize("what", ["2026-13-01", "2026-02-30", "3 March", 2.0, True, 10**9, "day two", None])
def test_what_is_no_day(what):
    with pytest.raises(ModelError):
        read_day(what)


@pytest.mark.parametrize(("text", "hours"), [("30 min", 0.5), ("1 d", 24.0), ("2 h", 2.0), ("0.5 s", 0.5 / 3600), ("1 wk", 168.0)])
def test_durations(text, hours):
    assert read_span(text) == pytest.approx(hours, rel=1e-12)
    assert write_span(read_span(text)) == text.replace("1 wk", "1 wk")


@pytest.mark.parametrize(
    ("text", "error"), [("0 h", ModelError), ("-30 min", ModelError), ("30", UnitMismatch), ("30 mg", UnitMismatch), ("soon", UnitMismatch)]
)
def test_what_is_no_duration(text, error):
    with pytest.raises(error):
        read_span(text)


@given(st.floats(0, 24, allow_nan=False))
def test_clock_times_read_back_exactly(hours):
    assert read_clock(write_clock(hours)) == hours


@given(st.floats(1e-6, 1e5))
def test_durations_read_back_exactly(hours):
    assert read_span(write_span(hours)) == hours


@given(st.floats(0, 24), st.none() | st.integers(-99, 99) | st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_moments_read_back_exactly(hours, day):
    assert read_moment(write_moment(Moment(hours, day))) == Moment(hours, day)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back_exactly(value):
    assert repr(float(write_number(value))) == repr(value)


@pytest.mark.parametrize(("hours", "text"), [(7.5, "07:30"), (23 + 59.5 / 60, "23:59:30"), (0.0, "00:00"), (24.0, "24:00")])
def test_usual_times_are_written_as_people_write_them(hours, text):
    assert write_clock(hours) == text
