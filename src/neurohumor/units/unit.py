"""The noun: a physical unit as exponents of eight dimensions and a factor to the internal system."""

from __future__ import annotations

from dataclasses import dataclass, field

from neurohumor.units.write import composed

DIMENSIONS = ("amount", "length", "time", "mass", "temperature", "current", "luminous", "activity")


@dataclass(frozen=True, slots=True)
class Unit:
    """A physical unit: exponents of the eight `DIMENSIONS` and the factor to the internal system.

    A number in this unit times `factor` is the internal number. Two units are equal when exponents and factor are; the text is only
    how it was written. Factors that were reached by calculation may differ in the last digit: ask `same_kind` and `same_size`.
    """

    dims: tuple[float, ...]
    factor: float
    text: str = field(default="", compare=False)

    def __mul__(self, other: Unit) -> Unit:
        return Unit(tuple([a + b for a, b in zip(self.dims, other.dims, strict=True)]), self.factor * other.factor)

    def __truediv__(self, other: Unit) -> Unit:
        return Unit(tuple([a - b for a, b in zip(self.dims, other.dims, strict=True)]), self.factor / other.factor)

    def __pow__(self, power: float) -> Unit:
        return Unit(tuple([a * power + 0.0 for a in self.dims]), self.factor**power)

    def same_kind(self, other: Unit) -> bool:
        """Whether numbers in the two units may be added."""
        return self.dims == other.dims or all(abs(a - b) < 1e-9 for a, b in zip(self.dims, other.dims, strict=True))

    def same_size(self, other: Unit) -> bool:
        """Whether a number means the same in both units: uM and umol/L."""
        return self.same_kind(other) and abs(self.factor - other.factor) <= 1e-12 * abs(other.factor)

    @property
    def dimensionless(self) -> bool:
        """Whether this is the unit of a pure number: 1, %, rad, ppm."""
        return self.same_kind(ONE)

    def __str__(self) -> str:
        return self.text or composed(self.dims, self.factor)


ONE = Unit((0.0,) * len(DIMENSIONS), 1.0, "1")
