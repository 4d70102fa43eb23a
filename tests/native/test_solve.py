"""Random networks: the engine against SciPy's Radau, lanes and threads against one another, machine code against Python and NumPy."""

from __future__ import annotations

import ctypes
from dataclasses import replace

import numpy as np
import pytest

from neurohumor.emit.tape_llvm import Classes
from neurohumor.engine.backends.native import build
from neurohumor.engine.native.drive import aligned, shared_numbers
from neurohumor.engine.native.variant import digest, variant
from neurohumor.engine.problem import Action, Batch, Entry, Stiff
from tests.native.against import radau, tape_functions
from tests.native.networks import doses, network, people

WIDTHS = [1, 2, 4, 8]


def schedule_of(system, rng, days, *, ramps=True):
    """Every kind of entry at random times, several at one time."""
    entries = []
    for time in sorted(rng.uniform(0, 24 * days, 6)):
        for _ in range(2):
            kind = rng.choice(5 if ramps else 4)
            k = int(rng.integers(3))
            nominal = [p.initial.value for p in system.params]
            row = int(rng.integers(len(nominal)))
            entries.append({
                0: Entry(time, Action.ADD_STATE, k, float(rng.uniform(0, 5))),
                1: Entry(time, Action.SET_STATE, k, float(rng.uniform(0, 5))),
                2: Entry(time, Action.SET_INPUT, 0, float(rng.uniform(0, 2))),
                3: Entry(time, Action.SET_PARAM, row, float(nominal[row] * rng.uniform(0.7, 1.4))),
                4: Entry(time, Action.RAMP_INPUT, 0, float(rng.uniform(0, 1)), float(rng.uniform(0, 0.05))),
            }[int(kind)])  # fmt: skip
    return tuple(entries)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_networks_against_radau(seed, rng):
    system = network(12 + 3 * seed, 3, seed, driven=True)
    schedules = [schedule_of(system, rng, 1) for _ in range(2)]
    batch = people(system, 2, 1, seed=seed, schedules=schedules, every=2.0)
    solved = build(system).solve(batch, Stiff(rtol=1e-8))
    assert all(s.ok for s in solved.statuses), [str(s) for s in solved.statuses]
    scale = np.array([s.scale for s in system.states])
    for k in range(2):
        due = radau(system, batch, k)
        error = np.abs(solved.states[0][k] - due) / (np.abs(due) + 1e-3 * scale)
        assert error.max() < 3e-6, error.max()


@pytest.mark.parametrize("rtol, most", [(1e-4, 1e-3), (1e-6, 3e-5)])
def test_error_follows_the_tolerance(rtol, most):
    system = network(30, 3, 7)
    batch = people(system, 4, 3, seed=3)
    solved = build(system).solve(batch, Stiff(rtol=rtol))
    tight = build(system).solve(batch, Stiff(rtol=1e-9))
    scale = np.array([s.scale for s in system.states])
    error = np.abs(solved.states[0] - tight.states[0]) / (np.abs(tight.states[0]) + 1e-2 * scale)
    assert np.sqrt((error**2).mean()) < most


def same(a, b):
    return np.array_equal(a.view(np.int64), b.view(np.int64))


def pick(batch, order):
    return replace(
        batch, params=batch.params[order], inputs=batch.inputs[order], states=batch.states[order], start=batch.start[order],
        end=batch.end[order],
        schedules=tuple(batch.schedules[k] for k in order), windows=tuple(w[order] for w in batch.windows),
    )  # fmt: skip


def test_people_are_the_same_alone_in_any_order_and_on_any_number_of_threads(rng):
    system = network(25, 3, 4, driven=True)
    schedules = [schedule_of(system, rng, 2, ramps=k % 2 == 0) for k in range(21)]
    batch = people(system, 21, 2, schedules=schedules)
    batch = replace(batch, end=np.where(np.arange(21) % 3 == 0, 40.0, 48.0), windows=(batch.windows[0][:, :6],))
    program = build(system)
    program.threads = 1
    whole = program.solve(batch, Stiff(rtol=1e-5))
    assert all(s.ok for s in whole.statuses)
    order = rng.permutation(21)
    mixed = program.solve(pick(batch, order), Stiff(rtol=1e-5))
    assert same(mixed.states[0], whole.states[0][order])
    program.threads = 3
    assert same(program.solve(batch, Stiff(rtol=1e-5)).states[0], whole.states[0])
    for k in (0, 5, 20):
        fresh = build(system)  # other parameters are shared here: other code, the same bits
        alone = fresh.solve(pick(batch, np.array([k])), Stiff(rtol=1e-5))
        assert same(alone.states[0][0], whole.states[0][k])
        assert same(alone.moments[0].y, whole.moments[k].y)


