"""A system while it is being written: rows are reserved first, so that any expression can refer to any of them, then filled."""

from __future__ import annotations

import math
from typing import Literal

from neurohumor.build.graph import Graph
from neurohumor.build.matter import is_amount
from neurohumor.build.wire import Wiring
from neurohumor.errors import ModelError
from neurohumor.lang.decl import Compartment, Species
from neurohumor.lang.declared import Declared
from neurohumor.lang.expr import Const, Expr, Symbol, order
from neurohumor.lang.rates import where
from neurohumor.lang.system import (
    Assignment,
    DoseRow,
    EventRow,
    FluxRow,
    InputRow,
    Interner,
    Leaf,
    LeafKind,
    ParamRow,
    StateRow,
)
from neurohumor.units import Unit

InputKind = Literal["driven", "given", "held"]


class Draft:
    """Rows and expressions of a system to come; `scope` says what each declaration of each part means in it."""

    def __init__(self, wiring: Wiring) -> None:
        self.wiring, self.graph, self.nodes = wiring, Graph(wiring), Interner()
        self.scope: dict[tuple[str, Declared], Expr] = {}
        self.states: dict[int, StateRow] = {}
        self.params: dict[int, ParamRow] = {}
        self.inputs: dict[int, InputRow] = {}
        self.cells: dict[int, Assignment] = {}
        self.direct: dict[int, list[tuple[float, Expr]]] = {}
        self.amounts: dict[int, list[tuple[float, Expr]]] = {}
        self.rates: dict[int, Expr] = {}
        self.algebraic: set[int] = set()
        self.fluxes: list[FluxRow] = []
        self.events: list[EventRow] = []
        self.doses: list[DoseRow] = []
        self.quantities: dict[str, Leaf] = {}
        self.leaves: dict[LeafKind, list[Leaf]] = {"state": [], "param": [], "input": [], "derived": []}
        self.identity: dict[tuple[LeafKind, int], tuple[str, str]] = {}
        self.scales: dict[int, tuple[float | None, Expr | None]] = {}
        self._rows: dict[str, Leaf] = {}
        self._memo: dict[str, dict[int, tuple[Expr, Expr]]] = {}

    def reserve(self, kind: LeafKind, part: str, name: str) -> Leaf:
        """A new row of this kind; its leaf.  Raises ModelError if the full name is taken."""
        full = f"{part}.{name}" if part else name
        if full in self._rows:
            raise ModelError(
                f"two rows of model {self.wiring.model.name} would be called {full}: a {self._rows[full].kind} and a {kind}",
                where=full,
                remedy="rename the declaration; names ending in _amount, _on, _ref, _hill, _lag and _clamp_rate are made by the build",
            )
        leaf = self._rows[full] = self.nodes.leaf(kind, len(self.leaves[kind]), full)
        self.leaves[kind].append(leaf)
        self.identity[kind, leaf.index] = part, name
        return leaf

    def free(self, full: str) -> bool:
        """Whether no row has this full name yet."""
        return full not in self._rows

    def row(self, part: str, name: str) -> Leaf:
        """The row of this name."""
        return self._rows[f"{part}.{name}"]

    def hears(self, quantity: str, unit: Unit, doc: str, *, kind: InputKind = "driven", nominal: float = 0.0) -> Leaf:
        """The input row of a quantity that no part tells, made where it is not there yet."""
        if quantity in self.quantities and self.quantities[quantity].kind == "input":
            return self.quantities[quantity]
        leaf = self.quantities[quantity] = self.reserve("input", "", quantity)
        self.inputs[leaf.index] = InputRow(quantity, unit, doc, nominal, kind)
        return leaf

    def const(self, value: float) -> Const:
        """A number (internal)."""
        return self.nodes.const(value)

    def take(self, expr: Expr) -> Expr:
        """An expression over leaves and internal numbers, with shared nodes."""
        return self.nodes.take(expr)

    def translate(self, part: str, expr: Expr) -> Expr:
        """An expression of a part's declarations as one over rows, with internal numbers."""
        memo = self._memo.setdefault(part, {})
        for node in order([expr]):
            if id(node) not in memo:
                memo[id(node)] = (node, self._node(part, node, memo))  # the node is kept alive: it is known by identity
        return memo[id(expr)][1]

    def _node(self, part: str, node: Expr, memo: dict[int, tuple[Expr, Expr]]) -> Expr:
        if isinstance(node, Const):
            return self.nodes.const(node.value * node.unit.factor)
        if isinstance(node, Declared):
            return self.scope[part, node]
        if isinstance(node, Leaf) and node.kind == "time":
            return self.nodes.leaf("time", 0, "time")
        if isinstance(node, Symbol):
            raise ModelError(f"{node!r} is no declaration of part {part}", where=part)
        return self.nodes.call(node.op, *(memo[id(a)][1] for a in node.args))  # type: ignore[attr-defined]

    def size(self, part: str, compartment: Compartment) -> Expr:
        """The size of a compartment (internal)."""
        return self.scope[part, compartment]

    def varies(self, part: str, compartment: Compartment) -> bool:
        """Whether the size of a compartment changes in time."""
        return self.graph.varying((part, compartment))

    def holds_amount(self, part: str, species: Species) -> bool:
        """Whether the state of a species is its amount."""
        return is_amount(species) or self.varies(part, species.compartment)

    def switched(self, quantity: str, expr: Expr, *, gathered: bool = False) -> Expr:
        """What is told of a quantity: the expression, or the value of its clamp while that is on."""
        for clamp in self.wiring.clamps:
            if clamp.quantity == quantity and clamp.how == "switch" and (clamp.giver is None) == gathered:
                on, value = self.quantities[clamp.on], self.quantities[clamp.value]
                expr = where(on > 0.5, value, expr)
        return self.take(expr)

    def assign(self, leaf: Leaf, unit: Unit, doc: str, expr: Expr) -> None:
        """Fill the derived row of this leaf with an expression over rows."""
        self.cells[leaf.index] = Assignment(*self.identity["derived", leaf.index], unit, doc, expr)

    def part_param(self, leaf: Leaf, unit: Unit, doc: str, initial: Expr) -> None:
        """Fill a parameter that the build makes by itself."""
        self.params[leaf.index] = ParamRow(
            *self.identity["param", leaf.index], unit, doc, initial, basis="assumed", bounds=(0.0, math.inf), estimate=False
        )
