"""Read-outs of curves whose numbers are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from neurohumor.engine.series import Series
from neurohumor.errors import ModelError, UnitMismatch
from neurohumor.readout import statistics as readout
from neurohumor.units import unit

TIMES = np.linspace(0.0, 48.0, 48 * 60 + 1)
WAVE = 300 + 100 * np.cos(2 * math.pi * (TIMES - 7.5) / 24)


def series(values: np.ndarray) -> Series:
    """Cortisol of one person or of several."""
    return Series("blood.cortisol", TIMES, values, unit("nmol/L"), substance="cortisol")


def test_the_usual_ones_agree_with_the_series():
    one = series(WAVE)
    assert readout.peak(one, day=1).time == pytest.approx(31.5) and readout.trough(one).clock == "19:30"
    assert float(readout.mean(one)) == pytest.approx(300) and float(readout.auc(one)) == pytest.approx(48 * 300)
    assert float(readout.amplitude(one)) == pytest.approx(100) and float(readout.acrophase(one)) == pytest.approx(7.5)
    assert float(readout.time_above(one, "300 nmol/L")) == pytest.approx(24.0) and str(readout.time_above(one, 300.0).unit) == "h"


def test_incremental_area_counts_from_the_beginning():
    assert float(readout.incremental_auc(series(WAVE), (1.5, 13.5))) == pytest.approx(100 * 12 * 2 / math.pi, rel=1e-5)
    assert float(readout.incremental_auc(series(TIMES), ("00:00", "02:00"), day=1)) == pytest.approx(2.0)


def test_half_life_keeps_time_as_its_unit():
    fall = series(50 + 400 * np.exp(-math.log(2) * TIMES / 1.1))
    found = readout.half_life(fall, (0.0, 6.0), rest=50.0)
    assert float(found) == pytest.approx(1.1, rel=1e-6) and str(found.unit) == "h"
    assert math.isnan(float(readout.half_life(series(1 + TIMES))))


def test_fold_change_is_a_pure_number_whatever_the_units():
    one = series(WAVE)
    assert float(readout.fold_change(one.peak(), one.trough().to("ug/dL"))) == pytest.approx(2.0)
    both = series(np.stack([WAVE, 2 * WAVE]))
    assert readout.fold_change(both.peak(), both.mean()).value == pytest.approx([4 / 3, 4 / 3])
    with pytest.raises(UnitMismatch):
        readout.fold_change(one.peak(), readout.half_life(one))


def test_the_awakening_response():
    rise = 200 * np.where((TIMES >= 31) & (TIMES <= 32), np.sin(math.pi * np.clip(TIMES - 31, 0, 1)), 0) + 400.0
    assert float(readout.awakening_response(series(rise), 31.0)) == pytest.approx(0.5, rel=1e-3)
    assert float(readout.awakening_response(series(rise), "day 1 07:00")) == pytest.approx(0.5, rel=1e-3)
    assert float(readout.awakening_response(series(rise), 31.0, within=0.1)) == pytest.approx(0.5 * math.sin(0.1 * math.pi), rel=1e-2)
    two = readout.awakening_response(series(np.stack([rise, np.full_like(rise, 400.0)])), [31.0, 30.0])
    assert two.value == pytest.approx([0.5, 0.0], abs=1e-3)
    with pytest.raises(ModelError):
        readout.awakening_response(series(np.stack([rise, rise])), [31.0])


def test_populations_give_one_number_each():
    both = series(np.stack([WAVE, 2 * WAVE]))
    assert readout.incremental_auc(both, (1.5, 13.5)).value == pytest.approx([763.94, 1527.9], rel=1e-4)
