"""Sensitivities against the variational equations, solved by SciPy with derivatives by complex steps."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from neurohumor.emit.tape import Rows, Tape
from neurohumor.emit.tape_numpy import evaluator
from neurohumor.engine.backends.native import build
from neurohumor.engine.native.sensitivity import Direction, forward
from neurohumor.engine.problem import Action, Entry, Stiff
from neurohumor.errors import SolveError
from tests.native.networks import network, people


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


def test_what_cannot_be_differentiated_is_refused():
    system = network(12, 2, 3)
    batch = people(system, 1, 0.5, schedules=[(Entry(1.0, Action.SET_STATE, 0, 4.0),)])
    with pytest.raises(SolveError, match="no param"):
        forward(build(system), batch, [Direction("param", 10_000)], Stiff())
    with pytest.raises(SolveError, match="bolus"):
        forward(build(system), batch, [Direction("time", 0)], Stiff())


@pytest.mark.parametrize("count", [3, 4, 8])
def test_the_states_are_those_of_the_person_unmoved(count):
    """Whether or not a lane is left for them, and slopes do not depend on who else is asked for."""
    system = network(12, 2, 3)
    batch = people(system, 1, 0.5)
    directions = [Direction("param", k) for k in range(count)]
    program = build(system)
    found = forward(program, batch, directions, Stiff(rtol=1e-6))
    plain = build(system).solve(batch, Stiff(rtol=1e-8))
    assert found.states[0].shape == plain.states[0][0].shape and len(found.directions) == count
    assert np.allclose(found.states[0], plain.states[0][0], rtol=1e-5, atol=1e-7)
    first = forward(program, batch, directions[:1], Stiff(rtol=1e-6))
    size = np.abs(first.slopes[0]).max(axis=0)
    assert (np.abs(found.slopes[0][..., :1] - first.slopes[0]).max(axis=0) <= 1e-4 * size + 1e-5 * size.max()).all()
