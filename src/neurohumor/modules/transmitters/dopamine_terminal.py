"""Dopamine in the terminals of one region: made, stored, released tonically and in bursts, taken back, broken down.

    tyrosine, brain levodopa --> dopa --> da_cyt <==> da_ves --> da_cleft --> da_ext --> NET, glia --> da_else
              TH (BH4, D2)       AADC     | ^  VMAT2   firing x   spill-over  | |  COMT                  | MAO, COMT
                                     MAO  | +--------- recruit -------- DAT --+ +----------> mt <--------+
                                          +--> dopac <-----------------------------------------------------+
                                               dopac, mt --> hva --> out

Scale.     Concentrations in terminals are the paper's, per mL of a tissue that is as rich as rat striatum; such tissue makes up
           `density` of the region (its content over the paper's).  Outside, metabolites and other cells count by real volumes.
Phasic.    Release hears firing and how many neurons take part; it grows within a burst and tires.  It fills a cleft of
           milliseconds, which spills over into what is called extracellular everywhere else.
D2.        Dopamine, agonists and antagonists compete; what the receptor hears (as dopamine that would fill it as much) brakes
           TH by the paper's law and release, each through a lag.  Set-points belong to the region.
BH4.       Made, lost and oxidised here; its protein-keeping effect on TH is slow.

Whose equations: Best, Nijhout and Reed (2009), to which this reduces exactly where density, outside, escape are 1 and BH4 supply,
           protein effect, plasticity, release brake, NET, 3-O-methyldopa and DOPAC's own way out are off; tyrosine is brain-wide.
Valid for:       striatum by default, prefrontal cortex by the values in `models/synapse.py`; milliseconds to months.
Left out:        phosphorylation of TH, releasers, exchange with noradrenaline, dopamine made in serotonin terminals.
Caution:         most constants are the paper's, for rats; what is ours is assumed.  Read-outs are simulation quantities, not
                 clinical measurements.
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
    log,
    mm,
    power,
)  # fmt: skip


class DopamineTerminal(Module):
    """The dopaminergic terminals of a region."""

    timescale = "fast"

    # ── Where ──────────────────────────────────────────────────────────────────────────────────────
    mass     = Param(20.0,  "g",      "tissue of the region",                                 basis="assumed", gsd=1.15)
    per_gram = Param(1.0,   "mL/g",   "tissue per gram",                                      basis="assumed", origin="")
    ecf      = Param(0.2,   "mL/g",   "extracellular fluid",                                  basis="assumed", gsd=1.15)
    ves_ref  = Param(81.0,  "uM",     "vesicular dopamine at the paper's density",            cite="best2009 file vda", origin="rat")
    content  = Param(17.6,  "nmol/g", "dopamine, human caudate and putamen after death (2.4 and 3.0 ug/g)", basis="assumed",
                     gsd=1.3, cv=0.2)
    density  = Param(content / (ves_ref * per_gram), "1", "terminals, relative to the paper's tissue", basis="derived")
    gap      = Param(0.005, "1",      "clefts, share of the extracellular fluid",             basis="assumed", gsd=2.0)
    tissue   = Compartment(mass * per_gram * density, "mL", "tissue of the paper's density that holds these terminals")
    region   = Compartment(mass * per_gram, "mL", "the region")
    outside  = Compartment(mass * ecf, "mL", "extracellular fluid")
    cleft    = Compartment(mass * ecf * gap, "mL", "clefts")

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    tyrosine   = Input("brain.tyrosine",            "umol/L", 54.4, "brain tyrosine; its change relative to nominal counts")
    levodopa   = Input("brain.levodopa",            "umol/L", 0.0,  "brain levodopa from outside")
    firing     = Input("da.firing",                 "1",      1.0,  "firing of each neuron, 1 = quiet waking")
    recruit    = Input("da.recruit",                "1",      1.0,  "neurons that take part, relative to tonic")
    permission = Input("{here}.release_permission", "1",      1.0,  "what energy allows of release")
    bh4_supply = Input("brain.bh4_supply",          "1",      1.0,  "supply of BH4")
    dhpr       = Input("brain.dhpr",                "1",      1.0,  "activity of dihydropteridine reductase")
    plp        = Input("brain.plp",                 "1",      1.0,  "pyridoxal phosphate, 1 = sufficient")
    iron       = Input("brain.iron",                "1",      1.0,  "iron, 1 = sufficient")
    own_comt   = Input("person.comt_activity",      "1",      1.0,  "COMT of this person")
    own_maoa   = Input("person.maoa_activity",      "1",      1.0,  "MAO-A of this person")
    gain_th    = Input("{here}.gain.th",            "1",      1.0,  "influences on TH",       gather="product")
    gain_aadc  = Input("{here}.gain.aadc",          "1",      1.0,  "influences on AADC",     gather="product")
    gain_maoa  = Input("{here}.gain.maoa",          "1",      1.0,  "influences on MAO-A",    gather="product")
    gain_maob  = Input("{here}.gain.maob",          "1",      1.0,  "influences on MAO-B",    gather="product")
    gain_comt  = Input("{here}.gain.comt",          "1",      1.0,  "influences on COMT",     gather="product")
    gain_dat   = Input("{here}.gain.dat",           "1",      1.0,  "influences on DAT",      gather="product")
    gain_net   = Input("{here}.gain.net",           "1",      1.0,  "influences on NET",      gather="product")
    gain_rel   = Input("{here}.gain.release",       "1",      1.0,  "influences on release",  gather="product")
    gain_d2    = Input("{here}.gain.d2",            "1",      1.0,  "influences on D2",       gather="product")
    load_th    = Input("th.load",                   "1",      0.0,  "drugs on TH, over K",    gather="sum")
    load_vmat  = Input("vmat2.load",                "1",      0.0,  "drugs on VMAT2, over K", gather="sum")
    load_dat   = Input("dat.load",                  "1",      0.0,  "drugs on DAT, over K",   gather="sum")
    load_net   = Input("net.load",                  "1",      0.0,  "drugs on NET, over K",   gather="sum")
    load_maoa  = Input("maoa.load",                 "1",      0.0,  "drugs on MAO-A, over K", gather="sum")
    load_maob  = Input("maob.load",                 "1",      0.0,  "drugs on MAO-B, over K", gather="sum")
    load_comt  = Input("comt.load",                 "1",      0.0,  "drugs on COMT, over K",  gather="sum")
    load_d2    = Input("d2.load",                   "1",      0.0,  "D2 antagonists, over K", gather="sum")
    load_d2_a  = Input("d2.load_agonist",           "1",      0.0,  "D2 agonists, over K",    gather="sum")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    da_set   = Param(0.002043, "uM", "extracellular dopamine at rest: set-point of D2",       basis="assumed", origin="rat", estimate=False)
    bh4      = Species(tissue,  319.0,   "uM", "tetrahydrobiopterin",       content={"pterin": 1})
    bh2      = Species(tissue,  41.0,    "uM", "dihydrobiopterin",          content={"pterin": 1})
    omd      = Species(region,  0.3,     "uM", "3-O-methyldopa",            content={"phenyl_ring": 1})
    dopa     = Species(tissue,  0.36,    "uM", "L-DOPA",                    content={"phenyl_ring": 1})
    da_cyt   = Species(tissue,  2.65,    "uM", "dopamine, cytosol",         content={"phenyl_ring": 1})
    da_ves   = Species(tissue,  ves_ref, "uM", "dopamine, vesicles",        content={"phenyl_ring": 1}, scale=81.0)
    da_cleft = Species(cleft,   da_set,  "uM", "dopamine, clefts",          content={"phenyl_ring": 1}, scale=0.01)
    da_ext   = Species(outside, da_set,  "uM", "dopamine, extracellular",   content={"phenyl_ring": 1}, scale=0.002)
    da_else  = Species(region,  0.001,   "uM", "dopamine, in other cells",  content={"phenyl_ring": 1})
    dopac    = Species(region,  1.0,     "uM", "DOPAC",                     content={"phenyl_ring": 1})
    mt       = Species(region,  0.01,    "uM", "3-methoxytyramine",         content={"phenyl_ring": 1})
    hva      = Species(region,  1.0,     "uM", "homovanillic acid",         content={"phenyl_ring": 1})
    protein  = Level(1.0, "1", "TH protein, relative to rest",              timescale="slow")
    ready    = Level(1.0, "1", "vesicles ready for release, relative to rest")

    # ── D2: what it hears, and what it does ────────────────────────────────────────────────────────
    K_d2     = Param(0.0070, "uM", "dopamine at half occupancy of D2 (about 0.22 filled at rest)", basis="assumed", gsd=1.5, estimate=False)
    tau_d2   = Param(30.0, "s",  "lag of the brakes (10-60 s)",                               basis="assumed", gsd=1.7)
    like     = Derived((da_ext + K_d2 * load_d2_a) / (1 + load_d2) * gain_d2, "uM", "dopamine that would fill D2 as much")
    heard    = Lag(like, tau_d2, "uM", "the same, through the lag", scale=0.002)
    auto_rel = Param(0.3,  "1",  "weight of D2 on release",                                   basis="assumed", gsd=2.0, bounds=(0.0, 5.0))
    floor    = Param(0.5,  "1",  "synthesis left at much dopamine",                           cite="best2009 file VTH", origin="rat")
    span     = Param(4.5,  "1",  "synthesis added at no dopamine",                            cite="best2009 file VTH", origin="rat")
    weight   = Param(8.0,  "1",  "weight of dopamine on synthesis",                           cite="best2009 file VTH", origin="rat")
    n_brake  = Param(4.0,  "1",  "steepness",                                                 cite="best2009 file VTH", origin="rat")
    brake    = Derived(span / (weight * power(heard / da_set, n_brake) + 1) + floor, "1", "D2 on synthesis, 1 at rest")
    brake_r  = Derived((1 + auto_rel) / (1 + auto_rel * heard / da_set), "1", "D2 on release, 1 at rest")

    # ── Synthesis ──────────────────────────────────────────────────────────────────────────────────
    tyr_set   = Param(90.0,    "uM",   "tyrosine in terminals at rest (the paper: 125.7), where TH is flat", basis="assumed", gsd=1.4)
    Vmax_TH   = Param(125.0,   "uM/h", "TH, maximal",                       cite="best2009 file VmaxVTH",    origin="rat", cv=0.2)
    Km_tyr    = Param(46.0,    "uM",   "TH, tyrosine",                      cite="best2009 file KtyrVTH",    origin="rat")
    Km_bh4    = Param(60.0,    "uM",   "TH, BH4",                           cite="best2009 file Kbh4VTH",    origin="rat")
    Ki_da     = Param(110.0,   "uM",   "TH, cytosolic dopamine",            cite="best2009 file Ki_cda_VTH", origin="rat")
    Ki_tyr    = Param(160.0,   "uM",   "TH, inhibition by its substrate",   cite="best2009 file ki_tyr_VTH", origin="rat")
    tyr_scale = Param(0.56,    "1",    "TH, scale of that",                 cite="best2009 file VTH",        origin="rat")
    Vmax_AADC = Param(10000.0, "uM/h", "AADC, maximal",                     cite="best2009 file VmaxVAADC",  origin="rat")
    Km_AADC   = Param(130.0,   "uM",   "AADC, L-DOPA",                      cite="best2009 file KmVAADC",    origin="rat")
    K_plp     = Param(0.05,    "1",    "AADC, pyridoxal phosphate relative to sufficiency",   basis="assumed", gsd=2.0)
    K_iron    = Param(0.05,    "1",    "TH, iron relative to sufficiency",                    basis="assumed", gsd=2.0)
    k_dopa    = Param(2.0,     "1/h",  "levodopa from the brain into terminals",              basis="assumed", gsd=2.0)
    k_omd     = Param(0.5,     "1/h",  "L-DOPA to 3-O-methyldopa, by COMT",                   basis="assumed", gsd=2.0)
    k_omd_o   = Param(0.1,     "1/h",  "3-O-methyldopa out of the tissue",                    basis="assumed", gsd=2.0)

    tyr    = Derived(tyr_set * (tyrosine / tyrosine.at_nominal), "uM", "tyrosine in terminals")
    able   = Derived(gain_th * protein * (1 + K_iron) * iron / (K_iron + iron) / (1 + load_th), "1", "TH in working order, 1 at rest")
    v_th   = Derived(able * tyr_scale / (1 + tyr / Ki_tyr) * brake
                     * Vmax_TH * tyr * bh4 / (tyr * bh4 + Km_tyr * bh4 + Km_tyr * Km_bh4 * (1 + da_cyt / Ki_da)), "uM/h", "velocity of TH")
    th     = Flux(0 >> dopa, v_th, doc="tyrosine hydroxylase; the tyrosine is the brain's")
    used   = Flux(bh4 >> bh2, v_th, doc="its cofactor")
    entry  = Flux(0 >> dopa, k_dopa * levodopa, doc="levodopa from outside")
    aadc   = Flux(dopa >> da_cyt, mm(dopa, Vmax_AADC, Km_AADC) * gain_aadc * (1 + K_plp) * plp / (K_plp + plp), doc="AADC")

    # ── BH4: renewed, made, lost; and what it does for the protein ─────────────────────────────────────
    Vmax_red  = Param(200.0, "uM/h", "BH2 to BH4, maximal",                       cite="best2009 file VfmaxVDRR",  origin="rat")
    Km_bh2    = Param(100.0, "uM",   "reductase, BH2",                            cite="best2009 file Kbh2VDRR",   origin="rat")
    Km_nadph  = Param(75.0,  "uM",   "reductase, NADPH",                          cite="best2009 file KnadphVDRR", origin="rat")
    Vmax_ox   = Param(80.0,  "uM/h", "BH4 to BH2, maximal",                       cite="best2009 file VbmaxVDRR",  origin="rat")
    Km_bh4_ox = Param(10.0,  "uM",   "reductase, BH4",                            cite="best2009 file Kbh4VDRR",   origin="rat")
    Km_nadp   = Param(75.0,  "uM",   "reductase, NADP",                           cite="best2009 file KnadpVDRR",  origin="rat")
    nadph     = Param(330.0, "uM",   "NADPH, held constant",                      cite="best2009 code NADPH",      origin="")
    nadp      = Param(26.0,  "uM",   "NADP, held constant",                       cite="best2009 code NADP",       origin="")
    pterins   = Param(360.0, "uM",   "BH4 and BH2 at full supply",                cite="best2009 file bh4; best2009 file bh2", origin="rat")
    k_pterin  = Param(0.15,  "1/h",  "turnover of BH4; 0: a closed pool",         basis="assumed", gsd=1.7)
    bh4_rest  = Param(324.7, "uM",   "BH4 at which TH protein is at rest: that of this rest", basis="assumed", estimate=False)
    K_keep    = Param(0.20,  "1",    "BH4 relative to rest that halves what can be kept of TH protein", basis="assumed", gsd=1.6)
    n_keep    = Param(2.0,   "1",    "steepness of that; 0: none",                basis="assumed", gsd=1.3)
    tau_keep  = Param(3.0,   "d",    "turnover of TH protein (2-5 d)",            basis="assumed", gsd=1.4)

    reduction = Flux(bh2 >> bh4, dhpr * Vmax_red * bh2 * nadph / ((Km_bh2 + bh2) * (Km_nadph + nadph)), doc="BH2 to BH4")
    oxidation = Flux(bh4 >> bh2, Vmax_ox * bh4 * nadp / ((Km_bh4_ox + bh4) * (Km_nadp + nadp)), doc="BH4 back to BH2")
    new_bh4   = Flux(0 >> bh4, bh4_supply * k_pterin * pterins, doc="BH4 made")
    lost_bh4  = Flux(bh4 >> 0, k_pterin * bh4, doc="BH4 lost")
    lost_bh2  = Flux(bh2 >> 0, k_pterin * bh2, doc="BH2 lost")
    enough    = Derived(power(bh4 / bh4_rest, n_keep), "1", "BH4 for the protein")
    keeping   = Rate(protein, (enough * (1 + power(K_keep, n_keep)) / (power(K_keep, n_keep) + enough) - protein) / tau_keep)

    # ── Storage, release, spill-over ───────────────────────────────────────────────────────────────
    Vmax_VMAT = Param(7082.0, "uM/h", "VMAT2, maximal",                           cite="best2009 file VmaxVMAT", origin="rat")
    Km_VMAT   = Param(3.0,    "uM",   "VMAT2, affinity",                          cite="best2009 file KmVMAT",   origin="rat")
    k_leak    = Param(40.0,   "1/h",  "leak from vesicles",                       cite="best2009 file koutVMAT", origin="rat")
    k_rel     = Param(1.0,    "1/h",  "release at tonic firing",                  cite="best2009 file fire",     origin="rat")
    use_rel   = Param(0.02,   "1/s",  "ready vesicles used at tonic firing",      basis="assumed", gsd=2.0)
    tau_rel   = Param(5.0,    "s",    "their refilling",                          basis="assumed", gsd=2.0)
    fac_most  = Param(1.5,    "1",    "facilitation at very fast firing",         basis="assumed", gsd=1.7)
    fac_half  = Param(3.0,    "1",    "firing above tonic that gives half of it", basis="assumed", gsd=1.5)
    tau_fac   = Param(0.1,    "s",    "how fast facilitation comes and goes",     basis="assumed", gsd=2.0)
    k_spill   = Param(200.0,  "1/s",  "exchange of clefts with the fluid around", basis="assumed", gsd=2.5)

    above    = Derived((firing - 1) * (firing - 1), "1", "firing away from tonic, squared")
    faster   = Lag(1 + fac_most * above / (fac_half * fac_half + above), tau_fac, "1", "facilitation, 1 at tonic firing", scale=1.0)
    refill   = Rate(ready, (1 - ready) / tau_rel - use_rel * (firing * faster - 1) * ready)
    drive    = Derived(firing * recruit * faster * ready * brake_r * permission * gain_rel, "1", "drive of release, 1 at rest")
    vmat     = Flux(da_cyt >> da_ves, competitive_mm(da_cyt, Vmax_VMAT, Km_VMAT, (load_vmat, 1.0)), doc="packing")
    leak     = Flux(da_ves >> da_cyt, k_leak * da_ves, doc="leak")
    release  = Flux(da_ves >> da_cleft, k_rel * drive * da_ves, doc="release, tonic and phasic")
    spill    = Flux(da_cleft >> da_ext, k_spill * (da_cleft - da_ext), doc="spill-over")

    # ── Uptake and breakdown ───────────────────────────────────────────────────────────────────────
    Vmax_DAT  = Param(8000.0, "uM/h", "DAT, maximal, per terminal tissue",        cite="best2009 file VmaxVDAT", origin="rat", cv=0.15)
    Km_DAT    = Param(0.2,    "uM",   "DAT, affinity",                            cite="best2009 file KmVDAT",   origin="rat")
    Vmax_NET  = Param(0.0,    "uM/h", "NET, maximal, per extracellular fluid",    basis="assumed", gsd=1.5)
    Km_NET    = Param(0.3,    "uM",   "NET, dopamine (0.1-0.5)",                  basis="assumed", gsd=1.6)
    k_rem     = Param(400.0,  "1/h",  "uptake by glia and diffusion",             cite="best2009 file Krem",           origin="rat")
    escape    = Param(0.1,    "1",    "share of that which leaves the tissue",    basis="assumed", gsd=2.0, bounds=(0.0, 1.0))
    Vmax_COMT = Param(30.0,   "uM/h", "COMT outside terminals, maximal",          cite="best2009 file Vcatab_eda_max", origin="rat")
    Km_COMT   = Param(3.0,    "uM",   "COMT, affinity",                           cite="best2009 file Kcatab_eda_m",   origin="rat")
    k_MAO     = Param(10.0,   "1/h",  "MAO in terminals",                         cite="best2009 file kcatabcda",      origin="rat")
    a_term    = Param(0.9,    "1",    "share of MAO-A in terminals",              basis="assumed", gsd=1.1, bounds=(0.0, 1.0))
    k_else    = Param(60.0,   "1/h",  "MAO on dopamine in other cells",           basis="assumed", gsd=2.0)
    k_else_mt = Param(60.0,   "1/h",  "COMT on dopamine in other cells",          basis="assumed", gsd=2.0)
    a_else    = Param(0.3,    "1",    "share of MAO-A in other cells",            basis="assumed", gsd=1.3, bounds=(0.0, 1.0))
    k_mt      = Param(10.0,   "1/h",  "3-methoxytyramine to HVA",                 basis="assumed", gsd=2.0)
    k_dopac   = Param(3.0,    "1/h",  "DOPAC to HVA",                             basis="assumed", gsd=1.7)
    k_dopac_o = Param(1.0,    "1/h",  "DOPAC out of the tissue",                  basis="assumed", gsd=1.7)
    k_hva     = Param(3.45,   "1/h",  "HVA out of the tissue",                    cite="best2009 file Kcatabhva",      origin="rat")

    maoa     = Derived(own_maoa * gain_maoa / (1 + load_maoa), "1", "activity of MAO-A")
    maob     = Derived(gain_maob / (1 + load_maob), "1", "activity of MAO-B")
    comt     = Derived(own_comt * gain_comt / (1 + load_comt), "1", "activity of COMT")
    mao_else = Derived(a_else * maoa + (1 - a_else) * maob, "1", "MAO of other cells")
    dat      = Flux(da_ext >> da_cyt,  gain_dat * competitive_mm(da_ext, Vmax_DAT, Km_DAT, (load_dat, 1.0)), per=tissue, doc="DAT")
    net      = Flux(da_ext >> da_else, gain_net * competitive_mm(da_ext, Vmax_NET, Km_NET, (load_net, 1.0)), doc="NET")
    glia     = Flux(da_ext >> da_else, (1 - escape) * k_rem * da_ext, doc="uptake by glia")
    away     = Flux(da_ext >> 0,       escape * k_rem * da_ext, doc="diffusion out of the tissue")
    methyl   = Flux(da_ext >> mt,      comt * mm(da_ext, Vmax_COMT, Km_COMT), doc="COMT outside")
    mao      = Flux(da_cyt >> dopac,   (a_term * maoa + (1 - a_term) * maob) * k_MAO * da_cyt, doc="MAO in terminals")
    mao_out  = Flux(da_else >> dopac,  mao_else * k_else * da_else, doc="MAO in other cells")
    dopa_omd = Flux(dopa >> omd,       comt * k_omd * dopa, doc="COMT on L-DOPA")
    omd_o    = Flux(omd >> 0,          k_omd_o * omd, doc="3-O-methyldopa out")
    methyl_2 = Flux(da_else >> mt,     comt * k_else_mt * da_else, doc="COMT in other cells")
    mt_hva   = Flux(mt >> hva,         mao_else * k_mt * mt, doc="MAO on 3-methoxytyramine")
    to_hva   = Flux(dopac >> hva,      comt * k_dopac * dopac, doc="COMT on DOPAC")
    dopac_o  = Flux(dopac >> 0,        k_dopac_o * dopac, doc="DOPAC out")
    hva_o    = Flux(hva >> 0,          k_hva * hva, doc="HVA out")

    # ── What it tells: levels, flows in amounts, and read-outs ───────────────────────────────────────
    held      = Derived(tissue * (da_cyt + da_ves), "umol", "dopamine in terminals")
    gone      = Derived(tissue * dat / outside + net + glia + away + methyl, "uM/h", "all that leaves the extracellular fluid")
    tone      = Output("{here}.dopamine",            da_ext, "nmol/L", "extracellular, true tonic level")
    phasic    = Output("{here}.dopamine_cleft",      da_cleft, "nmol/L", "in clefts")
    out_dopac = Output("{here}.dopac",               dopac, "umol/L", "DOPAC in tissue")
    out_mt    = Output("{here}.3mt",                 mt, "umol/L", "3-methoxytyramine in tissue")
    out_omd   = Output("{here}.methyldopa_3o",                omd, "umol/L", "3-O-methyldopa in tissue")
    out_hva   = Output("{here}.hva",                 hva, "umol/L", "HVA in tissue")
    made      = Output("{here}.dopamine_synthesis",  tissue * aadc, "umol/h", "synthesis")
    out       = Output("{here}.dopamine_release",    tissue * release, "umol/h", "release, gross")
    back      = Output("{here}.dopamine_uptake",     tissue * dat + outside * net, "umol/h", "uptake by DAT and NET")
    broken    = Output("{here}.dopamine_breakdown",  tissue * mao + outside * methyl + region * (mao_out + methyl_2), "umol/h", "breakdown")
    taken     = Output("{here}.tyrosine_use",        tissue * th, "umol/h", "tyrosine taken from the brain's pool")
    taken_l   = Output("{here}.levodopa_use",        tissue * entry, "umol/h", "levodopa taken from the brain's pool")
    turnover  = Output("{here}.dopamine_turnover",   region * (dopac + hva) / held, "1", "(DOPAC + HVA) / dopamine in tissue")
    residence = Output("{here}.dopamine_residence",  held / made, "h", "tissue pool over synthesis")
    half_life = Output("{here}.dopamine_half_life",  log(2.0) * da_ext / gone, "s", "half-life of what is extracellular")
    by_dat    = Output("{here}.dopamine_by_dat",     tissue * dat / outside / gone, "1", "share of clearance by DAT")
    by_net    = Output("{here}.dopamine_by_net",     net / gone, "1", "share of clearance by NET")
    by_comt   = Output("{here}.dopamine_by_comt",    methyl / gone, "1", "share of clearance by COMT outside cells")
    filled    = Output("{here}.d2_occupied",         like / (K_d2 + like), "1", "D2 occupied by dopamine and agonists")
    left      = Output("{here}.d2_available",        1 / (1 + da_ext / K_d2 + load_d2_a + load_d2), "1",
                       "D2 that nothing fills: what a tracer such as raclopride can bind")
