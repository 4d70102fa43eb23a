"""Units: read, compare, convert; eight dimensions and one coherent internal system.

Inside, everything is nmol, cm (so mL = cm^3), h, mg, K, A, lm and IU; a concentration is then nmol/mL = uM.
Authors never see this: a number is written in the unit that its paper prints.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from neurohumor.errors import UnitMismatch, did_you_mean

DIMENSIONS = ("amount", "length", "time", "mass", "temperature", "current", "luminous", "activity")


@dataclass(frozen=True, slots=True)
class Unit:
    """A physical unit: exponents of the eight `DIMENSIONS` and the factor to the internal system.

    A number in this unit times `factor` is the internal number. Two units are equal when kind and factor are; the text is only how it was written.
    """

    dims: tuple[float, ...]
    factor: float
    text: str = field(default="", compare=False)

    def __mul__(self, other: Unit) -> Unit:
        return Unit(tuple([a + b for a, b in zip(self.dims, other.dims, strict=True)]), self.factor * other.factor)

    def __truediv__(self, other: Unit) -> Unit:
        return Unit(tuple([a - b for a, b in zip(self.dims, other.dims, strict=True)]), self.factor / other.factor)

    def __pow__(self, power: float) -> Unit:
        return Unit(tuple([a * power for a in self.dims]), self.factor**power)

    def same_kind(self, other: Unit) -> bool:
        """Whether numbers in the two units can be added."""
        return self.dims == other.dims or all(abs(a - b) < 1e-9 for a, b in zip(self.dims, other.dims, strict=True))

    @property
    def dimensionless(self) -> bool:
        """Whether this is a pure number (1, %, rad, ppm)."""
        return self.same_kind(ONE)

    def __str__(self) -> str:
        return self.text or _composed(self)


def _dims(**powers: float) -> tuple[float, ...]:
    return tuple(float(powers.get(name, 0)) for name in DIMENSIONS)


ONE = Unit(_dims(), 1.0, "1")

# ---- the table of atoms, each exact as a ratio of whole numbers: (exact factor to the internal system, dims, prefixes allowed) ----

_PREFIXES = {"f": -15, "p": -12, "n": -9, "u": -6, "m": -3, "c": -2, "d": -1, "k": 3, "M": 6}
_SMALL = "fpnumcdk"  # no mega: Mmol, Mm and Mg would be one slip of the shift key away from mmol, mm and mg
_ALL = "fpnumcdkM"

_AMOUNT, _LENGTH, _TIME, _MASS = _dims(amount=1), _dims(length=1), _dims(time=1), _dims(mass=1)
_FORCE_DIMS = _dims(mass=1, length=1, time=-2)
_ENERGY = _dims(mass=1, length=2, time=-2)
_POWER = _dims(mass=1, length=2, time=-3)
_PRESSURE = _dims(mass=1, length=-1, time=-2)
_VOLTAGE = _dims(mass=1, length=2, time=-3, current=-1)

_S = Fraction(1, 3600)
_N = Fraction(10**6) * 100 / _S**2  # kg m/s^2
_J = _N * 100
_PA = _N / 10**4
_V = _J / _S

_ATOMS: dict[str, tuple[Fraction, tuple[float, ...], str]] = {
    "mol": (Fraction(10**9), _AMOUNT, _SMALL),
    "M": (Fraction(10**6), _dims(amount=1, length=-3), _SMALL),
    "m": (Fraction(100), _LENGTH, _SMALL),
    "L": (Fraction(1000), _dims(length=3), _SMALL),
    "l": (Fraction(1000), _dims(length=3), _SMALL),
    "s": (_S, _TIME, "fpnum"),
    "min": (Fraction(1, 60), _TIME, ""),
    "h": (Fraction(1), _TIME, ""),
    "d": (Fraction(24), _TIME, ""),
    "wk": (Fraction(7 * 24), _TIME, ""),
    "mo": (Fraction(36525, 1200) * 24, _TIME, ""),  # a twelfth of the year below: 30.4375 d
    "y": (Fraction(36525, 100) * 24, _TIME, ""),  # Julian year: 365.25 d
    "g": (Fraction(1000), _MASS, _SMALL),
    "K": (Fraction(1), _dims(temperature=1), ""),
    "A": (Fraction(1), _dims(current=1), "fpnumk"),
    "IU": (Fraction(1), _dims(activity=1), "pnumkM"),
    "U": (Fraction(1), _dims(activity=1), "pnumkM"),
    "lm": (Fraction(1), _dims(luminous=1), ""),
    "lux": (Fraction(1, 10**4), _dims(luminous=1, length=-2), ""),
    "lx": (Fraction(1, 10**4), _dims(luminous=1, length=-2), ""),
    "Hz": (1 / _S, _dims(time=-1), "mkM"),
    "N": (_N, _FORCE_DIMS, "pnumk"),
    "J": (_J, _ENERGY, _ALL),
    "cal": (_J * Fraction(4184, 1000), _ENERGY, "k"),  # thermochemical
    "W": (_J / _S, _POWER, _ALL),
    "Pa": (_PA, _PRESSURE, "pnumkM"),
    "mmHg": (_PA * Fraction(133322387415, 10**9), _PRESSURE, ""),  # conventional: 13.5951 g/cm^3 at 9.80665 m/s^2
    "Torr": (_PA * Fraction(101325, 760), _PRESSURE, ""),
    "V": (_V, _VOLTAGE, "pnumkM"),
    "C": (_S, _dims(current=1, time=1), "pnum"),
    "S": (1 / _V, tuple(a - b for a, b in zip(_dims(current=1), _VOLTAGE, strict=True)), "pnum"),
    "F": (_S / _V, tuple(a - b for a, b in zip(_dims(current=1, time=1), _VOLTAGE, strict=True)), "fpnum"),
    "ohm": (_V, tuple(a - b for a, b in zip(_VOLTAGE, _dims(current=1), strict=True)), "mkM"),
    "rad": (Fraction(1), ONE.dims, ""),
    "%": (Fraction(1, 100), ONE.dims, ""),
    "ppm": (Fraction(1, 10**6), ONE.dims, ""),
}

# What people write for a unit that is spelt otherwise here.
_SPELT = {
    "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d", "sec": "s", "second": "s", "seconds": "s", "minute": "min",
    "minutes": "min", "mins": "min", "week": "wk", "weeks": "wk", "w": "wk", "month": "mo", "months": "mo", "year": "y", "years": "y", "yr": "y",
    "yrs": "y", "a": "y", "mcg": "ug", "mcmol": "umol", "cc": "mL", "ccm": "mL", "gr": "g", "gm": "g", "gram": "g", "grams": "g", "liter": "L",
    "litre": "L", "litres": "L", "meter": "m", "metre": "m", "mole": "mol", "moles": "mol", "molar": "M", "Lux": "lux", "iu": "IU", "percent": "%",
    "hz": "Hz", "joule": "J", "volt": "V", "watt": "W", "Cal": "kcal", "dimensionless": "1", "Mmol": "mmol", "Mg": "mg", "MM": "mM", "KG": "kg",
    "Kg": "kg", "MOL": "mol", "torr": "Torr", "mmhg": "mmHg", "radian": "rad", "radians": "rad",
}  # fmt: skip
_NO_SCALE = {"degC", "°C", "°F", "degF", "celsius", "Celsius"}


@lru_cache(maxsize=None)
def _atom(name: str) -> tuple[Fraction, tuple[float, ...]] | None:
    if name in _ATOMS:
        return _ATOMS[name][:2]
    prefix, rest = name[:1], name[1:]
    if rest in _ATOMS and prefix in _ATOMS[rest][2]:
        factor, dims, _ = _ATOMS[rest]
        return factor * Fraction(10) ** _PREFIXES[prefix], dims
    return None


def known_units() -> tuple[str, ...]:
    """Every single unit with every prefix it takes."""
    return tuple(prefix + name for name, (_, _, prefixes) in _ATOMS.items() for prefix in ("", *prefixes))


# ---- reading ----

_TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?)|(?P<word>[A-Za-z%°]+)|(?P<op>\*\*|[*/^()·-])|(?P<blank>\s+)|(?P<other>.)", re.DOTALL
)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SUPERSCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_LONGEST, _LARGEST_POWER = 80, 12


class _Reader:
    """One pass over a unit's text; `at` is the next token."""

    def __init__(self, text: str) -> None:
        plain = _SUPERSCRIPTS.sub(lambda found: "^" + found.group().translate(_SUPERSCRIPT), text)
        plain = plain.replace("\u00b5", "u").replace("\u03bc", "u").replace("\u22c5", "·").replace("×", "*").replace("\u2212", "-")
        self.text, self.at = text, 0
        tokens = [(found.lastgroup or "other", found.group()) for found in _TOKEN.finditer(plain.strip())]
        # blanks matter only as products: those beside an operator do not
        self.tokens = [
            token
            for i, token in enumerate(tokens)
            if token[0] != "blank" or (tokens[i - 1][1] not in "(*/^·**" and tokens[i + 1][1] not in ")*/^·**")
        ]

    def fail(self, what: str, remedy: str) -> UnitMismatch:
        return UnitMismatch(f"{what} in the unit {self.text!r}", remedy=remedy)

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token

    def product(self) -> tuple[Fraction, tuple[float, ...]]:
        factor, dims = self.factor()
        divided = False
        while self.peek()[0] not in ("end",) and self.peek()[1] != ")":
            kind, op = self.take() if self.peek()[0] in ("op", "blank") else ("blank", "")
            if op not in ("*", "/", "·") and kind != "blank":
                raise self.fail(f"misplaced {op!r}", "write products as a*b, quotients as a/b, powers as a^2")
            if kind == "blank" or op == "·":
                if divided:
                    raise self.fail("a blank or a dot after '/' may mean 'times' or 'per'", "write a/(b c), a/b/c or a*c/b")
                if kind == "blank" and self.peek()[0] == "number":
                    raise self.fail(f"the number {self.peek()[1]} after a unit", "write powers as m^2 and factors as 100 g or g*100")
            more, more_dims = self.factor()
            sign = -1 if op == "/" else 1
            divided = divided or op == "/"
            factor = factor * more**sign
            dims = tuple([a + sign * b for a, b in zip(dims, more_dims, strict=True)])
        return factor, dims

    def factor(self) -> tuple[Fraction, tuple[float, ...]]:
        kind, token = self.take()
        if kind == "number":
            value = Fraction(token)
            if not Fraction(1, 10**30) < value < 10**30:
                raise self.fail(f"the number {token}", "a factor inside a unit lies between 1e-30 and 1e30")
            value, _ = self.powered(value, ONE.dims)
            ahead = self.tokens[self.at : self.at + 2]
            if ahead and (ahead[0][0] == "word" or ahead[0][1] == "("):
                more, dims = self.factor()
                return value * more, dims
            if len(ahead) == 2 and ahead[0][0] == "blank" and (ahead[1][0] == "word" or ahead[1][1] == "("):
                self.take()
                more, dims = self.factor()  # 100 g in mL/min/100 g is one thing
                return value * more, dims
            return value, ONE.dims
        if kind == "word":
            found = _atom(token)
            if found is None:
                raise self.unknown(token)
            if self.peek()[0] == "number":
                raise self.fail(f"'{token}{self.peek()[1]}' may be a power or a slip", f"write {token}^{self.peek()[1]}")
            return self.powered(*found)
        if token == "(":
            inner = self.product()
            if self.take()[1] != ")":
                raise self.fail("a missing ')'", "close the bracket")
            return self.powered(*inner)
        if kind == "end":
            raise self.fail("nothing where a unit is due", "write 1/h for 'per hour', 1 for a pure number")
        raise self.fail(f"misplaced {token!r}", "write 1/h for 'per hour', m^2 for a power, a/(b c) for a quotient")

    def powered(self, factor: Fraction, dims: tuple[float, ...]) -> tuple[Fraction, tuple[float, ...]]:
        if self.peek()[1] not in ("^", "**"):
            return factor, dims
        self.take()
        power = self.power()
        if not abs(power) <= _LARGEST_POWER:
            raise self.fail(f"the power {power}", f"powers lie between -{_LARGEST_POWER} and {_LARGEST_POWER}")
        scaled = factor**power.numerator if power.denominator == 1 else Fraction(float(factor) ** float(power))
        return scaled, tuple([a * float(power) for a in dims])

    def power(self) -> Fraction:
        bracket = self.peek()[1] == "("
        if bracket:
            self.take()
        sign = -1 if self.peek()[1] == "-" else 1
        if sign < 0:
            self.take()
        power = sign * self.number()
        if bracket:
            if self.peek()[1] == "/":
                self.take()
                power /= self.number()
            if self.take()[1] != ")":
                raise self.fail("a missing ')'", "close the bracket of the power")
        return power

    def number(self) -> Fraction:
        kind, token = self.take()
        if kind != "number" or not Fraction(token):
            raise self.fail("a power that is not a number", "write m^2, s^-1 or M^(1/2)")
        return Fraction(token)

    def unknown(self, name: str) -> UnitMismatch:
        if name in _NO_SCALE:
            return self.fail(f"{name} does not start at zero", "give a temperature in K")
        if name in _SPELT:
            remedy = f"did you mean {_SPELT[name]}?"
        else:
            remedy = did_you_mean(name, known_units()) or "units are written as in uM/h, nmol/min/g, mL/min/100 g, 1/s, kJ/mol, ug/dL, mIU/L"
        return UnitMismatch(f"unknown unit {name!r}" + (f" in {self.text!r}" if self.text.strip() != name else ""), remedy=remedy)


