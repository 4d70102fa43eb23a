"""The module's rates equal those of the file's own rules, at random states and times; a change of 1 % anywhere shows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from neurohumor import evidence
from neurohumor.build.start import start
from neurohumor.lang import Param
from neurohumor.modules.energy.neuron_astrocyte_cloutier2009 import NeuronAstrocyteCloutier2009
from tests.papers.cloutier2009 import tissue
from tests.papers.cloutier2009.rules import File

STATES, CLOSE = 100, 1e-12
WORDS = {
    "na": "NA", "glc": "GLC", "g6p": "G6P", "f6p": "F6P", "gap": "GAP", "pep": "PEP", "pyr": "PYR", "lac": "LAC", "o2": "O2",
    "glu": "GLU", "nadh": "NADH", "atp": "ATP", "pcr": "PCr", "gly": "GLY", "co2": "CO2",
}  # fmt: skip
SWITCHES = (1.0, 199.0, 201.0, 283.0, 500.0, 505.0, 723.0, 700.0)
"""Seconds near which the stimulus, blood flow or glycogen turn."""
SEVERAL = {"nh_O2": ("nh_O2_Vcn_O2", "nh_O2_model_parameters"), "CBF0": ("CBF0_Fin_t", "CBF0_model_parameters")}
"""What the file writes twice."""
LITERAL = {"Ve": 0.2, "t_lead": 3.0, "Km_ATPase": 0.001}
"""What stands in the file's rules as a number, or follows from its ratios."""
RATIOS = ("Ren", "Reg", "Rcg", "Rce", "Rng")
"""Ratios of volumes, which the module calculates."""


def written(name: str) -> str:
    """The file's name of a state."""
    if name in ("vv", "dhb", "bold"):
        return {"vv": "Vv", "dhb": "dHb", "bold": "BOLD"}[name]
    stem, _, side = name.partition("_")
    return WORDS[stem] + side


@pytest.fixture(scope="module")
def file(shared) -> File:
    return File(shared / "reference" / "sbml" / "BIOMD0000000554.xml")


def samples(rng: np.random.Generator) -> list[tuple[float, Mapping[str, float]]]:
    """Times around every switch, and states within a factor of two of rest (less where a total or haemoglobin binds them)."""
    rest = {row.name: (row.scale / row.unit.factor) for row in tissue.system().states}
    found = []
    for k in range(STATES):
        state = {name: size * 2 ** rng.uniform(-1, 1) for name, size in rest.items()}
        for name in ("atp_n", "atp_g", "pcr_n", "pcr_g", "nadh_n", "nadh_g", "o2_c"):
            state[name] = rest[name] * rng.uniform(0.8, 1.03)
        found.append((SWITCHES[k % len(SWITCHES)] + rng.uniform(-5, 5), state))
    return found


def differences(where, file: File, ours: Mapping[str, float], theirs: Mapping[str, float]) -> list[str]:
    """The states whose rates differ by more than 1e-12 of their largest term, at the first sample where any do."""
    for seconds, state in where:
        told = file.rates(seconds, {written(name): value for name, value in state.items()}, theirs)
        made, size = tissue.rates(seconds, state, ours), tissue.largest(seconds, state)
        assert {written(name) for name in made} == set(told)
        found = [name for name in made if not abs(made[name] - told[written(name)]) <= CLOSE * size[name]]
        if found:
            return found
    return []


def test_rates_equal_those_of_the_file(file, rng):
    assert differences(samples(rng), file, {}, {}) == []


@pytest.mark.parametrize("name", [p.name for p in NeuronAstrocyteCloutier2009.of(Param)])
def test_one_per_cent_in_any_parameter_of_the_module_shows(name, file, rng):
    assert differences(samples(rng), file, {name: tissue.params()[name] * 1.01}, {}), f"{name} enters no rate of the module"


def test_one_per_cent_in_any_number_of_the_file_shows(file, rng):
    where = samples(rng)
    constant = {name for name in file.numbers if name not in file.assigned and name not in file.rules}
    hidden = [
        name for name in sorted(constant) if file.numbers[name] and not differences(where, file, {}, {name: file.numbers[name] * 1.01})
    ]
    assert hidden == []


def test_the_ledger_says_what_the_file_says(file):
    entries = {param: e for (module, param), e in evidence.library().ledger.items() if module == NeuronAstrocyteCloutier2009.__name__}
    assert set(entries) == set(tissue.params())
    for name, entry in entries.items():
        cited = NeuronAstrocyteCloutier2009.declarations[name].cite.split()[-1]
        told = [LITERAL[name]] if name in LITERAL else [file.numbers[one] for one in SEVERAL.get(name, (cited,))]
        assert all(entry.value == value for value in told), name
    assert [file.numbers["Ren"] * 0.45, file.numbers["Reg"] * 0.25] == pytest.approx([0.2, 0.2])


def test_the_module_starts_from_the_file_s_values(file):
    flat = tissue.system()
    first = start(flat)
    for row, value in zip(flat.states, first.y, strict=True):
        assert value / row.unit.factor == pytest.approx(file.numbers[written(row.name)], rel=1e-14), row.name


def test_every_number_of_the_file_is_in_the_module(file):
    used = {p.cite.split()[-1] for p in NeuronAstrocyteCloutier2009.of(Param)} | {b for a in SEVERAL.values() for b in a}
    constant = {name for name in file.numbers if name not in file.assigned and name not in file.rules}
    assert constant - used == {*RATIOS, "Reg"} - used
