"""The tape as NumPy: slow, plain, and the oracle of the machine code; also the engine's values before and after a solve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from neurohumor.emit.tape import Node, Rows, Tape
from neurohumor.errors import ModelError
from neurohumor.lang.expr import Const, Expr, order
from neurohumor.lang.system import Leaf, System

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Evaluate = Callable[..., "list[Floats]"]

_INFIX = {"add": "+", "sub": "-", "mul": "*"}
CALLS = {
    "exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "tan": "tan", "tanh": "tanh", "asin": "arcsin", "acos": "arccos",
    "atan": "arctan", "abs": "abs", "floor": "floor", "ceil": "ceil", "sqrt": "sqrt", "pow": "power", "min": "minimum", "max": "maximum",
}  # fmt: skip
_TRUTHS = {"lt": "({0} < {1}) * 1.0", "le": "({0} <= {1}) * 1.0", "eq": "({0} == {1}) * 1.0",
           "and": "(({0} != 0) & ({1} != 0)) * 1.0", "or": "(({0} != 0) | ({1} != 0)) * 1.0", "not": "({0} == 0) * 1.0",
           "where": "where({0} != 0, {1}, {2})", "neg": "-{0}", "inv": "1.0 / {0}"}  # fmt: skip
_LEAVES = {
    "time": "t", "state": "y[{0}]", "param": "p[{0}]", "input": "u[{0}]", "slope": "s[{0}]", "tangent_state": "d[0][{0}]",
    "tangent_param": "d[1][{0}]", "tangent_input": "d[2][{0}]",
}  # fmt: skip


def text(tape: Tape, roots: Sequence[Node]) -> str:
    """Source of `values(t, y, p, u, s, d=None)`: a list with one array per root; rows are leading axes."""
    lines = ["def values(t, y, p, u, s, d=None):"]
    for k in tape.live(roots):
        lines.append(f"    x{k} = {_line(tape, k)}")
    lines.append(f"    return [{', '.join(f'x{k}' for k in roots)}]")
    return "\n".join(lines)


def _line(tape: Tape, k: Node) -> str:
    op, args = tape.op[k], [f"x{a}" for a in tape.args[k]]
    if op == "const":
        return f"float64({tape.value[k]!r})"
    if op in _LEAVES:
        return _LEAVES[op].format(tape.row[k])
    if op in _INFIX:
        return f" {_INFIX[op]} ".join(args)
    return _TRUTHS[op].format(*args) if op in _TRUTHS else f"{CALLS[op]}({', '.join(args)})"


def evaluator(tape: Tape, roots: Sequence[Node]) -> Evaluate:
    """values(t, y, p, u, s, d): arrays over [row, ...] in, a list of arrays out; nothing raises, as IEEE 754 has it.

    s  slopes of inputs; d  (states, params, inputs) of a direction, where the tape has tangents
    """
    import numpy as np

    names: dict[str, Any] = {n: getattr(np, n) for n in (*CALLS.values(), "where", "float64", "inf", "nan")}
    exec(compile(text(tape, roots), "<tape>", "exec"), names)
    values = names["values"]

    def run(t: Floats, y: Floats, p: Floats, u: Floats, s: Floats | None = None, *, d: tuple[Floats, ...] = ()) -> list[Floats]:
        with np.errstate(all="ignore"):
            return values(t, y, p, u, s, d)

    return run


class Starts:
    """Initial values and parameters of many people at once: whatever is NaN becomes the row's initial expression.

    Raises ModelError where initial expressions read one another in a circle.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self._reads: dict[tuple[str, int], list[tuple[str, int]]] = {}
        self._order = self._sorted()
        self._rows: Rows | None = None
        self._values: dict[tuple[str, int], float | Evaluate] = {}

    def _value(self, kind: str, row: int) -> float | Evaluate:
        """An initial value, or what computes it"""
        found = self._values.get((kind, row))
        if found is None:
            expr = _initial(self.system, kind, row)
            if isinstance(expr, Const):
                found = expr.value
            else:
                self._rows = self._rows or Rows(self.system, lazy=True)
                found = evaluator(self._rows.tape, [self._rows.take(expr)])
            self._values[kind, row] = found
        return found

    @property
    def sorted_rows(self) -> list[tuple[str, int]]:
        """("param" | "state", row), each after what its initial value is made of"""
        return list(self._order)

    def following(self, kind: str, row: int) -> set[tuple[str, int]]:
        """Rows whose initial values change with this one's, itself too."""
        readers, found, todo = self._readers, {(kind, row)}, [(kind, row)]
        while todo:
            for key in readers.get(todo.pop(), ()):
                if key not in found:
                    found.add(key)
                    todo.append(key)
        return found

    @cached_property
    def _readers(self) -> dict[tuple[str, int], list[tuple[str, int]]]:
        out: dict[tuple[str, int], list[tuple[str, int]]] = {}
        for key, reads in self._reads.items():
            for read in reads:
                out.setdefault(read, []).append(key)
        return out

    def _sorted(self) -> list[tuple[str, int]]:
        reads = self._reads
        todo = [("param", i) for i in range(len(self.system.params))] + [("state", i) for i in range(len(self.system.states))]
        below = _Below(self.system)
        for key in todo:
            reads[key] = below.leaves(_initial(self.system, *key))
        done: dict[tuple[str, int], bool] = {}
        out: list[tuple[str, int]] = []
        for key in todo:
            stack = [key]
            while stack:
                top = stack[-1]
                if done.get(top):
                    stack.pop()
                    continue
                missing = [r for r in reads[top] if not done.get(r)]
                if top in done and missing:
                    names = ", ".join(_name(self.system, k) for k in [top, *missing])
                    raise ModelError(f"these initial values define each other: {names}", remedy="give one of them a number")
                done.setdefault(top, False)
                if missing:
                    stack.extend(missing)
                else:
                    done[top] = True
                    out.append(top)
                    stack.pop()
        return out

    def __call__(self, t: Floats, states: Floats, params: Floats, inputs: Floats) -> tuple[Floats, Floats]:
        """(states, params) over [person, row], for t [person]."""
        import numpy as np

        y, p, u = (np.array(a.T, dtype=float, order="C") for a in (states, params, inputs))
        some = {kind: np.asarray(np.isnan(a).any(axis=1)) for kind, a in (("state", y), ("param", p))}
        for kind, row in self._order:
            if some[kind][row]:
                target, value = y if kind == "state" else p, self._value(kind, row)
                absent = np.isnan(target[row])
                target[row] = np.where(absent, value(t, y, p, u)[0] if callable(value) else value, target[row])
        return np.ascontiguousarray(y.T), np.ascontiguousarray(p.T)


class _Below:
    """Which states and parameters an expression reads, through derived rows."""

    def __init__(self, system: System) -> None:
        self._system = system

    def leaves(self, expr: Expr) -> list[tuple[str, int]]:
        found: dict[tuple[str, int], None] = {}
        seen: set[int] = set()
        todo = [expr]
        while todo:
            for node in order([todo.pop()]):
                if isinstance(node, Leaf):
                    if node.kind == "derived" and node.index not in seen:
                        seen.add(node.index)
                        todo.append(self._system.derived[node.index].expr)
                    elif node.kind in ("state", "param"):
                        found[node.kind, node.index] = None
        return list(found)


def _initial(system: System, kind: str, row: int) -> Expr:
    return system.states[row].initial if kind == "state" else system.params[row].initial


def _name(system: System, key: tuple[str, int]) -> str:
    return (system.states if key[0] == "state" else system.params)[key[1]].full
