"""pint as the oracle: every single unit, many composite ones, and conversions."""

from __future__ import annotations

from typing import Any

import pytest

from neurohumor.units import Unit, convert, known_units, unit

pint = pytest.importorskip("pint")


_PINT_NAME = {
    "mol": "mole",
    "M": "molar",
    "m": "meter",
    "L": "liter",
    "l": "liter",
    "g": "gram",
    "s": "second",
    "min": "minute",
    "h": "hour",
    "d": "day",
    "wk": "week",
    "mo": "month",
    "y": "year",
    "Hz": "1/second",
    "IU": "IU",
    "U": "IU",
    "K": "kelvin",
    "lm": "lumen",
    "lux": "lux",
    "lx": "lux",
    "N": "newton",
    "J": "joule",
    "cal": "calorie",
    "W": "watt",
    "Pa": "pascal",
    "mmHg": "millimeter_Hg",
    "Torr": "torr",
    "A": "ampere",
    "C": "coulomb",
    "V": "volt",
    "ohm": "ohm",
    "S": "siemens",
    "F": "farad",
    "rad": "radian",
    "%": "percent",
    "ppm": "ppm",
}
_PINT_PREFIX = {"f": 1e-15, "p": 1e-12, "n": 1e-9, "u": 1e-6, "m": 1e-3, "c": 1e-2, "d": 1e-1, "k": 1e3, "M": 1e6, "": 1.0}
# Our internal base units, in pint's words, in the order of DIMENSIONS.
_PINT_BASE = ("nanomole", "centimeter", "hour", "milligram", "kelvin", "ampere", "lumen", "IU")


@pytest.fixture(scope="module")
def registry() -> Any:
    found = pint.UnitRegistry()
    found.define("IU = [international_activity]")
    return found


def pint_factor(registry: Any, size: float, name: str, of: Unit) -> float:
    """Size of `size` x `name` in our internal base units, by pint; fails in pint where our exponents are wrong."""
    target = registry.Unit("dimensionless")
    for base, power in zip(_PINT_BASE, of.dims, strict=True):
        target = target * registry.Unit(base) ** power
    return float((size * registry.parse_expression(name)).to(target).magnitude)


@pytest.mark.parametrize("text", known_units())
def test_every_single_unit_is_that_of_pint(registry: Any, text: str) -> None:
    prefix, name = ("", text) if text in _PINT_NAME else (text[0], text[1:])
    assert unit(text).factor == pytest.approx(pint_factor(registry, _PINT_PREFIX[prefix], _PINT_NAME[name], unit(text)), rel=2e-9)


COMPOSITES = {
    "uM/h": "micromolar/hour",
    "nM/s": "nanomolar/second",
    "pmol/L": "picomole/liter",
    "nmol/min/g": "nanomole/minute/gram",
    "umol/g/min": "micromole/gram/minute",
    "mL/min/100 g": "milliliter/minute/(100*gram)",
    "mL/g/min": "milliliter/gram/minute",
    "L/h/kg": "liter/hour/kilogram",
    "mg/kg/d": "milligram/kilogram/day",
    "ug/kg": "microgram/kilogram",
    "ug/dL": "microgram/deciliter",
    "ng/mL": "nanogram/milliliter",
    "pg/mL": "picogram/milliliter",
    "ng/dL": "nanogram/deciliter",
    "mg/dL": "milligram/deciliter",
    "mIU/L": "milliIU/liter",
    "uIU/mL": "microIU/milliliter",
    "IU/L": "IU/liter",
    "kJ/mol": "kilojoule/mole",
    "kcal/mol": "kilocalorie/mole",
    "J/(mol K)": "joule/mole/kelvin",
    "C/mol": "coulomb/mole",
    "uA/cm^2": "microampere/centimeter**2",
    "mS/cm^2": "millisiemens/centimeter**2",
    "uF/cm^2": "microfarad/centimeter**2",
    "1/(mM ms)": "1/(millimolar*millisecond)",
    "1/(uM*h)": "1/micromolar/hour",
    "M^-1 s^-1": "1/molar/second",
    "uM^2": "micromolar**2",
    "uM^2/h": "micromolar**2/hour",
    "nmol/(mg min)": "nanomole/milligram/minute",
    "um^2/s": "micrometer**2/second",
    "kg/m^2": "kilogram/meter**2",
    "kg m^2/s^2": "kilogram*meter**2/second**2",
    "mmHg*min/L": "millimeter_Hg*minute/liter",
    "mg/kg/min": "milligram/kilogram/minute",
    "mol/h": "mole/hour",
    "mmol/h": "millimole/hour",
    "g/mol": "gram/mole",
    "mg*h/L": "milligram*hour/liter",
    "kcal/d": "kilocalorie/day",
    "W/kg": "watt/kilogram",
    "rad/h": "radian/hour",
    "mmol/kg": "millimole/kilogram",
    "ug/L": "microgram/liter",
    "mL/min/1.73 m^2": "milliliter/minute/(1.73*meter**2)",
    "10^9/L": "1e9/liter",
    "nmol/L/h": "nanomole/liter/hour",
    "lux h": "lux*hour",
    "pmol/L/(mmol/L)": "picomole/liter/(millimole/liter)",
    "kPa": "kilopascal",
    "mL/mmHg": "milliliter/millimeter_Hg",
    "cm/s": "centimeter/second",
    "fmol/um^3": "femtomole/micrometer**3",
    "M^0.5": "molar**0.5",
    "(uM/h)^2": "(micromolar/hour)**2",
    "ug/mg": "microgram/milligram",
    "L/(h^0.75)": "liter/hour**0.75",
    "g/kg/d": "gram/kilogram/day",
    "m^2/kg": "meter**2/kilogram",
    "W/m^2/K": "watt/meter**2/kelvin",
}


@pytest.mark.parametrize("text", COMPOSITES)
def test_composite_units_are_those_of_pint(registry: Any, text: str) -> None:
    assert unit(text).factor == pytest.approx(pint_factor(registry, 1.0, COMPOSITES[text], unit(text)), rel=2e-9)


@pytest.mark.parametrize(
    ("value", "source", "target", "pint_source", "pint_target"),
    [
        (54.0, "mL/min/100 g", "mL/g/h", "milliliter/minute/(100*gram)", "milliliter/gram/hour"),
        (120.0, "mmHg", "kPa", "millimeter_Hg", "kilopascal"),
        (760.0, "Torr", "Pa", "torr", "pascal"),
        (2000.0, "kcal/d", "W", "kilocalorie/day", "watt"),
        (34.0, "y", "d", "year", "day"),
        (3.0, "mo", "wk", "month", "week"),
        (2.024, "nM", "uM", "nanomolar", "micromolar"),
        (-59.0, "kJ/mol", "kcal/mol", "kilojoule/mole", "kilocalorie/mole"),
        (0.307, "umol/g/min", "mmol/kg/h", "micromole/gram/minute", "millimole/kilogram/hour"),
        (300.0, "lux", "lm/cm^2", "lux", "lumen/centimeter**2"),
        (72.0, "1/min", "Hz", "1/minute", "1/second"),
        (8.314, "J/(mol K)", "cal/(mol K)", "joule/mole/kelvin", "calorie/mole/kelvin"),
    ],
)
def test_conversions_are_those_of_pint(registry: Any, value: float, source: str, target: str, pint_source: str, pint_target: str) -> None:
    expected = (value * registry.parse_expression(pint_source)).to(pint_target).magnitude
    assert convert(value, source, target) == pytest.approx(expected, rel=1e-8)
