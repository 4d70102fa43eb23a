"""Every check, each with a planted example that it must catch, and models in which it finds nothing."""

from __future__ import annotations

import pytest

from neurohumor.build.check import check, structure
from neurohumor.build.faults import Fault, Report
from neurohumor.build.flatten import flatten
from neurohumor.errors import ModelError, UnitMismatch, WiringError
from neurohumor.evidence import evidence
from neurohumor.lang import (
    Balance,
    Compartment,
    Const,
    Derived,
    Event,
    Flux,
    Implicit,
    Influence,
    Input,
    Lag,
    Level,
    Model,
    Module,
    Output,
    Param,
    Part,
    Rate,
    Species,
    Takes,
    curve,
    exp,
    hill,
    log,
    maximum,
    part,
    positive,
    sqrt,
    where,
)
from neurohumor.units import quantity
from neurohumor.units import unit as parse_unit
from tests.unit.build.toys import Barrier, Clock, Hand, Terminal, model, module


def no_evidence(module: type[Module]) -> list[evidence.Fault]:
    return []


def faults_of(*pairs, here: str = "", **attributes) -> tuple[Fault, ...]:
    return check(model(a=part(module(*pairs, **attributes), here)), no_evidence).faults


V, K, A = Compartment(1.0, "mL"), Param(2.0, "1/h"), Param(3.0, "uM")
X = Species(V, 1.0, "uM")
Y = Species(V, 1.0, "uM")
BASE = (("v", V), ("k", K), ("a", A), ("x", X), ("loss", Flux(X >> 0, K * X)))


# ── Units ─────────────────────────────────────────────────────────────────────────────────────────


def test_models_without_a_fault_have_none():
    whole = model(a=part(Terminal, "striatum"), b=part(Barrier), hand=part(Hand), clock=part(Clock))
    report = check(whole, no_evidence)
    assert report.faults == ()
    report.raise_if_bad()
    assert report.of("units") == () and report.blocking == ()


UNITS = {
    "add": (Derived(K + X, "uM"), "cannot add k [1/h] and x [uM]", "both must have units of one kind"),
    "subtract": (Derived(X - 1, "uM"), "cannot subtract x [uM] and 1 [1]", "one kind"),
    "declared": (Derived(X * X, "uM/h"), "declared in uM/h but its expression is in uM^2", ""),
    "log": (Derived(log(X), "1"), "log() needs a plain number but x is in uM", "divide by a reference value"),
    "exp": (Derived(exp(K), "1"), "exp() needs a plain number but k is in 1/h", ""),
    "power": (Derived(X ** (X / A), "1"), "x is in uM, so it cannot carry the exponent x / a", "divide"),
    "exponent": (Derived((X / A) ** X, "1"), "the exponent x is in uM", "plain number"),
    "branches": (Derived(where(X < A, X, K), "uM"), "where() cannot choose between x [uM] and k [1/h]", ""),
    "condition": (Derived(where(X, 1.0, 2.0), "1"), "where() needs a condition but x is in uM", ""),
    "compare": (Derived(where(X < K, 1.0, 2.0), "1"), "cannot compare x [uM] and k [1/h]", ""),
    "maximum": (Derived(maximum(X, 1.0), "uM"), "cannot compare x [uM] and 1 [1]", ""),
    "phase": (Derived(curve(X, (1.0, 0.5, 0.0)), "1"), "cos() needs a plain number but x is in uM", ""),
    "output": (Output("pfc.dopamine", X * X, "nM"), "declared in nM but its expression is in uM^2", ""),
    "rate": (Flux(X >> 0, K * X * X), "declared in uM/h but its expression is in uM^2/h", ""),
    "matter by level": (Flux(X >> 0, K, "1/h"), "a rate in 1/h cannot change x [uM]", "write it in nmol/h, or per volume of v"),
    "lag": (Lag(X, K, "uM"), "the delay of a Lag must be in a unit such as h, but k is in 1/h", ""),
    "lag of": (Lag(K, 1 / K, "uM"), "what a Lag copies must be in a unit such as uM, but k is in 1/h", ""),
    "size": (Compartment(K, "mL"), "the size of a compartment must be in a unit such as mL, but k is in 1/h", ""),
    "size unit": (Compartment(1.0, "cm"), "the size of a compartment is a volume, a mass or a plain number, not in cm", ""),
    "initial": (Species(V, K, "uM"), "the initial value must be in a unit such as uM, but k is in 1/h", ""),
    "matter": (Species(V, 1.0, "mmHg"), "mmHg is neither an amount nor an amount per mL", "a relative number is a Level"),
    "formula": (Param(K * K, "1/h", basis="derived"), "declared in 1/h but its expression is in 1/h^2", ""),
    "trigger": (Event(X, {X: 1.0 * A}), "the trigger must be in a unit such as 1, but x is in uM", ""),
    "event": (Event(X < A, {X: 1 * K}), "the new value of x must be in a unit such as uM, but 1 * k is in 1/h", ""),
    "delay": (Event(X < A, {X: A}, delay=K), "the delay must be in a unit such as h, but k is in 1/h", ""),
    "priority": (Event(X < A, {X: A}, priority=K), "the priority must be in a unit such as 1", ""),
}


