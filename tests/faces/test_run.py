"""`neurohumor run`: the table, the three files, windows, populations, JSON; failures and Ctrl-C keep what was computed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from neurohumor.engine.run import Run
from neurohumor.engine.status import Code, Status
from neurohumor.engine.storage import read_run
from tests.faces.conftest import Call

FILES = ["provenance.json", "report.html", "run.nc"]


def test_a_day_leaves_a_table_and_three_files(call: Call, files: tuple[Path, Path], tmp_path: Path):
    told = call("run", *files, "--model", "toy", "--out", "out/deep")
    assert told.exit_code == 0, told.output
    assert "Anna: A stressful day, 2 days" in told.stdout
    row = next(line for line in told.stdout.splitlines() if "blood.cortisol" in line)
    assert "nmol/L" in row and "4 assumed of 4" in row and "day 1, 08:" in row
    assert sorted(path.name for path in (tmp_path / "out/deep").iterdir()) == FILES
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["deep"]


def test_the_table_tells_what_the_run_holds(call: Call, files: tuple[Path, Path]):
    told = call("run", *files, "--model", "toy", "--json")
    assert told.exit_code == 0, told.output
    (line,) = json.loads(told.stdout)["quantities"]
    series = read_run("out/run.nc")["blood.cortisol"]
    assert line["quantity"] == "blood.cortisol" and line["unit"] == str(series.unit)
    assert line["peak"] == pytest.approx(float(series.values.max()), rel=1e-12)
    assert line["peak_time"] == pytest.approx(float(series.times[series.values.argmax()]))
    assert line["trough"] == pytest.approx(float(series.values.min())) and line["trough"] < line["mean"] < line["peak"]


def test_provenance_tells_what_it_came_from(call: Call, files: tuple[Path, Path]):
    import hashlib

    call("run", *files, "--model", "toy", "--seed", "7", "--rtol", "1e-7")
    told = json.loads(Path("out/provenance.json").read_text())
    assert told["seed"] == 7 and told["options"]["rtol"] == 1e-7 and told["settled"] is True and told["complete"] is True
    assert told["files"]["day"] == {"name": "day.toml", "sha256": hashlib.sha256(files[1].read_bytes()).hexdigest()}
    assert len(told["fingerprints"]) == 1 and told["packages"]["numpy"] and told["drift_percent_per_day"][0] < 0.05
    assert "world.light" in told["unheard"]


def test_habits_alone_are_a_day(call: Call, files: tuple[Path, Path]):
    told = call("run", files[0], "--model", "toy")
    assert told.exit_code == 0 and "Anna: habits, 1 day" in told.stdout


def test_windows_are_kept_as_asked(call: Call, files: tuple[Path, Path]):
    told = call(
        "run", *files, "--model", "toy", "--window", "day 1 08:00,day 1 10:00,1 min", "--window", "threat + 0 s,threat + 30 min,10 s"
    )
    assert told.exit_code == 0, told.output
    first, second = read_run("out/run.nc").windows
    assert (len(first.times), len(second.times)) == (121, 181)
    assert second.times[0] == pytest.approx(39.0)


def test_a_population_differs(call: Call, files: tuple[Path, Path]):
    told = call("run", *files, "--model", "toy", "--population", "5", "--days", "1")
    assert told.exit_code == 0 and "medians of 5 people" in told.stdout, told.output
    run = read_run("out/run.nc")
    assert len(set(run["blood.cortisol"].at("12:00").value)) == 5
    assert "Medians over 5 people" in Path("out/report.html").read_text()


def test_earlier_files_are_replaced_and_others_stay(call: Call, files: tuple[Path, Path], tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/run.nc").write_text("old")
    (tmp_path / "out/mine.txt").write_text("mine")
    assert call("run", *files, "--model", "toy").exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["mine.txt", *FILES]
    assert (tmp_path / "out/mine.txt").read_text() == "mine" and (tmp_path / "out/run.nc").stat().st_size > 1000


@pytest.mark.parametrize(("code", "exit_code"), [(Code.TOO_MANY_STEPS, 1), (Code.INTERRUPTED, 130)])
def test_what_was_computed_is_kept(
    code: Code, exit_code: int, call: Call, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """A run that ends early, whatever for: its files are there, the message says so, and the code tells which it was."""
    from neurohumor.engine import solve

    real = solve.simulate

    def cut_short(*arguments: object, **options: object) -> Run:
        run = real(*arguments, **options)
        run.groups[0].blocks[0].states[:, 200:] = float("nan")
        return replace(run, statuses=(Status(code, 0, 16.6, "adrenal.cortisol"),))

    monkeypatch.setattr(solve, "simulate", cut_short)
    told = call("run", *files, "--model", "toy")
    assert told.exit_code == exit_code, told.output
    assert "kept" in told.stderr and code.value.split(";")[0] in told.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES
    page = (tmp_path / "out/report.html").read_text()
    assert 'class="bad"' in page and "not computed" in page
    assert json.loads((tmp_path / "out/provenance.json").read_text())["complete"] is False


@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
def test_ctrl_c_leaves_a_partial_run(files: tuple[Path, Path], tmp_path: Path):
    """A long run in a process of its own, stopped by the signal of Ctrl-C after a month of it is done."""
    families = Path(__file__).parent / "families"
    code = (
        "import os, signal, neurohumor.models as m\n"
        f"m.__path__.append({str(families)!r})\n"
        "from neurohumor.cli.app import main\n"
        "from neurohumor.engine import interrupt\n"
        "real = interrupt.Interruptible.asked\n"
        "def asked(self):\n"
        "    if self._done > 24 * 30 and not getattr(asked, 'told', False):\n"
        "        asked.told = True\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    return real(self)\n"
        "interrupt.Interruptible.asked = asked\n"
        "main()\n"
    )
    command = [sys.executable, "-c", code, "run", *map(str, files), "--model", "toy", "--days", "400", "--out", "out"]
    environment = {**os.environ, "NEUROHUMOR_CACHE": "off"}
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, timeout=110)
    assert told.returncode == 130, told.stderr
    assert "interrupted" in told.stderr and "kept" in told.stderr and "Traceback" not in told.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES
    series = read_run(tmp_path / "out/run.nc")["blood.cortisol"]
    computed = series.values == series.values
    assert computed[0] and not computed[-1] and 24 * 12 < computed.sum() < len(series)
