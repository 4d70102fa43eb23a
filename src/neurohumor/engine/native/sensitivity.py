"""Forward sensitivities: how the states change with parameters, initial values, doses and their times.

The step itself is differentiated, exactly: slopes are those of the discrete solution with its steps held, and are carried on with
the Jacobian and the factors of the step (see `tangent_text.py`).  Their errors count in the choice of the step.  At schedule
entries slopes jump: with the value of an entry directly, with its time by the difference of the rates before and after it; so
they do where rates jump by the clock at a time that a parameter decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.engine.native import lanes
from neurohumor.engine.native.choice import Party, parties
from neurohumor.engine.native.drive import Along, run
from neurohumor.engine.native.journey import TIGHTER, Journey
from neurohumor.engine.native.program import NativeProgram
from neurohumor.engine.native.tangent_setup import Direction, Setup, check
from neurohumor.engine.problem import Batch, Solved, Stiff
from neurohumor.engine.status import Status
from neurohumor.errors import SolveError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SLACK = 3.0
"""With it the worst error of a slope is a few times the tolerance, for about a sixth more steps than the states alone would take."""
NEGLIGIBLE = 1e-4
"""Slopes smaller than this part of a direction's largest (each by its state's scale) count as that part when errors are told."""
__all__ = ["Direction", "Sensitivities", "forward", "forward_each"]


@dataclass(frozen=True, slots=True)
class Sensitivities:
    """What was solved: of one person, or with a first axis of people.

    states    one array [time, state] per window; slopes [time, state, direction]
    achieved  with `certify`: the largest error of the slopes, relative to the largest slope of each direction and state over the times
    """

    directions: tuple[Direction, ...]
    states: tuple[Floats, ...]
    slopes: tuple[Floats, ...]
    statuses: tuple[Status, ...]
    counts: dict[str, int]
    achieved: float | None = None

    def gradient(self, weights: Sequence[Floats]) -> Floats:
        """[direction] of a scalar whose derivative by the states is `weights`, one array shaped as the states per window.

        Raises SolveError for weights of another shape.
        """
        total = np.zeros(len(self.directions))
        for slopes, states, weight in zip(self.slopes, self.states, weights, strict=True):
            if np.shape(weight) != states.shape:
                told = f"weights must have the shape of the states {states.shape}, got {np.shape(weight)}"
                raise SolveError(told, remedy="give one for each state and time")
            total += np.asarray(weight, dtype=float).ravel() @ slopes.reshape(-1, len(total))
        return total


def forward(
    program: NativeProgram, batch: Batch, directions: Sequence[Direction], options: Stiff, *, first: Floats | None = None,
    slack: float = SLACK,
) -> Sensitivities:  # fmt: skip
    """Sensitivities of the one person of a batch; see `forward_each`.  first: [state, direction]."""
    if len(batch.start) != 1:
        raise SolveError("these are sensitivities of one person", where=program.system.name, remedy="use forward_each for several")
    given = None if first is None else np.asarray(first, dtype=float)[None]
    found = forward_each(program, batch, directions, options, first=given, slack=slack)
    return replace(found, states=tuple(s[0] for s in found.states), slopes=tuple(s[0] for s in found.slopes))


def forward_each(
    program: NativeProgram, batch: Batch, directions: Sequence[Direction], options: Stiff, *, first: Floats | None = None,
    slack: float = SLACK,
) -> Sensitivities:  # fmt: skip
    """Sensitivities of everyone in a batch, by the same directions (entries by their place in each person's schedule).

    first       [person, state, direction]: slopes at the start, where the caller knows them (of a settled baseline, say)
    slack       how many times the tolerances of the states the errors of slopes (mean square over directions, each times the size of
                what is varied) may reach before they shorten steps; infinite: they never do
    Raises SolveError for a system with state-triggered events, directions that do not exist, or anyone who cannot be solved.
    With `options.certify` everything is solved ten times tighter as well, and the difference of the slopes told.
    """
    check(program, batch, directions)
    if not slack >= 1e-3:
        raise SolveError(f"slack must be at least 0.001, got {slack:g}", where=program.system.name, remedy="tighten rtol instead")
    if first is not None and first.shape != (len(batch.start), len(program.system.states), len(directions)):
        raise SolveError(f"slopes at the start are [person, state, direction], got {first.shape}", where=program.system.name)
    plain = replace(options, certify=False)
    found = _solved(program, batch, directions, plain, first, slack=slack)
    if not options.certify:
        return found
    atol = 0.1 * (options.rtol * 1e-3 if options.atol is None else options.atol)
    tight = _solved(program, batch, directions, replace(plain, rtol=0.1 * options.rtol, atol=atol), first, slack=slack)
    worst = 0.0
    scale = np.array([row.scale for row in program.system.states])[:, None]
    for a, b in zip(found.slopes, tight.slopes, strict=True):
        size = np.abs(b).max(axis=1, initial=0.0) / scale
        size = np.maximum(size, NEGLIGIBLE * size.max(axis=1, initial=1e-300, keepdims=True))
        worst = max(worst, float((np.abs(a - b).max(axis=1, initial=0.0) / scale / size).max(initial=0.0)))
    return replace(found, achieved=worst)


def _solved(
    program: NativeProgram, batch: Batch, directions: Sequence[Direction], options: Stiff, first: Floats | None, *, slack: float
) -> Sensitivities:
    setup = Setup(program, batch, tuple(directions), first, slack=slack)
    for tighter in (1.0, TIGHTER):
        solved, out = _run(setup, options, tighter)
        bad = [s for s in solved.statuses if not s.ok]
        if not bad:
            break
        if tighter != 1.0 or not setup.below_zero:
            raise SolveError(f"a run for sensitivities failed: {bad[0]}", where=program.system.name, statuses=tuple(bad))
    slopes = tuple(np.ascontiguousarray(part[:, :, : len(directions)].swapaxes(2, 3)) for part in out)
    return Sensitivities(tuple(directions), solved.states, slopes, solved.statuses, solved.counts)


def _run(setup: Setup, options: Stiff, tighter: float) -> tuple[Solved, list[Floats]]:
    """(states, slopes per window [person, time, direction, state])"""
    program = setup.program
    crowd, samples = setup.fresh(tighter)
    journey = Journey(program, setup.batch, options, crowd, setup.entries, samples, {}, setup.patience(crowd, options))
    out = np.full((samples.rows, setup.first.shape[1], len(program.system.states)), np.nan)
    everyone = np.arange(len(crowd.now), dtype=np.int64)
    for party in parties(program.system, setup.batch, setup.entries, crowd, everyone):
        _travel(setup, journey, party, out)
    turned = crowd.status == lanes.EVENT
    if turned.any():
        time = float(crowd.reached[turned][0])
        raise SolveError(
            f"a condition on states turns at {time:g}: slopes across it are not known", where=program.system.name,
            remedy="write it with minimum, maximum or a smooth function, or use differences of whole runs",
        )  # fmt: skip
    setup.below_zero = bool((crowd.status == lanes.NEGATIVE).any())
    journey.close(everyone)
    places = zip(samples.offsets, samples.shapes, strict=True)
    return journey.solved(), [out[o : o + p * n].reshape(p, n, *out.shape[1:]) for o, (p, n) in places]


def _travel(setup: Setup, journey: Journey, party: Party, out: Floats) -> None:
    program = setup.program
    task = journey.task(party, program.choices.of(party.classes, setup.leaves))
    journey.crowd.truths = np.zeros((len(journey.crowd.now), task.variant.layout.events))
    task.along = Along(setup.first, setup.seeds, setup.weight, setup.entry, setup.moved, setup.timed, setup.leaf, out, 1.0 / setup.slack)
    run(task, party.people, threads=program.threads, interpreted=program.interpreted, watch=journey.patience)
    journey.counts["rounds"] += task.rounds
    journey.counts["lane_steps"] += task.lane_steps
