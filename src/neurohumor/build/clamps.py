"""How a quantity is held: an input by its value, a species by a booked servo flux, anything else told by a switch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from neurohumor.build.matter import amount_unit, per_hour
from neurohumor.lang.decl import Balance, Derived, Flux, Output, Rate, Species
from neurohumor.lang.expr import Expr

if TYPE_CHECKING:
    from neurohumor.build.wire import Giver

GAIN_PER_H = 600.0
"""How fast a servo flux corrects: a deviation halves in about four seconds."""


@dataclass(frozen=True, slots=True)
class Clamp:
    """A quantity that can be held.

    how      input: nobody tells it, its value is set; servo: a flux holds the species; switch: hearers hear the value instead
    giver    who tells it, for servo and for a switch with one giver
    species  what the servo holds; rate: the declaration that stands for the servo flux, told as "clamp.<quantity>.rate"
    """

    quantity: str
    how: Literal["input", "servo", "switch"]
    giver: Giver | None = None
    species: Species | None = None
    rate: Derived | None = None

    @property
    def on(self) -> str:
        """The input that is 1 while the quantity is held."""
        return f"clamp.{self.quantity}.on"

    @property
    def value(self) -> str:
        """The input that says at which value."""
        return f"clamp.{self.quantity}.value"

    @property
    def told(self) -> str:
        """The quantity of the servo flux."""
        return f"clamp.{self.quantity}.rate"


def clamp_of(quantity: str, givers: Mapping[str, tuple[Giver, ...]]) -> Clamp:
    """How this quantity is held in a model with these givers."""
    told_by = givers.get(quantity, ())
    if not told_by:
        return Clamp(quantity, "input")
    giver = told_by[0] if len(told_by) == 1 else None
    species = species_told(giver.declared) if giver and isinstance(giver.declared, Output) else None
    if giver is None or species is None:
        return Clamp(quantity, "switch", giver)
    rate = Derived(0.0, "1", f"flux that holds {quantity}")
    rate.name, rate.unit, rate.where = f"{giver.declared.name}_clamp_rate", per_hour(amount_unit(species)), giver.declared.where
    return Clamp(quantity, "servo", giver, species, rate)


def species_told(output: Output) -> Species | None:
    """The species whose value an output tells unchanged, if it does."""
    expr: Expr = output.expr
    while isinstance(expr, Derived) and not isinstance(expr, (Flux, Rate, Balance)):
        expr = expr.expr
    return expr if isinstance(expr, Species) else None
