"""Reading experiments: everything that is meant is read, everything else is refused with its line."""

from __future__ import annotations

import json
import math
from pathlib import Path

import jsonschema
import pytest

from neurohumor.engine.schedule import Change
from neurohumor.errors import FileError
from neurohumor.life.day import clamp, dose
from neurohumor.life.person import REFERENCE_MAN, REFERENCE_WOMAN
from neurohumor.proof.experiment import Against, Stretch
from neurohumor.proof.experiments import experiment_files, experiment_from, read_experiment
from neurohumor.proof.forms import experiment_schema

HEAD = 'id = "V1"\ntitle = "A test"\nsource = "nobody"\nkind = "prediction"\n'
ARM = '[arms.one]\nperson = "reference_man"\n'
MEASURE = '[[measures]]\nname = "level"\nquantity = "blood.cortisol"\nstatistic = "mean"\nunit = "nmol/L"\ntolerance = { at_most = 5 }\n'
FULL = """id = "V12"
title = "Everything an experiment can say"
source = "somebody 1999, Table 2"
kind = "calibration"
parameters_set = ["hpa.k_crh"]
claims = ["C3", "C17"]
notes = "n = 20"
known_shortfall = "the slow tail"

[arms.control]
person = "reference_woman"

[arms.drug]
person = { sex = "m", weight = "80 kg" }
days = 2
model = "toy"
choose = ["dexamethasone"]
silent = ["F12"]
population = 100
seed = 3
settled = false
step = "2 min"
overrides = [{ name = "hpa.k_crh", value = "0.5 x", from = "always" }, { name = "hpa.k_out", value = "0.4 1/h", from = "day 1 06:00" }]
clamps = [{ of = "blood.glucose", value = "5 mmol/L", from = "day 1 08:00", to = "day 1 10:00" }]
[[arms.drug.protocol.dose]]
of = "dexamethasone"
amount = "1 mg"
at = "day 0 23:00"

[[measures]]
name = "suppression"
quantity = "blood.cortisol"
arm = "drug"
statistic = "fraction_below"
at = "day 1 08:00"
threshold = "55 nmol/L"
target = 0.97
tolerance = { at_least = 0.93 }

[[measures]]
name = "against control"
quantity = "blood.cortisol"
arm = "drug"
statistic = "mean"
window = ["07:00", "09:00"]
day = 1
compare = { arm = "control", how = "percent" }
tolerance = { direction = "down", by = 50 }

[[measures]]
name = "time of the peak"
quantity = "blood.cortisol"
arm = "control"
statistic = "peak_time"
target = "08:30"
tolerance = { absolute = "1 h" }

[[measures]]
name = "rise"
quantity = "blood.cortisol"
arm = "control"
statistic = "peak"
window = ["06:00", "10:00"]
reference = { at = "06:00" }
tolerance = { range = [1.3, 1.75] }
"""


def test_everything_is_read():
    found = experiment_from(FULL)
    assert (found.id, found.kind, found.claims, found.parameters_set) == ("V12", "calibration", ("C3", "C17"), ("hpa.k_crh",))
    assert (found.notes, found.known_shortfall) == ("n = 20", "the slow tail")
    control, drug = found.arms["control"], found.arms["drug"]
    assert (
        control.person == REFERENCE_WOMAN
        and control.days == 1
        and control.model == "human"
        and control.settled
        and control.population is None
    )
    assert drug.person.sex == "m" and drug.person.given["person.weight"].value == 80
    assert (drug.days, drug.model, drug.choose, drug.silent, drug.population, drug.seed, drug.settled) == (
        2,
        "toy",
        ("dexamethasone",),
        ("F12",),
        100,
        3,
        False,
    )
    assert drug.step == pytest.approx(2 / 60) and control.step == pytest.approx(1 / 60)
    assert drug.changes[0] == Change("hpa.k_crh", "0.5 x")
    assert (drug.changes[1].name, str(drug.changes[1].value), drug.changes[1].at) == ("hpa.k_out", "0.4 1/h", 30.0)
    expected = dose("dexamethasone", "1 mg", at="day 0 23:00") + clamp("blood.glucose", "5 mmol/L", "day 1 08:00", "day 1 10:00")
    assert drug.protocol.happenings == expected.happenings


