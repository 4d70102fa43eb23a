"""Random networks of saturating reactions, stiff over seven decades, with doses: SciPy's solvers agree."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from neurohumor.engine.backends.reference.kernel import Kernel
from neurohumor.engine.problem import Action, Entry, Stiff
from neurohumor.lang.expr import Const, Expr
from neurohumor.lang.rates import cos, hill, inhibition, mm
from neurohumor.lang.system import System
from tests.problems.draft import Draft
from tests.problems.runs import solve


def network(seed: int, size: int = 8) -> System:
    """Each state is made, lost, and turned into others by Michaelis-Menten laws that yet others drive or hold back."""
    random = np.random.default_rng(seed)
    d = Draft(f"network {seed}")
    y = [d.state(f"y{k}", float(random.uniform(0.1, 2.0)), nonnegative=True) for k in range(size)]
    phase = d.param("phase", float(random.uniform(0.0, 24.0)))
    rates: list[Expr] = []
    for k in range(size):
        make = d.param(f"make{k}", float(10.0 ** random.uniform(-2, 1)))
        rhythm = 1.0 + 0.8 * cos((d.t - phase) * (2.0 * np.pi / 24.0))
        rates.append(make * rhythm * inhibition(y[int(random.integers(size))], 1.0, 2.0) - make * y[k])
    for _ in range(2 * size):
        a, b, c = (int(k) for k in random.choice(size, 3, replace=False))
        top = d.param(f"top{len(d.params)}", float(10.0 ** random.uniform(-3, 4)))
        flux = mm(y[a], top, float(10.0 ** random.uniform(-1, 1))) * (Const(0.1) + hill(y[c], 0.5, float(random.uniform(1, 3))))
        rates[a], rates[b] = rates[a] - flux, rates[b] + flux
    for k in range(size):
        d.rate(y[k], rates[k])
    return d.system()


@pytest.mark.parametrize("method", ["Radau", "LSODA"])
@pytest.mark.parametrize("seed", range(4))
def test_scipy_agrees(seed: int, method: str):
    from scipy.integrate import solve_ivp

    system = network(seed)
    doses = [Entry(t, Action.ADD_STATE, k, 3.0) for t, k in ((5.0, 0), (11.5, 3), (11.5, 1), (30.0, 5))]
    times = np.linspace(0.0, 48.0, 97)
    course = solve(system, times, doses, options=Stiff(rtol=1e-9))
    assert course.status.ok, course.status
    kernel = Kernel(system)
    y, p = (np.array(v) for v in kernel.start(0.0, [np.nan] * len(system.states), [np.nan] * len(system.params), []))
    c, found = kernel.constants(p.tolist()), np.empty_like(course.states)
    edges = [0.0, 5.0, 11.5, 30.0, 48.0]
    for begin, end in pairwise(edges):
        for dose in doses:
            if dose.time == begin:
                y[dose.index] += dose.value
        inside = (times >= begin) & ((times < end) | (end == edges[-1]))
        wanted = np.append(times[inside], end) if times[inside][-1] < end else times[inside]
        solved = solve_ivp(
            lambda t, x: kernel.of["rates"](t, x.tolist(), p.tolist(), [], c), (begin, end), y,
            method=method, jac=lambda t, x: kernel.jacobian(t, x, p.tolist(), [], c), rtol=1e-10, atol=1e-13, t_eval=wanted,
        )  # fmt: skip
        found[inside], y = solved.y.T[: inside.sum()], solved.y[:, -1].copy()
    assert np.abs((course.states - found) / (np.abs(found) + 1e-3)).max() < 1e-7


@pytest.mark.parametrize("seed", range(4))
def test_the_jacobian_is_that_of_the_rates(seed: int):
    system = network(seed)
    kernel = Kernel(system)
    y, p = (np.array(v) for v in kernel.start(0.0, [np.nan] * len(system.states), [np.nan] * len(system.params), []))
    c = kernel.constants(p.tolist())
    found = kernel.jacobian(3.0, y, p.tolist(), [], c)
    for k in range(len(y)):
        step = np.zeros(len(y))
        step[k] = 1e-6 * y[k]
        up, down = (np.array(kernel.of["rates"](3.0, (y + s * step).tolist(), p.tolist(), [], c)) for s in (1.0, -1.0))
        assert np.allclose(found[:, k], (up - down) / (2.0 * step[k]), rtol=1e-6, atol=1e-6 * np.abs(found).max())
