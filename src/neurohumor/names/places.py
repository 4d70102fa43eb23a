"""Places: where a quantity is; the first word of its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from neurohumor.errors import UnknownName, did_you_mean
from neurohumor.names.tables import read_toml

PlaceKind = Literal["outside", "body", "brain", "region", "nucleus"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place: `kind` is outside (world, person), body, brain (the whole), region or nucleus."""

    key: str
    name: str
    kind: PlaceKind


@cache
def places() -> Mapping[str, Place]:
    """Every place by its key."""
    return MappingProxyType({key: Place(key, **row) for key, row in read_toml("places.toml").items()})


def place(key: str) -> Place:
    """The place of that key; raises UnknownName."""
    known = places()
    if key not in known:
        raise UnknownName(f"no place is called {key!r}", remedy=did_you_mean(key, known) or f"places are {', '.join(known)}")
    return known[key]
