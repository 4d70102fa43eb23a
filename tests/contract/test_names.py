"""Every quantity by which modules meet is in the vocabulary, in a unit of its kind."""

from __future__ import annotations

import pytest

from neurohumor.build.check import check
from neurohumor.lang import Input, Module, Output, Param
from tests.contract.shipped import BUILDABLE, MODULES, alone, place_of, quantities


def wrong_names(model) -> list[str]:
    """Faults of names, and of units where the vocabulary fixes their kind."""
    found = check(model, lambda module: []).faults
    return [str(f) for f in found if f.kind == "names" or (f.kind == "units" and " is in " in f.message)]


def test_there_are_quantities():
    assert any(list(quantities(module, "pfc")) for module in MODULES)


@pytest.mark.parametrize("name", BUILDABLE)
def test_quantities_are_in_the_vocabulary(name):
    assert wrong_names(BUILDABLE[name]) == []


def test_planted_names_are_caught():
    p = Param(1.0, "nM")
    told, heard = Output("{here}.dopamine", p * 1, "nM"), Input("world.light", "lux", 300.0)
    assert wrong_names(alone(Module.from_declarations("Fine", [("p", p), ("told", told), ("heard", heard)]))) == []
    p = Param(1.0, "nM")
    told, heard = Output("{here}.dopamin", p * 1, "nM"), Input("world.light", "W", 300.0)
    found = wrong_names(alone(Module.from_declarations("Planted", [("p", p), ("told", told), ("heard", heard)])))
    assert len(found) == 2
    assert "world.light is in lux, not in W" in found[0]
    assert "no quantity is called" in found[1] and "did you mean" in found[1]


def test_a_module_is_tried_where_its_quantities_are_known():
    p = Param(1.0, "1")
    nucleus = Module.from_declarations("Nucleus", [("p", p), ("told", Output("{here}.gain.tph2", p * 1, "1"))])
    assert place_of(nucleus)
    assert place_of(Module.from_declarations("Nowhere", [("p", Param(1.0, "1"))])) == ""
