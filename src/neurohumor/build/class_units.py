"""The units of one module: every declaration against what it is made of."""

from __future__ import annotations

from collections.abc import Iterator

from neurohumor.build.faults import Fault
from neurohumor.build.kinds import Kinds, fits, worded
from neurohumor.build.matter import COUNTED, HOUR, amount_unit
from neurohumor.lang.decl import (
    Compartment,
    Derived,
    Event,
    Flux,
    Influence,
    Lag,
    Param,
    Rate,
    Species,
    State,
    Takes,
)
from neurohumor.lang.declared import Declared
from neurohumor.lang.expr import Expr
from neurohumor.lang.module import Module
from neurohumor.units import ONE, Unit
from neurohumor.units import unit as parse_unit

VOLUME, MASS = parse_unit("mL"), parse_unit("mg")


def unit_faults(module: type[Module]) -> list[Fault]:
    """Everything in a module whose units do not agree, in reading order."""
    check = _Check(module)
    for declared in module.declarations.values():
        check.declaration(declared)
    return check.found


class _Check:
    def __init__(self, module: type[Module]) -> None:
        self.module, self.kinds, self.found = module, Kinds(), list[Fault]()

    def tell(self, declared: Declared, message: str, remedy: str = "", text: str = "") -> None:
        about = f"{self.module.__name__}.{declared.name}" + (f" = {text}" if text else "")
        self.found.append(Fault("units", declared.where, message, remedy, about))

    def expect(self, declared: Declared, expr: Expr, unit: Unit, what: str = "") -> None:
        """The expression must agree in itself, and be of the kind of this unit."""
        found, problems = self.kinds.of(expr)
        text = worded(expr) if isinstance(declared, (Derived, Param)) and not what else ""
        for message, remedy in problems:
            self.tell(declared, f"{what}: {message}" if what else message, remedy, text)
        if not fits(found, unit):
            if what:
                self.tell(declared, f"{what} must be in a unit such as {unit}, but {worded(expr)} is in {found}")
            else:
                self.tell(declared, f"declared in {unit} but its expression is in {found}", text=text)

    def declaration(self, declared: Declared) -> None:
        if isinstance(declared, Param) and declared.formula is not None:
            self.expect(declared, declared.formula, declared.unit)
        elif isinstance(declared, Compartment):
            self.compartment(declared)
        elif isinstance(declared, State):
            self.state(declared)
        elif isinstance(declared, Derived):
            self.derived(declared)
        elif isinstance(declared, Lag):
            self.expect(declared, declared.of, declared.unit, "what a Lag copies")
            self.expect(declared, declared.tau, HOUR, "the delay of a Lag")
        elif isinstance(declared, Influence):
            self.influence(declared)
        elif isinstance(declared, Event):
            self.event(declared)
        elif isinstance(declared, Takes) and not any(amount_unit(declared.into).same_kind(c) for c in COUNTED):
            message = f"a dose cannot go into {declared.into.name}, which is counted in {amount_unit(declared.into)}"
            self.tell(declared, message, "give it to a species counted in amount, mass or IU")

    def compartment(self, declared: Compartment) -> None:
        if not any(declared.unit.same_kind(u) for u in (VOLUME, MASS, ONE)):
            self.tell(declared, f"the size of a compartment is a volume, a mass or a plain number, not in {declared.unit}")
        self.expect(declared, declared.size, declared.unit, "the size of a compartment")

    def state(self, declared: State) -> None:
        self.expect(declared, declared.initial, declared.unit, "the initial value")
        if not isinstance(declared, Species) or declared.compartment.unit.dimensionless:
            return
        counted = amount_unit(declared)
        if not any(counted.same_kind(c) for c in (*COUNTED, ONE)):
            message = f"{declared.unit} is neither an amount nor an amount per {declared.compartment.unit}"
            remedy = 'give matter a unit such as "uM", "nmol", "ng/mL"; a relative number is a Level, or lives in a Compartment(1.0, "1")'
            self.tell(declared, message, remedy)

    def derived(self, declared: Derived) -> None:
        self.expect(declared, declared.expr, declared.unit)
        if isinstance(declared, Rate) and not (declared.unit * HOUR).same_kind(declared.of.unit):
            self.tell(declared, f"a rate in {declared.unit} cannot change {declared.of.name} [{declared.of.unit}]")
        if isinstance(declared, Flux):
            self.flux(declared)

    def flux(self, declared: Flux) -> None:
        amount, by_size = declared.unit * HOUR, declared.unit * HOUR * declared.per.unit
        for species in declared.change.net:
            counted = amount_unit(species)
            if not counted.same_kind(amount) and not counted.same_kind(by_size):
                message = f"a rate in {declared.unit} cannot change {species.name} [{species.unit}]"
                remedy = f"write it in {counted}/h, or per volume of {declared.per.name} and time"
                self.tell(declared, message, remedy, worded(declared.expr))
                return
        kinds = {species.name: amount_unit(species) for species in declared.change.net}
        first, *others = kinds.items()
        for name, counted in others:
            if not counted.same_kind(first[1]):
                message = f"{first[0]} is counted in {first[1]} and {name} in {counted}: no number of one is a number of the other"
                self.tell(declared, message, "count both in the same kind", worded(declared.expr))

    def influence(self, declared: Influence) -> None:
        self.expect(declared, declared.half, declared.by.unit, "K, where the influence is half,")
        self.expect(declared, declared.emax, ONE, "emax")
        self.expect(declared, declared.steepness, ONE, "n")
        if declared.tau is not None:
            self.expect(declared, declared.tau, HOUR, "tau")

    def event(self, declared: Event) -> None:
        self.expect(declared, declared.trigger, ONE, "the trigger")
        for what, expr, unit in self._timing(declared):
            self.expect(declared, expr, unit, what)
        for target, value in declared.sets.items():
            self.expect(declared, value, target.unit, f"the new value of {target.name}")

    def _timing(self, declared: Event) -> Iterator[tuple[str, Expr, Unit]]:
        if declared.delay is not None:
            yield "the delay", declared.delay, HOUR
        if declared.priority is not None:
            yield "the priority", declared.priority, ONE
