"""Other people's engines, in a process of their own: python -m neurohumor.proof.others ENGINE FOLDER.

Reads model.xml and asked.json in the folder, leaves found.npz there.  A failure is the last line on stderr.
"""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from neurohumor.sbml.library import library

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ATTEMPTS = ((1e-12, 1e-18, True), (1e-10, 1e-14, True), (1e-9, 1e-12, True), (1e-9, 1e-12, False), (1e-8, 1e-10, True))
"""Relative and absolute tolerance, and whether a method for stiff equations; the next is tried where an engine fails."""
Attempt = tuple[float, float, bool]
STEPS = 10_000_000
Found = dict[str, "Floats"]


def engine(name: str) -> Any:
    """A module of another engine.  Raises SystemExit where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError as fault:
        raise SystemExit(f"{name} is not installed") from fault


def _species(text: str) -> tuple[set[str], set[str]]:
    """Species whose symbol is a concentration; ids of reactions."""
    model = library().readSBMLFromString(text).getModel()
    species = {s.getId() for s in (model.getSpecies(k) for k in range(model.getNumSpecies())) if not s.getHasOnlySubstanceUnits()}
    return species, {model.getReaction(k).getId() for k in range(model.getNumReactions())}


def roadrunner(text: str, asked: dict[str, Any], attempt: Attempt) -> Found:
    """libRoadRunner with CVODE; steps are held below a point's distance, lest it step over what is short."""
    concentrations, reactions = _species(text)
    names = [name for name in asked["names"] if name not in reactions and "." not in name]
    module = engine("roadrunner")
    module.Logger.setLevel(module.Logger.LOG_CRITICAL)
    runner = module.RoadRunner(text)
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance, runner.integrator.stiff = attempt
    runner.integrator.maximum_num_steps = STEPS
    runner.integrator.maximum_time_step = asked["end"] / asked["points"]
    runner.selections = ["time", *(f"[{name}]" if name in concentrations else name for name in names)]
    table = np.array(runner.simulate(0.0, asked["end"], asked["points"]))
    return {name: table[:, k + 1] for k, name in enumerate(names)}


def copasi(text: str, asked: dict[str, Any], attempt: Attempt) -> Found:
    """COPASI with LSODA."""
    module = engine("basico")
    model = module.load_model_from_string(text)
    if model is None:
        raise RuntimeError("it cannot read the file")
    table = module.run_time_course(
        duration=asked["end"], intervals=asked["points"] - 1, r_tol=attempt[0], a_tol=attempt[1], max_steps=STEPS,
        use_sbml_id=True, update_model=False,
    )  # fmt: skip
    if len(table) != asked["points"]:
        raise RuntimeError("it ended before its time")
    amounts = _amounts(text)
    sizes = {name: np.asarray(table[place]) if place in table else size for name, (place, size) in amounts.items()}
    return {name: np.asarray(table[name]) * sizes.get(name, 1.0) for name in asked["names"] if name in table}


def _amounts(text: str) -> dict[str, tuple[str, float]]:
    """Species whose symbol is an amount: COPASI shows concentrations; the compartment of each, and its size."""
    model = library().readSBMLFromString(text).getModel()
    found: dict[str, tuple[str, float]] = {}
    for k in range(model.getNumSpecies()):
        species = model.getSpecies(k)
        if species.getHasOnlySubstanceUnits():
            compartment = model.getCompartment(species.getCompartment())
            found[species.getId()] = compartment.getId(), compartment.getSize() if compartment.isSetSize() else 1.0
    return found


ENGINES: dict[str, Callable[[str, dict[str, Any], Attempt], Found]] = {"roadrunner": roadrunner, "copasi": copasi}


def main(name: str, folder: Path) -> None:
    """Solve, and leave the columns."""
    warnings.simplefilter("ignore")
    text = (folder / "model.xml").read_text(encoding="utf-8")
    asked = json.loads((folder / "asked.json").read_text(encoding="utf-8"))
    fault: Exception | None = None
    for attempt in ATTEMPTS:
        try:
            found = ENGINES[name](text, asked, attempt)
        except Exception as error:
            fault = error
            continue
        np.savez(folder / "found.npz", **{f"column_{asked['names'].index(key)}": value for key, value in found.items()})  # type: ignore[arg-type]
        return
    raise SystemExit(str(fault).strip().replace("\n", " "))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
