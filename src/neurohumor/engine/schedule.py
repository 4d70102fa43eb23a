"""From what happens to a body to what the solver does: acts in quantities become entries on rows of one system.

Amounts, masses and international units of a substance are joined through its molar mass; a bolus into a concentration is
divided by the volume of that person.  A unit is never guessed, and nothing that no part hears is lost: it is told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from neurohumor.engine.numbers import Override, Worth, find_param, hours, internal, overridden, substance_in
from neurohumor.engine.problem import Action, Entry, Schedule
from neurohumor.errors import ModelError, UnitMismatch, UnknownName, WiringError, did_you_mean
from neurohumor.lang.system import DoseRow, System
from neurohumor.life.timeline import NUTRIENT_ROUTES, Act
from neurohumor.names import lookup
from neurohumor.units import Quantity, Unit, convert, unit

if TYPE_CHECKING:
    from neurohumor.engine.problem import Floats


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter that an experiment's arm changes, by full name.

    value  a number in the parameter's unit, a quantity, or a factor on what the person has ("0.9 x")
    at     h since midnight of day 0 (acute: the person is settled without it); None: always, the person is settled with it
    """

    name: str
    value: Override
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """One person's life in the terms of a system.

    inputs    [input] at the start; schedule  entries from the start to before the end
    unheard   what happens and no part hears: "world.task", "meal carbohydrate", in order of first appearance
    """

    inputs: Floats
    schedule: Schedule
    unheard: tuple[str, ...]


@dataclass(slots=True)
class _Signal:
    """One input as it stands while the acts are read: its own course, and the clamp that may hold it."""

    value: float
    slope: float = 0.0
    since: float = 0.0
    held: bool = False
    hold: float = math.nan
    hold_slope: float = 0.0
    hold_since: float = 0.0

    def now(self, time: float) -> tuple[float, float]:
        """Value and slope (per h) at a time."""
        if self.held:
            return self.hold + self.hold_slope * (time - self.hold_since), self.hold_slope
        return self.value + self.slope * (time - self.since), self.slope


@dataclass(slots=True)
class _Reading:
    """What binding has gathered so far."""

    signals: list[_Signal]
    entries: list[tuple[float, Entry]] = field(default_factory=list)
    unheard: dict[str, None] = field(default_factory=dict)
    params: dict[int, float] = field(default_factory=dict)


def bind(
    acts: Sequence[Act],
    system: System,
    inputs: Floats,
    params: Mapping[int, float] | None = None,
    *,
    start: float = 0.0,
    end: float = math.inf,
    changes: Iterable[Change] = (),
) -> Bound:
    """The acts of one person as inputs at the start and a schedule; times in h since midnight of day 0.

    inputs   [input] what the person gives, nominal elsewhere; params  the person's overrides by row
    What happened before the start counts for signals (a sleep that goes on) and not for doses.  Acts at the start belong to
    the run, acts at its end to the one that follows.
    Raises UnknownName for a substance or a signal that nothing takes, UnitMismatch, WiringError for a clamp not compiled.
    """
    reading = _Reading([_Signal(float(v)) for v in inputs], params=dict(params or {}))
    rate = hours(system)
    jumps = sorted((c for c in changes if c.at is not None), key=lambda c: c.at or 0.0)
    moments: list[tuple[float, Act | Change]] = [*((c.at or 0.0, c) for c in jumps), *((a.time, a) for a in acts)]
    moments.sort(key=lambda pair: pair[0])  # stable: at one moment changes first, then acts as they were given
    begun: Floats | None = None
    for time, what in moments:
        if time >= end:
            break
        if begun is None and time >= start:
            begun = _begin(reading, start, rate)
        if isinstance(what, Change):
            _change(what, system, inputs, reading, rate)
        elif what.kind == "add":
            if time >= start:
                _add(what, system, inputs, reading, rate)
        else:
            _signal(what, system, reading, rate, started=time >= start)
    if begun is None:
        begun = _begin(reading, start, rate)
    return Bound(begun, tuple(entry for _, entry in reading.entries), tuple(reading.unheard))


def _begin(reading: _Reading, start: float, rate: float) -> Floats:
    import numpy as np

    for index, signal in enumerate(reading.signals):
        value, slope = signal.now(start)
        if slope:
            reading.entries.append((start, Entry(start / rate, Action.RAMP_INPUT, index, value, slope * rate)))
    return np.array([signal.now(start)[0] for signal in reading.signals], dtype=float)


def _change(change: Change, system: System, inputs: Floats, reading: _Reading, rate: float) -> None:
    row = find_param(system, change.name)
    now = {**reading.params}
    base: dict[str, Override] = {system.params[i].full: v if system.raw else v / system.params[i].unit.factor for i, v in now.items()}
    reading.params[row] = overridden(system, (base, {change.name: change.value}), inputs)[row]
    time = change.at or 0.0
    reading.entries.append((time, Entry(time / rate, Action.SET_PARAM, row, reading.params[row])))


def _add(act: Act, system: System, inputs: Floats, reading: _Reading, rate: float) -> None:
    dose = _dose_row(act, system, reading)
    if dose is None:
        return
    row = system.states[dose.state]
    size = 1.0
    if row.form == "concentration":
        if row.volume is None:
            raise ModelError(f"{row.full} is a concentration without a volume", where=act.source, remedy="rebuild the model")
        size = Worth(system, reading.params, inputs, time=act.time / rate).of(row.volume)
        if not (math.isfinite(size) and size > 0):
            raise ModelError(f"the volume of {row.full} is {size:g} for this person", where=act.source, remedy="look at its parameters")
    elif row.form != "amount":
        raise ModelError(
            f"{row.full} is no matter: {act.name} cannot be added to it", where=act.source, remedy="let it take the dose in a Species"
        )
    value = act.value.value if system.raw else _matter(act, row.unit, concentration=row.form == "concentration")
    reading.entries.append((act.time, Entry(act.time / rate, Action.ADD_STATE, dose.state, value / size)))


