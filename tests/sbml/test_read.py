"""What SBML's elements mean, each held against a solution by hand."""

from __future__ import annotations

import math as m

import numpy as np
import pytest

from neurohumor.errors import FileError
from neurohumor.sbml.read import import_sbml, read_sbml
from tests.sbml.texts import (
    TIME,
    apply,
    ci,
    cn,
    compartment,
    event,
    listed,
    math,
    parameter,
    reaction,
    rule,
    sbml,
    solve,
    species,
    symbol,
)

TIMES = np.linspace(0.0, 10.0, 101)


def close(found, expected, rel: float = 1e-7):
    np.testing.assert_allclose(found, expected, rtol=rel, atol=1e-9)


def decay(place: str, start: str, *, amount: bool = False) -> str:
    """S decays at 0.3 per time of its own symbol, as an extent."""
    law = apply("times", cn(0.3), ci("S"))
    return sbml(listed(Compartments=place, Species=species("S", start, amount=amount), Reactions=reaction("R", law, "S")))


# ── species and compartments ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [1.0, 0.25])
def test_a_reaction_moves_amounts_and_its_law_reads_concentrations(size: float):
    found = solve(read_sbml(decay(compartment(size=size), 'initialConcentration="2"')), TIMES)
    close(found["S"], 2.0 * np.exp(-0.3 / size * TIMES))
    close(found["model.S.amount"], 2.0 * size * np.exp(-0.3 / size * TIMES))
    close(found["R"], 0.3 * found["S"])


def test_a_species_of_amounts():
    found = solve(read_sbml(decay(compartment(size=0.25), 'initialConcentration="2"', amount=True)), TIMES)
    close(found["S"], 0.5 * np.exp(-0.3 * TIMES))
    close(found["model.S.concentration"], found["S"] / 0.25)


def test_a_point_holds_amounts():
    found = solve(read_sbml(decay(compartment(size=None, dimensions=0), 'initialAmount="2"')), TIMES)
    close(found["S"], 2.0 * np.exp(-0.3 * TIMES))


def test_a_compartment_that_grows_dilutes():
    grows = listed(Rules=rule("rate", "C", cn(0.1)))
    text = sbml(listed(Compartments=compartment(constant=False), Species=species("S", 'initialAmount="2"')) + grows)
    close(solve(read_sbml(text), TIMES)["S"], 2.0 / (1.0 + 0.1 * TIMES))


def test_a_compartment_that_jumps_keeps_amounts_even_under_a_rate_rule():
    rules = listed(Rules=rule("rate", "S", cn(1)), Events=event(apply("geq", TIME, cn(4.55)), {"C": cn(0.5)}))
    text = sbml(listed(Compartments=compartment(constant=False), Species=species("S", 'initialAmount="2"', boundary=True)) + rules)
    found = solve(read_sbml(text), TIMES)
    close(found["S"], np.where(TIMES < 4.55, 2.0 + TIMES, (2.0 + 4.55) / 0.5 + TIMES - 4.55))


def test_a_compartment_without_a_size_is_told():
    text = decay(compartment(size=None), 'initialAmount="2"')
    found = import_sbml(text)
    assert found.notes == ("the compartment C has no size; 1 is taken",)


def test_boundary_and_constant_species_are_not_used_up():
    law = apply("times", cn(0.3), ci("B"), ci("K"))
    made = species("B", boundary=True) + species("K", 'initialConcentration="2"', boundary=True, constant=True) + species("P")
    text = sbml(listed(Compartments=compartment(), Species=made, Reactions=reaction("R", law, "B K", "P")))
    found = solve(read_sbml(text), TIMES)
    close(found["B"], 1.0)
    close(found["P"], 1.0 + 0.6 * TIMES)


def test_conversion_factors():
    body = listed(
        Compartments=compartment(),
        Species=species("S").replace("<species", '<species conversionFactor="f"') + species("P", 'initialConcentration="0"'),
        Parameters=parameter("f", 3.0) + parameter("g", 5.0),
        Reactions=reaction("R", cn(0.1), "S", "P"),
    )
    found = solve(read_sbml(sbml(body, 'conversionFactor="g"')), TIMES)
    close(found["S"], 1.0 - 0.3 * TIMES)
    close(found["P"], 0.5 * TIMES)


