"""The whole brain from its regions: mass-weighted means, and ratios of the wholes.

    pfc, cortex, striatum, hippocampus, other grey, white --by mass--> brain

Whose equations: ours (decision 24).  Valid for: any set of regions.  Left out: nothing of the regions; brain stem is other grey.
"""

from neurohumor.lang import Derived, Input, Module, Output, Param, log


class WholeBrain(Module):
    """Mass-weighted means over regions; the oxygen-glucose index, extraction and free energy from the wholes."""

    timescale = "fast"

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    masses  = Input("*.mass",       "g",          1400.0, "tissue",                          gather="sum")
    glc     = Input("*.cmrglc",     "umol/g/min", 0.307,  "glucose use",                     gather="mass")
    o2      = Input("*.cmro2",      "umol/g/min", 1.57,   "oxygen use",                      gather="mass")
    ket     = Input("*.cmrket",     "umol/g/min", 0.003,  "ketone uptake",                   gather="mass")
    lac     = Input("*.cmrlac",     "umol/g/min", -0.043, "lactate uptake, net",             gather="mass")
    flow    = Input("*.cbf",        "mL/g/min",   0.55,   "blood flow",                      gather="mass")
    made    = Input("*.j_atp",      "umol/g/min", 7.84,   "ATP made",                        gather="mass")
    asked   = Input("*.atp_demand", "umol/g/min", 7.84,   "ATP asked for",                   gather="mass")
    at_rest = Input("*.atp_rest",   "umol/g/min", 7.84,   "ATP asked for in quiet waking",   gather="mass")
    h_atp   = Input("*.atp",        "mmol/L",     2.7,    "ATP",                             gather="mass")
    h_adp   = Input("*.adp",        "umol/L",     30.0,   "ADP",                             gather="mass")
    h_amp   = Input("*.amp",        "umol/L",     0.33,   "AMP",                             gather="mass")
    h_pcr   = Input("*.pcr",        "mmol/L",     4.5,    "phosphocreatine",                 gather="mass")
    h_ket   = Input("*.ketone",     "mmol/L",     0.01,   "ketones of tissue",               gather="mass")
    h_gly   = Input("*.glycogen",   "mmol/L",     5.0,    "glycogen",                        gather="mass")
    h_o2    = Input("*.oxygen",     "umol/L",     35.0,   "oxygen of tissue",                gather="mass")
    h_bold  = Input("*.bold",       "1",          0.0,    "BOLD",                            gather="mass")
    h_waste = Input("*.waste",      "1",          1.0,    "waste",                           gather="mass")
    h_perm  = Input("*.release_permission", "1",  1.0,    "release permitted",               gather="mass")
    h_vcyc  = Input("*.vcyc",       "umol/g/min", 0.24,   "glutamate and GABA cycle",        gather="mass")
    # Blood has glucose and lactate too, so these two are heard region by region.
    m_p = Input("pfc.mass",            "g", 120.0, "tissue")
    g_p = Input("pfc.glucose",         "mmol/L", 0.98, "glucose of tissue")
    l_p = Input("pfc.lactate",         "mmol/L", 0.95, "lactate of tissue")
    m_c = Input("cortex.mass",         "g", 440.0, "tissue")
    g_c = Input("cortex.glucose",      "mmol/L", 0.98, "glucose of tissue")
    l_c = Input("cortex.lactate",      "mmol/L", 0.95, "lactate of tissue")
    m_s = Input("striatum.mass",       "g", 20.0, "tissue")
    g_s = Input("striatum.glucose",    "mmol/L", 0.98, "glucose of tissue")
    l_s = Input("striatum.lactate",    "mmol/L", 0.95, "lactate of tissue")
    m_h = Input("hippocampus.mass",    "g", 7.0, "tissue")
    g_h = Input("hippocampus.glucose", "mmol/L", 0.98, "glucose of tissue")
    l_h = Input("hippocampus.lactate", "mmol/L", 0.95, "lactate of tissue")
    m_o = Input("other_grey.mass",     "g", 213.0, "tissue")
    g_o = Input("other_grey.glucose",  "mmol/L", 0.98, "glucose of tissue")
    l_o = Input("other_grey.lactate",  "mmol/L", 0.95, "lactate of tissue")
    m_w = Input("white.mass",          "g", 600.0, "tissue")
    g_w = Input("white.glucose",       "mmol/L", 0.98, "glucose of tissue")
    l_w = Input("white.lactate",       "mmol/L", 0.95, "lactate of tissue")
    pao2       = Input("world.pao2",        "mmHg", 95.0, "arterial oxygen tension")
    hematocrit = Input("person.hematocrit", "1",    0.42, "share of red cells in blood")

    # ── Ratios of the wholes ───────────────────────────────────────────────────────────────────────
    capacity = Param(19.9,   "mM",      "oxygen bound by red cells when full",  basis="assumed", gsd=1.05)
    P50      = Param(26.6,   "mmHg",    "tension at half saturation",           basis="assumed", gsd=1.05)
    n_hb     = Param(2.7,    "1",       "steepness of the curve",               basis="assumed", gsd=1.05)
    solved   = Param(1.3e-3, "mM/mmHg", "oxygen dissolved per tension",         basis="assumed", gsd=1.05)
    dg0      = Param(-29.6,  "kJ/mol",  "free energy of ATP at 1 M",            basis="assumed", gsd=1.0, bounds=(-40, -20))
    RT       = Param(2.579,  "kJ/mol",  "gas constant times 310 K",             basis="assumed", origin="", estimate=False)
    molar    = Param(1000.0, "mM",      "1 M",                                  basis="assumed", origin="", estimate=False)
    phosphate = Param(13.66, "mM",      "phosphate in ATP, ADP, AMP, phosphocreatine and free, sum", basis="assumed", gsd=1.05)

    bound    = Derived((pao2 / P50) ** n_hb / (1 + (pao2 / P50) ** n_hb), "1", "arterial saturation")
    arterial = Derived(capacity * hematocrit * bound + solved * pao2, "mM", "arterial content")
    free_pi  = Derived(phosphate - h_pcr - 3 * h_atp - 2 * h_adp - h_amp, "mM", "free phosphate")
    h_glc    = Derived((m_p * g_p + m_c * g_c + m_s * g_s + m_h * g_h + m_o * g_o + m_w * g_w) / masses, "mmol/L", "glucose of tissue")
    h_lac    = Derived((m_p * l_p + m_c * l_c + m_s * l_s + m_h * l_h + m_o * l_o + m_w * l_w) / masses, "mmol/L", "lactate of tissue")
    kept     = Output("brain.pcr_over_atp", h_pcr / h_atp, "1", "phosphocreatine over ATP")
    charge   = Output("brain.energy_charge", (h_atp + 0.5 * h_adp) / (h_atp + h_adp + h_amp), "1", "energy charge")
    reserve  = Output("brain.supply_reserve", flow * arterial / o2 - 1, "1", "oxygen brought over oxygen used, less one")
    matched  = Output("brain.atp_balance", made / asked, "1", "ATP made over ATP asked for")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    mass   = Output("brain.mass",       masses, "g",          "tissue of the whole brain")
    cmrglc = Output("brain.cmrglc",     glc,    "umol/g/min", "glucose use")
    cmro2  = Output("brain.cmro2",      o2,     "umol/g/min", "oxygen use")
    cmrket = Output("brain.cmrket",     ket,    "umol/g/min", "ketone uptake")
    cmrlac = Output("brain.cmrlac",     lac,    "umol/g/min", "lactate uptake, net")
    cbf    = Output("brain.cbf",        flow,   "mL/g/min",   "blood flow")
    oef    = Output("brain.oef",        o2 / (flow * arterial), "1", "oxygen extraction fraction")
    ogi    = Output("brain.ogi",        o2 / glc, "1",        "oxygen over glucose")
    j_atp  = Output("brain.j_atp",      made,   "umol/g/min", "ATP made")
    demand = Output("brain.atp_demand", asked,  "umol/g/min", "ATP asked for")
    use    = Output("brain.atp_use",    asked,  "umol/g/min", "ATP used: what the homeostat of sleep hears")
    resting = Output("brain.atp_rest",  at_rest, "umol/g/min", "ATP asked for in quiet waking, hormones at their means")
    atp    = Output("brain.atp",        h_atp,  "mmol/L",     "ATP")
    adp    = Output("brain.adp",        h_adp,  "umol/L",     "ADP")
    amp    = Output("brain.amp",        h_amp,  "umol/L",     "AMP")
    pcr    = Output("brain.pcr",        h_pcr,  "mmol/L",     "phosphocreatine")
    dg     = Output("brain.dg_atp",     dg0 + RT * log(h_adp * free_pi / (h_atp * molar)),
                    "kJ/mol", "free energy, from pooled ATP, ADP, phosphate")
    lactate  = Output("brain.lactate",  h_lac,  "mmol/L",     "lactate of tissue")
    glucose  = Output("brain.glucose",  h_glc,  "mmol/L",     "glucose of tissue")
    ketone   = Output("brain.ketone",   h_ket,  "mmol/L",     "ketones of tissue")
    glycogen = Output("brain.glycogen", h_gly,  "mmol/L",     "glycogen")
    oxygen   = Output("brain.oxygen",   h_o2,   "umol/L",     "oxygen of tissue")
    bold     = Output("brain.bold",     h_bold, "1",          "BOLD")
    waste    = Output("brain.waste",    h_waste, "1",         "waste")
    permit   = Output("brain.release_permission", h_perm, "1", "release permitted")
    vcyc     = Output("brain.vcyc",     h_vcyc, "umol/g/min", "glutamate and GABA cycle")
