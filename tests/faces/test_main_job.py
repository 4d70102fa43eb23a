"""The main job: the everyday example, lived by the human of the package."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from neurohumor.engine.storage import read_run
from neurohumor.models import names
from tests.faces.conftest import Call

pytestmark = pytest.mark.skipif("human" not in names(), reason="there is no human yet")


@pytest.fixture
def lived(call: Call, root: Path, tmp_path: Path) -> Path:
    everyday = root / "examples/everyday"
    told = call("run", everyday / "person.toml", everyday / "office_day.toml", "--days", "3", "--out", "out")
    assert told.exit_code == 0, told.output
    assert "blood.cortisol" in told.stdout and "nmol/L" in told.stdout and "Example: Office day, 3 days" in told.stdout
    return tmp_path / "out"


def test_three_days_of_an_office_day(lived: Path):
    assert sorted(path.name for path in lived.iterdir()) == ["provenance.json", "report.html", "run.nc"]
    run = read_run(lived / "run.nc")
    assert run.ok and (run.start, run.end) == (0.0, 72.0)
    mornings = [run["blood.cortisol"].peak(("06:00", "10:00"), day=day).value for day in range(3)]
    nights = [run["blood.cortisol"].trough(("22:00", "03:00"), day=day).value for day in range(2)]
    assert min(mornings) > 3 * max(nights)
    made = json.loads((lived / "provenance.json").read_text())
    assert made["complete"] and made["settled"] and max(made["drift_percent_per_day"]) < 0.05


def test_its_report_tells_what_it_rests_on(lived: Path):
    page = (lived / "report.html").read_text(encoding="utf-8")
    for due in (
        "blood.cortisol", "striatum.dopamine", "assumed, without a source", "Stand-ins", "10.1186/1742-4682-6-21", "research and education",
        "medical advice", "Laboratory", "14.2 ug/dL", "drifts",
    ):  # fmt: skip
        assert due in page, due
    assert len(page.encode()) < 3_000_000


def test_human_is_well_and_its_inputs_rest_where_they_should(call: Call):
    told = call("check", "human")
    assert "Where coupled inputs rest" in told.stdout or told.exit_code == 1, told.output
    assert "more than 5 % off" not in told.stdout, told.stdout


def test_one_number_down_to_its_roots(call: Call):
    told = call("explain", "human", "blood.cortisol", "--at", "08:30")
    assert told.exit_code == 0, told.output
    assert "blood.cortisol of Reference woman in human, day 0, 08:30" in told.stdout
    assert "given by the person" in told.stdout and "assumed, without a source" in told.stdout and "driven by the protocol" in told.stdout


def test_readme_commands_are_verbs(root: Path):
    import re

    from neurohumor.cli.app import VERBS

    readme = (root / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^neurohumor (\w+)", readme, re.MULTILINE)) <= set(VERBS)