def test_local_parameters_hide_global_ones():
    local = '<localParameter id="k" value="0.5"/>'
    body = listed(
        Compartments=compartment(), Species=species("S"), Parameters=parameter("k", 9.0),
        Reactions=reaction("R", apply("times", ci("k"), ci("S")), "S", local=local),
    )  # fmt: skip
    system = read_sbml(sbml(body))
    close(solve(system, TIMES)["S"], np.exp(-0.5 * TIMES))
    assert {"k", "R.k"} <= set(system.quantities)


def test_stoichiometry_that_a_rule_sets():
    side = '<listOfReactants><speciesReference id="n" species="S" constant="false"/></listOfReactants>'
    made = f'<reaction id="R" reversible="false">{side}<kineticLaw>{math(cn(1))}</kineticLaw></reaction>'
    body = listed(Compartments=compartment(), Species=species("S"), Rules=rule("assignment", "n", TIME), Reactions=made)
    close(solve(read_sbml(sbml(body)), TIMES)["S"], 1.0 - TIMES**2 / 2)


def test_reactions_are_fluxes():
    body = listed(
        Compartments=compartment(),
        Species=species("S") + species("P"),
        Reactions=reaction("R", ci("S"), "S", "P") + reaction("E", ci("P"), "P"),
    )
    system = read_sbml(sbml(body))
    names = [row.name for row in system.states]
    moved = {f.name: ({names[k]: by for k, by in f.moved}, f.border) for f in system.fluxes}
    assert moved == {"R": ({"S.amount": -1.0, "P.amount": 1.0}, False), "E": ({"P.amount": -1.0}, True)}
    assert [system.derived[f.value].name for f in system.fluxes] == ["R", "E"]


# ── rules and initial values ──────────────────────────────────────────────────────────────────────


def test_initial_assignments_stand_on_one_another_in_any_order():
    def assigned(name: str, content: str) -> str:
        return f'<initialAssignment symbol="{name}">{math(content)}</initialAssignment>'

    body = listed(
        Compartments=compartment(size=2.0),
        Species=species("S", ""),
        Parameters=parameter("a", None) + parameter("b", None) + parameter("c", 3.0),
        InitialAssignments="".join(
            (assigned("S", ci("a")), assigned("a", apply("plus", ci("b"), cn(1))), assigned("b", apply("times", cn(2), ci("c"))))
        ),
    )
    found = solve(read_sbml(sbml(body)), TIMES[:2])
    assert (found["a"][0], found["b"][0], found["S"][0], found["model.S.amount"][0]) == (7.0, 6.0, 7.0, 14.0)


def test_rate_of():
    rules = rule("rate", "x", apply("times", cn(-0.5), ci("x"))) + rule("assignment", "v", f"<apply>{symbol('rateOf')}{ci('x')}</apply>")
    body = listed(Parameters=parameter("x", constant=False) + parameter("v", None, constant=False), Rules=rules)
    close(solve(read_sbml(sbml(body)), TIMES)["v"], -0.5 * np.exp(-0.5 * TIMES))


def test_rate_of_a_concentration_follows_its_compartment():
    rules = rule("rate", "C", cn(0.1)) + rule("assignment", "v", f"<apply>{symbol('rateOf')}{ci('S')}</apply>")
    body = listed(
        Compartments=compartment(constant=False),
        Species=species("S", 'initialAmount="2"'),
        Parameters=parameter("v", None, constant=False),
        Rules=rules,
    )
    close(solve(read_sbml(sbml(body)), TIMES)["v"], -0.2 / (1.0 + 0.1 * TIMES) ** 2)


def test_an_algebraic_rule_that_is_linear_becomes_an_assignment():
    law = apply("times", cn(0.3), ci("S"))
    total = apply("minus", apply("plus", ci("S"), apply("times", cn(2), ci("T"))), cn(5))
    body = listed(
        Compartments=compartment(),
        Species=species("S"),
        Parameters=parameter("T", None, constant=False),
        Rules=rule("algebraic", "", total),
        Reactions=reaction("R", law, "S"),
    )
    system = read_sbml(sbml(body))
    assert all(system.differential)
    close(solve(system, TIMES)["T"], (5.0 - np.exp(-0.3 * TIMES)) / 2)


