"""The tables of a day file: which keys each happening has; one table reads them, writes the schema and the reference page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from neurohumor.errors import ModelError, UnknownName, did_you_mean
from neurohumor.life import day
from neurohumor.life.clock import read_day, read_moment
from neurohumor.life.food import COMPOSITIONS, amino_acids
from neurohumor.life.happenings import GROUPS, ROUTES, SKIPPED
from neurohumor.life.keys import (
    DATED,
    FLAG,
    MOMENT,
    NAME,
    NOTE,
    NUMBERED,
    SPAN,
    UNTIL,
    VALUE,
    Key,
    Kind,
    amount,
    choice,
    course,
    each,
    either,
    number,
    words,
)
from neurohumor.life.keys import count as counted
from neurohumor.life.protocol import Protocol
from neurohumor.life.when import MOST
from neurohumor.names import lookup, substance


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of happening as a table: its keys, and the word that it becomes."""

    name: str
    keys: tuple[Key, ...]
    build: Callable[..., Protocol]
    doc: str

    def one_of(self) -> tuple[str, ...]:
        """Keys of which exactly one is due."""
        names = {key.name for key in self.keys}
        return ("at", "from") if {"at", "from"} <= names else ()


def _substance(value: object) -> None:
    substance(str(words(value, "a substance")))


def _quantity(value: object) -> None:
    lookup(str(words(value, "a quantity")))


def _amino_acids(value: object) -> None:
    if isinstance(value, Mapping):
        for name in value:
            if name not in amino_acids():
                raise UnknownName(f"no amino acid is called {name!r}", remedy=did_you_mean(name, amino_acids()) or "as in tryptophan")
    each(amount("g")).check(value)


SUBSTANCE = Kind(_substance, {"type": "string"})
QUANTITY = Kind(_quantity, {"type": "string", "pattern": r"^[^.]+\..+$"})
_PER_KG = ("mg/kg", "nmol/kg", "IU/kg")
DOSED = amount("mg", "nmol", "IU", *_PER_KG)
RATE = amount("mg/h", "nmol/h", "IU/h", *(f"{text}/h" for text in _PER_KG))

RECURRENCE = (
    Key("day", NUMBERED, "the number of its day, counted from 0; without `day` or `on` it happens every day", many=True),
    Key("on", DATED, "the date of its day; the file then needs `start`", many=True),
    Key("every", SPAN, "the time from one beginning to the next"),
    Key("times", counted(MOST), "how often in all, from `day` or from day 0 on"),
    Key("until", UNTIL, "the last day on which it begins, or the moment before which it begins"),
    Key("note", NAME, "what it is, in a few words"),
)
_AT = Key("at", MOMENT, "when: a clock time, alone or with its day", required=True, many=True)
_SPAN = (
    Key("from", MOMENT, "when it begins", many=True, argument="from_"),
    Key("at", MOMENT, "the same as `from`", many=True, argument="from_"),
    Key("to", MOMENT, "when it ends; earlier than `from`: on the next day"),
    Key("duration", SPAN, "how long it lasts, in place of `to`"),
)


def _clamped(**given: Any) -> Protocol:
    named = [key for key in ("value", "steps", "ramps") if key in given]
    if len(named) != 1:
        raise ModelError("a clamp needs one of value, steps and ramps", remedy='as in value = "4.5 mmol/L"')
    value = given.pop(named[0])
    return day.clamp(value=value, shape="ramps" if named[0] == "ramps" else "steps", **given)


def _level(low: float, high: float, doc: str) -> Key:
    return Key("level", number(low, high), doc, required=True)


