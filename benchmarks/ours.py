"""What our own engine gains from what: vectors, batches, threads; sensitivities, set-up, size of a population.

python benchmarks/ours.py [--json] [--quick] [--only NAME ...]    NAME: widths, alone, threads, throughput, sensitivities, setup

Everything but the threads by processor time on one pinned core; what is compared takes turns, and medians are told.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent))

import problems
import work_precision
from peers import machine
from peers_engines import one_of

from neurohumor.engine.problem import Batch, Stiff

RTOL = 1e-4
LOOSE = Stiff(rtol=RTOL)
SENSITIVITIES = 20
PORTION, ONCE = 1024, 100_000
"""People solved at one time; a population as large is solved once."""


def turns(tasks: Mapping[Any, Callable[[], object]], rounds: int, clock: Callable[[], float] = time.process_time) -> dict[Any, list[float]]:
    """Seconds of each task in each round; in a round each has its turn."""
    taken: dict[Any, list[float]] = {name: [] for name in tasks}
    for task in tasks.values():
        task()
    for _ in range(rounds):
        for name, task in tasks.items():
            began = clock()
            task()
            taken[name].append(clock() - began)
    return taken


def solver(program: Any, batch: Batch, options: Stiff = LOOSE) -> Callable[[], None]:
    """A task: solve these people; raises RuntimeError where one fails."""

    def run() -> None:
        bad = [s for s in program.solve(batch, options).statuses if not s.ok]
        if bad:
            raise RuntimeError(str(bad[0]))

    return run


def widths(quick: bool) -> dict[str, Any]:
    """People per second and core with vectors of 1, 2, 4, 8 lanes."""
    from neurohumor.engine.backends.native import build
    from neurohumor.engine.native.machine import host

    out: dict[str, Any] = {}
    with work_precision.pinned():
        for name in ("hires",) if quick else ("reed2008", "s50", "s100"):
            problem = _posed(name)
            if problem is None:
                continue
            people = 16 if quick else 64
            able = [w for w in (1, 2, 4, 8) if w <= host().width]
            tasks = {w: solver(build(problem.system, width=w, threads=1), problem.batch(people)) for w in able}
            taken = turns(tasks, 2 if quick else 5)
            out[name] = {w: people / statistics.median(t) for w, t in taken.items()}
    return out


def alone(quick: bool) -> dict[str, Any]:
    """Milliseconds of processor time that one person takes at one rtol; `peers.py` has one person alone at one error."""
    from neurohumor.engine.backends.native import build

    out: dict[str, Any] = {}
    with work_precision.pinned():
        for name in ("hires",) if quick else ("hires", "reed2008", "s50", "s100", "s200", "s400", "hpa_only", "human"):
            problem = _posed(name)
            if problem is None:
                continue
            program = build(problem.system, threads=1)
            whole = problem.batch(2)
            task = solver(program, one_of(whole, 1))
            taken = turns({0: task}, 3 if quick else 9)[0]
            out[name] = {"title": problem.title, "rtol": RTOL, "ms": 1000 * statistics.median(taken), "best_ms": 1000 * min(taken)}
    return out


def threads(quick: bool) -> dict[str, Any]:
    """Two threads against one, by the clock on the wall: what the machine gives to others counts against us, so the load is told.

    gain_if_free: what two free cores would give, were all work shared evenly, from the processor time of one and of two threads
    """
    from neurohumor.engine.backends.native import build

    problem = problems.problem("hires" if quick else "s50")
    people = 64 if quick else 512
    batch = problem.batch(people)
    tasks = {n: solver(build(problem.system, threads=n), batch) for n in (1, 2)}
    taken = turns(tasks, 3 if quick else 9, time.perf_counter)
    spent = turns(tasks, 3 if quick else 5)
    by_turn = [a / b for a, b in zip(taken[1], taken[2], strict=True)]
    return {
        "problem": problem.name, "people": people, "seconds": taken, "median_gain": statistics.median(by_turn),
        "gain_of_best": min(taken[1]) / min(taken[2]), "gain_if_free": 2 * statistics.median(spent[1]) / statistics.median(spent[2]),
        "load": work_precision.load(), "cores": len(_cores()),
    }  # fmt: skip


def throughput(quick: bool) -> dict[str, Any]:
    """People per second and core for populations of several sizes, in portions of at most 1024, states kept as summaries.

    Everybody is another person.  failed: of how many of the largest population the equations have no solution; each is told by itself
    """
    from neurohumor.engine.backends.native import build
    from neurohumor.engine.native.stream import stream
    from neurohumor.lang.system import Leaf

    problem = _posed("hires" if quick else "reed2008") or problems.problem("s50")
    program = build(problem.system, threads=1)
    sizes = (8, 32) if quick else (8, 64, 256, 1000, 10_000, 100_000)
    kept = [Leaf("state", k, s.full) for k, s in enumerate(problem.system.states[:3])]
    portions = [problem.batch(min(PORTION, max(sizes) - first), first) for first in range(0, max(sizes), PORTION)]
    failed: dict[int, list[str]] = {}

    def people(count: int) -> Callable[[], None]:
        def run() -> None:
            found = stream(program, [_first(p, count - PORTION * k) for k, p in enumerate(portions[: -(-count // PORTION)])], kept, LOOSE)
            failed[count] = [str(f) for f in found.failures]

        return run

    with work_precision.pinned():
        taken = turns({n: people(n) for n in sizes if n < ONCE}, 2 if quick else 3)
        for n in (n for n in sizes if n >= ONCE):
            began = time.process_time()
            people(n)()
            taken[n] = [time.process_time() - began]
    return {
        "problem": problem.name, "per_second": {n: n / statistics.median(t) for n, t in taken.items()}, "load": work_precision.load(),
        "failed": len(failed[max(sizes)]), "reasons": failed[max(sizes)][:10],
    }  # fmt: skip


def sensitivities(quick: bool) -> dict[str, Any]:
    """The price of 20 forward sensitivities in plain runs: of one person alone, of that person among 64, and of 64 people together."""
    from neurohumor.engine.backends.native import build
    from neurohumor.engine.native.sensitivity import Direction, forward, forward_each

    out: dict[str, Any] = {}
    with work_precision.pinned():
        for name in ("s50",) if quick else ("reed2008", "s100", "s200"):
            problem = _posed(name)
            if problem is None:
                continue
            program = build(problem.system, threads=1)
            batch, one = problem.batch(64), problem.batch(1)
            chosen = [Direction("param", k) for k in problem.varied[:SENSITIVITIES]]
            tasks = {
                "slopes": lambda program=program, one=one, chosen=chosen: forward(program, one, chosen, LOOSE),
                "slopes of 64": lambda program=program, batch=batch, chosen=chosen: forward_each(program, batch, chosen, LOOSE),
                "alone": solver(program, one), "64": solver(program, batch),
            }  # fmt: skip
            taken = {k: statistics.median(t) for k, t in turns(tasks, 2 if quick else 5).items()}
            out[name] = {
                "directions": len(chosen), "seconds": taken["slopes"], "in_runs_alone": taken["slopes"] / taken["alone"],
                "in_runs_among_64": taken["slopes"] / taken["64"] * 64, "each_of_64_in_runs": taken["slopes of 64"] / taken["64"],
            }  # fmt: skip
    return out


def setup(quick: bool) -> dict[str, Any]:
    """Processor seconds from a flat system to the first people solved: first with an empty cache, then with what that left there.

    loop: of the first, the part for the control loop, which is made once per machine and not per system
    """
    out: dict[str, Any] = {}
    for name in ("hires",) if quick else ("hires", "reed2008", "s50", "s100", "s200"):
        cold, warm = [], []
        for _ in range(1 if quick else 3):
            with tempfile.TemporaryDirectory() as folder:
                cold.append(_fresh(name, folder))
                warm.append(_fresh(name, folder))
        if None in cold:
            continue
        out[name] = {
            "cold_s": statistics.median(c["system"] for c in cold), "loop_s": statistics.median(c["loop"] for c in cold),
            "warm_s": statistics.median(w["system"] + w["loop"] for w in warm),
        }  # fmt: skip
    return out


_FRESH = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
import problems
import neurohumor.engine.backends.native as native
import neurohumor.engine.native.stream, neurohumor.engine.native.drive as drive
from neurohumor.engine.problem import Stiff
from neurohumor.engine.native.machine import generator, host
problem = problems.MAKERS[sys.argv[2]]()
batch = problem.batch(8)
host(), generator()
began = time.process_time()
drive.loop_code()
loop = time.process_time() - began
began = time.process_time()
program = native.build(problem.system, threads=1)
program.solve(batch, Stiff(rtol=1e-2, max_steps=1))
print(json.dumps({"loop": loop, "system": time.process_time() - began}))
"""


