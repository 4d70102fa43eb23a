"""The classic stiff set: Robertson, HIRES, the Oregonator, Van der Pol.  Equations and published ends: Hairer & Wanner, Solving
Ordinary Differential Equations II; Mazzia & Magherini, Test Set for Initial Value Problem Solvers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from problems_networks import Rows

from neurohumor.lang.system import System

Posed = tuple[System, "NDArray[np.float64]"]


def hires() -> Posed:
    """Eight states, to 321.8122."""
    m = Rows()
    y = [m.state(k) for k in range(8)]
    k1, k2, k3, k4, k5, k6 = (m.param(f"k{i + 1}", v) for i, v in enumerate((1.71, 0.43, 8.32, 0.69, 0.035, 8.32)))
    plus, minus, star, source = m.param("kplus", 280.0), m.param("kminus", 0.69), m.param("kstar", 0.69), m.param("oks", 0.0007)
    binding = plus * y[5] * y[7]
    rates = [
        -k1 * y[0] + k2 * y[1] + k6 * y[2] + source,
        k1 * y[0] - (k2 + k3) * y[1],
        -(k6 + k1) * y[2] + k2 * y[3] + k5 * y[4],
        k3 * y[1] + k1 * y[2] - (k4 + k2) * y[3],
        -(k1 + k5) * y[4] + k2 * y[5] + k2 * y[6],
        -binding + k4 * y[3] + k1 * y[4] - k2 * y[5] + minus * y[6],
        binding - (k2 + minus + star) * y[6],
        -binding + (k2 + minus + star) * y[6],
    ]
    return m.system("hires", [1.0, 0, 0, 0, 0, 0, 0, 0.0057], rates), np.array([*np.linspace(0, 320, 41), 321.8122])


def robertson() -> Posed:
    """Three states, to 1e6, sampled at every decade."""
    m = Rows()
    a, b, c = (m.state(k) for k in range(3))
    one = m.param("k1", 0.04) * a - m.param("k2", 1e4) * b * c
    two = m.param("k3", 3e7) * b * b
    return m.system("robertson", [1.0, 0.0, 0.0], [-one, one - two, two]), np.array([0.0, *10.0 ** np.arange(-1, 7)])


def oregonator() -> Posed:
    """Three states, to 360."""
    m = Rows()
    a, b, c = (m.state(k) for k in range(3))
    s, q, w = m.param("s", 77.27), m.param("q", 8.375e-6), m.param("w", 0.161)
    rates = [s * (b + a * (1 - q * a - b)), (c - (1 + a) * b) / s, w * (a - c)]
    return m.system("oregonator", [1.0, 2.0, 3.0], rates), np.linspace(0, 360.0, 37)


def van_der_pol() -> Posed:
    """Two states, stiffness 1000, to 2000."""
    m = Rows()
    x, v = m.state(0), m.state(1)
    rates = [v, m.param("mu", 1000.0) * (1 - x * x) * v - x]
    return m.system("van der pol", [2.0, 0.0], rates, nonnegative=False), np.linspace(0, 2000.0, 41)


CLASSIC: Mapping[str, Callable[[], Posed]] = {
    "hires": hires, "robertson": robertson, "oregonator": oregonator, "vanderpol": van_der_pol
}
TITLES = {"hires": "HIRES", "robertson": "Robertson, to 1e6", "oregonator": "Oregonator", "vanderpol": "Van der Pol, stiffness 1000"}
PUBLISHED = {
    "hires": (
        0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2, 0.2386356198831331e-2,
        0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2,
    ),
    "oregonator": (0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3),
    "vanderpol": (0.1706167732170469e1, -0.8928097010248125e-3),
}  # fmt: skip
"""States at the end, of the nominal person."""
