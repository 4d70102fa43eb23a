"""Slopes at the start: how initial values and parameters change along a direction, through initial expressions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from neurohumor.emit.tape import Node, Rows, Tape
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
        self._known: dict[tuple[str, int], Callable[..., Any] | None] = {}
        system = starts.system
        self._open: list[tuple[str, int]] = []  # rows whose initial values are expressions here, in order
        for kind, row in starts.sorted_rows if batch.starts is None else ():
            initial = (system.states if kind == "state" else system.params)[row].initial
            if not isinstance(initial, Const) and np.isnan((batch.states if kind == "state" else batch.params)[:, row]).any():
                self._open.append((kind, row))

    @cached_property
    def _rows(self) -> Rows:
        return Rows(self.starts.system, Tape(), lazy=True)

    @cached_property
    def _seeds(self) -> dict[Node, Node]:
        counts = {"state": len(self.starts.system.states), "param": len(self.starts.system.params)}
        return seeds(self._rows.tape, [(kind, i) for kind, n in counts.items() for i in range(n)])

    def by(self, moved: tuple[str, int] | None) -> tuple[Floats, Floats]:
        """(states, params) [person, row] by ("param" | "state", row), which counts as given, whatever its own expression says."""
        y, p, u = self.numbers
        dy, dp, du = np.zeros_like(y), np.zeros_like(p), np.zeros_like(u)
        if moved is not None:
            (dy if moved[0] == "state" else dp)[moved[1]] = 1.0
        following = self.starts.following(*moved) if moved is not None and self._open else set()
        for kind, row in self._open:
            change = self._change(kind, row) if (kind, row) in following and (kind, row) != moved else None
            if change is not None:
                target, given = (dy, self.batch.states) if kind == "state" else (dp, self.batch.params)
                found = change(self.batch.start, y, p, u, d=(dy, dp, du))[0]
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
