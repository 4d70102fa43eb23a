"""Named cells that stand in one another's expressions, until all are known and become the rows of a system."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from neurohumor.build.graph import ordered
from neurohumor.errors import FileError
from neurohumor.lang.derive import derivative
from neurohumor.lang.expr import Const, Expr, substitute, symbols
from neurohumor.lang.simplify import evaluate
from neurohumor.lang.system import Assignment, DoseRow, EventRow, FluxRow, InputRow, Interner, Leaf, ParamRow, StateRow, System
from neurohumor.units import ONE, Unit

Kind = Literal["param", "state", "unknown", "derived"]
PART = "model"
"""The part to which everything in an imported model belongs."""
Form = Literal["concentration", "amount", "level", "unknown"]


@dataclass(slots=True)
class Cell:
    """One value of a model.

    expr  what it is at the start (param, state), or always (derived); of an unknown: a first guess
    rate  of a state: its rate of change; of an unknown: what must be zero
    shown the quantity under which it is found, or empty
    """

    name: str
    kind: Kind
    expr: Expr
    rate: Expr = field(default_factory=lambda: Const(0.0))
    form: Form = "level"
    volume: Expr | None = None
    unit: Unit = ONE
    doc: str = ""
    shown: str = ""


class Draft:
    """The cells of a model by name, each with the leaf that stands for it until rows are numbered."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.time = Leaf("time", 0, "time")
        self.cells: dict[str, Cell] = {}
        self.fluxes: list[tuple[str, tuple[tuple[str, float], ...], bool]] = []
        self.events: list[EventRow] = []
        self.inputs: list[InputRow] = []
        self.doses: list[tuple[str, str, str, str]] = []
        self._leaves: dict[str, Leaf] = {}

    def leaf(self, name: str) -> Leaf:
        """What stands for a cell, which may be added later."""
        if name not in self._leaves:
            self._leaves[name] = Leaf("derived", -1 - len(self._leaves), name)
        return self._leaves[name]

    def add(self, cell: Cell) -> Leaf:
        """Take a cell; its name must be new."""
        assert cell.name not in self.cells, cell.name
        self.cells[cell.name] = cell
        return self.leaf(cell.name)

    def add_input(self, row: InputRow) -> Leaf:
        """Take an input."""
        self.inputs.append(row)
        return self.leaf(row.quantity)

    def rate_of(self, leaf: Expr) -> Expr:
        """What stands for the rate of change of a cell that is added sooner or later."""
        assert isinstance(leaf, Leaf)
        return self.leaf(f"{leaf.name}.rate")

    def add_rates(self) -> None:
        """Add the rates of change that are read, and those which they read in turn.  Raises FileError for one that cannot be told."""
        asked = [name for name in self._leaves if name not in self.cells and name.endswith(".rate")]
        while asked:
            name = asked.pop()
            if name in self.cells:
                continue
            of = name.removesuffix(".rate")
            expr = self._total_rate(self.cells[of])
            self.add(Cell(name, "derived", expr, doc=f"rate of change of {of}"))
            asked += [s.name for s in symbols(expr) if s.name.endswith(".rate") and s.name not in self.cells]

    def _total_rate(self, cell: Cell) -> Expr:
        if cell.kind == "param":
            return Const(0.0)
        if cell.kind == "state":
            return cell.rate
        if cell.kind == "unknown":
            raise FileError(f"rateOf {cell.name}, which an algebraic rule fixes", remedy="write its rate out")
        total: Expr = derivative(cell.expr, self.time)
        for symbol in symbols(cell.expr):
            if not isinstance(symbol, Leaf) or symbol is self.time:
                continue
            if symbol.name in self.cells and self.cells[symbol.name].kind == "param":
                continue  # it jumps, or stays
            total = total + derivative(cell.expr, symbol) * self.rate_of(symbol)
        return total

    def refuse_unset(self, where: str) -> None:
        """Refuse a model whose course hangs on a value that nothing sets.  Raises FileError naming it."""
        set_later = {target.name for event in self.events for target, _ in event.sets}
        roots = [cell.rate for cell in self.cells.values() if cell.kind in ("state", "unknown")]
        roots += [event.trigger for event in self.events]
        needed = {cell.name for cell in self.cells.values() if cell.kind == "state"}
        level = [s.name for s in symbols(*roots)]
        while level:
            fresh = [name for name in dict.fromkeys(level) if name in self.cells and name not in needed]
            needed.update(fresh)
            level = [s.name for name in fresh for s in symbols(self.cells[name].expr)]
        for name in sorted(needed - set_later):
            cell = self.cells[name]
            if cell.kind != "derived" and isinstance(cell.expr, Const) and math.isnan(cell.expr.value):
                raise FileError(f"{name.removesuffix('.amount')} has no value, and nothing sets it", where=where, remedy="give it one")

    def circles(self) -> list[list[str]]:
        """Derived cells that read one another in a circle."""
        return [list(circle) for circle in self._ordered()[1]]

    def _ordered(self) -> tuple[list[str], list[list[str]]]:
        derived = [name for name, cell in self.cells.items() if cell.kind == "derived"]
        among = set(derived)
        reads = {name: [s.name for s in symbols(self.cells[name].expr) if s.name in among] for name in derived}
        order, circles = ordered(derived, reads.__getitem__)
        return list(order), [list(c) for c in circles]

    def system(self, time_unit: Unit) -> System:
        """The flat system of raw numbers; scales are still 1.  Raises FileError for circles of definitions."""
        order, circles = self._ordered()
        if circles:
            raise FileError(
                f"these define one another in a circle: {' -> '.join(map(str, circles[0]))}", where=self.name, remedy="break the circle"
            )
        groups = {
            "input": [row.quantity for row in self.inputs],
            "state": [n for n, c in self.cells.items() if c.kind in ("state", "unknown")],
            "param": [n for n, c in self.cells.items() if c.kind == "param"],
            "derived": order,
        }
        place = {name: (kind, k) for kind, names in groups.items() for k, name in enumerate(names)}
        rows = _Rows(self, place)
        cells = self.cells
        system = System(
            name=self.name,
            states=tuple(_state_row(cells[n], rows) for n in groups["state"]),
            params=tuple(_param_row(cells[n], rows) for n in groups["param"]),
            inputs=tuple(self.inputs),
            derived=tuple(_assignment(cells[n], rows) for n in order),
            rates=tuple(rows.of(cells[n].rate) for n in groups["state"]),
            differential=tuple(cells[n].kind == "state" for n in groups["state"]),
            fluxes=tuple(
                FluxRow(PART, name, place[name][1], tuple((place[s][1], by) for s, by in moved), b) for name, moved, b in self.fluxes
            ),
            events=tuple(rows.event(e) for e in self.events),
            doses=tuple(DoseRow(of, route, place[state][1], place[rate][1]) for of, route, state, rate in self.doses),
            quantities={cell.shown: rows.leaf(name) for name, cell in cells.items() if cell.shown},
            time_unit=time_unit,
            raw=True,
        )
        return replace(system, states=_scaled(system))


