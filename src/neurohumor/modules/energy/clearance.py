"""Waste of activity: a solute like amyloid, made by neurons, cleared across the barrier, by breakdown and with the fluid.

    activity --> solute in the interstice --barrier--> blood ;  --breakdown--> gone ;  --bulk flow--> CSF --> gone

What sleep does to the bulk flow is open: a mouse study found the interstice 60 % wider and clearance doubled asleep, another
the opposite.  `sleep` = 0 is the default, +1 the first, -0.5 the second; all three ship and none is believed.

Whose equations: ours (claims E07, M09).
Valid for:       hours to weeks; the level is relative to rest.
Left out:        plaques, age, carbon dioxide and lactate (they leave with the blood), anatomy of the flow.
"""

from neurohumor.lang import Compartment, Derived, Flux, Input, Module, Output, Param, Species


class Clearance(Module):
    """An amyloid-like solute of one region."""

    timescale = "day"

    # ── Where ──────────────────────────────────────────────────────────────────────────────────────
    mass = Param(120.0, "g", "tissue of the region", basis="assumed", gsd=1.1)
    room = Compartment(mass, "g", "tissue")
    csf  = Compartment(mass, "g", "the region's share of CSF, counted per tissue")

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    activity = Input("{here}.activity", "1", 1.0, "glutamatergic activity, 1 = quiet waking")
    asleep   = Input("brain.asleep",    "1", 0.0, "0 awake, 1 asleep")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    solute   = Species(room, 1.0,   "umol/g", "solute, 1 = waking rest", content={"solute": 1})
    in_csf   = Species(csf,  0.356, "umol/g", "solute in CSF",           content={"solute": 1}, scale=0.3)

    # ── Clearance ──────────────────────────────────────────────────────────────────────────────────
    k_clear  = Param(0.083, "1/h", "clearance, sum of its ways (8.3 %/h from human CSF)", basis="assumed", gsd=1.2, cv=0.2)
    by_flow  = Param(0.30,  "1",   "share by bulk flow to CSF",                   basis="assumed", gsd=1.5, bounds=(0.0, 1.0))
    by_wall  = Param(0.40,  "1",   "share across the barrier; the rest is broken down", basis="assumed", gsd=1.4, bounds=(0.0, 1.0))
    k_csf    = Param(0.07,  "1/h", "out of CSF",                                  basis="assumed", gsd=1.5)
    sleep    = Param(0.0,   "1",   "what sleep does to clearance: sign open", basis="assumed", gsd=1.0, bounds=(-1.0, 2.0))
    widens   = Param(0.6,   "1",   "interstice, at sleep = 1",                    basis="assumed", origin="mouse", gsd=1.3)

    wide     = Output("{here}.interstice", 1 + widens * sleep * asleep, "1", "interstitial space relative to waking")
    faster   = Derived(1 + sleep * asleep,          "1", "clearance relative to waking")
    level    = Param(1.0, "umol/g", "unit of the level", basis="assumed", origin="", estimate=False)
    made     = Flux(0 >> solute,        k_clear * level * activity,                                "umol/g/h", "made with activity")
    by_csf   = Flux(solute >> in_csf,   k_clear * by_flow * faster * solute,                       "umol/g/h", "bulk flow to CSF")
    by_blood = Flux(solute >> 0,        k_clear * by_wall * faster * solute,                       "umol/g/h", "across the barrier")
    broken   = Flux(solute >> 0,        k_clear * (1 - by_flow - by_wall) * faster * solute,       "umol/g/h", "broken down")
    away     = Flux(in_csf >> 0,        k_csf * in_csf,                                            "umol/g/h", "out of CSF")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    half     = Output("{here}.waste_half_time", 0.6931471805599453 / (k_clear * faster), "h", "half-time of clearance")
    waste    = Output("{here}.waste", solute / level, "1", "waste, 1 = waking rest")
