"""The vector functions against mpmath: two units in the last place, and every special value."""

from __future__ import annotations

import ctypes
import math

import numpy as np
import pytest

mpmath = pytest.importorskip("mpmath")

from neurohumor.emit.tape_math import FUNCTIONS, function, over_arrays  # noqa: E402
from neurohumor.emit.tape_vector import declarations  # noqa: E402
from neurohumor.engine.native.machine import host, load  # noqa: E402
from neurohumor.lang.simplify import operate  # noqa: E402

INF, NAN = math.inf, math.nan
SPECIAL = [
    0.0, -0.0, INF, -INF, NAN, 5e-324, -5e-324, 1e-310, -1e-310, 2.2250738585072014e-308, 1e308, -1e308, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0,
    3.0, -3.0, 709.78, 709.79, -708.5, -745.1, -745.2, 1e300, -1e300, 1e-300, 0.9999999999999999, 1.0000000000000002, 1e16, -1e16,
    1.5, -1.5, 1e9 + 1, 4.0,
]  # fmt: skip


@pytest.fixture(scope="module", params=[1, 2, 4, 8])
def vectors(request):
    """Each function over arrays, by name, with this many lanes."""
    width = request.param
    if width > host().width:
        pytest.skip("this processor has no vectors so wide")
    names = list(FUNCTIONS)
    parts = [declarations(width), *(function(n, width) for n in names), *(over_arrays(n, width) for n in names), "!0 = !{}"]
    code = load(f"vector math {width}", [f"array_{n}" for n in names], lambda: ("\n".join(parts), {}))

    def of(name):
        call = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 3, ctypes.c_int64)(code.addresses[f"array_{name}"])

        def run(x, y=None):
            size = -(-len(x) // 8) * 8
            room = np.zeros((3, size + 8))
            start = (-room.ctypes.data // 8) % 8
            xs, ys, out = (np.zeros(size + 16) for _ in range(3))
            xs, ys, out = (a[(-a.ctypes.data // 8) % 8 :][:size] for a in (xs, ys, out))
            xs[: len(x)] = x
            ys[: len(x)] = x if y is None else y
            call(xs.ctypes.data, ys.ctypes.data, out.ctypes.data, size // width)
            assert start >= 0 and code
            return out[: len(x)].copy()

        return run

    return of


def spread(rng, low, high, count):
    """Numbers of every size, of both signs where `low` is negative."""
    sign = rng.choice([-1.0, 1.0], count) if low < 0 else 1.0
    return sign * 10.0 ** rng.uniform(-12, math.log10(high), count)


def domains(name, rng, n):
    if name == "pow":
        return [
            (10 ** rng.uniform(-3, 3, n), rng.uniform(-5, 5, n)),
            (10 ** rng.uniform(-100, 100, n), rng.uniform(-3, 3, n)),
            (rng.uniform(0.5, 2, n), rng.uniform(-900, 900, n)),
            (1 + rng.uniform(-1e-6, 1e-6, n), rng.uniform(-1e8, 1e8, n)),
            (-rng.uniform(0, 50, n), np.round(rng.uniform(-40, 40, n))),
            (5e-324 * 2.0 ** rng.uniform(0, 52, n), rng.uniform(-0.9, 0.9, n)),
        ]
    wide = {
        "exp": [rng.uniform(-700, 700, n), rng.uniform(-2, 2, n), rng.uniform(-745, -708, n), spread(rng, -1, 1e-3, n)],
        "log": [
            10 ** rng.uniform(-300, 300, n),
            rng.uniform(0.5, 2, n),
            1 + spread(rng, -1, 1e-3, n),
            5e-324 * 2.0 ** rng.uniform(0, 52, n),
        ],
        "tanh": [rng.uniform(-5, 5, n), spread(rng, -1, 20, n), rng.choice([-1, 1], n) * 10 ** rng.uniform(-300, 1, n)],
        "asin": [rng.uniform(-1, 1, n), spread(rng, -1, 1, n), 1 - spread(rng, 0, 0.5, n)],
        "acos": [rng.uniform(-1, 1, n), spread(rng, -1, 1, n), 1 - spread(rng, 0, 0.5, n), -1 + spread(rng, 0, 0.5, n)],
        "atan": [rng.uniform(-4, 4, n), spread(rng, -1, 1e12, n)],
    }
    near = np.round(rng.uniform(-1e5, 1e5, n)) * (np.pi / 2)
    return [(x,) for x in wide.get(name, [rng.uniform(-10, 10, n), rng.uniform(-1e6, 1e6, n), rng.uniform(-1e12, 1e12, n), near])]


def exact(name, *args):
    with mpmath.workdps(60):
        if name == "pow":
            return mpmath.mpf(args[0]) ** mpmath.mpf(args[1])
        return getattr(mpmath, name)(mpmath.mpf(args[0]))


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_within_two_units_in_the_last_place(vectors, name, rng):
    run = vectors(name)
    for args in domains(name, rng, 400):
        got = run(*args)
        for k, value in enumerate(got):
            due = exact(name, *(float(a[k]) for a in args))
            if abs(due) >= mpmath.mpf(2) ** 1024:
                assert value == (INF if due > 0 else -INF)
                continue
            unit = float(np.spacing(max(abs(float(due)), 5e-324)))
            assert abs(mpmath.mpf(float(value)) - due) <= 2 * mpmath.mpf(unit), (name, [a[k] for a in args], value, due)


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_special_values(vectors, name):
    run = vectors(name)
    pairs = [(a, b) for a in SPECIAL for b in SPECIAL] if name == "pow" else [(a,) for a in SPECIAL]
    got = run(*map(np.array, zip(*pairs, strict=True)))
    for args, value in zip(pairs, got, strict=True):
        if name in ("sin", "cos", "tan") and abs(args[0]) > 2.0**45:
            assert math.isnan(value)
            continue
        due = math.pow(*args) if (name == "pow" and args[0] == 1.0) or (name == "pow" and args[1] == 0) else operate(name, *args)
        if math.isnan(due):
            assert math.isnan(value), (name, args, value)
        elif math.isinf(due) or due == 0:
            assert value == due and math.copysign(1, value) == math.copysign(1, due), (name, args, value, due)
        else:
            assert abs(value - due) <= 3 * float(np.spacing(abs(due))), (name, args, value, due)
