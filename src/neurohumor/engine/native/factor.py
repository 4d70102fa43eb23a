"""LLVM text of `factor` (LU of M/(h gamma) - J in place) and `solve`: straight lines, or loops over tables where too long."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from neurohumor.emit.tape_vector import POINTER, Value, Writer
from neurohumor.engine.native.elimination import Elimination

STRAIGHT = 20_000
"""Multiply-adds up to which a factorisation is written in straight lines."""
CHUNK = 400
"""Operations per function: the code generator takes more than linear time."""


def factor_text(form: Elimination, filled: set[int], differential: set[int], width: int, *, straight: int = STRAIGHT) -> str:
    """`@factor(%A, %R, g, %P)`: factors %A (in: -J in its slots), %R the reciprocals of the pivots, g = 1/(h gamma).

    filled  slots that hold -J; differential  positions with a mass.  %P[0] tells how far the pivots shrank, the largest
    |diagonal / pivot|, and %P[1] how far they grew, the smallest: rounding errors are amplified by as much either way.
    """
    if form.work > straight:
        return _tables(form, filled, differential, width)
    return Chunks("factor", f"{POINTER} %A, {POINTER} %R, {Writer(width).V} %g, {POINTER} %P", width).lines(form, filled, differential)


class Chunks:
    """A function cut into pieces that call one another's successors."""

    def __init__(self, name: str, signature: str, width: int) -> None:
        self.name, self.signature, self.width = name, signature, width
        self.parts: list[str] = []
        self.count = 0
        self.writer = Writer(width)

    def cut(self) -> None:
        """End the piece."""
        if self.writer.lines:
            body = (
                f"define internal void @{self.name}_{self.count}({self.signature}) noinline {{\nentry:\n{self.writer.text}\n ret void\n}}"
            )
            self.parts.append(body)
            self.count += 1
        self.writer = Writer(self.width)

    def whole(self) -> str:
        """The pieces and the function that calls them."""
        self.cut()
        given = ", ".join(p.replace(" noalias nocapture", "").replace(" readonly", "") for p in self.signature.split(", "))
        given = given.replace(f"<{self.width} x double>", Writer(self.width).V)
        calls = "\n".join(f" call void @{self.name}_{k}({given})" for k in range(self.count))
        return "\n".join([*self.parts, f"define internal void @{self.name}({self.signature}) noinline {{\nentry:\n{calls}\n ret void\n}}"])

    def lines(self, form: Elimination, filled: set[int], differential: set[int]) -> str:
        """The factorisation in straight lines, row by row."""
        known = set(filled)
        done = 0
        for i in range(len(form.diagonal)):
            done += _row(self.writer, form, i, known, i in differential)
            if done > CHUNK:
                self.cut()
                done = 0
        return self.whole()


def _row(w: Writer, form: Elimination, i: int, known: set[int], mass: bool) -> int:
    pivot_slot = form.diagonal[i]
    row: dict[int, Value | None] = {}
    work = 1

    def get(slot: int) -> Value | None:
        if slot not in row:
            value = w.load("%A", slot) if slot in known else None
            if slot == pivot_slot and mass:
                value = "%g" if value is None else w.add(value, "%g")
            row[slot] = value
        return row[slot]

    before = get(pivot_slot)
    for k in form.left[i]:
        slot = form.slot[i, k]
        entry = get(slot)
        assert entry is not None
        multiplier = w.mul(entry, w.load("%R", k))
        w.store(multiplier, "%A", slot)
        minus = w.neg(multiplier)
        for j in form.right[k]:
            target = form.slot[i, j]
            upper = w.load("%A", form.slot[k, j])
            old = get(target)
            row[target] = w.mul(minus, upper) if old is None else w.fma(minus, upper, old)
            work += 1
    for slot, value in row.items():
        if slot > pivot_slot:
            assert value is not None
            w.store(value, "%A", slot)
        known.add(slot)
    pivot = row[pivot_slot] or w.splat(0.0)
    reciprocal = w.div(1.0, pivot)
    w.store(reciprocal, "%R", i)
    if form.left[i] and before is not None:
        shrunk = w.abs(w.mul(before, reciprocal))
        w.store(w.larger(shrunk, w.load("%P", 0)), "%P", 0)
        least = w.load("%P", 1)
        w.store(w.select(w.compare("olt", shrunk, least), shrunk, least), "%P", 1)
    return work


