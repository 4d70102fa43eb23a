"""Declarations: what they keep, where they were written, and what they refuse."""

from __future__ import annotations

import math

import pytest

from neurohumor.errors import ModelError, NeurohumorError
from neurohumor.lang import (
    Balance,
    Compartment,
    Derived,
    Event,
    Flux,
    Implicit,
    Influence,
    Input,
    Lag,
    Level,
    Module,
    Param,
    Rate,
    Species,
)
from neurohumor.lang.decl import Change
from neurohumor.lang.expr import Const
from neurohumor.units import unit

V = Compartment(2.0, "mL")
X, Y = Species(V, 3.0, "uM"), Species(V, 0.0, "nM", scale=5.0)
N, U = Level(0.5, "1"), Implicit(1.0, "uM")
K = Param(1.0, "1/h")


def test_a_declaration_knows_its_line():
    here = Param(1.0, "1/h", "loss")
    assert here.where.startswith("test_declarations.py:") and here.doc == "loss"
    assert Flux(X >> 0, K * X).where.startswith("test_declarations.py:")


def test_a_class_body_names_its_declarations():
    class Toy(Module):
        k = Param(1.0, "1/h")
        twice = Derived(2 * k, "1/h")

    assert [d.name for d in Toy.declarations.values()] == ["k", "twice"]
    assert [d.name for d in Toy.of(Param)] == ["k"]


def test_conversions_are_read_as_written():
    assert Change(0, X).net == {X: 1.0} and Change(X, 0).net == {X: -1.0}
    both = 2 * X + Y >> X + Y
    assert (both.net[X], both.net[Y]) == (-1.0, 0.0)
    assert both.left == ((X, 2.0), (Y, 1.0)) and both.right == ((X, 1.0), (Y, 1.0))
    assert (0 >> X).left == () and (X >> 0).right == ()


@pytest.mark.parametrize("make", [lambda: Change(0, 0), lambda: X >> K, lambda: X * X >> Y, lambda: 1 >> X, lambda: X >> 2])
def test_what_is_no_conversion_is_refused(make):
    with pytest.raises(ModelError):
        make()


def test_units_that_are_left_out():
    assert Flux(X >> Y, K * X).unit.same_size(unit("uM/h")) and Flux(Y >> X, K * Y).unit.same_size(unit("nM/h"))
    assert Rate(N, K).unit.same_size(unit("1/h")) and Balance(U, X - U).unit.same_size(unit("uM"))
    assert Flux(X >> Y, K * X).per is V


def test_scales_and_nominals():
    assert (X.scale, Y.scale, Species(V, 0.0, "uM").scale) == (3.0, 5.0, None)
    assert Species(V, K * 1, "uM").scale is None
    nominal = Input("pfc.dopamine", "nM", 20.0).at_nominal
    assert (nominal.value, nominal.unit) == (20.0, unit("nM"))
    assert isinstance(V.size, Const) and (V.size.value, V.size.unit) == (2.0, unit("mL"))


half, size, heard = Param(1.0, "nM"), Param(0.1, "1"), Input("pfc.dopamine", "nM", 1.0)
REFUSED = {
    "value": lambda: Param("12", "nM"),
    "truth": lambda: Param(True, "nM"),
    "nan": lambda: Param(math.nan, "nM"),
    "basis": lambda: Param(1.0, "nM", basis="guessed"),
    "gsd": lambda: Param(1.0, "nM", gsd=0.9),
    "cv": lambda: Param(1.0, "nM", cv=-0.1),
    "bounds": lambda: Param(-1.0, "nM"),
    "unit": lambda: Param(1.0, "nm/hour/furlong"),
    "gather": lambda: Input("pfc.dopamine", "nM", 1.0, gather="mean"),
    "star": lambda: Input("*.dopamine", "nM", 1.0),
    "nominal": lambda: Input("pfc.dopamine", "nM", math.nan),
    "size": lambda: Compartment(math.nan),
    "scale": lambda: Species(V, 1.0, "uM", scale=0.0),
    "timescale": lambda: Level(1.0, "1", timescale="weeks"),
    "flux": lambda: Flux(X, K * X),
    "rate of a species": lambda: Rate(X, K),
    "balance of a level": lambda: Balance(N, X),
    "stages": lambda: Lag(X, 1 / K, "uM", stages=0),
    "half a stage": lambda: Lag(X, 1 / K, "uM", stages=1.5),
    "grade": lambda: Influence("pfc.gain.th", by=heard, emax=size, K=half, claim="F1", grade="E"),
    "claim": lambda: Influence("pfc.gain.th", by=heard, emax=size, K=half, claim="", grade="B"),
    "event target": lambda: Event(X < 1, {heard: 1.0}),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_what_makes_no_sense_is_refused_where_it_stands(wrong):
    with pytest.raises(NeurohumorError) as raised:
        REFUSED[wrong]()
    assert raised.value.what


def test_a_second_name_and_a_subclass_are_refused():
    with pytest.raises(ModelError, match="second name"):

        class Twice(Module):
            k = Param(1.0, "1/h")
            same = k

    class Once(Module):
        k = Param(1.0, "1/h")

    with pytest.raises(ModelError, match="modules are final"):

        class More(Once):
            pass

    with pytest.raises(ModelError, match="place it"):
        Once()
    with pytest.raises(ModelError, match="timescale"):

        class Odd(Module):
            timescale = "weekly"  # type: ignore[assignment]


def test_modules_from_lists():
    made = Module.from_declarations("Made", [("k", Param(1.0, "1/h"))], doc="made", source="best2009", timescale="slow")
    assert (made.__doc__, made.source, made.timescale, list(made.declarations)) == ("made", "best2009", "slow", ["k"])
    with pytest.raises(ModelError, match="declares 'k' twice"):
        Module.from_declarations("Made", [("k", Param(1.0, "1/h")), ("k", Param(2.0, "1/h"))])
