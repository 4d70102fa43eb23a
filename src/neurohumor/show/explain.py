"""How one number came about: its law, what the law reads, and so on down to parameters with their sources, inputs and states."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from neurohumor.errors import ModelError, UnknownName, did_you_mean
from neurohumor.evidence.evidence import MEANING, level_of_row
from neurohumor.evidence.flux_control import control_of, is_step, stored
from neurohumor.lang.expr import Const, Expr, fold, show, symbols
from neurohumor.lang.simplify import operate
from neurohumor.lang.system import Leaf, System
from neurohumor.show.numbers import DAY, digits, moment, typed
from neurohumor.units import Unit

if TYPE_CHECKING:
    from neurohumor.engine.run import Run

Kind = Literal["derived", "state", "rate", "param", "input", "time"]


@dataclass(frozen=True, slots=True)
class Node:
    """One step of an explanation.

    name    full name, "part.name", or the quantity of an input; alias: its name in the vocabulary, where it has one
    value   in `unit`; NaN where it was not computed
    law     how it is computed, "" for a root; note: of a root whence it comes (source, given, held)
    above   True where the same row is explained elsewhere, nearer to the top; cut: True where the depth asked for ends here
    """

    name: str
    kind: Kind
    value: float
    unit: Unit
    law: str = ""
    doc: str = ""
    note: str = ""
    alias: str = ""
    above: bool = False
    cut: bool = False
    children: tuple[Node, ...] = ()

    @property
    def worth(self) -> str:
        """The value with its unit."""
        number = typed(self.value) if self.kind == "param" else digits(self.value, 4)
        return number if str(self.unit) == "1" else f"{number} {self.unit}"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be said beside it."""
        place = "explained nearer to the top" if self.above else "its law lies deeper" if self.cut else ""
        return tuple(text for text in (self.doc, self.note, place) if text)

    @property
    def head(self) -> str:
        """Its name, after the name in the vocabulary that it goes by."""
        return f"{self.alias} <- {self.name}" if self.alias and self.alias != self.name else self.name

    @property
    def line(self) -> str:
        """The node as one line of text."""
        law = f" = {self.law}" if self.law else ""
        return f"{self.head}{law} = {self.worth}" + (f"   [{'; '.join(self.remarks)}]" if self.remarks else "")


@dataclass(frozen=True, slots=True)
class Explanation:
    """The tree below one quantity of one person at one moment."""

    root: Node
    time: float
    model: str
    person: str = ""

    @property
    def title(self) -> str:
        """What is explained, of whom, when."""
        whom = f" of {self.person}" if self.person else ""
        return f"{self.root.alias or self.root.name}{whom} in {self.model}, {moment(self.time)}"

    def __str__(self) -> str:
        return "\n".join([self.title, *_drawn(self.root)])

    def walk(self) -> Iterator[Node]:
        """Every node, each before what it rests on."""
        stack = [self.root]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


def _drawn(root: Node) -> list[str]:
    lines: list[str] = []
    stack: list[tuple[Node, str, str]] = [(root, "", "")]
    while stack:
        node, head, rest = stack.pop()
        lines.append(head + node.line)
        last = len(node.children) - 1
        for k in range(last, -1, -1):
            branch, gap = ("└─ ", "   ") if k == last else ("├─ ", "│  ")
            stack.append((node.children[k], rest + branch, rest + gap))
    return lines


def explain_run(run: Run, quantity: str, *, at: str | float | None = None, depth: int | None = None) -> Explanation:
    """How a quantity ("blood.cortisol") or any row ("hpa.release") of one person came about at a moment (default: the start).

    depth  how many steps down at most; None: to the roots.
    Raises UnknownName, and ModelError for a population or for a run without equations.
    """
    if not run.single:
        raise ModelError("an explanation is of one person", remedy="take run.person(k)")
    system = run.system
    if system is None:
        raise ModelError("this run keeps no equations", remedy="explain a run that was just made, or read it with its model")
    time = run.start if at is None else _time(run, at)
    root = _tree(_Moment(run, system, time), _leaf(system, quantity), depth)
    return Explanation(root, time, system.name, run.people[0])


