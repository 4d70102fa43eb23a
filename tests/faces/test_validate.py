"""`neurohumor validate`: a user's own folder, statuses, JSON, and errors that stop nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from neurohumor.proof.validate import Score, Unreadable, read_folder, status_of, validate
from tests.faces.conftest import Call

KEYS = {"id", "title", "kind", "status", "measures"}
MEASURE_KEYS = {"name", "value", "unit", "target", "tolerance", "status"}

STRESS = """id = "S1"
title = "Threat raises cortisol"
source = "the toy's own equations"
kind = "prediction"
known_shortfall = "the toy has no ACTH"

[arms.quiet]
person = "reference_man"
model = "toy"

[arms.stress]
person = "reference_man"
model = "toy"
[[arms.stress.protocol.threat]]
level = 1
from = "14:00"
duration = "30 min"

[[measures]]
name = "rest"
arm = "quiet"
quantity = "blood.cortisol"
statistic = "at"
at = "14:00"
unit = "nmol/L"
target = 200
tolerance = { relative = 0.1 }

[[measures]]
name = "peak against the quiet day"
arm = "stress"
quantity = "blood.cortisol"
statistic = "peak"
window = ["threat", "+ 2 h"]
compare = { arm = "quiet", how = "ratio" }
tolerance = { range = [1.5, 2] }

[[measures]]
name = "time to peak"
arm = "stress"
quantity = "blood.cortisol"
statistic = "time_to_peak"
window = ["threat", "+ 2 h"]
unit = "min"
target = 30
tolerance = { absolute = 2 }
"""
PEOPLE = """id = "P1"
title = "People differ"
source = "the toy's own equations"
kind = "calibration"
parameters_set = ["adrenal.rest"]

[arms.people]
person = "people/anna.toml"
model = "toy"
population = 400
overrides = [{ name = "adrenal.rest", value = "0.5 x", from = "12:00" }]

[[measures]]
name = "below 200 at noon"
quantity = "blood.cortisol"
statistic = "fraction_below"
at = "11:59"
threshold = "200 nmol/L"
target = 0.5
tolerance = { absolute = 0.25 }

[[measures]]
name = "halved in the evening"
quantity = "blood.cortisol"
statistic = "mean"
window = ["20:00", "22:00"]
reference = { window = ["10:00", "12:00"], how = "percent" }
tolerance = { range = [-60, -40] }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "experiments"
    (place / "people").mkdir(parents=True)
    (place / "stress.toml").write_text(STRESS)
    (place / "people.toml").write_text(PEOPLE)
    (place / "people/anna.toml").write_text('name = "Anna"\nsex = "f"\n')
    return place


