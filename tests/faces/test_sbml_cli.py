"""SBML at the command line and in Python: export, crosscheck, run and show of a file; people and days on a file's model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import neurohumor
from neurohumor.engine.solve import simulate
from neurohumor.engine.storage import read_run
from neurohumor.life.files import read_person, read_protocol
from neurohumor.study.population import sample
from tests.faces.conftest import Call

libsbml = pytest.importorskip("libsbml")

UNITS = """<listOfUnitDefinitions>
<unitDefinition id="nmol"><listOfUnits><unit kind="mole" exponent="1" scale="-9" multiplier="1"/></listOfUnits></unitDefinition>
<unitDefinition id="minute"><listOfUnits><unit kind="second" exponent="1" scale="0" multiplier="60"/></listOfUnits></unitDefinition>
<unitDefinition id="per_minute"><listOfUnits><unit kind="second" exponent="-1" scale="0" multiplier="60"/></listOfUnits></unitDefinition>
<unitDefinition id="per_nmol"><listOfUnits><unit kind="mole" exponent="-1" scale="-9" multiplier="1"/></listOfUnits></unitDefinition>
</listOfUnitDefinitions>"""
POOL = f"""<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
<model id="pool" timeUnits="minute" substanceUnits="nmol" extentUnits="nmol" volumeUnits="litre">{UNITS}
<listOfCompartments><compartment id="plasma" size="10" spatialDimensions="3" constant="true"/></listOfCompartments>
<listOfSpecies><species id="cortisol" compartment="plasma" initialConcentration="300" hasOnlySubstanceUnits="false"
 boundaryCondition="false" constant="false"/></listOfSpecies>
<listOfParameters><parameter id="k" value="0.01" units="per_minute" constant="true"/></listOfParameters>
<listOfReactions><reaction id="loss" reversible="false"><listOfReactants><speciesReference species="cortisol" stoichiometry="1"
 constant="true"/></listOfReactants><kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>k</ci>
 <ci>cortisol</ci><ci>plasma</ci></apply></math></kineticLaw></reaction></listOfReactions>
