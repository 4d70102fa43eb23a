"""The search for the settled day, on maps whose fixed points are known."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.engine import settling
from neurohumor.engine.pools import closed_pools, counted_states
from neurohumor.engine.settling import (
    Path,
    Target,
    candidates,
    new_path,
    newton_step,
    next_state,
    nudges,
    record,
    wants_newton,
    worst_of,
)
from neurohumor.lang.expr import Call, Const
from neurohumor.lang.system import Leaf, StateRow, System
from neurohumor.units import ONE
from tests.unit.engine_run.hand import glands

TARGET = Target()


def path(n: int, slow: bool = True, pools: tuple = ()) -> Path:
    """A way over n states of size one."""
    yes = np.ones(n, dtype=bool)
    return Path(np.ones(n), yes, (yes if slow else ~yes).copy(), yes, pools)


def search(step, x: np.ndarray, target: Target = TARGET, pools: tuple = ()) -> tuple[np.ndarray, Path, float]:
    """Follow the map until the drift and the next correction are small, as the baseline does."""
    way, near = path(len(x), pools=pools), np.inf
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
    assert found == pytest.approx(goal, rel=1e-3) and way.periods < 45


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

    found, _, _ = search(day, np.array([3.0, 0.0, 1.0]), pools=((0, 1),))
    assert found[0] + found[1] == pytest.approx(3.0, rel=1e-12)
    assert found == pytest.approx([1.0, 2.0, 0.5], rel=5e-3)


def test_newton_keeps_the_total_of_a_closed_pool():
    matrix = np.array([[0.98, 0.01, 0.0], [0.02, 0.99, 0.0], [0.005, 0.0, 0.99]])
    way, x = path(3), np.array([1.5, 1.5, 0.6])
    way.pools = ((0, 1),)
    record(way, x, matrix @ x, 1.0, TARGET)
    asked = np.ones(3, dtype=bool)
    starts = [x, *(x + row for row in np.diag(nudges(way, x, asked)))]
    found = newton_step(way, x, np.stack([matrix @ one for one in starts]), asked)
    assert found[:2] == pytest.approx([1.0, 2.0], rel=1e-9)  # by amounts: exact on a linear map
    assert found[2] == pytest.approx(0.5, rel=0.06)  # by a factor: exact to first order


def test_newton_finds_out_which_states_are_slow():
    way = path(2, slow=False)

    def day(x: np.ndarray) -> np.ndarray:
        slow = x[0] + 0.01 * (2.0 - x[0])
        return np.array([slow, 3.0 * slow + 1e-6 * x[1]])

    x = np.array([1.0, 1.0])
    record(way, x, day(x), 1.0, TARGET)
    way.periods = 5
    asked = candidates(way, 1.0, TARGET)
    assert wants_newton(way, 1.0, TARGET) and asked.all()
    found = newton_step(way, x, np.stack([day(x), *(day(x + row) for row in np.diag(nudges(way, x, asked)))]), asked)
    assert way.slow.tolist() == [True, False]
    assert 1.6 < found[0] < 2.9 and found[1] == pytest.approx(day(x)[1])  # by a factor, exact to first order


def test_a_step_never_empties_a_state_nor_blows_it_up():
    way = path(2)
    for x, y in (([1.0, 1.0], [0.99, 1.0]), ([0.99, 1.0], [0.9801, 1.0])):
        record(way, np.array(x), np.array(y), 1.0, TARGET)
    way.periods = 9
    way.pools = ((0, 1),)
    found, _ = next_state(way, TARGET)  # straight on, the first would be at 0
    assert found[0] == pytest.approx(0.9801 / 3)
    way.pools = ()
    for x, y in (([0.98, 1.0], [0.98 * 0.995, 1.0]), ([0.975, 1.0], [0.975 * 0.9951, 1.0])):
        record(way, np.array(x), np.array(y), 1.0, TARGET)
    assert next_state(way, TARGET)[0][0] >= 0.97 / 3


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


def test_pools_of_matter_and_of_levels_are_found():
    from neurohumor.build.flatten import flatten
    from neurohumor.lang import Compartment, Flux, Level, Model, Module, Param, Rate, Species, part

    class Mixed(Module):
        k = Param(0.1, "1/h", "rate", basis="assumed")
        box = Compartment(1.0, "L")
        bound = Species(box, 1.0, "uM", "bound", content={"ligand": 1, "carrier": 1})
        free = Species(box, 2.0, "uM", "free", content={"ligand": 1})
        carrier = Species(box, 3.0, "uM", "carrier", content={"carrier": 1})
        comes = Species(box, 1.0, "uM", "comes and goes")
        bind = Flux(free + carrier >> bound, k * free)
        leave = Flux(bound >> free + carrier, k * bound)
        enter = Flux(0 >> comes, k * carrier)
        quit = Flux(comes >> 0, k * comes)
        x = Level(0.2, "1", "open")
        y = Level(0.8, "1", "shut")
        z = Level(1.0, "1", "another")
        dx = Rate(x, k * (y - x**2))
        dy = Rate(y, k * (x**2 - y))
        dz = Rate(z, k * (x - z))

    system = flatten(Model("mixed", {"a": part(Mixed)}))
    names = [tuple(system.states[i].name for i in pool) for pool in closed_pools(system)]
    assert sorted(names) == [("bound", "free", "carrier"), ("x", "y")]
    assert closed_pools(glands()) == ()