@pytest.mark.parametrize("planted", UNITS)
def test_a_planted_unit_is_caught(planted):
    declared, message, remedy = UNITS[planted]
    found = [f for f in faults_of(*BASE, ("planted", declared)) if f.kind == "units"]
    assert len(found) == 1
    assert message in found[0].message and remedy in found[0].remedy
    assert found[0].where.startswith("test_check.py:") and "Toy.planted" in found[0].about


GOOD = {
    "zero in any unit": Derived(X + 0.0, "uM"),
    "positive": Derived(positive(X - A), "uM"),
    "zero branch": Derived(where(X < A, X, 0.0), "uM"),
    "zero at all": Derived(0.0, "uM"),
    "zero in a function": Derived(exp(0.0), "1"),
    "kinds, not sizes": Derived(X + Const(3.0, parse_unit("nM")), "nM"),
    "root": Derived(sqrt(X * X), "uM"),
    "constant exponent": Derived((X * X) ** (Const(1.0) / 2), "uM"),
    "hill": Derived(hill(X, A, 2.0), "1"),
    "percent is a number": Derived(exp(Const(3.0, parse_unit("%"))), "1"),
    "truth": Derived((X < A) * X, "uM"),
}


@pytest.mark.parametrize("good", GOOD)
def test_good_units_are_no_fault(good):
    assert [f for f in faults_of(*BASE, ("good", GOOD[good])) if f.kind == "units"] == []


def test_a_fault_is_told_once_though_others_share_it():
    bad = K + X
    found = faults_of(*BASE, ("one", Derived(bad, "uM")), ("two", Derived(bad * 2, "uM")))
    assert [f.about for f in found if f.kind == "units"] == ["Toy.one = k + x"]


def test_rates_influences_and_doses():
    n = Level(1.0, "1")
    (wrong,) = faults_of(("k", K), ("n", n), ("r", Rate(n, K * K)))
    assert "declared in 1/h but its expression is in 1/h^2" in wrong.message
    (wrong,) = faults_of(("k", K), ("n", n), ("r", Rate(n, K * K, "1/h^2")))
    assert wrong.message == "a rate in 1/h^2 cannot change n [1]"
    heard, size = Input("pfc.dopamine", "nM", 1.0), Param(0.5, "1/h")
    pairs = ("h", heard), ("size", size)
    one = Influence("pfc.gain.th", by=heard, emax=size, K=size, tau=size, claim="F1", grade="B")
    found = [f.message for f in faults_of(*pairs, ("one", one))]
    assert [m.split(" must")[0] for m in found] == ["K, where the influence is half,", "emax", "tau"]
    pressure = Compartment(1.0, "1")
    x = Species(pressure, 1.0, "mmHg")
    found = faults_of(("c", pressure), ("x", x), ("t", Takes("levodopa", "oral", x)))
    assert "a dose cannot go into x, which is counted in mmHg" in found[0].message


