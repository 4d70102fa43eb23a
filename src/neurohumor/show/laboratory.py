"""Laboratory values beside what the run predicts: records against numbers, never wires."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neurohumor.errors import NeurohumorError
from neurohumor.life.labs import Lab
from neurohumor.show.numbers import DAY, clock, digits, typed

if TYPE_CHECKING:
    from neurohumor.engine.run import Run

COLUMNS = ("laboratory value", "measured", "predicted", "at", "z", "")
FEWEST = 5
"""People that a spread is taken from, at least."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A laboratory value: measured and predicted in the unit printed (NaN: not predicted; `note` says why), and z.

    z  how many standard deviations of the logarithm over the run's population the measured value lies from its mean; NaN of one person
    """

    lab: Lab
    predicted: float
    time: float
    z: float
    note: str = ""

    def cells(self) -> tuple[str, ...]:
        """As a row under `COLUMNS`."""
        unit = "" if str(self.lab.value.unit) == "1" else f" {self.lab.value.unit}"
        predicted = f"{digits(self.predicted)}{unit}" if math.isfinite(self.predicted) else ""
        when = clock(self.time) if math.isfinite(self.time) else "mean of the day" if predicted else ""
        z = f"{self.z:+.1f}" if math.isfinite(self.z) else ""
        return self.lab.name, f"{typed(self.lab.value.value)}{unit}", predicted, when, z, self.note


def compared(run: Run, labs: Iterable[Lab]) -> tuple[Compared, ...]:
    """Each laboratory value against the first day of the run: at its clock time, or the mean of the day where it has none."""
    return tuple(_compared(run, lab) for lab in labs)


def _compared(run: Run, lab: Lab) -> Compared:
    time = math.nan if lab.time is None else _moment(run, lab.time.hours)
    if not lab.quantity or lab.quantity not in run:
        return Compared(lab, math.nan, time, math.nan, "not in this model")
    try:
        series = run[lab.quantity].to(lab.value.unit)
        end = min(run.end, run.start + DAY)
        found: Any = series.mean((run.start, end)).value if math.isnan(time) else series.at(time).value
    except NeurohumorError as fault:
        return Compared(lab, math.nan, time, math.nan, fault.what)
    people = [float(found)] if run.single else [float(value) for value in found]
    middle = sorted(people)[len(people) // 2]
    return Compared(lab, middle, time, _z(lab.value.value, people), "" if len(people) >= FEWEST else "z needs --population")


def _moment(run: Run, hours: float) -> float:
    """The first time of the run at which the clock shows these hours."""
    return run.start + (hours - run.start) % DAY


def _z(measured: float, people: list[float]) -> float:
    if len(people) < FEWEST or measured <= 0 or not all(value > 0 for value in people):
        return math.nan
    logs = [math.log(value) for value in people]
    mean = math.fsum(logs) / len(logs)
    spread = math.sqrt(math.fsum((x - mean) ** 2 for x in logs) / (len(logs) - 1))
    return (math.log(measured) - mean) / spread if spread > 0 else math.nan
