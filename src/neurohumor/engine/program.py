"""Compile a system with one of the engines."""

from __future__ import annotations

import importlib
import importlib.util
from collections import OrderedDict
from threading import Lock

from neurohumor.engine.problem import Program
from neurohumor.errors import SolveError, UnknownName, did_you_mean
from neurohumor.lang.system import System

BACKENDS = ("reference", "native")
_PLACE = "neurohumor.engine.backends"
_KEPT = 64
_programs: OrderedDict[tuple[str, str], Program] = OrderedDict()
_lock = Lock()


def compile(system: System, backend: str = "reference") -> Program:
    """The system, ready to be solved.  Programs of systems with a fingerprint are kept in memory and handed out again.

    Raises UnknownName for an engine that there is not, SolveError for one that is not installed, ModelError for a system that
    no engine can solve (rows that do not exist, circles of initial values).
    """
    if backend not in BACKENDS:
        raise UnknownName(f"there is no engine {backend!r}", remedy=did_you_mean(backend, BACKENDS) or f"there are: {', '.join(BACKENDS)}")
    key = (system.fingerprint, backend)
    if system.fingerprint:
        with _lock:
            known = _programs.get(key)
            if known is not None:
                _programs.move_to_end(key)
                return known
    program = _build(system, backend)
    if system.fingerprint:
        with _lock:
            _programs[key] = program
            while len(_programs) > _KEPT:
                _programs.popitem(last=False)
    return program


def quickest() -> str:
    """The fastest engine that this machine has: the native one where its code can be made, else the reference."""
    return "native" if importlib.util.find_spec("llvmlite") is not None else "reference"


def _build(system: System, backend: str) -> Program:
    if backend == "native" and importlib.util.find_spec(f"{_PLACE}.native") is None:
        raise SolveError("the native engine is not part of this version", remedy='use backend="reference"')
    module = f"{_PLACE}.reference.program" if backend == "reference" else f"{_PLACE}.native"
    return importlib.import_module(module).build(system)