class _Rows:
    """From leaves that stand for cells to leaves of rows."""

    def __init__(self, draft: Draft, place: dict[str, tuple[str, int]]) -> None:
        self.draft, self.place, self.intern = draft, place, Interner()

    def leaf(self, name: str) -> Leaf:
        kind, index = self.place[name]
        return self.intern.leaf(kind, index, name if kind == "input" else f"{PART}.{name}")  # type: ignore[arg-type]

    def of(self, expr: Expr) -> Expr:
        return self.intern.take(substitute([expr], lambda s: s if s is self.draft.time else self.leaf(s.name))[0])

    def event(self, event: EventRow) -> EventRow:
        sets: list[tuple[Leaf, Expr]] = []
        for target, value in event.sets:
            sets.append((self.leaf(target.name), self.of(value)))
        delay, priority = (None if e is None else self.of(e) for e in (event.delay, event.priority))
        return replace(event, trigger=self.of(event.trigger), sets=tuple(sets), delay=delay, priority=priority)


def _state_row(cell: Cell, rows: _Rows) -> StateRow:
    volume = None if cell.volume is None else rows.of(cell.volume)
    return StateRow(PART, cell.name, cell.unit, cell.doc, rows.of(cell.expr), 1.0, cell.form, volume, nonnegative=False)


def _param_row(cell: Cell, rows: _Rows) -> ParamRow:
    return ParamRow(PART, cell.name, cell.unit, cell.doc, rows.of(cell.expr))


def _assignment(cell: Cell, rows: _Rows) -> Assignment:
    return Assignment(PART, cell.name, cell.unit, cell.doc, rows.of(cell.expr))


def _scaled(system: System) -> tuple[StateRow, ...]:
    """The states with their typical sizes: as they are at the start; of one that starts at 0, the middle of those of its form."""
    sizes = [abs(v) for v in starting(system, [row.initial for row in system.states])]
    typical: dict[str, float] = {}
    for form in {row.form for row in system.states}:
        logs = [math.log(v) for v, row in zip(sizes, system.states, strict=True) if row.form == form and 0 < v < math.inf]
        typical[form] = math.exp(sum(logs) / len(logs)) if logs else 1.0
    return tuple(
        replace(row, scale=size if 0 < size < math.inf else typical[row.form]) for row, size in zip(system.states, sizes, strict=True)
    )


def starting(system: System, exprs: Iterable[Expr]) -> list[float]:
    """Expressions at time 0 before anything happens; unknowns as first guessed.  NaN where initial values read one another in a circle."""
    known: dict[tuple[str, int], float] = {("time", 0): 0.0}

    def reads(key: tuple[str, int]) -> list[tuple[str, int]]:
        return [] if key[0] == "time" else [(s.kind, s.index) for s in symbols(source(key)) if isinstance(s, Leaf)]

    def source(key: tuple[str, int]) -> Expr:
        kind, index = key
        if kind == "derived":
            return system.derived[index].expr
        return (system.states if kind == "state" else system.params)[index].initial

    def value(symbol: object) -> float:
        assert isinstance(symbol, Leaf)
        return known.get((symbol.kind, symbol.index), math.nan)

    exprs = list(exprs)
    first = {(s.kind, s.index) for s in symbols(*exprs) if isinstance(s, Leaf)}
    order, circles = ordered(sorted(first), reads)
    circling = {key for circle in circles for key in circle}
    for key in order:
        if key[0] != "time" and key not in circling:
            known[key] = evaluate([source(key)], value)[0]
    return evaluate(exprs, value)
