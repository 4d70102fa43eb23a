"""The tape as LLVM text over vectors, one person per lane.

A value belongs to one of four classes: constant, shared by everybody, one per person, moving.  The first two printers here write
what is worked out once (per solve, per person), the third what every evaluation needs.  A product with one use in a sum is
fused with it, in moving values only: which parameters are shared then never changes a bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from neurohumor.emit.tape import LEAVES, TANGENTS, TRUTHS, Node, Tape
from neurohumor.emit.tape_vector import Value, Writer

CONSTANT, SHARED, PERSONAL, MOVING, ALONG = 0, 1, 2, 3, 4
_COMPARE = {"lt": "olt", "le": "ole", "eq": "oeq"}
_DIRECT = {"sqrt", "abs", "floor", "ceil"}


@dataclass(frozen=True, slots=True)
class Classes:
    """Where the values of leaves come from.

    personal_params, personal_inputs  rows that differ between people or change on the way, in order of their places
    ramped                            inputs that move with the time, in order of their places
    """

    personal_params: tuple[int, ...] = ()
    personal_inputs: tuple[int, ...] = ()
    ramped: tuple[int, ...] = ()

    def of(self, tape: Tape, nodes: Iterable[Node]) -> dict[Node, int]:
        """The class of every node of a list that has each after its arguments."""
        params, inputs, ramped = set(self.personal_params), set(self.personal_inputs), set(self.ramped)
        found: dict[Node, int] = {}
        for k in nodes:
            op, row = tape.op[k], tape.row[k]
            if op == "const":
                found[k] = CONSTANT
            elif op == "param":
                found[k] = PERSONAL if row in params else SHARED
            elif op == "input":
                found[k] = MOVING if row in ramped else PERSONAL if row in inputs else SHARED
            elif op in LEAVES:
                found[k] = ALONG if op in TANGENTS else MOVING
            else:
                found[k] = max(found[a] for a in tape.args[k])
        return found


@dataclass(frozen=True, slots=True)
class Plan:
    """What is worked out before: `shared` and `personal` values that moving code (or personal code) reads, in order of their places.

    traced  moving values that code along a direction reads
    """

    classes: dict[Node, int]
    shared: dict[Node, int]
    personal: dict[Node, int]
    traced: dict[Node, int] = field(default_factory=dict)


def plan(tape: Tape, classes: Classes, roots: Sequence[Node]) -> Plan:
    """Which values to work out before, for code that computes these roots."""
    nodes = tape.live(roots)
    of = classes.of(tape, nodes)
    needed: dict[Node, None] = {k: None for k in roots if of[k] in (SHARED, PERSONAL)}
    traced: dict[Node, None] = {}
    for k in nodes:
        if of[k] >= MOVING:
            needed.update((a, None) for a in tape.args[k] if of[a] in (SHARED, PERSONAL))
        if of[k] == ALONG:
            traced.update((a, None) for a in tape.args[k] if of[a] == MOVING and tape.args[a])
    personal = {k: i for i, k in enumerate(sorted(k for k in needed if of[k] == PERSONAL))}
    for k in tape.live(personal):
        if of[k] == PERSONAL:
            needed.update((a, None) for a in tape.args[k] if of[a] == SHARED)
    shared = {k: i for i, k in enumerate(sorted(k for k in needed if of[k] == SHARED))}
    return Plan(of, shared, personal, {k: i for i, k in enumerate(traced)})


Output = tuple[Value, int, Node, Literal["set", "negated", "added", "finite", "finite negated"]]
"""(array, vector index, node, how it is stored); finite: zero where it is infinite or not a number."""


@dataclass(slots=True)
class Printer:
    """Writes values of one class.

    leaf    the text of a leaf or of a value worked out before, None where it is to be computed
    moving  nodes whose products may be fused with sums; none in code that runs once
    """

    tape: Tape
    writer: Writer
    leaf: Callable[[Writer, Node], Value | None]
    moving: Collection[Node]
    called: set[str] = field(default_factory=set)
    _values: dict[Node, Value] = field(default_factory=dict)
    _masks: dict[Node, Value] = field(default_factory=dict)
    _uses: dict[Node, int] = field(default_factory=dict)
    _late: set[Node] = field(default_factory=set)

    def write(self, nodes: Sequence[Node], outputs: Sequence[Output]) -> None:
        """Print the nodes (each after its arguments) and store each output as soon as it is known."""
        stores: dict[Node, list[Output]] = {}
        for output in outputs:
            stores.setdefault(output[2], []).append(output)
        self._count(nodes, stores)
        for k in nodes:
            if k not in self._late:
                self.value(k)
            for array, index, _, how in stores.get(k, ()):
                value = self.value(k)
                if how.startswith("finite"):
                    value = self.writer.select(self.writer.compare("olt", self.writer.abs(value), math.inf), value, 0.0)
                if how.endswith("negated"):
                    value = self.writer.neg(value)
                elif how == "added":
                    value = self.writer.add(self.writer.load(array, index), value)
                self.writer.store(value, array, index)

    def _count(self, nodes: Sequence[Node], stores: Mapping[Node, object]) -> None:
        tape = self.tape
        sums: dict[Node, int] = {}
        for k in nodes:
            for a in tape.args[k]:
                self._uses[a] = self._uses.get(a, 0) + 1
                if tape.op[k] in ("add", "sub"):
                    sums[a] = sums.get(a, 0) + 1
        for k in nodes:
            if not tape.args[k]:
                self._late.add(k)
            if tape.op[k] in TRUTHS:
                self._late.add(k)
            if tape.op[k] == "mul" and k in self.moving and k not in stores and self._uses.get(k) == 1 and sums.get(k) == 1:
                self._late.add(k)

    def value(self, k: Node) -> Value:
        """The text of a node's value."""
        known = self._values.get(k)
        if known is None:
            known = self._values[k] = self._computed(k)
        return known

    def mask(self, k: Node) -> Value:
        """The lanes in which a node is not 0."""
        known = self._masks.get(k)
        if known is not None:
            return known
        op, w = self.tape.op[k], self.writer
        given = self.leaf(w, k) if op not in LEAVES else None
        if op not in TRUTHS or given is not None:
            found = w.compare("une", self.value(k) if given is None else given, 0.0)
        elif op in _COMPARE:
            a, b = self.tape.args[k]
            found = w.compare(_COMPARE[op], self.value(a), self.value(b))
        elif op == "not":
            found = w.opposite(self.mask(self.tape.args[k][0]))
        else:
            a, b = self.tape.args[k]
            found = w.both(op, self.mask(a), self.mask(b))
        self._masks[k] = found
        return found

    def _computed(self, k: Node) -> Value:
        op, w = self.tape.op[k], self.writer
        if op == "const":
            return w.splat(self.tape.value[k])
        given = self.leaf(w, k)
        if given is not None:
            return given
        if op in TRUTHS:
            return w.select(self.mask(k), 1.0, 0.0)
        if op == "where":
            condition, a, b = self.tape.args[k]
            return w.select(self.mask(condition), self.value(a), self.value(b))
        if op in ("add", "sub"):
            return self._sum(k)
        if op == "pow" and k in self.moving:
            op = "pow_quick"
            self.called |= {"exp", "log", "pow"}
        return self._plain(op, [self.value(a) for a in self.tape.args[k]])

    def _plain(self, op: str, a: list[Value]) -> Value:
        w = self.writer
        if op in ("add", "sub", "mul"):
            return getattr(w, op)(*a)
        if op == "inv":
            return w.div(1.0, a[0])
        if op == "neg":
            return w.neg(a[0])
        if op in _DIRECT:
            return getattr(w, op)(a[0])
        if op in ("min", "max"):
            first = w.compare("ole" if op == "min" else "oge", a[0], a[1])
            first = w.both("or", first, w.compare("uno", a[0], a[0]))
            return w.select(first, a[0], a[1])
        self.called.add(op)
        return w.call(f"vector_{op}", *a)

    def _sum(self, k: Node) -> Value:
        """A sum or difference, with one of its products in the same instruction."""
        w, op = self.writer, self.tape.op[k]
        a, b = self.tape.args[k]
        if self._open(b):
            p, q = (self.value(x) for x in self.tape.args[b])
            return w.fma(w.neg(p) if op == "sub" else p, q, self.value(a))
        if self._open(a):
            p, q = (self.value(x) for x in self.tape.args[a])
            other = self.value(b)
            return w.fma(p, q, w.neg(other) if op == "sub" else other)
        return self._plain(op, [self.value(a), self.value(b)])

    def _open(self, k: Node) -> bool:
        return k in self._late and self.tape.op[k] == "mul" and k not in self._values


