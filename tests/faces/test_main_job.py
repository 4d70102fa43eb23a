"""The main job: the everyday examples, lived by the human of the package, side by side in one report."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from neurohumor.cli.app import app
from neurohumor.engine.storage import read_run
from neurohumor.models import names
from tests.faces.conftest import Call

pytestmark = pytest.mark.skipif("human" not in names(), reason="there is no human yet")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The folder that the demonstration leaves, and what it prints; lived once."""
    place, everyday = tmp_path_factory.mktemp("demo") / "out", ROOT / "examples/everyday"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEUROHUMOR_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        patch.setenv("COLUMNS", "160")
        days = everyday / "office_day.toml", "--against", everyday / "short_sleep_high_threat.toml"
        told = CliRunner().invoke(app, [str(one) for one in ("run", everyday / "person.toml", *days, "--days", "3", "--out", place)])
    assert told.exit_code == 0, told.output
    return place, told


def test_three_days_of_an_office_day(lived: tuple[Path, Any]):
    place, told = lived
    assert "blood.cortisol" in told.stdout and "nmol/L" in told.stdout and "Example: Office day, 3 days" in told.stdout
    assert sorted(path.name for path in place.iterdir()) == ["against.nc", "provenance.json", "report.html", "run.nc"]
    run = read_run(place / "run.nc")
    assert run.ok and (run.start, run.end) == (0.0, 72.0) and not run.unheard
    mornings = [run["blood.cortisol"].peak(("06:00", "10:00"), day=day).value for day in range(3)]
    nights = [run["blood.cortisol"].trough(("22:00", "03:00"), day=day).value for day in range(2)]
    assert min(mornings) > 3 * max(nights)
    made = json.loads((place / "provenance.json").read_text())
    assert made["complete"] and made["settled"] and max(made["drift_percent_per_day"]) < 0.05


def test_the_hard_days_differ_as_they_should(lived: tuple[Path, Any]):
    calm, hard = (read_run(lived[0] / name) for name in ("run.nc", "against.nc"))
    for name, share in (("brain.asleep", -0.2), ("brain.adenosine", 0.05), ("blood.cortisol", 0.05), ("striatum.dopamine", 0.0)):
        first, second = (float(run[name].mean()) for run in (calm, hard))
        assert (second / first - 1) * (1 if share >= 0 else -1) > abs(share), name


def test_its_report_tells_what_it_rests_on(lived: tuple[Path, Any]):
    page = (lived[0] / "report.html").read_text(encoding="utf-8")
    for due in (
        "blood.cortisol", "striatum.dopamine", "assumed, without a source", "Stand-ins", "10.1186/1742-4682-6-21", "research and education",
        "medical advice", "Laboratory", "14.2 ug/dL", "drifts", "Short sleep, high threat", "Where the fuel goes", "Brain energy",
        "cleared by DAT", "simulation quantity, not a clinical measurement", "from rat", "unchecked", "Sleep and clock", "Transmitters",
        "world.threat", "the same in both",
    ):  # fmt: skip
        assert due in page, due
    assert len(page.encode()) < 3_000_000
    assert page.count("<svg") > 60 and "<script" not in page


@pytest.mark.slow
def test_human_is_well_and_what_parts_hear_of_one_another_is_what_they_were_set_on(call: Call):
    """What is of waking alone, of fasting or of one region rests elsewhere over a day; these are means of the day by themselves."""
    told = call("check", "human")
    assert told.exit_code == 0 and "Where coupled inputs rest" in told.stdout, told.output
    means = (
        "brain.cortisol_free", "blood.cortisol_free_fraction", "brain.t3", "brain.adenosine", "brain.a1", "brain.tryptophan", "brain.crh",
    )  # fmt: skip
    rows = [line.split() for line in told.stdout.splitlines() if len(line.split()) > 2 and line.split()[1] in means]
    assert {row[1] for row in rows} == set(means)
    assert all(abs(float(row[-2])) < 5.0 for row in rows), told.stdout


def test_one_number_down_to_its_roots(call: Call):
    told = call("explain", "human", "blood.cortisol", "--at", "08:30")
    assert told.exit_code == 0, told.output
    assert "blood.cortisol of Reference woman in human, day 0, 08:30" in told.stdout
    assert "given by the person" in told.stdout and "assumed, without a source" in told.stdout and "driven by the protocol" in told.stdout


def test_readme_commands_are_verbs(root: Path):
    from neurohumor.cli.app import VERBS

    readme = (root / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^neurohumor (\w+)", readme, re.MULTILINE)) <= set(VERBS)
