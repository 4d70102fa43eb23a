"""From a graph to Python text: temporaries for shared and deep values, lazy choices, long functions cut into pieces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from neurohumor.emit.graph import PARAM, Graph
from neurohumor.lang.expr import TRUTH

DEEPEST = 16
"""Nested calls in one line of generated code; CPython's parser refuses about 90 nested brackets."""
LONGEST = 1500
"""Statements in one generated function."""

_SHORT = {"state": "s", "param": "p", "input": "u"}
_ARRAY = {"state": "y", "param": "p", "input": "u"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How operations are written: a template per operation that makes a number, and per operation that makes a truth value.

    truth     wraps a truth value where a number is needed
    twice     operations whose template repeats an argument, which must then be a name
    choice    the template of `where`
    loads     how row k of a vector is read
    """

    numbers: Mapping[str, str]
    truths: Mapping[str, str]
    truth: str
    choice: str
    loads: str
    twice: frozenset[str] = frozenset()


_CALLS = {op: f"{op}_({{0}})" for op in ("exp", "log", "sin", "cos", "tan", "tanh", "asin", "acos", "atan", "floor", "ceil")}
_PLAIN = {"add": "({0} + {1})", "sub": "({0} - {1})", "mul": "({0} * {1})", "neg": "(-{0})", "abs": "abs({0})", "pow": "pow_({0}, {1})"}
_COMPARE = {"lt": "({0} < {1})", "le": "({0} <= {1})", "eq": "({0} == {1})"}
_LOGIC = {"and": "({0} and {1})", "or": "({0} or {1})", "not": "(not {0})"}
_SCALAR = {"truths": _COMPARE | _LOGIC, "truth": "(1.0 if {0} else 0.0)", "choice": "({1} if {0} else {2})", "loads": "{0}[{1}]"}

QUICK = Dialect(
    _CALLS | _PLAIN | {
        "floor": "float(floor_({0}))", "ceil": "float(ceil_({0}))", "div": "({0} / {1})",
        "min": "({0} if {0} <= {1} or {0} != {0} else {1})", "max": "({0} if {0} >= {1} or {0} != {0} else {1})",
    },
    twice=frozenset({"min", "max"}), **_SCALAR,
)  # fmt: skip
"""Floats, as fast as CPython allows; what is undefined raises."""

GUARDED = Dialect(_CALLS | _PLAIN | {"div": "div_({0}, {1})", "min": "min_({0}, {1})", "max": "max_({0}, {1})"}, **_SCALAR)
"""Floats, where nothing raises."""

ARRAYS = Dialect(
    _CALLS | _PLAIN | {"div": "div_({0}, {1})", "min": "min_({0}, {1})", "max": "max_({0}, {1})"},
    truths=_COMPARE | {"and": "both_({0}, {1})", "or": "either_({0}, {1})", "not": "not_({0})"},
    truth="float_({0})",
    choice="where_({0}, {1}, {2})",
    loads="{0}[..., {1}]",
)
"""NumPy arrays: leading axes of t, y, p, u are broadcast."""


@dataclass(slots=True)
class Constants:
    """Nodes that only parameters enter: computed once per person and parameter change, read as `c[k]`."""

    nodes: list[int] = field(default_factory=list)
    place: dict[int, int] = field(default_factory=dict)

    def of(self, node: int) -> int:
        """The place of a node in `c`."""
        if node not in self.place:
            self.place[node] = len(self.nodes)
            self.nodes.append(node)
        return self.place[node]


@dataclass(slots=True)
class Writer:
    """Writes functions over one graph in one dialect.  `constants`: None where parameters' own values are not hoisted."""

    graph: Graph
    dialect: Dialect
    constants: Constants | None = None

    def function(self, name: str, roots: Sequence[int], store: str | None = None) -> str:
        """The text of `name(t, y, p, u, c)`, which returns the roots as a list, or stores root k by the template `store`."""
        body = _Body(self, roots)
        result = [store.format(k, body.number(root)) for k, root in enumerate(roots)] if store else []
        if not store:
            result = [f"return [{', '.join(body.number(r) for r in roots)}]"]
        arguments = f"t, y, p, u, c{', out' if store else ''}"
        if len(body.lines) <= LONGEST:
            return _definition(name, arguments, [*body.loads(), *(line for _, line in body.lines), *result])
        return body.in_pieces(name, arguments, result)

    def hoists(self, node: int) -> bool:
        """Whether a node is read from the constants."""
        return self.constants is not None and bool(self.graph.args[node]) and not self.graph.deps[node] & ~PARAM


class _Body:
    """The statements of one function, and how each node is then written."""

    def __init__(self, writer: Writer, roots: Sequence[int]) -> None:
        self.writer, self.graph, self.dialect = writer, writer.graph, writer.dialect
        self.uses = self._count(roots)
        self.text: dict[int, str] = {}
        self.depth: dict[int, int] = {}
        self.leaves: dict[str, str] = {}
        self.lines: list[tuple[str, str]] = []
        for node in sorted(self.uses):
            self._visit(node)

    def _count(self, roots: Sequence[int]) -> dict[int, int]:
        uses: dict[int, int] = {}
        stack = list(roots)
        while stack:
            node = stack.pop()
            uses[node] = uses.get(node, 0) + 1
            if uses[node] == 1 and not self.writer.hoists(node):
                stack.extend(self.graph.args[node])
                if self.graph.op[node] in self.dialect.twice or self._square(node):
                    stack.extend(a for a in self.graph.args[node] if self.graph.args[a])
        return uses

    def _square(self, node: int) -> bool:
        args = self.graph.args[node]
        return self.graph.op[node] == "pow" and self.graph.op[args[1]] == "const" and self.graph.value[args[1]] == 2.0

    def _visit(self, node: int) -> None:
        graph, op = self.graph, self.graph.op[node]
        if op == "const":
            self.text[node] = f"({graph.value[node]!r})" if str(graph.value[node]).startswith("-") else repr(graph.value[node])
            self.depth[node] = 0
            return
        if self.writer.hoists(node) and self.writer.constants is not None:
            self._leaf(node, f"c{(place := self.writer.constants.of(node))}", self.dialect.loads.format("c", place))
            return
        if op == "time":
            self.text[node], self.depth[node] = "t", 0
            return
        if op in _SHORT and not graph.starting:
            row = graph.row[node]
            self._leaf(node, f"{_SHORT[op]}{row}", self.dialect.loads.format(_ARRAY[op], row))
            return
        text = self._write(node)
        deep = 1 + max((self.depth[a] for a in graph.args[node]), default=0)
        if self.uses[node] > 1 or deep >= DEEPEST:
            name = f"x{node}"
            value = self.dialect.truth.format(text) if op in TRUTH else text
            self.lines.append((name, f"{name} = {value}"))
            text, deep = name, 0
        self.text[node], self.depth[node] = text, deep

    def _leaf(self, node: int, name: str, load: str) -> None:
        self.text[node], self.depth[node] = (name if self.uses[node] > 1 else load), 0
        if self.uses[node] > 1:
            self.leaves[name] = load

    def _write(self, node: int) -> str:
        op, args = self.graph.op[node], self.graph.args[node]
        if op in ("state", "param", "input"):  # a value at the start: as given, or else its initial expression
            given = self.dialect.loads.format(_ARRAY[op], self.graph.row[node])
            return f"({given} if {given} == {given} else {self.number(args[0])})" if args else given
        if op == "where":
            return self.dialect.choice.format(self.condition(args[0]), self.number(args[1]), self.number(args[2]))
        if op in ("and", "or", "not"):
            return self.dialect.truths[op].format(*map(self.condition, args))
        if op in self.dialect.truths:
            return self.dialect.truths[op].format(*map(self.number, args))
        template = "({0} * {0})" if self._square(node) else self.dialect.numbers[op]
        return template.format(*map(self.number, args))

    def _is_truth(self, node: int) -> bool:
        return self.graph.op[node] in TRUTH and not self.text[node].isidentifier() and not self.writer.hoists(node)

    def number(self, node: int) -> str:
        """The node as a number."""
        return self.dialect.truth.format(self.text[node]) if self._is_truth(node) else self.text[node]

    def condition(self, node: int) -> str:
        """The node as a truth value."""
        return self.text[node] if self._is_truth(node) else f"({self.text[node]} != 0.0)"

    def loads(self) -> list[str]:
        """The statements that read the rows used more than once."""
        return [f"{name} = {load}" for name, load in self.leaves.items()]

    def in_pieces(self, name: str, arguments: str, result: list[str]) -> str:
        """Several functions that hand their values on in a list `w`: CPython's compiler slows down on very long ones."""
        groups = [self.lines[k : k + LONGEST] for k in range(0, len(self.lines), LONGEST)]
        piece = {target: k for k, group in enumerate(groups) for target, _ in group}
        place = {target: k for k, target in enumerate(piece)}
        bodies = [[line for _, line in group] for group in groups] + [result]
        texts, calls = [], [f"w = [0.0] * {len(place)}"]
        for k, lines in enumerate(bodies):
            read = _names_in(lines)
            loads = [f"{n} = {self.leaves[n]}" for n in read if n in self.leaves]
            loads += [f"{n} = w[{place[n]}]" for n in read if n in piece and piece[n] != k]
            stores = [f"w[{place[target]}] = {target}" for target, _ in groups[k]] if k < len(groups) else []
            texts.append(_definition(f"{name}_{k}", f"{arguments}, w", [*loads, *lines, *stores]))
            calls.append(f"{'return ' if k == len(groups) else ''}{name}_{k}({arguments}, w)")
        return "\n".join([*texts, _definition(name, arguments, calls)])


def _definition(name: str, arguments: str, lines: Sequence[str]) -> str:
    return "\n".join([f"def {name}({arguments}):", *(f"    {line}" for line in lines or ["pass"]), ""])


def _names_in(lines: Sequence[str]) -> dict[str, None]:
    """The identifiers in these lines, in order of appearance."""
    return dict.fromkeys(name for line in lines for name in re.findall(r"\b[A-Za-z_]\w*", line))
