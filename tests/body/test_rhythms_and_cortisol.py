"""The stress axis with the clock that light moves: its day is the one it was set on, and shifts move it less than sleep."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from neurohumor.engine.run import Run
from neurohumor.engine.solve import simulate
from neurohumor.life.person import REFERENCE_MAN, Person
from neurohumor.models import load
from tests.body.test_cortisol import BOTH, PG_ML, TEN_MINUTES, bins, curve


@cache
def run(who: Person = REFERENCE_MAN, family: str = "rhythms_only") -> Run:
    """The reference day, a sample a minute."""
    return simulate(load(family), who, days=1, windows=[(0.0, 24.0, 1 / 60)])


@BOTH
def test_nothing_of_the_axis_had_to_be_set_anew(who):
    """Means of the reference day, which the axis's normalisers rest on, and its day with a clock read off the wall."""
    day, wall = run(who), run(who, "hpa_only")
    assert float(day["brain.crh"].mean()) == pytest.approx(1.0, abs=0.005)
    assert PG_ML * float(day["blood.acth"].mean()) == pytest.approx(21.0, abs=0.1)
    for gland in ("hpa.P", "hpa.A"):
        assert float(day[gland].mean()) == pytest.approx(1.0, abs=0.005)
    ours, theirs = day["blood.cortisol"], wall["blood.cortisol"]
    assert float(ours.mean()) == pytest.approx(float(theirs.mean()), rel=0.005)
    assert ours.peak().value == pytest.approx(theirs.peak().value, rel=0.02)
    assert ours.peak().time == pytest.approx(theirs.peak().time, abs=0.15)
    assert ours.trough().value == pytest.approx(theirs.trough().value, rel=0.05)


@BOTH
def test_hourly_means_lie_between_two_control_groups(shared, who):
    t, c = curve(shared, "Carroll-2007-controlGroupCortisol.txt")
    carroll = bins(t[:-1] / 60.0, c[:-1])
    t, c = curve(shared, "Yehuda-1996-control-cortisol.txt")
    yehuda = bins(t / 60.0 + 10.0, c)
    ours = run(who)["blood.cortisol"].to("ug/dL")
    means = np.array([float(ours.mean((float(k), k + 1.0))) for k in range(24)])
    low, high = 0.75 * np.minimum(carroll, yehuda), 1.25 * np.maximum(carroll, yehuda)
    assert [k for k in range(24) if not low[k] <= means[k] <= high[k]] == []


@BOTH
@pytest.mark.parametrize("name", ["Golier-2007-non-exposed-control-cortisol.txt", "Bremner-2007-non-abused-non-PTSD-cortisol.txt"])
def test_shape_of_two_other_groups_at_the_best_shift(shared, who, name):
    hours, values = curve(shared, name)
    ours = run(who)["blood.cortisol"]
    shifted = (
        np.corrcoef(np.interp((hours + shift) % 24.0, ours.times, ours.values), values)[0, 1] for shift in np.arange(0.0, 24.0, TEN_MINUTES)
    )
    assert max(shifted) >= 0.85


@BOTH
def test_peak_trough_and_waking(who):
    day = run(who)["blood.cortisol"].to("ug/dL")
    assert 11.7 <= day.peak().value <= 20.6
    assert 7.5 <= day.peak().time <= 9.5
    assert day.trough().value < 2.5
    for quantity in ("blood.cortisol", "blood.cortisol_free"):
        level = run(who)[quantity]
        assert 1.30 <= level.peak((7.0, 7.75)).value / float(level.at(7.0)) <= 1.75
