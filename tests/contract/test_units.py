"""Every module, by discovery: its units agree, nothing in it is loose, and it can be built alone and in every family."""

from __future__ import annotations

import pytest

from neurohumor.build.check import structure
from neurohumor.build.class_shape import foreign_faults, shape_faults
from neurohumor.build.class_units import unit_faults
from neurohumor.build.flatten import flatten
from neurohumor.lang import Compartment, Derived, Flux, Module, Param, Species
from tests.contract.shipped import BUILDABLE, MODULES, blocking, sized


def test_there_are_modules():
    assert MODULES


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_units_agree_and_nothing_is_loose(module):
    assert [str(f) for f in unit_faults(module)] == []
    assert [str(f) for f in foreign_faults(module)] == []
    faults, warnings = shape_faults(module)
    assert [str(f) for f in faults] == []
    assert [str(f) for f in warnings] == [], "what is declared is used"


@pytest.mark.parametrize("name", sized(BUILDABLE))
def test_it_can_be_built(name):
    assert blocking(BUILDABLE[name]) == []
    assert flatten(BUILDABLE[name]).fingerprint


@pytest.mark.parametrize("name", sized(BUILDABLE))
def test_no_default_part_oscillates_by_itself(name):
    if name in {module.__name__ for module in MODULES}:
        pytest.skip("alone, a rhythm of its own is no fault")
    assert [str(f) for f in structure(BUILDABLE[name]).warnings if f.kind == "timescale"] == []


# ── Planted faults ────────────────────────────────────────────────────────────────────────────────


def planted(**options) -> type[Module]:
    v, k = Compartment(1.0), Param(1.0, "1/h")
    x = Species(v, 1.0, "uM")
    law = k * x * (x if options.get("units") else 1.0)
    pairs = [("v", v), ("k", k), ("x", x), ("loss", Flux(x >> 0, law))]
    if options.get("loose"):
        pairs.append(("idle", Derived(2 * x, "uM")))
    if options.get("unmoved"):
        pairs.append(("y", Species(v, 1.0, "uM")))
    return Module.from_declarations("Planted", pairs)


def test_planted_faults_are_caught():
    assert unit_faults(planted()) == [] and shape_faults(planted()) == ([], [])
    (unit,) = unit_faults(planted(units=True))
    assert unit.message == "declared in uM/h but its expression is in uM^2/h"
    assert [f.about for f in shape_faults(planted(loose=True))[1]] == ["Planted.idle"]
    assert [f.about for f in shape_faults(planted(unmoved=True))[0]] == ["Planted.y"]
