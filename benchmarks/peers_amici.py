"""AMICI: the model generated, compiled by the machine's C++ compiler and kept, then all people in one call."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from problems import ROOT, Problem

Floats = NDArray[np.float64]
KEPT = ROOT / "out" / "benchmarks" / "amici"


def ready(problem: Problem, atol: float) -> tuple[Callable[[int, float], Floats], float]:
    """(run, seconds of making the model)"""
    import amici.sim.sundials as sundials
    from peers_engines import Failed, sbml_of

    text, ids = sbml_of(problem, events=True)
    model, seconds = _model(problem.name, text)
    solver = model.create_solver()
    solver.set_max_steps(1_000_000)
    solver.set_sensitivity_order(sundials.SensitivityOrder.none)
    solver.set_return_data_reporting_mode(sundials.RDataReporting.full)  # nothing less gives the states
    model.set_timepoints(problem.times)
    names = list(model.get_state_ids())
    order = [names.index(ids[s.full]) for s in problem.system.states]
    free = list(model.get_free_parameter_ids())
    rows = [(free.index(ids[problem.system.params[k].full]), k) for k in problem.varied]
    nominal = np.array(model.get_free_parameters())
    scale = float(np.median(problem.scales))
    kept: dict[int, Any] = {}

    def asked(people: int) -> Any:
        if people not in kept:
            kept.clear()
            kept[people] = []
            for params in problem.params(people):
                data = sundials.ExpData(model)
                own = nominal.copy()
                for place, k in rows:
                    own[place] = params[k]
                data.free_parameters = own
                kept[people].append(data)
        return kept[people]

    def run(people: int, rtol: float) -> Floats:
        solver.set_relative_tolerance(rtol)
        solver.set_absolute_tolerance(atol * rtol * scale)
        found = sundials.run_simulations(model, solver, asked(people), num_threads=1, failfast=False)
        if any(one.status != sundials.AMICI_SUCCESS for one in found):
            raise Failed("AMICI gave up")
        return np.array([np.asarray(one.x)[:, order] for one in found])

    return run, seconds


def _model(name: str, text: str) -> tuple[Any, float]:
    """The model and how long it took to make when it was made."""
    import amici
    from amici.importers.sbml import SbmlImporter
    from peers_engines import Missing

    bins = Path(sys.executable).parent
    if str(bins) not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = f"{bins}{os.pathsep}{os.environ['PATH']}"
    if shutil.which("swig") is None and not os.environ.get("SWIG"):
        raise Missing("amici needs SWIG to make a model, and there is none")
    key = hashlib.sha256(f"{importlib.metadata.version('amici')}\n{text}".encode()).hexdigest()[:16]
    folder, note = KEPT / f"{name}_{key}", KEPT / f"{name}_{key}.json"
    title = f"model_{name}"
    if not note.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        began = time.perf_counter()
        importer = SbmlImporter(text, from_file=False)
        try:
            importer.sbml2amici(title, folder, verbose=logging.ERROR, generate_sensitivity_code=False, compute_conservation_laws=False)
        except (subprocess.CalledProcessError, ValueError, NotImplementedError) as fault:
            raise Missing(f"amici could not make the model ({type(fault).__name__})") from None
        note.write_text(json.dumps({"seconds": time.perf_counter() - began}))
    module = amici.import_model_module(title, folder)
    return module.get_model(), json.loads(note.read_text())["seconds"]
