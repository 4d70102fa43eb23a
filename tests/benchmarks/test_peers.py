"""The comparison: its JSON, its errors, its rule for equal error, its page."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import numpy as np
import pytest


def row(rms, speed, engine="a"):
    from work_precision import Row

    return Row("p", engine, 1e-4, rms, speed, 0.1)


def test_the_json_is_as_documented(root):
    command = [sys.executable, "benchmarks/peers.py", "--model", "hires", "--engines", "neurohumor", "radau", "--quick", "--json"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=100, check=True)
    found = json.loads(done.stdout)
    assert {tuple(r) for r in found["rows"]} == {("problem", "engine", "rtol", "rms_error", "per_second_per_core", "setup_s")}
    assert {r["engine"] for r in found["rows"]} == {"neurohumor", "SciPy Radau"}
    errors = [r["rms_error"] for r in found["rows"] if r["engine"] == "neurohumor"]
    assert errors[0] > 1e-4 and errors[-1] < 1e-6
    assert found["at_equal_error"]["hires"]["neurohumor"] > found["at_equal_error"]["hires"]["SciPy Radau"] > 0


def test_equal_error_lies_between_its_neighbours():
    from work_precision import at_equal_error

    found = at_equal_error([row(1e-4, 100.0), row(1e-6, 1.0)])
    assert found is not None and math.isclose(found.per_second, 10.0) and not found.bound
    assert at_equal_error([row(1e-4, 100.0), row(2e-5, 50.0)]) is None
    found = at_equal_error([row(1e-6, 30.0), row(1e-7, 10.0)])
    assert found is not None and found.per_second == 30.0 and found.bound == "at least"


def test_what_is_slower_and_worse_counts_for_nothing():
    from work_precision import at_equal_error

    found = at_equal_error([row(1e-4, 100.0), row(3e-5, 1.0), row(1e-6, 1.0)])
    assert found is not None and math.isclose(found.per_second, 10.0)


def test_the_error_is_relative_and_small_values_count_less():
    from work_precision import error

    truth = np.ones((1, 4, 2))
    assert math.isclose(error(truth * 1.01, truth), 0.01 / 1.001)
    truth[0, :, 1] = 1e-33
    assert error(np.tile([1.0, 0.0], (1, 4, 1)), truth, np.array([1.0, 1e-9])) < 1e-12
    truth[0, :, 1] = 0.0
    assert math.isclose(error(truth * 1.01, truth), 0.01 / 1.001)


@pytest.mark.parametrize("name", ["s", "reed2008"])
def test_engines_agree_on_schedules(name, shared):
    """Boluses into states, and parameters that are set: as events in SBML, and walked from outside."""
    pytest.importorskip("roadrunner")
    import peers_engines
    import problems
    from work_precision import error, truth

    problem = problems.sized(problems.network(50, days=1)) if name == "s" else problems.problem(name)
    exact = truth(problem, 2)
    assert exact.doubt < 1e-8
    assert error(peers_engines.ours(problem).run(2, 1e-5), exact.states) < 1e-5
    for events in (True, False):
        assert error(peers_engines._Roadrunner(problem, events=events).run(2, 1e-8), exact.states) < 1e-5


def test_an_engine_that_is_not_installed_is_said(monkeypatch):
    import peers
    import peers_engines
    from work_precision import QUICK

    monkeypatch.setattr(peers_engines.importlib.util, "find_spec", lambda name: None)
    found = peers.compare(["robertson"], ["amici", "sundae"], QUICK)
    assert found["rows"] == [] and found["at_equal_error"] == {}
    assert any("amici is not installed" in line for line in found["about"]["left_out"])


def test_an_engine_that_fails_for_some_people_is_said_and_left_out():
    import problems
    from peers_engines import Engine, Failed, ours
    from work_precision import QUICK, measured

    problem = problems.problem("hires")
    sound = ours(problem)

    def fails(people, rtol):
        if people > 2:
            raise Failed("person 2")
        return sound.run(people, rtol)

    said = []
    rows = measured(problem, [(Engine("frail", problem, (1e-3,), fails, at_least=64), 0.0), (sound, 0.0)], QUICK, said)
    assert {r.engine for r in rows} == {"neurohumor"}
    assert len(said) == 1 and said[0].startswith("hires: frail failed for some of ") and said[0].endswith("(person 2)")


def test_the_page_holds_what_was_measured_and_nothing_else(tmp_path):
    import peers
    import report
    from work_precision import QUICK

    found = peers.compare(["hires"], ["neurohumor", "alone"], QUICK)
    (tmp_path / "peers.json").write_text(json.dumps(found))
    gathered = report.gathered(tmp_path)
    text = report.page(gathered)
    measured, _, absent = text.partition("## At equal error")[2].partition("## Left out")
    assert "neurohumor, one alone" in measured and "HIRES" in measured and "AMICI" not in measured
    assert "hires: not run: libRoadRunner, AMICI" in absent and "## Targets" not in text
    [figure] = report.figures(gathered, tmp_path)
    assert figure.read_text().startswith("<?xml")


def test_the_clock_is_that_of_a_processor():
    import limit

    assert 0.5e9 < limit.clock() < 8e9


def test_the_share_of_the_limit_is_a_share():
    import limit

    found = limit.share("hires", rounds=1)
    assert 0.0 < found["share"] < 1.0 and found["cycles_of_bound"] > 100
