"""The read-outs that the science declares, of a run."""

from __future__ import annotations

from neurohumor.engine.run import Run
from neurohumor.engine.series import Between
from neurohumor.models.readouts import declared
from neurohumor.readout.tell import Readouts, tell


def readouts(run: Run, between: Between | None = None, *, day: int | None = None) -> Readouts:
    """Every declared read-out that a run has: value, unit, place, stretch of time, method; each a simulation quantity.

    between  ("06:00", "10:00") on every day, ("day 1 06:00", "day 2 06:00") once; day: of that day alone; default: all that was kept
    Raises ModelError for a stretch of which nothing was kept.
    """
    return tell(run, declared(), between, day=day)
