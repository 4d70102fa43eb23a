"""Newton for algebraic unknowns: near, far, on the right branch, and honest where there is nothing to find."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.engine.backends.reference.unknowns import Sizes, from_afar, solve_unknowns


def sizes(n: int, *, nonnegative: bool = False, scale: float = 1.0) -> Sizes:
    return Sizes(np.full(n, scale), np.full(n, nonnegative))


@pytest.fixture(autouse=True)
def _quiet():
    with np.errstate(all="ignore"):
        yield


def test_a_linear_system_in_one_round():
    a, b = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([3.0, 5.0])
    z, worst = solve_unknowns(lambda z: a @ z - b, lambda z: a, np.zeros(2), sizes(2))
    assert z is not None and worst == -1
    assert np.allclose(z, np.linalg.solve(a, b), rtol=1e-14)


@pytest.mark.parametrize("guess", [-3.0, -0.1, 0.1, 3.0, 50.0])
def test_arctan_where_plain_newton_diverges(guess: float):
    z, _ = solve_unknowns(lambda z: np.arctan(z - 1.0), lambda z: np.diag(1.0 / (1.0 + (z - 1.0) ** 2)), np.array([guess]), sizes(1))
    assert z is not None and z[0] == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("guess", [0.01, 0.5, 9.1, 400.0])
def test_a_pole_is_not_leapt_over(guess: float):
    """z + 20 z / (0.5 + z) = 12 has a solution on either side of the pole at -1/2; from above zero the one above is meant."""
    residual = lambda z: z + 20.0 * z / (0.5 + z) - 12.0  # noqa: E731
    slope = lambda z: np.diag(1.0 + 10.0 / (0.5 + z) ** 2)  # noqa: E731
    z, _ = solve_unknowns(residual, slope, np.array([guess]), sizes(1, nonnegative=True))
    assert z is not None and 0.0 < z[0] < 12.0 and abs(residual(z)[0]) < 1e-12


def test_rows_of_very_different_size():
    scale = np.array([1e-12, 1e9])
    residual = lambda z: np.array([(z[0] * 1e12) ** 2 - 4.0, 1e-20 * (z[1] - 3e9 - 1e20 * z[0])])  # noqa: E731
    slope = lambda z: np.array([[2e24 * z[0], 0.0], [-1.0, 1e-20]])  # noqa: E731
    z, _ = solve_unknowns(residual, slope, scale.copy(), Sizes(scale, np.array([True, True])))
    assert z is not None and np.allclose(z, [2e-12, 3.2e9], rtol=1e-12)


def test_nothing_to_find():
    residual, slope = (lambda z: z * z + 1.0), (lambda z: np.diag(2.0 * z))
    assert solve_unknowns(residual, slope, np.array([1.0]), sizes(1))[0] is None
    assert from_afar(residual, slope, np.array([1.0]), sizes(1))[0] is None


def test_a_row_that_reads_nothing_is_singular():
    z, worst = solve_unknowns(lambda z: np.array([z[0] - 1.0, 2.0]), lambda z: np.array([[1.0, 0.0], [0.0, 0.0]]), np.zeros(2), sizes(2))
    assert z is None and worst == 1


def test_a_residual_that_is_not_a_number_names_its_row():
    z, worst = solve_unknowns(lambda z: np.array([z[0], np.nan]), lambda z: np.eye(2), np.ones(2), sizes(2))
    assert z is None and worst == 1


def test_from_afar_finds_what_newton_does_not():
    """A narrow valley: exp(10 (z - 3)) = 1 from z = -30, where the slope is 1e-142."""
    residual = lambda z: np.exp(10.0 * (z - 3.0)) - 1.0  # noqa: E731
    slope = lambda z: np.diag(10.0 * np.exp(10.0 * (z - 3.0)))  # noqa: E731
    z, _ = from_afar(residual, slope, np.array([-30.0]), sizes(1))
    assert z is not None and z[0] == pytest.approx(3.0, abs=1e-12)