</model></sbml>"""
"""Cortisol in 10 L, 300 nM at first, lost at 0.6 per hour."""
AT_TWO = """title = "An injection"
days = 1
[[dose]]
of = "hydrocortisone"
amount = "1 mg"
route = "iv"
at = "02:00"
"""
ADDED = 1e-3 / 362.466 * 1e9 / 10.0
"""nmol/L from 1 mg in 10 L."""


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    path = tmp_path / "pool.xml"
    path.write_text(POOL, encoding="utf-8")
    return path


def after(hours: float) -> float:
    """The concentration some hours after midnight, the injection at two included."""
    return 300.0 * np.exp(-0.6 * hours) + (ADDED * np.exp(-0.6 * (hours - 2.0)) if hours >= 2.0 else 0.0)


# ── export ───────────────────────────────────────────────────────────────────────────────────────────


def model_of(path: Path) -> Any:
    document = libsbml.readSBMLFromFile(str(path))
    document.checkConsistency()
    found = [document.getError(k) for k in range(document.getNumErrors())]
    assert [e.getMessage() for e in found if e.getSeverity() >= libsbml.LIBSBML_SEV_WARNING] == []
    return document, document.getModel()


def test_export_writes_a_valid_file_with_person_and_day(call: Call, files: tuple[Path, Path], tmp_path: Path):
    told = call("export", "toy", files[1], "--person", files[0], "--to", "sbml", "-o", "toy.xml")
    assert told.exit_code == 0, told.output
    kept, model = model_of(tmp_path / "toy.xml")
    assert kept is not None and model.getNumEvents() >= 2  # the dose, and the threat's beginning and end
    assert sorted(path.name for path in tmp_path.iterdir()) == ["day.toml", "person.toml", "toy.xml"]


def test_the_exported_day_is_the_day_that_is_run(call: Call, files: tuple[Path, Path]):
    """Our own run of the person and day, and the file read again: the same course, dose and threat included."""
    assert call("export", "toy", files[1], "--person", files[0], "-o", "toy.xml").exit_code == 0
    person, protocol = read_person(files[0]), read_protocol(files[1])
    step = [(0.0, 48.0, 0.25)]
    one = simulate(neurohumor.load("toy"), person, protocol, days=2, windows=step, settled=False)["blood.cortisol"]
    run = simulate(neurohumor.read_sbml("toy.xml"), None, None, days=2, windows=step, settled=False)
    again = run["adrenal_cortisol"].to(str(one.unit)).values
    assert float(np.max(one.values)) > 1.2 * one.values[0]  # the dose and the threat are seen
    assert again == pytest.approx(one.values, rel=1e-5)


def test_export_of_a_settled_person_begins_at_the_baseline(call: Call, files: tuple[Path, Path]):
    assert call("export", "toy", "--person", files[0], "--settled", "-o", "settled.xml").exit_code == 0
    assert call("export", "toy", "--person", files[0], "-o", "raw.xml").exit_code == 0
    starts = []
    for name in ("settled.xml", "raw.xml"):
        model = libsbml.readSBMLFromFile(name).getModel()
        starts.append([model.getSpecies(k).getInitialConcentration() for k in range(model.getNumSpecies())])
    assert starts[0] != starts[1] and np.isfinite(starts[0]).all()


def test_export_knows_its_formats_and_models(call: Call):
    told = call("export", "toy", "--to", "sbnl")
    assert told.exit_code != 0 and "did you mean" in told.output and "sbml" in told.output
    told = call("export", "toi")
    assert told.exit_code != 0 and "toy" in told.output
    assert not list(Path().glob("*.xml"))


# ── a file as a model ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("backend", ["reference", "native"])
def test_protocols_and_populations_on_a_file(pool: Path, tmp_path: Path, backend: str):
    (tmp_path / "at_two.toml").write_text(AT_TWO, encoding="utf-8")
    (tmp_path / "anna.toml").write_text('name = "Anna"\nsex = "f"\nweight = "60 kg"\n', encoding="utf-8")
    person, protocol = read_person(tmp_path / "anna.toml"), read_protocol(tmp_path / "at_two.toml")
    system = neurohumor.read_sbml(pool)
    alone = simulate(system, person, protocol, windows=[(0.0, 12.0, 0.5)], settled=False, backend=backend)["cortisol"].to("nM")
    assert alone.values == pytest.approx([after(t) for t in np.arange(0.0, 12.01, 0.5)], rel=1e-5)
    people = simulate(
        system, sample(5, like=person, seed=3), protocol, windows=[(0.0, 12.0, 0.5)], settled=False, backend=backend
    )  # a file says nothing of how people differ: five times the same, each solved
    assert people.ok and len(people.people) == 5
    assert np.asarray(people["cortisol"].to("nM").values).reshape(5, -1) == pytest.approx(np.tile(alone.values, (5, 1)), rel=1e-9)


def test_run_of_a_file(call: Call, pool: Path, tmp_path: Path):
    (tmp_path / "at_two.toml").write_text(AT_TWO, encoding="utf-8")
    (tmp_path / "anna.toml").write_text('name = "Anna"\nsex = "f"\nweight = "60 kg"\n', encoding="utf-8")
    told = call("run", "anna.toml", "at_two.toml", "--model", pool, "--out", "out", "--json")
    assert told.exit_code == 0, told.output
    line = next(q for q in json.loads(told.stdout)["quantities"] if q["quantity"] == "cortisol")
    assert line["peak"] == pytest.approx(after(2.0), rel=1e-4) and line["unit"] == "nM"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["provenance.json", "run.nc"]
    series = read_run("out/run.nc")["cortisol"].to("nM")
    assert series.values[-1] == pytest.approx(after(float(series.times[-1])), rel=1e-4, abs=1e-6)
    assert json.loads(Path("out/provenance.json").read_text())["files"]["model"]["name"] == "pool.xml"


def test_run_of_a_file_with_a_population(call: Call, pool: Path, tmp_path: Path):
    (tmp_path / "anna.toml").write_text('name = "Anna"\nsex = "f"\nweight = "60 kg"\n', encoding="utf-8")
    told = call("run", "anna.toml", "--model", pool, "--population", "3", "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["people"] == 3


def test_show_of_a_file(call: Call, pool: Path):
    told = call("show", pool)
    assert told.exit_code == 0, told.output
    assert "SBML Level 3 Version 2" in told.stdout and "numbers in internal units" in told.stdout
    assert "1 states" in told.stdout and "hydrocortisone" not in told.stderr
    assert "cortisol (iv)" in told.stdout and "d/dt" in told.stdout


@pytest.mark.parametrize("verb", [("run", "--model"), ("show",), ("crosscheck",)])
def test_a_bad_file_is_one_clear_error(call: Call, tmp_path: Path, verb: tuple[str, ...]):
    (tmp_path / "bad.xml").write_text(POOL.replace("<ci>k</ci>", "<ci>kk</ci>"), encoding="utf-8")
    told = call(*verb, "bad.xml")
    assert told.exit_code != 0 and "Traceback" not in told.output
    assert "bad.xml" in told.output and "kk" in told.output
    told = call(*verb, "absent.xml")
    assert told.exit_code != 0 and "absent.xml" in told.output


def test_read_sbml_in_python(pool: Path):
    system = neurohumor.read_sbml(pool)
    assert [row.name for row in system.states] == ["cortisol.amount"] and not system.raw
    assert neurohumor.read_sbml(POOL).fingerprint == system.fingerprint
    again = neurohumor.read_sbml(neurohumor.write_sbml(system))
    one, other = (simulate(found, days=1.0, settled=False, strict=True)["cortisol"].to("nM").values for found in (system, again))
    assert other == pytest.approx(one, rel=1e-9) and one[0] == pytest.approx(300.0)


# ── crosscheck ───────────────────────────────────────────────────────────────────────────────────────


def test_crosscheck_tells_every_engine(call: Call, pool: Path):
    told = call("crosscheck", pool, "--end", "600", "--points", "21", "--json")
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert found["base"] == "reference" and found["end"] == 600.0
    assert {*found["engines"], *found["failed"]} == {"reference", "native", "roadrunner", "copasi"}
    assert "native" in found["engines"]
    for engine in found["engines"]:
        if engine != "reference":
            assert found["differences"]["cortisol"][engine] < 1e-8, engine
    assert all("installed" in why for why in found["failed"].values()), found["failed"]


def test_crosscheck_of_a_model_with_person_and_day(call: Call, files: tuple[Path, Path]):
    told = call("crosscheck", "toy", files[1], "--person", files[0], "--json")
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert found["end"] == 48.0
    assert max(v for by in found["differences"].values() for v in by.values() if v is not None) < 1e-6
