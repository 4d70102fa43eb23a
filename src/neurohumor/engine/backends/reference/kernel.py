"""A system made ready to be solved: generated functions, which rows are what, and what can be foreseen to jump."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.emit.graph import STATE, Graph
from neurohumor.emit.python import Code, Row, Scalar, derived_of, scalars, start_of
from neurohumor.engine.backends.reference.crossings import Watch, clock_roots, switch_roots, touching_roots
from neurohumor.engine.backends.reference.unknowns import Residual, Sizes
from neurohumor.errors import ModelError
from neurohumor.lang.derive import jacobian
from neurohumor.lang.expr import TRUTH, Const, Expr, symbols
from neurohumor.lang.system import Leaf, System

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]


class Matrix:
    """A dense matrix from generated entries at fixed places; elsewhere zero."""

    def __init__(self, shape: tuple[int, int], places: Sequence[tuple[int, int]]) -> None:
        self.shape = shape
        self.flat: Indices = np.array([i * shape[1] + j for i, j in places], dtype=np.intp)

    def of(self, values: list[float]) -> Floats:
        """The matrix with these entries."""
        matrix = np.zeros(self.shape)
        matrix.ravel()[self.flat] = values
        return matrix


class Kernel:
    """Everything about a system that does not depend on a person.  Read only: any thread may use it.

    Raises ModelError for a system that no person could be solved with.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        _check(system)
        self.differential: Indices = np.flatnonzero(system.differential)
        self.unknown: Indices = np.flatnonzero(~np.array(system.differential, dtype=bool))
        self.scale: Floats = np.array([row.scale for row in system.states], dtype=float)
        self.nonnegative = np.array([row.nonnegative for row in system.states], dtype=bool)
        self.sizes = Sizes(self.scale[self.unknown], self.nonnegative[self.unknown])
        self.names = [row.full for row in system.states]
        self.start = start_of(system)
        self.unknown_read = _unknown_read(system)
        graph = Graph(system)
        wanted = self._wanted(graph)
        self.code: Code = scalars(graph, wanted)
        self.of: Mapping[str, Scalar] = self.code.functions
        self.constants = self.code.constants

    def _wanted(self, graph: Graph) -> dict[str, Sequence[int]]:
        system = self.system
        rates = graph.add(system.rates)
        triggers = graph.add(event.trigger for event in system.events)
        wanted: dict[str, Sequence[int]] = {
            "rates": [rates[k] for k in self.differential],
            "balances": [rates[k] for k in self.unknown],
            "derived": graph.add(row.expr for row in system.derived),
            "triggers": triggers,
        }
        for k, event in enumerate(system.events):
            zero: Expr = Const(0.0)
            wanted[f"fire{k}"] = graph.add([zero if event.delay is None else event.delay, *(value for _, value in event.sets)])
            if event.priority is not None:
                wanted[f"priority{k}"] = graph.add([event.priority])
        found = jacobian(system)
        place = {int(row): k for k, row in enumerate(self.unknown)}
        own = [(place[i], place[j], e) for i, j, e in found.entries if i in place and j in place]
        self.slopes = Matrix((len(rates), len(rates)), [(i, j) for i, j, _ in found.entries])
        self.balance_slopes = Matrix((len(place), len(place)), [(i, j) for i, j, _ in own])
        wanted["jacobian"] = graph.add(e for _, _, e in found.entries)
        wanted["balance_slopes"] = graph.add(e for _, _, e in own)
        clock = clock_roots(graph, [*rates, *triggers])
        moving = [node for node in triggers if graph.deps[node] & STATE or graph.op[node] not in TRUTH]
        turns = [node if graph.op[node] in TRUTH else graph.node("not", node) for node in moving]
        turns += touching_roots(graph, moving)
        self.first_switch = len(turns)
        watched = turns + switch_roots(graph, rates)
        wanted["clock"], wanted["watch"] = clock, watched
        self.clock = Watch(graph, clock) if clock else None
        self.watch = Watch(graph, watched) if watched else None
        return wanted

    @cached_property
    def derived(self) -> Callable[[Floats, Floats, Floats, Floats], Floats]:
        """All derived rows over arrays."""
        return derived_of(self.system)

    def jacobian(self, t: float, y: Floats, p: Row, u: Row, c: Row) -> Floats:
        """d residual or rate / d state, [state, state], at one moment."""
        return self.slopes.of(self.of["jacobian"](t, y.tolist(), p, u, c))

    def balances(self, t: float, y: Floats, rest: tuple[Row, Row, Row]) -> tuple[Residual, Residual]:
        """What the unknowns must make zero while the rest stays as it is, and its slope; both over the unknowns."""
        values = y.tolist()
        rows = [int(k) for k in self.unknown]

        def filled(z: Floats) -> list[float]:
            for row, value in zip(rows, z.tolist(), strict=True):
                values[row] = value
            return values

        return (
            lambda z: np.array(self.of["balances"](t, filled(z), *rest)),
            lambda z: self.balance_slopes.of(self.of["balance_slopes"](t, filled(z), *rest)),
        )

    def blame(self, t: float, y: Floats, p: Row, u: Row) -> str:
        """The first derived row that is not finite at a moment, as a phrase; empty where all are finite."""
        values = self.of["derived"](t, y.tolist(), p, u, self.constants(p))
        for row, value in zip(self.system.derived, values, strict=True):
            if not math.isfinite(value):
                return f"{row.full} is {value}"
        return ""


def _unknown_read(system: System) -> bool:
    """Whether some initial value reads an algebraic unknown."""
    if all(system.differential):
        return False
    graph = Graph(system, starting=True)
    roots = graph.add([*(row.initial for row in system.states), *(row.initial for row in system.params)])
    return any(graph.op[k] == "state" and not system.differential[graph.row[k]] for k in graph.reachable(roots))


def _check(system: System) -> None:
    if not len(system.rates) == len(system.differential) == len(system.states):
        counts = f"{len(system.states)} states, {len(system.rates)} rates, {len(system.differential)} kinds of row"
        raise ModelError(f"the rows do not match: {counts}", where=system.name, remedy="flatten the model again")
    for k, row in enumerate(system.derived):
        late = [leaf.name for leaf in symbols(row.expr) if isinstance(leaf, Leaf) and leaf.kind == "derived" and leaf.index >= k]
        if late:
            raise ModelError(f"{row.full} comes before {late[0]}, which it reads", where=system.name, remedy="order the derived rows")
    for row in system.states:
        if not (math.isfinite(row.scale) and row.scale > 0):
            raise ModelError(
                f"the scale of {row.full} must be above 0, got {row.scale}", where=system.name, remedy="give it a typical size"
            )
    for event in system.events:
        for target, _ in event.sets:
            rows = {"state": len(system.states), "param": len(system.params)}
            if not 0 <= target.index < rows.get(target.kind, 0):
                raise ModelError(
                    f"event {event.full} cannot set {target.kind} {target.name}", where=system.name, remedy="set a state or a param"
                )
            if target.kind == "state" and not system.differential[target.index]:
                raise ModelError(
                    f"event {event.full} sets {target.name}, which a balance fixes", where=system.name, remedy="set what it reads"
                )
