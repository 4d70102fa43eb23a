"""Flux-control coefficients that come with the package, for the cards of enzymes, carriers and demand.

Stored beside the modules they are of, by the tool that computes them (`tools/flux_control.py`):

    ["NeuronAstrocyte.v_hk_n"]     # Module.step
    cmrglc = 0.043                 # d ln(glucose use) / d ln(step), at rest
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from neurohumor.errors import FileError

FILE = "flux_control.toml"
FLUXES = {"cmrglc": "glucose use", "cmro2": "oxygen use", "j_atp": "ATP made"}
MOST = 3
"""A number that belongs to more steps than these has no card of its own."""


def read_control(text: str, name: str) -> dict[str, Mapping[str, float]]:
    """The coefficients of a file.  Raises FileError for anything but numbers under `FLUXES`."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileError(f"is no TOML: {error}", where=name) from error
    for key, row in tables.items():
        if not isinstance(row, dict) or set(row) != set(FLUXES) or not all(isinstance(x, float) for x in row.values()):
            raise FileError(f"{key} is not a table of the numbers {', '.join(FLUXES)}", where=name)
    return tables


@cache
def stored() -> Mapping[str, Mapping[str, float]]:
    """Every coefficient of the package, by "Module.step" and flux."""
    found: dict[str, Mapping[str, float]] = {}
    for file in sorted((Path(__file__).parents[1] / "modules").rglob(FILE)):
        found |= read_control(file.read_text(encoding="utf-8"), file.name)
    return found


def is_step(module: str, name: str) -> bool:
    """Whether coefficients of this row are stored."""
    return f"{module}.{name}" in stored()


def control_of(module: str, name: str, laws: Mapping[str, Collection[str]]) -> str:
    """What is to be said of a step, or of a number that belongs to few steps (their sum); "" of anything else.

    laws  what each row of the module reads, by name
    """
    steps = (name,) if is_step(module, name) else _steps(module, name, laws)
    if not steps or len(steps) > MOST:
        return ""
    over = ", ".join(f"{told} {_two_digits(sum(stored()[f'{module}.{step}'][flux] for step in steps))}" for flux, told in FLUXES.items())
    return (
        f"flux control over {over}"
        if steps == (name,)
        else f"its step{'s' * (len(steps) > 1)} {', '.join(steps)}: flux control over {over}"
    )


def _two_digits(value: float) -> str:
    return f"{value:.2f}".replace("-0.00", "0.00")


def _steps(module: str, name: str, laws: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The steps whose law reads a name, directly or through rows that are no steps."""
    found: dict[str, None] = {}
    seen, front = {name}, [name]
    while front:
        one = front.pop()
        for user, read in laws.items():
            if one not in read or user in seen:
                continue
            seen.add(user)
            if is_step(module, user):
                found[user] = None
            else:
                front.append(user)
    return tuple(sorted(found))
