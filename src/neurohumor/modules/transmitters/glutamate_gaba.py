"""The glutamate and GABA cycle of a region, as far as it costs energy: release, uptake, glutamine, and back.

    glutamate (neuron) --release--> interstice --uptake--> glutamine (astrocyte) --> glutamate, GABA (neuron)
    GABA (neuron)      --release------^

Release follows activity, the stock, and what the energy state allows.  What the astrocyte takes up is the cycle, Vcyc.

Whose equations: ours (claims C13, E11; decision 2).
Valid for:       seconds to months; the level outside is a lumped one, no reading of a dialysis or of a cleft.
Left out:        synthesis from glucose and loss (a closed pool here), receptors, glutamate as a fuel, the two cells' ammonia.
"""

from neurohumor.lang import Compartment, Derived, Flux, Input, Module, Output, Param, Species, saturation


class GlutamateGaba(Module):
    """Stocks of glutamate, GABA and glutamine, and their cycle."""

    timescale = "fast"

    # ── Where ──────────────────────────────────────────────────────────────────────────────────────
    mass   = Param(120.0, "g",    "tissue of the region", basis="assumed", gsd=1.1)
    v_cell = Param(0.62,  "mL/g", "water of the cells",   basis="assumed", gsd=1.1)
    v_out  = Param(0.15,  "mL/g", "interstice",           basis="assumed", gsd=1.2)
    cells   = Compartment(mass * v_cell, "mL", "cells")
    outside = Compartment(mass * v_out,  "mL", "interstice")

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    activity = Input("{here}.activity",           "1", 1.0, "glutamatergic activity, 1 = quiet waking")
    permit   = Input("{here}.release_permission", "1", 1.0, "how much release the energy state allows")
    gain     = Input("{here}.gain.release",       "1", 1.0, "influences on release", gather="product")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    glu_r = Param(9.0,  "mM",     "glutamate of the cells", basis="assumed", gsd=1.2)
    gab_r = Param(1.2,  "mM",     "GABA of the cells",      basis="assumed", gsd=1.3)
    gln_r = Param(3.0,  "mM",     "glutamine of the cells", basis="assumed", gsd=1.3)
    ext_r = Param(1.0,  "umol/L", "both outside, lumped",   basis="assumed", gsd=3.0)
    glu = Species(cells,   glu_r, "mM",     "glutamate",              content={"five_carbons": 1}, scale=9.0)
    gab = Species(cells,   gab_r, "mM",     "GABA",                   content={"five_carbons": 1}, scale=1.2)
    gln = Species(cells,   gln_r, "mM",     "glutamine",              content={"five_carbons": 1}, scale=3.0)
    ext = Species(outside, ext_r, "umol/L", "glutamate and GABA outside", content={"five_carbons": 1}, scale=1.0)

    # ── The cycle ──────────────────────────────────────────────────────────────────────────────────
    rest  = Param(0.30, "umol/g/min", "cycle at rest, grey matter (claim C13: 0.32 +/- 0.05, others 0.17-0.35)", basis="assumed", gsd=1.2)
    gaba  = Param(0.18, "1",          "share of GABA",                      basis="assumed", gsd=1.4, bounds=(0.0, 0.9))
    K_up  = Param(20.0, "umol/L",     "uptake, half saturation (GLT-1)",    basis="assumed", gsd=1.4)

    drive  = Derived(rest * activity * permit * gain,                                  "umol/g/min", "release at full stocks")
    v_glu  = Derived((1 - gaba) * drive * glu / glu_r,                                 "umol/g/min", "glutamate released")
    v_gab  = Derived(gaba * drive * gab / gab_r,                                       "umol/g/min", "GABA released")
    v_up   = Derived(rest * saturation(ext, K_up) * (K_up + ext_r) / ext_r,            "umol/g/min", "taken up by astrocytes")
    v_back = Derived(rest * gln / gln_r,                                               "umol/g/min", "glutamine back to neurons")

    free_glu = Flux(glu >> ext, v_glu * mass,               "umol/min", "glutamate released")
    free_gab = Flux(gab >> ext, v_gab * mass,               "umol/min", "GABA released")
    uptake   = Flux(ext >> gln, v_up * mass,                "umol/min", "uptake and glutamine synthetase")
    to_glu   = Flux(gln >> glu, (1 - gaba) * v_back * mass, "umol/min", "to glutamate")
    to_gab   = Flux(gln >> gab, gaba * v_back * mass,       "umol/min", "to GABA")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    vcyc = Output("{here}.vcyc", v_up, "umol/g/min", "glutamate and GABA cycle")
