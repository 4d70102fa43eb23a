"""`neurohumor compare`: what differs between two runs, two days and two models, and what differs with it; the page of both."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from neurohumor.engine.run import Run
from neurohumor.engine.solve import simulate
from neurohumor.engine.status import Code, Status
from neurohumor.errors import ModelError
from neurohumor.life.day import dose, threat
from neurohumor.life.lived import lived
from neurohumor.life.person import Person
from neurohumor.life.protocol import Protocol
from neurohumor.models import load
from neurohumor.show.compare import compare
from neurohumor.show.report import Story
from neurohumor.show.twofold import report_of_two, shared_scene
from tests.faces.conftest import DAY, Call

ANNA = Person(sex="f", name="Anna")
STRESS = threat(1, "day 0 15:00", duration="15 min")


def live(protocol: Protocol | None = None, **options: object) -> Run:
    return simulate(load("toy"), options.pop("person", ANNA), protocol, **{"days": 1, **options})  # type: ignore[arg-type]


@pytest.fixture
def pair() -> tuple[Run, Run]:
    return live(), live(STRESS)


def test_the_same_is_the_same(pair: tuple[Run, Run]):
    found = compare(pair[0], pair[0])
    assert found.quantities == found.reactions == found.inputs == found.numbers == found.causes == () and found.same == 1
    assert (found.start, found.end) == (0.0, 24.0) and found.only == ((), ())


def test_what_differs_and_what_differs_with_it(pair: tuple[Run, Run]):
    found = compare(*pair)
    (cortisol,) = found.quantities
    assert cortisol.name == "blood.cortisol" and cortisol.apart == pytest.approx(15.0, abs=0.1)
    for k, run in enumerate(pair):
        assert cortisol.mean[k] == pytest.approx(run["blood.cortisol"].mean().value)
        assert cortisol.peak[k] == pytest.approx(run["blood.cortisol"].peak().value)
    gap = abs(pair[0]["blood.cortisol"].values - pair[1]["blood.cortisol"].values[: len(pair[0]["blood.cortisol"])])
    assert cortisol.widest > 0.05 and gap.max() > 0
    assert [one.name for one in found.inputs] == ["world.threat"] and found.inputs[0].apart == pytest.approx(15.0)
    (cause,) = found.causes
    assert cause.quantities == ("blood.cortisol",)
    assert {(sign, one.name) for sign, one in cause.reactions} == {(1, "adrenal.made"), (-1, "adrenal.lost")}
    made = next(one for _, one in cause.reactions if one.name == "adrenal.made")
    assert made.change > 0 and made.apart == pytest.approx(15.0) and made.apart <= cortisol.apart
    assert found.unmoved == () and found.numbers == ()


def test_first_and_second_are_told_apart(pair: tuple[Run, Run]):
    there, back = compare(*pair), compare(*reversed(pair))
    assert there.quantities[0].change == pytest.approx(-back.quantities[0].change) and there.quantities[0].change > 0
    assert there.quantities[0].widest == pytest.approx(back.quantities[0].widest)


def test_numbers_of_another_person_differ():
    other = Person(sex="f", values={"adrenal.k_out": "1.3 x"})
    found = compare(live(), live(person=other))
    (number,) = found.numbers
    assert number.name == "adrenal.k_out" and number.mean == pytest.approx((0.5, 0.65)) and number.percent == "+30 %"


def test_runs_of_two_lengths_are_compared_where_both_are():
    found = compare(live(days=2), live(STRESS, days=1))
    assert (found.start, found.end) == (0.0, 24.0)
    long = live(days=2)["blood.cortisol"]
    assert found.quantities[0].mean[0] == pytest.approx(long.mean((0.0, 24.0)).value)


def test_windows_are_compared_where_both_kept_them():
    """One kept the whole day, the other two hours of it: mean and peak are those of the two hours, in both."""
    hours = [(10.0, 11.0), (15.0, 16.0)]
    whole = live()
    cut = live(STRESS, windows=[("10:00", "11:00", "1 min"), ("15:00", "16:00", "1 min")])
    found = compare(whole, cut)
    (cortisol,) = found.quantities
    assert (found.start, found.end) == (10.0, 16.0)
    for k, run in enumerate((whole, cut)):
        series = run["blood.cortisol"]
        assert cortisol.mean[k] == pytest.approx(sum(series.mean(hour).value for hour in hours) / 2)
        assert cortisol.peak[k] == pytest.approx(max(series.peak(hour).value for hour in hours))


def test_what_only_one_model_has_is_named():
    found = compare(live(), live(dose("dexamethasone", "1 mg", at="day 0 09:00")))
    assert found.only[0] == () and {"dexamethasone.k", "dexamethasone.lost"} <= set(found.only[1])


def test_what_cannot_be_compared_is_refused(pair: tuple[Run, Run]):
    from neurohumor.study.population import sample

    with pytest.raises(ModelError, match="one person"):
        compare(pair[0], simulate(load("toy"), sample(2, like=ANNA, seed=1), days=1))
    with pytest.raises(ModelError, match="not complete"):
        compare(pair[0], replace(pair[1], statuses=(Status(Code.TOO_MANY_STEPS, 0, 3.0, "adrenal.cortisol"),)))
    early, late = live(windows=[("06:00", "07:00", "5 min")]), live(windows=[("16:00", "17:00", "5 min")])
    with pytest.raises(ModelError, match="no stretch of time"):
        compare(early, late)


def test_a_run_without_its_equations_tells_quantities_alone(pair: tuple[Run, Run], tmp_path: Path):
    from neurohumor.engine.storage import read_run

    bare = [read_run(run.to_netcdf(tmp_path / f"{k}.nc")) for k, run in enumerate(pair)]
    found = compare(*bare)
    assert [one.name for one in found.quantities] == ["blood.cortisol"] and not found.equations and found.reactions == ()
    assert "world.threat" in [one.name for one in found.inputs]


def stories(pair: tuple[Run, Run]) -> tuple[Story, Story]:
    model = load("toy").model(ANNA)
    days = (Protocol(), STRESS)
    first, second = (Story(run, "A day", "", model, lived(ANNA, days[k], start=0.0, end=24.0)) for k, run in enumerate(pair))
    return first, second


def test_the_page_shows_both_curves_in_one_chart(pair: tuple[Run, Run]):
    both = stories(pair)
    page = report_of_two(both, ("calm", "tense"), compare(*pair))
    charts = re.findall(r'<svg class="chart".*?</svg>', page, re.DOTALL)
    assert len(charts) == 2, "one quantity, drawn broad and narrow"
    for chart in charts:
        lines = re.findall(r'<path d="M[^"]*" fill="none" stroke="(#\w+)"[^>]*?(stroke-dasharray)?[^>]*/>', chart)
        assert len({colour for colour, _ in lines}) == 2 and ">calm<" in chart and ">tense<" in chart
        assert chart.count("stroke-dasharray") == 1 and "tense: threat" in chart
    for due in ("What differs", "adrenal.made", "world.threat", "in tense alone", "medical advice", "Provenance"):
        assert due in page, due
    assert "<script" not in page and "default-src 'none'" in page


def test_nights_that_differ_are_bars_and_those_that_do_not_are_shaded(pair: tuple[Run, Run]):
    both = stories(pair)
    assert shared_scene(both, ("a", "b")).nights and not shared_scene(both, ("a", "b")).strips
    awake = replace(both[1], going_on=())
    around = shared_scene((both[0], awake), ("a", "b"))
    assert not around.nights and len(around.strips) == 2 and around.strips[1] == ()
    assert all(mark.label.startswith("a: ") for mark in around.marks)


def test_labels_are_text_and_nothing_else(pair: tuple[Run, Run]):
    page = report_of_two(stories(pair), ("<b>one</b>", '"><img src=x>'), compare(*pair))
    assert "<b>" not in page and "<img" not in page


def test_the_verb_compares_two_days_and_leaves_a_page(call: Call, files: tuple[Path, Path], tmp_path: Path):
    (tmp_path / "calm.toml").write_text(DAY.replace("level = 1", "level = 0.2"), encoding="utf-8")
    told = call("compare", "calm.toml", files[1], "--person", files[0], "--model", "toy", "--out", "both")
    assert told.exit_code == 0, told.output
    assert "calm and day" in told.stdout and "world.threat" in told.stdout and "adrenal.made" in told.stdout
    assert [path.name for path in (tmp_path / "both").iterdir()] == ["report.html"]


def test_the_verb_compares_two_runs(call: Call, files: tuple[Path, Path], tmp_path: Path):
    assert call("run", files[0], "--model", "toy", "--days", "2", "--out", "one").exit_code == 0
    assert call("run", *files, "--model", "toy", "--out", "two").exit_code == 0
    told = call("compare", "one", "two/run.nc", "--model", "toy")
    assert told.exit_code == 0, told.output
    assert "one and two" in told.stdout and "blood.cortisol" in told.stdout and "adrenal.made" in told.stdout


def test_the_verb_compares_two_models(call: Call):
    told = call("compare", "toy", "toy")
    assert told.exit_code == 0, told.output
    assert "0 of 1 main quantities differ" in told.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("toy", "day.toml"), "toy is a model, day.toml a day"),
        (("toys", "toy"), "did you mean toy"),
        (("none.nc", "none.nc"), "no such file"),
        (("none.toml", "none.toml"), "none.toml"),
    ],
)
def test_bad_names_are_told(arguments: tuple[str, str], said: str, call: Call):
    told = call("compare", *arguments, "--model", "toy")
    assert told.exit_code == 2 and said in told.stderr, told.output
