"""The algebra of units and of conversion, for any units at all."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from neurohumor.errors import UnitMismatch
from neurohumor.names import substances
from neurohumor.units import ONE, Quantity, Unit, convert, known_units, quantity, unit

SINGLE = known_units()
POWERS = (-2, -1, 1, 2, 3)
AMOUNTS = ("mol", "mmol", "umol", "nmol", "pmol")
MASSES = ("kg", "g", "mg", "ug", "ng", "pg")
OVER = ("", "/L", "/mL", "/dL", "/h", "/min", "/kg", "/kg/h", "/min/100 g")

singles = st.sampled_from(SINGLE).map(unit)
factors = st.tuples(st.sampled_from(SINGLE), st.sampled_from(POWERS))
numbers = st.floats(min_value=1e-6, max_value=1e6) | st.floats(min_value=-1e6, max_value=-1e-6)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A quotient of products as one may write it."""
    above = draw(st.lists(factors, min_size=1, max_size=3))
    below = draw(st.lists(factors, max_size=2))
    top = "*".join(name if power == 1 else f"{name}^{power}" for name, power in above)
    return top + "".join("/" + (name if power == 1 else f"{name}^{power}") for name, power in below)


def readable(text: str) -> bool:
    """Whether its size stays within what may be multiplied on."""
    size = 0.0
    for part in text.replace("/", "*").split("*"):
        name, _, power = part.partition("^")
        size += abs(math.log10(unit(name).factor)) * abs(int(power or 1))
    return size < 50


units = texts().filter(readable).map(unit)


def near(a: Unit, b: Unit) -> bool:
    return a.same_kind(b) and math.isclose(a.factor, b.factor, rel_tol=1e-12)


@given(units, units, units)
def test_products_associate_and_commute(a: Unit, b: Unit, c: Unit) -> None:
    assert near((a * b) * c, a * (b * c))
    assert near(a * b, b * a)
    assert near(a * ONE, a)
    assert hash(a * b) == hash(b * a)


@given(units, units)
def test_quotients_undo_products(a: Unit, b: Unit) -> None:
    assert near(a * b / b, a)
    assert near(a / b, a * b**-1)
    assert near(a / a, ONE)
    assert (a / a).dimensionless


@given(singles, st.sampled_from(POWERS), st.sampled_from(POWERS))
def test_powers(a: Unit, m: int, n: int) -> None:
    assert near(a**m * a**n, a ** (m + n))
    assert near((a**m) ** (1 / m), a)
    assert near(a**0, ONE)


@given(texts().filter(readable), texts().filter(readable))
def test_reading_is_a_homomorphism(a: str, b: str) -> None:
    assume(len(a) + len(b) < 70)
    assert near(unit(f"({a})*({b})"), unit(a) * unit(b))
    assert near(unit(f"({a})/({b})"), unit(a) / unit(b))
    assert near(unit(f"({a})^2"), unit(a) ** 2)
    assert near(unit(f"({a}) ({b})"), unit(a) * unit(b))


@given(texts().filter(readable))
def test_exponents_are_whole_where_powers_are(text: str) -> None:
    assert all(power.is_integer() for power in unit(text).dims)


@given(units)
def test_composed_text_reads_back(a: Unit) -> None:
    bare = Unit(a.dims, a.factor)
    assume(1e-25 < bare.factor < 1e25 and max(abs(power) for power in bare.dims) <= 12)
    try:
        again = unit(str(bare))
    except UnitMismatch as error:
        assert "characters" in error.what or "the number" in error.what  # beyond the reader's limits: what nobody would write
        return
    assert again.same_kind(bare)
    assert math.isclose(again.factor, bare.factor, rel_tol=1e-9)


@given(numbers, units, st.sampled_from(SINGLE), st.sampled_from(SINGLE))
def test_conversion_goes_there_and_back(value: float, a: Unit, extra: str, other: str) -> None:
    b = a * unit(extra) / unit(extra) if unit(extra).same_kind(unit(other)) else a
    c = a * unit(extra) / unit(other)
    assert math.isclose(convert(convert(value, a, b), b, a), value, rel_tol=1e-14)
    if unit(extra).same_kind(unit(other)):
        assert math.isclose(convert(convert(value, a, c), c, a), value, rel_tol=1e-14)
        assert math.isclose(convert(convert(value, b, c), c, a), convert(value, b, a), rel_tol=1e-13)
    elif not (a.same_kind(c)):
        with pytest.raises(UnitMismatch):
            convert(value, a, c)


@given(numbers, numbers, st.sampled_from(("nM", "uM", "mM", "mol/m^3", "pmol/mL")), st.sampled_from(("nM", "uM", "M", "umol/dL")))
def test_order_is_that_of_the_internal_numbers(x: float, y: float, first: str, second: str) -> None:
    a, b = Quantity(x, unit(first)), Quantity(y, unit(second))
    assert (a < b) + (a == b) + (a > b) == 1
    assert (a <= b) == (not a > b)
    assert a == a.to(second)
    assert hash(a) == hash(a.to(second))


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300), texts().filter(readable))
def test_written_quantities_read_back(value: float, text: str) -> None:
    rounded = float(f"{value:.12g}")
    again = quantity(str(Quantity(rounded, unit(text))))
    assert (again.value, again.unit) == (rounded, unit(text))


COUNTED = sorted(key for key, one in substances().items() if one.molar_mass)


@given(numbers, st.sampled_from(COUNTED), st.sampled_from(AMOUNTS), st.sampled_from(MASSES), st.sampled_from(OVER))
def test_mass_and_amount_go_there_and_back(value: float, key: str, amount: str, mass: str, over: str) -> None:
    there = convert(value, amount + over, mass + over, substance=key)
    assert math.isclose(convert(there, mass + over, amount + over, substance=key), value, rel_tol=1e-13)
    molar_mass = substances()[key].molar_mass
    assert molar_mass is not None
    grams = value * unit(amount).factor / 1e9 * molar_mass
    assert math.isclose(there, grams * 1e3 / unit(mass).factor, rel_tol=1e-12)


@given(numbers, st.sampled_from(("insulin", "prolactin", "vitamin_d3")), st.sampled_from(("IU", "mIU", "uIU")), st.sampled_from(OVER))
def test_activity_and_mass_go_there_and_back(value: float, key: str, activity: str, over: str) -> None:
    there = convert(value, activity + over, "ug" + over, substance=key)
    assert math.isclose(convert(there, "ug" + over, activity + over, substance=key), value, rel_tol=1e-13)
    if substances()[key].molar_mass:
        by_way_of_amount = convert(convert(value, activity + over, "nmol" + over, substance=key), "nmol" + over, "ug" + over, substance=key)
        assert math.isclose(by_way_of_amount, there, rel_tol=1e-12)


@given(st.text(max_size=40))
def test_any_text_is_a_unit_or_refused_in_words(text: str) -> None:
    try:
        found = unit(text)
    except UnitMismatch as error:
        assert error.remedy
        return
    assert math.isfinite(found.factor)
    assert found.factor > 0


@given(st.text(alphabet="0123456789.eE+-/*^() mgLhuMnol", max_size=40))
def test_texts_that_look_like_quantities_are_read_or_refused_in_words(text: str) -> None:
    try:
        found = quantity(text)
    except UnitMismatch as error:
        assert error.remedy
        return
    assert math.isfinite(found.value)
