"""The nouns of a comparison with the world: an experiment, its arms, its measures, and what counts as a hit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from neurohumor.engine.schedule import Change
from neurohumor.life.person import Person
from neurohumor.life.protocol import Protocol

Kind = Literal["calibration", "prediction"]
Statistic = Literal[
    "mean", "peak", "trough", "peak_time", "trough_time", "auc", "auc_increment", "amplitude", "phase", "at", "fold", "time_to_peak",
    "fraction_below", "fraction_above",
]  # fmt: skip
How = Literal["ratio", "difference", "percent"]

KINDS: tuple[Kind, ...] = ("calibration", "prediction")
STATISTICS: Mapping[Statistic, str] = {
    "mean": "mean over the window",
    "peak": "highest value in the window",
    "trough": "lowest value in the window",
    "peak_time": "clock time of the highest value",
    "trough_time": "clock time of the lowest value",
    "auc": "area under the curve over the window, in the quantity's unit times h",
    "auc_increment": "area above the value at the window's start; what lies below it counts negative",
    "amplitude": "half the swing of the best cosine of 24 h",
    "phase": "clock time at which the best cosine of 24 h is highest",
    "at": "value at one moment",
    "fold": "highest value in the window over the value at its start",
    "time_to_peak": "from the window's start to the highest value",
    "fraction_below": "share of a population whose value lies below `threshold`",
    "fraction_above": "share of a population whose value lies above `threshold`",
}
CLOCKS = frozenset({"peak_time", "trough_time", "phase"})
"""Statistics that are a time of day: 23:50 and 00:10 are 20 minutes apart."""
SHARES = frozenset({"fraction_below", "fraction_above"})
HOWS: tuple[How, ...] = ("ratio", "difference", "percent")

REFERENCE_MAN, REFERENCE_WOMAN = "reference_man", "reference_woman"


@dataclass(frozen=True, slots=True)
class Arm:
    """One group of an experiment: who, living what, with which parameters changed.

    changes     parameter changes, always or from a time on
    choose      shelf items of the family taken in; silent: influences switched off
    population  people drawn around the person; None: the person alone
    settled     whether the person starts from the settled baseline
    step        h between samples
    """

    name: str
    person: Person
    protocol: Protocol
    days: float
    model: str = "human"
    changes: tuple[Change, ...] = ()
    choose: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    population: int | None = None
    seed: int = 0
    settled: bool = True
    step: float = 1 / 60


@dataclass(frozen=True, slots=True)
class Stretch:
    """When a statistic is taken: one moment (`to` is None), or from a moment to another, as written; the whole run if empty."""

    begin: str = "start"
    to: str | None = "end"
    day: int | None = None

    def __str__(self) -> str:
        text = self.begin if self.to is None else f"{self.begin} to {self.to}"
        return text if self.day is None else f"day {self.day}, {text}"


@dataclass(frozen=True, slots=True)
class Against:
    """What a value is set against: another arm, or another time of the same arm (its mean there), as a ratio, difference or percent."""

    how: How
    arm: str = ""
    stretch: Stretch | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """Which values are a hit: low to high, ends included unless `strict`; `written` as in the file."""

    low: float
    high: float
    written: Mapping[str, Any]
    strict: bool = False

    def holds(self, value: float, *, daily: bool = False) -> bool:
        """Whether a value is a hit; `daily` values are clock hours and also count a day earlier or later."""
        options = (value, value - 24.0, value + 24.0) if daily else (value,)
        if self.strict:
            return any(self.low < v < self.high for v in options)
        return any(self.low <= v <= self.high for v in options)


@dataclass(frozen=True, slots=True)
class Measure:
    """One number that is compared.

    of         for the fractions: the statistic whose value is held against `threshold`, a quantity as text
    unit       of value, target and tolerance
    target     the number from the source, None where only a range or a direction is known
    daily      the value is a time of day
    """

    name: str
    quantity: str
    arm: str
    statistic: Statistic
    stretch: Stretch
    unit: str
    accepted: Accepted
    target: float | None = None
    against: Against | None = None
    of: Statistic = "mean"
    threshold: str = ""
    source: str = ""

    @property
    def daily(self) -> bool:
        """Whether the value is a time of day."""
        return self.statistic in CLOCKS and self.against is None


@dataclass(frozen=True, slots=True)
class Experiment:
    """One comparison with the world.

    kind            calibration: `parameters_set` were set knowing its targets; prediction: none was
    known_shortfall what the model is known not to reach, and why; told with the score, never counted as a hit
    """

    id: str
    title: str
    source: str
    kind: Kind
    arms: Mapping[str, Arm]
    measures: tuple[Measure, ...]
    claims: tuple[str, ...] = ()
    parameters_set: tuple[str, ...] = ()
    notes: str = ""
    known_shortfall: str = ""
    path: str = ""
