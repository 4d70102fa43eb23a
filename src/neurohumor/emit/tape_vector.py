"""A writer of LLVM text over vectors of doubles: one value is one person per lane.

Values are names of the text or literals; a Python float stands for the same number in every lane.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

Value = str
Operand = str | float

POINTER = "ptr noalias nocapture"


def hexadecimal(x: float) -> str:
    """A double as LLVM reads it without rounding."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', x))[0]:016X}"


class Writer:
    """Lines of one function.  `width` lanes; floats are splatted, pointers count in whole vectors."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.lines: list[str] = []
        self.block = "entry"
        self._count = 0
        self._loops = 0
        self.V, self.I, self.M = f"<{width} x double>", f"<{width} x i64>", f"<{width} x i1>"
        self._suffix = f"v{width}f64"

    def name(self) -> Value:
        """A name not used before."""
        self._count += 1
        return f"%v{self._count}"

    def let(self, text: str) -> Value:
        """A new value, defined by this text."""
        name = self.name()
        self.lines.append(f" {name} = {text}")
        return name

    def splat(self, x: float) -> Value:
        """The same number in every lane."""
        if x == 0 and struct.pack("<d", x) == bytes(8):
            return "zeroinitializer"
        return "<" + ", ".join([f"double {hexadecimal(x)}"] * self.width) + ">"

    def whole(self, x: int) -> Value:
        """The same integer in every lane."""
        x &= (1 << 64) - 1
        return "<" + ", ".join([f"i64 {x - (1 << 64) if x >> 63 else x}"] * self.width) + ">"

    def _in(self, x: Operand) -> Value:
        return x if isinstance(x, str) else self.splat(x)

    def _two(self, op: str, a: Operand, b: Operand) -> Value:
        return self.let(f"{op} {self.V} {self._in(a)}, {self._in(b)}")

    def add(self, a: Operand, b: Operand) -> Value:
        """a + b"""
        return self._two("fadd", a, b)

    def sub(self, a: Operand, b: Operand) -> Value:
        """a - b"""
        return self._two("fsub", a, b)

    def mul(self, a: Operand, b: Operand) -> Value:
        """a * b"""
        return self._two("fmul", a, b)

    def div(self, a: Operand, b: Operand) -> Value:
        """a / b"""
        return self._two("fdiv", a, b)

    def neg(self, a: Value) -> Value:
        """-a"""
        return self.let(f"fneg {self.V} {a}")

    def _intrinsic(self, name: str, *args: Operand) -> Value:
        given = ", ".join(f"{self.V} {self._in(a)}" for a in args)
        return self.let(f"call {self.V} @llvm.{name}.{self._suffix}({given})")

    def fma(self, a: Operand, b: Operand, c: Operand) -> Value:
        """a * b + c, rounded once"""
        return self._intrinsic("fma", a, b, c)

    def abs(self, a: Value) -> Value:
        """|a|"""
        return self._intrinsic("fabs", a)

    def sqrt(self, a: Value) -> Value:
        """Square root"""
        return self._intrinsic("sqrt", a)

    def rint(self, a: Value) -> Value:
        """The nearest whole number, ties to even"""
        return self._intrinsic("rint", a)

    def floor(self, a: Value) -> Value:
        """Down to a whole number"""
        return self._intrinsic("floor", a)

    def ceil(self, a: Value) -> Value:
        """Up to a whole number"""
        return self._intrinsic("ceil", a)

    def copysign(self, a: Operand, b: Value) -> Value:
        """|a| with the sign of b"""
        return self._intrinsic("copysign", a, b)

    def bits(self, a: Value) -> Value:
        """The bits of doubles as integers"""
        return self.let(f"bitcast {self.V} {a} to {self.I}")

    def double(self, a: Value) -> Value:
        """Integers as the bits of doubles"""
        return self.let(f"bitcast {self.I} {a} to {self.V}")

    def integer(self, op: str, a: Value, b: Value | int) -> Value:
        """An operation on integers"""
        return self.let(f"{op} {self.I} {a}, {self.whole(b) if isinstance(b, int) else b}")

    def compare(self, how: str, a: Operand, b: Operand) -> Value:
        """A mask: how the lanes compare, in LLVM's words"""
        return self.let(f"fcmp {how} {self.V} {self._in(a)}, {self._in(b)}")

    def compare_bits(self, how: str, a: Value, b: int) -> Value:
        """A mask from integers"""
        return self.let(f"icmp {how} {self.I} {a}, {self.whole(b)}")

    def both(self, op: str, a: Value, b: Value) -> Value:
        """`and`, `or`, `xor` of masks"""
        return self.let(f"{op} {self.M} {a}, {b}")

    def opposite(self, a: Value) -> Value:
        """The other lanes"""
        ones = "<" + ", ".join(["i1 1"] * self.width) + ">"
        return self.let(f"xor {self.M} {a}, {ones}")

    def select(self, mask: Value, a: Operand, b: Operand) -> Value:
        """a in the lanes of the mask, else b"""
        return self.let(f"select {self.M} {mask}, {self.V} {self._in(a)}, {self.V} {self._in(b)}")

    def larger(self, a: Operand, b: Operand) -> Value:
        """The larger; b where a is not a number"""
        return self.select(self.compare("ogt", a, b), a, b)

    def call(self, function: str, *args: Value) -> Value:
        """A vector function by name"""
        return self.let(f"call {self.V} @{function}({', '.join(f'{self.V} {a}' for a in args)})")

    def at(self, base: Value, index: int | Value) -> Value:
        """The address of a vector"""
        return base if isinstance(index, int) and index == 0 else self.let(f"getelementptr {self.V}, ptr {base}, i64 {index}")

    def load(self, base: Value, index: int | Value, *, fixed: bool = False) -> Value:
        """The vector at an index; fixed: nobody writes there while the function runs"""
        return self.let(f"load {self.V}, ptr {self.at(base, index)}, align {8 * self.width}{', !invariant.load !0' if fixed else ''}")

    def store(self, value: Operand, base: Value, index: int | Value) -> None:
        """Write a vector"""
        place = self.at(base, index)
        self.lines.append(f" store {self.V} {self._in(value)}, ptr {place}, align {8 * self.width}")

    def broadcast(self, base: Value, index: int | Value) -> Value:
        """One double of an array in every lane"""
        place = base if index == 0 else self.let(f"getelementptr double, ptr {base}, i64 {index}")
        one = self.let(f"load double, ptr {place}, align 8, !invariant.load !0")
        first = self.let(f"insertelement {self.V} poison, double {one}, i32 0")
        return self.let(f"shufflevector {self.V} {first}, {self.V} poison, <{self.width} x i32> zeroinitializer")

    def polynomial(self, x: Value, coefficients: list[float]) -> Value:
        """Lowest power first; even and odd powers apart, for half the latency."""
        square = self.mul(x, x)
        half: list[Value | None] = [None, None]
        for k in range(len(coefficients) - 1, -1, -1):
            before = half[k & 1]
            half[k & 1] = self.splat(coefficients[k]) if before is None else self.fma(before, square, coefficients[k])
        assert half[0] is not None and half[1] is not None
        return self.fma(half[1], x, half[0])

    def loop(self, count: int | Value, body: Callable[[Value, list[Value]], list[Value]], carried: list[Value]) -> list[Value]:
        """Run `body(index, carried)` count (>= 1) times; it gives what is carried on, and so does the loop."""
        self._loops += 1
        here, head, done = self.block, f"L{self._loops}", f"E{self._loops}"
        self.lines.append(f" br label %{head}\n{head}:")
        index, following = self.name(), self.name()
        names = [self.name() for _ in carried]
        place = len(self.lines)
        self.lines.append("")
        self.block = head
        result = body(index, names)
        heads = [f" {index} = phi i64 [0, %{here}], [{following}, %{self.block}]"]
        heads += [f" {n} = phi {self.V} [{a}, %{here}], [{r}, %{self.block}]" for n, a, r in zip(names, carried, result, strict=True)]
        self.lines[place] = "\n".join(heads)
        more = self.name()
        self.lines.append(f" {following} = add nuw nsw i64 {index}, 1\n {more} = icmp ult i64 {following}, {count}")
        self.lines.append(f" br i1 {more}, label %{head}, label %{done}\n{done}:")
        self.block = done
        return result

    def each(self, count: int | Value, body: Callable[[Value], None]) -> None:
        """Run `body(index)` count (>= 1) times."""

        def nothing(index: Value, carried: list[Value]) -> list[Value]:
            body(index)
            return []

        self.loop(count, nothing, [])

    @property
    def text(self) -> str:
        """The body so far"""
        return "\n".join(self.lines)


def declarations(width: int) -> str:
    """What the text of any function may call."""
    V = f"<{width} x double>"
    one = "\n".join(f"declare {V} @llvm.{n}.v{width}f64({V})" for n in ("fabs", "sqrt", "rint", "floor", "ceil"))
    return f"{one}\ndeclare {V} @llvm.copysign.v{width}f64({V}, {V})\ndeclare {V} @llvm.fma.v{width}f64({V}, {V}, {V})"
