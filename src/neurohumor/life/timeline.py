"""The meeting point of life and engine: what happens to a body, as a list of acts in time order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from neurohumor.units import Quantity


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happens.

    time    h since local midnight of day 0
    kind    add   `value` of substance `name` is given at once by `route` (an amount, a mass, or IU)
            rate  from now on `name` is given by `route` at `value` (amount or mass per time); 0 ends an infusion
            set   quantity `name` has `value` from now on
            ramp  quantity `name` starts at `value` and changes by `slope` per hour, until the next act on it
    source  the happening it came from, as a reader would recognise it ("meal at 08:00")
    Clamps are acts on "clamp.<quantity>.on" (0 or 1) and "clamp.<quantity>.value".
    """

    time: float
    kind: Literal["add", "rate", "set", "ramp"]
    name: str
    value: Quantity
    route: str = ""
    slope: float = 0.0
    source: str = ""
