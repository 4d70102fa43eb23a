"""The parts that make code: the cache of objects, the small compiler, elimination without exchanges."""

from __future__ import annotations

import ctypes
import hashlib
import os
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from neurohumor.engine.native import machine
from neurohumor.engine.native.elimination import eliminate
from neurohumor.engine.native.frame import KINDS, Frame
from neurohumor.engine.native.restricted import compiled, in_python
from neurohumor.errors import ModelError

ANSWER = "define i64 @answer() {\n ret i64 %d\n}"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("NEUROHUMOR_CACHE", str(tmp_path))
    machine._folder.cache_clear()
    yield tmp_path / "native"
    machine._folder.cache_clear()


def answer(key, number):
    code = machine.load(key, ["answer"], lambda: (ANSWER % number, {"number": number}))
    return ctypes.CFUNCTYPE(ctypes.c_int64)(code.addresses["answer"])(), code


def test_code_is_found_again_and_never_believed_when_damaged(folder):
    assert answer("a", 1)[0] == 1
    value, code = answer("a", 2)
    assert value == 1 and code.from_cache and code.facts == {"number": 1}
    (file,) = folder.iterdir()
    damaged = bytearray(file.read_bytes())
    damaged[-20] ^= 1
    file.write_bytes(bytes(damaged))
    value, code = answer("a", 3)
    assert value == 3 and not code.from_cache
    file.write_bytes(b"")
    assert answer("a", 4)[0] == 4
    assert answer("b", 5)[0] == 5


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are those of POSIX")
def test_a_folder_that_others_can_write_to_is_not_used(folder):
    answer("a", 1)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    os.chmod(folder, 0o777)
    machine._folder.cache_clear()
    assert answer("a", 2)[0] == 2


def test_text_that_is_not_valid_is_refused(folder):
    with pytest.raises(RuntimeError):
        machine.load("bad", ["f"], lambda: ("define i64 @f() {\n ret double 1.0\n}", {}))


def summed(z: Frame) -> int:
    total = 0
    for k in range(z.people):
        if z.queue[k] < 0 or (k == 3 and not z.queue[k] > 100):
            continue
        if z.queue[k] == 99:
            break
        total += part(z, k) * 2
    while total > z.most_steps:
        total -= 7
    z.rtol = min(z.rtol, 0.5) + max(1.0, total) / 4
    z.y[1] = -abs(z.y[0]) * 1.5 - 1
    return total


def part(z: Frame, k: int) -> int:
    return z.queue[k] + LIFT


LIFT = 10


def frame(queue):
    return Frame(people=len(queue), most_steps=50, rtol=0.75, queue=np.array(queue, dtype=np.int64), y=np.array([2.5, 0.0]), **{
        name: np.zeros(1, dtype=np.int64 if kind == "ints" else float)
        for name, kind in KINDS.items() if kind in ("ints", "floats") and name not in ("queue", "y")
    })  # fmt: skip


@pytest.mark.parametrize("queue", [[1, 2, 3], [5, -1, 7, 8, 9], [5, -1, 7, 200, 9], [1, 99, 5], []])
def test_the_compiler_does_what_python_does(queue, folder):
    code = machine.load("summed", ["summed"], lambda: (compiled((summed, part), {"LIFT": LIFT}, "summed"), {}))
    a, b = frame(queue), frame(queue)
    record = a.record()
    got = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)(code.addresses["summed"])(record.ctypes.data)
    due = in_python((summed, part), {"LIFT": LIFT})["summed"](b)
    assert got == due and np.array_equal(a.y, b.y)
    assert record.view(np.float64)[list(KINDS).index("rtol")] == b.rtol


def test_what_is_not_in_the_language_is_refused():
    def listed(z: Frame) -> int:
        return [1][0]

    def strange(z: Frame) -> int:
        return z.nothing

    def unknown(z: Frame) -> int:
        return print(z.people)

    for function in (listed, strange, unknown):
        function.__annotations__.update({"z": "Frame", "return": "int"})
        with pytest.raises(SyntaxError):
            compiled((function,), {}, function.__name__)


def test_elimination_solves_random_sparse_systems(rng):
    for n in (1, 5, 30):
        pattern = {(i, int(j)) for i in range(n) for j in rng.integers(0, n, 3)}
        J = np.zeros((n, n))
        for i, j in pattern:
            J[i, j] = rng.normal()
        form = eliminate(pattern, [True] * n)
        W = 20.0 * np.eye(n) - J
        A = np.zeros(form.size)
        for i in range(n):
            for j in range(n):
                if W[i, j]:
                    A[form.slot[form.row_place[i], form.column_place[j]]] = W[i, j]
        for i in range(n):  # as the machine code does it
            for k in form.left[i]:
                A[form.slot[i, k]] /= A[form.diagonal[k]]
                for j in form.right[k]:
                    A[form.slot[i, j]] -= A[form.slot[i, k]] * A[form.slot[k, j]]
        L, U = np.eye(n), np.zeros((n, n))
        for (i, j), slot in form.slot.items():
            (L if j < i else U)[i, j] = A[slot]
        P = np.zeros((n, n))
        for i in range(n):
            P[form.row_place[i]] += 0
            for j in range(n):
                P[form.row_place[i], form.column_place[j]] = W[i, j]
        assert np.allclose(L @ U, P, atol=1e-12)
        assert form.work == sum(len(form.right[k]) for row in form.left for k in row)


def test_balances_that_determine_nothing_are_refused():
    with pytest.raises(ModelError, match="do not determine"):
        eliminate([(0, 0), (1, 0)], [True, False])
    form = eliminate([(0, 1), (1, 2), (2, 1), (1, 0)], [True, False, False])
    assert form.row_place[0] == form.column_place[0] and form.row_place[1] == form.column_place[2]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
def test_a_process_that_is_killed_leaves_a_cache_that_serves(tmp_path):
    """Killed while code is made, written and run: the next process finds nothing half-written, and the same numbers."""
    script = """
        import hashlib
        from neurohumor.engine.problem import Stiff
        from neurohumor.engine.backends.native import build
        from tests.native.networks import network, people

        system = network(12, 2, 3)
        print("ready", flush=True)
        solved = build(system, threads=1).solve(people(system, 9, 5.0), Stiff(rtol=1e-6))
        assert all(s.ok for s in solved.statuses)
        print(hashlib.sha256(solved.states[0].tobytes()).hexdigest(), flush=True)
    """
    root = Path(__file__).resolve().parents[2]
    places = {"PYTHONPATH": str(root), "NEUROHUMOR_CACHE": str(tmp_path)}

    def started(**more):
        command = [sys.executable, "-c", textwrap.dedent(script)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root, env=os.environ | places | more)

    for wait in (0.05, 0.25, 0.6):
        process = started()
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        time.sleep(wait)
        process.kill()
        process.communicate()
    told = {started(**more).communicate(timeout=120)[0] for more in ({}, {}, {"NEUROHUMOR_CACHE": "off"})}
    assert len(told) == 1 and len(told.pop()) == len("ready\n") + 65
    for file in (tmp_path / "native").glob("*.obj"):
        whole = file.read_bytes()
        assert hashlib.sha256(whole[32:]).digest() == whole[:32]
