"""Melatonin of 1997 against its SBML file, a twin by hand, and another simulator's course."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import numpy as np
import pytest

from neurohumor.lang import Param
from neurohumor.modules.rhythms.melatonin_brown1997 import MelatoninBrown1997
from tests.papers.alone import Alone, differing, samples
from tests.papers.brown1997 import by_hand
from tests.papers.mathml import File

ONE = Alone(MelatoninBrown1997)
TOLD = tomllib.loads((Path(__file__).parent / "published.toml").read_text(encoding="utf-8"))["peak"]
CENTRE = {"H1": 20.0, "H2": 150.0}


def test_rates_equal_the_file_s_through_the_night_it_runs(shared, rng):
    file = File(shared / "reference" / "sbml" / "BIOMD0000000672.xml")
    for t, state in samples(rng, CENTRE):
        minutes = t * 2700 / 48  # the file's own night ends where the next begins here
        ours, theirs = ONE.rates(minutes / 60, state, ONE.params(), {}), file.rates(minutes, state)
        for name in CENTRE:
            assert ours[name] == pytest.approx(60 * theirs[name], rel=1e-8), (minutes, name)


def test_rates_equal_those_by_hand(rng):
    assert differing(ONE, by_hand.rates, samples(rng, CENTRE), ONE.params(), ONE.params(), [{}]) == set()


@pytest.mark.parametrize("name", [p.name for p in MelatoninBrown1997.of(Param)])
def test_one_per_cent_in_any_parameter_shows(name, rng):
    params = ONE.params()
    assert differing(ONE, by_hand.rates, samples(rng, CENTRE), {**params, name: params[name] * 1.01}, params, [{}])


def test_course_and_peak(shared):
    with (shared / "reference" / "expected" / "BIOMD0000000672.csv").open() as lines:
        rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(lines) if float(row["time"]) < 2700]
    course = ONE.run(np.array([row["time"] / 60 for row in rows]))
    for name in CENTRE:
        column = np.array([row[name] for row in rows])
        assert np.abs(course[name] - column).max() < 1e-4 * column.max(), name
    times = np.arange(1700, 1900) / 60
    H2 = ONE.run(np.concatenate([[0.0], times]))["H2"][1:]
    assert H2.max() == pytest.approx(TOLD["value"], abs=TOLD["tolerance"])
    assert 60 * times[H2.argmax()] == pytest.approx(TOLD["at"], abs=TOLD["at_tolerance"])


def test_it_recurs():
    times = np.array([0.0, 24 + 2.0, 48 + 2.0])
    H2 = ONE.run(times)["H2"]
    assert H2[1] == pytest.approx(H2[2], rel=1e-5)