def _fresh(name: str, cache: str) -> dict[str, float] | None:
    """Seconds of set-up in a process of its own; None where the problem cannot be posed."""
    here = str(Path(__file__).resolve().parent)
    command, around = [sys.executable, "-c", _FRESH, here, name], os.environ | {"NEUROHUMOR_CACHE": cache}
    done = subprocess.run(command, env=around, capture_output=True, text=True, check=False)
    if done.returncode:
        if "Absent" in done.stderr:
            return None
        raise RuntimeError(done.stderr[-500:])
    return json.loads(done.stdout)


def _posed(name: str) -> problems.Problem | None:
    try:
        return problems.problem(name)
    except problems.Absent:
        return None


def _first(batch: Batch, count: int) -> Batch:
    from dataclasses import replace

    return replace(
        batch, params=batch.params[:count], inputs=batch.inputs[:count], states=batch.states[:count], schedules=batch.schedules[:count],
        start=batch.start[:count], end=batch.end[:count], windows=tuple(w[:count] for w in batch.windows),
    )  # fmt: skip


def _cores() -> Any:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)


PARTS: Mapping[str, Callable[[bool], dict[str, Any]]] = {
    "widths": widths, "alone": alone, "threads": threads, "throughput": throughput, "sensitivities": sensitivities, "setup": setup,
}  # fmt: skip


