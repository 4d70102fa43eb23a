"""LLVM text of the derivative of a step for many directions of one person side by side, a direction per lane.

Every kernel is `void kernel(workspace, shared, blocks, count)`: the workspace is the person's, of single numbers; count blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from neurohumor.emit.tape_vector import Value, Writer
from neurohumor.engine.native.layout import Layout
from neurohumor.engine.native.stages import SIGNATURE, Kernels
from neurohumor.engine.native.tableau import RODAS5P as METHOD
from neurohumor.engine.native.tangent_layout import TangentLayout


def spread(w: Writer, base: Value, index: int | Value) -> Value:
    """One double of an array in every lane; unlike `Writer.broadcast`, of an array that may be written to."""
    place = base if index == 0 else w.let(f"getelementptr double, ptr {base}, i64 {index}")
    first = w.let(f"insertelement {w.V} poison, double {w.let(f'load double, ptr {place}, align 8')}, i32 0")
    return w.let(f"shufflevector {w.V} {first}, {w.V} poison, <{w.width} x i32> zeroinitializer")


def _cell(w: Writer, base: Value, index: Value) -> Value:
    return w.let(f"getelementptr double, ptr {base}, i64 {index}")


def _pack(w: Writer, parts: list[Value], to: Value, i: Value, /) -> None:
    """Number i of several arrays side by side."""
    start = w.let(f"mul i64 {i}, {w.width}")
    for lane, part in enumerate(parts):
        value = w.let(f"load double, ptr {_cell(w, part, i)}, align 8")
        w.lines.append(f" store double {value}, ptr {_cell(w, to, w.let(f'add i64 {start}, {lane}'))}, align 8")


def _unpack(w: Writer, packed: Value, to: list[Value], i: Value, /) -> None:
    """The lanes of vector i into arrays of their own."""
    start = w.let(f"mul i64 {i}, {w.width}")
    for lane, part in enumerate(to):
        value = w.let(f"load double, ptr {_cell(w, packed, w.let(f'add i64 {start}, {lane}'))}, align 8")
        w.lines.append(f" store double {value}, ptr {_cell(w, part, i)}, align 8")


@dataclass(frozen=True, slots=True)
class TangentKernels:
    """layout of the person's workspace, lanes, positions without a mass, where slopes lie, positions with a df/dt that has slopes."""

    layout: Layout
    width: int
    massless: tuple[int, ...]
    here: TangentLayout
    timely: tuple[int, ...]

    def text(self) -> str:
        """All of them."""
        parts = [self._block("tangent_block", dense=False), self._block("tangent_block_dense", dense=True)]
        parts += [self._step("tangent_step", "tangent_block"), self._step("tangent_step_dense", "tangent_block_dense")]
        return "\n".join([*parts, self._accept(), self._between(), self._balance()])

    def _single(self, w: Writer, name: str) -> Value:
        """A number of the person's workspace, in every lane."""
        return spread(w, "%mem", self.layout.offsets()[name])

    def _double(self, w: Writer, offset: int) -> Value:
        return "%mem" if offset == 0 else w.let(f"getelementptr double, ptr %mem, i64 {offset}")

    def _opened(self, w: Writer) -> dict[str, Value]:
        """Addresses of matrices and factors, and of what blocks use one after another."""
        scratch, here, offsets = self.here.scratch(self.layout), self.here, self.layout.offsets()
        at = {name: self._double(w, offsets[name]) for name in ("factors", "reciprocals")}
        at |= {name: self._double(w, scratch[name]) for name in ("TY", "TP")}
        at["JS"] = self._double(w, scratch["J"] + METHOD.stages * here.moving)
        at["PS"] = self._double(w, scratch["P"] + METHOD.stages * here.columns_moving)
        common = here.common(self.layout)
        at |= {"v": w.at("%common", common["v"]), "dt": w.at("%common", common["dt"])}
        return at | {f"k{j}": w.at("%common", common["k"] + j * self.layout.states) for j in range(METHOD.stages)}

    def _apply(self, w: Writer, at: dict[str, Value], j: int, vectors: tuple[Value, Value, Value]) -> None:
        scratch, here = self.here.scratch(self.layout), self.here
        sizes = {"J": here.moving, "P": here.columns_moving, "DJ": here.curves, "DP": here.columns_curves}
        own = {name: self._double(w, scratch[name] + j * size) for name, size in sizes.items()}
        given = (own["J"], at["JS"], own["P"], at["PS"], own["DJ"], own["DP"], *vectors, at[f"k{j}"])
        w.lines.append(f" call void @tangent_apply({', '.join(f'ptr {a}' for a in given)})")

    def _solve(self, w: Writer, at: dict[str, Value], target: Value) -> None:
        w.lines.append(f" call void @solve_abreast(ptr {at['factors']}, ptr {at['reciprocals']}, ptr {target})")

    def _blocks(self, w: Writer, body: Callable[[Value, list[Value]], list[Value]], carried: list[Value]) -> list[Value]:
        """For each block, `body(its address, carried)`."""
        common, total = self.here.common(self.layout)["total"], self.here.block(self.layout)["total"]
        start = w.at("%table", common)

        def one(d: Value, carried: list[Value]) -> list[Value]:
            return body(w.let(f"getelementptr {w.V}, ptr {start}, i64 {w.let(f'mul i64 {d}, {total}')}"), carried)

        return w.loop("%count", one, carried)

    def _fields(self, w: Writer, block: Value, names: str) -> dict[str, Value]:
        places = self.here.block(self.layout)
        return {name: w.at(block, places[name]) for name in names.split()}

    def _closed(self, w: Writer, name: str) -> str:
        return f"define void @{name}({SIGNATURE}) {{\nentry:\n{w.text}\n ret void\n}}"

    def _block(self, name: str, *, dense: bool) -> str:
        """One step of a block: `next` and (with dense) the polynomials; gives the sum of the squares of the scaled errors."""
        w = Writer(self.width)
        at = self._opened(w) | self._fields(w, "%block", "s next dense seeds weight")
        n = self.layout.states
        h = self._single(w, "step")
        inverse = w.div(1.0, h)
        own = {**at, "y": at["s"], "u": at["v"]}
        base = Kernels(self.layout, self.width, (), self.massless, ())
        if self.timely:
            w.each(len(self.timely), lambda k: w.store(0.0, at["dt"], k))
            given = ", ".join(f"ptr {at[a]}" for a in ("TY", "TP", "s", "seeds", "dt"))
            w.lines.append(f" call void @tangent_time({given})")
        w.each(n, lambda i: w.store(0.0, at["k0"], i))
        for j in range(METHOD.stages):
            if j:
                w.each(n, partial(base.argument, w, own, j, inverse))
            if METHOD.d[j] and self.timely:
                weight = w.mul(h, METHOD.d[j])
                for k, q in enumerate(self.timely):
                    w.store(w.fma(weight, w.load(at["dt"], k), w.load(at[f"k{j}"], q)), at[f"k{j}"], q)
            self._apply(w, at, j, (at["v"] if j else at["s"], at["s"], at["seeds"]))
            self._solve(w, at, at[f"k{j}"])
        total = self._finish(w, at, dense=dense)
        signature = "ptr %mem, ptr %S, ptr %common, ptr %block"
        return f"define internal {w.V} @{name}({signature}) noinline {{\nentry:\n{w.text}\n ret {w.V} {total}\n}}"

    def _finish(self, w: Writer, at: dict[str, Value], *, dense: bool) -> Value:
        n, last = self.layout.states, METHOD.stages - 1
        rtol, atol = self._single(w, "rtol"), w.mul(self._single(w, "atol"), w.load(at["weight"], 0))
        looser = w.load(at["weight"], 1)

        def body(i: Value, carried: list[Value]) -> list[Value]:
            k = w.load(at[f"k{last}"], i)
            s = w.add(w.load(at["v"], i), k)
            w.store(s, at["next"], i)
            sizes = w.larger(w.abs(s), w.abs(w.load(at["s"], i)))
            error = w.div(w.mul(k, looser), w.fma(rtol, sizes, w.mul(atol, w.broadcast("%S", i))))
            return [w.fma(error, error, carried[0])]

        (total,) = w.loop(n, body, [w.splat(0.0)])
        if dense:
            w.each(n, partial(self._polynomials, w, at))
        return total

    def _polynomials(self, w: Writer, at: dict[str, Value], i: Value, /) -> None:
        n = self.layout.states
        for r, row in enumerate(METHOD.dense):
            total: Value | None = None
            for q in range(METHOD.stages):
                k = w.load(at[f"k{q}"], i)
                total = w.mul(k, row[q]) if total is None else w.fma(k, row[q], total)
            assert total is not None
            w.store(total, w.at(at["dense"], r * n), i)

    def _step(self, name: str, block: str) -> str:
        """Curvatures along every stage, then every block; the error becomes the larger of the states' and the slopes'."""
        w = Writer(self.width)
        self._curves(w)

        def body(place: Value, carried: list[Value]) -> list[Value]:
            return [w.add(w.let(f"call {w.V} @{block}(ptr %mem, ptr %S, ptr %table, ptr {place})"), carried[0])]

        (squares,) = self._blocks(w, body, [w.splat(0.0)])
        total = w.let(f"extractelement {w.V} {squares}, i32 0")
        for lane in range(1, self.width):
            total = w.let(f"fadd double {total}, {w.let(f'extractelement {w.V} {squares}, i32 {lane}')}")
        count = w.let(f"fmul double {w.let('uitofp i64 %count to double')}, {float(self.width * self.layout.states)!r}")
        mean = w.let(f"fdiv double {total}, {count}")
        place = self._double(w, self.here.scratch(self.layout)["squares"])
        w.lines.append(f" store double {mean}, ptr {place}, align 8")
        w.lines.append(" call void @tangent_judge(ptr %mem, ptr %S, ptr %table, i64 %count)")
        return self._closed(w, name)

    def _curves(self, w: Writer) -> None:
        """How J and columns change along the stages, as many stages at a time as there are lanes; each stage's then lie together."""
        n, here, offsets = self.layout.states, self.here, self.layout.offsets()
        scratch, common = here.scratch(self.layout), here.common(self.layout)
        packed = {name: w.at("%table", common[name]) for name in ("K", "DJ", "DP")}
        arrays = [self._double(w, offsets[name]) for name in ("personal", "input", "input_slope", "input_time")]
        shared = w.let(f"getelementptr double, ptr %S, i64 {self.layout.constants}")
        y, X, t = self._double(w, offsets["y"]), self._double(w, scratch["X"]), self._single(w, "time")
        for first in range(0, METHOD.stages, self.width):
            stages = range(first, min(first + self.width, METHOD.stages))
            K = [self._double(w, offsets["k"] + j * n) for j in stages]
            w.each(n, partial(_pack, w, K, packed["K"]))
            given = ", ".join(f"ptr {a}" for a in (shared, *arrays, X, packed["K"], packed["DJ"], packed["DP"]))
            w.lines.append(f" call void @tangent_curve(ptr {y}, {w.V} {t}, {given})")
            for name, size in (("DJ", here.curves), ("DP", here.columns_curves)):
                if size:
                    to = [self._double(w, scratch[name] + j * size) for j in stages]
                    w.each(size, partial(_unpack, w, packed[name], to))

    def _accept(self) -> str:
        """s = next, for everybody."""
        w = Writer(self.width)

        def body(block: Value, carried: list[Value]) -> list[Value]:
            at = self._fields(w, block, "s next")
            w.each(self.layout.states, lambda i: w.store(w.load(at["next"], i), at["s"], i))
            return carried

        self._blocks(w, body, [])
        return self._closed(w, "tangent_accept")

    def _between(self) -> str:
        """out = slopes at theta."""
        w = Writer(self.width)
        theta, n = self._single(w, "theta"), self.layout.states
        rest = w.sub(1.0, theta)

        def body(block: Value, carried: list[Value]) -> list[Value]:
            at = self._fields(w, block, "s next dense out")

            def one(i: Value) -> None:
                value: Value | None = None
                for r in reversed(range(len(METHOD.dense))):
                    part = w.load(w.at(at["dense"], r * n), i)
                    value = part if value is None else w.fma(theta, value, part)
                assert value is not None
                value = w.fma(rest, value, w.load(at["next"], i))
                w.store(w.fma(rest, w.load(at["s"], i), w.mul(theta, value)), at["out"], i)

            w.each(n, one)
            return carried

        self._blocks(w, body, [])
        return self._closed(w, "tangent_between")

    def _balance(self) -> str:
        """Slopes of the algebraic unknowns from their balances."""
        w = Writer(self.width)
        w.lines.append(" call void @tangent_factors(ptr %mem, ptr %S, ptr %table, i64 %count)")
        w.lines.append(" br label %begun\nbegun:\n %common = getelementptr i8, ptr %table, i64 0")
        w.block = "begun"
        at, n = self._opened(w), self.layout.states
        mass = w.let(f"getelementptr double, ptr %S, i64 {2 * n}")

        def body(block: Value, carried: list[Value]) -> list[Value]:
            own = self._fields(w, block, "s seeds")
            w.each(n, lambda i: w.store(0.0, at["k0"], i))
            self._apply(w, at, 0, (own["s"], own["s"], own["seeds"]))
            w.each(n, lambda i: w.store(w.mul(w.load(at["k0"], i), w.sub(1.0, w.broadcast(mass, i))), at["k0"], i))
            self._solve(w, at, at["k0"])

            def move(i: Value) -> None:
                change = w.mul(w.load(at["k0"], i), w.sub(1.0, w.broadcast(mass, i)))
                w.store(w.add(w.load(own["s"], i), change), own["s"], i)

            w.each(n, move)
            return carried

        self._blocks(w, body, [])
        return self._closed(w, "tangent_balance")
