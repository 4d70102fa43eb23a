"""Who hears whom: every input by its quantity, in one of four states.

wired   told by other parts        driven  set by the protocol
given   a fact of the person       held    nobody tells it: it stays at its nominal value
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from neurohumor.build.clamps import Clamp, clamp_of
from neurohumor.build.faults import Fault, raise_for
from neurohumor.build.vocabulary import MACHINE, known, unit_of
from neurohumor.errors import did_you_mean
from neurohumor.lang.decl import Gather, Influence, Input, Output
from neurohumor.lang.declared import Declared
from neurohumor.lang.model import Model, Part
from neurohumor.units import Unit

State = Literal["wired", "driven", "given", "held"]


@dataclass(frozen=True, slots=True)
class Giver:
    """A declaration of a part that tells a quantity: an `Output`, an `Influence` its gain, a clamp its flux."""

    part: str
    declared: Declared
    quantity: str

    @property
    def full(self) -> str:
        """part.name"""
        return f"{self.part}.{self.declared.name}"

    @property
    def unit(self) -> Unit:
        """Unit of what is told."""
        return self.declared.unit

    @property
    def influence(self) -> bool:
        """Whether this is the gain of an influence."""
        return isinstance(self.declared, Influence)


@dataclass(frozen=True, slots=True)
class Wire:
    """An input of a part and what it hears.

    gather   how several givers are joined; None where there is one giver and no need
    weights  for gather "mass": who tells the mass of each giver's place, in their order
    """

    part: str
    declared: Input
    quantity: str
    state: State
    givers: tuple[Giver, ...] = ()
    gather: Gather | None = None
    weights: tuple[Giver, ...] = ()

    @property
    def full(self) -> str:
        """part.name"""
        return f"{self.part}.{self.declared.name}"


@dataclass(frozen=True, slots=True)
class Source:
    """A quantity that no part tells: nominal value (internal), and who hears it."""

    quantity: str
    kind: Literal["driven", "given", "held"]
    nominal: float
    unit: Unit
    doc: str
    heard_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the wiring report: `what` is the givers, or the value at which an input stays."""

    port: str
    quantity: str
    state: State
    what: str


@dataclass(frozen=True, slots=True)
class Wiring:
    """The wires of a model by "part.input", the givers and the gathering of each quantity told, and the quantities no part tells."""

    model: Model
    wires: Mapping[str, Wire]
    givers: Mapping[str, tuple[Giver, ...]]
    gathers: Mapping[str, Gather] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    clamps: tuple[Clamp, ...] = ()

    def of(self, part: str, declared: Input) -> Wire:
        """The wire of an input."""
        return self.wires[f"{part}.{declared.name}"]

    def table(self) -> tuple[Row, ...]:
        """The four-state report, one row per input, in reading order."""
        return tuple(Row(w.full, w.quantity, w.state, self._what(w)) for w in self.wires.values())

    def _what(self, wire: Wire) -> str:
        if wire.state == "wired":
            names = ", ".join(g.full for g in wire.givers)
            return f"{wire.gather} of {names}" if len(wire.givers) > 1 else names
        value = self.sources[wire.quantity].nominal / wire.declared.unit.factor
        return f"{value:.6g}" + ("" if str(wire.declared.unit) == "1" else f" {wire.declared.unit}")


def wire(model: Model) -> Wiring:
    """The wiring of a model.  Raises WiringError that lists everything that cannot be joined."""
    wiring, faults = wired(model)
    raise_for(model.name, faults)
    return wiring


def wired(model: Model) -> tuple[Wiring, list[Fault]]:
    """The wiring as far as it goes, and all that is wrong with it."""
    faults: list[Fault] = []
    givers = _givers(model, faults)
    clamps = tuple(clamp_of(quantity, givers) for quantity in dict.fromkeys(model.clamps))
    for clamp in clamps:
        if clamp.rate is not None and clamp.giver is not None:
            givers[clamp.told] = (Giver(clamp.giver.part, clamp.rate, clamp.told),)
    heard = _heard(model, faults)
    gathers = _gathers(givers, heard, faults)
    wires = {}
    for port, (part, declared, quantity) in heard.items():
        wires[port] = _join(_Ear(part, declared, quantity), givers, gathers, faults)
    sources = _sources([w for w in wires.values() if w.state != "wired"], faults)
    for quantity in model.clamps:
        if quantity not in givers and quantity not in sources:
            remedy = did_you_mean(quantity, [*givers, *sources]) or "a clamp holds a quantity that some part tells or hears"
            faults.append(Fault("wiring", f"model {model.name}", f"{quantity} cannot be clamped: no part tells or hears it", remedy))
    return Wiring(model, wires, givers, gathers, sources, clamps), faults


