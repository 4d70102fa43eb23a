"""Matter closes: totals, border fluxes, and planted leaks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scipy.integrate import solve_ivp

from neurohumor.build.conserve import contents, holds, leaks, totals, with_borders
from neurohumor.build.flatten import flatten
from neurohumor.build.start import start
from neurohumor.errors import ModelError
from neurohumor.lang import Compartment, Const, Flux, Level, Param, Rate, Species, log, part
from neurohumor.lang.system import System
from neurohumor.units import unit as parse_unit
from tests.numbers import rates_of
from tests.unit.build.toys import Barrier, Hand, Terminal, model, module


def burning(varying: bool = False) -> System:
    """Glucose comes in, becomes lactate, and leaves; in two sizes, one of which may breathe."""
    blood, k, inflow, fill = Compartment(5.0, "L"), Param(0.7, "1/h"), Param(30.0, "umol/h"), Level(1.0, "1")
    brain = Compartment(Const(1.4, parse_unit("L")) * (0.5 + 0.5 * fill), "L") if varying else Compartment(1.4, "L")
    glucose = Species(blood, 5.0, "mM", content={"carbon": 6, "matter": 1})
    lactate = Species(brain, 1.0, "mM", content={"carbon": 3, "matter": 0.5})
    pairs = [("blood", blood), ("fill", fill), ("brain", brain), ("k", k), ("inflow", inflow), ("g", glucose), ("l", lactate)]
    pairs += [("breath", Rate(fill, -0.1 * k * fill)), ("enter", Flux(0 >> glucose, inflow, "umol/h"))]
    pairs += [("burn", Flux(glucose >> 2 * lactate, 0.01 * k * glucose)), ("leave", Flux(lactate >> 0, k * lactate))]
    return flatten(model(a=part(module(*pairs))))


@pytest.mark.parametrize("varying", [False, True])
def test_change_is_what_crossed_the_border(varying):
    system = burning(varying)
    wider = with_borders(system)
    first = start(wider)
    f = rates_of(wider)
    solved = solve_ivp(lambda t, y: f(t, y, first.p, first.u), (0.0, 24.0), first.y, method="DOP853", rtol=1e-11, atol=1e-9)
    last = dict(zip((row.full for row in wider.states), solved.y[:, -1], strict=True))
    before = holds(system, first.y[: len(system.states)], first.p, first.u)
    after = holds(system, solved.y[: len(system.states), -1], first.p, first.u)
    assert set(before) == {"carbon", "matter"}
    assert before["carbon"] == pytest.approx(6 * 5e3 * 5e3 + 3 * 1e3 * 1.4e3)
    for key in before:
        net, gross = last[f"border.net_{key}"], last[f"border.gross_{key}"]
        assert gross > abs(net) > 0
        assert abs(after[key] - before[key] - net) <= 1e-8 * gross


def test_borders_are_added_at_the_end_and_change_nothing_else():
    system = burning()
    wider = with_borders(system)
    n = len(system.states)
    assert wider.states[:n] == system.states and wider.rates[:n] == system.rates
    assert [row.full for row in wider.states[n:]] == [
        "border.net_carbon",
        "border.gross_carbon",
        "border.net_matter",
        "border.gross_matter",
    ]
    assert wider.fingerprint != system.fingerprint
    assert all(wider.differential)


def test_a_closed_system_has_a_border_that_nothing_crosses():
    v, k = Compartment(1.0), Param(0.5, "1/h")
    x, y = Species(v, 1.0, "uM"), Species(v, 0.0, "uM", scale=1.0)
    wider = with_borders(flatten(model(a=part(module(("v", v), ("k", k), ("x", x), ("y", y), ("f", Flux(x >> y, k * x)))))))
    assert all(isinstance(r, Const) and r.value == 0.0 for r in wider.rates[-2:])


def test_no_leak_where_there_is_none():
    for system in (burning(), burning(True), flatten(model(a=part(Terminal, "striatum"), b=part(Barrier), h=part(Hand)))):
        assert leaks(system) == []


def test_a_planted_leak_in_a_rate_is_caught():
    system = burning()
    index = next(i for i, row in enumerate(system.states) if row.full == "a.l")
    leaky = replace(system, rates=(*system.rates[:index], system.rates[index] * 1.000001, *system.rates[index + 1 :]))
    (found,) = leaks(leaky)
    assert found.where == "a.l" and "its rate moves" in found.message


def test_a_planted_conversion_that_makes_matter_is_caught():
    system = burning()
    fluxes = [replace(f, moved=((f.moved[0]), (f.moved[1][0], 2.1))) if f.name == "burn" else f for f in system.fluxes]
    assert any("makes 0.3 carbon" in leak.message for leak in leaks(replace(system, fluxes=tuple(fluxes))))
    forgotten = tuple(f for f in system.fluxes if f.name != "leave")
    assert [leak.where for leak in leaks(replace(system, fluxes=forgotten))] == ["a.l"]


def test_a_system_without_finite_rates_is_told():
    x = Level(-1.0, "1", signed=True, scale=1.0)
    k = Param(1.0, "1/h")
    system = flatten(model(a=part(module(("x", x), ("k", k), ("r", Rate(x, k * log(-1 - x * x)))))))
    with pytest.raises(ModelError, match="has no finite rates"):
        leaks(system)


def test_contents_and_totals_name_the_same():
    system = burning()
    assert tuple(totals(system)) == contents(system) == ("carbon", "matter")
