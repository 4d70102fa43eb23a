"""Every operation of the language: the tape in NumPy, as machine code, and as the language's own arithmetic has it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from neurohumor.emit.tape import Rows, Tape
from neurohumor.emit.tape_llvm import Classes
from neurohumor.emit.tape_numpy import evaluator, text
from neurohumor.emit.tape_slopes import slopes
from neurohumor.engine.native.machine import host
from neurohumor.lang.expr import ARITY, Call, Const
from neurohumor.lang.simplify import evaluate, operate
from neurohumor.lang.system import Interner, Leaf
from tests.native.kernels import Bench
from tests.native.networks import Maker

SPECIAL = [0.0, -0.0, math.inf, -math.inf, math.nan, 1.0, -1.0, 0.5, 2.0, -3.0, 1e300, 5e-324, 1e-310]


def close(got, due):
    if math.isnan(due):
        return math.isnan(got)
    if math.isinf(due) or due == 0:
        return got == due
    return abs(got - due) <= 1e-13 * abs(due) + 1e-300


@pytest.mark.parametrize("op", list(ARITY))
def test_every_operation_on_special_values(op):
    count = ARITY[op]
    combos = [()]
    for _ in range(count):
        combos = [(*c, v) for c in combos for v in (SPECIAL if count < 3 else SPECIAL[:9])]
    combos = [c for c in combos if not (op in ("sin", "cos", "tan") and abs(c[0]) > 1e13)]
    width = host().width
    m = Maker()
    system = m.system("op", [1.0] * 3, [Call(op, *(m.state(i) for i in range(count)))] + [m.state(0)] * 2)
    bench = Bench(system, width=width)
    numpy_values = evaluator(*_tape(system))
    for start in range(0, len(combos), width):
        part = combos[start : start + width]
        y = np.ones((width, 3))
        y[: len(part), :count] = part
        bench.set(np.zeros(width), y, np.zeros((width, 0)), np.zeros((width, 0)))
        got = bench.rates()[0]
        plain = np.broadcast_to(numpy_values(np.zeros(width), y.T, None, None)[0], (width,))
        for lane, values in enumerate(part):
            due = evaluate([Call(op, *(Const(v) for v in values))], lambda s: 0.0)[0]
            if op == "pow" and (values[0] == 1.0 or values[1] == 0.0):
                due = 1.0  # as IEEE 754, also where the other is not a number
            if (op == "div" and due != 0 and abs(due) < 1e-300) or (op == "div" and values[1] in (5e-324, 1e-310)):
                continue  # a product with a reciprocal that is not a normal number
            if not any(math.isnan(v) for v in values) or op in ("add", "mul", "where"):
                assert close(got[lane], due), (op, values, got[lane], due)
            assert close(got[lane], float(plain[lane])) or math.isnan(due), (op, values, got[lane], plain[lane])


def _tape(system):
    tape = Tape()
    rows = Rows(system, tape)
    return tape, [rows.take(r) for r in system.rates]


SMOOTH = [
    "add",
    "sub",
    "mul",
    "div",
    "pow",
    "neg",
    "min",
    "max",
    "exp",
    "log",
    "sin",
    "cos",
    "tan",
    "tanh",
    "asin",
    "acos",
    "atan",
    "abs",
    "where",
]


def leaves():
    kinds = [("state", 0), ("state", 1), ("param", 0), ("param", 1), ("time", 0), ("input", 0)]
    return some.one_of(
        some.sampled_from(kinds).map(lambda k: Leaf(k[0], k[1], "x")), some.sampled_from([0.5, 1.0, 2.0, 3.0, -1.5]).map(Const)
    )


def calls(children):
    def of(op):
        if op == "where":
            condition = some.tuples(children, children).map(lambda ab: Call("lt", *ab))
            return some.tuples(condition, children, children).map(lambda a: Call("where", *a))
        return some.tuples(*[children] * ARITY[op]).map(lambda a: Call(op, *a))

    return some.sampled_from(SMOOTH).flatmap(of)


@given(some.recursive(leaves(), calls, max_leaves=14), some.integers(0, 2**31))
def test_random_expressions_and_their_derivatives(expr, seed):
    """Against the language's arithmetic, and derivatives against complex steps of NumPy where those exist."""
    rng = np.random.default_rng(seed)
    intern = Interner()
    m = Maker()
    m.intern = intern
    m.param("a", 1.2)
    m.param("b", 0.7)
    m.input("u", 1.0)
    system = m.system("random", [1.0, 1.0], [expr, m.state(1)])
    width = 2
    bench = Bench(system, Classes((1,), ()), width=width)
    y, p, u, t = (
        rng.uniform(0.2, 2, (width, 2)),
        np.tile(rng.uniform(0.2, 2, (1, 2)), (width, 1)),
        np.full((width, 1), 0.8),
        rng.uniform(0, 3, width),
    )
    p[:, 1] = rng.uniform(0.2, 2, width)
    bench.set(t, y, p, u)
    tape, roots = _tape(system)
    plain = np.broadcast_to(evaluator(tape, roots)(t, y.T, p.T, u.T)[0], (width,))
    rates, minus = bench.slopes()
    found = slopes(tape, roots)[0]
    for lane in range(width):
        values = {"time": [t[lane]], "state": y[lane], "param": p[lane], "input": u[lane]}
        due = evaluate([system.rates[0]], lambda s, values=values: float(values[s.kind][s.index]))[0]
        if not math.isfinite(due) or abs(due) > 1e100:
            continue
        assert abs(plain[lane] - due) <= 1e-8 * (1 + abs(due)), text(tape, roots)
        assert abs(rates[0][lane] - due) <= 1e-8 * (1 + abs(due)) or abs(rates[0][lane] - plain[lane]) <= 1e-8 * (1 + abs(due))
        for j, node in found.items():
            if j >= 0:
                value = float(np.broadcast_to(evaluator(tape, [node])(t, y.T, p.T, u.T)[0], (width,))[lane])
                if math.isfinite(value):
                    assert abs(-minus[0, j][lane] - value) <= 1e-7 * (1 + abs(value)) * (1 + abs(due))


