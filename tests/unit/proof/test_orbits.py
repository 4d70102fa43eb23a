"""Orbits of influences: generated from settled days, they make every influence neutral there."""

from __future__ import annotations

import math

import pytest

from neurohumor.build import orbits as stored_orbits
from neurohumor.build.orbits import read_orbits
from neurohumor.engine.schedule import Change
from neurohumor.engine.solve import simulate
from neurohumor.lang import Family, Influence, Input, Level, Module, Output, Param, Rate, part
from neurohumor.lang.system import Leaf
from neurohumor.life.person import REFERENCE_WOMAN
from neurohumor.proof.orbits import orbits_of, written

TIME = Leaf("time", 0, "time")


class Rhythm(Module):
    """Cortisol that follows sleep, and the phase of the clock."""

    asleep = Input("world.sleep_opportunity", "1", 0.0)
    k = Param(1.0, "1/h", basis="assumed")
    high = Param(400.0, "nmol/L", basis="assumed")
    x = Level(200.0, "nmol/L", "cortisol")
    follow = Rate(x, k * (high * (1 - 0.8 * asleep) - x))
    day = Param(24.0, "h", "one turn", basis="assumed")
    told = Output("blood.cortisol", x, "nmol/L")
    phase = Output("brain.circadian_phase", 2 * math.pi * (TIME / day), "rad")


class Hand(Module):
    """A slow and a fast influence of cortisol."""

    cortisol = Input("blood.cortisol", "nmol/L", 300.0)
    emax = Param(0.5, "1", basis="assumed", bounds=(-1.0, 1.0))
    K = Param(200.0, "nmol/L", basis="assumed")
    tau = Param(2.0, "d", basis="assumed")
    slow = Influence("{here}.gain.tph2", by=cortisol, emax=emax, K=K, n=2.0, tau=tau, claim="F1", grade="C")
    fast = Influence("{here}.gain.th", by=cortisol, emax=emax, K=K, n=2.0, claim="F2", grade="C")


def family(name: str = "hands") -> Family:
    return Family(name, {"rhythm": part(Rhythm), "hand": part(Hand, here="striatum")})


@pytest.fixture(autouse=True)
def none_stored(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setenv("NEUROHUMOR_CACHE", "off")
    monkeypatch.setattr(stored_orbits, "STORED", tmp_path / "orbits.toml")
    stored_orbits.stored.cache_clear()
    yield
    stored_orbits.stored.cache_clear()


def saturation(values):
    return values**2 / (200.0**2 + values**2)


def test_the_mean_is_that_of_the_saturation_not_of_what_is_heard():
    found = orbits_of(family(), [REFERENCE_WOMAN])
    off = [Change("hand.slow_on", 0.0), Change("hand.fast_on", 0.0)]
    series = simulate(family(), REFERENCE_WOMAN, days=1, windows=[(0.0, 24.0, 1 / 60)], changes=off)["blood.cortisol"]
    import numpy as np

    exact = np.trapezoid(saturation(series.values), series.times) / 24
    slow = found["Hand.slow@striatum"]
    assert slow.mean == pytest.approx(exact, abs=1e-6) and slow.curve == ()
    assert abs(slow.mean - saturation(float(series.mean().value))) > 0.02, "the mean of H is not H of the mean"
    fast = found["Hand.fast@striatum"]
    assert fast.mean == pytest.approx(exact, abs=1e-6) and 3 <= len(fast.curve) <= 25 and fast.curve[0] == pytest.approx(exact, abs=2e-3)


def test_stored_orbits_read_back_and_make_every_influence_neutral():
    found = orbits_of(family(), [REFERENCE_WOMAN])
    text = written(found)
    assert read_orbits(text, "orbits.toml") == found
    stored_orbits.STORED.write_text(text)
    stored_orbits.stored.cache_clear()
    run = simulate(family("built with them"), REFERENCE_WOMAN, days=1, windows=[(0.0, 24.0, 1 / 60)])
    for name in ("hand.slow", "hand.fast"):
        assert float(run[name].mean().value) == pytest.approx(1.0, abs=5e-3)
    assert float(run["hand.fast"].peak().value) == pytest.approx(1.0, abs=0.03)


def test_a_family_without_influences_has_none():
    assert orbits_of(Family("bare", {"rhythm": part(Rhythm)})) == {}
