"""From expressions to MathML text.  What is shared is written once: as a derived row's name, or under a name made for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from neurohumor.lang.expr import TRUTH, Call, Const, Expr, order
from neurohumor.lang.system import Leaf
from neurohumor.sbml.written_kinds import PLAIN, Dims, Kinds

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
DEEPEST = 30
"""Operations within one another before a part is named."""
LARGEST_COPY = 5
"""Nodes of what is written out wherever it is used, rather than named."""

_PLAIN = {
    "add": "plus", "sub": "minus", "mul": "times", "div": "divide", "pow": "power", "neg": "minus", "min": "min", "max": "max",
    "exp": "exp", "log": "ln", "sin": "sin", "cos": "cos", "tan": "tan", "tanh": "tanh", "asin": "arcsin", "acos": "arccos",
    "atan": "arctan", "abs": "abs", "floor": "floor", "ceil": "ceiling", "lt": "lt", "le": "leq", "eq": "eq", "and": "and", "or": "or",
    "not": "not",
}  # fmt: skip
_CHAINS = frozenset({"add", "mul"})
_OF_TRUTHS = frozenset({"and", "or", "not"})


@dataclass(frozen=True, slots=True)
class Spelling:
    """How the leaves of a system, and the units of numbers, are written.

    name   the text of a leaf
    units  the id of a unit; None where numbers are written without one
    fresh  a name that nothing has yet
    """

    name: Callable[[Leaf], str]
    units: Callable[[Dims], str] | None
    fresh: Callable[[], str]


class MathWriter:
    """Writes expressions over leaves.

    known  expressions that have a name already: id of node -> name
    roots  everything that will be written, with its dimensions
    parts  what was named on the way, name -> expression, each after what it reads; `part_dims` are their dimensions
    """

    def __init__(self, kinds: Kinds, spelling: Spelling, known: Mapping[int, str], roots: Iterable[tuple[Expr, Dims]]) -> None:
        self.kinds, self.spelling, self._known = kinds, spelling, dict(known)
        self.parts: dict[str, Expr] = {}
        self.part_dims: dict[str, Dims] = {}
        found = list(roots)
        self._share([expr for expr, _ in found])
        self._measure(found)

    def _share(self, roots: list[Expr]) -> None:
        """Name every node that is large and used twice, and cut what is nested too deeply."""
        nodes = [n for n in order(roots) if isinstance(n, Call)]
        uses: dict[int, int] = {}
        for node in nodes:
            for child in node.args:
                uses[id(child)] = uses.get(id(child), 0) + 1
        for root in roots:
            uses[id(root)] = uses.get(id(root), 0) + 1
        size: dict[int, int] = {}
        depth: dict[int, int] = {}
        for node in nodes:
            one = id(node)
            size[one] = 1 + sum(1 if id(c) in self._known else size.get(id(c), 1) for c in node.args)
            depth[one] = max(
                0 if id(c) in self._known else depth.get(id(c), 0) + (0 if node.op in _CHAINS and k == 0 and _op(c) == node.op else 1)
                for k, c in enumerate(node.args)
            )
            if one not in self._known and (depth[one] > DEEPEST or (uses[one] > 1 and size[one] > LARGEST_COPY)):
                self.parts[self.spelling.fresh()] = node
                self._known[one] = next(reversed(self.parts))

    def _measure(self, roots: list[tuple[Expr, Dims]]) -> None:
        """The dimensions of parts, from where they are first used."""
        due = {id(expr): name for name, expr in self.parts.items()}
        seen: set[int] = set()
        stack = roots[::-1] if due and self.spelling.units is not None else []
        while stack:
            node, dims = stack.pop()
            if id(node) in seen or not isinstance(node, Call):
                continue
            seen.add(id(node))
            if id(node) in due:
                self.part_dims[due[id(node)]] = dims
            stack += zip(node.args, self.kinds.within(node, dims), strict=True)

    def math(self, expr: Expr, dims: Dims, *, truth: bool = False, own: str = "") -> str:
        """The <math> element of an expression; with `truth`, of a condition.  `own`: the name it is defined under, not to be used."""
        return f'<math xmlns="{NAMESPACE}">{self._written(expr, dims, truth, own)}</math>'

    def number(self, value: float, dims: Dims) -> str:
        """A number with its unit."""
        return number(value, "" if self.spelling.units is None else self.spelling.units(dims))

    def _written(self, expr: Expr, dims: Dims, truth: bool, own: str = "") -> str:
        if isinstance(expr, Const):
            if truth:
                return "<true/>" if expr.value != 0 else "<false/>"
            return self.number(expr.value, dims)
        known = self._known.get(id(expr), "")
        if isinstance(expr, Leaf) or (known and known != own):
            text = self.spelling.name(expr) if isinstance(expr, Leaf) else f"<ci>{known}</ci>"
            return self._not_zero(text) if truth else text
        assert isinstance(expr, Call)
        if expr.op == "where":
            return self._choice(expr, dims, truth)
        text = f"<apply><{_PLAIN[expr.op]}/>{self._operands(expr, dims)}</apply>"
        if expr.op in TRUTH:
            one, zero = self.number(1.0, PLAIN), self.number(0.0, PLAIN)
            return text if truth else f"<piecewise><piece>{one}{text}</piece><otherwise>{zero}</otherwise></piecewise>"
        return self._not_zero(text) if truth else text

    def _not_zero(self, text: str) -> str:
        return f"<apply><neq/>{text}{self.number(0.0, PLAIN)}</apply>"

    def _operands(self, expr: Call, dims: Dims) -> str:
        """The operands; those of a long sum or product in one row, as the reader puts them together again from the left."""
        args: list[tuple[Expr, Dims]] = list(zip(expr.args, self.kinds.within(expr, dims), strict=True))
        if expr.op in _CHAINS:
            while isinstance(first := args[0][0], Call) and first.op == expr.op and id(first) not in self._known:
                args[:1] = zip(first.args, self.kinds.within(first, args[0][1]), strict=True)
        return "".join(self._written(a, own, expr.op in _OF_TRUTHS) for a, own in args)

    def _choice(self, expr: Call, dims: Dims, truth: bool) -> str:
        pieces: list[str] = []
        rest: Expr = expr
        while isinstance(rest, Call) and rest.op == "where" and (rest is expr or id(rest) not in self._known):
            condition, first, rest = rest.args
            pieces.append(f"<piece>{self._written(first, dims, False)}{self._written(condition, PLAIN, True)}</piece>")
        text = f"<piecewise>{''.join(pieces)}<otherwise>{self._written(rest, dims, False)}</otherwise></piecewise>"
        return self._not_zero(text) if truth else text


def _op(expr: Expr) -> str:
    return expr.op if isinstance(expr, Call) else ""


def number(value: float, units: str = "") -> str:
    """A number as MathML, so that reading it gives the same bits."""
    if math.isnan(value):
        return "<notanumber/>"
    if math.isinf(value):
        return "<infinity/>" if value > 0 else "<apply><minus/><infinity/></apply>"
    text, unit = repr(value), f' sbml:units="{units}"' if units else ""
    if "e" in text:
        plain = format(Decimal(text), "f")
        if len(plain) <= 60:
            return f"<cn{unit}>{plain}</cn>"
        mantissa, _, power = text.partition("e")
        return f'<cn type="e-notation"{unit}>{mantissa}<sep/>{int(power)}</cn>'
    return f"<cn{unit}>{text.removesuffix('.0')}</cn>"
