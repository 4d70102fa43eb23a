"""Small models for the tests of binding, solving and settling; short enough to be solved by hand."""

from __future__ import annotations

from functools import cache

from neurohumor.build.flatten import flatten
from neurohumor.lang import Compartment, Derived, Family, Flux, Input, Level, Model, Module, Output, Param, Rate, Species, Takes, part
from neurohumor.lang.system import System


class Cortisol(Module):
    """One compartment with a dose by mouth and by vein, a constant secretion, and a litre per kilogram of body."""

    weight = Input("person.weight", "kg", 70, "body weight")
    threat = Input("world.threat", "1", 0, "threat")
    v_kg = Param(0.5, "L/kg", "volume", basis="assumed", cv=0.1)
    ka = Param(1.5, "1/h", "absorption", basis="assumed", cv=0.3, gsd=1.2)
    k = Param(0.4, "1/h", "elimination", basis="assumed", cv=0.2, gsd=1.5, bounds=(0.3, 0.6))
    secretion = Param(3500.0, "nmol/h", "secretion", basis="assumed")
    twice = Param(2 * secretion, "nmol/h", "twice the secretion", basis="derived")
    plasma = Compartment(v_kg * weight, "L")
    gut = Species(plasma, 0.0, "nmol", "in the gut", scale=1000.0)
    blood = Species(plasma, 250.0, "nmol/L", "in plasma")
    uptake = Flux(gut >> blood, ka * gut, "nmol/h")
    source = Flux(0 >> blood, secretion * (1 + threat), "nmol/h")
    sink = Flux(blood >> 0, k * blood, "nmol/L/h")
    total = Derived(blood * plasma + gut, "nmol", "all there is")
    level = Output("blood.cortisol", blood, "nmol/L", "cortisol in plasma")
    oral = Takes("hydrocortisone", "oral", gut)
    iv = Takes("hydrocortisone", "iv", blood)


class Glands(Module):
    """A gland that follows the light over two months, and a hormone that follows both within hours."""

    timescale = "slow"
    light = Input("world.light", "lux", 300, "light")
    tau = Param(60.0, "d", "time constant of the gland", basis="assumed")
    k = Param(1.0, "1/h", "elimination of the hormone", basis="assumed")
    bright = Param(300.0, "lux", "light of one", basis="assumed")
    mass = Level(5.0, "1", "mass of the gland", scale=1.0)
    hormone = Level(0.1, "1", "the hormone", scale=1.0, timescale="fast")
    grow = Rate(mass, (light / bright - mass) / tau)
    make = Rate(hormone, k * (mass * light / bright - hormone))
    told = Output("brain.circadian", hormone, "1", "the hormone told")


@cache
def cortisol() -> System:
    """The flat cortisol model."""
    return flatten(cortisol_model())


def cortisol_model() -> Model:
    """The cortisol model."""
    return Model("cortisol", {"hpa": part(Cortisol, here="blood")})


def cortisol_family() -> Family:
    """A family with the cortisol model as its base."""
    return Family("cortisol", {"hpa": part(Cortisol, here="blood")})


@cache
def glands() -> System:
    """The flat model of glands."""
    return flatten(Model("glands", {"gland": part(Glands)}))
