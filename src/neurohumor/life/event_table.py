"""Tables of events in NONMEM's columns: what is given to whom and when, and what was measured.

A table holds doses, infusions, their repetitions, steady states and resets of several subjects; a `Protocol` holds the same of one
subject between two resets.  Numbers are kept in decimal, so that what is read and written again is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from neurohumor.errors import ModelError, UnknownName, did_you_mean
from neurohumor.life.happenings import ROUTES, Dose, Infusion
from neurohumor.life.person import Person
from neurohumor.life.protocol import Protocol
from neurohumor.life.when import DAY
from neurohumor.names import substance
from neurohumor.units import unit

RESERVED = ("ID", "TIME", "AMT", "DV", "EVID", "CMT", "RATE", "II", "ADDL", "SS", "MDV")
OURS = ("SUBSTANCE", "ROUTE", "UNIT")
"""Columns of ours, which say what a compartment's number means; NONMEM leaves them out with DROP."""
BODY = {"WT": ("weight", "kg"), "WEIGHT": ("weight", "kg"), "AGE": ("age", "y"), "HT": ("height", "cm"), "HEIGHT": ("height", "cm")}
"""Covariates that are a person's: the person's key, and the unit of the table."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a compartment's number means: a substance by a route, its amounts in a unit ("mg", "nmol", "IU", also per kg)."""

    substance: str
    route: str = "oral"
    unit: str = "mg"

    def __post_init__(self) -> None:
        substance(self.substance)
        unit(self.unit)
        if self.route not in ROUTES:
            raise UnknownName(
                f"no route is called {self.route!r}", remedy=did_you_mean(self.route, ROUTES) or f"routes: {', '.join(ROUTES)}"
            )

    def __str__(self) -> str:
        return f"{self.substance} {self.route} {self.unit}"


def read_target(text: str) -> Target:
    """ "hydrocortisone oral mg": substance, route, unit.  Raises ModelError, UnknownName, UnitMismatch."""
    words = text.split()
    if len(words) != 3:
        raise ModelError(
            f"{text!r} says not what a compartment is", remedy='write substance, route and unit, as in "hydrocortisone oral mg"'
        )
    return Target(*words)


@dataclass(frozen=True, slots=True)
class Observation:
    """A measurement: when (h since midnight of day 0), of which compartment (as written), which value; None: missing."""

    time: float
    compartment: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is given to a subject from one reset to the next, and what was measured.

    begins  when the body begins again as at the beginning, h since midnight of day 0; None: where the table begins
    """

    protocol: Protocol = field(default_factory=Protocol)
    begins: float | None = None
    observations: tuple[Observation, ...] = ()

    def alone(self) -> Protocol:
        """What is given, counted from midnight of the day on which the occasion begins, so that it can be lived by itself."""
        return self.protocol.shift(-DAY * (self.begins // DAY)) if self.begins else self.protocol

    @property
    def last(self) -> float:
        """When the last dose ends or the last measurement is taken, h since midnight of the occasion's first day."""
        first = DAY * (self.begins // DAY) if self.begins else 0.0
        ends = [_last(one) for one in self.protocol if isinstance(one, Dose | Infusion)]
        return max([*ends, *(one.time for one in self.observations), first]) - first


def _last(one: Dose | Infusion) -> float:
    rounds = (one.when.times or 1) - 1
    day = one.when.day if isinstance(one.when.day, int) else 0
    return DAY * day + one.when.at + rounds * (one.when.every or 0.0) + (one.duration if isinstance(one, Infusion) else 0.0)


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject: its number or name, occasions in order of time, and covariates as written."""

    name: str
    occasions: tuple[Occasion, ...] = ()
    covariates: Mapping[str, str] = field(default_factory=dict)

    @property
    def protocol(self) -> Protocol:
        """All that is given, of a subject without resets.  Raises ModelError for one with several occasions."""
        if len(self.occasions) > 1:
            raise ModelError(f"subject {self.name} begins again {len(self.occasions) - 1} times", remedy="take one of its occasions")
        return self.occasions[0].protocol if self.occasions else Protocol()

    def person(self, like: Person | None = None) -> Person:
        """A person with this subject's weight, age and height (WT in kg, AGE in y, HT in cm), and sex (SEXF, 1 a woman).

        Raises ModelError for SEX, whose numbers mean different things in different tables, and for values that no person has.
        """
        words: dict[str, str] = {}
        for name, text in self.covariates.items():
            if name.upper() in BODY:
                key, due = BODY[name.upper()]
                words[key] = f"{text} {due}"
            elif name.upper() == "SEXF":
                words["sex"] = {"0": "m", "1": "f"}.get(text.removesuffix(".0"), text)
            elif name.upper() == "SEX":
                if text.lower() not in ("f", "m"):
                    raise ModelError(
                        f"SEX {text} of subject {self.name} may mean either", remedy="name the column SEXF: 1 a woman, 0 a man"
                    )
                words["sex"] = text.lower()
        return (like or Person()).with_(name=f"{like.name or 'subject'} {self.name}" if like else f"subject {self.name}", **words)

    @property
    def unheard(self) -> tuple[str, ...]:
        """Covariates that no person has."""
        return tuple(name for name in self.covariates if name.upper() not in (*BODY, "SEX", "SEXF"))


@dataclass(frozen=True, slots=True)
class EventTable:
    """Subjects in order of appearance."""

    subjects: tuple[Subject, ...] = ()

    def __iter__(self) -> Iterator[Subject]:
        return iter(self.subjects)

    def __len__(self) -> int:
        return len(self.subjects)

    def __getitem__(self, name: str | int) -> Subject:
        """The subject of that number or name.  Raises UnknownName."""
        found = {one.name: one for one in self.subjects}
        if str(name) not in found:
            raise UnknownName(f"no subject is called {name!r}", remedy=did_you_mean(str(name), found) or f"there are: {_some(found)}")
        return found[str(name)]

    @property
    def targets(self) -> tuple[Target, ...]:
        """Every substance, route and unit in order of first appearance: compartments 1, 2, ... of the written table."""
        return tuple(
            dict.fromkeys(target_of(one) for subject in self for occasion in subject.occasions for one in _given(occasion.protocol))
        )


def _some(names: Iterable[str]) -> str:
    every = list(names)
    return ", ".join(every[:8]) + (f" and {len(every) - 8} more" if len(every) > 8 else "")


def _given(protocol: Protocol) -> Iterator[Dose | Infusion]:
    return (one for one in protocol if isinstance(one, Dose | Infusion))


HOURLY = {"/h": "1", "/min": "60", "/s": "3600"}
"""Endings of a rate's unit, and how many of them an hour has."""


def target_of(one: Dose | Infusion) -> Target:
    """Where a dose or an infusion goes, and the unit of its amount.  Raises ModelError for a rate in a unit that is no amount per time."""
    if isinstance(one, Dose):
        return Target(one.substance, one.route, str(one.amount.unit))
    text = str(one.rate.unit).replace(" ", "")
    ending = next((ending for ending in HOURLY if text.endswith(ending)), "")
    if not ending:
        raise ModelError(f"the rate of {one.substance} is in {one.rate.unit}", remedy="give it per h, per min or per s, as in 10 mg/h")
    return Target(one.substance, one.route, text.removesuffix(ending))


def table_of(protocol: Protocol, name: str = "1", *, covariates: Mapping[str, str] | None = None) -> EventTable:
    """A table of one subject who is given this, without resets."""
    return EventTable((Subject(name, (Occasion(replace(protocol, title="", notes="")),), dict(covariates or {})),))
