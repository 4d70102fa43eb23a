"""Series and what is read from them, against curves whose numbers are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from neurohumor.engine import curves
from neurohumor.engine.series import Peak, Reading, Series, joined
from neurohumor.errors import ModelError, UnitMismatch
from neurohumor.units import unit

TIMES = np.linspace(0.0, 72.0, 72 * 60 + 1)
NMOL = unit("nmol/L")


def wave(mesor: float = 300.0, swing: float = 100.0, top: float = 7.5) -> np.ndarray:
    """A cosine of 24 h with its top at a clock time."""
    return mesor + swing * np.cos(2 * math.pi * (TIMES - top) / 24)


def cortisol(values: np.ndarray | None = None) -> Series:
    """A day's rhythm of one person."""
    return Series("blood.cortisol", TIMES, wave() if values is None else values, NMOL, substance="cortisol")


def test_peak_and_trough_say_when():
    peak = cortisol().peak()
    assert (peak.value, peak.time) == (pytest.approx(400.0), pytest.approx(7.5))
    assert repr(peak) == "400 nmol/L at 07:30"
    assert cortisol().peak(day=1).time == pytest.approx(31.5)
    assert repr(cortisol().peak(("06:00", "10:00"), day=2)) == "400 nmol/L at 07:30 on day 2"
    assert cortisol().trough(between=("18:00", "21:00")).clock == "19:30"
    assert cortisol().peak(between=("00:00", "06:00")).clock == "06:00"


def test_laboratory_units_go_through_the_molar_mass():
    assert float(cortisol().to("ug/dL").peak().value) == pytest.approx(400 * 362.46e-4, rel=1e-4)
    assert cortisol().peak().to("ug/dL").value == pytest.approx(14.498, rel=1e-3)
    assert str(cortisol().mean().to("ug/L").unit) == "ug/L"
    with pytest.raises(UnitMismatch):
        cortisol().to("mg/kg")


def test_mean_area_and_time_above():
    assert float(cortisol().mean()) == pytest.approx(300.0, abs=1e-6)
    assert float(cortisol().mean(("07:30", "13:30"))) == pytest.approx(300 + 100 * 2 / math.pi, rel=1e-6)
    assert float(cortisol().mean((7.5, 13.5))) == pytest.approx(300 + 100 * 2 / math.pi, rel=1e-6)
    area = cortisol().auc(("day 0 07:30", "13:30"))
    assert float(area) == pytest.approx(6 * (300 + 100 * 2 / math.pi), rel=1e-6) and area.unit.same_kind(NMOL * unit("h"))
    assert float(cortisol().auc(("day 0 07:30", "13:30"), above="300 nmol/L")) == pytest.approx(600 * 2 / math.pi, rel=1e-5)
    assert float(cortisol().time_above(300.0)) == pytest.approx(36.0, abs=1e-6)
    assert float(cortisol().time_above("10.87 ug/dL", day=0)) == pytest.approx(12.0, abs=0.02)


def test_rhythm():
    assert float(cortisol().amplitude()) == pytest.approx(100.0, rel=1e-9)
    assert float(cortisol().phase()) == pytest.approx(7.5, rel=1e-9)
    short = Series("x", TIMES[:600], wave()[:600], NMOL)
    with pytest.raises(ModelError, match="too short"):
        short.phase()


def test_dense_windows_do_not_pull_the_rhythm():
    dense = np.unique(np.concatenate([TIMES, np.linspace(7, 8, 20_001)]))
    series = Series("x", dense, 300 + 100 * np.cos(2 * math.pi * (dense - 7.5) / 24), NMOL)
    assert float(series.amplitude()) == pytest.approx(100.0, rel=1e-6)
    assert float(series.mean()) == pytest.approx(300.0, rel=1e-6)


