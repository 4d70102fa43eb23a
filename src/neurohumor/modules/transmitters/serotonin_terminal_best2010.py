"""Serotonin in one nerve terminal: made from tryptophan, stored, released, taken back, broken down.

                        trp_pool
                           | ^
    blood tryptophan ---> trp -----> htp -----> ht_cyt <====> ht_ves -----> ht_ext -----> away
                           |  TPH     AADC       |   ^  VMAT         firing   |  |
                       bh4 -> bh2                |   +-------- SERT ----------+  |
                        ^--DRR-+                 +-----> hiaa <------------------+

Extracellular serotonin brakes its own release and its own synthesis at once, through the autoreceptors.

Whose equations: Best, Nijhout and Reed (2010), read in a notebook that encodes them and prints the paper's rest, and repaired where
that rest shows it to be wrong: SERT 4700 uM/h (the notebook has 8000; a comment in a third encoding says 4700) and VMAT 1230 uM/h (it
has 3500; two later encodings have 1230), without which the printed release is not balanced; storage of tryptophan reads its
own pool (the notebook reads 5-HIAA).  With the notebook's 64 uM tryptophan would settle far above the printed 20.6 uM: `crowd` is
the competition of the other amino acids that makes it rest there.  Where the notebook's release has two branches that meet
at rest with a jump of 0.05 %, the larger is taken, so the law has no jump.
Two hands were added by us, both without effect at their nominals: drugs compete for SERT, and blood tryptophan is a ratio.

Valid for: a terminal of rat brain, tonic firing, minutes to days; no region's own set-points.
Left out:  the G-protein cascade that outlasts serotonin, the second uptake, glia, histamine (all in the model of 2020); cell bodies.
Caution:   the paper's own tables were not at hand; a cite gives the name of the number in the encoding.  No spread is known.
           Concentrations are per volume of tissue, one scale for all pools.
"""

from neurohumor.lang import Compartment, Derived, Flux, Input, Module, Output, Param, Species, competitive_mm, maximum, mm


