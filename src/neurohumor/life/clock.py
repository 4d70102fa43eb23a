"""Clock times, days and durations as people write them; inside, hours since midnight of a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from neurohumor.errors import ModelError, UnitMismatch
from neurohumor.units import quantity, unit

Day = int | date
"""A day: its number (day 0 is the first of the run), or a date."""

HOUR = unit("h")
FARTHEST_DAY = 36_500
LATEST = 8784.0
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,9})?))?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY = re.compile(r"day\s+(-?\d{1,6})", re.IGNORECASE)
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2}|[Dd]ay\s+-?\d{1,6})[\sT]\s*(\S.*)")
_HOW = 'write a clock time as in "07:30"'


@dataclass(frozen=True, slots=True)
class Moment:
    """A time: hours since midnight of `day`; without a day it is a clock time that every day has."""

    hours: float
    day: Day | None = None


def read_clock(text: object) -> float:
    """Hours since midnight: "07:30", "23:59:30", "24:00", or as a duration, "7.5 h" ("30 h": 06:00 of the next day). Raises ModelError."""
    if isinstance(text, datetime):
        raise ModelError(f"{text} has a date where a clock time is due", remedy=_HOW)
    if isinstance(text, time):
        if text.tzinfo is not None:
            raise ModelError(f"{text} has a time zone", remedy="write local clock time without a zone")
        return text.hour + text.minute / 60 + (text.second + text.microsecond / 1e6) / 3600
    if not isinstance(text, str):
        raise ModelError(f"{_shown(text)} is not a clock time", remedy=_HOW)
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        return _hours_of_day(text)
    hours, minutes, seconds = int(found[1]), int(found[2]), float(found[3] or 0)
    if minutes >= 60 or seconds >= 60 or hours > 24 or (hours == 24 and (minutes or seconds)):
        raise ModelError(f"{_shown(text)} is not a clock time", remedy="clock times run from 00:00 to 24:00")
    return hours + minutes / 60 + seconds / 3600


def _hours_of_day(text: str) -> float:
    try:
        hours = quantity(text, HOUR).to(HOUR).value
    except UnitMismatch:
        raise ModelError(f"{_shown(text)} is not a clock time", remedy=_HOW) from None
    if not 0 <= hours <= LATEST:
        raise ModelError(f"{_shown(text)} is not a time of day", remedy="give hours since midnight; use `day` for later days")
    return hours


def read_day(what: object) -> Day:
    """A day number (2, "day 2") or a date ("2026-03-03"). Raises ModelError."""
    if isinstance(what, (bool, datetime)):
        raise ModelError(f"{_shown(what)} is not a day", remedy='write a day number, as in 2, or a date, as in "2026-03-03"')
    if isinstance(what, date):
        return what
    if isinstance(what, int):
        if abs(what) > FARTHEST_DAY:
            raise ModelError(f"day {_shown(what)} is too far away", remedy=f"days lie within {FARTHEST_DAY} of day 0")
        return what
    if isinstance(what, str):
        text = what.strip()
        if found := _DAY.fullmatch(text):
            return read_day(int(found[1]))
        if _DATE.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise ModelError(f"there is no {text}", remedy='write a date of the calendar, as in "2026-03-03"') from None
    raise ModelError(f"{_shown(what)} is not a day", remedy='write a day number, as in 2, or a date, as in "2026-03-03"')


def read_moment(what: object) -> Moment:
    """A clock time, alone or with its day: "07:30", "2026-03-03 07:30", "day 2 07:30". Raises ModelError."""
    if isinstance(what, Moment):
        return what
    if isinstance(what, datetime):
        return Moment(read_clock(what.timetz()), what.date())
    if isinstance(what, str) and (found := _DATED.fullmatch(what.strip())):
        return Moment(read_clock(found[2]), read_day(found[1]))
    return Moment(read_clock(what))


def read_span(what: object) -> float:
    """A duration in hours: "30 min", "1 d", above zero. Raises UnitMismatch for another unit, ModelError if it is too short or too long."""
    if isinstance(what, float):
        hours = what
    else:
        hours = quantity(what if isinstance(what, str) else _shown(what), HOUR).to(HOUR).value
    if not hours > 0:
        raise ModelError(f"the duration {_shown(what)} is too short", remedy='a duration is above zero, as in "30 min"')
    if hours > FARTHEST_DAY * 24:
        raise ModelError(f"the duration {_shown(what)} is too long", remedy="a duration is at most a hundred years")
    return hours


def write_clock(hours: float) -> str:
    """The clock time that reads back as exactly these hours; "7.123456 h" where no clock shows it."""
    seconds = round(hours * 3600)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}" + (f":{seconds % 60:02d}" if seconds % 60 else "")
    return text if 0 <= hours <= 24 and read_clock(text) == hours else f"{hours!r} h"


def write_span(hours: float) -> str:
    """The duration in its most usual unit that reads back exactly."""
    for name, size in (("wk", 168.0), ("d", 24.0), ("h", 1.0), ("min", 1 / 60), ("s", 1 / 3600), ("ms", 1 / 3.6e6)):
        count = f"{hours / size:.12g}"
        if (count.isdigit() or name in ("s", "ms")) and float(count) and read_span(f"{count} {name}") == hours:
            return f"{count} {name}"
    return f"{hours!r} h"


def write_day(day: Day) -> int | str:
    return day.isoformat() if isinstance(day, date) else day


def write_moment(moment: Moment) -> str:
    """As `read_moment` reads it."""
    clock = write_clock(moment.hours)
    if moment.day is None:
        return clock
    return f"{moment.day.isoformat()} {clock}" if isinstance(moment.day, date) else f"day {moment.day} {clock}"


def later(day: Day, by: int) -> Day:
    """The day `by` days later; raises ModelError beyond the calendar."""
    try:
        return day + timedelta(days=by) if isinstance(day, date) else day + by
    except OverflowError:
        raise ModelError(f"{by} days after {day} is beyond the calendar", remedy="use day numbers") from None


def _shown(what: object) -> str:
    text = repr(what) if isinstance(what, str) else str(what)
    return text if len(text) <= 60 else text[:57] + "..."


def write_number(value: float) -> str:
    """The shortest text that reads back as exactly this number."""
    whole = float(value).is_integer() and abs(value) < 1e15 and str(float(value)) != "-0.0"
    return str(int(value)) if whole else repr(float(value))
