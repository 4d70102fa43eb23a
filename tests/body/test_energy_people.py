"""Ten thousand sampled people at rest, all regions: each inside physiological bounds, or with the reason why not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from neurohumor.build.start import start
from neurohumor.engine.problem import Batch, Solved, Stiff
from neurohumor.engine.program import compile as compile_system
from neurohumor.engine.program import quickest
from neurohumor.lang.system import System
from neurohumor.models.energy_only import MASSES
from tests.body import energy

PEOPLE = 10_000 if quickest() == "native" else 500
HOURS = 24.0 * 20
WHOLE = {
    "brain.cmrglc": (0.2, 0.45), "brain.cmro2": (1.1, 2.2), "brain.cbf": (0.35, 0.85), "brain.oef": (0.2, 0.6), "brain.ogi": (4.3, 6.0),
    "brain.atp": (2.2, 3.2), "brain.energy_charge": (0.93, 1.0), "brain.dg_atp": (-66.0, -54.0), "brain.j_atp": (5.0, 11.0),
    "brain.supply_reserve": (0.5, 3.0), "brain.glucose": (0.2, 2.0), "brain.lactate": (0.4, 2.5), "brain.cmrlac": (-0.2, 0.05),
}  # fmt: skip
REGION = {
    "oef": (0.2, 0.65), "ogi": (4.3, 6.0), "atp": (2.2, 3.2), "adp": (10.0, 80.0), "dg_atp": (-66.0, -54.0), "glucose": (0.2, 2.0),
    "lactate": (0.4, 2.5), "oxygen": (8.0, 80.0), "release_permission": (0.9, 1.1), "pump": (0.99, 1.01), "waste": (0.5, 2.0),
}  # fmt: skip
REGIONS = {f"{place}.{name}": bounds for place in MASSES for name, bounds in REGION.items()}
RARE = 0.005
"""A region stands outside its bounds in no more than this share of people: six regions are drawn apart for each."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """People of one system, how they fared, and why each of those who did not fare well did not."""

    system: System
    solved: Solved
    derived: np.ndarray

    def of(self, name: str) -> np.ndarray:
        """[person] a quantity, in its own unit."""
        leaf = self.system.quantities[name]
        rows, held = (self.system.derived, self.derived) if leaf.kind == "derived" else (self.system.states, self.solved.states[0][:, 0])
        return held[:, leaf.index] / rows[leaf.index].unit.factor

    def reasons(self, bounds: dict[str, tuple[float, float]]) -> dict[int, str]:
        """Why a person is not well at rest: what the solver said, or the first bound that is crossed."""
        found = {k: str(status) for k, status in enumerate(self.solved.statuses) if not status.ok}
        for name, (low, high) in bounds.items():
            values = self.of(name)
            for k in np.flatnonzero(~((low <= values) & (values <= high))):
                found.setdefault(int(k), f"{name} is {values[k]:.4g}, outside {low:g} to {high:g}")
        return found


def crowd(rng: np.random.Generator, people: int) -> Crowd:
    """People differ by the `cv` of each parameter (lognormal), and in fasting glucose and lactate; twenty days of quiet waking."""
    flat = energy.system("brain")
    first = start(flat)
    params = np.full((people, len(flat.params)), np.nan)
    for k, row in enumerate(flat.params):
        if row.cv:
            params[:, k] = first.p[k] * np.exp(rng.normal(0.0, np.sqrt(np.log1p(row.cv**2)), people))
    inputs = np.tile([row.nominal for row in flat.inputs], (people, 1))
    inputs[:, energy.input_of("brain", "blood.glucose")] *= np.exp(rng.normal(0.0, 0.07, people))
    inputs[:, energy.input_of("brain", "blood.lactate")] *= np.exp(rng.normal(0.0, 0.2, people))
    ends = np.full(people, HOURS)
    unset = np.full((people, len(flat.states)), np.nan)
    batch = Batch(params, inputs, unset, ((),) * people, np.zeros(people), ends, (ends[:, None],))
    program = compile_system(flat, backend=quickest())
    solved = program.solve(batch, Stiff())
    p = np.stack([moment.p for moment in solved.moments])
    return Crowd(flat, solved, program.derived(ends, solved.states[0][:, 0], p, solved.inputs[0][:, 0]))


@pytest.mark.slow
def test_people_rest_within_bounds(rng):
    found = crowd(rng, PEOPLE)
    assert len(found.solved.statuses) == PEOPLE
    assert [status for status in found.solved.statuses if not status.ok] == []
    assert found.reasons(WHOLE) == {}
    outside = found.reasons(REGIONS)
    print("\n".join(f"person {person}: {reason}" for person, reason in outside.items()))
    assert len(outside) <= RARE * PEOPLE
    assert all(", outside " in reason for reason in outside.values())
    for name in ("brain.cmrglc", "brain.cbf", "cortex.cmrglc"):
        values = found.of(name)
        assert values.std() / values.mean() > 0.02, f"people do differ in {name}"


@pytest.mark.slow
def test_a_person_outside_is_named_with_the_reason(rng):
    found = crowd(rng, 20)
    rate = found.of("brain.cmrglc")
    told = found.reasons({"brain.cmrglc": (float(np.sort(rate)[1]), 1.0)})
    assert list(told) == [int(np.argmin(rate))]
    assert next(iter(told.values())).startswith("brain.cmrglc is ")
