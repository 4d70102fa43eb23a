"""Quantities: the names by which parts, people and protocols meet, each with its unit, nominal value and owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, cast

from neurohumor.errors import UnknownName, did_you_mean
from neurohumor.names.places import places
from neurohumor.names.substances import substance, substances
from neurohumor.names.tables import path_of

Kind = Literal["wired", "driven", "given"]
Gather = Literal["", "sum", "product", "mass"]


@dataclass(frozen=True, slots=True)
class QuantityKind:
    """What a name of the vocabulary stands for.

    unit     unit of its numbers in the contract; a module may declare another unit of the same kind
    nominal  value at rest, None where there is none
    kind     wired (told by a module), driven (by the protocol), given (by the person)
    owner    which part tells it
    gather   how several givers are joined: sum, product, mass (mass-weighted mean over regions); "" for one giver
    pattern  the row it comes from, as in "<place>.d2"; "" where the name itself has a row
    """

    name: str
    unit: str
    nominal: float | None
    kind: Kind
    owner: str
    gather: Gather = ""
    note: str = ""
    pattern: str = ""


@cache
def _rows() -> Mapping[str, QuantityKind]:
    """Every row of the table by its name, patterns too."""
    import csv

    with open(path_of("quantities.csv"), newline="", encoding="utf-8") as stream:
        return {row["name"]: _row(row) for row in csv.DictReader(stream)}


def _row(row: Mapping[str, str]) -> QuantityKind:
    nominal = float(row["nominal"]) if row["nominal"] else None
    return QuantityKind(row["name"], row["unit"], nominal, cast(Kind, row["kind"]), row["owner"], cast(Gather, row["gather"]), row["note"])


@cache
def find(name: str) -> QuantityKind | None:
    """What the name stands for, or None where there is no such name."""
    rows = _rows()
    return rows[name] if name in rows else next(_candidates(name), None)


def lookup(name: str) -> QuantityKind:
    """What the name stands for: "striatum.dopamine", "pfc.d2", "raphe.gain.tph2", "clamp.blood.glucose.rate".

    "*.tyrosine_use" is that quantity at every place. Raises UnknownName with the closest names, which takes long to find.
    """
    found = find(name)
    if found is None:
        raise UnknownName(f"no quantity is called {_short(name)!r}", remedy=_remedy(name))
    return found


def _candidates(name: str) -> Iterator[QuantityKind]:
    """The patterns that the name fits."""
    rows = _rows()
    where, _, what = name.partition(".")
    if where == "clamp" and what.endswith(".rate") and what.count(".") >= 2:
        held = find(what.removesuffix(".rate"))
        if held is not None:
            yield _clamp_rate(name, held)
    if name.endswith(".load_agonist") and name.removesuffix("_agonist") in rows:
        plain = rows[name.removesuffix("_agonist")]
        yield replace(plain, name=name, pattern=plain.name)
    for pattern in _patterns(where):
        if f"{pattern}.{what}" in rows:
            yield replace(rows[f"{pattern}.{what}"], name=name, pattern=f"{pattern}.{what}")
    if f"{where}.<drug>" in rows and what in substances() and substance(what).kind == "drug":
        yield replace(rows[f"{where}.<drug>"], name=name, unit=substance(what).unit, pattern=f"{where}.<drug>")


def _patterns(where: str) -> tuple[str, ...]:
    if where == "*":
        return "<place>", "<region>"
    kind = places()[where].kind if where in places() else "outside"
    return {"outside": (), "body": ("<place>",), "nucleus": ("<place>",)}.get(kind, ("<region>", "<place>"))


def _clamp_rate(name: str, held: QuantityKind) -> QuantityKind:
    """The servo flux of a clamp: for a concentration an amount per hour, for anything else its own unit per hour."""
    unit = f"{held.unit.removesuffix('/L')}/h"
    return replace(_rows()["clamp.<quantity>.rate"], name=name, unit=unit, pattern="clamp.<quantity>.rate")


def _remedy(name: str) -> str:
    where, _, what = name.partition(".")
    if close := did_you_mean(name, all_names()):
        return close
    here = [known for known in all_names() if known.startswith(f"{where}.")]
    if where and here:
        return f"at {where} there are {', '.join(here[:6])}{' ...' if len(here) > 6 else ''}"
    if what and where not in places() and where != "*":
        return f"{_short(where)!r} is no place; places are {', '.join(places())}"
    return "names are place.substance, as in blood.cortisol; all of them stand in names/quantities.csv"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


@cache
def all_names() -> tuple[str, ...]:
    """Every name, patterns written out at every place of the brain; `lookup` knows more: clamps, agonist loads, drugs, other places."""
    names: dict[str, None] = {}
    for name in _rows():
        head, _, what = name.partition(".")
        if head in ("<place>", "<region>"):
            names.update(dict.fromkeys(f"{key}.{what}" for key, at in places().items() if at.kind != "body" and head in _patterns(key)))
        elif "<" not in name:
            names[name] = None
    return tuple(names)
