"""Run a folder of cases of the SBML semantic test suite: how many pass, are refused (and why), are wrong, or break.

    python benchmarks/sbml_suite.py DIR [--json] [--only 00001 00002 ...] [--backend reference] [--page PAGE --version TEXT]

A case is a folder NNNNN with NNNNN-sbml-lXvY.xml (the highest level and version is taken), NNNNN-settings.txt and NNNNN-results.csv.
It passes where |ours - expected| <= absolute + relative * |expected| at every point of every listed variable; NaN equals NaN, and an
infinity one of its sign.  A case whose events act in random order passes if any of five seeds does.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np

from neurohumor.engine.problem import Batch, Stiff
from neurohumor.engine.program import compile as compile_
from neurohumor.errors import FileError, NeurohumorError
from neurohumor.lang.system import System
from neurohumor.sbml.read import import_sbml

SEEDS = range(5)
PATIENCE = 600.0
"""Seconds for one run; a few cases have ten thousand events, one after another."""
PASS, REFUSED, WRONG, ERROR = "pass", "refused", "wrong", "error"


@dataclass(frozen=True)
class Settings:
    """What a case asks for."""

    start: float
    duration: float
    steps: int
    variables: tuple[str, ...]
    absolute: float
    relative: float
    amounts: frozenset[str]
    concentrations: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """How a case ended, and why; the seed with which a random case passed."""

    kind: str
    why: str = ""
    random: bool = False

    def __str__(self) -> str:
        return f"{self.kind}: {self.why}" if self.why else self.kind


def settings_of(path: Path) -> Settings:
    found = dict(re.findall(r"(?m)^\s*(\w+):[ \t]*(.*?)\s*$", path.read_text(encoding="utf-8-sig")))

    def names(key: str) -> tuple[str, ...]:
        return tuple(n.strip() for n in found.get(key, "").split(",") if n.strip())

    return Settings(
        float(found.get("start") or 0), float(found.get("duration") or 0), int(found.get("steps") or 0), names("variables"),
        float(found.get("absolute") or 0), float(found.get("relative") or 0), frozenset(names("amount")), frozenset(names("concentration")),
    )  # fmt: skip


def expected_of(path: Path) -> dict[str, np.ndarray]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    columns = [name.strip().strip('"') for name in rows[0]]
    values = np.array([[float(cell) for cell in row] for row in rows[1:]])
    return {"time" if k == 0 else name: values[:, k] for k, name in enumerate(columns)}


def model_of(folder: Path) -> Path | None:
    """The model of a case in its highest level and version."""
    files = [(m.groups(), f) for f in folder.iterdir() if (m := re.fullmatch(rf"{folder.name}-sbml-l(\d)v(\d)\.xml", f.name))]
    return max(files)[1] if files else None


def solved(system: System, times: np.ndarray, seed: int | None, backend: str) -> tuple[dict[str, np.ndarray], str]:
    """Every row's values at the times under its full name and quantity, and what went wrong."""
    program = compile_(system, backend=backend)
    one, nan = np.zeros(1), math.nan
    batch = Batch(
        params=np.full((1, len(system.params)), nan), inputs=np.full((1, len(system.inputs)), nan),
        states=np.full((1, len(system.states)), nan), schedules=((),), start=one + times[0], end=one + times[-1], windows=(times[None],),
    )  # fmt: skip
    options = Stiff(rtol=1e-9, atol=1e-12, wall=PATIENCE, ties=seed)
    result = program.solve(batch, options)
    y, u = result.states[0][0], result.inputs[0][0]
    p = np.broadcast_to(result.moments[0].p, (len(times), len(system.params))) if result.params is None else result.params[0][0]
    d = program.derived(times, y, p, u)
    values = {"state": y, "param": p, "derived": d, "input": u}
    found: dict[str, np.ndarray] = {}
    for kind, rows in (("derived", system.derived), ("param", system.params), ("state", system.states)):
        found |= {f"{row.part}.{row.name}": values[kind][:, k] for k, row in enumerate(rows)}
    found |= {name: values[leaf.kind][:, leaf.index] for name, leaf in system.quantities.items() if leaf.kind != "time"}
    status = result.statuses[0]
    return found, "" if status.ok else str(status)


