"""The table of single units, each exact as a ratio of whole numbers, and which prefixes each takes."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from neurohumor.units.unit import DIMENSIONS


def _dims(**powers: float) -> tuple[float, ...]:
    return tuple(float(powers.get(name, 0)) for name in DIMENSIONS)


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
