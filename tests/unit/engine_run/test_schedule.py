"""Acts in quantities become entries on rows, with units and that person's volumes."""

from __future__ import annotations

import pytest

from neurohumor.engine.numbers import given_inputs, overridden
from neurohumor.engine.problem import Action, Entry
from neurohumor.engine.schedule import Bound, Change, bind
from neurohumor.errors import UnitMismatch, UnknownName, WiringError
from neurohumor.lang import Model, part
from neurohumor.lang.system import System
from neurohumor.life.timeline import Act
from neurohumor.units import quantity
from tests.unit.engine_run.hand import Cortisol, cortisol

SYSTEM = cortisol()
MOLAR_MASS = 362.46  # hydrocortisone, g/mol
ORAL, IV, WEIGHT, THREAT = range(4)
GUT, BLOOD = range(2)


def act(time: float, kind: str, name: str, value: str, route: str = "", **more) -> Act:
    """An act with its value as text."""
    return Act(time, kind, name, quantity(value, "1") if value[-1].isdigit() else quantity(value), route, **more)  # type: ignore[arg-type]


def bound(*acts: Act, system: System = SYSTEM, given: dict | None = None, values: dict | None = None, **more) -> Bound:
    """The acts bound for a person of 70 kg, or as given."""
    inputs = given_inputs(system, given or {})
    return bind(acts, system, inputs, overridden(system, (values or {},), inputs), **more)


def only(found: Bound) -> Entry:
    """The one entry there is."""
    (entry,) = found.schedule
    return entry


def test_a_mass_by_mouth_becomes_an_amount():
    entry = only(bound(act(8.0, "add", "hydrocortisone", "20 mg", "oral")))
    assert (entry.time, entry.action, entry.index) == (8.0, Action.ADD_STATE, GUT)
    assert entry.value == pytest.approx(20e6 / MOLAR_MASS, rel=1e-4)  # nmol


def test_an_amount_stays_one_and_another_name_of_the_substance_is_known():
    assert only(bound(act(8.0, "add", "cortisol", "55 umol", "oral"))).value == pytest.approx(55_000)


def test_a_bolus_into_a_concentration_is_divided_by_that_persons_volume():
    dose = act(8.0, "add", "hydrocortisone", "3500 nmol", "iv")
    assert only(bound(dose)).value == pytest.approx(3500 / 35_000)
    assert only(bound(dose, given={"person.weight": quantity("50 kg")})).value == pytest.approx(3500 / 25_000)
    assert only(bound(dose, values={"hpa.v_kg": "2 x"})).value == pytest.approx(3500 / 70_000)


def test_the_volume_follows_a_parameter_changed_before_the_dose():
    found = bound(act(8.0, "add", "hydrocortisone", "3500 nmol", "iv"), changes=[Change("hpa.v_kg", "2 x", at=4.0)])
    change, dose = found.schedule
    assert (change.action, change.value) == (Action.SET_PARAM, pytest.approx(0.001)) and dose.value == pytest.approx(0.05)


def test_an_infusion_sets_its_input():
    found = bound(act(0.0, "rate", "hydrocortisone", "0 mg/h", "iv"), act(9.0, "rate", "hydrocortisone", "10 mg/h", "iv"))
    begin, set_ = found.schedule
    assert begin.value == 0.0 and (set_.action, set_.index) == (Action.SET_INPUT, IV)
    assert set_.value == pytest.approx(10e6 / MOLAR_MASS, rel=1e-4)


def test_signals_before_the_start_count_and_doses_do_not():
    found = bound(act(2.0, "set", "world.threat", "1"), act(2.0, "add", "hydrocortisone", "20 mg", "oral"), start=6.0)
    assert found.inputs[THREAT] == 1.0 and found.schedule == ()


def test_a_ramp_that_goes_on_at_the_start():
    found = bound(act(2.0, "ramp", "world.threat", "0.2", slope=0.1), start=6.0)
    assert found.inputs[THREAT] == pytest.approx(0.6)
    assert only(found) == Entry(6.0, Action.RAMP_INPUT, THREAT, pytest.approx(0.6), pytest.approx(0.1))  # type: ignore[arg-type]


def test_acts_at_the_start_belong_to_the_run_and_acts_at_the_end_to_the_next():
    dose = act(24.0, "add", "hydrocortisone", "20 mg", "oral")
    assert bound(dose, start=0.0, end=24.0).schedule == () and len(bound(dose, start=24.0, end=48.0).schedule) == 1


