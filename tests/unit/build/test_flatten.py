"""What a flat system says: numbers in internal units, rates by hand, forms, order, names."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace

import pytest

from neurohumor.build.fingerprint import fingerprint
from neurohumor.build.flatten import flatten
from neurohumor.build.start import evaluated, start
from neurohumor.errors import ModelError, WiringError
from neurohumor.lang import (
    Balance,
    Compartment,
    Const,
    Derived,
    Event,
    Flux,
    Implicit,
    Input,
    Lag,
    Level,
    Model,
    Output,
    Param,
    Rate,
    Species,
    Takes,
    part,
)
from neurohumor.lang.expr import Call, order, symbols
from neurohumor.lang.system import Leaf, System
from neurohumor.units import quantity
from neurohumor.units import unit as parse_unit
from tests.unit.build.toys import Barrier, Clock, Hand, Terminal, derived, model, module, rates, somewhere


def flat(*pairs, here: str = "", clamps=(), **attributes) -> System:
    return flatten(model(clamps, a=part(module(*pairs, **attributes), here)))


def rows(system: System, kind: str) -> list[str]:
    return [row.full for row in getattr(system, kind)]


def state(system: System, full: str):
    return next(row for row in system.states if row.full == full)


# ── Numbers ───────────────────────────────────────────────────────────────────────────────────────


def test_everything_is_in_internal_units():
    system = flatten(model(a=part(Terminal, "striatum")))
    at = start(system)
    assert rows(system, "states") == ["a.da"] and at.y == (0.02,)
    assert dict(zip(rows(system, "params"), map(pytest.approx, at.p), strict=True)) == {
        "a.made": 0.04,
        "a.k": 2.0,
        "a.L0": 0.03,
        "a.K": 0.01,
    }
    assert {row.quantity: (row.kind, row.nominal) for row in system.inputs} == {
        "dose.levodopa.oral": ("driven", 0.0),
        "striatum.gain.th": ("held", 1.0),
        "world.light": ("driven", pytest.approx(0.03)),
    }
    assert state(system, "a.da").scale == 0.02
    assert system.time_unit == parse_unit("h") and not system.raw


def test_rates_by_hand():
    system = flatten(model(a=part(Terminal, "striatum")))
    found = rates(system, a__da=0.05, striatum__gain__th=3.0, dose__levodopa__oral=10.0)
    assert found == {"a.da": pytest.approx(0.04 * 3 - 2 * 0.05 + 10.0 / 2.0)}


def test_volumes_carry_matter_between_compartments():
    big, small = Compartment(3.0, "L"), Compartment(2.0, "mL")
    x, y, k = Species(big, 4.0, "uM"), Species(small, 1.0, "mM"), Param(0.5, "1/h")
    system = flat(("big", big), ("small", small), ("x", x), ("y", y), ("k", k), ("f", Flux(x >> y, k * x)))
    found = rates(system)
    assert found["a.x"] == pytest.approx(-2.0)
    assert found["a.y"] == pytest.approx(2.0 * 3000.0 / 2.0)
    (flux,) = system.fluxes
    assert flux.moved == ((0, -1.0), (1, 1.0)) and not flux.border
    assert derived(system)[system.derived[flux.value].full] == pytest.approx(2.0 * 3000.0)


def test_a_rate_may_be_an_amount_or_count_in_another_compartment():
    big, small = Compartment(3.0, "L"), Compartment(2.0, "mL")
    x, y, k, Q = Species(big, 4.0, "uM"), Species(small, 1.0, "uM"), Param(0.5, "1/h"), Param(6.0, "mL/h")
    pairs = ("big", big), ("small", small), ("x", x), ("y", y), ("k", k), ("Q", Q)
    by_amount = rates(flat(*pairs, ("f", Flux(x >> y, Q * x, "nmol/h"))))
    assert by_amount == {"a.x": pytest.approx(-24.0 / 3000), "a.y": pytest.approx(12.0)}
    elsewhere = rates(flat(*pairs, ("f", Flux(x >> y, k * y, per=small))))
    assert elsewhere == {"a.x": pytest.approx(-0.5 * 2 / 3000), "a.y": pytest.approx(0.5)}


def test_counts_and_catalysts():
    v, k = Compartment(1.0), Param(0.5, "1/h")
    a, b, e = Species(v, 4.0, "uM"), Species(v, 0.0, "uM", scale=1.0, content={"matter": 2}), Species(v, 1.0, "uM")
    binding, loss = Flux(2 * a + e >> b + e, k * a), Flux(e >> 0, k * e)
    system = flat(("v", v), ("k", k), ("x", a), ("y", b), ("e", e), ("bind", binding), ("out", loss))
    assert rates(system) == {"a.x": pytest.approx(-4.0), "a.y": pytest.approx(2.0), "a.e": pytest.approx(-0.5)}
    assert system.fluxes[0].moved == ((0, -2.0), (1, 1.0))


def test_a_size_of_one_makes_no_second_row():
    v, k = Compartment(1.0), Param(0.5, "1/h")
    x = Species(v, 4.0, "uM")
    assert rows(flat(("v", v), ("k", k), ("x", x), ("f", Flux(x >> 0, k * x))), "derived") == ["a.f"]


def test_species_in_units_of_amount_are_amounts():
    v, k = Compartment(50.0, "L"), Param(0.5, "1/h")
    x = Species(v, 3.0, "mg")
    system = flat(("v", v), ("k", k), ("x", x), ("f", Flux(x >> 0, k * x)), ("c", Derived(x / v, "mg/L")))
    row = state(system, "a.x")
    assert (row.form, row.volume) == ("amount", None)
    assert rates(system) == {"a.x": pytest.approx(-1.5)}
    assert derived(system)["a.c"] == pytest.approx(3.0 / 50e3)


def test_overrides_and_formulas():
    k = Param(0.5, "1/h")
    half = Param(Const(math.log(2.0)) / k, "h", basis="derived")
    x = Level(1.0, "1")
    mod = module(("k", k), ("half", half), ("x", x), ("r", Rate(x, -x / half)))
    plain = start(flatten(model(a=part(mod))))
    assert plain.p == (0.5, pytest.approx(math.log(2) / 0.5))
    assert start(flatten(model(a=part(mod, k=1.0)))).p[1] == pytest.approx(math.log(2))
    assert start(flatten(model(a=part(mod, k=quantity("24 1/d"))))).p == (pytest.approx(1.0), pytest.approx(math.log(2)))
    assert start(flatten(model(a=part(mod, half=quantity("30 min"))))).p == (0.5, pytest.approx(0.5))


def test_parameters_keep_their_evidence():
    k = Param(7.0, "1/min", "loss", cite="best2009 T2", basis="measured", origin="rat", gsd=1.3, cv=0.2, bounds=(0.0, 10.0), estimate=False)
    x = Level(1.0, "1")
    (row,) = flat(("k", k), ("x", x), ("r", Rate(x, -k * x))).params
    assert (row.cite, row.basis, row.origin, row.gsd, row.cv, row.estimate, row.module) == (
        "best2009 T2",
        "measured",
        "rat",
        1.3,
        0.2,
        False,
        "Toy",
    )
    assert row.bounds == (0.0, 600.0) and row.unit == parse_unit("1/min")


# ── Order, sharing, names ─────────────────────────────────────────────────────────────────────────


def test_derived_rows_stand_after_what_they_read():
    system = flatten(model(a=part(Terminal, "striatum"), b=part(Barrier), hand=part(Hand), clock=part(Clock)))
    for index, row in enumerate(system.derived):
        read = [s.index for s in symbols(row.expr) if isinstance(s, Leaf) and s.kind == "derived"]
        assert all(i < index for i in read), row.full


def test_equal_expressions_are_one_node_and_leaves_tell_their_rows():
    system = flatten(model(a=part(Terminal, "striatum"), b=part(Barrier), hand=part(Hand)))
    nodes = order([*system.rates, *(row.expr for row in system.derived), *(row.initial for row in system.states)])
    calls = [(n.op, *map(id, n.args)) for n in nodes if isinstance(n, Call)]
    assert len(calls) == len(set(calls))
    table = {"state": system.states, "param": system.params, "input": system.inputs, "derived": system.derived}
    leaves = [n for n in nodes if isinstance(n, Leaf) and n.kind != "time"]
    assert leaves and all(leaf.name == table[leaf.kind][leaf.index].full for leaf in leaves)
    assert all(leaf.kind in table and leaf.index < len(table[leaf.kind]) for leaf in system.quantities.values())


def test_quantities_lead_to_rows():
    system = flatten(model(a=part(Terminal, "striatum"), b=part(Barrier), hand=part(Hand)))
    names = {quantity: leaf.name for quantity, leaf in system.quantities.items()}
    assert names["striatum.dopamine"] == "a.level" and names["world.light"] == "world.light"
    assert names["striatum.gain.th"] == "striatum.gain.th"
    assert derived(system)["striatum.gain.th"] == pytest.approx(derived(system)["hand.fast"] * derived(system)["hand.slow"])


def test_sums_and_means_over_places():
    system = flatten(
        model(
            a=part(Terminal, "striatum"),
            b=part(module(("told", Output("pfc.tyrosine_use", Const(7.0, parse_unit("nmol/h")) * 1, "nmol/h"))), "pfc"),
            c=part(Barrier),
        )
    )
    assert derived(system)["c.use"] == pytest.approx(0.04 * 2.0 + 7.0)

    def region(mass: float, flow: float):
        m, f = Param(mass, "g"), Param(flow, "mL/g/min")
        return module(("m", m), ("f", f), ("mass", Output("{here}.mass", m, "g")), ("cbf", Output("{here}.cbf", f, "mL/g/min")))

    heard = Input("*.cbf", "mL/g/min", 0.5, gather="mass")
    whole = module(("all", heard), ("told", Output("brain.cbf", heard, "mL/g/min")))
    found = derived(flatten(model(a=part(region(10, 0.4), "pfc"), b=part(region(30, 0.8), "cortex"), w=part(whole))))
    assert found["w.told"] == pytest.approx((10 * 0.4 + 30 * 0.8) / 40 * 60 / 1000)


def test_one_module_at_two_places():
    second = model(a=part(Terminal, "striatum"), b=part(Terminal, "pfc", made=80.0))
    with pytest.raises(WiringError, match="levodopa by oral is also taken"):
        flatten(second)
    k, v = Param(2.0, "1/h"), Compartment(1.0)
    x = Species(v, 1.0, "uM")
    plain = module(("v", v), ("k", k), ("x", x), ("f", Flux(x >> 0, k * x)), ("o", Output("{here}.dopamine", x, "uM")))
    system = flatten(model(a=part(plain, "striatum"), b=part(plain, "pfc", k=3.0)))
    assert rates(system) == {"a.x": pytest.approx(-2.0), "b.x": pytest.approx(-3.0)}


def test_names_made_by_the_build_do_not_collide():
    v, k = Compartment(2.0), Param(0.5, "1/h")
    x = Species(v, 4.0, "uM")
    f = Flux(x >> 0, k * x)
    with pytest.raises(ModelError, match=r"two rows of model toy would be called a.f_amount"):
        flat(("v", v), ("k", k), ("x", x), ("f", f), ("f_amount", Derived(2.0 * k, "1/h")))


# ── Lags, levels, unknowns, events, sizes ─────────────────────────────────────────────────────────


def test_a_lag_is_a_chain_of_levels():
    v, k, tau = Compartment(1.0), Param(0.5, "1/h"), Param(6.0, "h")
    x = Species(v, 4.0, "uM")
    late = Lag(x, tau, "uM", "late", stages=3)
    system = flat(("v", v), ("k", k), ("tau", tau), ("x", x), ("f", Flux(x >> 0, k * late)), ("late", late))
    assert rows(system, "states") == ["a.x", "a.late_1", "a.late_2", "a.late"]
    assert start(system).y == (4.0,) * 4
    assert {row.form for row in system.states[1:]} == {"level"}
    found = rates(system, a__late_1=3.0, a__late_2=1.0, a__late=0.5)
    assert found == {
        "a.x": pytest.approx(-0.25),
        "a.late_1": pytest.approx((4 - 3) * 3 / 6),
        "a.late_2": pytest.approx((3 - 1) * 3 / 6),
        "a.late": pytest.approx((1 - 0.5) * 3 / 6),
    }


def test_levels_add_their_rates_and_unknowns_have_residuals():
    x, y, k = Level(2.0, "1", signed=True), Implicit(1.0, "1"), Param(0.5, "1/h")
    system = flat(("k", k), ("x", x), ("y", y), ("up", Rate(x, k)), ("down", Rate(x, -k * x * y)), ("b", Balance(y, y * y - x)))
    assert system.differential == (True, False)
    assert rates(system) == {"a.x": pytest.approx(0.5 - 1.0), "a.y": pytest.approx(1.0 - 2.0)}
    assert [(row.form, row.nonnegative) for row in system.states] == [("level", False), ("unknown", True)]


def varying(set_by: str = "state") -> System:
    litre = parse_unit("mL")
    fill, k, dose = Level(2.0, "1"), Param(0.5, "1/h"), Param(1.0, "uM")
    v = Compartment(Const(10.0, litre) * fill, "mL") if set_by == "state" else Compartment(20.0, "mL")
    x = Species(v, 3.0, "uM", "x", scale=2.0)
    pairs = [("fill", fill), ("k", k), ("dose_", dose), ("v", v), ("x", x), ("r", Rate(fill, -k * fill)), ("f", Flux(x >> 0, k * x))]
    pairs += [("told", Output("pfc.dopamine", x, "uM")), ("t", Takes("levodopa", "oral", x))]
    pairs += [("e", Event(fill < 1.0, {x: 2 * dose, **({v: Const(40.0, litre)} if set_by == "event" else {})}))]
    return flat(*pairs)


def test_species_in_a_breathing_compartment_are_kept_as_amounts():
    system = varying()
    row = state(system, "a.x_amount")
    assert (row.form, row.volume, row.scale) == ("amount", None, pytest.approx(2.0 * 20.0))
    assert start(system).y == (2.0, 60.0)
    assert system.quantities["pfc.dopamine"].kind == "derived"
    found = rates(system, a__fill=4.0)
    assert derived(system, a__fill=4.0)["a.x"] == pytest.approx(60.0 / 40.0)
    assert found["a.x_amount"] == pytest.approx(-0.5 * 1.5 * 40.0)
    assert system.doses[0].state == 1
    ((leaf, value),) = system.events[0].sets
    assert leaf.name == "a.x_amount"
    at = somewhere(system, a__fill=4.0)
    assert evaluated([value], at) == [pytest.approx(2.0 * 40.0)]


def test_a_size_that_an_event_sets_is_a_parameter():
    system = varying("event")
    size = next(row for row in system.params if row.full == "a.v")
    assert size.unit == parse_unit("mL") and start(system).p[system.params.index(size)] == 20.0
    sets = {leaf.name: value for leaf, value in system.events[0].sets}
    assert set(sets) == {"a.x_amount", "a.v"}
    assert evaluated([sets["a.x_amount"]], start(system)) == [pytest.approx(2.0 * 40.0)]  # in the new size


def test_a_size_by_body_weight_is_fixed_and_by_a_held_input_is_not():
    weight, share = Input("person.weight", "kg", 70.0), Param(0.2, "L/kg")
    v, k = Compartment(share * weight, "L"), Param(0.5, "1/h")
    x = Species(v, 3.0, "uM")
    pairs = (
        ("weight", weight),
        ("share", share),
        ("v", v),
        ("k", k),
        ("x", x),
        ("f", Flux(x >> 0, k * x)),
        ("in_", Takes("levodopa", "oral", x)),
    )
    system = flat(*pairs)
    row = state(system, "a.x")
    assert row.form == "concentration" and row.volume is not None
    assert rates(system, dose__levodopa__oral=14e3)["a.x"] == pytest.approx(-1.5 + 14e3 / 14e3)
    level = Input("blood.fasting", "1", 1.0)
    v2 = Compartment(Const(1.0, parse_unit("L")) * level, "L")
    y = Species(v2, 3.0, "uM")
    other = flat(("level", level), ("v", v2), ("k", k), ("y", y), ("f", Flux(y >> 0, k * y)))
    assert rows(other, "states") == ["a.y_amount"]


def test_events_are_kept_whole():
    x, k = Level(1.0, "1"), Param(0.5, "1/h")
    event = Event(
        x < 0.5,
        {x: 1.0, k: 2 * k},
        delay=Const(2.0, parse_unit("min")),
        priority=Const(3.0),
        persistent=False,
        initially=False,
        at_trigger=False,
    )
    (row,) = flat(("k", k), ("x", x), ("r", Rate(x, -k * x)), ("e", event)).events
    assert [leaf.kind for leaf, _ in row.sets] == ["state", "param"]
    assert isinstance(row.delay, Const) and row.delay.value == pytest.approx(2 / 60)
    assert isinstance(row.priority, Const) and row.priority.value == 3.0
    assert (row.persistent, row.initially, row.at_trigger, row.full) == (False, False, False, "a.e")


def test_the_time_may_stand_in_an_equation():
    t, x = Leaf("time", 0, "time"), Level(0.0, "1", scale=1.0)
    system = flat(("x", x), ("r", Rate(x, Const(1.0, parse_unit("1/h")) * Call("sin", t / Const(1.0, parse_unit("h"))))))
    assert any(isinstance(n, Leaf) and n.kind == "time" for n in order([row.expr for row in system.derived]))


def test_initial_values_may_be_expressions_of_each_other_but_not_in_a_circle():
    v, k = Compartment(1.0), Param(0.5, "1/h")
    x = Species(v, 4.0, "uM")
    y = Species(v, 2 * x, "uM")
    system = flat(("v", v), ("k", k), ("x", x), ("y", y), ("f", Flux(x + y >> 0, k * x)))
    assert start(system).y == (4.0, 8.0) and state(system, "a.y").scale == 8.0
    a, b = Level(1.0, "1"), Level(1.0, "1")
    a.initial, b.initial = 2 * b, 2 * a
    with pytest.raises(ModelError, match=r"these initial values define each other: a.a -> a.b -> a.a"):
        flat(("k", k), ("a", a), ("b", b), ("r", Rate(a, k)), ("s", Rate(b, k)))


def test_an_initial_value_that_is_no_number_is_told():
    x, k = Level(1.0, "1"), Param(0.0, "1/h")
    y = Level(k / k, "1")
    with pytest.raises(ModelError, match=r"a.y: its initial value is nan"):
        flat(("k", k), ("x", x), ("y", y), ("r", Rate(x, k)), ("s", Rate(y, k)))


def test_a_state_that_starts_at_zero_has_the_scale_of_its_unit():
    x, k = Level(0.0, "nM"), Param(0.5, "nM/h")
    assert flat(("k", k), ("x", x), ("r", Rate(x, k))).states[0].scale == pytest.approx(1e-3)


def test_timescales():
    x, y, k = Level(1.0, "1"), Level(1.0, "1", timescale="slow"), Param(0.5, "1/h")
    system = flat(("k", k), ("x", x), ("y", y), ("r", Rate(x, k)), ("s", Rate(y, k)), timescale="day")
    assert [row.timescale for row in system.states] == ["day", "slow"]


# ── Fingerprint ───────────────────────────────────────────────────────────────────────────────────


def test_the_fingerprint_is_of_numbers_not_of_words():
    one = flatten(model(a=part(Terminal, "striatum")))
    assert one.fingerprint == flatten(model(a=part(Terminal, "striatum"))).fingerprint == fingerprint(one)
    renamed = replace(
        one, states=tuple(replace(s, doc="other words") for s in one.states), params=tuple(replace(p, cite="x") for p in one.params)
    )
    assert fingerprint(renamed) == one.fingerprint
    assert flatten(model(a=part(Terminal, "striatum", k=2.0000001))).fingerprint != one.fingerprint
    assert flatten(model(a=part(Terminal, "pfc"))).fingerprint != one.fingerprint
    for other in (
        replace(one, inputs=tuple(replace(u, nominal=u.nominal + 1) for u in one.inputs)),
        replace(one, states=tuple(replace(s, scale=2 * s.scale) for s in one.states)),
        replace(one, rates=tuple(Call("neg", r) for r in one.rates)),
        replace(one, doses=()),
        replace(one, fluxes=one.fluxes[:-1]),
    ):
        assert fingerprint(other) != one.fingerprint


def test_the_fingerprint_is_the_same_in_another_process():
    code = (
        "from tests.unit.build.toys import *\nfrom neurohumor.build.flatten import flatten\nfrom neurohumor.lang import part\n"
        "print(flatten(model(a=part(Terminal, 'striatum'), hand=part(Hand))).fingerprint)"
    )
    told = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."}).stdout
        for seed in "12"
    }
    assert told == {flatten(model(a=part(Terminal, "striatum"), hand=part(Hand))).fingerprint + "\n"}


def test_the_model_is_named_and_frozen():
    system = flatten(Model("name", {"clock": part(Clock)}))
    assert system.name == "name"
    with pytest.raises(AttributeError):
        system.name = "other"  # type: ignore[misc]
