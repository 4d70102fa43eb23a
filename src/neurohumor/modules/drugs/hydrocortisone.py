"""Hydrocortisone tablets: cortisol by mouth, handed over to the one pool of cortisol.

    swallowed ---> depot ---> blood.cortisol_appearance      (the rest is lost on the way)

Once in blood it is the body's own hormone: binding, distribution, elimination and feedback are those of `axes/hpa.py`, which
also takes cortisol by vein.

Whose equations: ours.
Valid for:       plain tablets, fasting, 5 to 50 mg.
Left out:        saturable absorption above 20 mg, food, modified release, conversion to cortisone and back.
"""

from neurohumor.lang import Compartment, Flux, Module, Output, Param, Species, Takes


class Hydrocortisone(Module):
    """Oral hydrocortisone: absorption and first pass."""

    timescale = "fast"

    gut   = Compartment(1.0, "L", "the gut; only amounts matter")
    depot = Species(gut, 0.0, "nmol", "hydrocortisone not yet absorbed", scale=1e4, content={"cortisol": 1})

    F_oral = Param(0.88, "1",   "share that reaches blood, by unbound cortisol (0.75-1.05)", cite="johnson2018 abstract", basis="measured",
                   gsd=1.05, cv=0.15, bounds=(0.0, 1.0))
    ka     = Param(0.7,  "1/h", "absorption, for a highest level at about 1 h",              basis="assumed", gsd=1.4, cv=0.4)

    absorbed = Flux(depot >> 0, F_oral * ka * depot,       "nmol/h", "into blood")
    lost     = Flux(depot >> 0, (1 - F_oral) * ka * depot, "nmol/h", "not absorbed, or broken down on the way")

    tablet     = Takes("hydrocortisone", "oral", depot, "hydrocortisone tablets")
    appearance = Output("blood.cortisol_appearance", absorbed, "nmol/h", "dosed cortisol on its way into blood")
