"""Five hundred sampled people at rest: every one inside physiological bounds."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.build.start import start
from neurohumor.engine.problem import Batch, Stiff
from tests.body import energy

PEOPLE = 500
BOUNDS = {
    "cortex.cmrglc": (0.2, 0.6), "cortex.cmro2": (1.2, 3.0), "cortex.oef": (0.2, 0.6), "cortex.ogi": (4.3, 6.0), "cortex.atp": (2.2, 3.2),
    "cortex.adp": (10.0, 80.0), "cortex.dg_atp": (-66.0, -54.0), "cortex.glucose": (0.2, 2.0), "cortex.lactate": (0.4, 2.5),
    "cortex.oxygen": (10.0, 80.0), "cortex.release_permission": (0.9, 1.1),
}  # fmt: skip


@pytest.mark.slow
def test_people_rest_within_bounds(rng):
    """People differ by the `cv` of each parameter (lognormal), and in fasting glucose and lactate."""
    flat = energy.system("cortex")
    first = start(flat)
    params = np.full((PEOPLE, len(flat.params)), np.nan)
    for k, row in enumerate(flat.params):
        if row.cv:
            sigma = np.sqrt(np.log1p(row.cv**2))
            params[:, k] = first.p[k] * np.exp(rng.normal(0.0, sigma, PEOPLE))
    inputs = np.tile([row.nominal for row in flat.inputs], (PEOPLE, 1))
    inputs[:, energy.input_of("cortex", "blood.glucose")] *= np.exp(rng.normal(0.0, 0.07, PEOPLE))
    inputs[:, energy.input_of("cortex", "blood.lactate")] *= np.exp(rng.normal(0.0, 0.2, PEOPLE))
    hours = 24.0 * 20
    batch = Batch(
        params, inputs, np.full((PEOPLE, len(flat.states)), np.nan), ((),) * PEOPLE, np.zeros(PEOPLE), np.full(PEOPLE, hours),
        (np.full((PEOPLE, 1), hours),),
    )  # fmt: skip
    solved = energy.program("cortex").solve(batch, Stiff())
    assert [status for status in solved.statuses if not status.ok] == []
    p = np.stack([moment.p for moment in solved.moments])
    derived = energy.program("cortex").derived(np.full(PEOPLE, hours), solved.states[0][:, 0], p, solved.inputs[0][:, 0])
    for name, (low, high) in BOUNDS.items():
        leaf = flat.quantities[name]
        row, column = (flat.derived[leaf.index], derived) if leaf.kind == "derived" else (flat.states[leaf.index], solved.states[0][:, 0])
        found = column[:, leaf.index] / row.unit.factor
        assert low <= found.min() and found.max() <= high, (name, found.min(), found.max())
        if name == "cortex.cmrglc":
            assert found.std() / found.mean() > 0.03, "people do differ"
