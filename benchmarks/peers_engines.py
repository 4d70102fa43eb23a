"""The engines, each at its best, behind one small face: made for a problem, then asked for people at a tolerance."""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from peers_functions import Functions, Journey, functions
from problems import Problem

from neurohumor.engine.problem import Batch, Stiff
from neurohumor.lang.expr import Const

Floats = NDArray[np.float64]
ATOL = 1e-3
"""Absolute tolerance of a state: rtol times this times how large the state becomes; the same for all engines."""


class Missing(Exception):
    """An engine that is not here, or cannot take a problem, and why."""


class Failed(Exception):
    """A run that an engine gave up."""


@dataclass
class Engine:
    """An engine made ready for a problem.

    rtols     tolerances worth trying, loose to tight
    run       (people, rtol) -> [person, time, state]; people are 0, 1, ...
    at_least  people in a call, where a batch has its price; padded: fewer cost as much
    setup     seconds, where they cannot be measured as the processor time of making the engine
    """

    name: str
    problem: Problem
    rtols: tuple[float, ...]
    run: Callable[[int, float], Floats]
    at_least: int = 1
    remark: str = ""
    setup: float = float("nan")
    padded: bool = False


def needed(*modules: str) -> None:
    """Raises Missing unless all of these can be imported."""
    for module in modules:
        if importlib.util.find_spec(module) is None:
            raise Missing(f"the package {module} is not installed")


# ── ours ─────────────────────────────────────────────────────────────────────────────────────────

OURS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)


def ours(problem: Problem, *, name: str = "neurohumor", width: int = 0, at_least: int = 64) -> Engine:
    """The native engine on one thread; at_least 1: one person a call."""
    from neurohumor.engine.backends.native import build
    from neurohumor.engine.native.machine import host

    program = build(problem.system, width=width, threads=1)

    def run(people: int, rtol: float) -> Floats:
        whole = problem.batch(people)
        if at_least > 1:
            return once(whole, rtol)
        return np.concatenate([once(one_of(whole, k), rtol) for k in range(people)])

    def once(batch: Batch, rtol: float) -> Floats:
        solved = program.solve(batch, Stiff(rtol=rtol, atol=ATOL * rtol))
        bad = [s for s in solved.statuses if not s.ok]
        if bad:
            raise Failed(str(bad[0]))
        return solved.states[0]

    run(2, OURS[0])
    lanes = width or host().width
    remark = f"{lanes} lane{'s' * (lanes > 1)}" + (", people one by one; code from the cache" if at_least == 1 else "")
    return Engine(name, problem, OURS, run, at_least, remark)


def one_of(batch: Batch, k: int) -> Batch:
    """One person of a batch."""
    rows = slice(k, k + 1)
    return replace(
        batch, params=batch.params[rows], inputs=batch.inputs[rows], states=batch.states[rows], schedules=batch.schedules[rows],
        start=batch.start[rows], end=batch.end[rows], windows=tuple(w[rows] for w in batch.windows),
    )  # fmt: skip


def alone(problem: Problem) -> Engine:
    """The native engine, one person a call: the other lanes of the vector stay empty."""
    return ours(problem, name="neurohumor, one alone", at_least=1)


def scalar(problem: Problem) -> Engine:
    """The native engine with vectors of one lane."""
    return ours(problem, name="neurohumor, 1 lane", width=1, at_least=4)


# ── engines that take functions ──────────────────────────────────────────────────────────────────


def compiled_functions(problem: Problem) -> Functions:
    """By Numba where it is there; systems too large for it are refused, since it would take minutes."""
    has = importlib.util.find_spec("numba") is not None
    if len(problem.system.states) > (200 if has else 100):
        raise Missing("functions of so many states take minutes to compile")
    return functions(problem.system, compiled=has)


def _one_by_one(problem: Problem, solve: Callable[..., Floats], made: Functions) -> Callable[[int, float], Floats]:
    """solve(stretch, y, c, rtol) -> states at the samples inside and at the end."""

    def run(people: int, rtol: float) -> Floats:
        out = []
        for params in problem.params(people):
            journey = Journey(problem, params)
            c = np.zeros(0)
            for stretch in journey.stretches():
                if stretch.changed:
                    c = made.constants(stretch.p, stretch.u)
                found = solve(stretch, journey.y, c, rtol)
                journey.out[stretch.inside] = found[:-1]
                journey.y = np.ascontiguousarray(found[-1])
            out.append(journey.out)
        return np.array(out)

    return run


