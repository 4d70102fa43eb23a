"""Dexamethasone: absorption, one compartment, and the load on the glucocorticoid receptor.

    swallowed ---> depot ---> plasma ---> gone
                                |
                                +---> gr.load = unbound / K

Whose equations: ours.
Valid for:       single and repeated doses of 0.25 to 8 mg in adults.
Left out:        the distribution phase, slower elimination on enzyme blockers, faster on inducers, pressure against entry into the brain.
Caution:         the half-life is set so that nine hours after 1 mg nearly all people have over 5 nmol/L, as measured; single studies
                 give 2.4 to 3.6 h (3.53 h in 13 patients, doi 10.1007/BF00609429), with assays that see little of the tail.
"""

from neurohumor.lang import Compartment, Derived, Flux, Input, Module, Output, Param, Species, Takes, log


class Dexamethasone(Module):
    """Dexamethasone by mouth and by vein."""

    timescale = "fast"

    # ── Where ──────────────────────────────────────────────────────────────────────────────────────
    weight     = Input("person.weight", "kg", 70.0, "body weight")

    CL_man     = Param(247.5, "mL/min", "clearance, men",                         cite="tsuei1979 abstract", basis="measured", gsd=1.1)
    CL_woman   = Param(242.9, "mL/min", "clearance, women",                       cite="tsuei1979 abstract", basis="measured", gsd=1.1)
    t_man      = Param(201.5, "min",    "terminal half-life, men",                cite="tsuei1979 abstract", basis="measured", gsd=1.1)
    t_woman    = Param(142.3, "min",    "terminal half-life, women",              cite="tsuei1979 abstract", basis="measured", gsd=1.1)
    sum_weight = Param(137.0, "kg",     "weight of a man and a woman of that study together", basis="assumed", gsd=1.1)
    V_factor   = Param(1.0,   "1",      "volume over that of others of the same weight", basis="assumed", cv=0.1)
    V          = Param(V_factor * (CL_man * t_man + CL_woman * t_woman) / log(2.0) / sum_weight, "L/kg", "volume of distribution",
                       basis="derived")

    gut    = Compartment(1.0, "L", "the gut; only amounts matter")
    plasma = Compartment(V * weight, "L", "volume of distribution")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    depot = Species(gut,    0.0, "nmol",   "dexamethasone not yet absorbed", scale=1e3,  content={"dexamethasone": 1})
    drug  = Species(plasma, 0.0, "nmol/L", "dexamethasone in plasma",        scale=10.0, content={"dexamethasone": 1})

    F_oral = Param(0.78, "1",   "share of a tablet that reaches blood",           cite="brophy1983 abstract", basis="measured",
                   gsd=1.1, cv=0.15, bounds=(0.0, 1.0))
    ka     = Param(1.5,  "1/h", "absorption, for a highest level at about 1.6 h", basis="assumed", gsd=1.4, cv=0.3)
    t_half = Param(3.9,  "h",   "half-life, for the levels seen at 08:00 (2.4-4)", basis="assumed", gsd=1.15, cv=0.1)

    absorbed    = Flux(depot >> drug, F_oral * ka * depot,         "nmol/h",   "into blood")
    lost        = Flux(depot >> 0,    (1 - F_oral) * ka * depot,   "nmol/h",   "not absorbed, or broken down on the way")
    elimination = Flux(drug >> 0,     log(2.0) / t_half * drug,    "nmol/L/h", "broken down in the liver")

    tablet    = Takes("dexamethasone", "oral", depot, "dexamethasone tablets")
    injection = Takes("dexamethasone", "iv",   drug,  "dexamethasone by vein")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    f_unbound = Param(0.23, "1",      "unbound share in plasma, at all levels",         basis="assumed",
                      gsd=1.15, cv=0.05, bounds=(0.0, 1.0))
    K_gr      = Param(3.5,  "nmol/L", "glucocorticoid receptor (3-5; 3.3-17 in cells)", basis="assumed", gsd=1.4)

    unbound = Derived(f_unbound * drug, "nmol/L", "unbound dexamethasone")
    level   = Output("blood.dexamethasone", drug, "nmol/L", "dexamethasone in plasma, total")
    load    = Output("gr.load", unbound / K_gr, "1", "load on the glucocorticoid receptor")
