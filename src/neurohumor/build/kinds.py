"""The unit of an expression, and all that does not agree on the way there."""

from __future__ import annotations

from neurohumor.build.matter import HOUR
from neurohumor.lang.expr import TRUTH, Call, Const, Expr, Symbol, order, show, symbols
from neurohumor.lang.simplify import evaluate
from neurohumor.lang.system import Leaf
from neurohumor.units import ONE, Unit

LONGEST = 60
ALIKE = {"add": "add", "sub": "subtract", "lt": "compare", "le": "compare", "eq": "compare", "min": "compare", "max": "compare"}
KEEP = frozenset({"neg", "abs"})

AnyUnit = Unit | None
"""None: any unit will do, for a literal zero; also what is left of an expression after a fault, so that none is told twice."""


class Kinds:
    """Infers units; remembers every node that it has seen, so that shared expressions are walked and complained of once."""

    def __init__(self) -> None:
        self._unit: dict[int, AnyUnit] = {}
        self._kept: list[Expr] = []

    def of(self, expr: Expr) -> tuple[AnyUnit, list[tuple[str, str]]]:
        """The unit of an expression, and (message, remedy) for everything new that does not agree in it."""
        problems: list[tuple[str, str]] = []
        for node in order([expr]):
            if id(node) not in self._unit:
                self._kept.append(node)
                self._unit[id(node)] = self._call(node, problems) if isinstance(node, Call) else _leaf(node)
        return self._unit[id(expr)], problems

    def _call(self, node: Call, problems: list[tuple[str, str]]) -> AnyUnit:
        op, units = node.op, [self._unit[id(a)] for a in node.args]
        if op == "mul":
            return units[0] * units[1] if units[0] is not None and units[1] is not None else None
        if op == "div":
            return units[0] / units[1] if units[0] is not None and units[1] is not None else None
        if op in ALIKE:
            unit = self._alike(node, units, problems)
            return ONE if op in TRUTH else unit
        if op in KEEP:
            return units[0]
        if op == "pow":
            return _power(node, units, problems)
        if op == "where":
            self._plain(node, 0, "where", problems)
            return self._alike(Call("where", *node.args[1:]), units[1:], problems)
        for position in range(len(node.args)):
            self._plain(node, position, op, problems)
        return ONE

    def _plain(self, node: Call, position: int, name: str, problems: list[tuple[str, str]]) -> None:
        unit = self._unit[id(node.args[position])]
        if unit is None or unit.dimensionless:
            return
        text = worded(node.args[position])
        if name == "where" or name in TRUTH:
            problems.append((f"{name}() needs a condition but {text} is in {unit}", "compare it with something: a < b"))
        else:
            problems.append((f"{name}() needs a plain number but {text} is in {unit}", "divide by a reference value"))

    def _alike(self, node: Call, units: list[AnyUnit], problems: list[tuple[str, str]]) -> AnyUnit:
        a, b = units
        if a is None or b is None:
            return b if a is None else a
        if a.same_kind(b):
            return a
        left, right = (f"{worded(arg)} [{unit}]" for arg, unit in zip(node.args, units, strict=True))
        if node.op == "where":
            message = f"where() cannot choose between {left} and {right}"
        else:
            message = f"cannot {ALIKE[node.op]} {left} and {right}"
        problems.append((message, "both must have units of one kind"))
        return None


def _leaf(node: Expr) -> AnyUnit:
    if isinstance(node, Const):
        return None if node.value == 0 and node.unit is ONE else node.unit
    if isinstance(node, Leaf):
        return HOUR if node.kind == "time" else ONE
    assert isinstance(node, Symbol)
    return node.unit


def _power(node: Call, units: list[AnyUnit], problems: list[tuple[str, str]]) -> AnyUnit:
    base, exponent = units
    if exponent is not None and not exponent.dimensionless:
        problems.append((f"the exponent {worded(node.args[1])} is in {exponent}", "an exponent is a plain number"))
        return None
    if base is None or base.dimensionless:
        return ONE if base is not None else None
    if not symbols(node.args[1]):
        return base ** evaluate([_internal(node.args[1])], lambda s: 0.0)[0]
    message = f"{worded(node.args[0])} is in {base}, so it cannot carry the exponent {worded(node.args[1])}"
    problems.append((message, "divide it by a reference value first"))
    return None


def _internal(expr: Expr) -> Expr:
    """An expression of constants with its constants in internal numbers."""
    if isinstance(expr, Const):
        return Const(expr.value * expr.unit.factor)
    assert isinstance(expr, Call)
    return Call(expr.op, *map(_internal, expr.args))


def worded(expr: Expr) -> str:
    """An expression as text, shortened."""
    text = show(expr)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def fits(unit: AnyUnit, declared: Unit) -> bool:
    """Whether an expression of this unit may stand where another of the declared kind is due."""
    return unit is None or unit.same_kind(declared)
