"""Directional derivatives on the tape itself: how values change along a direction of states, parameters and inputs.

The direction's components are leaves of their own ("tangent_state", "tangent_param", "tangent_input"), so that one code serves
every direction.  Conventions where a derivative does not exist are those of `tape_slopes`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from neurohumor.emit.tape import TRUTHS, Node, Tape
from neurohumor.emit.tape_slopes import partials

Row = tuple[str, int]
"""("state" | "param" | "input", its row)"""


def seeds(tape: Tape, rows: Iterable[Row]) -> dict[Node, Node]:
    """Leaf -> the leaf of its component of the direction."""
    return {tape.leaf(kind, row): tape.leaf(f"tangent_{kind}", row) for kind, row in rows}


def tangents(tape: Tape, roots: Sequence[Node], given: Mapping[Node, Node]) -> list[Node | None]:
    """For each root its derivative along the direction `given` (node -> component); None where it does not change."""
    known: dict[Node, Node] = dict(given)
    for k in tape.live(roots):
        if k not in known and tape.args[k] and tape.op[k] not in TRUTHS and any(a in known for a in tape.args[k]):
            found = _of_call(tape, k, known)
            if found is not None:
                known[k] = found
    return [known.get(r) for r in roots]


def _of_call(tape: Tape, k: Node, known: dict[Node, Node]) -> Node | None:
    op, args = tape.op[k], tape.args[k]
    if op in ("where", "min", "max"):
        return _of_choice(tape, k, known)
    if k in tape.quotient:
        numerator, denominator, inverse = tape.quotient[k]
        if args in ((numerator, inverse), (inverse, numerator)):
            scaled = tape.mul(k, known[denominator]) if denominator in known else None
            above = _difference(tape, known.get(numerator), scaled)
            return None if above is None else tape.mul(above, inverse)
    if op == "sub":
        return _difference(tape, known.get(args[0]), known.get(args[1]))
    if op == "add":
        terms: list[Node] = [known[a] for a in args if a in known]
    else:
        terms = _terms(tape, k, known)
    total: Node | None = None
    for term in terms:
        total = term if total is None else tape.add(total, term)
    return total


def _terms(tape: Tape, k: Node, known: dict[Node, Node]) -> list[Node]:
    varied: Collection[Node] = known
    pairs = [(known[a], factor) for a, factor in partials(tape, k, varied) if a in known]
    return [tape.neg(slope) if factor is None else tape.mul(factor, slope) for slope, factor in pairs]


def _difference(tape: Tape, a: Node | None, b: Node | None) -> Node | None:
    if b is None:
        return a
    return tape.neg(b) if a is None else tape.sub(a, b)


def _of_choice(tape: Tape, k: Node, known: dict[Node, Node]) -> Node | None:
    op, args = tape.op[k], tape.args[k]
    if op == "where":
        condition, a, b = args
    else:
        a, b = args
        condition = tape.raw("le", a, b) if op == "min" else tape.raw("le", b, a)
    if a not in known and b not in known:
        return None
    zero = tape.const(0.0)
    return tape.where(condition, known.get(a, zero), known.get(b, zero))
