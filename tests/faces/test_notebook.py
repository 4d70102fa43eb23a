"""Runs, series, baselines and people show themselves in a notebook, and draw themselves with matplotlib."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest

from neurohumor.engine.run import Run
from neurohumor.engine.solve import simulate
from neurohumor.errors import ModelError, UnknownName
from neurohumor.life.day import dose, threat
from neurohumor.life.person import Person
from neurohumor.models import load
from neurohumor.study.population import sample


@pytest.fixture
def run() -> Run:
    day = dose("hydrocortisone", "10 mg", at="day 1 08:00") + threat(1, "day 1 15:00", duration="15 min")
    return simulate(load("toy"), Person(sex="f", name="Anna"), day, days=2)


@pytest.fixture
def axes():
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    yield plt.subplots()[1]
    plt.close("all")


def test_a_run_shows_what_it_is_and_its_curves(run: Run):
    shown = run._repr_html_()
    assert "run of toy" in shown and "blood.cortisol" in shown and "nmol/L" in shown and "Nothing here hears" in shown
    (path,) = re.findall(r'<path d="(M[^"]*)" fill="none"', shown)
    points = [tuple(map(float, each.split())) for each in path[1:].split("L")]
    top = min(points, key=lambda point: point[1])
    series = run["blood.cortisol"]
    assert top[0] == pytest.approx(2 + 216 * series.times[series.values.argmax()] / 48, abs=1.5)
    assert f"{float(series.peak().value):.3g} at {series.peak().clock}" in shown
    assert "<script" not in shown and len(shown) < 20_000


def test_what_is_not_computed_is_a_gap(run: Run):
    run.groups[0].blocks[0].states[:, 300:] = float("nan")  # type: ignore[index]
    run.groups[0]._memory.clear()
    assert "blood.cortisol" in run["blood.cortisol"]._repr_html_() and "nan" not in run._repr_html_()


def test_a_population_is_a_band(run: Run):
    shown = simulate(load("toy"), sample(6, seed=1), days=1)._repr_html_()
    assert 'opacity="0.2"' in shown and "6 people" in shown


def test_names_are_escaped(run: Run):
    from dataclasses import replace

    shown = replace(run["blood.cortisol"], name="<script>", doc='"><b>')._repr_html_()
    assert "<script>" not in shown and "<b>" not in shown


def test_a_run_draws_itself(run: Run, axes):
    drawn = run.plot("blood.cortisol")
    (line,) = drawn.get_lines()
    series = run["blood.cortisol"]
    assert np.array_equal(line.get_xdata(), series.times) and np.array_equal(line.get_ydata(), series.values)
    assert drawn.get_ylabel() == "blood.cortisol (nmol/L)" and drawn.get_xlabel() == "clock time"
    drawn.figure.canvas.draw()
    assert "00:00\nday 1" in [tick.get_text() for tick in drawn.get_xticklabels()]
    assert run.plot("blood.cortisol", axes=axes) is axes
    assert run["blood.cortisol"].to("ug/dL").plot().get_ylabel() == "blood.cortisol (ug/dL)"
    assert run.plot("blood.cortisol", to="ug/dL").get_ylabel() == "blood.cortisol (ug/dL)"


def test_kinds_of_units_stand_below_one_another(run: Run, axes):
    both = run.plot("blood.cortisol", "world.threat")
    assert both.shape == (2,) and both[1].get_ylabel() == "world.threat"
    with pytest.raises(ModelError, match="different kinds"):
        run.plot("blood.cortisol", "world.threat", axes=axes)
    with pytest.raises(UnknownName, match="did you mean"):
        run.plot("blood.cortisl")
    with pytest.raises(ModelError, match="nothing is to be drawn"):
        run.plot()


def test_a_population_is_drawn_with_its_band(axes):
    drawn = simulate(load("toy"), sample(6, seed=1), days=1).plot("blood.cortisol", axes=axes)
    assert len(drawn.collections) == 1 and len(drawn.get_lines()) == 1


def test_people_say_who_they_are():
    some = sample(3, like=Person(name="Anna"), seed=4)
    assert repr(some) == "<3 people like Anna>" and repr(some[1]) == "<Anna 1: drawn as people differ, seed 4>"


def test_importing_draws_in_nothing_heavy():
    code = "import sys, neurohumor; print([m for m in ('numpy', 'scipy', 'pandas', 'matplotlib', 'xarray', 'rich') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.strip() == "[]"
