"""The tape as JAX (optional extra `jax`): for graphics processors, automatic derivatives, and whatever else traces functions.

The text is that of NumPy; only the names in it stand for JAX's functions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from neurohumor.emit.tape import Node, Rows, Tape
from neurohumor.emit.tape_numpy import CALLS, text
from neurohumor.errors import ModelError
from neurohumor.lang.system import System

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def traceable(tape: Tape, roots: Sequence[Node]) -> Callable[..., list[Any]]:
    """values(t, y, p, u, s): JAX arrays over [row, ...] in, a list out; to be jitted, mapped or differentiated by the caller.

    Numbers have the precision that JAX is set to.  Raises ModelError where JAX is not installed.
    """
    numbers = _jax().numpy
    names: dict[str, Any] = {n: getattr(numbers, n) for n in (*CALLS.values(), "where", "inf", "nan")}
    names["float64"] = float  # takes the precision of what it meets
    exec(compile(text(tape, roots), "<tape>", "exec"), names)
    return names["values"]


def evaluator(tape: Tape, roots: Sequence[Node]) -> Callable[..., list[Floats]]:
    """As `tape_numpy.evaluator`, compiled by JAX in double precision: NumPy arrays in, a list of NumPy arrays out."""
    import numpy as np

    jax = _jax()
    compiled = jax.jit(traceable(tape, roots))

    def run(t: Floats, y: Floats, p: Floats, u: Floats, s: Floats | None = None) -> list[Floats]:
        with jax.enable_x64(True):
            given = [None if a is None else jax.numpy.asarray(a, dtype="float64") for a in (t, y, p, u, s)]
            return [np.asarray(v, dtype=float) for v in compiled(*given)]

    return run


def rates(system: System) -> Callable[..., Any]:
    """f(t, y, p, u), traceable: the rates of a system [state] (residuals where a row is algebraic), inputs held.

    Raises ModelError where JAX is not installed.
    """
    numbers = _jax().numpy
    tape = Tape()
    rows = Rows(system, tape)
    values = traceable(tape, [rows.take(r) for r in system.rates])

    def f(t: Any, y: Any, p: Any, u: Any) -> Any:
        return numbers.stack([numbers.asarray(v, dtype=y.dtype) for v in values(t, y, p, u, None)])

    return f


def _jax() -> Any:
    try:
        return import_module("jax")
    except ImportError as fault:
        raise ModelError("this needs JAX, which is not installed", remedy="pip install 'neurohumor[jax]'") from fault
