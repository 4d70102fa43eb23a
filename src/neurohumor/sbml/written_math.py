"""From expressions to MathML text.  What is shared is written once: as a derived row's name, or under a name made for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from neurohumor.lang.expr import TRUTH, Call, Const, Expr, order
from neurohumor.lang.system import Leaf

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


class MathWriter:
    """Writes expressions over leaves.

    name   the id of a leaf
    known  expressions that have a name already: id of node -> name
    parts  what was named on the way, name -> expression, each after what it reads
    """

    def __init__(self, name: Callable[[Leaf], str], known: Mapping[int, str], fresh: Callable[[], str], roots: Iterable[Expr]) -> None:
        self._name, self._known = name, dict(known)
        self.parts: dict[str, Expr] = {}
        self._share(list(roots), fresh)

    def _share(self, roots: list[Expr], fresh: Callable[[], str]) -> None:
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
                self.parts[fresh()] = node
                self._known[one] = next(reversed(self.parts))

    def math(self, expr: Expr, *, truth: bool = False, own: str = "") -> str:
        """The <math> element of an expression; with `truth`, of a condition.  `own`: the name it is defined under, not to be used."""
        return f'<math xmlns="{NAMESPACE}">{self._written(expr, truth, own)}</math>'

    def _written(self, expr: Expr, truth: bool, own: str = "") -> str:
        if isinstance(expr, Const):
            if truth:
                return "<true/>" if expr.value != 0 else "<false/>"
            return number(expr.value)
        known = self._known.get(id(expr), "")
        if isinstance(expr, Leaf) or (known and known != own):
            text = self._name(expr) if isinstance(expr, Leaf) else f"<ci>{known}</ci>"
            return f"<apply><neq/>{text}<cn>0</cn></apply>" if truth else text
        assert isinstance(expr, Call)
        if expr.op == "where":
            return self._choice(expr, truth)
        text = f"<apply><{_PLAIN[expr.op]}/>{self._operands(expr)}</apply>"
        if expr.op in TRUTH:
            return text if truth else f"<piecewise><piece><cn>1</cn>{text}</piece><otherwise><cn>0</cn></otherwise></piecewise>"
        return f"<apply><neq/>{text}<cn>0</cn></apply>" if truth else text

    def _operands(self, expr: Call) -> str:
        """The operands; those of a long sum or product in one row, as the reader puts them together again from the left."""
        args: list[Expr] = list(expr.args)
        if expr.op in _CHAINS:
            while isinstance(first := args[0], Call) and first.op == expr.op and id(first) not in self._known:
                args[:1] = first.args
        return "".join(self._written(a, expr.op in _OF_TRUTHS) for a in args)

    def _choice(self, expr: Call, truth: bool) -> str:
        pieces: list[str] = []
        rest: Expr = expr
        while isinstance(rest, Call) and rest.op == "where" and (rest is expr or id(rest) not in self._known):
            condition, first, rest = rest.args
            pieces.append(f"<piece>{self._written(first, False)}{self._written(condition, True)}</piece>")
        text = f"<piecewise>{''.join(pieces)}<otherwise>{self._written(rest, False)}</otherwise></piecewise>"
        return f"<apply><neq/>{text}<cn>0</cn></apply>" if truth else text


def _op(expr: Expr) -> str:
    return expr.op if isinstance(expr, Call) else ""


def number(value: float) -> str:
    """A number as MathML, so that reading it gives the same bits."""
    if math.isnan(value):
        return "<notanumber/>"
    if math.isinf(value):
        return "<infinity/>" if value > 0 else "<apply><minus/><infinity/></apply>"
    text = repr(value)
    if "e" in text:
        plain = format(Decimal(text), "f")
        if len(plain) <= 60:
            return f"<cn>{plain}</cn>"
        mantissa, _, power = text.partition("e")
        return f'<cn type="e-notation">{mantissa}<sep/>{int(power)}</cn>'
    return f"<cn>{text.removesuffix('.0')}</cn>"
