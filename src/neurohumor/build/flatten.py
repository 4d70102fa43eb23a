"""From a model to its flat system: one vector of states, one of parameters, one of inputs, ordered equations, internal numbers."""

from __future__ import annotations

import math
from dataclasses import replace

from neurohumor.build.check import structure
from neurohumor.build.draft import Draft
from neurohumor.build.faults import raise_for
from neurohumor.build.fill import fill
from neurohumor.build.fingerprint import fingerprint
from neurohumor.build.graph import ordered
from neurohumor.build.matter import HOUR
from neurohumor.build.motion import fill_servo, rates
from neurohumor.build.reserve import reserve
from neurohumor.build.start import evaluated, start
from neurohumor.errors import ModelError, WiringError
from neurohumor.lang.expr import symbols
from neurohumor.lang.model import Model
from neurohumor.lang.system import Leaf, StateRow, System


def flatten(model: Model) -> System:
    """The flat system of a model.

    Raises ModelError (UnitMismatch, WiringError where all faults are of that kind) that lists every fault which keeps the
    model from being built; names missing from the vocabulary and missing sources do not (see `check`).
    """
    found = structure(model)
    raise_for(model.name, found.faults)
    wiring = found.wiring
    draft = Draft(wiring)
    reserve(draft)
    fill(draft)
    for clamp in wiring.clamps:
        if clamp.how == "servo":
            fill_servo(draft, clamp)
    system = _scaled(draft, _assemble(draft))
    return replace(system, fingerprint=fingerprint(system))


def _assemble(draft: Draft) -> System:
    moving = rates(draft)
    new = _order(draft)
    return System(
        name=draft.wiring.model.name,
        states=tuple(draft.states[i] for i in range(len(draft.leaves["state"]))),
        params=tuple(draft.params[i] for i in range(len(draft.leaves["param"]))),
        inputs=tuple(draft.inputs[i] for i in range(len(draft.leaves["input"]))),
        derived=tuple(draft.cells[i] for i in new),
        rates=moving,
        differential=tuple(i not in draft.algebraic for i in range(len(moving))),
        fluxes=tuple(replace(f, value=draft.leaves["derived"][f.value].index) for f in draft.fluxes),
        events=tuple(draft.events),
        doses=tuple(draft.doses),
        quantities=dict(draft.quantities),
        time_unit=HOUR,
    )


def _order(draft: Draft) -> list[int]:
    """The derived rows, each after what it reads; their leaves are renumbered, since nothing outside has seen them yet."""
    reads = {
        i: [s.index for s in symbols(cell.expr) if isinstance(s, Leaf) and s.kind == "derived"] for i, cell in sorted(draft.cells.items())
    }
    order, circles = ordered(reads, reads.__getitem__)
    if circles:
        names = " -> ".join(draft.leaves["derived"][i].name for i in circles[0])
        raise WiringError(
            f"these quantities define each other without a state in between: {names}", remedy="solve for one with an Implicit"
        )
    for index, old in enumerate(order):
        draft.leaves["derived"][old].index = index
    return order


def _scaled(draft: Draft, system: System) -> System:
    """The system with the typical size of every state: as declared, else its initial value, else one of its unit."""
    first = start(system)
    for row, value in zip(system.states, first.y, strict=True):
        if not math.isfinite(value):
            raise ModelError(f"its initial value is {value}", where=row.full, remedy="look for a division by 0, or a log of it")
    states: list[StateRow] = []
    for index, row in enumerate(system.states):
        declared, size = draft.scales.get(index, (row.scale, None))
        scale = declared
        if scale is not None and size is not None:
            scale *= evaluated([size], first)[0]
        if scale is None:
            scale = abs(first.y[index]) or row.unit.factor
        states.append(replace(row, scale=scale))
    return replace(system, states=tuple(states))
