"""The brain's energy at rest: its numbers, its stability, and what has control."""

from __future__ import annotations

import numpy as np
import pytest

import neurohumor as nh
from neurohumor.engine.program import quickest
from neurohumor.lang import Input
from neurohumor.models.energy_only import MASSES
from neurohumor.modules.passage.barrier_glucose import BarrierGlucose
from tests.body import energy

YEAR = 365.0 * 24.0


@pytest.fixture(scope="module")
def rest():
    return energy.run("brain", 48.0)


def test_the_nominal_rest(rest):
    """Decision 25, within 2 %."""
    expected = {"cmrglc": 0.307, "cmro2": 1.57, "ogi": 5.11, "oef": 0.345, "cbf": 0.55}
    for name, value in expected.items():
        assert rest.last(f"brain.{name}") == pytest.approx(value, rel=0.02), name
    assert -1.4 * rest.last("brain.cmrlac") == pytest.approx(0.06, abs=0.01), "mmol/min of lactate out"
    assert rest.last("brain.atp") == pytest.approx(2.7, rel=0.02)
    assert -60 < rest.last("brain.dg_atp") < -58


def test_oxygen_over_glucose_and_extraction_of_every_region(rest):
    for place in (*MASSES, "brain"):
        assert 4.5 < rest.last(f"{place}.ogi") <= 6.0, place
        assert 0.25 < rest.last(f"{place}.oef") < 0.6, place


def test_the_whole_is_the_weighted_sum_of_its_regions(rest):
    assert sum(MASSES.values()) == 1400.0
    assert rest.last("brain.mass") == pytest.approx(1400.0)
    for name in ("cmrglc", "cmro2", "cbf", "j_atp", "atp_demand", "lactate", "glucose", "pcr", "vcyc"):
        mean = sum(mass * rest.last(f"{place}.{name}") for place, mass in MASSES.items()) / 1400.0
        assert rest.last(f"brain.{name}") == pytest.approx(mean, rel=1e-12), name
    assert rest.last("brain.oef") == pytest.approx(np.mean([rest.last(f"{place}.oef") for place in MASSES]), rel=0.01)


@pytest.mark.parametrize("place", ["cortex", "white"])
def test_rest_is_stable_for_a_year(place):
    course = energy.run(place, [0.0, 240.0, YEAR / 2, YEAR])
    for row in energy.system(place).states:
        early, middle, late = course[row.full][1:]
        assert late == pytest.approx(middle, rel=1e-4, abs=1e-6), row.full
        if row.timescale == "fast":
            assert late == pytest.approx(early, rel=0.01, abs=1e-4), row.full


@pytest.mark.slow
def test_the_whole_brain_lives_the_same_day_after_a_year():
    """Six regions, sleep and waking: the last day of a year is the first, state by state."""
    ends = [("day 0 00:00", "day 1 00:00", "10 min"), ("day 364 00:00", "day 365 00:00", "10 min")]
    run = nh.simulate(nh.load("energy_only"), nh.Person(), days=365, windows=ends, backend=quickest())
    first, last = run.windows
    assert run.system is not None
    for row in run.system.states:
        early, late = first[row.full].values, last[row.full].values
        size = max(float(np.abs(early).max()), row.scale / row.unit.factor)
        assert np.abs(late - early).max() < 1e-4 * size, row.full


def test_the_same_end_from_three_beginnings():
    names = [row.full for row in energy.system("cortex").states]
    moved = [
        n for n in names if n.split(".")[1] in ("lac_n", "lac_a", "lac_i", "pyr_n", "hp_n", "hp_a", "acc", "gly", "glc_c", "ket", "o2_t")
    ]
    ends = [energy.run("cortex", 2000.0, first={name: factor for name in moved}) for factor in (0.5, 1.0, 2.0)]
    for name in names:
        assert ends[0].last(name) == pytest.approx(ends[1].last(name), rel=1e-3, abs=1e-6), name
        assert ends[2].last(name) == pytest.approx(ends[1].last(name), rel=1e-3, abs=1e-6), name


