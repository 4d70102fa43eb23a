"""Algebraic rows: unknowns that fit at every moment, after every jump, in events; and what is said where there is no solution."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.engine.problem import Action, Entry, Stiff
from neurohumor.engine.status import Code
from neurohumor.lang.rates import exp, sin
from tests.problems.draft import Draft
from tests.problems.runs import solve

TIMES = np.linspace(0.0, 10.0, 201)


def binding() -> tuple[Draft, dict]:
    """A ligand that is eliminated while free, and bound to a protein at equilibrium: total = free + B free / (K + free)."""
    d = Draft("binding")
    B, K, k = d.param("B", 3.0), d.param("K", 0.5), d.param("k", 0.4)
    total = d.state("total", 5.0, nonnegative=True)
    free = d.state("free", 1.0, nonnegative=True)
    d.rate(total, -k * free)
    d.balance(free, free + B * free / (K + free) - total)
    return d, {"B": B, "K": K, "k": k, "total": total, "free": free}


def free_of(total: np.ndarray, B: float = 3.0, K: float = 0.5) -> np.ndarray:
    b = total - B - K
    return 0.5 * (b + np.sqrt(b * b + 4.0 * K * total))


def test_an_equilibrium_follows_its_total():
    d, row = binding()
    course = solve(d.system(), TIMES, options=Stiff(rtol=1e-10))
    total, free = course.of(row["total"]), course.of(row["free"])
    assert course.status.ok
    assert np.abs(free - free_of(total)).max() < 1e-12
    fine = np.linspace(0.0, 10.0, 20001)
    substituted = solve_substituted(fine)
    assert np.abs(total - substituted[::100]).max() < 1e-8


def solve_substituted(times: np.ndarray) -> np.ndarray:
    """The same with the equilibrium solved by hand, as one differential equation."""
    d = Draft()
    total = d.state("total", 5.0)
    b = total - 3.5
    d.rate(total, -0.4 * 0.5 * (b + (b * b + 2.0 * total) ** 0.5))
    return solve(d.system(), times, options=Stiff(rtol=1e-11)).of(total)


def test_the_start_is_made_to_fit_and_its_guess_does_not_matter():
    d, row = binding()
    system = d.system()
    starts = [solve(system, [0.0, 1.0], values={row["free"]: guess}).of(row["free"])[0] for guess in (0.0, 0.01, 2.0, 40.0)]
    assert np.allclose(starts, free_of(np.array(5.0)), rtol=1e-13)


def test_unknowns_fit_again_after_every_jump():
    d, row = binding()
    entries = [Entry(2.0, Action.ADD_STATE, row["total"].index, 30.0), Entry(5.0, Action.SET_PARAM, row["B"].index, 20.0)]
    course = solve(d.system(), TIMES, entries)
    assert np.abs(course.of(row["free"]) - free_of(course.of(row["total"]), np.where(TIMES < 5.0, 3.0, 20.0))).max() < 1e-12
    assert course.of(row["total"])[TIMES == 2.0][0] > 30.0


def test_an_initial_value_may_read_an_unknown():
    """The tracer starts at twice the free ligand, which is found first."""
    d, row = binding()
    tracer = d.state("tracer", 2.0 * row["free"])
    course = solve(d.system(), [0.0, 1.0])
    assert course.of(tracer)[0] == pytest.approx(2.0 * float(free_of(np.array(5.0))), rel=1e-13)


def test_an_event_on_an_unknown():
    d, row = binding()
    seen = d.state("seen")
    d.event("low", row["free"] < 0.5, {seen: row["total"]})
    course = solve(d.system(), TIMES, options=Stiff(rtol=1e-10))
    assert course.of(seen)[-1] == pytest.approx(2.0, abs=1e-9)  # total at which free is 1/2: 1/2 + 3 / 2


def test_unknowns_alone():
    """No differential row at all: x follows the time, and an event on it."""
    d = Draft()
    x, n = d.state("x"), d.state("n")
    d.balance(x, x + 0.1 * sin(x) - d.t)
    d.balance(n, n - 2.0 * x)
    p = d.param("p", 0.0)
    d.event("e", x > 2.0, {p: x})
    course = solve(d.system(), TIMES)
    assert course.status.ok
    assert np.abs(course.of(x) + 0.1 * np.sin(course.of(x)) - TIMES).max() < 1e-12
    assert np.allclose(course.of(n), 2.0 * course.of(x), atol=1e-13)
    assert course.of(p)[-1] == pytest.approx(2.0, abs=1e-9)


def test_two_unknowns_that_depend_on_each_other():
    """Competition of two ligands for one receptor: bound fractions against a solve by hand."""
    d = Draft()
    a, b = d.state("a", 0.1), d.state("b", 0.1)
    total_a, total_b = d.state("total_a", 1.0), d.state("total_b", 2.0)
    d.rate(total_a, -0.3 * a)
    d.rate(total_b, -0.1 * b)
    room = 1.0 / (1.0 + a / 0.2 + b / 0.7)
    d.balance(a, a + 1.5 * (a / 0.2) * room - total_a)
    d.balance(b, b + 1.5 * (b / 0.7) * room - total_b)
    course = solve(d.system(), TIMES)
    x, y = course.of(a), course.of(b)
    left = 1.0 / (1.0 + x / 0.2 + y / 0.7)
    assert np.abs(x + 1.5 * x / 0.2 * left - course.of(total_a)).max() < 1e-12
    assert np.abs(y + 1.5 * y / 0.7 * left - course.of(total_b)).max() < 1e-12


def test_no_solution_is_told_with_the_unknown_and_the_time():
    """z^2 = 1 - t has no solution beyond t = 1."""
    d = Draft()
    y, z = d.state("y"), d.state("z", 1.0)
    d.rate(y, z)
    d.balance(z, z * z - 1.0 + d.t)
    course = solve(d.system(), TIMES)
    assert (course.status.code, course.status.state) == (Code.ALGEBRAIC, "a.z")
    assert 0.9 < course.status.time <= 1.0
    assert np.isfinite(course.states[TIMES < course.status.time]).all()
    assert np.isnan(course.states[TIMES > course.status.time]).all()


def test_no_solution_at_the_start():
    d = Draft()
    z = d.state("z", 1.0)
    d.balance(z, exp(z) + 1.0)
    course = solve(d.system(), TIMES)
    assert (course.status.code, course.status.time) == (Code.ALGEBRAIC, 0.0)
    assert np.isnan(course.states).all()


def test_an_unknown_that_nothing_determines():
    d = Draft()
    y, z = d.state("y", 1.0), d.state("z", 1.0)
    d.rate(y, -z)
    d.balance(z, y - 0.5)
    assert solve(d.system(), TIMES).status.code is Code.ALGEBRAIC


def test_a_schedule_cannot_set_an_unknown():
    d, row = binding()
    course = solve(d.system(), TIMES, [Entry(2.0, Action.ADD_STATE, row["free"].index, 1.0)])
    assert course.status.code is Code.BAD_INPUT and "a.free" in course.status.detail
