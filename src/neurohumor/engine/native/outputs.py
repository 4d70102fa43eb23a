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
    """From `time` on (entries up to it have acted): inputs, their slopes, the times at which those held, parameters.

    One person's [row], or those of people who live by one schedule, [person, row].
    """

    time: float
    inputs: Floats
    slopes: Floats
    since: Floats
    params: Floats


def inputs_over(segments: Sequence[Segment], schedule: Schedule, times: Floats) -> Floats:
    """[..., time, input].  Of entries, all are yet to act at the first segment, and those after its time at a later one."""
    shape = segments[0].inputs.shape
    out = np.empty((*shape[:-1], len(times), shape[-1]))
    for k, (first, last, segment) in enumerate(_parts(segments, times)):
        part = times[first:last]
        here = out[..., first:last, :]
        base, slopes, since = (a[..., None, :] for a in (segment.inputs, segment.slopes, segment.since))
        here[...] = base + slopes * (part[:, None] - since)
        begin = -np.inf if k == 0 else segment.time
        for entry in schedule:
            if entry.action in (Action.SET_INPUT, Action.RAMP_INPUT) and entry.time > begin:
                after = int(np.searchsorted(part, entry.time, side="left"))
                slope = entry.slope if entry.action is Action.RAMP_INPUT else 0.0
                here[..., after:, entry.index] = entry.value + slope * (part[after:] - entry.time)
    return out


def params_over(segments: Sequence[Segment], schedule: Schedule, times: Floats) -> Floats:
    """[..., time, param]"""
    shape = segments[0].params.shape
    out = np.empty((*shape[:-1], len(times), shape[-1]))
    for k, (first, last, segment) in enumerate(_parts(segments, times)):
        here = out[..., first:last, :]
        here[...] = segment.params[..., None, :]
        begin = -np.inf if k == 0 else segment.time
        for entry in schedule:
            if entry.action is Action.SET_PARAM and entry.time > begin:
                here[..., int(np.searchsorted(times[first:last], entry.time, side="left")) :, entry.index] = entry.value
    return out


def _parts(segments: Sequence[Segment], times: Floats) -> list[tuple[int, int, Segment]]:
    cuts = [0, *(int(np.searchsorted(times, s.time, side="left")) for s in segments[1:]), len(times)]
    return [(a, b, s) for a, b, s in zip(cuts, cuts[1:], segments, strict=False)]
