"""The words of a day: sleep("23:00", "07:00") + meal("08:00", carbs="60 g") + dose("hydrocortisone", "20 mg", at="08:15").

Each word gives a `Protocol`. A clock time alone means every day; `day` or `on` makes it single; `every`, `times` and `until` repeat it.
A list of times gives one happening each. All raise UnitMismatch, UnknownName or ModelError for what cannot be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, TypedDict, Unpack

from neurohumor.errors import ModelError
from neurohumor.life.clock import Day, Moment, read_day, read_moment, read_span
from neurohumor.life.food import from_energy, mass, read_amino_acids, read_composition
from neurohumor.life.happenings import (
    FOREVER,
    LUX,
    Burst,
    Clamp,
    Dose,
    Exercise,
    Happening,
    Infusion,
    Light,
    Meal,
    Set,
    Skip,
    Sleep,
    Task,
    Threat,
)
from neurohumor.life.protocol import Protocol
from neurohumor.life.text import read_name
from neurohumor.life.when import DAY, When, day_number, when
from neurohumor.units import ONE, Quantity, quantity, unit

Time = str | Moment
Times = Time | Sequence[Time]
Span = str | float
"""A duration: "30 min", or hours."""


class Recurrence(TypedDict, total=False):
    """On which days: `day` (number) or `on` (date) once; `every`, `times`, `until` (its last day) repeat; `note` says what it is."""

    day: int | Sequence[int]
    on: str | date | Sequence[str | date]
    every: Span
    times: int
    until: Day | str
    note: str


def sleep(
    from_: Times, to: Time | None = None, *, duration: Span | None = None, force: bool = False, **days: Unpack[Recurrence]
) -> Protocol:
    """An opportunity to sleep; with `force` the sleep model obeys."""
    return _spans(from_, to, duration, days, lambda at, long, note: Sleep(at, long, force, note))


def light(
    level: str | Quantity, from_: Times, to: Time | None = None, *, duration: Span | None = None, **days: Unpack[Recurrence]
) -> Protocol:
    """Light at the open eye, as in light("300 lux", "07:30", "22:00"); dark outside all lights, and the brightest where they overlap."""
    lux = quantity(level, LUX)
    return _spans(from_, to, duration, days, lambda at, long, note: Light(lux, at, long, note))


def meal(
    at: Times,
    *,
    carbs: str | Quantity = "0 g",
    fat: str | Quantity = "0 g",
    protein: str | Quantity = "0 g",
    kcal: str | Quantity | None = None,
    shares: Mapping[str, float] | None = None,
    amino_acids: Mapping[str, str | Quantity] | None = None,
    composition: str | Mapping[str, float] = "mixed",
    duration: Span = "15 min",
    **days: Unpack[Recurrence],
) -> Protocol:
    """A meal by its nutrients, or by its energy divided into `shares` (50/35/15 % of carbohydrate, fat and protein unless given).

    amino_acids are drunk as such; composition says which amino acids the protein holds: "mixed", or g per g of protein
    """
    masses = {"carbohydrate": mass(carbs, "carbohydrate"), "fat": mass(fat, "fat"), "protein": mass(protein, "protein")}
    if kcal is not None:
        if any(one.value for one in masses.values()):
            raise ModelError("the meal is given twice", remedy="give either kcal, or carbs, fat and protein")
        masses |= from_energy(kcal, shares)
    elif shares is not None:
        raise ModelError("`shares` divide an energy that is not given", remedy='add the energy, as in kcal = "500 kcal"')
    free, holds, long = read_amino_acids(amino_acids or {}), read_composition(composition), read_span(duration)
    return _points(at, days, lambda this, note: Meal(this, long, **masses, free=free, composition=holds, note=note))


def dose(
    substance: str, amount: str | Quantity, route: str = "oral", *, at: Times, ss: bool = False, **days: Unpack[Recurrence]
) -> Protocol:
    """An amount of a substance at once: a mass, an amount, IU, or any of them per kg; `ss`: the person is settled with it in its rhythm."""
    given = quantity(amount)
    return _points(at, days, lambda this, note: Dose(substance, given, route, this, ss, note))


def infusion(
    substance: str,
    route: str = "iv",
    *,
    from_: Times,
    rate: str | Quantity | None = None,
    amount: str | Quantity | None = None,
    to: Time | None = None,
    duration: Span | None = None,
    **days: Unpack[Recurrence],
) -> Protocol:
    """A substance at a steady rate, or an amount spread over the duration; without an end it goes on."""
    if (rate is None) == (amount is None):
        raise ModelError(f"the infusion of {substance} needs a rate or an amount", remedy='give one of them, as in rate = "10 mg/h"')

    def one(this: When, long: float, note: str) -> Infusion:
        return Infusion(substance, quantity(rate) if rate is not None else _spread(quantity(amount or 0), long), route, this, long, note)

    return _spans(from_, to, duration, days, one, endless=True)


def threat(level: float, from_: Times, to: Time | None = None, *, duration: Span | None = None, **days: Unpack[Recurrence]) -> Protocol:
    """Threat from 0 to 1, where 1 is the Trier social stress test."""
    return _spans(from_, to, duration, days, lambda at, long, note: Threat(_number(level), at, long, note))


def exercise(level: float, from_: Times, to: Time | None = None, *, duration: Span | None = None, **days: Unpack[Recurrence]) -> Protocol:
    """Exercise at a fraction of the highest oxygen uptake."""
    return _spans(from_, to, duration, days, lambda at, long, note: Exercise(_number(level), at, long, note))


def task(level: float, from_: Times, to: Time | None = None, *, duration: Span | None = None, **days: Unpack[Recurrence]) -> Protocol:
    """Mental work: relative extra cortical activity."""
    return _spans(from_, to, duration, days, lambda at, long, note: Task(_number(level), at, long, note))


def burst(group: str, at: Times, *, duration: Span, factor: float, recruit: float = 1.0, **days: Unpack[Recurrence]) -> Protocol:
    """A burst of the da, na, ht or ach neurons, `factor` times the resting rate with `recruit` times the usual neurons."""
    long, rate, more = read_span(duration), _number(factor), _number(recruit)
    return _points(at, days, lambda this, note: Burst(group, this, long, rate, more, note))


def clamp(
    quantity: str,
    value: str | Quantity | Sequence[tuple[Span, str | Quantity]],
    from_: Times | None = None,
    to: Time | None = None,
    *,
    duration: Span | None = None,
    shape: Literal["steps", "ramps"] = "steps",
    **days: Unpack[Recurrence],
) -> Protocol:
    """A quantity held at a value, or at [("0 h", "5 mmol/L"), ("2 h", "3 mmol/L")] in steps or ramps; without times, throughout."""
    points = _values(value)
    if from_ is None:
        if to is not None or duration is not None or days.keys() - {"note"}:
            raise ModelError(f"the clamp of {quantity} has no beginning", remedy='give it, as in from = "08:00"')
        return Protocol((Clamp(quantity, points, When(0.0, None, DAY), DAY, shape, read_name(days.get("note", ""))),))
    return _spans(from_, to, duration, days, lambda at, long, note: Clamp(quantity, points, at, long, shape, note), endless=True)


def set_(
    quantity: str,
    value: str | float | Quantity,
    from_: Times = "00:00",
    to: Time | None = None,
    *,
    duration: Span | None = None,
    **days: Unpack[Recurrence],
) -> Protocol:
    """A driven quantity set to a value, as in set_("world.altitude", "2500 m"); it stays until its end, or until it is set again."""
    held = _values(value)[0][1]
    return _spans(from_, to, duration, days, lambda at, long, note: Set(quantity, held, at, long, note), endless=True)


def skip(kind: str, of: str = "", *, at: Times = "00:00", **days: Unpack[Recurrence]) -> Protocol:
    """Habits of a kind that do not happen: skip("meal", day=1) is a day of fasting, skip("sleep") is staying up."""
    return _points(at, days, lambda this, note: Skip(kind, this, of, note))


def _points(at: Times, days: Mapping[str, Any], one: Callable[[When, str], Happening]) -> Protocol:
    return Protocol(tuple(one(this, read_name(days.get("note", ""))) for moment in _list(at) for this in _whens(read_moment(moment), days)))


def _spans(
    from_: Times, to: Time | None, duration: Span | None, days: Mapping[str, Any], one: Callable[..., Happening], *, endless: bool = False
) -> Protocol:
    begins, end, note = (
        [read_moment(each) for each in _list(from_)],
        None if to is None else read_moment(to),
        read_name(days.get("note", "")),
    )
    return Protocol(tuple(one(this, _length(at, this, end, duration, endless), note) for at in begins for this in _whens(at, days)))


def _length(at: Moment, this: When, end: Moment | None, duration: Span | None, endless: bool) -> float:
    """How long it lasts: `to` is the next such clock time, on the next day where it is earlier than `from`."""
    if end is not None and duration is not None:
        raise ModelError("the end is given twice", remedy="give either `to` or `duration`")
    if duration is not None:
        return read_span(duration)
    if end is None:
        if endless:
            return FOREVER
        raise ModelError("it has no end", remedy='give `to` or `duration`, as in to = "07:00" or duration = "30 min"')
    if end.day is None:
        hours = end.hours - at.hours
        if hours == 0:
            raise ModelError("it ends when it begins", remedy='for a whole day write from = "00:00", to = "24:00"')
        return hours if hours > 0 else hours + DAY
    if this.day is None:
        raise ModelError(
            "its end has a day, its beginning has none", remedy="give the beginning its day too, or leave out the day of the end"
        )
    hours = _between(this.day, end.day) * DAY + end.hours - at.hours
    if hours <= 0:
        raise ModelError("it ends before it starts", remedy="exchange `from` and `to`, or look at their days")
    return hours


def _between(first: Day, last: Day) -> int:
    if isinstance(first, date) != isinstance(last, date):
        raise ModelError("one end has a date, the other a day number", remedy="give both as dates or both as numbers")
    return day_number(last, first) if isinstance(first, date) else day_number(last, None) - first


def _whens(at: Moment, days: Mapping[str, Any]) -> list[When]:
    if "day" in days and "on" in days:
        raise ModelError("the day is given twice", remedy="give either `day` or `on`")
    chosen = [read_day(day) for day in _list(days["day"] if "day" in days else days["on"])] if "day" in days or "on" in days else [None]
    every = read_span(days["every"]) if days.get("every") is not None else None
    until = None if days.get("until") is None else _until(days["until"])
    return [when(at, day=day, every=every, times=days.get("times"), until=until) for day in chosen]


def _until(what: Any) -> Moment:
    """The moment before which it begins: the end of a day that is named alone."""
    dated = isinstance(what, datetime) or (isinstance(what, str) and (":" in what or what.strip().endswith("h")))
    return read_moment(what) if dated else Moment(DAY, read_day(what))


def _values(value: object) -> tuple[tuple[float, Quantity], ...]:
    if isinstance(value, (str, Quantity)):
        return ((0.0, quantity(value) if isinstance(value, Quantity) else _bare(value)),)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return ((0.0, Quantity(float(value), ONE)),)
    if not isinstance(value, Sequence):
        raise ModelError(f"{value!r} is no value", remedy='give a number with its unit, as in "4.5 mmol/L"')
    pairs = [each if isinstance(each, Sequence) and len(each) == 2 and not isinstance(each, str) else None for each in value]
    if None in pairs or not pairs:
        raise ModelError("a course of values is a list of pairs", remedy='as in [["0 h", "5 mmol/L"], ["2 h", "3 mmol/L"]]')
    return tuple((0.0 if _zero(hour) else read_span(hour), _values(each)[0][1]) for hour, each in pairs)  # type: ignore[misc]


def _zero(hour: object) -> bool:
    return hour == 0 or (isinstance(hour, str) and quantity(hour, "h").value == 0)


def _bare(text: str) -> Quantity:
    try:
        number = float(text)
    except ValueError:
        return quantity(text)
    return Quantity(number, ONE)


def _spread(amount: Quantity, hours: float) -> Quantity:
    if hours == FOREVER:
        raise ModelError("an amount is spread over a time that is not given", remedy="give `duration` or `to`, or a rate")
    return Quantity(amount.value / hours, unit(f"{amount.unit}/h"))


def _number(value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ModelError(f"{value!r} is not a number", remedy="give a pure number, as in 0.5")
    return float(value)


def _list(what: Any) -> list[Any]:
    found = list(what) if isinstance(what, Sequence) and not isinstance(what, str) else [what]
    if not 0 < len(found) <= 1000:
        raise ModelError(f"a list of {len(found)}", remedy="give 1 to 1000 entries")
    return found
