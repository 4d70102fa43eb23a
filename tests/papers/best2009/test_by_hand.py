"""The module's derivatives equal those written by hand from the equations alone; a change of 1 % anywhere shows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from neurohumor.lang import Param
from neurohumor.modules.transmitters.dopamine_terminal_best2009 import DopamineTerminalBest2009
from tests.papers.best2009 import by_hand, terminal

STATES, CLOSE = 100, 1e-12
REST = {
    "bh4": 319.1, "bh2": 40.9, "tyr": 125.7, "tyr_pool": 942.8, "dopa": 0.3559, "da_cyt": 2.647, "da_ves": 80.97, "da_ext": 0.002024,
    "hva": 7.678,
}  # fmt: skip

Numbers = Mapping[str, float]


def samples(rng: np.random.Generator) -> list[tuple[Numbers, Numbers]]:
    """States within a factor of ten of rest, and inputs away from their nominals."""
    found = []
    for _ in range(STATES):
        state = {name: value * 10 ** rng.uniform(-1, 1) for name, value in REST.items()}
        inputs = {
            "blood.tyrosine": terminal.NOMINAL_TYROSINE * 10 ** rng.uniform(-0.5, 0.5),
            "da.firing": 10 ** rng.uniform(-1, 1),
            "dat.load": rng.uniform(0, 5),
        }
        found.append((state, inputs))
    return found


def hand(state: Numbers, params: Numbers, inputs: Numbers) -> Numbers:
    heard = {
        "tyrosine_ratio": inputs["blood.tyrosine"] / terminal.NOMINAL_TYROSINE,
        "firing": inputs["da.firing"],
        "dat_load": inputs["dat.load"],
    }
    return by_hand.derivatives(state, params, heard)


def differences(where: list[tuple[Numbers, Numbers]], module: Numbers, twin: Numbers) -> list[str]:
    """The rows that differ by more than 1e-12 of their largest term at the first state that has one."""
    for state, inputs in where:
        ours, theirs = terminal.rates(state, module, inputs), hand(state, twin, inputs)
        assert set(ours) == set(theirs)
        largest = terminal.largest_terms(state, module, inputs)
        found = [name for name in ours if not abs(ours[name] - theirs[name]) <= CLOSE * largest[name]]
        if found:
            return found
    return []


def test_derivatives_equal_those_by_hand(rng):
    params = terminal.params()
    assert differences(samples(rng), params, params) == []


@pytest.mark.parametrize("name", [param.name for param in DopamineTerminalBest2009.of(Param)])
def test_one_per_cent_in_any_parameter_shows(name, rng):
    params = terminal.params()
    changed = {**params, name: params[name] * 1.01}
    where = samples(rng)
    assert differences(where, changed, params), f"{name} enters no derivative of the module"
    assert differences(where, params, changed), f"{name} enters no derivative by hand"


def test_every_parameter_is_tried():
    assert len(terminal.params()) == 39


def test_inputs_are_without_effect_only_at_their_nominals():
    params = terminal.params()
    paper = hand(REST, params, terminal.INPUTS)
    for name, value in terminal.INPUTS.items():
        moved = terminal.rates(REST, params, {**terminal.INPUTS, name: value + 1})
        assert any(moved[state] != paper[state] for state in paper), name
