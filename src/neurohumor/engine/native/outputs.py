"""Inputs and parameters at the wanted times: they follow from schedules alone, and from what events set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.engine.problem import Action, Schedule

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Segment:
    """From `time` on (entries up to it have acted): inputs, their slopes, the times at which those held, parameters."""

    time: float
    inputs: Floats
    slopes: Floats
    since: Floats
    params: Floats


def inputs_over(segments: Sequence[Segment], schedule: Schedule, times: Floats, *, fresh: bool) -> Floats:
    """[time, input] of one person.  fresh: entries at or before the first segment's time have not acted yet."""
    out = np.empty((len(times), len(segments[0].inputs)))
    for k, (first, last, segment) in enumerate(_parts(segments, times)):
        part = times[first:last]
        out[first:last] = segment.inputs + segment.slopes * (part[:, None] - segment.since)
        begin = -np.inf if fresh and k == 0 else segment.time
        for entry in schedule:
            if entry.action in (Action.SET_INPUT, Action.RAMP_INPUT) and entry.time > begin:
                after = part >= entry.time
                slope = entry.slope if entry.action is Action.RAMP_INPUT else 0.0
                out[first:last, entry.index][after] = entry.value + slope * (part[after] - max(entry.time, segment.time))
    return out


def params_over(segments: Sequence[Segment], schedule: Schedule, times: Floats, *, fresh: bool) -> Floats:
    """[time, param] of one person."""
    out = np.empty((len(times), len(segments[0].params)))
    for k, (first, last, segment) in enumerate(_parts(segments, times)):
        out[first:last] = segment.params
        begin = -np.inf if fresh and k == 0 else segment.time
        for entry in schedule:
            if entry.action is Action.SET_PARAM and entry.time > begin:
                out[first:last, entry.index][times[first:last] >= entry.time] = entry.value
    return out


def _parts(segments: Sequence[Segment], times: Floats) -> list[tuple[int, int, Segment]]:
    cuts = [0, *(int(np.searchsorted(times, s.time, side="left")) for s in segments[1:]), len(times)]
    return [(a, b, s) for a, b, s in zip(cuts, cuts[1:], segments, strict=False)]
