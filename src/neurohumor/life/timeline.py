"""The meeting point of life and engine: what happens to a body, as a list of acts in time order."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from neurohumor.errors import ModelError
from neurohumor.life.food import shares_of
from neurohumor.life.happenings import (
    GROUPS,
    LUX,
    Burst,
    Clamp,
    Dose,
    Exercise,
    Infusion,
    Light,
    Meal,
    Set,
    Sleep,
    Task,
    Threat,
    measured,
    per_kilogram,
    said,
)
from neurohumor.life.lived import Lived, laid_over, settling
from neurohumor.life.person import Person
from neurohumor.life.protocol import Protocol
from neurohumor.life.steps import Level, brightest, latest, steps, total
from neurohumor.names import lookup
from neurohumor.units import ONE, Quantity, Unit, convert, unit

NUTRIENT_ROUTES = ("meal", "protein")
"""Routes of what is eaten; what no part of a model takes by these is not followed by it, and no fault."""
MOST_ACTS = 1_000_000
_GRAM_PER_HOUR, _KILOGRAM = unit("g/h"), unit("kg")
_ALWAYS = ("world.sleep_opportunity", "world.light", "world.threat", "world.exercise", "world.task")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happens.

    time    h since local midnight of day 0
    kind    add   `value` of substance `name` is given at once by `route` (an amount, a mass, or IU)
            rate  from now on `name` is given by `route` at `value` (amount, mass or IU per time); 0 ends it
            set   quantity `name` has `value` from now on
            ramp  quantity `name` starts at `value` and changes by `slope` (in the unit of `value`) per hour, until the next act on it
    source  the happening it came from, as a reader would recognise it ("meal at 08:00")
    Clamps are acts on "clamp.<quantity>.on" (0 or 1) and "clamp.<quantity>.value", in the unit of the quantity in the vocabulary.
    Nutrients come by the route "meal": carbohydrate, fat, whole protein, free amino acids. The amino acids that the protein holds come
    by the route "protein", for parts that digest it; a part takes either the whole protein or these.
    """

    time: float
    kind: Literal["add", "rate", "set", "ramp"]
    name: str
    value: Quantity
    route: str = ""
    slope: float = 0.0
    source: str = ""


def timeline(person: Person, protocol: Protocol, *, start: float, end: float) -> tuple[Act, ...]:
    """What happens to this person in [start, end), h since midnight of day 0, in order of time (stable).

    Habits give way to the protocol as `lived` says. Every quantity that the life drives has its value at `start` among the acts.
    Raises ModelError where sleeps or clamps overlap, or where a date cannot be placed.
    """
    if not start < end:
        raise ModelError(f"a timeline from {start:g} h to {end:g} h", remedy="let it end after its start")
    by_weight = any(per_kilogram(one.amount if isinstance(one, Dose) else one.rate) for one in _given_by(person.habits, protocol))
    return _acts(person.habits, protocol, person.given["person.weight"] if by_weight else None, float(start), float(end))


def _given_by(*lives: Protocol) -> Iterator[Dose | Infusion]:
    return (one for life in lives for one in life if isinstance(one, Dose | Infusion))


@lru_cache(maxsize=64)
def _acts(habits: Protocol, protocol: Protocol, weight: Quantity | None, start: float, end: float) -> tuple[Act, ...]:
    """The timeline; people who live the same days, and get nothing by their weight, share it."""
    going_on = laid_over(habits, protocol, start, end)
    acts = [
        *_driven(going_on, start, end),
        *_clamps(going_on, start, end),
        *_rates(going_on, weight, start, end),
        *_doses(going_on, weight),
    ]
    if len(acts) > MOST_ACTS:
        raise ModelError(f"{len(acts)} acts are too many", remedy="ask for fewer days, or let things repeat less often")
    return tuple(sorted(acts, key=lambda act: act.time))


def habits_timeline(person: Person, protocol: Protocol | None = None, *, start: float, end: float) -> tuple[Act, ...]:
    """The same for the life that the person settles under: habits, and what the protocol gives in steady state."""
    return timeline(person, settling(person, protocol), start=start, end=end)


def _driven(going_on: tuple[Lived, ...], start: float, end: float) -> Iterator[Act]:
    """Acts on driven quantities: levels of the world, bursts, settings."""
    levels: dict[str, list[Level]] = {name: [] for name in _ALWAYS}
    units = {"world.light": LUX}
    for one in going_on:
        for name, value in _levels(one):
            levels.setdefault(name, []).append(Level(one.begin, one.end, value, said(one.happening)))
    for name, spans in levels.items():
        rest = 1.0 if name.endswith(".recruit") else 0.0
        for step in steps(spans, start, end, brightest(rest)):
            yield Act(step.time, "set", name, Quantity(step.value, units.get(name, ONE)), source=step.source)
    yield from _settings(going_on, start, end)


