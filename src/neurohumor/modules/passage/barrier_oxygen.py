"""Oxygen from blood into a region: bound to haemoglobin along the capillary, dissolved in tissue.

    arterial content --flow--> capillary (haemoglobin) --diffusion--> tissue --> used by mitochondria (told by the tissue)

The capillary is one pool with the mean content; what flow brings and takes is twice the gap between arterial and mean content.

Whose equations: ours; Hill's curve of haemoglobin.
Valid for:       arterial tension from 25 to 600 mmHg, seconds to months.
Left out:        shifts of the curve with carbon dioxide, pH and temperature; gradients between capillaries; ventilation.
"""

from neurohumor.lang import Compartment, Derived, Flux, Input, Module, Output, Param, Species, exp, hill, positive


class BarrierOxygen(Module):
    """Capillary and tissue oxygen of one region, and the fraction that is extracted."""

    timescale = "fast"

    # ── Where ──────────────────────────────────────────────────────────────────────────────────────
    mass     = Param(120.0, "g",    "tissue of the region",  basis="assumed", gsd=1.1)
    v_blood  = Param(0.03,  "mL/g", "capillary blood",       basis="assumed", gsd=1.3)
    v_tissue = Param(0.77,  "mL/g", "water of tissue",       basis="assumed", gsd=1.1)

    capillary = Compartment(mass * v_blood,  "mL", "capillary blood")
    tissue    = Compartment(mass * v_tissue, "mL", "tissue")

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    pao2       = Input("world.pao2",        "mmHg",       95.0,  "arterial oxygen tension")
    hematocrit = Input("person.hematocrit", "1",          0.42,  "share of red cells in blood")
    flow       = Input("{here}.cbf",        "mL/g/min",   0.681, "blood flow")
    use        = Input("{here}.cmro2",      "umol/g/min", 1.944, "oxygen used")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    o2_b = Species(capillary, 6.84, "mM",     "oxygen, mean over the capillary, bound and free", content={"dioxygen": 1})
    o2_t = Species(tissue,    35.0, "umol/L", "oxygen dissolved in tissue",                      content={"dioxygen": 1})

    # ── Haemoglobin and diffusion ──────────────────────────────────────────────────────────────────
    capacity = Param(19.9,   "mM",          "oxygen bound by red cells when full",     basis="assumed", gsd=1.05, cv=0.04)
    P50      = Param(26.6,   "mmHg",        "tension at half saturation",              basis="assumed", gsd=1.05, cv=0.03)
    n_hb     = Param(2.7,    "1",           "steepness of the curve",                  basis="assumed", gsd=1.05)
    solved   = Param(1.3e-3, "mM/mmHg",     "oxygen dissolved per tension",            basis="assumed", gsd=1.05)
    rest_use = Param(1.944,  "umol/g/min",  "use at rest, which scales diffusion",     basis="assumed", gsd=1.1)
    gap      = Param(18.5,   "mmHg",        "capillary over tissue at rest",           basis="assumed", gsd=1.3, cv=0.1)

    few      = Param(0.02,   "umol/L",      "oxygen below which use stops",            basis="assumed", origin="", estimate=False)

    full     = Derived(capacity * hematocrit,                                  "mM",   "bound when full")
    arterial = Derived(full * hill(pao2, P50, n_hb) + solved * pao2,           "mM",   "arterial content")
    filled   = Derived(o2_b / (full * 1.0001),                                 "1",    "saturation in the capillary")
    tension  = Derived(P50 * (filled / (1 - filled)) ** (1 / n_hb),            "mmHg", "tension in the capillary")
    brought  = Derived(2 * flow * (arterial - o2_b),                           "umol/g/min", "taken from blood")
    diffused = Derived(rest_use * (tension - o2_t / solved) / gap,             "umol/g/min", "into tissue")

    supply    = Flux(0 >> o2_b,    brought * mass,  "umol/min", "net, with the blood")
    diffusion = Flux(o2_b >> o2_t, diffused * mass, "umol/min", "into tissue")
    # Mitochondria take none where there is none; else this factor is 1.
    spent     = Flux(o2_t >> 0,    use * mass * (1 - exp(-o2_t / few)),      "umol/min", "used by mitochondria")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    oxygen = Output("{here}.oxygen", o2_t,                            "umol/L", "oxygen of tissue")
    oef    = Output("{here}.oef",    positive(2 * (1 - o2_b / arterial)), "1",   "oxygen extraction fraction")
