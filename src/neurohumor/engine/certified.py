"""How far a solve is from one ten times tighter: the error that was achieved, of each state and of each output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.engine.problem import Batch, Program, Solved, Stiff
from neurohumor.lang.system import Leaf, System

if TYPE_CHECKING:
    from neurohumor.engine.problem import Floats

TIGHTER = 0.1
SMALL = 1e-3
"""An output has no size of its own: below this share of its largest value in a window it counts as being as large."""


def certified(program: Program, batch: Batch, options: Stiff, solve: Callable[[Stiff, float], Solved]) -> Solved:
    """The solve at these options, with what it achieved; `solve` is also told which share of all work is done when it begins."""
    fraction = options.rtol * 1e-3 if options.atol is None else options.atol
    rough = solve(replace(options, certify=False), 0.0)
    fine = solve(replace(options, rtol=TIGHTER * options.rtol, atol=TIGHTER * fraction, certify=False), 0.5)
    good = [k for k, status in enumerate(rough.statuses) if status.ok]
    base = fraction / options.rtol * np.array([row.scale for row in program.system.states])
    states = np.full(len(program.system.states), np.nan)
    rows = output_rows(program.system)
    outputs = np.full(len(rows), np.nan)
    for window, times in enumerate(batch.windows):
        if not times.shape[1]:
            continue
        for k in good:
            a, b = rough.states[window][k], fine.states[window][k]
            states = np.fmax(states, _worst(a, b, np.abs(b) + base))
            if rows:
                a, b = (_derived(program, times[k], solved, window, k)[:, list(rows.values())] for solved in (rough, fine))
                outputs = np.fmax(outputs, _worst(a, b, np.maximum(np.abs(b), SMALL * np.abs(b).max(axis=0))))
    return replace(rough, achieved=states, achieved_outputs=outputs)


def output_rows(system: System) -> dict[str, int]:
    """The derived row of each quantity that one gives, by the quantity's name; those that are a state are among the states."""
    return {name: leaf.index for name, leaf in system.quantities.items() if isinstance(leaf, Leaf) and leaf.kind == "derived"}


def _worst(rough: Floats, fine: Floats, size: Floats) -> Floats:
    """[row] the largest error over [time, row]; infinite where the tighter solve has no number."""
    error = np.divide(np.abs(rough - fine), size, out=np.zeros_like(fine), where=(size > 0) | np.isnan(size))
    return np.where(np.isnan(error), np.inf, error).max(axis=0)


def _derived(program: Program, times: Floats, solved: Solved, window: int, k: int) -> Floats:
    """[time, derived] of one person."""
    y, u = solved.states[window][k], solved.inputs[window][k]
    if solved.params is None:
        return program.derived(times, y, np.broadcast_to(solved.moments[k].p, (len(times), len(program.system.params))), u)
    return program.derived(times, y, solved.params[window][k], u)
