"""Expressions and systems as plain functions, real or complex: written for the tests alone, so that nothing is tested with itself."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from neurohumor.lang.expr import Call, Const, Expr, order
from neurohumor.lang.system import Leaf, System

Function = Callable[[float, Sequence[Any], Sequence[Any], Sequence[Any]], list[Any]]
VECTOR = {"state": "y", "param": "p", "input": "u", "derived": "d"}
INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/", "lt": "<", "le": "<=", "eq": "=="}
RE = "({}).real"


def _text(node: Call, args: list[str]) -> str:
    if node.op in ("lt", "le", "eq"):
        return f"float({RE.format(args[0])} {INFIX[node.op]} {RE.format(args[1])})"
    if node.op in INFIX:
        return f"({args[0]} {INFIX[node.op]} {args[1]})"
    a, b = (*args, "")[:2]
    return {
        "neg": f"(-{a})",
        "pow": f"power({a}, {b})",
        "min": f"({a} if {RE.format(a)} <= {RE.format(b)} else {b})",
        "max": f"({a} if {RE.format(a)} >= {RE.format(b)} else {b})",
        "abs": f"({a} if {RE.format(a)} >= 0 else -{a})",
        "floor": f"float(math.floor({RE.format(a)}))",
        "ceil": f"float(math.ceil({RE.format(a)}))",
        "and": f"float({a} != 0 and {b} != 0)",
        "or": f"float({a} != 0 or {b} != 0)",
        "not": f"float({a} == 0)",
        "where": f"({b} if {RE.format(a)} != 0 else {args[-1]})",
    }.get(node.op, f"{node.op}({a})")


def _power(a: Any, b: Any) -> Any:
    if a == 0:
        return 1.0 if b == 0 else 0.0 if b.real > 0 else math.inf
    return a**b


def compiled(exprs: Iterable[Expr], before: Iterable[Expr] = (), *, is_complex: bool = False) -> Function:
    """f(t, y, p, u) for expressions over the leaves of a system, after its derived rows `before`."""
    lines, names = ["def f(t, y, p, u):", "    d = []"], dict[int, str]()

    def write(root: Expr) -> str:
        for node in order([root]):
            if id(node) in names:
                continue
            if isinstance(node, Const):
                names[id(node)] = f"({node.value!r})" if math.isfinite(node.value) else f"float('{node.value}')"
            elif isinstance(node, Leaf):
                names[id(node)] = "t" if node.kind == "time" else f"{VECTOR[node.kind]}[{node.index}]"
            else:
                assert isinstance(node, Call)
                names[id(node)] = f"x{len(names)}"
                lines.append(f"    {names[id(node)]} = {_text(node, [names[id(a)] for a in node.args])}")
        return names[id(root)]

    for row in before:
        lines.append(f"    d.append({write(row)})")
    results = [write(expr) for expr in exprs]
    lines.append(f"    return [{', '.join(results)}]")
    library = cmath if is_complex else math
    scope: dict[str, Any] = {name: getattr(library, name) for name in ["exp", "log", "sin", "cos", "tan", "tanh", "asin", "acos", "atan"]}
    scope |= {"power": _power, "math": math}
    exec("\n".join(lines), scope)
    return scope["f"]


def rates_of(system: System, *, is_complex: bool = False) -> Function:
    """The rates of a system."""
    return compiled(system.rates, (row.expr for row in system.derived), is_complex=is_complex)


def derived_of(system: System) -> Function:
    """The derived rows of a system."""
    leaves = [Leaf("derived", index, row.full) for index, row in enumerate(system.derived)]
    return compiled(leaves, (row.expr for row in system.derived))