def test_an_algebraic_rule_that_is_not_linear_is_solved_at_every_time():
    law = apply("times", cn(0.3), ci("S"))
    body = listed(
        Compartments=compartment(), Species=species("S"), Parameters=parameter("T", 0.5, constant=False),
        Rules=rule("algebraic", "", apply("minus", apply("power", ci("T"), cn(3)), ci("S"))), Reactions=reaction("R", law, "S"),
    )  # fmt: skip
    system = read_sbml(sbml(body))
    assert list(system.differential).count(False) == 1
    close(solve(system, TIMES)["T"], np.exp(-0.1 * TIMES))


def test_two_algebraic_rules_that_need_one_another():
    first = apply("minus", apply("plus", ci("a"), ci("b")), TIME)
    second = apply("minus", apply("minus", ci("a"), ci("b")), cn(2))
    body = listed(
        Parameters=parameter("a", 0.0, constant=False) + parameter("b", 0.0, constant=False),
        Rules=rule("algebraic", "", first) + rule("algebraic", "", second),
    )  # fmt: skip
    found = solve(read_sbml(sbml(body)), TIMES)
    close(found["a"], (TIMES + 2) / 2)
    close(found["b"], (TIMES - 2) / 2)


def test_an_algebraic_rule_that_fixes_nothing_is_refused():
    body = listed(Parameters=parameter("a"), Rules=rule("algebraic", "", apply("minus", ci("a"), cn(1))))
    with pytest.raises(FileError, match="fixes nothing") as caught:
        read_sbml(sbml(body))
    assert "algebraic rule 1" in caught.value.where


# ── events ────────────────────────────────────────────────────────────────────────────────────────


def rising(*events: str, more: str = "") -> str:
    """x rises by 1 per time; y is what events set."""
    parameters = parameter("x", 0.0, constant=False) + parameter("y", 0.0, constant=False) + more
    return sbml(listed(Parameters=parameters, Rules=rule("rate", "x", cn(1)), Events="".join(events)))


def test_an_event_sets_what_it_says_when_its_trigger_turns():
    found = solve(read_sbml(rising(event(apply("geq", ci("x"), cn(3.25)), {"y": apply("plus", ci("x"), cn(1))}))), TIMES)
    close(found["y"], np.where(TIMES < 3.25, 0.0, 4.25))


@pytest.mark.parametrize(("at_trigger", "expected"), [(True, 3.25), (False, 5.75)])
def test_a_delayed_event(at_trigger: bool, expected: float):
    text = rising(event(apply("geq", ci("x"), cn(3.25)), {"y": ci("x")}, delay=cn(2.5), at_trigger=at_trigger))
    close(solve(read_sbml(text), TIMES)["y"], np.where(TIMES < 5.75, 0.0, expected))


@pytest.mark.parametrize(("persistent", "expected"), [(True, 1.0), (False, 0.0)])
def test_an_event_that_does_not_persist_is_cancelled(persistent: bool, expected: float):
    within = apply("and", apply("gt", ci("x"), cn(2.05)), apply("lt", ci("x"), cn(3.05)))
    text = rising(event(within, {"y": cn(1)}, delay=cn(2), persistent=persistent))
    assert solve(read_sbml(text), TIMES)["y"][-1] == expected


@pytest.mark.parametrize(("initially", "expected"), [(True, 0.0), (False, 1.0)])
def test_a_trigger_that_holds_at_the_start(initially: bool, expected: float):
    assert solve(read_sbml(rising(event(apply("geq", ci("x"), cn(0)), {"y": cn(1)}, initially=initially))), TIMES)["y"][-1] == expected


@pytest.mark.parametrize("moment", [5.0, 3.3, 0.1])
def test_an_event_at_one_exact_time_happens_whatever_the_length_of_the_run(moment: float):
    text = rising(event(apply("eq", TIME, ci("when")), {"y": cn(1)}), more=parameter("when", moment))
    times = np.array([0.0, moment - 0.05, moment + 0.05, 500.0])
    np.testing.assert_array_equal(solve(read_sbml(text), times)["y"], [0.0, 0.0, 1.0, 1.0])


def test_an_event_sets_a_concentration():
    happens = event(apply("geq", TIME, cn(5.05)), {"S": cn(4)})
    body = listed(Compartments=compartment(size=0.5), Species=species("S"), Events=happens)
    found = solve(read_sbml(sbml(body)), TIMES)
    close(found["S"], np.where(TIMES < 5.05, 1.0, 4.0))
    close(found["model.S.amount"], np.where(TIMES < 5.05, 0.5, 2.0))


