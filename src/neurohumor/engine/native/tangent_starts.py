"""Slopes at the start: how initial values and parameters change along a direction, through initial expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from neurohumor.emit.tape import Rows, Tape
from neurohumor.emit.tape_numpy import Starts, evaluator
from neurohumor.emit.tape_tangents import seeds, tangents
from neurohumor.engine.problem import Batch
from neurohumor.lang.expr import Const

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class StartSlopes:
    """Derivatives of the numbers at the start by one of them."""

    def __init__(self, starts: Starts, batch: Batch, numbers: tuple[Floats, Floats, Floats]) -> None:
        """numbers: states, params, inputs [person, row] at the start"""
        self.starts, self.batch = starts, batch
        self.numbers = tuple(np.ascontiguousarray(a.T) for a in numbers)
        tape = Tape()
        self._rows = Rows(starts.system, tape)
        counts = {"state": len(starts.system.states), "param": len(starts.system.params)}
        self._seeds = seeds(tape, [(kind, i) for kind, n in counts.items() for i in range(n)])
        self._known: dict[tuple[str, int], Callable[..., Any] | None] = {}
        system = starts.system
        self._open: list[tuple[str, int]] = []  # rows whose initial values are expressions here, in order
        for kind, row in starts.sorted_rows if batch.starts is None else ():
            initial = (system.states if kind == "state" else system.params)[row].initial
            if not isinstance(initial, Const) and np.isnan((batch.states if kind == "state" else batch.params)[:, row]).any():
                self._open.append((kind, row))

    def by(self, moved: tuple[str, int] | None) -> tuple[Floats, Floats]:
        """(states, params) [person, row] by ("param" | "state", row), which counts as given, whatever its own expression says."""
        y, p, u = self.numbers
        dy, dp, du = np.zeros_like(y), np.zeros_like(p), np.zeros_like(u)
        if moved is not None:
            (dy if moved[0] == "state" else dp)[moved[1]] = 1.0
        for kind, row in self._open if moved is not None else ():
            change = self._change(kind, row) if (kind, row) != moved else None
            if change is not None:
                target, given = (dy, self.batch.states) if kind == "state" else (dp, self.batch.params)
                found = change(self.batch.start, y, p, u, None, (dy, dp, du))[0]
                target[row] = np.where(np.isnan(given[:, row]), found, 0.0)
        return np.ascontiguousarray(dy.T), np.ascontiguousarray(dp.T)

    def _change(self, kind: str, row: int) -> Callable[..., Any] | None:
        """How an initial expression changes along a direction; None where it does not."""
        if (kind, row) not in self._known:
            system, tape = self.starts.system, self._rows.tape
            expr = (system.states if kind == "state" else system.params)[row].initial
            found = tangents(tape, [self._rows.take(expr)], self._seeds)[0]
            self._known[kind, row] = None if found is None else evaluator(tape, [found])
        return self._known[kind, row]
