"""Powers of what is nothing but for rounding.

x^2.5 is no number where x is negative.  A species that is nothing at the start is, within a step, easily a billionth of its size
below it; that is as good as nothing, and its power is nothing.  What is truly negative has no such power, as before.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from neurohumor.lang.expr import Call, Const, Expr, fold, substitute, symbols
from neurohumor.lang.system import Interner, Leaf, System
from neurohumor.sbml.draft import starting

SHARE = 1e-9
"""Of a species' typical size: so far below zero it counts as nothing."""


def with_sure_powers(system: System) -> System:
    """The system whose broken powers of species count what is a little below nothing as nothing."""
    near = {id(leaf): _near(leaf, SHARE * size) for leaf, size in _species(system) if 0 < size < math.inf}

    def call(node: Call, args: tuple[Expr, ...]) -> Expr:
        if node.op != "pow" or _whole(args[1]) or _sure(args[0]) or not any(id(s) in near for s in symbols(args[0])):
            return node if all(a is b for a, b in zip(args, node.args, strict=True)) else Call(node.op, *args)
        return Call("pow", substitute([args[0]], lambda s: near.get(id(s), s))[0], args[1])

    roots = [*(row.expr for row in system.derived), *system.rates]
    turned = fold(roots, lambda leaf: leaf, call) if near else roots
    if all(a is b for a, b in zip(turned, roots, strict=True)):
        return system
    intern = Interner.over(roots)
    turned = [a if a is b else intern.take(a) for a, b in zip(turned, roots, strict=True)]
    derived = tuple(replace(row, expr=expr) for row, expr in zip(system.derived, turned, strict=False))
    return replace(system, derived=derived, rates=tuple(turned[len(system.derived) :]))


def _species(system: System) -> Iterator[tuple[Leaf, float]]:
    """Leaves of species: states, and amounts by the size of a compartment; with their typical sizes."""
    volumes: dict[Expr, float] = {}
    for symbol in symbols(*(row.expr for row in system.derived), *system.rates):
        if not isinstance(symbol, Leaf):
            continue
        if symbol.kind == "state" and system.states[symbol.index].form in ("amount", "concentration"):
            yield symbol, system.states[symbol.index].scale
        elif symbol.kind == "derived":
            expr = system.derived[symbol.index].expr
            if isinstance(expr, Call) and expr.op == "div" and all(isinstance(a, Leaf) for a in expr.args):
                amount, volume = expr.args
                if isinstance(amount, Leaf) and amount.kind == "state" and system.states[amount.index].form == "amount":
                    if volume not in volumes:
                        volumes[volume] = abs(starting(system, [volume])[0]) or math.nan
                    yield symbol, system.states[amount.index].scale / volumes[volume]


def _near(leaf: Leaf, tiny: float) -> Expr:
    """The value itself; 0 for what is less than `tiny` below it; without a jump."""
    return Call("max", leaf, Call("min", Call("add", leaf, Const(tiny)), Const(0.0)))


def _sure(base: Expr) -> bool:
    """Whether a base is never negative in any case."""
    if not isinstance(base, Call):
        return False
    return base.op in ("abs", "exp") or (base.op == "max" and any(isinstance(a, Const) and a.value >= 0 for a in base.args))


def _whole(exponent: Expr) -> bool:
    return isinstance(exponent, Const) and exponent.value == math.floor(exponent.value)
