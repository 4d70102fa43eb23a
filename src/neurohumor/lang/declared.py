"""What every declaration has: a unit, a meaning and the line it was written on; and the words that steer declarations."""

from __future__ import annotations

import math
import sys
from typing import Literal

from neurohumor.errors import ModelError
from neurohumor.lang.expr import Symbol
from neurohumor.units import Unit
from neurohumor.units import unit as parse_unit

Basis = Literal["measured", "fitted", "derived", "assumed"]
Gather = Literal["sum", "product", "mass"]
Timescale = Literal["fast", "day", "slow", "autonomous"]

BASES: tuple[str, ...] = ("measured", "fitted", "derived", "assumed")
GATHERS: tuple[str, ...] = ("sum", "product", "mass")
TIMESCALES: tuple[str, ...] = ("fast", "day", "slow", "autonomous")
GRADES: tuple[str, ...] = ("A", "B", "C", "D")


_OURS = ("neurohumor.lang.declared", "neurohumor.lang.decl")


class Declared(Symbol):
    """A declaration: a symbol that knows its unit, its meaning and the line it was written on."""

    __slots__ = ("where",)

    def __init__(self, unit: str | Unit, doc: str) -> None:
        frame = sys._getframe(1)
        while frame.f_globals.get("__name__") in _OURS and frame.f_back:
            frame = frame.f_back
        self.where = f"{frame.f_code.co_filename.rsplit('/', 1)[-1]}:{frame.f_lineno}"
        super().__init__("", unit if isinstance(unit, Unit) else parse_unit(unit), doc)

    def __set_name__(self, owner: type, name: str) -> None:
        if not self.name:
            self.name = name


def number(value: float, what: str, where: str) -> float:
    """The value as a float; raises ModelError for text, truth values and NaN."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
        raise ModelError(f"{what} must be a number, got {value!r}", where=where)
    return float(value)