def test_two_kinds_of_matter_do_not_turn_into_one_another():
    grams = Species(V, 1.0, "ug/mL")
    found = [f for f in faults_of(*BASE, ("g", grams), ("f", Flux(X >> grams, K * X))) if f.kind == "units"]
    assert any("cannot change g" in f.message or "counted in" in f.message for f in found)


def test_the_vocabulary_fixes_kinds():
    (found,) = faults_of(("o", Output("blood.cortisol", Param(1.0, "ug/dL") * 1, "ug/dL")), ("p", Param(1.0, "1")))[:1]
    assert found.kind in ("units", "structure")
    p = Param(1.0, "ug/dL")
    found = faults_of(("p", p), ("o", Output("blood.cortisol", p * 1, "ug/dL")))
    assert [f.message for f in found] == ["blood.cortisol is in nmol/L, not in ug/dL"]
    assert faults_of(("h", Input("world.light", "W", 1.0)))[0].message == "world.light is in lux, not in W"


# ── Names and evidence ────────────────────────────────────────────────────────────────────────────


def test_a_planted_name_is_caught_but_builds():
    p = Param(1.0, "nM")
    pairs = ("p", p), ("o", Output("striatum.dopamin", p * 1, "nM"))
    (found,) = faults_of(*pairs)
    assert found.kind == "names" and "no quantity is called 'striatum.dopamin'" in found.message
    assert "did you mean striatum.dopamine" in found.remedy
    assert flatten(model(a=part(module(*pairs)))).quantities["striatum.dopamin"].kind == "derived"


def test_planted_evidence_is_caught_but_builds():
    uncited = module(*BASE)
    report = check(model(a=part(uncited)))
    assert {f.kind for f in report.faults} == {"evidence"} and report.blocking == ()
    with pytest.raises(ModelError, match="cites nothing"):
        report.raise_if_bad()
    assert flatten(model(a=part(uncited)))


def test_the_evidence_of_a_library_may_be_asked_instead():
    report = check(model(a=part(module(*BASE))), lambda m: [evidence.Fault("here", "all invented", "measure it")])
    assert [(f.kind, f.where, f.message, f.about) for f in report.faults] == [("evidence", "here", "all invented", "Toy")]


# ── Shape ─────────────────────────────────────────────────────────────────────────────────────────


def test_what_nothing_moves_is_caught():
    (found,) = faults_of(*BASE, ("y", Species(V, 1.0, "uM")))
    assert found.kind == "structure" and "nothing moves this species" in found.message
    (found,) = faults_of(("n", Level(1.0, "1")))
    assert "this level has no Rate" in found.message


def test_what_events_or_doses_move_is_moved():
    n, y = Level(1.0, "1"), Species(V, 1.0, "uM")
    assert faults_of(*BASE, ("n", n), ("e", Event(X < A, {n: 2.0}))) == ()
    assert faults_of(*BASE, ("y", y), ("t", Takes("levodopa", "oral", y))) == ()


def test_a_species_may_rest_in_a_breathing_compartment():
    wide = Compartment(Const(1.0, parse_unit("mL")) * (1 + X / A), "mL")
    assert faults_of(*BASE, ("w", wide), ("y", Species(wide, 1.0, "uM"))) == ()


def test_unknowns_have_exactly_one_balance():
    x = Implicit(1.0, "uM")
    (found,) = faults_of(("x", x))
    assert "no Balance" in found.message
    (found,) = faults_of(("a", A), ("x", x), ("b", Balance(x, x - A)), ("c", Balance(x, x + A)))
    assert "2 balances: b, c" in found.message
    assert faults_of(("a", A), ("x", x), ("b", Balance(x, x - A))) == ()


