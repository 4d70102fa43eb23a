"""The method itself: order conditions, convergence of step, error and dense output, stability at infinity."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from neurohumor.engine.native.tableau import RODAS5P, Tableau


def classical(method: Tableau):
    """(alpha, Gamma, b, embedded b) of the usual form, from the form without products with the Jacobian."""
    s = method.stages
    A, C = np.zeros((s, s)), np.zeros((s, s))
    for j in range(s):
        A[j, : len(method.A[j])] = method.A[j]
        C[j, : len(method.C[j])] = method.C[j]
    inverse = np.eye(s) / method.gamma - C
    gamma = np.linalg.inv(inverse)
    last = A[-1] + np.eye(s)[-1]
    return A @ gamma, gamma, last @ gamma, A[-1] @ gamma, A, gamma.sum(axis=1)


def trees(order):
    """Rooted trees up to an order, as nested tuples."""
    known = {1: [()]}
    for n in range(2, order + 1):
        found = set()
        for parts in range(1, n):
            for sizes in itertools.combinations_with_replacement(range(1, n), parts):
                if sum(sizes) == n - 1:
                    for children in itertools.product(*(known[k] for k in sizes)):
                        found.add(tuple(sorted(children)))
        known[n] = sorted(found)
    return known


def size(tree):
    return 1 + sum(map(size, tree))


def density(tree):
    return size(tree) * np.prod([density(c) for c in tree], initial=1.0)


def weight(tree, alpha, beta):
    """Elementary weight of a Rosenbrock method: alpha where a node branches, beta = alpha + gamma where it has one child."""
    if not tree:
        return np.ones(len(alpha))
    matrix = beta if len(tree) == 1 else alpha
    return np.prod([matrix @ weight(c, alpha, beta) for c in tree], axis=0)


def test_order_conditions():
    alpha, gamma, b, embedded, _, _ = classical(RODAS5P)
    beta = alpha + gamma
    for n, found in trees(5).items():
        for tree in found:
            assert abs(b @ weight(tree, alpha, beta) - 1 / density(tree)) < 2e-10, tree
            if n <= 4:
                assert abs(embedded @ weight(tree, alpha, beta) - 1 / density(tree)) < 2e-10, tree
    sixth = [abs(b @ weight(t, alpha, beta) - 1 / density(t)) for t in trees(6)[6]]
    assert max(sixth) > 1e-6  # order 5 and no more


def test_nodes_and_time_slopes_follow_from_the_matrices():
    alpha, _, _, _, _, slopes = classical(RODAS5P)
    assert np.allclose(alpha.sum(axis=1), RODAS5P.c, atol=1e-12)
    assert np.allclose(slopes, RODAS5P.d, atol=1e-12)


def test_a_wrong_coefficient_is_caught():
    rows = [list(r) for r in RODAS5P.A]
    rows[4][2] += 1e-6
    wrong = Tableau(tuple(map(tuple, rows)), RODAS5P.C, RODAS5P.c, RODAS5P.d, RODAS5P.dense, RODAS5P.gamma, 5)
    alpha, gamma, b, _, _, _ = classical(wrong)
    assert max(abs(b @ weight(t, alpha, alpha + gamma) - 1 / density(t)) for n in trees(5).values() for t in n) > 1e-8


def test_stiffly_accurate_and_damping_at_infinity():
    alpha, gamma, b, _, _, _ = classical(RODAS5P)
    assert np.allclose(b, (alpha + gamma)[-1], atol=1e-12)  # then R(infinity) = 0 as well


def one_step(f, jac, ft, y, t, h):
    m = RODAS5P
    W = np.linalg.inv(np.eye(len(y)) / (h * m.gamma) - jac(y, t))
    K, u = [], y
    for j in range(m.stages):
        u = y + sum((a * k for a, k in zip(m.A[j], K, strict=False)), np.zeros(len(y)))
        c = sum((c * k for c, k in zip(m.C[j], K, strict=False)), np.zeros(len(y)))
        K.append(W @ (f(u, t + m.c[j] * h) + c / h + h * m.d[j] * ft(y, t)))
    return u + K[-1], u, K


def between(y, y1, K, theta):
    D = [sum(a * k for a, k in zip(row, K, strict=True)) for row in RODAS5P.dense]
    return (1 - theta) * y + theta * (y1 + (1 - theta) * (D[0] + theta * (D[1] + theta * D[2])))


PROBLEMS = {
    "with time": (
        lambda y, t: np.array([-(y[0] ** 2) * np.cos(t) + np.sin(3 * t) * y[0]]),
        lambda y, t: np.array([[-2 * y[0] * np.cos(t) + np.sin(3 * t)]]),
        lambda y, t: np.array([y[0] ** 2 * np.sin(t) + 3 * np.cos(3 * t) * y[0]]),
        np.array([1.0]),
    ),
    "predator and prey": (
        lambda y, t: np.array([y[0] * (1 - y[1]), y[1] * (y[0] - 1)]),
        lambda y, t: np.array([[1 - y[1], -y[0]], [y[1], y[0] - 1]]),
        lambda y, t: np.zeros(2),
        np.array([1.5, 0.7]),
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_convergence(name):
    f, jac, ft, y0 = PROBLEMS[name]
    found = []
    for h in (0.2, 0.1, 0.05):
        y1, u, K = one_step(f, jac, ft, y0, 0.0, h)
        due = solve_ivp(lambda t, y: f(y, t), (0, h), y0, method="DOP853", rtol=1e-13, atol=1e-15, t_eval=[h / 2, h]).y
        found.append([np.abs(y1 - due[:, 1]).max(), np.abs(u - due[:, 1]).max(), np.abs(between(y0, y1, K, 0.5) - due[:, 0]).max()])
    orders = np.log2(np.array(found)[:-1] / np.array(found)[1:])[-1]
    assert orders[0] > 5.3 and orders[1] > 4.5 and orders[2] > 4.4, orders
