"""Persons and days written as TOML; read again, they are the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from neurohumor.life.clock import Moment, later, write_clock, write_day, write_moment, write_number, write_span
from neurohumor.life.happenings import (
    FOREVER,
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
    kind_of,
)
from neurohumor.life.labs import Lab
from neurohumor.life.person import Person, Times
from neurohumor.life.protocol import Protocol
from neurohumor.life.reference import reference_day
from neurohumor.life.traits import CYCLE, MEASURES
from neurohumor.life.when import DAY, When
from neurohumor.units import Quantity

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def write_person(person: Person, path: str | Path) -> None:
    """Writes the person's file."""
    Path(path).write_text(person_text(person), encoding="utf-8")


def write_protocol(protocol: Protocol, path: str | Path) -> None:
    """Writes the day file."""
    Path(path).write_text(protocol_text(protocol), encoding="utf-8")


def protocol_text(protocol: Protocol) -> str:
    """The day file as text."""
    start = protocol.start and protocol.start.isoformat(" ", "auto" if protocol.start.second or protocol.start.microsecond else "minutes")
    top = {"title": protocol.title, "notes": protocol.notes, "start": start or "", "days": protocol.days}
    text = _pairs({key: value for key, value in top.items() if value not in ("", None)})
    return text + _happenings(protocol, "") or 'title = ""\n'


def person_text(person: Person) -> str:
    """The person's file as text: what was said of them, not what the reference adult lends."""
    said = {name.removeprefix("person."): person.given[name] for name in sorted(person.stated) if name != "person.sex_female"}
    top: dict[str, Any] = {"name": person.name} if person.name else {}
    top |= {"sex": person.sex} | {name: _quantity(said[name]) for name in MEASURES if name in said}
    if cycle := {name.removeprefix("cycle_"): _quantity(said[name]) for name in CYCLE if name in said}:
        top["cycle"] = cycle
    if person.notes:
        top["notes"] = person.notes
    text = _pairs(top)
    others = {name: _quantity(value) for name, value in said.items() if name not in (*MEASURES, *CYCLE)}
    for header, table in (("traits", others), ("genotype", dict(person.genotype)), ("values", _overrides(person))):
        if table:
            text += f"\n[{header}]\n{_pairs(table)}"
    text += "".join(f"\n[[lab]]\n{_pairs(_lab(one))}" for one in person.labs)
    return text if person.habits == reference_day(person.sex) else text + _happenings(person.habits, "habits.")


def _happenings(protocol: Protocol, prefix: str) -> str:
    return "".join(f"\n[[{prefix}{kind_of(one)}]]\n{_pairs(_table(one))}" for one in protocol)


def _table(one: Happening) -> dict[str, Any]:
    """A happening as the keys of its table."""
    table: dict[str, Any] = {}
    match one:
        case Sleep(forced=forced):
            table = _span(one) | ({"force": True} if forced else {})
        case Light(level=level):
            table = {"level": _quantity(level)} | _span(one)
        case Threat(level=level) | Exercise(level=level) | Task(level=level):
            table = {"level": level} | _span(one)
        case Meal():
            table = _meal(one)
        case Dose(substance=of, amount=amount, route=route, steady=steady):
            table = {"of": of, "amount": _quantity(amount), "route": route, "at": write_clock(one.when.at)} | (
                {"ss": True} if steady else {}
            )
        case Infusion(substance=of, rate=rate, route=route):
            table = {"of": of, "rate": _quantity(rate), "route": route} | _span(one)
        case Burst(group=of, factor=factor, recruit=recruit, duration=duration):
            table = {"of": of, "at": write_clock(one.when.at), "duration": write_span(duration), "factor": factor, "recruit": recruit}
        case Clamp():
            table = _clamp(one)
        case Set(quantity=of, value=value):
            table = {"of": of, "value": _quantity(value)} | _span(one)
        case Skip(kind=kind, of=of):
            table = {"kind": kind} | ({"of": of} if of else {}) | ({"at": write_clock(one.when.at)} if one.when.at else {})
    return table | _days(one.when) | ({"note": one.note} if one.note else {})


def _meal(meal: Meal) -> dict[str, Any]:
    table: dict[str, Any] = {"at": write_clock(meal.when.at)}
    named = {"carbs": meal.carbohydrate, "fat": meal.fat, "protein": meal.protein}
    table |= {name: _quantity(mass) for name, mass in named.items() if mass.value}
    if meal.free:
        table["amino_acids"] = {name: _quantity(mass) for name, mass in meal.free}
    if meal.composition != "mixed":
        table["composition"] = meal.composition if isinstance(meal.composition, str) else dict(meal.composition)
    return table | {"duration": write_span(meal.duration)}


def _clamp(clamp: Clamp) -> dict[str, Any]:
    table: dict[str, Any] = {"of": clamp.quantity}
    if len(clamp.points) == 1 and clamp.shape == "steps":
        table["value"] = _quantity(clamp.points[0][1])
    else:
        table[clamp.shape] = [[write_span(hour) if hour else "0 h", _quantity(value)] for hour, value in clamp.points]
    return table | _span(clamp)


def _span(one: Sleep | Light | Threat | Exercise | Task | Infusion | Clamp | Set) -> dict[str, Any]:
    """Beginning and end; the end as a clock time where that says it exactly."""
    table = {"from": write_clock(one.when.at)}
    if one.duration == FOREVER:
        return table
    end = one.when.at + one.duration
    if one.duration < DAY and one.when.at < DAY:
        clock = end if end <= DAY else end - DAY
        hours = clock - one.when.at
        if hours and (hours if hours > 0 else hours + DAY) == one.duration:
            return table | {"to": write_clock(clock)}
    return table | {"duration": write_span(one.duration)}


def _days(when: When) -> dict[str, Any]:
    """The keys that say on which days."""
    table: dict[str, Any] = {}
    if when.day is not None:
        table["on" if isinstance(when.day, date) else "day"] = write_day(when.day)
    if when.every is not None and (when.day is not None or when.every != DAY):
        table["every"] = write_span(when.every)
    if when.times is not None:
        table["times"] = when.times
    if when.until is not None:
        assert when.until.day is not None
        whole = when.until.hours == 0
        table["until"] = write_day(later(when.until.day, -1)) if whole else write_moment(Moment(when.until.hours, when.until.day))
    return table


def _overrides(person: Person) -> dict[str, Any]:
    said = {name: _quantity(value) if isinstance(value, Quantity) else value for name, value in person.values.items()}
    return {name: str(value) if isinstance(value, Times) else value for name, value in said.items()}


def _lab(one: Lab) -> dict[str, Any]:
    table: dict[str, Any] = {"name": one.name, "value": _quantity(one.value)}
    if one.time is not None:
        table["time"] = write_moment(one.time)
    if one.cycle_day is not None:
        table["cycle_day"] = one.cycle_day
    return table | ({"note": one.note} if one.note else {})


def _quantity(value: Quantity) -> str:
    unit = str(value.unit)
    return write_number(value.value) if unit == "1" else f"{write_number(value.value)} {unit}"


def _pairs(table: Mapping[str, Any]) -> str:
    return "".join(f"{_key(name)} = {_toml(value)}\n" for name, value in table.items())


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else _toml(name)


def _toml(value: Any) -> str:
    """A value in TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return write_number(value)
    if isinstance(value, str):
        return '"' + "".join(_ESCAPES.get(c, c) for c in value) + '"'
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {_toml(inner)}" for name, inner in value.items()) + " }"
    return "[" + ", ".join(_toml(inner) for inner in value) + "]"