def _levels(one: Lived) -> Iterator[tuple[str, float]]:
    """The driven quantities that a happening raises, and how far."""
    match one.happening:
        case Sleep(forced=forced):
            yield "world.sleep_opportunity", 1.0
            if forced:
                yield "world.sleep_forced", 1.0
        case Light(level=level):
            yield "world.light", level.to(LUX).value
        case Threat(level=level):
            yield "world.threat", level
        case Exercise(level=level):
            yield "world.exercise", level
        case Task(level=level):
            yield "world.task", level
        case Burst(group=group, factor=factor, recruit=recruit):
            assert group in GROUPS
            yield f"{group}.burst", factor - 1.0
            yield f"{group}.recruit", recruit


def _settings(going_on: tuple[Lived, ...], start: float, end: float) -> Iterator[Act]:
    found: dict[str, list[Level]] = {}
    for one in going_on:
        if isinstance(one.happening, Set):
            value = measured(one.happening.value, one.happening.quantity).to(lookup(one.happening.quantity).unit).value
            found.setdefault(one.happening.quantity, []).append(Level(one.begin, one.end, value, said(one.happening)))
    for name, spans in found.items():
        known, endless = lookup(name), sorted((span for span in spans if span.end == math.inf), key=lambda span: span.begin)
        over = {id(a): b.begin for a, b in pairwise(endless) if b.begin > a.begin}  # what is set anew never comes back
        spans = [replace(span, end=over[id(span)]) if id(span) in over else span for span in spans]
        for step in steps(spans, start, end, latest(known.nominal)):
            yield Act(step.time, "set", name, Quantity(step.value, unit(known.unit)), source=step.source)


def _clamps(going_on: tuple[Lived, ...], start: float, end: float) -> Iterator[Act]:
    held: dict[str, list[Level]] = {}
    for one in going_on:
        if isinstance(one.happening, Clamp):
            name = one.happening.quantity
            held.setdefault(name, []).append(Level(one.begin, one.end, 1.0, said(one.happening)))
            yield from _course(one, f"clamp.{name}.value", start, end)
    for name, spans in held.items():
        for step in steps(spans, start, end, brightest(0.0)):
            yield Act(step.time, "set", f"clamp.{name}.on", Quantity(step.value, ONE), source=step.source)


def _course(one: Lived, name: str, start: float, end: float) -> Iterator[Act]:
    """The values of one clamp, from where the run finds it."""
    clamp = one.happening
    assert isinstance(clamp, Clamp)
    points = [(one.begin + hour, measured(value, clamp.quantity)) for hour, value in clamp.points]
    low, high = max(one.begin, start), min(one.end, end)
    for i, (time, value) in enumerate(points):
        after = points[i + 1][0] if i + 1 < len(points) else one.end
        if after <= low or time >= high:
            continue
        slope = 0.0
        if clamp.shape == "ramps" and i + 1 < len(points):
            slope = (points[i + 1][1].to(value.unit).value - value.value) / (after - time)
        begin = max(time, low)
        now = Quantity(value.value + slope * (begin - time), value.unit)
        yield Act(begin, "ramp" if slope else "set", name, now, slope=slope, source=said(clamp))


def _rates(going_on: tuple[Lived, ...], weight: Quantity | None, start: float, end: float) -> Iterator[Act]:
    """Meals and infusions: the sum of what is given at a time, for each substance and route."""
    found: dict[tuple[str, str], list[Level]] = {}
    units: dict[tuple[str, str], Unit] = {}
    for one in going_on:
        for name, route, rate in _given(one, weight):
            due = units.setdefault((name, route), rate.unit)
            found.setdefault((name, route), []).append(Level(one.begin, one.end, _same(rate, due, name), said(one.happening)))
    for (name, route), spans in found.items():
        for step in steps(spans, start, end, total):
            yield Act(step.time, "rate", name, Quantity(step.value, units[name, route]), route, source=step.source)


def _given(one: Lived, weight: Quantity | None) -> Iterator[tuple[str, str, Quantity]]:
    """What a meal or an infusion gives: substance, route, rate."""
    match one.happening:
        case Infusion(substance=name, route=route, rate=rate):
            yield name, route, _for_weight(rate, weight)
        case Meal(duration=hours, protein=protein, composition=composition) as meal:
            for name, mass in meal.nutrients():
                if mass.value:
                    yield name, "meal", Quantity(mass.to("g").value / hours, _GRAM_PER_HOUR)
            for name, share in shares_of(composition):
                if protein.value and share:
                    yield name, "protein", Quantity(share * protein.to("g").value / hours, _GRAM_PER_HOUR)


def _same(rate: Quantity, due: Unit, name: str) -> float:
    """The rate in the unit of the first; a substance given by mass and by amount at once would need two acts."""
    return convert(rate.value, rate.unit, due, substance=name)


def _doses(going_on: tuple[Lived, ...], weight: Quantity | None) -> Iterator[Act]:
    for one in going_on:
        if isinstance(one.happening, Dose):
            dose = one.happening
            yield Act(one.begin, "add", dose.substance, _for_weight(dose.amount, weight), dose.route, source=said(dose))


def _for_weight(amount: Quantity, weight: Quantity | None) -> Quantity:
    """The amount for this person, where it is given per kg of body weight."""
    if weight is None or not per_kilogram(amount):
        return amount
    return Quantity(amount.value * weight.to(_KILOGRAM).value, amount.unit * _KILOGRAM)
