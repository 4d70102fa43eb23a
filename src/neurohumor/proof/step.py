"""The equations of a paper at their initial state, beside the values that the paper or its file states."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurohumor.build.flatten import flatten
from neurohumor.errors import FileError, UnitMismatch, UnknownName, did_you_mean
from neurohumor.evidence.ledger import READ
from neurohumor.lang.model import Model, Part
from neurohumor.lang.module import Module
from neurohumor.lang.system import System
from neurohumor.units import Unit, unit

FOLDER = Path(__file__).parent / "steps"
_TOP: Mapping[str, Any] = {"module": str, "title": str, "source": str, "at": str, "still": (int, float), "state": list}
_STATE: Mapping[str, Any] = {
    "name": str, "value": (int, float), "unit": str, "within": (int, float), "read": str, "source": str,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stated:
    """What is stated of one state: its value in `unit`, by how much ours may differ, how and where it was read."""

    name: str
    value: float
    unit: Unit
    within: float
    read: str
    source: str


@dataclass(frozen=True, slots=True)
class Reference:
    """What is stated of a paper's module at rest.

    still  the largest derivative, as a share of the largest conversion that moves its state, that passes for rest
    """

    module: str
    title: str
    source: str
    still: float
    states: tuple[Stated, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One state at the start.

    value, rate  in `unit` and in `unit` per time unit of the system; turnover: the largest conversion that moves it, as `rate`
    stated       what is said of it, None where nothing is; share: |rate| / turnover, 0 where nothing moves it
    """

    name: str
    doc: str
    unit: Unit
    rate_unit: Unit
    value: float
    rate: float
    turnover: float
    stated: Stated | None
    still: float

    @property
    def share(self) -> float:
        """How far from rest, as a share of the turnover."""
        return abs(self.rate) / self.turnover if self.turnover else abs(self.rate)

    @property
    def at_rest(self) -> bool:
        """Whether the derivative is as small as rest demands."""
        return self.share <= self.still

    @property
    def as_stated(self) -> bool | None:
        """Whether the initial value is the stated one; None where nothing is stated."""
        if self.stated is None:
            return None
        off = abs(self.value * self.unit.factor - self.stated.value * self.stated.unit.factor)
        return off <= self.stated.within * self.stated.unit.factor * (1 + 1e-9)

    @property
    def well(self) -> bool:
        """Whether nothing speaks against it."""
        return self.at_rest and self.as_stated is not False


def papers() -> tuple[str, ...]:
    """The papers that have reference values."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def read_reference(paper: str) -> Reference:
    """The reference values of a paper.  Raises UnknownName where there are none."""
    if paper not in papers():
        remedy = did_you_mean(paper, papers()) or f"there are: {', '.join(papers())}"
        raise UnknownName(f"no reference values are called {paper!r}", remedy=remedy)
    path = FOLDER / f"{paper}.toml"
    return reference_from(path.read_text(encoding="utf-8"), path.name)


def reference_from(text: str, where: str = "step.toml") -> Reference:
    """The reference values in a text.  Raises FileError for what is not TOML, an unknown or missing key, or a value of the wrong kind."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileError(f"not TOML: {error}", where=where) from error
    _due(tree, _TOP, where)
    if tree["at"] != "rest":
        raise FileError(f"at = {tree['at']!r}", where=where, remedy='only at = "rest" is understood')
    states = []
    for number, table in enumerate(tree["state"], start=1):
        here = f"{where}: state {number}"
        if not isinstance(table, dict):
            raise FileError("a state is a table", where=here, remedy="write [[state]] and its keys below")
        _due(table, _STATE, here)
        if table["read"] not in READ:
            raise FileError(f"read = {table['read']!r}", where=here, remedy=did_you_mean(table["read"], READ) or ", ".join(READ))
        try:
            due = unit(table["unit"])
        except UnitMismatch as error:
            raise FileError(error.what, where=here, remedy=error.remedy) from error
        states.append(Stated(table["name"], float(table["value"]), due, float(table["within"]), table["read"], table["source"]))
    return Reference(tree["module"], tree["title"], tree["source"], float(tree["still"]), tuple(states))


def _due(table: Mapping[str, Any], keys: Mapping[str, Any], where: str) -> None:
    for key in table:
        if key not in keys:
            raise FileError(f"unknown key {key!r}", where=where, remedy=did_you_mean(key, keys) or ", ".join(keys))
    for key, kind in keys.items():
        if key not in table:
            raise FileError(f"{key} is missing", where=where, remedy=f"the keys are {', '.join(keys)}")
        if not isinstance(table[key], kind) or isinstance(table[key], bool):
            raise FileError(f"{key} = {table[key]!r} is of the wrong kind", where=where, remedy="numbers bare, texts in quotes")


def first_step(module: type[Module], reference: Reference, here: str = "", **values: float) -> tuple[Step, ...]:
    """Every state of a module, alone and with its inputs at their nominals, with its derivative at the initial state.

    values  parameters changed.  Raises UnknownName for a state that is stated but not there, or whose unit is of another kind.
    """
    system = flatten(Model(module.__name__, {module.__name__: Part(module, here, values)}))
    stated = {one.name: one for one in reference.states}
    known = {row.name: row for row in system.states}
    for one in reference.states:
        if one.name not in known:
            raise UnknownName(f"{module.__name__} has no state {one.name!r}", remedy=did_you_mean(one.name, known))
        if not one.unit.same_kind(known[one.name].unit):
            raise UnitMismatch(f"{one.name} is in {known[one.name].unit}, but stated in {one.unit}", where=f"{module.__name__}.{one.name}")
    return _steps(system, stated, reference.still)


def _steps(system: System, stated: Mapping[str, Stated], still: float) -> tuple[Step, ...]:
    import numpy as np

    from neurohumor.engine.numbers import Worth

    worth = Worth(system, {}, np.array([row.nominal for row in system.inputs]))
    turnover = [0.0] * len(system.states)
    for flux in system.fluxes:
        rate = worth.of(system.derived[flux.value].expr)
        for index, share in flux.moved:
            turnover[index] = max(turnover[index], abs(rate * share))
    found = []
    for index, row in enumerate(system.states):
        factor, size = row.unit.factor, worth.of(row.volume) if row.volume is not None else 1.0
        per_time = row.unit / system.time_unit
        found.append(
            Step(
                name=row.name,
                doc=row.doc,
                unit=row.unit,
                rate_unit=per_time,
                value=worth.of(row.initial) / factor,
                rate=worth.of(system.rates[index]) / per_time.factor,
                turnover=turnover[index] / size / per_time.factor,
                stated=stated.get(row.name),
                still=still,
            )
        )
    return tuple(found)