def test_an_event_that_sets_what_a_rule_determines_is_refused():
    body = listed(
        Parameters=parameter("a", None, constant=False) + parameter("b", None, constant=False),
        Rules=rule("algebraic", "", apply("minus", ci("a"), TIME)),
        Events=event(apply("geq", TIME, cn(1)), {"a": cn(4)}),
    )  # fmt: skip
    with pytest.raises(FileError, match="which a rule determines"):
        read_sbml(sbml(body))


# ── refusals and notes ────────────────────────────────────────────────────────────────────────────


def quick(law: str, more: str = "", constant: bool = True, **lists: str) -> str:
    """A turns into B at a fast rate, and B is lost at 0.3."""
    numbers = parameter("kf", 3.0, constant=constant) + parameter("kr", 1.0)
    slow = reaction("slow", apply("times", cn(0.3), ci("B"), ci("C")), "B").replace("<reaction ", '<reaction fast="false" ')
    fast = reaction("quick", law, "A", "B").replace("<reaction ", '<reaction fast="true" ')
    pools = species("A", 'initialConcentration="2"') + species("B", 'initialConcentration="0"')
    content = listed(Compartments=compartment(size=0.5), Species=pools, Parameters=numbers, Reactions=fast + slow + more, **lists)
    return sbml(content).replace("version2", "version1").replace('version="2"', 'version="1"')


FORTH_AND_BACK = apply("times", ci("C"), apply("minus", apply("times", ci("kf"), ci("A")), apply("times", ci("kr"), ci("B"))))


def test_fast_reactions_that_are_linear_are_at_rest_at_every_moment():
    system = read_sbml(quick(FORTH_AND_BACK))
    assert list(system.differential).count(False) == 1
    found = solve(system, TIMES)
    whole = 2.0 * np.exp(-0.3 * 0.75 * TIMES)  # three quarters of it are B, and that is lost
    close(found["A"], 0.25 * whole)
    close(found["B"], 0.75 * whole)
    close(found["model.B.amount"], 0.375 * whole)


def test_fast_reactions_one_way_empty_what_they_consume():
    found = solve(read_sbml(quick(apply("times", ci("C"), ci("kf"), ci("A")))), TIMES)
    close(found["A"], 0.0 * TIMES)
    close(found["B"], 2.0 * np.exp(-0.3 * TIMES))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (quick(apply("times", ci("kf"), ci("A"), ci("A"))), "reaction quick: a 'fast' reaction whose rate is not linear"),
        (quick(apply("times", cn(-1), FORTH_AND_BACK)), "'fast' reactions that do not come to rest"),
        (quick(cn(1)), "'fast' reactions that do not come to rest"),
        (quick(FORTH_AND_BACK, Events=event(apply("geq", TIME, cn(1)), {"A": cn(1)})), "fast reactions move A, which events set"),
        (quick(FORTH_AND_BACK, constant=False, Events=event(apply("geq", TIME, cn(1)), {"kf": cn(1)})), "is not linear"),
    ],
)
def test_fast_reactions_of_which_the_rest_is_not_sure_are_refused_by_name(text: str, why: str):
    with pytest.raises(FileError) as caught:
        read_sbml(text)
    assert why in str(caught.value)


def test_a_value_that_nothing_sets_is_refused_where_it_matters():
    used = sbml(listed(Parameters=parameter("k", None) + parameter("x", constant=False), Rules=rule("rate", "x", ci("k"))))
    with pytest.raises(FileError, match="k has no value"):
        read_sbml(used)
    assert m.isnan(solve(read_sbml(sbml(listed(Parameters=parameter("k", None)))), TIMES[:2])["k"][0])


def test_what_says_nothing_is_told():
    silent = '<event useValuesFromTriggerTime="true"/>' + "<constraint/>"
    body = listed(
        Parameters=parameter("x", constant=False), Rules='<rateRule variable="x"/>', Constraints=silent[-13:], Events=silent[:-13]
    )
    notes = import_sbml(sbml(body)).notes
    assert len(notes) == 3 and "constraint" in " ".join(notes)


# ── units, doses, names ───────────────────────────────────────────────────────────────────────────

