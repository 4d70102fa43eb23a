"""What is written is valid, says what things are, and means the same when it is read again."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from neurohumor.build.flatten import flatten
from neurohumor.engine.problem import Action, Entry
from neurohumor.engine.schedule import bind
from neurohumor.engine.subject import acts_of, inputs_of, params_of, subject_of
from neurohumor.lang import (
    Balance,
    Compartment,
    Const,
    Derived,
    Event,
    Flux,
    Implicit,
    Input,
    Level,
    Model,
    Module,
    Output,
    Param,
    Rate,
    Species,
    both,
    maximum,
    minimum,
    part,
    sin,
    where,
)
from neurohumor.lang.system import System
from neurohumor.models import load, names
from neurohumor.sbml.read import read_sbml
from neurohumor.sbml.write import Given, ids_of, write_sbml
from neurohumor.units import unit as parse_unit
from tests.sbml.texts import Floats, solve

libsbml = pytest.importorskip("libsbml")
TIMES = np.linspace(0.0, 24.0, 97)
SMALL, LARGE = 40, 40
"""States up to which a model's round trip is quick; above which the reference engine is too slow for it."""
WALL = 1000.0


def of(value: float, unit: str) -> Const:
    """A number with its unit."""
    return Const(value, parse_unit(unit))


class Everything(Module):
    """One of each thing that can be written."""

    V = Param(2.0, "L", "volume of distribution", cite="best2009 T1", basis="fitted")
    k = Param(0.3, "1/h", "loss", basis="assumed")
    Kd = Param(1.5, "uM", "affinity", basis="assumed")
    late = Param(1.5, "h", "delay", basis="assumed")
    light = Input("world.light", "lux", 300.0, "light")
    pool = Compartment(V, "L", "pool")
    cell = Compartment(0.5, "mL", "cells")
    cortisol = Species(pool, 4.0, "uM", "cortisol in the pool")
    inside = Species(cell, 1.0, "uM", "cortisol in cells")
    total = Species(pool, 30.0, "nmol", "an amount")
    level = Level(0.2, "1", "a number", signed=True)
    enters = Flux(cortisol >> inside, k * cortisol, per=cell)
    leaves = Flux(inside >> 0, k * inside)
    made = Flux(0 >> total, where(total < of(40.0, "nmol"), of(20.0, "nmol"), of(10.0, "nmol")) * k, "nmol/h")
    bound = Implicit(0.5, "uM", "bound part")
    binding = Balance(bound, bound - cortisol * Kd / (Kd + cortisol + bound))
    moves = Rate(level, (sin(cortisol / Kd) + minimum(level, 1.0) * maximum(light / of(300.0, "lux"), 0.1) - level) * k)
    seen = Derived(where(both(cortisol < of(3.0, "uM"), inside > of(0.0, "uM")), cortisol, 2.0 * Kd), "uM", "seen")
    falls = Event(cortisol < of(2.0, "uM"), {level: level + 1.0, inside: of(3.0, "uM")}, delay=late)
    tells = Output("blood.cortisol", cortisol, "uM", "cortisol")


@pytest.fixture(scope="module")
def everything() -> System:
    return flatten(Model("everything", {"a": part(Everything)}))


def errors_of(text: str) -> list[str]:
    """What libSBML finds wrong, warnings left out; all its rules are asked."""
    document = libsbml.readSBMLFromString(text)
    document.checkConsistency()
    found = [document.getError(k) for k in range(document.getNumErrors())]
    return [e.getMessage() for e in found if e.getSeverity() >= libsbml.LIBSBML_SEV_ERROR]


CATEGORIES = (
    "GENERAL_CONSISTENCY", "IDENTIFIER_CONSISTENCY", "UNITS_CONSISTENCY", "MATHML_CONSISTENCY", "SBO_CONSISTENCY", "OVERDETERMINED_MODEL",
    "MODELING_PRACTICE",
)  # fmt: skip


def complaints_of(text: str) -> list[str]:
    """Errors and warnings of every category that libSBML knows: units, ontology terms and modelling practice among them."""
    document = libsbml.readSBMLFromString(text)
    for name in CATEGORIES:
        document.setConsistencyChecks(getattr(libsbml, f"LIBSBML_CAT_{name}"), True)
    document.checkConsistency()
    return [document.getError(k).getMessage() for k in range(document.getNumErrors())]


