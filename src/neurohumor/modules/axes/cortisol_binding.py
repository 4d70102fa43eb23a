"""Cortisol in plasma, divided between CBG, albumin and water; and the receptors that its free part fills in the brain.

    total = free + free CBG / (K + free) + N free          (CBG: one site; albumin: far from saturation, so in proportion)

The equilibrium is a quadratic in the free concentration; its root is written so that no digits are lost at low or high totals.
Elimination and feedback hear the free part (see `axes/hpa.py`), so protein changes the total, not the free level, at rest.

Whose equations: the usual ones of mass action (the "Coolens equation"); values below.
Valid for:       37 degrees, adults; oral oestrogen and pregnancy by setting cbg_man and cbg_woman (2.3-fold on oestrogen).
Left out:        cleaved CBG, the CBG rhythm of 5 %, heat, other steroids on CBG, P-glycoprotein at the barrier, 11beta-HSD.
Caution:         the human affinity of cortisol to its receptors is not well known; dexamethasone counts in the brain as in blood.
"""

from neurohumor.lang import Derived, Input, Module, Output, Param, saturation, sqrt


class CortisolBinding(Module):
    """Free from total cortisol, and the occupancy of brain mineralocorticoid and glucocorticoid receptors."""

    timescale = "fast"

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    total  = Input("blood.cortisol",    "nmol/L", 193.0, "total cortisol in plasma, made and dosed")
    female = Input("person.sex_female", "1",      0.0,   "1 woman, 0 man")
    load   = Input("gr.load",           "1",      0.0,   "drugs on the glucocorticoid receptor, unbound concentration / K", gather="sum")

    # ── Binding in plasma ──────────────────────────────────────────────────────────────────────────
    cbg_man   = Param(37.7, "mg/L",    "cortisol-binding globulin, men (n = 12, SD 3.5)",      basis="assumed", gsd=1.15, cv=0.15)
    cbg_woman = Param(39.5, "mg/L",    "cortisol-binding globulin, women (n = 7, SD 3.7)",     basis="assumed", gsd=1.15, cv=0.15)
    cbg_mass  = Param(52.0, "mg/umol", "molar mass of cortisol-binding globulin (52-58)",      basis="assumed", gsd=1.06)
    K_cbg     = Param(33.0, "nmol/L",  "CBG, cortisol, dissociation constant at 37 C (20-41)", basis="assumed", gsd=1.2)
    N_albumin = Param(1.74, "1",       "cortisol on albumin per free cortisol (1.2-3)",        basis="assumed", gsd=1.3)

    cbg   = Derived((cbg_man + (cbg_woman - cbg_man) * female) / cbg_mass, "nmol/L", "binding sites on CBG")
    loose = Derived(1 + N_albumin, "1", "free and on albumin, per free")
    gap   = Derived(loose * K_cbg + cbg - total, "nmol/L", "half of the quadratic's linear term, with its sign changed")

    fraction = Output("blood.cortisol_free_fraction", 2 * K_cbg / (gap + sqrt(gap * gap + 4 * loose * K_cbg * total)), "1",
                      "free share of total cortisol")
    free     = Output("blood.cortisol_free", fraction * total, "nmol/L", "free cortisol in plasma")

    # ── Brain ──────────────────────────────────────────────────────────────────────────────────────
    brain_ratio = Param(1.0,  "1",      "free cortisol in brain over that in plasma",           basis="assumed", gsd=1.3)
    K_mr        = Param(0.5,  "nmol/L", "mineralocorticoid receptor; corticosterone, rat",      cite="reul1986 abstract", basis="measured",
                        origin="rat", gsd=2.0)
    K_gr        = Param(20.0, "nmol/L", "glucocorticoid receptor, cortisol, human (10-40)",     basis="assumed", gsd=1.5)

    brain  = Output("brain.cortisol_free", brain_ratio * free, "nmol/L", "free cortisol in brain")
    ligand = Derived(brain / K_gr + load, "1", "cortisol and drugs at the glucocorticoid receptor, over their constants")
    mr     = Output("brain.mr_occupancy", saturation(brain, K_mr),    "1", "mineralocorticoid receptors occupied")
    gr     = Output("brain.gr_occupancy", ligand / (1 + ligand), "1", "glucocorticoid receptors occupied, by cortisol or drugs")
