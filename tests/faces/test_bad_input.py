"""Bad input: one clear message, exit code 2, no traceback, nothing written, nothing evaluated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faces.conftest import DAY, PERSON, Call

GOOD = {"person": PERSON, "day": DAY}


def day(table: str) -> dict[str, str]:
    return {"day": f"days = 2\n{table}\n"}


BAD: dict[str, tuple[dict[str, str | bytes], str]] = {
    "unknown key": (day('[[dose]]\nof = "hydrocortisone"\namuont = "10 mg"\nat = "08:00"'), "day.toml:4: unknown key 'amuont'"),
    "unknown kind": (day('[[does]]\nof = "hydrocortisone"'), "did you mean dose"),
    "wrong unit": (day('[[dose]]\nof = "hydrocortisone"\namount = "10 mmHg"\nat = "08:00"'), "mmHg"),
    "wrong unit of a person": ({"person": 'sex = "f"\nweight = "60 s"\n'}, "person.toml:2: 60 s has the wrong unit"),
    "negative dose": (day('[[dose]]\nof = "hydrocortisone"\namount = "-10 mg"\nat = "08:00"'), "negative"),
    "unknown drug": (day('[[dose]]\nof = "hydrocortisoen"\namount = "10 mg"\nat = "08:00"'), "did you mean hydrocortisone"),
    "drug that no part takes": (day('[[dose]]\nof = "caffeine"\namount = "100 mg"\nat = "08:00"'), "takes no 'caffeine'"),
    "route that no part takes": (
        day('[[dose]]\nof = "hydrocortisone"\namount = "9 mg"\nat = "08:00"\nroute = "iv"'),
        "cannot be given by 'iv'",
    ),
    "overlapping sleep": (day('[[sleep]]\nfrom = "22:00"\nto = "06:00"\n[[sleep]]\nfrom = "05:00"\nto = "09:00"'), "overlap"),
    "end before start": (day('[[light]]\nlevel = "300 lux"\nfrom = "day 1 09:00"\nto = "day 0 08:00"'), "day.toml:"),
    "not a number": (day('[[threat]]\nlevel = nan\nfrom = "15:00"\nto = "15:15"'), "nan is not a finite number"),
    "infinite": ({"day": "days = inf\n"}, "inf is not a finite number"),
    "empty file": ({"day": ""}, "the file is empty"),
    "empty person": ({"person": " \n"}, "the file is empty"),
    "over 5 MB": ({"day": "# " + "x" * 5_100_000}, "MB"),
    "binary": ({"day": bytes(range(256)) * 20}, "UTF-8"),
    "no TOML": ({"day": "days = = 3\n"}, "day.toml:1: this is not TOML"),
    "deep": ({"day": "a = " + "[" * 3000 + "]" * 3000 + "\n"}, "day.toml"),
    "hostile name": ({"person": 'name = "../../etc/passwd"\nsex = "f"\n'}, "person.toml:1"),
    "name that is code": ({"person": "name = \"__import__('os').system('touch hit')\"\nsex = \"f\"\n"}, "person.toml:1"),
    "name that steers a terminal": ({"person": 'name = "\\u001b[31mred"\nsex = "f"\n'}, "person.toml:1"),
    "override of no parameter": ({"person": 'sex = "f"\n[values]\n"adrenal.k_uot" = "0.9 x"\n'}, "did you mean adrenal.k_out"),
    "override out of bounds": ({"person": 'sex = "f"\n[values]\n"adrenal.k_out" = -1.0\n'}, "adrenal.k_out"),
    "a thousand years": ({"day": "days = 400000\n"}, "day.toml:1"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_with_one_message(case: str, call: Call, tmp_path: Path):
    wrong, expected = BAD[case]
    for name, content in {**GOOD, **wrong}.items():
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / f"{name}.toml").write_bytes(data)
    before = sorted(tmp_path.iterdir())
    told = call("run", "person.toml", "day.toml", "--model", "toy", "--out", "out")
    assert told.exit_code == 2, told.output
    assert expected in told.stderr and told.stderr.count("error:") == 1 and told.stderr.startswith("error: ")
    assert len(told.stderr.splitlines()) <= 4 and len(told.stderr) < 1200, told.stderr
    assert "Traceback" not in told.stderr and told.stdout == ""
    assert "\x1b" not in told.stderr
    assert sorted(tmp_path.iterdir()) == before


OPTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "no such model": (("--model", "huamn"), "no model is called 'huamn'"),
    "no days": (("--days", "0"), "--days"),
    "days that are no number": (("--days", "many"), "--days"),
    "days that are not finite": (("--days", "nan"), "--days"),
    "tolerance": (("--rtol", "0.5"), "--rtol"),
    "window of two": (("--window", "06:00,10:00"), "is no window"),
    "window that leaves the run": (("--window", "day 5 06:00,day 5 10:00,1 min"), "leaves the run"),
    "nobody": (("--population", "0"), "--population"),
    "option": (("--dyas", "3"), "--dyas"),
}


@pytest.mark.parametrize("case", OPTIONS)
def test_bad_options_are_refused_with_one_message(case: str, call: Call, files: tuple[Path, Path], tmp_path: Path):
    options, expected = OPTIONS[case]
    before = sorted(tmp_path.iterdir())
    told = call("run", *files, "--model", "toy", *options)
    assert told.exit_code == 2, told.output
    assert expected in told.stderr and "Traceback" not in told.stderr and told.stdout == ""
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_that_is_missing(call: Call, files: tuple[Path, Path]):
    told = call("run", "nobody.toml", files[1], "--model", "toy")
    assert told.exit_code == 2 and "nobody.toml: the file cannot be read" in told.stderr


def test_a_place_where_nothing_can_be_written_is_told_before_the_run(call: Call, files: tuple[Path, Path], tmp_path: Path):
    (tmp_path / "taken").write_text("a file")
    told = call("run", *files, "--model", "toy", "--out", "taken")
    assert told.exit_code == 2 and "is no folder" in told.stderr
    assert (tmp_path / "taken").read_text() == "a file"


def test_debug_shows_the_traceback_and_keeps_the_code(call: Call):
    told = call("run", "nobody.toml", "--debug")
    assert told.exit_code == 2 and "Traceback" in told.stderr and "FileError" in told.stderr


def test_an_unknown_verb_is_told_with_the_closest(call: Call):
    told = call("rnu")
    assert told.exit_code == 2 and "did you mean run" in told.stderr


def test_a_fault_of_ours_is_told_as_one(call: Call, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def broken(*_: object) -> str:
        raise ValueError("a planted fault")

    monkeypatch.setattr("neurohumor.show.report.report", broken)
    told = call("run", *files, "--model", "toy", "--out", "out")
    assert told.exit_code == 1 and "ValueError: a planted fault" in told.stderr and "--debug" in told.stderr
    assert "Traceback" not in told.stderr and not (tmp_path / "out").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_real_command_line_refuses_alike(tmp_path: Path):
    """In a process of its own, as a user meets it."""
    (tmp_path / "person.toml").write_text('sex = "f"\nwieght = "60 kg"\n')
    command = [str(Path(sys.executable).with_name("neurohumor")), "run", "person.toml", "--out", "out"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert told.returncode == 2 and told.stdout == ""
    assert told.stderr.splitlines()[0] == "error: person.toml:2: unknown key 'wieght'" and "did you mean weight" in told.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["person.toml"]
