"""The read-outs of brain energy: every one there is for every region, with unit and method, and right on the office day."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import neurohumor as nh
from neurohumor.engine.program import quickest
from neurohumor.lang.readout import LABEL
from neurohumor.models.energy_only import MASSES
from neurohumor.models.readouts.energy import GROUP, PLACES, READOUTS, energy
from neurohumor.proof.readouts import readouts

OFFICE_DAY = Path(__file__).parents[2] / "examples" / "everyday" / "office_day.toml"


@pytest.fixture(scope="module")
def run():
    return nh.simulate(
        nh.load("energy_only").choose("fed"), nh.Person(), nh.read_protocol(OFFICE_DAY), backend=quickest(), settled=False, days=1
    )


@pytest.fixture(scope="module")
def told(run):
    return readouts(run)


def test_every_readout_of_every_region_is_told(told):
    assert set(PLACES) == {"brain", *MASSES}
    found = [one.readout for one in told.of(GROUP)]
    assert found == list(READOUTS)
    assert len(found) == len(PLACES) * len(energy("brain"))
    assert [one.readout.full for one in told.of(GROUP) if one.note or not math.isfinite(one.value)] == []
    assert "simulation quantity" in LABEL


def test_the_day_is_within_the_ranges(told):
    def value(name: str, place: str = "brain") -> float:
        return told[f"{GROUP}, {place}: {name}"].value

    assert 25 < value("CMRglc, glucose use") < 35
    assert 130 < value("CMRO2, oxygen use") < 170
    assert 45 < value("CBF, blood flow") < 62
    for place in PLACES:
        assert 4.9 < value("OGI, oxygen over glucose", place) <= 6.0
        assert value("OCI, oxygen over glucose and lactate", place) > value("OGI, oxygen over glucose", place)
        assert 0.30 < value("OEF, oxygen extracted", place) < 0.45
        assert value("energy charge", place) > 0.93
        assert -61 < value("dG of ATP", place) < value("dG of ATP, poorest", place) < -57
        assert value("supply reserve", place) > 0.5
        assert value("demand failure index", place) < 0.002
        assert value("flux stability", place) < 5
        shares = [value(f"acetyl-CoA from {fuel}", place) for fuel in ("glucose", "ketones", "lactate")]
        assert sum(shares) == pytest.approx(100)
        assert shares[0] > 95
        assert 8 < value("half-time of waste", place) < 9


def test_values_are_the_runs_own(run, told):
    times, rate = run["brain.cmrglc"].times, run["brain.cmrglc"].values
    mean = np.trapezoid(rate, times) / (times[-1] - times[0])
    assert told[f"{GROUP}, brain: CMRglc, glucose use"].value == pytest.approx(100 * mean, rel=1e-9)
    kept, asked = (run[f"brain.{name}"].mean().value for name in ("atp_capacity", "atp_demand"))
    assert told[f"{GROUP}, brain: supply reserve"].value == pytest.approx(kept / asked - 1, rel=1e-9)


def test_the_free_energy_and_the_potential_say_the_same(run):
    """dG = dG0 - RT ln(potential in 1/M)."""
    potential = run["cortex.phosphorylation"].to("1/M").values
    assert run["cortex.dg_atp"].values == pytest.approx(-29.6 - 2.579 * np.log(potential), rel=1e-6)


def test_supply_holds_where_blood_glucose_falls_a_little():
    """The standard perturbation: 0.5 mM less within ten minutes costs less than 1 % of ATP made while glucose stays above 3.5 mM."""

    def drop(level: float) -> float:
        points = [(f"{h} h", f"{v} mmol/L") for h, v in ((0, level), (1, level), (7 / 6, level - 0.5), (2.9, level - 0.5))]
        fall = nh.clamp("blood.glucose", points, "00:00", duration="3 h", shape="ramps") + nh.clamp("brain.asleep", "0")
        made = nh.simulate(nh.load("energy_cortex"), nh.Person(), fall, backend=quickest(), settled=False, days=0.125)["cortex.j_atp"]
        return 1 - float(made.trough(("01:00", "03:00")).value) / float(made.at("01:00"))

    drops = [drop(level) for level in (5.0, 4.5, 4.0, 3.0)]
    assert all(0 < fall < 0.01 for fall in drops[:3])
    assert drops == sorted(drops)
    assert drops[3] > 0.01


def test_failure_is_told_where_oxygen_fails():
    thin = nh.clamp("world.pao2", "18 mmHg", "02:00", "03:00")
    run = nh.simulate(nh.load("energy_cortex"), nh.Person(), thin, backend=quickest(), settled=False, days=0.2)
    found = {one.readout.name: one.value for one in readouts(run, ("day 0 02:00", "day 0 03:00")).of(GROUP, "cortex")}
    rest = {one.readout.name: one.value for one in readouts(run, ("day 0 01:00", "day 0 02:00")).of(GROUP, "cortex")}
    assert found["demand failure index"] > 10 * rest["demand failure index"]
    assert found["supply reserve"] < rest["supply reserve"]
    assert found["dG of ATP, poorest"] > rest["dG of ATP, poorest"] + 2
    assert found["flux stability"] > rest["flux stability"]
