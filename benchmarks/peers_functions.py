"""Right-hand side and Jacobian as plain functions of floats, compiled by Numba where it is installed; and the walk from one entry of
the schedule to the next, for engines that know nothing of schedules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from problems import Problem

from neurohumor.emit.tape import LEAVES, Rows, Tape
from neurohumor.emit.tape_numpy import evaluator
from neurohumor.emit.tape_slopes import slopes
from neurohumor.engine.problem import Action
from neurohumor.lang.system import System

Floats = NDArray[np.float64]

_TEXT = {
    "add": "{0} + {1}", "sub": "{0} - {1}", "mul": "{0} * {1}", "neg": "-{0}", "inv": "1.0 / {0}", "sqrt": "math.sqrt({0})",
    "pow": "{0} ** {1}", "abs": "abs({0})", "min": "min({0}, {1})", "max": "max({0}, {1})", "asin": "math.asin({0})",
    "acos": "math.acos({0})", "atan": "math.atan({0})", "floor": "float(math.floor({0}))", "ceil": "float(math.ceil({0}))",
    "lt": "1.0 if {0} < {1} else 0.0", "le": "1.0 if {0} <= {1} else 0.0", "eq": "1.0 if {0} == {1} else 0.0",
    "and": "1.0 if {0} != 0.0 and {1} != 0.0 else 0.0", "or": "1.0 if {0} != 0.0 or {1} != 0.0 else 0.0",
    "not": "1.0 if {0} == 0.0 else 0.0", "where": "{1} if {0} != 0.0 else {2}",
    **{name: f"math.{name}({{0}})" for name in ("exp", "log", "sin", "cos", "tan", "tanh")},
}  # fmt: skip


@dataclass
class Functions:
    """A system as functions.

    rates(t, y, c, out), jacobian(t, y, c, out)  fill; the entries of the Jacobian are by column, then row
    constants(p, u)  everything into which only these enter
    rows, columns    of the entries of the Jacobian
    """

    system: System
    compiled: bool
    rates: Callable[..., None]
    jacobian: Callable[..., None]
    constants: Callable[[Floats, Floats], Floats]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    texts: tuple[str, str]


def functions(system: System, *, compiled: bool = True) -> Functions:
    """The functions of a system; compiling happens here, not at the first call."""
    tape = Tape()
    rows = Rows(system, tape)
    rates = [rows.take(r) for r in system.rates]
    found = slopes(tape, rates)
    entries = sorted((j, i, k) for i, row in enumerate(found) for j, k in row.items() if j >= 0)
    hoisted: dict[int, int] = {}
    texts = (_printed(tape, "rates", rates, hoisted), _printed(tape, "jacobian", [k for _, _, k in entries], hoisted))
    static = evaluator(tape, list(hoisted))

    def constants(p: Floats, u: Floats) -> Floats:
        return np.array([float(v) for v in static(np.zeros(()), np.zeros(0), p, u, np.zeros(0))])

    import math

    space: dict[str, Any] = {"math": math}
    for text in texts:
        exec(compile(text, "<system>", "exec"), space)
    made = [space["rates"], space["jacobian"]]
    if compiled:
        import numba

        vector = numba.types.Array(numba.float64, 1, "C", readonly=True)
        signature = numba.void(numba.float64, vector, vector, numba.float64[::1])
        made = [numba.njit(signature, error_model="numpy")(f) for f in made]
    columns, lines = (np.array([e[k] for e in entries], dtype=np.int64) for k in (0, 1))
    return Functions(system, compiled, made[0], made[1], constants, lines, columns, texts)


def _printed(tape: Tape, name: str, roots: list[int], hoisted: dict[int, int]) -> str:
    """`name(t, y, c, out)`; what is static is read from c, whose nodes are noted in `hoisted`."""
    lines = [f"def {name}(t, y, c, out):"]
    done: set[int] = set()

    def of(k: int) -> str:
        if tape.op[k] == "const":
            value = tape.value[k]
            return f"({value!r})" if np.isfinite(value) else f"float('{value}')"
        if tape.static[k]:
            return f"c[{hoisted.setdefault(k, len(hoisted))}]"
        if tape.op[k] == "time":
            return "t"
        return f"y[{tape.row[k]}]" if tape.op[k] == "state" else f"x{k}"

    for place, root in enumerate(roots):
        stack = [root]
        while stack:
            k = stack.pop()
            if k < 0:
                k = ~k
                lines.append(f"    x{k} = {_TEXT[tape.op[k]].format(*(of(a) for a in tape.args[k]))}")
            elif k not in done and not tape.static[k] and tape.op[k] not in LEAVES:
                done.add(k)
                stack.append(~k)
                stack.extend(tape.args[k][::-1])
        lines.append(f"    out[{place}] = {of(root)}")
    return "\n".join(lines)


@dataclass
class Stretch:
    """From one moment at which something happens to the next: numbers that hold in it, and the samples within (the end apart)."""

    start: float
    end: float
    p: Floats
    u: Floats
    inside: NDArray[np.int64]
    changed: bool


class Journey:
    """One person's way through a problem: gives stretches, is told the state at their ends, collects samples."""

    def __init__(self, problem: Problem, params: Floats) -> None:
        self.problem = problem
        system = problem.system
        self.u = np.array([row.nominal for row in system.inputs])
        y, p = problem.starts(np.zeros(1), np.full((1, len(system.states)), np.nan), params[None, :], self.u[None, :])
        self.y, self.p = y[0], p[0]
        self.out = np.full((len(problem.times), len(self.y)), np.nan)

    def stretches(self) -> Iterator[Stretch]:
        """Set `y` to the state at the end before asking for the next."""
        problem, times = self.problem, self.problem.times
        waiting = list(problem.schedule)
        t = 0.0
        while True:
            changed = t == 0.0
            while waiting and waiting[0].time <= t:
                changed = self._act(waiting.pop(0)) or changed
            self.out[times == t] = self.y
            if t >= problem.end:
                return
            end = min([problem.end, *(e.time for e in waiting[:1]), *(b for b in problem.breaks if b > t)])
            yield Stretch(t, end, self.p, self.u, np.flatnonzero((times > t) & (times < end)), changed)
            t = end

    def _act(self, entry: Any) -> bool:
        """Whether a parameter or an input changed."""
        if entry.action is Action.ADD_STATE or entry.action is Action.SET_STATE:
            self.y = self.y.copy()
            self.y[entry.index] = entry.value + (self.y[entry.index] if entry.action is Action.ADD_STATE else 0.0)
            return False
        if entry.action is Action.RAMP_INPUT and entry.slope:
            raise NotImplementedError("ramps are not given to engines that know nothing of schedules")
        target = self.p if entry.action is Action.SET_PARAM else self.u
        target[entry.index] = entry.value
        return True
