"""What influences are neutral against: their saturation over the settled reference day, with all of them switched off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from neurohumor.build.graph import PHASE
from neurohumor.build.orbits import Orbit
from neurohumor.engine.schedule import Change
from neurohumor.engine.solve import simulate
from neurohumor.errors import ModelError
from neurohumor.lang.decl import Influence
from neurohumor.life.person import REFERENCE_MAN, REFERENCE_WOMAN, Person

if TYPE_CHECKING:
    from neurohumor.engine.problem import Progress
    from neurohumor.engine.run import Run
    from neurohumor.lang.family import Family
    from neurohumor.lang.model import Model

HARMONICS = 12
"""At most."""
CLOSE = 0.005
"""A curve that is nowhere further from the saturation has harmonics enough."""
DIGITS = 9
ALIKE = 1e-6
"""Places whose orbits differ by less have the same."""
ADULTS = (REFERENCE_WOMAN, REFERENCE_MAN)


def orbits_of(family: Family, people: Iterable[Person] = ADULTS, *, progress: Progress | None = None) -> dict[str, Orbit]:
    """The orbit of every influence of a family over one settled day, by "Module.name", with "@place" where its part has one.

    Of each the mean of its saturation over these people's days; of a fast one also its curve over the circadian phase, where a
    part tells that.  Raises SolveError where somebody does not settle.
    """
    runs: dict[str, list[tuple[Run, str, Influence]]] = {}
    for person in people:
        model = family.model(person)
        every = _influences(model)
        if not every:
            continue
        off = [Change(f"{part}.{influence.name}_on", 0.0) for part, influence in every]
        run = simulate(family, person, days=1, windows=[(0.0, 24.0, 1 / 60)], changes=off, progress=progress)
        for part, influence in every:
            runs.setdefault(_key(model, part, influence), []).append((run, f"{part}.{influence.name}_hill", influence))
    return {key: _orbit(found) for key, found in sorted(runs.items())}


def _influences(model: Model) -> list[tuple[str, Influence]]:
    return [(name, influence) for name, part in model.parts.items() for influence in part.module.of(Influence)]


def _key(model: Model, part: str, influence: Influence) -> str:
    place = model.parts[part]
    return f"{place.module.__name__}.{influence.name}" + (f"@{place.here}" if place.here else "")


def _orbit(found: list[tuple[Run, str, Influence]]) -> Orbit:
    means = [float(run[name].mean().value) for run, name, _ in found]
    mean = sum(means) / len(means)
    if not 0 <= mean <= 1:
        raise ModelError(f"the saturation {found[0][1]} has a mean of {mean}", remedy="a saturation lies between 0 and 1")
    fast = found[0][2].tau is None
    curve = _fitted(found) if fast and all(PHASE in run for run, _, _ in found) else ()
    return Orbit(round(mean, DIGITS), curve)


def _fitted(found: list[tuple[Run, str, Influence]]) -> tuple[float, ...]:
    """The Fourier series over the circadian phase that lies closest to the saturation of all these days: (a0, a1, b1, ...)."""
    phase = np.concatenate([run[PHASE].values[:-1] for run, _, _ in found])
    height = np.concatenate([run[name].values[:-1] for run, name, _ in found])
    columns: list[Any] = [np.ones_like(phase)]
    series = np.array([height.mean()])
    for k in range(1, HARMONICS + 1):
        columns += [np.cos(k * phase), np.sin(k * phase)]
        basis = np.stack(columns, axis=1)
        series, *_ = np.linalg.lstsq(basis, height, rcond=None)
        if np.abs(basis @ series - height).max() <= CLOSE:
            break
    return tuple(round(float(value), DIGITS) for value in series)


def merged(stored: Mapping[str, Orbit], found: Mapping[str, Orbit]) -> dict[str, Orbit]:
    """What to keep: the new in place of the old; an influence that every place sees alike is kept once, without a place."""
    kept = dict(stored)
    names: dict[str, list[str]] = {}
    for key in found:
        names.setdefault(key.partition("@")[0], []).append(key)
    for name, keys in names.items():
        one = found[keys[0]]
        for old in [k for k in kept if k.partition("@")[0] == name]:
            del kept[old]
        if all(_alike(one, found[key]) for key in keys):
            kept[name] = one
        else:
            kept |= {key: found[key] for key in keys}
    return dict(sorted(kept.items()))


def _alike(a: Orbit, b: Orbit) -> bool:
    same = len(a.curve) == len(b.curve) and np.allclose(a.curve, b.curve, rtol=0, atol=ALIKE)
    return same and abs(a.mean - b.mean) <= ALIKE


def written(orbits: Mapping[str, Orbit]) -> str:
    """As `build.orbits` reads them."""
    lines = ["# What influences are neutral against. Made by: neurohumor orbits human --write", ""]
    for key, orbit in orbits.items():
        lines += [f'["{key}"]', f"mean  = {orbit.mean!r}"]
        lines += [f"curve = [{', '.join(map(repr, orbit.curve))}]"] if orbit.curve else []
        lines.append("")
    return "\n".join(lines)