@lru_cache(maxsize=4096)
def unit(text: str) -> Unit:
    """The unit written as text: "uM/h", "pmol/L", "1/s", "mL/min/100 g", "kJ/mol".

    Products are '*', '·' or a blank, powers '^2' or '**2'. 'mo' is 30.4375 d, 'y' 365.25 d, 'cal' 4.184 J, 'U' an international unit.
    Raises UnitMismatch for what is unknown or ambiguous.
    """
    if not isinstance(text, str):
        raise UnitMismatch(f"a unit is a text, not {text!r}", remedy='write it as in "uM/h"')
    if not text.strip():
        raise UnitMismatch("an empty unit", remedy='a pure number has the unit "1"')
    if len(text) > _LONGEST:
        raise UnitMismatch(f"a unit of {len(text)} characters", remedy=f"units have at most {_LONGEST}")
    reader = _Reader(text)
    factor, dims = reader.product()
    if reader.at < len(reader.tokens):
        raise reader.fail(f"misplaced {reader.peek()[1]!r}", "each ')' needs its '('")
    return Unit(tuple([a + 0.0 for a in dims]), float(factor), text.strip())


def as_unit(what: str | Unit) -> Unit:
    """The unit itself, or the unit read from a text."""
    return what if isinstance(what, Unit) else unit(what)


