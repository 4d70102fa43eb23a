"""Serotonin in the terminals of one region: made, stored, released, taken back, broken down.

    tryptophan, brain 5-HTP --> htp --> ht_cyt <==> ht_ves --> ht_ext --> glia --> ht_else
              TPH2 (BH4)        AADC    | ^  VMAT2    firing x     | |               | MAO-A
                                  MAO-A | +--------- recruit - SERT+ +--> away       |
                                        +--> hiaa <----------------------------------+  --> out

Scale.     As in `dopamine_terminal`: terminals per mL of the paper's tissue, `density` of them in the region; outside, metabolite
           and other cells by real volumes.
Brakes.    The paper's autoreceptor acts at once and stands for 5-HT1A and 5-HT1B together.  Here its release brake is raised to the
           power `share_1b` (the terminals' part); the rest is carried by 5-HT1A through firing.  It comes through a lag, and so
           outlasts serotonin.  The brake on synthesis stays whole, with the terminals.
BH4.       Made, lost and oxidised here; its protein-keeping effect on TPH2 is slow.  The paper's 1 uM would make synthesis go with
           BH4 in proportion; here there is as much as in dopamine terminals, and a replete person gains little from more.

Whose equations: Best, Nijhout and Reed (2010) as in `serotonin_terminal_best2010`, to which this reduces exactly where density,
           outside, share_1b and escape are 1, Vmax_TPH is 400, and rounding, BH4 supply, protein effect and loss of 5-HTP are off;
           tryptophan is brain-wide.
Valid for:       cortex by default, other regions by the values in `models/synapse.py`; seconds to months.
Left out:        the second uptake as a transporter of its own, SERT trafficking, 5-HT1D, the cascade of G proteins, histamine.
Caution:         the paper's constants are a rat's; contents and what is ours are assumed.  Read-outs are simulation quantities,
                 not clinical measurements.
"""

from neurohumor.lang import (
    Compartment,
    Derived,
    Flux,
    Input,
    Lag,
    Level,
    Module,
    Output,
    Param,
    Rate,
    Species,
    competitive_mm,
    mm,
    power,
    smooth_max,
)  # fmt: skip


