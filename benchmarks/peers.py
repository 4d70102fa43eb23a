"""Our engine and others on the same problems: error against a tight solution, people per second and core.

python benchmarks/peers.py [--model NAME ...] [--engines NAME ...] [--json] [--quick]

One pinned core, processor time, medians of rounds in which the engines take turns; set-up apart.  Engines that are not installed are
said and left out: pip install libroadrunner scikit-sundae numba amici diffrax.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
sys.path.insert(0, str(Path(__file__).resolve().parent))

import peers_engines  # noqa: E402
import problems  # noqa: E402
import work_precision  # noqa: E402
from work_precision import QUICK, Effort, Row  # noqa: E402

USUAL = (
    "reed2008", "cloutier2009", "roeblitz2013", "hires", "robertson", "oregonator", "vanderpol", "s50", "s100", "s200", "s400",
    "hpa_only", "human",
)  # fmt: skip


def compare(names: Sequence[str], engines: Sequence[str], effort: Effort) -> dict[str, Any]:
    """{"rows", "at_equal_error"} as the report has them, and "about": the machine, the load, and what was left out and why."""
    rows: list[Row] = []
    say: list[str] = []
    loads: dict[str, list[float]] = {}
    remarks: dict[str, dict[str, str]] = {}
    truths: dict[str, dict[str, Any]] = {}
    titles: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as other, work_precision.pinned():
        for name in names:
            before = work_precision.load()
            os.environ["NEUROHUMOR_CACHE"] = other
            try:
                problem = problems.problem(name)
            except problems.Absent as fault:
                say.append(f"{name}: left out, {fault}")
                continue
            titles[name] = problem.title
            os.environ["NEUROHUMOR_CACHE"] = folder  # so that our set-up is a cold one
            ready = _ready(problem, engines, say)
            remarks[name] = {engine.name: engine.remark for engine, _ in ready if engine.remark}
            try:
                rows += work_precision.measured(problem, ready, effort, say)
            except peers_engines.Failed as fault:
                say.append(f"{name}: left out, {fault}")
                continue
            exact = work_precision.truth(problem, effort.judged)
            truths[name] = {"by": exact.by, "doubt": exact.doubt}
            loads[name] = [round(before, 2), round(work_precision.load(), 2)]
    equal, lower = _equal(rows, say)
    about = machine() | {
        "titles": titles, "load": loads, "remarks": remarks, "truth": truths, "at_least": lower, "left_out": say,
        "error": "rms over people, times and states of error / (|y| + 0.001 of its largest)", "equal_error": work_precision.EQUAL,
    }  # fmt: skip
    return {"rows": [_told(r) for r in rows], "at_equal_error": equal, "about": about}


def _ready(problem: problems.Problem, names: Sequence[str], say: list[str]) -> list[tuple[peers_engines.Engine, float]]:
    """Engines made for a problem, each with the seconds of set-up."""
    ready = []
    for name in names:
        began = time.process_time()
        try:
            engine = peers_engines.ENGINES[name](problem)
            with contextlib.suppress(peers_engines.Failed):  # at this tolerance; `measured` tries and tells
                engine.run(1, engine.rtols[0])
        except (peers_engines.Missing, peers_engines.Failed, NotImplementedError) as fault:
            say.append(f"{problem.name}: {name} left out, {fault}")
            continue
        ready.append((engine, engine.setup if math.isfinite(engine.setup) else time.process_time() - began))
    return ready


def _equal(rows: list[Row], say: list[str]) -> tuple[dict[str, dict[str, float]], dict[str, list[str]]]:
    found: dict[str, dict[str, float]] = {}
    lower: dict[str, list[str]] = {}
    for name, engine in dict.fromkeys((r.problem, r.engine) for r in rows):
        equal = work_precision.at_equal_error(r for r in rows if (r.problem, r.engine) == (name, engine))
        if equal is None:
            say.append(f"{name}: {engine} was never as exact as {work_precision.EQUAL:g}: no number, none is extrapolated")
            continue
        found.setdefault(name, {})[engine] = equal.per_second
        if equal.bound:
            lower.setdefault(name, []).append(engine)
    return found, lower


def _told(row: Row) -> dict[str, Any]:
    return {
        "problem": row.problem, "engine": row.engine, "rtol": row.rtol, "rms_error": row.rms_error,
        "per_second_per_core": row.per_second, "setup_s": row.setup,
    }  # fmt: skip


def machine() -> dict[str, Any]:
    """The processor, its cores, the lanes of its vectors, and versions of what was compared."""
    import importlib.metadata
    import platform

    from neurohumor.engine.native.machine import host

    versions = {}
    for package in ("neurohumor", "llvmlite", "libroadrunner", "amici", "scikit-sundae", "scipy", "numba", "diffrax"):
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "processor": host().cpu, "cores": os.cpu_count(), "lanes": host().width, "python": platform.python_version(), "versions": versions,
    }  # fmt: skip


def table(found: dict[str, Any]) -> str:
    """Everything as text."""
    about = found["about"]
    lines = [
        f"{about['processor']}, {about['cores']} cores, {about['lanes']} lanes, Python {about['python']}; one pinned core, processor time",
        f"rms error: {about['error']}",
    ]
    for name in dict.fromkeys(r["problem"] for r in found["rows"]):
        exact, load = about["truth"][name], about["load"][name]
        lines += ["", f"{about['titles'][name]}   (load {load[0]} to {load[1]}; judged by: {exact['by']}, difference {exact['doubt']:.0e})"]
        lines.append(f"  {'engine':22s} {'rtol':>7s} {'rms error':>10s} {'people/s/core':>14s} {'set-up, s':>10s}")
        for r in (r for r in found["rows"] if r["problem"] == name):
            numbers = f"{r['rtol']:7.0e} {r['rms_error']:10.1e} {r['per_second_per_core']:14.4g} {r['setup_s']:10.2f}"
            lines.append(f"  {r['engine']:22s} {numbers}")
        equal = found["at_equal_error"].get(name, {})
        best = equal.get("neurohumor")
        for engine, speed in equal.items():
            times = f", neurohumor is {best / speed:.1f} times that" if best and engine != "neurohumor" else ""
            bound = "at least " if engine in about["at_least"].get(name, ()) else ""
            lines.append(f"  at rms {about['equal_error']:g}: {engine} {bound}{speed:.4g}{times}")
    return "\n".join([*lines, "", *about["left_out"]])


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Whatever libraries print goes to the error stream, so that the output is the result alone."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", nargs="+", default=[], choices=sorted(problems.MAKERS), metavar="NAME", help=", ".join(problems.MAKERS))
    parser.add_argument(
        "--engines", nargs="+", default=[], choices=sorted(peers_engines.ENGINES), metavar="NAME", help=", ".join(peers_engines.ENGINES)
    )
    parser.add_argument("--json", action="store_true", help="print JSON alone")
    parser.add_argument("--quick", action="store_true", help="two short rounds: a look, no measurement")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0.0, help="of each turn")
    asked = parser.parse_args()
    effort = QUICK if asked.quick else Effort()
    effort = Effort(asked.rounds or effort.rounds, asked.seconds or effort.seconds, effort.slowest, effort.judged)
    with _silent():
        found = compare(asked.model or USUAL, asked.engines or tuple(peers_engines.ENGINES), effort)
    print(json.dumps(found, indent=1) if asked.json else table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
