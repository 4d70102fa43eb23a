"""The same SBML file solved by our engines and by others, and how far apart they end.

The others, libRoadRunner and COPASI, are no part of an installation; each runs in a process of its own with a limit of time, so
that one that hangs or breaks is told as a result and not as an accident.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.engine.problem import Batch, Stiff
from neurohumor.engine.program import compile as compile_
from neurohumor.errors import NeurohumorError, SolveError
from neurohumor.lang.system import System
from neurohumor.sbml.read import import_sbml

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

OURS = ("reference", "native")
OTHERS = ("roadrunner", "copasi")
POINTS = 101
SECONDS = 300.0
NOTHING = 1e-12
"""Columns that never exceed this are compared by their absolute values."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One variable: engine -> largest |engine - base| over the run as a part of the largest |base|."""

    variable: str
    by: Mapping[str, float]

    @property
    def worst(self) -> float:
        """The largest of all."""
        return max(self.by.values(), default=float("nan"))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of it.

    base    with which the others are compared: our reference engine, or the native one where that has no result in time
    failed  engine -> why it gave no result
    """

    differences: tuple[Difference, ...]
    engines: tuple[str, ...]
    failed: Mapping[str, str]
    end: float
    base: str = "reference"


def crosscheck(
    text: str,
    *,
    end: float,
    points: int = POINTS,
    seconds: float = SECONDS,
    engines: Sequence[str] = (*OURS, *OTHERS),
    where: str = "text",
) -> Comparison:
    """Solve SBML text from 0 to `end` (in its own unit of time) with each engine, and compare.  `where`: what messages call the text.

    The first point is left out: engines differ in whether events of time 0 have acted there.  Raises FileError for a file that is
    refused, SolveError where no engine of ours has a solution.
    """
    system = import_sbml(text, raw=True, where=where).system
    times = np.linspace(0.0, end, points + 1)
    varying = [name for name, leaf in system.quantities.items() if leaf.kind in ("state", "derived")]
    found: dict[str, dict[str, Floats]] = {}
    failed: dict[str, str] = {}
    for engine in engines:
        try:
            found[engine] = ours(system, times, engine, seconds) if engine in OURS else _other(text, times, varying, engine, seconds)
        except (NeurohumorError, _Without) as fault:
            failed[engine] = str(fault).replace("\n", " ")
    base = next((engine for engine in OURS if engine in found), "")
    if not base:
        raise SolveError(f"no engine of ours has a solution: {next(iter(failed.values()), 'none was asked')}")
    against = [engine for engine in engines if engine in found and engine != base]
    differences = [
        Difference(name, {e: _apart(found[e][name], found[base][name]) for e in against if name in found[e]}) for name in varying
    ]
    differences.sort(key=lambda d: -d.worst if d.worst == d.worst else 0.0)
    return Comparison(tuple(differences), tuple(found), failed, end, base)


class _Without(Exception):
    """An engine gave no result."""


def ours(system: System, times: Floats, engine: str, seconds: float) -> dict[str, Floats]:
    """Every varying quantity at the times.  Raises SolveError."""
    program = compile_(system, backend=engine)
    nan = float("nan")
    batch = Batch(
        params=np.full((1, len(system.params)), nan), inputs=np.full((1, len(system.inputs)), nan),
        states=np.full((1, len(system.states)), nan), schedules=((),), start=times[:1], end=times[-1:], windows=(times[None],),
    )  # fmt: skip
    solved = program.solve(batch, Stiff(rtol=1e-10, atol=1e-13, wall=seconds))
    if not solved.statuses[0].ok:
        raise SolveError(str(solved.statuses[0]), statuses=solved.statuses)
    y, u = solved.states[0][0], solved.inputs[0][0]
    p = np.broadcast_to(solved.moments[0].p, (len(times), len(system.params))) if solved.params is None else solved.params[0][0]
    d = program.derived(times, y, p, u)
    return {name: {"state": y, "derived": d}[q.kind][:, q.index] for name, q in system.quantities.items() if q.kind in ("state", "derived")}


def _apart(one: Floats, other: Floats) -> float:
    size = float(np.max(np.abs(other)))
    with np.errstate(all="ignore"):
        return float(np.max(np.abs(one - other)[1:]) / (size if size > NOTHING else 1.0))


def _other(text: str, times: Floats, names: Sequence[str], engine: str, seconds: float) -> dict[str, Floats]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "model.xml").write_text(text, encoding="utf-8")
        asked = {"end": float(times[-1]), "points": len(times), "names": list(names)}
        (place / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
        command = [sys.executable, "-m", "neurohumor.proof.others", engine, folder]
        try:
            told = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired as late:
            raise _Without(f"no result within {seconds:g} s") from late
        result = place / "found.npz"
        if told.returncode or not result.is_file():
            lines = [line for line in (told.stderr or told.stdout).strip().splitlines() if line.strip()]
            raise _Without(lines[-1][:300] if lines else f"it ended with code {told.returncode}")
        with np.load(result) as data:
            return {name: data[f"column_{k}"] for k, name in enumerate(names) if f"column_{k}" in data}
