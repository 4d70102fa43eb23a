"""Matter closes: what a model holds, what crosses its border, and whether rates and fluxes tell the same story.

All from the flux rows, independently of `System.rates`: what the rates do can be tested against it.  Boluses are no fluxes;
who adds one to a state adds its content to the net, and its absolute to the gross, by themselves.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from neurohumor.build.fingerprint import fingerprint
from neurohumor.build.start import Start, derived_at, evaluated, start
from neurohumor.errors import ModelError
from neurohumor.lang.expr import Call, Const, Expr
from neurohumor.lang.system import FluxRow, Interner, Leaf, StateRow, System
from neurohumor.units import ONE

PART = "border"
"""The part that the states of `with_borders` belong to."""
TOLERANCE = 1e-9
POINTS = 20


@dataclass(frozen=True, slots=True)
class Leak:
    """A state whose rate is not the sum of its fluxes, or a flux inside the model that makes or destroys content."""

    where: str
    message: str


def contents(system: System) -> tuple[str, ...]:
    """Everything that the states of a system hold: "matter", "carbon", ..."""
    return tuple(dict.fromkeys(key for row in system.states for key in row.content))


def totals(system: System) -> Mapping[str, Expr]:
    """What the whole system holds of each content, over its states (and the sizes of its compartments)."""
    nodes = Interner.over(
        [*system.rates, *(row.expr for row in system.derived), *(r.volume for r in system.states if r.volume is not None)]
    )
    found: dict[str, Expr] = {}
    for key in contents(system):
        terms = [_times(row.content[key], _amount(nodes, index, row)) for index, row in enumerate(system.states) if row.content.get(key)]
        found[key] = nodes.take(reduce(lambda a, b: a + b, terms)) if terms else nodes.const(0.0)
    return found


def holds(system: System, y: Sequence[float], p: Sequence[float], u: Sequence[float], time: float = 0.0) -> Mapping[str, float]:
    """What the whole system holds of each content, at a state (internal units)."""
    expressions = totals(system)
    at = Start(tuple(y), tuple(p), tuple(u), derived_at(system, time, y, p, u))
    return dict(zip(expressions, evaluated(expressions.values(), at, time), strict=True))


def with_borders(system: System) -> System:
    """The system with two more states per content, at its end: "border.net_<key>", what came in less what went out since the
    start, and "border.gross_<key>", both added up.  Both start at 0; their scale is what the system holds at its start.
    """
    first = start(system)
    scales = dict(zip(totals(system), evaluated(totals(system).values(), first), strict=True))
    nodes = Interner.over([*system.rates, *(row.expr for row in system.derived)])
    states, rates = list(system.states), list(system.rates)
    for key in contents(system):
        flows = [flow for row in system.fluxes if row.border and (flow := _flow(system, nodes, row, key)) is not None]
        absolute: list[Expr] = [Call("abs", flow) for flow in flows]
        for name, terms in (("net", flows), ("gross", absolute)):
            doc = f"{key} over the border since the start, {name}"
            zero, scale = nodes.const(0.0), abs(scales[key]) or 1.0
            states.append(StateRow(PART, f"{name}_{key}", ONE, doc, zero, scale, form="level", nonnegative=name == "gross"))
            rates.append(nodes.take(reduce(lambda a, b: a + b, terms)) if terms else zero)
    differential = (*system.differential, *(True,) * (len(states) - len(system.states)))
    wider = replace(system, states=tuple(states), rates=tuple(rates), differential=differential)
    return replace(wider, fingerprint=fingerprint(wider))


def leaks(system: System, *, points: int = POINTS, seed: int = 0) -> list[Leak]:
    """Where rates and fluxes disagree: compared at the start and at random states (relative 1e-9 of what moves a state).

    Raises ModelError if the system cannot be evaluated at any of them.
    """
    found = _made(system)
    first = start(system)
    usable = 0
    seen: set[int] = set()
    for y in _states(system, first, points, seed):
        at = Start(y, first.p, first.u, derived_at(system, 0.0, y, first.p, first.u))
        rates = evaluated([_moved(system, index) for index in range(len(system.states))], at)
        if not all(map(math.isfinite, (*rates, *at.d))):
            continue
        usable += 1
        for index, (booked, size) in enumerate(_booked(system, at)):
            row = system.states[index]
            if (
                row.form in ("concentration", "amount")
                and index not in seen
                and abs(rates[index] - booked) > TOLERANCE * (size + abs(rates[index]))
            ):
                seen.add(index)
                found.append(Leak(row.full, f"its rate moves {rates[index]:.6g} per h, its fluxes {booked:.6g}"))
    if not usable:
        raise ModelError(
            f"system {system.name} has no finite rates at {points + 1} states", remedy="look for a division by 0, or a log of it"
        )
    return found


def _made(system: System) -> list[Leak]:
    """Fluxes inside the model whose content does not add up to zero."""
    found = []
    for flux in system.fluxes:
        if flux.border:
            continue
        for key in contents(system):
            terms = [count * system.states[index].content.get(key, 0.0) for index, count in flux.moved]
            if abs(sum(terms)) > TOLERANCE * sum(map(abs, terms)):
                found.append(Leak(flux.full, f"makes {sum(terms):.6g} {key} for each unit of its rate"))
    return found


def _states(system: System, first: Start, points: int, seed: int) -> list[tuple[float, ...]]:
    dice = random.Random(seed)
    drawn = [first.y]
    for _ in range(points):
        drawn.append(
            tuple(
                row.scale * math.exp(dice.gauss(0.0, 1.0)) * (dice.choice((-1, 1)) if not row.nonnegative and row.form == "level" else 1)
                for row in system.states
            )
        )
    return drawn


def _booked(system: System, at: Start) -> list[tuple[float, float]]:
    """For each state what its fluxes move, and the sum of their absolutes."""
    net, gross = [0.0] * len(system.states), [0.0] * len(system.states)
    for flux in system.fluxes:
        for index, count in flux.moved:
            net[index] += count * at.d[flux.value]
            gross[index] += abs(count * at.d[flux.value])
    return list(zip(net, gross, strict=True))


def _moved(system: System, index: int) -> Expr:
    """The rate of a state as an amount per time."""
    volume = system.states[index].volume
    return system.rates[index] if volume is None else system.rates[index] * volume


def _amount(nodes: Interner, index: int, row: StateRow) -> Expr:
    leaf = nodes.leaf("state", index, row.full)
    return leaf if row.volume is None else leaf * row.volume


def _flow(system: System, nodes: Interner, flux: FluxRow, key: str) -> Expr | None:
    """What a border flux brings of this content, None where it carries none."""
    carried = sum(count * system.states[index].content.get(key, 0.0) for index, count in flux.moved)
    row = system.derived[flux.value]
    leaf: Leaf = nodes.leaf("derived", flux.value, row.full)
    return _times(carried, leaf) if carried else None


def _times(count: float, expr: Expr) -> Expr:
    return expr if count == 1.0 else Const(count) * expr