@pytest.mark.parametrize("width", [1, 2, 4])
def test_the_width_of_vectors_changes_no_bit(width, rng):
    system = network(15, 3, 11, driven=True)
    batch = people(system, 9, 1, schedules=[schedule_of(system, rng, 1) for _ in range(9)])
    narrow, widest = build(system, width=width).solve(batch, Stiff(rtol=1e-5)), build(system).solve(batch, Stiff(rtol=1e-5))
    assert same(narrow.states[0], widest.states[0])


def test_inputs_and_parameters_over_time_as_the_reference_engine_has_them(rng):
    from neurohumor.engine.backends.reference.program import build as build_reference

    system = network(12, 2, 6, driven=True)
    shared = schedule_of(system, rng, 1)
    early = (Entry(-1.0, Action.RAMP_INPUT, 0, 0.5, 0.1), Entry(0.0, Action.SET_PARAM, 2, 7.0), Entry(3.0, Action.SET_INPUT, 0, 0.25))
    batch = people(system, 5, 1, schedules=[shared, shared, early, (), shared], every=0.5)
    batch.windows[0][4] += 0.01
    batch = replace(batch, end=batch.end + 0.01)
    a, b = build(system).solve(batch, Stiff(rtol=1e-5)), build_reference(system).solve(batch, Stiff(rtol=1e-5))
    assert a.params is not None and b.params is not None
    assert np.allclose(a.inputs[0], b.inputs[0], rtol=1e-12, atol=1e-14) and np.array_equal(a.params[0], b.params[0])
    for x, y in zip(a.moments, b.moments, strict=True):
        assert np.allclose(x.u, y.u, rtol=1e-12, atol=1e-14) and np.array_equal(x.slopes, y.slopes) and np.array_equal(x.p, y.p)


def test_nobody_at_all():
    solved = build(network(12, 2, 5)).solve(people(network(12, 2, 5), 0, 1), Stiff())
    assert solved.statuses == () and solved.states[0].shape == (0, 5, 12)


def test_the_loop_in_python_gives_the_same_bits(rng):
    system = network(12, 2, 5, driven=True)
    batch = people(system, 11, 1, schedules=[schedule_of(system, rng, 1) for _ in range(11)], every=2.0)
    compiled, python = build(system), build(system)
    python.interpreted = True
    a, b = compiled.solve(batch, Stiff(rtol=1e-4)), python.solve(batch, Stiff(rtol=1e-4))
    assert same(a.states[0], b.states[0]) and a.counts["steps"] == b.counts["steps"] and a.counts["lane_steps"] == b.counts["lane_steps"]


@pytest.mark.parametrize("width", WIDTHS)
def test_machine_code_of_rates_and_jacobian_equals_numpy(width, rng):
    system = network(40, 4, 6, driven=True)
    personal = tuple(rng.choice(len(system.params), 30, replace=False).tolist())
    code = variant(system, digest(system), Classes(tuple(sorted(personal)), (0,)), width=width)
    layout, offsets = code.layout, code.layout.offsets()
    memory = aligned(offsets["total"] * width)
    field = {
        n: memory[at * width :].reshape(-1, width) if (len(memory) - at * width) % width == 0 else None
        for n, at in offsets.items()
        if n != "total"
    }
    p = np.array([[r.initial.value for r in system.params]] * width)  # type: ignore[attr-defined]
    p[:, list(code.classes.personal_params)] *= rng.uniform(0.5, 2, (width, len(personal)))
    u, t = rng.uniform(0, 2, (width, 1)), rng.uniform(0, 48, width)
    y = np.array([s.scale for s in system.states]) * 10 ** rng.uniform(-1, 1, (width, len(system.states)))
    field["time"][0] = t
    field["y"][list(code.place)] = y.T
    field["parameters"][: len(personal)] = p[:, list(code.classes.personal_params)].T
    field["parameters"][len(personal)] = u[:, 0]
    shared = shared_numbers(code, p[0], u[0], atol=np.ones(len(system.states)), nonnegative=np.zeros(len(system.states), dtype=bool))
    table = np.zeros(1, dtype=np.int64)
    call = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 3, ctypes.c_int64)
    for name in ("prologue", "slopes_of"):
        call(code.address(name))(memory.ctypes.data, shared.ctypes.data, table.ctypes.data, 0)
    f, jac = tape_functions(system)
    for lane in range(width):
        due, rates = jac(t[lane], y[lane], p[lane], u[lane]), f(t[lane], y[lane], p[lane], u[lane])
        got = field["k"][list(code.row_place), lane]
        sizes = np.abs(rates) + np.array([abs(a * b) for a, b in zip(due.diagonal(), y[lane], strict=True)])
        assert (np.abs(got - rates) <= 1e-13 * sizes + 1e-300).all()
        for i, j, slot in code.entries:
            value = -field["factors"][slot, lane]
            assert abs(value - due[i, j]) <= 1e-12 * max(abs(due[i, j]), 1e-3 * abs(due[i]).max())
    plain = field["k"][: layout.states].copy()
    call(code.address("rates_of"))(memory.ctypes.data, shared.ctypes.data, table.ctypes.data, 0)
    assert np.allclose(field["k"][: layout.states], plain, rtol=1e-12, atol=1e-12 * np.abs(plain).max())


