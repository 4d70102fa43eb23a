"""How near the native engine comes to the fastest that this processor could begin operations.

python benchmarks/limit.py [--model NAME ...] [--json]

A step of one vector of people takes at least (arithmetic vector operations) / 2 + 4 per division + 12 per elementary function, in
cycles.  The clock is measured beside every turn, by a chain of multiplications of which each waits 3 cycles for the one before.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import statistics
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import problems
import work_precision
from peers import machine

USUAL = ("reed2008", "hires", "s50", "s100", "s200", "s400", "hpa_only", "human")
PEOPLE, MANY, RTOL = 64, 4096, 1e-4
FEW_STATES = 20
"""Systems as small are given many people, or the preparation of a call would be all that is measured."""
LATENCY = 3
"""Cycles from one 64-bit multiplication to the next that needs it: Zen 1 to 5, Intel since Nehalem, Neoverse."""
CHAIN = 64


@cache
def _chain() -> Any:
    """f(turns, x): so many times 64 multiplications, one after another."""
    import llvmlite.binding as llvm

    from neurohumor.engine.native.machine import host

    host()
    body = "\n".join(f" %x{k + 1} = mul i64 %x{k}, %x{k}" for k in range(CHAIN))
    text = f"""define i64 @chain(i64 %turns, i64 %x) {{
entry:
 br label %loop
loop:
 %n = phi i64 [ %turns, %entry ], [ %m, %loop ]
 %x0 = phi i64 [ %x, %entry ], [ %x{CHAIN}, %loop ]
{body}
 %m = sub i64 %n, 1
 %more = icmp ne i64 %m, 0
 br i1 %more, label %loop, label %out
out:
 ret i64 %x{CHAIN}
}}"""
    module = llvm.parse_assembly(text)
    module.verify()
    engine = llvm.create_mcjit_compiler(module, llvm.Target.from_default_triple().create_target_machine(opt=1))
    engine.finalize_object()
    call = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)(engine.get_function_address("chain"))
    return call, engine


def clock(seconds: float = 0.01) -> float:
    """Cycles per second of this core, now."""
    call, _ = _chain()
    turns = int(seconds * 4e9 / (CHAIN * LATENCY))
    began = time.process_time()
    call(turns, 3)
    return turns * CHAIN * LATENCY / (time.process_time() - began)


def share(name: str, rounds: int = 5) -> dict[str, Any]:
    """Of one problem: {"problem", "states", "cycles_of_bound", "cycles_measured", "share", "filled", ...}, medians over rounds."""
    from neurohumor.emit.tape_llvm import Classes
    from neurohumor.engine.backends.native import build
    from neurohumor.engine.problem import Stiff

    problem = problems.problem(name)
    program = build(problem.system, threads=1)
    people = MANY if len(problem.system.states) <= FEW_STATES else PEOPLE
    batch = problem.batch(people)
    solved = program.solve(batch, Stiff(rtol=RTOL))
    if bad := [status for status in solved.statuses if not status.ok]:
        raise RuntimeError(f"{name}: {bad[0]}")
    counts = solved.counts
    variant = program.choices.of(Classes())
    work = variant.step
    found = []
    for _ in range(rounds):
        before = clock()
        began = time.process_time()
        program.solve(batch, Stiff(rtol=RTOL))
        taken = time.process_time() - began
        found.append(taken * 0.5 * (before + clock()) / counts["rounds"])
    cycles = statistics.median(found)
    return {
        "problem": name, "people": people, "states": len(problem.system.states), "arithmetic": work.arithmetic, "divisions": work.divisions,
        "functions": work.functions, "cycles_of_bound": work.cycles, "cycles_measured": cycles, "share": work.cycles / cycles,
        "clock_ghz": clock() / 1e9,
    }  # fmt: skip


def limits(names: Any = USUAL, rounds: int = 5) -> dict[str, Any]:
    """All shares, the machine, and what was left out."""
    rows, left = [], []
    with work_precision.pinned():
        for name in names:
            try:
                rows.append(share(name, rounds))
            except problems.Absent as fault:
                left.append(f"{name}: left out, {fault}")
    return {"rows": rows, "about": machine() | {"left_out": left, "load": work_precision.load(), "rtol": RTOL}}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", nargs="+", default=USUAL, choices=sorted(problems.MAKERS), metavar="NAME")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = limits(asked.model)
    if asked.json:
        print(json.dumps(found, indent=1))
        return 0
    print(f"rtol {RTOL:g}, {found['about']['lanes']} lanes, load {found['about']['load']:.1f}")
    titles = f"{'arithmetic':>10s} {'divisions':>9s} {'functions':>9s} {'bound':>8s} {'measured':>9s} {'share':>6s} {'GHz':>5s}"
    print(f"{'problem':14s} {titles}")
    for r in found["rows"]:
        head = f"{r['problem']:14s} {r['arithmetic']:10d} {r['divisions']:9d} {r['functions']:9d}"
        print(f"{head} {r['cycles_of_bound']:8.0f} {r['cycles_measured']:9.0f} {r['share']:6.0%} {r['clock_ghz']:5.2f}")
    print("\n".join(found["about"]["left_out"]))
    return 0


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(main())
