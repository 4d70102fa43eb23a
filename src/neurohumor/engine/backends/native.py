"""The native engine: machine code from the system, one person per vector lane."""

from __future__ import annotations

from neurohumor.engine.native.machine import host
from neurohumor.engine.native.program import NativeProgram
from neurohumor.lang.system import System


def build(system: System) -> NativeProgram:
    """The program of a system.  Raises ModelError where this machine or this system is beyond the engine; `reference` serves there."""
    host()
    return NativeProgram(system)
