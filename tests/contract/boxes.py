"""Random people and states around a system's start, and its laws as functions over arrays of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from neurohumor.emit.graph import Graph
from neurohumor.emit.python import arrays, start_of
from neurohumor.lang.derive import jacobian
from neurohumor.lang.expr import Const, Expr
from neurohumor.lang.system import System

Floats = NDArray[np.float64]
Law = Callable[[Floats, Floats, Floats, Floats], Floats]


@dataclass(frozen=True)
class Box:
    """`many` points: t [n], y [n, state], p [n, param], u [n, input]."""

    system: System
    many: int = 40
    seed: int = 0
    spread: float = 1.03

    @cached_property
    def points(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Parameters within two gsd of their values and inside their bounds, inputs half to twice, states near their start.

        States stay within `spread` of the start that these parameters give: far from it a closed pool can hold more of one
        form than there is in all, which no life leads to.  Unknowns stay as they start.
        """
        rng = np.random.default_rng(self.seed)
        fill, system = start_of(self.system), self.system
        unfixed = [np.nan] * len(system.states)
        u = np.array([row.nominal for row in system.inputs]) * 2.0 ** rng.uniform(-1, 1, (self.many, len(system.inputs)))
        given = np.isin([row.kind for row in system.inputs], ("given",))
        u[:, given] = np.array([row.nominal for row in system.inputs])[given]
        t, ys, ps = rng.uniform(0, 24, self.many), list[list[float]](), list[list[float]]()
        base = np.array(fill(0.0, unfixed, [np.nan] * len(system.params), list(u[0]))[1])
        for k in range(self.many):
            p = [self._drawn(base[i], i, rng) for i in range(len(system.params))]
            y, p = fill(float(t[k]), unfixed, p, list(u[k]))
            ys.append(y)
            ps.append(p)
        y = np.array(ys).reshape(self.many, len(system.states))
        size = np.maximum(np.abs(y), [row.scale for row in system.states]) if system.states else y
        free = np.array([row.nonnegative for row in system.states], dtype=bool)
        turn = rng.uniform(-1, 1, y.shape)
        moved = np.where(free, np.where(y > 0, y, 0.01 * size) * self.spread**turn, y + (self.spread - 1) * size * turn)
        return t, np.where(system.differential, moved, y), np.array(ps).reshape(self.many, -1), u

    def _drawn(self, value: float, index: int, rng: np.random.Generator) -> float:
        row = self.system.params[index]
        if row.gsd == 1.0:
            return value if not self._calculated(index) else float("nan")
        return float(np.clip(value * row.gsd ** rng.uniform(-2, 2), *row.bounds))

    def _calculated(self, index: int) -> bool:
        return not isinstance(self.system.params[index].initial, Const)

    def law(self, exprs: Sequence[Expr]) -> Law:
        """These expressions as one function over arrays of points."""
        graph = Graph(self.system)
        return arrays(graph, graph.add(exprs))

    @cached_property
    def rates(self) -> Law:
        """Rates and residuals, [n, state]."""
        return self.law(self.system.rates)

    @cached_property
    def slopes(self) -> tuple[list[tuple[int, int]], Law]:
        """The places and the values [n, entry] of the symbolic Jacobian."""
        entries = jacobian(self.system).entries
        return [(i, j) for i, j, _ in entries], self.law([expr for _, _, expr in entries])