def solve_text(
    form: Elimination, width: int, *, name: str = "solve", entry: Callable[[Writer, Value, int], Value] = Writer.load
) -> str:  # fmt: skip
    """`@solve(%A, %R, %b)`: %b becomes the solution.  entry: how a number of the factors is read."""
    chunks = Chunks(name, f"{POINTER} readonly %A, {POINTER} readonly %R, {POINTER} %b", width)
    n = len(form.diagonal)
    for backward in (False, True):
        rows = range(n - 1, -1, -1) if backward else range(n)
        known: dict[int, Value] = {}
        done = 0
        for i in rows:
            w = chunks.writer
            value = w.load("%b", i)
            for k in form.right[i] if backward else form.left[i]:
                factor = entry(w, "%A", form.slot[i, k])
                if k not in known:
                    known[k] = w.load("%b", k)
                value = w.fma(w.neg(factor), known[k], value)
                done += 1
            if backward:
                value = w.mul(value, entry(w, "%R", i))
            w.store(value, "%b", i)
            known[i] = value
            if done > CHUNK:
                chunks.cut()
                known, done = {}, 0
    return chunks.whole()


def _numbers(name: str, values: Sequence[int]) -> str:
    values = values or [0]
    return f"@{name} = internal constant [{len(values)} x i32] [{', '.join(f'i32 {v}' for v in values)}]"


def _tables(form: Elimination, filled: set[int], differential: set[int], width: int) -> str:
    """The same factorisation as loops: rows, their eliminations, and the entries each of them changes."""
    rows: list[int] = []
    steps: list[int] = []
    pairs: list[int] = []
    for i, diagonal in enumerate(form.diagonal):
        rows += [len(form.left[i]), diagonal, int(i in differential)]
        for k in form.left[i]:
            steps += [form.slot[i, k], k, len(form.right[k])]
            for j in form.right[k]:
                pairs += [form.slot[i, j], form.slot[k, j]]
    empty = [s for s in range(form.size) if s not in filled]
    V = f"<{width} x double>"
    tables = [_numbers("table_rows", rows), _numbers("table_steps", steps), _numbers("table_pairs", pairs), _numbers("table_empty", empty)]
    body = _TABLES.format(V=V, P=POINTER, W=f"v{width}f64", n=len(form.diagonal), empty=len(empty), n1=width, bytes=8 * width)
    return "\n".join([*tables, body])