def difference(ours: np.ndarray, expected: np.ndarray, settings: Settings) -> float:
    """The largest error as a multiple of what is allowed."""
    worst = 0.0
    for a, b in zip(ours, expected, strict=True):
        if a == b or (math.isnan(a) and math.isnan(b)):
            continue
        allowed = settings.absolute + settings.relative * abs(b)
        comparable = math.isfinite(a) and math.isfinite(b) and allowed > 0
        worst = max(worst, abs(a - b) / allowed if comparable else math.inf)
    return worst


def run_case(folder: Path, tags: dict[str, str], backend: str) -> Outcome:
    name = folder.name
    model = model_of(folder)
    if model is None:
        return Outcome(ERROR, "no model file")
    if tags.get("test_type", "TimeCourse") not in ("", "TimeCourse"):
        return Outcome(REFUSED, f"{tags['test_type']} is not a time course")
    random = "RandomEventExecution" in tags.get("test_tags", "")
    try:
        settings, expected = settings_of(folder / f"{name}-settings.txt"), expected_of(folder / f"{name}-results.csv")
        read = import_sbml(model, raw=True)
    except FileError as fault:
        return Outcome(REFUSED, reason(fault), random)
    except NeurohumorError as fault:
        return Outcome(ERROR, str(fault), random)
    times = settings.start + settings.duration * np.arange(settings.steps + 1) / max(settings.steps, 1)
    outcome = Outcome(WRONG)
    untold = not tags and len(read.system.events) > 1  # nothing says whether they act at random
    for seed in SEEDS if random else (None, *SEEDS) if untold else (None,):
        outcome = compared(read.system, settings, expected, times, seed=seed, backend=backend)
        if outcome.kind == PASS:
            return Outcome(PASS, "", random or seed is not None)
        if outcome.kind != WRONG:
            break
    return Outcome(outcome.kind, outcome.why, random)


def compared(
    system: System, settings: Settings, expected: dict[str, np.ndarray], times: np.ndarray, *, seed: int | None, backend: str
) -> Outcome:
    try:
        found, fault = solved(system, times, seed, backend)
    except NeurohumorError as error:
        return Outcome(ERROR, str(error).replace("\n", " "))
    if fault:
        return Outcome(ERROR, fault)
    worst = (0.0, "")
    for variable in settings.variables:
        key = variable
        if variable in settings.amounts and f"model.{variable}.amount" in found:
            key = f"model.{variable}.amount"
        elif variable in settings.concentrations and f"model.{variable}.concentration" in found:
            key = f"model.{variable}.concentration"
        if key not in found:
            return Outcome(ERROR, f"there is no {key}")
        if len(found[key]) != len(expected[variable]):
            return Outcome(ERROR, f"{len(expected[variable])} results are expected, {len(found[key])} asked for")
        worst = max(worst, (difference(found[key], expected[variable], settings), variable))
    return Outcome(PASS) if worst[0] <= 1.0 else Outcome(WRONG, f"{worst[1]} is off by {worst[0]:.3g} times what is allowed")


def reason(fault: FileError) -> str:
    """A refusal without the names of one file."""
    return re.sub(r"'[^']{1,40}'(?= is not| which)|\d+", "…", fault.what.split("; and ")[0])[:100]


def tags_of(folder: Path) -> dict[str, dict[str, str]]:
    index = folder / "index.csv"
    if not index.is_file():
        return {}
    with index.open(encoding="utf-8-sig", newline="") as file:
        return {row["case"]: row for row in csv.DictReader(file)}


