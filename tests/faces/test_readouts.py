"""Read-outs: what is told of a run is what its rows say, in Python, at the command line and in the report."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest

from neurohumor.engine.run import Run
from neurohumor.engine.solve import simulate
from neurohumor.engine.storage import read_run
from neurohumor.errors import ModelError, UnknownName
from neurohumor.lang.readout import LABEL, Headline, Readout, under
from neurohumor.life.day import burst, task
from neurohumor.models import load
from neurohumor.models.readouts import declared
from neurohumor.models.readouts.headlines import HEADLINES
from neurohumor.names import lookup
from neurohumor.proof.readouts import readouts
from neurohumor.readout.tell import tell
from neurohumor.units import unit
from tests.faces.conftest import Call

FINE = [("00:00", "24:00", "5 min"), ("burst + 0 s", "burst + 5 s", "10 ms")]


@pytest.fixture(scope="module")
def run() -> Run:
    day = burst("da", "day 0 12:00", duration="0.5 s", factor=5, recruit=3) + task(0.5, "day 0 15:00", duration="1 h")
    return simulate(load("synapse"), None, day, days=1, windows=FINE)


def test_flows_are_the_means_of_their_rows(run: Run):
    found = readouts(run, ("06:00", "11:00"))
    synthesis = run["striatum.dopamine_synthesis"].mean(("06:00", "11:00"))
    assert found["dopamine, striatum: synthesis"].value == pytest.approx(float(synthesis), rel=1e-12)
    mass = float(run["da_striatum.mass"].to("g").values[0])
    assert found["dopamine, striatum: synthesis, per gram"].value == pytest.approx(float(synthesis) * 1e6 / 60 / mass, rel=1e-12)
    release, ecf = run["pfc.dopamine_release"].mean(("06:00", "11:00")), 0.2
    fluid = float(run["da_pfc.mass"].to("g").values[0]) * ecf / 1000
    assert found["dopamine, pfc: release, gross, per fluid"].value == pytest.approx(float(release) * 1000 / 60 / fluid, rel=1e-9)
    assert (found[0].start, found[0].end) == (6.0, 11.0)


def test_shares_add_up_and_are_those_of_the_module(run: Run):
    found = readouts(run, ("06:00", "11:00"))
    for group, place in (("dopamine", "striatum"), ("dopamine", "pfc"), ("serotonin", "cortex"), ("serotonin", "raphe")):
        shares = [one.value for one in found.of(group, place) if one.readout.name.startswith("cleared by")]
        assert len(shares) >= 4 and sum(shares) == pytest.approx(100, rel=1e-12)
    told = float(run["pfc.dopamine_by_net"].mean(("06:00", "11:00")))
    assert found["dopamine, pfc: cleared by NET"].value == pytest.approx(100 * told, rel=1e-3)


def test_at_rest_what_is_made_is_what_goes(run: Run):
    """Synthesis equals breakdown and what diffuses away, to how still the settled terminal stands."""
    found = readouts(run, ("06:00", "11:00")).of("serotonin", "cortex")
    made, broken = (found[f"serotonin, cortex: {name}"].value for name in ("synthesis", "breakdown"))
    away = run["ht_cortex.away_amount"].mean(("06:00", "11:00")).to("umol/h")
    assert made == pytest.approx(broken + float(away), rel=1e-3)


def test_a_tonic_level_has_means_of_ten_minutes(run: Run):
    level = readouts(run, ("14:00", "17:00"))["dopamine, striatum: tonic level"]
    series = run["striatum.dopamine"]
    assert level.value == pytest.approx(float(series.mean(("14:00", "17:00"))), rel=1e-12)
    slid = [float(series.mean((14 + k / 12, 14 + k / 12 + 1 / 6))) for k in range(35)]
    assert (level.low, level.high) == pytest.approx((min(slid), max(slid)), rel=1e-9)


def test_what_follows_a_burst_is_read_from_its_window(run: Run):
    found = readouts(run)
    window = run.windows[1]["striatum.dopamine"]
    assert found["dopamine, striatum: phasic peak"].value == pytest.approx(float(window.values.max()))
    times, rise = (window.times - window.times[0]) * 3600, window.values - window.values[0]
    top = int(np.argmax(rise))
    after = np.interp(rise[top] / 2, rise[top:][::-1], times[top:][::-1])
    assert found["dopamine, striatum: phasic half-decay"].value == pytest.approx(after - times[top], abs=0.01)
    assert found["dopamine, striatum: phasic area"].value == pytest.approx(
        np.trapezoid(rise, times) if hasattr(np, "trapezoid") else np.trapz(rise, times)
    )
    pfc = found["dopamine, pfc: phasic half-decay"].value
    assert 0.05 < found["dopamine, striatum: phasic half-decay"].value < 0.5 < pfc < 3
    assert not [one for one in found.of("serotonin") if one.readout.how.startswith("burst")], "no burst of serotonin happened"


def test_a_run_without_equations_says_what_it_cannot_tell(run: Run, tmp_path: Path):
    bare = readouts(read_run(run.to_netcdf(tmp_path / "run.nc")))
    assert bare["dopamine, striatum: synthesis"].value == pytest.approx(readouts(run)["dopamine, striatum: synthesis"].value)
    assert "dopamine, striatum: cleared by DAT" not in [one.readout.full for one in bare if not one.note]


def test_a_population_is_a_median_with_its_spread():
    from neurohumor.study.population import sample

    people = sample(7, seed=2)
    run = simulate(load("synapse"), people, days=0.25)
    one = readouts(run)["dopamine, striatum: synthesis"]
    each = [readouts(run.person(k))["dopamine, striatum: synthesis"].value for k in range(7)]
    assert one.people == pytest.approx(each) and one.value == pytest.approx(float(np.median(each))) and one.low < one.value < one.high


def test_tables_have_units_and_methods(run: Run):
    table = readouts(run).of("dopamine", "pfc").to_pandas()
    assert set(table["unit"]) >= {"umol/h", "pmol/g/min", "nmol/L", "%", "s", "h", "1"} and (table["method"] != "").all()
    assert (table["label"] == LABEL).all() and (table["from"] == "00:00").any()
    assert LABEL in repr(readouts(run)) and LABEL in readouts(run)._repr_html_()
    with pytest.raises(UnknownName, match="did you mean"):
        _ = readouts(run)["dopamine, striatum: synthesys"]
    with pytest.raises(ModelError, match="nothing of"):
        readouts(run, day=7)


def test_a_run_of_another_model_has_none():
    assert len(readouts(simulate(load("toy"), days=1))) == 0


def test_every_declaration_is_whole():
    names = [one.full for one in declared()]
    assert len(names) == len(set(names)) and len(names) > 80
    for one in declared():
        unit(one.unit)
        assert one.method
    with pytest.raises(ModelError, match="incomplete"):
        Readout("dopamine", "synthesis", "", "umol/h", ("a.b",), "a")
    with pytest.raises(ModelError, match="follows no burst"):
        Readout("dopamine", "peak", "pfc", "nmol/L", ("a.b",), "a", "burst_peak")


def test_a_wrong_unit_is_told(run: Run):
    (wrong,) = tell(run, [Readout("dopamine", "x", "pfc", "nmol/L", ("pfc.dopamine_release",), "da_pfc", method="m")])
    assert math.isnan(wrong.value) and "not in nmol/L" in wrong.note


def test_statistics_of_other_kinds(run: Run):
    def of(how: str) -> float:
        some = tell(run, [Readout("a", "b", "c", "1", ("da.firing",), "firing", how, method="m")])  # type: ignore[arg-type]
        return some[0].value

    values = run["da.firing"]
    assert of("highest") == float(values.peak().value) and of("lowest") == float(values.trough().value) and of("variation") > 0
    (net,) = tell(run, [Readout("a", "b", "c", "nmol/L", ("striatum.dopamine", "-pfc.dopamine"), "x", method="m")], ("06:00", "11:00"))
    both = [float(run[f"{place}.dopamine"].mean(("06:00", "11:00"))) for place in ("striatum", "pfc")]
    assert net.value == pytest.approx(both[0] - both[1])


def test_headlines_are_quantities_and_each_is_drawn_once():
    names = [name for one in HEADLINES for name in one.quantities]
    assert len(names) == len(set(names)) and all(lookup(name) for name in names)
    found, left = under([Headline("a", ("x", "y")), Headline("b", ("y", "z")), Headline("c", ("q",))], ["w", "z", "y"])
    assert found == (Headline("a", ("y",)), Headline("b", ("z",))) and left == ("w",)


def test_the_verb_tells_them_and_writes_them(call: Call, run: Run):
    run.to_netcdf("run.nc")
    told = call("readouts", "run.nc", "--place", "striatum", "--between", "06:00,11:00", "--csv", "some.csv")
    assert told.exit_code == 0 and LABEL in told.stdout and "cleared by DAT" in told.stdout and "pmol/g/min" in told.stdout, told.output
    with Path("some.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["place"] for row in rows} == {"striatum"}
    values = {row["read-out"]: float(row["value"]) for row in rows}
    assert values["synthesis"] == readouts(run, ("06:00", "11:00"))["dopamine, striatum: synthesis"].value
    listed = json.loads(call("readouts", "run.nc", "--json", "--group", "serotonin").stdout)
    assert {row["group"] for row in listed} == {"serotonin"}
    assert call("readouts", "run.nc", "--between", "06:00").exit_code == 2


def test_a_window_of_seconds_is_drawn_by_itself(run: Run):
    from neurohumor.show.report import Story, report

    page = report(Story(run, "A burst", headlines=HEADLINES, readouts=readouts(run)))
    closer = page[page.index("Closer: day 0, 12:00, for 5.00 s") :]
    assert "<code>striatum.dopamine</code>" in closer and "12:00:01.0" in closer and "phasic half-decay" in page
    assert "<code>cortex.serotonin</code>" not in closer, "it does not move within these seconds"


@pytest.fixture
def days(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A person, a day and a harder day."""
    made = tmp_path / "person.toml", tmp_path / "calm.toml", tmp_path / "hard.toml"
    made[0].write_text('name = "Anna"\n', encoding="utf-8")
    for path, title, hours in zip(made[1:], ("Calm day", "Hard day"), (1, 3), strict=True):
        path.write_text(f'title = "{title}"\n[[threat]]\nlevel = 1\nfrom = "09:00"\nduration = "{hours} h"\n', encoding="utf-8")
    return made


