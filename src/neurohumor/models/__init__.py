"""Which modules together make a whole; and what there is to choose from, found by looking, loaded when asked for."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from neurohumor.errors import ModelError, UnknownName, did_you_mean
from neurohumor.lang.family import Family
from neurohumor.lang.module import Module


@cache
def names() -> tuple[str, ...]:
    """The families there are: one file each, which defines a `Family` of its own name."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.ispkg and not found.name.startswith("_")))


def load(name: str) -> Family:
    """The family of that name, as in load("human").  Raises UnknownName."""
    if name not in names():
        raise UnknownName(f"no model is called {name!r}", remedy=did_you_mean(name, names()) or f"there are: {', '.join(names())}")
    family = getattr(importlib.import_module(f"{__name__}.{name}"), name, None)
    if not isinstance(family, Family):
        raise ModelError(f"models/{name}.py defines no family", remedy=f"write {name} = Family({name!r}, ...) there")
    return family


@cache
def modules() -> dict[str, type[Module]]:
    """Every module of the package by the name of its class, in order of its file."""
    science = importlib.import_module("neurohumor.modules")
    found: dict[str, type[Module]] = {}
    for place in sorted(pkgutil.walk_packages(science.__path__, f"{science.__name__}."), key=lambda place: place.name):
        loaded = importlib.import_module(place.name)
        for thing in vars(loaded).values():
            if isinstance(thing, type) and issubclass(thing, Module) and thing is not Module and thing.__module__ == place.name:
                found[thing.__name__] = thing
    return found


def module(name: str) -> type[Module]:
    """The module of that name: of its class, or of its file where that holds just one.  Raises UnknownName."""
    every = modules()
    if name in every:
        return every[name]
    file = name.removesuffix(".py").replace("/", ".")
    fits = [found for found in every.values() if found.__module__ == file or found.__module__.endswith(f".{file}")]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise UnknownName(f"{name} holds several modules", remedy=f"choose one: {', '.join(found.__name__ for found in fits)}")
    known = [*every, *(found.__module__.rpartition(".")[2] for found in every.values())]
    raise UnknownName(f"no module is called {name!r}", remedy=did_you_mean(name, known) or f"there are: {', '.join(every) or 'none'}")
