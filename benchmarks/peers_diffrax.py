"""diffrax: Kvaerno3 in 64 bits under vmap, stretch after stretch of the schedule inside one compiled scan.

Of its stiff methods the one that is best here: on Reed 2008 Kvaerno5 took twenty times as long to be more exact than anybody asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from problems import Problem

from neurohumor.emit.tape import Rows, Tape
from neurohumor.emit.tape_numpy import text
from neurohumor.engine.problem import Action

Floats = NDArray[np.float64]
MOST_STATES = 50


def ready(problem: Problem, atol: float) -> Callable[[int, float], Floats]:
    """run(people, rtol)"""
    import jax

    jax.config.update("jax_enable_x64", True)
    import diffrax
    import jax.numpy as jnp
    from peers_engines import Failed, Missing

    if len(problem.system.states) > MOST_STATES:
        raise Missing("diffrax takes more than a minute to compile so many states")
    rates = _rates(problem, jnp)
    ends, adds, sets = _plan(problem)
    inputs = np.array([u.nominal for u in problem.system.inputs])
    term, solver = diffrax.ODETerm(lambda t, y, args: rates(t, y, *args)), diffrax.Kvaerno3()

    def one(y: Any, p: Any, u: Any, rtol: Any) -> tuple[Any, Any]:
        control = diffrax.PIDController(rtol=rtol, atol=atol * rtol * problem.scales)

        def stretch(now: Any, what: Any) -> tuple[Any, Any]:
            y, p, u, good = now
            (t0, t1), add, (new_p, new_u) = what
            y, p, u = y + add, jnp.where(jnp.isnan(new_p), p, new_p), jnp.where(jnp.isnan(new_u), u, new_u)
            found = diffrax.diffeqsolve(
                term, solver, t0, t1, None, y, args=(p, u), stepsize_controller=control, max_steps=100_000, throw=False,
                adjoint=diffrax.ForwardMode(),
            )
            return (found.ys[0], p, u, good & (found.result == diffrax.RESULTS.successful)), y

        (last, _, _, good), states = jax.lax.scan(stretch, (y, p, u, jnp.asarray(True)), (ends, adds, sets))
        return jnp.concatenate([states, last[None]]), good

    many = jax.jit(jax.vmap(one, in_axes=(0, 0, None, None)))
    wanted = np.searchsorted(np.append(ends[0], ends[1][-1]), problem.times)

    def run(people: int, rtol: float) -> Floats:
        count = -(-people // 16) * 16  # whole vectors, so that nothing is compiled again
        out = []
        y, p = problem.starts(
            np.zeros(count), np.full((count, len(problem.scales)), np.nan), problem.params(count), np.tile(inputs, (count, 1))
        )
        for k in range(0, count, 16):
            states, good = many(y[k : k + 16], p[k : k + 16], inputs, rtol)
            if not bool(good.all()):
                raise Failed("diffrax gave up")
            out.append(np.asarray(states)[:, wanted])
        return np.concatenate(out)[:people]

    return run


def _rates(problem: Problem, jnp: Any) -> Callable[..., Any]:
    tape = Tape()
    rows = Rows(problem.system, tape)
    names = {name: getattr(jnp, name) for name in dir(jnp) if not name.startswith("_")}
    exec(compile(text(tape, [rows.take(r) for r in problem.system.rates]), "<system>", "exec"), names)
    values = names["values"]
    return lambda t, y, p, u: jnp.stack([jnp.asarray(v, dtype=float) for v in values(t, y, p, u, None, None)])


def _plan(problem: Problem) -> tuple[tuple[Floats, Floats], Floats, tuple[Floats, Floats]]:
    """(starts and ends of stretches, what is added to states, what parameters and inputs become; NaN: what they were)"""
    system = problem.system
    times = np.unique([*problem.times, *(e.time for e in problem.schedule), *problem.breaks])
    times = times[(times >= 0) & (times <= problem.end)]
    count = len(times) - 1
    adds = np.zeros((count, len(system.states)))
    params, inputs = np.full((count, len(system.params)), np.nan), np.full((count, len(system.inputs)), np.nan)
    for entry in problem.schedule:
        k = int(np.searchsorted(times, entry.time))
        if k == count:
            continue
        if entry.action is Action.ADD_STATE:
            adds[k, entry.index] += entry.value
        elif entry.action is Action.SET_PARAM:
            params[k, entry.index] = entry.value
        elif entry.action is Action.SET_INPUT:
            inputs[k, entry.index] = entry.value
        else:
            raise NotImplementedError("only additions to states, and parameters and inputs that are set")
    return (times[:-1], times[1:]), adds, (params, inputs)
