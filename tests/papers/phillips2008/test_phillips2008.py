"""The switch of 2008 against its SBML file, against a twin by hand, and against the file's own orbit."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import numpy as np
import pytest

from neurohumor.lang import Param
from neurohumor.modules.rhythms.sleep_phillips2008 import DEPRIVATION, SleepPhillips2008
from tests.papers.alone import Alone, differing, samples
from tests.papers.mathml import File
from tests.papers.phillips2007 import by_hand

NAMES = {"V_m": "Vm", "V_v": "Vv", "H": "H"}
ONE = Alone(SleepPhillips2008)
TOLD = tomllib.loads((Path(__file__).parent / "published.toml").read_text(encoding="utf-8"))["orbit"]
READ_OFF = {"Q_awake", "n_awake"}


def test_rates_equal_the_file_s(shared, rng):
    file = File(shared / "reference" / "sbml" / "MODEL1006230110.xml")
    for t, state in samples(rng, ONE.start()):
        ours, theirs = ONE.rates(t, state, ONE.params(), {}), file.rates(t, {NAMES[k]: v for k, v in state.items()})
        for name, other in NAMES.items():
            assert ours[name] == pytest.approx(theirs[other], rel=1e-9, abs=1e-9), name


def test_rates_equal_those_by_hand(rng):
    assert differing(ONE, by_hand.rates, samples(rng, ONE.start()), ONE.params(), ONE.params(), [{}]) == set()


@pytest.mark.parametrize("name", sorted({p.name for p in SleepPhillips2008.of(Param)} - READ_OFF))
def test_one_per_cent_in_any_parameter_shows(name, rng):
    params = ONE.params()
    changed = {**params, name: params[name] * 1.01 or 0.1}
    assert differing(ONE, by_hand.rates, samples(rng, ONE.start()), changed, params, [{}])


def test_it_starts_where_the_file_does(shared):
    file = File(shared / "reference" / "sbml" / "MODEL1006230110.xml")
    assert {NAMES[k]: v for k, v in ONE.start().items()} == {v: file.numbers[v] for v in NAMES.values()}


def test_course_equals_another_simulator_s(shared):
    with (shared / "reference" / "expected" / "MODEL1006230110.csv").open() as lines:
        rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(lines)]
    course = ONE.run(np.array([row["time"] for row in rows]))
    for name, other in NAMES.items():
        column = np.array([row[other] for row in rows])
        assert np.abs(course[name] - column).max() < 1e-4 * np.abs(column).max(), name


def test_orbit():
    times = np.arange(0, 240 + 1e-9, 1 / 60)
    course = ONE.run(times)
    H = course["H"][times >= 144]
    assert [H.min(), H.max()] == pytest.approx([TOLD["lowest_somnogen"], TOLD["highest_somnogen"]], abs=TOLD["tolerance"])
    V = course["V_m"]
    onsets = times[1:][(V[1:] < -4) & (V[:-1] >= -4)]
    assert np.diff(onsets[-4:]) == pytest.approx(TOLD["period"], abs=1 / 60)
    late = times >= 192
    assert course["H"][late] == pytest.approx(course["H"][(times >= 168) & (times <= 216 + 1e-9)][: late.sum()], abs=2e-3)


def test_the_set_for_deprivation_equals_its_file(shared, rng):
    """The same laws with the numbers of the second file, outside its forced waking."""
    file = File(shared / "reference" / "sbml" / "MODEL1006230115.xml")
    params = {**ONE.params(), **DEPRIVATION}
    for t, state in samples(rng, ONE.start()):
        ours, theirs = ONE.rates(t, state, params, {}), file.rates(t, {NAMES[k]: v for k, v in state.items()})
        for name, other in NAMES.items():
            assert ours[name] == pytest.approx(theirs[other], rel=1e-9, abs=1e-9), name