def silenced(model: Model, part: str, influence: Influence) -> bool:
    """Whether the model leaves this influence out."""
    return any(name in ("*", f"{part}.{influence.name}", influence.claim) for name in model.silent)


def placed(quantity: str, part: Part) -> str:
    """A quantity as heard or told by this part: "{here}" is its place."""
    return quantity.replace("{here}", part.here)


def _givers(model: Model, faults: list[Fault]) -> dict[str, tuple[Giver, ...]]:
    found: dict[str, list[Giver]] = {}
    for name, part in model.parts.items():
        for told in (*part.module.of(Output), *part.module.of(Influence)):
            if isinstance(told, Influence) and silenced(model, name, told):
                continue
            quantity = told.quantity if isinstance(told, Output) else told.target
            if "{here}" in quantity and not part.here:
                faults.append(_no_place(name, told, quantity))
                continue
            giver = Giver(name, told, placed(quantity, part))
            found.setdefault(giver.quantity, []).append(giver)
    return {quantity: tuple(every) for quantity, every in found.items()}


def _heard(model: Model, faults: list[Fault]) -> dict[str, tuple[str, Input, str]]:
    heard = {}
    for name, part in model.parts.items():
        for declared in part.module.of(Input):
            if "{here}" in declared.quantity and not part.here:
                faults.append(_no_place(name, declared, declared.quantity))
            heard[f"{name}.{declared.name}"] = name, declared, placed(declared.quantity, part)
    return heard


def _no_place(part: str, declared: Declared, quantity: str) -> Fault:
    return Fault("wiring", declared.where, f"{quantity} needs a place, and part {part} has none", 'place it: part(..., here="pfc")', part)


def _gathers(
    givers: Mapping[str, tuple[Giver, ...]], heard: Mapping[str, tuple[str, Input, str]], faults: list[Fault]
) -> dict[str, Gather]:
    """How each quantity with several givers is joined: as its hearers and the vocabulary say, which must agree."""
    said: dict[str, Gather] = {}
    by: dict[str, str] = {}
    for port, (_, declared, quantity) in heard.items():
        if quantity.startswith("*.") or declared.gather is None:
            continue
        row = known(quantity)
        if row and row.gather and row.gather != declared.gather:
            message = f"{port} gathers {quantity} by {declared.gather}, the vocabulary by {row.gather}"
            faults.append(Fault("wiring", declared.where, message, f'write gather="{row.gather}"', port))
        elif said.setdefault(quantity, declared.gather) != declared.gather:
            message = f"{port} gathers {quantity} by {declared.gather}, {by[quantity]} by {said[quantity]}"
            faults.append(Fault("wiring", declared.where, message, "let both gather alike", port))
        by.setdefault(quantity, port)
    for quantity, told_by in givers.items():
        row = known(quantity)
        if quantity not in said and row and row.gather:
            said[quantity] = row.gather
        if quantity not in said and any(g.influence for g in told_by):
            said[quantity] = "product"
        _joined(quantity, told_by, said.get(quantity), faults)
    return said


def _joined(quantity: str, told_by: tuple[Giver, ...], gather: Gather | None, faults: list[Fault]) -> None:
    first = told_by[0]
    for other in told_by[1:]:
        pair = f"{first.full} ({first.declared.where}) and {other.full} ({other.declared.where})"
        if gather is None or gather == "mass":
            remedy = 'keep one, or let the hearer say gather="sum" or "product"'
            faults.append(Fault("wiring", other.declared.where, f"more than one part tells {quantity}: {pair}", remedy, other.full))
        elif not first.unit.same_kind(other.unit):
            message = f"{quantity} is told in {first.unit} and in {other.unit}: {pair}"
            faults.append(Fault("wiring", other.declared.where, message, "tell it in one kind of unit", other.full))
    for giver in told_by:
        if gather == "product" and len(told_by) > 1 and not giver.unit.dimensionless:
            message = f"{quantity} is gathered by product but told in {giver.unit}"
            faults.append(Fault("wiring", giver.declared.where, message, "a factor has no unit", giver.full))
        if giver.influence and gather != "product":
            message = f"{quantity} is the gain of an influence and cannot be gathered by {gather}"
            faults.append(Fault("wiring", giver.declared.where, message, 'let the hearer say gather="product"', giver.full))


@dataclass(frozen=True, slots=True)
class _Ear:
    part: str
    declared: Input
    quantity: str