def test_the_order_at_one_moment_is_kept():
    found = bound(act(8.0, "set", "world.threat", "1"), act(8.0, "set", "world.threat", "0.5"), changes=[Change("hpa.k", 0.5, at=8.0)])
    assert [e.value for e in found.schedule] == [0.5, 1.0, 0.5] and found.schedule[0].action is Action.SET_PARAM


def test_what_nobody_hears_is_told():
    found = bound(
        act(0.0, "set", "world.light", "0 lux"), act(7.0, "set", "world.light", "300 lux"), act(0.0, "set", "world.task", "0"),
        act(8.0, "rate", "carbohydrate", "200 g/h", "meal"), act(8.0, "rate", "tyrosine", "1 g/h", "protein"),
    )  # fmt: skip
    assert found.unheard == ("world.light", "meal carbohydrate") and found.schedule == ()
    assert bound(act(9.0, "set", "da.burst", "4"), act(9.0, "set", "da.recruit", "1")).unheard == ("da.burst",)


def test_an_unknown_drug_route_or_signal_is_refused():
    with pytest.raises(UnknownName, match="takes no 'caffeine'"):
        bound(act(8.0, "add", "caffeine", "100 mg", "oral"))
    with pytest.raises(UnknownName, match="cannot be given by 'nasal'"):
        bound(act(8.0, "add", "hydrocortisone", "1 mg", "nasal"))
    with pytest.raises(UnknownName, match="hears no"):
        bound(act(8.0, "set", "world.thread", "1"))
    with pytest.raises(WiringError, match="is computed"):
        bound(act(8.0, "set", "blood.cortisol", "100 nmol/L"))


def test_a_wrong_unit_is_refused():
    with pytest.raises(UnitMismatch):
        bound(act(8.0, "add", "hydrocortisone", "20 mL", "oral"))
    with pytest.raises(UnitMismatch):
        bound(act(8.0, "rate", "hydrocortisone", "20 mg", "iv"))
    with pytest.raises(UnitMismatch):
        bound(act(8.0, "set", "world.threat", "1 mg"))


def test_a_clamp_of_a_driven_input_holds_its_value_and_lets_go():
    found = bound(
        act(0.0, "set", "world.threat", "0.1"), act(0.0, "set", "clamp.world.threat.on", "0"),
        act(5.0, "set", "clamp.world.threat.value", "0.8"), act(5.0, "set", "clamp.world.threat.on", "1"),
        act(6.0, "set", "world.threat", "0.3"),
        act(7.0, "set", "clamp.world.threat.on", "0"),
    )  # fmt: skip
    assert [(e.time, e.value) for e in found.schedule] == [(0.0, 0.1), (5.0, 0.8), (7.0, 0.3)]


def test_a_clamp_that_goes_on_at_the_start():
    found = bound(act(0.0, "set", "clamp.world.threat.value", "0.8"), act(0.0, "set", "clamp.world.threat.on", "1"), start=3.0)
    assert found.inputs[THREAT] == 0.8 and found.schedule == ()


def test_a_clamp_that_was_not_compiled_is_refused_and_one_that_was_is_an_input():
    from neurohumor.build.flatten import flatten

    hold = act(5.0, "set", "clamp.blood.cortisol.value", "400 nmol/L"), act(5.0, "set", "clamp.blood.cortisol.on", "1")
    with pytest.raises(WiringError, match=r"build it with the clamp blood\.cortisol"):
        bound(*hold)
    with pytest.raises(UnknownName):
        bound(act(5.0, "set", "clamp.blood.glucose.on", "1"))
    held = flatten(Model("held", {"hpa": part(Cortisol, here="blood")}, clamps=("blood.cortisol",)))
    entries = bound(*hold, system=held).schedule
    assert [held.inputs[e.index].quantity for e in entries] == ["clamp.blood.cortisol.value", "clamp.blood.cortisol.on"]
    assert entries[0].value == pytest.approx(0.4)


def test_a_clamp_in_laboratory_units():
    from neurohumor.build.flatten import flatten

    held = flatten(Model("held", {"hpa": part(Cortisol, here="blood")}, clamps=("blood.cortisol",)))
    entry = only(bound(act(5.0, "set", "clamp.blood.cortisol.value", "10 ug/dL"), system=held))
    assert entry.value == pytest.approx(100e3 / MOLAR_MASS / 1000, rel=1e-4)  # nmol/mL


def test_a_change_is_a_factor_on_what_the_person_has():
    found = bound(values={"hpa.ka": 2.0}, changes=[Change("hpa.ka", "0.5 x", at=3.0), Change("hpa.ka", "0.5 x", at=5.0)])
    assert [(e.time, e.value) for e in found.schedule] == [(3.0, pytest.approx(1.0)), (5.0, pytest.approx(0.5))]