def apart(system: System, again: System, one: dict[str, Floats], other: dict[str, Floats]) -> dict[str, float]:
    """By how much states and derived rows differ, as a part of their largest values, of a state at least of its declared size."""
    ids = ids_of(system)
    found: dict[str, float] = {}
    for row in (*system.states, *system.derived):
        size = max(float(np.max(np.abs(one[row.full]))), getattr(row, "scale", 0.0))
        found[row.full] = float(np.max(np.abs(other[ids[row.full]] - one[row.full]))) / (size if size > 1e-12 else 1.0)
    assert set(ids.values()) <= set(again.quantities)
    return found


def test_everything_is_valid_and_comes_back(everything: System):
    text = write_sbml(everything)
    assert complaints_of(text) == []
    again = read_sbml(text)
    assert not again.raw and list(again.differential).count(False) == 1
    found = apart(everything, again, solve(everything, TIMES), solve(again, TIMES))
    assert len(found) > 10 and max(found.values()) < 1e-8, found
    assert max(solve(everything, TIMES)["a.level"]) > 1.0  # the event acted


def test_fluxes_are_reactions_and_the_rest_are_rules(everything: System):
    document = libsbml.readSBMLFromString(write_sbml(everything))
    model = document.getModel()
    assert [model.getReaction(k).getName() for k in range(model.getNumReactions())] == ["a.enters", "a.leaves", "a.made"]
    assert not any(model.getSpecies(name).getBoundaryCondition() for name in ("a_cortisol", "a_inside", "a_total"))
    kinds = [model.getRule(k) for k in range(model.getNumRules())]
    assert [rule.getVariable() for rule in kinds if rule.isRate()] == ["a_level"]
    assert sum(rule.isAlgebraic() for rule in kinds) == 1
    assert model.getCompartment("a_pool").getConstant() and model.getSpecies("a_cortisol").getCompartment() == "a_pool"


def test_a_rate_that_fluxes_do_not_explain_is_a_rule(everything: System):
    from dataclasses import replace

    rates = (everything.rates[0] * 1.000001, *everything.rates[1:])
    text = write_sbml(replace(everything, rates=rates))
    model = libsbml.readSBMLFromString(text)
    assert model.getModel().getSpecies("a_cortisol").getBoundaryCondition()
    assert errors_of(text) == []


def test_elements_say_what_they_are(everything: System):
    text = write_sbml(everything)
    assert "https://identifiers.org/CHEBI:17650" in text  # cortisol
    assert "https://identifiers.org/UBERON:0001969" in text  # blood plasma
    assert "https://identifiers.org/doi:10.1186/1742-4682-6-21" in text  # the source of V
    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    assert model.getSpecies("a_cortisol").getCVTerm(0).getResourceURI(0).endswith("CHEBI:17650")
    assert {model.getParameter("a_V").getSBOTermID(), model.getReaction(0).getSBOTermID()} == {"SBO:0000002", "SBO:0000375"}
    assert model.getSpecies("a_cortisol").getSBOTermID() == "SBO:0000247"
    assert model.getSpecies("a_total").getSBOTermID() == "SBO:0000240"


def statements(element: object) -> list[tuple[str, str]]:
    """(qualifier, address) of everything that an element says of itself."""
    found: list[tuple[str, str]] = []
    for k in range(element.getNumCVTerms()):  # type: ignore[attr-defined]
        term = element.getCVTerm(k)  # type: ignore[attr-defined]
        name = (
            libsbml.BiolQualifierType_toString(term.getBiologicalQualifierType())
            if term.getQualifierType() == libsbml.BIOLOGICAL_QUALIFIER
            else libsbml.ModelQualifierType_toString(term.getModelQualifierType())
        )
        found += [(name, term.getResourceURI(i).removeprefix("https://identifiers.org/")) for i in range(term.getNumResources())]
    return found


class Peptide(Module):
    """A protein hormone in a pool, and how much of it is heard."""

    V = Param(3.0, "L", "volume of plasma", basis="assumed")
    plasma = Compartment(V, "L", "plasma")
    insulin = Species(plasma, 50.0, "pmol/L", "insulin in plasma")
    k = Param(0.1, "1/h", "loss", cite="best2009 T1", basis="fitted")
    lost = Flux(insulin >> 0, k * insulin)
    tells = Output("blood.insulin", insulin, "pmol/L", "insulin")