def test_at_a_moment():
    assert float(cortisol().at("07:30", day=1)) == pytest.approx(400.0)
    assert float(cortisol().at("day 2 19:30")) == pytest.approx(200.0)
    assert float(cortisol().at(19.5)) == pytest.approx(200.0)
    with pytest.raises(ModelError, match="nothing was kept"):
        cortisol().at("day 4 08:00")


def test_a_stretch_that_was_not_kept_is_refused():
    with pytest.raises(ModelError, match=r"nothing of blood\.cortisol was kept"):
        cortisol().peak(("06:00", "10:00"), day=7)
    with pytest.raises(ModelError):
        cortisol().peak(("day 1 10:00", "day 1 06:00"))


def test_gaps_between_windows_do_not_count():
    a, b = (TIMES >= 6) & (TIMES <= 10), (TIMES >= 30) & (TIMES <= 34)
    times, values, starts = joined([(TIMES[None, b], wave()[None, b]), (TIMES[None, a], wave()[None, a])])
    series = Series("x", times[0], values[0], NMOL, starts=starts)
    assert starts == (0, 241) and float(series.auc()) == pytest.approx(2 * float(cortisol().auc((6.0, 10.0))))
    assert float(series.mean()) == pytest.approx(float(cortisol().mean((6.0, 10.0))))
    with pytest.raises(ModelError):
        series.at(20.0)


def test_windows_that_overlap_are_one_and_shared_times_are_kept_once():
    coarse, fine = TIMES[::60], TIMES[420:481]
    times, values, starts = joined([(coarse[None], wave()[None, ::60]), (fine[None], wave()[None, 420:481] + 1)])
    assert starts == (0,) and (np.diff(times[0]) > 0).all() and len(times[0]) == 73 + 59
    assert values[0, times[0] == 7.0] == pytest.approx(wave()[420] + 1)  # the later window has it


def test_a_failed_stretch_makes_a_statistic_not_a_number():
    broken = wave()
    broken[2000:] = np.nan
    assert math.isnan(cortisol(broken).peak().value) and math.isnan(float(cortisol(broken).mean()))
    assert cortisol(broken).peak(day=0).value == pytest.approx(400.0)


def test_populations():
    rows = np.stack([wave(), wave(200.0), np.full(len(TIMES), np.nan)])
    people = Series("blood.cortisol", TIMES, rows, NMOL, substance="cortisol")
    assert people.peak().value[:2] == pytest.approx([400.0, 300.0]) and math.isnan(people.peak().value[2])
    assert people.person(1).peak().value == pytest.approx(300.0)
    low, middle = people.quantiles(0.0, 0.5)
    assert low.values == pytest.approx(wave(200.0)) and middle.values == pytest.approx(wave(250.0))
    assert people.to_pandas().shape == (len(TIMES), 3)
    assert "median of 3 people" in repr(people.mean())
    with pytest.raises(ModelError):
        people.pieces()
    with pytest.raises(ModelError):
        cortisol().quantiles(0.5)


def test_pandas_and_arrays():
    frame = cortisol().to_pandas()
    assert frame.name == "blood.cortisol (nmol/L)" and frame.index.name == "h" and frame.iloc[0] == pytest.approx(wave()[0])
    assert np.asarray(cortisol()).shape == TIMES.shape and "blood.cortisol in nmol/L" in repr(cortisol())


def test_half_life():
    times = np.linspace(0, 5, 301)
    pieces = [(times, 3.0 + 100.0 * np.exp(-math.log(2) / 1.3 * times))]
    assert curves.half_life(pieces, rest=3.0) == pytest.approx(1.3, rel=1e-9)
    assert math.isnan(curves.half_life([(times, 1 + times)]))


def test_readings_are_numbers():
    assert float(Reading(2.5, NMOL)) == 2.5 and repr(Reading(2.5, NMOL)) == "2.5 nmol/L"
    assert repr(Peak(412.0, 7 + 38 / 60, NMOL)) == "412 nmol/L at 07:38"
    with pytest.raises(TypeError):
        float(Reading(np.ones(2), NMOL))
