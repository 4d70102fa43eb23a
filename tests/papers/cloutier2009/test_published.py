"""What the paper's encoding gives when it is run, reached by the module on the reference engine."""

from __future__ import annotations

import csv
from functools import cache

import numpy as np
import pytest

from neurohumor.build.conserve import leaks
from neurohumor.build.start import start
from tests.papers.cloutier2009 import tissue
from tests.papers.cloutier2009.test_file import written

TOLERANCE = 1e-5
"""Of a column's largest magnitude: what a looser run of the reference changed at most."""


@cache
def course() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    seconds = np.arange(0.0, 601.0, 0.5)
    return seconds, tissue.run(seconds)


def at(name: str, second: float) -> float:
    seconds, states = course()
    return float(np.interp(second, seconds, states[name]))


@pytest.mark.parametrize(("name", "value"), [("atp_n", 2.2592), ("lac_e", 0.3986), ("glc_e", 0.3335), ("o2_c", 7.4214), ("vv", 0.0236)])
def test_rest_before_the_stimulus(name, value):
    assert at(name, 198.0) == pytest.approx(value, abs=6e-5)


def test_answer_to_the_stimulus():
    seconds, states = course()
    assert round(states["glu_e"].max(), 3) in (0.663, 0.664)
    assert seconds[states["glu_e"].argmax()] == pytest.approx(210, abs=3)
    assert states["vv"].max() == pytest.approx(0.0281, abs=6e-5)


def test_the_whole_curve(shared):
    with (shared / "reference" / "expected" / "BIOMD0000000554.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    states = tissue.run(np.array([float(row["time"]) for row in rows]))
    assert len(states) == 36
    for name, reached in states.items():
        told = np.array([float(row[written(name)]) for row in rows])
        assert np.abs(reached - told).max() <= TOLERANCE * np.abs(told).max(), name


def test_without_the_stimulus_it_stays_at_rest():
    states = tissue.run(np.array([0.0, 3600.0, 7200.0]), stim=0.0)
    for name, column in states.items():
        if name not in ("gly_g", "glu_e", "glu_g"):  # glycogen is far from its balance in the paper; glutamate is zero
            assert column[2] == pytest.approx(column[1], rel=0.01), name


def test_carbon_oxygen_sodium_and_glutamate_close():
    """Over the stimulus, change is what crossed the border; glutamate crosses nothing."""
    flat = tissue.bordered()
    states = tissue.run(np.linspace(0.0, 600.0, 61), flat=flat)
    for key in ("carbon", "dioxygen", "sodium", "glutamate"):
        held = np.zeros(61)
        for row in flat.states:
            if row.content.get(key):
                volume = start(flat).p[row.volume.index]
                held += row.content[key] * states[row.name] * row.unit.factor * volume
        net, gross = states[f"net_{key}"], states[f"gross_{key}"]
        assert np.abs(held - held[0] - net).max() <= 1e-8 * gross[-1] + 1e-10 * held[0], key
    assert not states["gross_glutamate"].any()


def test_nothing_leaks():
    assert leaks(tissue.system()) == []


def test_hexokinase_has_little_control():
    """With 12 % less hexokinase the neuron takes up hardly less glucose: demand has the control."""
    from neurohumor.build.flatten import flatten
    from neurohumor.lang.model import Model, part

    def uptake(scale: float) -> float:
        values = {"stim": 0.0, "Vmax_n_hk": 0.0513 * scale}
        flat = flatten(Model("less", {"it": part(tissue.NeuronAstrocyteCloutier2009, here="striatum", **values)}))
        states = tissue.run(np.array([0.0, 1000.0, 3600.0]), flat=flat, stim=0.0)
        glc, g6p, atp = (states[name][-1] for name in ("glc_n", "g6p_n", "atp_n"))
        return scale * atp * glc / (glc + 0.105) * (1 - 1 / (1 + np.exp(-20 * (g6p - 0.6))))

    assert uptake(0.88) / uptake(1.0) == pytest.approx(1 - 0.006, abs=0.004)
