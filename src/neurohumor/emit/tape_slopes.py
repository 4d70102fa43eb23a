"""Sparse forward derivatives on the tape itself: the Jacobian and df/dt share every value with the rates.

Conventions where a derivative does not exist: of floor, ceil and comparisons zero; of min, max and where that of the branch
taken (of the first operand where both are equal); of |x| at 0 zero; of x^n at x = 0: zero, one for n = 1.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from neurohumor.emit.tape import TRUTHS, Node, Tape

Slopes = dict[int, Node]
"""Variable -> node of the derivative; what is absent is zero."""
NOTHING: Slopes = {}
TIME = -1


def slopes(tape: Tape, roots: Sequence[Node], ramped: Collection[int] = (), *, by: Mapping[Node, int] | None = None) -> list[Slopes]:
    """For each root its derivatives by states (row >= 0) and by the time (TIME), ramped inputs counted into the time.

    by  leaf -> variable: the derivatives by these instead
    """
    if by is not None:
        return _swept(tape, roots, {k: {variable: tape.const(1.0)} for k, variable in by.items()})
    leaves: dict[Node, Slopes] = {}
    one = tape.const(1.0)
    moving = set(ramped)
    for k in tape.live(roots):
        op = tape.op[k]
        if op == "state":
            leaves[k] = {tape.row[k]: one}
        elif op == "time":
            leaves[k] = {TIME: one}
        elif op == "input" and tape.row[k] in moving:
            leaves[k] = {TIME: tape.leaf("slope", tape.row[k])}
    return _swept(tape, roots, leaves)


def _swept(tape: Tape, roots: Sequence[Node], known: dict[Node, Slopes]) -> list[Slopes]:
    for k in tape.live(roots):
        if tape.args[k] and tape.op[k] not in TRUTHS and any(known.get(a) for a in tape.args[k]):
            known[k] = _of_call(tape, k, known)
    return [known.get(r, NOTHING) for r in roots]


def _of_call(tape: Tape, k: Node, known: dict[Node, Slopes]) -> Slopes:
    op = tape.op[k]
    if op in ("where", "min", "max"):
        return _of_choice(tape, k, known)
    if k in tape.quotient:
        numerator, _, inverse = tape.quotient[k]
        if tape.args[k] in ((numerator, inverse), (inverse, numerator)):
            return _of_quotient(tape, k, known)
    if op == "add":
        return _joined(tape, known.get(tape.args[k][0], NOTHING), known.get(tape.args[k][1], NOTHING), tape.add, lambda b: b)
    if op == "sub":
        return _joined(tape, known.get(tape.args[k][0], NOTHING), known.get(tape.args[k][1], NOTHING), tape.sub, tape.neg)
    out: Slopes = {}
    for argument, factor in partials(tape, k, known):
        for variable, slope in known.get(argument, NOTHING).items():
            term = tape.neg(slope) if factor is None else tape.mul(factor, slope)
            out[variable] = tape.add(out[variable], term) if variable in out else term
    return out


def _joined(tape: Tape, a: Slopes, b: Slopes, together: Callable[[Node, Node], Node], alone: Callable[[Node], Node]) -> Slopes:
    out = dict(a)
    for variable, slope in b.items():
        out[variable] = together(out[variable], slope) if variable in out else alone(slope)
    return out


def _of_quotient(tape: Tape, k: Node, known: dict[Node, Slopes]) -> Slopes:
    """(n/d)' = (n' - (n/d) d') / d"""
    numerator, denominator, inverse = tape.quotient[k]
    scaled = {v: tape.mul(k, slope) for v, slope in known.get(denominator, NOTHING).items()}
    above = _joined(tape, known.get(numerator, NOTHING), scaled, tape.sub, tape.neg)
    return {v: tape.mul(x, inverse) for v, x in above.items()}


def _of_choice(tape: Tape, k: Node, known: dict[Node, Slopes]) -> Slopes:
    op, args = tape.op[k], tape.args[k]
    if op == "where":
        condition, a, b = args
    else:
        a, b = args
        condition = tape.raw("le", a, b) if op == "min" else tape.raw("le", b, a)
    zero = tape.const(0.0)
    left, right = known.get(a, NOTHING), known.get(b, NOTHING)
    return {v: tape.where(condition, left.get(v, zero), right.get(v, zero)) for v in {**left, **right}}


def partials(tape: Tape, k: Node, known: Collection[Node]) -> list[tuple[Node, Node | None]]:
    """(argument, derivative by it) for those arguments that vary; None stands for -1."""
    op, args = tape.op[k], tape.args[k]
    a = args[0]
    if op in ("floor", "ceil"):
        return []
    if op == "neg":
        return [(a, None)]
    if op == "mul":
        return [(a, args[1]), (args[1], a)]
    if op == "pow":
        return _of_power(tape, k, known)
    return [(a, _single(tape, k, op, a))]


def _single(tape: Tape, k: Node, op: str, a: Node) -> Node:
    one, zero = tape.const(1.0), tape.const(0.0)
    if op == "inv":
        return tape.neg(tape.mul(k, k))
    if op == "exp":
        return k
    if op == "log":
        return tape.inv(a)
    if op == "sin":
        return tape.raw("cos", a)
    if op == "cos":
        return tape.neg(tape.raw("sin", a))
    if op == "tan":
        return tape.add(one, tape.mul(k, k))
    if op == "tanh":
        return tape.sub(one, tape.mul(k, k))
    if op == "abs":
        side = tape.where(tape.raw("lt", a, zero), tape.const(-1.0), one)
        return tape.where(tape.raw("eq", a, zero), zero, side)
    if op == "sqrt":
        return tape.where(tape.raw("eq", k, zero), zero, tape.mul(tape.const(0.5), tape.inv(k)))
    square = tape.mul(a, a)
    if op == "atan":
        return tape.inv(tape.add(one, square))
    root = tape.inv(tape.raw("sqrt", tape.sub(one, square)))
    return root if op == "asin" else tape.neg(root)


def _of_power(tape: Tape, k: Node, known: Collection[Node]) -> list[tuple[Node, Node | None]]:
    a, b = tape.args[k]
    zero = tape.const(0.0)
    tiny = tape.raw("le", tape.raw("abs", a), tape.const(1e-290))  # below it the reciprocal is not finite
    out: list[tuple[Node, Node | None]] = []
    if a in known:
        at_zero = tape.raw("eq", b, tape.const(1.0))
        out.append((a, tape.where(tiny, at_zero, tape.mul(tape.mul(b, k), tape.inv(a)))))
    if b in known:
        out.append((b, tape.where(tape.raw("le", a, tape.const(1e-290)), zero, tape.mul(k, tape.raw("log", a)))))
    return out
