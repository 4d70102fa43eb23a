"""A model: which modules are present, and where.  It says nothing of how they are wired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from neurohumor.errors import ModelError, UnknownName, did_you_mean
from neurohumor.lang.decl import Param
from neurohumor.lang.module import Module
from neurohumor.units import Quantity


@dataclass(frozen=True, slots=True)
class Part:
    """A module at a place.  `values` overrides parameters of this part by name, in the parameter's own unit."""

    module: type[Module]
    here: str = ""
    values: Mapping[str, float | Quantity] = field(default_factory=dict)


def part(module: type[Module], here: str = "", **values: float | Quantity) -> Part:
    """Place a module.  Raises UnknownName for a parameter that the module does not declare."""
    known = {p.name for p in module.of(Param)}
    for name in values:
        if name not in known:
            raise UnknownName(f"{module.__name__} has no parameter {name!r}", remedy=did_you_mean(name, known))
    return Part(module, here, dict(values))


@dataclass(frozen=True, slots=True)
class Model:
    """Named parts, the quantities that can be clamped, and the influences switched off.

    clamps  vocabulary names; a state is held by a booked servo flux, any other wired output by a switch (flattening decides)
    silent  influences whose effect is removed, by full name "part.name" or claim id ("F12"); "*" removes all
    """

    name: str
    parts: Mapping[str, Part]
    clamps: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()

    def part(self, name: str) -> Part:
        """A part by name.  Raises UnknownName."""
        if name not in self.parts:
            raise UnknownName(f"model {self.name} has no part {name!r}", remedy=did_you_mean(name, self.parts))
        return self.parts[name]

    def with_parts(self, **parts: Part) -> Model:
        """The model with parts added; a part of that name must not be there yet."""
        for name in parts:
            if name in self.parts:
                raise ModelError(f"model {self.name} already has a part {name!r}", remedy="use swap to replace it")
        return replace(self, parts={**self.parts, **parts})

    def swap(self, **parts: Part) -> Model:
        """The model with parts replaced, each under the same name."""
        for name in parts:
            self.part(name)
        return replace(self, parts={**self.parts, **parts})

    def without(self, *names: str) -> Model:
        """The model without these parts."""
        for name in names:
            self.part(name)
        return replace(self, parts={k: v for k, v in self.parts.items() if k not in names})
