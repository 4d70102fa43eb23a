"""A family of models: base parts, choices made by the person, and a shelf of optional parts.

`family.model(person, protocol)` is a pure function: who lives which days decides which parts are present.  The science
supplies families; the machine only calls them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from neurohumor.errors import ModelError, UnknownName, did_you_mean
from neurohumor.lang.decl import Param, Takes
from neurohumor.lang.model import Model, Part, part
from neurohumor.names import substance
from neurohumor.units import Quantity


class PersonLike(Protocol):
    """What a family asks of a person: the person.* quantities, and the life that the person settles under."""

    @property
    def given(self) -> Mapping[str, Quantity]: ...

    @property
    def habits(self) -> ProtocolLike: ...


class ProtocolLike(Protocol):
    """What a family asks of a protocol: which substances it gives by which routes, and which quantities it clamps."""

    def substances(self) -> frozenset[tuple[str, str]]: ...

    def clamps(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class ShelfItem:
    """Optional parts, added when asked for by name or when the protocol gives a substance that they take.

    replaces  parts of the base that leave when this item enters (a rival model with the same ports)
    """

    parts: Mapping[str, Part]
    doc: str = ""
    replaces: tuple[str, ...] = ()

    def takes(self) -> frozenset[tuple[str, str]]:
        """The (substance, route) pairs that these parts accept."""
        return frozenset(_taken(self.parts))


Choice = Callable[[PersonLike], Mapping[str, Part]]
"""Parts that depend on the person, for example gonads: cycle or testis."""


@dataclass(frozen=True, slots=True)
class Family:
    """Base parts, choices and shelf.

    chosen  shelf items taken whatever the protocol says
    values  parameter overrides by full name, in the parameter's unit (a number) or with their own (a quantity)
    silent  influences switched off (full names or claim ids)
    """

    name: str
    base: Mapping[str, Part]
    choices: tuple[Choice, ...] = ()
    shelf: Mapping[str, ShelfItem] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()
    values: Mapping[str, float | Quantity] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    doc: str = ""

    def model(self, person: PersonLike, *protocols: ProtocolLike) -> Model:
        """The model of this person living these protocols (the habits are always counted).

        Raises UnknownName if a drug is given that no part of the family takes, ModelError if two items collide.
        """
        lives = (person.habits, *protocols)
        parts = dict(self.base)
        for choice in self.choices:
            _merge(parts, choice(person), f"a choice of family {self.name}")
        wanted = list(self.chosen)
        given = {(_one(name), route) for life in lives for name, route in life.substances() if route != "meal"}
        taken = _taken(parts)
        for pair in sorted(given - taken):
            if not any(pair in self.shelf[name].takes() for name in wanted):
                wanted.append(self._item_taking(*pair, taken))
        for name in wanted:
            item = self._item(name)
            for old in item.replaces:
                parts.pop(old, None)
            _merge(parts, item.parts, f"shelf item {name!r}")
        clamps = tuple(sorted({c for life in lives for c in life.clamps()}))
        return Model(self.name, self._overridden(parts), clamps, self.silent)

    def with_shelf(self, **items: ShelfItem) -> Family:
        """The family with items added to its shelf (a user's drug or module)."""
        for name in items:
            if name in self.shelf:
                raise ModelError(f"family {self.name} already has {name!r} on its shelf")
        return replace(self, shelf={**self.shelf, **items})

    def choose(self, *names: str) -> Family:
        """The family with these shelf items taken in."""
        for name in names:
            self._item(name)
        return replace(self, chosen=(*self.chosen, *names))

    def with_(self, values: Mapping[str, float | Quantity]) -> Family:
        """The family with parameters overridden by full name (checked when a model is built)."""
        return replace(self, values={**self.values, **values})

    def without_influences(self, *names: str) -> Family:
        """The family with influences switched off, by full name or claim id; none named: all."""
        return replace(self, silent=(*self.silent, *(names or ("*",))))

    def substances(self) -> frozenset[tuple[str, str]]:
        """Every (substance, route) that the base or the shelf takes."""
        return frozenset(_taken(self.base).union(*(item.takes() for item in self.shelf.values())))

    def _overridden(self, parts: dict[str, Part]) -> dict[str, Part]:
        """The parts with this family's values; those of shelf parts that are not taken wait.  Raises UnknownName."""
        shelved = {name for item in self.shelf.values() for name in item.parts}
        for full, value in self.values.items():
            name, _, param = full.rpartition(".")
            if name in parts:
                old = parts[name]
                parts[name] = part(old.module, old.here, **{**old.values, param: value})
            elif name not in shelved:
                known = [f"{n}.{p.name}" for n, held in parts.items() for p in held.module.of(Param)]
                raise UnknownName(f"family {self.name} has no parameter {full!r}", remedy=did_you_mean(full, known))
        return parts

    def _item(self, name: str) -> ShelfItem:
        if name not in self.shelf:
            raise UnknownName(f"family {self.name} has no shelf item {name!r}", remedy=did_you_mean(name, self.shelf))
        return self.shelf[name]

    def _item_taking(self, substance: str, route: str, taken: Iterable[tuple[str, str]]) -> str:
        fits = [name for name, item in self.shelf.items() if (substance, route) in item.takes()]
        if fits:
            return fits[0]
        every = {*taken, *(pair for item in self.shelf.values() for pair in item.takes())}
        routes = sorted(r for s, r in every if s == substance)
        if routes:
            raise UnknownName(f"{substance} cannot be given by {route!r} in family {self.name}", remedy=f"it takes: {', '.join(routes)}")
        names = sorted({s for s, _ in every})
        remedy = did_you_mean(substance, names) or f"it takes: {', '.join(names) or 'no substance'}"
        raise UnknownName(f"family {self.name} takes no {substance!r}", remedy=remedy)


def _one(name: str) -> str:
    """The one key of a substance that goes by several names ("hydrocortisone" is cortisol)."""
    try:
        return substance(name).key
    except UnknownName:
        return name


def _taken(parts: Mapping[str, Part]) -> set[tuple[str, str]]:
    return {(_one(t.substance), t.route) for p in parts.values() for t in p.module.of(Takes)}


def _merge(parts: dict[str, Part], more: Mapping[str, Part], who: str) -> None:
    for name, new in more.items():
        if name in parts:
            raise ModelError(f"{who} brings a part {name!r} that is already present", remedy="name it under `replaces`, or rename it")
        parts[name] = new