_TABLES = """
define internal void @factor({P} %A, {P} %R, {V} %g, {P} %P) noinline {{
entry:
 br label %clear
clear:
 %e = phi i64 [0, %entry], [%e2, %clear.body]
 %e.more = icmp ult i64 %e, {empty}
 br i1 %e.more, label %clear.body, label %rows
clear.body:
 %e.at = getelementptr i32, ptr @table_empty, i64 %e
 %e.slot = load i32, ptr %e.at
 %e.to = getelementptr {V}, ptr %A, i32 %e.slot
 store {V} zeroinitializer, ptr %e.to, align {bytes}
 %e2 = add i64 %e, 1
 br label %clear
rows:
 %i = phi i64 [0, %clear], [%i2, %row.end]
 %s0 = phi i64 [0, %clear], [%s, %row.end]
 %p0 = phi i64 [0, %clear], [%p, %row.end]
 %i.more = icmp ult i64 %i, {n}
 br i1 %i.more, label %row, label %done
row:
 %i3 = mul i64 %i, 3
 %r.at = getelementptr i32, ptr @table_rows, i64 %i3
 %r.count = load i32, ptr %r.at
 %r.at1 = getelementptr i32, ptr %r.at, i64 1
 %r.slot = load i32, ptr %r.at1
 %r.at2 = getelementptr i32, ptr %r.at, i64 2
 %r.mass = load i32, ptr %r.at2
 %r.diagonal = getelementptr {V}, ptr %A, i32 %r.slot
 %d.old = load {V}, ptr %r.diagonal, align {bytes}
 %d.sum = fadd {V} %d.old, %g
 %r.has = icmp ne i32 %r.mass, 0
 %d.new = select i1 %r.has, {V} %d.sum, {V} %d.old
 store {V} %d.new, ptr %r.diagonal, align {bytes}
 %count = zext i32 %r.count to i64
 %s.end = add i64 %s0, %count
 br label %steps
steps:
 %s = phi i64 [%s0, %row], [%s2, %step.end]
 %p = phi i64 [%p0, %row], [%q, %step.end]
 %s.more = icmp ult i64 %s, %s.end
 br i1 %s.more, label %step, label %row.end
step:
 %s3 = mul i64 %s, 3
 %t.at = getelementptr i32, ptr @table_steps, i64 %s3
 %t.slot = load i32, ptr %t.at
 %t.at1 = getelementptr i32, ptr %t.at, i64 1
 %t.k = load i32, ptr %t.at1
 %t.at2 = getelementptr i32, ptr %t.at, i64 2
 %t.count = load i32, ptr %t.at2
 %l.at = getelementptr {V}, ptr %A, i32 %t.slot
 %l.old = load {V}, ptr %l.at, align {bytes}
 %k.at = getelementptr {V}, ptr %R, i32 %t.k
 %k.value = load {V}, ptr %k.at, align {bytes}
 %l = fmul {V} %l.old, %k.value
 store {V} %l, ptr %l.at, align {bytes}
 %minus = fneg {V} %l
 %t.n = zext i32 %t.count to i64
 %p.end = add i64 %p, %t.n
 br label %pairs
pairs:
 %q = phi i64 [%p, %step], [%q2, %pair]
 %q.more = icmp ult i64 %q, %p.end
 br i1 %q.more, label %pair, label %step.end
pair:
 %q.two = mul i64 %q, 2
 %q.at = getelementptr i32, ptr @table_pairs, i64 %q.two
 %q.to = load i32, ptr %q.at
 %q.at1 = getelementptr i32, ptr %q.at, i64 1
 %q.from = load i32, ptr %q.at1
 %to = getelementptr {V}, ptr %A, i32 %q.to
 %from = getelementptr {V}, ptr %A, i32 %q.from
 %old = load {V}, ptr %to, align {bytes}
 %upper = load {V}, ptr %from, align {bytes}
 %new = call {V} @llvm.fma.{W}({V} %minus, {V} %upper, {V} %old)
 store {V} %new, ptr %to, align {bytes}
 %q2 = add i64 %q, 1
 br label %pairs
step.end:
 %s2 = add i64 %s, 1
 br label %steps
row.end:
 %pivot = load {V}, ptr %r.diagonal, align {bytes}
 %one.i = insertelement {V} poison, double 1.0, i32 0
 %one = shufflevector {V} %one.i, {V} poison, <{n1} x i32> zeroinitializer
 %inverse = fdiv {V} %one, %pivot
 %inverse.at = getelementptr {V}, ptr %R, i64 %i
 store {V} %inverse, ptr %inverse.at, align {bytes}
 %ratio = fmul {V} %d.new, %inverse
 %size = call {V} @llvm.fabs.{W}({V} %ratio)
 %worst = load {V}, ptr %P, align {bytes}
 %worse = fcmp ogt {V} %size, %worst
 %now = select <{n1} x i1> %worse, {V} %size, {V} %worst
 store {V} %now, ptr %P, align {bytes}
 %P1 = getelementptr {V}, ptr %P, i64 1
 %least = load {V}, ptr %P1, align {bytes}
 %lesser = fcmp olt {V} %size, %least
 %least.now = select <{n1} x i1> %lesser, {V} %size, {V} %least
 store {V} %least.now, ptr %P1, align {bytes}
 %i2 = add i64 %i, 1
 br label %rows
done:
 ret void
}}"""
