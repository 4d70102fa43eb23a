"""How one person begins: given values, initial expressions, unknowns that fit; or a moment to go on from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from neurohumor.engine.backends.reference.body import Body, Stopped
from neurohumor.engine.backends.reference.kernel import Kernel
from neurohumor.engine.problem import Batch, Moment
from neurohumor.engine.status import Code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROUNDS = 100
"""Turns between initial expressions and the unknowns that they read."""


def beginning(kernel: Kernel, batch: Batch, k: int) -> Moment:
    """The moment at which person k of a batch begins, before anything happens; unknowns are still guesses."""
    if batch.starts is not None:
        return batch.starts[k]
    system = kernel.system
    u = np.where(np.isnan(batch.inputs[k]), [row.nominal for row in system.inputs], batch.inputs[k]) if system.inputs else np.zeros(0)
    y, p = kernel.start(float(batch.start[k]), batch.states[k].tolist(), batch.params[k].tolist(), u.tolist())
    return Moment(float(batch.start[k]), np.array(y), np.array(p), u, np.zeros(len(u)))


def begin(body: Body, batch: Batch, k: int) -> None:
    """Make a first moment whole: unknowns that fit, and the initial values that read them.  Raises Stopped."""
    kernel = body.kernel
    change = np.zeros(len(body.y))
    for _ in range(ROUNDS):
        if not np.isfinite(body.y).all():
            state = int(np.argmin(np.isfinite(body.y)))
            raise Stopped(Code.NOT_FINITE, body.t, kernel.names[state], f"its initial value is {body.y[state]}")
        body.jumped()
        if not kernel.unknown_read:
            return
        given = batch.states[k].copy()
        given[kernel.unknown] = body.y[kernel.unknown]
        y, p = kernel.start(body.t, given.tolist(), batch.params[k].tolist(), body.inputs(body.t))
        change = np.abs(np.array(y) - body.y) / (np.abs(body.y) + kernel.scale)
        body.y, body.p, body.c = np.array(y), p, kernel.constants(p)
        if not change.size or float(np.nan_to_num(change, nan=np.inf).max()) <= 1e-14:
            return
    raise Stopped(Code.ALGEBRAIC, body.t, kernel.names[int(np.argmax(change))], "initial values and balances do not settle on one another")