def told(call: Call, *arguments: object) -> list[dict]:
    result = call("validate", "--json", *arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_json_has_exactly_its_shape(call: Call, folder: Path):
    found = told(call, "--experiments", folder, "--population", "20")
    assert [one["id"] for one in found] == ["P1", "S1"] and [one["kind"] for one in found] == ["calibration", "prediction"]
    for one in found:
        assert set(one) == KEYS and one["measures"]
        for each in one["measures"]:
            assert set(each) == MEASURE_KEYS and isinstance(each["value"], float) and isinstance(each["tolerance"], dict)
    rest = found[1]["measures"][0]
    assert rest == {
        "name": "rest",
        "value": pytest.approx(200, rel=0.1),
        "unit": "nmol/L",
        "target": 200,
        "tolerance": {"relative": 0.1},
        "status": "hit",
    }


def test_values_are_those_of_the_equations(call: Call, folder: Path):
    """Four times the secretion for half an hour: cortisol rises by 3 x 100/0.5 x (1 - exp(-0.25)) nmol/L."""
    import math

    rest, ratio, time = told(call, "--experiments", folder, "--only", "S1")[0]["measures"]
    at_rest = 200 - 160 * math.exp(-0.5 * 7) * 1  # from about 40 at waking, seven hours before
    assert rest["value"] == pytest.approx(at_rest, rel=2e-3)
    assert time["value"] == pytest.approx(30) and time["unit"] == "min"
    peak = 800 + (rest["value"] - 800) * math.exp(-0.25)
    quiet = 200 + (rest["value"] - 200) * math.exp(-0.5 * 2)
    assert ratio["value"] == pytest.approx(peak / quiet, rel=1e-3) and ratio["unit"] == "1"


def test_a_change_from_a_time_on_is_not_settled_with(call: Call, folder: Path):
    below, halved = told(call, "--experiments", folder, "--only", "P1", "--population", "40")[0]["measures"]
    assert halved["value"] == pytest.approx(-43, abs=4) and halved["status"] == "hit"
    assert 0.25 <= below["value"] <= 0.75


def test_the_table_scores_predictions_and_calibrations_apart(call: Call, folder: Path):
    result = call("validate", "--experiments", folder, "--population", "10")
    assert result.exit_code == 0, result.output
    shown = result.stdout
    assert shown.index("Predictions") < shown.index("Calibrations")
    assert "1 prediction: 1" in shown and "of 3 measures hit" in shown and "1 calibration: 1" in shown and "of 2 measures hit" in shown
    assert "±10 %" in shown and "1.5 to 2" in shown and "±2 min" in shown


def test_an_error_stops_nothing_else(call: Call, folder: Path):
    (folder / "broken.toml").write_text('id = "B1"\ntitle = "no more than that"\nkind = "prediciton"\n')
    (folder / "binary.toml").write_bytes(bytes(range(256)))
    (folder / "strange.toml").write_text(
        STRESS.replace('"S1"', '"S2"').replace('quantity = "blood.cortisol"', 'quantity = "blood.cortsol"', 1)
    )
    dosed = '[[arms.stress.protocol.dose]]\nof = "caffeine"\namount = "1 mg"\nat = "08:00"\n'
    marker = "[[arms.stress.protocol.threat]]"
    (folder / "drug.toml").write_text(STRESS.replace('"S1"', '"S3"').replace(marker, dosed + marker))
    result = call("validate", "--json", "--experiments", folder, "--population", "5")
    assert result.exit_code == 0, result.output
    found = {one["id"]: one for one in json.loads(result.stdout)}
    assert {name: one["status"] for name, one in found.items() if name in ("broken", "binary")} == {"broken": "error", "binary": "error"}
    assert found["broken"]["measures"] == [] and set(found["broken"]) == KEYS
    assert [each["status"] for each in found["S2"]["measures"]] == ["error", found["S1"]["measures"][1]["status"], "hit"]
    assert found["S2"]["measures"][0]["value"] is None and found["S2"]["status"] == "partial"
    assert [each["status"] for each in found["S3"]["measures"]] == ["hit", "error", "error"]
    for words in ("broken.toml:3", "'prediciton' is not known here", "UTF-8", "'blood.cortsol'", "takes no 'caffeine'"):
        assert words in result.stderr, words
    assert "Traceback" not in result.stderr


def test_two_files_of_one_id(folder: Path):
    (folder / "again.toml").write_text(STRESS)
    (lost,) = [one for one in read_folder(folder) if isinstance(one, Unreadable)]
    assert "S1" in str(lost.fault) and "give each its own id" in str(lost.fault)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(("--experiments", "nowhere"), "no folder"), (("--only", "V999"), "V999"), (("--population", "0"), "--population")],
)
def test_what_cannot_be_asked_for(call: Call, folder: Path, arguments: tuple[str, ...], expected: str):
    result = call("validate", "--experiments", folder, *arguments)
    assert result.exit_code == 2 and expected in result.stderr and result.stdout == ""


def test_arms_that_are_alike_are_simulated_once(folder: Path, monkeypatch: pytest.MonkeyPatch):
    from neurohumor.engine import solve

    (folder / "twin.toml").write_text(STRESS.replace('"S1"', '"S2"').replace("arms.quiet", "arms.calm").replace('"quiet"', '"calm"'))
    calls, real = [], solve.simulate

    def counted(*arguments: object, **options: object) -> object:
        calls.append(options["days"])
        return real(*arguments, **options)

    monkeypatch.setattr(solve, "simulate", counted)
    results = list(validate([one for one in read_folder(folder) if getattr(one, "id", "").startswith("S")]))
    assert len(calls) == 2 and [one.id for one in results] == ["S1", "S2"]
    assert [score.value for score in results[0].scores] == [score.value for score in results[1].scores]


def test_an_interrupted_run_leaves_the_results_before_it(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch):
    from neurohumor.proof import validate as module

    real = module._Bench._simulated

    def stops(self: object, arm: object, wanted: object, progress: object) -> object:
        if getattr(arm, "name", "") == "stress":
            raise KeyboardInterrupt
        return real(self, arm, wanted, progress)

    monkeypatch.setattr(module._Bench, "_simulated", stops)
    result = call("validate", "--json", "--experiments", folder, "--population", "5")
    assert result.exit_code == 130 and "interrupted after 1 of 2 experiments" in result.stderr
    assert [one["id"] for one in json.loads(result.stdout)] == ["P1"]


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        ("hit hit", "hit"),
        ("hit miss", "partial"),
        ("hit error", "partial"),
        ("miss miss", "miss"),
        ("miss error", "error"),
        ("error", "error"),
        ("", "error"),
    ],
)
def test_the_status_of_an_experiment(measures: str, expected: str):
    scores = [Score(str(k), 1.0, "1", None, {}, status) for k, status in enumerate(measures.split())]  # type: ignore[arg-type]
    assert status_of(scores) == expected