def scipy(method: str) -> Callable[[Problem], Engine]:
    """SciPy's solvers, with the Jacobian (sparse where that pays)."""

    def make(problem: Problem) -> Engine:
        from scipy.integrate import solve_ivp
        from scipy.sparse import csc_matrix

        made = compiled_functions(problem)
        n, count = len(problem.system.states), len(made.rows)
        sparse = method != "LSODA" and n >= 100
        starts = np.searchsorted(made.columns, np.arange(n + 1))

        def solve(stretch: Any, y: Floats, c: Floats, rtol: float) -> Floats:
            def rates(t: float, v: Floats) -> Floats:
                out = np.empty(n)
                made.rates(t, v, c, out)
                return out

            def jacobian(t: float, v: Floats) -> Any:
                values = np.empty(count)
                made.jacobian(t, v, c, values)
                if sparse:
                    return csc_matrix((values, made.rows, starts), shape=(n, n))
                out = np.zeros((n, n))
                out[made.rows, made.columns] = values
                return out

            at = [*problem.times[stretch.inside], stretch.end]
            found = solve_ivp(
                rates, (stretch.start, stretch.end), y, method=method, t_eval=at, jac=jacobian, rtol=rtol, atol=ATOL * rtol * problem.scales
            )
            if not found.success or found.y.shape[1] != len(at):
                raise Failed(str(found.message))
            return found.y.T

        remark = f"functions {'by Numba' if made.compiled else 'in plain Python'}, {'sparse' if sparse else 'dense'} Jacobian"
        rtols = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10)
        return Engine(f"SciPy {method}", problem, rtols, _one_by_one(problem, solve, made), remark=remark)

    return make


def sundae(problem: Problem) -> Engine:
    """CVODE by scikit-sundae, dense, with the Jacobian."""
    needed("sksundae")
    from sksundae.cvode import CVODE

    made = compiled_functions(problem)
    values = np.empty(len(made.rows))

    def rates(t: float, y: Floats, out: Floats, c: tuple[Floats]) -> None:
        made.rates(t, y, c[0], out)

    def jacobian(t: float, y: Floats, yp: Floats, matrix: Floats, c: tuple[Floats]) -> None:
        made.jacobian(t, y, c[0], values)
        matrix[made.rows, made.columns] = values

    def solve(stretch: Any, y: Floats, c: Floats, rtol: float) -> Floats:
        solver = CVODE(
            rates, userdata=(c,), rtol=rtol, atol=ATOL * rtol * problem.scales, linsolver="dense", jacfn=jacobian, max_num_steps=1_000_000
        )
        at = np.array([stretch.start, *problem.times[stretch.inside], stretch.end])
        if len(at) == 2:
            at = np.array([at[0], 0.5 * (at[0] + at[1]), at[1]])
            return _checked(solver.solve(at, y), 3)[2:]
        return _checked(solver.solve(at, y), len(at))[1:]

    remark = f"functions {'by Numba' if made.compiled else 'in plain Python'}, dense"
    return Engine("scikit-sundae CVODE", problem, CVODES, _one_by_one(problem, solve, made), remark=remark)


CVODES = (1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10)


def _checked(found: Any, count: int) -> Floats:
    if not found.success or len(found.y) != count:
        raise Failed(str(found.message))
    return np.array(found.y)


# ── engines that take SBML ───────────────────────────────────────────────────────────────────────


def sbml_of(problem: Problem, *, events: bool) -> tuple[str, Mapping[str, str]]:
    """The problem as SBML text, and the id of every row by full name."""
    from neurohumor.sbml.write import ids_of, write_sbml

    text = write_sbml(problem.system, schedule=problem.schedule if events else ())
    if not events:  # what a schedule sets must still be free to change
        ids = ids_of(problem.system)
        system = problem.system
        rows = {system.params[e.index].full for e in problem.schedule if e.action == 4}
        rows |= {system.inputs[e.index].full for e in problem.schedule if e.action in (2, 3)}
        for row in rows:
            head, _, tail = text.partition(f'<parameter id="{ids[row]}"')
            text = f'{head}<parameter id="{ids[row]}"{tail.replace("constant=" + chr(34) + "true", "constant=" + chr(34) + "false", 1)}'
    return text, ids_of(problem.system)


