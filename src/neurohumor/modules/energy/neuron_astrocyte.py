"""Fuel into ATP in one region: a neuron's and an astrocyte's glycolysis, their lactate, one mitochondrial and one adenylate pool.

    glucose -> hexose-P -> pyruvate -> acetyl-CoA -> CO2         neuron   (n)  |  lactate of both meets in the interstice
                              | ^          ^                     astrocyte (a) |  and goes either way, also to and from blood
                           lactate      ketones                  glycogen, "other carbon out": the astrocyte's

What drives it is demand: use of ATP raises ADP, ADP draws the cycle and glycolysis.  Acetyl-CoA brakes pyruvate dehydrogenase
strongly and glycolysis weakly (by citrate), so that ketones spare glucose and some of that glucose leaves as lactate.  Activity
speeds glycolysis ahead of demand.  Oxygen per step: 1/2 for each NADH of the cytosol, 1/2 at pyruvate dehydrogenase, 2 per
acetyl-CoA, 1/2 per ketone that comes as beta-hydroxybutyrate.  Every maximal rate follows from the rest written first.

Whose equations: ours (claims E01-E05, E10, E11, M03, M06; decisions 1, 25-27).  Rates are human, per gram of grey matter at rest.
Valid for:       fuels and oxygen from plenty to failure, seconds to months.
Left out:        pH, the pentose shunt, NADH and adenylates of mitochondria, fat, neuron's and astrocyte's own ATP: one pool for both.
Caution:         shares of the two cells, affinities and the strength of both brakes are assumed and known within a factor of two.
                 Flux control: `docs/science/energy.md` prints it; hexokinase has little, demand nearly all.
"""

from neurohumor.lang import Compartment, Derived, Flux, Input, Module, Output, Param, Species, log, maximum, positive, power, smooth_max


