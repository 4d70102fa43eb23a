"""Melatonin tablets: absorbed fast, most of it lost in the liver, handed over to the one pool of melatonin.

    swallowed --> depot --> blood.melatonin_appearance      (the rest is lost on the way)

Distribution, elimination and the effect on the clock are those of `rhythms/clock_sleep_melatonin.py`, which also takes
melatonin by vein.

Whose equations: ours.
Valid for:       plain tablets, 0.3 to 10 mg.
Left out:        prolonged release, food, CYP1A2 and its blockers, the large differences between people in how much arrives.
"""

from neurohumor.lang import Compartment, Flux, Module, Output, Param, Species, Takes, log


class MelatoninTablets(Module):
    """Oral melatonin: absorption and first pass."""

    timescale = "fast"

    gut   = Compartment(1.0, "L", "the gut; only amounts matter")
    depot = Species(gut, 0.0, "pmol", "melatonin not yet absorbed", scale=1e6, content={"melatonin": 1})

    F_oral = Param(0.06, "1",   "share that reaches blood: between 0.15 (DeMuro 2000) and 0.025 (Andersen 2016)", basis="assumed",
                   gsd=2.0, cv=0.5, bounds=(0.0, 1.0))
    t_in   = Param(6.0,  "min", "half-life of absorption",                          cite="andersen2016 abstract", basis="measured",
                   gsd=1.3, cv=0.4)

    absorbed = Flux(depot >> 0, F_oral * log(2.0) / t_in * depot,       "pmol/h", "into blood")
    lost     = Flux(depot >> 0, (1 - F_oral) * log(2.0) / t_in * depot, "pmol/h", "not absorbed, or broken down on the way")

    tablet     = Takes("melatonin", "oral", depot, "melatonin tablets")
    appearance = Output("blood.melatonin_appearance", absorbed, "pmol/h", "dosed melatonin on its way into blood")
