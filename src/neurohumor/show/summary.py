"""What a run says at a glance: of each main quantity the mean, the peak and the trough with their times, and how its numbers are known."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from neurohumor.engine.notable import main_quantities
from neurohumor.errors import ModelError
from neurohumor.show.numbers import moment, precise
from neurohumor.show.standing import GOOD, Standings, standings_of

if TYPE_CHECKING:
    from neurohumor.engine.run import Run

NOISE, NOTHING = 1e-9, 1e-15
"""What is smaller than this, relative to the curve and at all, is shown as 0."""


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity of a run in its unit, times in h since midnight of day 0; of a population the medians over people.

    A value that was not computed is NaN, and `fault` says why.  evidence: how the numbers of its part are known; figures: how many
    digits they deserve.
    """

    quantity: str
    doc: str
    unit: str
    evidence: str
    mean: float = math.nan
    peak: float = math.nan
    peak_time: float = math.nan
    trough: float = math.nan
    trough_time: float = math.nan
    fault: str = ""
    figures: int = GOOD

    @property
    def steady(self) -> bool:
        """Whether it does not change."""
        return self.peak - self.trough <= max(1e-6 * abs(self.peak), NOTHING)

    def cells(self) -> tuple[str, ...]:
        """As a row under `COLUMNS`."""
        if self.fault:
            return self.quantity, self.fault, "", "", "", "", self.unit, self.evidence
        high, low = ("steady", "") if self.steady else (moment(self.peak_time), moment(self.trough_time))
        mean, peak, trough = (precise(self._rounded(value), self.figures) for value in (self.mean, self.peak, self.trough))
        return self.quantity, mean, peak, high, trough, low, self.unit, self.evidence

    def _rounded(self, value: float) -> float:
        """The value, or 0 where it is nothing but the rounding of larger ones."""
        size = max(abs(self.peak), abs(self.trough))
        return 0.0 if abs(value) < max(NOISE * size, NOTHING) else value


COLUMNS = ("quantity", "mean", "peak", "at", "trough", "at", "unit", "numbers of its part")


def summary(run: Run, names: Iterable[str] | None = None, known: Standings | None = None) -> tuple[Line, ...]:
    """A line for each quantity (default: the main ones); what was not computed says so.  `known`: how its numbers are known."""
    known = standings_of(run.system) if known is None else known
    return tuple(_line(run, name, known) for name in (main_quantities(run) if names is None else names))


def _line(run: Run, name: str, known: Standings) -> Line:
    series = run[name]
    line = Line(name, series.doc, str(series.unit), known[name].note, figures=known.figures(name))
    try:
        peak, trough, mean = series.peak(), series.trough(), series.mean()
    except ModelError as fault:
        return replace(line, fault=fault.what)
    high, low = (_middle(peak.value), _middle(peak.time)), (_middle(trough.value), _middle(trough.time))
    return replace(line, mean=_middle(mean.value), peak=high[0], peak_time=high[1], trough=low[0], trough_time=low[1])


def _middle(value: Any) -> float:
    import numpy as np

    return float(value) if np.ndim(value) == 0 else float(np.median(value))
