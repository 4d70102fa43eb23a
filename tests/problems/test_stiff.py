"""The classic stiff problems, against published digits.

Sources: Mazzia and Magherini, Test Set for IVP Solvers, release 2.4 (HIRES, OREGO, Van der Pol, ROBER, E5); Hairer and Wanner,
Solving Ordinary Differential Equations II.
"""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.engine.problem import Stiff
from neurohumor.lang.system import System
from tests.problems.draft import Draft
from tests.problems.runs import solve


def hires() -> System:
    d = Draft("hires")
    y = [d.state(f"y{k}", {0: 1.0, 7: 0.0057}.get(k, 0.0), scale=s) for k, s in enumerate((1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01))]
    a = d.derived("a", 280.0 * y[5] * y[7])
    d.rate(y[0], -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007)
    d.rate(y[1], 1.71 * y[0] - 8.75 * y[1])
    d.rate(y[2], -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4])
    d.rate(y[3], 8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3])
    d.rate(y[4], -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6])
    d.rate(y[5], -a + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6])
    d.rate(y[6], a - 1.81 * y[6])
    d.rate(y[7], -a + 1.81 * y[6])
    return d.system()


def robertson(*, algebraic: bool = False) -> System:
    """Three species over eleven decades of time; `algebraic`: the third from the conservation of matter."""
    d = Draft("robertson")
    a, b, c = d.state("a", 1.0, scale=1e-6), d.state("b", 0.0, scale=1e-11), d.state("c", 0.0, scale=1e-3)
    slow, back, fast = 0.04 * a, 1e4 * b * c, 3e7 * b * b
    d.rate(a, back - slow)
    d.rate(b, slow - back - fast)
    if algebraic:
        d.balance(c, a + b + c - 1.0)
    else:
        d.rate(c, fast)
    return d.system()


def van_der_pol() -> System:
    d = Draft("vdp")
    x, v = d.state("x", 2.0), d.state("v", 0.0)
    mu = d.param("mu", 1000.0)
    d.rate(x, v)
    d.rate(v, mu * (1.0 - x**2) * v - x)
    return d.system()


def orego() -> System:
    d = Draft("orego")
    x, y, z = (d.state(name, value, scale=100.0) for name, value in (("x", 1.0), ("y", 2.0), ("z", 3.0)))
    d.rate(x, 77.27 * (y + x * (1.0 - 8.375e-6 * x - y)))
    d.rate(y, (z - (1.0 + x) * y) / 77.27)
    d.rate(z, 0.161 * (x - z))
    return d.system()


def e5() -> System:
    """Concentrations down to 1e-25, times up to 1e13."""
    d = Draft("e5")
    A, B, C, M = 7.89e-10, 1.1e7, 1.13e3, 1e6
    y = [d.state(f"y{k}", v, scale=s) for k, (v, s) in enumerate(((1.76e-3, 1e-23), (0.0, 1e-23), (0.0, 1e-23), (0.0, 1e-23)))]
    d.rate(y[0], -A * y[0] - B * y[0] * y[2])
    d.rate(y[1], A * y[0] - M * C * y[1] * y[2])
    d.rate(y[2], A * y[0] - B * y[0] * y[2] - M * C * y[1] * y[2] + C * y[3])
    d.rate(y[3], B * y[0] * y[2] - C * y[3])
    return d.system()


PUBLISHED = {
    "hires": (hires(), 321.8122, [
        0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2,
        0.2386356198831331e-2, 0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2,
    ]),
    "robertson": (robertson(), 1e11, [0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050]),
    "robertson, algebraic": (robertson(algebraic=True), 1e11, [0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050]),
    "van der pol": (van_der_pol(), 2000.0, [0.1706167732170483e1, -0.8928097010247975e-3]),
    "orego": (orego(), 360.0, [0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3]),
    "e5": (e5(), 1e13, [0.1152903278711829e-290, 0.8867655517642120e-22, 0.8854814626268838e-22, 0.0]),
}  # fmt: skip


@pytest.mark.parametrize("rtol", [1e-4, 1e-6, 1e-8, 1e-10])
@pytest.mark.parametrize("name", ["hires", "robertson", "robertson, algebraic", "van der pol", "orego"])
def test_published_digits_are_reached(name: str, rtol: float):
    system, end, digits = PUBLISHED[name]
    course = solve(system, [0.0, end], options=Stiff(rtol=rtol))
    assert course.status.ok, course.status
    error = np.abs(course.states[-1] / digits - 1.0).max()
    assert error < max(3.0 * rtol, 2e-12)


def test_e5():
    """Published digits hold to the size that its tolerance counts; the first state ends at 1e-291, far below it."""
    system, end, digits = PUBLISHED["e5"]
    course = solve(system, [0.0, end], options=Stiff(rtol=1e-8, atol=1e-3))
    assert course.status.ok, course.status
    assert np.allclose(course.states[-1, 1:3], digits[1:3], rtol=1e-5)
    assert abs(course.states[-1, 0]) < 1e-25


@pytest.mark.parametrize("name", ["hires", "van der pol", "orego"])
def test_values_between_steps_are_as_good_as_those_at_their_ends(name: str):
    system, end, _ = PUBLISHED[name]
    times = np.linspace(0.0, end, 2000)
    fine = solve(system, times, options=Stiff(rtol=1e-11)).states
    scale = np.abs(fine) + 1e-3
    for rtol in (1e-5, 1e-7):
        course = solve(system, times, options=Stiff(rtol=rtol))
        slack = 300.0 if name != "hires" else 1.0  # relaxation oscillators turn an error of time into one of value
        assert np.abs((course.states - fine) / scale).max() < slack * rtol


def test_tighter_tolerances_give_smaller_errors():
    system, end, digits = PUBLISHED["orego"]
    errors = []
    for rtol in (1e-3, 1e-5, 1e-7, 1e-9):
        course = solve(system, [0.0, end], options=Stiff(rtol=rtol))
        errors.append(np.abs(course.states[-1] / digits - 1.0).max())
    assert errors == sorted(errors, reverse=True)


def test_an_oscillator_keeps_its_amplitude():
    """A thousand radians of a harmonic oscillator."""
    d = Draft()
    x, v = d.state("x", 1.0), d.state("v", 0.0)
    d.rate(x, v)
    d.rate(v, -x)
    times = np.linspace(0.0, 1000.0, 5001)
    course = solve(d.system(), times, options=Stiff(rtol=1e-9))
    assert np.abs(course.of(x) - np.cos(times)).max() < 1e-6
