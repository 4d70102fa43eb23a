"""The field's own test suite: at least nine in ten of the cases pass, the rest are refused with a reason, none is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks.sbml_suite import ERROR, PASS, REFUSED, Outcome, difference, expected_of, reason, run_case, settings_of, tags_of

REASONS = {"'delay' reads the past": 26, "a 'fast' reaction whose": 7, "FluxBalanceSteadyState is not a time course": 16}
EVERY = 16


@pytest.fixture(scope="module")
def suite(shared: Path) -> Path:
    folder = shared / "reference" / "sbml_test_suite"
    if not folder.is_dir():
        pytest.skip("the semantic test suite does not lie in the reference folder")
    return folder


def outcomes_of(suite: Path, names: list[str]) -> dict[str, Outcome]:
    tags = tags_of(suite)
    return {name: run_case(suite / "cases" / name, tags.get(name, {}), "reference") for name in names}


def unexpected(outcomes: dict[str, Outcome]) -> dict[str, str]:
    """What neither passed nor was refused for a reason that we know."""
    return {
        name: str(o)
        for name, o in outcomes.items()
        if o.kind != PASS and not (o.kind == REFUSED and any(o.why.startswith(known) for known in REASONS))
    }


def test_every_sixteenth_case(suite: Path):
    names = sorted(f.name for f in (suite / "cases").iterdir())[::EVERY]
    outcomes = outcomes_of(suite, names)
    assert len(outcomes) == 57 and unexpected(outcomes) == {}
    assert sum(o.kind == PASS for o in outcomes.values()) >= 0.9 * len(outcomes)


@pytest.mark.slow
def test_every_case(suite: Path):
    names = sorted(f.name for f in (suite / "cases").iterdir())
    outcomes = outcomes_of(suite, names)
    assert unexpected(outcomes) == {}
    refused = {known: sum(o.kind == REFUSED and o.why.startswith(known) for o in outcomes.values()) for known in REASONS}
    assert all(refused[known] <= most for known, most in REASONS.items()), refused
    assert sum(o.kind == PASS for o in outcomes.values()) >= 862


def test_the_script_tells_its_counts_as_json(suite: Path, root: Path):
    script = root / "benchmarks" / "sbml_suite.py"
    command = [sys.executable, str(script), str(suite), "--json", "--only", "00001", "00937", "01187"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=100)
    found = json.loads(told.stdout)
    assert told.returncode == 0, told.stderr
    assert (found["pass"], found["wrong"], found["error"], sum(found["refused"].values())) == (1, 0, 0, 2)
    assert found["cases"]["00001"] == PASS and found["cases"]["00937"].startswith(REFUSED)


def test_a_planted_difference_is_seen(suite: Path, tmp_path: Path):
    """A case whose expected result is off by a little more than is allowed is wrong; one that cannot be read is an error."""
    source = suite / "cases" / "00001"
    folder = tmp_path / "00001"
    folder.mkdir()
    for path in source.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    assert run_case(folder, {}, "reference").kind == PASS
    results = folder / "00001-results.csv"
    lines = results.read_text(encoding="utf-8").splitlines()
    cells = lines[10].split(",")
    cells[1] = repr(float(cells[1]) * 1.01)
    results.write_text("\n".join([*lines[:10], ",".join(cells), *lines[11:]]), encoding="utf-8")
    assert run_case(folder, {}, "reference").kind == "wrong"
    (folder / "00001-sbml-l3v2.xml").unlink()
    assert run_case(folder, {}, "reference").kind == ERROR


def test_what_counts_as_equal(suite: Path, tmp_path: Path):
    """NaN equals NaN, an infinity one of its sign."""
    settings = settings_of(suite / "cases" / "00001" / "00001-settings.txt")
    assert (settings.steps, settings.variables, settings.amounts) == (50, ("S1", "S2"), frozenset({"S1", "S2"}))
    path = tmp_path / "x.csv"
    path.write_text("time, a\n0, NaN\n1, INF\n2, 3\n", encoding="utf-8")
    expected = expected_of(path)["a"]
    assert difference(expected, expected, settings) == 0.0
    assert difference(-expected, expected, settings) == float("inf")
    assert difference(np.full(3, 3.0), expected, settings) == float("inf")


def test_a_reason_names_no_single_file():
    from neurohumor.errors import FileError

    assert reason(FileError("line 12: 'k1' is not here; and 3 more")) == reason(FileError("line 7: 'k2' is not here"))
