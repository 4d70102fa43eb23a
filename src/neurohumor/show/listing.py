"""A module or a model as sections of a page: equations, numbers with their evidence, ports.  Plain data; faces lay it out."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from neurohumor.evidence.evidence import level
from neurohumor.evidence.flux_control import control_of, is_step
from neurohumor.lang.decl import (
    Balance,
    Change,
    Compartment,
    Derived,
    Event,
    Flux,
    Implicit,
    Influence,
    Input,
    Lag,
    Level,
    Output,
    Param,
    Rate,
    Species,
    State,
    Takes,
)
from neurohumor.lang.expr import Const, Expr, show, symbols
from neurohumor.lang.model import Part
from neurohumor.lang.module import Module
from neurohumor.show.numbers import typed
from neurohumor.units import Quantity, Unit

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table.  `verbatim` names the columns that are code and must not be wrapped or translated."""

    title: str
    columns: Row
    rows: tuple[Row, ...]
    note: str = ""
    verbatim: tuple[str, ...] = ()


def summary_of(module: type[Module]) -> str:
    """One line: what the module is."""
    return (inspect.getdoc(module) or "").strip().split("\n")[0]


def account_of(module: type[Module]) -> str:
    """The whole account that the module gives of itself: its file's text where that speaks for it alone, then its own."""
    loaded = inspect.getmodule(module)
    file = (inspect.getdoc(loaded) or "") if loaded and module.__module__ != "neurohumor.lang.module" else ""
    own = inspect.getdoc(module) or ""
    return "\n\n".join(text for text in (file.strip(), own.strip()) if text)


def module_sections(part: Part) -> tuple[Section, ...]:
    """The sections of one module as it is placed; those without rows are left out."""
    every = (_heard(part), _places(part), _states(part), _numbers(part), _equations(part), _told(part), _events(part))
    return tuple(section for section in every if section.rows)


def _placed(part: Part, quantity: str) -> str:
    return quantity.replace("{here}", part.here) if part.here else quantity


def _heard(part: Part) -> Section:
    rows = [
        (x.name, _placed(part, x.quantity) + (f" ({x.gather})" if x.gather else ""), with_unit(typed(x.nominal), x.unit), x.doc)
        for x in part.module.of(Input)
    ]
    rows = [_with_control(part, row[0], row) if ".gain." in row[1] else row for row in rows]
    rows += [(x.name, f"dose of {x.substance}, {x.route}", "", x.doc or f"into {x.into.name}") for x in part.module.of(Takes)]
    return Section("What it hears", ("name", "quantity", "nominal", "meaning"), tuple(rows), verbatim=("name", "quantity"))


def _places(part: Part) -> Section:
    rows = tuple((x.name, show(x.size), str(x.unit), x.doc) for x in part.module.of(Compartment))
    return Section("Where", ("name", "size", "unit", "meaning"), rows, verbatim=("name", "size"))


def _kind(state: State) -> str:
    if isinstance(state, Species):
        return f"matter in {state.compartment.name}"
    return "level" if isinstance(state, Level) else "algebraic" if isinstance(state, Implicit) else "state"


def _states(part: Part) -> Section:
    rows = [(x.name, show(x.initial), str(x.unit), _kind(x), x.doc) for x in part.module.of(State)]
    rows += [
        (x.name, "", str(x.unit), f"{show(x.of)} delayed by {show(x.tau)}, {x.stages} stage{'s' * (x.stages > 1)}", x.doc)
        for x in part.module.of(Lag)
    ]
    return Section("What changes", ("name", "initial", "unit", "kind", "meaning"), tuple(rows), verbatim=("name", "initial"))


def _numbers(part: Part) -> Section:
    columns = ("name", "value", "unit", "basis", "gsd", "cv", "source", "checked", "meaning")
    rows = tuple(_with_control(part, x.name, number_row(part, x)) for x in part.module.of(Param))
    return Section("Numbers", columns, rows, "gsd: how well it is known; cv: how much people differ", verbatim=("name",))


def number_row(part: Part, param: Param) -> Row:
    """A parameter as placed: name, value, unit, basis, gsd, cv, source, checked level, meaning."""
    put = part.values.get(param.name)
    value, unit = _value(param, put)
    known = level(part.module, param, put).replace("_", " ")
    spread = f"{param.gsd:g}" if param.gsd != 1 else ""
    differ = f"{param.cv:g}" if param.cv else ""
    source = param.cite if put is None else "set by the part"
    return param.name, value, unit, param.basis, spread, differ, source, known, param.doc


