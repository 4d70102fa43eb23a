"""`neurohumor events` and `neurohumor run --events`: tables of events in, out, and lived."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from neurohumor.engine.solve import simulate
from neurohumor.engine.storage import read_run
from neurohumor.life.day import dose
from neurohumor.life.event_rows import read_events
from neurohumor.life.files import read_protocol
from neurohumor.models import load
from tests.faces.conftest import Call

TABLE = """ID,TIME,AMT,DV,EVID,CMT,RATE,II,ADDL,SS,MDV,WT
1,8,10,.,1,1,0,24,1,0,1,80
2,8,10,.,1,1,0,0,0,0,1,50
2,244,20,.,4,1,0,0,0,0,1,50
"""
CMT = ("--cmt", "1=hydrocortisone oral mg")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "trial.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_every_subject_and_occasion_is_lived(call: Call, table: Path):
    told = call("run", "--events", table, *CMT, "--model", "toy", "--out", "out", "--csv")
    assert told.exit_code == 0, told.output
    folders = sorted(path.name for path in Path("out").iterdir())
    assert folders == ["subject_1", "subject_2_occasion_1", "subject_2_occasion_2"]
    first = read_run("out/subject_1/run.nc")
    assert (first.start, first.end) == (0.0, 48.0)
    person = read_events(table, compartments={1: _target()})["1"].person()
    alone = simulate(load("toy"), person, dose("hydrocortisone", "10 mg", at="08:00", day=0, every="1 d", times=2), days=2)
    assert first["blood.cortisol"].values == pytest.approx(alone["blood.cortisol"].values, rel=1e-12)
    second = read_run("out/subject_2_occasion_2/run.nc")["blood.cortisol"]
    assert second.at("04:05").value > 1.5 * second.at("03:55").value, "given at 04:00 of the day on which the body begins again"
    made = json.loads(Path("out/subject_1/provenance.json").read_text())
    assert made["files"]["events"]["name"] == "trial.csv"


def _target():
    from neurohumor.life.event_table import read_target

    return read_target("hydrocortisone oral mg")


def test_one_subject_has_the_folder_for_itself(call: Call, table: Path, files: tuple[Path, Path]):
    told = call("run", *files, "--events", table, *CMT, "--subject", "1", "--model", "toy", "--out", "out")
    assert told.exit_code == 0 and "Anna 1" in told.stdout, told.output
    run = read_run("out/run.nc")
    assert "threat" in Path("out/report.html").read_text() and run.end == 48.0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "--events", "trial.csv", "--model", "toy"), "trial.csv:2: nothing says what CMT 1 is"),
        (("run", "--events", "trial.csv", *CMT, "--subject", "3", "--model", "toy"), "no subject is called '3'"),
        (("run", "--events", "trial.csv", *CMT, "--population", "3", "--model", "toy"), "a table says who lives what"),
        (("run", "--events", "trial.csv", "--cmt", "hydrocortisone", "--model", "toy"), "says not what a compartment is"),
        (("run", "--events", "nowhere.csv", "--model", "toy"), "cannot be read"),
        (("events", "trial.csv", *CMT), "has 2 subjects"),
        (("events", "trial.csv", *CMT, "--subject", "2"), "begins again"),
        (("events", "day.toml"), "holds no threat"),
        (("events", "trial.txt"), "neither a day file nor a table"),
    ],
)
def test_what_cannot_be_is_told(call: Call, table: Path, files: tuple[Path, Path], arguments: tuple[str, ...], said: str):
    told = call(*arguments)
    assert told.exit_code == 2 and said in told.stderr and not Path("out").exists(), told.output


def test_there_and_back(call: Call, table: Path, files: tuple[Path, Path]):
    assert call("events", table, *CMT, "--subject", "1", "--out", "one.toml").exit_code == 0
    assert read_protocol("one.toml") == dose("hydrocortisone", "10 mg", at="08:00", day=0, every="1 d", times=2)
    told = call("events", "one.toml", "--time-zero", "08:00")
    assert told.stdout.splitlines()[1] == "1,0,10,.,1,1,0,24,1,0,1,hydrocortisone,oral,mg"
    assert call("events", files[1], "--doses-only").stdout.splitlines()[1] == "1,32,10,.,1,1,0,0,0,0,1,hydrocortisone,oral,mg"
