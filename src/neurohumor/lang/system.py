"""The flat form that every engine and every format shares: immutable, ordered equations in one coherent system of units.

Expressions here have only `Const` (unit ignored: all numbers are internal) and `Leaf` at their ends.  Equal subexpressions
are one object (`Interner`), so a walk over nodes is a walk over distinct values.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from neurohumor.lang.expr import ARITY, Call, Const, Expr, Symbol, fold, order
from neurohumor.lang.simplify import simpler
from neurohumor.units import ONE, Unit

LeafKind = Literal["time", "state", "param", "input", "derived"]


class Leaf(Symbol):
    """A reference into a `System`: the time, or row `index` of its states, params, inputs or derived.

    `name` is the full human name, for printing.
    """

    __slots__ = ("index", "kind")
    kind: LeafKind

    def __init__(self, kind: LeafKind, index: int, name: str) -> None:
        super().__init__(name)
        self.kind, self.index = kind, index


class Interner:
    """Makes equal nodes one object (hash-consing), and folds what is constant."""

    def __init__(self) -> None:
        self._consts: dict[tuple[float, bool], Const] = {}
        self._leaves: dict[tuple[str, int], Leaf] = {}
        self._calls: dict[tuple[object, ...], tuple[Expr, tuple[Expr, ...]]] = {}

    @classmethod
    def over(cls, roots: Iterable[Expr]) -> Interner:
        """An interner that knows every node below `roots`, so that new nodes share with them."""
        known = cls()
        for node in order(roots):
            if isinstance(node, Call):
                known._calls[(node.op, *map(id, node.args))] = (node, node.args)
            elif isinstance(node, Leaf):
                known._leaves.setdefault((node.kind, node.index), node)
            elif isinstance(node, Const):
                known._consts.setdefault(_key(node.value), node)
        return known

    def const(self, value: float) -> Const:
        """The one node of this number; -0.0 and 0.0 are different nodes."""
        key = _key(value)
        node = self._consts.get(key)
        if node is None:
            node = self._consts[key] = Const(value)
        return node

    def leaf(self, kind: LeafKind, index: int, name: str) -> Leaf:
        """The one node of this row."""
        node = self._leaves.get((kind, index))
        if node is None:
            node = self._leaves[(kind, index)] = Leaf(kind, index, name)
        return node

    def call(self, op: str, *args: Expr) -> Expr:
        """The one node of this operation on these nodes (interned already), or what it simplifies to (`lang.simplify`)."""
        assert len(args) == ARITY[op], op
        key = (op, *map(id, args))
        known = self._calls.get(key)
        if known is None:
            found = simpler(op, args)
            node = Call(op, *args) if found is None else found if isinstance(found, Expr) else self.const(found)
            known = self._calls[key] = (node, args)  # the arguments are kept alive, since they are known by identity
        return known[0]

    def take(self, expr: Expr) -> Expr:
        """The one node equal to an expression over leaves and internal numbers."""

        def leaf(node: Expr) -> Expr:
            if isinstance(node, Const):
                return self.const(node.value)
            return self.leaf(node.kind, node.index, node.name) if isinstance(node, Leaf) else node

        return fold([expr], leaf, lambda node, args: self.call(node.op, *args))[0]


def _key(value: float) -> tuple[float, bool]:
    return value, math.copysign(1.0, value) < 0


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state.

    initial      over params, inputs, other states' initial values and derived; evaluated once, after overrides
    scale        typical size (internal units), for the absolute tolerance
    form         concentration | amount | level (no matter) | unknown (algebraic)
    volume       size of its compartment, for turning doses into concentrations; None where `form` is not concentration
    nonnegative  kept at or above zero by rejecting steps
    """

    part: str
    name: str
    unit: Unit
    doc: str
    initial: Expr
    scale: float
    form: Literal["concentration", "amount", "level", "unknown"] = "concentration"
    volume: Expr | None = None
    nonnegative: bool = True
    timescale: str = "fast"
    content: Mapping[str, float] = field(default_factory=dict)

    @property
    def full(self) -> str:
        """part.name"""
        return f"{self.part}.{self.name}"


