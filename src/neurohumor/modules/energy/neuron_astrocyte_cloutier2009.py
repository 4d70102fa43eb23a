"""Energy of a neuron and an astrocyte: glycolysis, lactate, mitochondria, sodium, glutamate, glycogen, capillary, venous balloon.

      capillary  glc_c  lac_c  o2_c  co2_c  <==  blood flow
                   |  \\     |     |
      interstice glc_e \\  lac_e   |          glu_e <--- stimulus --- glu_n
                 |    \\  \\  ^ ^    |            |                       ^
      neuron   glc_n   \\  \\ | |   o2_n, o2_g   v                       |
                |       astrocyte             glu_g --- glutamine -----+
               g6p f6p gap pep pyr (lac) -> mitochondria -> ATP, PCr; sodium pump; glycogen in the astrocyte

Whose equations: Cloutier, Bolger, Lowry and Wellstead (2009), read in BIOMD0000000554, the curated SBML file that encodes them;
nothing was changed.  From 200 s on the file applies a stimulus of 300 s, and so does this module: `stim` is 1, 0 is rest.
Adenylate kinase is at equilibrium, so that the paper's rate of ATP stands divided by 1 - dAMP/dATP; ADP, AMP, creatine and NAD
follow from fixed totals.  Two hands were added by us, both without effect at their nominals: glucose and lactate of the arterial
blood follow the relative changes of `blood.glucose` and `blood.lactate`.

Valid for: a rat's hippocampus or striatum, awake, from seconds to an hour, at rest and under short stimuli.
Left out:  ketones, pH, the oxygen that pyruvate itself holds, blood oxygen that changes.
Caution:   the paper's tables were not at hand.  The file rounds the ratio of capillary to neuron (0.01222 for 0.0055/0.45), so
           that 0.02 % of what the neuron exchanges with the capillary is lost or made: two border fluxes say so.  Its balloon
           divides an inflow in 1/s of tissue by a volume fraction; taken as it stands.  All numbers stand as fitted, none has a spread.
"""

from neurohumor.lang import Compartment, Derived, Flux, Input, Level, Module, Output, Param, Rate, Species, both, exp, log, sqrt, where
from neurohumor.lang.expr import Const, Expr
from neurohumor.lang.system import Leaf
from neurohumor.units import unit

Num = Expr | float
_ML = Const(1.0, unit("mL"))


def _bound(s: Num, Km: Num):
    return s / (s + Km)


def _braked(x: Num, centre: Num, slope: Num):
    """1 far below the centre, 0 far above it."""
    return 1 - 1 / (1 + exp(-slope * (x - centre)))


def _inverse_ratio(atp: Num, total: Num, qak: Num):
    """What stands under the root of adenylate kinase's equilibrium."""
    return qak ** 2 + 4 * qak * (total / atp - 1)


def _amp_slope(atp: Num, total: Num, qak: Num, u: Num):
    """dAMP/dATP at equilibrium."""
    return qak / 2 + qak * (total / (atp * sqrt(u))) - (1 + 0.5 * sqrt(u))


