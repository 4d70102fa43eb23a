"""Where each coupled input rests once the whole is settled, against the nominal at which its module equals its paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neurohumor.build.wire import wire
from neurohumor.units import Unit, convert

if TYPE_CHECKING:
    from neurohumor.engine.run import Run
    from neurohumor.lang.model import Model

TOLERATED = 0.05
"""A mean within this share of its nominal is where it should be."""


@dataclass(frozen=True, slots=True)
class Rest:
    """One wired input: its nominal and the 24 h mean of what it hears, over the people looked at, in the input's unit."""

    port: str
    quantity: str
    nominal: float
    mean: float
    unit: Unit

    @property
    def off(self) -> float:
        """How far the mean lies from the nominal, as a share of it; infinite away from a nominal of 0."""
        if self.mean == self.nominal:
            return 0.0
        return (self.mean - self.nominal) / abs(self.nominal) if self.nominal else float("inf")

    @property
    def red(self) -> bool:
        """Whether it rests where it should not."""
        return not abs(self.off) <= TOLERATED


def resting(model: Model, runs: Iterable[Run]) -> tuple[Rest, ...]:
    """Every wired input of a model with the mean over settled days of these people (the mean over people of each one's mean)."""
    found, every = [], list(runs)
    for line in wire(model).wires.values():
        if line.state != "wired":
            continue
        declared = line.declared
        heard = line.full if "*" in line.quantity else line.quantity  # what is gathered from everywhere is a row of its hearer
        means = [_mean(run, heard, declared.unit) for run in every]
        found.append(Rest(line.full, line.quantity, declared.nominal, sum(means) / len(means), declared.unit))
    return tuple(found)


def _mean(run: Run, quantity: str, due: Unit) -> float:
    series: Any = run[quantity]
    return float(convert(series.mean().value, series.unit, due, substance=series.substance))
