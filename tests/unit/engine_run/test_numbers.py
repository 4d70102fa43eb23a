"""A person's numbers: overrides, what is given, values before the start."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.engine.numbers import Worth, find_param, given_inputs, hours, internal, overridden, substance_in
from neurohumor.errors import ModelError, UnitMismatch, UnknownName
from neurohumor.life.person import Times
from neurohumor.units import quantity, unit
from tests.unit.engine_run.hand import cortisol

SYSTEM = cortisol()
NOMINAL = given_inputs(SYSTEM, {})


def value(layers: tuple, name: str) -> float:
    """The value of a parameter under these layers, in its unit."""
    found = overridden(SYSTEM, layers, NOMINAL)
    row = find_param(SYSTEM, name)
    return found[row] / SYSTEM.params[row].unit.factor


def test_a_number_is_in_the_parameters_own_unit():
    assert value(({"hpa.k": 0.5},), "hpa.k") == 0.5
    assert value(({"hpa.v_kg": 0.6},), "hpa.v_kg") == pytest.approx(0.6)


def test_a_quantity_is_converted_and_a_wrong_kind_refused():
    assert value(({"hpa.k": "0.0075 1/min"},), "hpa.k") == pytest.approx(0.45)
    assert value(({"hpa.k": quantity("0.0075 1/min")},), "hpa.k") == pytest.approx(0.45)
    with pytest.raises(UnitMismatch, match=r"hpa\.k is 0\.5 mL"):
        value(({"hpa.k": "0.5 mL"},), "hpa.k")


def test_a_factor_multiplies_what_stands_before_it():
    assert value(({"hpa.ka": "0.9 x"},), "hpa.ka") == pytest.approx(1.35)
    assert value(({"hpa.ka": 2.0}, {"hpa.ka": "0.9 x"}), "hpa.ka") == pytest.approx(1.8)
    assert value(({"hpa.ka": "0.5 x"}, {"hpa.ka": Times(0.5)}), "hpa.ka") == pytest.approx(0.375)
    assert value(({"hpa.ka": "0.5 x"}, {"hpa.ka": 3.0}), "hpa.ka") == 3.0


def test_a_factor_on_a_derived_parameter_follows_the_others_whatever_the_order():
    layer = {"hpa.twice": "0.5 x", "hpa.secretion": "3 x"}
    assert value((layer,), "hpa.twice") == pytest.approx(0.5 * 2 * 3 * 3500)
    assert value((dict(reversed(layer.items())),), "hpa.twice") == pytest.approx(0.5 * 2 * 3 * 3500)


def test_an_unknown_parameter_names_the_closest():
    with pytest.raises(UnknownName, match=r"did you mean hpa\.ka"):
        overridden(SYSTEM, ({"hpa.kaa": 1.0},), NOMINAL)


def test_a_value_outside_its_bounds_is_refused():
    with pytest.raises(ModelError, match=r"outside its bounds, 0\.3 to 0\.6"):
        overridden(SYSTEM, ({"hpa.k": 0.7},), NOMINAL)


def test_the_person_gives_what_carries_the_inputs_name():
    inputs = given_inputs(SYSTEM, {"person.weight": quantity("50 kg"), "person.height": quantity("170 cm")})
    weight = [row.quantity for row in SYSTEM.inputs].index("person.weight")
    assert inputs[weight] == 50e6
    assert np.delete(inputs, weight).tolist() == np.delete(NOMINAL, weight).tolist()


def test_the_volume_is_that_persons():
    inputs = given_inputs(SYSTEM, {"person.weight": quantity("50 kg")})
    blood = SYSTEM.states[1]
    assert blood.volume is not None
    assert Worth(SYSTEM, {}, inputs).of(blood.volume) == pytest.approx(25_000)  # mL
    assert Worth(SYSTEM, overridden(SYSTEM, ({"hpa.v_kg": 0.4},), inputs), inputs).of(blood.volume) == pytest.approx(20_000)


@pytest.mark.parametrize(
    ("name", "found"), [("blood.cortisol", "cortisol"), ("blood.cortisol_free", "cortisol"), ("hpa.k", ""), ("hydrocortisone", "cortisol")]
)
def test_the_substance_in_a_name(name, found):
    assert substance_in(name) == found


def test_mass_and_amount_of_a_substance_are_joined():
    got = internal(quantity("14 ug/dL"), unit("nmol/L"), "blood.cortisol")
    assert got * 1000 == pytest.approx(386.2, rel=1e-3)  # nmol/mL to nmol/L; 362.46 g/mol
    with pytest.raises(UnitMismatch):
        internal(quantity("14 ug/dL"), unit("nmol/L"), "blood.nothing")


def test_a_unit_of_time_is_an_hour():
    assert hours(SYSTEM) == 1.0
