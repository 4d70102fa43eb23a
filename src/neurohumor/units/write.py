"""Readable text for a unit that arose in a calculation: the fewest atoms, then the most usual prefixes, that give just its factor."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

_POWERS = {"": 0, "f": -15, "p": -12, "n": -9, "u": -6, "m": -3, "c": -2, "d": -1, "k": 3, "M": 6}

# name: internal size, prefixes from the most to the least usual above the line, and below it
_BASES: dict[str, tuple[float, str, str]] = {
    "M": (1e6, "unmp f", "unmp f"),
    "mol": (1e9, "unmp f", " umnp"),
    "L": (1e3, "m ud", " m"),
    "m": (1e2, "c mun", "cm u"),
    "g": (1e3, "m unkp", " km"),
    "K": (1.0, " ", " "),
    "A": (1.0, "nump ", "nump "),
    "lm": (1.0, " ", " "),
    "IU": (1.0, "m uk", " mu"),
}
_TIMES = {"h": 1.0, "min": 1 / 60, "s": 1 / 3600, "d": 24.0, "ms": 1 / 3.6e6, "y": 8766.0}
_JOULE = 1.296e17  # kg m^2/s^2 in mg cm^2/h^2
# Units with a name of their own: exponents of the eight dimensions, size, prefixes.
_NAMED: dict[str, tuple[tuple[int, ...], float, str]] = {
    "J": ((0, 2, -2, 1, 0, 0, 0, 0), _JOULE, " kmuM"),
    "W": ((0, 2, -3, 1, 0, 0, 0, 0), _JOULE * 3600, " mkuM"),
    "Pa": ((0, -1, -2, 1, 0, 0, 0, 0), _JOULE / 1e6, " kmM"),
    "N": ((0, 1, -2, 1, 0, 0, 0, 0), _JOULE / 100, " mun"),
    "V": ((0, 2, -3, 1, 0, -1, 0, 0), _JOULE * 3600, "m ku"),
    "ohm": ((0, 2, -3, 1, 0, -2, 0, 0), _JOULE * 3600, " kM"),
    "S": ((0, -2, 3, -1, 0, 2, 0, 0), 1 / (_JOULE * 3600), " munp"),
    "F": ((0, -2, 4, -1, 0, 2, 0, 0), 1 / (_JOULE * 3600**2), "umnp "),
    "lux": ((0, -2, 0, 0, 0, 0, 1, 0), 1e-4, " "),
    "mmHg": ((0, -1, -2, 1, 0, 0, 0, 0), _JOULE / 1e6 * 133.322387415, " "),
}
_MOST_CHOICES = 1000
_Structure = tuple[tuple[str, float], ...]


@lru_cache(maxsize=4096)
def composed(dims: tuple[float, ...], factor: float) -> str:
    """The text; read again, it gives the same unit. A number stands in front where no choice of prefixes gives the factor."""
    dims = tuple(round(power, 9) + 0.0 for power in dims)
    wanted = math.log10(factor)
    best: tuple[tuple[float, ...], _Structure, float] | None = None
    for atoms, structure in sorted(((_atoms(structure), structure) for structure in _structures(dims)), key=lambda pair: pair[0]):
        if best is not None and best[0][0] == 0 and best[0][1] < atoms:
            break  # exact already, and shorter than all that follows
        for rank, names, size in _choices(structure):
            far = abs(wanted - size)
            exact = far < 1e-11
            score = (0.0, atoms, 0.0, rank) if exact else (1.0, atoms, round(far, 6), rank)
            if best is None or score < best[0]:
                best = score, names, 0.0 if exact else wanted - size
    assert best is not None  # there is always the plain structure
    return _text(best[1], best[2])


def _atoms(structure: _Structure) -> float:
    """How much there is to read."""
    return len(structure) + sum(abs(power) for _, power in structure)


def _structures(dims: tuple[float, ...]) -> Iterator[_Structure]:
    """The ways to write these exponents: with or without one named unit, with concentrations or with amounts and lengths."""
    yield from _plain(dims, ())
    for name, (own, _, _) in _NAMED.items():
        for power in (1, -1):
            rest = tuple([a - power * b for a, b in zip(dims, own, strict=True)])
            if sum(abs(a) for a in rest) < sum(abs(a) for a in dims):
                yield from _plain(rest, ((name, float(power)),))


def _plain(dims: tuple[float, ...], named: _Structure) -> Iterator[_Structure]:
    amount, length, time, mass, temperature, current, luminous, activity = dims
    for molar in {0.0, amount}:
        left = length + 3 * molar
        volume = left / 3 if left and (left / 3).is_integer() else 0.0
        powers = {
            "M": molar,
            "mol": amount - molar,
            "g": mass,
            "IU": activity,
            "L": volume,
            "m": left - 3 * volume,
            "A": current,
            "lm": luminous,
            "K": temperature,
            "h": time,
        }
        yield named + tuple((name, power) for name, power in powers.items() if power)


def _choices(structure: _Structure) -> Iterator[tuple[int, _Structure, float]]:
    """Each choice of prefixes and of the unit of time: how unusual, the atoms, the decimal logarithm of the size."""
    options: list[list[tuple[int, str, float, float]]] = []
    for name, power in structure:
        if name == "h":
            options.append([(rank, text, power, power * math.log10(size)) for rank, (text, size) in enumerate(_TIMES.items())])
            continue
        size, prefixes, start = _prefixes(name, power)
        weight = 1 if power > 0 else 2  # nmol/g rather than umol/kg
        options.append(
            [
                (start + weight * rank, prefix + name, power, power * (math.log10(size) + _POWERS[prefix]))
                for rank, prefix in enumerate(p.strip() for p in prefixes)
            ]
        )
    while math.prod(len(option) for option in options) > _MOST_CHOICES:
        longest = max(range(len(options)), key=lambda i: (len(options[i]), i))
        options[longest] = options[longest][: len(options[longest]) // 2]
    for choice in product(*options):
        yield sum(c[0] for c in choice), tuple((c[1], c[2]) for c in choice), sum(c[3] for c in choice)


def _prefixes(name: str, power: float) -> tuple[float, str, int]:
    """Size, prefixes by usage, and how unusual the unit is by itself: kJ/mol before Pa/uM."""
    if name in _NAMED:
        return _NAMED[name][1], _NAMED[name][2], 2 * list(_NAMED).index(name) + (0 if power > 0 else 20)
    size, above, below = _BASES[name]
    return size, above if power > 0 else below, 0


def _text(names: _Structure, left: float) -> str:
    """The atoms above and below the line, after the number whose decimal logarithm is left over."""
    above = "*".join(_power(name, power) for name, power in names if power > 0)
    below = "".join("/" + _power(name, -power) for name, power in names if power < 0)
    if not left:
        return (above or "1") + below
    number = f"{10.0**left:.12g}" if abs(left) < 300 else f"10^{left:.12g}"
    return f"{number} {above}{below}" if above else f"{number}{below}"


def _power(name: str, power: float) -> str:
    return name if power == 1 else f"{name}^{power:.9g}"
