"""LLVM text of what the derivatives of a step share: Jacobians, columns and curvatures of every stage, one person at a time.

With W = M/(h gamma) - J, a stage is W K = f(u) + M sum C K / h + h d df/dt.  Along a direction (s of the states, e of the leaves)
its derivative is W K' = J(u) u' + P(u) e + H s + Q e + M sum C K' / h + h d (T s + R e): P are the columns of f by the leaves, H and
Q the derivatives of J and P along K at the beginning of the step, T and R those of df/dt by states and leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from neurohumor.emit.tape import Node, Rows
from neurohumor.emit.tape_llvm import ALONG, MOVING, Classes, Output
from neurohumor.emit.tape_slopes import slopes
from neurohumor.emit.tape_tangents import Row, seeds, tangents
from neurohumor.emit.tape_vector import POINTER, Value, Writer, declarations
from neurohumor.engine.native.factor import Chunks, solve_text
from neurohumor.engine.native.layout import Layout
from neurohumor.engine.native.machine import host
from neurohumor.engine.native.stages import SIGNATURE, STILL, StepKernels
from neurohumor.engine.native.tableau import RODAS5P as METHOD
from neurohumor.engine.native.tangent_kernels import TangentKernels, spread
from neurohumor.engine.native.tangent_layout import TangentLayout
from neurohumor.engine.native.variant import EVENTS, Maker, Variant, variant
from neurohumor.lang.system import System

NAMES = (
    "tangent_step", "tangent_step_dense", "tangent_accept", "tangent_between", "tangent_balance", *EVENTS,
)  # fmt: skip
CHUNK = 300
STRAIGHT = 5000
"""Multiply-adds of a factorisation above which it is done by tables: one for all directions, it matters little."""
Entry = tuple[int, int, Node]
"""(row position, column position or leaf, node)"""


def with_slopes(system: System, key: str, classes: Classes, leaves: tuple[Row, ...], *, width: int = 0, sizes: Any = None) -> Variant:
    """The code of a system for one person in a lane of its own and `width` directions side by side (0: as many as fit a vector)."""
    abreast = width or host().width
    maker = partial(TangentMaker, leaves, abreast)
    made = variant(system, f"{key} {leaves!r} {abreast}", classes, width=1, sizes=sizes, maker=maker, more=NAMES, straight=STRAIGHT)
    return replace(made, leaves=leaves)


class TangentMaker(Maker):
    """Writes the text of a variant with its derivatives by states and by these leaves.

    There is one text for rates with everything at the beginning of a step (`tangent_trace`), and one at a stage (`tangent_stage`).
    """

    def __init__(self, leaves: tuple[Row, ...], abreast: int, *given: Any) -> None:
        self.leaves, self.abreast = leaves, abreast
        super().__init__(*given)

    def _evaluations(self) -> list[str]:
        return []

    def _kernels(self, layout: Layout, positions: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]) -> SharedKernels:
        return SharedKernels(layout, 1, *positions, self.here)

    def _turning(self, rows: Rows) -> list[Node]:
        """Conditions on states between two formulas, and whole numbers made of states: where they turn, slopes may jump."""
        tape, moved, found = self.tape, set[Node](), dict[Node, None]()
        for k in tape.live(self.rates):
            args = tape.args[k]
            if tape.op[k] == "state" or any(a in moved for a in args):
                moved.add(k)
                if tape.op[k] == "where" and args[0] in moved:
                    found[args[0]] = None
                elif tape.op[k] in ("floor", "ceil"):
                    found[k] = None
        return list(found)

    def _more_roots(self) -> list[Node]:
        tape, form = self.tape, self.form
        by = {tape.leaf(kind, row): k for k, (kind, row) in enumerate(self.leaves)}
        self.J = sorted((form.row_place[i], form.column_place[j], node) for (i, j), node in self.entries.items())
        self.P = sorted((form.row_place[i], k, node) for i, row in enumerate(slopes(tape, self.rates, by=by)) for k, node in row.items())
        states = {tape.leaf("state", i): form.column_place[i] for i in range(len(self.system.states))}
        timely = list(self.timely.values())
        rows = [form.row_place[i] for i in self.timely]
        self.TY, self.TP = (
            sorted((q, k, node) for q, row in zip(rows, slopes(tape, timely, by=leaf), strict=True) for k, node in row.items())
            for leaf in (states, by)
        )
        given = seeds(tape, [("state", i) for i in range(len(self.system.states))])
        self.DJ, self.DP = (
            [(i, j, d) for (i, j, _), d in zip(part, tangents(tape, [e[2] for e in part], given), strict=True) if d is not None]
            for part in (self.J, self.P)
        )
        return [node for *_, node in (*self.P, *self.DJ, *self.DP, *self.TY, *self.TP)]

    def _more(self, layout: Layout) -> tuple[list[str], dict[str, Any]]:
        def split(entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
            moving = [e for e in entries if self.plan.classes[e[2]] >= MOVING]
            return moving, [e for e in entries if self.plan.classes[e[2]] < MOVING]

        (self.Jm, self.Js), (self.Pm, self.Ps) = split(self.J), split(self.P)
        timely = tuple(sorted({q for q, *_ in (*self.TY, *self.TP)}))
        here = TangentLayout(
            len(self.Jm), len(self.Js), len(self.Pm), len(self.Ps), len(self.plan.traced), len(self.DJ), len(self.DP), len(self.TY),
            len(self.TP), len(timely), len(self.leaves), self.abreast,
        )  # fmt: skip
        massless = tuple(self.form.row_place[i] for i, d in enumerate(self.system.differential) if not d)
        self.here = here
        wide = TangentKernels(layout, self.abreast, massless, here, timely)
        texts = [self._trace(), self._stage(), self._curve(), self._apply(), self._apply_time(timely)]
        texts += [solve_text(self.form, self.abreast, name="solve_abreast", entry=spread), wide.text()]
        if not self.triggers:
            texts += [f"define void @{name}({SIGNATURE}) {{\n ret void\n}}" for name in EVENTS]
        if self.abreast != self.width:
            texts.append(declarations(self.abreast))
        return texts, {"tangents": {name: getattr(here, name) for name in TangentLayout.__slots__}}

    def _stored(self, array: Value, entries: list[Entry], places: Sequence[int] = range(2**31)) -> list[Output]:
        risky = self._risky([node for *_, node in entries])
        return [(array, k, node, "finite" if node in risky else "set") for k, (_, _, node) in zip(places, entries, strict=False)]

    def _function(self, name: str, arrays: str, outputs: list[Output]) -> str:
        text = self._printed(MOVING, [node for _, _, node, _ in outputs], outputs, self._moving())
        pointers = ", ".join(f"{POINTER} %{a}" for a in arrays.split())
        return f"define internal void @{name}({self._signature()}, {pointers}) noinline {{\nentry:\n{text}\n ret void\n}}"

    def _trace(self) -> str:
        """`tangent_trace`: as `slopes`, and J, columns and the slopes of df/dt once more, and what `tangent_curve` reads."""
        stages, place = METHOD.stages, self.form.row_place
        outputs: list[Output] = [("%F", place[i], k, "set") for i, k in enumerate(self.rates)]
        outputs += self._negated()
        outputs += self._stored("%T", [(0, 0, node) for node in self.timely.values()], [place[i] for i in self.timely])
        outputs += self._stored("%J", self.Jm) + self._stored("%J", self.Js, range(stages * len(self.Jm), 2**31))
        outputs += self._stored("%P", self.Pm) + self._stored("%P", self.Ps, range(stages * len(self.Pm), 2**31))
        outputs += self._stored("%TY", self.TY) + self._stored("%TP", self.TP)
        traced: list[Output] = [("%X", i, k, "set") for k, i in self.plan.traced.items()]
        return self._function("tangent_trace", "F A T J P TY TP X", outputs + traced)

    def _negated(self) -> list[Output]:
        risky = self._risky(list(self.entries.values()))
        return [("%A", self.slots[e], k, "finite negated" if k in risky else "negated") for e, k in self.entries.items()]

    def _stage(self) -> str:
        """`tangent_stage`: rates added to what is there, and what moves of J and columns, at a stage."""
        outputs: list[Output] = [("%F", self.form.row_place[i], k, "added") for i, k in enumerate(self.rates)]
        return self._function("tangent_stage", "F J P", outputs + self._stored("%J", self.Jm) + self._stored("%P", self.Pm))

    def _curve(self) -> str:
        """`tangent_curve`: how J and columns change along %s, for several directions side by side; all else is of one person."""
        outputs = self._stored("%DJ", self.DJ) + self._stored("%DP", self.DP)
        columns, ramped = self.form.column_place, {row: k for k, row in enumerate(self.classes.ramped)}

        def at_time(w: Writer, row: int) -> Value:
            slope, since, value = (spread(w, f"%{name}", ramped[row]) for name in ("US", "UT", "UV"))
            return w.fma(slope, w.sub("%t", since), value)

        leaves = {
            "state": lambda w, row: spread(w, "%y", columns[row]), "time": lambda w, row: "%t", "input": at_time,
            "slope": lambda w, row: spread(w, "%US", ramped[row]), "tangent_state": lambda w, row: w.load("%s", columns[row]),
        }  # fmt: skip
        text = self._printed(ALONG, [node for _, _, node, _ in outputs], outputs, leaves, lanes=self.abreast)
        V = Writer(self.abreast).V
        given = ", ".join(f"{POINTER} readonly %{name}" for name in ("S", "D", "UV", "US", "UT", "X", "s"))
        signature = f"{POINTER} readonly %y, {V} %t, {given}, {POINTER} %DJ, {POINTER} %DP"
        return f"define internal void @tangent_curve({signature}) noinline {{\nentry:\n{text}\n ret void\n}}"

    def _apply(self) -> str:
        """`tangent_apply`: %b += J %v + DJ %s + (P + DP) %e; %JS and %PS hold the entries that stay."""
        parts = [
            ("%J", "%v", self.Jm), ("%JS", "%v", self.Js), ("%P", "%e", self.Pm), ("%PS", "%e", self.Ps), ("%DJ", "%s", self.DJ),
            ("%DP", "%e", self.DP),
        ]  # fmt: skip
        return self._products("tangent_apply", "J JS P PS DJ DP v s e b", parts)

    def _apply_time(self, timely: tuple[int, ...]) -> str:
        """`tangent_time`: %b += TY %s + TP %e, by rows that have a df/dt."""
        place = {q: k for k, q in enumerate(timely)}
        TY, TP = ([(place[q], k, node) for q, k, node in part] for part in (self.TY, self.TP))
        return self._products("tangent_time", "TY TP s e b", [("%TY", "%s", TY), ("%TP", "%e", TP)])

    def _products(self, name: str, arrays: str, parts: list[tuple[Value, Value, list[Entry]]]) -> str:
        """Sums of products of single numbers with vectors, row by row."""
        chunks = Chunks(name, ", ".join(f"{POINTER} %{n}" for n in arrays.split()), self.abreast)
        by_row: dict[int, list[tuple[Value, int, Value, int]]] = {}
        for array, vector, entries in parts:
            for k, (i, j, _) in enumerate(entries):
                by_row.setdefault(i, []).append((array, k, vector, j))
        done = 0
        for i, terms in sorted(by_row.items()):
            w = chunks.writer
            total = w.load("%b", i)
            for array, k, vector, j in terms:
                total = w.fma(spread(w, array, k), w.load(vector, j), total)
            w.store(total, "%b", i)
            done += len(terms)
            if done > CHUNK:
                chunks.cut()
                done = 0
        return chunks.whole()


@dataclass(frozen=True, slots=True)
class SharedKernels(StepKernels):
    """Texts of what is worked out once for all directions, one person in the only lane: `void kernel(workspace, shared, blocks, count)`.

    What `step` evaluates, Jacobians and columns of every stage, stays.
    """

    here: TangentLayout

    def text(self) -> str:
        """All of them."""
        return "\n".join([StepKernels.text(self), self._judge_slopes(), self._factors()])

    def opened(self) -> tuple[Writer, dict[str, Value]]:
        w, at = StepKernels.opened(self)
        scratch, here = self.here.scratch(self.layout), self.here
        at |= {name: w.at("%mem", scratch[name]) for name in ("X", "TY", "TP")}
        sizes = {"J": here.moving, "P": here.columns_moving}
        return w, at | {f"{n}{j}": w.at("%mem", scratch[n] + j * size) for n, size in sizes.items() for j in range(METHOD.stages)}

    def _evaluate(self, w: Writer, at: dict[str, Value], name: str, point: tuple[Value, Value], arrays: Sequence[Value]) -> None:
        given = ", ".join(f"ptr {at[n]}" for n in ("constants", "personal", "input", "input_slope", "input_time"))
        rest = ", ".join(f"ptr {at[a]}" for a in arrays)
        w.lines.append(f" call void @{name}(ptr {point[0]}, {w.V} {point[1]}, {given}, {rest})")

    def call_slopes(self, w: Writer, at: dict[str, Value], time: Value) -> None:
        arrays = ("k0", "factors", "dt", "J0", "P0", "TY", "TP", "X")
        self._evaluate(w, at, "tangent_trace", (at["y"], time), arrays)

    def call_rates(self, w: Writer, at: dict[str, Value], state: Value, time: Value, target: Value) -> None:
        j = next(j for j in range(METHOD.stages) if at[f"k{j}"] == target)
        self._evaluate(w, at, "tangent_stage", (state, time), (f"k{j}", f"J{j}", f"P{j}"))

    def _judge_slopes(self) -> str:
        """The error becomes the larger of the states' and the slopes', whose mean square is given."""
        w, _ = self.opened()
        plain = self.scalar(w, "error")
        error = w.sqrt(w.load("%mem", self.here.scratch(self.layout)["squares"]))
        worse = w.compare("ugt", error, plain)  # also where it is not a number
        self.tell_error(w, w.select(w.compare("uno", plain, plain), plain, w.select(worse, error, plain)))
        return self.closed(w, "tangent_judge").replace("define void", "define internal void")

    def _factors(self) -> str:
        """J, columns, and factors that hold differential states still; nothing is curved."""
        w, at = self.opened()
        self.call_slopes(w, at, self.scalar(w, "time"))
        self.factor(w, at, w.splat(STILL))
        for name, size in (("DJ", self.here.curves), ("DP", self.here.columns_curves)):
            if size:
                place = w.at("%mem", self.here.scratch(self.layout)[name])
                w.each(size, lambda i, place=place: w.store(0.0, place, i))
        return self.closed(w, "tangent_factors").replace("define void", "define internal void")