def _join(ear: _Ear, givers: Mapping[str, tuple[Giver, ...]], gathers: Mapping[str, Gather], faults: list[Fault]) -> Wire:
    declared, quantity = ear.declared, ear.quantity
    if quantity.startswith("*."):
        told_by, gather = _everywhere(ear, givers, faults), declared.gather
    else:
        told_by, gather = givers.get(quantity, ()), declared.gather
        if quantity in gathers:
            gather = gathers[quantity]
    if not told_by:
        return Wire(ear.part, declared, quantity, _unwired(quantity))
    for giver in told_by:
        if not giver.unit.same_kind(declared.unit):
            message = f"hears {quantity} in {declared.unit}, but {giver.full} ({giver.declared.where}) tells it in {giver.unit}"
            full = f"{ear.part}.{declared.name}"
            faults.append(Fault("wiring", declared.where, message, "declare both in units of one kind", full))
    weights = _weights(ear, told_by, givers, faults) if gather == "mass" else ()
    return Wire(ear.part, declared, quantity, "wired", told_by, gather, weights)


def _everywhere(ear: _Ear, givers: Mapping[str, tuple[Giver, ...]], faults: list[Fault]) -> tuple[Giver, ...]:
    """Who tells "<place>.x" for the hearer of "*.x": every place, but not what the hearing part itself tells of the whole."""
    rest = ear.quantity.removeprefix("*.")
    found: list[Giver] = []
    for quantity, told_by in givers.items():
        if quantity.partition(".")[2] == rest:
            found.extend(g for g in told_by if g.part != ear.part)
    row = known(ear.quantity)
    if row and row.gather and row.gather != ear.declared.gather:
        message = f"gathers {ear.quantity} by {ear.declared.gather}, the vocabulary by {row.gather}"
        where = ear.declared.where
        faults.append(Fault("wiring", where, message, f'write gather="{row.gather}"', f"{ear.part}.{ear.declared.name}"))
    if ear.declared.gather == "product":
        for giver in found:
            if not giver.unit.dimensionless:
                message = f"{giver.quantity} is gathered by product but told in {giver.unit}"
                faults.append(Fault("wiring", giver.declared.where, message, "a factor has no unit", giver.full))
    return tuple(found)


def _weights(ear: _Ear, told_by: tuple[Giver, ...], givers: Mapping[str, tuple[Giver, ...]], faults: list[Fault]) -> tuple[Giver, ...]:
    found = []
    for giver in told_by:
        name = f"{giver.quantity.partition('.')[0]}.mass"
        masses = givers.get(name, ())
        if len(masses) != 1:
            told = "nobody tells" if not masses else "more than one part tells"
            message = f"the mean of {ear.quantity} by mass needs {name} for {giver.full} ({giver.declared.where}), and {told} it"
            remedy = f'add Output("{{here}}.mass", ..., "g") to a part placed at {giver.quantity.partition(".")[0]}'
            faults.append(Fault("wiring", ear.declared.where, message, remedy, f"{ear.part}.{ear.declared.name}"))
        else:
            found.append(masses[0])
    return tuple(found)


def _unwired(quantity: str) -> Literal["driven", "given", "held"]:
    if quantity.startswith("person."):
        return "given"
    if quantity.startswith(MACHINE):
        return "held" if quantity.endswith(".rate") else "driven"
    row = known(quantity)
    return row.kind if row and row.kind in ("driven", "given") else "held"  # type: ignore[return-value]


def _sources(ears: Iterable[Wire], faults: list[Fault]) -> dict[str, Source]:
    """One source per quantity: where hearers' nominals differ, the vocabulary's counts."""
    by: dict[str, list[Wire]] = {}
    for ear in ears:
        by.setdefault(ear.quantity, []).append(ear)
    return {quantity: _source(quantity, hearers, faults) for quantity, hearers in by.items()}


def _source(quantity: str, hearers: list[Wire], faults: list[Fault]) -> Source:
    first = hearers[0]
    nominal = _internal(first.declared)
    row = known(quantity)
    for other in hearers[1:]:
        if not other.declared.unit.same_kind(first.declared.unit):
            message = f"hears {quantity} in {other.declared.unit}, but {first.full} ({first.declared.where}) in {first.declared.unit}"
            faults.append(Fault("wiring", other.declared.where, message, "declare both in units of one kind", other.full))
        elif not math.isclose(_internal(other.declared), nominal, rel_tol=1e-9, abs_tol=0.0):
            if row is None or row.nominal is None:
                values = [f"{h.declared.nominal:g} {h.declared.unit} in {h.full} ({h.declared.where})" for h in (first, other)]
                message = f"{quantity} is held, but its nominal is {' and '.join(values)}"
                faults.append(Fault("wiring", other.declared.where, message, "agree, or give the vocabulary a nominal", other.full))
            else:
                nominal = row.nominal * unit_of(row.unit).factor
    state = first.state
    assert state != "wired"
    return Source(quantity, state, nominal, first.declared.unit, first.declared.doc, tuple(h.full for h in hearers))


def _internal(declared: Input) -> float:
    return declared.nominal * declared.unit.factor
