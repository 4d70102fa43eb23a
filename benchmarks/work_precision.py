"""Error against a tight solution, time by turns, and what an engine does at one error."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import math
import os
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from peers_engines import Engine, Failed
from problems import ROOT, Problem

from neurohumor.build.fingerprint import fingerprint
from neurohumor.engine.problem import Stiff

Floats = NDArray[np.float64]
KEPT = ROOT / "out" / "benchmarks"
KEEPS = os.environ.get("NEUROHUMOR_CACHE") != "off"
NOISE = 1e-6
EQUAL = 1e-5
"""The rms error at which engines are compared."""
MOST_PEOPLE = 512
"""In one turn."""
SMALL = 1e-3
"""Of a state's largest value: smaller values count as that much when errors are told."""
LARGEST_FOR_REFERENCE = 60
"""States; beyond, the reference engine judges the first day only."""
LARGEST_FOR_A_DAY = 400
"""States; beyond, a day takes the reference engine minutes: the native engine is compared with itself at another tolerance."""


@dataclass
class Row:
    """What an engine does at a tolerance.  per_second: people per second of processor time, one core."""

    problem: str
    engine: str
    rtol: float
    rms_error: float
    per_second: float
    setup: float


def error(found: Floats, truth: Floats, scales: Floats | None = None) -> float:
    """Root mean square over people, times and states of error / (|y| + 0.001 of the largest |y| of that person and state).

    scales  [state] typical sizes: a state that stays a million times below counts as being as large, so that noise about 0 is none
    """
    largest = np.abs(truth).max(axis=1, keepdims=True)
    size = np.abs(truth) + SMALL * (largest if scales is None else np.maximum(largest, NOISE * scales))
    where = size > 0
    return float(np.sqrt(np.mean(((found - truth)[where] / size[where]) ** 2)))


@dataclass
class Truth:
    """[person, time, state], and how far it can be trusted: rms difference from another solution, and which."""

    states: Floats
    doubt: float
    by: str


def truth(problem: Problem, people: int) -> Truth:
    """Our reference engine at 1e-11; for large ones the native engine at 1e-10, beside that over a day, or beside itself.  Kept."""
    text = f"2 {fingerprint(problem.system)} {problem.schedule!r} {problem.times.tobytes().hex()} {problem.varied} {people}"
    path = KEPT / f"truth_{problem.name}_{hashlib.sha256(text.encode()).hexdigest()[:16]}.npz"
    if KEEPS and path.is_file():
        with np.load(path) as kept:
            return Truth(kept["states"], float(kept["doubt"]), str(kept["by"]))
    from neurohumor.engine.backends.native import build as native
    from neurohumor.engine.backends.reference.program import build as reference

    batch = problem.batch(people)
    fine = _states(native(problem.system).solve(batch, Stiff(rtol=1e-10)))
    if len(problem.system.states) <= LARGEST_FOR_REFERENCE:
        exact = _states(reference(problem.system).solve(batch, Stiff(rtol=1e-11)))
        found = Truth(exact, error(fine, exact, problem.scales), "reference engine at 1e-11, beside the native engine at 1e-10")
    elif len(problem.system.states) > LARGEST_FOR_A_DAY:
        coarse = _states(native(problem.system).solve(batch, Stiff(rtol=1e-9)))
        found = Truth(fine, error(coarse, fine, problem.scales), "native engine at 1e-10, beside itself at 1e-9")
    else:
        few = problem.times <= 24.0
        short = _short(problem, problem.times[few])
        exact = _states(reference(problem.system).solve(short, Stiff(rtol=1e-10)))
        doubt = error(fine[:1, few], exact, problem.scales)
        found = Truth(fine, doubt, "native engine at 1e-10, beside the reference engine over the first day")
    if KEEPS:
        KEPT.mkdir(parents=True, exist_ok=True)
        np.savez(path, states=found.states, doubt=found.doubt, by=found.by)
    return found


def _short(problem: Problem, times: Floats):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    schedule = tuple(e for e in problem.schedule if e.time <= times[-1])
    return replace(problem, times=times, schedule=schedule).batch(1)


