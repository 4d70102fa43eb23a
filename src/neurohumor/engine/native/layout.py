"""Where everything lies: the workspace of one vector of people, and the numbers that everybody shares."""

from __future__ import annotations

from dataclasses import dataclass

from neurohumor.engine.native.tableau import RODAS5P

SCALARS = (
    "time", "step", "error", "theta", "mask", "error_before", "grow", "shrink", "rtol", "atol", "below", "pivot", "pivot_least", "slope",
    "residual", "changed",
)  # fmt: skip
"""One vector each: clocks and controls of the lanes, and what a kernel tells about them."""
LOOKS = 8
"""How often triggers are looked at within a step."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Offsets in vectors.  `shared` is an array of doubles by position: atol, 1/atol where a state may not be negative (else 0), mass;
    then constants.

    states, slots (of the factors), parameters (personal leaves), personal (values worked out), ramped (inputs), triggers (those of
    events first, then comparisons in them), events, margins (of comparisons in triggers)
    """

    states: int
    slots: int
    parameters: int
    personal: int
    ramped: int
    triggers: int
    events: int
    margins: int
    shared: int

    def offsets(self) -> dict[str, int]:
        """Offset of every field, and `total`."""
        n, stages = self.states, RODAS5P.stages
        sizes = {name: 1 for name in SCALARS}
        sizes |= {"y": n, "u": n, "k": stages * n, "dt": n, "reciprocals": n, "factors": self.slots}
        sizes |= {"parameters": self.parameters + 1, "personal": self.personal + 1}
        sizes |= {"input": self.ramped + 1, "input_slope": self.ramped + 1, "input_time": self.ramped + 1}
        sizes |= {"out": n, "watched": n, "truths": self.triggers + 1, "probe": self.triggers + 1}
        sizes |= {"margins": (LOOKS + 1) * self.margins}
        place, at = {}, 0
        for name, size in sizes.items():
            place[name] = at
            at += size
        place["total"] = at
        return place

    @property
    def constants(self) -> int:
        """Where the shared constants begin."""
        return 3 * self.states
