"""Read-outs: what is read from a run, as declarations; the science declares them, `readout/` computes them.

A read-out is a statistic of rows of a run over a stretch of time.  Every one has a unit, a place, a method and, where there is one,
a range to compare it with; what is read is a simulation quantity, not a clinical measurement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from neurohumor.errors import ModelError
from neurohumor.units import unit

LABEL = "simulation quantity, not a clinical measurement"

How = Literal["mean", "tonic", "variation", "lowest", "highest", "burst_peak", "burst_half_decay", "burst_area"]
"""
mean        the mean over time
tonic       the mean over time, with the lowest and the highest mean of ten minutes
variation   standard deviation over time, as a share of the mean
lowest, highest  over time
burst_peak, burst_half_decay, burst_area  after a burst of `burst`: highest value; time from there until half of the rise above the
            value before it is gone; area above the value before it.  The run needs a window about the burst in fine steps.
"""


@dataclass(frozen=True, slots=True)
class Readout:
    """One read-out: `how` of the sum of the rows `of`, over the mean of the sum of the rows `over`, over the product of `per`.

    group    under which heading it stands: "dopamine"; name: what it is: "synthesis"; place: where: "striatum"
    unit     in which it is told
    of       rows that are added: quantities ("striatum.dopamine"), full names ("brain.cmro2"), fluxes ("da_striatum.dat", as amount
             per time); "-" before a name takes it away
    part     the part whose numbers it rests on
    over     rows that divide, added likewise; none: nothing divides.  per: parameters that divide, as a mass
    method   how it is meant to be measured; range: what to compare it with, as text with species and how that is known
    burst    for what follows a burst: the driven quantity that is above 0 during it, as "da.burst"
    """

    group: str
    name: str
    place: str
    unit: str
    of: tuple[str, ...]
    part: str
    how: How = "mean"
    over: tuple[str, ...] = ()
    per: tuple[str, ...] = ()
    method: str = ""
    range: str = ""
    burst: str = ""

    def __post_init__(self) -> None:
        unit(self.unit)
        if not self.of or not self.group or not self.name or not self.place or not self.part:
            raise ModelError(f"the read-out {self.name!r} is incomplete", remedy="give group, name, place, of and part")
        if self.how.startswith("burst") and not self.burst:
            raise ModelError(f"{self.full} follows no burst", remedy='say of what, as in burst="da.burst"')

    @property
    def full(self) -> str:
        """As one line: "dopamine, striatum: synthesis"."""
        return f"{self.group}, {self.place}: {self.name}"

    @property
    def rows(self) -> tuple[str, ...]:
        """Every row that it reads, without signs."""
        return tuple(name.removeprefix("-") for name in (*self.of, *self.over, *self.per))


@dataclass(frozen=True, slots=True)
class Headline:
    """A section of a report: its title, and the quantities that are drawn in it, in this order; a run shows those that it has."""

    title: str
    quantities: tuple[str, ...]


def under(headlines: Iterable[Headline], names: Iterable[str]) -> tuple[tuple[Headline, ...], tuple[str, ...]]:
    """The headlines with those of the names that each has, empty ones left out; and the names that none has, in their order.

    A name under two headlines is drawn under the first.
    """
    left = dict.fromkeys(names)
    found = []
    for one in headlines:
        here = tuple(name for name in one.quantities if name in left)
        for name in here:
            del left[name]
        if here:
            found.append(Headline(one.title, here))
    return tuple(found), tuple(left)
