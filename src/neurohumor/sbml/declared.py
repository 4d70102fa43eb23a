"""The units that an SBML model declares, as our units; what is undeclared is a pure number."""

from __future__ import annotations

import math
from typing import Any

from neurohumor.errors import NeurohumorError
from neurohumor.sbml.facts import Facts
from neurohumor.sbml.library import library
from neurohumor.units import ONE, Unit, unit

_KINDS = {
    "ampere": "A", "becquerel": "1/s", "candela": "lm", "coulomb": "C", "dimensionless": "1", "farad": "F", "gram": "g", "gray": "J/kg",
    "hertz": "Hz", "item": "1", "joule": "J", "katal": "mol/s", "kelvin": "K", "kilogram": "kg", "liter": "L", "litre": "L", "lumen": "lm",
    "lux": "lux", "meter": "m", "metre": "m", "mole": "mol", "newton": "N", "ohm": "ohm", "pascal": "Pa", "radian": "rad", "second": "s",
    "siemens": "S", "sievert": "J/kg", "steradian": "1", "volt": "V", "watt": "W",
}  # fmt: skip
"""Base units of SBML as we write them.  What is not here (henry, tesla, weber, Celsius, avogadro) stays undeclared."""
_SIZES = {3: "volume", 2: "area", 1: "length"}


class Declared:
    """Units of the elements of a model; ONE where nothing is declared.

    time    of the model, and whether the model itself says so: `timed`
    extent  of reactions
    """

    def __init__(self, facts: Facts) -> None:
        self.facts, self.model, self.level = facts, facts.opened.model, facts.opened.level
        self._known: dict[str, Unit | None] = {}
        time = self._of_model("time", self._attribute("getTimeUnits"))
        self.timed = time is not None and time.same_kind(unit("s"))
        self.time = time if time is not None and self.timed else ONE
        extent = self._of_model("substance", self._attribute("getExtentUnits"))
        self.extent = ONE if extent is None else extent
        self.extent_rate = ONE if extent is None or not self.timed else _tidy(self.extent / self.time)

    def of_compartment(self, name: str) -> Unit:
        """Of a compartment's size."""
        found = self._size(name)
        return ONE if found is None else found

    def of_parameter(self, parameter: Any) -> Unit:
        """Of a parameter."""
        found = self._named(parameter.getUnits()) if parameter.isSetUnits() else None
        return ONE if found is None else found

    def of_species(self, species: Any, *, amount: bool) -> Unit:
        """Of a species as an amount, or as a concentration."""
        own = species.getSubstanceUnits() if species.isSetSubstanceUnits() else ""
        substance = self._named(own) if own else self._of_model("substance", self._attribute("getSubstanceUnits"))
        if substance is None or amount:
            return ONE if substance is None else substance
        size = self._size(species.getCompartment())
        return ONE if size is None else _tidy(substance / size)

    def _size(self, name: str) -> Unit | None:
        compartment = self.facts.compartments[name]
        if compartment.isSetUnits():
            return self._named(compartment.getUnits())
        kind = _SIZES.get(compartment.getSpatialDimensions(), "")
        return self._of_model(kind, self._attribute(f"get{kind.capitalize()}Units")) if kind else None

    def _attribute(self, getter: str) -> str:
        return getattr(self.model, getter)() if self.level > 2 else ""

    def _of_model(self, kind: str, named: str) -> Unit | None:
        """What the model says of a kind of unit: in Level 3 an attribute, before it a definition of that name."""
        if self.level > 2:
            return self._named(named) if named else None
        return self._named(kind) if self.model.getUnitDefinition(kind) is not None else None

    def _named(self, name: str) -> Unit | None:
        if name not in self._known:
            try:
                self._known[name] = self._read(name)
            except (NeurohumorError, OverflowError, ZeroDivisionError, ValueError):
                self._known[name] = None
        return self._known[name]

    def _read(self, name: str) -> Unit | None:
        definition = self.model.getUnitDefinition(name)
        if definition is None:
            if name in _KINDS:
                return unit(_KINDS[name])
            return (
                unit({"substance": "mol", "volume": "L", "area": "m^2", "length": "m", "time": "s"}[name]) if self._builtin(name) else None
            )
        whole = ONE
        for k in range(definition.getNumUnits()):
            one = definition.getUnit(k)
            kind = library().UnitKind_toString(one.getKind())
            if kind not in _KINDS:
                return None
            size = Unit(ONE.dims, one.getMultiplier() * 10.0 ** one.getScale())
            whole = whole * (unit(_KINDS[kind]) * size) ** one.getExponentAsDouble()
        return _tidy(whole) if math.isfinite(whole.factor) and whole.factor > 0 else None

    def _builtin(self, name: str) -> bool:
        return self.level < 3 and name in ("substance", "volume", "area", "length", "time")


def _tidy(found: Unit) -> Unit:
    """The unit as its own text reads, where that is the same but for rounding: exact factors instead of products."""
    try:
        read = unit(str(found))
    except NeurohumorError:
        return found
    return read if read.same_size(found) else found
