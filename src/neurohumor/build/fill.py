"""The rows of a system are filled: parameters, sizes, states, named expressions, gathered quantities, events."""

from __future__ import annotations

from functools import reduce

from neurohumor.build.draft import Draft
from neurohumor.build.hands import fill_influence
from neurohumor.build.motion import fill_flux, fill_takes
from neurohumor.build.reserve import amount_name
from neurohumor.build.wire import Giver, Wire, placed, silenced
from neurohumor.lang.decl import (
    Balance,
    Compartment,
    Derived,
    Event,
    Flux,
    Implicit,
    Influence,
    Lag,
    Level,
    Output,
    Param,
    Rate,
    Species,
    State,
    Takes,
)
from neurohumor.lang.declared import Declared
from neurohumor.lang.expr import Const, Expr
from neurohumor.lang.module import Module
from neurohumor.lang.system import EventRow, Leaf, ParamRow, StateRow
from neurohumor.units import Quantity


def fill(draft: Draft) -> None:
    """Fill every reserved row."""
    for name, part in draft.wiring.model.parts.items():
        for declared in part.module.declarations.values():
            _declaration(draft, name, declared)
    for quantity, givers in draft.wiring.givers.items():
        if len(givers) > 1:
            gather = draft.wiring.gathers[quantity]
            leaf = draft.quantities[quantity]
            total = draft.switched(quantity, gathered(draft, givers, gather), gathered=True)
            draft.assign(leaf, givers[0].unit, f"{gather} of {', '.join(g.full for g in givers)}", total)
    for wire in draft.wiring.wires.values():
        if wire.quantity.startswith("*.") and len(wire.givers) > 1:
            _everywhere(draft, wire)


def _declaration(draft: Draft, part: str, declared: Declared) -> None:
    if isinstance(declared, Param):
        _param(draft, part, declared)
    elif isinstance(declared, Compartment):
        _compartment(draft, part, declared)
    elif isinstance(declared, State):
        _state(draft, part, declared)
    elif isinstance(declared, Lag):
        _lag(draft, part, declared)
    elif isinstance(declared, Derived):
        _derived(draft, part, declared)
    elif isinstance(declared, Influence) and not silenced(draft.wiring.model, part, declared):
        fill_influence(draft, part, declared)
    elif isinstance(declared, Takes):
        fill_takes(draft, part, declared)
    elif isinstance(declared, Event):
        _event(draft, part, declared)


def _leaf(draft: Draft, part: str, declared: Declared) -> Leaf:
    leaf = draft.scope[part, declared]
    assert isinstance(leaf, Leaf)
    return leaf


def _module(draft: Draft, part: str) -> type[Module]:
    return draft.wiring.model.parts[part].module


def _param(draft: Draft, part: str, declared: Param) -> None:
    values, factor = draft.wiring.model.parts[part].values, declared.unit.factor
    if declared.name in values:
        value = values[declared.name]
        initial: Expr = draft.const(value.internal if isinstance(value, Quantity) else value * factor)
    elif declared.formula is not None:
        initial = draft.translate(part, declared.formula)
    else:
        initial = draft.const(declared.value * factor)
    low, high = declared.bounds
    draft.params[_leaf(draft, part, declared).index] = ParamRow(
        part,
        declared.name,
        declared.unit,
        declared.doc,
        initial,
        cite=declared.cite,
        basis=declared.basis,
        origin=declared.origin,
        gsd=declared.gsd,
        cv=declared.cv,
        bounds=(low * factor, high * factor),
        estimate=declared.estimate,
        module=_module(draft, part).__name__,
    )


def _compartment(draft: Draft, part: str, declared: Compartment) -> None:
    node = draft.scope[part, declared]
    if isinstance(node, Const):
        return
    assert isinstance(node, Leaf)
    size = draft.translate(part, declared.size)
    if node.kind == "param":
        draft.part_param(node, declared.unit, declared.doc, size)
    else:
        draft.assign(node, declared.unit, declared.doc, size)


def _state(draft: Draft, part: str, declared: State) -> None:
    initial = draft.translate(part, declared.initial)
    timescale = declared.timescale or _module(draft, part).timescale
    scale = None if declared.scale is None else declared.scale * declared.unit.factor
    if isinstance(declared, Species):
        _species(draft, part, declared, initial)
        return
    assert isinstance(declared, (Level, Implicit))
    form = "unknown" if isinstance(declared, Implicit) else "level"
    index = _leaf(draft, part, declared).index
    draft.states[index] = StateRow(
        part,
        declared.name,
        declared.unit,
        declared.doc,
        initial,
        1.0,
        form=form,
        nonnegative=not declared.signed,
        timescale=timescale,
    )
    draft.scales[index] = scale, None


