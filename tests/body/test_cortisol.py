"""Cortisol of the reference man and woman against measured curves, tests of the axis, and its diseases."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from neurohumor import models
from neurohumor.build.flatten import flatten
from neurohumor.build.start import derived_at, start
from neurohumor.engine.run import Run
from neurohumor.engine.schedule import Change
from neurohumor.engine.solve import simulate
from neurohumor.life.day import dose, sleep, threat
from neurohumor.life.person import REFERENCE_MAN, REFERENCE_WOMAN, Person
from neurohumor.life.protocol import Protocol

BOTH = pytest.mark.parametrize("who", [REFERENCE_MAN, REFERENCE_WOMAN], ids=["man", "woman"])
PG_ML = 4.541
"""pg/mL of ACTH per pmol/L."""
TEN_MINUTES = 10.0 / 60.0


@cache
def run(who: Person = REFERENCE_MAN, day: Protocol | None = None, days: float = 1.0, changes: tuple[Change, ...] = ()) -> Run:
    """A run from the settled baseline, a sample a minute."""
    return simulate(models.load("hpa_only"), who, day, days=days, changes=changes, windows=[(0.0, 24.0 * days, 1 / 60)])


def total(found: Run, hour: float) -> float:
    """Total cortisol in nmol/L."""
    return float(found["blood.cortisol"].at(hour))


def acth(found: Run, hour: float) -> float:
    """ACTH in pg/mL."""
    return PG_ML * float(found["blood.acth"].at(hour))


def curve(shared: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The two columns of a file of group means."""
    return tuple(np.loadtxt(shared / "reference" / "data" / "hpa_vevapy" / name).T)  # type: ignore[return-value]


