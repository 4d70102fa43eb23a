"""The rates of one segment as the stepper sees them: differential states alone, unknowns solved for inside.

Times beyond a foreseen jump are read as just before it, so that the rates of one segment are smooth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.engine.backends.reference.body import Body
from neurohumor.engine.backends.reference.crossings import stretch
from neurohumor.engine.backends.reference.intervals import Interval
from neurohumor.engine.backends.reference.kernel import Kernel
from neurohumor.engine.backends.reference.radau import Piece
from neurohumor.engine.backends.reference.tableau import tableau
from neurohumor.engine.backends.reference.unknowns import solve_unknowns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Slopes:
    """Rates and Jacobian between two jumps.

    bad   the last time and state at which a rate was not finite;  lost  the unknown that last had no solution, or -1
    """

    def __init__(self, kernel: Kernel, body: Body, before: float) -> None:
        self.kernel, self.body, self.before = kernel, body, before
        self.p, self.c = body.p, body.c
        self.z: Floats = body.y[kernel.unknown]
        self.near: Floats = self.z
        self.bad: tuple[float, Floats] | None = None
        self.lost = -1
        self._rates = kernel.of["rates"]

    def rates(self, t: float, y: Floats) -> Floats:
        """d y/dt of the differential states; NaN where an unknown has no solution."""
        self.body.counts["rhs"] += 1
        t = min(t, self.before)
        whole = self._with_unknowns(t, y) if len(self.kernel.unknown) else y
        if whole is None:
            return np.full(len(y), np.nan)
        found = np.array(self._rates(t, whole.tolist(), self.p, self.body.inputs(t), self.c))
        if not np.isfinite(found).all():
            self.bad = t, whole
        return found

    def jacobian(self, t: float, y: Floats) -> Floats:
        """d rates/d y, the unknowns following y."""
        t = min(t, self.before)
        kernel, u = self.kernel, self.body.inputs(t)
        if not len(kernel.unknown):
            return kernel.jacobian(t, y, self.p, u, self.c)
        whole = self._with_unknowns(t, y)
        if whole is None:
            return np.zeros((len(y), len(y)))
        full = kernel.jacobian(t, whole, self.p, u, self.c)
        d, z = kernel.differential, kernel.unknown
        follow = np.linalg.lstsq(full[np.ix_(z, z)], full[np.ix_(z, d)], rcond=None)[0]
        return full[np.ix_(d, d)] - full[np.ix_(d, z)] @ follow

    def whole(self, piece: Piece, y: Floats) -> Piece:
        """The step with the unknowns in it; `y`: all states at its start."""
        kernel = self.kernel
        if not len(kernel.unknown):
            return piece
        method = tableau(len(piece.powers))
        stages = np.empty((len(method.nodes), len(kernel.unknown)))
        for k, node in enumerate(method.nodes):
            t = piece.end if node == 1.0 else piece.start + node * (piece.end - piece.start)
            found = self._with_unknowns(min(t, self.before), piece.last if node == 1.0 else piece.at(t))
            stages[k] = self.near if found is None else found[kernel.unknown]
        powers = np.empty((len(piece.powers), len(y)))
        powers[:, kernel.differential] = piece.powers
        powers[:, kernel.unknown] = method.dense @ (stages - y[kernel.unknown])
        last = np.empty(len(y))
        last[kernel.differential], last[kernel.unknown] = piece.last, stages[-1]
        self.near = stages[-1]
        return Piece(piece.start, piece.end, y, powers, last)

    def at(self, piece: Piece, t: float) -> Floats:
        """All states at a time of a whole step, unknowns solved for."""
        if t == piece.end:
            return piece.last
        y = piece.at(t) if t != piece.start else piece.y
        if len(self.kernel.unknown) and t != piece.start:
            found = self._with_unknowns(t, y[self.kernel.differential], y[self.kernel.unknown])
            return y if found is None else found
        return y

    def many(self, piece: Piece, times: Floats) -> Floats:
        """All states at several times of a whole step, [time, state]."""
        if len(self.kernel.unknown):
            return np.array([self.at(piece, float(t)) for t in times])
        return piece.many(times)

    def bounds(self, piece: Piece, rows: Sequence[int], begin: float, end: float) -> dict[int, Interval]:
        """What these states can be between two times of a whole step."""
        found = stretch(piece, rows, begin, end)
        unknown = {int(k) for k in self.kernel.unknown} & found.keys()
        for row in unknown:  # their polynomials only come near them
            low, high = found[row]
            spread = 1e-4 * (self.kernel.scale[row] + max(abs(low), abs(high)))
            found[row] = low - spread, high + spread
        return found

    def _with_unknowns(self, t: float, y: Floats, guess: Floats | None = None) -> Floats | None:
        """All states, from the differential ones; None where an unknown has no solution near the last one."""
        kernel = self.kernel
        whole = np.empty(len(kernel.names))
        whole[kernel.differential] = y
        whole[kernel.unknown] = self.z
        residual, slope = kernel.balances(t, whole, (self.p, self.body.inputs(t), self.c))
        for start in (self.z if guess is None else guess, self.near):
            z, worst = solve_unknowns(residual, slope, start, kernel.sizes)
            if z is not None:
                self.lost = -1
                if guess is None:
                    self.z = z
                whole[kernel.unknown] = z
                return whole
        self.lost = worst
        return None
