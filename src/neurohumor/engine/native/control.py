"""The control loop of one thread, in the restricted Python of `restricted.py`: no objects but the frame.

Every lane carries one person with a clock, a step and a schedule of its own.  Nothing that a lane does depends on another lane;
a person's numbers are therefore the same alone and in any crowd.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurohumor.engine.native import lanes
from neurohumor.engine.native.lanes import (
    EVENT,
    FIRST_ERROR,
    INTERRUPTED,
    LOOK,
    NEGATIVE,
    NOT_FINITE,
    SAME,
    SINGULAR,
    STEP_TOO_SMALL,
    STOP,
    TOO_MANY_STEPS,
    act,
    keep,
    leave,
    note,
    refill,
    settle,
    tell_slopes,
)
from neurohumor.engine.native.primitives import kernel

if TYPE_CHECKING:
    from neurohumor.engine.native.frame import Frame


def choose(z: Frame) -> None:
    """The step of every lane, so that it lands on what is next."""
    for lane in range(z.width):
        h = 1e-9
        z.landing[lane] = 0
        if z.who[lane] >= 0:
            person = z.who[lane]
            to = z.end[person]
            if z.entry[person] < z.last_entry[person] and z.e_time[z.entry[person]] < to:
                to = z.e_time[z.entry[person]]
            rest = to - z.t[lane]
            h = min(z.h[lane], z.longest)
            z.wanted[lane] = h
            z.target[lane] = to
            if h >= rest * 0.999:
                h = rest
                z.landing[lane] = 1
            elif h > 0.55 * rest:
                h = 0.55 * rest
        z.memory[z.at_step + lane] = h
        z.memory[z.at_time + lane] = z.t[lane]


def worst(z: Frame, lane: int) -> int:
    """The state (its position) that is not a number, else the one with the largest error."""
    w = z.width
    found = -1
    largest = -1.0
    for i in range(z.states):
        u = abs(z.memory[z.at_u + i * w + lane])
        if not u <= 1e300:
            return i
        k = abs(z.memory[z.at_k_last + i * w + lane])
        size = k / (z.rtol * u + z.shared[i])
        if size > largest:
            largest = size
            found = i
    return found


def lowest(z: Frame, lane: int) -> int:
    """The state (its position) that went furthest below zero."""
    found = -1
    deepest = 0.0
    for i in range(z.states):
        below = -z.memory[z.at_u + i * z.width + lane] * z.shared[z.states + i]
        if below > deepest:
            deepest = below
            found = i
    return found


def judge(z: Frame, lane: int) -> None:
    """Accept the step of a lane or not, and choose its next."""
    person = z.who[lane]
    error = z.memory[z.at_error + lane]
    h = z.memory[z.at_step + lane]
    if z.memory[z.at_pivot + lane] > z.pivot_limit:  # before the error, which means nothing then
        z.h[lane] = h * 0.5
        z.cause[lane] = SINGULAR
        z.rejected[person] += 1
    elif not error <= 1e30:
        z.h[lane] = h * 0.1
        z.cause[lane] = NOT_FINITE
        z.rejected[person] += 1
    elif error > 1.0:
        z.h[lane] = h / min(z.memory[z.at_shrink + lane], 10.0)
        z.cause[lane] = STEP_TOO_SMALL
        z.rejected[person] += 1
    elif z.memory[z.at_below + lane] > z.tighter[person]:
        z.h[lane] = h * 0.5
        z.cause[lane] = NEGATIVE
        z.rejected[person] += 1
    else:
        change = min(max(z.memory[z.at_grow + lane], 0.125), 5.0)
        if change >= 1.0 and change <= 1.2:
            change = 1.0
        z.accepted[lane] = 1
        z.steps[person] += 1
        following = h / change
        if z.landing[lane] != 0 and following < z.wanted[lane]:
            following = z.wanted[lane]
        z.h[lane] = following
        z.memory[z.at_before + lane] = max(error, FIRST_ERROR)
        z.cause[lane] = STEP_TOO_SMALL


def judge_all(z: Frame) -> None:
    """Judge every lane; those that cannot go on leave."""
    z.any_accepted = 0
    for lane in range(z.width):
        z.accepted[lane] = 0
        z.memory[z.at_mask + lane] = 0.0
        if z.who[lane] >= 0:
            z.lane_steps += 1
            judge(z, lane)
            person = z.who[lane]
            bad = 0
            if z.accepted[lane] == 0 and z.h[lane] < 4e-16 * abs(z.t[lane]) + 1e-60:
                bad = z.cause[lane]
            elif z.steps[person] + z.rejected[person] > z.most_steps:
                bad = TOO_MANY_STEPS
            if bad != 0:
                if bad == NEGATIVE:
                    z.culprit[person] = lowest(z, lane)
                else:
                    z.culprit[person] = worst(z, lane)
                keep(z, lane)
                leave(z, lane, bad)
            elif z.accepted[lane] != 0:
                z.memory[z.at_mask + lane] = 1.0
                z.any_accepted = 1
                if z.landing[lane] == 0:
                    z.target[lane] = z.t[lane] + z.memory[z.at_step + lane]
    if z.triggers != 0 and z.any_accepted != 0:
        watch(z)


def watch(z: Frame) -> None:
    """Steps within which a trigger turns end just after it."""
    kernel(z.k_watch, z.memory, z.shared, z.observed, 0)
    cut = 0
    for lane in range(z.width):
        z.cut[lane] = 0
        high = z.memory[z.at_changed + lane]
        if z.accepted[lane] != 0 and high != 0.0:
            cut = 1
            z.cut[lane] = 1
            z.high[lane] = high
            z.low[lane] = max(high - LOOK, 0.0)
    if cut != 0:
        locate(z)


def locate(z: Frame) -> None:
    """Where in the step a trigger turns, by halving; what turns as a lane lands is left to what is done after landing."""
    more = 1
    while more != 0:
        more = 0
        for lane in range(z.width):
            z.memory[z.at_theta + lane] = z.high[lane]
            if z.cut[lane] != 0 and coarse(z, lane, z.high[lane] - z.low[lane]) != 0:
                more = 1
                z.memory[z.at_theta + lane] = 0.5 * (z.low[lane] + z.high[lane])
        if more != 0:
            kernel(z.k_probe, z.memory, z.shared, z.observed, 0)
            for lane in range(z.width):
                theta = z.memory[z.at_theta + lane]
                if z.cut[lane] != 0 and theta < z.high[lane]:
                    if z.memory[z.at_changed + lane] != 0.0:
                        z.high[lane] = theta
                    else:
                        z.low[lane] = theta
    for lane in range(z.width):
        if z.cut[lane] != 0:
            if z.landing[lane] != 0 and coarse(z, lane, 1.0 - z.high[lane]) == 0:
                z.cut[lane] = 0
            else:
                z.landing[lane] = 0
                z.target[lane] = z.t[lane] + z.high[lane] * z.memory[z.at_step + lane]


def coarse(z: Frame, lane: int, part: float) -> int:
    """Whether a part of a step is longer than times can be told apart."""
    h = z.memory[z.at_step + lane]
    if part * h > SAME * max(abs(z.t[lane]), h):
        return 1
    return 0


def leave_cut(z: Frame) -> None:
    """Steps that end within: people go on from there, or leave where an event is to act."""
    for lane in range(z.width):
        z.memory[z.at_mask + lane] = 0.0
        if z.accepted[lane] != 0 and z.cut[lane] != 0:
            z.memory[z.at_mask + lane] = 1.0
            z.memory[z.at_theta + lane] = z.high[lane]
    kernel(z.k_probe, z.memory, z.shared, z.observed, 0)
    kernel(z.k_cut, z.memory, z.shared, z.observed, 0)
    for lane in range(z.width):
        if z.memory[z.at_mask + lane] != 0.0:
            z.t[lane] = z.target[lane]
            if turned(z, lane) != 0:
                z.h[lane] = z.memory[z.at_step + lane]
                keep(z, lane)
                leave(z, lane, EVENT)
            else:
                note(z, lane, z.events)
                z.accepted[lane] = 0


def turned(z: Frame, lane: int) -> int:
    """Whether the trigger of an event differs from what it was, and not a comparison in it alone; where there are slopes, either."""
    if z.slots > 0:
        return 1
    for k in range(z.events):
        if z.memory[z.at_truths + k * z.width + lane] != z.memory[z.at_probe + k * z.width + lane]:
            return 1
    return 0


def due(z: Frame, lane: int) -> int:
    """Whether a sample lies within the step just made."""
    if z.accepted[lane] == 0:
        return 0
    person = z.who[lane]
    if z.sample[person] >= z.last_sample[person]:
        return 0
    before = z.target[lane]
    if z.triggers != 0 and z.cut[lane] != 0:  # what comes just before an event is told after it
        before = before - SAME * max(abs(before), z.memory[z.at_step + lane])
    if z.s_time[z.sample[person]] < before:
        return 1
    return 0


def tell(z: Frame) -> None:
    """Samples within the steps just made."""
    w = z.width
    more = 1
    while more != 0:
        more = 0
        for lane in range(z.width):
            z.memory[z.at_theta + lane] = 0.0
            if due(z, lane) != 0:
                more = 1
                at = z.s_time[z.sample[z.who[lane]]]
                z.memory[z.at_theta + lane] = min((at - z.t[lane]) / z.memory[z.at_step + lane], 1.0)
        if more != 0:
            kernel(z.k_dense, z.memory, z.shared, z.observed, z.kept)
            if z.slots > 0:
                kernel(z.k_tangent_between, z.memory, z.shared, z.blocks, z.slots)
            for lane in range(z.width):
                if due(z, lane) != 0:
                    person = z.who[lane]
                    row = z.s_row[z.sample[person]] * z.kept
                    if z.slots > 0:
                        tell_slopes(z, lane, z.to_out)
                    z.sample[person] += 1
                    for k in range(z.kept):
                        z.out[row + k] = z.memory[z.at_out + k * w + lane]


def step_slopes(z: Frame) -> None:
    """The step of every direction, with what dense output needs where a sample may lie within; a step that the states reject has none."""
    if not z.memory[z.at_error] <= 1.0:
        return
    dense = 0
    for lane in range(z.width):
        if z.who[lane] >= 0:
            person = z.who[lane]
            until = z.t[lane] + 1.01 * z.memory[z.at_step + lane]
            if z.sample[person] < z.last_sample[person] and z.s_time[z.sample[person]] < until:
                dense = 1
    if dense != 0:
        kernel(z.k_tangent_step_dense, z.memory, z.shared, z.blocks, z.slots)
    else:
        kernel(z.k_tangent_step, z.memory, z.shared, z.blocks, z.slots)


def commit(z: Frame) -> None:
    """Move on in the lanes whose step was accepted."""
    if z.triggers != 0:
        leave_cut(z)
        for lane in range(z.width):
            z.memory[z.at_mask + lane] = 0.0
            if z.accepted[lane] != 0:
                z.memory[z.at_mask + lane] = 1.0
    if z.algebraic != 0:  # unknowns may not be found after the landing
        for lane in range(z.width):
            if z.accepted[lane] != 0 and z.landing[lane] != 0:
                keep(z, lane)
    kernel(z.k_accept, z.memory, z.shared, z.observed, 0)
    if z.slots > 0 and z.accepted[0] != 0:
        kernel(z.k_tangent_accept, z.memory, z.shared, z.blocks, z.slots)
    for lane in range(z.width):
        if z.accepted[lane] != 0:
            z.t[lane] = z.target[lane]
            if z.landing[lane] != 0:
                person = z.who[lane]
                z.moved[lane] = 1
                if z.t[lane] < z.end[person]:
                    z.h[lane] = max(z.first_step[person], z.restart * z.wanted[lane])
                    z.memory[z.at_before + lane] = FIRST_ERROR
                act(z, lane)


def interrupt(z: Frame) -> None:
    """Everybody leaves as they are."""
    for lane in range(z.width):
        if z.who[lane] >= 0:
            keep(z, lane)
            leave(z, lane, INTERRUPTED)


def any_moved(z: Frame) -> int:
    """Whether a lane has to be settled."""
    for lane in range(z.width):
        if z.moved[lane] != 0:
            return 1
    return 0


def control(z: Frame) -> int:
    """Solve people from the queue until none is left."""
    while True:
        if z.more != 0:
            refill(z)
        if z.active == 0 and z.more == 0:
            break
        if any_moved(z) != 0:
            settle(z)
            continue
        if z.flags[STOP] != 0:
            interrupt(z)
            break
        choose(z)
        kernel(z.k_step, z.memory, z.shared, z.observed, 0)
        if z.slots > 0:
            step_slopes(z)
        z.rounds += 1
        judge_all(z)
        if z.any_accepted != 0:
            tell(z)
            commit(z)
    return z.rounds


FUNCTIONS = (
    control, any_moved, interrupt, commit, tell, due, watch, judge_all, judge, lowest, worst, choose, locate, coarse,
    leave_cut, turned, step_slopes, tell_slopes,
    lanes.balance, lanes.begin, note, lanes.bring, lanes.before, lanes.turn, lanes.rates, settle, refill, act, leave, keep, lanes.fill,
)  # fmt: skip
CONSTANTS = {name: value for name, value in vars(lanes).items() if name.isupper() and isinstance(value, (int, float))}
