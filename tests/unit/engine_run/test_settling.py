"""The search for the settled day, on maps whose fixed points are known."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.engine import settling
from neurohumor.engine.settling import Path, Target, counted_states, held_back, new_path, newton_step, next_state, record, worst_of
from neurohumor.lang.expr import Call, Const
from neurohumor.lang.system import Leaf, StateRow, System
from neurohumor.units import ONE
from tests.unit.engine_run.hand import glands

TARGET = Target()


def path(n: int, slow: bool = True) -> Path:
    """A way over n states of size one."""
    yes = np.ones(n, dtype=bool)
    return Path(np.ones(n), yes, yes if slow else ~yes, yes)


def search(step, x: np.ndarray, target: Target = TARGET) -> tuple[np.ndarray, Path, float]:
    """Follow the map until the drift and the next correction are small, as the baseline does."""
    way, near = path(len(x)), np.inf
    while way.periods < target.most:
        y = step(x)
        record(way, x, y, 1.0, target)
        x, near = next_state(way, target)
        if worst_of(way.drift(1.0)) <= target.aim and near <= target.nearness and way.periods >= target.run_in:
            break
    return way.reached[-1], way, near


def test_slow_linear_states_are_found_in_a_few_days():
    taus = np.array([5.0, 20.0, 60.0, 150.0, 400.0])
    goal, gain = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.exp(-1 / taus)
    mix = np.eye(5) + 0.2 * np.tri(5, k=-1)
    back = np.linalg.inv(mix)
    found, way, _ = search(lambda x: goal + mix @ (gain * (back @ (x - goal))), np.full(5, 0.5))
    assert found == pytest.approx(goal, rel=2e-3) and way.periods < 20


def test_a_nonlinear_map_with_a_far_start():
    def day(x: np.ndarray) -> np.ndarray:
        for _ in range(24):
            x = x + np.array([(2.0 / (1 + x[1] ** 2) - x[0]) / 24 / 40, (x[0] - x[1]) / 24 / 90])
        return x

    root = float(np.real(next(r for r in np.roots([1, 0, 1, -2]) if abs(r.imag) < 1e-9)))
    found, way, _ = search(day, np.array([0.05, 3.0]))
    assert found == pytest.approx([root, root], rel=5e-3) and way.periods < 40


def test_a_closed_pool_keeps_its_total():
    def day(x: np.ndarray) -> np.ndarray:
        moved = 0.02 * x[0] - 0.01 * x[1]
        grown = 0.01 * (0.5 * x[0] - x[2])
        return x + np.array([-moved, moved, grown])

    found, _, _ = search(day, np.array([3.0, 0.0, 1.0]))
    assert found[0] + found[1] == pytest.approx(3.0, rel=1e-12)
    assert found == pytest.approx([1.0, 2.0, 0.5], rel=5e-3)


def test_newton_keeps_the_total_of_a_closed_pool():
    matrix = np.array([[0.98, 0.01, 0.0], [0.02, 0.99, 0.0], [0.005, 0.0, 0.99]])
    way, x = path(3), np.array([3.0, 0.0, 1.0])
    record(way, x, matrix @ x, 1.0, TARGET)
    deltas = np.full(3, 1e-3)
    probes = np.stack([matrix @ (x + delta * unit) for delta, unit in zip(deltas, np.eye(3), strict=True)])
    way.scale[:] = 10.0  # no step is held back
    found = newton_step(way, x, matrix @ x, probes, deltas)
    assert found == pytest.approx([1.0, 2.0, 0.5], rel=1e-6)


def test_a_step_never_empties_a_state():
    way, y = path(2), np.array([1.0, 1.0])
    assert held_back(way, y, np.array([-9.0, 1.0])).tolist() == pytest.approx([0.2, 1.0])
    assert held_back(way, y, np.array([1.0, 100.0])).tolist() == pytest.approx([1.0, 10.0])
    assert held_back(way, y, np.array([np.nan, 1.0])).tolist() == y.tolist()


def test_fast_states_are_left_to_the_map():
    way = path(2, slow=False)
    for x, y in [([1.0, 1.0], [2.0, 2.0])] * 2:
        record(way, np.array(x), np.array(y), 1.0, Target(run_in=9))
    assert next_state(way, Target(run_in=1))[0].tolist() == [2.0, 2.0]


def test_states_that_oscillate_by_themselves_and_what_hears_them_do_not_count():
    def row(name: str, timescale: str) -> StateRow:
        return StateRow("a", name, ONE, "", Const(1.0), 1.0, "level", timescale=timescale)

    leaves = [Leaf("state", i, str(i)) for i in range(4)]
    system = System(
        "x", (row("pulse", "autonomous"), row("hears", "fast"), row("apart", "slow"), row("unknown", "fast")), (), (), (),
        (leaves[1], Call("add", leaves[0], leaves[1]), leaves[2], leaves[2]), (True, True, True, False),
    )  # fmt: skip
    assert counted_states(system).tolist() == [False, False, True, False]


def test_a_way_knows_the_declared_slow_states():
    assert new_path(glands()).slow.tolist() == [True, False]
    assert settling.worst_of(np.array([np.nan])) == 0.0
