"""The thyroid axis: TSH, T4, T3, their binding and deiodination, the T3 of the brain, and what can go wrong with it.

    gut, vein --> T4 plasma <==> T4 fast --D1--> T3 fast <==> T3 plasma <-- gut, vein
    thyroid -->      ^                                            ^   <-- thyroid
       ^             +=======> T4 slow --D1, D2--> T3 slow <======+
    TSH, 8 h late                          brain T3 (D2 from T4; T3) --> late --| TSH <-- clock, cortisol

Whose equations: THYROSIM (see `thyroid_eisenberg2010.py`): with gland and pituitary whole, 70 kg, gains at 1 and the clock at its
hour, the rates are those of the paper module.  Ours are: body size (amounts and flows in proportion to weight, so that levels do
not depend on it), the circadian phase in place of clock time, the free levels that a laboratory prints, disease, spread of people.
Valid for:       adults; days to years; tablets, injections, infusions; the states under "What can be broken".
Left out:        rT3, TRH as its own state, TSH receptor antibodies' course, pregnancy, growth of the gland under TSH, sleep on TSH.
Caution:         the model's free share is a measure of flow; `scale_T4`, `scale_T3` turn it into laboratory levels.  Half of its brain
                 T3 is made locally, not four fifths.  `brain.t3` is that state times a round number.
"""

from neurohumor.lang import (
    PI,
    Compartment,
    Const,
    Derived,
    Flux,
    Input,
    Level,
    Module,
    Output,
    Param,
    Rate,
    Species,
    cos,
    exp,
    power,
)  # fmt: skip
from neurohumor.units import unit

T = {"thyronine": 1.0}
UMOL = Const(1.0, unit("umol"))


