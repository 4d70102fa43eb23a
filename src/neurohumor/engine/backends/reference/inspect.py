"""What is wrong with a batch, before anything is solved."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.engine.problem import Action, Batch, Entry, Moment
from neurohumor.lang.system import System

if TYPE_CHECKING:
    from numpy.typing import NDArray


def shape_fault(system: System, batch: Batch) -> str:
    """What does not fit in the arrays of a batch, as a sentence; empty where all fits."""
    people = len(batch.start)
    expected = {
        "params": (people, len(system.params)), "inputs": (people, len(system.inputs)), "states": (people, len(system.states)),
        "start": (people,), "end": (people,),
    }  # fmt: skip
    for name, shape in expected.items():
        found: NDArray[np.float64] = getattr(batch, name)
        if found.shape != shape:
            return f"{name} has the shape {found.shape}, not {shape}"
    for k, window in enumerate(batch.windows):
        if window.ndim != 2 or len(window) != people:
            return f"window {k} has the shape {window.shape}, not ({people}, times)"
    if len(batch.schedules) != people:
        return f"there are {len(batch.schedules)} schedules for {people} people"
    if batch.starts is not None and len(batch.starts) != people:
        return f"there are {len(batch.starts)} moments to go on from for {people} people"
    return ""


def fault_of(system: System, batch: Batch, k: int) -> str:
    """What is wrong with person k, as a phrase; empty where nothing is."""
    start, end = float(batch.start[k]), float(batch.end[k])
    if not (math.isfinite(start) and math.isfinite(end)):
        return f"the run goes from {start} to {end}"
    if end < start:
        return f"the run ends at {end:g}, before its start at {start:g}"
    for w, window in enumerate(batch.windows):
        times = window[k]
        if not np.isfinite(times).all() or (np.diff(times) < 0).any():
            return f"the times of window {w} do not increase"
        if len(times) and not (start <= times[0] and times[-1] <= end):
            return f"window {w} goes from {times[0]:g} to {times[-1]:g}, outside the run"
    if batch.starts is not None:
        fault = _moment_fault(system, batch.starts[k], start)
    else:
        given = {"an input": batch.inputs[k], "a parameter": batch.params[k], "an initial state": batch.states[k]}
        fault = next((f"{what} is infinite" for what, values in given.items() if np.isinf(values).any() and what != "a parameter"), "")
    return fault or _schedule_fault(system, batch.schedules[k])


def _moment_fault(system: System, moment: Moment, start: float) -> str:
    if moment.time != start:
        return f"the moment to go on from is at {moment.time:g}, the run starts at {start:g}"
    sizes = (len(moment.y), len(moment.p), len(moment.u), len(moment.slopes))
    if sizes != (len(system.states), len(system.params), len(system.inputs), len(system.inputs)):
        return "the moment to go on from belongs to another system"
    if moment.truths and len(moment.truths) != len(system.events):
        return "the moment to go on from belongs to another system"
    if any(not 0 <= q.event < len(system.events) for q in moment.pending):
        return "the moment to go on from waits for an event that there is not"
    for values, rows in ((moment.y, system.states), (moment.u, system.inputs)):
        if not np.isfinite(values).all():
            return f"{rows[int(np.argmin(np.isfinite(values)))].full} is not finite in the moment to go on from"
    return ""


def _schedule_fault(system: System, schedule: tuple[Entry, ...]) -> str:
    counts = {Action.SET_PARAM: len(system.params), Action.SET_INPUT: len(system.inputs), Action.RAMP_INPUT: len(system.inputs)}
    before = -math.inf
    for entry in schedule:
        if not 0 <= entry.index < counts.get(entry.action, len(system.states)):
            return f"the schedule changes row {entry.index} at {entry.time:g}, which there is not"
        if not (math.isfinite(entry.time) and math.isfinite(entry.value) and math.isfinite(entry.slope)):
            return f"a schedule entry at {entry.time} has the value {entry.value} and the slope {entry.slope}"
        if entry.time < before:
            return f"the schedule goes back in time at {entry.time:g}"
        if entry.action in (Action.ADD_STATE, Action.SET_STATE) and not system.differential[entry.index]:
            return f"the schedule sets {system.states[entry.index].full}, which a balance fixes"
        before = entry.time
    return ""