# ---- writing ----


def _composed(u: Unit) -> str:
    """A readable text for a unit that arose in a calculation."""
    parts = [f"{name}^{power:g}" for name, power in zip(("nmol", "cm", "h", "mg", "K", "A", "lm", "IU"), u.dims, strict=True) if power]
    number = "" if math.isclose(u.factor, 1.0, rel_tol=1e-12) else f"{u.factor!r} "
    return number + "*".join(parts) or "1"


# ---- numbers with units ----


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """A finite number with its unit; compared by what it means, not by how it is written."""

    value: float
    unit: Unit

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise UnitMismatch(f"{self.value} is not a finite number", remedy="give a finite number")

    def to(self, other: str | Unit) -> Quantity:
        """The same quantity in another unit; raises UnitMismatch when the kinds differ."""
        target = as_unit(other)
        return Quantity(convert(self.value, self.unit, target), target)

    @property
    def internal(self) -> float:
        """The number in the internal coherent system."""
        return self.value * self.unit.factor

    def __str__(self) -> str:
        return f"{self.value:.12g}" + ("" if str(self.unit) == "1" else f" {self.unit}")

    def _key(self) -> tuple[tuple[float, ...], float]:
        return self.unit.dims, float(f"{self.internal:.12g}")  # 12 digits: 1 mM is 1000 uM whatever the last bit says

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Quantity) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def _compared(self, other: Quantity) -> tuple[float, float]:
        if not self.unit.same_kind(other.unit):
            raise UnitMismatch(f"{self} and {other} are of different kinds", remedy="compare quantities of one kind")
        return self._key()[1], other._key()[1]

    def __lt__(self, other: Quantity) -> bool:
        mine, theirs = self._compared(other)
        return mine < theirs

    def __le__(self, other: Quantity) -> bool:
        mine, theirs = self._compared(other)
        return mine <= theirs

    def __gt__(self, other: Quantity) -> bool:
        return other < self

    def __ge__(self, other: Quantity) -> bool:
        return other <= self


