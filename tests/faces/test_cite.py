"""`neurohumor cite`: the sources of exactly these equations, as text and as BibTeX."""

from __future__ import annotations

import pytest

from neurohumor.evidence.bib import read_bibtex
from neurohumor.evidence.evidence import bibliography, counts
from neurohumor.lang.model import Model, part
from neurohumor.models import module
from neurohumor.show.cited import SOLVER, cited
from tests.faces.conftest import Call


def of(name: str) -> Model:
    from neurohumor.cli.naming import model_for

    return model_for(name)


@pytest.mark.parametrize("name", ["human", "synapse"])
def test_the_sources_are_those_of_the_bibliography_and_the_solver(name: str):
    model = of(name)
    found = cited(model)
    assert set(found.keys) == {one.key for one in bibliography(model)} | set(SOLVER)
    assert {one.reference.key for one in found.modules} == {p.module.source for p in model.parts.values() if p.module.source}


def test_a_paper_module_gives_equations_and_numbers_and_leaves_nothing_unsourced():
    paper = module("dopamine_terminal_best2009")
    found = cited(Model("one", {"terminal": part(paper, here="striatum")}))
    assert [one.reference.key for one in found.modules] == [one.reference.key for one in found.numbers] == ["best2009"]
    assert found.numbers[0].gives == ("terminal: 39 numbers",) and not found.own and not found.assumed


def test_a_number_set_by_the_model_is_no_longer_its_sources():
    paper = module("dopamine_terminal_best2009")
    found = cited(Model("one", {"terminal": part(paper, here="striatum", k_hva=4.0)}))
    assert found.numbers[0].gives == ("terminal: 38 numbers",) and found.assumed == {"terminal": ("k_hva",)}


def test_assumed_numbers_are_those_that_are_counted():
    model = of("human")
    told = {f"{name}.{param}" for name, params in cited(model).assumed.items() for param in params}
    assert len(told) >= counts(model)["assumed"] > 0


def test_the_verb_tells_groups_and_what_has_no_source(call: Call):
    told = call("cite", "human")
    assert told.exit_code == 0, told.output
    for due in ("Equations:", "Numbers:", "Solver: 1 source", "10.1186/1742-4682-6-21", "Without a source", "Equations of our own"):
        assert due in told.stdout, due


def test_bibtex_reads_back(call: Call):
    told = call("cite", "human", "--bibtex")
    assert told.exit_code == 0, told.output
    assert tuple(read_bibtex(told.stdout)) == cited(of("human")).keys


def test_parts_and_modules_have_theirs(call: Call):
    assert "best2009" in call("cite", "human.da_striatum").stdout
    assert "best2010" in call("cite", "serotonin_terminal_best2010").stdout


def test_an_unknown_name_is_told_with_the_closest(call: Call):
    told = call("cite", "humann")
    assert told.exit_code == 2 and "did you mean human" in told.stderr