class SerotoninTerminal(Module):
    """The serotonergic terminals of a region."""

    timescale = "fast"

    # ── Where ──────────────────────────────────────────────────────────────────────────────────────
    mass     = Param(440.0, "g",      "tissue of the region",                     basis="assumed", gsd=1.15)
    per_gram = Param(1.0,   "mL/g",   "tissue per gram",                          basis="assumed", origin="")
    ecf      = Param(0.2,   "mL/g",   "extracellular fluid",                      basis="assumed", gsd=1.15)
    ves_ref  = Param(21.45, "uM",     "vesicular serotonin at the paper's density", cite="best2010 code y0", origin="rat")
    content  = Param(0.3,   "nmol/g", "serotonin of human cortex",                basis="assumed", gsd=1.5, cv=0.3)
    density  = Param(content / (ves_ref * per_gram), "1", "terminals, relative to the paper's tissue", basis="derived")
    tissue   = Compartment(mass * per_gram * density, "mL", "tissue of the paper's density that holds these terminals")
    region   = Compartment(mass * per_gram, "mL", "the region")
    outside  = Compartment(mass * ecf, "mL", "extracellular fluid")

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    tryptophan = Input("brain.tryptophan",          "umol/L", 15.6, "brain tryptophan; its change relative to nominal counts")
    htp_brain  = Input("brain.hydroxytryptophan",   "umol/L", 0.0,  "brain 5-HTP from outside")
    firing     = Input("ht.firing",                 "1",      1.0,  "firing of each neuron, 1 = quiet waking")
    recruit    = Input("ht.recruit",                "1",      1.0,  "neurons that take part, relative to tonic")
    permission = Input("{here}.release_permission", "1",      1.0,  "what energy allows of release")
    bh4_supply = Input("brain.bh4_supply",          "1",      1.0,  "supply of BH4")
    dhpr       = Input("brain.dhpr",                "1",      1.0,  "activity of dihydropteridine reductase")
    plp        = Input("brain.plp",                 "1",      1.0,  "pyridoxal phosphate, 1 = sufficient")
    iron       = Input("brain.iron",                "1",      1.0,  "iron, 1 = sufficient")
    own_maoa   = Input("person.maoa_activity",      "1",      1.0,  "MAO-A of this person")
    own_sert   = Input("person.sert_expression",    "1",      1.0,  "SERT of this person")
    gain_tph2  = Input("raphe.gain.tph2",           "1",      1.0,  "influences on TPH2, which cell bodies make", gather="product")
    gain_aadc  = Input("{here}.gain.aadc",          "1",      1.0,  "influences on AADC",     gather="product")
    gain_maoa  = Input("{here}.gain.maoa",          "1",      1.0,  "influences on MAO-A",    gather="product")
    gain_sert  = Input("{here}.gain.sert",          "1",      1.0,  "influences on SERT",     gather="product")
    gain_rel   = Input("{here}.gain.release",       "1",      1.0,  "influences on release",  gather="product")
    load_tph2  = Input("tph2.load",                 "1",      0.0,  "drugs on TPH2, over K",  gather="sum")
    load_vmat  = Input("vmat2.load",                "1",      0.0,  "drugs on VMAT2, over K", gather="sum")
    load_sert  = Input("sert.load",                 "1",      0.0,  "drugs on SERT, over K",  gather="sum")
    load_maoa  = Input("maoa.load",                 "1",      0.0,  "drugs on MAO-A, over K", gather="sum")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    e_paper  = Param(0.000768, "uM", "extracellular serotonin at the paper's rest", cite="best2010 code y0", origin="rat")
    ht_set   = Param(0.000660, "uM", "extracellular serotonin at rest here: set-point of the brakes", basis="assumed", gsd=1.3)
    bh4      = Species(tissue,  359.8,   "uM", "tetrahydrobiopterin",           content={"pterin": 1})
    bh2      = Species(tissue,  0.2,     "uM", "dihydrobiopterin",              content={"pterin": 1})
    htp      = Species(tissue,  2.26,    "uM", "5-hydroxytryptophan",           content={"indole": 1})
    ht_cyt   = Species(tissue,  0.5,     "uM", "serotonin, cytosol",            content={"indole": 1})
    ht_ves   = Species(tissue,  ves_ref, "uM", "serotonin, vesicles",           content={"indole": 1}, scale=21.0)
    ht_ext   = Species(outside, ht_set,  "uM", "serotonin, extracellular",      content={"indole": 1}, scale=7e-4)
    ht_else  = Species(region,  0.001,   "uM", "serotonin, in other cells",     content={"indole": 1})
    hiaa     = Species(region,  0.05,    "uM", "5-hydroxyindoleacetic acid",    content={"indole": 1})
    protein  = Level(1.0, "1", "TPH2 protein, relative to rest",                timescale="slow")

    # ── Autoreceptors: lines through their value at rest ───────────────────────────────────────────
    share_1b  = Param(0.5,       "1",    "share of the loop on release that terminals carry", basis="assumed", gsd=1.5, bounds=(0.0, 1.0))
    tau_auto  = Param(30.0,      "s",    "lag of the brakes (10-60 s)",                        basis="assumed", gsd=1.7)
    rounding  = Param(0.05,      "1",    "rounding of the corner at rest",                     basis="assumed", origin="")
    top       = Param(1.5,       "1",    "release, at no serotonin",                           cite="best2010 code release", origin="rat")
    fall      = Param(651.04167, "1/uM", "its fall, below rest",                               cite="best2010 code release", origin="rat")
    far_top   = Param(1.3,       "1",    "the line above rest, drawn back to no serotonin",    cite="best2010 code release", origin="rat")
    far_fall  = Param(391.3,     "1/uM", "its fall, above rest",                               cite="best2010 code release", origin="rat")
    least     = Param(0.4,       "1",    "release left at much serotonin",                     cite="best2010 code release", origin="rat")
    syn_top   = Param(1.5,       "1",    "synthesis, at no serotonin",                         cite="best2010 code V_TPH",   origin="rat")

    heard     = Lag(ht_ext, tau_auto, "uM", "extracellular serotonin, through the lag", scale=7e-4)
    like      = Derived(heard / ht_set * e_paper, "uM", "the same on the paper's scale")
    near      = Derived(smooth_max(top - fall * like, far_top - far_fall * like, rounding), "1", "the two lines")
    near_set  = Derived(smooth_max(top - fall * e_paper, far_top - far_fall * e_paper, rounding), "1", "where they are at rest")
    brake_rel = Derived(power(smooth_max(near / near_set, least, rounding * least), share_1b), "1", "5-HT1B on release, 1 at rest")
    brake_syn = Derived(syn_top - like * like / (e_paper * e_paper + like * like), "1", "autoreceptor on synthesis, 1 at rest")

    # ── Synthesis ──────────────────────────────────────────────────────────────────────────────────
    trp_set   = Param(20.6,   "uM",   "tryptophan in the paper's terminal at rest",           cite="best2010 code y0",         origin="rat")
    Vmax_TPH  = Param(17.45,  "uM/h", "TPH2, maximal: the paper's velocity at rest, with enough BH4", basis="assumed", origin="rat", cv=0.2)
    Km_trp    = Param(40.0,   "uM",   "TPH2, tryptophan",                cite="best2010 code K_trp_TPH",  origin="rat")
    Ki_trp    = Param(1000.0, "uM",   "TPH2, inhibition by its substrate", cite="best2010 code K_i_TPH",  origin="rat")
    Km_bh4    = Param(20.0,   "uM",   "TPH2, BH4",                       cite="best2010 code K_bh4_TPH",  origin="rat")
    Vmax_AADC = Param(400.0,  "uM/h", "AADC, maximal",                   cite="best2010 code V_max_AADC", origin="rat")
    Km_AADC   = Param(160.0,  "uM",   "AADC, 5-HTP",                     cite="best2010 code k_m_AADC",   origin="rat")
    K_plp     = Param(0.05,   "1",    "AADC, pyridoxal phosphate relative to sufficiency",      basis="assumed", gsd=2.0)
    K_iron    = Param(0.05,   "1",    "TPH2, iron relative to sufficiency",                     basis="assumed", gsd=2.0)
    k_htp     = Param(2.0,    "1/h",  "5-HTP from the brain into terminals",                    basis="assumed", gsd=2.0)
    k_htp_o   = Param(0.05,   "1/h",  "5-HTP out of terminals",                                 basis="assumed", gsd=2.0)

    trp    = Derived(trp_set * (tryptophan / tryptophan.at_nominal), "uM", "tryptophan in terminals")
    able   = Derived(gain_tph2 * protein * (1 + K_iron) * iron / (K_iron + iron) / (1 + load_tph2), "1", "TPH2 in order, 1 at rest")
    v_tph  = Derived(able * Vmax_TPH * trp * bh4 / ((Km_trp + trp + trp * trp / Ki_trp) * (Km_bh4 + bh4)) * brake_syn, "uM/h", "velocity")
    tph    = Flux(0 >> htp, v_tph, doc="tryptophan hydroxylase 2; the tryptophan is the brain's")
    used   = Flux(bh4 >> bh2, v_tph, doc="its cofactor")
    entry  = Flux(0 >> htp, k_htp * htp_brain, doc="5-HTP from outside")
    htp_o  = Flux(htp >> 0, k_htp_o * htp, doc="5-HTP out")
    aadc   = Flux(htp >> ht_cyt, mm(htp, Vmax_AADC, Km_AADC) * gain_aadc * (1 + K_plp) * plp / (K_plp + plp), doc="AADC")

    # ── BH4 ────────────────────────────────────────────────────────────────────────────────────────
    Vmax_red  = Param(5000.0, "uM/h", "BH2 to BH4, maximal",             cite="best2010 code V_max_f_DRR", origin="rat")
    Km_bh2    = Param(100.0,  "uM",   "reductase, BH2",                  cite="best2010 code K_bh2_DRR",   origin="rat")
    Km_nadph  = Param(75.0,   "uM",   "reductase, NADPH",                cite="best2010 code K_NADPH_DRR", origin="rat")
    Vmax_ox   = Param(3.0,    "uM/h", "BH4 to BH2, maximal",             cite="best2010 code V_max_b_DRR", origin="rat")
    Km_bh4_ox = Param(10.0,   "uM",   "reductase, BH4",                  cite="best2010 code K_bh4_DRR",   origin="rat")
    Km_nadp   = Param(75.0,   "uM",   "reductase, NADP",                 cite="best2010 code K_NADP_DRR",  origin="rat")
    nadph     = Param(330.0,  "uM",   "NADPH, held constant",            cite="best2010 code NADPH",       origin="")
    nadp      = Param(26.0,   "uM",   "NADP, held constant",             cite="best2010 code NADP",        origin="")
    pterins   = Param(360.0,  "uM",   "BH4 and BH2 at full supply, as in dopamine terminals (the paper: 1)", basis="assumed", gsd=2.0)
    k_pterin  = Param(0.15,   "1/h",  "turnover of BH4; 0: a closed pool", basis="assumed", gsd=1.7)
    bh4_rest  = Param(359.8,  "uM",   "BH4 at which TPH2 protein is at rest: that of this rest", basis="assumed", estimate=False)
    K_keep    = Param(0.20,   "1",    "BH4 relative to rest that halves what can be kept of TPH2", basis="assumed", gsd=1.6)
    n_keep    = Param(2.0,    "1",    "steepness of that; 0: none",      basis="assumed", gsd=1.3)
    tau_keep  = Param(3.0,    "d",    "turnover of TPH2 protein (2-5 d)", basis="assumed", gsd=1.4)

    reduction = Flux(bh2 >> bh4, dhpr * Vmax_red * bh2 * nadph / ((Km_bh2 + bh2) * (Km_nadph + nadph)), doc="BH2 to BH4")
    oxidation = Flux(bh4 >> bh2, Vmax_ox * bh4 * nadp / ((Km_bh4_ox + bh4) * (Km_nadp + nadp)), doc="BH4 back to BH2")
    new_bh4   = Flux(0 >> bh4, bh4_supply * k_pterin * pterins, doc="BH4 made")
    lost_bh4  = Flux(bh4 >> 0, k_pterin * bh4, doc="BH4 lost")
    lost_bh2  = Flux(bh2 >> 0, k_pterin * bh2, doc="BH2 lost")
    enough    = Derived(power(bh4 / bh4_rest, n_keep), "1", "BH4 for the protein")
    keeping   = Rate(protein, (enough * (1 + power(K_keep, n_keep)) / (power(K_keep, n_keep) + enough) - protein) / tau_keep)

    # ── Storage, release, uptake, breakdown ────────────────────────────────────────────────────────
    Vmax_VMAT = Param(1230.0, "uM/h", "VMAT2, maximal",                  cite="best2010 code V VMAT",    origin="rat")
    Km_VMAT   = Param(0.198,  "uM",   "VMAT2, affinity",                 cite="best2010 code K_m_MAT",   origin="rat")
    k_leak    = Param(40.0,   "1/h",  "leak from vesicles",              cite="best2010 code k_out_MAT", origin="rat")
    k_rel     = Param(1.0,    "1/h",  "release at tonic firing",         cite="best2010 code fire",      origin="rat")
    Vmax_SERT = Param(4700.0, "uM/h", "SERT, maximal, per terminal tissue", cite="best2010 code VUP2 comment", origin="rat")
    Km_SERT   = Param(0.17,   "uM",   "SERT, affinity",                  cite="best2010 code k_m_SERT",  origin="rat")
    k_rem     = Param(400.0,  "1/h",  "uptake by other cells, diffusion, per outside fluid", cite="best2010 code k_rem", origin="rat")
    escape    = Param(0.1,    "1",    "share of that which leaves the tissue", basis="assumed", gsd=2.0, bounds=(0.0, 1.0))
    Vmax_MAO  = Param(1000.0, "uM/h", "MAO in terminals, maximal",       cite="best2010 code V_max_catab_c5ht", origin="rat")
    Km_MAO    = Param(95.0,   "uM",   "MAO, affinity",                   cite="best2010 code K_m_catab_c5ht",   origin="rat")
    Vmax_out  = Param(1000.0, "uM/h", "breakdown outside, maximal",      cite="best2010 code V_max_catab_e5ht", origin="rat")
    k_else    = Param(10.0,   "1/h",  "MAO on serotonin in other cells", basis="assumed", gsd=2.0)
    k_hiaa    = Param(1.0,    "1/h",  "5-HIAA out of the tissue",        cite="best2010 code k_hiaa_catab", origin="rat")

    maoa    = Derived(own_maoa * gain_maoa / (1 + load_maoa), "1", "activity of MAO-A")
    carriers = Derived(own_sert * gain_sert, "1", "SERT of this person, 1 at rest")
    drive   = Derived(firing * recruit * brake_rel * permission * gain_rel, "1", "drive of release, 1 at rest")
    vmat    = Flux(ht_cyt >> ht_ves,  competitive_mm(ht_cyt, Vmax_VMAT, Km_VMAT, (load_vmat, 1.0)), doc="packing")
    leak    = Flux(ht_ves >> ht_cyt,  k_leak * ht_ves, doc="leak")
    release = Flux(ht_ves >> ht_ext,  k_rel * drive * ht_ves, doc="release")
    sert    = Flux(ht_ext >> ht_cyt,  carriers * competitive_mm(ht_ext, Vmax_SERT, Km_SERT, (load_sert, 1.0)), per=tissue, doc="SERT")
    glia    = Flux(ht_ext >> ht_else, (1 - escape) * k_rem * ht_ext, doc="uptake by other cells")
    away    = Flux(ht_ext >> 0,       escape * k_rem * ht_ext, doc="diffusion out of the tissue")
    mao     = Flux(ht_cyt >> hiaa,    maoa * mm(ht_cyt, Vmax_MAO, Km_MAO), doc="MAO-A in terminals")
    mao_ext = Flux(ht_ext >> hiaa,    maoa * mm(ht_ext, Vmax_out, Km_MAO), doc="breakdown outside")
    mao_out = Flux(ht_else >> hiaa,   maoa * k_else * ht_else, doc="MAO-A in other cells")
    hiaa_o  = Flux(hiaa >> 0,         k_hiaa * hiaa, doc="5-HIAA out")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    held      = Derived(tissue * (ht_cyt + ht_ves), "umol", "serotonin in terminals")
    gone      = Derived(tissue * sert / outside + glia + away + mao_ext, "uM/h", "all that leaves the extracellular fluid")
    tone      = Output("{here}.serotonin",            ht_ext, "nmol/L", "extracellular, true tonic level")
    waste     = Output("{here}.hiaa",                 hiaa, "umol/L", "5-HIAA in tissue")
    made      = Output("{here}.serotonin_synthesis",  tissue * aadc, "umol/h", "synthesis")
    out       = Output("{here}.serotonin_release",    tissue * release, "umol/h", "release, gross")
    back      = Output("{here}.serotonin_uptake",     tissue * sert, "umol/h", "uptake by SERT")
    broken    = Output("{here}.serotonin_breakdown",  tissue * mao + outside * mao_ext + region * mao_out, "umol/h", "MAO-A")
    taken     = Output("{here}.tryptophan_use",       tissue * tph, "umol/h", "tryptophan taken from the brain's pool")
    taken_h   = Output("{here}.hydroxytryptophan_use", tissue * entry, "umol/h", "5-HTP taken from the brain's pool")
    turnover  = Output("{here}.serotonin_turnover",   region * hiaa / held, "1", "5-HIAA / serotonin in tissue")
    residence = Output("{here}.serotonin_residence",  held / made, "h", "tissue pool over synthesis")
    by_sert   = Output("{here}.serotonin_by_sert",    tissue * sert / outside / gone, "1", "share of clearance by SERT")
