"""What can happen to a body: each kind is one frozen noun that says when, how long and how much."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, fields
from typing import Literal

from neurohumor.errors import ModelError, UnitMismatch, UnknownName, did_you_mean
from neurohumor.life.clock import Moment, write_moment
from neurohumor.life.food import MACRONUTRIENTS
from neurohumor.life.when import When
from neurohumor.names import lookup, substance
from neurohumor.units import Quantity, Unit, convert, unit

ROUTES = ("oral", "iv", "im", "sc", "nasal", "buccal", "sublingual", "transdermal", "rectal", "inhaled")
GROUPS = ("da", "na", "ht", "ach")
"""Groups of neurons that can burst: dopamine, noradrenaline, serotonin, acetylcholine."""
LUX = unit("lux")
FOREVER = math.inf
_GIVEN = tuple(unit(text) for text in ("mg", "nmol", "IU"))
_PER_KG = tuple(unit(text) for text in ("mg/kg", "nmol/kg", "IU/kg"))
_GIVEN_HOURLY, _PER_KG_HOURLY = (tuple(one * unit("1/h") for one in units) for units in (_GIVEN, _PER_KG))
SHORTEST = 1e-8
LONGEST = 8784.0
"""h, a year: no single span lasts longer."""
OWNED = ("world.light", "world.threat", "world.exercise", "world.task", "world.sleep_opportunity", "world.sleep_forced")


@dataclass(frozen=True, slots=True)
class Sleep:
    """An opportunity to sleep: outside it the person is kept awake, inside it the sleep model decides, or, `forced`, obeys."""

    when: When
    duration: float
    forced: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        _lasts(self, 72, "a sleep")


@dataclass(frozen=True, slots=True)
class Light:
    """Light that reaches an open eye; where lights overlap, the brightest counts; where there is none, it is dark."""

    level: Quantity
    when: When
    duration: float
    note: str = ""

    def __post_init__(self) -> None:
        _between(self.level.to(LUX).value, 0, 200_000, "lux", "a light")
        _lasts(self, LONGEST, "a light")


@dataclass(frozen=True, slots=True)
class Meal:
    """A meal eaten at a steady rate: masses of its nutrients.

    protein stands for whole protein of this `composition`; `free` are amino acids drunk as such
    """

    when: When
    duration: float
    carbohydrate: Quantity
    fat: Quantity
    protein: Quantity
    free: tuple[tuple[str, Quantity], ...] = ()
    composition: str | tuple[tuple[str, float], ...] = "mixed"
    note: str = ""

    def __post_init__(self) -> None:
        if not any(mass.value > 0 for _, mass in self.nutrients()):
            raise ModelError("the meal holds nothing", remedy='say what is eaten, as in carbs = "60 g" or kcal = "500 kcal"')
        _lasts(self, 24, "a meal")

    def nutrients(self) -> tuple[tuple[str, Quantity], ...]:
        """Each nutrient with its mass: carbohydrate, fat, protein, then the free amino acids."""
        return (*((name, getattr(self, name)) for name in MACRONUTRIENTS), *self.free)


@dataclass(frozen=True, slots=True)
class Dose:
    """An amount of a substance given at once; per kg of body weight where its unit says so.

    steady  the person has always had it in this rhythm, and is settled with it
    """

    substance: str
    amount: Quantity
    route: str
    when: When
    steady: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        _given(self.substance, self.route)
        _dose(self.amount, _GIVEN, self.substance, '"100 mg"')
        if self.steady and self.when.every is None:
            raise ModelError(f"a steady state of {self.substance} needs a rhythm", remedy='say how often it is given, as in every = "12 h"')


@dataclass(frozen=True, slots=True)
class Infusion:
    """A substance given at a steady rate; per kg of body weight where its unit says so."""

    substance: str
    rate: Quantity
    route: str
    when: When
    duration: float = FOREVER
    note: str = ""

    def __post_init__(self) -> None:
        _given(self.substance, self.route)
        _dose(self.rate, _GIVEN_HOURLY, self.substance, '"10 mg/h"')
        _ends(self, "an infusion")


@dataclass(frozen=True, slots=True)
class Threat:
    """Social or physical threat; 1 is the Trier social stress test."""

    level: float
    when: When
    duration: float
    note: str = ""

    def __post_init__(self) -> None:
        _between(self.level, 0, 1, "", "a threat")
        _lasts(self, LONGEST, "a threat")


@dataclass(frozen=True, slots=True)
class Exercise:
    """Exercise at a fraction of the highest oxygen uptake."""

    level: float
    when: When
    duration: float
    note: str = ""

    def __post_init__(self) -> None:
        _between(self.level, 0, 1.5, "of VO2max", "an exercise")
        _lasts(self, LONGEST, "an exercise")


@dataclass(frozen=True, slots=True)
class Task:
    """A block of mental work: relative extra cortical activity."""

    level: float
    when: When
    duration: float
    note: str = ""

    def __post_init__(self) -> None:
        _between(self.level, 0, 10, "", "a task")
        _lasts(self, LONGEST, "a task")


@dataclass(frozen=True, slots=True)
class Burst:
    """A synchronous burst of a group of neurons.

    factor   firing during the burst over quiet waking, above 1
    recruit  how many times as many neurons take part; 1: no more than usual
    """

    group: str
    when: When
    duration: float
    factor: float
    recruit: float = 1.0
    note: str = ""

    def __post_init__(self) -> None:
        if self.group not in GROUPS:
            raise UnknownName(
                f"no group of neurons is called {self.group!r}", remedy=did_you_mean(self.group, GROUPS) or "groups: da, na, ht, ach"
            )
        _between(self.factor, 0, 100, "times the resting rate", "a burst")
        _between(self.recruit, 0, 100, "times the usual neurons", "a burst")
        _lasts(self, 24, "a burst")


@dataclass(frozen=True, slots=True)
class Clamp:
    """A quantity held at a value, whatever the body would do.

    points  (hours after its beginning, value): steps hold until the next, ramps run straight to the next
    """

    quantity: str
    points: tuple[tuple[float, Quantity], ...]
    when: When
    duration: float = FOREVER
    shape: Literal["steps", "ramps"] = "steps"
    note: str = ""

    def __post_init__(self) -> None:
        _held(self.quantity)
        for _, value in self.points:
            measured(value, self.quantity)
        hours = [hour for hour, _ in self.points]
        if not hours or hours[0] != 0 or any(b <= a for a, b in itertools.pairwise(hours)):
            raise ModelError(f"the clamp of {self.quantity} has its values out of order", remedy='give them in order of time from "0 h" on')
        if hours[-1] >= self.duration:
            raise ModelError(
                f"the clamp of {self.quantity} ends before its last value", remedy="give it a later end, or leave the value out"
            )
        _ends(self, "a clamp")


@dataclass(frozen=True, slots=True)
class Set:
    """A driven quantity set to a value, until its end or, without one, until it is set again."""

    quantity: str
    value: Quantity
    when: When
    duration: float = FOREVER
    note: str = ""

    def __post_init__(self) -> None:
        known = lookup(self.quantity)
        measured(self.value, self.quantity)
        if self.quantity in OWNED or self.quantity.endswith((".burst", ".recruit")):
            raise ModelError(
                f"{self.quantity} is set by a happening of its own", remedy="use sleep, light, threat, exercise, task or burst"
            )
        if known.kind == "given":
            raise ModelError(f"{self.quantity} belongs to the person", remedy="give it in the person's file")
        _lasts(self, FOREVER, "a setting")
        if self.duration < FOREVER and known.nominal is None:
            raise ModelError(f"{self.quantity} has no resting value to return to", remedy="leave out its end, and set it again later")


@dataclass(frozen=True, slots=True)
class Skip:
    """Habits of a kind that do not happen on these days: a fast, a missed tablet, a night without sleep.

    of  which substance, quantity or group of neurons; "" all of the kind
    """

    kind: str
    when: When
    of: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.kind not in SKIPPED:
            known = did_you_mean(self.kind, SKIPPED) or ", ".join(SKIPPED)
            raise UnknownName(f"no kind of happening is called {self.kind!r}", remedy=known)
        if self.of and self.kind in ("dose", "infusion"):
            substance(self.of)
        elif self.of and self.kind in ("clamp", "set"):
            lookup(self.of)
        elif self.of and self.kind != "burst":
            raise ModelError(f"there is only one kind of {self.kind}", remedy="leave out `of`")

    def touches(self, topic: tuple[str, str]) -> bool:
        """Whether a habit of this topic (see `topic_of`) does not happen."""
        of = substance(self.of).key if self.of and self.kind in ("dose", "infusion") else self.of
        return topic[0] == self.kind and of in ("", topic[1])


Spanning = Sleep | Light | Meal | Infusion | Threat | Exercise | Task | Burst | Clamp | Set
Happening = Sleep | Light | Meal | Dose | Infusion | Threat | Exercise | Task | Burst | Clamp | Set | Skip
KINDS: dict[str, type[Happening]] = {
    "sleep": Sleep,
    "light": Light,
    "meal": Meal,
    "dose": Dose,
    "infusion": Infusion,
    "threat": Threat,
    "exercise": Exercise,
    "task": Task,
    "burst": Burst,
    "clamp": Clamp,
    "set": Set,
    "skip": Skip,
}
SKIPPED = tuple(kind for kind in KINDS if kind != "skip")
_KIND_OF = {cls: kind for kind, cls in KINDS.items()}


def kind_of(one: Happening) -> str:
    """The kind's name, as in a file: "sleep", "meal"."""
    return _KIND_OF[type(one)]


