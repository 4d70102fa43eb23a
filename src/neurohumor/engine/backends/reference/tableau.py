"""Radau IIA collocation with any odd number of stages, from its definition: nodes, matrices, error estimate, dense output.

Hairer and Wanner, Solving Ordinary Differential Equations II, sections IV.5 and IV.8.  Computed in 60-digit decimals.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Complexes = NDArray[np.complex128]

Table = list[list[Decimal]]


@dataclass(frozen=True, slots=True)
class Tableau:
    """The method with s stages: order 2s - 1, error estimate and dense output of order s.

    nodes        c, the last one is 1
    inverse      A^-1
    real         the real eigenvalue of A^-1;  pairs: one of each complex pair
    to_modes     rows of V^-1: the real one, then one of each pair;  from_real, from_pairs: columns of V, pairs counted twice
    estimate     e: the error is (real/h - J)^-1 (f0 + (e Z) real/h)
    dense        Q = dense @ Z: y(theta) = y0 + sum of Q[k] theta^(k+1)
    probe        the middle of the widest gap between nodes; probe_value, probe_slope: y(probe) - y0 and y'(probe) from Z
    """

    stages: int
    nodes: Floats
    inverse: Floats
    real: float
    pairs: Complexes
    to_modes: Complexes
    from_real: Floats
    from_pairs: Complexes
    estimate: Floats
    dense: Floats
    probe: float
    probe_value: Floats
    probe_slope: Floats


@cache
def tableau(stages: int) -> Tableau:
    """The method with this many stages (1, 3, 5 or 7)."""
    with localcontext() as context:
        context.prec = 60
        c = _nodes(stages)
        powers = [[node**k for k in range(1, stages + 1)] for node in c]  # y of the stages from monomial coefficients
        slopes = [[k * node ** (k - 1) for k in range(1, stages + 1)] for node in c]
        dense = _inverse(powers)
        inverse = _product(slopes, dense)  # A^-1: stage values to h times stage slopes
        ainv = np.array(inverse, dtype=float)
        found: Any = np.linalg.eig(ainv.astype(complex))
        values, vectors = found.eigenvalues, found.eigenvectors
        back: Any = np.linalg.inv(vectors)
        first = int(np.argmin(abs(values.imag)))
        upper = [k for k in range(stages) if values[k].imag > 1e-9]
        real = float(values[first].real)
        quadrature = [[node**k for node in c] for k in range(stages)]
        shift = [-(1 / Decimal(real)) * row[0] for row in _inverse(quadrature)]  # weights of the embedded formula minus b
        estimate = [sum((shift[i] * inverse[i][j] for i in range(stages)), Decimal(0)) for j in range(stages)]
    nodes, monomials = np.array(c, dtype=float), np.array(dense, dtype=float)
    gap = int(np.argmax(np.diff(nodes))) if stages > 1 else 0
    probe = float(nodes[gap : gap + 2].mean()) if stages > 1 else 0.5
    orders = np.arange(stages)
    return Tableau(
        stages,
        nodes,
        ainv,
        real,
        values[upper],
        back[[first, *upper]],
        vectors[:, first].real.copy(),
        2.0 * vectors[:, upper],
        np.array(estimate, dtype=float),
        monomials,
        probe,
        np.asarray(probe ** (orders + 1.0) @ monomials, dtype=float),
        np.asarray(((orders + 1.0) * probe**orders) @ monomials, dtype=float),
    )


def _nodes(stages: int) -> list[Decimal]:
    """The roots of d^(s-1)/dx^(s-1) of x^(s-1) (x-1)^s, by Newton from the eigenvalues of its companion matrix."""
    poly = [Decimal(0)] * (2 * stages)
    sign = Decimal(1)
    binomial = 1
    for k in range(stages, -1, -1):  # (x-1)^s, highest power first
        poly[k + stages - 1] = sign * binomial
        binomial = binomial * k // (stages - k + 1)
        sign = -sign
    for _ in range(stages - 1):
        poly = [k * poly[k] for k in range(1, len(poly))]
    guesses = sorted(np.roots([float(a) for a in reversed(poly)]).real)
    return [_root(poly, Decimal(float(x))) for x in guesses]


def _root(poly: list[Decimal], x: Decimal) -> Decimal:
    for _ in range(60):
        value = slope = Decimal(0)
        for a in reversed(poly):
            slope = slope * x + value
            value = value * x + a
        step = value / slope
        x -= step
        if abs(step) < Decimal("1e-55"):
            break
    return x


def _product(a: Table, b: Table) -> Table:
    return [[sum((x * y for x, y in zip(row, column, strict=True)), Decimal(0)) for column in zip(*b, strict=True)] for row in a]


def _inverse(matrix: Table) -> Table:
    """Gauss and Jordan with row pivots."""
    n = len(matrix)
    work = [list(row) + [Decimal(int(i == j)) for j in range(n)] for i, row in enumerate(matrix)]
    for k in range(n):
        best = max(range(k, n), key=lambda i: abs(work[i][k]))
        work[k], work[best] = work[best], work[k]
        work[k] = [x / work[k][k] for x in work[k]]
        for i in range(n):
            if i != k:
                factor = work[i][k]
                work[i] = [x - factor * y for x, y in zip(work[i], work[k], strict=True)]
    return [row[n:] for row in work]
