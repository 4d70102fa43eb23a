"""The rows of a system: every declaration of every part is given its own, and every input is joined to what it hears."""

from __future__ import annotations

from neurohumor.build.clamps import Clamp
from neurohumor.build.draft import Draft
from neurohumor.build.hands import reserve_influence
from neurohumor.build.matter import amount_unit, is_amount, per_hour, rate_is_amount
from neurohumor.build.wire import Giver, Wire, silenced
from neurohumor.lang.decl import Compartment, Derived, Flux, Influence, Lag, Param, Species, State, Takes
from neurohumor.lang.declared import Declared
from neurohumor.lang.expr import Const
from neurohumor.lang.system import Leaf
from neurohumor.units import ONE


def reserve(draft: Draft) -> None:
    """Reserve a row for everything, then say what each input hears."""
    wiring = draft.wiring
    for name, part in wiring.model.parts.items():
        for declared in part.module.declarations.values():
            _declaration(draft, name, declared)
    for clamp in wiring.clamps:
        _clamp(draft, clamp)
    for source in wiring.sources.values():
        draft.hears(source.quantity, source.unit, source.doc, kind=source.kind, nominal=source.nominal)
    for quantity, givers in wiring.givers.items():
        draft.quantities[quantity] = _told(draft, quantity, givers)
    for wire in wiring.wires.values():
        draft.scope[wire.part, wire.declared] = _heard(draft, wire)


def _declaration(draft: Draft, part: str, declared: Declared) -> None:
    name, scope = declared.name, draft.scope
    if isinstance(declared, Param):
        scope[part, declared] = draft.reserve("param", part, name)
    elif isinstance(declared, Compartment):
        _compartment(draft, part, declared)
    elif isinstance(declared, Species) and draft.holds_amount(part, declared) and not is_amount(declared):
        draft.reserve("state", part, amount_name(declared))
        scope[part, declared] = draft.reserve("derived", part, name)
    elif isinstance(declared, State):
        scope[part, declared] = draft.reserve("state", part, name)
    elif isinstance(declared, Lag):
        for stage in range(1, declared.stages):
            draft.reserve("state", part, f"{name}_{stage}")
        scope[part, declared] = draft.reserve("state", part, name)
    elif isinstance(declared, Derived):
        scope[part, declared] = draft.reserve("derived", part, name)
        if isinstance(declared, Flux) and not rate_is_amount(declared) and draft.size(part, declared.per) is not draft.const(1.0):
            draft.reserve("derived", part, f"{name}_amount")
    elif isinstance(declared, Influence) and not silenced(draft.wiring.model, part, declared):
        reserve_influence(draft, part, declared)
    elif isinstance(declared, Takes):
        draft.reserve("derived", part, name)
        unit = per_hour(amount_unit(declared.into))
        draft.hears(f"dose.{declared.substance}.{declared.route}", unit, f"{declared.substance}, {declared.route}, at this rate")


def amount_name(species: Species) -> str:
    """The name of the state that holds the amount of a species whose symbol is its concentration."""
    return f"{species.name}_amount"


def _compartment(draft: Draft, part: str, declared: Compartment) -> None:
    if (part, declared) in draft.graph.set_by_events:
        draft.scope[part, declared] = draft.reserve("param", part, declared.name)
    elif isinstance(declared.size, Const):
        draft.scope[part, declared] = draft.translate(part, declared.size)
    else:
        draft.scope[part, declared] = draft.reserve("derived", part, declared.name)


def _clamp(draft: Draft, clamp: Clamp) -> None:
    if clamp.how == "input":
        return
    draft.hears(clamp.on, ONE, f"1 while {clamp.quantity} is held")
    draft.hears(clamp.value, draft.wiring.givers[clamp.quantity][0].unit, f"the value at which {clamp.quantity} is held")
    if clamp.rate is not None and clamp.giver is not None:
        draft.scope[clamp.giver.part, clamp.rate] = draft.reserve("derived", clamp.giver.part, clamp.rate.name)
        draft.reserve("param", clamp.giver.part, f"{clamp.giver.declared.name}_clamp_gain")


def _told(draft: Draft, quantity: str, givers: tuple[Giver, ...]) -> Leaf:
    """The row of a quantity: that of its giver, or one of its own where several are gathered."""
    if len(givers) == 1:
        leaf = draft.scope[givers[0].part, givers[0].declared]
        assert isinstance(leaf, Leaf)
        return leaf
    place, _, rest = quantity.partition(".")
    return draft.reserve("derived", place, rest if draft.free(quantity) else f"{rest}_gathered")


def _heard(draft: Draft, wire: Wire) -> Leaf:
    if not wire.quantity.startswith("*.") or not wire.givers:
        return draft.quantities[wire.quantity]
    if len(wire.givers) == 1:
        leaf = draft.scope[wire.givers[0].part, wire.givers[0].declared]
        assert isinstance(leaf, Leaf)
        return leaf
    return draft.reserve("derived", wire.part, wire.declared.name)
