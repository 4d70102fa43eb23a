"""Algebraic rows: their unknowns at a time, by Newton's method with steps held back while they do not bring a solution nearer.

Deuflhard, Newton Methods for Nonlinear Problems, section 3.3 (natural monotonicity).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Residual = Callable[["Floats"], "Floats"]

ROUNDS, DAMPINGS = 60, 14
ENOUGH, PASSABLE = 1e-13, 1e-9
FARTHEST = 0.5
"""The longest step, as a share of |z| + scale: a longer one could leap over a pole onto another branch of solutions."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Typical sizes of the unknowns, and which of them cannot be negative: those are approached from where they are positive."""

    scale: Floats
    nonnegative: NDArray[np.bool_]


def solve_unknowns(residual: Residual, slope: Residual, z: Floats, sizes: Sizes) -> tuple[Floats | None, int]:
    """z with residual(z) = 0 near the given one, and -1; or None and the unknown at fault.

    slope  the matrix d residual / d z at a z
    """
    g = residual(z)
    before, worst = np.inf, 0
    for _ in range(ROUNDS):
        if not np.isfinite(g).all():
            return None, int(np.argmin(np.isfinite(g)))
        solve = _solver(slope(z))
        if solve is None:
            return None, int(np.argmax(np.abs(g)))
        step = -solve(g)
        size = np.abs(step) / (np.abs(z) + sizes.scale)
        norm, worst = float(size.max()), int(np.argmax(size))
        if not np.isfinite(norm):
            return None, int(np.argmin(np.isfinite(size)))
        if norm <= ENOUGH or (norm <= PASSABLE and norm >= 0.5 * before):
            return z + step, -1
        before = norm
        moved = _held_back(residual, solve, z, step, sizes)
        if moved is None:
            return (z, -1) if norm <= PASSABLE else (None, worst)
        z, g, correction = moved
        if float(np.max(np.abs(correction) / (np.abs(z) + sizes.scale))) <= ENOUGH:
            return z + correction, -1
    return None, worst


def from_afar(residual: Residual, slope: Residual, z: Floats, sizes: Sizes) -> tuple[Floats | None, int]:
    """As `solve_unknowns`, from a poor guess: trust-region and least-squares searches, then guesses of the unknowns' sizes."""
    from scipy.optimize import root

    worst, scale = 0, sizes.scale
    for guess in (z, scale, np.zeros_like(z), -scale):
        for method in ("hybr", "lm"):
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = root(lambda x: np.nan_to_num(residual(x * scale), nan=1e30), guess / scale, method=method).x * scale
            solved, worst = solve_unknowns(residual, slope, found, sizes) if np.isfinite(found).all() else (None, 0)
            if solved is not None:
                return solved, -1
    return None, worst


def _held_back(residual: Residual, solve: Residual, z: Floats, step: Floats, sizes: Sizes) -> tuple[Floats, Floats, Floats] | None:
    """The longest of the allowed step, its half, its quarter ... after which the same matrix asks for less.

    Gives z, the residual there and what the matrix then asks for; None where no step helps.
    """
    weight = np.abs(z) + sizes.scale
    norm = float(np.max(np.abs(step) / weight))
    share = min(1.0, FARTHEST / norm)
    falling = sizes.nonnegative & (z > 0.0) & (step < 0.0)
    if falling.any():
        share = min(share, float(np.min(0.9 * z[falling] / -step[falling])))
    for _ in range(DAMPINGS):
        moved = z + share * step
        g = residual(moved)
        if np.isfinite(g).all():
            correction = -solve(g)
            if float(np.max(np.abs(correction) / weight)) <= (1.0 - share / 4.0) * norm:
                return moved, g, correction
        share *= 0.5
    return None


def _solver(matrix: Floats) -> Residual | None:
    """What solves with this matrix, rows scaled to their largest entry; None where it is singular."""
    if not np.isfinite(matrix).all():
        return None
    rows = np.abs(matrix).max(axis=1)
    if not (rows > 0).all():
        return None
    try:
        inverse = np.linalg.inv(matrix / rows[:, None])
    except np.linalg.LinAlgError:
        return None
    return lambda g: inverse @ (g / rows)