def tags_of_case(folder: Path) -> dict[str, str]:
    """Tags from a case's own description, where it has one."""
    text = folder / f"{folder.name}-model.m"
    if not text.is_file():
        return {}
    found = dict(re.findall(r"(?m)^[ \t]*(\w+):[ \t]*(.*)$", text.read_text(encoding="utf-8", errors="replace")))
    return {"test_type": found.get("testType", "TimeCourse").strip(), "test_tags": found.get("testTags", "")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a folder of cases, or one that holds a folder 'cases' and index.csv")
    parser.add_argument("--json", action="store_true", help="print the counts and every outcome as JSON")
    parser.add_argument("--only", nargs="+", default=[], help="these cases alone")
    parser.add_argument("--backend", default="reference")
    parser.add_argument("--page", type=Path, help="a page whose table of counts, between its two comments, is written anew")
    parser.add_argument("--version", default="", help="what the page calls these cases")
    asked = parser.parse_args()
    cases = asked.folder / "cases" if (asked.folder / "cases").is_dir() else asked.folder
    tags = tags_of(asked.folder) or tags_of(asked.folder.parent)
    folders = sorted(
        f for f in cases.iterdir() if f.is_dir() and re.fullmatch(r"\d{5}", f.name) and (not asked.only or f.name in asked.only)
    )
    outcomes: dict[str, Outcome] = {}
    began = time.perf_counter()
    for folder in folders:
        started = time.perf_counter()
        try:
            outcomes[folder.name] = run_case(folder, tags.get(folder.name) or tags_of_case(folder), asked.backend)
        except Exception as fault:
            outcomes[folder.name] = Outcome(ERROR, f"{type(fault).__name__}: {fault}")
        taken = time.perf_counter() - started
        if not asked.json and (outcomes[folder.name].kind in (WRONG, ERROR) or taken > 10):
            print(f"{folder.name} {outcomes[folder.name]} ({taken:.1f} s)", flush=True)
    told(outcomes, time.perf_counter() - began, as_json=asked.json)
    if asked.page is not None:
        asked.page.write_text(paged(asked.page.read_text(encoding="utf-8"), outcomes, asked.version), encoding="utf-8")
    return 0 if all(o.kind in (PASS, REFUSED) for o in outcomes.values()) else 1


BEGIN, END = "<!-- counts of the suite: written by benchmarks/sbml_suite.py -->", "<!-- end of the counts -->"


def paged(page: str, outcomes: dict[str, Outcome], version: str) -> str:
    """The page with these counts between its two comments, in place of a row of the same version."""
    before, begin, rest = page.partition(BEGIN)
    table, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"the page has no place for the counts: {BEGIN} ... {END}")
    kinds = Counter(o.kind for o in outcomes.values())
    why = "; ".join(f"{count} {text}" for text, count in Counter(o.why for o in outcomes.values() if o.kind == REFUSED).most_common())
    row = f"| {version} | {len(outcomes)} | {' | '.join(str(kinds[kind]) for kind in (PASS, REFUSED, WRONG, ERROR))} | {why} |"
    kept = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith((f"| {version} |", "| Cases |"))]
    head = "| Cases | All | Pass | Refused | Wrong | Error | Refused, and why |\n|:--|--:|--:|--:|--:|--:|:--|"
    lines = [head, *kept, row]
    return f"{before}{begin}\n\n" + "\n".join(lines) + f"\n\n{end}{after}"


def told(outcomes: dict[str, Outcome], seconds: float, *, as_json: bool) -> None:
    kinds = Counter(o.kind for o in outcomes.values())
    refused = Counter(o.why for o in outcomes.values() if o.kind == REFUSED)
    if as_json:
        counts = {"pass": kinds[PASS], "refused": dict(refused.most_common()), "wrong": kinds[WRONG], "error": kinds[ERROR]}
        drawn = sorted(name for name, o in outcomes.items() if o.random and o.kind == PASS)
        print(
            json.dumps({**counts, "random": drawn, "cases": {name: str(o) for name, o in outcomes.items()}}, indent=1, ensure_ascii=False)
        )
        return
    counted = ", ".join(f"{kinds[kind]} {kind}" for kind in (PASS, REFUSED, WRONG, ERROR))
    print(f"{len(outcomes)} cases in {seconds:.0f} s: {counted}")
    print(f"of those that pass, {sum(o.random and o.kind == PASS for o in outcomes.values())} act in random order")
    for why, count in refused.most_common():
        print(f"  refused {count:4d}: {why}")


if __name__ == "__main__":
    sys.exit(main())
