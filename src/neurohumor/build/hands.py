"""Influences in flat form: the factor 1 + on emax (H - Href), its reference, and its lag where it is slow."""

from __future__ import annotations

from dataclasses import dataclass

from neurohumor.build.draft import Draft
from neurohumor.build.graph import PHASE
from neurohumor.build.orbits import Orbit, orbit_of
from neurohumor.build.wire import Wiring
from neurohumor.lang.decl import Influence
from neurohumor.lang.expr import Const, Expr
from neurohumor.lang.rates import curve, hill
from neurohumor.lang.system import Leaf, StateRow
from neurohumor.units import ONE
from neurohumor.units import unit as parse_unit

PER_H = parse_unit("1/h")
SLOW_H = 24.0
"""A lag of a day or more belongs to the slow states, whatever the timescale of the module."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What H is compared with: a stored orbit's curve or mean, or H at the nominal of the input."""

    orbit: Orbit | None
    curve: tuple[float, ...] = ()


def reference(wiring: Wiring, part: str, influence: Influence) -> Reference:
    """The reference of an influence here.

    A held input rests at its nominal, and so does its reference.  The curve needs someone who tells the circadian phase.
    """
    if wiring.of(part, influence.by).state == "held":
        return Reference(None)
    place = wiring.model.parts[part]
    orbit = orbit_of(place.module.__name__, influence.name, place.here)
    if orbit is None or influence.tau is not None or PHASE not in wiring.givers:
        return Reference(orbit)
    return Reference(orbit, orbit.curve)


def reserve_influence(draft: Draft, part: str, influence: Influence) -> None:
    """The rows of an influence: its factor, its switch, its saturation, its reference, its lag."""
    name = influence.name
    draft.reserve("param", part, f"{name}_on")
    draft.reserve("derived" if reference(draft.wiring, part, influence).curve else "param", part, f"{name}_ref")
    draft.reserve("derived", part, f"{name}_hill")
    if influence.tau is not None:
        draft.reserve("state", part, f"{name}_lag")
    draft.scope[part, influence] = draft.reserve("derived", part, name)


def fill_influence(draft: Draft, part: str, influence: Influence) -> None:
    """The rates and values of an influence."""
    name = influence.name
    against, on = draft.row(part, f"{name}_ref"), draft.row(part, f"{name}_on")
    draft.part_param(on, ONE, f"1: {name} acts, 0: it does not", Const(1.0))
    half, steepness = draft.translate(part, influence.half), draft.translate(part, influence.steepness)
    saturated = draft.row(part, f"{name}_hill")
    draft.assign(saturated, ONE, f"saturation of {name}", draft.take(hill(draft.scope[part, influence.by], half, steepness)))
    _reference(draft, part, influence, hill(Const(_nominal(draft.wiring, part, influence)), half, steepness))
    heard: Leaf = saturated
    if influence.tau is not None:
        heard = draft.row(part, f"{name}_lag")
        tau = draft.translate(part, influence.tau)
        scale = influence.tau.value * influence.tau.unit.factor
        timescale = "slow" if scale >= SLOW_H else draft.wiring.model.parts[part].module.timescale
        draft.states[heard.index] = StateRow(
            part, f"{name}_lag", ONE, f"{name}, lagged", against, 1.0, form="level", nonnegative=False, timescale=timescale
        )
        draft.rates[heard.index] = draft.take((saturated - heard) / tau)
    leaf = draft.scope[part, influence]
    assert isinstance(leaf, Leaf)
    factor = 1 + on * draft.translate(part, influence.emax) * (heard - against)
    draft.assign(leaf, ONE, influence.doc, draft.switched(influence_quantity(draft, part, influence), factor))


def influence_quantity(draft: Draft, part: str, influence: Influence) -> str:
    """The gain that an influence of this part tells."""
    return influence.target.replace("{here}", draft.wiring.model.parts[part].here)


def _nominal(wiring: Wiring, part: str, influence: Influence) -> float:
    """Where the input rests: at its source's value where no part tells it, else at its own nominal."""
    wire = wiring.of(part, influence.by)
    if wire.state != "wired":
        return wiring.sources[wire.quantity].nominal
    return influence.by.nominal * influence.by.unit.factor


def _reference(draft: Draft, part: str, influence: Influence, at_nominal: Expr) -> None:
    found, leaf = reference(draft.wiring, part, influence), draft.row(part, f"{influence.name}_ref")
    doc = f"what {influence.name} is neutral against"
    if found.curve:
        draft.assign(leaf, ONE, doc, draft.take(curve(draft.quantities[PHASE], found.curve)))
    else:
        draft.part_param(leaf, ONE, doc, draft.take(at_nominal if found.orbit is None else Const(found.orbit.mean)))