def told(found: Mapping[str, Any]) -> str:
    """As text."""
    lines = []
    for name, rows in found.get("widths", {}).items():
        lines.append(f"{name}: people/s/core " + ", ".join(f"{v:.0f} with {w} lanes" for w, v in rows.items()))
    for row in found.get("alone", {}).values():
        lines.append(f"one person alone, {row['title']}: {row['ms']:.1f} ms (best {row['best_ms']:.1f})")
    if "threads" in found:
        t = found["threads"]
        more = f"best against best {t['gain_of_best']:.2f}, {t['gain_if_free']:.2f} by processor time; load {t['load']:.1f}"
        lines.append(f"two threads: {t['median_gain']:.2f} times one ({more})")
    if "throughput" in found:
        rows = found["throughput"]["per_second"].items()
        lines.append(f"{found['throughput']['problem']}: " + ", ".join(f"{v:.0f}/s with {n} people" for n, v in rows))
    for name, s in found.get("sensitivities", {}).items():
        runs = f"{s['in_runs_alone']:.1f} runs alone, {s['in_runs_among_64']:.1f} among 64, {s['each_of_64_in_runs']:.1f} for each of 64"
        lines.append(f"{name}: {s['directions']} sensitivities cost {runs}")
    for name, s in found.get("setup", {}).items():
        lines.append(f"{name}: set-up {s['cold_s']:.2f} s cold (and {s['loop_s']:.2f} s once per machine), {s['warm_s']:.3f} s warm")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", nargs="+", default=tuple(PARTS), choices=tuple(PARTS))
    asked = parser.parse_args()
    found: dict[str, Any] = {name: PARTS[name](asked.quick) for name in asked.only}
    found["about"] = machine() | {"load": work_precision.load(), "rtol": RTOL}
    print(json.dumps(found, indent=1) if asked.json else told(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
