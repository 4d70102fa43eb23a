"""Dopamine in one nerve terminal: made from tyrosine, stored, released, taken back, broken down.

                        tyr_pool
                           | ^
    blood tyrosine -----> tyr -----> dopa -----> da_cyt <====> da_ves -----> da_ext -----> away
                           |  TH      AADC       |   ^  VMAT         firing   |  |
                       bh4 -> bh2                |   +-------- DAT -----------+  |
                        ^--DRR-+                 +-----> hva <-------------------+

Extracellular dopamine brakes its own synthesis through the D2 autoreceptor; cytosolic dopamine and tyrosine brake it too.

Whose equations: Best, Nijhout and Reed (2009), read in MODEL1502230000, the SBML file that encodes them, and repaired where
that file says of itself that it does not run as the paper: vesicular uptake and leak apart (the file makes the leak rate a
Michaelis constant), saturable import of tyrosine (the file multiplies a velocity by the blood level), NADPH and NADP held
constant at 330 and 26 uM (the file has zero), rest values of hva and tyr_pool from the equations.  A second encoding of the model, in
Python, has every repaired law in this form.  Two hands were added by us, both without effect at their nominals: drugs
compete with dopamine for the transporter, and blood tyrosine enters as a ratio.  The paper's blood holds 97 uM tyrosine,
the vocabulary's nominal is 62: so `btyr` stays the paper's and follows the relative change of `blood.tyrosine`.

Valid for: a terminal of rat striatum, tonic firing, minutes to days; no region's own set-points.
Left out:  exchange of BH4, release by single spikes, DOPAC apart from HVA, serotonin's competition, slow control of enzymes.
Caution:   the paper's own tables were not at hand; a cite gives the name of the number in the encoding.  Which constants were
           measured and which fitted is not told there: all stand as fitted, and no spread is known.  Concentrations are per
           volume of tissue, one scale for all pools; amounts are those of 1 mL of it, so this part tells levels only.
"""

from neurohumor.lang import Compartment, Derived, Flux, Input, Module, Output, Param, Species, competitive_mm, mm, power


