"""`neurohumor show`, `explain`, `check` and `doctor`."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

from neurohumor.engine.solve import simulate
from neurohumor.errors import ModelError, UnknownName
from neurohumor.life.person import REFERENCE_WOMAN
from neurohumor.models import load
from neurohumor.show.explain import explain, explain_run
from tests.faces.conftest import Call


def test_show_a_module_with_its_numbers_and_laws(call: Call):
    told = call("show", "dopamine_terminal_best2009")
    assert told.exit_code == 0, told.output
    for due in (
        "DopamineTerminalBest2009", "kept as published", "blood.tyrosine", "62 umol/L", "Vmax_TH = 125 uM/h", "fitted; best2009",
        "release:  da_ves >> da_ext", "= k_rel * firing * da_ves", "tone -> striatum.dopamine",
    ):  # fmt: skip
        assert due in told.stdout, due


def test_show_is_the_same_by_class_and_by_file(call: Call):
    assert call("show", "DopamineTerminalBest2009").stdout == call("show", "dopamine_terminal_best2009").stdout


def test_show_a_model_and_a_part_of_it(call: Call):
    whole = call("show", "toy")
    assert whole.exit_code == 0 and "1 parts" not in whole.stdout, whole.output
    assert "person.weight" in whole.stdout and "given" in whole.stdout and "rest = 100 nmol/L/h" in whole.stdout
    brief = call("show", "toy", "--brief")
    assert "person.weight" in brief.stdout and "k_out = 0.5" not in brief.stdout
    part = call("show", "toy.adrenal")
    assert "k_out = 0.5 1/h" in part.stdout and "people differ by 0.3 (cv)" in part.stdout and "known within ×/÷ 1.3" in part.stdout


@pytest.mark.parametrize(
    ("name", "close"), [("dopamine_terminl_best2009", "dopamine_terminal_best2009"), ("toy.adrenl", "adrenal"), ("tyo", "toy")]
)
def test_show_an_unknown_name_names_the_closest(call: Call, name: str, close: str):
    told = call("show", name)
    assert told.exit_code == 2 and f"did you mean {close}" in told.stderr, told.output


def test_explain_goes_down_to_roots(call: Call, files: tuple[Path, Path]):
    told = call("explain", "toy", "blood.cortisol", "--at", "day 1 15:10", "--person", files[0], "--day", files[1])
    assert told.exit_code == 0, told.output
    for due in (
        "blood.cortisol of Anna in toy, day 1, 15:10", "blood.cortisol <- adrenal.level = adrenal.cortisol", "adrenal.k_out = 0.5 1/h",
        "assumed, without a source", "world.threat = 1.000", "driven by the protocol", "person.weight = 60.00 kg", "given by the person",
        "known within ×/÷ 1.3",
    ):  # fmt: skip
        assert due in told.stdout, due


def test_explained_numbers_are_those_of_the_run():
    run = simulate(load("toy"), REFERENCE_WOMAN, days=1)
    found = explain_run(run, "blood.cortisol", at="15:10")
    nodes = {node.name: node for node in found.walk() if not node.above}
    assert nodes["adrenal.cortisol"].value == pytest.approx(float(run["blood.cortisol"].at("15:10").value), rel=1e-12)
    made, lost = nodes["adrenal.made"].value, nodes["adrenal.lost"].value
    taken, volume = nodes["adrenal.taken_amount"], nodes["adrenal.blood"]
    assert nodes["d adrenal.cortisol/dt"].value == pytest.approx(made - lost + taken.value / volume.value, abs=1e-9)
    step = 5 / 60
    slope = float(run["blood.cortisol"].at(15.0 + step).value - run["blood.cortisol"].at(15.0).value) / step
    rate = explain_run(run, "blood.cortisol", at=15.0 + step / 2).root.children[0].children[0]
    assert rate.value * rate.unit.factor / 1e-3 == pytest.approx(slope, rel=0.02)


def test_each_row_is_explained_once_and_nearest_to_the_top():
    run = simulate(load("toy"), REFERENCE_WOMAN, days=1)
    every = list(explain_run(run, "blood.cortisol").walk())
    laws = [node.name for node in every if node.law and node.kind == "derived"]
    assert len(laws) == len(set(laws))
    assert all(not node.children for node in every if node.above or node.kind in ("param", "input"))
    assert {node.name for node in every if node.kind == "param"} == {"adrenal.k_out", "adrenal.rest", "adrenal.V_kg", "adrenal.k_abs"}


def test_depth_stops_and_says_so():
    run = simulate(load("toy"), REFERENCE_WOMAN, days=1)
    short = explain_run(run, "blood.cortisol", depth=1)
    assert [node.name for node in short.walk() if node.cut] == ["adrenal.cortisol"]
    assert "its law lies deeper" in str(short)
    assert len(list(explain_run(run, "blood.cortisol", depth=0).walk())) == 1


def test_explain_from_python_reaches_the_moment():
    found = explain(load("toy"), "adrenal.made", at="day 1 03:00")
    assert found.time == 27.0 and found.root.value == pytest.approx(20.0)
    assert "world.sleep_opportunity = 1.000" in str(found)


def test_explain_refuses_what_it_cannot():
    from neurohumor.study.population import sample

    people = simulate(load("toy"), sample(2, like=REFERENCE_WOMAN), days=1)
    with pytest.raises(ModelError, match="one person"):
        explain_run(people, "blood.cortisol")
    with pytest.raises(UnknownName, match=r"did you mean blood\.cortisol"):
        explain_run(people.person(0), "blood.cortsol")


def test_explain_an_unknown_quantity(call: Call):
    told = call("explain", "toy", "blood.cortsol")
    assert told.exit_code == 2 and "did you mean blood.cortisol" in told.stderr


def test_check_a_module_and_a_family(call: Call):
    assert call("check", "DopamineTerminalBest2009").stdout.startswith("DopamineTerminalBest2009: well")
    told = call("check", "toy")
    assert "toy: " in told.stdout and "2 driven, 1 given" in re.sub(r"\s+", " ", told.stdout)
    assert told.exit_code == (0 if "toy: well" in told.stdout else 1)


def test_check_shows_faults_with_their_remedy(call: Call, monkeypatch: pytest.MonkeyPatch):
    from neurohumor.build import check
    from neurohumor.build.faults import Fault, Report

    fault = Fault("units", "bad.py:7", "declared in uM/h but its expression is in uM^2/h", "divide by a volume", "Bad.v")
    monkeypatch.setattr(check, "check", lambda model: Report(model.name, (fault,)))
    told = call("check", "DopamineTerminalBest2009")
    assert told.exit_code == 1 and "1 fault" in told.stdout
    assert all(word in told.stdout for word in ("bad.py:7", "uM^2/h", "divide by a volume"))


def test_resting_is_red_beyond_five_percent():
    from neurohumor.show.resting import Rest
    from neurohumor.units import ONE

    assert [Rest("a.b", "q", 1.0, mean, ONE).red for mean in (1.0, 1.049, 0.951, 1.051, 0.9, math.nan)] == [
        False,
        False,
        False,
        True,
        True,
        True,
    ]
    assert not Rest("a.b", "q", 0.0, 0.0, ONE).red and Rest("a.b", "q", 0.0, 0.1, ONE).red


def test_resting_compares_what_is_heard_with_its_nominal(capsys: pytest.CaptureFixture[str]):
    from neurohumor.cli.check import print_resting
    from neurohumor.lang import Input, Level, Model, Module, Output, Param, Rate, part
    from neurohumor.show.resting import resting

    class Teller(Module):
        """Tells a steady 3 nmol/L."""

        k = Param(1.0, "1/h", basis="assumed")
        goal = Param(3.0, "nmol/L", basis="assumed")
        x = Level(3.0, "nmol/L", "told")
        towards = Rate(x, k * (goal - x))
        told = Output("blood.cortisol", x, "nmol/L")

    class Hearer(Module):
        """Hears it in another unit, and would rest at 2.5 nmol/L."""

        heard = Input("blood.cortisol", "umol/L", 0.0025)
        k = Param(1.0, "1/h", basis="assumed")
        y = Level(0.0025, "umol/L")
        follow = Rate(y, k * (heard - y))

    model = Model("pair", {"a": part(Teller), "b": part(Hearer)})
    (found,) = resting(model, [simulate(model, days=1)])
    assert (found.port, found.quantity, found.nominal) == ("b.heard", "blood.cortisol", 0.0025)
    assert found.mean == pytest.approx(0.003) and found.off == pytest.approx(0.2) and found.red
    print_resting([found])
    shown = capsys.readouterr().out
    assert "+20.0 %" in shown and "1 of 1 rest more than 5 % off" in shown


def test_doctor_finds_the_installation_well(call: Call):
    told = call("doctor", "--json")
    found = {one["what"]: one for one in json.loads(told.stdout)}
    assert found["self-test"]["well"] and found["numpy"]["well"] and found["compiler"]["found"] == "not needed"
    assert told.exit_code == (0 if all(one["well"] for one in found.values()) else 1)


def test_doctor_tells_what_is_not_well(call: Call, monkeypatch: pytest.MonkeyPatch):
    from neurohumor.cli import versions

    monkeypatch.setattr(versions, "version_of", lambda package: "" if package == "scipy" else "1.0")
    told = call("doctor")
    assert told.exit_code == 1 and "pip install scipy" in told.stdout
