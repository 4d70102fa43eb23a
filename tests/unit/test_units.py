"""Units are read exactly, refused when unclear, and converted as pint converts them."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
import timeit
from typing import Any

import pytest

from neurohumor.errors import NeurohumorError, UnitMismatch
from neurohumor.units import DIMENSIONS, ONE, Quantity, Unit, as_unit, convert, known_units, quantity, unit


def dims(**powers: float) -> tuple[float, ...]:
    return tuple(float(powers.get(name, 0)) for name in DIMENSIONS)


# ---- the internal system ----


@pytest.mark.parametrize(
    "text", ["nmol", "cm", "mL", "cm^3", "h", "mg", "K", "A", "lm", "IU", "uM", "nmol/mL", "umol/L", "1", "rad", "uM/h"]
)
def test_internal_units_have_factor_one(text: str) -> None:
    assert unit(text).factor == 1.0


@pytest.mark.parametrize(
    ("text", "expected", "factor"),
    [
        ("mol", dims(amount=1), 1e9),
        ("M", dims(amount=1, length=-3), 1e6),
        ("nM", dims(amount=1, length=-3), 1e-3),
        ("min", dims(time=1), 1 / 60),
        ("s", dims(time=1), 1 / 3600),
        ("y", dims(time=1), 8766.0),
        ("mo", dims(time=1), 730.5),
        ("wk", dims(time=1), 168.0),
        ("kg", dims(mass=1), 1e6),
        ("mL/min/100 g", dims(length=3, time=-1, mass=-1), 60 / 1e5),
        ("mL/g/min", dims(length=3, time=-1, mass=-1), 60 / 1e3),
        ("umol/g/min", dims(amount=1, time=-1, mass=-1), 60.0),
        ("nmol/min/g", dims(amount=1, time=-1, mass=-1), 0.06),
        ("1/h", dims(time=-1), 1.0),
        ("Hz", dims(time=-1), 3600.0),
        ("mIU/L", dims(activity=1, length=-3), 1e-6),
        ("lux", dims(luminous=1, length=-2), 1e-4),
        ("J", dims(mass=1, length=2, time=-2), 1.296e17),
        ("kJ/mol", dims(mass=1, length=2, time=-2, amount=-1), 1.296e11),
        ("%", dims(), 0.01),
        ("ppm", dims(), 1e-6),
        ("10^9/L", dims(length=-3), 1e6),
    ],
)
def test_kind_and_size(text: str, expected: tuple[float, ...], factor: float) -> None:
    read = unit(text)
    assert read.dims == expected
    assert read.factor == pytest.approx(factor, rel=1e-15)
    assert str(read) == text


@pytest.mark.parametrize(
    "same",
    [
        ("uM", "umol/L", "µM", "\u03bcM", "nmol/mL", "umol·L^-1", "µmol L⁻¹", "umol/l"),
        ("m^2", "m**2", "m²", "m*m", "m m", "(m)^2", "m^(2)", "10^4 cm^2", "1e4 cm^2"),
        ("1/h", "h^-1", "h⁻¹", "1 / h", "1/(h)", "h^(-1)", "h**-1"),
        ("J", "kg m^2/s^2", "kg*m^2/s^2", "N m", "W s", "V*A*s", "Pa m^3", "kg·m²/s²"),
        ("J/(mol K)", "J/mol/K", "J/(mol*K)", "J mol^-1 K^-1"),
        ("mL/min/100 g", "mL/min/100g", "mL/min/(100 g)", "mL/(100 g)/min", "0.01 mL/min/g"),
        ("mL/min/1.73 m^2", "mL/min/(1.73 m^2)"),
        ("V", "W/A", "A ohm", "J/C", "A/S"),
        ("mmHg", "133.322387415 Pa"),
        ("kcal", "4184 J", "4.184 kJ"),
        ("M^(1/2)", "M^0.5"),
        ("mU/L", "mIU/L", "uIU/mL", "uU/ml"),
        ("lx", "lux", "lm/m^2"),
        ("d", "24 h", "1440 min", "86400 s"),
    ],
)
def test_ways_to_write_one_unit(same: tuple[str, ...]) -> None:
    for a, b in itertools.combinations(same, 2):
        assert unit(a).same_size(unit(b)), (a, b)


def test_units_with_alike_letters_are_told_apart() -> None:
    kinds = {text: unit(text).dims for text in ("min", "mmol", "mol", "m", "h", "d", "Pa", "pM", "pm", "mM", "mm", "mo", "ms", "mS")}
    assert kinds["m"] == kinds["pm"] == kinds["mm"] == dims(length=1)
    assert kinds["min"] == kinds["h"] == kinds["d"] == kinds["mo"] == kinds["ms"] == dims(time=1)
    assert kinds["mol"] == kinds["mmol"] == dims(amount=1)
    assert kinds["pM"] == kinds["mM"] == dims(amount=1, length=-3)
    assert kinds["Pa"] == dims(mass=1, length=-1, time=-2)
    assert kinds["mS"] == dims(mass=-1, length=-2, time=3, current=2)


# ---- exact numbers ----


@pytest.mark.parametrize("number", [1.0, 3.0, 7.0, 9.0, 2.024, 0.1, 81.0, 125.7])
def test_decimal_steps_round_only_once(number: float) -> None:
    """9 nM is 0.009 uM to the last digit, which 9 x 0.001 is not."""
    assert convert(number, "nM", "uM") == number / 1000
    assert convert(number, "uM", "nM") == number * 1000
    assert convert(number, "min", "h") == number / 60
    assert convert(number, "ug/dL", "ng/mL") == number * 10
    assert convert(number, "mL/min/100 g", "mL/g/min") == number / 100


def test_conversion_gives_floats_and_keeps_not_a_number() -> None:
    assert isinstance(convert(5, "mM", "uM"), float)
    assert math.isnan(convert(math.nan, "mM", "uM"))


# ---- what is refused ----


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("uMM", "unknown unit 'uMM'\n    did you mean uM"),
        ("uMM/h", "unknown unit 'uMM' in 'uMM/h'"),
        ("hr", "did you mean h?"),
        ("mcg", "did you mean ug?"),
        ("Mmol", "did you mean mmol?"),
        ("Mg", "did you mean mg?"),
        ("Cal", "did you mean kcal?"),
        ("iu/L", "did you mean IU?"),
        ("degC", "give a temperature in K"),
        ("°C", "give a temperature in K"),
        ("m2", "write m^2"),
        ("s-1", "misplaced '-'"),
        ("m 2", "write powers as m^2"),
        ("J/mol K", "write a/(b c)"),
        ("ug/kg·min", "write a/(b c)"),
        ("ug/kg(min)", "write a/(b c)"),
        ("", "an empty unit"),
        ("   ", "an empty unit"),
        ("/h", "write 1/h"),
        ("mg/", "nothing where a unit is due"),
        ("mg//L", "misplaced '/'"),
        ("(mg", "close the bracket"),
        ("mg)", "each ')' needs its '('"),
        ("m^", "a power that is not a number"),
        ("m^x", "a power that is not a number"),
        ("m^(1/0)", "a power that is not a number"),
        ("m^99", "the power 99"),
        ("0 g", "the number 0"),
        ("1e99 g", "the number 1e99"),
        ("mg;h", "misplaced ';'"),
        ("mg\x00", "misplaced"),
        ("__import__", "misplaced"),
        ("m" * 81, "81 characters"),
        ("(" * 40 + "m" + ")" * 40, "81 characters"),
    ],
)
def test_unclear_units_are_refused(text: str, message: str) -> None:
    with pytest.raises(UnitMismatch) as caught:
        unit(text)
    assert message in str(caught.value)
    assert caught.value.remedy


def test_left_to_right_with_stars() -> None:
    assert unit("uM/h*L").same_size(unit("L uM/h"))


def test_only_text_is_a_unit() -> None:
    with pytest.raises(UnitMismatch, match="a unit is a text"):
        unit(None)  # type: ignore[arg-type]
    assert as_unit(ONE) is ONE
    assert as_unit("h") is unit("h")


def test_incompatible_kinds_are_refused() -> None:
    for a, b in [("mg", "h"), ("mg/L", "mg"), ("nM", "nmol"), ("IU/L", "1/L"), ("J", "W"), ("lux", "1")]:
        with pytest.raises(UnitMismatch, match=r"different kinds|joined only by"):
            convert(1.0, a, b)


# ---- calculated units ----


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (unit("uM") / unit("h"), "uM/h"),
        (unit("nmol") / unit("min") / unit("g"), "nmol/g/min"),
        (unit("pmol") / unit("L"), "pM"),
        (unit("kJ") / unit("mol"), "kJ/mol"),
        (ONE / unit("s"), "1/s"),
        (unit("uM") ** 2 / unit("h"), "uM^2/h"),
        (unit("mL") / unit("g") / unit("min"), "mL/g/min"),
        (unit("L") / unit("h"), "L/h"),
        (unit("mIU") / unit("L"), "mIU/L"),
        (unit("uM") / unit("uM"), "1"),
        (unit("kg") * unit("m") ** 2 / unit("s") ** 2, "J"),
        (unit("uA") / unit("cm") ** 2, "uA/cm^2"),
        (unit("uM") ** 0.5, "uM^0.5"),
        (unit("mmHg") * ONE, "mmHg"),
        (unit("kcal") * ONE, "4.184 kJ"),
    ],
)
def test_calculated_units_read_well(made: Unit, text: str) -> None:
    assert str(made) == text
    assert unit(str(made)).same_size(made)


@pytest.mark.parametrize(
    "text",
    [
        *known_units(),
        "uM/h",
        "mL/min/100 g",
        "J/(mol K)",
        "mL/min/1.73 m^2",
        "10^9/L",
        "1/(mM ms)",
        "mS/cm^2",
        "C/mol",
        "mg*h/L",
        "L/(h^0.75)",
    ],
)
def test_composed_text_reads_back(text: str) -> None:
    bare = Unit(unit(text).dims, unit(text).factor)
    again = unit(str(bare))
    assert again.same_kind(bare)
    assert again.factor == pytest.approx(bare.factor, rel=1e-9)


# ---- quantities ----


@pytest.mark.parametrize(
    ("text", "value", "written", "internal"),
    [
        ("100 mg", 100.0, "mg", 100.0),
        ("100mg", 100.0, "mg", 100.0),
        ("34 y", 34.0, "y", 34 * 8766.0),
        ("1.6 ug/kg", 1.6, "ug/kg", 1.6e-9),
        ("-0.4 h", -0.4, "h", -0.4),
        ("\u22120.4 h", -0.4, "h", -0.4),
        ("3\u00a0h", 3.0, "h", 3.0),
        ("+2 h", 2.0, "h", 2.0),
        (".5 h", 0.5, "h", 0.5),
        ("14 ug/dL", 14.0, "ug/dL", 1.4e-4),
        ("54 mL/min/100 g", 54.0, "mL/min/100 g", 0.0324),
        ("5 1/h", 5.0, "1/h", 5.0),
        ("3e2 lux", 300.0, "lux", 0.03),
        ("40 %", 40.0, "%", 0.4),
        ("  7   IU ", 7.0, "IU", 7.0),
    ],
)
def test_quantities_are_read(text: str, value: float, written: str, internal: float) -> None:
    found = quantity(text)
    assert (found.value, str(found.unit)) == (value, written)
    assert found.internal == pytest.approx(internal, rel=1e-15)
    assert quantity(str(found)) == found


@pytest.mark.parametrize(
    ("text", "expect", "message"),
    [
        ("nan mg", None, "not a number with a unit"),
        ("inf mg", None, "not a number with a unit"),
        ("1e999 mg", None, "not a finite number"),
        (math.nan, "1", "not a finite number"),
        (math.inf, "1", "not a finite number"),
        ("1,5 mg", None, "write a decimal point"),
        ("1.2.3 mg", None, "not a number with a unit"),
        ("100", "mg", 'such as mg, as in "1 mg"'),
        (100, "mg", "'100' has no unit"),
        ("0.5", None, "has no unit"),
        ("100 mg", "h", "wrong unit"),
        ("100 mg", "1", "write a pure number"),
        ("1 h 30 min", "h", "the number 30 after a unit"),
        ("0.9 x", "mg", "unknown unit 'x'"),
        ("", None, "not a number with a unit"),
        ("mg", None, "not a number with a unit"),
        ("1_000 mg", None, "misplaced '_'"),
        ("\u0663 mg", None, "not a number with a unit"),
        (True, "1", "not a number with a unit"),
        (None, "1", "not a number with a unit"),
        ([1], "1", "not a number with a unit"),
        ("x" * 5000, None, "..."),
    ],
)
def test_bad_quantities_are_refused(text: Any, expect: str | None, message: str) -> None:
    with pytest.raises(UnitMismatch) as caught:
        quantity(text, expect)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 300


def test_pure_numbers_where_they_are_due() -> None:
    assert quantity(0.42, "1") == quantity("0.42", "1") == quantity("42 %", "1") == Quantity(0.42, ONE)
    assert quantity("0.5", unit("rad")).internal == 0.5
    already = Quantity(3.0, unit("h"))
    assert quantity(already, "min") is already


def test_quantities_compare_by_meaning() -> None:
    assert quantity("1 mM") == quantity("1000 uM") == quantity("1 mol/m^3")
    assert len({quantity("1 mM"), quantity("1000 uM"), quantity("60 min"), quantity("1 h")}) == 2
    assert quantity("1 mM") != quantity("1 h")
    assert quantity("90 min") > quantity("1 h") >= quantity("60 min")
    assert quantity("59 min") < quantity("1 h") <= quantity("60 min")
    assert quantity("1 mM") != 1.0
    with pytest.raises(UnitMismatch, match="different kinds"):
        assert quantity("1 mM") < quantity("1 h")


def test_quantities_convert_and_print() -> None:
    assert quantity("14 ug/dL").to("ng/mL") == Quantity(140.0, unit("ng/mL"))
    assert str(quantity("14 ug/dL").to("ng/mL")) == "140 ng/mL"
    assert str(quantity("0.1 h").to("min")) == "6 min"
    assert str(Quantity(0.5, ONE)) == "0.5"
    with pytest.raises(UnitMismatch):
        quantity("14 ug/dL").to("h")


def test_nouns_are_frozen() -> None:
    for noun, name in ((unit("h"), "factor"), (quantity("1 h"), "value")):
        with pytest.raises(AttributeError):
            setattr(noun, name, 2.0)
    assert issubclass(UnitMismatch, NeurohumorError)


# ---- speed ----


def test_reading_again_costs_nothing() -> None:
    unit("mL/min/100 g")
    assert min(timeit.repeat(lambda: unit("mL/min/100 g"), number=1000, repeat=5)) / 1000 < 10e-6


def test_first_reading_is_quick() -> None:
    texts = [f"{number} nmol/min/g" for number in range(1, 201)]
    assert min(timeit.repeat(lambda: [unit.__wrapped__(text) for text in texts], number=1, repeat=3)) / len(texts) < 1e-3


def test_import_is_light() -> None:
    """No table is read and no library is loaded for the sake of units alone."""
    code = "import sys, neurohumor.units; print(sorted({'numpy', 'pint', 'tomllib', 'csv', 'neurohumor.names'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
