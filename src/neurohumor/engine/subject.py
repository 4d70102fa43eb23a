"""Who is simulated in which equations: from what a user gives to a system, a program, and a person's numbers in it."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from neurohumor.engine.numbers import Override, given_inputs, overridden
from neurohumor.engine.problem import Program
from neurohumor.engine.program import QUICKEST
from neurohumor.engine.run import WireLine
from neurohumor.engine.schedule import Bound, Change, bind
from neurohumor.engine.search import Habit
from neurohumor.errors import ModelError, NeurohumorError
from neurohumor.lang.family import Family
from neurohumor.lang.model import Model
from neurohumor.lang.system import System
from neurohumor.life.happenings import said
from neurohumor.life.lived import lived, settling
from neurohumor.life.person import REFERENCE_WOMAN, Person
from neurohumor.life.protocol import Protocol
from neurohumor.life.protocol import Protocol as Life
from neurohumor.life.timeline import Act, habits_timeline, timeline

if TYPE_CHECKING:
    from neurohumor.engine.problem import Floats

DAY = 24.0
NOTHING = Life()
"""Nothing beside the habits."""
LONGEST_RHYTHM = 28
"""days: habits that repeat after more are taken to repeat after these."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One person living one protocol, in one model.

    person   None: nobody; inputs are nominal and nothing happens
    changes  of an experiment's arm
    """

    model: Model | System | Program
    person: Person | None
    protocol: Protocol | None = None
    changes: tuple[Change, ...] = ()


class _Shelf:
    """The last few things made, by key."""

    def __init__(self, most: int) -> None:
        self._most, self._kept = most, OrderedDict[Any, Any]()

    def get(self, key: Any) -> Any:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: Any, thing: Any) -> Any:
        self._kept[key] = thing
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return thing


_SYSTEMS, _WIRES = _Shelf(32), _Shelf(32)


def subject_of(what: Any, person: Person | None, protocol: Protocol | None = None, changes: Iterable[Change] = ()) -> Subject:
    """A person in a model: of a family the model of that person's choices; of a family or a model, nobody means the reference person.

    Raises ModelError for what is no model, and what `Family.model` raises.
    """
    changes = tuple(changes)
    if isinstance(what, Family):
        person = person or reference_person()
        lives = () if protocol is None else (protocol,)
        return Subject(what.model(person, *lives), person, protocol, changes)
    if isinstance(what, Model):
        person = person or reference_person()
        return Subject(_clamped(what, person, protocol), person, protocol, changes)
    if isinstance(what, System) or (hasattr(what, "system") and hasattr(what, "solve")):
        return Subject(what, person, protocol, changes)
    raise ModelError(f"{what!r} is no model", remedy='give a Family (load("human")), a Model, a System or a Program')


def _clamped(model: Model, person: Person, protocol: Protocol | None) -> Model:
    """A model with the clamps that the person's life asks for, as a family builds them."""
    from dataclasses import replace

    asked = {c for life in (person.habits, protocol) if life is not None for c in life.clamps()} - set(model.clamps)
    return replace(model, clamps=tuple(sorted({*model.clamps, *asked}))) if asked else model


def reference_person() -> Person:
    """The reference person, who stands in where no person is given."""
    return REFERENCE_WOMAN


def system_of(what: Model | System | Program) -> System:
    """The equations; those of one model are flattened once."""
    if isinstance(what, System):
        return what
    if not isinstance(what, Model):
        return what.system
    from neurohumor.build.flatten import flatten

    key = key_of_model(what)
    return _SYSTEMS.get(key) or _SYSTEMS.put(key, flatten(what))


def key_of_model(model: Model) -> Any:
    """What tells models apart."""
    parts = tuple((name, p.module, p.here, tuple(sorted(p.values.items()))) for name, p in model.parts.items())
    return model.name, parts, model.clamps, model.silent


def program_for(subject: Subject, backend: str) -> Program:
    """The compiled equations of a person."""
    return program_of(subject.model, backend)


def program_of(what: Any, backend: str = QUICKEST) -> Program:
    """The compiled equations of a Family (for the reference person), Model, System or Program; those of one fingerprint once."""
    if isinstance(what, Family):
        what = subject_of(what, None).model
    if not isinstance(what, (Model, System)):
        return what
    from neurohumor.engine.program import compile as compile_

    return compile_(system_of(what), backend=backend)


