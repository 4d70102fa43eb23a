"""What a run says at a glance: of each main quantity the mean, the peak and the trough with their times, and how its numbers are known."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from neurohumor.errors import ModelError
from neurohumor.evidence.evidence import level_of_row
from neurohumor.names.places import places
from neurohumor.show.numbers import digits, moment

if TYPE_CHECKING:
    from neurohumor.engine.run import Run
    from neurohumor.lang.system import System

_MACHINE = (".gain.", ".load", ".release_load", ".recruit", ".burst", ".circadian_phase")


NOISE, NOTHING = 1e-9, 1e-15
"""What is smaller than this, relative to the curve and at all, is shown as 0."""


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity of a run in its unit, times in h since midnight of day 0; of a population the medians over people.

    A value that was not computed is NaN, and `fault` says why.
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

    @property
    def steady(self) -> bool:
        """Whether it does not change."""
        return self.peak - self.trough <= max(1e-6 * abs(self.peak), NOTHING)

    def cells(self) -> tuple[str, ...]:
        """As a row under `COLUMNS`."""
        if self.fault:
            return self.quantity, self.fault, "", "", "", "", self.unit, self.evidence
        high, low = ("steady", "") if self.steady else (moment(self.peak_time), moment(self.trough_time))
        mean, peak, trough = (digits(self._rounded(value)) for value in (self.mean, self.peak, self.trough))
        return self.quantity, mean, peak, high, trough, low, self.unit, self.evidence

    def _rounded(self, value: float) -> float:
        """The value, or 0 where it is nothing but the rounding of larger ones."""
        size = max(abs(self.peak), abs(self.trough))
        return 0.0 if abs(value) < max(NOISE * size, NOTHING) else value


COLUMNS = ("quantity", "mean", "peak", "at", "trough", "at", "unit", "numbers of its part")


def main_quantities(run: Run) -> tuple[str, ...]:
    """The quantities that a reader looks for, blood first: told by parts of the model, and not merely how parts reach one another."""
    return tuple(sorted((name for name in run.quantities if _told(run, name) and _worth_showing(name)), key=_rank))


def _rank(name: str) -> int:
    place = name.partition(".")[0]
    kind = places()[place].kind if place in places() else ""
    return 0 if place == "blood" else 1 if kind in ("region", "nucleus") else 2 if kind == "brain" else 3


def _told(run: Run, name: str) -> bool:
    return all(group.table.columns[name].kind in ("state", "derived", "told") for group in run.groups if name in group.table.columns)


def _worth_showing(name: str) -> bool:
    place = name.partition(".")[0]
    outside = place in ("clamp", "dose") or (place in places() and places()[place].kind == "outside")
    return not outside and not any(f"{name}.".find(part) >= 0 for part in _MACHINE) and not name.endswith("_use")


def summary(run: Run, names: Iterable[str] | None = None) -> tuple[Line, ...]:
    """A line for each quantity (default: the main ones); what was not computed says so."""
    known = evidence_by_part(run.system) if run.system is not None else {}
    givers = giver_parts(run.system) if run.system is not None else {}
    return tuple(_line(run, name, known.get(givers.get(name, ""), "")) for name in names or main_quantities(run))


def _line(run: Run, name: str, evidence: str) -> Line:
    series = run[name]
    line = Line(name, series.doc, str(series.unit), evidence)
    try:
        peak, trough, mean = series.peak(), series.trough(), series.mean()
    except ModelError as fault:
        return replace(line, fault=fault.what)
    high, low = (_middle(peak.value), _middle(peak.time)), (_middle(trough.value), _middle(trough.time))
    return replace(line, mean=_middle(mean.value), peak=high[0], peak_time=high[1], trough=low[0], trough_time=low[1])


def _middle(value: Any) -> float:
    import numpy as np

    return float(value) if np.ndim(value) == 0 else float(np.median(value))


def giver_parts(system: System) -> dict[str, str]:
    """The part that tells each quantity of a system."""
    rows = {"state": system.states, "derived": system.derived, "param": system.params}
    return {name: rows[leaf.kind][leaf.index].part for name, leaf in system.quantities.items() if leaf.kind in rows}


def evidence_by_part(system: System) -> dict[str, str]:
    """Of each part: how many of its numbers are assumed or unchecked, as a short text."""
    tally: dict[str, Counter[str]] = {}
    for row in system.params:
        tally.setdefault(row.part, Counter())[level_of_row(row)] += 1
    return {part: evidence_note(count) for part, count in tally.items()}


def evidence_note(count: Counter[str]) -> str:
    """ "38 assumed, 12 unchecked of 59"; numbers that are calculated from others do not count."""
    total = sum(count.values()) - count["derived"]
    poor = [f"{count[level]} {word}" for level, word in (("assumed", "assumed"), ("nothing", "unchecked")) if count[level]]
    return f"{', '.join(poor)} of {total}" if poor else f"all {total} checked" if total else ""
