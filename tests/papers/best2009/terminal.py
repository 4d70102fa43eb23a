"""The terminal alone, as a flat system; its derivatives, evaluated node by node and without any engine."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from neurohumor.build.flatten import flatten
from neurohumor.lang.expr import Call, Const, Expr, fold
from neurohumor.lang.model import Model, part
from neurohumor.lang.system import Leaf, System
from neurohumor.modules.transmitters.dopamine_terminal_best2009 import DopamineTerminalBest2009

PART = "terminal"
NOMINAL_TYROSINE = DopamineTerminalBest2009.blood_tyrosine.nominal
INPUTS = {"blood.tyrosine": NOMINAL_TYROSINE, "da.firing": 1.0, "dat.load": 0.0}

OPERATIONS: Mapping[str, Callable[..., float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": math.pow,
    "neg": lambda a: -a,
    "max": max,
}


@cache
def published() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "published.toml").read_text(encoding="utf-8"))


def model(**values: float) -> Model:
    return Model("best2009", {PART: part(DopamineTerminalBest2009, here="striatum", **values)})


@cache
def system() -> System:
    return flatten(model())


def params() -> dict[str, float]:
    """Parameters by name; internal numbers are umol/L and h, the paper's own."""
    found = {}
    for row in system().params:
        assert isinstance(row.initial, Const), row.full
        found[row.name] = row.initial.value
    return found


def state_names() -> list[str]:
    return [row.name for row in system().states]


def initial(name: str) -> float:
    """The initial value of a state."""
    expr = system().states[state_names().index(name)].initial
    assert isinstance(expr, Const)
    return expr.value


def evaluate(state: Mapping[str, float], values: Mapping[str, float], inputs: Mapping[str, float]) -> tuple[list[float], list[float]]:
    """Every derived row and every rate of the flat system."""
    flat = system()
    y = [state[row.name] for row in flat.states]
    p = [values[row.name] for row in flat.params]
    u = [inputs[row.quantity] for row in flat.inputs]
    derived: list[float] = []
    vectors = {"state": y, "param": p, "input": u, "derived": derived}

    def leaf(node: Expr) -> float:
        if isinstance(node, Const):
            return node.value
        assert isinstance(node, Leaf)
        return vectors[node.kind][node.index]

    def call(node: Call, args: tuple[float, ...]) -> float:
        return OPERATIONS[node.op](*args)

    for row in flat.derived:
        derived.append(fold([row.expr], leaf, call)[0])
    return derived, fold(flat.rates, leaf, call)


def rates(state: Mapping[str, float], values: Mapping[str, float], inputs: Mapping[str, float]) -> dict[str, float]:
    return dict(zip(state_names(), evaluate(state, values, inputs)[1], strict=True))


def fluxes(state: Mapping[str, float], values: Mapping[str, float], inputs: Mapping[str, float]) -> dict[str, float]:
    """The rate of each conversion, by its name."""
    derived, _ = evaluate(state, values, inputs)
    return {row.name: derived[row.value] for row in system().fluxes}


def largest_terms(state: Mapping[str, float], values: Mapping[str, float], inputs: Mapping[str, float]) -> dict[str, float]:
    """For each state, the size of the largest conversion that moves it."""
    derived, _ = evaluate(state, values, inputs)
    names = state_names()
    largest = dict.fromkeys(names, 0.0)
    for row in system().fluxes:
        for index, share in row.moved:
            largest[names[index]] = max(largest[names[index]], abs(share * derived[row.value]))
    return largest
