"""What a species is counted in: amount or concentration, and the unit of its amount."""

from __future__ import annotations

from neurohumor.lang.decl import Flux, Species
from neurohumor.units import ONE, Unit
from neurohumor.units import unit as parse_unit

HOUR = parse_unit("h")
COUNTED: tuple[Unit, ...] = (parse_unit("nmol"), parse_unit("mg"), parse_unit("IU"))
"""What matter is counted in: amount, mass, activity; the internal unit of each."""


def is_amount(species: Species) -> bool:
    """Whether the species is declared in a unit of amount, so that its symbol means the amount and not the concentration."""
    return not species.compartment.unit.dimensionless and any(species.unit.same_kind(c) for c in COUNTED)


def amount_unit(species: Species) -> Unit:
    """The unit of the amount of a species."""
    raw = species.unit if is_amount(species) else species.unit * species.compartment.unit
    return next((c for c in (*COUNTED, ONE) if raw.same_kind(c)), raw)


def per_hour(unit: Unit) -> Unit:
    """The internal unit of an amount per time, with a text worth reading."""
    plain = next((c for c in (*COUNTED, ONE) if unit.same_kind(c)), None)
    return parse_unit(f"{plain}/h") if plain else unit / HOUR


def rate_is_amount(flux: Flux) -> bool:
    """Whether the rate of a flux is declared as an amount per time (True) or as a concentration per time in its compartment.

    In a compartment without a unit the two look alike; then it is a concentration, as with a rate whose unit is left out.
    """
    return not (flux.unit * HOUR * flux.per.unit).same_kind(amount_unit(next(iter(flux.change.net))))
