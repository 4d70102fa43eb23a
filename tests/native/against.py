"""What the engine is compared with: SciPy's Radau between schedule entries, and the tape in NumPy."""

from __future__ import annotations

import numpy as np
from scipy.integrate import solve_ivp

from neurohumor.emit.tape import Rows, Tape
from neurohumor.emit.tape_numpy import evaluator
from neurohumor.emit.tape_slopes import slopes
from neurohumor.engine.problem import Action, Batch
from neurohumor.lang.system import System


def tape_functions(system: System):
    """(rates, jacobian) of plain arrays t, y, p, u."""
    tape = Tape()
    rows = Rows(system, tape)
    roots = [rows.take(r) for r in system.rates]
    found = slopes(tape, roots)
    entries = [(i, j, k) for i, row in enumerate(found) for j, k in row.items() if j >= 0]
    rates = evaluator(tape, roots)
    values = evaluator(tape, [k for _, _, k in entries])

    def f(t, y, p, u):
        return np.array([float(v) for v in rates(t, y, p, u, np.zeros(len(u)))])

    def jac(t, y, p, u):
        out = np.zeros((len(roots), len(system.states)))
        for (i, j, _), v in zip(entries, values(t, y, p, u, np.zeros(len(u))), strict=True):
            out[i, j] = v
        return out

    return f, jac


def radau(system: System, batch: Batch, k: int = 0, rtol: float = 1e-10):
    """[time, state] of person k in the first window, by SciPy, entry by entry."""
    f, jac = tape_functions(system)
    y = np.array([s.initial.value for s in system.states])  # type: ignore[attr-defined]
    p, u, slope, since = batch.params[k].copy(), batch.inputs[k].copy(), np.zeros(len(system.inputs)), batch.start[k]
    t, times = batch.start[k], batch.windows[0][k]
    out = np.full((len(times), len(y)), np.nan)
    schedule = list(batch.schedules[k])
    atol = rtol * 1e-3 * np.array([s.scale for s in system.states])
    while True:
        while schedule and schedule[0].time <= t:
            e = schedule.pop(0)
            if e.action is Action.ADD_STATE:
                y[e.index] += e.value
            elif e.action is Action.SET_STATE:
                y[e.index] = e.value
            elif e.action is Action.SET_PARAM:
                p[e.index] = e.value
            else:
                u, since = u + slope * (t - since), t
                u[e.index], slope[e.index] = e.value, e.slope if e.action is Action.RAMP_INPUT else 0.0
        out[times == t] = y
        if t >= batch.end[k]:
            return out
        end = min([batch.end[k]] + [e.time for e in schedule])
        inside = np.flatnonzero((times > t) & (times < end))

        def at(time, since=since, u=u, slope=slope):
            return u + slope * (time - since)

        with np.errstate(all="ignore"):
            found = solve_ivp(
                lambda time, v, p=p, at=at: f(time, v, p, at(time)), (t, end), y, method="Radau", rtol=rtol, atol=atol,
                t_eval=[*times[inside], end], jac=lambda time, v, p=p, at=at: jac(time, v, p, at(time)),
            )  # fmt: skip
        assert found.success
        out[inside] = found.y[:, :-1].T
        y, t = found.y[:, -1].copy(), end
