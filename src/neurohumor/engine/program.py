"""Compile a system with one of the engines."""

from __future__ import annotations

import importlib
from collections import OrderedDict
from functools import cache
from threading import Lock

from neurohumor.engine.problem import Program
from neurohumor.errors import ModelError, UnknownName, did_you_mean
from neurohumor.lang.system import System

BACKENDS = ("reference", "native")
QUICKEST = "quickest"
_PLACE = "neurohumor.engine.backends"
_KEPT = 64
_programs: OrderedDict[tuple[str, str], Program] = OrderedDict()
_lock = Lock()


def compile(system: System, backend: str = "reference") -> Program:
    """The system, ready to be solved.  Programs of systems with a fingerprint are kept in memory and handed out again.

    backend  "native", "reference", or "quickest": see `quickest`
    Raises UnknownName for an engine that there is not, ModelError for one that this machine cannot run and for a system that
    no engine can solve (rows that do not exist, circles of initial values).
    """
    if backend == QUICKEST:
        backend = quickest() if system.states else "reference"
    if backend not in BACKENDS:
        there_are = f"there are: {', '.join(BACKENDS)}, {QUICKEST}"
        raise UnknownName(f"there is no engine {backend!r}", remedy=did_you_mean(backend, BACKENDS) or there_are)
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


@cache
def quickest() -> str:
    """The fastest engine that this machine has: the native one where its code can be made, else the reference."""
    from neurohumor.engine.native.machine import host

    try:
        host()
    except ModelError:
        return "reference"
    return "native"


def _build(system: System, backend: str) -> Program:
    module = f"{_PLACE}.reference.program" if backend == "reference" else f"{_PLACE}.native"
    return importlib.import_module(module).build(system)