def test_atp_made_equals_demand_over_a_day():
    """Invariant 1, with activity that changes through the day."""
    from neurohumor.engine.problem import Action, Entry

    index = energy.input_of("cortex", "cortex.activity")
    day = [
        Entry(h, Action.SET_INPUT, index, a)
        for h, a in ((0.0, 0.72), (7.0, 1.0), (9.0, 1.1), (12.0, 1.0), (14.0, 1.1), (18.0, 1.0), (23.0, 0.72))
    ]
    times = np.linspace(0.0, 24.0, 2881)
    course = energy.run("cortex", times, schedule=day)
    made, asked = (np.trapezoid(course[f"cortex.{name}"], times) for name in ("j_atp", "atp_demand"))
    assert made == pytest.approx(asked, rel=1e-3)


def test_demand_has_control_and_hexokinase_little():
    base = energy.run("cortex", 48.0).last("cortex.cmrglc")
    less = energy.run("cortex", 48.0, {"cortex.gain.hexokinase": 0.88}).last("cortex.cmrglc")
    assert -0.05 < less / base - 1 < 0
    lower = energy.run("cortex", 48.0, params={"cortex_demand.rest": 9.70 * 0.88}).last("cortex.cmrglc")
    assert lower / base - 1 < -0.08


def test_glucose_oxidised_follows_the_cycle_about_one_to_one():
    """Claim C13, which no equation states."""
    ends = [energy.run("cortex", 12.0, {"cortex.activity": a}) for a in (0.8, 1.2)]
    oxidised, cycle = ([end.last(name) for end in ends] for name in ("cortex_tissue.glc_ox", "cortex.vcyc"))
    assert 0.8 <= (oxidised[1] - oxidised[0]) / (cycle[1] - cycle[0]) <= 1.0


def test_lactate_between_the_cells_and_with_blood_goes_either_way():
    rest = energy.run("cortex", 24.0)
    rich = energy.run("cortex", 24.0, {"blood.lactate": 5.0})
    assert rest.last("cortex.cmrlac") < 0 < rich.last("cortex.cmrlac")
    giving = energy.run("cortex", 24.0, params={"cortex_tissue.n_glc": 0.7})
    assert giving.last("cortex_tissue.shuttle") < 0 < rich.last("cortex_tissue.shuttle")
    assert rich.last("cortex.cmrglc") < rest.last("cortex.cmrglc"), "lactate spares glucose"


def test_insulin_moves_no_glucose_across_the_barrier():
    assert {heard.quantity for heard in BarrierGlucose.of(Input)} == {"blood.glucose", "{here}.cbf", "{here}.cmrglc"}


def test_signalling_fails_before_atp():
    for inputs in ({"blood.glucose": 0.6}, {"world.pao2": 18.0}):
        end = energy.run("cortex", 1.0, inputs)
        assert end.last("cortex.release_permission") < 0.8
        assert end.last("cortex.atp") > 0.95 * 2.7


def test_ketones_close_on_oxygen():
    """Even at 6 mM oxygen use stays within 15 % of normal: ketones displace pyruvate and do not add to it."""
    rest = energy.run("cortex", 24.0)
    end = energy.run("cortex", 24.0 * 20, {"blood.bhb": 6.0, "blood.acetoacetate": 1.0})
    assert abs(end.last("cortex.cmro2") / rest.last("cortex.cmro2") - 1) < 0.15
    assert end.last("cortex.cmrglc") < 0.8 * rest.last("cortex.cmrglc")


@pytest.mark.slow
def test_both_scenarios_of_clearance_in_sleep_can_be_chosen():
    means = {}
    for name in ("", "clearance_faster_asleep", "clearance_slower_asleep"):
        family = nh.load("energy_only").choose(*([name] if name else []))
        run = nh.simulate(family, nh.Person(), days=1, settled=False, backend=quickest(), outputs=["brain.waste", "white.waste_half_time"])
        means[name] = float(run["brain.waste"].mean())
        asleep, awake = (float(run["white.waste_half_time"].at(time)) for time in ("03:00", "15:00"))
        assert asleep / awake == pytest.approx({"": 1.0, "clearance_faster_asleep": 0.5, "clearance_slower_asleep": 2.0}[name], rel=0.01)
    assert means["clearance_faster_asleep"] < means[""] < means["clearance_slower_asleep"]
