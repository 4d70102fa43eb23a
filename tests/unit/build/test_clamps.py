"""Clamps: an input needs nothing, a species is held by a booked flux, whatever else is told by a switch."""

from __future__ import annotations

import pytest

from neurohumor.build.conserve import leaks
from neurohumor.build.flatten import flatten
from neurohumor.build.wire import wire
from neurohumor.lang import Compartment, Const, Derived, Flux, Input, Level, Output, Param, Rate, Species, part
from neurohumor.units import unit as parse_unit
from tests.unit.build.toys import Hand, Terminal, derived, model, module, rates


def test_an_unwired_quantity_needs_nothing():
    plain = flatten(model(a=part(Terminal, "striatum")))
    held = flatten(model(["world.light"], a=part(Terminal, "striatum")))
    assert held.fingerprint == plain.fingerprint


def test_a_species_is_held_by_a_booked_flux():
    system = flatten(model(["striatum.dopamine"], a=part(Terminal, "striatum")))
    free = flatten(model(a=part(Terminal, "striatum")))
    assert rates(system) == rates(free)
    on = {"clamp__striatum__dopamine__on": 1.0, "clamp__striatum__dopamine__value": 0.05}
    assert rates(system, **on)["a.da"] == pytest.approx(rates(free)["a.da"] + 600.0 * (0.05 - 0.02))
    told = system.quantities["clamp.striatum.dopamine.rate"]
    assert derived(system, **on)[told.name] == pytest.approx(600.0 * 0.03 * 2.0)
    assert system.derived[told.index].unit == parse_unit("nmol/h")
    flux = next(f for f in system.fluxes if f.value == told.index)
    assert flux.border and flux.moved == ((0, 1.0),)
    assert leaks(system) == []
    gain = next(p for p in system.params if p.full == "a.level_clamp_gain")
    assert isinstance(gain.initial, Const) and gain.initial.value == 600.0
    assert {u.quantity: u.nominal for u in system.inputs if u.quantity.startswith("clamp")} == {
        "clamp.striatum.dopamine.on": 0.0,
        "clamp.striatum.dopamine.value": 0.0,
    }


def test_an_output_through_a_name_is_still_its_species():
    v, k = Compartment(3.0), Param(1.0, "1/h")
    x = Species(v, 2.0, "nmol")
    named = Derived(x, "nmol")
    pairs = ("v", v), ("k", k), ("x", x), ("f", Flux(x >> 0, k * x)), ("named", named), ("told", Output("my.amount", named, "umol"))
    system = flatten(model(["my.amount"], a=part(module(*pairs))))
    assert wire(model(["my.amount"], a=part(module(*pairs)))).clamps[0].how == "servo"
    found = rates(system, clamp__my__amount__on=1.0, clamp__my__amount__value=5.0)
    assert found["a.x"] == pytest.approx(-2.0 + 600.0 * 3.0)


def test_a_concentration_in_a_breathing_compartment_is_held_too():
    fill, k = Level(2.0, "1"), Param(0.5, "1/h")
    v = Compartment(Const(10.0, parse_unit("mL")) * fill, "mL")
    x = Species(v, 3.0, "uM")
    pairs = ("fill", fill), ("k", k), ("v", v), ("x", x), ("r", Rate(fill, -k * fill)), ("f", Flux(x >> 0, k * x))
    system = flatten(model(["pfc.dopamine"], a=part(module(*pairs, ("told", Output("pfc.dopamine", x, "uM"))))))
    found = rates(system, clamp__pfc__dopamine__on=1.0, clamp__pfc__dopamine__value=5.0)
    assert found["a.x_amount"] == pytest.approx(-0.5 * 60.0 + 600.0 * 2.0 * 20.0)


def test_anything_else_told_is_switched_for_every_hearer():
    heard = Input("striatum.d2", "1", 0.5)
    hearer = module(("heard", heard), ("twice", Output("striatum.d1", 2 * heard, "1")), name="Hearer")
    system = flatten(model(["striatum.d2"], a=part(Terminal, "striatum"), h=part(hearer)))
    free = derived(system)
    assert free["a.occupancy"] == pytest.approx(20 / 30)
    held = derived(system, clamp__striatum__d2__on=1.0, clamp__striatum__d2__value=0.9)
    assert held["a.occupancy"] == 0.9 and held["h.twice"] == pytest.approx(1.8)
    assert "clamp.striatum.d2.rate" not in system.quantities


def test_a_gathered_quantity_is_switched_as_a_whole():
    whole = model(["striatum.gain.th"], a=part(Terminal, "striatum"), hand=part(Hand))
    held = derived(flatten(whole), clamp__striatum__gain__th__on=1.0, clamp__striatum__gain__th__value=2.5, a__da=0.1)
    assert held["striatum.gain.th"] == 2.5 and held["hand.fast"] != 2.5
    assert held["a.synthesis"] == pytest.approx(0.04 * 2.5)


def test_a_single_gain_is_switched():
    whole = model(["striatum.gain.th"], ["hand.slow"], a=part(Terminal, "striatum"), hand=part(Hand))
    system = flatten(whole)
    assert system.quantities["striatum.gain.th"].name == "hand.fast"
    held = derived(system, clamp__striatum__gain__th__on=1.0, clamp__striatum__gain__th__value=2.5)
    assert held["hand.fast"] == 2.5


def test_the_flux_of_a_clamp_may_be_heard():
    heard = Input("clamp.striatum.dopamine.rate", "nmol/h", 0.0)
    pump = module(("heard", heard), ("told", Output("blood.insulin", Const(1.0, parse_unit("h/L")) * heard, "pmol/L")), name="Pump")
    system = flatten(model(["striatum.dopamine"], a=part(Terminal, "striatum"), pump=part(pump)))
    on = {"clamp__striatum__dopamine__on": 1.0, "clamp__striatum__dopamine__value": 0.05}
    assert derived(system, **on)["pump.told"] == pytest.approx(36.0 / 1000)
    free = flatten(model(a=part(Terminal, "striatum"), pump=part(pump)))
    assert derived(free)["pump.told"] == 0.0
