"""Caffeine by mouth and vein: absorbed whole, spread over body water, broken down by CYP1A2; it blocks A1 and A2A.

    swallowed --> depot --> body (one compartment) --> away
                              |
                              +--> unbound / K --> a1.load, a2a.load

K is that of the living human brain: the plasma level that halves a tracer's binding in PET, as unbound, over 1 + r where r is
adenosine over its own constant, for adenosine competes in that scan too.

Whose equations: one compartment (Bonati 1982 found that enough), competition.
Valid for:       50 to 500 mg, adults who do not smoke and take no pill.
Left out:        paraxanthine (which blocks the same receptors), smoking, contraceptives, pregnancy, tolerance, other targets.
"""

from neurohumor.lang import Compartment, Derived, Flux, Input, Module, Output, Param, Species, Takes


class Caffeine(Module):
    """Caffeine, and its load on adenosine receptors."""

    timescale = "fast"

    weight = Input("person.weight", "kg", 70.0, "body weight")
    V_kg   = Param(0.6, "L/kg", "volume of distribution (0.6-0.7)",       cite="iom2001 chapter 2", basis="measured", gsd=1.1, cv=0.15)
    gut    = Compartment(1.0, "L", "the gut; only amounts matter")
    body   = Compartment(V_kg * weight, "L", "volume of distribution")

    depot = Species(gut,  0.0, "umol",   "caffeine not yet absorbed", scale=1000.0, content={"caffeine": 1})
    drug  = Species(body, 0.0, "umol/L", "caffeine in plasma",        scale=20.0,   content={"caffeine": 1})

    ka = Param(5.0,   "1/h",    "absorption, 99 % within an hour",          basis="assumed", gsd=1.5, cv=0.4)
    CL = Param(0.078, "L/h/kg", "clearance",                                cite="iom2001 chapter 2", basis="measured", gsd=1.15, cv=0.4)

    absorbed = Flux(depot >> drug, ka * depot,        "umol/h",   "into blood, all of it")
    gone     = Flux(drug >> 0,     CL / V_kg * drug,  "umol/L/h", "broken down in the liver")
    swallow  = Takes("caffeine", "oral", depot, "caffeine by mouth")
    vein     = Takes("caffeine", "iv",   drug,  "caffeine by vein")

    # ── At the receptors ───────────────────────────────────────────────────────────────────────────
    fu       = Param(0.7,   "1",      "unbound share in plasma (0.64-0.9)", basis="assumed", gsd=1.1, bounds=(0.0, 1.0))
    into     = Param(1.0,   "1",      "unbound brain over unbound plasma",  basis="assumed", gsd=1.2)
    M        = Param(194.194, "g/mol", "molar mass",                        basis="assumed", origin="")
    half_a1  = Param(13.0,  "mg/L",   "plasma level that halves a tracer's binding to A1",
                     cite="elmenhorst2012 text", basis="measured", gsd=1.2)
    half_a2a = Param(4.3,   "mg/L",   "plasma level that halves a tracer's binding to A2A",
                     cite="ishibashi2022 abstract", gsd=1.3)
    A_ref    = Param(100.0, "nmol/L", "adenosine, mean of the reference day",  basis="assumed", gsd=1.5, estimate=False)
    K_a1     = Param(70.0,  "nmol/L", "adenosine at half occupancy of A1",     basis="assumed", gsd=1.5, estimate=False)
    K_a2a    = Param(150.0, "nmol/L", "adenosine at half occupancy of A2A",    basis="assumed", gsd=1.5, estimate=False)

    free     = Derived(fu * drug, "umol/L", "unbound caffeine")
    level    = Output("blood.caffeine", drug,        "umol/L", "caffeine in plasma, total")
    inside   = Output("brain.caffeine", into * free, "umol/L", "unbound caffeine in brain")
    a1_load  = Output("a1.load",  free * M / (fu * half_a1) * (1 + A_ref / K_a1),    "1", "load on A1")
    a2a_load = Output("a2a.load", free * M / (fu * half_a2a) * (1 + A_ref / K_a2a), "1", "load on A2A")
