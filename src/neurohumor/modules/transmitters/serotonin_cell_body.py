"""The serotonin cell bodies of the raphe: what 5-HT1A autoreceptors there hear, and how they grow tired of it.

    serotonin around the cells --> occupancy --(seconds)--> activation --> firing (told to `firing`, which alone gives it)
    5-HT1A drugs -----------------^                          ^
                                       density <--(a week)---+

Activation is density times occupancy, 1 at rest.  Sustained occupancy thins the receptor out over a week: with an SSRI firing
falls at once and comes back in weeks.

Whose equations: ours (claim M40).  The serotonin is that of a `serotonin_terminal` at the same place.
Valid for:       seconds to months.
Left out:        GABA, orexin and noradrenaline on these cells, the membrane, firing patterns.
Caution:         how far the receptor desensitises is disputed (0 to 80 %); all numbers are assumed.
"""

from neurohumor.lang import Derived, Input, Lag, Level, Module, Output, Param, Rate


class SerotoninCellBody(Module):
    """5-HT1A at the cell bodies."""

    timescale = "fast"

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    serotonin = Input("{here}.serotonin",   "nmol/L", 0.764, "serotonin around the cells")
    block     = Input("ht1a.load",          "1",      0.0,   "5-HT1A antagonists, over K", gather="sum")
    agonist   = Input("ht1a.load_agonist",  "1",      0.0,   "5-HT1A agonists, over K",    gather="sum")
    gain      = Input("{here}.gain.ht1a",   "1",      1.0,   "influences on 5-HT1A",       gather="product")

    # ── Receptor ───────────────────────────────────────────────────────────────────────────────────
    K_1a     = Param(3.0,  "nmol/L", "serotonin at half occupancy (1-5)",               basis="assumed", gsd=1.6)
    tau_g    = Param(10.0, "s",      "lag of the G proteins",                           basis="assumed", gsd=1.7)
    d_1a     = Param(0.5,  "1",      "density lost at full occupancy (0-0.8)",          basis="assumed", gsd=1.7, bounds=(0.0, 1.0))
    tau_1a   = Param(7.0,  "d",      "turnover of the receptor",                        basis="assumed", gsd=1.5)
    density  = Level(1.0,  "1",      "density, relative to rest", timescale="slow")

    ligand   = Derived(serotonin / K_1a + agonist, "1", "serotonin and agonists over their constants")
    occupied = Derived(ligand / (1 + ligand + block), "1", "occupied by serotonin or agonists")
    at_rest  = Derived(serotonin.at_nominal / (K_1a + serotonin.at_nominal), "1", "occupied at rest")
    adapt    = Rate(density, ((1 - d_1a * occupied) / (1 - d_1a * at_rest) - density) / tau_1a)
    felt     = Lag(occupied / at_rest, tau_g, "1", "occupancy relative to rest, through the lag", scale=1.0)

    ht1a     = Output("{here}.ht1a", gain * density * felt, "1", "5-HT1A activation, 1 at rest")
    present  = Output("{here}.ht1a_density", density * 1, "1", "5-HT1A density, 1 at rest")