def _matter(act: Act, due: Unit, *, concentration: bool) -> float:
    """A dose as the internal number that the state counts: an amount, a mass, or international units."""
    fault: UnitMismatch | UnknownName | None = None
    for size in ("mL", "mg", "1") if concentration else ("1",):
        target = Unit((due * unit(size)).dims, 1.0)
        try:
            return convert(act.value.value, act.value.unit, target, substance=substance_in(act.name) or act.name)
        except (UnitMismatch, UnknownName) as found:
            fault = fault or found
    assert fault is not None
    what = f"{act.value} of {act.name} cannot be reckoned in {due}"
    raise UnitMismatch(what, where=act.source, remedy=fault.remedy or fault.what) from fault


def _dose_row(act: Act, system: System, reading: _Reading) -> DoseRow | None:
    """Where a dose goes; None for what is eaten and no part takes, which is told.  Raises UnknownName for any other."""
    for dose in system.doses:
        if dose.route == act.route and _same_substance(dose.substance, act.name):
            return dose
    if act.route in NUTRIENT_ROUTES:
        digested = act.name == "protein" and any(dose.route == "protein" for dose in system.doses)  # by its amino acids
        if act.route == "meal" and act.value.value and not digested:
            reading.unheard[f"meal {act.name}"] = None
        return None
    routes = [d.route for d in system.doses if _same_substance(d.substance, act.name)]
    if routes:
        raise UnknownName(f"{act.name} cannot be given by {act.route!r}", where=act.source, remedy=f"it takes: {', '.join(routes)}")
    names = sorted({d.substance for d in system.doses})
    remedy = did_you_mean(act.name, names) or f"it takes: {', '.join(names) or 'no substance'}"
    raise UnknownName(f"{system.name} takes no {act.name!r}", where=act.source, remedy=remedy)


def _same_substance(one: str, other: str) -> bool:
    return one == other or substance_in(one) == substance_in(other) != ""


def _signal(act: Act, system: System, reading: _Reading, rate: float, *, started: bool) -> None:
    """A rate, set or ramp: on an input, or on the clamp that holds one."""
    if act.kind == "rate":
        dose = _dose_row(act, system, reading)
        if dose is None:
            return
        index, name, part = dose.infusion, act.name, ""
    else:
        found = _input_of(act, system)
        if found is None:
            if act.value.value != (1.0 if act.name.endswith(".recruit") else 0.0) or act.slope:  # not at rest
                reading.unheard[act.name] = None
            return
        index, part = found
        name = system.inputs[index].quantity
    row, signal = system.inputs[index], reading.signals[index]
    before = signal.held
    if part == "on":
        signal.held = act.value.value > 0.5
        if signal.held and not math.isfinite(signal.hold):
            signal.hold, signal.hold_since = signal.now(act.time)[0], act.time
    else:
        value = internal(act.value, row.unit, name, raw=system.raw, source=act.source)
        slope = 0.0
        if act.kind == "ramp" and act.slope:
            per_hour = Quantity(act.slope, act.value.unit)
            slope = internal(per_hour, row.unit, name, raw=system.raw, source=act.source)
        if part == "value":
            signal.hold, signal.hold_slope, signal.hold_since = value, slope, act.time
        else:
            signal.value, signal.slope, signal.since = value, slope, act.time
    hidden = (signal.held and not part) or (not signal.held and part == "value")
    if started and not hidden and not (part == "on" and before == signal.held):
        value, slope = signal.now(act.time)
        action = Action.RAMP_INPUT if slope else Action.SET_INPUT
        reading.entries.append((act.time, Entry(act.time / rate, action, index, value, slope * rate)))


def _input_of(act: Act, system: System) -> tuple[int, str] | None:
    """The input that an act sets, and "on" or "value" where it is a clamp of that input; None where no part hears it."""
    rows = {row.quantity: i for i, row in enumerate(system.inputs)}
    if act.name in rows:
        return rows[act.name], ""
    if act.name.startswith("clamp."):
        name, _, part = act.name.removeprefix("clamp.").rpartition(".")
        if name in rows:
            return rows[name], part
        if name in system.quantities:
            raise WiringError(
                f"{name} cannot be held in this build of {system.name}", where=act.source, remedy=f"build it with the clamp {name}"
            )
        raise UnknownName(f"there is no {name!r} to hold in {system.name}", where=act.source, remedy=did_you_mean(name, _names(system)))
    if act.name in system.quantities:
        raise WiringError(f"{act.name} is computed by {system.name} and cannot be set", where=act.source, remedy="clamp it")
    if act.name.endswith((".burst", ".recruit")):
        return None
    try:
        lookup(act.name)
    except UnknownName as fault:
        remedy = did_you_mean(act.name, _names(system)) or fault.remedy
        raise UnknownName(f"{system.name} hears no {act.name!r}", where=act.source, remedy=remedy) from fault
    return None


def _names(system: System) -> list[str]:
    return [*(row.quantity for row in system.inputs), *system.quantities]