def topic_of(one: Happening) -> tuple[str, str]:
    """What a day file replaces in the habits: the kind, and for what has many (drugs, clamps) which one."""
    match one:
        case Dose() | Infusion():
            return kind_of(one), substance(one.substance).key
        case Clamp() | Set():
            return kind_of(one), one.quantity
        case Burst():
            return "burst", one.group
    return kind_of(one), ""


def said(one: Happening) -> str:
    """The happening as a reader recognises it: "meal at 08:00", "hydrocortisone 20 mg at 08:00"."""
    name = kind_of(one)
    match one:
        case Dose():
            name = f"{one.substance} {one.amount}"
        case Infusion():
            name = f"infusion of {one.substance}"
        case Clamp():
            name = f"clamp of {one.quantity}"
        case Set():
            name = f"{one.quantity} set"
        case Burst():
            name = f"burst of {one.group}"
    name = f"{name} ({one.note})" if one.note else name
    return f"{name} {'at' if isinstance(one, Dose | Meal | Burst) else 'from'} {write_moment(Moment(one.when.at, one.when.day))}"


def moved(one: Happening, when: When) -> Happening:
    """The same happening at other times."""
    values = {field.name: getattr(one, field.name) for field in fields(one)}
    return type(one)(**{**values, "when": when})


