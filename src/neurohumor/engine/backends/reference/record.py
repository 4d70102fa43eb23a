"""Where one person's values at the wanted times are gathered while time goes on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Values = Callable[["Floats"], tuple["Floats", "Floats", Sequence[float]]]
"""At some times: states [time, state], inputs [time, input], parameters [param]."""


class Record:
    """States, inputs and parameters (None: not wanted) of one person, one array per window, NaN where not yet known."""

    def __init__(
        self, windows: Sequence[Floats], states: Sequence[Floats], inputs: Sequence[Floats], params: Sequence[Floats] | None
    ) -> None:
        self.windows, self.states, self.inputs, self.params = windows, states, inputs, params
        self.next = [0] * len(windows)

    def until(self, end: float, values: Values, *, slack: float = 0.0, final: bool = False) -> list[Floats]:
        """Fill every wanted time before `end` (with `final`, up to it) that is not filled yet; the states that were filled in.

        slack  times closer than this to `end` count as equal to it and wait for what happens there
        """
        limit = end if final else end - max(slack, 8.0 * math.ulp(end))
        filled: list[Floats] = []
        for k, times in enumerate(self.windows):
            first = self.next[k]
            if first == len(times) or times[first] > limit:
                continue
            last = int(np.searchsorted(times, limit, side="right" if final else "left"))
            if last > first:
                y, u, p = values(times[first:last])
                self.states[k][first:last] = y
                self.inputs[k][first:last] = u
                if self.params is not None:
                    self.params[k][first:last] = p
                self.next[k] = last
                filled.append(self.states[k][first:last])
        return filled

    def back_to(self, start: float) -> None:
        """Forget every time from `start` on."""
        limit = start - 8.0 * math.ulp(start)
        for k, times in enumerate(self.windows):
            first = min(self.next[k], int(np.searchsorted(times, limit, side="left")))
            self.states[k][first:] = np.nan
            self.inputs[k][first:] = np.nan
            if self.params is not None:
                self.params[k][first:] = np.nan
            self.next[k] = first
