"""The units that an SBML model declares, as our units; what is undeclared is a pure number."""

from __future__ import annotations

from typing import Any

from neurohumor.sbml.facts import Facts
from neurohumor.units import ONE, Unit


class Declared:
    """Units of the elements of a model."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.one = ONE
        self.extent_rate = ONE
        self.time = ONE

    def of_compartment(self, name: str) -> Unit:
        return ONE

    def of_parameter(self, parameter: Any) -> Unit:
        return ONE

    def of_species(self, species: Any, *, amount: bool) -> Unit:
        return ONE