class NeuronAstrocyteCloutier2009(Module):
    """One mL of tissue: neuron, astrocyte, interstice and capillary as published in 2009."""

    source = "cloutier2009"
    frozen = True
    timescale = "fast"

    # ── Where ──────────────────────────────────────────────────────────────────────────────────────
    Vn  = Param(0.45,    "1", "neurons, share of tissue",                        cite="cloutier2009 file Vn",  origin="rat")
    Vg  = Param(0.25,    "1", "astrocytes, share of tissue",                     cite="cloutier2009 file Vg",  origin="rat")
    Ve  = Param(0.2,     "1", "interstice, share of tissue",                     cite="cloutier2009 file Reg", origin="rat")
    Vc  = Param(0.0055,  "1", "capillaries, share of tissue",                    cite="cloutier2009 file Vc",  origin="rat")
    Rcn = Param(0.01222, "1", "capillary over neuron, as the paper's rates have it", cite="cloutier2009 file Rcn", origin="rat")

    neuron     = Compartment(Vn * _ML, "mL", "neurons of 1 mL of tissue")
    astrocyte  = Compartment(Vg * _ML, "mL", "astrocytes of 1 mL of tissue")
    interstice = Compartment(Ve * _ML, "mL", "extracellular space of 1 mL of tissue")
    capillary  = Compartment(Vc * _ML, "mL", "capillaries of 1 mL of tissue")

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    blood_glucose = Input("blood.glucose", "mM", 5.0, "glucose in blood; the paper hears its change relative to nominal")
    blood_lactate = Input("blood.lactate", "mM", 0.9, "lactate in blood; the paper hears its change relative to nominal")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    na_n   = Species(neuron, 15.533, "mM", "sodium",                      content={"sodium": 1})
    glc_n  = Species(neuron, 0.2633, "mM", "glucose",                     content={"carbon": 6})
    g6p_n  = Species(neuron, 0.7275, "mM", "glucose 6-phosphate",         content={"carbon": 6})
    f6p_n  = Species(neuron, 0.1091, "mM", "fructose 6-phosphate",        content={"carbon": 6})
    gap_n  = Species(neuron, 0.0418, "mM", "glyceraldehyde 3-phosphate",  content={"carbon": 3})
    pep_n  = Species(neuron, 0.0037, "mM", "phosphoenolpyruvate",         content={"carbon": 3})
    pyr_n  = Species(neuron, 0.0388, "mM", "pyruvate",                    content={"carbon": 3})
    lac_n  = Species(neuron, 0.3856, "mM", "lactate",                     content={"carbon": 3})
    o2_n   = Species(neuron, 0.0975, "mM", "oxygen",                      content={"dioxygen": 1})
    glu_n  = Species(neuron, 3.0,    "mM", "glutamate ready for release", content={"glutamate": 1})
    nadh_n = Level(0.0319, "mM", "NADH, neuron")
    atp_n  = Level(2.2592, "mM", "ATP, neuron")
    pcr_n  = Level(4.2529, "mM", "phosphocreatine, neuron")

    na_g   = Species(astrocyte, 13.36,  "mM", "sodium",                     content={"sodium": 1})
    glc_g  = Species(astrocyte, 0.1656, "mM", "glucose",                    content={"carbon": 6})
    g6p_g  = Species(astrocyte, 0.7326, "mM", "glucose 6-phosphate",        content={"carbon": 6})
    f6p_g  = Species(astrocyte, 0.1116, "mM", "fructose 6-phosphate",       content={"carbon": 6})
    gap_g  = Species(astrocyte, 0.0698, "mM", "glyceraldehyde 3-phosphate", content={"carbon": 3})
    pep_g  = Species(astrocyte, 0.0254, "mM", "phosphoenolpyruvate",        content={"carbon": 3})
    pyr_g  = Species(astrocyte, 0.1711, "mM", "pyruvate",                   content={"carbon": 3})
    lac_g  = Species(astrocyte, 0.4651, "mM", "lactate",                    content={"carbon": 3})
    o2_g   = Species(astrocyte, 0.1589, "mM", "oxygen",                     content={"dioxygen": 1})
    gly_g  = Species(astrocyte, 2.5,    "mM", "glycogen, glucosyl units",   content={"carbon": 6})
    glu_g  = Species(astrocyte, 0.0,    "mM", "glutamate taken up",         content={"glutamate": 1}, scale=0.1)
    nadh_g = Level(0.0445, "mM", "NADH, astrocyte")
    atp_g  = Level(2.24,   "mM", "ATP, astrocyte")
    pcr_g  = Level(4.6817, "mM", "phosphocreatine, astrocyte")

    glc_e  = Species(interstice, 0.3339, "mM", "glucose",   content={"carbon": 6})
    lac_e  = Species(interstice, 0.3986, "mM", "lactate",   content={"carbon": 3})
    glu_e  = Species(interstice, 0.0,    "mM", "glutamate", content={"glutamate": 1}, scale=0.1)

    o2_c   = Species(capillary, 7.4201, "mM", "oxygen, free and bound", content={"dioxygen": 1})
    glc_c  = Species(capillary, 4.6401, "mM", "glucose",                content={"carbon": 6})
    lac_c  = Species(capillary, 0.3251, "mM", "lactate",                content={"carbon": 3})
    co2_c  = Species(capillary, 2.12,   "mM", "carbon dioxide",         content={"carbon": 1})

    vv     = Level(0.0237, "1",  "venous volume, fraction of tissue")
    dhb    = Level(0.0218, "mM", "deoxyhaemoglobin per tissue")

    # ── The stimulus, and the blood flow that answers it ───────────────────────────────────────────
    stim      = Param(1.0,     "1",    "1 with the stimulus, 0 at rest",          cite="cloutier2009 file stim",      origin="")
    to        = Param(200.0,   "s",    "when the stimulus begins",                cite="cloutier2009 file to",        origin="")
    tend      = Param(300.0,   "s",    "how long it lasts",                       cite="cloutier2009 file tend",      origin="")
    v1_n      = Param(0.041,   "mM/s", "sodium influx of the stimulus, steady",   cite="cloutier2009 file v1_n",      origin="rat")
    v2_n      = Param(2.55,    "mM/s", "sodium influx of the stimulus, at first", cite="cloutier2009 file v2_n",      origin="rat")
    t_n_stim  = Param(2.0,     "s",    "time constant of its first part",         cite="cloutier2009 file t_n_stim",  origin="rat")
    sr        = Param(4.59186, "1/s",  "slope of the flow's rise",                cite="cloutier2009 file sr",        origin="rat")
    t1        = Param(2.0,     "s",    "delay of blood flow",                     cite="cloutier2009 file t1",        origin="rat")
    t_lead    = Param(3.0,     "s",    "shift of the flow's rise and fall",       cite="cloutier2009 file Fin_t",     origin="rat")
    deltaf    = Param(0.42,    "1",    "rise of blood flow",                      cite="cloutier2009 file deltaf",    origin="rat")
    CBF0      = Param(0.012,   "1/s",  "blood flow of 1 mL of tissue at rest",    cite="cloutier2009 file CBF0_Fin_t", origin="rat")

    clock   = Leaf("time", 0, "time")
    on      = Derived(where(both(to <= clock, clock <= to + tend), 1, 0), "1", "1 while the stimulus lasts")
    v_stim  = Derived(stim * (v1_n + v2_n * ((clock - to) / t_n_stim) * exp(-((clock - to) * (on / t_n_stim)))) * on, "mM/s",
                      "sodium influx of the stimulus")
    flow    = Derived(CBF0 + (stim * CBF0 * deltaf * (1 / (1 + exp(-sr * (clock - (to + t1 - t_lead)))))
                              - stim * CBF0 * deltaf * (1 / (1 + exp(-sr * (clock - (to + tend + t1 + t_lead)))))),
                                                        "1/s", "blood flow per tissue")

    # ── Adenylates, creatine, NAD: what follows from the totals ────────────────────────────────────
    qak      = Param(0.92,  "1",  "equilibrium of adenylate kinase",  cite="cloutier2009 file qak",        origin="rat")
    ATPtot   = Param(2.379, "mM", "adenylates, sum",                  cite="cloutier2009 file ATPtot",     origin="rat")
    PCrn_tot = Param(5.0,   "mM", "creatine, sum, neuron",            cite="cloutier2009 file PCrn_tot",   origin="rat")
    PCrg_tot = Param(5.0,   "mM", "creatine, sum, astrocyte",         cite="cloutier2009 file PCrg_tot",   origin="rat")
    NADn_tot = Param(0.22,  "mM", "NAD and NADH, sum, neuron",        cite="cloutier2009 file NADH_n_tot", origin="rat")
    NADg_tot = Param(0.22,  "mM", "NAD and NADH, sum, astrocyte",     cite="cloutier2009 file NADH_g_tot", origin="rat")

    u_n   = Derived(_inverse_ratio(atp_n, ATPtot, qak),           "1",  "under the root, neuron")
    u_g   = Derived(_inverse_ratio(atp_g, ATPtot, qak),           "1",  "under the root, astrocyte")
    adp_n = Derived((atp_n / 2) * (-qak + sqrt(u_n)),             "mM", "ADP, neuron")
    adp_g = Derived((atp_g / 2) * (-qak + sqrt(u_g)),             "mM", "ADP, astrocyte")
    amp_n = Derived(ATPtot - (atp_n + adp_n),                     "mM", "AMP, neuron")
    cr_n  = Derived(PCrn_tot - pcr_n,                             "mM", "creatine, neuron")
    cr_g  = Derived(PCrg_tot - pcr_g,                             "mM", "creatine, astrocyte")
    nad_n = Derived(NADn_tot - nadh_n,                            "mM", "NAD, neuron")
    nad_g = Derived(NADg_tot - nadh_g,                            "mM", "NAD, astrocyte")
    damp_n = Derived(_amp_slope(atp_n, ATPtot, qak, u_n),         "1",  "dAMP/dATP, neuron")
    damp_g = Derived(_amp_slope(atp_g, ATPtot, qak, u_g),         "1",  "dAMP/dATP, astrocyte")

    # ── Sodium ─────────────────────────────────────────────────────────────────────────────────────
    Sm_n    = Param(40500.0,   "1/cm",    "neuron's membrane per tissue",     cite="cloutier2009 file Sm_n",    origin="rat")
    Sm_g    = Param(10500.0,   "1/cm",    "astrocyte's membrane per tissue",  cite="cloutier2009 file Sm_g",    origin="rat")
    gn_NA   = Param(0.0039,    "mS/cm^2", "leak of sodium, neuron",           cite="cloutier2009 file gn_NA",   origin="rat")
    gg_NA   = Param(0.00325,   "mS/cm^2", "leak of sodium, astrocyte",        cite="cloutier2009 file gg_NA",   origin="rat")
    RT      = Param(2577340.0, "mJ/mol",  "gas constant times temperature",   cite="cloutier2009 file RT",      origin="")
    F       = Param(96500.0,   "C/mol",   "Faraday's constant",               cite="cloutier2009 file F",       origin="")
    Vm      = Param(-70.0,     "mV",      "membrane potential, held", cite="cloutier2009 file Vm", origin="rat", bounds=(-200, 100))
    NAe     = Param(150.0,     "mM",      "sodium outside, held",             cite="cloutier2009 file NAe",     origin="rat")
    kpump   = Param(3.17e-7,   "cm/mM/s", "sodium pump",                      cite="cloutier2009 file kpump",   origin="rat")
    Km_pump = Param(0.4243,    "mM",      "sodium pump, affinity for ATP",    cite="cloutier2009 file Km_pump", origin="rat")

    leak_n  = Flux(0 >> na_n, (Sm_n / Vn) * (gn_NA / F) * ((RT / F) * log(NAe / na_n) - Vm), "mM/s", "sodium leak, neuron")
    leak_g  = Flux(0 >> na_g, (Sm_g / Vg) * (gg_NA / F) * ((RT / F) * log(NAe / na_g) - Vm), "mM/s", "sodium leak, astrocyte")
    pump_n  = Derived((Sm_n / Vn) * kpump * atp_n * na_n / (1 + atp_n / Km_pump), "mM/s", "cycles of the pump, neuron")
    pump_g  = Derived((Sm_g / Vg) * kpump * atp_g * na_g / (1 + atp_g / Km_pump), "mM/s", "cycles of the pump, astrocyte")
    out_n   = Flux(na_n >> 0, 3 * pump_n, "mM/s", "sodium pumped out, neuron")
    out_g   = Flux(na_g >> 0, 3 * pump_g, "mM/s", "sodium pumped out, astrocyte")
    spike   = Flux(0 >> na_n, v_stim,     "mM/s", "sodium of the stimulus")

    # ── Glucose: carriers ──────────────────────────────────────────────────────────────────────────
    GLCa      = Param(4.8,       "mM",   "arterial glucose",                    cite="cloutier2009 file GLCa",      origin="rat")
    Km_en_GLC = Param(5.32,      "mM",   "into the neuron, affinity",           cite="cloutier2009 file Km_en_GLC", origin="rat")
    Vm_en_GLC = Param(0.50417,   "mM/s", "into the neuron, maximal",            cite="cloutier2009 file Vm_en_GLC", origin="rat")
    Km_eg_GLC = Param(3.53,      "mM",   "into the astrocyte, affinity",        cite="cloutier2009 file Km_eg_GLC", origin="rat")
    Vm_eg_GLC = Param(0.038089,  "mM/s", "into the astrocyte, maximal",         cite="cloutier2009 file Vm_eg_GLC", origin="rat")
    Km_cg_GLC = Param(9.92,      "mM",   "capillary to astrocyte, affinity",    cite="cloutier2009 file Km_cg_GLC", origin="rat")
    Vm_cg_GLC = Param(0.0098394, "mM/s", "capillary to astrocyte, maximal",     cite="cloutier2009 file Vm_cg_GLC", origin="rat")
    Km_ce_GLC = Param(8.4568,    "mM",   "capillary to interstice, affinity",   cite="cloutier2009 file Km_ce_GLC", origin="rat")
    Vm_ce_GLC = Param(0.0489,    "mM/s", "capillary to interstice, maximal",    cite="cloutier2009 file Vm_ce_GLC", origin="rat")
    KO1       = Param(1.0,       "1",    "0 stops the astrocyte's uptake",      cite="cloutier2009 file KO1",       origin="")

    v_en  = Derived(Vm_en_GLC * (_bound(glc_e, Km_en_GLC) - _bound(glc_n, Km_en_GLC)),       "mM/s", "glucose into the neuron")
    v_eg  = Derived(KO1 * Vm_eg_GLC * (_bound(glc_e, Km_eg_GLC) - _bound(glc_g, Km_eg_GLC)), "mM/s", "glucose into the astrocyte")
    v_cg  = Derived(Vm_cg_GLC * (_bound(glc_c, Km_cg_GLC) - _bound(glc_g, Km_cg_GLC)),       "mM/s", "glucose, capillary to astrocyte")
    v_ce  = Derived(Vm_ce_GLC * (_bound(glc_c, Km_ce_GLC) - _bound(glc_e, Km_ce_GLC)),       "mM/s", "glucose, capillary to interstice")

    en_glc = Flux(glc_e >> glc_n, v_en, "mM/s", "glucose into the neuron",          per=neuron)
    eg_glc = Flux(glc_e >> glc_g, v_eg, "mM/s", "glucose into the astrocyte",       per=astrocyte)
    cg_glc = Flux(glc_c >> glc_g, v_cg, "mM/s", "glucose, capillary to astrocyte",  per=astrocyte)
    ce_glc = Flux(glc_c >> glc_e, v_ce, "mM/s", "glucose, capillary to interstice", per=interstice)
    c_glc  = Flux(0 >> glc_c, 2 * (flow / Vc) * (GLCa * (blood_glucose / blood_glucose.at_nominal) - glc_c),
                  "mM/s", "glucose brought by blood")

    # ── Glycolysis ─────────────────────────────────────────────────────────────────────────────────
    Km_GLC      = Param(0.105,    "mM",      "hexokinase, affinity for glucose",       cite="cloutier2009 file Km_GLC",      origin="rat")
    Vmax_n_hk   = Param(0.0513,   "1/s",     "hexokinase, neuron",                     cite="cloutier2009 file Vmax_n_hk",   origin="rat")
    Vmax_g_hk   = Param(0.050461, "1/s",     "hexokinase, astrocyte",                  cite="cloutier2009 file Vmax_g_hk",   origin="rat")
    G6P_inh     = Param(0.6,      "mM",      "G6P at half inhibition of hexokinase",   cite="cloutier2009 file G6P_inh_hk",  origin="rat")
    aG6P_inh    = Param(20.0,     "1/mM",    "steepness of that inhibition",           cite="cloutier2009 file aG6P_inh_hk", origin="rat")
    Km_G6P      = Param(0.5,      "mM",      "isomerase, affinity for G6P",            cite="cloutier2009 file Km_G6P",      origin="rat")
    Km_F6P_pgi  = Param(0.06,     "mM",      "isomerase, affinity for F6P",            cite="cloutier2009 file Km_F6P_pgi",  origin="rat")
    Vf_n_pgi    = Param(0.5,      "mM/s",    "isomerase, neuron, forward",             cite="cloutier2009 file Vmaxf_n_pgi", origin="rat")
    Vr_n_pgi    = Param(0.45,     "mM/s",    "isomerase, neuron, back",                cite="cloutier2009 file Vmaxr_n_pgi", origin="rat")
    Vf_g_pgi    = Param(0.5,      "mM/s",    "isomerase, astrocyte, forward",          cite="cloutier2009 file Vmaxf_g_pgi", origin="rat")
    Vr_g_pgi    = Param(0.45,     "mM/s",    "isomerase, astrocyte, back",             cite="cloutier2009 file Vmaxr_g_pgi", origin="rat")
    kn_pfk      = Param(0.55783,  "1/s",     "phosphofructokinase, neuron",            cite="cloutier2009 file kn_pfk",      origin="rat")
    kg_pfk      = Param(0.403,    "1/s",     "phosphofructokinase, astrocyte",         cite="cloutier2009 file kg_pfk",      origin="rat")
    Km_F6P_pfk  = Param(0.18,     "mM",      "phosphofructokinase, affinity",          cite="cloutier2009 file Km_F6P_pfk",  origin="rat")
    Ki_ATP      = Param(0.7595,   "mM",      "phosphofructokinase, inhibition by ATP", cite="cloutier2009 file Ki_ATP",      origin="rat")
    nH          = Param(4.0,      "1",       "steepness of that inhibition",           cite="cloutier2009 file nH",          origin="rat")
    kn_pgk      = Param(0.4287,   "1/mM/s",  "GAP dehydrogenase and kinase, neuron",   cite="cloutier2009 file kn_pgk",      origin="rat")
    kg_pgk      = Param(0.2514,   "1/mM/s",  "GAP dehydrogenase and kinase, astrocyte", cite="cloutier2009 file kg_pgk",     origin="rat")
    kn_pk       = Param(28.6,     "1/mM/s",  "pyruvate kinase, neuron",                cite="cloutier2009 file kn_pk",       origin="rat")
    kg_pk       = Param(2.73,     "1/mM/s",  "pyruvate kinase, astrocyte",             cite="cloutier2009 file kg_pk",       origin="rat")

    v_hk_n  = Derived(Vmax_n_hk * atp_n * _bound(glc_n, Km_GLC) * _braked(g6p_n, G6P_inh, aG6P_inh), "mM/s", "hexokinase, neuron")
    v_hk_g  = Derived(Vmax_g_hk * atp_g * _bound(glc_g, Km_GLC) * _braked(g6p_g, G6P_inh, aG6P_inh), "mM/s", "hexokinase, astrocyte")
    v_pfk_n = Derived(kn_pfk * atp_n * _bound(f6p_n, Km_F6P_pfk) / (1 + (atp_n / Ki_ATP) ** nH), "mM/s", "phosphofructokinase, neuron")
    v_pfk_g = Derived(kg_pfk * atp_g * _bound(f6p_g, Km_F6P_pfk) / (1 + (atp_g / Ki_ATP) ** nH), "mM/s", "phosphofructokinase, astrocyte")
    v_pgk_n = Derived(kn_pgk * gap_n * adp_n * (nad_n / nadh_n), "mM/s", "GAP to PEP, neuron")
    v_pgk_g = Derived(kg_pgk * gap_g * adp_g * (nad_g / nadh_g), "mM/s", "GAP to PEP, astrocyte")
    v_pk_n  = Derived(kn_pk * pep_n * adp_n,                     "mM/s", "pyruvate kinase, neuron")
    v_pk_g  = Derived(kg_pk * pep_g * adp_g,                     "mM/s", "pyruvate kinase, astrocyte")

    hk_n  = Flux(glc_n >> g6p_n,   v_hk_n,  "mM/s", "hexokinase, neuron")
    hk_g  = Flux(glc_g >> g6p_g,   v_hk_g,  "mM/s", "hexokinase, astrocyte")
    pgi_n = Flux(g6p_n >> f6p_n,   Vf_n_pgi * _bound(g6p_n, Km_G6P) - Vr_n_pgi * _bound(f6p_n, Km_F6P_pgi), "mM/s", "isomerase, neuron")
    pgi_g = Flux(g6p_g >> f6p_g,   Vf_g_pgi * _bound(g6p_g, Km_G6P) - Vr_g_pgi * _bound(f6p_g, Km_F6P_pgi), "mM/s", "isomerase, astrocyte")
    pfk_n = Flux(f6p_n >> 2*gap_n, v_pfk_n, "mM/s", "phosphofructokinase and aldolase, neuron")
    pfk_g = Flux(f6p_g >> 2*gap_g, v_pfk_g, "mM/s", "phosphofructokinase and aldolase, astrocyte")
    pgk_n = Flux(gap_n >> pep_n,   v_pgk_n, "mM/s", "GAP to PEP, neuron")
    pgk_g = Flux(gap_g >> pep_g,   v_pgk_g, "mM/s", "GAP to PEP, astrocyte")
    pk_n  = Flux(pep_n >> pyr_n,   v_pk_n,  "mM/s", "pyruvate kinase, neuron")
    pk_g  = Flux(pep_g >> pyr_g,   v_pk_g,  "mM/s", "pyruvate kinase, astrocyte")

    # ── Glycogen of the astrocyte ──────────────────────────────────────────────────────────────────
    Vmax_glys   = Param(0.0001528, "mM/s", "synthesis, maximal",                     cite="cloutier2009 file Vmax_glys",   origin="rat")
    Km_G6P_glys = Param(0.5,       "mM",   "synthesis, affinity for G6P",            cite="cloutier2009 file Km_G6P_glys", origin="rat")
    GLY_inh     = Param(4.2,       "mM",   "glycogen at which synthesis is halved",  cite="cloutier2009 file GLY_inh",     origin="rat")
    aGLY_inh    = Param(20.0,      "1/mM", "steepness of that brake",                cite="cloutier2009 file aGLY_inh",    origin="rat")
    Vmax_glyp   = Param(4.922e-05, "mM/s", "breakdown at rest, maximal",             cite="cloutier2009 file Vmax_glyp",   origin="rat")
    Km_GLY      = Param(1.0,       "mM",   "breakdown, affinity",                    cite="cloutier2009 file Km_GLY",      origin="rat")
    delta_GLY   = Param(62.0,      "1",    "rise of breakdown under the stimulus",   cite="cloutier2009 file delta_GLY",   origin="rat")
    to_GLY      = Param(83.0,      "s",    "its delay",                              cite="cloutier2009 file to_GLY",      origin="rat")
    tend_GLY    = Param(440.0,     "s",    "how long it lasts",                      cite="cloutier2009 file tend_GLY",    origin="rat")
    sr_GLY      = Param(4.0,       "1/s",  "slope of its rise",                      cite="cloutier2009 file sr_GLY",      origin="rat")
    KO3         = Param(1.0,       "1",    "0 stops that rise",                      cite="cloutier2009 file KO3",         origin="")

    over   = Derived(where(tend_GLY + to + to_GLY <= clock, 1, 0), "1", "1 when the rise of breakdown is over")
    rise   = Derived(1 + stim * delta_GLY * KO3 * (1 / (1 + exp(-sr_GLY * (clock - (to + to_GLY))))) * (1 - over),
                     "1", "breakdown over rest")
    glys   = Flux(g6p_g >> gly_g, Vmax_glys * _bound(g6p_g, Km_G6P_glys) * _braked(gly_g, GLY_inh, aGLY_inh), "mM/s", "glycogen made")
    glyp   = Flux(gly_g >> g6p_g, Vmax_glyp * _bound(gly_g, Km_GLY) * rise, "mM/s", "glycogen broken down")

    # ── Lactate ────────────────────────────────────────────────────────────────────────────────────
    LACa        = Param(0.313,      "mM",     "arterial lactate",                   cite="cloutier2009 file LACa",        origin="rat")
    kfn_ldh     = Param(5.3,        "1/mM/s", "lactate dehydrogenase, neuron, forward",    cite="cloutier2009 file kfn_ldh", origin="rat")
    krn_ldh     = Param(0.1046,     "1/mM/s", "lactate dehydrogenase, neuron, back",       cite="cloutier2009 file krn_ldh", origin="rat")
    kfg_ldh     = Param(6.2613,     "1/mM/s", "lactate dehydrogenase, astrocyte, forward", cite="cloutier2009 file kfg_ldh", origin="rat")
    krg_ldh     = Param(0.54682,    "1/mM/s", "lactate dehydrogenase, astrocyte, back",    cite="cloutier2009 file krg_ldh", origin="rat")
    Vmax_ne_LAC = Param(0.1978,     "mM/s",   "neuron to interstice, maximal",      cite="cloutier2009 file Vmax_ne_LAC", origin="rat")
    Km_ne_LAC   = Param(0.09314,    "mM",     "neuron to interstice, affinity",     cite="cloutier2009 file Km_ne_LAC",   origin="rat")
    Vmax_ge_LAC = Param(0.086124,   "mM/s",   "astrocyte to interstice, maximal",   cite="cloutier2009 file Vmax_ge_LAC", origin="rat")
    Km_ge_LAC   = Param(0.22163,    "mM",     "astrocyte to interstice, affinity",  cite="cloutier2009 file Km_ge_LAC",   origin="rat")
    Vmax_gc_LAC = Param(0.00021856, "mM/s",   "astrocyte to capillary, maximal",    cite="cloutier2009 file Vmax_gc_LAC", origin="rat")
    Km_gc_LAC   = Param(0.12862,    "mM",     "astrocyte to capillary, affinity",   cite="cloutier2009 file Km_gc_LAC",   origin="rat")
    Vm_ec_LAC   = Param(0.0325,     "mM/s",   "interstice to capillary, maximal",   cite="cloutier2009 file Vm_ec_LAC",   origin="rat")
    Km_ec_LAC   = Param(0.764818,   "mM",     "interstice to capillary, affinity",  cite="cloutier2009 file Km_ec_LAC",   origin="rat")

    v_ldh_n = Derived(kfn_ldh * pyr_n * nadh_n - krn_ldh * lac_n * nad_n, "mM/s", "lactate dehydrogenase, neuron")
    v_ldh_g = Derived(kfg_ldh * pyr_g * nadh_g - krg_ldh * lac_g * nad_g, "mM/s", "lactate dehydrogenase, astrocyte")
    ldh_n  = Flux(pyr_n >> lac_n, v_ldh_n, "mM/s", "lactate dehydrogenase, neuron")
    ldh_g  = Flux(pyr_g >> lac_g, v_ldh_g, "mM/s", "lactate dehydrogenase, astrocyte")
    ne_lac = Flux(lac_n >> lac_e, Vmax_ne_LAC * (_bound(lac_n, Km_ne_LAC) - _bound(lac_e, Km_ne_LAC)), "mM/s", "lactate out of the neuron")
    ge_lac = Flux(lac_g >> lac_e, Vmax_ge_LAC * (_bound(lac_g, Km_ge_LAC) - _bound(lac_e, Km_ge_LAC)),
                  "mM/s", "lactate out of the astrocyte")
    gc_lac = Flux(lac_g >> lac_c, Vmax_gc_LAC * (_bound(lac_g, Km_gc_LAC) - _bound(lac_c, Km_gc_LAC)),
                  "mM/s", "lactate, astrocyte to capillary")
    ec_lac = Flux(lac_e >> lac_c, Vm_ec_LAC * (_bound(lac_e, Km_ec_LAC) - _bound(lac_c, Km_ec_LAC)),
                  "mM/s", "lactate, interstice to capillary")
    c_lac  = Flux(0 >> lac_c, 2 * (flow / Vc) * (LACa * (blood_lactate / blood_lactate.at_nominal) - lac_c),
                  "mM/s", "lactate brought by blood")

    # ── Mitochondria and oxygen ────────────────────────────────────────────────────────────────────
    Vmax_n_mito = Param(0.05557,   "mM/s", "pyruvate oxidised, neuron, maximal",       cite="cloutier2009 file Vmax_n_mito", origin="rat")
    Vmax_g_mito = Param(0.008454,  "mM/s", "pyruvate oxidised, astrocyte, maximal",    cite="cloutier2009 file Vmax_g_mito", origin="rat")
    Km_O2       = Param(0.0029658, "mM",   "affinity for oxygen",                      cite="cloutier2009 file Km_O2",       origin="rat")
    Km_ADP      = Param(0.00107,   "mM",   "affinity for ADP",                         cite="cloutier2009 file Km_ADP",      origin="rat")
    Km_PYR      = Param(0.0632,    "mM",   "affinity for pyruvate",                    cite="cloutier2009 file Km_PYR",      origin="rat")
    rATP_mito   = Param(20.0,      "1",    "ATP over ADP that halves it",              cite="cloutier2009 file rATP_mito",   origin="rat")
    aATP_mito   = Param(5.0,       "1",    "steepness of that brake",                  cite="cloutier2009 file aATP_mito",   origin="rat")
    NAero       = Param(3.0,       "1",    "oxygen per pyruvate",                      cite="cloutier2009 file NAero",       origin="rat")
    O2a         = Param(8.34,      "mM",   "arterial oxygen",                          cite="cloutier2009 file O2a",         origin="rat")
    CO2a        = Param(1.2,       "mM",   "arterial carbon dioxide",                  cite="cloutier2009 file CO2a",        origin="rat")
    HbOP        = Param(8.6,       "mM",   "oxygen capacity of blood",                 cite="cloutier2009 file HbOP",        origin="rat")
    Ko2         = Param(0.089733,  "mM",   "dissolved oxygen at half saturation",      cite="cloutier2009 file Ko2",         origin="rat")
    nh_O2       = Param(2.7,       "1",    "steepness of the dissociation curve",      cite="cloutier2009 file nh_O2_Vcn_O2", origin="rat")
    PScapn      = Param(0.2202,    "1/s",  "oxygen, capillary to neuron",              cite="cloutier2009 file PScapn",      origin="rat")
    PScapg      = Param(0.2457,    "1/s",  "oxygen, capillary to astrocyte",           cite="cloutier2009 file PScapg",      origin="rat")

    v_mito_n = Derived(Vmax_n_mito * _bound(o2_n, Km_O2) * _bound(adp_n, Km_ADP) * _bound(pyr_n, Km_PYR)
                       * _braked(atp_n / adp_n, rATP_mito, aATP_mito), "mM/s", "pyruvate oxidised, neuron")
    v_mito_g = Derived(Vmax_g_mito * _bound(o2_g, Km_O2) * _bound(adp_g, Km_ADP) * _bound(pyr_g, Km_PYR)
                       * _braked(atp_g / adp_g, rATP_mito, aATP_mito), "mM/s", "pyruvate oxidised, astrocyte")
    plasma_o2 = Derived(Ko2 * (HbOP / o2_c - 1) ** (-1 / nh_O2),     "mM",   "dissolved oxygen in the capillary")
    v_o2_n    = Derived((PScapn / Vn) * (plasma_o2 - o2_n),          "mM/s", "oxygen to the neuron")
    # What the rounded ratio of volumes loses or makes, per capillary and unit of exchange with the neuron.
    slip      = Derived(1 / Rcn - Vn / Vc,                           "1",    "slip of the rounded ratio")

    mito_n = Flux(pyr_n >> 3*co2_c, v_mito_n, "mM/s", "pyruvate oxidised, neuron")
    mito_g = Flux(pyr_g >> 3*co2_c, v_mito_g, "mM/s", "pyruvate oxidised, astrocyte")
    resp_n = Flux(o2_n >> 0, NAero * v_mito_n, "mM/s", "oxygen used, neuron")
    resp_g = Flux(o2_g >> 0, NAero * v_mito_g, "mM/s", "oxygen used, astrocyte")
    cn_o2  = Flux(o2_c >> o2_n, v_o2_n, "mM/s", "oxygen, capillary to neuron", per=neuron)
    cg_o2  = Flux(o2_c >> o2_g, (PScapg / Vg) * (plasma_o2 - o2_g), "mM/s", "oxygen, capillary to astrocyte", per=astrocyte)
    c_o2   = Flux(0 >> o2_c, 2 * (flow / Vc) * (O2a - o2_c),   "mM/s", "oxygen brought by blood")
    c_co2  = Flux(co2_c >> 0, 2 * (flow / Vc) * (co2_c - CO2a), "mM/s", "carbon dioxide taken by blood")
    slip_o2  = Flux(o2_c >> 0,  slip * v_o2_n,       "mM/s", "oxygen lost by rounding in the paper")
    slip_co2 = Flux(0 >> co2_c, slip * 3 * v_mito_n, "mM/s", "carbon dioxide made by rounding in the paper")

    # ── Glutamate ──────────────────────────────────────────────────────────────────────────────────
    R_GLU_NA  = Param(0.075,   "1",    "glutamate released per sodium of the stimulus", cite="cloutier2009 file R_GLU_NA", origin="rat")
    Km_GLU    = Param(0.05,    "mM",   "affinities for glutamate",                      cite="cloutier2009 file Km_GLU",    origin="rat")
    Vmax_eg_GLU = Param(0.0208, "mM/s", "uptake by the astrocyte, maximal",             cite="cloutier2009 file Vmax_eg_GLU", origin="rat")
    Vmax_g_gs = Param(0.3,     "mM/s", "glutamine synthetase, maximal",                 cite="cloutier2009 file Vmax_g_gs", origin="rat")
    Km_ATP    = Param(0.01532, "mM",   "glutamine synthetase, affinity for ATP",        cite="cloutier2009 file Km_ATP",    origin="rat")
    KO2       = Param(1.0,     "1",    "0 stops release",                               cite="cloutier2009 file KO2",       origin="")

    v_eg_glu = Derived(Vmax_eg_GLU * _bound(glu_e, Km_GLU), "mM/s", "glutamate into the astrocyte")
    v_gs     = Derived(Vmax_g_gs * _bound(glu_g, Km_GLU) * _bound(atp_g, Km_ATP), "mM/s", "glutamine synthetase")
    release  = Flux(glu_n >> glu_e, v_stim * R_GLU_NA * KO2 * _bound(glu_n, Km_GLU), "mM/s", "glutamate released", per=neuron)
    uptake   = Flux(glu_e >> glu_g, v_eg_glu, "mM/s", "glutamate taken up", per=astrocyte)
    with_glu = Flux(0 >> na_g, 3 * v_eg_glu, "mM/s", "sodium that enters with glutamate")
    gs       = Flux(glu_g >> glu_n, v_gs, "mM/s", "back to the neuron as glutamine", per=astrocyte)

    # ── ATP, phosphocreatine, NADH ─────────────────────────────────────────────────────────────────
    kfn_ck        = Param(0.0524681, "1/mM/s", "creatine kinase, neuron, forward",        cite="cloutier2009 file kfn_ck", origin="rat")
    krn_ck        = Param(0.015,     "1/mM/s", "creatine kinase, neuron, back",           cite="cloutier2009 file krn_ck", origin="rat")
    kfg_ck        = Param(0.0243,    "1/mM/s", "creatine kinase, astrocyte, forward",     cite="cloutier2009 file kfg_ck", origin="rat")
    krg_ck        = Param(0.02073,   "1/mM/s", "creatine kinase, astrocyte, back",        cite="cloutier2009 file krg_ck", origin="rat")
    nOP           = Param(15.0,      "1",      "ATP per pyruvate oxidised",               cite="cloutier2009 file nOP",    origin="rat")
    Vmax_n_ATPase = Param(0.04889, "mM/s",   "other use of ATP, neuron", cite="cloutier2009 file Vmax_n_ATPase", origin="rat")
    Vmax_g_ATPase = Param(0.035657, "mM/s",   "other use of ATP, astrocyte", cite="cloutier2009 file Vmax_g_ATPase", origin="rat")
    Km_ATPase     = Param(0.001,     "mM",     "other use of ATP, affinity", cite="cloutier2009 file Vn_ATPase", origin="rat")

    v_ck_n = Derived(kfn_ck * pcr_n * adp_n - krn_ck * cr_n * atp_n, "mM/s", "creatine kinase, neuron")
    v_ck_g = Derived(kfg_ck * pcr_g * adp_g - krg_ck * cr_g * atp_g, "mM/s", "creatine kinase, astrocyte")
    made_n = Derived(v_pgk_n + v_pk_n + nOP * v_mito_n + v_ck_n
                     - (v_hk_n + v_pfk_n + Vmax_n_ATPase * _bound(atp_n, Km_ATPase) + pump_n), "mM/s", "ATP made less used, neuron")
    made_g = Derived(v_pgk_g + v_pk_g + nOP * v_mito_g + v_ck_g
                     - (v_hk_g + v_pfk_g + Vmax_g_ATPase * _bound(atp_g, Km_ATPase) + pump_g + v_gs),
                        "mM/s", "ATP made less used, astrocyte")
    d_atp_n  = Rate(atp_n,  made_n / (1 - damp_n),          "mM/s", "adenylate kinase follows at once")
    d_atp_g  = Rate(atp_g,  made_g / (1 - damp_g),          "mM/s", "adenylate kinase follows at once")
    d_pcr_n  = Rate(pcr_n,  -v_ck_n,                        "mM/s", "creatine kinase")
    d_pcr_g  = Rate(pcr_g,  -v_ck_g,                        "mM/s", "creatine kinase")
    d_nadh_n = Rate(nadh_n, v_pgk_n - (v_ldh_n + v_mito_n), "mM/s", "reduced in glycolysis, oxidised by lactate and mitochondria")
    d_nadh_g = Rate(nadh_g, v_pgk_g - (v_ldh_g + v_mito_g), "mM/s", "reduced in glycolysis, oxidised by lactate and mitochondria")

    # ── Venous balloon ─────────────────────────────────────────────────────────────────────────────
    Vv0  = Param(0.0236, "1",  "venous volume at rest",            cite="cloutier2009 file Vv0",  origin="rat")
    tv   = Param(35.0,   "s",  "viscoelastic time constant",       cite="cloutier2009 file tv",   origin="rat")
    dHb0 = Param(0.064,  "mM", "deoxyhaemoglobin at rest",         cite="cloutier2009 file dHb0", origin="rat")
    k1   = Param(2.22,   "1",  "BOLD, weight k1",                  cite="cloutier2009 file k1",   origin="")
    k2   = Param(0.46,   "1",  "BOLD, weight k2",                  cite="cloutier2009 file k2",   origin="")
    k3   = Param(0.43,   "1",  "BOLD, weight k3",                  cite="cloutier2009 file k3",   origin="")

    swell   = Derived(vv / Vv0, "1", "venous volume relative to rest")
    outflow = Derived(CBF0 * ((swell ** 2 + tv * swell ** -0.5 * (flow / Vv0)) / (1 + CBF0 * tv * swell ** -0.5 * (1 / Vv0))), "1/s",
                      "blood leaving the balloon")
    d_vv  = Rate(vv,  flow - outflow,                             "1/s",  "filling of the balloon")
    d_dhb = Rate(dhb, flow * (O2a - o2_c) - outflow * (dhb / vv), "mM/s", "deoxyhaemoglobin brought and taken")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    bold    = Output("{here}.bold", Vv0 * ((k1 + k2) * (1 - dhb / dHb0) - (k2 + k3) * (1 - swell)), "1", "BOLD signal, as the paper has it")
    glucose = Output("{here}.glucose", glc_e, "mM", "glucose in the interstice")
    lactate = Output("{here}.lactate", lac_e, "mM", "lactate in the interstice")
    atp     = Output("{here}.atp",     atp_n, "mM", "ATP in the neuron")
    amp     = Output("{here}.amp",     amp_n, "mM", "AMP in the neuron")