def explain(
    what: Any, quantity: str, *, at: str | float = "08:00", person: Any = None, protocol: Any = None, depth: int | None = None
) -> Explanation:
    """How a quantity of a family or a model came about at a moment of a person's day (default: the reference person's habits).

    As `explain_run`, after a run that reaches the moment.  Raises what `simulate` and `explain_run` raise.
    """
    from neurohumor.engine.clock import clock
    from neurohumor.engine.solve import simulate

    told = clock(at) if isinstance(at, str) else (math.floor(at / DAY), 0.0)
    days = None if told is None or told[0] is None else max(1.0, told[0] + 1.0)
    return explain_run(simulate(what, person, protocol, days=days), quantity, at=at, depth=depth)


def _time(run: Run, at: str | float) -> float:
    if isinstance(at, (int, float)):
        return float(at)
    from neurohumor.engine.clock import Span, hour_of

    return hour_of(at, Span(run.start, run.end))


def _rows(system: System) -> Mapping[str, tuple[Any, ...]]:
    return {"derived": system.derived, "state": system.states, "param": system.params, "input": system.inputs}


def _leaf(system: System, name: str) -> Leaf:
    """The row that a quantity or a full name stands for."""
    if name in system.quantities:
        return system.quantities[name]
    for kind, rows in _rows(system).items():
        for index, row in enumerate(rows):
            if row.full == name:
                return Leaf(kind, index, name)  # type: ignore[arg-type]
    known = [*system.quantities, *(row.full for rows in _rows(system).values() for row in rows)]
    remedy = did_you_mean(name, known) or f"quantities are: {', '.join(system.quantities)}"
    raise UnknownName(f"{system.name} has no {name!r}", remedy=remedy)


class _Moment:
    """What the rows of a run are worth at one moment."""

    def __init__(self, run: Run, system: System, time: float) -> None:
        self.run, self.system, self.time = run, system, time
        self._names = {(column.kind, column.index): name for name, column in run.groups[0].table.columns.items()}
        self.alias: dict[tuple[str, int], str] = {}
        for name, leaf in system.quantities.items():
            self.alias.setdefault((leaf.kind, leaf.index), name)

    def of(self, kind: str, index: int) -> float:
        """What a row is worth, in its own unit."""
        return float(self.run[self._names[kind, index]].at(self.time).value)

    def worth(self, expr: Expr, unit: Unit) -> float:
        """An expression, from what it reads."""
        known = {id(leaf): self._internal(leaf) for leaf in symbols(expr) if isinstance(leaf, Leaf)}
        found = fold(
            [expr],
            lambda node: node.value if isinstance(node, Const) else known.get(id(node), math.nan),
            lambda call, args: operate(call.op, *args),
        )
        return found[0] if self.system.raw else found[0] / unit.factor

    def _internal(self, leaf: Leaf) -> float:
        if leaf.kind == "time":
            return self.time / self.system.time_unit.factor
        row = _rows(self.system)[leaf.kind][leaf.index]
        return self.of(leaf.kind, leaf.index) * (1.0 if self.system.raw else row.unit.factor)


@dataclass(slots=True)
class _Step:
    """A node while the tree is laid out: `kind` and `index` of its row, and the places of its children."""

    kind: Kind
    index: int
    depth: int
    above: bool = False
    cut: bool = False
    children: list[int] = field(default_factory=list)