def bins(hours: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Mean by hour of the clock."""
    clock = np.floor(hours).astype(int) % 24
    return np.array([values[clock == k].mean() for k in range(24)])


# ── The day ───────────────────────────────────────────────────────────────────────────────────────


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
    best = max(
        np.corrcoef(np.interp((hours + shift) % 24.0, ours.times, ours.values) / ours.values.mean(), values / values.mean())[0, 1]
        for shift in np.arange(0.0, 24.0, TEN_MINUTES)
    )
    assert best >= 0.85


def test_acth_runs_beside_a_measured_day(shared):
    t, values = curve(shared, "Carroll-2007-controlGroupACTH.txt")
    measured = bins(t[:-1] / 60.0, values[:-1])
    ours = run()["blood.acth"]
    means = np.array([PG_ML * float(ours.mean((float(k), k + 1.0))) for k in range(24)])
    assert np.corrcoef(means, measured)[0, 1] > 0.85
    assert np.sqrt(np.mean(np.log(means / measured) ** 2)) < 0.15


@BOTH
def test_peak_and_trough(who):
    day = run(who)["blood.cortisol"].to("ug/dL")
    peak, trough = day.peak(), day.trough()
    assert 11.7 <= peak.value <= 20.6
    assert 7.5 <= peak.time <= 9.5
    assert trough.value < 2.5
    assert trough.time < 2.0 or trough.time > 21.0


@BOTH
def test_waking(who):
    for quantity in ("blood.cortisol", "blood.cortisol_free"):
        level = run(who)[quantity]
        rise = level.peak((7.0, 7.75)).value / float(level.at(7.0))
        assert 1.30 <= rise <= 1.75
    assert total(run(who), 7.0 + TEN_MINUTES) < 1.05 * total(run(who), 7.0), "the response has a latency of about ten minutes"


def test_waking_in_the_afternoon_raises_nothing():
    nap = run(day=sleep("13:30", "15:00", day=0) + sleep("23:00", "07:00", day=0))
    assert nap["brain.asleep"].peak((14.0, 15.0)).value > 0.99
    assert nap["blood.cortisol"].peak((15.0, 15.75)).value < 1.05 * total(nap, 15.0)


@BOTH
def test_amounts(who):
    day = run(who)
    secreted = 24.0 * float(day["hpa.made"].mean()) * 362.466e-6
    assert 10.0 <= secreted <= 20.0
    assert float(day["hpa.gone"].mean()) == pytest.approx(float(day["hpa.made"].mean()), rel=2e-3)


@BOTH
def test_the_baseline_stands_still(who):
    month = simulate(models.load("hpa_only"), who, days=28, windows=[(0.0, 672.0, 672.0)])
    for name in ("hpa.P", "hpa.A", "blood.cortisol", "hpa.lately"):
        first, last = month[name].values
        assert abs(last / first - 1.0) / 28.0 < 5e-4, name
    for gland in ("hpa.P", "hpa.A"):
        assert month[gland].values[0] == pytest.approx(1.0, abs=0.02)
    day = run(who)
    assert float(day["brain.crh"].mean()) == pytest.approx(1.0, abs=0.01)
    assert PG_ML * float(day["blood.acth"].mean()) == pytest.approx(21.0, abs=0.3)


# ── Binding ───────────────────────────────────────────────────────────────────────────────────────


def share(total_nmol: float, female: float = 0.0) -> float:
    """The free share at a total, by the binding module alone."""
    from neurohumor.lang import Model, part
    from neurohumor.modules.axes.cortisol_binding import CortisolBinding

    system = flatten(Model("binding", {"binding": part(CortisolBinding)}))
    at = start(system)
    values = {"blood.cortisol": total_nmol / 1000.0, "person.sex_female": female}
    inputs = tuple(values.get(row.quantity, row.nominal) for row in system.inputs)
    row = next(i for i, d in enumerate(system.derived) if d.full == "binding.fraction")
    return derived_at(system, 0.0, at.y, at.p, inputs)[row]


@pytest.mark.parametrize("female", [0.0, 1.0])
def test_free_share(female):
    assert 0.06 <= share(569.0, female) <= 0.10
    shares = [share(float(t), female) for t in np.geomspace(0.1, 5000.0, 60)]
    assert all(a < b for a, b in pairwise(shares)), "strictly rising with the total"


def test_free_share_solves_the_equilibrium():
    for t in (1e-6, 1.0, 50.0, 569.0, 3000.0):
        f = share(t) * t
        assert f + 1.74 * f + (37.7e3 / 52.0) * f / (33.0 + f) == pytest.approx(t, rel=1e-10)


@BOTH
def test_free_share_over_the_day(who):
    assert 0.03 <= float(run(who)["blood.cortisol_free_fraction"].mean()) <= 0.06
    ratio = run(who)["blood.cortisol_free"].values / run(who)["blood.cortisol"].values
    assert ratio == pytest.approx(run(who)["blood.cortisol_free_fraction"].values, rel=1e-9)


def test_twice_the_globulin_doubles_the_total_and_leaves_the_free():
    oestrogen = run(REFERENCE_WOMAN.with_(values={"binding.cbg_woman": "2.3 x"}))
    usual = run(REFERENCE_WOMAN)
    assert 1.8 < float(oestrogen["blood.cortisol"].mean()) / float(usual["blood.cortisol"].mean()) < 2.4
    assert float(oestrogen["blood.cortisol_free"].mean()) == pytest.approx(float(usual["blood.cortisol_free"].mean()), rel=0.03)


# ── Stress ────────────────────────────────────────────────────────────────────────────────────────


@BOTH
@pytest.mark.parametrize("minutes", [10, 15, 20])
def test_trier_test(who, minutes):
    stress = run(who, threat(1.0, "day 0 15:00", duration=f"{minutes} min"))
    free, hormone = stress["blood.cortisol_free"], stress["blood.acth"]
    peak, before = free.peak((15.0, 17.0)), float(free.at(15.0))
    assert 1.7 <= peak.value / before <= 4.0
    assert 20.0 <= 60.0 * (peak.time - 15.0) <= 35.0
    lead = 60.0 * (peak.time - hormone.peak((15.0, 17.0)).time)
    assert 10.0 <= lead <= 20.0
    assert float(free.at(16.5)) < 1.25 * before


def test_half_a_threat_does_less():
    rises = [
        run(day=threat(level, "day 0 15:00", duration="15 min"))["blood.cortisol"].peak((15.0, 16.0)).value for level in (0.25, 0.5, 1.0)
    ]
    assert total(run(), 15.0) < rises[0] < rises[1] < rises[2]


# ── Drugs ─────────────────────────────────────────────────────────────────────────────────────────


@BOTH
def test_one_milligram_of_dexamethasone(who):
    test = run(who, dose("dexamethasone", "1 mg", at="day 0 23:00"), 1.7)
    assert total(test, 32.0) < 50.0
    assert 3.3 < float(test["blood.dexamethasone"].at(32.0)) < 12.0
    assert test["brain.gr_occupancy"].peak((23.0, 28.0)).value > float(run(who)["brain.gr_occupancy"].at(1.0))


def test_less_dexamethasone_suppresses_less():
    morning = [total(run(day=dose("dexamethasone", f"{mg} mg", at="day 0 23:00"), days=1.5), 32.0) for mg in (0.25, 0.5, 1.0)]
    usual = total(run(days=1.5), 32.0)
    assert usual > morning[0] > morning[1] > morning[2]
    assert morning[0] < 0.85 * usual


def test_dexamethasone_by_vein_in_the_morning():
    test, usual = run(day=dose("dexamethasone", "0.5 mg", "iv", at="day 0 08:00"), days=1.7), run(days=1.7)
    half_life = np.log(2.0) / np.log(total(test, 9.0) / total(test, 11.0)) * 2.0
    assert half_life == pytest.approx(1.32, abs=0.28), "of cortisol once its secretion has stopped"
    secreted, normal = test["hpa.made"], usual["hpa.made"]
    assert float(secreted.mean((10.0, 28.0))) < 0.15 * float(normal.mean((10.0, 28.0)))
    assert float(secreted.mean((28.0, 33.0))) < 0.95 * float(normal.mean((28.0, 33.0)))


def test_hydrocortisone_tablet_after_dexamethasone():
    day = dose("dexamethasone", "1 mg", at="day 0 23:00") + dose("hydrocortisone", "20 mg", at="day 1 09:00")
    peak = run(day=day, days=1.8)["blood.cortisol"].peak((33.0, 39.0))
    assert 422.0 <= peak.value <= 1554.0
    assert 0.5 <= peak.time - 33.0 <= 1.6


def test_hydrocortisone_falls_to_the_one_pool_and_silences_acth():
    given, usual = run(day=dose("hydrocortisone", "50 mg", at="day 0 08:00"), days=1.5), run(days=1.5)
    assert 2.0 < total(given, 10.0) / total(given, 8.0) < 3.5
    assert acth(given, 10.0) < 0.2 * acth(usual, 10.0)
    assert total(given, 32.0) == pytest.approx(total(usual, 32.0), rel=0.05), "gone after a day"


def test_hydrocortisone_by_vein_is_cortisol_at_once():
    given = run(day=dose("hydrocortisone", "10 mg", "iv", at="day 0 20:00"))
    volume = 10.0 * 75.0 / 70.0
    jump = float(given["blood.cortisol"].at(20.0)) - total(run(), 20.0)
    assert jump == pytest.approx(10.0 / 362.466e-6 / volume, rel=1e-3)


# ── Hormones given, synthesis blocked, glands lost ─────────────────────────────────────────────────


def test_acth_stimulates():
    large, small = (run(day=dose("acth", amount, "iv", at="day 0 09:00")) for amount in ("85 nmol", "0.34 nmol"))
    for found in (large, small):
        assert 500.0 < total(found, 9.5) < 900.0
    assert total(large, 10.0) > 1.2 * total(small, 10.0), "the larger dose lasts longer, it is hardly higher at first"


def test_a_small_dose_of_acth_at_midnight_is_followed_by_hours_of_silence():
    given, usual = run(day=dose("acth", "0.085 nmol", "iv", at="day 1 00:00"), days=1.4), run(days=1.4)
    assert given["blood.cortisol"].peak((24.0, 25.5)).value > 4.0 * total(usual, 24.0)
    assert float(given["hpa.made"].mean((25.0, 27.0))) < 0.25 * float(usual["hpa.made"].mean((25.0, 27.0)))
    assert float(given["hpa.made"].mean((29.0, 31.0))) > 0.8 * float(usual["hpa.made"].mean((29.0, 31.0)))


@pytest.mark.parametrize("hour", [9, 20])
def test_crh_raises_acth_two_to_four_fold(hour):
    given = run(day=dose("crh", "100 ug", "iv", at=f"day 0 {hour:02d}:00"))
    hormone = given["blood.acth"]
    peak = hormone.peak((float(hour), hour + 1.0))
    assert 1.8 < peak.value / acth(run(), hour) * PG_ML < 4.5
    assert 5.0 <= 60.0 * (peak.time - hour) <= 45.0
    assert given["blood.cortisol"].peak((float(hour), hour + 1.5)).value > total(run(), hour) + 60.0


def test_metyrapone_over_night():
    blocked = run(days=1.4, changes=(Change("hpa.block", 0.92, 24.75),))
    assert total(blocked, 31.5) < 0.55 * total(run(days=1.4), 31.5)
    assert 4.0 < acth(blocked, 31.5) / acth(run(days=1.4), 31.5) < 12.0


def test_addisons_disease():
    lost = {"hpa.damage": 1.0, "hpa.regrowth": 0.0}
    untreated = run(REFERENCE_MAN.with_(values=lost))
    assert untreated["blood.cortisol"].peak().value < 1e-3
    assert 300.0 < PG_ML * float(untreated["blood.acth"].mean()) < 3000.0
    assert 1.0 < float(untreated["hpa.P"].at(12.0)) < 4.0
    morning, evening = acth(untreated, 6.0), acth(untreated, 0.0)
    assert morning > 1.3 * evening, "the rhythm outlives cortisol"


@pytest.mark.parametrize(("share_lost", "least"), [(0.5, 0.9), (0.9, 0.75)])
def test_what_is_left_of_the_cortex_grows(share_lost, least):
    regrown = run(REFERENCE_MAN.with_(values={"hpa.damage": share_lost}))
    fixed = run(REFERENCE_MAN.with_(values={"hpa.damage": share_lost, "hpa.regrowth": 0.0}))
    usual = float(run()["blood.cortisol"].mean())
    assert float(fixed["blood.cortisol"].mean()) < float(regrown["blood.cortisol"].mean()) < usual
    assert float(regrown["blood.cortisol"].mean()) > least * usual
    assert float(regrown["hpa.A"].at(12.0)) > 1.2
    assert float(fixed["blood.acth"].mean()) > float(regrown["blood.acth"].mean())


def test_an_adenoma_shrinks_the_cortex_and_is_not_suppressed():
    who = REFERENCE_MAN.with_(values={"hpa.cortisol_auto": 1500.0})
    found = run(who)
    assert found["blood.cortisol"].to("ug/dL").trough().value > 4.0, "no quiet night"
    assert float(found["hpa.A"].at(12.0)) < 0.6
    assert total(run(who, dose("dexamethasone", "1 mg", at="day 0 23:00"), 1.5), 32.0) > 100.0


def test_ectopic_acth_is_not_suppressed_and_cushings_disease_is_by_much():
    ectopic = REFERENCE_MAN.with_(values={"hpa.acth_ectopic": 60.0})
    resistant = REFERENCE_MAN.with_(values={"hpa.K_now": "2 x", "hpa.K_late": "2 x"})
    low, high = (dose("dexamethasone", f"{mg} mg", at="day 0 23:00") for mg in (1, 8))
    assert run(ectopic)["blood.cortisol"].to("ug/dL").trough().value > 30.0
    assert total(run(ectopic, high, 1.5), 32.0) > 500.0
    assert total(run(resistant, low, 1.5), 32.0) > 100.0
    assert total(run(resistant, high, 1.5), 32.0) < 50.0


@pytest.mark.slow
def test_two_months_of_dexamethasone_and_after():
    day = dose("dexamethasone", "1 mg", at="08:00", every="1 d", times=60)
    windows = [(24.0 * d, 24.0 * d + 24.0, 1 / 6) for d in (59, 67, 90, 199)]
    found = simulate(models.load("hpa_only"), REFERENCE_MAN, day, days=200, windows=windows)

    def of(name: str, d: int) -> float:
        return float(found[name].mean((24.0 * d, 24.0 * d + 24.0)))

    usual_c, usual_a = float(run()["blood.cortisol"].mean()), float(run()["blood.acth"].mean())
    assert of("blood.cortisol", 59) < 0.2 * usual_c
    assert of("hpa.A", 59) < 0.5
    assert of("blood.cortisol", 67) < 0.85 * usual_c < 0.95 * usual_c < of("blood.cortisol", 199)
    assert of("blood.acth", 90) > 1.1 * usual_a, "ACTH is above normal before cortisol is back"
    assert of("hpa.A", 67) < of("hpa.A", 90) < of("hpa.A", 199)


@pytest.mark.slow
def test_two_months_of_daily_stress_and_after():
    day = threat(1.0, ["09:00", "11:00", "14:00", "16:00", "19:00"], duration="30 min", every="1 d", times=60)
    windows = [(24.0 * d, 24.0 * d + 24.0, 1 / 6) for d in (59, 67, 119)]
    found = simulate(models.load("hpa_only"), REFERENCE_MAN, day, days=120, windows=windows)
    usual = float(run()["blood.cortisol"].mean())
    stressed, after, late = (float(found["blood.cortisol"].mean((24.0 * d, 24.0 * d + 24.0))) for d in (59, 67, 119))
    assert 1.1 * usual < stressed < 1.5 * usual
    assert usual < late < after < stressed
    assert float(found["hpa.P"].mean((24.0 * 59, 24.0 * 60))) > 1.1


def test_hormones_stay_above_zero_and_receptors_within_one():
    hard = dose("dexamethasone", "8 mg", at="day 0 23:00") + dose("hydrocortisone", "100 mg", "iv", at="day 0 10:00")
    found = run(day=hard, days=2.0)
    for name in ("blood.cortisol", "blood.acth", "brain.crh", "blood.cortisol_free", "hpa.P", "hpa.A"):
        assert (found[name].values > -1e-9).all(), name
    for name in ("brain.gr_occupancy", "brain.mr_occupancy", "blood.cortisol_free_fraction"):
        assert ((found[name].values >= 0.0) & (found[name].values <= 1.0)).all(), name
