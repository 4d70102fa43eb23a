"""`neurohumor step`: derivatives at the initial state beside what is stated; what differs is caught."""

from __future__ import annotations

from dataclasses import replace

import pytest

from neurohumor.errors import FileError, UnknownName
from neurohumor.lang.decl import Species
from neurohumor.models import module
from neurohumor.proof.step import FOLDER, first_step, papers, read_reference, reference_from
from tests.faces.conftest import Call

TEXT = (FOLDER / "best2009.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("paper", papers())
def test_every_paper_is_as_stated(paper: str, call: Call):
    told = call("step", paper)
    assert told.exit_code == 0, told.output
    assert "all as stated" in told.stdout and "derivative" in told.stdout
    reference = read_reference(paper)
    assert {one.name for one in reference.states} <= {one.name for one in module(reference.module).of(Species)}


def test_the_derivatives_are_those_of_the_laws():
    """Loss of HVA by hand: 10 * 2.65 + 30 * 0.002 / 3.002 - 3.45 * 7.7 uM/h."""
    reference = read_reference("best2009")
    hva = next(one for one in first_step(module(reference.module), reference, "striatum") if one.name == "hva")
    assert hva.rate == pytest.approx(10 * 2.65 + 30 * 0.002 / 3.002 - 3.45 * 7.7, rel=1e-12)
    assert hva.turnover == pytest.approx(3.45 * 7.7, rel=1e-12) and str(hva.rate_unit) == "uM/h"


def test_a_wrong_number_moves_its_states():
    reference = read_reference("best2009")
    steps = {one.name: one for one in first_step(module(reference.module), reference, "striatum", Vmax_VMAT=3541.0)}
    assert not steps["da_cyt"].at_rest and not steps["da_ves"].at_rest and steps["hva"].at_rest


def test_another_initial_value_is_seen():
    reference = read_reference("best2009")
    states = tuple(replace(one, value=400.0) if one.name == "bh4" else one for one in reference.states)
    steps = {one.name: one for one in first_step(module(reference.module), replace(reference, states=states), "striatum")}
    assert steps["bh4"].as_stated is False and not steps["bh4"].well and steps["tyr"].well


def test_units_are_converted():
    steps = first_step(
        module("DopamineTerminalBest2009"),
        reference_from(TEXT.replace('value  = 0.002\nunit   = "umol/L"\nwithin = 0.0005', 'value  = 2\nunit   = "nmol/L"\nwithin = 0.5')),
        "striatum",
    )
    assert next(one for one in steps if one.name == "da_ext").as_stated is True


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("still  =", "calm   =", "unknown key 'calm'"),
        ('at     = "rest"', 'at = "noon"', "at = 'noon'"),
        ('read   = "nothing"', 'read = "everything"', "read = 'everything'"),
        ("value  = 319", 'value = "319"', "wrong kind"),
        ('unit   = "umol/L"', 'unit = "bananas"', "state 1"),
        ("within = 0.5\n", "", "within is missing"),
    ],
)
def test_a_bad_file_is_refused(old: str, new: str, said: str):
    with pytest.raises(FileError, match=said):
        reference_from(TEXT.replace(old, new, 1), "bad.toml")


def test_a_state_that_is_not_there_is_refused():
    with pytest.raises(UnknownName, match="no state 'bh5'"):
        first_step(module("DopamineTerminalBest2009"), reference_from(TEXT.replace('"bh4"', '"bh5"')), "striatum")


def test_an_unknown_paper_is_told_with_those_there_are(call: Call):
    told = call("step", "best2008")
    assert told.exit_code == 2 and "best2009" in told.stderr