class SerotoninTerminalBest2010(Module):
    """One serotonergic terminal as published in 2010, with BH4 and BH2 among its states."""

    source = "best2010"
    frozen = True
    timescale = "fast"

    # ── Where ──────────────────────────────────────────────────────────────────────────────────────
    tissue = Compartment(1.0, "mL", "the volume that every pool of the paper is counted in")

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    blood_tryptophan = Input("blood.tryptophan", "umol/L", 55.0, "tryptophan in blood; the paper hears its change relative to nominal")
    firing           = Input("ht.firing",        "1",      1.0,  "firing of serotonin neurons, relative to tonic")
    load             = Input("sert.load",        "1",      0.0,  "drugs on the serotonin transporter, unbound concentration / K",
                             gather="sum")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    bh2      = Species(tissue, 0.14,     "uM", "dihydrobiopterin",           content={"pterin": 1})
    bh4      = Species(tissue, 0.86,     "uM", "tetrahydrobiopterin",        content={"pterin": 1})
    trp      = Species(tissue, 20.6,     "uM", "tryptophan, free",           content={"indole": 1})
    trp_pool = Species(tissue, 144.9,    "uM", "tryptophan, in stores",      content={"indole": 1})
    htp      = Species(tissue, 2.26,     "uM", "5-hydroxytryptophan",        content={"indole": 1})
    ht_cyt   = Species(tissue, 0.5,      "uM", "serotonin, cytosol",         content={"indole": 1})
    ht_ves   = Species(tissue, 21.45,    "uM", "serotonin, vesicles",        content={"indole": 1})
    ht_ext   = Species(tissue, 0.000768, "uM", "serotonin, extracellular",   content={"indole": 1})
    hiaa     = Species(tissue, 5.26,     "uM", "5-hydroxyindoleacetic acid", content={"indole": 1})

    # ── Supply of tryptophan ───────────────────────────────────────────────────────────────────────
    btrp       = Param(96.0,   "uM",   "tryptophan in blood at rest",               cite="best2010 code meal",            origin="rat")
    Vmax_in    = Param(400.0,  "uM/h", "neutral amino acid carrier, maximal",       cite="best2010 code V_max_trpin",     origin="rat")
    Km_in      = Param(64.0,   "uM",   "neutral amino acid carrier, affinity",      cite="best2010 code K_m_trpin",       origin="rat")
    crowd      = Param(13.27,  "1",    "what competition does to that affinity",    basis="assumed",                      origin="rat")
    k_store    = Param(6.0,    "1/h",  "tryptophan into the store",                 cite="best2010 code k_f_trppool",     origin="rat")
    k_free     = Param(0.6,    "1/h",  "tryptophan out of the store",               cite="best2010 code k_b_trppool",     origin="rat")
    k_use      = Param(0.2,    "1/h",  "other use of free tryptophan",              cite="best2010 code k_catab_trp",     origin="rat")
    k_pool_use = Param(0.2,    "1/h",  "other use of stored tryptophan",            cite="best2010 code k_trppool_catab", origin="rat")

    trp_outside = Derived(btrp * (blood_tryptophan / blood_tryptophan.at_nominal), "uM", "tryptophan in the paper's blood")

    intake   = Flux(0 >> trp,        mm(trp_outside, Vmax_in, Km_in * crowd), doc="import from blood")
    storage  = Flux(trp >> trp_pool, k_store * trp,                   doc="into stores")
    freeing  = Flux(trp_pool >> trp, k_free * trp_pool,               doc="out of stores")
    use      = Flux(trp >> 0,        k_use * trp,                     doc="other use of free tryptophan")
    pool_use = Flux(trp_pool >> 0,   k_pool_use * trp_pool,           doc="other use of stored tryptophan")

    # ── Synthesis ──────────────────────────────────────────────────────────────────────────────────
    Vmax_TPH  = Param(400.0,    "uM/h", "tryptophan hydroxylase, maximal",                   cite="best2010 code V_max_TPH",  origin="rat")
    Km_trp    = Param(40.0,     "uM",   "TPH, affinity for tryptophan",                      cite="best2010 code K_trp_TPH",  origin="rat")
    Ki_trp    = Param(1000.0,   "uM",   "TPH, inhibition by its substrate",                  cite="best2010 code K_i_TPH",    origin="rat")
    Km_bh4    = Param(20.0,     "uM",   "TPH, affinity for BH4",                             cite="best2010 code K_bh4_TPH",  origin="rat")
    ht_set    = Param(0.000768, "uM",   "extracellular serotonin at which the brakes are 1", cite="best2010 code V_TPH",      origin="rat")
    syn_top   = Param(1.5,      "1",    "autoreceptor on synthesis, at no serotonin",        cite="best2010 code V_TPH",      origin="rat")
    Vmax_AADC = Param(400.0,    "uM/h", "aromatic amino acid decarboxylase, maximal",        cite="best2010 code V_max_AADC", origin="rat")
    Km_AADC   = Param(160.0,    "uM",   "AADC, affinity for 5-HTP",                          cite="best2010 code k_m_AADC",   origin="rat")

    brake_syn = Derived(syn_top - ht_ext * ht_ext / (ht_set * ht_set + ht_ext * ht_ext), "1", "autoreceptor on synthesis, 1 at rest")

    tph  = Flux(trp + bh4 >> htp + bh2,
                Vmax_TPH * trp * bh4 / ((Km_trp + trp + trp * trp / Ki_trp) * (Km_bh4 + bh4)) * brake_syn,
                doc="tryptophan hydroxylase: two substrates, inhibited by tryptophan and the autoreceptor")
    aadc = Flux(htp >> ht_cyt, mm(htp, Vmax_AADC, Km_AADC), doc="aromatic amino acid decarboxylase")

    # ── Renewal of the cofactor ────────────────────────────────────────────────────────────────────
    Vmax_red  = Param(5000.0, "uM/h", "dihydropterin reductase, maximal, to BH4", cite="best2010 code V_max_f_DRR", origin="rat")
    Km_bh2    = Param(100.0,  "uM",   "reductase, affinity for BH2",              cite="best2010 code K_bh2_DRR",   origin="rat")
    Km_nadph  = Param(75.0,   "uM",   "reductase, affinity for NADPH",            cite="best2010 code K_NADPH_DRR", origin="rat")
    Vmax_ox   = Param(3.0,    "uM/h", "dihydropterin reductase, maximal, to BH2", cite="best2010 code V_max_b_DRR", origin="rat")
    Km_bh4_ox = Param(10.0,   "uM",   "reductase, affinity for BH4",              cite="best2010 code K_bh4_DRR",   origin="rat")
    Km_nadp   = Param(75.0,   "uM",   "reductase, affinity for NADP",             cite="best2010 code K_NADP_DRR",  origin="rat")
    nadph     = Param(330.0,  "uM",   "NADPH, held constant",                     cite="best2010 code NADPH",       origin="")
    nadp      = Param(26.0,   "uM",   "NADP, held constant",                      cite="best2010 code NADP",        origin="")

    reduction = Flux(bh2 >> bh4, Vmax_red * bh2 * nadph / ((Km_bh2 + bh2) * (Km_nadph + nadph)), doc="BH2 to BH4")
    oxidation = Flux(bh4 >> bh2, Vmax_ox * bh4 * nadp / ((Km_bh4_ox + bh4) * (Km_nadp + nadp)),  doc="BH4 back to BH2")

    # ── Storage and release ────────────────────────────────────────────────────────────────────────
    Vmax_VMAT = Param(1230.0,    "uM/h", "vesicular transporter, maximal",                     cite="best2010 code V VMAT",    origin="rat")
    Km_VMAT   = Param(0.198,     "uM",   "vesicular transporter, affinity",                    cite="best2010 code K_m_MAT",   origin="rat")
    k_leak    = Param(40.0,      "1/h",  "leak from vesicles",                                 cite="best2010 code k_out_MAT", origin="rat")
    k_rel     = Param(1.0,       "1/h",  "release at tonic firing",                            cite="best2010 code fire",      origin="rat")
    rel_top   = Param(1.5,       "1",    "autoreceptor on release, at no serotonin",           cite="best2010 code release",   origin="rat")
    rel_fall  = Param(651.04167, "1/uM", "its fall with serotonin, below rest",                cite="best2010 code release",   origin="rat")
    far_top   = Param(1.3,       "1",    "the line above rest, drawn back to no serotonin",    cite="best2010 code release",   origin="rat")
    far_fall  = Param(391.3,     "1/uM", "its fall with serotonin",                            cite="best2010 code release",   origin="rat")
    rel_least = Param(0.4,       "1",    "release left at much serotonin",                     cite="best2010 code release",   origin="rat")

    brake_rel = Derived(maximum(maximum(rel_top - rel_fall * ht_ext, far_top - far_fall * ht_ext), rel_least), "1",
                        "autoreceptor on release, 1 at rest")

    vmat    = Flux(ht_cyt >> ht_ves, mm(ht_cyt, Vmax_VMAT, Km_VMAT),        doc="packing into vesicles")
    leak    = Flux(ht_ves >> ht_cyt, k_leak * ht_ves,                       doc="leak from vesicles")
    release = Flux(ht_ves >> ht_ext, k_rel * brake_rel * firing * ht_ves,   doc="release, in proportion to firing")

    # ── Reuptake and breakdown ─────────────────────────────────────────────────────────────────────
    Vmax_SERT = Param(4700.0, "uM/h", "serotonin transporter, maximal",  cite="best2010 code VUP2 comment",       origin="rat")
    Km_SERT   = Param(0.17,   "uM",   "serotonin transporter, affinity", cite="best2010 code k_m_SERT",           origin="rat")
    k_rem     = Param(400.0,  "1/h",  "diffusion and uptake elsewhere",  cite="best2010 code k_rem",              origin="rat")
    Vmax_cyt  = Param(1000.0, "uM/h", "MAO in the cytosol, maximal",     cite="best2010 code V_max_catab_c5ht",   origin="rat")
    Km_cyt    = Param(95.0,   "uM",   "MAO in the cytosol, affinity",    cite="best2010 code K_m_catab_c5ht",     origin="rat")
    Vmax_out  = Param(1000.0, "uM/h", "breakdown outside, maximal",      cite="best2010 code V_max_catab_e5ht",   origin="rat")
    Km_out    = Param(95.0,   "uM",   "breakdown outside, affinity",     cite="best2010 code K_m_catab_e5ht",     origin="rat")
    k_hiaa    = Param(1.0,    "1/h",  "loss of 5-HIAA",                  cite="best2010 code k_hiaa_catab",       origin="rat")

    sert       = Flux(ht_ext >> ht_cyt, competitive_mm(ht_ext, Vmax_SERT, Km_SERT, (load, 1.0)), doc="reuptake")
    removal    = Flux(ht_ext >> 0,      k_rem * ht_ext,                 doc="diffusion and uptake elsewhere")
    breakdown  = Flux(ht_ext >> hiaa,   mm(ht_ext, Vmax_out, Km_out),   doc="breakdown outside")
    catabolism = Flux(ht_cyt >> hiaa,   mm(ht_cyt, Vmax_cyt, Km_cyt),   doc="breakdown in the cytosol")
    loss       = Flux(hiaa >> 0,        k_hiaa * hiaa,                  doc="5-HIAA out of the tissue")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    tone  = Output("{here}.serotonin", ht_ext, "nmol/L", "extracellular serotonin, true tonic level")
    waste = Output("{here}.hiaa",      hiaa,   "umol/L", "5-hydroxyindoleacetic acid in tissue")
