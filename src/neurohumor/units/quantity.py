"""The noun: a finite number with its unit; and the reading of one from text."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from neurohumor.errors import UnitMismatch
from neurohumor.units.convert import convert
from neurohumor.units.read import as_unit, unit
from neurohumor.units.unit import ONE, Unit


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """A finite number with its unit; compared by what it means, not by how it is written."""

    value: float
    unit: Unit

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise UnitMismatch(f"{self.value} is not a finite number", remedy="give a finite number")

    def to(self, other: str | Unit) -> Quantity:
        """The same quantity in another unit; raises UnitMismatch when the kinds differ."""
        target = as_unit(other)
        return Quantity(convert(self.value, self.unit, target), target)

    @property
    def internal(self) -> float:
        """The number in the internal coherent system."""
        return self.value * self.unit.factor

    def __str__(self) -> str:
        return f"{self.value:.12g}" + ("" if str(self.unit) == "1" else f" {self.unit}")

    def _key(self) -> tuple[tuple[float, ...], float]:
        return self.unit.dims, float(f"{self.internal:.12g}")  # 12 digits: 1 mM is 1000 uM whatever the last bit says

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Quantity) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def _compared(self, other: Quantity) -> tuple[float, float]:
        if not self.unit.same_kind(other.unit):
            raise UnitMismatch(f"{self} and {other} are of different kinds", remedy="compare quantities of one kind")
        return self._key()[1], other._key()[1]

    def __lt__(self, other: Quantity) -> bool:
        mine, theirs = self._compared(other)
        return mine < theirs

    def __le__(self, other: Quantity) -> bool:
        mine, theirs = self._compared(other)
        return mine <= theirs

    def __gt__(self, other: Quantity) -> bool:
        return other < self

    def __ge__(self, other: Quantity) -> bool:
        return other <= self


_NUMBER = re.compile(r"\s*([+\-\u2212]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?![0-9.,])\s*(.*)", re.DOTALL)


def quantity(text: str | Quantity | float, expect: str | Unit | None = None) -> Quantity:
    """The number with unit written as text: "100 mg", "-0.4 h", "14 ug/dL"; `expect` is a unit of the kind that is due.

    A number without a unit is taken only where a pure number is due. Raises UnitMismatch for anything else, NaN and infinity included.
    """
    due = None if expect is None else as_unit(expect)
    if isinstance(text, Quantity):
        found = text
    elif isinstance(text, str):
        found = _read(text, due)
    elif isinstance(text, bool) or not isinstance(text, (int, float)):
        raise UnitMismatch(f"{text!r} is not a number with a unit", remedy=_example(due))
    else:
        found = Quantity(float(text), _bare(str(text), due))
    if due is not None and not found.unit.same_kind(due):
        raise UnitMismatch(f"{found} has the wrong unit", remedy=_example(due))
    return found


def _example(due: Unit | None) -> str:
    if due is None:
        return 'write a number and a unit, as in "100 mg"'
    return "write a pure number, as in 0.5" if due.dimensionless else f'write a number and a unit such as {due}, as in "1 {due}"'


def _bare(text: str, due: Unit | None) -> Unit:
    if due is None or not due.dimensionless:
        raise UnitMismatch(f"{text.strip()!r} has no unit", remedy=_example(due))
    return ONE


def _read(text: str, due: Unit | None) -> Quantity:
    found = _NUMBER.fullmatch(text)
    if not found:
        shown = text if len(text) <= 60 else text[:57] + "..."
        remedy = "write a decimal point, not a comma" if re.search(r"[0-9],[0-9]", text) else _example(due)
        raise UnitMismatch(f"{shown!r} is not a number with a unit", remedy=remedy)
    number, rest = float(found.group(1).replace("\u2212", "-")), found.group(2).strip()
    return Quantity(number, unit(rest) if rest else _bare(text, due))
