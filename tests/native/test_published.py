"""Published models, and our own: the native engine as the reference engine has them; populations far from the middle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from neurohumor.engine.backends.native import build
from neurohumor.engine.backends.reference.program import build as build_reference
from neurohumor.engine.problem import Batch, Stiff
from neurohumor.engine.status import Code

MODELS = [
    "BIOMD0000000001", "BIOMD0000000077", "BIOMD0000000241", "BIOMD0000000268", "BIOMD0000000494", "BIOMD0000000554", "BIOMD0000000559",
    "BIOMD0000000570", "BIOMD0000000627", "BIOMD0000000636", "BIOMD0000001072",
]  # fmt: skip


LARGEST = 1000.0
"""Sizes of a state, in its scale, beyond which it has run away: nothing physiological varies so much."""


def batch_of(system, count, end, times):
    return Batch(
        np.full((count, len(system.params)), np.nan), np.full((count, len(system.inputs)), np.nan),
        np.full((count, len(system.states)), np.nan), ((),) * count, np.zeros(count), np.full(count, end),
        (np.tile(np.linspace(0, end, times), (count, 1)),),
    )  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_published_models_as_the_reference_engine_has_them(name, shared):
    read_sbml = pytest.importorskip("neurohumor.sbml.read").read_sbml
    system = read_sbml(shared / "reference" / "sbml" / f"{name}.xml")
    batch = batch_of(system, 2, 20.0, 21)
    a, b = build(system).solve(batch, Stiff(rtol=1e-7)), build_reference(system).solve(batch, Stiff(rtol=1e-9))
    assert [s.code for s in a.statuses] == [s.code for s in b.statuses] == [Code.OK] * 2, str(a.statuses[0])
    assert a.counts["events"] == b.counts["events"]
    scale = np.array([s.scale for s in system.states])
    error = np.abs(a.states[0] - b.states[0]) / (np.abs(b.states[0]) + 1e-3 * scale)
    assert error.max() < 1e-5, error.max()


def spread(system, count, rng, width=2.0):
    """A Latin hypercube over +/- `width` gsd, within bounds; what has no gsd is known."""
    values = np.full((count, len(system.params)), np.nan)
    for k, row in enumerate(system.params):
        base = getattr(row.initial, "value", None)
        if not base or row.gsd <= 1.0:
            continue
        place = (rng.permutation(count) + rng.random(count)) / count
        factor = row.gsd ** (width * (2 * place - 1))
        values[:, k] = np.clip(base * factor, *row.bounds)
    return values


def solved_or_told(system, solved, people):
    codes = [s.code for s in solved.statuses]
    for k in range(people):
        finite = np.isfinite(solved.states[0][k]).all()
        assert finite == (codes[k] is Code.OK), str(solved.statuses[k])
        if codes[k] is Code.OK:
            low = np.array([-10e-9 * s.scale if s.nonnegative else -np.inf for s in system.states])
            assert (solved.states[0][k] >= low - 1e-6 * np.array([s.scale for s in system.states])).all()
        else:
            assert solved.statuses[k].detail or solved.statuses[k].state or codes[k] is Code.TOO_MANY_STEPS
    return codes.count(Code.OK)


def human_system():
    from neurohumor.build.flatten import flatten
    from neurohumor.engine.subject import reference_person
    from neurohumor.models.human import human

    return flatten(human.model(reference_person()))


def far_from_the_middle(rng, count, portion):
    """(solved, in all) of a Latin hypercube of our own model, two days each, in portions; every number within bounds or told why not."""
    system = human_system()
    values = spread(system, count, rng)
    program, scale = build(system), np.array([s.scale for s in system.states])
    solved_people = 0
    for first in range(0, count, portion):
        part = values[first : first + portion]
        solved = program.solve(replace(batch_of(system, len(part), 48.0, 25), params=part), Stiff(rtol=1e-5))
        solved_people += solved_or_told(system, solved, len(part))
        good = np.array([s.ok for s in solved.statuses])
        sizes = np.abs(solved.states[0][good]).max(axis=(0, 1), initial=0.0) / scale
        assert (sizes < LARGEST).all(), (system.states[int(sizes.argmax())].full, sizes.max())
    return solved_people


def test_nobody_far_from_the_middle_fails_in_silence(rng):
    assert far_from_the_middle(rng, 48, 48) >= 45


@pytest.mark.slow
def test_ten_thousand_far_from_the_middle(rng):
    assert far_from_the_middle(rng, 10_000, 500) >= 9_500
