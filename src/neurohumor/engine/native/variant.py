"""Machine code for a system under one choice of what differs between people: text, facts, addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from neurohumor.emit.tape import LEAVES, Node, Rows, Tape
from neurohumor.emit.tape_llvm import MOVING, PERSONAL, SHARED, Classes, Output, Plan, Printer, plan, sources, wanted
from neurohumor.emit.tape_math import function
from neurohumor.emit.tape_slopes import TIME, slopes
from neurohumor.emit.tape_vector import POINTER, Value, Writer, declarations
from neurohumor.engine.native.bound import Work, work_of_step
from neurohumor.engine.native.elimination import Elimination, eliminate
from neurohumor.engine.native.factor import STRAIGHT, factor_text, solve_text
from neurohumor.engine.native.layout import Layout
from neurohumor.engine.native.machine import Code, host, load
from neurohumor.engine.native.stages import Kernels, StepKernels
from neurohumor.errors import ModelError
from neurohumor.lang.expr import Call, Const, order
from neurohumor.lang.system import Leaf, System

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NAMES = ("shared_values", "prologue", "step", "accept", "dense", "first", "rates_of", "slopes_of")
EVENTS = ("truths", "watch", "probe", "cut")


@dataclass(frozen=True, slots=True)
class Variant:
    """Code and what is known about it.

    place  state -> position in the workspace; row_place: row -> position (differs for algebraic rows); leaves: parameters and
    inputs by which it can carry slopes on, None: no slopes at all
    """

    system: System
    classes: Classes
    width: int
    code: Code
    layout: Layout
    place: tuple[int, ...]
    row_place: tuple[int, ...]
    entries: tuple[tuple[int, int, int], ...]
    work: int
    operations: int
    leaves: tuple[tuple[str, int], ...] | None = None

    @property
    def step(self) -> Work:
        """What one step of one vector takes at least"""
        return Work(*self.code.facts["step"])

    def address(self, name: str) -> int:
        """Of a function"""
        return self.code.addresses[name]


def digest(system: System) -> str:
    """SHA-256 of everything that enters the code (not of names): equal for equal equations, in every process."""
    roots = [*(row.expr for row in system.derived), *system.rates, *(e.trigger for e in system.events)]
    number: dict[int, int] = {}
    parts: list[str] = [f"{len(system.states)} {len(system.params)} {len(system.inputs)} {system.differential!r}"]
    for k, node in enumerate(order(roots)):
        number[id(node)] = k
        if isinstance(node, Call):
            parts.append(f"{node.op} {' '.join([str(number[id(a)]) for a in node.args])}")
        elif isinstance(node, Leaf):
            parts.append(f"{node.kind}:{node.index}")
        elif isinstance(node, Const):
            parts.append(node.value.hex())
    parts.append(" ".join([str(number[id(r)]) for r in roots]))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def variant(
    system: System, key: str, classes: Classes, *, width: int = 0, straight: int = STRAIGHT, sizes: Any = None, maker: Any = None,
    more: Sequence[str] = (),
) -> Variant:  # fmt: skip
    """The code of a system, made or read from the cache.

    key    digest of the system; width: lanes (0: as many as this processor has)
    sizes  (row, column) -> size of an entry of J at the start, where there are algebraic rows
    maker  writes the text (a `Maker` where it is not given); more: names of the functions that it adds
    """
    if not system.states:
        raise ModelError("there is nothing to solve: no state", where=system.name, remedy='use backend="reference"')
    width = width or host().width
    names = [*NAMES, *(("consistent",) if not all(system.differential) else ()), *(EVENTS if system.events else ())]
    whole = f"{key} {classes!r} {width} {straight}"
    code = load(whole, [*names, *more], lambda: (maker or Maker)(system, classes, width, straight, sizes).made())
    facts = code.facts
    return Variant(
        system, classes, width, code, Layout(**facts["layout"]), tuple(facts["place"]), tuple(facts["row_place"]),
        tuple((i, j, s) for i, j, s in facts["entries"]), facts["work"], facts["operations"],
    )  # fmt: skip


def zero(w: Writer, base: Value, index: Value) -> None:
    w.store(0.0, base, index)


class Maker:
    """Writes the text of one variant."""

    def __init__(
        self, system: System, classes: Classes, width: int, straight: int, sizes: Callable[[Tape, dict[tuple[int, int], Node]], Any] | None
    ) -> None:
        self.system, self.classes, self.width, self.straight = system, classes, width, straight
        self.tape = Tape()
        rows = Rows(system, self.tape)
        self.rates = [rows.take(r) for r in system.rates]
        self.triggers = self._turning(rows)
        self.comparisons = self._comparisons()
        found = dict.fromkeys(self.tape.sub(*self.tape.args[k]) for k in self._compared())
        self.margins = [k for k in found if self.tape.args[k] or self.tape.op[k] == "state"]
        found = slopes(self.tape, self.rates, classes.ramped)
        self.timely = {i: row[TIME] for i, row in enumerate(found) if TIME in row}
        self.entries = {(i, j): node for i, row in enumerate(found) for j, node in row.items() if j != TIME}
        known = sizes(self.tape, self.entries) if sizes is not None else {}
        self.form: Elimination = eliminate(self.entries, system.differential, lambda e: known.get(e, 1.0))
        roots = [*self.rates, *self.timely.values(), *self.entries.values(), *self.triggers, *self.comparisons, *self.margins]
        self.plan: Plan = plan(self.tape, classes, [*roots, *self._more_roots()])
        self.slots = {e: self.form.slot[self.form.row_place[e[0]], self.form.column_place[e[1]]] for e in self.entries}
        self.called = {"exp", "log"}
        self.operations = 0

    def _turning(self, rows: Rows) -> list[Node]:
        """What is looked at within each step"""
        return [rows.take(e.trigger) for e in self.system.events]

    def _evaluations(self) -> list[str]:
        """Texts of the rates, and of the rates with their slopes"""
        return [self._rates(), self._slopes()]

    def _kernels(self, layout: Layout, positions: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]) -> StepKernels:
        """What moves people on; positions whose df/dt is not zero, without a mass, watched"""
        return Kernels(layout, self.width, *positions)

    def _compared(self) -> list[Node]:
        """Comparisons in triggers that read states"""
        tape, moving = self.tape, set[Node]()
        for k in tape.live(self.triggers):
            if tape.op[k] == "state" or any(a in moving for a in tape.args[k]):
                moving.add(k)
        return [k for k in sorted(moving) if tape.op[k] in ("lt", "le")]

    def _comparisons(self) -> list[Node]:
        """Those that are not a trigger themselves: where they turn a step is cut, so that no trigger made of several is passed over"""
        return [k for k in self._compared() if k not in self.triggers]

    def _more_roots(self) -> list[Node]:
        """What else is to be computed"""
        return []

    def _more(self, layout: Layout) -> tuple[list[str], dict[str, Any]]:
        """More texts and facts"""
        return [], {}

    def made(self) -> tuple[str, dict[str, Any]]:
        """(text, facts)"""
        form, system = self.form, self.system
        mass = {form.row_place[i] for i, d in enumerate(system.differential) if d}
        looked_at = self.tape.live([*self.triggers, *self.comparisons, *self.margins])
        watched = sorted({form.column_place[self.tape.row[k]] for k in looked_at if self.tape.op[k] == "state"})
        count = len(self.classes.personal_params) + len(self.classes.personal_inputs)
        layout = Layout(
            len(system.states),
            form.size,
            count,
            len(self.plan.personal),
            len(self.classes.ramped),
            len(self.triggers) + len(self.comparisons),
            len(self.triggers),
            len(self.margins),
            len(self.plan.shared),
        )
        body = [self._shared(), self._prologue(layout), *self._evaluations(), *self._watch()]
        body.append(factor_text(form, set(self.slots.values()), mass, self.width, straight=self.straight))
        body.append(solve_text(form, self.width))
        timely = tuple(sorted(form.row_place[i] for i in self.timely))
        massless = tuple(q for q in range(len(system.states)) if q not in mass)
        more, more_facts = self._more(layout)
        made = self._kernels(layout, (timely, massless, tuple(watched)))
        kernels = made.text()
        body += more
        functions = [function(name, self.width) for name in sorted(self.called)]
        text = "\n".join([declarations(self.width), *functions, *body, kernels, self._exposed(made), "!0 = !{}"])
        bound = work_of_step(text, layout.states)
        facts = {
            "layout": {name: getattr(layout, name) for name in Layout.__slots__},
            "place": form.column_place, "row_place": form.row_place, "work": form.work, "operations": self.operations,
            "step": [bound.arithmetic, bound.divisions, bound.functions],
            "entries": [(i, j, slot) for (i, j), slot in self.slots.items()], **more_facts,
        }  # fmt: skip
        return text, facts

    def _printed(self, level: int, roots: Sequence[Node], outputs: Sequence[Output], leaves: dict[str, Any], *, lanes: int = 0) -> str:
        """lanes: of code for one person, the directions side by side"""
        w = Writer(lanes or self.width)
        nodes = wanted(self.tape, self.plan, roots, level)
        moving = {k for k in nodes if self.plan.classes[k] >= MOVING}
        printer = Printer(self.tape, w, sources(self.tape, self.plan, level, leaves, single=lanes > 0), moving)
        if level == MOVING:
            self.operations = max(self.operations, sum(1 for k in nodes if self.tape.op[k] not in LEAVES))
        printer.write(nodes, outputs)
        self.called |= printer.called
        return w.text

    def _shared(self) -> str:
        """`shared_values(%P, %F)`: every shared constant, from vectors of all parameters, then inputs."""
        inputs = len(self.system.params)
        leaves = {"param": lambda w, row: w.load("%P", row), "input": lambda w, row: w.load("%P", inputs + row)}
        outputs: list[Output] = [("%F", i, k, "set") for k, i in self.plan.shared.items()]
        text = self._printed(SHARED, list(self.plan.shared), outputs, leaves)
        return f"define void @shared_values({POINTER} readonly %P, {POINTER} %F) noinline optnone {{\nentry:\n{text}\n ret void\n}}"

    def _prologue(self, layout: Layout) -> str:
        params = {row: k for k, row in enumerate(self.classes.personal_params)}
        inputs = {row: len(params) + k for k, row in enumerate(self.classes.personal_inputs)}
        leaves = {"param": lambda w, row: w.load("%P", params[row]), "input": lambda w, row: w.load("%P", inputs[row])}
        outputs: list[Output] = [("%F", i, k, "set") for k, i in self.plan.personal.items()]
        text = self._printed(PERSONAL, list(self.plan.personal), outputs, leaves)
        w = Writer(self.width)
        offsets = layout.offsets()
        p, d = w.at("%mem", offsets["parameters"]), w.at("%mem", offsets["personal"])
        s = w.let(f"getelementptr double, ptr %S, i64 {layout.constants}")
        return (
            f"define internal void @personal({POINTER} readonly %P, {POINTER} readonly %S, {POINTER} %F) {{\n"
            f"entry:\n{text}\n ret void\n}}\n"
            "define void @prologue(ptr noalias %mem, ptr noalias %S, ptr noalias %table, i64 %count) {\nentry:\n"
            f"{w.text}\n call void @personal(ptr {p}, ptr {s}, ptr {d})\n ret void\n}}"
        )

    def _moving(self) -> dict[str, Callable[[Writer, int], Value]]:
        columns = self.form.column_place
        ramped = {row: k for k, row in enumerate(self.classes.ramped)}

        def at_time(w: Writer, row: int) -> Value:
            k = ramped[row]
            return w.fma(w.load("%US", k), w.sub("%t", w.load("%UT", k)), w.load("%UV", k))

        return {
            "state": lambda w, row: w.load("%y", columns[row]), "time": lambda w, row: "%t", "input": at_time,
            "slope": lambda w, row: w.load("%US", ramped[row]),
        }  # fmt: skip

    def _signature(self) -> str:
        V = Writer(self.width).V
        others = ", ".join(f"{POINTER} readonly %{name}" for name in ("S", "D", "UV", "US", "UT"))
        return f"{POINTER} readonly %y, {V} %t, {others}"

    def _in_order(self) -> list[int]:
        return sorted(range(len(self.rates)), key=lambda i: self.form.row_place[i])

    def _rates(self) -> str:
        place = self.form.row_place
        outputs: list[Output] = [("%F", place[i], k, "added") for i, k in enumerate(self.rates)]
        roots = [self.rates[i] for i in self._in_order()]
        text = self._printed(MOVING, roots, outputs, self._moving())
        return f"define internal void @rates({self._signature()}, {POINTER} %F) noinline {{\nentry:\n{text}\n ret void\n}}"

    def _slopes(self) -> str:
        place = self.form.row_place
        outputs: list[Output] = [("%F", place[i], k, "set") for i, k in enumerate(self.rates)]
        risky = self._risky([*self.entries.values(), *self.timely.values()])
        negated: list[Output] = [("%A", self.slots[e], k, "finite negated" if k in risky else "negated") for e, k in self.entries.items()]
        timely: list[Output] = [("%T", place[i], k, "finite" if k in risky else "set") for i, k in self.timely.items()]
        outputs += negated + timely
        by_row: dict[int, list[Node]] = {
            i: [self.rates[i]] + ([self.timely[i]] if i in self.timely else []) for i in range(len(self.rates))
        }
        for (i, _), k in self.entries.items():
            by_row[i].append(k)
        roots = [k for i in self._in_order() for k in by_row[i]]
        text = self._printed(MOVING, roots, outputs, self._moving())
        pointers = f"{POINTER} %F, {POINTER} %A, {POINTER} %T"
        return f"define internal void @slopes({self._signature()}, {pointers}) noinline {{\nentry:\n{text}\n ret void\n}}"

    def _risky(self, roots: Sequence[Node]) -> set[Node]:
        """Slopes with an exp in them: 1/(1 + exp(x)) is 0 where exp(x) is infinite, but its slope comes out as 0 times infinity."""
        found: set[Node] = set()
        for k in self.tape.live(roots):
            if self.tape.op[k] == "exp" or any(a in found for a in self.tape.args[k]):
                found.add(k)
        return found

    def _watch(self) -> list[str]:
        if not self.triggers:
            return []
        outputs: list[Output] = [("%F", i, k, "set") for i, k in enumerate([*self.triggers, *self.comparisons])]
        margins: list[Output] = [("%G", i, k, "set") for i, k in enumerate(self.margins)]
        outputs += margins
        text = self._printed(MOVING, [*self.triggers, *self.comparisons, *self.margins], outputs, self._moving())
        signature = f"{self._signature()}, {POINTER} %F, {POINTER} %G"
        return [f"define internal void @triggers({signature}) noinline {{\nentry:\n{text}\n ret void\n}}"]

    def _exposed(self, kernels: StepKernels) -> str:
        """`rates_of` and `slopes_of` fill k0 (and the factors' slots and dt) for y at the workspace's time: for tests and starts."""
        parts = []
        for name in ("rates_of", "slopes_of"):
            w, at = kernels.opened()
            t = kernels.scalar(w, "time")
            if name == "rates_of":
                w.each(kernels.layout.states, partial(zero, w, at["k0"]))
                kernels.call_rates(w, at, at["y"], t, at["k0"])
            else:
                kernels.call_slopes(w, at, t)
            parts.append(kernels.closed(w, name))
        return "\n".join(parts)
