"""Everything that is wrong with a model, found at once: units, shape, conservation, wires, circles, values, names, evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from neurohumor.build.class_shape import foreign_faults, shape_faults
from neurohumor.build.class_units import unit_faults
from neurohumor.build.faults import Fault, Report
from neurohumor.build.graph import PHASE, Graph, ordered
from neurohumor.build.hands import reference
from neurohumor.build.matter import amount_unit
from neurohumor.build.vocabulary import MACHINE, known, remedy, unit_of
from neurohumor.build.wire import Wiring, placed, silenced, wired
from neurohumor.errors import did_you_mean
from neurohumor.evidence import evidence
from neurohumor.lang.decl import Influence, Input, Output, Param, Takes
from neurohumor.lang.declared import Declared
from neurohumor.lang.model import Model
from neurohumor.lang.module import Module
from neurohumor.units import Quantity, Unit

Evidence = Callable[[type[Module]], Iterable[evidence.Fault]]
"""What is wrong with the evidence of a module."""


@dataclass(frozen=True, slots=True)
class Structure:
    """A model's wiring, with the faults that keep it from being built, and the warnings met on the way."""

    wiring: Wiring
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def check(model: Model, evidence_of: Evidence = evidence.faults) -> Report:
    """The report on a model: every fault and every warning.

    `evidence_of` says what is wrong with the sources of a module; by default the package's own references and ledger.
    """
    found = structure(model)
    faults = [*found.faults, *_unknown_names(model)]
    for module in modules_of(model):
        for f in evidence_of(module):
            about = "" if module.__name__ in f.where else module.__name__
            faults.append(Fault("evidence", f.where, f.message, f.remedy, about))
    return Report(model.name, tuple(faults), found.warnings)


def structure(model: Model) -> Structure:
    """What must hold before a model can be built: all but names and evidence."""
    faults: list[Fault] = []
    warnings: list[Fault] = []
    foreign = False
    for module in modules_of(model):
        of_class = _of_class(module)
        foreign = foreign or bool(of_class.foreign)
        faults += of_class.faults
        warnings += of_class.warnings
    wiring, broken = wired(model)
    faults += [*broken, *_values(model), *_vocabulary_units(model), *_doses(model)]
    warnings += [*_autonomous(model), *_silent(model)]
    if not foreign:
        graph = Graph(wiring)
        faults += _circles(graph)
        if not broken:
            warnings += _orbits(wiring)
    return Structure(wiring, tuple(faults), tuple(warnings))


def modules_of(model: Model) -> list[type[Module]]:
    """The modules of a model, each once, in the order of its parts."""
    return list(dict.fromkeys(part.module for part in model.parts.values()))


