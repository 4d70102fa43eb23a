"""Laboratory values stand beside what is predicted, in the unit printed, and change nothing."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from neurohumor.engine.solve import simulate
from neurohumor.life.labs import lab
from neurohumor.life.person import Person
from neurohumor.models import load
from neurohumor.show.laboratory import compared
from neurohumor.study.population import sample
from tests.faces.conftest import DAY, PERSON, Call

LABS = '[[lab]]\nname = "cortisol"\nvalue = "5 ug/dL"\ntime = "14:00"\n[[lab]]\nname = "TSH"\nvalue = "1.8 mIU/L"\n'


def test_measured_and_predicted_in_the_unit_printed():
    run = simulate(load("toy"), Person(sex="f"), days=2)
    labs = [lab("cortisol", "5 ug/dL", time="14:00"), lab("cortisol", "180 nmol/L"), lab("TSH", "1.8 mIU/L")]
    at_two, of_the_day, absent = compared(run, labs)
    assert at_two.predicted == pytest.approx(float(run["blood.cortisol"].at("14:00").value) * 0.036246, rel=1e-3)
    assert of_the_day.predicted == pytest.approx(float(run["blood.cortisol"].mean(day=0).value))
    assert math.isnan(absent.predicted) and absent.note == "not in this model"
    assert at_two.cells()[:4] == ("cortisol", "5 ug/dL", "7.08 ug/dL", "14:00") and math.isnan(at_two.z)


def test_z_is_of_the_logarithm_over_a_population():
    import numpy as np

    run = simulate(load("toy"), sample(12, like=Person(sex="f"), seed=2), days=1)
    (one,) = compared(run, [lab("cortisol", "300 nmol/L", time="12:00")])
    logs = np.log(run["blood.cortisol"].at("12:00").value)
    assert one.z == pytest.approx((math.log(300) - logs.mean()) / logs.std(ddof=1))


def test_a_run_prints_them_and_does_not_hear_them(call: Call, tmp_path: Path):
    (tmp_path / "plain.toml").write_text(PERSON)
    (tmp_path / "tested.toml").write_text(PERSON + LABS)
    (tmp_path / "day.toml").write_text(DAY)
    plain, tested = (call("run", f"{name}.toml", "day.toml", "--model", "toy") for name in ("plain", "tested"))
    assert "Measured and predicted" in tested.stdout and "Measured" not in plain.stdout
    assert "7.0" in next(line for line in tested.stdout.splitlines() if "5 ug/dL" in line) and "not in this model" in tested.stdout
    row = next(line for line in plain.stdout.splitlines() if line.strip().startswith("blood.cortisol"))
    assert row in tested.stdout
    assert "the model does not hear it" in (tmp_path / "out/report.html").read_text()