def test_derivatives_against_central_differences(rng):
    """Away from kinks, for every operation that has a derivative."""
    for op in [*SMOOTH, "floor", "ceil"]:
        m = Maker()
        x, z = m.state(0), m.state(1)
        args = [0.3 + 0.2 * x * z, 0.9 - 0.4 * x, z][: ARITY[op]]
        if op == "where":
            args = [Call("lt", x, Const(0.5)), x * x, z * z * x]
        if op == "log":
            args = [args[0] + x * x]
        system = m.system(op, [1.0, 1.0], [Call(op, *args), x])
        tape, roots = _tape(system)
        found = slopes(tape, roots)[0]
        y = rng.uniform(0.2, 0.45, 2)
        at = evaluator(tape, roots)
        for j in range(2):
            h = np.zeros(2)
            h[j] = 1e-6
            due = float(at(0.0, y + h, None, None)[0] - at(0.0, y - h, None, None)[0]) / 2e-6
            got = float(evaluator(tape, [found[j]])(0.0, y, None, None)[0]) if j in found else 0.0
            assert abs(got - due) <= 1e-7 * (1 + abs(due)), (op, j, got, due)


def test_an_exponent_that_is_not_a_number_stays_one():
    m = Maker()
    system = m.system("power", [2.0, 1.0], [m.state(0) ** Call("asin", Const(2.0)), m.state(0) ** Call("exp", Const(1000.0))])
    tape, roots = _tape(system)
    values = evaluator(tape, roots)(0.0, np.array([2.0, 1.0]), None, None)
    assert math.isnan(float(values[0])) and float(values[1]) == math.inf


def test_powers_of_moving_values_know_the_special_cases():
    m = Maker()
    n = m.param("n", 1.5)
    system = m.system("power", [1.0, 1.0], [m.state(0) ** n, m.state(1)])
    width = host().width
    bench = Bench(system, Classes((0,), ()), width=width)
    for value in SPECIAL:
        for power in SPECIAL:
            y, p = np.ones((width, 2)), np.full((width, 1), 1.7)
            y[1, 0], p[1, 0] = value, power
            bench.set(np.zeros(width), y, p, np.zeros((width, 0)))
            got = bench.rates()[0]
            due = 1.0 if value == 1.0 or power == 0.0 else operate("pow", value, power)
            assert close(got[1], due), (value, power, got[1], due)
            assert got[0] == 1.0
