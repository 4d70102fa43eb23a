"""THYROSIM: twin, initial state, settled means, matter, the axis without its gland."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from neurohumor.build.conserve import leaks
from neurohumor.lang import Param
from neurohumor.modules.axes.thyroid_eisenberg2010 import ThyroidEisenberg2010
from tests.papers.alone import Alone, differing, samples
from tests.papers.eisenberg2010 import by_hand

ONE = Alone(ThyroidEisenberg2010, "blood")
TOLD = tomllib.loads((Path(__file__).parent / "published.toml").read_text(encoding="utf-8"))
OUTPUT = {"V_p", "V_TSHd", "TSH_unit"}
CENTRE = {**ONE.start(), "T4_pill": 0.1, "T4_gut": 0.1, "T3_pill": 0.02, "T3_gut": 0.02}


def printed(state) -> dict[str, np.ndarray]:
    """Plasma levels as the encoding prints them."""
    return {"T4": 777 * state["T4_p"] / 3.2, "T3": 651 * state["T3_p"] / 3.2, "TSH": 5.6 * state["TSH"] / 5.2}


def test_rates_equal_those_by_hand(rng):
    assert differing(ONE, by_hand.rates, samples(rng, CENTRE, spread=0.4), ONE.params(), ONE.params(), [{}]) == set()


@pytest.mark.parametrize("name", sorted({p.name for p in ThyroidEisenberg2010.of(Param)} - OUTPUT - {"start"}))
def test_one_per_cent_in_any_parameter_shows(name, rng):
    params = ONE.params()
    changed = {**params, name: params[name] * 1.01}
    assert differing(ONE, by_hand.rates, samples(rng, CENTRE, spread=0.4), changed, params, [{}])


def test_initial_state():
    told = TOLD["start"]
    for (name, value), tolerance in zip(printed(ONE.start()).items(), told["tolerance"], strict=True):
        assert value == pytest.approx(told[name], abs=tolerance), name
    levels = ONE.derived(0.0, ONE.start(), ONE.params(), {})
    assert levels["t4"] * 776.856e-3 == pytest.approx(told["T4"], abs=0.1), "also through our molar mass and volumes"
    assert levels["tsh"] == pytest.approx(told["TSH"], abs=0.005)


@cache
def year() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    times = np.concatenate([[0.0], np.arange(364 * 24, 365 * 24 + 0.01, 0.25)])
    return times, ONE.run(times)


def test_settled_means():
    times, course = year()
    means = {name: float(np.trapezoid(v[1:], times[1:]) / 24) for name, v in printed(course).items()}
    print("24 h means after a year:", {name: round(v, 3) for name, v in means.items()})
    for name, mean in means.items():
        assert mean == pytest.approx(TOLD["start"][name], rel=TOLD["settled"]["relative"]), name


def test_the_initial_state_lies_on_the_orbit():
    """The encoding's other first delay step (5/8 per hour in place of 1) does not pass this: TSH then rises by half."""
    after = ONE.run(np.array([0.0, 24.0 * 30]))
    for name, value in ONE.start().items():
        assert after[name][-1] == pytest.approx(value, rel=1e-3, abs=1e-9), name


def test_nothing_leaks():
    assert leaks(ONE.system) == []


def test_without_the_gland_hormone_falls_and_tsh_soars():
    gone = {"S4": 0.0, "S3": 0.0}
    course = printed(ONE.run(np.array([0.0, 24 * 60.0]), params=gone))
    assert course["T4"][-1] < 2.0
    assert course["TSH"][-1] > 50.0
