"""Where slopes lie: scratch behind the workspace of the person, and blocks of directions side by side."""

from __future__ import annotations

from dataclasses import dataclass

from neurohumor.engine.native.layout import Layout
from neurohumor.engine.native.tableau import RODAS5P


@dataclass(frozen=True, slots=True)
class TangentLayout:
    """Counts: entries of J and of columns (by leaves) that move and that do not, traced values, how many of the entries of J and of
    columns change along a stage, entries of df/dt by states and by leaves, rows with a df/dt, leaves; directions in a vector.

    The person's numbers are single, those of directions vectors.
    """

    moving: int
    still: int
    columns_moving: int
    columns_still: int
    traced: int
    curves: int
    columns_curves: int
    timely_states: int
    timely_leaves: int
    timely: int
    leaves: int
    abreast: int

    def scratch(self, base: Layout) -> dict[str, int]:
        """Offsets in doubles from the (single) workspace's beginning of what all directions share, and `total`."""
        stages = RODAS5P.stages
        sizes = {
            "J": stages * self.moving + self.still, "P": stages * self.columns_moving + self.columns_still, "X": self.traced,
            "DJ": stages * self.curves, "DP": stages * self.columns_curves, "TY": self.timely_states, "TP": self.timely_leaves,
            "squares": 1,
        }  # fmt: skip
        return _placed(sizes, base.offsets()["total"])

    def common(self, base: Layout) -> dict[str, int]:
        """Offsets in vectors of what one block after another uses, and `total`: stages, argument, df/dt.

        Before that in the same place: stages of the person side by side, and what curves along them.
        """
        n = base.states
        sizes = {"k": RODAS5P.stages * n, "v": n, "dt": self.timely, "K": n, "DJ": self.curves, "DP": self.columns_curves}
        return _placed(sizes, 0)

    def block(self, base: Layout) -> dict[str, int]:
        """Offsets in vectors within a block, and `total`: slopes now and after the step, dense output, components, weight, samples."""
        n = base.states
        return _placed({"s": n, "next": n, "dense": 3 * n, "seeds": self.leaves, "weight": 2, "out": n}, 0)


def _placed(sizes: dict[str, int], at: int) -> dict[str, int]:
    place = {}
    for name, size in sizes.items():
        place[name] = at
        at += size
    place["total"] = at
    return place
