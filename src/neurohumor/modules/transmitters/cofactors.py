"""What the enzymes of the monoamines need besides their substrates: BH4 supply, its reductase, PLP, ascorbate, iron.

    GCH1 --> supply of BH4          status of vitamin B6 --> PLP of the brain (a week)
    DHPR --> renewal of BH4         status of vitamin C --> ascorbate of the brain (days)
                                    ferritin -------------> iron of the brain (weeks to months)

Each pool is relative to sufficiency and saturates: a replete person who takes more gains almost nothing; want takes away.
BH4 itself is a state of each terminal; only its supply and the reductase are told here.

Whose equations: ours.
Valid for:       sufficiency, want and supplements, days to months; gene defects by `gch1` and `reductase`.
Left out:        uptake and metabolism of the vitamins, folate, SAM, copper, magnesium; induction of GCH1 by inflammation.
Caution:         all numbers are assumed.
"""

from neurohumor.lang import Input, Level, Module, Output, Param, Rate


class Cofactors(Module):
    """Supply of BH4 and the vitamins and metals of monoamine enzymes."""

    timescale = "slow"

    ferritin  = Input("person.ferritin", "ug/L", 80.0, "iron store")

    # ── BH4 ────────────────────────────────────────────────────────────────────────────────────────
    gch1      = Param(1.0, "1", "activity of GTP cyclohydrolase 1, 1 = sound",                 basis="assumed", cv=0.1)
    reductase = Param(1.0, "1", "activity of dihydropteridine reductase, 1 = sound",           basis="assumed", cv=0.1)

    K_gch1    = Param(2.0, "1", "activity that half fills the supply, by feedback of BH4 on the enzyme", basis="assumed", gsd=1.7)

    supply    = Output("brain.bh4_supply", (1 + K_gch1) * gch1 / (K_gch1 + gch1), "1", "supply of BH4")
    dhpr      = Output("brain.dhpr", reductase * 1,  "1", "activity of dihydropteridine reductase")

    # ── Vitamins and iron ──────────────────────────────────────────────────────────────────────────
    b6        = Param(1.0,   "1",    "status of vitamin B6, 1 = sufficient",                    basis="assumed", cv=0.3)
    vitamin_c = Param(1.0,   "1",    "status of vitamin C, 1 = sufficient",                     basis="assumed", cv=0.3)
    K_b6      = Param(0.30,  "1",    "status that half fills the brain's PLP",                  basis="assumed", gsd=2.0)
    K_c       = Param(0.20,  "1",    "status that half fills the brain's ascorbate",            basis="assumed", gsd=2.0)
    K_iron    = Param(0.15,  "1",    "ferritin relative to 80 ug/L that half fills the brain's iron", basis="assumed", gsd=2.0)
    tau_b6    = Param(7.0,   "d",    "turnover of the brain's PLP",                             basis="assumed", gsd=1.7)
    tau_c     = Param(4.0,   "d",    "turnover of the brain's ascorbate",                       basis="assumed", gsd=1.7)
    tau_iron  = Param(60.0,  "d",    "turnover of the brain's iron",                            basis="assumed", gsd=2.0)

    plp       = Level(1.0, "1", "PLP of the brain, relative to sufficiency")
    ascorbate = Level(1.0, "1", "ascorbate of the brain, relative to sufficiency")
    iron      = Level(1.0, "1", "iron of the brain, relative to sufficiency")
    stored    = Output("brain.iron", iron * 1, "1", "iron, 1 = sufficient")
    plp_out   = Output("brain.plp", plp * 1, "1", "pyridoxal phosphate, 1 = sufficient")
    asc_out   = Output("brain.ascorbate", ascorbate * 1, "1", "ascorbate, 1 = sufficient")

    to_plp    = Rate(plp, ((1 + K_b6) * b6 / (K_b6 + b6) - plp) / tau_b6)
    to_c      = Rate(ascorbate, ((1 + K_c) * vitamin_c / (K_c + vitamin_c) - ascorbate) / tau_c)
    to_iron   = Rate(iron, ((1 + K_iron) * ferritin / (K_iron * ferritin.at_nominal + ferritin) - iron) / tau_iron)
