"""What the vocabulary says of a quantity, or nothing where it does not know the name."""

from __future__ import annotations

from functools import cache

from neurohumor.errors import UnknownName
from neurohumor.names.quantities import QuantityKind, find, lookup
from neurohumor.units import Unit
from neurohumor.units import unit as parse_unit

MACHINE = ("dose.", "clamp.")
"""Names of infusions and clamps: they follow from the model, not from the table."""


def known(quantity: str) -> QuantityKind | None:
    """The row of a quantity, None where the vocabulary has no such name."""
    return find(quantity)


@cache
def remedy(quantity: str) -> str:
    """What to write instead of an unknown name."""
    try:
        lookup(quantity)
    except UnknownName as error:
        return error.remedy
    return ""


@cache
def unit_of(text: str) -> Unit:
    """A unit of the vocabulary."""
    return parse_unit(text)
