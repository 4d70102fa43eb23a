"""The table of single units, each exact as a ratio of whole numbers, and which prefixes each takes."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from neurohumor.units.unit import DIMENSIONS

Dims = tuple[float, ...]


def _dims(**powers: float) -> Dims:
    return tuple(float(powers.get(name, 0)) for name in DIMENSIONS)


_PREFIXES = {"f": -15, "p": -12, "n": -9, "u": -6, "m": -3, "c": -2, "d": -1, "k": 3, "M": 6}
_USUAL = "fpnumcdk"  # no mega: Mmol, Mm and Mg would be one slip of the shift key away from mmol, mm and mg
_MEGA = "fpnumkM"

_SECOND = Fraction(1, 3600)
_NEWTON = 10**6 * 100 / _SECOND**2  # kg m/s^2
_JOULE = _NEWTON * 100
_WATT = _JOULE / _SECOND  # of one ampere: a volt
_PASCAL = _NEWTON / 10**4
_DAY = Fraction(24)
_YEAR = _DAY * 36525 / 100  # Julian: 365.25 d; a month is a twelfth of it, 30.4375 d

_NUMBER, _TIME, _VOLUME, _ACTIVITY = _dims(), _dims(time=1), _dims(length=3), _dims(activity=1)
_ENERGY = _dims(mass=1, length=2, time=-2)
_PRESSURE = _dims(mass=1, length=-1, time=-2)
_LIGHT = _dims(luminous=1, length=-2)

# name: (size in the internal system, exponents, prefixes)
_ATOMS: dict[str, tuple[Fraction, Dims, str]] = {
    "mol": (Fraction(10**9), _dims(amount=1), _USUAL),
    "M": (Fraction(10**6), _dims(amount=1, length=-3), _USUAL),
    "m": (Fraction(100), _dims(length=1), _USUAL),
    "L": (Fraction(1000), _VOLUME, _USUAL),
    "l": (Fraction(1000), _VOLUME, _USUAL),
    "g": (Fraction(1000), _dims(mass=1), _USUAL),
    "s": (_SECOND, _TIME, "fpnum"),
    "min": (Fraction(1, 60), _TIME, ""),
    "h": (Fraction(1), _TIME, ""),
    "d": (_DAY, _TIME, ""),
    "wk": (_DAY * 7, _TIME, ""),
    "mo": (_YEAR / 12, _TIME, ""),
    "y": (_YEAR, _TIME, ""),
    "Hz": (1 / _SECOND, _dims(time=-1), "mkM"),
    "IU": (Fraction(1), _ACTIVITY, "pnumkM"),
    "U": (Fraction(1), _ACTIVITY, "pnumkM"),  # as laboratories write it for hormones; never umol/min of an enzyme
    "K": (Fraction(1), _dims(temperature=1), ""),
    "lm": (Fraction(1), _dims(luminous=1), ""),
    "lux": (Fraction(1, 10**4), _LIGHT, ""),
    "lx": (Fraction(1, 10**4), _LIGHT, ""),
    "N": (_NEWTON, _dims(mass=1, length=1, time=-2), "pnumk"),
    "J": (_JOULE, _ENERGY, _MEGA),
    "cal": (_JOULE * 4184 / 1000, _ENERGY, "k"),  # thermochemical
    "W": (_WATT, _dims(mass=1, length=2, time=-3), _MEGA),
    "Pa": (_PASCAL, _PRESSURE, "pnumkM"),
    "mmHg": (_PASCAL * 133322387415 / 10**9, _PRESSURE, ""),  # conventional: 13.5951 g/cm^3 at 9.80665 m/s^2
    "Torr": (_PASCAL * 101325 / 760, _PRESSURE, ""),
    "A": (Fraction(1), _dims(current=1), "fpnumk"),
    "C": (_SECOND, _dims(current=1, time=1), "pnum"),
    "V": (_WATT, _dims(mass=1, length=2, time=-3, current=-1), "pnumkM"),
    "ohm": (_WATT, _dims(mass=1, length=2, time=-3, current=-2), "mkM"),
    "S": (1 / _WATT, _dims(mass=-1, length=-2, time=3, current=2), "pnum"),
    "F": (_SECOND / _WATT, _dims(mass=-1, length=-2, time=4, current=2), "fpnum"),
    "rad": (Fraction(1), _NUMBER, ""),
    "%": (Fraction(1, 100), _NUMBER, ""),
    "ppm": (Fraction(1, 10**6), _NUMBER, ""),
}

# What people write, and what it is called here.
SPELT = {
    written: name
    for name, others in {
        "s": "sec secs second seconds",
        "min": "mins minute minutes",
        "h": "hr hrs hour hours H",
        "d": "day days",
        "wk": "w week weeks",
        "mo": "month months",
        "y": "a yr yrs year years",
        "g": "gr gm gram grams",
        "kg": "Kg KG kilo kilos kgs",
        "mg": "Mg MG mgs",
        "ug": "mcg UG",
        "mol": "mole moles MOL",
        "mmol": "Mmol",
        "umol": "mcmol",
        "M": "molar",
        "mM": "MM",
        "L": "liter liters litre litres",
        "mL": "cc ccm ML",
        "m": "meter meters metre metres",
        "IU": "iu unit units",
        "mIU": "miu mUI",
        "%": "percent",
        "Hz": "hz hertz",
        "lux": "Lux LUX",
        "J": "joule joules",
        "kcal": "Cal Kcal KCAL calories",
        "mmHg": "mmhg mmHG mm_Hg",
        "Torr": "torr",
        "rad": "radian radians",
        "1": "dimensionless unitless",
        "Pa": "pascal PA",
        "V": "volt volts",
    }.items()
    for written in others.split()
}
NOT_FROM_ZERO = frozenset({"degC", "°C", "degF", "°F", "celsius", "Celsius"})


@lru_cache(maxsize=1024)
def atom(name: str) -> tuple[Fraction, Dims] | None:
    """Size and exponents of one unit with or without a prefix, or None when there is no such unit."""
    if name in _ATOMS:
        return _ATOMS[name][:2]
    prefix, rest = name[:1], name[1:]
    if rest in _ATOMS and prefix in _ATOMS[rest][2]:
        size, dims, _ = _ATOMS[rest]
        return size * Fraction(10) ** _PREFIXES[prefix], dims
    return None


def known_units() -> tuple[str, ...]:
    """Every single unit with every prefix that it takes."""
    return tuple(prefix + name for name, (_, _, prefixes) in _ATOMS.items() for prefix in ("", *prefixes))
