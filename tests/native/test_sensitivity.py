"""Sensitivities against the variational equations, solved by SciPy with derivatives by complex steps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from neurohumor.emit.tape import Rows, Tape
from neurohumor.emit.tape_numpy import evaluator
from neurohumor.engine.backends.native import build
from neurohumor.engine.native.sensitivity import Direction, forward, forward_each
from neurohumor.engine.problem import Action, Batch, Entry, Stiff
from neurohumor.errors import SolveError
from neurohumor.lang.expr import Call
from neurohumor.lang.rates import both, exp, hill, maximum, where
from tests.native.networks import Maker, network, people


def variational(system, batch, directions, times):
    """[time, state, direction]: y and S from entry to entry; J and df/dp by complex steps of the NumPy tape."""
    tape = Tape()
    rows = Rows(system, tape)
    rates = evaluator(tape, [rows.take(r) for r in system.rates])
    n, p, u = len(system.states), batch.params[0].copy(), batch.inputs[0]

    def f(t, y, p):
        return np.array([complex(v) for v in rates(t, y, p, u, np.zeros(len(u)))])

    def slope(t, y, v, w):
        return f(t, y + 1e-30j * v, p + 1e-30j * w).imag / 1e-30

    unit = [np.eye(len(p))[d.index] if d.kind == "param" else np.zeros(len(p)) for d in directions]
    S = np.zeros((n, len(directions)))
    for k, d in enumerate(directions):
        if d.kind == "state":
            S[d.index, k] = 1.0
    y, t = np.array([s.initial.value for s in system.states]), float(batch.start[0])

    def both(t, z):
        y, S = z[:n], z[n:].reshape(n, -1)
        return np.concatenate([f(t, y, p).real, np.stack([slope(t, y, S[:, k], unit[k]) for k in range(S.shape[1])], axis=1).ravel()])

    out = np.full((len(times), n, len(directions)), np.nan)
    schedule = list(enumerate(batch.schedules[0]))
    scale = np.array([s.scale for s in system.states])
    atol = np.concatenate([1e-12 * scale, np.full(n * len(directions), 1e-12)])
    while True:
        while schedule and schedule[0][1].time <= t:
            index, e = schedule.pop(0)
            before = f(t, y, p).real
            y[e.index] += e.value
            for k, d in enumerate(directions):
                if d == Direction("dose", index):
                    S[e.index, k] += 1.0
                elif d == Direction("time", index):
                    S[:, k] += before - f(t, y, p).real
        out[times == t] = S
        if t >= batch.end[0]:
            return out
        end = min([float(batch.end[0])] + [e.time for _, e in schedule])
        inside = np.flatnonzero((times > t) & (times < end))
        found = solve_ivp(
            both, (t, end), np.concatenate([y, S.ravel()]), method="LSODA", rtol=1e-9, atol=atol, t_eval=[*times[inside], end]
        )
        assert found.success
        out[inside] = found.y[n:, :-1].T.reshape(-1, n, len(directions))
        y, S, t = found.y[:n, -1].copy(), found.y[n:, -1].reshape(n, -1).copy(), end


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_against_the_variational_equations():
    system = network(12, 2, 3)
    named = {p.name: k for k, p in enumerate(system.params)}
    schedule = (Entry(0.5, Action.ADD_STATE, 0, 4.0), Entry(2.0, Action.ADD_STATE, 1, 2.0))
    batch = people(system, 1, 0.2, schedules=[schedule], every=1.2)
    wanted = [Direction("param", named[n]) for n in ("ka0", "kd4", "s4", "s6", "kd7", "ka1")]
    wanted += [
        Direction("state", 4),
        Direction("state", 2),
        Direction("dose", 0),
        Direction("dose", 1),
        Direction("time", 0),
        Direction("time", 1),
    ]
    found = forward(build(system), batch, wanted, Stiff(rtol=1e-7, certify=True))
    times = batch.windows[0][0]
    due = variational(system, batch, wanted, times)
    size = np.abs(due).max(axis=0)
    scale = np.array([s.scale for s in system.states])[:, None]
    error = np.abs(found.slopes[0] - due).max(axis=0) / np.maximum(size, 1e-4 * scale * (size / scale).max(axis=0))
    assert error.max() < 1e-5, error.max()
    assert found.achieved is not None and found.achieved < 1e-5
    weights = np.zeros((len(times), 12))
    weights[-1, 3] = 2.0
    assert np.allclose(found.gradient([weights]), 2.0 * due[-1, 3], rtol=1e-5, atol=1e-9)


def by_differences(system, batch, directions, amounts, rtol=1e-9):
    """[person, time, state, direction]: five-point differences of tight runs."""
    program, out = build(system), []
    for d, amount in zip(directions, amounts, strict=True):
        people_ = []
        for step in (-2, -1, 1, 2):
            params, states, schedules = batch.params.copy(), batch.states.copy(), [list(s) for s in batch.schedules]
            if d.kind == "param":
                params[:, d.index] += step * amount
            elif d.kind == "state":
                states[:, d.index] += step * amount
            else:
                for s in schedules:
                    e = s[d.index]
                    moved = {"value": e.value + step * amount} if d.kind == "dose" else {"time": e.time + step * amount}
                    s[d.index] = replace(e, **moved)
            moved = replace(batch, params=params, states=states, schedules=tuple(map(tuple, schedules)))
            solved = program.solve(moved, Stiff(rtol=rtol))
            assert all(s.ok for s in solved.statuses)
            people_.append(solved.states[0])
        a, b, c, e = people_
        out.append((8 * (c - b) - (e - a)) / (12 * amount))
    return np.stack(out, axis=-1)


def agree(found, due, system, most=1e-5, floor=1e-4):
    """Errors relative to each slope's largest over the times (or a part of the direction's largest)."""
    scale = np.array([s.scale for s in system.states])[:, None]
    size = np.abs(due).max(axis=-3)
    size = np.maximum(size, floor * scale * (size / scale).max(axis=-2, keepdims=True))
    error = np.abs(found - due).max(axis=-3) / np.maximum(size, 1e-2 * scale)  # where nothing changes, differences are noise
    assert error.max() < most, (error.max(), np.unravel_index(error.argmax(), error.shape))


def driven_system():
    """Two stores, an input that ramps, a parameter that an entry sets, a pulse by the clock at an hour that a parameter decides."""
    m = Maker()
    x, y = m.state(0), m.state(1)
    k, hour, gain = m.param("k", 0.8), m.param("hour", 2.0), m.param("gain", 1.5)
    light = m.input("world.light", 0.3)
    pulse = where(both(Call("le", hour, m.time()), Call("lt", m.time(), hour + 0.5)), gain, 0.0)
    rates = [pulse + light - k * x, hill(x, 1.0, 2.0) * (1 + light) - 0.5 * y * k]
    return m.system("driven", [1.0, 0.5], rates), m


def test_every_kind_of_entry_its_value_and_its_time():
    system, _ = driven_system()
    schedule = (
        Entry(0.5, Action.ADD_STATE, 0, 1.0), Entry(1.0, Action.SET_STATE, 1, 0.7), Entry(1.5, Action.SET_PARAM, 0, 1.1),
        Entry(3.0, Action.RAMP_INPUT, 0, 0.5, 0.4), Entry(4.0, Action.SET_INPUT, 0, 0.2), Entry(4.5, Action.SET_PARAM, 2, 2.0),
    )  # fmt: skip
    times = np.arange(0.2, 6.1, 0.25)
    batch = Batch(
        np.array([[0.8, 2.0, 1.5]]), np.array([[0.3]]), np.array([[1.0, 0.5]]), (schedule,), np.zeros(1), np.full(1, 6.0), (times[None],)
    )
    directions = [Direction("dose", k) for k in range(6)] + [Direction("time", k) for k in range(6)]
    directions += [Direction("param", k) for k in range(3)] + [Direction("state", 0), Direction("state", 1)]
    found = forward(build(system), batch, directions, Stiff(rtol=1e-8))
    due = by_differences(system, batch, directions, [1e-2] * len(directions))[0]
    agree(found.slopes[0], due, system)
    hour = directions.index(Direction("param", 1))
    assert np.abs(due[..., hour]).max() > 0.1  # the pulse moves with its parameter: rates before and after it differ
    python = build(system)
    python.interpreted = True
    again = forward(python, batch, directions, Stiff(rtol=1e-4))
    assert np.array_equal(again.slopes[0], forward(build(system), batch, directions, Stiff(rtol=1e-4)).slopes[0])


def test_a_jump_whose_time_is_not_followed_would_show(monkeypatch):
    """Planted: the times of jumps by the clock are held while the parameter that decides them is varied."""
    from neurohumor.engine.native import tangent_setup

    system, _ = driven_system()
    times = np.arange(0.2, 6.1, 0.25)
    batch = Batch(
        np.array([[0.8, 2.0, 1.5]]), np.array([[0.3]]), np.array([[1.0, 0.5]]), ((),), np.zeros(1), np.full(1, 6.0), (times[None],)
    )
    due = by_differences(system, batch, [Direction("param", 1)], [1e-2])[0]
    agree(forward(build(system), batch, [Direction("param", 1)], Stiff(rtol=1e-8)).slopes[0], due, system)
    monkeypatch.setattr(tangent_setup.Setup, "_shifts", lambda self, person, slot, d, count: [0.0] * count)
    assert np.abs(forward(build(system), batch, [Direction("param", 1)], Stiff(rtol=1e-8)).slopes[0]).max() == 0.0


def test_balances_and_initial_values_that_follow_from_others():
    """An unknown from a balance, an initial value and a parameter that are expressions of a parameter."""
    m = Maker()
    x, z, s = (m.state(i) for i in range(3))
    a = m.param("a", 0.6)
    m.params.append(replace(m.params[0], name="b", initial=m.intern.take(2.0 * a + 0.1)))
    b = m.intern.leaf("param", 1, "net.b")
    rates = [s - b * x, z * exp(z) - x * a, z - s * b]
    system = m.system("balanced", [1.0, 0.3, 0.5], rates, differential=[True, False, True], nonnegative=False)
    states = (replace(system.states[0], initial=m.intern.take(a * a + b)), *system.states[1:])
    system = replace(system, states=states)
    times = np.array([0.0, 0.5, 0.9, 1.1, 1.5, 1.9, 2.1, 3.0, 5.0])  # at an entry itself slopes by its time jump
    schedule = (Entry(1.0, Action.ADD_STATE, 0, 0.5), Entry(2.0, Action.SET_PARAM, 1, 0.9))
    batch = Batch(
        np.array([[0.6, np.nan]]), np.zeros((1, 0)), np.full((1, 3), np.nan), (schedule,), np.zeros(1), np.full(1, 5.0), (times[None],)
    )
    directions = [Direction("param", 0), Direction("state", 2), Direction("dose", 0), Direction("time", 0), Direction("dose", 1)]
    directions.append(Direction("time", 1))
    found = forward(build(system), batch, directions, Stiff(rtol=1e-8))
    given = replace(batch, states=np.array([[np.nan, np.nan, 0.5]]))
    agree(found.slopes[0], by_differences(system, given, directions, [1e-2] * 6)[0], system)
    assert abs(found.slopes[0][0, 0, 0] - (2 * 0.6 + 2.0)) < 1e-12
    with pytest.raises(SolveError, match="balance"):
        forward(build(system), batch, [Direction("state", 1)], Stiff())


def test_slopes_at_the_start_that_the_caller_knows():
    """A run cut in two: the second half begins with the slopes of the first."""
    system = network(12, 2, 3)
    batch = people(system, 1, 1.0, every=12.0, schedules=[(Entry(2.0, Action.ADD_STATE, 0, 4.0),)])
    directions = [Direction("param", k) for k in (0, 3, 9)]
    program = build(system)
    whole = forward(program, batch, directions, Stiff(rtol=1e-8))
    first = replace(batch, end=np.full(1, 12.0), windows=(batch.windows[0][:, :2],))
    half, moments = forward(program, first, directions, Stiff(rtol=1e-8)), program.solve(first, Stiff(rtol=1e-8)).moments
    rest = replace(batch, start=np.full(1, 12.0), windows=(batch.windows[0][:, 1:],), schedules=((),), starts=moments)
    second = forward(program, rest, directions, Stiff(rtol=1e-8), first=half.slopes[0][-1])
    agree(second.slopes[0], whole.slopes[0][1:], system)
    with pytest.raises(SolveError, match="slopes at the start"):
        forward(program, rest, directions, Stiff(), first=np.zeros((3, 3)))


@pytest.mark.parametrize("width", [0, 1, 2])
def test_many_people_are_as_each_alone_whatever_the_width_and_the_threads(width):
    system = network(12, 2, 3)
    batch = people(system, 5, 0.5, every=3.0)
    directions = [Direction("param", 0), Direction("dose", 0), Direction("param", 7)]
    program = build(system, width=width, threads=2)
    found = forward_each(program, batch, directions, Stiff(rtol=1e-6))
    assert found.slopes[0].shape == (5, 5, 12, 3) and [s.person for s in found.statuses] == list(range(5))
    for k in (0, 3):
        one = replace(
            batch, params=batch.params[k : k + 1], inputs=batch.inputs[k : k + 1], states=batch.states[k : k + 1],
            schedules=batch.schedules[k : k + 1], start=batch.start[:1], end=batch.end[:1], windows=(batch.windows[0][:1],),
        )  # fmt: skip
        alone = forward(build(system, width=width), one, directions, Stiff(rtol=1e-6))
        assert np.array_equal(alone.slopes[0], found.slopes[0][k]) and np.array_equal(alone.states[0], found.states[0][k])


def test_errors_of_slopes_shorten_steps():
    system = network(12, 2, 3)
    batch = people(system, 1, 1.0, every=2.0)
    directions = [Direction("param", k) for k in range(12)]
    program, tight = build(system), Stiff(rtol=1e-9)
    due = forward(program, batch, directions, tight, slack=1.0).slopes[0]
    errors, steps = [], []
    for slack in (1.0, 10.0, np.inf):
        found = forward(program, batch, directions, Stiff(rtol=1e-5), slack=slack)
        errors.append(np.abs(found.slopes[0] - due).max())
        steps.append(found.counts["steps"])
    assert errors[0] < errors[1] < errors[2] and steps[0] > steps[1] > steps[2]
    assert steps[2] == program.solve(batch, Stiff(rtol=1e-5)).counts["steps"]


def test_what_cannot_be_differentiated_is_refused():
    system = network(12, 2, 3)
    two = (Entry(1.0, Action.SET_STATE, 0, 4.0), Entry(1.0, Action.ADD_STATE, 1, 4.0))
    batch = people(system, 1, 0.5, schedules=[two])
    program = build(system)
    for directions, match in (
        ([Direction("param", 10_000)], "no param"), ([Direction("time", 0)], "stand alone"), ([Direction("dose", 2)], "no dose"),
        ([], "no dir"),
    ):  # fmt: skip
        with pytest.raises(SolveError, match=match):
            forward(program, batch, directions, Stiff())
    with pytest.raises(SolveError, match="within the run"):
        forward(program, replace(batch, end=np.full(1, 1.0), windows=(np.array([[0.5]]),)), [Direction("time", 0)], Stiff())
    with pytest.raises(SolveError, match="one person"):
        forward(program, people(system, 2, 0.5), [Direction("param", 0)], Stiff())
    with pytest.raises(SolveError, match="rtol"):
        forward(program, batch, [Direction("param", 0)], Stiff(rtol=1e-11))
    with pytest.raises(SolveError, match="slack"):
        forward(program, batch, [Direction("param", 0)], Stiff(), slack=0.0)
    with pytest.raises(SolveError, match="failed"):
        forward(program, batch, [Direction("param", 0)], Stiff(max_steps=3))


def test_a_jump_that_comes_or_goes_has_no_slope():
    system, _ = driven_system()
    batch = Batch(
        np.array([[0.8, 2.0, 1.5]]), np.array([[0.3]]), np.full((1, 2), np.nan), ((),), np.zeros(1), np.full(1, 2.0 + 1e-7),
        (np.array([[1.0]]),),
    )  # fmt: skip
    with pytest.raises(SolveError, match="comes or goes"):
        forward(build(system), batch, [Direction("param", 1)], Stiff())


def test_the_states_are_those_of_the_person_without_slopes():
    system = network(12, 2, 3)
    batch = people(system, 1, 0.5)
    for count in (1, 3, 9):
        directions = [Direction("param", k) for k in range(count)]
        found = forward(build(system), batch, directions, Stiff(rtol=1e-6), slack=np.inf)
        plain = build(system).solve(batch, Stiff(rtol=1e-6))
        assert np.allclose(found.states[0], plain.states[0][0], rtol=1e-8, atol=1e-12) and found.counts["steps"] == plain.counts["steps"]
        assert len(found.directions) == count and found.slopes[0].shape[2] == count


def test_a_condition_on_states_that_turns_is_refused_and_one_that_an_entry_turns_is_not():
    m = Maker()
    x, y = m.state(0), m.state(1)
    k = m.param("k", 0.5)
    rates = [-k * x, where(Call("lt", x, m.intern.const(0.6)), 1.0, 0.2) - y + maximum(x - 0.8, 0.0)]
    system = m.system("turning", [1.0, 0.3], rates)

    def batch(end, schedule=()):
        times = np.array([[0.3, 0.5 * end, end]])
        return Batch(
            np.full((1, 1), np.nan), np.zeros((1, 0)), np.full((1, 2), np.nan), (schedule,), np.zeros(1), np.full(1, end), (times,)
        )

    program, wanted = build(system), [Direction("param", 0)]
    with pytest.raises(SolveError, match=r"turns at 1\.02"):
        forward(program, batch(3.0), wanted, Stiff())
    schedule = (Entry(0.8, Action.SET_STATE, 0, 0.5),)
    found = forward(program, batch(3.0, schedule), wanted, Stiff(rtol=1e-8))  # the kink at 0.8 is passed: nothing jumps there
    given = replace(batch(3.0, schedule), params=np.array([[0.5]]))
    agree(found.slopes[0], by_differences(system, given, wanted, [1e-3])[0], system)


def test_a_step_that_forgets_how_its_jacobian_changes_would_show(monkeypatch):
    """Planted: curvatures are left out.  The order is lost, and slopes at one tolerance are far from those of another."""
    system = network(12, 2, 3)
    batch = people(system, 1, 1.0, every=2.0)
    wanted = [Direction("param", k) for k in range(8)]

    def error():
        program = build(system)
        rough, fine = (forward(program, batch, wanted, Stiff(rtol=r), slack=np.inf).slopes[0] for r in (1e-6, 1e-9))
        size = np.abs(fine).max(axis=0) + 1e-3 * np.abs(fine).max(axis=(0, 1))
        return float((np.abs(rough - fine).max(axis=0) / np.maximum(size, 1e-6)).max())

    assert error() < 1e-4
    monkeypatch.setenv("NEUROHUMOR_CACHE", "off")
    monkeypatch.setattr("neurohumor.engine.native.tangent_text.tangents", lambda tape, roots, given: [None] * len(roots))
    assert error() > 1e-3
