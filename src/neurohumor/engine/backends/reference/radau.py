"""A stepper for stiff equations: Radau IIA collocation with error control, as in Hairer and Wanner, section IV.8.

Own rather than SciPy's: three, five or seven stages by tolerance, so that values between steps are as good as those at their
ends; a step that meets an infinite rate is shortened and tells which state was at fault.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.linalg import lapack

from neurohumor.engine.backends.reference.tableau import Tableau, tableau
from neurohumor.engine.status import Code

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

dgetrf, dgetrs, zgetrf, zgetrs = (getattr(lapack, name) for name in ("dgetrf", "dgetrs", "zgetrf", "zgetrs"))

Rates = Callable[[float, "Floats"], "Floats"]
"""dy/dt at a time and state; NaN or infinite where it is undefined."""

GROWTH, SHRINKAGE, SAFETY = 8.0, 0.2, 0.9
DIPS = 20
"""How often steps are shortened fourfold because a state would end below its floor, before one that does is taken."""
EPS = float(np.finfo(float).eps)


class StepFailed(Exception):
    """No step from here: a code of `Status` and the number of the state at fault (-1: none in particular)."""

    def __init__(self, code: Code, state: int) -> None:
        super().__init__(code.value)
        self.code, self.state = code, state


@dataclass(frozen=True, slots=True)
class Tolerances:
    """rtol; atol per state; floor: a step that ends with a state below it is tried again, shorter; max_step in units of time."""

    rtol: float
    atol: Floats
    floor: Floats
    max_step: float = math.inf

    @property
    def stages(self) -> int:
        """More stages where tolerances are tight."""
        return 3 if self.rtol > 1e-3 else 5 if self.rtol > 2e-8 else 7


@dataclass(frozen=True, slots=True)
class Piece:
    """The solution over one step, [start, end]: y(start + theta * width) = y + sum of powers[k] * theta^(k+1); `last` at its end."""

    start: float
    end: float
    y: Floats
    powers: Floats
    last: Floats

    def at(self, t: float) -> Floats:
        """The state at a time within the step."""
        theta = (t - self.start) / (self.end - self.start)
        value = self.powers[-1] * theta
        for k in range(len(self.powers) - 2, -1, -1):
            value = (value + self.powers[k]) * theta
        return self.y + value

    def many(self, times: Floats) -> Floats:
        """The states at several times, [time, state]."""
        theta = (times - self.start) / (self.end - self.start)
        return self.y + np.power.outer(theta, np.arange(1, len(self.powers) + 1)) @ self.powers


class Radau:
    """Steps dy/dt = rates(t, y) with the given Jacobian from (t, y); `step(bound)` returns the piece it added.

    `counts` gathers steps, rejected, jacobians, factorisations.
    """

    def __init__(self, rates: Rates, jacobian: Rates, tolerances: Tolerances, counts: Counter[str]) -> None:
        self.rates, self.jacobian, self.tolerances, self.counts = rates, jacobian, tolerances, counts
        self.method: Tableau = tableau(tolerances.stages)
        s = self.method.stages
        self.most = 7 + 5 * (s - 3) // 2
        self.newton = max(10 * EPS / tolerances.rtol, min(0.03, math.sqrt(tolerances.rtol)))
        self.power = -1.0 / (s + 1)

    def start(self, t: float, y: Floats, bound: float, hint: float = 0.0) -> None:
        """Begin at (t, y).  `hint`: a step that was right shortly before; at least a tenth of it is tried first."""
        self.t, self.y = t, y
        self.f = self.rates(t, y)
        if not np.isfinite(self.f).all():
            raise StepFailed(Code.NOT_FINITE, int(np.argmin(np.isfinite(self.f))))
        self.piece: Piece | None = None
        self.h = max(self._first(bound), 0.1 * hint) if len(y) else bound - t
        self.h_before = self.error_before = 0.0
        self.lus: list[Any] = []
        self.h_factored = 0.0
        self.current = False
        self.jac = np.zeros((len(y), len(y)))
        self.stale = True
        self.rejected, self.worst, self.dips = False, -1, 0

    def step(self, bound: float) -> Piece:
        """One accepted step, no further than `bound`, which it reaches exactly.  Raises StepFailed."""
        code, state = Code.STEP_TOO_SMALL, self.worst
        if not len(self.y):
            return self._idle(bound)
        while True:
            h = min(self.h, self.tolerances.max_step)
            end = bound if self.t + 1.0001 * h >= bound else self.t + h
            h = end - self.t
            if h <= 4 * math.ulp(self.t) and end != bound:
                raise StepFailed(code, state)
            if self.stale:
                self._refresh()
            if h != self.h_factored and not self._factor(h):
                code, state = Code.SINGULAR, self._loosest()
                self._again(h * 0.5)
                continue
            Z, rounds, state = self._newton(h)
            if Z is None:
                code = Code.NOT_FINITE if rounds < 0 else Code.STEP_TOO_SMALL
                if self.current:
                    self._again(h * 0.5)
                else:
                    self.stale = True
                continue
            error, state = self._error(h, Z)
            self.worst = state
            code = Code.STEP_TOO_SMALL
            factor = SAFETY * (2 * self.most + 1) / (2 * self.most + rounds)
            if error > 1.0:
                self.counts["rejected"] += 1
                self._again(h * max(SHRINKAGE, factor * error**self.power))
                continue
            if self.dips < DIPS and (self.y + Z[-1] < self.tolerances.floor).any():
                self.dips += 1
                self.counts["rejected"] += 1
                self._again(0.25 * h)
                continue
            after = self.rates(end, self.y + Z[-1])
            if not np.isfinite(after).all():
                code, state = Code.NOT_FINITE, int(np.argmin(np.isfinite(after)))
                self._again(h * 0.5)
                continue
            return self._accept(end, Z, after, min(GROWTH, factor * self._predicted(h, error)))

    def _again(self, h: float) -> None:
        self.h, self.rejected = h, True
        if h < 4 * math.ulp(self.t):
            self.h = 0.0

    def _accept(self, end: float, Z: Floats, after: Floats, growth: float) -> Piece:
        h = end - self.t
        self.piece = Piece(self.t, end, self.y, self.method.dense @ Z, self.y + Z[-1])
        slow = self.rounds > 2 and self.rate > 1e-3
        if self.rejected:
            growth = min(growth, 1.0)
        if not slow and 1.0 <= growth < 1.2:
            growth = 1.0
        self.h_before, self.h = h, h * growth if h >= 0.5 * self.h or growth < 1.0 else self.h
        self.t, self.y, self.f = end, self.piece.last, after
        self.stale, self.current, self.rejected = slow, False, False
        self.counts["steps"] += 1
        return self.piece

    def _idle(self, bound: float) -> Piece:
        start, end = self.t, self.t + self.tolerances.max_step
        self.t = end if end < bound else bound
        self.counts["steps"] += 1
        return Piece(start, self.t, self.y, np.zeros((self.method.stages, 0)), self.y)

    def _predicted(self, h: float, error: float) -> float:
        """Gustafsson's predictive factor."""
        factor = error**self.power if error > 0 else GROWTH
        if self.error_before > 0 and error > 0 and self.h_before > 0:
            factor *= min(1.0, h / self.h_before * (self.error_before / error) ** -self.power)
        self.error_before = max(error, 1e-2)
        return max(factor, SHRINKAGE)

    def _refresh(self) -> None:
        jac = self.jacobian(self.t, self.y)
        self.jac = jac if np.isfinite(jac).all() else np.nan_to_num(jac, nan=0.0, posinf=0.0, neginf=0.0)
        self.stale, self.current, self.h_factored = False, True, 0.0
        self.counts["jacobians"] += 1

    def _factor(self, h: float) -> bool:
        """LU of lambda/h - J for the real eigenvalue and one of each complex pair."""
        self.lus = []
        for k, eigenvalue in enumerate((self.method.real, *self.method.pairs)):
            matrix = -self.jac if k == 0 else -self.jac.astype(complex)
            matrix.flat[:: len(self.y) + 1] += eigenvalue / h
            lu, pivots, info = (zgetrf if k else dgetrf)(matrix, overwrite_a=True)
            if info:
                return False
            self.lus.append((lu, pivots))
        self.h_factored = h
        self.counts["factorisations"] += 1
        return True

    def _loosest(self) -> int:
        """The state that the Jacobian says least about."""
        return int(np.argmin(np.abs(self.jac).sum(axis=0)))

    def _guess(self, h: float) -> Floats:
        """Stage values from the polynomial of the step before."""
        if self.piece is None or self.rejected:
            return np.zeros((self.method.stages, len(self.y)))
        return self.piece.many(self.t + self.method.nodes * h) - self.y

    def _newton(self, h: float) -> tuple[Floats | None, int, int]:
        """Simplified Newton for the stages: (stages - y or None, rounds or -1 where a rate was infinite, state at fault)."""
        m, t, y, rates = self.method, self.t, self.y, self.rates
        scale = self.tolerances.atol + self.tolerances.rtol * np.abs(y)
        Z: Any = self._guess(h)
        F = np.empty_like(Z)
        before, rate, worst = 0.0, 0.0, -1
        for rounds in range(1, self.most + 1):
            for i in range(m.stages):
                F[i] = rates(t + m.nodes[i] * h, y + Z[i])
            if not np.isfinite(F).all():
                return None, -1, int(np.argmin(np.isfinite(F).all(axis=0)))
            modes = m.to_modes @ (F - m.inverse @ Z / h)
            step, _ = dgetrs(*self.lus[0], modes[0].real)
            D = np.outer(m.from_real, step)
            for k in range(1, len(self.lus)):
                step, _ = zgetrs(*self.lus[k], modes[k])
                D += np.outer(m.from_pairs[:, k - 1], step).real
            size = np.abs(D) / scale
            norm = float(size.max())
            worst = int(np.argmax(size.max(axis=0)))
            if not math.isfinite(norm):
                return None, -1, worst
            if rounds > 1:
                rate = norm / before if before > 0 else 0.0
                if rate >= 1 or rate ** (self.most - rounds) / (1 - rate) * norm > self.newton:
                    return None, rounds, worst
            Z += D
            if norm == 0 or (rounds > 1 and rate / (1 - rate) * norm < self.newton) or norm < 1e-3 * self.newton:
                self.rounds, self.rate = rounds, rate
                return Z, rounds, worst
            before = norm
        return None, self.most, worst

    def _error(self, h: float, Z: Floats) -> tuple[float, int]:
        """The scaled error estimate and the state where it is largest."""
        scale = self.tolerances.atol + self.tolerances.rtol * np.maximum(np.abs(self.y), np.abs(self.y + Z[-1]))
        rest = (self.method.estimate @ Z) * (self.method.real / h)
        error, _ = dgetrs(*self.lus[0], self.f + rest)
        size = np.abs(error) / scale
        if size.max() > 1 and (self.piece is None or self.rejected):
            filtered = self.rates(self.t, self.y + error)
            if np.isfinite(filtered).all():
                error, _ = dgetrs(*self.lus[0], filtered + rest)
                size = np.abs(error) / scale
        if size.max() <= 1:
            size = np.maximum(size, np.abs(self._between(h, Z)) / scale)
        worst = int(np.argmax(size))
        return (float(size[worst]), worst) if math.isfinite(size[worst]) else (1e9, worst)

    def _between(self, h: float, Z: Floats) -> Floats:
        """An error estimate between the nodes, where a stiff state that follows a slow one is not seen by the other estimate."""
        m = self.method
        slope = m.probe_slope @ Z / h
        defect = slope - self.rates(self.t + m.probe * h, self.y + m.probe_value @ Z)
        error, _ = dgetrs(*self.lus[0], defect)
        return error

    def _first(self, bound: float) -> float:
        """A first step from the sizes of y, its slope and its curvature (Hairer, Norsett, Wanner, II.4)."""
        scale = self.tolerances.atol + self.tolerances.rtol * np.abs(self.y)
        d0, d1 = np.abs(self.y / scale).max(), np.abs(self.f / scale).max()
        width = bound - self.t
        h = min(1e-6 * width if d0 < 1e-5 or d1 < 1e-5 else 0.01 * d0 / d1, width)
        bend = self.rates(self.t + h, self.y + h * self.f) - self.f
        d2 = np.abs(bend / scale).max() / h if np.isfinite(bend).all() else math.inf
        if not math.isfinite(d2):
            return h
        top = max(d1, d2)
        better = max(1e-6 * width, 1e-3 * h) if top <= 1e-15 else (0.01 / top) ** -self.power
        return min(100 * h, better, width)
