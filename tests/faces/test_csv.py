"""CSV out: every quantity over time, numbers in full, for one person and for many."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from neurohumor.engine.run import Run
from neurohumor.engine.solve import simulate
from neurohumor.errors import FileError, UnknownName
from neurohumor.life.person import Person
from neurohumor.models import load
from neurohumor.study.population import sample
from tests.faces.conftest import Call

ANNA = Person(sex="f", name="Anna, the first")
COLUMN = "blood.cortisol (nmol/L)"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def run() -> Run:
    return simulate(load("toy"), ANNA, days=1)


def test_one_person_reads_back_bit_for_bit(run: Run, tmp_path: Path):
    told = rows(run.to_csv(tmp_path / "run.csv"))
    series = run["blood.cortisol"]
    assert len(told) == len(series.times) and {row["person"] for row in told} == {"Anna, the first"}
    assert [float(row["h"]) for row in told] == series.times.tolist()
    assert [float(row[COLUMN]) for row in told] == series.values.tolist()
    assert len(told[0]) == 2 + len(run.quantities)


def test_people_follow_one_another(tmp_path: Path):
    many = simulate(load("toy"), sample(3, like=ANNA, seed=1), days=1)
    told = rows(many.to_csv(tmp_path / "run.csv", "blood.cortisol", "adrenal.drive"))
    assert list(dict.fromkeys(row["person"] for row in told)) == list(many.people) and len(told[0]) == 4
    for k, name in enumerate(many.people):
        assert [float(row[COLUMN]) for row in told if row["person"] == name] == many["blood.cortisol"].values[k].tolist()


def test_what_was_not_computed_says_so(run: Run, tmp_path: Path):
    states = run.groups[0].blocks[0].states
    assert states is not None
    states[:, 200:] = float("nan")
    told = rows(run.to_csv(tmp_path / "run.csv"))
    assert told[-1][COLUMN] == "NaN" and math.isfinite(float(told[0][COLUMN]))


def test_what_cannot_be_written_is_refused_and_leaves_nothing(run: Run, tmp_path: Path):
    with pytest.raises(UnknownName, match="cortisone"):
        run.to_csv(tmp_path / "run.csv", "blood.cortisone")
    with pytest.raises(FileError, match="cannot be written"):
        run.to_csv(tmp_path / "nowhere" / "run.csv")
    assert list(tmp_path.iterdir()) == []


def test_the_verb_leaves_it_when_asked(call: Call, files: tuple[Path, Path], tmp_path: Path):
    told = call("run", *files, "--model", "toy", "--csv", "--out", "out")
    assert told.exit_code == 0 and "run.csv" in told.stderr, told.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["provenance.json", "report.html", "run.csv", "run.nc"]
    assert COLUMN in (tmp_path / "out/run.csv").read_text().splitlines()[0]
