"""Frames, threads, progress: running the control loop over a queue of people."""

from __future__ import annotations

import ctypes
import math
import os
import threading
import time as clocks
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from neurohumor.engine.native import control, lanes
from neurohumor.engine.native.crowd import Entries, Samples
from neurohumor.engine.native.frame import Frame
from neurohumor.engine.native.machine import Code, load
from neurohumor.engine.native.restricted import compiled, in_python
from neurohumor.engine.native.stages import scalars
from neurohumor.engine.native.tangent_layout import TangentLayout
from neurohumor.engine.native.variant import Variant
from neurohumor.engine.problem import Action, Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

POLL = 0.05
"""Seconds between looks at the clock and at the caller's wish to stop."""
RESTART = 0.1
PIVOT_LIMIT = 1e9
"""Shrinkage or growth of a pivot beyond which a step is made again with half the width."""
TANGENTS = ("tangent_step", "tangent_step_dense", "tangent_accept", "tangent_between", "tangent_balance")
FIELDS = (
    "time", "step", "error", "theta", "mask", "grow", "shrink", "rtol", "atol", "below", "pivot", "slope", "residual", "changed", "y", "u",
    "parameters", "input", "input_slope", "input_time", "out", "truths", "probe",
)  # fmt: skip


@dataclass(slots=True)
class Crowd:
    """Everybody's numbers, [person, ...]: what is kept between visits to a lane."""

    y: Floats
    params: Floats
    inputs: Floats
    slopes: Floats
    since: Floats  # [person, input] time at which `inputs` held
    now: Floats
    acted: Floats  # time up to which entries have been acted upon in these numbers
    end: Floats
    step: Floats
    first_step: Floats
    before: Floats
    tighter: Floats
    truths: Floats
    entry: Ints
    sample: Ints
    status: Ints
    culprit: Ints
    steps: Ints
    rejected: Ints
    reached: Floats


@dataclass(slots=True)
class Along:
    """Directions in which slopes are carried on, the same number for each person: a multiple of those in a vector.

    first [person, direction, state], seeds [person, direction, leaf], weight [person, direction]: slopes and components at the
    start, and by what absolute tolerances are multiplied; entry [person, direction]: the row of entries whose value it is;
    moved [person, timed, direction]: how the time of an entry changes; timed, leaf [entry]; out [row, direction, kept];
    looser: the share of errors that counts
    """

    first: Floats
    seeds: Floats
    weight: Floats
    entry: Ints
    moved: Floats
    timed: Ints
    leaf: Ints
    out: Floats
    looser: float


@dataclass(slots=True)
class Task:
    """What to run: code, people, limits; `observed` are the states that are kept in `out` [row, kept].

    shared  atol, 1/atol of states that may not be negative, mass (by position), shared constants
    """

    variant: Variant
    crowd: Crowd
    entries: Entries
    samples: Samples
    out: Floats
    observed: Ints
    shared: Floats
    rtol: float
    longest: float
    most_steps: int
    along: Along | None = None
    rounds: int = 0
    lane_steps: int = 0
    stopped: str = ""
    _arrays: dict[str, Any] = field(default_factory=dict)


@cache
def loop_code() -> Code:
    """The control loop as machine code: one for all systems."""
    return load("control", ["control"], lambda: (compiled(control.FUNCTIONS, control.CONSTANTS, "control"), {}), level=2, tidy=True)


@cache
def _loop_in_python() -> Callable[[Frame], int]:
    return in_python(control.FUNCTIONS, control.CONSTANTS)["control"]


