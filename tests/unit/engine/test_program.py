"""Compiling: one program per fingerprint, engines by name."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.engine import program
from neurohumor.engine.program import compile
from neurohumor.errors import ModelError, UnknownName
from tests.problems.draft import Draft


def system(fingerprint: str = ""):
    d = Draft()
    x = d.state("x", 1.0)
    d.rate(x, -x)
    d.derived("double", 2.0 * x)
    return d.system(fingerprint)


def test_programs_are_kept_by_fingerprint():
    first = compile(system("test_program: one"))
    assert compile(system("test_program: one")) is first
    assert compile(system("test_program: two")) is not first
    assert compile(system()) is not compile(system())


def test_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(program, "_KEPT", 2)
    first = compile(system("test_program: a"))
    compile(system("test_program: b"))
    compile(system("test_program: c"))
    assert compile(system("test_program: a")) is not first


def test_an_engine_that_there_is_not():
    with pytest.raises(UnknownName, match="did you mean reference"):
        compile(system(), "referense")


def test_the_quickest_is_what_this_machine_can_run(monkeypatch: pytest.MonkeyPatch):
    def no_host():
        raise ModelError("the native engine needs a processor with AVX2 and fused multiply-add")

    assert compile(system(), "quickest").backend == program.quickest()
    monkeypatch.setattr("neurohumor.engine.native.machine.host", no_host)
    program.quickest.cache_clear()
    try:
        assert compile(system(), "quickest").backend == "reference"
    finally:
        program.quickest.cache_clear()


def test_without_a_state_there_is_nothing_to_be_quick_at():
    d = Draft()
    d.derived("double", 2.0 * d.param("a", 1.0))
    assert compile(d.system(), "quickest").backend == "reference"


def test_a_program_tells_what_it_is():
    made = compile(system())
    assert made.backend == "reference" and made.system.name == "draft"
    assert made.derived(np.zeros(2), np.array([[1.0], [4.0]]), np.zeros(0), np.zeros(0)).tolist() == [[2.0], [8.0]]
