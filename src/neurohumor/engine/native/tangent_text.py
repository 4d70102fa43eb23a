"""LLVM text of what the derivatives of a step share: Jacobians, columns and curvatures of every stage, one person at a time.

With W = M/(h gamma) - J, a stage is W K = f(u) + M sum C K / h + h d df/dt.  Along a direction (s of the states, e of the leaves)
its derivative is W K' = J(u) u' + P(u) e + H s + Q e + M sum C K' / h + h d (T s + R e): P are the columns of f by the leaves, H and
Q the derivatives of J and P along K at the beginning of the step, T and R those of df/dt by states and leaves.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from neurohumor.emit.tape import Node
from neurohumor.emit.tape_llvm import ALONG, MOVING, Classes, Output
from neurohumor.emit.tape_slopes import slopes
from neurohumor.emit.tape_tangents import Row, seeds, tangents
from neurohumor.emit.tape_vector import POINTER, Value, Writer, declarations
from neurohumor.engine.native.factor import Chunks, solve_text
from neurohumor.engine.native.layout import Layout
from neurohumor.engine.native.machine import host
from neurohumor.engine.native.stages import STILL, Kernels
from neurohumor.engine.native.tableau import RODAS5P as METHOD
from neurohumor.engine.native.tangent_kernels import TangentKernels, spread
from neurohumor.engine.native.tangent_layout import TangentLayout
from neurohumor.engine.native.variant import Maker, Variant, variant
from neurohumor.lang.system import System

NAMES = ("tangent_step", "tangent_step_dense", "tangent_accept", "tangent_between", "tangent_balance")
CHUNK = 300
Entry = tuple[int, int, Node]
"""(row position, column position or leaf, node)"""


def with_slopes(system: System, key: str, classes: Classes, leaves: tuple[Row, ...], *, width: int = 0, sizes: Any = None) -> Variant:
    """The code of a system for one person in a lane of its own and `width` directions side by side (0: as many as fit a vector)."""
    abreast = width or host().width
    maker = partial(TangentMaker, leaves, abreast)
    made = variant(system, f"{key} {leaves!r} {abreast}", classes, width=1, sizes=sizes, maker=maker, more=NAMES)
    return replace(made, leaves=leaves)


class TangentMaker(Maker):
    """Writes the text of a variant with its derivatives by states and by these leaves."""

    def __init__(self, leaves: tuple[Row, ...], abreast: int, *given: Any) -> None:
        self.leaves, self.abreast = leaves, abreast
        super().__init__(*given)

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
        base = Kernels(layout, 1, (), tuple(self.form.row_place[i] for i, d in enumerate(self.system.differential) if not d), ())
        wide = TangentKernels(layout, self.abreast, base.massless, here, timely)
        texts = [self._trace(), self._stage(), self._curve(), self._apply(), self._apply_time(timely), SharedKernels(base, here).text()]
        texts += [solve_text(self.form, self.abreast, name="solve_abreast", entry=spread), wide.text()]
        if self.abreast != self.width:
            texts.append(declarations(self.abreast))
        return texts, {"tangents": {name: getattr(here, name) for name in TangentLayout.__slots__}}

    def _stored(self, array: Value, entries: list[Entry], first: int = 0) -> list[Output]:
        risky = self._risky([node for *_, node in entries])
        return [(array, first + k, node, "finite" if node in risky else "set") for k, (_, _, node) in enumerate(entries)]

    def _function(self, name: str, arrays: str, outputs: list[Output], *, level: int = MOVING) -> str:
        columns = self.form.column_place
        leaves = self._moving() | {"tangent_state": lambda w, row: w.load("%s", columns[row])}
        text = self._printed(level, [node for _, _, node, _ in outputs], outputs, leaves)
        pointers = ", ".join(f"{POINTER} %{a}" for a in arrays.split())
        return f"define internal void @{name}({self._signature()}, {pointers}) noinline {{\nentry:\n{text}\n ret void\n}}"

    def _trace(self) -> str:
        """`tangent_trace`: J, columns and the slopes of df/dt at the beginning of a step, and what `tangent_curve` reads."""
        stages = METHOD.stages
        traced: list[Output] = [("%X", i, k, "set") for k, i in self.plan.traced.items()]
        outputs = self._stored("%J", self.Jm) + self._stored("%J", self.Js, stages * len(self.Jm))
        outputs += self._stored("%P", self.Pm) + self._stored("%P", self.Ps, stages * len(self.Pm))
        outputs += self._stored("%TY", self.TY) + self._stored("%TP", self.TP)
        return self._function("tangent_trace", "J P TY TP X", outputs + traced)

    def _stage(self) -> str:
        """`tangent_stage`: what moves of J and columns, at a stage."""
        return self._function("tangent_stage", "J P", self._stored("%J", self.Jm) + self._stored("%P", self.Pm))

    def _curve(self) -> str:
        """`tangent_curve`: how J and columns change along %s."""
        outputs = self._stored("%DJ", self.DJ) + self._stored("%DP", self.DP)
        return self._function("tangent_curve", "X s DJ DP", outputs, level=ALONG)

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


class SharedKernels:
    """Texts of what is worked out once for all directions, one person in the only lane: `void kernel(workspace, shared, blocks, count)`."""

    def __init__(self, base: Kernels, here: TangentLayout) -> None:
        self.base, self.here = base, here

    def text(self) -> str:
        """All of them."""
        return "\n".join([self._stages(), self._judge(), self._factors()])

    def _opened(self) -> tuple[Writer, dict[str, Value]]:
        w, at = self.base.opened()
        scratch, here = self.here.scratch(self.base.layout), self.here
        at |= {name: w.at("%mem", scratch[name]) for name in ("X", "TY", "TP", "tu")}
        sizes = {"J": here.moving, "P": here.columns_moving, "DJ": here.curves, "DP": here.columns_curves}
        at |= {f"{n}{j}": w.at("%mem", scratch[n] + j * size) for n, size in sizes.items() for j in range(METHOD.stages)}
        return w, at

    def _evaluate(self, w: Writer, at: dict[str, Value], name: str, point: tuple[Value, Value], arrays: list[Value]) -> None:
        given = ", ".join(f"ptr {at[n]}" for n in ("constants", "personal", "input", "input_slope", "input_time"))
        rest = ", ".join(f"ptr {at[a]}" for a in arrays)
        w.lines.append(f" call void @{name}(ptr {point[0]}, {w.V} {point[1]}, {given}, {rest})")

    def _stages(self) -> str:
        """J, columns and curvatures of every stage."""
        w, at = self._opened()
        t, h = self.base.scalar(w, "time"), self.base.scalar(w, "step")
        self._evaluate(w, at, "tangent_trace", (at["y"], t), ["J0", "P0", "TY", "TP", "X"])
        for j in range(METHOD.stages):
            self._evaluate(w, at, "tangent_curve", (at["y"], t), ["X", f"k{j}", f"DJ{j}", f"DP{j}"])
            if j:
                w.each(self.base.layout.states, partial(self._point, w, at, j))
                time = w.fma(h, METHOD.c[j], t) if METHOD.c[j] else t
                self._evaluate(w, at, "tangent_stage", (at["tu"], time), [f"J{j}", f"P{j}"])
        return self.base.closed(w, "tangent_stages").replace("define void", "define internal void")

    def _point(self, w: Writer, at: dict[str, Value], j: int, i: Value, /) -> None:
        """The argument of stage j."""
        follows = j > 1 and (*METHOD.A[j - 1], 1.0) == METHOD.A[j]
        u = w.load(at["tu"] if follows else at["y"], i)
        for q in range(j - 1 if follows else 0, j):
            u = w.fma(w.load(at[f"k{q}"], i), METHOD.A[j][q], u)
        w.store(u, at["tu"], i)

    def _judge(self) -> str:
        """The error becomes the larger of the states' and the slopes', whose mean square is given."""
        w, _ = self.base.opened()
        plain = self.base.scalar(w, "error")
        error = w.sqrt(w.load("%mem", self.here.scratch(self.base.layout)["squares"]))
        worse = w.compare("ugt", error, plain)  # also where it is not a number
        self.base.tell_error(w, w.select(w.compare("uno", plain, plain), plain, w.select(worse, error, plain)))
        return self.base.closed(w, "tangent_judge").replace("define void", "define internal void")

    def _factors(self) -> str:
        """J, columns, and factors that hold differential states still."""
        w, at = self._opened()
        t = self.base.scalar(w, "time")
        self._evaluate(w, at, "tangent_trace", (at["y"], t), ["J0", "P0", "TY", "TP", "X"])
        self.base.call_slopes(w, at, t)
        self.base.factor(w, at, w.splat(STILL))
        for name, size in (("DJ0", self.here.curves), ("DP0", self.here.columns_curves)):
            if size:
                w.each(size, lambda i, name=name: w.store(0.0, at[name], i))
        return self.base.closed(w, "tangent_factors").replace("define void", "define internal void")