def wiring_of(subject: Subject, system: System, inputs: Floats) -> tuple[WireLine, ...]:
    """The four-state report of a person's model; what the person gives shows its value."""
    if not isinstance(subject.model, Model):
        return tuple(WireLine(r.full, r.quantity, r.kind, _shown(inputs[i], r)) for i, r in enumerate(system.inputs))
    from neurohumor.build.wire import wire

    key = key_of_model(subject.model)
    rows = _WIRES.get(key) or _WIRES.put(key, wire(subject.model).table())
    at = {row.quantity: i for i, row in enumerate(system.inputs)}
    lines = []
    for row in rows:
        given = row.state == "given" and row.quantity in at
        what = _shown(inputs[at[row.quantity]], system.inputs[at[row.quantity]]) if given else row.what
        lines.append(WireLine(row.port, row.quantity, row.state, what))
    return tuple(lines)


def _shown(value: float, row: Any) -> str:
    unit = "" if str(row.unit) == "1" else f" {row.unit}"
    return f"{value / row.unit.factor:.6g}{unit}"


def inputs_of(subject: Subject, system: System) -> Floats:
    """[input] as the person gives them."""
    return given_inputs(system, {} if subject.person is None else subject.person.given)


def params_of(subject: Subject, system: System, inputs: Floats) -> dict[int, float]:
    """The person's parameters by row, each layer standing on the one before: overrides, draws of a sample, changes made always."""
    person = subject.person
    layers: list[Mapping[str, Override]] = []
    if person is not None:
        layers.append(person.values)
        draws = getattr(person, "draws", None)
        if draws is not None:
            layers.append(draws(system))
    layers.extend({c.name: c.value} for c in subject.changes if c.at is None)
    return overridden(system, tuple(layers), inputs, where=getattr(person, "name", ""))


def vector(system: System, params: Mapping[int, float]) -> Floats:
    """[param] with NaN where the row's own initial value holds."""
    values = np.full(len(system.params), np.nan)
    for row, value in params.items():
        values[row] = value
    return values


def acts_of(subject: Subject, start: float, end: float) -> tuple[Act, ...]:
    """What happens to the person, habits and protocol together."""
    if subject.person is None:
        if subject.protocol is not None:
            raise ModelError("a protocol happens to a person", remedy="give a person too: simulate(model, Person(...), day)")
        return ()
    return timeline(subject.person, subject.protocol or NOTHING, start=start, end=end)


def happenings_of(subject: Subject, start: float, end: float) -> tuple[tuple[float, str], ...]:
    """When each happening of the person begins, and what a reader calls it; one that goes on at the start began before and is left out."""
    if subject.person is None:
        return ()
    found = lived(subject.person, subject.protocol or NOTHING, start=start, end=end)
    return tuple((one.begin, said(one.happening)) for one in found if start <= one.begin < end)


def habit_of(subject: Subject, system: System) -> Habit:
    """The person's habitual period: habits with the doses that a protocol says were always given, and what was changed always."""
    inputs = inputs_of(subject, system)
    params = params_of(subject, system, inputs)
    if subject.person is None:
        return Habit(inputs, vector(system, params), ())
    days = rhythm(one.when.every or DAY for one in settling(subject.person, subject.protocol))
    acts = habits_timeline(subject.person, subject.protocol, start=0.0, end=days * DAY)
    bound: Bound = bind(acts, system, inputs, params, start=0.0, end=days * DAY)
    return Habit(bound.inputs, vector(system, params), bound.schedule, days)


def reference_habit(system: System) -> Habit | None:
    """The reference person's habitual period; None where that person cannot live in the system."""
    try:
        return habit_of(Subject(system, reference_person()), system)
    except NeurohumorError:
        return None


def rhythm(every: Iterable[float]) -> int:
    """After how many days a life repeats whose happenings recur after these hours; the longest rhythm where it takes longer."""
    common = Fraction(1)
    for hours in every:
        whole = Fraction(hours / DAY).limit_denominator(24 * 3600)
        common = Fraction(math.lcm(common.numerator, whole.numerator), math.gcd(common.denominator, whole.denominator))
        if common.numerator > LONGEST_RHYTHM:
            return LONGEST_RHYTHM
    return common.numerator