def test_every_kind_of_identifier_stands_with_its_qualifier(everything: System):
    model = libsbml.readSBMLFromString(text := write_sbml(flatten(Model("peptide", {"a": part(Peptide)}))))
    assert complaints_of(text) == []
    found = statements(model.getModel().getSpecies("a_insulin"))
    assert found == [("isPartOf", "uniprot:P01308"), ("isEncodedBy", "hgnc:6081")]
    assert model.getModel().getSpecies("a_insulin").getSBOTermID() == "SBO:0000252"
    assert statements(model.getModel().getCompartment("a_plasma")) == [("is", "UBERON:0001969")]
    assert statements(model.getModel().getParameter("a_k")) == [("isDescribedBy", "doi:10.1186/1742-4682-6-21")]
    assert ("isDescribedBy", "doi:10.1186/1742-4682-6-21") in statements(model.getModel())
    assert ("isPropertyOf", "uniprot:P01308") in statements(model.getModel().getParameter("a_tells"))
    document = libsbml.readSBMLFromString(write_sbml(everything))
    assert ("is", "CHEBI:17650") in statements(document.getModel().getSpecies("a_cortisol"))


def test_the_text_is_the_same_every_time(everything: System):
    assert write_sbml(everything) == write_sbml(flatten(Model("everything", {"a": part(Everything)})))


def happenings(system: System) -> tuple[Entry, ...]:
    """Something of every kind, several of them at one time."""
    state = {row.name: k for k, row in enumerate(system.states)}
    param = {row.name: k for k, row in enumerate(system.params)}
    return (
        Entry(0.0, Action.SET_INPUT, 0, 0.06),
        Entry(1.3, Action.ADD_STATE, state["cortisol"], 2.0),
        Entry(1.3, Action.ADD_STATE, state["cortisol"], 0.5),
        Entry(2.3, Action.SET_STATE, state["level"], 1.5),
        Entry(2.3, Action.ADD_STATE, state["level"], 0.25),
        Entry(3.1, Action.RAMP_INPUT, 0, 0.06, 0.01),
        Entry(6.1, Action.SET_INPUT, 0, 0.01),
        Entry(7.7, Action.SET_PARAM, param["k"], 0.6),
    )


@pytest.mark.parametrize("start", [0.0, 5.0])
def test_what_happens_becomes_events(everything: System, start: float):
    shifted = tuple(Entry(e.time + start, e.action, e.index, e.value, e.slope) for e in happenings(everything))
    text = write_sbml(everything, schedule=shifted, start=start)
    assert errors_of(text) == []
    again = read_sbml(text)
    one = solve(everything, TIMES + start, shifted)
    found = apart(everything, again, one, solve(again, TIMES))
    assert max(found.values()) < 1e-8, found


def test_the_volume_that_happens_to_change_holds_no_species(everything: System):
    param = [row.name for row in everything.params].index("V")
    schedule = (Entry(4.05, Action.SET_PARAM, param, 3000.0),)
    text = write_sbml(everything, schedule=schedule)
    again = read_sbml(text)
    found = apart(everything, again, solve(everything, TIMES, schedule), solve(again, TIMES))
    assert errors_of(text) == [] and max(found.values()) < 1e-8, found


def test_values_stand_in_place_of_defaults(everything: System):
    states = [1.0 + k for k in range(len(everything.states))]
    param = [row.name for row in everything.params].index("k")
    again = read_sbml(write_sbml(everything, given=Given([0.05], {param: 0.7}, states)))
    found = solve(again, TIMES[:2])
    ids = ids_of(everything)
    assert found["a_k"][0] == 0.7 and found["world_light"][0] == 0.05
    differential = [row.full for row, moves in zip(everything.states, everything.differential, strict=True) if moves]
    assert [found[ids[full]][0] for full in differential] == pytest.approx(
        [states[k] for k, moves in enumerate(everything.differential) if moves]
    )


def test_ids_are_made_of_names_and_never_twice(everything: System):
    from dataclasses import replace

    odd = ("a b", "a_b", "a.b", "9", "time", "exec('x')", "")
    params = tuple(replace(everything.params[0], part="p", name=name) for name in odd) + everything.params[len(odd) :]
    ids = ids_of(replace(everything, params=params))
    assert len(set(ids.values())) == len(ids)
    assert all(libsbml.SyntaxChecker.isValidSBMLSId(name) for name in ids.values())


