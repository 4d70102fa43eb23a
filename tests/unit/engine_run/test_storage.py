"""Runs go to NetCDF and come back as they were."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

import neurohumor
from neurohumor.engine.problem import Stiff
from neurohumor.engine.run import Run
from neurohumor.engine.solve import simulate
from neurohumor.errors import FileError, ModelError, UnknownName
from neurohumor.lang import Model, part
from neurohumor.life.day import dose, threat
from neurohumor.life.person import Person
from tests.unit.engine_run.hand import Glands, cortisol_family, cortisol_model, glands

MAN = Person(sex="m", name="Kim", weight="70 kg")
DAY = dose("hydrocortisone", "20 mg", at="08:00") + threat(1.0, "day 0 10:00", "11:00")
WINDOWS = [("00:00", "24:00", "10 min"), ("threat + 0 s", "threat + 1 h", "1 min")]


@pytest.fixture(autouse=True)
def _no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROHUMOR_CACHE", "off")


@pytest.fixture(scope="module")
def run() -> Run:
    """A day with a dose and a threat, in two windows."""
    return simulate(cortisol_family(), MAN, DAY, windows=WINDOWS, seed=11)


def same(a: Run, b: Run, name: str) -> bool:
    """Whether two runs say the same of a name, bit for bit."""
    x, y = a[name], b[name]
    equal = np.array_equal(x.values, y.values, equal_nan=True) and np.array_equal(x.times, y.times)
    return equal and (x.unit, str(x.unit), x.doc, x.starts, x.substance) == (y.unit, str(y.unit), y.doc, y.starts, y.substance)


def test_everything_comes_back(run: Run, tmp_path: Path):
    back = neurohumor.read_run(run.to_netcdf(tmp_path / "run.nc"))
    assert all(same(run, back, name) for name in (*run.quantities, "hpa.gut", "hpa.blood", "hpa.k", "dose.hydrocortisone.oral"))
    assert back.quantities == run.quantities and set(back.names) < set(run.names)
    assert (back.people, back.single, back.start, back.end, back.statuses) == (run.people, run.single, run.start, run.end, run.statuses)
    assert (back.made_by, back.wiring, back.unheard, back.drift) == (run.made_by, run.wiring, run.unheard, run.drift)
    assert [p.name for p in tmp_path.iterdir()] == ["run.nc"]


def test_derived_rows_need_the_model_of_the_same_fingerprint(run: Run, tmp_path: Path):
    path = run.to_netcdf(tmp_path / "run.nc")
    back = neurohumor.read_run(path)
    with pytest.raises(ModelError, match="keeps no equations"):
        back["hpa.uptake"]
    with pytest.raises(UnknownName, match=r"did you mean hpa\.uptake"):
        back["hpa.uptakes"]
    again = neurohumor.read_run(path, model=cortisol_model())
    assert all(same(run, again, name) for name in run.names) and again.names == run.names
    with pytest.raises(ModelError, match="another fingerprint"):
        neurohumor.read_run(path, model=glands())


def test_named_derived_rows_can_be_kept(run: Run, tmp_path: Path):
    back = neurohumor.read_run(run.to_netcdf(tmp_path / "run.nc", keep=["hpa.uptake", "blood.cortisol"]))
    assert same(run, back, "hpa.uptake") and same(run, back, "blood.cortisol")
    with pytest.raises(UnknownName):
        run.to_netcdf(tmp_path / "no.nc", keep=["hpa.uptakes"])
    assert [p.name for p in tmp_path.iterdir()] == ["run.nc"]


def test_a_read_run_goes_on(run: Run, tmp_path: Path):
    back = neurohumor.read_run(run.to_netcdf(tmp_path / "run.nc"))
    a, b = (simulate(cortisol_family(), MAN, DAY, start=first)["blood.cortisol"] for first in (run, back))
    assert np.array_equal(a.values, b.values) and a.times[0] == 24.0


def test_populations_failures_and_several_systems(tmp_path: Path):
    def more(person):
        return {} if person.given["person.sex_female"].value else {"glands": part(Glands)}

    family = cortisol_family()
    family = type(family)(family.name, family.base, choices=(more,))
    people = [MAN, MAN.with_(values={"hpa.k": 9.0}), Person(sex="f")]
    run = simulate(family, people, strict=False, windows=[(0, 2, 0.5)])
    back = neurohumor.read_run(run.to_netcdf(tmp_path / "run.nc"))
    assert same(run, back, "blood.cortisol") and np.isnan(back["blood.cortisol"].values[1]).all()
    assert back.failed == run.failed and back.failed[0].person == 1 and [g.people for g in back.groups] == [(0, 1), (2,)]
    assert same(run.person(0), back.person(0), "brain.circadian")


def test_a_run_of_chosen_outputs(tmp_path: Path):
    run = simulate(cortisol_family(), [MAN, MAN], outputs=["hpa.total", "blood.cortisol"], windows=[(0, 2, 0.5)])
    back = neurohumor.read_run(run.to_netcdf(tmp_path / "run.nc"))
    assert back.names == run.names == ("hpa.total", "blood.cortisol") and same(run, back, "hpa.total")


def test_a_system_without_inputs_events_or_parameters(tmp_path: Path):
    from neurohumor.lang import Const, Level, Module, Rate
    from neurohumor.units import unit

    class Bare(Module):
        x = Level(1.0, "1", "x")
        fall = Rate(x, -x * Const(1.0, unit("1/h")), "1/h")

    run = simulate(Model("bare", {"a": part(Bare)}), settled=False, windows=[(0, 2, 0.5)])
    back = neurohumor.read_run(run.to_netcdf(tmp_path / "run.nc"))
    assert same(run, back, "a.x") and back["a.x"].values[-1] == pytest.approx(np.exp(-2), rel=1e-5)
    assert neurohumor.read_run(tmp_path / "run.nc", model=run.system).moments[0].y.tolist() == run.moments[0].y.tolist()


def test_other_tools_read_the_quantities_with_their_units(run: Run, tmp_path: Path):
    import xarray

    path = run.to_netcdf(tmp_path / "run.nc")
    with xarray.open_dataset(path, group="system_0/window_1", engine="h5netcdf") as data:
        assert data["blood.cortisol"].attrs["units"] == "nmol/L" and data["blood.cortisol"].dims == ("person", "time")
        assert data["blood.cortisol"].values[0].tolist() == run.windows[1]["blood.cortisol"].values.tolist()
        assert data["state_name"].values.tolist() == ["hpa.gut", "hpa.blood"]
    with xarray.open_dataset(path, engine="h5netcdf") as root:
        assert (
            root.attrs["seed"] == 11 and root.attrs["fingerprint"] == run.made_by.fingerprints[0] and "neurohumor" in root.attrs["source"]
        )


@pytest.mark.parametrize("content", [b"", b"not a file of this kind", b"\x89HDF\r\n\x1a\n" + bytes(100)])
def test_what_is_no_run_is_refused(content: bytes, tmp_path: Path):
    path = tmp_path / "no.nc"
    path.write_bytes(content)
    with pytest.raises(FileError):
        neurohumor.read_run(path)
    with pytest.raises(FileError, match="no such file"):
        neurohumor.read_run(tmp_path / "absent.nc")


def test_another_netcdf_file_is_refused(tmp_path: Path):
    import h5netcdf

    with h5netcdf.File(tmp_path / "other.nc", "w") as file:
        file.attrs["title"] = "another"
    with pytest.raises(FileError, match="no run of neurohumor"):
        neurohumor.read_run(tmp_path / "other.nc")


def test_a_place_that_cannot_be_written(run: Run, tmp_path: Path):
    with pytest.raises(FileError, match="cannot be written"):
        run.to_netcdf(tmp_path / "absent" / "run.nc")


def test_a_half_written_file_never_appears(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(FileError, match="no space left"):
        run.to_netcdf(tmp_path / "run.nc")
    assert list(tmp_path.iterdir()) == []


def test_options_come_back(tmp_path: Path):
    run = simulate(cortisol_family(), MAN, options=Stiff(rtol=1e-8), windows=[(0, 1, 0.5)])
    assert neurohumor.read_run(run.to_netcdf(tmp_path / "run.nc")).made_by.options["rtol"] == 1e-8
