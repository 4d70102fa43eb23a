"""The native engine: machine code from the system, one person per vector lane."""

from __future__ import annotations

from neurohumor.engine.native.machine import host
from neurohumor.engine.native.program import NativeProgram
from neurohumor.errors import ModelError
from neurohumor.lang.system import System


def build(system: System, *, width: int = 0, threads: int = 0) -> NativeProgram:
    """The program of a system.

    width    lanes of a vector (1, 2, 4, 8), 0: as many as this processor has; threads 0: as many as there are cores.  Neither
    changes a bit of any result.  Raises ModelError where this machine or this system is beyond the engine; `reference` serves there.
    """
    widest = host().width
    if width not in (0, 1, 2, 4, 8) or width > widest:
        raise ModelError(f"there are no vectors of {width} lanes here", remedy=f"give 1, 2, 4 or 8, at most {widest}, or 0")
    return NativeProgram(system, width=width, threads=threads)