class DopamineTerminalBest2009(Module):
    """One dopaminergic terminal as published in 2009, with BH4 and BH2 among its states."""

    source = "best2009"
    frozen = True
    timescale = "fast"

    # ── Where ──────────────────────────────────────────────────────────────────────────────────────
    tissue = Compartment(1.0, "mL", "the volume that every pool of the paper is counted in")

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    blood_tyrosine = Input("blood.tyrosine", "umol/L", 62.0, "tyrosine in blood; the paper hears its change relative to nominal")
    firing         = Input("da.firing",      "1",      1.0,  "firing of dopamine neurons, relative to tonic")
    load           = Input("dat.load",       "1",      0.0,  "drugs on the dopamine transporter, unbound concentration / K", gather="sum")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    bh4      = Species(tissue, 319.0, "uM", "tetrahydrobiopterin",               content={"pterin": 1})
    bh2      = Species(tissue, 41.0,  "uM", "dihydrobiopterin",                  content={"pterin": 1})
    tyr      = Species(tissue, 126.0, "uM", "tyrosine, free",                    content={"phenyl_ring": 1})
    tyr_pool = Species(tissue, 943.0, "uM", "tyrosine, in protein and stores",   content={"phenyl_ring": 1})
    dopa     = Species(tissue, 0.36,  "uM", "L-DOPA",                            content={"phenyl_ring": 1})
    da_cyt   = Species(tissue, 2.65,  "uM", "dopamine, cytosol",                 content={"phenyl_ring": 1})
    da_ves   = Species(tissue, 81.0,  "uM", "dopamine, vesicles",                content={"phenyl_ring": 1})
    da_ext   = Species(tissue, 0.002, "uM", "dopamine, extracellular",           content={"phenyl_ring": 1})
    hva      = Species(tissue, 7.7,   "uM", "homovanillic acid",                 content={"phenyl_ring": 1})

    # ── Supply of tyrosine ─────────────────────────────────────────────────────────────────────────
    btyr       = Param(97.0,  "uM",   "tyrosine in blood at rest",               cite="best2009 file btyr",         origin="rat")
    Vmax_in    = Param(400.0, "uM/h", "neutral amino acid carrier, maximal",     cite="best2009 file VmaxVTYRin",   origin="rat")
    Km_in      = Param(64.0,  "uM",   "neutral amino acid carrier, affinity",    cite="best2009 file KmVTYRin",     origin="rat")
    k_store    = Param(6.0,   "1/h",  "tyrosine into the store",                 cite="best2009 file k1tyr",        origin="rat")
    k_free     = Param(0.6,   "1/h",  "tyrosine out of the store",               cite="best2009 file k_1tyr",       origin="rat")
    k_use      = Param(0.2,   "1/h",  "other use of free tyrosine",              cite="best2009 file kcatabtyr",    origin="rat")
    k_pool_use = Param(0.2,   "1/h",  "other use of stored tyrosine",            cite="best2009 file kcatabtyrpool", origin="rat")

    tyr_outside = Derived(btyr * (blood_tyrosine / blood_tyrosine.at_nominal), "uM", "tyrosine in the paper's blood")

    intake   = Flux(0 >> tyr,        mm(tyr_outside, Vmax_in, Km_in), doc="import from blood")
    storage  = Flux(tyr >> tyr_pool, k_store * tyr,                   doc="into protein and stores")
    freeing  = Flux(tyr_pool >> tyr, k_free * tyr_pool,               doc="out of protein and stores")
    use      = Flux(tyr >> 0,        k_use * tyr,                     doc="other use of free tyrosine")
    pool_use = Flux(tyr_pool >> 0,   k_pool_use * tyr_pool,           doc="other use of stored tyrosine")

    # ── Synthesis ──────────────────────────────────────────────────────────────────────────────────
    Vmax_TH      = Param(125.0,    "uM/h", "tyrosine hydroxylase, maximal",                  cite="best2009 file VmaxVTH",    origin="rat")
    Km_tyr       = Param(46.0,     "uM",   "TH, affinity for tyrosine",                      cite="best2009 file KtyrVTH",    origin="rat")
    Km_bh4       = Param(60.0,     "uM",   "TH, affinity for BH4",                           cite="best2009 file Kbh4VTH",    origin="rat")
    Ki_da        = Param(110.0,    "uM",   "TH, cytosolic dopamine in competition with BH4", cite="best2009 file Ki_cda_VTH", origin="rat")
    Ki_tyr       = Param(160.0,    "uM",   "TH, inhibition by its substrate",                cite="best2009 file ki_tyr_VTH", origin="rat")
    tyr_scale    = Param(0.56,     "1",    "TH, scale of substrate inhibition",              cite="best2009 file VTH",        origin="rat")
    da_set       = Param(0.002024, "uM",   "extracellular dopamine at which the brake is 1", cite="best2009 file VTH",        origin="rat")
    brake_floor  = Param(0.5,      "1",    "autoreceptor, synthesis left at much dopamine",  cite="best2009 file VTH",        origin="rat")
    brake_span   = Param(4.5,      "1",    "autoreceptor, synthesis added at no dopamine",   cite="best2009 file VTH",        origin="rat")
    brake_weight = Param(8.0,      "1",    "autoreceptor, weight of dopamine",               cite="best2009 file VTH",        origin="rat")
    n_brake      = Param(4.0,      "1",    "autoreceptor, steepness",                        cite="best2009 file VTH",        origin="rat")
    Vmax_AADC    = Param(10000.0,  "uM/h", "aromatic amino acid decarboxylase, maximal",     cite="best2009 file VmaxVAADC",  origin="rat")
    Km_AADC      = Param(130.0,    "uM",   "AADC, affinity for L-DOPA",                      cite="best2009 file KmVAADC",    origin="rat")

    brake = Derived(brake_span / (brake_weight * power(da_ext / da_set, n_brake) + 1) + brake_floor, "1",
                    "D2 autoreceptor on synthesis, 1 at rest")

    th = Flux(tyr + bh4 >> dopa + bh2,
              tyr_scale / (1 + tyr / Ki_tyr) * brake
              * Vmax_TH * tyr * bh4 / (tyr * bh4 + Km_tyr * bh4 + Km_tyr * Km_bh4 * (1 + da_cyt / Ki_da)),
              doc="tyrosine hydroxylase: two substrates, inhibited by tyrosine, dopamine and the autoreceptor")
    aadc = Flux(dopa >> da_cyt, mm(dopa, Vmax_AADC, Km_AADC), doc="aromatic amino acid decarboxylase")

    # ── Renewal of the cofactor ────────────────────────────────────────────────────────────────────
    Vmax_red  = Param(200.0, "uM/h", "dihydropterin reductase, maximal, to BH4", cite="best2009 file VfmaxVDRR",  origin="rat")
    Km_bh2    = Param(100.0, "uM",   "reductase, affinity for BH2",              cite="best2009 file Kbh2VDRR",   origin="rat")
    Km_nadph  = Param(75.0,  "uM",   "reductase, affinity for NADPH",            cite="best2009 file KnadphVDRR", origin="rat")
    Vmax_ox   = Param(80.0,  "uM/h", "dihydropterin reductase, maximal, to BH2", cite="best2009 file VbmaxVDRR",  origin="rat")
    Km_bh4_ox = Param(10.0,  "uM",   "reductase, affinity for BH4",              cite="best2009 file Kbh4VDRR",   origin="rat")
    Km_nadp   = Param(75.0,  "uM",   "reductase, affinity for NADP",             cite="best2009 file KnadpVDRR",  origin="rat")
    nadph     = Param(330.0, "uM",   "NADPH, held constant",                     cite="best2009 code NADPH",      origin="")
    nadp      = Param(26.0,  "uM",   "NADP, held constant",                      cite="best2009 code NADP",       origin="")

    reduction = Flux(bh2 >> bh4, Vmax_red * bh2 * nadph / ((Km_bh2 + bh2) * (Km_nadph + nadph)), doc="BH2 to BH4")
    oxidation = Flux(bh4 >> bh2, Vmax_ox * bh4 * nadp / ((Km_bh4_ox + bh4) * (Km_nadp + nadp)),  doc="BH4 back to BH2")

    # ── Storage and release ────────────────────────────────────────────────────────────────────────
    Vmax_VMAT = Param(7082.0, "uM/h", "vesicular transporter, maximal",  cite="best2009 file VmaxVMAT", origin="rat")
    Km_VMAT   = Param(3.0,    "uM",   "vesicular transporter, affinity", cite="best2009 file KmVMAT",   origin="rat")
    k_leak    = Param(40.0,   "1/h",  "leak from vesicles",              cite="best2009 file koutVMAT", origin="rat")
    k_rel     = Param(1.0,    "1/h",  "release at tonic firing",         cite="best2009 file fire",     origin="rat")

    vmat    = Flux(da_cyt >> da_ves, mm(da_cyt, Vmax_VMAT, Km_VMAT), doc="packing into vesicles")
    leak    = Flux(da_ves >> da_cyt, k_leak * da_ves,                doc="leak from vesicles")
    release = Flux(da_ves >> da_ext, k_rel * firing * da_ves,        doc="release, in proportion to firing")

    # ── Reuptake and breakdown ─────────────────────────────────────────────────────────────────────
    Vmax_DAT = Param(8000.0, "uM/h", "dopamine transporter, maximal",                  cite="best2009 file VmaxVDAT",       origin="rat")
    Km_DAT   = Param(0.2,    "uM",   "dopamine transporter, affinity",                 cite="best2009 file KmVDAT",         origin="rat")
    k_rem    = Param(400.0,  "1/h",  "diffusion and uptake elsewhere",                 cite="best2009 file Krem",           origin="rat")
    Vmax_cat = Param(30.0,   "uM/h", "breakdown outside by COMT and MAO, maximal",     cite="best2009 file Vcatab_eda_max", origin="rat")
    Km_cat   = Param(3.0,    "uM",   "breakdown outside, affinity",                    cite="best2009 file Kcatab_eda_m",   origin="rat")
    k_cyt    = Param(10.0,   "1/h",  "breakdown in the cytosol by MAO and COMT",       cite="best2009 file kcatabcda",      origin="rat")
    k_hva    = Param(3.45,   "1/h",  "loss of HVA",                                    cite="best2009 file Kcatabhva",      origin="rat")

    # A load competes with dopamine: Vmax s / (Km (1 + load) + s), the paper's law without a drug.
    dat        = Flux(da_ext >> da_cyt, competitive_mm(da_ext, Vmax_DAT, Km_DAT, (load, 1.0)), doc="reuptake")
    removal    = Flux(da_ext >> 0,      k_rem * da_ext,                doc="diffusion and uptake elsewhere")
    breakdown  = Flux(da_ext >> hva,    mm(da_ext, Vmax_cat, Km_cat),  doc="breakdown outside")
    catabolism = Flux(da_cyt >> hva,    k_cyt * da_cyt,                doc="breakdown in the cytosol")
    loss       = Flux(hva >> 0,         k_hva * hva,                   doc="HVA out of the tissue")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    tone  = Output("{here}.dopamine", da_ext, "nmol/L", "extracellular dopamine, true tonic level")
    waste = Output("{here}.hva",      hva,    "umol/L", "homovanillic acid in tissue")
