"""One person's numbers in a system: parameter overrides, inputs given by the person, and the value of an expression before the start.

Numbers leave here in the internal system of units; see `units`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.errors import ModelError, UnitMismatch, UnknownName, did_you_mean
from neurohumor.lang.expr import Expr, Symbol
from neurohumor.lang.simplify import evaluate
from neurohumor.lang.system import Leaf, ParamRow, System
from neurohumor.life.person import Times, read_override
from neurohumor.names import find_substance
from neurohumor.units import Quantity, Unit, convert, unit

if TYPE_CHECKING:
    from neurohumor.engine.problem import Floats

Override = float | str | Quantity | Times
"""A number in the parameter's unit, a quantity of its kind ("9 nM"), or a factor on its default ("0.9 x", Times(0.9))."""


class Worth:
    """What expressions of a system are worth for one person before anything has happened: overrides over initial expressions.

    params   overridden values by row; inputs  [input]
    factors  of relative overrides, by parameter row; time  of the start, in the system's unit
    """

    def __init__(
        self, system: System, params: Mapping[int, float], inputs: Floats, *, factors: Mapping[int, float] | None = None, time: float = 0.0
    ) -> None:
        self._system, self._inputs, self._factors, self._time = system, inputs, factors or {}, time
        self._known: dict[tuple[str, int], float] = {("param", i): v for i, v in params.items()}
        self._open: set[tuple[str, int]] = set()

    def of(self, expr: Expr) -> float:
        """The value of an expression.  Raises ModelError where initial values read one another in a circle."""
        return evaluate([expr], self._leaf)[0]

    def param(self, index: int) -> float:
        """The value of a parameter."""
        return self._row("param", index)

    def _leaf(self, node: Symbol) -> float:
        assert isinstance(node, Leaf)
        if node.kind == "time":
            return self._time
        if node.kind == "input":
            return float(self._inputs[node.index])
        return self._row(node.kind, node.index)

    def _row(self, kind: str, index: int) -> float:
        key = (kind, index)
        factor = self._factors.get(index, 1.0) if kind == "param" else 1.0
        if key in self._known:
            return factor * self._known[key]
        rows = {"param": self._system.params, "state": self._system.states, "derived": self._system.derived}[kind]
        row = rows[index]
        if key in self._open:
            raise ModelError("initial values read one another in a circle", where=row.full)
        self._open.add(key)
        value = self.of(row.expr if kind == "derived" else row.initial)  # type: ignore[union-attr]
        self._open.discard(key)
        self._known[key] = value
        return factor * value


def internal(value: Quantity, due: Unit, name: str, *, raw: bool = False, source: str = "") -> float:
    """A quantity as an internal number, where a number of the kind of `due` is wanted; mass and amount of a substance are joined.

    name  of what it is worth: "blood.cortisol" tells the substance.  Raises UnitMismatch for another kind.
    """
    if raw:
        return value.value
    if value.unit.same_kind(due):
        return value.internal
    try:
        return convert(value.value, value.unit, Unit(due.dims, 1.0), substance=substance_in(name))
    except (UnitMismatch, UnknownName) as fault:
        raise UnitMismatch(f"{name} is {value}, but is reckoned in {due}", where=source, remedy=fault.remedy or fault.what) from fault


@cache
def substance_in(name: str) -> str:
    """The substance that a quantity is about ("blood.cortisol" -> "cortisol"), or an empty string."""
    parts = name.split(".")
    last = parts[-2] if parts[0] in ("clamp", "dose") and len(parts) > 2 else parts[-1]
    while last:
        if found := find_substance(last):
            return found.key
        last = last.rpartition("_")[0]
    return ""


def find_param(system: System, name: str, *, where: str = "") -> int:
    """The row of a parameter by full name.  Raises UnknownName."""
    for i, row in enumerate(system.params):
        if row.full == name:
            return i
    remedy = did_you_mean(name, [row.full for row in system.params])
    raise UnknownName(f"{system.name} has no parameter {name!r}", where=where, remedy=remedy or "show the model to see its parameters")


def overridden(system: System, layers: tuple[Mapping[str, Override], ...], inputs: Floats, *, where: str = "") -> dict[int, float]:
    """Parameters of one person by row, internal numbers; a later layer stands on an earlier one, so that "0.9 x" multiplies it.

    Raises UnknownName, UnitMismatch, and ModelError for a value outside the parameter's bounds.
    """
    values: dict[int, float] = {}
    factors: dict[int, float] = {}
    rows = {row.full: i for i, row in enumerate(system.params)} if any(layers) else {}
    for layer in layers:
        for name, given in layer.items():
            row = rows[name] if name in rows else find_param(system, name, where=where)
            factor = factor_of(given)
            if factor is not None:
                factors[row] = factors.get(row, 1.0) * factor
                continue
            values[row] = _absolute(system, system.params[row], given, where)
            factors.pop(row, None)
    worth = Worth(system, values, inputs, factors=factors)
    values |= {row: worth.param(row) for row in factors}
    for row, value in values.items():
        _bounded(system, system.params[row], value, where)
    return values


def factor_of(given: Override) -> float | None:
    """The factor of a relative override ("0.9 x"), or None where it is no such thing."""
    read = read_override(given)
    return read.factor if isinstance(read, Times) else None


def _absolute(system: System, row: ParamRow, given: Override, where: str) -> float:
    read = read_override(given)
    assert not isinstance(read, Times)
    if not isinstance(read, Quantity):
        return float(read) if system.raw else read * row.unit.factor
    return internal(read, row.unit, row.full, raw=system.raw, source=where)


def _bounded(system: System, row: ParamRow, value: float, where: str) -> None:
    low, high = row.bounds
    slack = 1e-12 * abs(value)
    if not low - slack <= value <= high + slack:
        shown = 1.0 if system.raw else row.unit.factor
        raise ModelError(
            f"{row.full} = {value / shown:.6g} {row.unit} lies outside its bounds, {low / shown:.6g} to {high / shown:.6g}",
            where=where,
            remedy="give a value that is physically possible",
        )


def given_inputs(system: System, given: Mapping[str, Quantity]) -> Floats:
    """[input] at the start: nominal, or what the person gives under the same name (person.weight)."""
    values = np.array([row.nominal for row in system.inputs], dtype=float)
    for i, row in enumerate(system.inputs):
        if row.quantity in given:
            values[i] = internal(given[row.quantity], row.unit, row.quantity, raw=system.raw, source="person")
    return values


def hours(system: System) -> float:
    """How many hours one unit of the system's time is."""
    return system.time_unit.factor if system.time_unit.same_kind(unit("h")) else 1.0