@dataclass(frozen=True, slots=True)
class _OfClass:
    foreign: tuple[Fault, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


@lru_cache(maxsize=1024)
def _of_class(module: type[Module]) -> _OfClass:
    foreign = foreign_faults(module)
    faults, warnings = shape_faults(module)
    return _OfClass(tuple(foreign), (*foreign, *unit_faults(module), *faults), tuple(warnings))


def _circles(graph: Graph) -> Iterator[Fault]:
    _, circles = ordered([node for node in graph.nodes() if not isinstance(node[1], Input)], graph.reads)
    for circle in circles:
        shown = [node for node in circle[:-1] if not isinstance(node[1], Input)]
        names = [f"{part}.{declared.name}" for part, declared in [*shown, shown[0]]]
        message = f"these quantities define each other without a state in between: {' -> '.join(names)}"
        yield Fault("loop", shown[0][1].where, message, "make one a Lag or a Level, or solve for it with an Implicit", names[0])


def _values(model: Model) -> Iterator[Fault]:
    """Overrides of parts: a known parameter, a finite number of the right kind, within its bounds."""
    for name, part in model.parts.items():
        params = {p.name: p for p in part.module.of(Param)}
        for key, value in part.values.items():
            where, full = f"model {model.name}", f"{name}.{key}"
            if key not in params:
                message = f"{part.module.__name__} has no parameter {key!r}"
                yield Fault("values", where, message, did_you_mean(key, params), full)
                continue
            problem = _value_problem(params[key], value)
            if problem:
                yield Fault("values", where, problem, f"{key} is declared in {params[key].unit} ({params[key].where})", full)


def _value_problem(param: Param, value: float | Quantity) -> str:
    if isinstance(value, Quantity):
        if not value.unit.same_kind(param.unit):
            return f"{value} has the wrong unit"
        number = value.internal / param.unit.factor
    elif isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return f"{value!r} is not a finite number"
    else:
        number = float(value)
    low, high = param.bounds
    slack = 1e-9 * abs(number)
    return "" if low - slack <= number <= high + slack else f"{number:g} {param.unit} lies outside its bounds {param.bounds}"


def _meeting(model: Model) -> Iterator[tuple[str, Declared, str, Unit]]:
    """(part, declaration, quantity, unit) wherever a part meets others."""
    for name, part in model.parts.items():
        for declared in part.module.declarations.values():
            if isinstance(declared, (Input, Output)):
                yield name, declared, placed(declared.quantity, part), declared.unit
            elif isinstance(declared, Influence):
                yield name, declared, placed(declared.target, part), declared.unit


def _unknown_names(model: Model) -> Iterator[Fault]:
    for name, declared, quantity, _ in _meeting(model):
        if not quantity.startswith(MACHINE) and known(quantity) is None:
            yield Fault("names", declared.where, f"no quantity is called {quantity!r}", remedy(quantity), f"{name}.{declared.name}")


def _vocabulary_units(model: Model) -> Iterator[Fault]:
    for name, declared, quantity, unit in _meeting(model):
        row = known(quantity)
        if row is not None and not unit.same_kind(unit_of(row.unit)):
            message = f"{quantity} is in {row.unit}, not in {unit}"
            yield Fault("units", declared.where, message, f"declare it in a unit of the kind of {row.unit}", f"{name}.{declared.name}")


def _doses(model: Model) -> Iterator[Fault]:
    """One port per substance and route, or a dose would be given twice."""
    first: dict[tuple[str, str], tuple[str, Takes]] = {}
    for name, part in model.parts.items():
        for takes in part.module.of(Takes):
            other = first.setdefault((takes.substance, takes.route), (name, takes))
            if other[1] is not takes or other[0] != name:
                message = f"{takes.substance} by {takes.route} is also taken by {other[0]}.{other[1].name} ({other[1].where})"
                yield Fault("wiring", takes.where, message, "let one part take it", f"{name}.{takes.name}")
        for heard in part.module.of(Input):
            takes = next((t for t in _takes(model) if heard.quantity == f"dose.{t.substance}.{t.route}"), None)
            if takes is not None and not (heard.unit * unit_of("h")).same_kind(amount_unit(takes.into)):
                message = f"{heard.quantity} is in {amount_unit(takes.into)}/h, not in {heard.unit}"
                yield Fault("units", heard.where, message, "", f"{name}.{heard.name}")


def _takes(model: Model) -> Iterator[Takes]:
    for part in model.parts.values():
        yield from part.module.of(Takes)


def _autonomous(model: Model) -> Iterator[Fault]:
    for name, part in model.parts.items():
        if part.module.timescale == "autonomous":
            message = f"{part.module.__name__} oscillates by itself, so the whole may have no settled day"
            yield Fault("timescale", f"model {model.name}", message, "no default model has such a part", name)


def _silent(model: Model) -> Iterator[Fault]:
    """Influences to be left out that are not there."""
    present = {
        known_as: True
        for name, part in model.parts.items()
        for influence in part.module.of(Influence)
        for known_as in (f"{name}.{influence.name}", influence.claim)
    }
    for name in model.silent:
        if name != "*" and name not in present:
            message = f"no influence is called {name!r}, so leaving it out changes nothing"
            yield Fault("influence", f"model {model.name}", message, did_you_mean(name, present), name)


def _orbits(wiring: Wiring) -> Iterator[Fault]:
    """Influences whose reference is not stored, or whose curve nobody's phase drives."""
    for name, part in wiring.model.parts.items():
        for influence in part.module.of(Influence):
            if silenced(wiring.model, name, influence):
                continue
            full, found = f"{name}.{influence.name}", reference(wiring, name, influence)
            if wiring.of(name, influence.by).state == "wired" and found.orbit is None:
                message = (
                    f"no reference orbit is stored for {part.module.__name__}.{influence.name}: it is neutral at its input's nominal only"
                )
                yield Fault("influence", influence.where, message, "generate the orbits", full)
            elif influence.tau is None and found.orbit is not None and found.orbit.curve and not found.curve:
                message = f"no part tells {PHASE}, so the influence is neutral in the mean only"
                yield Fault("influence", influence.where, message, "add a clock", full)