_NUMBER = re.compile(r"\s*([+\-\u2212]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\d.,])\s*(.*)", re.DOTALL)


def quantity(text: str | Quantity | float, expect: str | Unit | None = None) -> Quantity:
    """The number with unit written as text: "100 mg", "-0.4 h", "14 ug/dL"; `expect` is a unit of the kind that is due.

    A number without a unit is taken only where a pure number is due. Raises UnitMismatch for anything else, NaN and infinity included.
    """
    due = None if expect is None else as_unit(expect)
    if isinstance(text, Quantity):
        found = text
    elif isinstance(text, str):
        found = _read(text, due)
    elif isinstance(text, bool) or not isinstance(text, (int, float)):
        raise UnitMismatch(f"{text!r} is not a number with a unit", remedy=_example(due))
    else:
        found = Quantity(float(text), _bare(str(text), due))
    if due is not None and not found.unit.same_kind(due):
        raise UnitMismatch(f"{found} has the wrong unit", remedy=_example(due))
    return found


def _example(due: Unit | None) -> str:
    if due is None:
        return 'write a number and a unit, as in "100 mg"'
    return "write a pure number, as in 0.5" if due.dimensionless else f'write a number and a unit such as {due}, as in "1 {due}"'


def _bare(text: str, due: Unit | None) -> Unit:
    if due is None or not due.dimensionless:
        raise UnitMismatch(f"{text.strip()!r} has no unit", remedy=_example(due))
    return ONE


