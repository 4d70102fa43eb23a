"""What an influence is neutral against: the mean, or the daily curve, of its saturation over the reference orbit.

Stored in `modules/influences/orbits.toml`, by the command that generates them:

    ["Thyroid.on_tph2"]            # Module.name; "Thyroid.on_tph2@raphe" for one place
    mean  = 0.41
    curve = [0.41, 0.02, -0.01]    # Fourier series a0, a1, b1, ... over brain.circadian_phase; fast influences only
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from neurohumor.errors import FileError

STORED = Path(__file__).parents[1] / "modules" / "influences" / "orbits.toml"


@dataclass(frozen=True, slots=True)
class Orbit:
    """Mean of H over the reference orbit, and its curve over the circadian phase, (a0, a1, b1, ...)."""

    mean: float
    curve: tuple[float, ...] = ()


def read_orbits(text: str, name: str) -> Mapping[str, Orbit]:
    """The stored orbits of a file.  Raises FileError for anything but a mean in 0..1 and an odd number of coefficients."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileError(f"is no TOML: {error}", where=name) from error
    found = {}
    for key, row in tables.items():
        if not isinstance(row, dict) or set(row) - {"mean", "curve"} or "mean" not in row:
            raise FileError(f"{key} is not a table of `mean` and `curve`", where=name)
        mean, curve = row["mean"], row.get("curve", [])
        numbers = isinstance(curve, list) and all(isinstance(x, (int, float)) and not isinstance(x, bool) for x in [mean, *curve])
        if not numbers or not 0 <= mean <= 1 or (curve and len(curve) % 2 == 0):
            raise FileError(f"{key} needs a mean in 0..1 and an odd number of coefficients", where=name)
        found[key] = Orbit(float(mean), tuple(float(x) for x in curve))
    return found


@cache
def stored() -> Mapping[str, Orbit]:
    """The orbits that come with the package; none where the file is absent."""
    return read_orbits(STORED.read_text(encoding="utf-8"), STORED.name) if STORED.is_file() else {}


def orbit_of(module: str, influence: str, place: str) -> Orbit | None:
    """The stored orbit of an influence at a place, else the one of all places, else None."""
    found = stored()
    return found.get(f"{module}.{influence}@{place}") or found.get(f"{module}.{influence}")
