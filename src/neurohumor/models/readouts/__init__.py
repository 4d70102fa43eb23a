"""Read-outs that the science declares, one file a subject; each defines `READOUTS`, a tuple of `lang.readout.Readout`.

They name parts as the families do (`da_striatum`, `ht_cortex`); a run that has no such part has no such read-out.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from neurohumor.lang.readout import Readout


@cache
def declared() -> tuple[Readout, ...]:
    """Every read-out of the package, file by file in order of name; what is headlines alone has none."""
    files = sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_"))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in files]
    return tuple(one for module in modules for one in getattr(module, "READOUTS", ()))