def test_conversions_conserve_what_species_hold():
    glucose, lactate = Species(V, 1.0, "uM", content={"carbon": 6}), Species(V, 1.0, "uM", content={"carbon": 3})
    pairs = (*BASE, ("g", glucose), ("l", lactate))
    assert faults_of(*pairs, ("f", Flux(glucose >> 2 * lactate, K * glucose))) == ()
    found = faults_of(*pairs, ("f", Flux(glucose >> lactate, K * glucose)))
    assert [(f.kind, f.message) for f in found if f.kind == "conservation"] == [("conservation", "takes 6 carbon and makes 3")]
    found = faults_of(*BASE, ("y", Y), ("f", Flux(X >> 2 * Y, K * X)))
    assert "takes 1 matter and makes 2" in found[0].message


def test_a_foreign_symbol_is_caught():
    stranger = Param(1.0, "1/h")
    (found,) = faults_of(*BASE, ("d", Derived(stranger * X, "uM/h")))
    assert "uses a Param without a name, which Toy does not declare" in found.message
    named = Param(1.0, "1/h")
    module(("other", named), name="Other")
    (found,) = faults_of(*BASE, ("d", Derived(named * X, "uM/h")))
    assert "uses other, which Toy does not declare" in found.message
    with pytest.raises(ModelError, match="uses other"):
        flatten(model(a=part(module(*BASE, ("d", Derived(named * X, "uM/h"))))))


def test_a_parameter_is_calculated_from_parameters():
    (found,) = [f for f in faults_of(*BASE, ("p", Param(X * 2, "uM", basis="derived"))) if f.kind == "structure"]
    assert "is calculated from x, which is no Param" in found.message


def test_what_nothing_reads_is_a_warning():
    report = check(
        model(a=part(module(*BASE, ("idle", Param(1.0, "1")), ("heard", Input("world.light", "lux", 1.0)), ("d", Derived(X * 2, "uM"))))),
        no_evidence,
    )
    assert [f.about for f in report.warnings if f.kind == "unused"] == ["Toy.a", "Toy.idle", "Toy.heard", "Toy.d"]
    assert report.faults == ()


# ── Circles ───────────────────────────────────────────────────────────────────────────────────────


def circle(quantity_in: str, quantity_out: str, name: str, gain: float = 0.5) -> type[Module]:
    heard = Input(quantity_in, "1", 1.0)
    return module(("heard", heard), ("told", Output(quantity_out, gain * heard, "1")), name=name)


def test_a_circle_is_named():
    round_about = model(a=part(circle("brain.crh", "portal.crh", "A")), b=part(circle("portal.crh", "brain.crh", "B")))
    (found,) = check(round_about, no_evidence).faults
    assert found.message == "these quantities define each other without a state in between: a.told -> b.told -> a.told"
    assert "Lag" in found.remedy
    with pytest.raises(WiringError, match=r"a.told -> b.told -> a.told"):
        flatten(round_about)


def test_a_circle_through_a_state_or_an_unknown_is_none():
    heard, k, x = Input("portal.crh", "1", 1.0), Param(1.0, "1/h"), Level(1.0, "1")
    late = module(("heard", heard), ("k", k), ("x", x), ("r", Rate(x, k * (heard - x))), ("told", Output("brain.crh", x, "1")), name="Late")
    heard2, y = Input("portal.crh", "1", 1.0), Implicit(1.0, "1")
    solved = module(("heard", heard2), ("y", y), ("b", Balance(y, y - 0.5 * heard2)), ("told", Output("brain.crh", y, "1")), name="Solved")
    for other in (late, solved):
        assert check(model(a=part(circle("brain.crh", "portal.crh", "A")), b=part(other)), no_evidence).faults == ()


def test_a_circle_through_an_influence_is_named():
    heard, gain = Input("brain.crh", "1", 1.0), Input("raphe.gain.tph2", "1", 1.0, gather="product")
    e, half = Param(0.1, "1"), Param(1.0, "1")
    hand = Influence("raphe.gain.tph2", by=heard, emax=e, K=half, claim="F1", grade="B")
    pairs = ("heard", heard), ("gain", gain), ("e", e), ("half", half), ("hand", hand), ("told", Output("brain.crh", gain * 2, "1"))
    (found,) = check(model(a=part(module(*pairs))), no_evidence).faults
    assert "a.hand -> a.told -> a.hand" in found.message


