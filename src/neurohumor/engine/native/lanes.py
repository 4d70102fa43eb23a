"""People coming into lanes, being acted upon, and leaving: restricted Python (see `restricted.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurohumor.engine.native.primitives import fetch_add, kernel

if TYPE_CHECKING:
    from neurohumor.engine.native.frame import Frame

WAITING, SOLVED, TOO_MANY_STEPS, STEP_TOO_SMALL, NOT_FINITE, NEGATIVE, SINGULAR, ALGEBRAIC, INTERRUPTED, EVENT = range(10)
"""How a person's stay ended."""
NEXT, STOP, DONE = 0, 1, 2
"""Flags that all threads share."""
ADD_STATE, SET_STATE, SET_LEAF, SET_INPUT, LAND = 0, 1, 2, 3, 4
"""What entries do; LAND sets the clock to the first moment after a jump that was foreseen."""
FIRST_ERROR = 1e-4
MOST_NEWTON = 25
LOOK, SAME = 0.125, 1e-12
"""How far apart, in a step, triggers are looked at, and the part of a time or a step that cannot be told from the next."""


def fill(z: Frame, lane: int, person: int) -> None:
    """Put a person into a lane."""
    w = z.width
    z.who[lane] = person
    z.moved[lane] = 1
    z.cause[lane] = STEP_TOO_SMALL
    z.t[lane] = z.now[person]
    z.h[lane] = z.step[person]
    z.memory[z.at_time + lane] = z.now[person]
    z.memory[z.at_before + lane] = z.before[person]
    z.memory[z.at_rtol + lane] = z.rtol * z.tighter[person]
    z.memory[z.at_atol + lane] = z.tighter[person]
    for i in range(z.states):
        z.memory[z.at_y + z.place[i] * w + lane] = z.y[person * z.states + i]
    for k in range(z.parameters):
        z.memory[z.at_parameters + k * w + lane] = z.leaves[person * z.parameters + k]
    for k in range(z.ramped):
        z.memory[z.at_input + k * w + lane] = z.inputs[person * z.ramped + k]
        z.memory[z.at_input_slope + k * w + lane] = z.input_slopes[person * z.ramped + k]
        z.memory[z.at_input_time + k * w + lane] = z.input_times[person * z.ramped + k]
    for k in range(z.events):
        z.memory[z.at_truths + k * w + lane] = z.truths[person * z.events + k]
    z.dirty = 1
    if z.slots > 0:
        bring(z)
    act(z, lane)


def bring(z: Frame) -> None:
    """The slopes of the person at the start, the components of their directions, and the weights of errors."""
    for d in range(z.directions):
        row = z.who[0] * z.directions + d
        base = z.d_base[d]
        for i in range(z.states):
            z.blocks[base + z.place[i] * z.abreast] = z.s_first[row * z.states + i]
        for k in range(z.seeds):
            z.blocks[base + z.to_seeds + k * z.abreast] = z.s_seeds[row * z.seeds + k]
        z.blocks[base + z.to_weight] = z.s_weight[row]
        z.blocks[base + z.to_weight + z.abreast] = z.looser


def keep(z: Frame, lane: int) -> None:
    """Write a lane's person back."""
    w = z.width
    person = z.who[lane]
    z.now[person] = z.t[lane]
    z.acted[person] = z.t[lane]
    z.step[person] = z.h[lane]
    z.before[person] = z.memory[z.at_before + lane]
    for i in range(z.states):
        z.y[person * z.states + i] = z.memory[z.at_y + z.place[i] * w + lane]
    for k in range(z.parameters):
        z.leaves[person * z.parameters + k] = z.memory[z.at_parameters + k * w + lane]
    for k in range(z.ramped):
        z.inputs[person * z.ramped + k] = z.memory[z.at_input + k * w + lane]
        z.input_slopes[person * z.ramped + k] = z.memory[z.at_input_slope + k * w + lane]
        z.input_times[person * z.ramped + k] = z.memory[z.at_input_time + k * w + lane]


def leave(z: Frame, lane: int, status: int) -> None:
    """End a person's stay."""
    z.status[z.who[lane]] = status
    z.reached[z.who[lane]] = z.t[lane]
    z.who[lane] = -1
    z.accepted[lane] = 0
    z.moved[lane] = 0
    z.active -= 1
    fetch_add(z.flags, DONE, 1)


