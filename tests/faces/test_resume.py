"""`neurohumor run --population N --resume`: who was left when a population was interrupted is lived later, as if nothing had happened."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from neurohumor.engine.joining import interrupted_people, with_people
from neurohumor.engine.run import Run
from neurohumor.engine.solve import simulate
from neurohumor.engine.status import Code, Status
from neurohumor.engine.storage import read_run, with_equations
from neurohumor.errors import ModelError
from neurohumor.life.day import dose
from neurohumor.models import load
from neurohumor.study.population import sample
from tests.faces.conftest import Call

PEOPLE = sample(7, seed=3)


def cut(run: Run, places: tuple[int, ...]) -> Run:
    """The run as an interruption leaves it: these people stopped at noon."""
    from dataclasses import replace

    statuses = list(run.statuses)
    for place in places:
        statuses[place] = Status(Code.INTERRUPTED, place, 12.0)
        for group in run.groups:
            if place in group.people:
                group.blocks[0].states[group.people.index(place), 145:] = np.nan  # type: ignore[index]
                group._memory.clear()
    return replace(run, statuses=tuple(statuses))


def test_people_lived_later_are_as_if_lived_at_once(tmp_path: Path):
    whole = simulate(load("toy"), PEOPLE, days=1)
    parted = cut(simulate(load("toy"), PEOPLE, days=1), (1, 4, 6))
    assert interrupted_people(parted) == (1, 4, 6)
    bare = read_run(parted.to_netcdf(tmp_path / "run.nc"))
    assert interrupted_people(bare) == (1, 4, 6)
    later = simulate(load("toy"), [PEOPLE[k] for k in (1, 4, 6)], days=1)
    for begun in (parted, bare, with_equations(bare, load("toy"))):
        joined = with_people(begun, later, (1, 4, 6))
        assert joined.ok and joined.people == whole.people and joined.made_by.fingerprints == whole.made_by.fingerprints
        for name in whole.names:
            assert np.array_equal(joined[name].values, whole[name].values), name
        assert joined.person(4).person is not None and joined.statuses[4].person == 4 and joined.drift == pytest.approx(whole.drift)
        again = read_run(joined.to_netcdf(tmp_path / "joined.nc"))
        assert np.array_equal(again["blood.cortisol"].values, whole["blood.cortisol"].values)


def test_people_of_two_models_find_their_places():
    people = [*sample(3, seed=1), *sample(3, seed=2)]
    some = dose("hydrocortisone", "10 mg", at="08:00")
    whole = simulate(load("toy"), people, some, days=1)
    joined = with_people(
        cut(simulate(load("toy"), people, some, days=1), (0, 5)), simulate(load("toy"), [people[0], people[5]], some, days=1), (0, 5)
    )
    assert np.array_equal(joined["blood.cortisol"].values, whole["blood.cortisol"].values)


def test_parts_of_two_runs_are_no_run():
    with pytest.raises(ModelError, match="not two parts"):
        with_people(simulate(load("toy"), PEOPLE, days=1), simulate(load("toy"), PEOPLE[:2], days=2), (0, 1))
    with pytest.raises(ModelError, match="not two parts"):
        with_people(simulate(load("toy"), PEOPLE, days=1), simulate(load("toy"), PEOPLE[:2], days=1), (0, 1, 2))


def test_the_same_command_goes_on(call: Call, files: tuple[Path, Path]):
    """A population whose file an interruption left, then resumed: what comes of it is as of one that was never stopped."""
    asked = ["run", *files, "--model", "toy", "--population", "6"]
    assert call(*asked).exit_code == 0
    whole = read_run("out/run.nc")
    cut(read_run("out/run.nc"), (1, 4)).to_netcdf("out/run.nc", keep=[])
    assert interrupted_people(read_run("out/run.nc")) == (1, 4)
    for more, what in (("--seed", "people and seed"), ("--days", "days")):
        other = call(*asked, "--resume", more, "1")
        assert other.exit_code == 2 and f"it is of other {what}" in other.stderr, other.output
    assert interrupted_people(read_run("out/run.nc")) == (1, 4), "what was refused left nothing"
    resumed = call(*asked, "--resume")
    assert resumed.exit_code == 0, resumed.output
    found = read_run("out/run.nc")
    assert found.ok and json.loads(Path("out/provenance.json").read_text())["complete"] and found.people == whole.people
    assert np.array_equal(found["blood.cortisol"].values, whole["blood.cortisol"].values)
    once_more = call(*asked, "--resume")
    assert once_more.exit_code == 0 and "nothing is left to do" in once_more.stderr


def test_what_cannot_be_resumed_is_told(call: Call, files: tuple[Path, Path]):
    told = call("run", *files, "--model", "toy", "--resume")
    assert told.exit_code == 2 and "only a population" in told.stderr
    told = call("run", *files, "--model", "toy", "--population", "3", "--resume")
    assert told.exit_code == 2 and "there is no such file" in told.stderr
