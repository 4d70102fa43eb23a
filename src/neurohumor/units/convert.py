"""Conversion between units, for a named substance also between its mass, its amount and its international units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurohumor.errors import UnitMismatch
from neurohumor.units.read import as_unit, unit
from neurohumor.units.unit import Unit

if TYPE_CHECKING:
    from neurohumor.names.substances import Substance

_AMOUNT, _MASS, _ACTIVITY = 0, 3, 7
_NANOMOLES_PER_MILLIGRAM = 1e6  # of a substance of 1 g/mol


def convert(value: float, from_: str | Unit, to: str | Unit, *, substance: str = "") -> float:
    """The number `value` in unit `from_`, expressed in unit `to`.

    With a substance, mass, amount and international units turn into one another through its molar mass and the size of its own
    international unit. Raises UnitMismatch when the kinds differ or a factor is not known, UnknownName for an unknown substance.
    """
    source, target = as_unit(from_), as_unit(to)
    if source.same_kind(target):
        return scaled(value, source.factor / target.factor)
    gap = [a - b for a, b in zip(source.dims, target.dims, strict=True)]
    amount, mass, activity = gap[_AMOUNT], gap[_MASS], gap[_ACTIVITY]
    others = [g for i, g in enumerate(gap) if i not in (_AMOUNT, _MASS, _ACTIVITY)]
    if any(abs(g) > 1e-9 for g in others) or abs(amount + mass + activity) > 1e-9:
        raise UnitMismatch(f"{source} and {target} are of different kinds", remedy="convert between units of one kind")
    if not substance:
        raise UnitMismatch(
            f"{source} and {target} are joined only by the molar mass or the international unit of a substance",
            remedy='name it: convert(14, "ug/dL", "nmol/L", substance="cortisol")',
        )
    bridge = 1.0
    if abs(mass) > 1e-9:
        bridge *= _milligram(substance, abs(amount) > 1e-9) ** mass
    if abs(activity) > 1e-9:
        bridge *= _international(substance, abs(amount) > 1e-9) ** activity
    return scaled(value, source.factor * bridge / target.factor)


def _milligram(name: str, amount: bool) -> float:
    """What one mg of the substance is: nmol where amounts take part, else mg itself."""
    if not amount:
        return 1.0
    found = _substance(name)
    if found.molar_mass is None:
        why = f": {found.note}" if found.note else ""
        raise UnitMismatch(
            f"{name} has no molar mass here{why}", remedy=f"give it by mass or activity, as in {found.unit} or {found.us_unit}"
        )
    return _NANOMOLES_PER_MILLIGRAM / found.molar_mass


def _international(name: str, amount: bool) -> float:
    """What one IU of the substance is: nmol where amounts take part, else mg."""
    found = _substance(name)
    if not found.iu:
        why = f": {found.note}" if found.note else ""
        raise UnitMismatch(
            f"no fixed mass or amount is known for one IU of {name}{why}", remedy=f"give it as its assay does, in {found.unit}"
        )
    number, _, text = found.iu.partition(" ")
    one, is_mass = float(number) * unit(text).factor, unit(text).same_kind(unit("mg"))
    if is_mass and amount:
        return one * _milligram(name, True)
    if not is_mass and not amount:
        return one / _milligram(name, True)
    return one


def _substance(name: str) -> Substance:
    from neurohumor.names.substances import substance  # read only where a substance is named

    return substance(name)


def scaled(value: float, ratio: float) -> float:
    """Value times ratio; by division where the ratio is one over a whole number, so that 9 nM is 0.009 uM to the last digit."""
    for candidate, divide in ((ratio, False), (1 / ratio, True)):
        whole = round(candidate) if candidate < 1e15 else 0
        if whole and abs(candidate - whole) < 1e-12 * whole:
            return value / whole if divide else value * float(whole)
    return value * ratio