def act(z: Frame, lane: int) -> None:
    """All entries that are due."""
    w = z.width
    person = z.who[lane]
    while z.entry[person] < z.last_entry[person] and z.e_time[z.entry[person]] <= z.t[lane]:
        e = z.entry[person]
        if z.slots > 0:
            before(z, lane)
        z.entry[person] = e + 1
        index = z.e_index[e]
        if z.e_action[e] == ADD_STATE:
            at = z.at_y + z.place[index] * w + lane
            z.memory[at] = z.memory[at] + z.e_value[e]
        elif z.e_action[e] == SET_STATE:
            z.memory[z.at_y + z.place[index] * w + lane] = z.e_value[e]
        elif z.e_action[e] == SET_LEAF:
            z.memory[z.at_parameters + index * w + lane] = z.e_value[e]
            z.dirty = 1
        elif z.e_action[e] == SET_INPUT:
            z.memory[z.at_input + index * w + lane] = z.e_value[e]
            z.memory[z.at_input_slope + index * w + lane] = z.e_slope[e]
            z.memory[z.at_input_time + index * w + lane] = z.e_time[e]
        elif z.e_action[e] == LAND:
            z.t[lane] = max(z.t[lane], z.e_value[e])
        if z.slots > 0:
            turn(z, lane)
        if z.triggers != 0 and z.e_action[e] == LAND:  # a trigger may hold at this very time alone
            break


def rates(z: Frame, lane: int) -> None:
    """The rates of a lane as it stands, into the first stage's place."""
    if z.who[lane] >= 0:
        if z.dirty != 0:
            kernel(z.k_prologue, z.memory, z.shared, z.observed, 0)
            z.dirty = 0
        if z.algebraic != 0:
            balance(z, lane)
        z.memory[z.at_time + lane] = z.t[lane]
        kernel(z.k_rates, z.memory, z.shared, z.observed, 0)


def before(z: Frame, lane: int) -> None:
    """Rates before the next entry, where its time is varied."""
    if z.who[lane] >= 0 and z.e_timed[z.entry[z.who[lane]]] >= 0:
        rates(z, lane)
        for i in range(z.states):
            z.rates_before[i] = z.memory[z.at_k_first + i * z.width + lane]


def turn(z: Frame, lane: int) -> None:
    """What the entry just acted upon does to slopes: of its value, and of its time where that is varied."""
    if z.who[lane] >= 0 and z.e_timed[z.entry[z.who[lane]] - 1] >= 0:
        rates(z, lane)
    person = z.who[lane]
    if person >= 0:
        e = z.entry[person] - 1
        timed = z.e_timed[e]
        for d in range(z.directions):
            base = z.d_base[d]
            own = 0.0
            if z.s_entry[person * z.directions + d] == e:
                own = 1.0
            moved = 0.0
            if timed >= 0:
                moved = z.s_moved[(person * z.timed + timed) * z.directions + d]
                for i in range(z.states):
                    apart = z.rates_before[i] - z.memory[z.at_k_first + i * z.width + lane]
                    at = base + i * z.abreast
                    z.blocks[at] = z.blocks[at] + moved * apart * z.shared[2 * z.states + i]
            if z.e_action[e] == ADD_STATE:
                at = base + z.place[z.e_index[e]] * z.abreast
                z.blocks[at] = z.blocks[at] + own
            elif z.e_action[e] == SET_STATE:
                i = z.place[z.e_index[e]]
                z.blocks[base + i * z.abreast] = own - moved * z.memory[z.at_k_first + i * z.width + lane]
            elif z.e_leaf[e] >= 0:
                z.blocks[base + z.to_seeds + z.e_leaf[e] * z.abreast] = own - moved * z.e_slope[e]


def refill(z: Frame) -> None:
    """People from the queue into the lanes that are free."""
    for lane in range(z.width):
        if z.who[lane] < 0 and z.more != 0:
            k = fetch_add(z.flags, NEXT, 1)
            if k >= z.people:
                z.more = 0
            else:
                z.active += 1
                fill(z, lane, z.queue[k])