def _read(text: str, due: Unit | None) -> Quantity:
    found = _NUMBER.fullmatch(text)
    if not found:
        shown = text if len(text) <= 60 else text[:57] + "..."
        comma = re.search(r"\d,\d", text)
        raise UnitMismatch(f"{shown!r} is not a number with a unit", remedy="write a decimal point, not a comma" if comma else _example(due))
    number, rest = float(found.group(1).replace("\u2212", "-")), found.group(2).strip()
    return Quantity(number, unit(rest) if rest else _bare(text, due))


# ---- conversion ----


def convert(value: float, from_: str | Unit, to: str | Unit, *, substance: str = "") -> float:
    """The number `value` in unit `from_`, expressed in unit `to`.

    With a substance, mass, amount and international units convert into one another through its molar mass and its own unit of activity.
    Raises UnitMismatch when the kinds differ or the substance lacks the factor that is needed.
    """
    source, target = as_unit(from_), as_unit(to)
    if source.same_kind(target):
        return _scaled(value, source.factor / target.factor)
    gap = [a - b for a, b in zip(source.dims, target.dims, strict=True)]
    amount, mass, activity = gap[0], gap[3], gap[7]
    others = [gap[i] for i in (1, 2, 4, 5, 6)]
    if any(abs(g) > 1e-9 for g in others) or abs(amount + mass + activity) > 1e-9:
        raise UnitMismatch(f"{source} and {target} are of different kinds", remedy="convert only between units of one kind")
    if not substance:
        raise UnitMismatch(f"{source} and {target} differ by a molar mass or a unit of activity", remedy="name the substance")
    raise UnitMismatch(f"no conversion known for {substance}", remedy="not yet")


def _scaled(value: float, ratio: float) -> float:
    """Value times ratio; by division where the ratio is one over a whole number, so that 9 nM is 0.009 uM to the last digit."""
    for r, divide in ((ratio, False), (1 / ratio, True)):
        whole = round(r) if r < 1e15 else 0
        if whole and abs(r - whole) < 1e-12 * whole:
            return value / whole if divide else value * whole
    return value * ratio
