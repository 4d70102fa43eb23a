"""What the contract tests are about, found by themselves: every module alone, every family for both reference adults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from neurohumor import models
from neurohumor.build.check import structure
from neurohumor.build.vocabulary import MACHINE, known
from neurohumor.lang import Influence, Input, Lag, Model, Module, Output, part
from neurohumor.lang.decl import State
from neurohumor.life.person import REFERENCE_MAN, REFERENCE_WOMAN
from neurohumor.names import places

MODULES: tuple[type[Module], ...] = tuple(models.modules().values())


def quantities(module: type[Module], here: str) -> Iterator[tuple[Input | Output | Influence, str]]:
    """Each declaration that meets others, with its quantity at this place."""
    for declared in module.declarations.values():
        if isinstance(declared, (Input, Output)):
            yield declared, declared.quantity.replace("{here}", here)
        elif isinstance(declared, Influence):
            yield declared, declared.target.replace("{here}", here)


def place_of(module: type[Module]) -> str:
    """A place where the vocabulary knows every quantity of the module, else one where it knows most; "" for a module without places."""
    if not any("{here}" in quantity for _, quantity in quantities(module, "{here}")):
        return ""

    def unknown(place: str) -> int:
        return sum(known(q) is None and not q.startswith(MACHINE) for _, q in quantities(module, place))

    return min(places(), key=unknown)


def alone(module: type[Module]) -> Model:
    """The module by itself, everything it hears at its nominal."""
    return Model(module.__name__, {"it": part(module, place_of(module))})


def wholes() -> dict[str, Model]:
    """Every family as either reference adult lives it, and once with each item of its shelf."""
    found: dict[str, Model] = {}
    for name in models.names():
        family = models.load(name)
        for person in (REFERENCE_WOMAN, REFERENCE_MAN):
            found[f"{name}, {person.name}"] = family.model(person)
        for item in family.shelf:
            found[f"{name} with {item}"] = family.choose(item).model(REFERENCE_WOMAN)
    return found


WHOLES = wholes()
BUILDABLE: dict[str, Model] = {module.__name__: alone(module) for module in MODULES} | WHOLES
"""Everything that can be simulated."""


QUICK = 60
"""States; what is larger is left to the slow tests, on which the reference engine may take its time."""


def large(model: Model) -> bool:
    """Whether the parts declare more states than are quick."""
    return sum(len(p.module.of(State)) + len(p.module.of(Lag)) for p in model.parts.values()) > QUICK


def sized(names: Iterable[str]) -> list[Any]:
    """The names as test parameters, large systems marked slow."""
    return [pytest.param(name, marks=[pytest.mark.slow] if large(BUILDABLE[name]) else []) for name in names]


def blocking(model: Model) -> list[str]:
    """The faults that keep a model from being built."""
    return [str(fault) for fault in structure(model).faults]