class Thyroid(Module):
    """TSH, T4, T3 and brain T3 of one person."""

    timescale = "slow"

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    weight = Input("person.weight",        "kg",     70.0, "body weight")
    phase  = Input("brain.circadian_phase", "rad",   0.0,  "circadian phase, 0 at midnight")
    t4_gut = Input("gut.t4_appearance",    "nmol/h", 0.0,  "T4 absorbed", gather="sum")
    t3_gut = Input("gut.t3_appearance",    "nmol/h", 0.0,  "T3 absorbed", gather="sum")
    t4_iv  = Input("blood.t4_infusion",    "nmol/h", 0.0,  "T4 by vein", gather="sum")
    t3_iv  = Input("blood.t3_infusion",    "nmol/h", 0.0,  "T3 by vein", gather="sum")
    on_tsh = Input("blood.gain.tsh",         "1", 1.0, "what else acts on TSH secretion", gather="product")
    on_dio = Input("blood.gain.deiodinase",  "1", 1.0, "what else acts on deiodination", gather="product")

    size = Derived(weight / weight.at_nominal, "1", "body size")
    body = Compartment(1.0, "L", "the body; all species are amounts")

    # ── What changes: amounts of a body of 70 kg at the start ──────────────────────────────────────
    T4_p = Species(body, 0.322 * UMOL * size,   "umol", "T4, plasma",      scale=0.3,   content=T)
    T4_f = Species(body, 0.201 * UMOL * size,   "umol", "T4, fast tissue", scale=0.2,   content=T)
    T4_s = Species(body, 0.639 * UMOL * size,   "umol", "T4, slow tissue", scale=0.6,   content=T)
    T3_p = Species(body, 0.00663 * UMOL * size, "umol", "T3, plasma",      scale=0.006, content=T, timescale="day")
    T3_f = Species(body, 0.0113 * UMOL * size,  "umol", "T3, fast tissue", scale=0.01,  content=T, timescale="day")
    T3_s = Species(body, 0.0653 * UMOL * size,  "umol", "T3, slow tissue", scale=0.06,  content=T)
    TSH  = Level(2.0,  "1", "TSH in plasma, in units of 5.6 mIU at 70 kg", timescale="fast")
    T3_B = Level(7.06, "1", "brain T3, normalised")
    T3_L = Level(7.06, "1", "brain T3 as TSH feels it")
    late1 = Level(3.3, "1", "TSH on its way to the thyroid", timescale="day")
    late2 = Level(3.7, "1", "TSH on its way to the thyroid", timescale="day")
    late3 = Level(3.9, "1", "TSH on its way to the thyroid", timescale="day")
    late4 = Level(3.9, "1", "TSH on its way to the thyroid", timescale="day")
    late5 = Level(3.8, "1", "TSH on its way to the thyroid", timescale="day")
    late6 = Level(3.6, "1", "TSH as the thyroid feels it",   timescale="day")

    # ── What can be broken ─────────────────────────────────────────────────────────────────────────
    gland     = Param(1.0, "1", "thyroid tissue that works (0 athyreosis)",            basis="assumed", cv=0.82)
    driven    = Param(0.0, "1", "drive of the thyroid without TSH (Graves, a hot nodule), in TSH as the thyroid feels it", basis="assumed")
    pituitary = Param(1.0, "1", "thyrotrophs that work (below 1: central hypothyroidism)", basis="assumed", cv=0.6)

    # ── Free hormone ───────────────────────────────────────────────────────────────────────────────
    A4 = Param(0.000289,  "1",        "free T4, constant", cite="eisenberg2010 code p7", cv=0.06)
    B4 = Param(0.000214,  "1/umol",   "free T4, linear",   cite="eisenberg2010 code p8")
    C4 = Param(0.000128,  "1/umol^2", "free T4, square",   cite="eisenberg2010 code p9")
    D4 = Param(-8.83e-6,  "1/umol^3", "free T4, cube",     cite="eisenberg2010 code p10", bounds=(-1.0, 1.0))
    A3 = Param(0.00395,   "1",        "free T3, constant", cite="eisenberg2010 code p24", cv=0.06)
    B3 = Param(0.00185,   "1/umol",   "free T3, by T4",    cite="eisenberg2010 code p25")
    C3 = Param(0.00061,   "1/umol^2", "free T3, by T4^2",  cite="eisenberg2010 code p26")
    D3 = Param(-0.000505, "1/umol^3", "free T3, by T4^3",  cite="eisenberg2010 code p27", bounds=(-1.0, 1.0))

    bound = Derived(T4_p / size, "umol", "T4 in plasma, at 70 kg")
    FT4   = Derived((A4 + bound * (B4 + bound * (C4 + D4 * bound))) * T4_p, "umol", "T4 in plasma that can leave")
    FT3   = Derived((A3 + bound * (B3 + bound * (C3 + D3 * bound))) * T3_p, "umol", "T3 in plasma that can leave")

    # ── T4 ─────────────────────────────────────────────────────────────────────────────────────────
    S4    = Param(0.00174155, "umol/h", "T4 secretion per TSH",        cite="eisenberg2010 code p1")
    k12   = Param(0.868,      "1/h",    "T4 from fast tissue",         cite="eisenberg2010 code p3")
    k13   = Param(0.108,      "1/h",    "T4 from slow tissue",         cite="eisenberg2010 code p4")
    k21   = Param(1503.0,     "1/h",    "free T4 to fast tissue",      cite="eisenberg2010 code p6")
    k31   = Param(584.0,      "1/h",    "free T4 to slow tissue",      cite="eisenberg2010 code p5")
    k02   = Param(0.0189,     "1/h",    "T4 lost from fast tissue",    cite="eisenberg2010 code p12", cv=0.08)
    V_D1f = Param(0.00998996, "umol/h", "D1 in fast tissue, maximal",  cite="eisenberg2010 code p13", cv=0.1)
    K_D1f = Param(2.85,       "umol",   "D1 in fast tissue, affinity", cite="eisenberg2010 code p14")
    V_D1s = Param(0.000663,   "umol/h", "D1 in slow tissue, maximal",  cite="eisenberg2010 code p15", cv=0.1)
    K_D1s = Param(95.0,       "umol",   "D1 in slow tissue, affinity", cite="eisenberg2010 code p16")
    V_D2s = Param(0.00074619, "umol/h", "D2 in slow tissue, maximal",  cite="eisenberg2010 code p17", cv=0.1)
    K_D2s = Param(0.075,      "umol",   "D2 in slow tissue, affinity", cite="eisenberg2010 code p18")

    call    = Derived(gland * (late6 + driven), "1", "what the thyroid answers to")
    T4_made = Flux(0 >> T4_p,    size * S4 * call,                                        "umol/h", "secretion of T4")
    T4_to_f = Flux(T4_p >> T4_f, k21 * FT4,                                               "umol/h", "T4 to fast tissue")
    T4_of_f = Flux(T4_f >> T4_p, k12 * T4_f,                                              "umol/h", "T4 from fast tissue")
    T4_to_s = Flux(T4_p >> T4_s, k31 * FT4,                                               "umol/h", "T4 to slow tissue")
    T4_of_s = Flux(T4_s >> T4_p, k13 * T4_s,                                              "umol/h", "T4 from slow tissue")
    T4_lost = Flux(T4_f >> 0,    k02 * T4_f,                                              "umol/h", "T4 lost")
    D1_fast = Flux(T4_f >> T3_f, on_dio * V_D1f * T4_f / (K_D1f + T4_f / size),           "umol/h", "deiodination")
    D1_slow = Flux(T4_s >> T3_s, on_dio * V_D1s * T4_s / (K_D1s + T4_s / size),           "umol/h", "deiodination")
    D2_slow = Flux(T4_s >> T3_s, on_dio * V_D2s * T4_s / (K_D2s + T4_s / size),           "umol/h", "deiodination")
    T4_oral = Flux(0 >> T4_p,    t4_gut,                                                  "umol/h", "T4 absorbed")
    T4_vein = Flux(0 >> T4_p,    t4_iv,                                                   "umol/h", "T4 by vein")

    # ── T3 ─────────────────────────────────────────────────────────────────────────────────────────
    S3  = Param(0.00033572, "umol/h", "T3 secretion per TSH",     cite="eisenberg2010 code p19")
    k45 = Param(5.37,       "1/h",    "T3 from fast tissue",      cite="eisenberg2010 code p20")
    k46 = Param(0.0689,     "1/h",    "T3 from slow tissue",      cite="eisenberg2010 code p21")
    k64 = Param(127.0,      "1/h",    "free T3 to slow tissue",   cite="eisenberg2010 code p22")
    k54 = Param(2043.0,     "1/h",    "free T3 to fast tissue",   cite="eisenberg2010 code p23")
    k05 = Param(0.207,      "1/h",    "T3 lost from fast tissue", cite="eisenberg2010 code p29", cv=0.12)

    T3_made = Flux(0 >> T3_p,    size * S3 * call, "umol/h", "secretion of T3")
    T3_to_f = Flux(T3_p >> T3_f, k54 * FT3,        "umol/h", "T3 to fast tissue")
    T3_of_f = Flux(T3_f >> T3_p, k45 * T3_f,       "umol/h", "T3 from fast tissue")
    T3_to_s = Flux(T3_p >> T3_s, k64 * FT3,        "umol/h", "T3 to slow tissue")
    T3_of_s = Flux(T3_s >> T3_p, k46 * T3_s,       "umol/h", "T3 from slow tissue")
    T3_lost = Flux(T3_f >> 0,    k05 * T3_f,       "umol/h", "T3 lost")
    T3_oral = Flux(0 >> T3_p,    t3_gut,           "umol/h", "T3 absorbed")
    T3_vein = Flux(0 >> T3_p,    t3_iv,            "umol/h", "T3 by vein")

    # ── TSH ────────────────────────────────────────────────────────────────────────────────────────
    B_0   = Param(1166.0, "1/h", "TSH secretion without brain T3, mean",      cite="eisenberg2010 code p30")
    A_0   = Param(581.0,  "1/h", "TSH secretion without brain T3, swing",     cite="eisenberg2010 code p31")
    A_max = Param(2.37,   "1/h", "swing that is left in hypothyroidism",      cite="eisenberg2010 code p32")
    steep = Param(10.0,   "1",   "steepness of the change to hypothyroidism", cite="eisenberg2010 code ode")
    edge  = Param(55.0,   "1",   "where that change is",                      cite="eisenberg2010 code ode")
    day   = Param(24.0,   "h",   "turn of the circadian phase",               basis="assumed", origin="")
    peak  = Param(-3.0,   "h",   "highest TSH secretion, after phase 0",      basis="assumed", gsd=1.5, bounds=(-12.0, 12.0))
    k_TSH = Param(0.53,   "1/h", "TSH loss, linear",                          cite="eisenberg2010 code p34")
    V_TSH = Param(0.037,  "1/h", "TSH loss, saturable",                       cite="eisenberg2010 code p35")
    K_TSH = Param(23.0,   "1",   "TSH at half of that",                       cite="eisenberg2010 code p36")
    tau   = Param(8.0,    "h",   "delay of TSH over five of six steps",       cite="eisenberg2010 code p2")
    k_1   = Param(1.0,    "1/h", "TSH into the first step",                   cite="eisenberg2010 code ode")

    f_circ = Derived(1 + (A_max / (A_0 * exp(-T3_L)) - 1) / (1 + exp(steep * T3_L - edge)), "1", "swing relative to the euthyroid")
    rhythm = Derived(B_0 + A_0 * f_circ * cos(phase - 2 * PI * (peak / day)), "1/h", "what the clock asks for")
    TSH_to = Rate(TSH, pituitary * on_tsh * rhythm * exp(-T3_L) - (k_TSH + V_TSH / (K_TSH + TSH)) * TSH)
    late1_to = Rate(late1, k_1 * TSH - 5 / tau * late1)
    late2_to = Rate(late2, 5 / tau * (late1 - late2))
    late3_to = Rate(late3, 5 / tau * (late2 - late3))
    late4_to = Rate(late4, 5 / tau * (late3 - late4))
    late5_to = Rate(late5, 5 / tau * (late4 - late5))
    late6_to = Rate(late6, 5 / tau * (late5 - late6))

    # ── Brain T3 ───────────────────────────────────────────────────────────────────────────────────
    k_3     = Param(0.118,  "1/h",  "supply of brain T3",                      cite="eisenberg2010 code p37")
    T4_eu   = Param(0.29,   "umol", "euthyroid T4 in plasma",                  cite="eisenberg2010 code p38")
    T3_eu   = Param(0.006,  "umol", "euthyroid T3 in plasma",                  cite="eisenberg2010 code p39")
    k_B     = Param(0.037,  "1/h",  "loss of brain T3",                        cite="eisenberg2010 code p40")
    D2_more = Param(5.0,    "1",    "D2 gained in hypothyroidism",             cite="eisenberg2010 code ode")
    D2_n    = Param(2.0,    "1",    "steepness of that",                       cite="eisenberg2010 code ode")
    D2_at   = Param(7.0,    "1",    "where that is half, times the steepness", cite="eisenberg2010 code ode")
    k_slow  = Param(0.0034, "1/h",  "rate at which TSH feels brain T3, least", cite="eisenberg2010 code p41")
    k_more  = Param(2.0,    "1/h",  "what brain T3 adds to that",              cite="eisenberg2010 code ode")
    K_lag   = Param(5.0,    "1",    "brain T3 at half of it",                  cite="eisenberg2010 code p42")
    n_lag   = Param(11.0,   "1",    "steepness of it",                         cite="eisenberg2010 code ode")

    D2_up   = Derived(1 + D2_more / (1 + exp(D2_n * T3_B - D2_at)), "1", "D2 of the brain relative to the euthyroid")
    near    = Derived(power(T3_B / K_lag, n_lag), "1", "brain T3 over that, raised")
    k_lag   = Derived(k_slow + k_more * near / (1 + near), "1/h", "rate at which TSH feels brain T3")
    T3_B_to = Rate(T3_B, k_3 * D2_up / T4_eu * (T4_p / size) + k_3 / T3_eu * (T3_p / size) - k_B * T3_B)
    T3_L_to = Rate(T3_L, k_lag * (T3_B - T3_L))

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    V_p      = Param(3.2,  "L",      "plasma volume at 70 kg",                            cite="eisenberg2010 code p47")
    V_TSHd   = Param(5.2,  "L",      "volume of TSH at 70 kg",                            cite="eisenberg2010 code p48")
    TSH_unit = Param(5.6,  "mIU",    "TSH in one unit",                                   cite="eisenberg2010 code output")
    scale_T4 = Param(0.42, "1",      "laboratory's free T4 over the model's",             basis="assumed", gsd=1.1)
    scale_T3 = Param(0.50, "1",      "laboratory's free T3 over the model's",             basis="assumed", gsd=1.1, cv=0.12)
    B_eu     = Param(7.057, "1",     "normalised brain T3 of the euthyroid",              cite="eisenberg2010 code ic8")
    B_level  = Param(2.0,  "nmol/L", "T3 in brain tissue of the euthyroid",               basis="assumed", gsd=1.7)

    tsh = Output("blood.tsh", TSH_unit * TSH / V_TSHd,          "mIU/L",  "TSH")
    t4  = Output("blood.t4",  T4_p / (V_p * size),              "nmol/L", "T4, total")
    t3  = Output("blood.t3",  T3_p / (V_p * size),              "nmol/L", "T3, total")
    ft4 = Output("blood.ft4", scale_T4 * FT4 / (V_p * size),    "pmol/L", "T4, free, as a laboratory prints it")
    ft3 = Output("blood.ft3", scale_T3 * FT3 / (V_p * size),    "pmol/L", "T3, free, as a laboratory prints it")
    bt3 = Output("brain.t3",  B_level * T3_B / B_eu,            "nmol/L", "T3 in brain tissue")