def settle(z: Frame) -> None:
    """What has to be done in lanes whose person has just come or been acted upon, before the next step."""
    if z.dirty != 0:
        kernel(z.k_prologue, z.memory, z.shared, z.observed, 0)
        z.dirty = 0
    if z.algebraic != 0:
        balance(z, -1)
        if z.slots > 0 and z.moved[0] != 0:
            kernel(z.k_tangent_balance, z.memory, z.shared, z.blocks, z.slots)
    fresh = 0
    for lane in range(z.width):
        if z.moved[lane] != 0:
            z.memory[z.at_time + lane] = z.t[lane]
            if z.h[lane] <= 0.0:
                fresh = 1
    if z.triggers != 0:
        kernel(z.k_truths, z.memory, z.shared, z.observed, 0)
        for lane in range(z.width):
            if z.moved[lane] != 0:
                if z.slots > 0:  # what an entry turns is no turn within a step
                    z.memory[z.at_changed + lane] = 0.0
                    note(z, lane, 0)
                note(z, lane, z.events)
    if fresh != 0:
        kernel(z.k_first, z.memory, z.shared, z.observed, 0)
    for lane in range(z.width):
        if z.moved[lane] != 0:
            z.moved[lane] = 0
            if z.triggers != 0 and z.memory[z.at_changed + lane] != 0.0:
                keep(z, lane)
                leave(z, lane, EVENT)
            else:
                begin(z, lane)


def note(z: Frame, lane: int, first: int) -> None:
    """The triggers of a lane, from this one on, are as they were just found."""
    for k in range(first, z.triggers):
        z.memory[z.at_truths + k * z.width + lane] = z.memory[z.at_probe + k * z.width + lane]


def begin(z: Frame, lane: int) -> None:
    """Samples at this very time, the end, or the first step."""
    w = z.width
    person = z.who[lane]
    while z.sample[person] < z.last_sample[person] and z.s_time[z.sample[person]] <= z.t[lane]:
        row = z.s_row[z.sample[person]]
        for k in range(z.kept):
            z.out[row * z.kept + k] = z.memory[z.at_y + z.observed[k] * w + lane]
        if z.slots > 0:
            tell_slopes(z, lane, 0)
        z.sample[person] += 1
    if z.t[lane] >= z.end[person]:
        keep(z, lane)
        leave(z, lane, SOLVED)
    elif z.h[lane] <= 0.0:
        span = z.end[person] - z.t[lane]
        slope = z.memory[z.at_slope + lane]
        size = z.memory[z.at_residual + lane]
        h = 1e-6 * span
        if slope > 1e-10 and slope < 1e300:
            h = min(0.01 * max(size, 1.0) / slope, 1e-3 * span)
        z.h[lane] = h
        z.first_step[person] = h
    if z.who[lane] >= 0 and z.entry[person] < z.last_entry[person] and z.e_time[z.entry[person]] <= z.t[lane]:
        z.moved[lane] = 1
        act(z, lane)


def tell_slopes(z: Frame, lane: int, place: int) -> None:
    """A person's slopes, from this place of each block, into the row of their next sample."""
    row = z.s_row[z.sample[z.who[lane]]]
    for d in range(z.directions):
        base = z.d_base[d] + place
        for k in range(z.kept):
            z.slopes_out[(row * z.directions + d) * z.kept + k] = z.blocks[base + z.observed[k] * z.abreast]


def balance(z: Frame, only: int) -> None:
    """Newton for the algebraic unknowns of lanes that have just been acted upon, or of one of them (-1: all)."""
    left = 0
    for lane in range(z.width):
        z.tries[lane] = 0
        z.memory[z.at_mask + lane] = 0.0
        if z.moved[lane] != 0 and (only < 0 or lane == only):
            z.tries[lane] = 1
            z.memory[z.at_mask + lane] = 1.0
            z.memory[z.at_time + lane] = z.t[lane]
            left = 1
    while left != 0:
        kernel(z.k_consistent, z.memory, z.shared, z.observed, 0)
        left = 0
        for lane in range(z.width):
            if z.tries[lane] > 0:
                residual = z.memory[z.at_residual + lane]
                z.tries[lane] += 1
                if not residual <= 1e200 or z.tries[lane] > MOST_NEWTON or z.memory[z.at_pivot + lane] > z.pivot_limit:
                    z.tries[lane] = 0
                    z.memory[z.at_mask + lane] = 0.0
                    z.culprit[z.who[lane]] = -1
                    leave(z, lane, ALGEBRAIC)  # as they were kept, before anything acted upon them
                elif residual <= 1e-3:
                    z.tries[lane] = 0
                    z.memory[z.at_mask + lane] = 0.0
                else:
                    left = 1
