"""How a run ended, for one person: a value, not an exception."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Code(Enum):
    """Every way in which solving can end; the value is a sentence with its remedy."""

    OK = "solved"
    STEP_TOO_SMALL = "the step became smaller than the clock can resolve; loosen rtol or look for a rate that blows up"
    TOO_MANY_STEPS = "the step limit was reached; raise max_steps or look for a rate that is far too fast"
    NOT_FINITE = "a rate became infinite or not a number; look at the rate named"
    NEGATIVE = "a state that cannot be negative went below zero and stayed there at a ten times tighter tolerance"
    SINGULAR = "the linear system of a step could not be solved; look for a state that nothing determines"
    ALGEBRAIC = "an algebraic unknown has no solution near its last value; look at its balance"
    EVENT_STORM = "events kept setting one another off at one moment; look for two triggers that feed each other"
    WALL_TIME = "the wall-clock limit was reached"
    INTERRUPTED = "interrupted before the end; what was computed is kept"
    NOT_SETTLED = "no settled baseline was found; look at the state that still drifts"
    BAD_INPUT = "the person or the protocol cannot be simulated; see the detail"


@dataclass(frozen=True, slots=True)
class Status:
    """Code, person (index in the population), time reached (h), the state concerned (full name) and free detail."""

    code: Code = Code.OK
    person: int = 0
    time: float = float("nan")
    state: str = ""
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Whether the run is complete."""
        return self.code is Code.OK

    def __str__(self) -> str:
        if self.ok:
            return f"person {self.person}: solved"
        day, hour = divmod(self.time, 24.0) if self.time == self.time else (float("nan"), float("nan"))
        when = f" at {int(hour):02d}:{int(hour % 1 * 60):02d} on day {int(day)}" if hour == hour else ""
        which = f" ({self.state})" if self.state else ""
        return f"person {self.person}{when}{which}: {self.code.value}{'; ' + self.detail if self.detail else ''}"
