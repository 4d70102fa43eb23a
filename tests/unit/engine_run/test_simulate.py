"""simulate(): the numbers of a small model by hand, windows, changes, failures, interruption, going on."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

import neurohumor
from neurohumor.engine.problem import Stiff
from neurohumor.engine.program import quickest
from neurohumor.engine.run import Run
from neurohumor.engine.schedule import Change
from neurohumor.engine.settling import Target
from neurohumor.engine.solve import simulate
from neurohumor.engine.status import Code
from neurohumor.errors import ModelError, SolveError, UnknownName
from neurohumor.lang import Model, part
from neurohumor.life.day import clamp, dose, infusion, meal, sleep, threat
from neurohumor.life.person import Person
from tests.unit.engine_run.hand import Glands, cortisol, cortisol_family, cortisol_model

MAN = Person(sex="m", name="Kim", weight="70 kg")
REST = 3500 / 35 / 0.4  # nmol/L: secretion / volume / elimination
MOLAR_MASS = 362.46


@pytest.fixture(autouse=True)
def _no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROHUMOR_CACHE", "off")


def run(*args, **more) -> Run:
    """A run of the small family."""
    return simulate(cortisol_family(), *args, **more)


def test_a_person_rests_at_the_settled_baseline():
    rest = run(MAN, days=1)["blood.cortisol"]
    assert rest.values == pytest.approx(REST, rel=1e-6) and rest.times[0] == 0.0 and rest.times[-1] == 24.0 and len(rest) == 289


def test_an_intravenous_dose_decays_with_its_half_life():
    got = run(MAN, dose("hydrocortisone", "3.5 mg", "iv", at="day 0 08:00"))["blood.cortisol"]
    added = 3.5e6 / MOLAR_MASS / 35
    assert float(got.at("08:00")) == pytest.approx(REST + added, rel=1e-4)  # right-continuous: the value after the dose
    assert float(got.at(8 - 5 / 60)) == pytest.approx(REST, rel=1e-6)
    assert float(got.at("12:00")) == pytest.approx(REST + added * math.exp(-0.4 * 4), rel=1e-4)


def test_an_infusion_reaches_its_plateau_and_ends():
    got = run(MAN, infusion("hydrocortisone", from_="day 0 02:00", to="22:00", rate="1 mg/h"), windows=[("02:00", "24:00", "1 h")])[
        "blood.cortisol"
    ]
    plateau = 1e6 / MOLAR_MASS / 35 / 0.4
    assert float(got.at(21.0)) == pytest.approx(REST + plateau * (1 - math.exp(-0.4 * 19)), rel=1e-5)
    assert float(got.at(24.0)) < REST + plateau * math.exp(-0.7)


def test_windows_are_blocks_and_joined():
    day = threat(1.0, "day 0 10:00", "11:00")
    got = run(MAN, day, windows=[("00:00", "24:00", "1 h"), ("threat + 0 s", "threat + 1 h", "1 min")])
    assert [len(w.times) for w in got.windows] == [25, 61] and len(got["blood.cortisol"]) == 25 + 59
    assert got.windows[1]["blood.cortisol"].times[0] == 10.0 and float(got["blood.cortisol"].at(11.0)) > REST
    assert got.windows[1]["world.threat"].values[0] == 1.0 and got["world.threat"].values[-1] == 0.0


def test_derived_states_params_and_inputs_answer_by_name():
    got = run(MAN)
    assert got["hpa.total"].unit == got["hpa.gut"].unit and got["hpa.total"].values[-1] == pytest.approx(REST * 35)
    assert got["hpa.k"].values[0] == 0.4 and got["person.weight"].values[0] == pytest.approx(70) and "hpa.uptake" in got
    assert got.quantities == ("dose.hydrocortisone.oral", "dose.hydrocortisone.iv", "person.weight", "world.threat", "blood.cortisol")
    with pytest.raises(UnknownName, match=r"did you mean blood\.cortisol"):
        got["blood.cortisoll"]


def test_outputs_keep_only_what_is_named():
    lean, full = run(MAN, outputs=["blood.cortisol", "hpa.total"]), run(MAN)
    assert (lean["hpa.total"].values == full["hpa.total"].values).all() and lean.groups[0].blocks[0].states is None
    assert lean.names == ("hpa.total", "blood.cortisol") and lean.quantities == ("blood.cortisol",)
    with pytest.raises(ModelError, match="was not kept"):
        lean["hpa.gut"]


def test_a_change_made_always_is_settled_with_and_an_acute_one_is_not():
    always = run(MAN, changes=[Change("hpa.secretion", "2 x")])["blood.cortisol"]
    acute = run(MAN, changes=[Change("hpa.secretion", "2 x", at=6.0)])["blood.cortisol"]
    assert always.values == pytest.approx(2 * REST, rel=1e-6)
    assert float(acute.at(6.0)) == pytest.approx(REST, rel=1e-6) and float(acute.at(24.0)) == pytest.approx(2 * REST, rel=1e-3)
    assert run(MAN, changes=[Change("hpa.secretion", "2 x", at=6.0)])["hpa.secretion"].values[[0, -1]].tolist() == [3500.0, 7000.0]


def test_the_persons_values_count():
    assert run(MAN.with_(values={"hpa.secretion": "0.5 x"}))["blood.cortisol"].values == pytest.approx(REST / 2, rel=1e-6)


def test_a_clamp_holds_the_hormone_and_tells_what_that_takes():
    got = run(MAN, clamp("blood.cortisol", "500 nmol/L", "day 0 06:00", duration="6 h"))
    assert float(got["blood.cortisol"].at("08:00")) == pytest.approx(500, rel=2e-3)
    assert float(got["clamp.blood.cortisol.rate"].at("08:00")) == pytest.approx(0.4 * 500 * 35 - 3500, rel=5e-3)
    assert float(got["blood.cortisol"].at("24:00", day=0)) < 300


def test_what_nobody_hears_is_reported():
    assert "meal carbohydrate" in run(MAN).unheard and "world.light" in run(MAN).unheard and "world.threat" not in run(MAN).unheard


def test_the_wiring_report():
    lines = {line.port: line for line in run(MAN).wiring}
    assert (lines["hpa.weight"].state, lines["hpa.weight"].what) == ("given", "70 kg")
    assert lines["hpa.threat"].state == "driven"


def test_going_on_is_the_same_as_never_stopping():
    day = dose("hydrocortisone", "20 mg", at="08:00") + threat(1.0, "day 1 23:30", duration="2 h")
    whole = run(MAN, day, days=3)["blood.cortisol"]
    first = run(MAN, day, days=1)
    second = run(MAN, day, days=2, start=first)
    assert (second.start, second.end) == (24.0, 72.0)
    parts = np.concatenate([first["blood.cortisol"].values[:-1], second["blood.cortisol"].values])
    assert parts == pytest.approx(whole.values, rel=1e-5)


def test_what_happens_at_the_seam_happens_once():
    day = dose("hydrocortisone", "20 mg", "iv", at="00:00")
    whole = run(MAN, day, days=2)["blood.cortisol"]
    first = run(MAN, day, days=1)
    second = run(MAN, day, days=1, start=first)["blood.cortisol"]
    assert second.values == pytest.approx(whole.values[288:], rel=1e-5)
    assert first["blood.cortisol"].values[-1] < 0.5 * second.values[0]  # the dose of midnight belongs to the second


def test_a_start_within_the_day_begins_from_the_settled_day():
    late = run(MAN, dose("hydrocortisone", "20 mg", at="day 0 05:00"), start=7.0, days=0.5)["blood.cortisol"]
    whole = run(MAN, dose("hydrocortisone", "20 mg", at="day 0 05:00"), days=1)["blood.cortisol"]
    assert late.times[0] == 7.0 and late.times[-1] == 19.0
    assert late.values == pytest.approx(whole.values[84:229], rel=1e-5)


def test_a_steady_dose_is_part_of_the_baseline():
    steady = run(MAN, dose("hydrocortisone", "10 mg", "iv", at="08:00", every="1 d", ss=True), days=2)["blood.cortisol"]
    added = 10e6 / MOLAR_MASS / 35
    trough = REST + added * math.exp(-0.4 * 24) / (1 - math.exp(-0.4 * 24))
    assert steady.values[95] == pytest.approx(trough + (trough - REST) * (math.exp(0.4 * 5 / 60) - 1), rel=1e-5)
    assert steady.values[0] == pytest.approx(steady.values[288], rel=1e-5)


def test_initial_values_where_nobody_lives():
    plain = simulate(cortisol(), days=1)
    assert plain["blood.cortisol"].values[0] == 250.0 and plain.made_by.settled is False and plain.unheard == ()
    assert simulate(cortisol_model(), MAN, settled=False)["blood.cortisol"].values[0] == 250.0
    with pytest.raises(ModelError, match="happens to a person"):
        simulate(cortisol(), None, threat(1.0, "10:00", "11:00"))


def test_a_model_without_a_family_is_enough():
    assert simulate(cortisol_model(), MAN)["blood.cortisol"].values[-1] == pytest.approx(REST, rel=1e-6)
    assert neurohumor.settle(cortisol_model(), MAN).moment.y[1] * 1000 == pytest.approx(REST, rel=1e-6)


def test_a_failure_is_raised_or_carried():
    people = [MAN, MAN.with_(values={"hpa.k": 0.59999}), MAN]
    tight = Stiff(max_steps=1)
    with pytest.raises(SolveError, match="step limit") as caught:
        run(people, settled=False, options=tight)
    assert len(caught.value.statuses) == 3
    carried = run(people, settled=False, options=tight, strict=False)
    assert [s.code for s in carried.failed] == [Code.TOO_MANY_STEPS] * 3 and [s.person for s in carried.failed] == [0, 1, 2]
    assert np.isnan(carried["blood.cortisol"].values[:, -1]).all() and math.isnan(carried["blood.cortisol"].peak().value[0])


def test_one_who_cannot_be_simulated_does_not_stop_the_others():
    people = [MAN, MAN.with_(values={"hpa.k": 9.0}), MAN.with_(weight="60 kg")]
    with pytest.raises(ModelError, match="outside its bounds"):
        run(people)
    carried = run(people, strict=False)
    (failed,) = carried.failed
    assert (failed.code, failed.person) == (Code.BAD_INPUT, 1) and "hpa.k" in failed.detail and not carried.ok
    values = carried["blood.cortisol"].values
    assert np.isnan(values[1]).all() and values[0] == pytest.approx(REST, rel=1e-6) and values[2] == pytest.approx(REST * 70 / 60, rel=1e-6)
    onward = run([MAN, MAN, people[2]], start=carried, strict=False)
    assert [s.person for s in onward.failed] == [1] and onward["blood.cortisol"].values[0] == pytest.approx(REST, rel=1e-6)


def test_nobody_settles_under_an_impossible_limit():
    strictest = Target(aim=1e-30, limit=1e-29, most=4)
    glands = Model("glands", {"gland": part(Glands)})
    lives = simulate(glands, MAN, strict=False, target=strictest)
    assert lives.failed[0].code is Code.NOT_SETTLED and "% per day after 4 periods" in lives.failed[0].detail
    assert np.isnan(lives["brain.circadian"].values).all()
    with pytest.raises(SolveError, match="no settled baseline"):
        simulate(glands, MAN, target=strictest)


def test_ctrl_c_leaves_what_was_computed():
    import os
    import signal

    sent: list[float] = []

    def stop(done: float, total: float) -> bool:
        if done > 0 and not sent:
            sent.append(done)
            os.kill(os.getpid(), signal.SIGINT)
        return True

    before = signal.getsignal(signal.SIGINT)
    got = run([MAN] * 3, threat(1.0, "10:00", "11:00"), days=400, progress=stop, settled=False)
    assert got.interrupted and got.status.code is Code.INTERRUPTED and signal.getsignal(signal.SIGINT) is before
    values = got["blood.cortisol"].values
    assert np.isfinite(values[0, :10]).all() and np.isnan(values[-1, -1])


def test_progress_is_told_and_may_stop():
    told: list[tuple[float, float]] = []

    def watch(done: float, total: float) -> bool:
        told.append((done, total))
        return True

    run([MAN, MAN], progress=watch)
    assert told[-1] == (48.0, 48.0) and all(a[0] <= b[0] for a, b in pairwise(told))
    assert run(MAN, progress=lambda done, total: False).interrupted


def test_people_with_other_choices_have_other_models():
    woman, man = Person(sex="f"), Person(sex="m")
    family = cortisol_family()

    def more(person):
        return {} if person.given["person.sex_female"].value else {"glands": part(Glands)}

    mixed = simulate(type(family)(family.name, family.base, choices=(more,)), [man, woman, man])
    assert [g.people for g in mixed.groups] == [(0, 2), (1,)] and len(set(mixed.made_by.fingerprints)) == 2
    assert mixed["blood.cortisol"].values.shape == (3, 289)
    assert mixed["blood.cortisol"].values[1] == pytest.approx(REST * 70 / 62, rel=1e-6)
    with pytest.raises(UnknownName, match="absent from the model of 1 of 3 people"):
        mixed["brain.circadian"]
    assert mixed.person(2)["brain.circadian"].values.shape == (289,)


def test_habits_may_have_a_rhythm_of_two_days():
    habits = dose("hydrocortisone", "20 mg", "iv", at="08:00", every="2 d") + sleep("23:00", "07:00")
    got = run(MAN.with_(habits=habits), days=4)["blood.cortisol"]
    assert got.values[:576] == pytest.approx(got.values[576:1152], rel=1e-4)
    assert got.peak(day=0).value == pytest.approx(got.peak(day=2).value, rel=1e-4)
    assert abs(got.peak(day=0).value - got.peak(day=1).value) > 500


def test_windows_may_follow_each_persons_own_happenings(tmp_path):
    people = [MAN.with_(habits=threat(1.0, at, duration="1 h")) for at in ("09:00", "15:30")]
    got = run(people, windows=[("threat - 1 h", "threat + 2 h", "30 min")])
    series = got["blood.cortisol"]
    assert series.times.tolist() == [[8 + k / 2 for k in range(7)], [14.5 + k / 2 for k in range(7)]]
    assert series.values[0] == pytest.approx(series.values[1], rel=1e-5) and series.peak().time.tolist() == [10.0, 16.5]
    assert got["world.threat"].values[0].tolist() == [0, 0, 1, 1, 0, 0, 0]
    assert got.windows[0].to_xarray("blood.cortisol")["clock"].dims == ("person", "time")
    with pytest.raises(ModelError, match="shared times"):
        series.quantiles(0.5)
    back = neurohumor.read_run(got.to_netcdf(tmp_path / "run.nc"))
    assert np.array_equal(back["blood.cortisol"].times, series.times)
    with pytest.raises(UnknownName, match="nothing called 'threat'"):
        run([*people, MAN], windows=[("threat - 1 h", "threat + 2 h", "30 min")])


def test_days_are_the_protocols_unless_said():
    from dataclasses import replace

    day = replace(meal("08:00", carbs="60 g"), days=2.0)
    assert run(MAN, day).end == 48.0 and run(MAN, day, days=1).end == 24.0 and run(MAN).end == 24.0
    for bad in (0, -1, float("nan")):
        with pytest.raises(ModelError):
            run(MAN, days=bad)


def test_provenance():
    import json

    made = json.loads(run(MAN, seed=7, options=Stiff(rtol=1e-7)).provenance_json())
    assert made["seed"] == 7 and made["options"]["rtol"] == 1e-7 and made["backend"] == quickest() and made["settled"] is True
    assert len(made["fingerprints"][0]) == 64 and made["counts"]["steps"] > 0 and len(made["inputs"]["people"]) == 64
    again = json.loads(run(MAN, seed=7).provenance_json())
    assert again["inputs"] == made["inputs"] != json.loads(run(MAN.with_(weight="71 kg")).provenance_json())["inputs"]


def test_certified_errors_are_told():
    made = run(MAN, dose("hydrocortisone", "20 mg", at="08:00"), options=Stiff(certify=True)).made_by
    assert set(made.achieved) == {"hpa.gut", "hpa.blood", "blood.cortisol"} and 0 < max(made.achieved.values()) < 1e-4
    assert made.achieved["blood.cortisol"] == pytest.approx(made.achieved["hpa.blood"], rel=0.1)  # in proportion, so with the same error
    assert run(MAN).made_by.achieved == {}


def test_chosen_outputs_are_computed_in_pieces_that_fit_in_memory(monkeypatch: pytest.MonkeyPatch):
    whole = run([MAN] * 3, outputs=["blood.cortisol"])
    monkeypatch.setattr("neurohumor.engine.solve.CHUNK", 1)
    pieces = run([MAN] * 3, outputs=["blood.cortisol"])
    assert np.array_equal(whole["blood.cortisol"].values, pieces["blood.cortisol"].values) and len(pieces.moments) == 3


def test_simulating_loads_no_library_that_it_does_not_need():
    import subprocess
    import sys

    names = ("engine.solve", "engine.storage", "study.population", "readout.statistics")
    code = f"import sys, {', '.join(f'neurohumor.{name}' for name in names)}\nprint(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True).stdout.split()
    assert {name.partition(".")[0] for name in told} & {"scipy", "xarray", "pandas", "matplotlib", "h5netcdf", "h5py"} == set()


def test_what_is_no_model_or_nobody_is_refused():
    with pytest.raises(ModelError, match="is no model"):
        simulate("human")
    with pytest.raises(ModelError, match="is nobody"):
        run([])
    with pytest.raises(UnknownName):
        run(MAN, dose("caffeine", "100 mg", at="08:00"))


def test_a_run_tells_of_itself():
    got = run(MAN, days=2)
    assert "cortisol" in repr(got) and "24:00 on day 1" in repr(got) and "blood.cortisol" in got._repr_html_()
    assert list(got.to_pandas("blood.cortisol").columns) == ["blood.cortisol (nmol/L)"]
    data = run([MAN, MAN]).windows[0].to_xarray("blood.cortisol")
    assert data["blood.cortisol"].dims == ("person", "time") and data["blood.cortisol"].attrs["units"] == "nmol/L"
    assert data.attrs["fingerprint"] and data.attrs["seed"] == 0
