"""Declaring, checking and flattening a whole body takes well under half a second."""

from __future__ import annotations

import time

from neurohumor.build.check import check
from neurohumor.build.flatten import flatten
from neurohumor.lang import Compartment, Flux, Influence, Input, Level, Model, Output, Param, Rate, Species, hill, mm, part
from neurohumor.lang.derive import jacobian
from tests.unit.build.toys import module

PARTS, CHAIN = 20, 6


def organ(number: int):
    """Six species in a chain, a level, four outputs, two influences; hears the organ before it."""
    volume = Compartment(2.0 + number, "mL")
    heard = Input(f"my.signal{(number - 1) % PARTS}", "nM", 10.0)
    gain = Input(f"my.gain{number}", "1", 1.0, gather="product")
    pairs = [("volume", volume), ("heard", heard), ("gain", gain)]
    before: Species | int = 0
    for step in range(CHAIN):
        x = Species(volume, 10.0 + step, "nM", f"species {step}")
        Vmax, Km = Param(100.0 + step, "nM/h", "rate", basis="assumed"), Param(20.0 + step, "nM", "affinity", basis="assumed")
        law = mm(before if isinstance(before, Species) else heard, Vmax, Km) * gain
        pairs += [(f"Vmax{step}", Vmax), (f"Km{step}", Km), (f"x{step}", x), (f"f{step}", Flux(before >> x, law))]
        before = x
    K, n, k = Param(15.0, "nM", basis="assumed"), Param(2.0, "1", basis="assumed"), Param(0.3, "1/h", basis="assumed")
    e, level, tau = Param(0.2, "1", basis="assumed"), Level(0.5, "1"), Param(2.0, "d", basis="assumed")
    assert isinstance(before, Species)
    pairs += [("K", K), ("n", n), ("k", k), ("e", e), ("tau", tau), ("level", level), ("out", Flux(before >> 0, k * before))]
    pairs += [("grow", Rate(level, k * (hill(before, K, n) - level))), ("told", Output(f"my.signal{number}", before * level * 2, "nM"))]
    pairs += [("fast", Influence(f"my.gain{(number + 1) % PARTS}", by=heard, emax=e, K=K, n=n, claim="F1", grade="C"))]
    pairs += [("slow", Influence(f"my.gain{(number + 2) % PARTS}", by=heard, emax=e, K=K, n=n, tau=tau, claim="F2", grade="C"))]
    return module(*pairs, name=f"Organ{number}")


def test_a_body_of_more_than_a_hundred_states_is_built_in_half_a_second():
    began = time.process_time()
    body = Model("body", {f"organ{i}": part(organ(i)) for i in range(PARTS)})
    report = check(body)
    system = flatten(body)
    taken = time.process_time() - began
    assert report.blocking == ()
    assert len(system.states) >= 100
    assert taken < 0.5, f"{taken:.2f} s for {len(system.states)} states, {len(system.derived)} derived rows"
    began = time.process_time()
    assert len(jacobian(system).entries) > len(system.states)
    assert time.process_time() - began < 2.0