def sources(
    tape: Tape, found: Plan, level: int, leaves: Mapping[str, Callable[[Writer, int], Value]], *, single: bool = False
) -> Callable[[Writer, Node], Value | None]:
    """For code of a class (`level`): values of lower classes come from where they were put (S shared, D personal, X traced), leaves
    from `leaves`.  single: personal and traced values are those of one person, the same in every lane.
    """

    def leaf(w: Writer, k: Node) -> Value | None:
        kind = found.classes[k]
        if kind < level and k in found.shared:
            return w.broadcast("%S", found.shared[k])
        for array, places in (("%D", found.personal), ("%X", found.traced)):
            if kind < level and k in places:
                return w.broadcast(array, places[k]) if single else w.load(array, places[k], fixed=True)
        return leaves[tape.op[k]](w, tape.row[k]) if tape.op[k] in LEAVES else None

    return leaf


def wanted(tape: Tape, found: Plan, roots: Collection[Node], level: int) -> list[Node]:
    """The nodes that code of a class has to compute or fetch for these roots, each after its arguments."""
    out: list[Node] = []
    done: set[Node] = set()
    placed = found.shared if level == PERSONAL else {**found.shared, **found.personal} if level >= MOVING else {}
    if level == ALONG:
        placed = {**placed, **found.traced}
    for root in roots:
        stack = [root]
        while stack:
            k = stack.pop()
            if k < 0:
                out.append(~k)
                continue
            if k in done:
                continue
            done.add(k)
            if not tape.args[k] or (k in placed and found.classes[k] < level):
                out.append(k)
                continue
            stack.append(~k)
            stack.extend(tape.args[k][::-1])
    return out