def cores() -> int:
    """How many threads can run at once."""
    told = os.environ.get("NEUROHUMOR_THREADS", "")
    if told.isdigit() and int(told) > 0:
        return int(told)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(task: Task, queue: Ints, *, threads: int = 0, interpreted: bool = False, watch: Callable[[Frame], bool] | None = None) -> None:
    """Solve these people as far as the code can; their numbers are in the crowd afterwards.

    threads  0: as many as there are cores, at most one per vector of people; watch: called now and then with the frames of all
    threads, returns False to stop.  interpreted: the control loop in CPython (one thread; slow; the same bits)
    """
    people = len(queue)
    if not people:
        return
    count = max(1, min(threads or cores(), -(-people // task.variant.width)))
    common = _common(task, np.ascontiguousarray(queue, dtype=np.int64))
    frames = [_frame(task, common) for _ in range(count)]
    if interpreted:
        _loop_in_python()(frames[0])
    else:
        _threads(frames, (task, common), watch)
    _take_back(task, common)
    task.rounds += sum(f.rounds for f in frames)
    task.lane_steps += sum(f.lane_steps for f in frames)


def _threads(frames: list[Frame], shared: tuple[Task, dict[str, Any]], watch: Any) -> None:
    call = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)(loop_code().addresses["control"])
    flags = shared[1]["flags"]

    def work(record: Any, *_: Any) -> None:
        call(record.ctypes.data)

    records = [frame.record() for frame in frames]
    # each thread holds what its code writes to, so that no signal, whenever it comes, frees memory under it
    workers = [threading.Thread(target=work, args=(r, f, shared), daemon=True, name="native") for r, f in zip(records, frames, strict=True)]
    try:
        for worker in workers:
            worker.start()
        pause = 0.001
        for worker in workers:
            while worker.is_alive():
                worker.join(pause)
                pause = min(2 * pause, POLL)
                if watch is not None and worker.is_alive() and not watch(frames):
                    flags[lanes.STOP] = 1
    except BaseException:
        flags[lanes.STOP] = 1
        raise
    finally:
        for worker in workers:
            if worker.ident is not None:
                worker.join()
    for frame, record in zip(frames, records, strict=True):
        frame.read(record)


def aligned(size: int) -> Floats:
    """Zeros that begin at a multiple of 64 bytes."""
    room = np.zeros(size + 8)
    return room[(-room.ctypes.data // 8) % 8 :][:size]


def _common(task: Task, queue: Ints) -> dict[str, Any]:
    """Arrays that all threads share."""
    crowd, entries, samples, variant = task.crowd, task.entries, task.samples, task.variant
    classes = variant.classes
    leaves = np.concatenate([crowd.params[:, list(classes.personal_params)], crowd.inputs[:, list(classes.personal_inputs)]], axis=1)
    ramped = list(classes.ramped)
    action, index = _kernel_entries(entries, classes)
    return {
        "flags": np.zeros(8, dtype=np.int64), "queue": queue, "people": len(queue), "y": crowd.y, "leaves": np.ascontiguousarray(leaves),
        "inputs": np.ascontiguousarray(crowd.inputs[:, ramped]), "input_slopes": np.ascontiguousarray(crowd.slopes[:, ramped]),
        "input_times": np.ascontiguousarray(crowd.since[:, ramped]),
        "truths": crowd.truths, "now": crowd.now, "acted": crowd.acted, "end": crowd.end, "step": crowd.step,
        "first_step": crowd.first_step,
        "before": crowd.before, "tighter": crowd.tighter, "entry": crowd.entry, "last_entry": entries.last, "sample": crowd.sample,
        "last_sample": samples.last, "status": crowd.status, "culprit": crowd.culprit, "steps": crowd.steps, "rejected": crowd.rejected,
        "reached": crowd.reached, "e_time": entries.time, "e_action": action, "e_index": index, "e_value": entries.value,
        "e_slope": entries.slope, "s_time": samples.time, "s_row": samples.row, "out": task.out.reshape(-1), "shared": task.shared,
        "place": np.array(variant.place, dtype=np.int64),
        "observed": np.array(variant.place, dtype=np.int64)[task.observed], "kept": len(task.observed),
    }  # fmt: skip


def _kernel_entries(entries: Entries, classes: Any) -> tuple[Ints, Ints]:
    """Actions and indices as the loop knows them: states, personal leaves, ramped inputs; what enters no code is skipped."""
    action = np.full(len(entries.time), -1, dtype=np.int64)
    index = entries.index.copy()
    action[entries.action == Action.ADD_STATE] = lanes.ADD_STATE
    action[entries.action == Action.SET_STATE] = lanes.SET_STATE
    action[entries.action == 100 + lanes.LAND] = lanes.LAND
    places = {("param", row): k for k, row in enumerate(classes.personal_params)}
    places |= {("input", row): len(classes.personal_params) + k for k, row in enumerate(classes.personal_inputs)}
    ramped = {row: k for k, row in enumerate(classes.ramped)}
    for k in np.flatnonzero((entries.action > Action.SET_STATE) & (entries.action <= Action.SET_PARAM)):
        row = int(entries.index[k])
        kind = "param" if entries.action[k] == Action.SET_PARAM else "input"
        if kind == "input" and row in ramped:
            action[k], index[k] = lanes.SET_INPUT, ramped[row]
        elif (kind, row) in places:
            action[k], index[k] = lanes.SET_LEAF, places[kind, row]
    return action, index


def _frame(task: Task, common: dict[str, Any]) -> Frame:
    variant = task.variant
    width, layout = variant.width, variant.layout
    flat = {name: value.reshape(-1) if isinstance(value, np.ndarray) else value for name, value in common.items()}
    offsets = {f"at_{name}": at for name, at in scalars(FIELDS, layout, width).items()}
    offsets["at_before"] = layout.offsets()["error_before"] * width
    offsets["at_k_first"] = layout.offsets()["k"] * width
    offsets["at_k_last"] = (layout.offsets()["k"] + 7 * layout.states) * width
    lanes_int = {n: np.zeros(width, dtype=np.int64) for n in ("moved", "landing", "accepted", "cause", "tries", "cut")}
    lanes_real = {n: np.zeros(width) for n in ("t", "h", "wanted", "target", "low", "high")}
    kernels = {
        f"k_{n}": variant.code.addresses.get(n, 0)
        for n in ("prologue", "step", "accept", "dense", "first", "consistent", "truths", "watch", "probe", "cut", *TANGENTS)
    }
    total, along = layout.offsets()["total"], _along(task)
    if task.along is not None:
        total = -(-TangentLayout(**variant.code.facts["tangents"]).scratch(layout)["total"] // width)
    return Frame(
        width=width, states=layout.states, parameters=layout.parameters, ramped=layout.ramped, triggers=layout.triggers,
        events=layout.events,
        algebraic=int(not all(variant.system.differential)), most_steps=task.most_steps, rtol=task.rtol, atol=1.0,
        longest=task.longest, restart=RESTART, pivot_limit=PIVOT_LIMIT, memory=aligned(total * width),
        who=np.full(width, -1, dtype=np.int64), more=1, k_rates=variant.address("rates_of"),
        **along, **offsets, **kernels, **lanes_int, **lanes_real, **flat,
    )  # fmt: skip


def _along(task: Task) -> dict[str, Any]:
    """The frame's fields about slopes."""
    given, base = task.along, task.variant.layout
    if given is None:
        nothing, none = np.zeros(1), np.zeros(1, dtype=np.int64)
        reals = ("blocks", "rates_before", "s_first", "s_seeds", "s_weight", "s_moved", "slopes_out")
        return {name: nothing for name in reals} | {name: none for name in ("s_entry", "e_timed", "e_leaf", "d_base")}
    here = TangentLayout(**task.variant.code.facts["tangents"])
    block, common, abreast = here.block(base), here.common(base)["total"], here.abreast
    directions = np.arange(given.first.shape[1])
    slots = len(directions) // abreast
    arrays = {
        "s_first": given.first, "s_seeds": given.seeds, "s_weight": given.weight, "s_entry": given.entry, "s_moved": given.moved,
        "e_timed": given.timed, "e_leaf": given.leaf, "slopes_out": given.out,
    }  # fmt: skip
    return {
        "looser": given.looser, "slots": slots,
        "directions": len(directions), "abreast": abreast, "seeds": given.seeds.shape[2], "timed": given.moved.shape[1],
        "blocks": aligned((common + slots * block["total"]) * abreast), "rates_before": np.zeros(base.states),
        "d_base": (common + directions // abreast * block["total"]) * abreast + directions % abreast,
        **{f"to_{name}": block[name] * abreast for name in ("seeds", "weight", "out")},
        **{name: np.ascontiguousarray(a).reshape(-1) for name, a in arrays.items()},
    }  # fmt: skip


def _take_back(task: Task, common: dict[str, Any]) -> None:
    """Personal leaves and ramped inputs into the crowd, for those who were in the queue."""
    classes, crowd = task.variant.classes, task.crowd
    who = common["queue"]
    count = len(classes.personal_params)
    state_at = np.empty(len(task.variant.place), dtype=np.int64)
    state_at[list(task.variant.place)] = np.arange(len(state_at))
    failed = who[(crowd.status[who] > lanes.SOLVED) & (crowd.status[who] < lanes.ALGEBRAIC)]
    crowd.culprit[failed] = state_at[np.clip(crowd.culprit[failed], 0, None)]
    crowd.params[np.ix_(who, list(classes.personal_params))] = common["leaves"][who][:, :count]
    crowd.inputs[np.ix_(who, list(classes.personal_inputs))] = common["leaves"][who][:, count:]
    place = np.ix_(who, list(classes.ramped))
    crowd.inputs[place], crowd.slopes[place] = common["inputs"][who], common["input_slopes"][who]
    crowd.since[place] = common["input_times"][who]


def shared_numbers(variant: Variant, params: Floats, inputs: Floats, *, atol: Floats, nonnegative: NDArray[np.bool_]) -> Floats:
    """The shared array of a task: params and inputs of anybody, atol by state."""
    layout, width = variant.layout, variant.width
    n = layout.states
    place = np.array(variant.place, dtype=np.int64)
    out = np.zeros(3 * n + max(layout.shared, 1))
    out[place] = atol
    out[n + place] = np.where(nonnegative, 1.0 / atol, 0.0)
    mass = np.array([float(d) for d in variant.system.differential])
    out[2 * n + np.array(variant.row_place, dtype=np.int64)] = mass
    if layout.shared:
        given = aligned((len(params) + len(inputs) + 1) * width)
        given[: (len(params) + len(inputs)) * width] = np.repeat(np.concatenate([params, inputs]), width)
        values = aligned(layout.shared * width)
        call = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(variant.address("shared_values"))
        call(given.ctypes.data, values.ctypes.data)
        out[3 * n :] = values[::width]
    return out


class Patience:
    """Progress in simulated time, the caller's wish to stop, the wall-clock limit."""

    def __init__(self, crowd: Crowd, progress: Progress | None, wall: float | None) -> None:
        self._crowd, self._progress = crowd, progress
        self._start = crowd.now.copy()
        self._total = float(np.sum(crowd.end - crowd.now))
        self._limit = clocks.perf_counter() + (math.inf if wall is None else wall)
        self.stopped = ""

    def __call__(self, frames: Any) -> bool:
        """Whether to go on"""
        if clocks.perf_counter() > self._limit:
            self.stopped = "wall"
        elif self._progress is not None and self._progress(self._done(frames), self._total) is False:
            self.stopped = "interrupted"
        return not self.stopped

    def left(self) -> float | None:
        """Seconds until the limit (a moment at least), None where there is none"""
        return None if self._limit == math.inf else max(self._limit - clocks.perf_counter(), 1e-3)

    def asked(self, done: float, total: float) -> bool:
        """The same question from an engine that goes on with one person"""
        return self(())

    def _done(self, frames: Any) -> float:
        crowd = self._crowd
        over = crowd.status != lanes.WAITING
        done = float(np.sum((crowd.reached - self._start)[over]))
        for frame in frames:
            for lane in range(frame.width):
                person = int(frame.who[lane])
                if person >= 0:
                    done += max(float(frame.t[lane] - self._start[person]), 0.0)
        return min(done, self._total)
