"""Small modules that the tests of the build put together."""

from __future__ import annotations

from collections.abc import Sequence

from neurohumor.build.start import Start, derived_at, evaluated, start
from neurohumor.lang import Compartment, Flux, Influence, Input, Level, Model, Module, Output, Param, Part, Rate, Species, Takes, hill
from neurohumor.lang.declared import Declared
from neurohumor.lang.system import System


def module(*pairs: tuple[str, Declared], name: str = "Toy", **attributes: object) -> type[Module]:
    """A module from (name, declaration) pairs, in their order."""
    return Module.from_declarations(name, pairs, **attributes)


def model(clamps: Sequence[str] = (), silent: Sequence[str] = (), **parts: Part) -> Model:
    """A model of these parts."""
    return Model("toy", parts, tuple(clamps), tuple(silent))


class Terminal(Module):
    """Dopamine in a place: made, lost, dosed."""

    tissue = Compartment(2.0, "mL", "tissue")
    gain = Input("{here}.gain.th", "1", 1.0, "gain of synthesis", gather="product")
    light = Input("world.light", "lux", 300.0, "light")
    da = Species(tissue, 20.0, "nM", "dopamine")
    made = Param(40.0, "nM/h", "synthesis", basis="assumed")
    k = Param(2.0, "1/h", "loss", basis="assumed")
    L0 = Param(300.0, "lux", "light at which synthesis is nominal", basis="assumed")
    K = Param(10.0, "nM", "half occupancy", basis="assumed")
    dose = Takes("levodopa", "oral", da, "levodopa")
    synthesis = Flux(0 >> da, made * gain * light / L0)
    loss = Flux(da >> 0, k * da)
    level = Output("{here}.dopamine", da, "nM", "dopamine")
    occupancy = Output("{here}.d2", hill(da, K), "1", "occupancy")
    use = Output("{here}.tyrosine_use", made * gain * tissue, "nmol/h", "tyrosine used")


class Barrier(Module):
    """Tyrosine in the brain, used by every terminal."""

    brain = Compartment(1000.0, "mL", "brain")
    use = Input("*.tyrosine_use", "nmol/h", 0.0, "used by terminals", gather="sum")
    tyr = Species(brain, 70.0, "uM", "tyrosine")
    inflow = Param(5.0, "umol/h", "from blood", basis="assumed")
    k = Param(0.1, "1/h", "back to blood", basis="assumed")
    enter = Flux(0 >> tyr, inflow, "umol/h")
    leave = Flux(tyr >> 0, k * tyr)
    taken = Flux(tyr >> 0, use, "nmol/h")
    told = Output("brain.tyrosine", tyr, "umol/L", "tyrosine")


class Hand(Module):
    """Two influences on synthesis in the striatum, a fast and a slow one."""

    da = Input("striatum.dopamine", "nM", 20.0, "dopamine")
    emax = Param(0.5, "1", "size", basis="assumed", bounds=(-1.0, 1.0))
    K = Param(10.0, "nM", "half effect", basis="assumed")
    n = Param(2.0, "1", "steepness", basis="assumed")
    tau = Param(3.0, "d", "delay", basis="assumed")
    fast = Influence("striatum.gain.th", by=da, emax=emax, K=K, n=n, claim="F1", grade="B", doc="fast")
    slow = Influence("striatum.gain.th", by=da, emax=emax, K=K, tau=tau, claim="F2", grade="C", doc="slow")


class Clock(Module):
    """A phase that turns once a day."""

    speed = Param(0.2618, "rad/h", "2 pi a day", basis="assumed")
    phase = Level(0.0, "rad", "phase", scale=1.0, signed=True)
    turn = Rate(phase, speed)
    told = Output("brain.circadian_phase", phase, "rad", "phase")


def rates(system: System, **at: float) -> dict[str, float]:
    """The rate of every state at the start, with states, parameters or inputs replaced by full name (internal units)."""
    point = somewhere(system, **at)
    return dict(zip((row.full for row in system.states), evaluated(system.rates, point), strict=True))


def derived(system: System, **at: float) -> dict[str, float]:
    """Every derived row at the start, with values replaced by full name."""
    return dict(zip((row.full for row in system.derived), somewhere(system, **at).d, strict=True))


def somewhere(system: System, **at: float) -> Start:
    """The start with states, parameters or inputs replaced: "a.x" as a__x."""
    first = start(system)
    vectors = {}
    left = {key.replace("__", "."): value for key, value in at.items()}
    for rows, vector, kind in ((system.states, first.y, "y"), (system.params, first.p, "p"), (system.inputs, first.u, "u")):
        vectors[kind] = tuple(left.pop(row.full, value) for row, value in zip(rows, vector, strict=True))
    assert not left, f"no such rows: {sorted(left)}"
    return Start(vectors["y"], vectors["p"], vectors["u"], derived_at(system, 0.0, vectors["y"], vectors["p"], vectors["u"]))