def _tree(now: _Moment, root: Leaf, depth: int | None) -> Node:
    """Laid out breadth first, so that each row is explained where it stands nearest to the top."""
    steps, seen = [_Step(root.kind, root.index, 0)], {(root.kind, root.index)}
    for step in steps:
        if step.above or step.kind in ("param", "input", "time"):
            continue
        if depth is not None and step.depth >= depth and step.kind != "rate":
            step.cut = True
            continue
        for kind, index in _below(now.system, step):
            above = kind in ("derived", "state") and (kind, index) in seen
            seen.add((kind, index))
            step.children.append(len(steps))
            steps.append(_Step(kind, index, step.depth + (step.kind != "state"), above))
    nodes: list[Node] = [None] * len(steps)  # type: ignore[list-item]
    for k in range(len(steps) - 1, -1, -1):
        nodes[k] = _node(now, steps[k], tuple(nodes[child] for child in steps[k].children))
    return nodes[0]


def _below(system: System, step: _Step) -> list[tuple[Kind, int]]:
    if step.kind == "state":
        return [("rate", step.index)]
    expr = system.derived[step.index].expr if step.kind == "derived" else system.rates[step.index]
    return [(leaf.kind, leaf.index) for leaf in symbols(expr) if isinstance(leaf, Leaf)]


def _node(now: _Moment, step: _Step, children: tuple[Node, ...]) -> Node:
    system = now.system
    alias = now.alias.get((step.kind, step.index), "")
    if step.kind == "time":
        return Node("time", "time", now.time / system.time_unit.factor, system.time_unit, note="since midnight of day 0")
    if step.kind == "rate":
        return _rate(now, step.index, children)
    if step.kind == "derived":
        row = system.derived[step.index]
        law = "" if step.above else show(row.expr)
        value, note = now.of("derived", step.index), _control(system, row.part, row.name)
        return Node(row.full, "derived", value, row.unit, law, row.doc, note, alias, step.above, step.cut, children)
    if step.kind == "state":
        state = system.states[step.index]
        return Node(
            state.full, "state", now.of("state", step.index), state.unit, "", state.doc, "a state", alias, step.above, step.cut, children
        )
    return _root(now, step)


def _rate(now: _Moment, index: int, children: tuple[Node, ...]) -> Node:
    state, rate = now.system.states[index], now.system.rates[index]
    if not now.system.differential[index]:
        return Node("0", "rate", now.worth(rate, state.unit), state.unit, show(rate), note=f"this fixes {state.full}", children=children)
    unit = state.unit / now.system.time_unit
    return Node(f"d {state.full}/dt", "rate", now.worth(rate, unit), unit, show(rate), children=children)


def _root(now: _Moment, step: _Step) -> Node:
    if step.kind == "input":
        heard = now.system.inputs[step.index]
        words = {"driven": "driven by the protocol", "given": "given by the person", "held": "held at its nominal"}
        return Node(heard.quantity, "input", now.of("input", step.index), heard.unit, "", heard.doc, words[heard.kind])
    row = now.system.params[step.index]
    level = level_of_row(row)
    within = f"known within ×/÷ {row.gsd:g}" if row.gsd > 1 else ""
    source = f"{row.basis}, {row.cite}" if row.cite else "" if level == "assumed" else row.basis
    note = "; ".join(text for text in (source, MEANING[level], within, _control(now.system, row.part, row.name)) if text)
    law = "" if isinstance(row.initial, Const) else show(row.initial)
    return Node(row.full, "param", now.of("param", step.index), row.unit, law, row.doc, note)


def _control(system: System, part: str, name: str) -> str:
    """What is known of the control that a row or a number has over fluxes; "" of most."""
    module = next((row.module for row in system.params if row.part == part), "")
    if not any(step.startswith(f"{module}.") for step in stored()):
        return ""
    params = {row.name for row in system.params if row.part == part}
    if name not in params and not is_step(module, name):
        return ""
    own = {row.name: row.expr for row in system.derived if row.part == part}
    own |= {row.name: row.initial for row in system.params if row.part == part}
    laws = {key: {leaf.name.rpartition(".")[2] for leaf in symbols(expr) if isinstance(leaf, Leaf)} for key, expr in own.items()}
    return control_of(module, name, laws)