def test_a_circle_through_a_size_is_named():
    lazy = Compartment(1.0, "mL")
    x = Species(lazy, 1.0, "uM")
    lazy.size = Const(1.0, parse_unit("mL")) * (1 + x / Const(1.0, parse_unit("uM")))
    k = Param(1.0, "1/h")
    (found,) = check(model(a=part(module(("v", lazy), ("x", x), ("k", k), ("f", Flux(x >> 0, k * x))))), no_evidence).faults
    assert found.kind == "loop" and "a.v -> a.x -> a.v" in found.message


# ── Values and the rest of the model ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"made": quantity("3 mg")}, "3 mg has the wrong unit"),
        ({"made": -1.0}, "-1 nM/h lies outside its bounds"),
        ({"made": float("nan")}, "nan is not a finite number"),
        ({"made": "12"}, "'12' is not a finite number"),
        ({"mode": 1.0}, "Terminal has no parameter 'mode'"),
    ],
)
def test_a_planted_override_is_caught(values, message):
    (found,) = check(Model("m", {"a": Part(Terminal, "striatum", values)}), no_evidence).faults
    assert found.kind == "values" and message in found.message
    with pytest.raises(ModelError, match="1 fault in model m"):
        flatten(Model("m", {"a": Part(Terminal, "striatum", values)}))


def test_two_ports_for_one_dose_are_caught():
    (found,) = check(model(a=part(Terminal, "striatum"), b=part(Terminal, "pfc")), no_evidence).faults
    assert "levodopa by oral is also taken by a.dose" in found.message


def test_an_infusion_is_heard_in_its_own_unit():
    heard = module(("heard", Input("dose.levodopa.oral", "mg/h", 0.0)), name="Pump")
    (found,) = check(model(a=part(Terminal, "striatum"), b=part(heard)), no_evidence).faults
    assert found.message == "dose.levodopa.oral is in nmol/h, not in mg/h"


def test_what_oscillates_by_itself_is_a_warning():
    report = check(model(a=part(module(*BASE, timescale="autonomous"))), no_evidence)
    assert [f.kind for f in report.warnings if f.kind == "timescale"] == ["timescale"]


def test_influences_without_an_orbit_are_warnings():
    report = check(model(a=part(Terminal, "striatum"), hand=part(Hand)), no_evidence)
    assert [f.about for f in report.warnings if f.kind == "influence"] == ["hand.fast", "hand.slow"]


def test_leaving_out_an_influence_that_is_not_there_is_a_warning():
    report = check(model(silent=["hand.fastt"], a=part(Terminal, "striatum"), hand=part(Hand)), no_evidence)
    assert any("no influence is called 'hand.fastt'" in f.message and "hand.fast" in f.remedy for f in report.warnings)
    clean = check(model(silent=["hand.fast", "F2"], a=part(Terminal, "striatum"), hand=part(Hand)), no_evidence)
    assert not any(f.kind == "influence" for f in clean.warnings)


# ── The report ────────────────────────────────────────────────────────────────────────────────────


def test_all_faults_stand_in_one_error():
    bad = module(*BASE, ("one", Derived(K + X, "uM")), ("two", Derived(log(X), "1")))
    with pytest.raises(UnitMismatch) as raised:
        flatten(model(a=part(bad)))
    assert "2 faults in model toy" in str(raised.value)
    assert "test_check.py:" in str(raised.value) and "Toy.one = k + x" in str(raised.value)
    mixed = module(*BASE, ("one", Derived(K + X, "uM")), ("y", Species(V, 1.0, "uM")))
    with pytest.raises(ModelError):
        flatten(model(a=part(mixed)))


def test_faults_read_as_sentences():
    fault = Fault("units", "a.py:3", "cannot add", "divide", "M.x = a + b")
    assert str(fault) == "a.py:3: M.x = a + b\n    cannot add\n    divide"
    assert Report("m", ()).raise_if_bad() is None


def test_a_module_is_inspected_once():
    whole = model(a=part(Terminal, "striatum"))
    assert structure(whole).faults == structure(whole).faults
