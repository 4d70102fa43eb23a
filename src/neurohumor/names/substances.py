"""Substances: molar mass, usual units, what one international unit is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from neurohumor.errors import UnknownName, did_you_mean
from neurohumor.names.tables import read_toml


@dataclass(frozen=True, slots=True)
class Substance:
    """A substance of the vocabulary.

    formula     as in "C21H30O5", "" where the mass varies
    molar_mass  g/mol, None where it is not known or not one
    unit        usual SI unit of a concentration; us_unit what laboratories in the United States print
    iu          what one international unit is, as in "6.00 nmol", "" where nothing fixed is known; iu_source says whence
    chebi       number in ChEBI, None where it was not looked up
    also        other names under which it is found
    """

    key: str
    name: str
    kind: str
    unit: str
    us_unit: str
    formula: str = ""
    molar_mass: float | None = None
    iu: str = ""
    iu_source: str = ""
    chebi: int | None = None
    also: tuple[str, ...] = ()
    note: str = ""


@cache
def substances() -> Mapping[str, Substance]:
    """Every substance by its key."""
    rows = read_toml("substances.toml")
    return MappingProxyType({key: Substance(key, **{**row, "also": tuple(row.get("also", ()))}) for key, row in rows.items()})


@cache
def _by_any_name() -> Mapping[str, Substance]:
    found = dict(substances())
    for one in substances().values():
        for name in (*one.also, one.name.partition(",")[0].lower()):
            found.setdefault(name, one)
    return found


def find_substance(name: str) -> Substance | None:
    """The substance of that key or other name ("hydrocortisone" is cortisol), if there is one."""
    known = _by_any_name()
    return known.get(name) or known.get(name.strip().lower())


def substance(name: str) -> Substance:
    """The substance of that key or other name; raises UnknownName."""
    found = find_substance(name)
    if found is None:
        remedy = did_you_mean(name.strip().lower(), _by_any_name()) or "names are as in substances.toml"
        raise UnknownName(f"no substance is called {name!r}", remedy=remedy)
    return found
