"""Flux control in the cortex: coefficients add up to one, those that cards print are the model's, and demand has most."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from neurohumor.cli.app import app
from neurohumor.errors import FileError, UnknownName
from neurohumor.evidence.flux_control import control_of, read_control, stored
from neurohumor.life.person import REFERENCE_WOMAN
from neurohumor.models.energy_only import energy_only
from neurohumor.proof.flux_control import flux_control, with_factors, written
from neurohumor.show.listing import module_sections
from tests.body import energy

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "flux_control.py"))


@pytest.fixture(scope="module")
def made():
    return TOOL["computed"]()


def test_coefficients_add_up_to_one(made):
    """The summation theorem: every step faster by one per cent, every steady flux faster by one per cent."""
    found, _ = made
    inside = found.coefficients[: len(TOOL["names"](TOOL["STEPS"]))]
    assert inside.sum(axis=0) == pytest.approx(np.ones(3), abs=2e-3)


def test_what_is_stored_is_what_the_model_has(made):
    found, modules = made
    fresh = read_control(written(found, modules, "fresh"), "fresh")
    assert set(fresh) == set(stored())
    for step, row in fresh.items():
        assert row == pytest.approx(dict(stored()[step]), abs=2e-3), step


def test_demand_has_most_and_hexokinase_little(made):
    found, _ = made
    for flux in found.fluxes:
        assert found.of("cortex_tissue.used")[flux] > 0.85
    hexokinase = sum(found.of(f"cortex_tissue.v_hk_{cell}")["cortex.cmrglc"] for cell in "na")
    assert 0.03 < hexokinase < 0.15


def test_it_is_what_a_change_of_one_step_does():
    """Hexokinase 5 % lower in both cells: the coefficient foretells it."""
    base = energy.run("cortex", 480.0).last("cortex.cmrglc")
    less = energy.run("cortex", 480.0, {"cortex.gain.hexokinase": 0.95}).last("cortex.cmrglc")
    hexokinase = sum(stored()[f"NeuronAstrocyte.v_hk_{cell}"]["cmrglc"] for cell in "na")
    assert np.log(less / base) / np.log(0.95) == pytest.approx(hexokinase, abs=0.01)


def test_factors_change_nothing_by_themselves():
    flat = energy.system("cortex")
    wider = with_factors(flat, ["cortex_tissue.v_tca", "cortex_tissue.mct_a"])
    assert [row.full for row in wider.params[len(flat.params) :]] == ["factor.cortex_tissue.v_tca", "factor.cortex_tissue.mct_a"]
    with pytest.raises(UnknownName, match="v_tca"):
        with_factors(flat, ["cortex_tissue.v_tcaa"])
    with pytest.raises(UnknownName):
        flux_control(flat, ["cortex_tissue.v_tca"], ["cortex.cmrglcc"], hours=1.0)


def test_cards_print_it():
    part = energy_only.model(REFERENCE_WOMAN).parts["cortex_tissue"]
    cards = {row[0]: row[-1] for section in module_sections(part) for row in section.rows}
    for name in ("v_hk_n", "v_tca", "used", "Km_hk", "Km_pyr", "V_ket", "gain_hk"):
        assert "flux control over glucose use" in cards[name], name
    assert "flux control" not in cards["po"]
    told = CliRunner().invoke(app, ["explain", "energy_cortex", "cortex_tissue.Ki_hk", "--at", "00:30"])
    assert told.exit_code == 0
    assert "flux control" in " ".join(told.output.split())


def test_a_file_that_is_none_is_refused():
    for text in ("[", '["A.b"]\ncmrglc = 0.1', '["A.b"]\ncmrglc = 0.1\ncmro2 = "x"\nj_atp = 0.1'):
        with pytest.raises(FileError):
            read_control(text, "a file")
    assert control_of("Nobody", "x", {}) == ""
