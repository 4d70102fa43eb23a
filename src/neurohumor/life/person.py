"""A person: what is given of a body, the life it has settled under, and how its parameters differ."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from neurohumor.errors import ModelError
from neurohumor.life.clock import write_number
from neurohumor.life.happenings import Skip, said, topic_of
from neurohumor.life.labs import Lab
from neurohumor.life.protocol import Protocol
from neurohumor.life.reference import reference_day
from neurohumor.life.text import read_name, read_note
from neurohumor.life.traits import CYCLE, TRAITS, read_genotype, read_sex, read_trait, reference
from neurohumor.units import Quantity, quantity

_PARAMETER = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_0-9]\w*)+", re.ASCII)
_TIMES = re.compile(r"\s*([0-9.eE+-]+)\s*[x×]\s*")


@dataclass(frozen=True, slots=True)
class Times:
    """An override that multiplies the default: "0.9 x"."""

    factor: float

    def __str__(self) -> str:
        return f"{write_number(self.factor)} x"


Override = Times | Quantity | float
"""A parameter's new value: a factor on its default, a quantity, or a number in the parameter's own unit."""


@dataclass(frozen=True, slots=True, init=False)
class Person:
    """A person, as Person(sex="f", age="34 y", weight="62 kg", cycle_day=5); what is not said is the reference adult's.

    given     the person.* quantities by full name
    stated    which of them were said; a population draws the others where ignorance is asked for
    habits    the life that the person settles under; kinds not said are the reference day's
    labs      laboratory values: records, never wires
    values    parameter overrides by full name
    genotype  as said; its effect is among the given
    """

    name: str
    given: Mapping[str, Quantity]
    stated: frozenset[str]
    habits: Protocol
    labs: tuple[Lab, ...]
    values: Mapping[str, Override]
    genotype: Mapping[str, str]
    notes: str

    def __init__(
        self,
        *,
        sex: str = "f",
        name: str = "",
        age: str | Quantity | None = None,
        weight: str | Quantity | None = None,
        height: str | Quantity | None = None,
        cycle_day: str | float | Quantity | None = None,
        cycle_length: str | float | Quantity | None = None,
        traits: Mapping[str, object] | None = None,
        genotype: Mapping[str, str] | None = None,
        habits: Protocol | None = None,
        labs: Iterable[Lab] = (),
        values: Mapping[str, object] | None = None,
        notes: str = "",
    ) -> None:
        """Raises UnitMismatch, UnknownName, or ModelError for what no person is."""
        body = read_sex(sex)
        direct = {"age": age, "weight": weight, "height": height, "cycle_day": cycle_day, "cycle_length": cycle_length}
        said_of = {key: value for key, value in direct.items() if value is not None}
        for key, value in (traits or {}).items():
            if key in said_of:
                raise ModelError(f"{key} is given twice", remedy="leave it out of the traits")
            said_of[key] = value
        given = reference(body)
        stated = {f"person.{key}": read_trait(key, value, body) for key, value in said_of.items()}
        for gene, variant in (genotype or {}).items():
            trait, value = read_genotype(gene, variant)
            if trait in said_of:
                raise ModelError(f"{gene} and {trait} are both given", remedy="give either the genotype or the trait")
            given[f"person.{trait}"] = read_trait(trait, value, body)
        _set(self, name=read_name(name), stated=frozenset({*stated, "person.sex_female"}), notes=read_note(notes))
        _set(self, given=MappingProxyType(_consistent({**given, **stated})), labs=tuple(labs))
        _set(self, genotype=MappingProxyType(dict(genotype or {})), values=MappingProxyType(read_values(values or {})))
        _set(self, habits=_merged(habits, body))

    @property
    def sex(self) -> str:
        """ "f" or "m"."""
        return "f" if self.given["person.sex_female"].value else "m"

    def with_(self, **changes: object) -> Person:
        """The same person with other words: person.with_(weight="70 kg", values={"hpa.k_crh": "0.9 x"}); overrides and traits are added."""
        words: dict[str, object] = {
            "sex": self.sex,
            "name": self.name,
            "habits": self.habits,
            "labs": self.labs,
            "notes": self.notes,
            "genotype": dict(self.genotype),
        }
        traits: dict[str, object] = {name.removeprefix("person."): self.given[name] for name in self.stated if name != "person.sex_female"}
        traits |= dict(changes.pop("traits", None) or {})  # type: ignore[call-overload]
        if changes.get("sex", self.sex) != self.sex:
            traits = {key: value for key, value in traits.items() if TRAITS[key].man is not None}
            words["habits"] = None if self.habits == reference_day(self.sex) else self.habits
        values = {**self.values, **dict(changes.pop("values", None) or {})}  # type: ignore[call-overload]
        words |= changes
        return Person(**words, traits={k: v for k, v in traits.items() if k not in changes}, values=values)  # type: ignore[arg-type]

    def fingerprint(self) -> str:
        """A short text that is the same for people who are the same to a model: given, habits and overrides."""
        parts = [f"{name}={_exact(value)}" for name, value in [*_by_name(self.given), *_by_name(self.values)]]
        parts += [repr(one) for one in self.habits]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def __reduce__(self) -> tuple[object, ...]:
        fields = (self.name, dict(self.given), self.stated, self.habits, self.labs, dict(self.values), dict(self.genotype), self.notes)
        return _restored, fields

    def __hash__(self) -> int:
        return hash((self.name, tuple(sorted(self.given.items())), self.habits, self.labs, tuple(sorted(map(str, self.values.items())))))


def read_override(value: object) -> Override:
    """ "0.9 x", a quantity as text, or a number in the parameter's own unit. Raises UnitMismatch, ModelError."""
    if isinstance(value, Times | Quantity):
        found: Override = value
    elif isinstance(value, str) and (match := _TIMES.fullmatch(value)):
        try:
            found = Times(float(match[1]))
        except ValueError:
            raise ModelError(f"{value!r} is no factor", remedy='write it as in "0.9 x"') from None
    elif isinstance(value, str):
        found = quantity(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        found = float(value)
    else:
        raise ModelError(f"{value!r} is no override", remedy='write "0.9 x", "12 uM/h", or a number in the parameter\'s own unit')
    number = found.factor if isinstance(found, Times) else found.value if isinstance(found, Quantity) else found
    if not math.isfinite(number) or (isinstance(found, Times) and number < 0):
        raise ModelError(f"{value!r} is no override", remedy="give a finite number, and a factor of zero or more")
    return found


def read_values(given: Mapping[str, object]) -> dict[str, Override]:
    """Overrides by full parameter name, as in {"hpa.k_crh": "0.9 x"}. Raises ModelError for what cannot be such a name."""
    for name in given:
        if len(name) > 200 or not _PARAMETER.fullmatch(name):
            raise ModelError(f"{name[:60]!r} is not the full name of a parameter", remedy='write part and parameter, as in "hpa.k_crh"')
    return {name: read_override(value) for name, value in given.items()}


def _merged(habits: Protocol | None, sex: str) -> Protocol:
    """The habits over the reference day: its kinds that they do not speak of stay."""
    usual = reference_day(sex)
    if habits is None or habits is usual:
        return usual
    if habits.start is not None:
        raise ModelError("habits have a start", remedy="habits have no date: leave `start` out")
    for one in habits:
        if not one.when.always:
            raise ModelError(f"{said(one)} is no habit", remedy="a habit recurs without end: leave out `day`, `on`, `times` and `until`")
    habits.check()
    spoken = {topic_of(one) for one in habits}
    skips = [one for one in habits if isinstance(one, Skip)]
    kept = tuple(one for one in usual if topic_of(one) not in spoken and not any(skip.touches(topic_of(one)) for skip in skips))
    return Protocol(habits.happenings + kept, notes=habits.notes)


def _consistent(given: dict[str, Quantity]) -> dict[str, Quantity]:
    day, length = (given.get(f"person.{key}") for key in CYCLE)
    if day is not None and length is not None and day > length:
        raise ModelError(f"day {day.to('d').value:g} of a cycle of {length}", remedy="give the cycle's length too, or an earlier day")
    return given


def _restored(*fields: object) -> Person:
    """A person from their fields, as pickle and copy need it."""
    name, given, stated, habits, labs, values, genotype, notes = fields
    person = object.__new__(Person)
    _set(person, name=name, stated=stated, habits=habits, labs=labs, notes=notes)
    maps = {"given": given, "values": values, "genotype": genotype}
    _set(person, **{key: MappingProxyType(found) for key, found in maps.items()})  # type: ignore[arg-type]
    return person


def _set(person: Person, **fields: object) -> None:
    for name, value in fields.items():
        object.__setattr__(person, name, value)


def _by_name(values: Mapping[str, Override]) -> list[tuple[str, Override]]:
    return sorted(values.items(), key=lambda pair: pair[0])


def _exact(value: Override) -> str:
    return f"{value.internal + 0.0!r} {value.unit.dims}" if isinstance(value, Quantity) else str(value)


REFERENCE_WOMAN = Person(sex="f", name="Reference woman")
REFERENCE_MAN = Person(sex="m", name="Reference man")
