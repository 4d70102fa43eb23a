"""What becomes what when a system is written as SBML: which states are species, in which compartments, and what reactions explain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from neurohumor.emit.graph import Graph
from neurohumor.emit.python import arrays, start_of
from neurohumor.errors import ModelError
from neurohumor.lang.expr import Call, Const, Expr, symbols
from neurohumor.lang.system import Leaf, StateRow, System
from neurohumor.sbml.written_kinds import Dims
from neurohumor.units import ONE, unit

VOLUME, MASS = unit("mL").dims, unit("mg").dims
MATTER = frozenset(unit(text).dims for text in ("nmol", "mg", "IU", "1"))
"""What SBML counts matter in: moles, grams, items and pure numbers."""
POINTS = 6
"""Random states at which reactions must explain a rate."""
CLOSE = 1e-9
"""Part of the terms by which they may differ from it."""


@dataclass(slots=True)
class Outline:
    """The plan of a file.

    changing     params and inputs that events or the schedule set
    ramped       inputs whose slope the schedule sets
    places       leaf (kind, row) of a volume -> states in it; `sizes`: constant volumes -> states in it
    afloat       species that are amounts, in no compartment of their own
    by_reaction  states whose rate the fluxes explain
    substance    species -> the dimensions that it is counted in; `size_dims`: those of the size of where it is
    """

    changing: set[tuple[str, int]] = field(default_factory=set)
    ramped: set[int] = field(default_factory=set)
    places: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    sizes: dict[float, list[int]] = field(default_factory=dict)
    afloat: list[int] = field(default_factory=list)
    by_reaction: set[int] = field(default_factory=set)
    substance: dict[int, Dims] = field(default_factory=dict)
    size_dims: dict[int, Dims] = field(default_factory=dict)

    def species(self) -> set[int]:
        """Every state that is a species."""
        return {*self.afloat, *(s for group in (*self.places.values(), *self.sizes.values()) for s in group)}


def outline(system: System, changed: Iterable[tuple[str, int]], ramped: Iterable[int]) -> Outline:
    """The plan.

    A state in a volume that jumps is no species: there SBML would keep its amount, and we its concentration.  Nor is one that is
    counted in something else than SBML counts matter in.
    """
    plan = Outline(set(changed), set(ramped))
    plan.changing |= {(target.kind, target.index) for event in system.events for target, _ in event.sets}
    plan.changing |= {("input", k) for k in plan.ramped}
    for k, row in enumerate(system.states):
        size = None if row.form == "amount" else _size_dims(system, row)
        counted = row.unit.dims if size is None else tuple(a + b for a, b in zip(row.unit.dims, size, strict=True))
        if not (system.raw or counted in MATTER):
            continue
        plan.substance[k], plan.size_dims[k] = counted, VOLUME if size is None else size
        if row.form == "amount":
            plan.afloat.append(k)
        elif row.form == "concentration" and isinstance(row.volume, Leaf) and _steady(system, plan, row.volume):
            plan.places.setdefault((row.volume.kind, row.volume.index), []).append(k)
        elif row.form == "concentration" and isinstance(row.volume, Const) and row.volume.value > 0:
            plan.sizes.setdefault(row.volume.value, []).append(k)
    plan.by_reaction = _explained(system, plan)
    return plan


def _size_dims(system: System, row: StateRow) -> Dims:
    """The dimensions of the size of where a state is; of a mere number, those that make matter of it."""
    volume = row.volume
    if isinstance(volume, Leaf) and volume.kind in ("param", "derived"):
        return (system.params if volume.kind == "param" else system.derived)[volume.index].unit.dims
    fitting = (size for size in (VOLUME, MASS, ONE.dims) if tuple(a + b for a, b in zip(row.unit.dims, size, strict=True)) in MATTER)
    return next(fitting, VOLUME)


def _steady(system: System, plan: Outline, leaf: Leaf) -> bool:
    """Whether a value is the same throughout a run."""
    level, seen = [leaf], {("", -1)}
    while level:
        one = level.pop()
        key = (one.kind, one.index)
        if key in seen:
            continue
        seen.add(key)
        if one.kind in ("time", "state") or key in plan.changing:
            return False
        if one.kind == "derived":
            level += [s for s in symbols(system.derived[one.index].expr) if isinstance(s, Leaf)]
    return True


def _explained(system: System, plan: Outline) -> set[int]:
    """The species whose amount changes just as fluxes move it, at random states near the start."""
    import numpy as np

    moved = {state for flux in system.fluxes for state, _ in flux.moved}
    candidates = sorted(k for k in plan.species() & moved if system.differential[k])
    if not candidates:
        return set()
    found, terms = _balances(system, candidates)
    graph = Graph(system)
    both = arrays(graph, graph.add([*found, *terms]))
    generator = np.random.default_rng(1)
    nan = np.full(len(system.states), np.nan)
    u = np.array([row.nominal for row in system.inputs])
    try:
        y0, p0 = start_of(system)(0.0, nan.tolist(), [float("nan")] * len(system.params), u.tolist())
    except ModelError:
        return set()
    scale = np.array([row.scale for row in system.states])
    y = np.nan_to_num(np.array(y0)) * generator.uniform(0.5, 1.5, (POINTS, len(y0))) + 0.1 * scale * generator.uniform(
        0, 1, (POINTS, len(y0))
    )
    t = generator.uniform(0.0, 24.0, POINTS)
    u = u * generator.uniform(0.5, 1.5, (POINTS, len(u))) + generator.uniform(0.0, 1.0, (POINTS, len(u)))
    values = both(t, y, np.broadcast_to(p0, (POINTS, len(p0))), u)
    off, size = values[:, : len(candidates)], values[:, len(candidates) :]
    with np.errstate(all="ignore"):
        good = np.isfinite(off).all(axis=0) & (np.abs(off) <= CLOSE * size).all(axis=0)
    return {k for k, fine in zip(candidates, np.atleast_1d(good).tolist(), strict=True) if fine}


def _balances(system: System, candidates: list[int]) -> tuple[list[Expr], list[Expr]]:
    """For each species: its rate as an amount less what fluxes move, and the sum of the sizes of these terms."""
    moved: dict[int, list[tuple[int, float]]] = {}
    for flux in system.fluxes:
        for state, by in flux.moved:
            moved.setdefault(state, []).append((flux.value, by))
    off: list[Expr] = []
    sizes: list[Expr] = []
    for k in candidates:
        volume = system.states[k].volume
        total: Expr = system.rates[k] if volume is None or system.states[k].form == "amount" else system.rates[k] * volume
        size: Expr = Call("abs", total)
        for value, by in moved.get(k, ()):
            term = Leaf("derived", value, system.derived[value].full) * by
            total, size = total - term, size + Call("abs", term)
        off.append(total)
        sizes.append(size)
    return off, sizes
