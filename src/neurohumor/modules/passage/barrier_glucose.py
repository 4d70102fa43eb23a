"""Glucose from blood into a region: along the capillary, across the barrier, into the cells.

    arterial blood --flow--> capillary <==GLUT1==> interstice <==GLUT1, GLUT3==> cells --> phosphorylated (told by the tissue)

Both carriers are reversible and saturable.  Across the barrier the product inhibits as well (Haldane), the form in which brain
against plasma glucose is usually fitted; the carriers of the cells are symmetric and far from limiting at rest.

Whose equations: ours; the form and the constants of de Graaf (2001), as its abstract gives them.
Valid for:       plasma glucose from 1 to 30 mM, seconds to months.
Left out:        insulin (it moves no glucose across this barrier: claim E12), red cells apart from plasma, slow change of GLUT1.
Caution:         published sets disagree: Kt 1.1 mM with 1.8 times the use, 0.6 +/- 2.0 mM (Gruetter 1998), a four-compartment fit with
                 6.2 mM.  The first is used for grey matter; with it tissue glucose reacts more to use at high plasma glucose than found.
"""

from neurohumor.lang import Compartment, Derived, Flux, Input, Module, Output, Param, Species, exp


class BarrierGlucose(Module):
    """Capillary, interstitial and cellular glucose of one region."""

    timescale = "fast"

    # ── Where ──────────────────────────────────────────────────────────────────────────────────────
    mass    = Param(120.0, "g",    "tissue of the region",            basis="assumed", gsd=1.1)
    v_blood = Param(0.03,  "mL/g", "capillary blood",                 basis="assumed", gsd=1.3)
    v_inter = Param(0.15,  "mL/g", "interstice",                      basis="assumed", gsd=1.2)
    v_cells = Param(0.62,  "mL/g", "water of the cells",              basis="assumed", gsd=1.1)

    capillary  = Compartment(mass * v_blood, "mL", "capillary blood")
    interstice = Compartment(mass * v_inter, "mL", "interstice")
    cells      = Compartment(mass * v_cells, "mL", "cells")

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    arterial = Input("blood.glucose", "mmol/L",      5.0,   "glucose in blood")
    flow     = Input("{here}.cbf",    "mL/g/min",    0.681, "blood flow")
    use      = Input("{here}.cmrglc", "umol/g/min",  0.38,  "glucose phosphorylated by the cells")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    glc_b = Species(capillary,  4.72, "mM", "glucose, mean over the capillary", content={"carbon": 6})
    glc_i = Species(interstice, 1.10, "mM", "glucose, interstice",              content={"carbon": 6})
    glc_c = Species(cells,      0.95, "mM", "glucose, cells",                   content={"carbon": 6})

    # ── Carriers ───────────────────────────────────────────────────────────────────────────────────
    rest_use = Param(0.38, "umol/g/min", "use at rest, which scales the carriers",    basis="assumed", gsd=1.1)
    ratio    = Param(1.8,  "1",          "barrier, maximal over use at rest",
                     cite="degraaf2001 abstract", basis="measured", gsd=1.06, cv=0.06)
    Kt       = Param(1.1,  "mM",         "barrier, half saturation", cite="degraaf2001 abstract", basis="measured", gsd=1.8)
    ratio_c  = Param(50.0, "1",          "cells, maximal over use at rest",           basis="assumed", gsd=1.5)
    Kt_c     = Param(3.0,  "mM",         "cells, half saturation (GLUT1, GLUT3)",     basis="assumed", gsd=1.5)

    few      = Param(5e-4, "mM",         "glucose below which use stops",             basis="assumed", origin="", estimate=False)

    brought = Derived(2 * flow * (arterial - glc_b),                                              "umol/g/min", "taken from blood")
    crossed = Derived(ratio * rest_use * (glc_b - glc_i) / (Kt + glc_b + glc_i),                  "umol/g/min", "across the barrier")
    entered = Derived(ratio_c * rest_use * Kt_c * (glc_i - glc_c) / ((Kt_c + glc_i) * (Kt_c + glc_c)), "umol/g/min", "into the cells")

    supply  = Flux(0 >> glc_b,     brought * mass, "umol/min", "net, with the blood")
    barrier = Flux(glc_b >> glc_i, crossed * mass, "umol/min", "GLUT1 of the barrier")
    uptake  = Flux(glc_i >> glc_c, entered * mass, "umol/min", "carriers of the cells")
    # Hexokinase takes none where there is none; else this factor is 1.
    spent   = Flux(glc_c >> 0,     use * mass * (1 - exp(-glc_c / few)),     "umol/min", "phosphorylated: goes on in the tissue")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    tells_mass    = Output("{here}.mass",          mass, "g", "tissue of the region")
    tells_glucose = Output("{here}.glucose",       (v_inter * glc_i + v_cells * glc_c) / (v_inter + v_cells), "mmol/L", "glucose of tissue")
    tells_uptake  = Output("brain.glucose_uptake", brought * mass,                                             "mmol/h", "taken from blood")