def test_measures_are_read_with_their_intervals():
    share, fall, time, rise = experiment_from(FULL).measures
    assert (share.stretch, share.of, share.unit, share.target) == (Stretch("day 1 08:00", None), "at", "1", 0.97)
    assert (share.accepted.low, share.accepted.high) == (0.93, math.inf)
    assert (fall.stretch, fall.against, fall.unit) == (Stretch("07:00", "09:00", 1), Against("percent", "control"), "%")
    assert (fall.accepted.low, fall.accepted.high, fall.accepted.strict) == (-math.inf, -50, True)
    assert (time.unit, time.target, time.accepted.low, time.accepted.high, time.daily) == ("h", 8.5, 7.5, 9.5, True)
    assert (rise.against, rise.unit, rise.accepted.low, rise.accepted.high) == (
        Against("ratio", "", Stretch("06:00", None)),
        "1",
        1.3,
        1.75,
    )


@pytest.mark.parametrize(
    ("tolerance", "low", "high", "strict"),
    [
        ("{ absolute = 10 }", 90, 110, False),
        ('{ absolute = "0.01 umol/L" }', 90, 110, False),
        ("{ relative = 0.2 }", 80, 120, False),
        ("{ range = [1, 3] }", 1, 3, False),
        ('{ range = ["1 nmol/L", "3 umol/L"] }', 1, 3000, False),
        ("{ at_least = 1, at_most = 2 }", 1, 2, False),
        ('{ at_most = "5 ug/dL" }', -math.inf, 137.94, False),
        ('{ direction = "up" }', 100, math.inf, True),
        ('{ direction = "down", by = 5 }', -math.inf, 95, True),
        ("{ null = 4 }", -4, 4, False),
    ],
)
def test_what_counts_as_a_hit(tolerance: str, low: float, high: float, strict: bool):
    text = MEASURE.replace("{ at_most = 5 }", tolerance) + "target = 100\n"
    (measure,) = experiment_from(HEAD + ARM + text).measures
    assert (measure.accepted.low, measure.accepted.high) == (pytest.approx(low, rel=1e-3), pytest.approx(high, rel=1e-3))
    assert measure.accepted.strict is strict


@pytest.mark.parametrize(("how", "tolerance", "low", "high"), [
    ("ratio", "{ null = 0.1 }", 0.9, 1.1),
    ("percent", "{ null = 5 }", -5, 5),
    ("difference", "{ null = 5 }", -5, 5),
    ("ratio", '{ direction = "up" }', 1, math.inf),
    ("percent", '{ direction = "down" }', -math.inf, 0),
])  # fmt: skip
def test_no_change_is_one_of_a_ratio_and_zero_of_all_else(how: str, tolerance: str, low: float, high: float):
    unit = "" if how != "difference" else 'unit = "nmol/L"\n'
    text = MEASURE.replace("{ at_most = 5 }", tolerance).replace('unit = "nmol/L"\n', unit)
    text += f'compare = {{ arm = "two", how = "{how}" }}\narm = "one"\n'
    (measure,) = experiment_from(HEAD + ARM + ARM.replace("one", "two") + text).measures
    assert (measure.accepted.low, measure.accepted.high) == (low, high)


def changed(old: str, new: str, text: str = HEAD + ARM + MEASURE) -> str:
    assert old in text
    return text.replace(old, new)


def in_arm(line: str) -> str:
    return changed("[[measures]]", f"{line}\n[[measures]]")


def in_measure(line: str) -> str:
    return changed("tolerance", f"{line}\ntolerance")


