"""Models of the field against a run of another engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.sbml_suite import expected_of

from neurohumor.sbml.read import read_sbml
from tests.sbml.texts import solve

USUAL = 1e-5
"""Of a column's largest value: by this the reference runs differ when they are repeated with looser tolerances ..."""
LOOSER = {
    "BIOMD0000000494": 3.6e-4, "BIOMD0000000138": 1.7e-4, "BIOMD0000000341": 1.1e-4, "BIOMD0000000408": 6.5e-5, "BIOMD0000000931": 3.3e-5,
    "MODEL1006230060": 3.0e-5, "MODEL1006230036": 2.7e-5, "MODEL1006230024": 2.5e-5, "MODEL1006230010": 2.2e-5, "BIOMD0000000078": 1.9e-5,
    "BIOMD0000000184": 1.6e-5, "MODEL0478740924": 1.6e-5, "BIOMD0000000570": 1.3e-5, "BIOMD0000000831": 1.3e-5,
}  # fmt: skip
"""... but for these, as the folder's README says."""
QUICK = (
    "BIOMD0000000001",
    "BIOMD0000000341",
    "BIOMD0000000379",
    "BIOMD0000000554",
    "BIOMD0000000570",
    "BIOMD0000000901",
    "MODEL1502230000",
)
LONG = "BIOMD0000000408"
"""Thousands of events, one after another."""
STEPPED_OVER = "BIOMD0000000627"
"""The reference run stepped over the onset of its stimulus near 200 s; see `test_an_onset_that_the_reference_run_missed`."""
COUNT = 71


@pytest.fixture(scope="module")
def reference(shared: Path) -> Path:
    folder = shared / "reference"
    if not (folder / "sbml").is_dir():
        pytest.skip("the models do not lie in the reference folder")
    return folder


def worst(reference: Path, name: str, until: float = np.inf) -> tuple[float, str]:
    """The largest difference as a part of its column's largest value, and the column."""
    expected = expected_of(reference / "expected" / f"{name}.csv")
    times = expected.pop("time")
    found = solve(read_sbml(reference / "sbml" / f"{name}.xml", raw=True), times)
    kept = times < until
    apart = {k: float(np.max(np.abs(found[k] - v)[kept])) / (float(np.max(np.abs(v))) or 1.0) for k, v in expected.items()}
    assert set(expected) <= set(found)
    return max((value, column) for column, value in apart.items())


@pytest.mark.parametrize("name", QUICK)
def test_a_model(reference: Path, name: str):
    far, column = worst(reference, name)
    assert far <= LOOSER.get(name, USUAL), column


@pytest.mark.slow
def test_every_model(reference: Path):
    names = sorted(path.stem for path in (reference / "sbml").glob("*.xml"))
    assert len(names) == COUNT
    rest = [name for name in names if name not in (LONG, STEPPED_OVER)]
    found = {name: worst(reference, name) for name in rest}
    assert {name: far for name, far in found.items() if not far[0] <= LOOSER.get(name, USUAL)} == {}


@pytest.mark.slow
def test_a_model_of_thousands_of_events(reference: Path):
    far, column = worst(reference, LONG)
    assert far <= LOOSER[LONG], column


def test_an_onset_that_the_reference_run_missed(reference: Path):
    """Before its onset the model is as expected; over the whole run it is as the same engine has it with short steps."""
    far, column = worst(reference, STEPPED_OVER, until=195.0)
    assert far <= USUAL, column
    roadrunner = pytest.importorskip("roadrunner")
    runner = roadrunner.RoadRunner(str(reference / "sbml" / f"{STEPPED_OVER}.xml"))
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-10, 1e-14
    runner.integrator.maximum_time_step = 0.05
    columns = [name for name in expected_of(reference / "expected" / f"{STEPPED_OVER}.csv") if name != "time"]
    system = read_sbml(reference / "sbml" / f"{STEPPED_OVER}.xml", raw=True)
    amounts = {row.name for row in system.states} | {row.name for row in system.params}
    runner.selections = ["time", *(c if c in amounts or f"{c}.amount" not in amounts else f"[{c}]" for c in columns)]
    table = np.array(runner.simulate(0.0, 400.0, 101))
    found = solve(system, table[:, 0])
    for k, name in enumerate(columns):
        size = float(np.max(np.abs(table[:, k + 1]))) or 1.0
        assert float(np.max(np.abs(found[name] - table[:, k + 1]))) <= USUAL * size, name
