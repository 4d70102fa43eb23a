"""The names of a system's rows: what each column of a result is called, and in which unit it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from neurohumor.engine.numbers import hours, substance_in
from neurohumor.errors import FileError, UnitMismatch, UnknownName, did_you_mean
from neurohumor.lang.system import System
from neurohumor.units import ONE, Unit, unit

Kind = Literal["state", "param", "input", "derived", "told"]
"""What a column is of; "told": a value that was kept beside the states, or instead of them."""


@dataclass(frozen=True, slots=True)
class Column:
    """One row of a system as a result shows it: its values are internal numbers, `unit` is how they are shown."""

    name: str
    kind: Kind
    index: int
    unit: Unit
    doc: str = ""

    @property
    def substance(self) -> str:
        """The substance that its name speaks of, or an empty string."""
        return substance_in(self.name)


@dataclass(frozen=True, slots=True)
class Table:
    """Every column of one system by name, quantities ("blood.cortisol") and full names ("hpa.k_crh") alike.

    quantities  the names of the vocabulary among them; hours: how long one unit of the system's time is
    """

    name: str
    fingerprint: str
    columns: Mapping[str, Column]
    quantities: tuple[str, ...]
    hours: float = 1.0

    def column(self, name: str) -> Column:
        """A column.  Raises UnknownName with the closest names."""
        if name not in self.columns:
            raise UnknownName(f"{self.name} has no {name!r}", remedy=did_you_mean(name, self.columns) or "run.names lists what it has")
        return self.columns[name]

    def of_kind(self, kind: Kind) -> list[Column]:
        """The columns of a kind by their place, each under its full name."""
        found: dict[int, Column] = {}
        for column in self.columns.values():
            if column.kind == kind and (column.index not in found or found[column.index].name in self.quantities):
                found[column.index] = column
        return [found[i] for i in sorted(found)]


def table_of(system: System) -> Table:
    """The table of a system."""
    shown = (lambda row: ONE) if system.raw else (lambda row: row.unit)
    columns: dict[str, Column] = {}
    rows: tuple[tuple[Kind, tuple[Any, ...]], ...] = (
        ("derived", system.derived),
        ("param", system.params),
        ("input", system.inputs),
        ("state", system.states),
    )
    for kind, group in rows:
        for i, row in enumerate(group):
            columns[row.full] = Column(row.full, kind, i, shown(row), row.doc)
    names: dict[str, tuple[Any, ...]] = dict(rows)
    for quantity, leaf in system.quantities.items():
        if leaf.kind != "time":
            row = names[leaf.kind][leaf.index]
            other = columns.get(quantity)
            if other is not None and (other.kind, other.index) != (leaf.kind, leaf.index):  # a part named like a place
                columns[f"{quantity} ({other.kind})"] = replace(other, name=f"{quantity} ({other.kind})")
            columns[quantity] = Column(quantity, leaf.kind, leaf.index, shown(row), row.doc)
    told = dict.fromkeys([*system.quantities, *(row.quantity for row in system.inputs)])
    return Table(system.name, system.fingerprint, columns, tuple(q for q in told if q in columns), hours(system))


def keeping(table: Table, names: Iterable[str]) -> Table:
    """The table of what is left when only these columns are kept, in this order."""
    kept = [table.column(name) for name in dict.fromkeys(names)]
    columns = {c.name: Column(c.name, "told", i, c.unit, c.doc) for i, c in enumerate(kept)}
    return Table(table.name, table.fingerprint, columns, tuple(q for q in table.quantities if q in columns), table.hours)


def to_record(table: Table) -> dict[str, Any]:
    """A table as plain data, for a file."""
    return {
        "name": table.name,
        "fingerprint": table.fingerprint,
        "hours": table.hours,
        "quantities": list(table.quantities),
        "columns": [[c.name, c.kind, c.index, str(c.unit), c.unit.factor, list(c.unit.dims), c.doc] for c in table.columns.values()],
    }


def from_record(record: Mapping[str, Any]) -> Table:
    """A table from plain data.  Raises FileError where it is no such record."""
    try:
        columns = {
            name: Column(name, kind, int(index), _unit(text, float(factor), dims), doc)
            for name, kind, index, text, factor, dims, doc in record["columns"]
        }
        return Table(record["name"], record["fingerprint"], columns, tuple(record["quantities"]), float(record["hours"]))
    except (KeyError, TypeError, ValueError) as fault:
        raise FileError(f"the list of names cannot be read ({fault})", remedy="make the file again") from fault


def _unit(text: str, factor: float, dims: list[float]) -> Unit:
    try:
        read = unit(text)
    except UnitMismatch:
        return Unit(tuple(dims), factor, text)
    return read if read.same_size(Unit(tuple(dims), factor)) else Unit(tuple(dims), factor, text)