@dataclass(frozen=True, slots=True)
class ParamRow:
    """A parameter.  `initial` is a constant, or an expression over other params (and, in imported models, states and time)
    that is evaluated once at the start, after overrides; a schedule or an event may change the value later.
    `module` is the class that declares it (for the ledger), "" in imported models."""

    part: str
    name: str
    unit: Unit
    doc: str
    initial: Expr
    cite: str = ""
    basis: str = "assumed"
    origin: str = ""
    gsd: float = 1.0
    cv: float = 0.0
    bounds: tuple[float, float] = (float("-inf"), float("inf"))
    estimate: bool = True
    module: str = ""

    @property
    def full(self) -> str:
        """part.name"""
        return f"{self.part}.{self.name}"


@dataclass(frozen=True, slots=True)
class InputRow:
    """A signal u(t), piecewise constant or linear: driven by the protocol, given by the person, or held.

    quantity  its name in the vocabulary ("world.light"); infusions are "dose.<substance>.<route>", clamps
              "clamp.<quantity>.on" and "clamp.<quantity>.value"
    nominal   its value where nothing else says (internal units)
    """

    quantity: str
    unit: Unit
    doc: str
    nominal: float
    kind: Literal["driven", "given", "held"]

    @property
    def full(self) -> str:
        """The quantity."""
        return self.quantity


@dataclass(frozen=True, slots=True)
class Assignment:
    """A derived value: a named expression, each after what it reads."""

    part: str
    name: str
    unit: Unit
    doc: str
    expr: Expr

    @property
    def full(self) -> str:
        """part.name"""
        return f"{self.part}.{self.name}"


@dataclass(frozen=True, slots=True)
class FluxRow:
    """A conversion, for decomposition, conservation and SBML: `value` is the derived row that holds its rate as amount per time.

    moved  (state, signed amount of it per unit of rate); border: one of its sides is outside the model
    """

    part: str
    name: str
    value: int
    moved: tuple[tuple[int, float], ...]
    border: bool

    @property
    def full(self) -> str:
        """part.name"""
        return f"{self.part}.{self.name}"


@dataclass(frozen=True, slots=True)
class EventRow:
    """A jump when `trigger` turns true; see `lang.decl.Event` for the meaning of the flags."""

    part: str
    name: str
    trigger: Expr
    sets: tuple[tuple[Leaf, Expr], ...]
    delay: Expr | None = None
    priority: Expr | None = None
    persistent: bool = True
    initially: bool = True
    at_trigger: bool = True

    @property
    def full(self) -> str:
        """part.name"""
        return f"{self.part}.{self.name}"


@dataclass(frozen=True, slots=True)
class DoseRow:
    """Where a substance given by a route arrives: the state that a bolus adds to, and the input that an infusion sets."""

    substance: str
    route: str
    state: int
    infusion: int


@dataclass(frozen=True, slots=True)
class System:
    """Flat equations: d state/dt = rate for differential rows, 0 = rate for algebraic ones.

    states, params, inputs  the vectors y, p, u
    derived                 d, in an order in which each is after what it reads
    rates                   one per state
    differential            per state: True a rate, False an algebraic row (zero mass)
    fluxes                  what moves matter; their effect is already in `rates`
    events, doses           see their rows
    quantities              vocabulary name -> leaf that holds it
    time_unit               of `t` (internal: h); raw: True where numbers carry no declared units (some imported models)
    noise                   empty; the place of stochastic terms
    """

    name: str
    states: tuple[StateRow, ...]
    params: tuple[ParamRow, ...]
    inputs: tuple[InputRow, ...]
    derived: tuple[Assignment, ...]
    rates: tuple[Expr, ...]
    differential: tuple[bool, ...]
    fluxes: tuple[FluxRow, ...] = ()
    events: tuple[EventRow, ...] = ()
    doses: tuple[DoseRow, ...] = ()
    quantities: Mapping[str, Leaf] = field(default_factory=dict)
    time_unit: Unit = ONE
    raw: bool = False
    fingerprint: str = ""
    noise: tuple[()] = ()
