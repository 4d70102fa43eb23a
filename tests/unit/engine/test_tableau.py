"""Radau IIA from its definition: order conditions, known coefficients, the eigenvalues, dense output."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.engine.backends.reference.tableau import tableau

STAGES = (1, 3, 5, 7)


@pytest.mark.parametrize("s", STAGES)
def test_collocation_and_quadrature_are_exact_to_their_order(s: int):
    m = tableau(s)
    a, c = np.linalg.inv(m.inverse), m.nodes
    for k in range(1, s + 1):
        assert np.allclose(a @ c ** (k - 1), c**k / k, rtol=0, atol=1e-13)
    for k in range(1, 2 * s):
        assert a[-1] @ c ** (k - 1) == pytest.approx(1.0 / k, abs=1e-14)
    assert c[-1] == 1.0


def test_three_stages_are_those_of_hairer_and_wanner():
    m, r = tableau(3), np.sqrt(6.0)
    assert np.allclose(m.nodes, [(4 - r) / 10, (4 + r) / 10, 1.0], rtol=1e-15)
    assert m.real == pytest.approx(3 + 3 ** (2 / 3) - 3 ** (1 / 3), rel=1e-14)
    expected = np.array([-13 - 7 * r, -13 + 7 * r, -1]) / 3 / m.real
    assert np.allclose(m.estimate, expected, rtol=1e-13)


@pytest.mark.parametrize("s", STAGES)
def test_modes_put_the_inverse_together_again(s: int):
    m = tableau(s)
    rebuilt = m.real * np.outer(m.from_real, m.to_modes[0]).real
    for k, eigenvalue in enumerate(m.pairs):
        rebuilt = rebuilt + (eigenvalue * np.outer(m.from_pairs[:, k], m.to_modes[k + 1])).real
    assert np.allclose(rebuilt, m.inverse, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("s", STAGES)
def test_dense_output_goes_through_the_stages(s: int):
    """For a polynomial of degree s the stage values, the value between them and the slope are all exact."""
    m = tableau(s)
    poly = np.polynomial.Polynomial([0.0, *np.linspace(1.0, -2.0, s)])
    Z = poly(m.nodes)
    assert np.allclose(m.dense @ Z, poly.coef[1:], atol=1e-9)
    assert m.probe_value @ Z == pytest.approx(poly(m.probe), abs=1e-12)
    assert m.probe_slope @ Z == pytest.approx(poly.deriv()(m.probe), abs=1e-10)
    assert not np.isclose(m.nodes, m.probe).any()
