"""Ids of SBML elements from full names, and units as SBML writes them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from neurohumor.units import ONE, Unit

_BASES: tuple[tuple[str, int, float], ...] = (
    ("mole", -9, 1.0), ("metre", -2, 1.0), ("second", 0, 3600.0), ("gram", -3, 1.0), ("kelvin", 0, 1.0), ("ampere", 0, 1.0),
    ("lumen", 0, 1.0), ("item", 0, 1.0),
)  # fmt: skip
"""For each dimension of our units: SBML's kind, scale and multiplier of the internal unit.  International units are items."""


@dataclass(slots=True)
class Identifiers:
    """Hands out ids, each once."""

    taken: set[str] = field(default_factory=set)

    def of(self, name: str) -> str:
        """An id close to a name."""
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name) or "_"
        base = plain if not plain[0].isdigit() else f"_{plain}"
        found, count = base, 1
        while found in self.taken:
            count += 1
            found = f"{base}_{count}"
        self.taken.add(found)
        return found


@dataclass(slots=True)
class Units:
    """Unit definitions in the making.

    raw  numbers are in the rows' own units; else in the internal ones
    """

    raw: bool
    ids: Identifiers = field(default_factory=Identifiers)
    known: dict[Unit, str] = field(default_factory=dict)

    def id(self, unit: Unit) -> str:
        """The id of the unit that a row's numbers have."""
        due = unit if self.raw else Unit(unit.dims, 1.0)
        if due.dims == ONE.dims and due.factor == 1.0:
            return "dimensionless"
        if due not in self.known:
            self.known[due] = self.ids.of(
                re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9]", "_", str(due).replace("/", "_per_"))).strip("_") or "u"
            )
        return self.known[due]

    def definitions(self) -> list[str]:
        """The elements <unitDefinition>."""
        return [
            f'<unitDefinition id="{name}"><listOfUnits>{_parts(unit)}</listOfUnits></unitDefinition>' for unit, name in self.known.items()
        ]


def _parts(unit: Unit) -> str:
    parts = [
        f'<unit kind="{kind}" exponent="{power:g}" scale="{scale}" multiplier="{multiplier!r}"/>'
        for (kind, scale, multiplier), power in zip(_BASES, unit.dims, strict=True)
        if power
    ]
    if unit.factor != 1.0:
        power = round(math.log10(unit.factor))
        scale = power if 10.0**power == unit.factor else 0
        multiplier = 1.0 if scale else unit.factor
        parts.insert(0, f'<unit kind="dimensionless" exponent="1" scale="{scale}" multiplier="{multiplier!r}"/>')
    return "".join(parts)
