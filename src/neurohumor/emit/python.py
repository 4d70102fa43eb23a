"""Python from a `System`: quick code over floats for one person, NumPy code over arrays of people and times.

Rows are named by their numbers (`s0 p0 u0 c0`, temporaries `x0`), never by text from outside; `side_table` tells which is which.
Everything is as IEEE 754 has it: 1/0 is infinite, log(-1) is NaN, nothing raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neurohumor.emit import ieee
from neurohumor.emit.graph import Graph
from neurohumor.emit.statements import ARRAYS, GUARDED, QUICK, Constants, Writer
from neurohumor.lang.derive import input_derivative, jacobian, time_derivative
from neurohumor.lang.system import Leaf, System

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Row = Sequence[float]
Scalar = Callable[[float, Row, Row, Row, Row], list[float]]
"""f(t, y, p, u, c): time, states, parameters, inputs and the constants of these parameters; plain floats in, plain floats out."""


@dataclass(frozen=True, slots=True)
class Code:
    """Generated functions over floats.

    text       what was compiled
    functions  by name
    constants  the list `c` of a list of parameters: every value into which only parameters enter
    """

    text: str
    functions: Mapping[str, Scalar]
    constants: Callable[[Row], list[float]]


def scalars(graph: Graph, wanted: Mapping[str, Sequence[int]]) -> Code:
    """Functions over floats: each gives the numbers of its nodes.  `wanted` maps names (identifiers chosen by us) to nodes."""
    constants = Constants()
    writer = Writer(graph, QUICK, None if graph.starting else constants)
    texts = [writer.function(name, nodes) for name, nodes in wanted.items()]
    texts.append(Writer(graph, QUICK).function("constants_of", constants.nodes))
    text = "\n\n".join(texts)
    quick = _run(text, ieee.QUICK)
    guarded: dict[str, Any] = {}

    def careful(name: str) -> Any:
        """The guarded twin of a function: written when it is first needed."""
        if name not in guarded:
            nodes = constants.nodes if name == "constants_of" else wanted[name]
            hoisted = None if name == "constants_of" or graph.starting else constants
            guarded[name] = _run(Writer(graph, GUARDED, hoisted).function(name, nodes), ieee.GUARDED)[name]
        return guarded[name]

    def both(name: str) -> Scalar:
        plain = quick[name]

        def call(t: float, y: Row, p: Row, u: Row, c: Row) -> list[float]:
            try:
                return plain(t, y, p, u, c)
            except (ArithmeticError, ValueError):
                return careful(name)(t, y, p, u, c)

        return call

    of_params = both("constants_of")
    return Code(text, {name: both(name) for name in wanted}, lambda p: of_params(0.0, (), p, (), ()))


def arrays(graph: Graph, nodes: Sequence[int]) -> Callable[[Floats, Floats, Floats, Floats], Floats]:
    """A function over arrays: t [...], y [..., state], p [..., param], u [..., input] to [..., node]; leading axes are broadcast."""
    text = Writer(graph, ARRAYS).function("fill", nodes, store="out[..., {0}] = {1}")
    fill = _run(text, ieee.array_names())["fill"]

    def call(t: Floats, y: Floats, p: Floats, u: Floats) -> Floats:
        import numpy as np

        t, y, p, u = (np.asarray(a, dtype=float) for a in (t, y, p, u))
        shape = np.broadcast_shapes(t.shape, y.shape[:-1], p.shape[:-1], u.shape[:-1])
        out = np.empty((*shape, len(nodes)))
        with np.errstate(all="ignore"):
            fill(t, y, p, u, (), out)
        return out

    return call


def derived_of(system: System) -> Callable[[Floats, Floats, Floats, Floats], Floats]:
    """All derived rows over arrays; see `arrays`."""
    graph = Graph(system)
    return arrays(graph, graph.add(row.expr for row in system.derived))


def start_of(system: System) -> Callable[[float, Row, Row, Row], tuple[list[float], list[float]]]:
    """A function (t, y, p, u) -> (y, p) that replaces every NaN in y and p by the row's initial expression, in order of need.

    Raises ModelError where initial expressions refer to one another in a circle.
    """
    graph = Graph(system, starting=True)
    leaves = [_leaf_node(graph, system, "state", k) for k in range(len(system.states))]
    leaves += [_leaf_node(graph, system, "param", k) for k in range(len(system.params))]
    text = Writer(graph, GUARDED).function("start", leaves)
    run = _run(text, ieee.GUARDED)["start"]
    count = len(system.states)

    def call(t: float, y: Row, p: Row, u: Row) -> tuple[list[float], list[float]]:
        values = run(t, y, p, u, ())
        return values[:count], values[count:]

    return call


def source(system: System) -> str:
    """The system as a NumPy module to read and to keep; names stand above it.

    `derived`, `rates`, `time_slopes` (d rate / d time) and `triggers` fill `out[..., row]`; `jacobian` (d rate / d state) and
    `input_slopes` (d rate / d input) fill `out[..., k]` with the entry whose row and column are `jacobian_at[k]`, `input_slopes_at[k]`.

    Raises ModelError for rows that do not exist.
    """
    graph = Graph(system)
    writer = Writer(graph, ARRAYS)
    matrices = {"jacobian": jacobian(system), "input_slopes": input_derivative(system)}
    parts = {"derived": graph.add(row.expr for row in system.derived), "rates": graph.add(system.rates)}
    parts |= {name: graph.add(e for _, _, e in matrix.entries) for name, matrix in matrices.items()}
    parts |= {"time_slopes": graph.add(time_derivative(system)), "triggers": graph.add(e.trigger for e in system.events)}
    places = "\n".join(f"{name}_at = {[(i, j) for i, j, _ in matrix.entries]}" for name, matrix in matrices.items())
    names = "\n".join(f"# {short:>6}  {ascii(full)[1:-1]}" for short, full in side_table(system).items())
    functions = [writer.function(name, nodes, store="out[..., {0}] = {1}") for name, nodes in parts.items()]
    return "\n\n".join([f"# {ascii(system.name)[1:-1]}\n{names}\n\n{_PREAMBLE}\n\n{places}", *functions])


_PREAMBLE = """import numpy as np
from numpy import abs, ceil as ceil_, cos as cos_, divide as div_, exp as exp_, float64 as float_, floor as floor_, inf, log as log_
from numpy import logical_and as both_, logical_not as not_, logical_or as either_, maximum as max_, minimum as min_, nan, power as pow_
from numpy import arccos as acos_, arcsin as asin_, arctan as atan_, sin as sin_, tan as tan_, tanh as tanh_, where as where_"""


def side_table(system: System) -> dict[str, str]:
    """Short name in generated code -> full name and unit."""
    kinds = {"s": system.states, "p": system.params, "u": system.inputs, "d": system.derived}
    return {f"{short}{k}": f"{row.full} [{row.unit}]" for short, rows in kinds.items() for k, row in enumerate(rows)}


def _leaf_node(graph: Graph, system: System, kind: str, row: int) -> int:
    name = (system.states if kind == "state" else system.params)[row].full
    return graph.add([Leaf("state" if kind == "state" else "param", row, name)])[0]


def _run(text: str, names: Mapping[str, object]) -> dict[str, Any]:
    """The functions that generated text defines; it sees these names and `abs`, `float`, nothing else."""
    space: dict[str, Any] = {"__builtins__": {"abs": abs, "float": float}, **names}
    exec(compile(text, "<generated>", "exec"), space)
    return space