class _Roadrunner:
    """libRoadRunner with the schedule as SBML events, or walked from outside."""

    def __init__(self, problem: Problem, *, events: bool) -> None:
        import roadrunner

        roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
        text, self.ids = sbml_of(problem, events=events)
        self.problem, self.events = problem, events
        self.model = roadrunner.RoadRunner(text)
        self.names = [self.ids[s.full] for s in problem.system.states]
        self.model.timeCourseSelections = self.names
        self.varied = [(k, self.ids[problem.system.params[k].full]) for k in problem.varied]
        kinds = (("param", problem.system.params), ("state", problem.system.states))
        self.dependent = [
            (kind, k, self.ids[row.full]) for kind, rows in kinds for k, row in enumerate(rows) if not isinstance(row.initial, Const)
        ]

    def run(self, people: int, rtol: float) -> Floats:
        problem, model = self.problem, self.model
        integrator = model.integrator
        integrator.relative_tolerance = rtol
        integrator.maximum_num_steps = 1_000_000
        for name, scale in zip(self.names, problem.scales, strict=True):
            integrator.setIndividualTolerance(name, ATOL * rtol * float(scale))
        out = []
        for params in problem.params(people):
            model.resetToOrigin()
            for k, name in self.varied:
                model.setValue(name, params[k])
            if self.dependent:  # what begins at a value worked out from the others: not worked out again after a reset
                own = Journey(problem, params)
                for values, k, name in ((own.p if kind == "param" else own.y, k, name) for kind, k, name in self.dependent):
                    model.setValue(name, float(values[k]))
            try:
                out.append(self._whole() if self.events else self._walked(params))
            except RuntimeError as fault:
                raise Failed(str(fault)) from None
        return np.array(out)

    def _whole(self) -> Floats:
        times = self.problem.times
        return np.array(self.model.simulate(times=list(times)))

    def _walked(self, params: Floats) -> Floats:
        problem, model = self.problem, self.model
        journey = Journey(problem, params)
        p, u = journey.p.copy(), journey.u.copy()
        last = journey.y.copy()
        for stretch in journey.stretches():
            for k in np.flatnonzero(journey.y != last):
                model.setValue(self.names[k], float(journey.y[k]))
            for now, before, rows in ((stretch.p, p, problem.system.params), (stretch.u, u, problem.system.inputs)):
                for k in np.flatnonzero(now != before):
                    model.setValue(self.ids[rows[k].full], float(now[k]))
            p, u = stretch.p.copy(), stretch.u.copy()
            at = [stretch.start, *problem.times[stretch.inside], stretch.end]
            found = np.array(model.simulate(times=at))
            journey.out[stretch.inside] = found[1:-1]
            journey.y = last = found[-1].copy()
            last = last.copy()
        return journey.out


def roadrunner(problem: Problem) -> Engine:
    """libRoadRunner; of its two ways to follow a schedule, the one that is faster here."""
    needed("roadrunner")
    import time

    ways, made, taken = [], [], []
    for events in (True, False) if problem.schedule or problem.breaks else (True,):
        began = time.process_time()
        ways.append(_Roadrunner(problem, events=events))
        made.append(time.process_time() - began)
        began = time.process_time()
        with contextlib.suppress(Failed):
            ways[-1].run(1, 1e-6)
        taken.append(time.process_time() - began)
    best = ways[int(np.argmin(taken))]
    remark = "schedule as events" if best.events and problem.schedule else "walked from entry to entry" if not best.events else ""
    return Engine("libRoadRunner", problem, CVODES, best.run, remark=remark, setup=made[int(np.argmin(taken))])


def amici(problem: Problem) -> Engine:
    """AMICI (CVODES with KLU), the schedule as SBML events, people as one batch."""
    needed("amici")
    import peers_amici

    run, seconds = peers_amici.ready(problem, ATOL)
    return Engine("AMICI", problem, CVODES, run, at_least=4, remark="generated C++, KLU; set-up by the wall clock", setup=seconds)


def diffrax(problem: Problem) -> Engine:
    """diffrax, Kvaerno3 under vmap."""
    needed("diffrax", "jax")
    import peers_diffrax

    rtols = (1e-2, 1e-3, 1e-4, 1e-5)
    return Engine("diffrax Kvaerno3", problem, rtols, peers_diffrax.ready(problem, ATOL), at_least=16, remark="vmap of 16", padded=True)


ENGINES: Mapping[str, Callable[[Problem], Engine]] = {
    "neurohumor": ours, "alone": alone, "scalar": scalar, "roadrunner": roadrunner, "amici": amici, "sundae": sundae,
    "lsoda": scipy("LSODA"), "bdf": scipy("BDF"), "radau": scipy("Radau"), "diffrax": diffrax,
}  # fmt: skip
