"""Lactate and ketones between blood and a region: one family of carriers, with protons, saturable, adapting over days.

    blood lactate <==MCT==> tissue lactate          blood ketones ==MCT x (1 + adaptation)==> tissue ketones

Each moves down the gradient of its acid: tissue is more acid than blood, so a tissue level of 1/ph of blood's is at rest with it.
Lactate may go either way.  The carrier for ketones grows over days of ketosis.

Whose equations: ours (claims E04, E05, M04, M05; decision on ketones: k0 0.01-0.06 mL/g/min, adaptation 0-3 fold over 3-7 days).
Valid for:       lactate to 15 mM, ketones to 10 mM, seconds to months.
Left out:        competition of the two for the carrier, the pH of exercise, acetoacetate apart from beta-hydroxybutyrate.
Caution:         only the product of k0 and adaptation is seen in the data; k0 is held and the adaptation free.
"""

from neurohumor.lang import Derived, Input, Level, Module, Output, Param, Rate, hill


class BarrierMonocarboxylate(Module):
    """Net uptake of lactate and ketones by one region."""

    timescale = "fast"

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    lactate = Input("blood.lactate",      "mmol/L", 0.9,   "lactate in blood")
    bhb     = Input("blood.bhb",          "mmol/L", 0.05,  "beta-hydroxybutyrate in blood")
    acac    = Input("blood.acetoacetate", "mmol/L", 0.03,  "acetoacetate in blood")
    inside  = Input("{here}.lactate",     "mmol/L", 0.95,  "lactate of tissue")
    ketone  = Input("{here}.ketone",      "mmol/L", 0.01,  "ketones of tissue")
    oxygen  = Input("{here}.cmro2",       "umol/g/min", 1.944, "oxygen used")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    adapted = Level(0.0, "1", "growth of the ketone carrier", scale=0.1, timescale="slow")

    # ── Carriers ───────────────────────────────────────────────────────────────────────────────────
    mass     = Param(120.0, "g",          "tissue of the region",                        basis="assumed", gsd=1.1)
    rest_use = Param(0.38,  "umol/g/min", "glucose use at rest, which scales carriers",  basis="assumed", gsd=1.1)
    per_use  = Param(0.38,  "umol/g/min", "glucose use of the grey matter below",        basis="assumed", estimate=False)
    Vmax_lac = Param(0.66,  "umol/g/min", "lactate, maximal, grey matter",               basis="assumed", gsd=1.4, cv=0.15)
    K_lac    = Param(5.1,   "mM",         "lactate, half saturation", cite="boumezbeur2010 abstract", basis="measured", gsd=1.6)
    ph       = Param(1.58,  "1",          "acid of tissue over that of blood",           basis="assumed", gsd=1.15)
    k_ket    = Param(0.06,  "mL/g/min",   "ketones, clearance at low levels, grey matter", basis="assumed", gsd=1.5, estimate=False)
    K_ket    = Param(6.0,   "mM",         "ketones, half saturation",                    basis="assumed", gsd=1.5)
    most     = Param(2.0,   "1",          "adaptation at its most (0-3)",                basis="assumed", gsd=1.5)
    K_adapt  = Param(3.0,   "mM",         "ketones at half of it",                       basis="assumed", gsd=1.5)
    tau      = Param(5.0,   "d",          "its time constant (3-7)",                     basis="assumed", gsd=1.3)

    size   = Derived(rest_use / per_use,  "1",  "carriers relative to grey matter")
    both   = Derived(bhb + acac,          "mM", "ketones in blood")
    pushed = Derived(ph * inside,         "mM", "tissue lactate as its carrier feels it")
    held   = Derived(ph * ketone,         "mM", "tissue ketones as their carrier feels them")
    d_adapted = Rate(adapted, (most * hill(both, K_adapt, 1.5) - adapted) / tau, doc="expression of the carrier")

    inflow  = Derived(size * Vmax_lac * lactate / (K_lac + lactate + pushed), "umol/g/min", "lactate, one way from blood")
    outflow = Derived(size * Vmax_lac * pushed / (K_lac + lactate + pushed),  "umol/g/min", "lactate, one way to blood")
    # Pyruvate is oxidised at a third of oxygen use; what comes in as lactate is oxidised or leaves again in that proportion.
    share   = Output("{here}.lactate_share", inflow / (oxygen / 3 + outflow),
                     "1", "blood lactate's share of oxidised fuel")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    cmrlac  = Output("{here}.cmrlac", size * Vmax_lac * (lactate - pushed) / (K_lac + lactate + pushed), "umol/g/min",
                     "lactate taken up, net; below zero it is given to blood")
    cmrket  = Output("{here}.cmrket", size * k_ket * (1 + adapted) * K_ket * (both - held) / (K_ket + both + held), "umol/g/min",
                     "ketones taken up, net")
    released = Output("brain.lactate_release", -cmrlac * mass, "mmol/h", "given to blood")
    taken    = Output("brain.ketone_uptake",    cmrket * mass, "mmol/h", "taken from blood")