class NeuronAstrocyte(Module):
    """Energy metabolism of one region."""

    timescale = "fast"

    # ── Where ──────────────────────────────────────────────────────────────────────────────────────
    mass   = Param(120.0, "g",    "tissue of the region",  basis="assumed", gsd=1.1)
    vol_n  = Param(0.45,  "mL/g", "water of neurons",      basis="assumed", gsd=1.2)
    vol_a  = Param(0.17,  "mL/g", "water of astrocytes",   basis="assumed", gsd=1.3)
    vol_i  = Param(0.15,  "mL/g", "interstice",            basis="assumed", gsd=1.2)
    neuron     = Compartment(mass * vol_n, "mL", "neurons")
    astrocyte  = Compartment(mass * vol_a, "mL", "astrocytes")
    interstice = Compartment(mass * vol_i, "mL", "interstice")
    cells      = Compartment(mass * (vol_n + vol_a), "mL", "both cells")

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    glucose  = Input("{here}.glucose",         "mmol/L",     0.98,   "glucose of tissue")
    oxygen   = Input("{here}.oxygen",          "umol/L",     35.0,   "oxygen of tissue")
    lactate  = Input("{here}.cmrlac",          "umol/g/min", -0.053, "lactate from blood, net")
    ketone   = Input("{here}.cmrket",          "umol/g/min", 0.003,  "ketones from blood, net")
    flow     = Input("{here}.cbf",             "mL/g/min",   0.681,  "blood flow")
    demand   = Input("{here}.atp_demand",      "umol/g/min", 9.7,    "ATP asked for")
    activity = Input("{here}.activity",        "1",          1.0,    "glutamatergic activity, 1 = quiet waking")
    gain_hk  = Input("{here}.gain.hexokinase", "1",          1.0,    "influences on hexokinase", gather="product")

    # ── The rest it is built on: per gram of grey matter; white matter by its own glucose use ──────────
    glc0   = Param(0.38,   "umol/g/min", "glucose use",                                        basis="assumed", gsd=1.1, cv=0.08)
    lac_w  = Param(0.06,   "mmol/min",   "lactate out of the whole brain", cite="vanhall2009 abstract", basis="measured", gsd=1.2)
    brain  = Param(1400.0, "g",          "whole brain",                                        basis="assumed", gsd=1.1, estimate=False)
    glc_w  = Param(0.307,  "umol/g/min", "glucose use of the whole brain",                     basis="assumed", gsd=1.1, estimate=False)
    lac0   = Param(lac_w / (brain * 2 * glc_w), "1", "share of glucose carbon that leaves as lactate")
    other0 = Param(0.0933, "1",  "share that leaves as other carbon",                          basis="assumed", gsd=1.4)
    n_glc  = Param(0.6,    "1",  "neuron's share of glucose use",                  basis="assumed", gsd=1.3, bounds=(0.05, 0.95))
    n_ox   = Param(0.72,   "1",  "neuron's share of pyruvate oxidised",            basis="assumed", gsd=1.15, bounds=(0.05, 0.95))
    glu_r  = Param(0.98,   "mM", "glucose of tissue",                                          basis="assumed", gsd=1.2)
    hp_r   = Param(0.10,   "mM", "hexose phosphates",                                          basis="assumed", gsd=1.5)
    pyr_r  = Param(0.10,   "mM", "pyruvate",                                                   basis="assumed", gsd=1.4)
    lac_r  = Param(0.95,   "mM", "lactate of the interstice",                                  basis="assumed", gsd=1.4)
    nadh_r = Param(0.02,   "mM", "NADH of the cytosol",                                        basis="assumed", gsd=1.6)
    nad_r  = Param(0.20,   "mM", "NAD of the cytosol",                                         basis="assumed", gsd=1.6)
    acc_r  = Param(0.02,   "mM", "acetyl-CoA",                                                 basis="assumed", gsd=1.8)
    atp_r  = Param(2.7,    "mM", "ATP (claim M06: 2.7 +/- 0.3)",                               basis="assumed", gsd=1.1)
    adp_r  = Param(0.030,  "mM", "free ADP (20-50 uM)",                                        basis="assumed", gsd=1.3)
    pcr_r  = Param(4.5,    "mM", "phosphocreatine (4-5.5)",                                    basis="assumed", gsd=1.1)
    cr_r   = Param(5.0,    "mM", "creatine",                                                   basis="assumed", gsd=1.2)
    pi_r   = Param(1.0,    "mM", "phosphate",                                                  basis="assumed", gsd=1.1)
    gly_r  = Param(5.0,    "mM", "glycogen of the astrocyte, per both cells (3-8 umol/g, contested)", basis="assumed", gsd=1.5)
    po     = Param(4.6,    "1",  "ATP per oxygen (4.6-5.2)",                                   basis="assumed", gsd=1.06)
    gn0    = Param(n_glc * glc0,                     "umol/g/min", "glucose use, neuron")
    ga0    = Param((1 - n_glc) * glc0,               "umol/g/min", "glucose use, astrocyte")
    pdh0   = Param(2 * glc0 * (1 - lac0 - other0),   "umol/g/min", "pyruvate oxidised")
    out0   = Param(2 * glc0 * other0,                "umol/g/min", "other carbon out, as pyruvate")
    ln0    = Param(2 * gn0 - n_ox * pdh0,            "umol/g/min", "lactate out of the neuron; below zero it goes in", bounds=(-9, 9))
    la0    = Param(2 * ga0 - (1 - n_ox) * pdh0 - out0, "umol/g/min", "lactate out of the astrocyte", bounds=(-9, 9))
    ps     = Param(1.2,    "mL/g/min", "lactate between a cell and the interstice",            basis="assumed", gsd=1.6)
    lacn_r = Param(maximum(lac_r + ln0 / ps, 0.05 * lac_r), "mM", "lactate, neuron")
    laca_r = Param(maximum(lac_r + la0 / ps, 0.05 * lac_r), "mM", "lactate, astrocyte")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    hp_n   = Species(neuron,     hp_r,   "mM", "hexose phosphates", content={"carbon": 6}, scale=0.1)
    hp_a   = Species(astrocyte,  hp_r,   "mM", "hexose phosphates", content={"carbon": 6}, scale=0.1)
    pyr_n  = Species(neuron,     pyr_r,  "mM", "pyruvate",          content={"carbon": 3}, scale=0.1)
    pyr_a  = Species(astrocyte,  pyr_r,  "mM", "pyruvate",          content={"carbon": 3}, scale=0.1)
    lac_n  = Species(neuron,     lacn_r, "mM", "lactate",           content={"carbon": 3}, scale=1.0)
    lac_a  = Species(astrocyte,  laca_r, "mM", "lactate",           content={"carbon": 3}, scale=1.0)
    lac_i  = Species(interstice, lac_r,  "mM", "lactate",           content={"carbon": 3}, scale=1.0)
    nadh_n = Species(neuron,     nadh_r, "mM", "NADH",              content={"nicotinamide": 1}, scale=0.02)
    nadh_a = Species(astrocyte,  nadh_r, "mM", "NADH",              content={"nicotinamide": 1}, scale=0.02)
    nad_n  = Species(neuron,     nad_r,  "mM", "NAD",               content={"nicotinamide": 1}, scale=0.2)
    nad_a  = Species(astrocyte,  nad_r,  "mM", "NAD",               content={"nicotinamide": 1}, scale=0.2)
    gly    = Species(cells,      gly_r,  "mM", "glycogen",          content={"carbon": 6}, scale=5.0, timescale="day")
    ket    = Species(cells,      0.01,   "mM", "ketones",           content={"carbon": 4}, scale=0.1)
    acc    = Species(cells,      acc_r,  "mM", "acetyl-CoA",        content={"carbon": 2}, scale=0.02)
    co2    = Species(cells,      3.0,    "mM", "carbon dioxide above the arterial", content={"carbon": 1}, scale=3.0)
    atp    = Species(cells,      atp_r,  "mM", "ATP",               content={"adenine": 1, "phosphate": 3}, scale=2.7)
    adp    = Species(cells,      adp_r,  "mM", "ADP",               content={"adenine": 1, "phosphate": 2}, scale=0.03)
    amp    = Species(cells,      adp_r ** 2 / atp_r, "mM", "AMP",   content={"adenine": 1, "phosphate": 1}, scale=3e-4)
    pcr    = Species(cells,      pcr_r,  "mM", "phosphocreatine",   content={"creatine": 1, "phosphate": 1}, scale=4.5)
    cr     = Species(cells,      cr_r,   "mM", "creatine",          content={"creatine": 1}, scale=5.0)
    pi     = Species(cells,      pi_r,   "mM", "phosphate",         content={"phosphate": 1}, scale=1.0)

    # ── Glycolysis: each law is its rest rate times what it hears relative to rest ─────────────────────
    Km_hk  = Param(0.10,  "mM", "hexokinase, glucose (0.04-0.1)",         basis="assumed", gsd=1.3)
    Ki_hk  = Param(0.06,  "mM", "hexokinase, hexose phosphates",          basis="assumed", gsd=1.5)
    Km_hp  = Param(0.10,  "mM", "glycolysis, hexose phosphates",          basis="assumed", gsd=1.5)
    K_adp  = Param(0.04,  "mM", "glycolysis, ADP",                        basis="assumed", gsd=1.4)
    K_red  = Param(80.0,  "1",  "glycolysis, NAD over NADH",              basis="assumed", gsd=1.6)
    K_cit  = Param(0.023,  "mM", "glycolysis, acetyl-CoA (by citrate)",    basis="assumed", gsd=1.5)
    n_cit  = Param(2.6,   "1",  "steepness of that brake",                basis="assumed", gsd=1.3)
    ahead  = Param(3.5,   "1",  "glycolysis, gain on activity above quiet waking", basis="assumed", gsd=1.5)
    K_atp  = Param(0.10,  "mM", "ATP where it is used up",                basis="assumed", gsd=1.5)
    K_room = Param(0.005, "mM", "ADP without which nothing makes ATP",    basis="assumed", gsd=1.5)
    K_pi   = Param(0.30,  "mM", "phosphate, where ATP is made",           basis="assumed", gsd=1.5)

    room   = Derived(adp / (K_room + adp) * (K_room + adp_r) / adp_r * pi / (K_pi + pi) * (K_pi + pi_r) / pi_r,
                     "1", "ADP and phosphate at hand")
    evoked = Derived(smooth_max(activity - 1, 0.0, 0.02) - 0.01, "1", "activity above quiet waking")
    drawn  = Derived((adp / K_adp) ** 2 / (1 + (adp / K_adp) ** 2) * (1 + (adp_r / K_adp) ** 2) / (adp_r / K_adp) ** 2,
                     "1", "ADP on glycolysis")
    cit    = Derived((1 + (acc_r / K_cit) ** n_cit) / (1 + power(acc / K_cit, n_cit)), "1", "acetyl-CoA on glycolysis")
    pushed = Derived(room * drawn * cit * (1 + ahead * evoked), "1", "what speeds glycolysis")
    have   = Derived(atp / (K_atp + atp) * (K_atp + atp_r) / atp_r, "1", "ATP to be had")
    sugar  = Derived(gain_hk * have * glucose / (Km_hk + glucose) * (Km_hk + glu_r) / glu_r, "1", "glucose and ATP on hexokinase")
    red_n  = Derived(nad_n / (nad_n + K_red * nadh_n) * (nad_r + K_red * nadh_r) / nad_r, "1", "redox state, neuron")
    red_a  = Derived(nad_a / (nad_a + K_red * nadh_a) * (nad_r + K_red * nadh_r) / nad_r, "1", "redox state, astrocyte")
    v_hk_n = Derived(gn0 * sugar * (Ki_hk + hp_r) / (Ki_hk + hp_n), "umol/g/min", "hexokinase, neuron")
    v_hk_a = Derived(ga0 * sugar * (Ki_hk + hp_r) / (Ki_hk + hp_a), "umol/g/min", "hexokinase, astrocyte")
    v_gl_n = Derived(gn0 * pushed * red_n * hp_n / (Km_hp + hp_n) * (Km_hp + hp_r) / hp_r, "umol/g/min", "hexose-P to pyruvate, neuron")
    v_gl_a = Derived(ga0 * pushed * red_a * hp_a / (Km_hp + hp_a) * (Km_hp + hp_r) / hp_r, "umol/g/min", "hexose-P to pyruvate, astrocyte")

    hk_n = Flux(0 >> hp_n, v_hk_n * mass, "umol/min", "hexokinase, neuron", per=neuron)
    hk_a = Flux(0 >> hp_a, v_hk_a * mass, "umol/min", "hexokinase, astrocyte", per=astrocyte)
    gl_n = Flux(hp_n + 2*nad_n >> 2*pyr_n + 2*nadh_n, v_gl_n * mass, "umol/min", "hexose-P to pyruvate, neuron")
    gl_a = Flux(hp_a + 2*nad_a >> 2*pyr_a + 2*nadh_a, v_gl_a * mass, "umol/min", "hexose-P to pyruvate, astrocyte")

    # ── Lactate ────────────────────────────────────────────────────────────────────────────────────
    k_ldh  = Param(400.0, "mL/g/min/mM", "lactate dehydrogenase, fast", basis="assumed", gsd=1.5, estimate=False)
    back_n = Param(positive(pyr_r * nadh_r - ln0 / k_ldh) / (lacn_r * nad_r), "1", "its equilibrium, neuron, from rest")
    back_a = Param(positive(pyr_r * nadh_r - la0 / k_ldh) / (laca_r * nad_r), "1", "its equilibrium, astrocyte, from rest")
    v_ldh_n = Derived(k_ldh * (pyr_n * nadh_n - back_n * lac_n * nad_n), "umol/g/min", "pyruvate to lactate, neuron")
    v_ldh_a = Derived(k_ldh * (pyr_a * nadh_a - back_a * lac_a * nad_a), "umol/g/min", "pyruvate to lactate, astrocyte")
    shuttle = Derived(ps * (lac_i - lac_n), "umol/g/min", "lactate into the neuron; below zero out of it")

    ldh_n = Flux(pyr_n + nadh_n >> lac_n + nad_n, v_ldh_n * mass,             "umol/min", "lactate dehydrogenase, neuron")
    ldh_a = Flux(pyr_a + nadh_a >> lac_a + nad_a, v_ldh_a * mass,             "umol/min", "lactate dehydrogenase, astrocyte")
    mct_n = Flux(lac_i >> lac_n,                  shuttle * mass,             "umol/min", "into the neuron")
    mct_a = Flux(lac_a >> lac_i,                  ps * (lac_a - lac_i) * mass, "umol/min", "out of the astrocyte")
    blood_lactate = Flux(0 >> lac_i,              lactate * mass,             "umol/min", "from blood, net")

    # ── Mitochondria ───────────────────────────────────────────────────────────────────────────────
    Km_pyr = Param(3.0,   "mM",     "pyruvate dehydrogenase, pyruvate",                       basis="assumed", gsd=1.5)
    Ki_acc = Param(0.02,  "mM",     "pyruvate dehydrogenase, brake by acetyl-CoA",            basis="assumed", gsd=1.5)
    n_acc  = Param(1.5,   "1",      "steepness of that brake",                                basis="assumed", gsd=1.3)
    Km_acc = Param(0.005, "mM",     "cycle, acetyl-CoA",                                      basis="assumed", gsd=1.5)
    Km_adp = Param(0.03,  "mM",     "mitochondria, ADP (20-30 uM)",                           basis="assumed", gsd=1.3)
    Km_o2  = Param(1.0,   "umol/L", "mitochondria, oxygen (below 1)",                         basis="assumed", gsd=1.5)
    o2_r   = Param(35.0,  "umol/L", "oxygen of tissue at rest",                               basis="assumed", gsd=1.2)
    Km_sh  = Param(0.02,  "mM",     "shuttles of NADH",                                       basis="assumed", gsd=1.5)
    calls  = Param(0.8,   "1",      "mitochondria, gain on activity (by calcium)",            basis="assumed", gsd=1.6)
    V_ket  = Param(0.90,  "umol/g/min", "ketolysis, maximal, grey matter",                    basis="assumed", gsd=1.5)
    K_ket  = Param(1.0,   "mM",     "ketolysis, half saturation",                             basis="assumed", gsd=1.5)
    Ki_ket = Param(0.05,  "mM",     "ketolysis, brake by acetyl-CoA",                         basis="assumed", gsd=1.5)
    bhb    = Param(0.75,  "1",      "share of ketones that comes as beta-hydroxybutyrate",    basis="assumed", gsd=1.1, bounds=(0.0, 1.0))
    grey   = Param(0.38,  "umol/g/min", "glucose use of the grey matter that rates are for",  basis="assumed", estimate=False)

    air    = Derived(oxygen / (Km_o2 + oxygen) * (Km_o2 + o2_r) / o2_r, "1", "oxygen on mitochondria")
    pull   = Derived(air * room * (1 + calls * evoked) * (adp / Km_adp) ** 2 / (1 + (adp / Km_adp) ** 2)
                     * (1 + (adp_r / Km_adp) ** 2) / (adp_r / Km_adp) ** 2, "1", "what draws mitochondria")
    brake  = Derived(air * room * (1 + (acc_r / Ki_acc) ** n_acc) / (1 + power(acc / Ki_acc, n_acc)),
                     "1", "acetyl-CoA on pyruvate dehydrogenase")
    v_pdh_n = Derived(n_ox * pdh0 * brake * pyr_n / (Km_pyr + pyr_n) * (Km_pyr + pyr_r) / pyr_r,       "umol/g/min", "neuron")
    v_pdh_a = Derived((1 - n_ox) * pdh0 * brake * pyr_a / (Km_pyr + pyr_a) * (Km_pyr + pyr_r) / pyr_r, "umol/g/min", "astrocyte")
    v_tca  = Derived(pdh0 * pull * acc / (Km_acc + acc) * (Km_acc + acc_r) / acc_r, "umol/g/min", "acetyl-CoA oxidised by the cycle")
    v_sh_n = Derived((2 * gn0 - ln0) * air * room * nadh_n / (Km_sh + nadh_n) * (Km_sh + nadh_r) / nadh_r,
                     "umol/g/min", "NADH oxidised, neuron")
    v_sh_a = Derived((2 * ga0 - la0) * air * room * nadh_a / (Km_sh + nadh_a) * (Km_sh + nadh_r) / nadh_r,
                     "umol/g/min", "NADH oxidised, astrocyte")
    v_ket  = Derived(air * V_ket * glc0 / grey * ket / (K_ket + ket) * Ki_ket / (Ki_ket + acc), "umol/g/min", "ketones split")
    v_out  = Derived(out0 * pyr_a / pyr_r, "umol/g/min", "other carbon out")
    v_o2   = Derived(0.5 * (v_sh_n + v_sh_a + v_pdh_n + v_pdh_a + bhb * v_ket) + 2 * v_tca, "umol/g/min", "oxygen used")

    pdh_n  = Flux(pyr_n >> acc + co2,  v_pdh_n * mass, "umol/min", "pyruvate dehydrogenase, neuron")
    pdh_a  = Flux(pyr_a >> acc + co2,  v_pdh_a * mass, "umol/min", "pyruvate dehydrogenase, astrocyte")
    tca    = Flux(acc >> 2*co2,        v_tca * mass,   "umol/min", "the cycle")
    ketolysis = Flux(ket >> 2*acc,     v_ket * mass,   "umol/min", "ketones to acetyl-CoA")
    blood_ketone = Flux(0 >> ket,      ketone * mass,  "umol/min", "from blood, net")
    other  = Flux(pyr_a >> 0,          v_out * mass,   "umol/min", "other carbon out: amino acids and the like")
    sh_n   = Flux(nadh_n >> nad_n,     v_sh_n * mass,  "umol/min", "shuttles, neuron")
    sh_a   = Flux(nadh_a >> nad_a,     v_sh_a * mass,  "umol/min", "shuttles, astrocyte")
    washed = Flux(co2 >> 0,            flow * co2 * mass, "umol/min", "carbon dioxide to blood")

    # ── Glycogen, ATP, phosphocreatine ─────────────────────────────────────────────────────────────
    turn   = Param(0.003, "umol/g/min",  "turnover of glycogen at rest",                      basis="assumed", gsd=2.0)
    spark  = Param(6.0,   "1",           "breakdown, gain on activity",                       basis="assumed", gsd=2.0)
    k_ck   = Param(60.0,  "mL/g/min/mM", "creatine kinase, fast",                             basis="assumed", gsd=1.5, estimate=False)
    k_ak   = Param(400.0, "mL/g/min/mM", "adenylate kinase, fast",                            basis="assumed", gsd=1.5, estimate=False)
    v_store = Derived(turn * have * hp_a / hp_r, "umol/g/min", "glycogen made")
    v_break = Derived(turn * gly / gly_r * adp / adp_r * (1 + spark * evoked), "umol/g/min", "glycogen broken down")
    used   = Derived(demand * have, "umol/g/min", "ATP used by the cell's work")
    made   = Derived(po * v_o2 + 3 * (v_gl_n + v_gl_a) - v_hk_n - v_hk_a - v_store - v_ket,
                     "umol/g/min", "ATP made, net of what fuels cost")

    store  = Flux(hp_a >> gly, v_store * mass, "umol/min", "glycogen made")
    unlock = Flux(gly >> hp_a, v_break * mass, "umol/min", "glycogen broken down")
    making = Flux(adp + pi >> atp, made * mass,    "umol/min", "ATP made, net")
    work   = Flux(atp >> adp + pi, used * mass,    "umol/min", "ATP used")
    ck     = Flux(pcr + adp >> cr + atp, k_ck * (pcr * adp - pcr_r * adp_r / (cr_r * atp_r) * cr * atp) * mass,
                  "umol/min", "creatine kinase")
    ak     = Flux(2*adp >> atp + amp,    k_ak * (adp * adp - atp * amp) * mass, "umol/min", "adenylate kinase")

    dg0    = Param(-29.6, "kJ/mol", "free energy of ATP at 1 M, pH 7.1, magnesium of the cell", basis="assumed", gsd=1.0, bounds=(-40, -20))
    RT     = Param(2.579, "kJ/mol", "gas constant times 310 K", basis="assumed", origin="", estimate=False)
    molar  = Param(1000.0, "mM",    "1 M", basis="assumed", origin="", estimate=False)
    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    cmrglc = Output("{here}.cmrglc", v_hk_n + v_hk_a, "umol/g/min", "glucose use")
    cmro2  = Output("{here}.cmro2",  v_o2,            "umol/g/min", "oxygen use")
    ogi    = Output("{here}.ogi",    cmro2 / cmrglc,  "1",          "oxygen over glucose")
    j_atp  = Output("{here}.j_atp",  made,            "umol/g/min", "ATP made, net of what fuels cost")
    cycle  = Output("{here}.tca",    v_tca,           "umol/g/min", "acetyl-CoA oxidised by the cycle")
    burnt  = Output("{here}.pyruvate_oxidised", v_pdh_n + v_pdh_a, "umol/g/min", "pyruvate to acetyl-CoA")
    split  = Output("{here}.ketones_oxidised",  v_ket,             "umol/g/min", "ketones to acetyl-CoA")
    lost   = Output("{here}.other_carbon_out",  v_out,             "umol/g/min", "other carbon out, as pyruvate")
    atp_ox = Output("{here}.atp_oxidation",     po * v_o2 - v_ket, "umol/g/min", "ATP made with oxygen, net")
    atp_gl = Output("{here}.atp_glycolysis",    3 * (v_gl_n + v_gl_a) - v_hk_n - v_hk_a - v_store, "umol/g/min",
                    "ATP made by glycolysis, net")
    most   = Output("{here}.atp_ceiling",       made * (1 + (Km_adp / adp) ** 2) * (K_room + adp) / adp, "umol/g/min",
                    "ATP that would be made if ADP were plenty")
    t_pi   = Output("{here}.phosphate", pi,           "mmol/L",     "phosphate")
    t_atp  = Output("{here}.atp",    atp,             "mmol/L",     "ATP")
    t_adp  = Output("{here}.adp",    adp,             "umol/L",     "free ADP")
    t_amp  = Output("{here}.amp",    amp,             "umol/L",     "AMP")
    t_pcr  = Output("{here}.pcr",    pcr,             "mmol/L",     "phosphocreatine")
    t_gly  = Output("{here}.glycogen", gly,           "mmol/L",     "glycogen")
    t_ket  = Output("{here}.ketone", ket,             "mmol/L",     "ketones of tissue")
    t_lac  = Output("{here}.lactate", (vol_n * lac_n + vol_a * lac_a + vol_i * lac_i) / (vol_n + vol_a + vol_i),
                    "mmol/L", "lactate of tissue")
    dg_atp = Output("{here}.dg_atp", dg0 + RT * log(adp * pi / (atp * molar)), "kJ/mol", "free energy of ATP")
    charge = Output("{here}.energy_charge", (atp + 0.5 * adp) / (atp + adp + amp), "1", "energy charge")
    kept   = Output("{here}.pcr_over_atp", pcr / atp, "1", "phosphocreatine over ATP")
    by_ketones = Output("{here}.ketone_share", (4 + 0.5 * bhb) * v_ket / v_o2, "1", "ketones' share of oxidised fuel")
    unburnt    = Output("{here}.unoxidised_share", (v_out - lactate) / (2 * cmrglc), "1", "share of glucose that is not oxidised")
    glc_ox     = Output("{here}.glucose_oxidised", 0.5 * (v_pdh_n + v_pdh_a), "umol/g/min", "glucose and lactate oxidised, as glucose")
