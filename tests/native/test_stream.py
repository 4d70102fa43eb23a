"""Streaming: summaries of portions equal those of everybody at once, in constant memory."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from neurohumor.engine.backends.native import build
from neurohumor.engine.native.stream import Summary, stream
from neurohumor.engine.problem import Stiff
from neurohumor.errors import SolveError
from neurohumor.lang.system import Leaf
from tests.native.networks import network, people


def test_summaries_equal_those_of_everybody_at_once(rng):
    values = rng.lognormal(0, 2, (5000, 3, 2)) * rng.choice([-1.0, 1.0], (5000, 3, 2), p=[0.1, 0.9])
    values[rng.random(values.shape) < 0.01] = np.nan
    values[::7, 1, 1] = 0.0
    summary = Summary((3, 2))
    for part in np.array_split(values, 7):
        summary.add(part)
    assert np.array_equal(summary.count, (~np.isnan(values)).sum(axis=0))
    assert np.allclose(summary.mean, np.nanmean(values, axis=0), rtol=1e-12)
    assert np.allclose(summary.variance, np.nanvar(values, axis=0, ddof=1), rtol=1e-12)
    assert np.array_equal(summary.smallest, np.nanmin(values, axis=0)) and np.array_equal(summary.largest, np.nanmax(values, axis=0))
    for q in (0, 2.5, 10, 50, 97.5, 100):
        due = np.nanpercentile(values, q, axis=0, method="inverted_cdf")
        assert np.allclose(summary.percentile(q), due, rtol=0.011, atol=1e-11), q
    with pytest.raises(SolveError, match="percentile"):
        summary.percentile(101)


def test_a_population_in_portions():
    system = network(12, 2, 3)
    whole = people(system, 60, 1, every=6.0)
    whole.params[17, 5] = np.inf  # cannot be solved
    program = build(system)

    def portions():
        for start in range(0, 60, 16):
            k = slice(start, start + 16)
            yield replace(
                whole, params=whole.params[k], inputs=whole.inputs[k], states=whole.states[k], start=whole.start[k], end=whole.end[k],
                schedules=whole.schedules[k], windows=(whole.windows[0][k],),
            )  # fmt: skip

    outputs = [Leaf("state", 4, "x4"), Leaf("derived", 0, "cos")]
    found = stream(program, portions(), outputs, Stiff(rtol=1e-5))
    solved = program.solve(whole, Stiff(rtol=1e-5))
    good = np.array([s.ok for s in solved.statuses])
    assert found.people == 60 and [s.person for s in found.failures] == np.flatnonzero(~good).tolist() == [17]
    assert np.allclose(found.summaries[0].mean[:, 0], solved.states[0][good][:, :, 4].mean(axis=0), rtol=1e-12)
    assert np.allclose(found.summaries[0].mean[:, 1], np.cos(2 * np.pi / 24 * whole.windows[0][0]), atol=1e-12)
    assert found.counts["steps"] == solved.counts["steps"]
