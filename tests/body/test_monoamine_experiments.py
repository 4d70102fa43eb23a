"""Meals to monoamines against the world: four fifths of the experiments are hit, none has the wrong sign, a miss says why."""

from __future__ import annotations

from functools import cache

import pytest

from neurohumor.build.flatten import flatten
from neurohumor.life.person import REFERENCE_MAN
from neurohumor.models import load
from neurohumor.proof.experiment import Experiment
from neurohumor.proof.validate import Result, read_folder, validate

THEIRS = ("B09", "V14", "V15", "V20", "V30", "V33", "V34", "V35", "V38", "breakfast", "burst")


@cache
def ours() -> tuple[Experiment, ...]:
    return tuple(one for one in read_folder() if isinstance(one, Experiment) and one.id.startswith(THEIRS))


@cache
def results() -> tuple[Result, ...]:
    return tuple(validate(ours()))


def test_they_are_all_here():
    kept = {
        "V14",
        "V15",
        "V15_plasma",
        "V20",
        "V30",
        "V33",
        "V34_tyrosine",
        "V34_bh4",
        "V34_plp",
        "V35",
        "breakfast",
        "burst_striatum",
        "burst_pfc",
    }
    assert kept <= {one.id for one in ours()}


@cache
def parameters(model: str, choose: tuple[str, ...]) -> frozenset[str]:
    system = flatten(load(model).choose(*choose).model(REFERENCE_MAN))
    return frozenset(row.full for row in system.params)


def test_a_calibration_names_parameters_that_there_are():
    for one in ours():
        arm = next(iter(one.arms.values()))
        assert set(one.parameters_set) <= parameters(arm.model, arm.choose), one.id


@pytest.mark.slow
def test_four_fifths_are_hit():
    status = {one.id: one.status for one in results()}
    hits = [name for name, found in status.items() if found == "hit"]
    assert len(hits) >= 0.8 * len(status), status


@pytest.mark.slow
def test_none_has_the_wrong_sign():
    """Of changes (percent and difference) with a target; what is only a direction is a miss where it is wrong."""
    for one, found in zip(ours(), results(), strict=True):
        for measure, score in zip(one.measures, found.scores, strict=True):
            assert score.status != "error", (one.id, score.message)
            if "direction" in measure.accepted.written:
                assert score.status == "hit", (one.id, measure.name)
            elif measure.target is not None and measure.against is not None and measure.against.how != "ratio":
                assert score.value * measure.target > 0, (one.id, measure.name)


@pytest.mark.slow
def test_a_miss_says_why():
    assert all(one.known_shortfall for one in results() if one.status != "hit")
