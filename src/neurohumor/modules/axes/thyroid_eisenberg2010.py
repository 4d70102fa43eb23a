"""The thyroid axis of THYROSIM: T4 and T3 in plasma and two tissues, TSH, and the T3 that the brain feels.

    pill -> gut --+                                        +--> lost
                  v      free part                         |
    thyroid --> T4 plasma <=====> T4 fast --D1--> T3 fast <==> T3 plasma <-- thyroid, gut <- pill
       ^            ^                                              ^
       |            +==========> T4 slow --D1, D2--> T3 slow <=====+
    TSH, six steps late                                    brain T3 (from T4 by D2, from T3) --> late --| TSH

Whose equations: Eisenberg, Samuels and DiStefano (2008, 2010), Ben-Shachar, Eisenberg, Huang and DiStefano (2012), as a public
encoding of the original THYROSIM has them (Julia, without a licence: facts were read there, nothing was copied).  Amounts are
those of a body of 70 kg; TSH is counted in units of 5.6 mIU.
Valid for:       an adult; days to months; athyreosis, thyroid and pituitary disease by the dials.
Left out:        rT3, metabolites, TRH as its own state, body size.
Caution:         the papers' tables were not at hand.  The encoding fills the first delay step at 5/8 per hour and calls its earlier
                 form, 1 per hour, perhaps wrong; only with the earlier form is its own initial state at rest, to seven digits, so
                 that form stands here.  TSH is highest at the encoding's hour 17.75; `start` is the clock time of its hour 0.
"""

from neurohumor.lang import PI, Compartment, Derived, Flux, Level, Module, Output, Param, Rate, Species, Takes, exp, sin
from neurohumor.lang.system import Leaf

TIME = Leaf("time", 0, "time")
"""The time of the run: hours since local midnight of day 0."""
T = {"thyronine": 1.0}


