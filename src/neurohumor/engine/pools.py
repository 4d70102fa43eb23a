"""What a system says of its states before it is solved: which can come to rest, and which share a closed pool."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from neurohumor.engine.numbers import Worth, given_inputs
from neurohumor.lang.expr import Expr, symbols
from neurohumor.lang.simplify import evaluate
from neurohumor.lang.system import Leaf, System

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Pools = tuple[tuple[int, ...], ...]


def counted_states(system: System) -> Truths:
    """States that can come to rest: not algebraic, and neither autonomous nor driven by a part that oscillates by itself."""
    restless = {i for i, row in enumerate(system.states) if row.timescale == "autonomous"}
    if restless:
        restless = _reached_by(system, restless)
    return np.array([d and i not in restless for i, d in enumerate(system.differential)], dtype=bool)


def _reached_by(system: System, sources: set[int]) -> set[int]:
    """The states whose rates read, over any path, one of these states."""
    read: list[set[int]] = []
    for row in system.derived:
        read.append(_states_in([row.expr], read))
    rates = [_states_in([rate], read) for rate in system.rates]
    found = set(sources)
    while True:
        more = {i for i, r in enumerate(rates) if i not in found and r & found}
        if not more:
            return found
        found |= more


def _states_in(exprs: Sequence[Expr], derived: list[set[int]]) -> set[int]:
    found: set[int] = set()
    for leaf in symbols(*exprs):
        if isinstance(leaf, Leaf) and leaf.kind == "state":
            found.add(leaf.index)
        elif isinstance(leaf, Leaf) and leaf.kind == "derived":
            found |= derived[leaf.index]
    return found


def closed_pools(system: System) -> Pools:
    """States that together keep a linear total: of matter by the stoichiometry of its fluxes, of levels by their rates."""
    return (*_matter(system), *_levels(system))


def _matter(system: System) -> Pools:
    """From the left null space of the stoichiometry."""
    if not system.fluxes:
        return ()
    stoichiometry = np.zeros((len(system.states), len(system.fluxes)))
    for k, flux in enumerate(system.fluxes):
        for state, amount in flux.moved:
            stoichiometry[state, k] += amount
    touched = np.flatnonzero(np.abs(stoichiometry).sum(axis=1))
    return _supports(stoichiometry[touched], touched)


def _levels(system: System) -> Pools:
    """From the rates of each part's levels at random states: what is constant at all of them."""
    found: list[tuple[int, ...]] = []
    for part in dict.fromkeys(row.part for row in system.states):
        levels = [i for i, row in enumerate(system.states) if row.part == part and row.form == "level" and system.differential[i]]
        if len(levels) < 2:
            continue
        samples = np.array([_rates(system, levels, seed) for seed in range(2 * len(levels) + 3)]).T
        samples = samples[:, np.isfinite(samples).all(axis=0)]
        size = np.abs(samples).max(axis=1, initial=0.0)
        if samples.shape[1] > len(levels) and (size > 0).all():  # a level that never moves is no pool
            found.extend(_supports(samples / size.max(), np.array(levels)))
    return tuple(found)


def _rates(system: System, rows: Sequence[int], seed: int) -> list[float]:
    """Rates of change of some states at one random state, nominal parameters and inputs."""
    draw = np.random.default_rng(seed)
    y = [row.scale * draw.uniform(0.5, 1.5) for row in system.states]
    inputs = given_inputs(system, {}) * draw.uniform(0.5, 1.5, len(system.inputs))
    worth = Worth(system, {}, inputs, time=draw.uniform(0.0, 24.0))
    known: dict[int, float] = {}

    def value(leaf: object) -> float:
        assert isinstance(leaf, Leaf)
        if leaf.kind == "state":
            return y[leaf.index]
        if leaf.kind == "derived":
            if leaf.index not in known:
                known[leaf.index] = evaluate([system.derived[leaf.index].expr], value)[0]
            return known[leaf.index]
        return worth.of(leaf)

    return evaluate([system.rates[i] for i in rows], value)


def _supports(matrix: Floats, names: NDArray[np.int64]) -> Pools:
    """The groups of rows that the left null vectors of a matrix join."""
    u, sizes, _ = np.linalg.svd(matrix)
    rank = int((sizes > 1e-9 * sizes.max(initial=0.0)).sum())
    projector = u[:, rank:] @ u[:, rank:].T
    left = {k for k in range(len(names)) if projector[k, k] > 1e-9}
    pools: list[tuple[int, ...]] = []
    while left:
        pool, edge = set[int](), [min(left)]
        while edge:
            k = edge.pop()
            pool.add(k)
            edge.extend(j for j in left - pool if abs(projector[k, j]) > 1e-9)
        left -= pool
        pools.append(tuple(int(names[k]) for k in sorted(pool)))
    return tuple(pools)