def per_kilogram(amount: Quantity) -> bool:
    """Whether a dose or rate is per kg of body weight: mg/kg, by itself a pure number, is told from 50 % by how it is written."""
    return "/kg" in str(amount.unit).replace(" ", "") and any(amount.unit.same_kind(kind) for kind in (*_PER_KG, *_PER_KG_HOURLY))


def measured(value: Quantity, name: str) -> Quantity:
    """The value in the unit in which the vocabulary counts the quantity: 14 ug/dL of blood.cortisol are 386 nmol/L.

    Raises UnknownName for the quantity, UnitMismatch for a value that is none of it.
    """
    due = unit(lookup(name).unit)
    if value.unit.same_kind(due):
        return value
    try:
        return Quantity(convert(value.value, value.unit, due, substance=name.rpartition(".")[2].removesuffix("_free")), due)
    except (UnitMismatch, UnknownName):
        raise UnitMismatch(f"{value} is no value of {name}", remedy=f"{name} is measured in {due}") from None


def _given(name: str, route: str) -> None:
    substance(name)
    if route not in ROUTES:
        raise UnknownName(f"no route is called {route!r}", remedy=did_you_mean(route, ROUTES) or "routes: " + ", ".join(ROUTES))


def _dose(amount: Quantity, plain: tuple[Unit, ...], name: str, example: str) -> None:
    if not per_kilogram(amount) and not any(amount.unit.same_kind(kind) for kind in plain):
        raise UnitMismatch(f"{amount} of {name} has the wrong unit", remedy=f"give a mass, an amount or IU, also per kg, as in {example}")
    if amount.value < 0:
        raise ModelError(f"{amount} of {name} is negative", remedy="give a dose of zero or more")


def _lasts(one: Spanning, most: float, what: str) -> None:
    if not SHORTEST < one.duration <= most:
        raise ModelError(f"{what} of {one.duration:g} h", remedy=f"it lasts longer than 36 us and at most {most:g} h")
    if one.when.every is not None and one.when.every + 1e-9 < one.duration < FOREVER and one.when.times != 1:
        raise ModelError(f"{what} begins again before it ends", remedy="make it shorter, or let more time pass from one to the next")


def _ends(one: Spanning, what: str) -> None:
    _lasts(one, FOREVER, what)
    if math.isinf(one.duration) and one.when.every is not None:
        raise ModelError(f"{what} that repeats needs an end", remedy="give `to` or `duration`; or one `day`, to let it go on from then")


def _held(name: str) -> None:
    if "*" in name or lookup(name).kind == "given" or name.startswith("clamp."):
        raise ModelError(f"{name} cannot be held", remedy="name one quantity that the model tells or hears, as in blood.glucose")


def _between(value: float, low: float, high: float, of: str, what: str) -> None:
    if not low <= value <= high:
        raise ModelError(f"{what} of {value:g} {of}".rstrip(), remedy=f"it lies between {low:g} and {high:g} {of}".rstrip())
