"""One tape, three printers: NumPy, machine code, JAX give the same rates and the same Jacobian."""

from __future__ import annotations

import math

import numpy as np
import pytest

from neurohumor.build.flatten import flatten
from neurohumor.emit import tape_jax, tape_numpy
from neurohumor.emit.tape import Rows, Tape
from neurohumor.emit.tape_llvm import Classes
from neurohumor.emit.tape_slopes import slopes
from neurohumor.engine.native.machine import host
from neurohumor.errors import ModelError
from neurohumor.lang.expr import ARITY, Call
from tests.contract.shipped import BUILDABLE
from tests.native.kernels import Bench
from tests.native.networks import Maker, network

SHIPPED = ["DopamineTerminalBest2009", "AminoAcids", "Gut"]


def jax():
    return pytest.importorskip("jax", reason="JAX is not installed (extra `jax`)")


def system_of(name):
    return network(int(name), 4, int(name), driven=True) if name.isdigit() else flatten(BUILDABLE[name])


def numbers(system, width, rng):
    """t [lane], y [lane, state], p [lane, param], u [lane, input] about the initial values; parameters the same for all"""
    u = np.tile([float(row.nominal) for row in system.inputs], (width, 1)).reshape(width, len(system.inputs))
    absent = (np.full((width, len(rows)), np.nan) for rows in (system.states, system.params))
    y, p = tape_numpy.Starts(system)(np.zeros(width), *absent, u)
    scale = np.array([row.scale for row in system.states])
    return rng.uniform(0, 48, width), (np.abs(y) + 0.1 * scale) * 10 ** rng.uniform(-0.3, 0.3, y.shape), p, u


@pytest.mark.parametrize("name", ["15", "40", *[n for n in SHIPPED if n in BUILDABLE]])
def test_numpy_machine_code_and_jax_are_one(name, rng):
    jax()
    system = system_of(name)
    width = host().width
    t, y, p, u = numbers(system, width, rng)
    tape = Tape()
    rows = Rows(system, tape)
    roots = [rows.take(r) for r in system.rates]
    found = slopes(tape, roots)
    places = [(i, j) for i, row in enumerate(found) for j in row if j >= 0]
    nodes = [*roots, *(found[i][j] for i, j in places)]
    still = np.zeros_like(u.T)
    plain, traced = (m.evaluator(tape, nodes)(t, y.T, p.T, u.T, still) for m in (tape_numpy, tape_jax))
    plain, traced = (np.array([np.broadcast_to(v, width) for v in values]) for values in (plain, traced))
    assert np.isfinite(plain).all()
    bench = Bench(system, Classes(personal_inputs=tuple(range(len(system.inputs)))), width=width)
    bench.set(t, y, p, u)
    made, minus = bench.slopes()
    n = len(roots)
    sizes = np.abs(plain[:n])
    for k, (i, j) in enumerate(places):  # what the terms of a rate amount to, which may cancel
        sizes[i] = np.maximum(sizes[i], np.abs(plain[n + k] * y[:, j]))
    assert (np.abs(traced[:n] - plain[:n]) <= 1e-12 * sizes).all() and (np.abs(made - plain[:n]) <= 1e-12 * sizes).all()
    largest = {i: max(np.abs(plain[n + k] * y[:, j]).max() for k, (i2, j) in enumerate(places) if i2 == i) for i in {i for i, _ in places}}
    for k, (i, j) in enumerate(places):
        allowed = 1e-12 * np.maximum(np.abs(plain[n + k]), largest[i] / np.abs(y[:, j]))
        assert (np.abs(traced[n + k] - plain[n + k]) <= allowed).all(), (name, i, j)
        assert (np.abs(-minus[i, j] - plain[n + k]) <= allowed).all(), (name, i, j)


@pytest.mark.parametrize("op", list(ARITY))
def test_every_operation_on_special_values(op):
    jax()
    special = [0.0, -0.0, math.inf, -math.inf, math.nan, 1.0, -1.0, 0.5, 2.0, -3.0, 1e300]
    grid = np.array(np.meshgrid(*[special] * ARITY[op])).reshape(ARITY[op], -1)
    if op in ("sin", "cos", "tan"):
        grid = grid[:, ~(np.abs(grid[0]) > 1e13)]
    m = Maker()
    system = m.system("op", [1.0] * 3, [Call(op, *(m.state(i) for i in range(ARITY[op]))), m.state(0), m.state(0)])
    tape = Tape()
    rows = Rows(system, tape)
    root = [rows.take(system.rates[0])]
    plain, traced = (m.evaluator(tape, root)(np.zeros(1), grid, np.zeros((0, 1)), np.zeros((0, 1)))[0] for m in (tape_numpy, tape_jax))
    assert np.allclose(traced, plain, rtol=1e-13, atol=0.0, equal_nan=True), grid[:, ~np.isclose(traced, plain, equal_nan=True)]


def test_automatic_derivatives_agree_with_the_tape(rng):
    trace = jax()
    system = network(15, 3, 2)
    t, y, p, u = (a[0] for a in numbers(system, 1, rng))
    with trace.enable_x64(True):
        f = tape_jax.rates(system)
        J = np.asarray(trace.jit(trace.jacfwd(f, argnums=1))(float(t), *(trace.numpy.asarray(a) for a in (y, p, u))))
        many = trace.jit(trace.vmap(f, in_axes=(None, 0, None, None)))(
            float(t), *(trace.numpy.asarray(a) for a in (np.tile(y, (3, 1)), p, u))
        )
    tape = Tape()
    rows = Rows(system, tape)
    found = slopes(tape, [rows.take(r) for r in system.rates])
    due = np.zeros_like(J)
    for i, row in enumerate(found):
        for j, node in row.items():
            if j >= 0:
                due[i, j] = tape_numpy.evaluator(tape, [node])(t, y, p, u)[0]
    assert np.allclose(J * y, due * y, rtol=1e-11, atol=1e-12 * np.abs(due * y).max(axis=1, keepdims=True))
    assert many.shape == (3, 15) and many.dtype == np.float64 and np.array_equal(many[0], many[2])


def test_without_jax_the_remedy_is_told(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(ModelError, match="neurohumor\\[jax\\]"):
        tape_jax.traceable(Tape(), [])
