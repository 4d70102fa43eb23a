"""What moves matter: fluxes, doses and clamps become flux rows, and flux rows become the rates of states."""

from __future__ import annotations

from functools import reduce

from neurohumor.build.clamps import GAIN_PER_H, Clamp
from neurohumor.build.draft import Draft
from neurohumor.build.matter import HOUR, amount_unit, per_hour, rate_is_amount
from neurohumor.lang.decl import Flux, Species, Takes
from neurohumor.lang.expr import Const, Expr
from neurohumor.lang.system import DoseRow, FluxRow, Leaf
from neurohumor.units import unit as parse_unit


def state_of(draft: Draft, part: str, species: Species) -> Leaf:
    """The state of a species: itself, or its amount where the symbol is a concentration of varying size."""
    leaf = draft.scope[part, species]
    assert isinstance(leaf, Leaf)
    return leaf if leaf.kind == "state" else draft.row(part, f"{species.name}_amount")


def fill_flux(draft: Draft, part: str, flux: Flux) -> None:
    """The flux row of a flux, and what it adds to the rates."""
    leaf, size = draft.row(part, flux.name), draft.size(part, flux.per)
    by_size = not rate_is_amount(flux)
    amount = leaf
    if by_size and size is not draft.const(1.0):
        amount = draft.row(part, f"{flux.name}_amount")
        unit = per_hour(flux.unit * flux.per.unit * HOUR)
        draft.assign(amount, unit, f"{flux.doc or flux.name}, amount", draft.take(leaf * size))
    moved = []
    for species, count in flux.change.net.items():
        state = state_of(draft, part, species)
        if count:
            moved.append((state.index, count))
            within = by_size and species.compartment is flux.per and not draft.holds_amount(part, species)
            (draft.direct if within else draft.amounts).setdefault(state.index, []).append((count, leaf if within else amount))
    border = not flux.change.left or not flux.change.right
    draft.fluxes.append(FluxRow(part, flux.name, amount.index, tuple(moved), border))


def fill_takes(draft: Draft, part: str, takes: Takes) -> None:
    """The dose row of a port, and the border flux of its infusion."""
    state, infusion = state_of(draft, part, takes.into), draft.quantities[f"dose.{takes.substance}.{takes.route}"]
    leaf = draft.row(part, takes.name)
    doc = takes.doc or f"{takes.substance} by {takes.route}"
    draft.assign(leaf, per_hour(amount_unit(takes.into)), doc, infusion)
    draft.amounts.setdefault(state.index, []).append((1.0, leaf))
    draft.fluxes.append(FluxRow(part, takes.name, leaf.index, ((state.index, 1.0),), border=True))
    draft.doses.append(DoseRow(takes.substance, takes.route, state.index, infusion.index))


def fill_servo(draft: Draft, clamp: Clamp) -> None:
    """The flux that holds a species at the value of its clamp, booked at the border."""
    assert clamp.giver is not None and clamp.species is not None and clamp.rate is not None
    part, name = clamp.giver.part, clamp.giver.declared.name
    gain, told = draft.row(part, f"{name}_clamp_gain"), draft.scope[part, clamp.giver.declared]
    draft.part_param(gain, parse_unit("1/h"), f"gain of the flux that holds {clamp.quantity}", Const(GAIN_PER_H))
    state, leaf = state_of(draft, part, clamp.species), draft.row(part, clamp.rate.name)
    on, value = draft.quantities[clamp.on], draft.quantities[clamp.value]
    flux: Expr = on * gain * (value - told)
    if clamp.species.unit.same_kind(clamp.giver.declared.unit) and not _counts(draft, part, clamp.species):
        flux = flux * draft.size(part, clamp.species.compartment)
    draft.assign(leaf, clamp.rate.unit, clamp.rate.doc, draft.take(flux))
    draft.amounts.setdefault(state.index, []).append((1.0, leaf))
    draft.fluxes.append(FluxRow(part, clamp.rate.name, leaf.index, ((state.index, 1.0),), border=True))


def _counts(draft: Draft, part: str, species: Species) -> bool:
    """Whether the symbol of the species is its amount."""
    return draft.scope[part, species].kind == "state" and draft.holds_amount(part, species)  # type: ignore[attr-defined]


def rates(draft: Draft) -> tuple[Expr, ...]:
    """The rate of every state: its own, or the sum of what moves it."""
    return tuple(draft.rates[i] if i in draft.rates else _sum_of(draft, i) for i in range(len(draft.leaves["state"])))


def _sum_of(draft: Draft, index: int) -> Expr:
    direct, amounts = draft.direct.get(index, []), draft.amounts.get(index, [])
    terms = [_total(direct)] if direct else []
    if amounts:
        volume = draft.states[index].volume
        terms.append(_total(amounts) if volume is None else _total(amounts) / volume)
    return draft.take(reduce(lambda a, b: a + b, terms)) if terms else draft.const(0.0)


def _total(terms: list[tuple[float, Expr]]) -> Expr:
    def times(count: float, leaf: Expr) -> Expr:
        return leaf if count == 1.0 else count * leaf

    first, *rest = terms
    total = -times(-first[0], first[1]) if first[0] < 0 else times(*first)
    for count, leaf in rest:
        total = total - times(-count, leaf) if count < 0 else total + times(count, leaf)
    return total