def test_tables_instead_of_straight_lines(rng, monkeypatch):
    system = network(30, 4, 8)
    batch = people(system, 5, 1)
    straight = build(system).solve(batch, Stiff(rtol=1e-6))
    monkeypatch.setattr("neurohumor.engine.native.choice.variant", lambda *a, **k: variant(*a, **k, straight=0))
    tables = build(system).solve(batch, Stiff(rtol=1e-6))
    assert all(s.ok for s in tables.statuses)
    assert np.allclose(tables.states[0], straight.states[0], rtol=1e-8, atol=1e-10)


def test_a_dropped_entry_and_a_stale_prologue_would_show(monkeypatch):
    """Planted: the comparison with Radau has to fail where an entry is lost, or where parameters change but constants do not."""
    from neurohumor.engine.native import drive

    system = network(12, 2, 9)
    row = next(i for i, p in enumerate(system.params) if p.name.startswith("kd"))
    schedule = (Entry(5.0, Action.ADD_STATE, 0, 3.0), Entry(11.0, Action.SET_PARAM, row, 3 * system.params[row].initial.value))  # type: ignore[attr-defined]
    batch = people(system, 1, 1, schedules=[schedule], every=2.0)
    due = radau(system, batch)
    scale = np.array([s.scale for s in system.states])

    def error():
        states = build(system).solve(batch, Stiff(rtol=1e-8)).states[0][0]
        return (np.abs(states - due) / (np.abs(due) + 1e-3 * scale)).max()

    assert error() < 1e-6
    plain = drive._kernel_entries

    def lost(entries, classes, which):
        action, index = plain(entries, classes)
        action[which] = -1
        return action, index

    for which in (0, 1):
        with monkeypatch.context() as planted:
            planted.setattr(drive, "_kernel_entries", lambda e, c, which=which: lost(e, c, which))
            assert error() > 1e-4
    frame = drive._frame

    def stale(task, common):
        made = frame(task, common)
        made.k_prologue = task.variant.code.addresses["accept"]  # does nothing without a mask
        return made

    with monkeypatch.context() as planted:
        planted.setattr(drive, "_frame", stale)
        assert not error() < 1e-4


def test_right_continuous_samples_and_moments():
    system = network(12, 2, 10)
    batch = people(system, 2, 2, schedules=[doses(system, 2)] * 2, every=24.0)
    program = build(system)
    whole = program.solve(batch, Stiff(rtol=1e-8))
    assert whole.states[0][0][0][0] == 10 * system.states[3].initial.value  # type: ignore[attr-defined]
    half = replace(batch, end=np.full(2, 24.0), windows=(batch.windows[0][:, :2],), schedules=tuple(s[:6] for s in batch.schedules))
    first = program.solve(half, Stiff(rtol=1e-8))
    assert first.moments[0].time == 24.0 and np.array_equal(first.moments[0].y, first.states[0][0][1])
    rest = replace(
        batch,
        start=np.full(2, 24.0),
        windows=(batch.windows[0][:, 1:],),
        schedules=tuple(s[6:] for s in batch.schedules),
        starts=first.moments,
    )
    second = program.solve(rest, Stiff(rtol=1e-8))
    assert np.array_equal(second.states[0][:, 0], first.states[0][:, 1])
    assert np.allclose(second.states[0][:, 1], whole.states[0][:, 2], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("batch_of", [lambda b: replace(b, params=b.params[:, 1:]), lambda b: replace(b, schedules=())])
def test_shapes_that_do_not_fit_are_refused(batch_of):
    from neurohumor.errors import SolveError

    system = network(12, 2, 10)
    with pytest.raises(SolveError):
        build(system).solve(batch_of(people(system, 2, 1)), Stiff())
    with pytest.raises(SolveError, match="rtol"):
        build(system).solve(people(system, 2, 1), Stiff(rtol=0.1))


def test_a_person_that_cannot_be_simulated_is_a_status():
    from neurohumor.engine.status import Code

    system = network(12, 2, 10)
    backwards = (Entry(3.0, Action.ADD_STATE, 0, 1.0), Entry(2.0, Action.ADD_STATE, 0, 1.0))
    batch = people(system, 3, 1, schedules=[(), (Entry(1.0, Action.SET_STATE, 99, 1.0),), backwards])
    solved = build(system).solve(batch, Stiff(rtol=1e-4))
    assert [s.code for s in solved.statuses] == [Code.OK, Code.BAD_INPUT, Code.BAD_INPUT]
    assert np.isfinite(solved.states[0][0]).all() and np.isnan(solved.states[0][1:]).all()
    assert isinstance(batch, Batch)