def _with_control(part: Part, name: str, row: Row) -> Row:
    """The row with its flux control, where that is known, at the end of its meaning."""
    module = part.module
    asks = is_step(module.__name__, name) or isinstance(module.declarations[name], (Param, Input))
    if not asks:
        return row
    laws = {x.name: {getattr(read, "name", "") for read in symbols(x.expr)} for x in module.of(Derived)}
    laws |= {x.name: {getattr(read, "name", "") for read in symbols(x.formula)} for x in module.of(Param) if x.formula is not None}
    words = control_of(module.__name__, name, laws)
    return (*row[:-1], "; ".join(text for text in (row[-1], words) if text)) if words else row


def _value(param: Param, put: float | Quantity | None) -> tuple[str, str]:
    if isinstance(put, Quantity):
        return typed(put.value), str(put.unit)
    if put is not None:
        return typed(put), str(param.unit)
    return (show(param.formula) if param.formula is not None else typed(param.value)), str(param.unit)


def _equations(part: Part) -> Section:
    every = part.module.declarations
    rows = tuple(_with_control(part, name, row) for name, declared in every.items() for row in _equation(declared))
    return Section("Equations", ("what", "law", "unit", "meaning"), rows, verbatim=("what", "law"))


def _equation(x: object) -> Iterator[Row]:
    if isinstance(x, Output):
        return
    if isinstance(x, Flux):
        yield f"{x.name}:  {written_change(x.change)}", show(x.expr), str(x.unit), x.doc
    elif isinstance(x, Rate):
        yield f"d {x.of.name}/dt += {x.name}", show(x.expr), str(x.unit), x.doc
    elif isinstance(x, Balance):
        yield f"0 = {x.name}  (fixes {x.of.name})", show(x.expr), str(x.unit), x.doc
    elif isinstance(x, Derived):
        yield x.name, show(x.expr), str(x.unit), x.doc


def written_change(change: Change) -> str:
    """A conversion as its author wrote it: "2*a + b >> c"."""
    return f"{_side(change.left)} >> {_side(change.right)}"


def _side(side: Iterable[tuple[Species, float]]) -> str:
    return " + ".join(species.name if count == 1 else f"{count:g}*{species.name}" for species, count in side) or "0"


def _told(part: Part) -> Section:
    rows = [(x.name, _placed(part, x.quantity), show(x.expr), str(x.unit), x.doc) for x in part.module.of(Output)]
    rows += [(x.name, _placed(part, x.target), influence_law(x), "1", _claim(x)) for x in part.module.of(Influence)]
    return Section("What it tells", ("name", "quantity", "law", "unit", "meaning"), tuple(rows), verbatim=("name", "quantity", "law"))


def influence_law(x: Influence) -> str:
    """The factor of an influence as text."""
    heard = f"lag({x.by.name}, {x.tau.name})" if x.tau is not None else x.by.name
    reference = "its mean over the reference orbit" if x.tau is not None else "its curve over the reference day"
    return f"1 + {x.emax.name} * (hill({heard}, {x.half.name}, {_short(x.steepness)}) - {reference})"


def _claim(x: Influence) -> str:
    return "; ".join(text for text in (x.doc, f"claim {x.claim}, grade {x.grade}") if text)


def _short(expr: Expr) -> str:
    return typed(expr.value) if isinstance(expr, Const) else show(expr)


def _events(part: Part) -> Section:
    rows = []
    for x in part.module.of(Event):
        sets = ", ".join(f"{target.name} = {show(value)}" for target, value in x.sets.items())
        delay = f" after {show(x.delay)}" if x.delay is not None else ""
        rows.append((x.name, f"when {show(x.trigger)}", f"set {sets}{delay}", x.doc))
    return Section("Events", ("name", "trigger", "effect", "meaning"), tuple(rows), verbatim=("name", "trigger", "effect"))


def with_unit(text: str, unit: Unit) -> str:
    """A number with its unit, where it has one."""
    return text if str(unit) == "1" else f"{text} {unit}"


def bounds_text(low: float, high: float) -> str:
    """Limits as text, an open side left out."""
    if math.isinf(low) and math.isinf(high):
        return ""
    return f"at least {low:g}" if math.isinf(high) else f"at most {high:g}" if math.isinf(low) else f"{low:g} to {high:g}"