DOSE = '[[arms.one.protocol.dose]]\nof = "cortisol"\namount = "-1 mg"\nat = "08:00"'
DOES = '[[arms.one.protocol.does]]\nof = "cortisol"'
SET = changed('kind = "prediction"', 'kind = "prediction"\nparameters_set = ["a.b"]')
BAD = {
    "no TOML": ("id = = 3", "1: this is not TOML"),
    "empty": ("", "the file is empty"),
    "unknown key": (changed("title =", "titel ="), ":2: unknown key 'titel'"),
    "unknown key of an arm": (changed("person =", "persn ="), ":6: unknown key 'persn'"),
    "unknown key of a measure": (changed("statistic =", "statistics ="), ":10: unknown key 'statistics'"),
    "no id": (changed('id = "V1"\n', ""), "id is missing"),
    "an id that is a path": (changed('"V1"', '"../V1"'), ":1: '../V1' is no id"),
    "an unknown kind": (changed("prediction", "predicted"), ":4: 'predicted' is not known here"),
    "a calibration without parameters": (changed("prediction", "calibration"), ":4: a calibration without parameters_set"),
    "a prediction with parameters": (SET, "with parameters_set"),
    "no arm": (HEAD + MEASURE, "has no arm"),
    "no measure": (HEAD + ARM, "measures nothing"),
    "an unknown person": (changed("reference_man", "reference_mam"), ":6: nobody is called 'reference_mam'"),
    "a person outside": (changed("reference_man", "../anna.toml"), "cannot be looked for"),
    "a bad inline person": (changed('"reference_man"', '{ sex = "m", wieght = "70 kg" }'), ":6: unknown key 'wieght'"),
    "an override without from": (in_arm('overrides = [{ name = "a.b", value = 1 }]'), ":7: from is missing"),
    "an override outside the run": (
        in_arm('overrides = [{ name = "a.b", value = 1, from = "day 3 06:00" }]'), ":7: 'day 3 06:00' lies outside"),
    "a negative dose": (
        in_arm(DOSE), ":9: -1 mg is negative"),
    "an unknown kind of happening": (in_arm(DOES), ":7: unknown key 'does'"),
    "a bad clamp": (in_arm('clamps = [{ of = "blood.glucose", valeu = "5 mmol/L" }]'), ":7: unknown key 'valeu'"),
    "too many days": (in_arm("days = 1e9"), ":7: 1000000000.0 is out of range"),
    "too many people": (in_arm("population = 10000000"), ":7: 10000000 is not a number of times"),
    "an unknown statistic": (changed('"mean"', '"meen"'), ":10: 'meen' is not known here"),
    "an unknown unit": (changed('"nmol/L"', '"nmoll/L"'), ":11: "),
    "no unit": (changed('unit = "nmol/L"\n', ""), "unit is missing"),
    "a target in another unit": (in_measure('target = "5 mmHg"'), ":12: "),
    "no tolerance": (changed("tolerance = { at_most = 5 }", ""), "tolerance is missing"),
    "two tolerances": (changed("{ at_most = 5 }", "{ absolute = 5, relative = 0.1 }"), ":12: a tolerance is one of"),
    "a tolerance around nothing": (changed("{ at_most = 5 }", "{ relative = 0.1 }"), ":12: the tolerance is around a target"),
    "a range that runs backwards": (changed("{ at_most = 5 }", "{ range = [3, 1] }"), ":12: the range [3, 1] runs backwards"),
    "a direction from nowhere": (changed("{ at_most = 5 }", '{ direction = "up" }'), ":12: there is nothing to go up or down from"),
    "by without direction": (changed("{ at_most = 5 }", "{ at_most = 5, by = 1 }"), ":12: by goes with a direction"),
    "nan": (changed("at_most = 5", "at_most = nan"), ":12: nan is not a finite number"),
    "an unknown arm": (in_measure('arm = "two"'), ":12: no arm is called 'two'"),
    "compared with itself": (in_measure('compare = { arm = "one", how = "ratio" }'), ":12: 'one' is compared with itself"),
    "an unknown how": (in_measure('compare = { arm = "one", how = "quotient" }'), ":12: 'quotient' is not known here"),
    "a value without its moment": (changed('"mean"', '"at"'), "at is missing"),
    "a mean at a moment": (in_measure('at = "08:00"'), ":12: a mean is taken over a window"),
    "a fraction without threshold": (changed('"mean"', '"fraction_below"'), "threshold is missing"),
    "a threshold without fraction": (in_measure('threshold = "5 nmol/L"'), ":12: threshold goes with"),
    "a reference without moment": (in_measure('reference = { how = "ratio" }'), ":12: a reference is one of at and window"),
    "two measures of one name": (HEAD + ARM + MEASURE + MEASURE, ":14: two measures are called 'level'"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_experiment_is_refused_with_its_line(case: str):
    text, expected = BAD[case]
    with pytest.raises(FileError) as told:
        experiment_from(text, "V1.toml")
    assert expected in str(told.value) and str(told.value).startswith("V1.toml")
    assert told.value.remedy


def test_files_beside_the_experiment_are_read_and_others_are_not(tmp_path: Path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "anna.toml").write_text('name = "Anna"\nsex = "f"\n')
    (folder / "day.toml").write_text('days = 3\n[[threat]]\nlevel = 1\nfrom = "15:00"\nto = "15:15"\n')
    (tmp_path / "secret.toml").write_text('name = "Secret"\n')
    good = changed('"reference_man"', '"anna.toml"\nprotocol = "day.toml"')
    (folder / "V1.toml").write_text(good)
    found = read_experiment(folder / "V1.toml")
    assert found.arms["one"].person.name == "Anna" and found.arms["one"].days == 3 and len(found.arms["one"].protocol) == 1
    for name in ("../secret.toml", str(tmp_path / "secret.toml")):
        (folder / "V2.toml").write_text(good.replace("anna.toml", name))
        with pytest.raises(FileError, match="lies outside the folder"):
            read_experiment(folder / "V2.toml")
    (folder / "link.toml").symlink_to(tmp_path / "secret.toml")
    (folder / "V2.toml").write_text(good.replace("anna.toml", "link.toml"))
    with pytest.raises(FileError, match="lies outside the folder"):
        read_experiment(folder / "V2.toml")


def test_a_fault_of_a_file_beside_it_is_told_at_the_line_that_names_it(tmp_path: Path):
    (tmp_path / "anna.toml").write_text('name = "Anna"\nsex = "x"\n')
    (tmp_path / "V1.toml").write_text(changed("reference_man", "anna.toml"))
    with pytest.raises(FileError, match=r"V1\.toml:6: .*'x'"):
        read_experiment(tmp_path / "V1.toml")


def test_a_folder_of_experiments_leaves_persons_and_days_out(tmp_path: Path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "anna.toml").write_text('sex = "f"\n')
    (tmp_path / "day.toml").write_text('[[threat]]\nlevel = 1\nfrom = "15:00"\nto = "15:15"\n')
    (tmp_path / "V1.toml").write_text(HEAD + ARM + MEASURE)
    (tmp_path / "deep/broken.toml").write_text("= =\n")
    assert [path.name for path in experiment_files(tmp_path)] == ["V1.toml", "broken.toml"]
    with pytest.raises(FileError, match="no folder"):
        experiment_files(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileError, match="no experiment"):
        experiment_files(tmp_path / "empty")


def test_the_schema_takes_what_the_reader_takes():
    import tomllib

    schema = experiment_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    json.dumps(schema, allow_nan=False)
    check = jsonschema.Draft202012Validator(schema)
    for text in (FULL, HEAD + ARM + MEASURE):
        assert [error.message for error in check.iter_errors(tomllib.loads(text))] == []


@pytest.mark.parametrize(
    "case",
    [
        name
        for name in BAD
        if "key" in name or (name.startswith(("no ", "an unknown kind", "an unknown stat")) and name not in ("no TOML", "no unit"))
    ],
)
def test_the_schema_refuses_what_has_another_shape(case: str):
    import tomllib

    check = jsonschema.Draft202012Validator(experiment_schema())
    assert list(check.iter_errors(tomllib.loads(BAD[case][0])))


def test_notes_may_have_several_lines_and_the_lines_after_them_keep_their_numbers():
    notes = 'notes = """\nfirst "line" = 1\n  second \\\n     and its end\n"""\n'
    found = experiment_from(HEAD + notes + ARM + MEASURE)
    assert found.notes == 'first "line" = 1\n  second and its end'
    with pytest.raises(FileError, match=":11: unknown key 'persn'"):
        experiment_from(HEAD + notes + ARM.replace("person", "persn") + MEASURE)


def test_the_experiments_of_the_package_can_be_read_and_fit_the_schema():
    import tomllib

    from neurohumor.proof.validate import OWN, Unreadable, read_folder

    if not list(OWN.glob("*.toml")):
        pytest.skip("the package has no experiments yet")
    found = read_folder()
    assert [str(one.fault) for one in found if isinstance(one, Unreadable)] == []
    check = jsonschema.Draft202012Validator(experiment_schema())
    for path in OWN.rglob("*.toml"):
        assert [error.message for error in check.iter_errors(tomllib.loads(path.read_text(encoding="utf-8")))] == [], path.name


def test_reference_adults_are_the_same_objects():
    assert experiment_from(HEAD + ARM + MEASURE).arms["one"].person is REFERENCE_MAN