def _states(solved) -> Floats:  # type: ignore[no-untyped-def]
    bad = [s for s in solved.statuses if not s.ok]
    if bad:
        raise Failed(f"no tight solution: {bad[0]}")
    return solved.states[0]


# ── time ─────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def pinned():  # type: ignore[no-untyped-def]
    """On one core."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def load() -> float:
    """The load average of the last minute; NaN where there is none."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else math.nan


@dataclass
class _Trial:
    engine: Engine
    setup: float
    rtol: float
    rms: float = math.nan
    people: int = 1
    times: list[float] = field(default_factory=list)

    def measure(self) -> None:
        gc.collect()
        began = time.process_time()
        self.engine.run(self.people, self.rtol)
        self.times.append((time.process_time() - began) / self.people)


@dataclass(frozen=True)
class Effort:
    """How long to measure.

    seconds  of each turn of an engine at a tolerance; slowest: seconds a person above which a tolerance, and tighter ones, are left out
    """

    rounds: int = 5
    seconds: float = 0.4
    slowest: float = 3.0
    judged: int = 2


QUICK = Effort(rounds=2, seconds=0.02, slowest=1.0, judged=2)


def measured(problem: Problem, engines: Sequence[tuple[Engine, float]], effort: Effort, say: list[str]) -> list[Row]:
    """Rows of all engines at all tolerances, measured by turns: medians over the rounds.  `say` gets what was left out."""
    exact = truth(problem, effort.judged)
    trials: list[_Trial] = []
    for engine, setup in engines:
        for rtol in engine.rtols:
            trial = _Trial(engine, setup, rtol)
            began = time.process_time()
            try:
                found = engine.run(effort.judged, rtol)
            except Failed as fault:
                say.append(f"{problem.name}: {engine.name} failed at rtol {rtol:g} ({fault})")
                continue
            each = (time.process_time() - began) / max(effort.judged, engine.at_least if engine.padded else 1)
            trial.rms = error(found, exact.states, problem.scales)
            if not math.isfinite(trial.rms):
                say.append(f"{problem.name}: {engine.name} gave numbers that are not finite at rtol {rtol:g}, and said nothing")
                continue
            trial.people = max(engine.at_least, min(MOST_PEOPLE, int(effort.seconds / max(each, 1e-9))))
            trials.append(trial)
            if each > effort.slowest:
                trial.people = 1
                trial.times.append(each)
            if each > effort.slowest or trial.rms < max(0.01 * EQUAL, 3 * exact.doubt):
                break  # tighter tells nothing about the error that is asked for
    for _ in range(effort.rounds):
        for trial in tuple(trials):
            if trial.times and trial.times[0] > effort.slowest:
                continue
            try:
                trial.measure()
            except Failed as fault:
                say.append(f"{problem.name}: {trial.engine.name} failed for some of {trial.people} people at rtol {trial.rtol:g} ({fault})")
                trials.remove(trial)
    return [
        Row(problem.name, t.engine.name, t.rtol, t.rms, 1.0 / statistics.median(t.times), t.setup) for t in trials
    ]


# ── at one error ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Equal:
    """People per second at the error asked for.  bound: "" between measurements; "at least": every measured error is smaller."""

    per_second: float
    bound: str = ""


def at_equal_error(rows: Iterable[Row], wanted: float = EQUAL) -> Equal | None:
    """Between the measurements next to the error, by straight lines in logarithms; None where no measured error is as small."""
    points = sorted(((r.rms_error, r.per_second) for r in rows), key=lambda p: (p[0], -p[1]))
    best: list[tuple[float, float]] = []
    for point in points:  # only what nothing else beats in both
        if not best or point[1] > best[-1][1]:
            best.append(point)
    below = [p for p in best if p[0] <= wanted]
    above = [p for p in best if p[0] > wanted]
    if not below:
        return None
    if not above or below[-1][0] == wanted:
        loosest = max(p[0] for p in points)
        return Equal(below[-1][1], "" if loosest > wanted or below[-1][0] == wanted else "at least")
    (e0, v0), (e1, v1) = below[-1], above[0]
    share = math.log(wanted / e0) / math.log(e1 / e0)
    return Equal(math.exp(math.log(v0) + share * math.log(v1 / v0)))