def test_sums_of_thousands_and_long_chains_can_be_written_and_read(everything: System):
    from dataclasses import replace

    from neurohumor.lang.expr import Call, Const, Expr
    from neurohumor.lang.system import Leaf

    state: Expr = Leaf("state", 3, everything.states[3].full)
    long: Expr = Const(0.0)
    deep: Expr = state
    for k in range(3000):
        long = Call("add", long, Call("mul", Const(float(k)), state))
        deep = Call("sin", Call("add", deep, Const(0.1)))
    rates = (*everything.rates[:3], Call("sub", Call("mul", Const(1e-9), long), deep), *everything.rates[4:])
    system = replace(everything, rates=rates, fingerprint="")
    text = write_sbml(system)
    again = read_sbml(text)
    short = np.linspace(0.0, 1.0, 5)
    assert max(apart(system, again, solve(system, short), solve(again, short)).values()) < 1e-8


def lived(name: str) -> tuple[System, tuple[Entry, ...], Given]:
    """A family's model for the reference person, with a day of habits."""
    subject = subject_of(load(name), None)
    system = flatten(subject.model)
    inputs = inputs_of(subject, system)
    params = params_of(subject, system, inputs)
    bound = bind(acts_of(subject, 0.0, 24.0), system, inputs, params, start=0.0, end=24.0)
    return system, bound.schedule, Given(bound.inputs.tolist(), params)


TIGHT: dict[str, dict[str, float]] = {"reference": {"rtol": 1e-11}, "native": {"rtol": 1e-10, "longest": 0.02}}


def comes_back(name: str, backend: str = "reference") -> dict[str, float]:
    from neurohumor.sbml.read import import_sbml

    system, schedule, given = lived(name)
    text = write_sbml(system, schedule=schedule, given=given)
    assert complaints_of(text) == []
    again = import_sbml(text).system
    again_solved = solve(again, TIMES, backend=backend, wall=WALL, **TIGHT[backend])
    return apart(system, again, solve_given(system, schedule, given, backend), again_solved)


def solve_given(system: System, schedule: tuple[Entry, ...], given: Given, backend: str) -> dict[str, Floats]:
    """As `solve`, with a person's inputs and parameters in place."""
    from dataclasses import replace

    from neurohumor.lang.expr import Const

    assert given.inputs is not None
    inputs = tuple(replace(row, nominal=value) for row, value in zip(system.inputs, given.inputs, strict=True))
    params = tuple(replace(row, initial=Const(given.params[k])) if k in given.params else row for k, row in enumerate(system.params))
    living = replace(system, inputs=inputs, params=params, fingerprint="")
    return solve(living, TIMES, schedule, backend=backend, wall=WALL, **TIGHT[backend])


@cache
def sizes() -> dict[str, int]:
    return {name: len(flatten(subject_of(load(name), None).model).states) for name in names()}


def test_small_families_come_back():
    small = [name for name, states in sizes().items() if states <= SMALL]
    assert small
    for name in small:
        found = comes_back(name)
        assert max(found.values()) < 1e-8, (name, sorted(found.items(), key=lambda pair: -pair[1])[:3])


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_every_family_comes_back(name: str):
    """The reference woman's day of habits; a large one on the native engine, at the tightest that it takes.

    There, net rates near equilibrium, small differences of large ones, are told to fewer digits than the states they follow from.
    """
    large = sizes()[name] > LARGE
    found = comes_back(name, "native" if large else "reference")
    states = [row.full for row in lived(name)[0].states]
    assert max(found[row] for row in states) < 1e-8, sorted(found.items(), key=lambda pair: -pair[1])[:3]
    assert max(found.values()) < (1e-5 if large else 1e-8), sorted(found.items(), key=lambda pair: -pair[1])[:3]


@pytest.mark.parametrize("name", ["BIOMD0000000001", "BIOMD0000000494", "BIOMD0000000554", "BIOMD0000000570", "MODEL1502230000"])
def test_a_file_that_was_read_can_be_written_and_read_again(shared: Path, name: str):
    path = shared / "reference" / "sbml" / f"{name}.xml"
    if not path.is_file():
        pytest.skip("the models do not lie in the reference folder")
    system = read_sbml(path)
    text = write_sbml(system)
    again = read_sbml(text)
    end = 100.0 if system.raw else 24.0
    times = np.linspace(0.0, end, 51)
    assert errors_of(text) == []
    assert max(apart(system, again, solve(system, times), solve(again, times)).values()) < 1e-6