_TABLES = (
    Table(
        "sleep",
        (*_SPAN, Key("force", FLAG, "true: the sleep model obeys; false: it decides"), *RECURRENCE),
        day.sleep,
        "An opportunity to sleep; outside it the person is kept awake.",
    ),
    Table(
        "light",
        (Key("level", amount("lux"), "illuminance at the open eye", required=True), *_SPAN, *RECURRENCE),
        day.light,
        "Light; outside all lights it is dark, and where lights overlap the brightest counts.",
    ),
    Table(
        "meal",
        (
            _AT,
            Key("carbs", amount("g"), "carbohydrate"),
            Key("fat", amount("g"), "fat"),
            Key("protein", amount("g"), "protein"),
            Key("kcal", amount("kcal"), "the energy, in place of carbs, fat and protein"),
            Key("shares", each(number(0, 1)), "how the energy divides into carbs, fat and protein; 0.50, 0.35 and 0.15 unless given"),
            Key("amino_acids", Kind(_amino_acids, each(amount("g")).schema), "free amino acids, by name"),
            Key(
                "composition",
                either(choice(*COMPOSITIONS), each(number(0, 1)), str),
                "which amino acids the protein holds: a name, or g per g of protein",
            ),
            Key("duration", SPAN, "how long it is eaten; 15 min unless given"),
            *RECURRENCE,
        ),
        day.meal,
        "A meal by its nutrients, or by its energy.",
    ),
    Table(
        "dose",
        (
            Key("of", SUBSTANCE, "the substance", required=True, argument="substance"),
            Key("amount", DOSED, "a mass, an amount or IU, also per kg of body weight", required=True),
            Key("route", choice(*ROUTES), "how it is given; oral unless said"),
            _AT,
            Key("ss", FLAG, "true: the person has always had it in this rhythm, and is settled with it"),
            *RECURRENCE,
        ),
        day.dose,
        "An amount of a substance given at once.",
    ),
    Table(
        "infusion",
        (
            Key("of", SUBSTANCE, "the substance", required=True, argument="substance"),
            Key("rate", RATE, "amount per time, also per kg of body weight"),
            Key("amount", DOSED, "in place of the rate: what is given over the whole duration"),
            Key("route", choice(*ROUTES), "how it is given; iv unless said"),
            *_SPAN,
            *RECURRENCE,
        ),
        day.infusion,
        "A substance at a steady rate; without an end it goes on.",
    ),
    Table(
        "threat",
        (_level(0, 1, "1 is the Trier social stress test"), *_SPAN, *RECURRENCE),
        day.threat,
        "Social or physical threat.",
    ),
    Table(
        "exercise",
        (_level(0, 1.5, "fraction of the highest oxygen uptake"), *_SPAN, *RECURRENCE),
        day.exercise,
        "Exercise.",
    ),
    Table(
        "task",
        (_level(0, 10, "relative extra cortical activity"), *_SPAN, *RECURRENCE),
        day.task,
        "Mental work.",
    ),
    Table(
        "burst",
        (
            Key(
                "of",
                choice(*GROUPS),
                "the neurons: da (dopamine), na (noradrenaline), ht (serotonin) or ach (acetylcholine)",
                required=True,
                argument="group",
            ),
            _AT,
            Key("duration", SPAN, "how long it lasts", required=True),
            Key("factor", number(0, 100), "firing, relative to quiet waking", required=True),
            Key("recruit", number(0, 100), "how many times as many neurons take part; 1 unless given"),
            *RECURRENCE,
        ),
        day.burst,
        "A synchronous burst of a group of neurons.",
    ),
    Table(
        "clamp",
        (
            Key("of", QUANTITY, "the quantity", required=True, argument="quantity"),
            Key("value", VALUE, "the value at which it is held"),
            Key("steps", course(), "values that hold until the next, each with its time after the beginning"),
            Key("ramps", course(), "values that run straight to the next"),
            *_SPAN,
            *RECURRENCE,
        ),
        _clamped,
        "A quantity held at a value; without times, throughout.",
    ),
    Table(
        "set",
        (
            Key("of", QUANTITY, "the quantity", required=True, argument="quantity"),
            Key("value", VALUE, "its value", required=True),
            *_SPAN,
            *RECURRENCE,
        ),
        day.set_,
        "A driven quantity set to a value, until its end or until it is set again.",
    ),
    Table(
        "skip",
        (
            Key("kind", choice(*SKIPPED), "the kind of happening", required=True),
            Key("of", NAME, "which substance, quantity or neurons; all of the kind unless said"),
            Key("at", MOMENT, "a time on its day; only the day counts", many=True),
            *RECURRENCE,
        ),
        day.skip,
        "Habits of a kind that do not happen on these days.",
    ),
)
TABLES: Mapping[str, Table] = MappingProxyType({table.name: table for table in _TABLES})
OPEN_ENDED = ("clamp", "set")
"""Tables that need no beginning."""


def read_start(value: object) -> Any:
    """The date of day 0 with the clock time at which a run begins, midnight unless given. Raises ModelError."""
    dated = isinstance(value, datetime) or (isinstance(value, str) and ":" in value)
    moment = read_moment(value) if dated else None
    on = moment.day if moment else read_day(value)
    if not isinstance(on, date):
        raise ModelError(
            f"{value!r} is not a start", remedy='write a date, as in "2026-03-02", or with a clock time, as in "2026-03-02 07:00"'
        )
    return datetime(on.year, on.month, on.day) + timedelta(hours=moment.hours if moment else 0.0)


TOP = (
    Key("title", NOTE, "what the day is called"),
    Key("notes", NOTE, "anything worth knowing"),
    Key("start", Kind(read_start, {"type": "string"}), "the date of day 0, also with the clock time of the run's start"),
    Key("days", number(1e-3, 36_500), "how many days a run lasts unless told otherwise"),
)
