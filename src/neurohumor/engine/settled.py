"""What is known of a person once they are settled."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from neurohumor.engine.problem import Moment
from neurohumor.engine.status import Status


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """A person's settled baseline.

    moment    the state at 00:00 of day 0, before anything that happens at that moment
    drift     percent per day of each state's size, by full name; states that oscillate by themselves are left out
    status    OK, NOT_SETTLED above the limit, or why solving failed
    periods   habitual periods that were run; nearness: the last correction as a share of a state's size
    """

    moment: Moment
    drift: Mapping[str, float]
    status: Status
    periods: int = 0
    nearness: float = math.nan
    cached: bool = False

    @property
    def worst(self) -> tuple[str, float]:
        """The state that drifts fastest, and its drift in percent per day."""
        return max(self.drift.items(), key=lambda pair: abs(pair[1]), default=("", 0.0))

    def __repr__(self) -> str:
        name, drift = self.worst
        fastest = f", {name} drifts by {abs(drift):.2g} % per day" if name else ""
        found = "from the cache" if self.cached else f"after {self.periods} habitual periods"
        return f"<settled baseline of {len(self.moment.y)} states, {found}{fastest}; {self.status}>"
