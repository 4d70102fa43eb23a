"""From MathML, as libSBML reads it, to expressions.

Functions of the model are written out where they are called.  What our algebra lacks is composed of what it has; a truth value
is 0 or 1, and any number but 0 is true.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from neurohumor.errors import FileError
from neurohumor.lang.expr import Const, Expr, Symbol, order, substitute
from neurohumor.sbml.library import library
from neurohumor.sbml.operations import NAN, OPERATIONS

AVOGADRO = 6.02214179e23
"""As SBML Level 3 defines the symbol."""
BUDGET = 400_000
"""Nodes that the writing out of functions may make."""

Lookup = Callable[[str], Expr]


class Mathematics:
    """Turns abstract syntax trees into expressions.

    time     what stands for the csymbol time
    rate_of  what stands for the rate of change of what a name stands for
    """

    def __init__(self, time: Expr, rate_of: Callable[[Expr], Expr]) -> None:
        self.time, self.rate_of = time, rate_of
        self._functions: dict[str, tuple[tuple[Symbol, ...], Expr | None]] = {}
        self._spent = 0
        self._names = _type_names()

    def define(self, functions: Sequence[tuple[str, Any]]) -> None:
        """Take the functions of a model: (id, lambda or None), in any order.  Raises FileError where they call one another in a circle."""
        waiting = dict(functions)
        while waiting:
            ready = [name for name, node in waiting.items() if node is None or not (_called(node, self._names) & waiting.keys())]
            if not ready:
                raise FileError(f"functions call one another in a circle: {', '.join(waiting)}", remedy="break the circle")
            for name in ready:
                self._functions[name] = self._lambda(name, waiting.pop(name))

    def _lambda(self, name: str, node: Any) -> tuple[tuple[Symbol, ...], Expr | None]:
        if node is None or self._names.get(node.getType()) != "lambda":
            return (), None
        count = node.getNumChildren()
        arguments = tuple(Symbol(node.getChild(i).getName()) for i in range(node.getNumBvars()))
        if count <= len(arguments):
            return arguments, None
        known = {s.name: s for s in arguments}

        def lookup(asked: str) -> Expr:
            if asked not in known:
                raise FileError(f"the function {name} reads {asked!r}, which is not one of its arguments", remedy="hand it over as one")
            return known[asked]

        return arguments, self.expression(node.getChild(count - 1), lookup, f"function {name}")

    def expression(self, node: Any, lookup: Lookup, where: str) -> Expr:
        """The expression of a tree; `lookup` gives what a name stands for, `where` names the element in messages."""
        stack: list[tuple[Any, list[Expr]]] = [(node, [])]
        while True:
            top, values = stack[-1]
            count = 0 if self._names.get(top.getType()) in _CLOSED else top.getNumChildren()
            if len(values) < count:
                stack.append((top.getChild(len(values)), []))
                continue
            stack.pop()
            made = self._made(top, values, lookup, where)
            if not stack:
                return made
            stack[-1][1].append(made)

    def _made(self, node: Any, args: list[Expr], lookup: Lookup, where: str) -> Expr:
        kind = self._names.get(node.getType(), "")
        if kind in OPERATIONS:
            made = OPERATIONS[kind](args)
            if made is None:
                raise FileError(f"{kind} with {len(args)} arguments", where=where, remedy="see the SBML specification")
            return made
        if kind in ("integer", "rational", "real", "real_e"):
            return Const(node.getInteger()) if kind == "integer" else Const(node.getReal())
        if kind == "name":
            return lookup(node.getName())
        if kind in _CONSTANTS:
            return Const(_CONSTANTS[kind])
        if kind == "name_time":
            return self.time
        if kind == "function":
            return self._call(node.getName(), args, where)
        if kind == "function_rate_of":
            return self._rate_of(node, lookup, where)
        if kind == "function_delay":
            return self._delay(args, where)
        raise FileError(f"the construct {node.getName() or kind!r} is not supported", where=where, remedy="write it otherwise")

    def _call(self, name: str, args: list[Expr], where: str) -> Expr:
        if name not in self._functions:
            raise FileError(f"it calls {name!r}, which no function of the model defines", where=where, remedy="define it")
        arguments, body = self._functions[name]
        if body is None:
            raise FileError(f"it calls the function {name}, which has no mathematics", where=where, remedy="give the function its lambda")
        if len(arguments) != len(args):
            raise FileError(f"{name} takes {len(arguments)} arguments, not {len(args)}", where=where, remedy="hand over as many")
        given: Mapping[int, Expr] = {id(a): value for a, value in zip(arguments, args, strict=True)}
        self._spent += len(order([body]))
        if self._spent > BUDGET:
            raise FileError("functions that call functions make its mathematics too large", where=where, remedy="use assignment rules")
        return substitute([body], lambda s: given.get(id(s), s))[0]

    def _rate_of(self, node: Any, lookup: Lookup, where: str) -> Expr:
        child = node.getChild(0)
        if node.getNumChildren() != 1 or self._names.get(child.getType()) != "name":
            raise FileError("rateOf of something other than a name", where=where, remedy="give it the id of a variable")
        return self.rate_of(lookup(child.getName()))

    def _delay(self, args: list[Expr], where: str) -> Expr:
        if len(args) == 2 and isinstance(args[1], Const) and args[1].value == 0.0:
            return args[0]
        raise FileError(
            "'delay' reads the past; delay differential equations are not solved", where=where, remedy="use a chain of stages (a lag)"
        )


_CONSTANTS = {
    "constant_e": math.e, "constant_pi": math.pi, "constant_true": 1.0, "constant_false": 0.0, "name_avogadro": AVOGADRO,
}  # fmt: skip
_CLOSED = frozenset({"function_rate_of", "lambda"})


def nothing() -> Expr:
    """What is undefined."""
    return Const(NAN)


def names_in(node: Any) -> set[str]:
    """Every name that a tree reads, of symbols and in rateOf; names of functions are not among them."""
    kinds = _type_names()
    return {n.getName() for n in _nodes(node) if kinds.get(n.getType()) == "name"}


def _called(node: Any, kinds: Mapping[int, str]) -> set[str]:
    return {n.getName() for n in _nodes(node) if kinds.get(n.getType()) == "function"}


def _nodes(node: Any) -> list[Any]:
    found, stack = [], [node]
    while stack:
        top = stack.pop()
        found.append(top)
        stack.extend(top.getChild(i) for i in range(top.getNumChildren()))
    return found


def _type_names() -> dict[int, str]:
    """libSBML's numbers of kinds of node, each with its name in lower case: AST_FUNCTION_EXP -> function_exp."""
    if not _KINDS:
        module = library()
        _KINDS.update({getattr(module, key): key[4:].lower() for key in dir(module) if key.startswith("AST_")})
    return _KINDS


_KINDS: dict[int, str] = {}