def test_a_run_tells_them_too(call: Call, days: tuple[Path, Path, Path]):
    told = call("run", *days[:2], "--model", "synapse", "--csv", "--json")
    assert told.exit_code == 0, told.output
    listed = json.loads(told.stdout)["readouts"]
    assert {"dopamine", "serotonin"} == {row["group"] for row in listed}
    assert Path("out/readouts.csv").is_file()
    page = Path("out/report.html").read_text(encoding="utf-8")
    assert LABEL in page and "cleared by DAT" in page and "how each is meant" in page and "from rat" in page


def test_two_days_stand_side_by_side(call: Call, days: tuple[Path, Path, Path], tmp_path: Path):
    told = call("run", *days[:2], "--against", days[2], "--model", "synapse")
    assert told.exit_code == 0 and "Calm day and Hard day" in told.stdout, told.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["against.nc", "provenance.json", "report.html", "run.nc"]
    page = Path("out/report.html").read_text(encoding="utf-8")
    for due in (
        "What differs",
        "striatum: Calm day",
        "Hard day (broken line)",
        "the same in both",
        "Which inputs",
        "Sources of just what ran",
    ):
        assert due in page, due
    first, second = read_run("out/run.nc"), read_run("out/against.nc")
    assert not np.array_equal(first["striatum.dopamine"].values, second["striatum.dopamine"].values)
    assert json.loads(Path("out/provenance.json").read_text())["files"]["against"]["name"] == "hard.toml"
    assert call("run", days[0], "--against", days[2], "--model", "synapse").exit_code == 2
