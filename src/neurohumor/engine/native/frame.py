"""The frame: everything that the control loop reads and writes, as one record of eight-byte fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

INT, FLOAT, INTS, FLOATS = "int", "float", "ints", "floats"


class Frame:
    """Fields by name.  In production the record is handed to machine code; in tests the same source reads the attributes.

    One frame belongs to one thread.  `ints` and `floats` are arrays; those marked "lane" have one element per lane.
    """

    # sizes
    width: int
    states: int
    parameters: int  # personal leaves
    ramped: int
    triggers: int
    events: int  # of the triggers those that set events off; the others are comparisons in them
    algebraic: int
    people: int  # in the queue
    slots: int  # blocks of directions whose slopes are carried on, of one person in the only lane; 0: none
    directions: int
    abreast: int  # directions per block
    to_seeds: int  # from a direction's place in its block, in doubles
    to_weight: int
    to_out: int
    seeds: int  # leaves that directions have components by
    timed: int  # entries whose time is varied
    most_steps: int
    # addresses of kernels
    k_prologue: int
    k_step: int
    k_accept: int
    k_dense: int
    k_first: int
    k_consistent: int
    k_truths: int
    k_watch: int
    k_probe: int
    k_cut: int
    k_rates: int
    k_tangent_step: int
    k_tangent_step_dense: int
    k_tangent_accept: int
    k_tangent_between: int
    k_tangent_balance: int
    # offsets in the workspace, in doubles
    at_time: int
    at_step: int
    at_error: int
    at_theta: int
    at_mask: int
    at_before: int
    at_grow: int
    at_shrink: int
    at_rtol: int
    at_atol: int
    at_below: int
    at_pivot: int
    at_slope: int
    at_residual: int
    at_changed: int
    at_y: int
    at_u: int
    at_k_first: int
    at_k_last: int
    at_parameters: int
    at_input: int
    at_input_slope: int
    at_input_time: int
    at_out: int
    at_truths: int
    at_probe: int
    # tolerances
    rtol: float
    atol: float
    longest: float  # step
    restart: float  # share of the step before an entry with which to go on after it
    pivot_limit: float
    # the workspace and what everybody shares
    memory: Floats
    shared: Floats
    place: Ints  # state -> position
    observed: Ints  # positions of the states that are kept
    kept: int
    # the queue
    flags: Ints  # next, stop, done
    queue: Ints
    # people
    y: Floats  # [person, state]
    leaves: Floats  # [person, personal leaf]
    inputs: Floats  # [person, ramped]: value, slope, time of value
    input_slopes: Floats
    input_times: Floats
    truths: Floats  # [person, trigger]
    now: Floats
    acted: Floats  # time up to which the numbers kept have been acted upon
    end: Floats
    step: Floats  # 0: to be found
    first_step: Floats
    before: Floats  # error of the step before
    tighter: Floats  # factor on tolerances
    entry: Ints  # next entry
    last_entry: Ints
    sample: Ints  # next sample
    last_sample: Ints
    status: Ints
    culprit: Ints
    steps: Ints
    rejected: Ints
    reached: Floats
    # entries and samples of everybody, one after another
    e_time: Floats
    e_action: Ints
    e_index: Ints
    e_value: Floats
    e_slope: Floats
    s_time: Floats
    s_row: Ints  # where in `out`
    out: Floats
    # slopes
    blocks: Floats  # of this thread
    d_base: Ints  # [direction]: its place in `blocks`
    looser: float  # by which errors of slopes count for less
    rates_before: Floats
    s_first: Floats  # [person, direction, state]
    s_seeds: Floats  # [person, direction, leaf]
    s_weight: Floats  # [person, direction]
    s_entry: Ints  # [person, direction]: the entry whose value it is, -1: none
    s_moved: Floats  # [person, timed entry, direction]: how its time changes
    e_timed: Ints  # [entry]: its place among those whose time is varied, -1: none
    e_leaf: Ints  # [entry]: the leaf that it sets, -1: none
    slopes_out: Floats
    # lanes
    who: Ints
    moved: Ints
    landing: Ints
    accepted: Ints
    cause: Ints
    tries: Ints
    t: Floats
    h: Floats
    wanted: Floats
    target: Floats
    cut: Ints  # the step ends within it, between these parts of it
    low: Floats
    high: Floats
    # counters of this thread
    active: int
    more: int
    dirty: int
    any_accepted: int
    rounds: int
    lane_steps: int

    def __init__(self, **fields: Any) -> None:
        for name, kind in KINDS.items():
            setattr(self, name, fields.pop(name, 0.0 if kind == FLOAT else 0))
        assert not fields, f"no field {', '.join(fields)}"

    def record(self) -> NDArray[np.int64]:
        """The record, for machine code: arrays as addresses (the frame keeps them alive)."""
        out = np.zeros(len(KINDS), dtype=np.int64)
        reals = out.view(np.float64)
        for k, (name, kind) in enumerate(KINDS.items()):
            value = getattr(self, name)
            if kind == FLOAT:
                reals[k] = value
            elif kind == INT:
                out[k] = value
            else:
                assert value.flags.c_contiguous and value.dtype == (np.int64 if kind == INTS else np.float64), name
                out[k] = value.ctypes.data
        return out

    def read(self, record: NDArray[np.int64]) -> None:
        """Take the numbers of a record back."""
        for k, (name, kind) in enumerate(KINDS.items()):
            if kind == INT:
                setattr(self, name, int(record[k]))


KINDS: dict[str, str] = {name: {"Floats": FLOATS, "Ints": INTS}.get(str(kind), str(kind)) for name, kind in Frame.__annotations__.items()}
SLOTS: dict[str, int] = {name: k for k, name in enumerate(KINDS)}