UNITS = (
    '<unitDefinition id="hours"><listOfUnits><unit kind="second" exponent="1" scale="0" multiplier="3600"/></listOfUnits></unitDefinition>'
    '<unitDefinition id="uM"><listOfUnits><unit kind="mole" exponent="1" scale="-6" multiplier="1"/>'
    '<unit kind="litre" exponent="-1" scale="0" multiplier="1"/></listOfUnits></unitDefinition>'
    '<unitDefinition id="umol"><listOfUnits><unit kind="mole" exponent="1" scale="-6" multiplier="1"/></listOfUnits></unitDefinition>'
    '<unitDefinition id="minutes"><listOfUnits><unit kind="second" exponent="1" scale="0" multiplier="60"/></listOfUnits></unitDefinition>'
)


def united(time: str) -> str:
    law = apply("times", cn(0.3), ci("S"))
    body = listed(
        UnitDefinitions=UNITS, Compartments=compartment(size=2.0), Species=species("S").replace("<species", '<species name="cortisol"'),
        Reactions=reaction("R", law, "S"), Events=event(apply("geq", TIME, cn(60)), {"S": cn(3)}),
    )  # fmt: skip
    return sbml(body, f'timeUnits="{time}" substanceUnits="umol" volumeUnits="litre" extentUnits="umol"')


def test_declared_units_are_turned_into_ours():
    system = read_sbml(united("minutes"))
    assert not system.raw and str(system.time_unit) == "h"
    found = solve(system, np.array([0.0, 0.5, 2.0]))
    close(found["S"], [1.0, m.exp(-0.15 * 30), 3.0 * m.exp(-0.15 * 60)])  # uM are internal, minutes are not
    row = next(row for row in system.derived if row.name == "S")
    assert str(row.unit) == "uM"
    assert found["model.S.amount"][0] == pytest.approx(2000.0)  # nmol


def test_the_file_s_own_numbers_can_be_kept():
    system = read_sbml(united("minutes"), raw=True)
    found = solve(system, np.array([0.0, 30.0, 120.0]))
    assert system.raw
    close(found["S"], [1.0, m.exp(-0.15 * 30), 3.0 * m.exp(-0.15 * 60)])


def test_no_unit_of_time_no_turning():
    system = read_sbml(united("minutes").replace('timeUnits="minutes"', ""))
    assert system.raw and system.time_unit.factor == 1.0


def test_a_species_named_after_a_substance_takes_doses_of_it():
    from neurohumor import Person, dose, simulate

    system = read_sbml(united("hours"))
    assert [(d.substance, d.route, system.states[d.state].name) for d in system.doses] == [("cortisol", "iv", "S.amount")]
    day = dose("cortisol", "10 umol", route="iv", at="01:00")
    run = simulate(system, Person(), day, windows=[("00:00", "02:00", "30 min")], settled=False)
    after = m.exp(-0.15) + 5.0
    close(run["S"].to("uM").values, [1.0, m.exp(-0.075), after, after * m.exp(-0.075), after * m.exp(-0.15)], 1e-5)


def test_hierarchical_models_are_written_out():
    comp = 'xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true"'
    law = apply("times", apply("minus", ci("k")), ci("x"))
    inner = listed(Parameters=parameter("x", 1.0, constant=False) + parameter("k", 0.5), Rules=rule("rate", "x", law))
    in_place = '<comp:replacedElement comp:idRef="k" comp:submodelRef="B"/>'
    outer = parameter("fast", 2.0).replace("/>", f"><comp:listOfReplacedElements>{in_place}</comp:listOfReplacedElements></parameter>")
    both = "".join(f'<comp:submodel comp:id="{name}" comp:modelRef="d"/>' for name in "AB")
    text = sbml(listed(Parameters=outer) + f"<comp:listOfSubmodels>{both}</comp:listOfSubmodels>", packages=comp)
    defined = f'<comp:listOfModelDefinitions><comp:modelDefinition id="d">{inner}</comp:modelDefinition></comp:listOfModelDefinitions>'
    found = solve(read_sbml(text.replace("</model></sbml>", f"</model>{defined}</sbml>")), TIMES)
    close(found["A__x"], np.exp(-0.5 * TIMES))
    close(found["B__x"], np.exp(-2.0 * TIMES))


def test_equal_files_have_equal_fingerprints():
    one, two = read_sbml(united("hours")), read_sbml(united("hours"))
    assert one.fingerprint == two.fingerprint != read_sbml(united("minutes")).fingerprint
