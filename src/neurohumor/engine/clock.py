"""Clock times and windows: "day 1 06:00", "burst + 5 s", (from, to, step) as hours since midnight of day 0."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from neurohumor.errors import ModelError, UnknownName, did_you_mean
from neurohumor.units import Quantity, quantity

When = str | float | Quantity
Window = tuple[When, When, When] | str
"""(from, to, step), each a text, hours, or a time; or all three in one text: "burst + 0 s ... + 5 s, 1 ms"."""

DAY = 24.0
MOST_SAMPLES = 50_000_000
_CLOCK = re.compile(r"(?:day\s*(-?\d+))?\s*(?:(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?)?", re.IGNORECASE)
_SHIFT = re.compile(r"(?P<label>.*?)\s*(?:(?P<sign>[+\-−])\s*(?P<shift>\d[^+−]*))?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Span:
    """What windows are relative to: one person's start and end in hours, and what happens to that person (time, label), in order."""

    start: float
    end: float
    happenings: tuple[tuple[float, str], ...] = ()


def clock(text: str) -> tuple[int | None, float] | None:
    """Day (None: not said) and hours after its midnight of "day 1 06:00", "06:00" or "day 1"; None where it is no clock time."""
    found = _CLOCK.fullmatch(text.strip())
    if not found or not text.strip():
        return None
    day, hour, minute, second = found.groups()
    at = int(hour or 0) + int(minute or 0) / 60 + float(second or 0) / 3600
    if at > DAY or int(minute or 0) > 59 or float(second or 0) >= 60:
        raise ModelError(f"{text!r} is no time of day", remedy='write "06:00" to "24:00"')
    return (int(day) if day is not None else None), at


def written(time: float, *, day: bool = True) -> str:
    """Hours since midnight of day 0 as a clock shows them: "07:38", "07:38 on day 2"."""
    if not math.isfinite(time):
        return "no time"
    minutes = math.floor(time * 60 + 0.5)
    whole, rest = divmod(minutes, 24 * 60)
    text = f"{rest // 60:02d}:{rest % 60:02d}"
    return f"{text} on day {whole}" if day and whole else text


def hour_of(when: When, span: Span, *, after: float | None = None) -> float:
    """The moment in hours.  A clock time without a day is the first such moment at or after `after` (default: the start).

    Raises UnknownName for a happening that this person does not have, ModelError for what cannot be read.
    """
    floor = span.start if after is None else after
    if isinstance(when, Quantity):
        return when.to("h").value
    if isinstance(when, (int, float)) and not isinstance(when, bool):
        return float(when)
    if not isinstance(when, str):
        raise ModelError(f"{when!r} is no moment", remedy=_HOW)
    text = when.strip()
    if text.lower() in ("start", "end"):
        return span.start if text.lower() == "start" else span.end
    if text.startswith("+") and after is not None:
        return after + quantity(text[1:].strip(), "h").to("h").value
    told = clock(text)
    if told is not None:
        day, hour = told
        if day is not None:
            return day * DAY + hour
        gap = (hour - floor) % DAY
        return floor if min(gap, DAY - gap) < 1e-9 else floor + gap
    return _relative(text, span)


_HOW = 'write hours, a clock time ("06:00", "day 1 06:00"), "start", "end", or a happening ("burst + 5 s")'


def _relative(text: str, span: Span) -> float:
    parts = _SHIFT.fullmatch(text)
    assert parts is not None
    label, shift = parts["label"].strip(), 0.0
    if parts["shift"]:
        shift = quantity(parts["shift"].strip(), "h").to("h").value * (1 if parts["sign"] == "+" else -1)
    if label.lower() in ("start", "end"):
        return (span.start if label.lower() == "start" else span.end) + shift
    told = clock(label)
    if told is not None:
        return hour_of(label, span) + shift
    number = re.fullmatch(r"(.*\S)\s+(\d+)", label)
    exact = [t for t, name in span.happenings if name.lower() == label.lower()]
    if exact:
        return exact[0] + shift
    name, which = (number.group(1), int(number.group(2))) if number else (label, 1)
    times = [t for t, said in span.happenings if said.lower().startswith(name.lower()) and name]
    if not times:
        known = [said for _, said in span.happenings]
        kinds = sorted({said.split(" ")[0] for said in known})
        raise UnknownName(f"nothing called {label!r} happens", remedy=did_you_mean(label, known) or f"{_HOW}; there is: {', '.join(kinds)}")
    if not 1 <= which <= len(times):
        raise UnknownName(f"{name!r} happens {len(times)} times, there is no number {which}", remedy="count from 1")
    return times[which - 1] + shift


def window_times(window: Window, span: Span) -> np.ndarray:
    """The sample times [time] of one window in hours, increasing, ends included (the last step may be shorter).

    Raises ModelError for a window that is empty, runs backwards, or leaves the run.
    """
    begin, until, step = _three(window)
    first = hour_of(begin, span)
    last = hour_of(until, span, after=first)
    if isinstance(until, str) and (clock(until) or (0,))[0] is None and abs(last - first) < 1e-9:
        last += DAY
    pace = quantity(step, "h").to("h").value if isinstance(step, (str, Quantity)) else float(step)
    shown = f"window {written(first)} to {written(last)}"
    if not pace > 0 or not math.isfinite(pace):
        raise ModelError(f"the step of {shown} is {step!r}", remedy='write a time above zero, such as "5 min"')
    if not last > first:
        raise ModelError(f"{shown} ends before it begins", remedy="give the later moment second")
    slack = 1e-9 * max(1.0, abs(span.end))
    if first < span.start - slack or last > span.end + slack:
        raise ModelError(
            f"{shown} leaves the run, which is from {written(span.start)} to {written(span.end)}",
            remedy="simulate more days, or shorten it",
        )
    return samples(max(first, span.start), min(last, span.end), pace)


def samples(first: float, last: float, pace: float) -> np.ndarray:
    """first, first + pace, ... and last.  Raises ModelError where that is more than memory holds."""
    count = (last - first) / pace
    if count > MOST_SAMPLES:
        raise ModelError(f"{count:.3g} samples are too many for one window", remedy="take a longer step or a shorter window")
    times = first + pace * np.arange(math.floor(count + 1e-9) + 1)
    if last - times[-1] > 1e-9 * pace:
        return np.append(times, last)
    times[-1] = min(times[-1], last) if len(times) > 1 else times[-1]
    return times


def _three(window: Window) -> tuple[When, When, When]:
    if isinstance(window, str):
        found = re.fullmatch(r"(.+?)\s*(?:\.\.\.|…)\s*(.+?)\s*,\s*([^,]+)", window.strip())
        if not found:
            raise ModelError(f"{window!r} is no window", remedy='write ("06:00", "10:00", "1 min") or "burst + 0 s ... + 5 s, 1 ms"')
        return found.group(1), found.group(2), found.group(3)
    if not isinstance(window, (tuple, list)) or len(window) != 3:
        raise ModelError(f"{window!r} is no window", remedy='write (from, to, step): ("06:00", "10:00", "1 min")')
    return window[0], window[1], window[2]