class ThyroidEisenberg2010(Module):
    """THYROSIM as it was before it was scaled by sex and size: 19 states."""

    source = "eisenberg2010"
    frozen = True
    timescale = "slow"

    body = Compartment(1.0, "L", "the body; all species are amounts")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    T4_p = Species(body, 0.322114215761171,   "umol", "T4, plasma",       content=T)
    T4_f = Species(body, 0.201296960359917,   "umol", "T4, fast tissue",  content=T)
    T4_s = Species(body, 0.638967411907560,   "umol", "T4, slow tissue",  content=T)
    T3_p = Species(body, 0.00663104034826483, "umol", "T3, plasma",       content=T)
    T3_f = Species(body, 0.0112595761822961,  "umol", "T3, fast tissue",  content=T)
    T3_s = Species(body, 0.0652960640300348,  "umol", "T3, slow tissue",  content=T)
    T4_pill = Species(body, 0.0, "umol", "T4 swallowed",   scale=0.1, content=T)
    T4_gut  = Species(body, 0.0, "umol", "T4 in the gut",  scale=0.1, content=T)
    T3_pill = Species(body, 0.0, "umol", "T3 swallowed",   scale=0.1, content=T)
    T3_gut  = Species(body, 0.0, "umol", "T3 in the gut",  scale=0.1, content=T)
    TSH   = Level(1.78829584764370, "1", "TSH in plasma, in units of 5.6 mIU", timescale="fast")
    T3_B  = Level(7.05727560072869, "1", "brain T3, normalised")
    T3_L  = Level(7.05714474742141, "1", "brain T3 as TSH feels it")
    late1 = Level(3.34289716182018, "1", "TSH on its way to the thyroid", timescale="day")
    late2 = Level(3.69277248068433, "1", "TSH on its way to the thyroid", timescale="day")
    late3 = Level(3.87942133769244, "1", "TSH on its way to the thyroid", timescale="day")
    late4 = Level(3.90061903207543, "1", "TSH on its way to the thyroid", timescale="day")
    late5 = Level(3.77875734283571, "1", "TSH on its way to the thyroid", timescale="day")
    late6 = Level(3.55364471589659, "1", "TSH as the thyroid feels it",   timescale="day")

    # ── Free hormone: what can leave plasma ────────────────────────────────────────────────────────
    A4 = Param(0.000289, "1",        "free T4, constant",  cite="eisenberg2010 code p7")
    B4 = Param(0.000214, "1/umol",   "free T4, linear",    cite="eisenberg2010 code p8")
    C4 = Param(0.000128, "1/umol^2", "free T4, square",    cite="eisenberg2010 code p9")
    D4 = Param(-8.83e-6, "1/umol^3", "free T4, cube",      cite="eisenberg2010 code p10", bounds=(-1.0, 1.0))
    A3 = Param(0.00395,  "1",        "free T3, constant",  cite="eisenberg2010 code p24")
    B3 = Param(0.00185,  "1/umol",   "free T3, by T4",     cite="eisenberg2010 code p25")
    C3 = Param(0.00061,  "1/umol^2", "free T3, by T4^2",   cite="eisenberg2010 code p26")
    D3 = Param(-0.000505, "1/umol^3", "free T3, by T4^3",  cite="eisenberg2010 code p27", bounds=(-1.0, 1.0))

    FT4 = Derived((A4 + T4_p * (B4 + T4_p * (C4 + D4 * T4_p))) * T4_p, "umol", "T4 in plasma, free")
    FT3 = Derived((A3 + T4_p * (B3 + T4_p * (C3 + D3 * T4_p))) * T3_p, "umol", "T3 in plasma, free")

    # ── T4 ─────────────────────────────────────────────────────────────────────────────────────────
    S4    = Param(0.00174155, "umol/h", "T4 secretion per TSH",            cite="eisenberg2010 code p1")
    k12   = Param(0.868,      "1/h",    "T4 from fast tissue",             cite="eisenberg2010 code p3")
    k13   = Param(0.108,      "1/h",    "T4 from slow tissue",             cite="eisenberg2010 code p4")
    k21   = Param(1503.0,     "1/h",    "free T4 to fast tissue",          cite="eisenberg2010 code p6")
    k31   = Param(584.0,      "1/h",    "free T4 to slow tissue",          cite="eisenberg2010 code p5")
    k02   = Param(0.0189,     "1/h",    "T4 lost from fast tissue",        cite="eisenberg2010 code p12")
    V_D1f = Param(0.00998996, "umol/h", "D1 in fast tissue, maximal",      cite="eisenberg2010 code p13")
    K_D1f = Param(2.85,       "umol",   "D1 in fast tissue, affinity",     cite="eisenberg2010 code p14")
    V_D1s = Param(0.000663,   "umol/h", "D1 in slow tissue, maximal",      cite="eisenberg2010 code p15")
    K_D1s = Param(95.0,       "umol",   "D1 in slow tissue, affinity",     cite="eisenberg2010 code p16")
    V_D2s = Param(0.00074619, "umol/h", "D2 in slow tissue, maximal",      cite="eisenberg2010 code p17")
    K_D2s = Param(0.075,      "umol",   "D2 in slow tissue, affinity",     cite="eisenberg2010 code p18")

    T4_made = Flux(0 >> T4_p,    S4 * late6,                         "umol/h", "secretion of T4")
    T4_to_f = Flux(T4_p >> T4_f, k21 * FT4,                          "umol/h", "T4 to fast tissue")
    T4_of_f = Flux(T4_f >> T4_p, k12 * T4_f,                         "umol/h", "T4 from fast tissue")
    T4_to_s = Flux(T4_p >> T4_s, k31 * FT4,                          "umol/h", "T4 to slow tissue")
    T4_of_s = Flux(T4_s >> T4_p, k13 * T4_s,                         "umol/h", "T4 from slow tissue")
    T4_lost = Flux(T4_f >> 0,    k02 * T4_f,                         "umol/h", "T4 lost")
    D1_fast = Flux(T4_f >> T3_f, V_D1f * T4_f / (K_D1f + T4_f),      "umol/h", "deiodination")
    D1_slow = Flux(T4_s >> T3_s, V_D1s * T4_s / (K_D1s + T4_s),      "umol/h", "deiodination")
    D2_slow = Flux(T4_s >> T3_s, V_D2s * T4_s / (K_D2s + T4_s),      "umol/h", "deiodination")

    # ── T3 ─────────────────────────────────────────────────────────────────────────────────────────
    S3  = Param(0.00033572, "umol/h", "T3 secretion per TSH",  cite="eisenberg2010 code p19")
    k45 = Param(5.37,       "1/h",    "T3 from fast tissue",   cite="eisenberg2010 code p20")
    k46 = Param(0.0689,     "1/h",    "T3 from slow tissue",   cite="eisenberg2010 code p21")
    k64 = Param(127.0,      "1/h",    "free T3 to slow tissue", cite="eisenberg2010 code p22")
    k54 = Param(2043.0,     "1/h",    "free T3 to fast tissue", cite="eisenberg2010 code p23")
    k05 = Param(0.207,      "1/h",    "T3 lost from fast tissue", cite="eisenberg2010 code p29")

    T3_made = Flux(0 >> T3_p,    S3 * late6,  "umol/h", "secretion of T3")
    T3_to_f = Flux(T3_p >> T3_f, k54 * FT3,   "umol/h", "T3 to fast tissue")
    T3_of_f = Flux(T3_f >> T3_p, k45 * T3_f,  "umol/h", "T3 from fast tissue")
    T3_to_s = Flux(T3_p >> T3_s, k64 * FT3,   "umol/h", "T3 to slow tissue")
    T3_of_s = Flux(T3_s >> T3_p, k46 * T3_s,  "umol/h", "T3 from slow tissue")
    T3_lost = Flux(T3_f >> 0,    k05 * T3_f,  "umol/h", "T3 lost")

    # ── TSH ────────────────────────────────────────────────────────────────────────────────────────
    B_0   = Param(1166.0, "1/h", "TSH secretion without brain T3, mean",        cite="eisenberg2010 code p30")
    A_0   = Param(581.0,  "1/h", "TSH secretion without brain T3, swing",       cite="eisenberg2010 code p31")
    A_max = Param(2.37,   "1/h", "swing that is left in hypothyroidism",        cite="eisenberg2010 code p32")
    phi   = Param(-3.71,  "rad", "phase of TSH secretion",                      cite="eisenberg2010 code p33", bounds=(-7.0, 7.0))
    steep = Param(10.0,   "1",   "steepness of the change to hypothyroidism",   cite="eisenberg2010 code ode")
    edge  = Param(55.0,   "1",   "where that change is",                        cite="eisenberg2010 code ode")
    day   = Param(24.0,   "h",   "length of a day",                             cite="eisenberg2010 code ode", origin="")
    start = Param(0.0,    "h",   "clock time of the encoding's hour 0",         basis="assumed", origin="")
    k_TSH = Param(0.53,   "1/h", "TSH loss, linear",                            cite="eisenberg2010 code p34")
    V_TSH = Param(0.037,  "1/h", "TSH loss, saturable",                         cite="eisenberg2010 code p35")
    K_TSH = Param(23.0,   "1",   "TSH at half of that",                         cite="eisenberg2010 code p36")
    tau   = Param(8.0,    "h",   "total delay of TSH over five of six steps",   cite="eisenberg2010 code p2")
    k_1   = Param(1.0,    "1/h", "TSH into the first step",                     cite="eisenberg2010 code ode")

    f_circ  = Derived(1 + (A_max / (A_0 * exp(-T3_L)) - 1) / (1 + exp(steep * T3_L - edge)), "1", "swing relative to the euthyroid")
    TSH_in  = Derived((B_0 + A_0 * f_circ * sin(2 * PI / day * (TIME - start) - phi)) * exp(-T3_L), "1/h", "TSH secretion")
    TSH_to  = Rate(TSH, TSH_in - (k_TSH + V_TSH / (K_TSH + TSH)) * TSH)
    late1_to = Rate(late1, k_1 * TSH - 5 / tau * late1)
    late2_to = Rate(late2, 5 / tau * (late1 - late2))
    late3_to = Rate(late3, 5 / tau * (late2 - late3))
    late4_to = Rate(late4, 5 / tau * (late3 - late4))
    late5_to = Rate(late5, 5 / tau * (late4 - late5))
    late6_to = Rate(late6, 5 / tau * (late5 - late6))

    # ── Brain T3 ───────────────────────────────────────────────────────────────────────────────────
    k_3     = Param(0.118,  "1/h",  "supply of brain T3",                         cite="eisenberg2010 code p37")
    T4_eu   = Param(0.29,   "umol", "euthyroid T4 in plasma",                     cite="eisenberg2010 code p38")
    T3_eu   = Param(0.006,  "umol", "euthyroid T3 in plasma",                     cite="eisenberg2010 code p39")
    k_B     = Param(0.037,  "1/h",  "loss of brain T3",                           cite="eisenberg2010 code p40")
    D2_more = Param(5.0,    "1",    "D2 gained in hypothyroidism",                cite="eisenberg2010 code ode")
    D2_n    = Param(2.0,    "1",    "steepness of that",                          cite="eisenberg2010 code ode")
    D2_at   = Param(7.0,    "1",    "where that is half, times the steepness",    cite="eisenberg2010 code ode")
    k_slow  = Param(0.0034, "1/h",  "rate at which TSH feels brain T3, least",    cite="eisenberg2010 code p41")
    k_more  = Param(2.0,    "1/h",  "what brain T3 adds to that",                 cite="eisenberg2010 code ode")
    K_lag   = Param(5.0,    "1",    "brain T3 at half of it",                     cite="eisenberg2010 code p42")
    n_lag   = Param(11.0,   "1",    "steepness of it",                            cite="eisenberg2010 code ode")

    D2_up = Derived(1 + D2_more / (1 + exp(D2_n * T3_B - D2_at)), "1", "D2 of the brain relative to the euthyroid")
    k_lag = Derived(k_slow + k_more * T3_B ** n_lag / (K_lag ** n_lag + T3_B ** n_lag), "1/h", "rate at which TSH feels brain T3")
    T3_B_to = Rate(T3_B, k_3 * D2_up / T4_eu * T4_p + k_3 / T3_eu * T3_p - k_B * T3_B)
    T3_L_to = Rate(T3_L, k_lag * (T3_B - T3_L))

    # ── Tablets ────────────────────────────────────────────────────────────────────────────────────
    k4_melt = Param(1.3,    "1/h", "T4 tablet, dissolution",      cite="eisenberg2010 code p43")
    k4_in   = Param(0.88,   "1/h", "T4, absorption",              cite="eisenberg2010 code p11")
    k4_out  = Param(0.1056, "1/h", "T4, lost from the gut (0.12 x 0.88)", cite="eisenberg2010 code p44")
    k3_melt = Param(1.78,   "1/h", "T3 tablet, dissolution",      cite="eisenberg2010 code p45")
    k3_in   = Param(0.88,   "1/h", "T3, absorption",              cite="eisenberg2010 code p28")
    k3_out  = Param(0.1056, "1/h", "T3, lost from the gut (0.12 x 0.88)", cite="eisenberg2010 code p46")

    T4_melts = Flux(T4_pill >> T4_gut, k4_melt * T4_pill, "umol/h", "dissolution")
    T4_taken = Flux(T4_gut >> T4_p,    k4_in * T4_gut,    "umol/h", "absorption")
    T4_waste = Flux(T4_gut >> 0,       k4_out * T4_gut,   "umol/h", "lost")
    T3_melts = Flux(T3_pill >> T3_gut, k3_melt * T3_pill, "umol/h", "dissolution")
    T3_taken = Flux(T3_gut >> T3_p,    k3_in * T3_gut,    "umol/h", "absorption")
    T3_waste = Flux(T3_gut >> 0,       k3_out * T3_gut,   "umol/h", "lost")
    T4_tablet = Takes("levothyroxine", "oral", T4_pill, "levothyroxine tablets")
    T3_tablet = Takes("liothyronine",  "oral", T3_pill, "liothyronine tablets")
    T4_vein   = Takes("levothyroxine", "iv",   T4_p,    "levothyroxine by vein")
    T3_vein   = Takes("liothyronine",  "iv",   T3_p,    "liothyronine by vein")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    V_p   = Param(3.2, "L",   "plasma volume",                cite="eisenberg2010 code p47")
    V_TSHd = Param(5.2, "L",  "volume of TSH",                cite="eisenberg2010 code p48")
    TSH_unit = Param(5.6, "mIU", "TSH in one unit",           cite="eisenberg2010 code output")

    t4  = Output("blood.t4",  T4_p / V_p,             "nmol/L", "T4, total")
    t3  = Output("blood.t3",  T3_p / V_p,             "nmol/L", "T3, total")
    tsh = Output("blood.tsh", TSH_unit * TSH / V_TSHd, "mIU/L", "TSH")
