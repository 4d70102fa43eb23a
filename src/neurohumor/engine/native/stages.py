"""LLVM text of the kernels that move people on: step, accept, dense output, consistent unknowns, first slope, trigger watch.

Every kernel is `void kernel(workspace, shared, table, count)`; only dense output and the watch use the table and the count.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from neurohumor.emit.tape_vector import Value, Writer
from neurohumor.engine.native.layout import LOOKS, Layout
from neurohumor.engine.native.tableau import RODAS5P as METHOD

SAFETY = math.log(1 / 0.85)
GAINS = (1.0, 0.0)
"""Of the controller, divided by the order: of this error, and against the one before.  (0.7, 0.4), with 0.9 for safety, took 1.35 to
1.55 times the steps at one tolerance, for an error two to five times smaller: at one error the two cost about the same, but these
keep the error nearer to what was asked for."""
STILL = 1e30
"""1/(h gamma) that holds differential states still while the algebraic unknowns are sought."""
SIGNATURE = "ptr noalias %mem, ptr noalias %S, ptr noalias %table, i64 %count"


@dataclass(frozen=True, slots=True)
class StepKernels:
    """What the texts need to know: the layout, positions whose df/dt is not zero, positions with a mass, watched positions."""

    layout: Layout
    width: int
    timely: tuple[int, ...]
    massless: tuple[int, ...]
    watched: tuple[int, ...]

    def text(self) -> str:
        """All of them."""
        parts = [self.step(), self.accept(), self.dense(), self.first()]
        if self.massless:
            parts.append(self.consistent())
        if self.layout.triggers:
            parts += [self.truths(), self.watch(), self.probe(), self.cut()]
        return "\n".join(parts)

    def opened(self) -> tuple[Writer, dict[str, Value]]:
        w = Writer(self.width)
        offsets = self.layout.offsets()
        names = ("y", "u", "dt", "reciprocals", "factors", "personal", "input", "input_slope", "input_time", "pivot", "out", "watched")
        at = {name: w.at("%mem", offsets[name]) for name in names}
        at |= {f"k{j}": w.at("%mem", offsets["k"] + j * self.layout.states) for j in range(METHOD.stages)}
        at["constants"] = w.let(f"getelementptr double, ptr %S, i64 {self.layout.constants}")
        at["ones"] = "%S"
        return w, at

    def closed(self, w: Writer, name: str) -> str:
        return f"define void @{name}({SIGNATURE}) {{\nentry:\n{w.text}\n ret void\n}}"

    def scalar(self, w: Writer, name: str) -> Value:
        return w.load("%mem", self.layout.offsets()[name])

    def _tell(self, w: Writer, name: str, value: Value | float) -> None:
        w.store(value, "%mem", self.layout.offsets()[name])

    def call_rates(self, w: Writer, at: dict[str, Value], state: Value, time: Value, target: Value) -> None:
        inputs = f"ptr {at['input']}, ptr {at['input_slope']}, ptr {at['input_time']}"
        w.lines.append(f" call void @rates(ptr {state}, {w.V} {time}, ptr {at['constants']}, ptr {at['personal']}, {inputs}, ptr {target})")

    def call_slopes(self, w: Writer, at: dict[str, Value], time: Value) -> None:
        inputs = f"ptr {at['input']}, ptr {at['input_slope']}, ptr {at['input_time']}"
        w.lines.append(
            f" call void @slopes(ptr {at['y']}, {w.V} {time}, ptr {at['constants']}, ptr {at['personal']}, {inputs}, "
            f"ptr {at['k0']}, ptr {at['factors']}, ptr {at['dt']})"
        )

    def factor(self, w: Writer, at: dict[str, Value], g: Value) -> None:
        self._tell(w, "pivot", 0.0)
        self._tell(w, "pivot_least", 1.0)
        w.lines.append(f" call void @factor(ptr {at['factors']}, ptr {at['reciprocals']}, {w.V} {g}, ptr {at['pivot']})")
        self._tell(w, "pivot", w.larger(w.div(1.0, self.scalar(w, "pivot_least")), self.scalar(w, "pivot")))

    def solve(self, w: Writer, at: dict[str, Value], target: Value) -> None:
        w.lines.append(f" call void @solve(ptr {at['factors']}, ptr {at['reciprocals']}, ptr {target})")

    def step(self) -> str:
        """One step of every lane: y to u, its error, the factors by which the step may change."""
        w, at = self.opened()
        n = self.layout.states
        t, h = self.scalar(w, "time"), self.scalar(w, "step")
        inverse = w.div(1.0, h)
        self.call_slopes(w, at, t)
        self.factor(w, at, w.mul(inverse, 1.0 / METHOD.gamma))
        self._add_time_slope(w, at, h, 0)
        self.solve(w, at, at["k0"])
        for j in range(1, METHOD.stages):
            w.each(n, partial(self.argument, w, at, j, inverse))
            self._add_time_slope(w, at, h, j)
            time = w.fma(h, METHOD.c[j], t) if METHOD.c[j] else t
            self.call_rates(w, at, at["u"], time, at[f"k{j}"])
            self.solve(w, at, at[f"k{j}"])
        self._judge(w, at)
        return self.closed(w, "step")

    def argument(self, w: Writer, at: dict[str, Value], j: int, inverse: Value, i: Value, /) -> None:
        """u = y + sum A K and K[j] = M sum C K / h, state by state."""
        follows = j > 1 and (*METHOD.A[j - 1], 1.0) == METHOD.A[j]  # then u is that of the stage before, plus its K
        u = w.load(at["u"] if follows else at["y"], i)
        c: Value | None = None
        for q in range(j):
            a = METHOD.A[j][q] if not follows or q == j - 1 else 0.0
            k = w.load(at[f"k{q}"], i)
            if a:
                u = w.add(u, k) if a == 1.0 else w.fma(k, a, u)
            c = w.mul(k, METHOD.C[j][q]) if c is None else w.fma(k, METHOD.C[j][q], c)
        assert c is not None
        w.store(u, at["u"], i)
        scaled = w.mul(c, inverse)
        if self.massless:
            mass = w.let(f"getelementptr double, ptr %S, i64 {2 * self.layout.states}")
            scaled = w.mul(scaled, w.broadcast(mass, i))
        w.store(scaled, at[f"k{j}"], i)

    def _add_time_slope(self, w: Writer, at: dict[str, Value], h: Value, j: int) -> None:
        if not METHOD.d[j] or not self.timely:
            return
        weight = w.mul(h, METHOD.d[j])

        def one(i: int | Value) -> None:
            w.store(w.fma(weight, w.load(at["dt"], i), w.load(at[f"k{j}"], i)), at[f"k{j}"], i)

        if 2 * len(self.timely) > self.layout.states:
            w.each(self.layout.states, one)
        else:
            for i in self.timely:
                one(i)

    def _judge(self, w: Writer, at: dict[str, Value]) -> None:
        """Root mean square of the scaled error, how far below zero states went, and the step's factors."""
        n, last = self.layout.states, METHOD.stages - 1
        rtol, atol = self.scalar(w, "rtol"), self.scalar(w, "atol")

        def body(i: Value, carried: list[Value]) -> list[Value]:
            k = w.load(at[f"k{last}"], i)
            u = w.add(w.load(at["u"], i), k)
            w.store(u, at["u"], i)
            sizes = w.larger(w.abs(u), w.abs(w.load(at["y"], i)))
            absolute = w.mul(atol, w.broadcast("%S", i))
            error = w.div(k, w.fma(rtol, sizes, absolute))
            sign = w.broadcast(w.let(f"getelementptr double, ptr %S, i64 {n}"), i)
            below = w.mul(w.neg(u), sign)
            return [w.fma(error, error, carried[0]), w.larger(below, carried[1])]

        total, below = w.loop(n, body, [w.splat(0.0), w.splat(0.0)])
        self._tell(w, "below", below)
        self.tell_error(w, w.sqrt(w.mul(total, 1.0 / n)))

    def tell_error(self, w: Writer, error: Value) -> None:
        """The error, and the factors by which the step may grow and must shrink."""
        self._tell(w, "error", error)
        size = w.call("vector_log", error)
        grow = w.mul(size, GAINS[0] / METHOD.order)
        if GAINS[1]:
            grow = w.fma(w.call("vector_log", self.scalar(w, "error_before")), -GAINS[1] / METHOD.order, grow)
        self._tell(w, "grow", w.call("vector_exp", w.add(grow, SAFETY)))
        self._tell(w, "shrink", w.call("vector_exp", w.fma(size, 1.0 / METHOD.order, SAFETY)))

    def accept(self) -> str:
        """y = u in the lanes whose mask is set."""
        w, at = self.opened()
        mask = w.compare("one", self.scalar(w, "mask"), 0.0)

        w.each(self.layout.states, lambda i: w.store(w.select(mask, w.load(at["u"], i), w.load(at["y"], i)), at["y"], i))
        return self.closed(w, "accept")

    def _between(self, w: Writer, at: dict[str, Value], i: int | Value, theta: Value) -> Value:
        """A state within the step just made."""
        rest = w.sub(1.0, theta)
        inner: list[Value | None] = [None] * len(METHOD.dense)
        for q in range(METHOD.stages):
            k = w.load(at[f"k{q}"], i)
            for r, row in enumerate(METHOD.dense):
                old = inner[r]
                inner[r] = w.mul(k, row[q]) if old is None else w.fma(k, row[q], old)
        value: Value | None = None
        for part in reversed(inner):
            assert part is not None
            value = part if value is None else w.fma(theta, value, part)
        assert value is not None
        value = w.fma(rest, value, w.load(at["u"], i))
        return w.fma(rest, w.load(at["y"], i), w.mul(theta, value))

    def dense(self) -> str:
        """out[o] = state table[o] at theta, for count states (positions)."""
        w, at = self.opened()
        theta = self.scalar(w, "theta")

        def body(o: Value) -> None:
            i = w.let(f"load i64, ptr {w.let(f'getelementptr i64, ptr %table, i64 {o}')}, align 8")
            w.store(self._between(w, at, i, theta), at["out"], o)

        w.each("%count", body)
        return self.closed(w, "dense")

    def first(self) -> str:
        """How fast the scaled state changes, and how large it is: for the first step.  Uses k0."""
        w, at = self.opened()
        n = self.layout.states
        w.each(n, lambda i: w.store(0.0, at["k0"], i))  # rates are added to what is there
        self.call_rates(w, at, at["y"], self.scalar(w, "time"), at["k0"])
        rtol, atol = self.scalar(w, "rtol"), self.scalar(w, "atol")

        def body(i: Value, carried: list[Value]) -> list[Value]:
            y = w.load(at["y"], i)
            scale = w.fma(rtol, w.abs(y), w.mul(atol, w.broadcast("%S", i)))
            slope, size = w.div(w.load(at["k0"], i), scale), w.div(y, scale)
            return [w.larger(w.abs(slope), carried[0]), w.larger(w.abs(size), carried[1])]

        slope, size = w.loop(n, body, [w.splat(0.0), w.splat(0.0)])
        self._tell(w, "slope", slope)
        self._tell(w, "residual", size)
        return self.closed(w, "first")

    def consistent(self) -> str:
        """One Newton step of the algebraic unknowns in the masked lanes; `residual` is its largest scaled change."""
        w, at = self.opened()
        n = self.layout.states
        self.call_slopes(w, at, self.scalar(w, "time"))
        self.factor(w, at, w.splat(STILL))
        mass = w.let(f"getelementptr double, ptr %S, i64 {2 * n}")

        w.each(n, lambda i: w.store(w.mul(w.load(at["k0"], i), w.sub(1.0, w.broadcast(mass, i))), at["k0"], i))
        self.solve(w, at, at["k0"])
        mask = w.compare("one", self.scalar(w, "mask"), 0.0)
        rtol, atol = self.scalar(w, "rtol"), self.scalar(w, "atol")

        def move(i: Value, carried: list[Value]) -> list[Value]:
            y = w.load(at["y"], i)
            still = w.broadcast(mass, i)
            change = w.mul(w.load(at["k0"], i), w.sub(1.0, still))
            w.store(w.select(mask, w.add(y, change), y), at["y"], i)
            scale = w.fma(rtol, w.abs(y), w.mul(atol, w.broadcast("%S", i)))
            size = w.abs(w.div(change, scale))
            worse = w.compare("ugt", size, carried[0])  # also where it is not a number
            return [w.select(w.compare("uno", carried[0], carried[0]), carried[0], w.select(worse, size, carried[0]))]

        (worst,) = w.loop(n, move, [w.splat(0.0)])
        self._tell(w, "residual", worst)
        return self.closed(w, "consistent")

    def _triggers(self, w: Writer, at: dict[str, Value], point: tuple[Value, Value], look: int = 0) -> None:
        """Triggers into `probe`, margins among those of this look."""
        inputs = f"ptr {at['input']}, ptr {at['input_slope']}, ptr {at['input_time']}"
        offsets, (state, time) = self.layout.offsets(), point
        places = f"ptr {w.at('%mem', offsets['probe'])}, ptr {w.at('%mem', offsets['margins'] + look * self.layout.margins)}"
        w.lines.append(f" call void @triggers(ptr {state}, {w.V} {time}, ptr {at['constants']}, ptr {at['personal']}, {inputs}, {places})")

    def _compare(self, w: Writer, changed: Value, count: int) -> Value:
        offsets = self.layout.offsets()
        for k in range(count):
            a, b = w.load("%mem", offsets["truths"] + k), w.load("%mem", offsets["probe"] + k)
            changed = w.select(w.compare("une", a, b), 1.0, changed)
        return changed

    def truths(self) -> str:
        """The triggers at y into `probe`; `changed` where that of an event differs from `truths`."""
        w, at = self.opened()
        self._triggers(w, at, (at["y"], self.scalar(w, "time")))
        self._tell(w, "changed", self._compare(w, w.splat(0.0), self.layout.events))
        return self.closed(w, "truths")

    def _look(self, w: Writer, at: dict[str, Value], theta: Value, look: int = 0) -> Value:
        """1 where a trigger within the step just made differs from `truths`, else 0."""
        for i in self.watched:
            w.store(self._between(w, at, i, theta), at["watched"], i)
        time = w.fma(self.scalar(w, "step"), theta, self.scalar(w, "time"))
        self._triggers(w, at, (at["watched"], time), look)
        return self._compare(w, w.splat(0.0), self.layout.triggers)

    def watch(self) -> str:
        """`changed`: where in the step just made a trigger is first seen to differ from `truths`; 0: nowhere."""
        w, at = self.opened()
        changed = w.splat(0.0)
        self._triggers(w, at, (at["y"], self.scalar(w, "time")))
        for look in range(1, LOOKS + 1):
            found = w.compare("une", self._look(w, at, w.splat(look / LOOKS), look), 0.0)
            changed = w.select(w.both("and", found, w.compare("oeq", changed, 0.0)), look / LOOKS, changed)
        if self.layout.margins:
            changed = self._between_looks(w, at, changed)
        self._tell(w, "changed", changed)
        return self.closed(w, "watch")

    def _between_looks(self, w: Writer, at: dict[str, Value], changed: Value) -> Value:
        """A comparison may turn and turn back between looks: where the parabola through three margins does, the first such place is
        looked at too."""
        start, count = self.layout.offsets()["margins"], self.layout.margins
        place = w.splat(2.0)
        for k in range(count):
            margins = [w.load("%mem", start + look * count + k) for look in range(LOOKS + 1)]
            for look in range(1, LOOKS):
                a, b, c = margins[look - 1 : look + 2]
                half, bend = w.mul(w.sub(c, a), 0.5), w.sub(w.sub(c, b), w.sub(b, a))
                offset = w.neg(w.div(half, bend))
                turned = w.compare("olt", w.mul(b, w.fma(w.mul(half, offset), 0.5, b)), 0.0)
                inside = w.compare("olt", w.abs(offset), 1.0)
                theta = w.mul(w.add(offset, float(look)), 1.0 / LOOKS)
                nearer = w.compare("olt", theta, place)
                place = w.select(w.both("and", w.both("and", turned, inside), nearer), theta, place)
        there = w.compare("olt", place, 1.0)
        found = w.compare("une", self._look(w, at, w.select(there, place, 1.0)), 0.0)
        first = w.both("or", w.compare("oeq", changed, 0.0), w.compare("olt", place, changed))
        return w.select(w.both("and", w.both("and", there, found), first), place, changed)

    def probe(self) -> str:
        """`changed` where a trigger differs from `truths` at theta."""
        w, at = self.opened()
        self._tell(w, "changed", self._look(w, at, self.scalar(w, "theta")))
        return self.closed(w, "probe")

    def cut(self) -> str:
        """y as it was at theta, in the lanes whose mask is set."""
        w, at = self.opened()
        mask, theta = w.compare("one", self.scalar(w, "mask"), 0.0), self.scalar(w, "theta")
        w.each(self.layout.states, lambda i: w.store(w.select(mask, self._between(w, at, i, theta), w.load(at["y"], i)), at["y"], i))
        return self.closed(w, "cut")


@dataclass(frozen=True, slots=True)
class Kernels(StepKernels):
    """The texts for crowds: a person a lane, no slopes."""


def scalars(names: Sequence[str], layout: Layout, width: int) -> dict[str, int]:
    """Offsets in doubles of fields of the workspace."""
    offsets = layout.offsets()
    return {name: offsets[name] * width for name in names}