def _species(draft: Draft, part: str, declared: Species, initial: Expr) -> None:
    size, typed = draft.size(part, declared.compartment), _leaf(draft, part, declared)
    scale = None if declared.scale is None else declared.scale * declared.unit.factor
    name, unit, form, volume = declared.name, declared.unit, "amount", None
    leaf = typed
    if typed.kind == "derived":
        name, unit = amount_name(declared), declared.unit * declared.compartment.unit
        leaf = draft.row(part, name)
        draft.assign(typed, declared.unit, declared.doc, draft.take(leaf / size))
        initial = draft.take(initial * size)
        draft.scales[leaf.index] = scale, size
    else:
        draft.scales[leaf.index] = scale, None
        if not draft.holds_amount(part, declared):
            form, volume = "concentration", size
    draft.states[leaf.index] = StateRow(
        part,
        name,
        unit,
        declared.doc,
        initial,
        1.0,
        form=form,
        volume=volume,
        timescale=declared.timescale or _module(draft, part).timescale,
        content=declared.content,
    )


def _lag(draft: Draft, part: str, declared: Lag) -> None:
    of, tau = draft.translate(part, declared.of), draft.translate(part, declared.tau)
    timescale = declared.timescale or _module(draft, part).timescale
    scale = None if declared.scale is None else declared.scale * declared.unit.factor
    before = of
    for stage in range(1, declared.stages + 1):
        name = declared.name if stage == declared.stages else f"{declared.name}_{stage}"
        doc = declared.doc if stage == declared.stages else f"{declared.doc}, stage {stage} of {declared.stages}"
        leaf = draft.row(part, name)
        draft.states[leaf.index] = StateRow(part, name, declared.unit, doc, of, 1.0, form="level", nonnegative=False, timescale=timescale)
        draft.scales[leaf.index] = scale, None
        draft.rates[leaf.index] = draft.take((before - leaf) * declared.stages / tau)
        before = leaf


def _derived(draft: Draft, part: str, declared: Derived) -> None:
    leaf, expr = _leaf(draft, part, declared), draft.translate(part, declared.expr)
    if isinstance(declared, Output):
        expr = draft.switched(placed(declared.quantity, draft.wiring.model.parts[part]), expr)
    draft.assign(leaf, declared.unit, declared.doc, expr)
    if isinstance(declared, Flux):
        fill_flux(draft, part, declared)
    elif isinstance(declared, Rate):
        draft.direct.setdefault(_leaf(draft, part, declared.of).index, []).append((1.0, leaf))
    elif isinstance(declared, Balance):
        index = _leaf(draft, part, declared.of).index
        draft.rates[index] = leaf
        draft.algebraic.add(index)


def gathered(draft: Draft, givers: tuple[Giver, ...], gather: str, weights: tuple[Giver, ...] = ()) -> Expr:
    """Sum, product or mass-weighted mean of what these givers tell."""
    told = [draft.scope[g.part, g.declared] for g in givers]
    if gather == "product":
        return reduce(lambda a, b: a * b, told)
    if gather == "sum":
        return reduce(lambda a, b: a + b, told)
    masses = [draft.scope[w.part, w.declared] for w in weights]
    return reduce(lambda a, b: a + b, [m * x for m, x in zip(masses, told, strict=True)]) / reduce(lambda a, b: a + b, masses)


def _everywhere(draft: Draft, wire: Wire) -> None:
    leaf, declared = draft.row(wire.part, wire.declared.name), wire.declared
    assert wire.gather is not None
    draft.assign(leaf, declared.unit, declared.doc, draft.take(gathered(draft, wire.givers, wire.gather, wire.weights)))


def _event(draft: Draft, part: str, declared: Event) -> None:
    sizes = {target: draft.translate(part, value) for target, value in declared.sets.items() if isinstance(target, Compartment)}
    sets: list[tuple[Leaf, Expr]] = []
    for target, value in declared.sets.items():
        leaf, expr = _leaf(draft, part, target), draft.translate(part, value)
        if leaf.kind == "derived":  # a concentration whose state is the amount, in the size that holds after the jump
            assert isinstance(target, Species)
            leaf = draft.row(part, amount_name(target))
            expr = draft.take(expr * sizes.get(target.compartment, draft.size(part, target.compartment)))
        sets.append((leaf, expr))
    draft.events.append(
        EventRow(
            part,
            declared.name,
            draft.translate(part, declared.trigger),
            tuple(sets),
            delay=None if declared.delay is None else draft.translate(part, declared.delay),
            priority=None if declared.priority is None else draft.translate(part, declared.priority),
            persistent=declared.persistent,
            initially=declared.initially,
            at_trigger=declared.at_trigger,
        )
    )
