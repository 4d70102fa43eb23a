"""The hypothalamus-pituitary-adrenal axis: CRH, ACTH, cortisol, in human concentrations and hours.

    clock, waking, threat --> CRH --> ACTH --> (10 min) --> cortisol <--> tissue
                               ^       ^  ^       A            |
                           GR, MR in   |  pituitary mass P     +--> broken down, by its free part
                             brain     +--- GR: at once, over 10 h, and by its rate of rise

Drive.     exp(two harmonics of the circadian phase), times a pulse after waking that the phase gates, plus threat.
Adrenal.   (ACTH - A0)+ to a power, as the step from ACTH (x2.6 over a day) to cortisol (x10) asks for; the gland tires within
           half an hour of a burst and has a ceiling.
Feedback.  Free hormone only.  In the brain through MR and GR; at the pituitary through GR, where cortisol reaches the receptor
           less well than dexamethasone does, at once and over ten hours; and by the rise of free cortisol, which man shows to
           cortisol and not to dexamethasone (Fehm 1979).
Glands.    Corticotrophs P and adrenal cortex A grow on what drives them and die in weeks (Karin 2020); their set-points are the
           means of the reference day, so they rest at 1.  ACTH follows CRH x P, cortisol ACTH x A.

Whose equations: the circuit is that of Karin 2020; binding, delay, adrenal law, feedback, waking and volumes are ours.
Valid for:       adults; minutes to months; doses of cortisol, ACTH, CRH, dexamethasone; disease, by the switches of "What can be broken".
Left out:        ultradian pulses, AVP apart from CRH, meals, habituation over days, other adrenal hormones, age, the lower ACTH of women.
Caution:         most numbers are set to group means of few people; see docs/science/hpa.md for what each was set on.
"""

from neurohumor.lang import (
    PI,
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
    Takes,
    cos,
    exp,
    inhibition,
    log,
    power,
    smooth_max,
)  # fmt: skip


class Hpa(Module):
    """CRH, ACTH, cortisol and the two glands."""

    timescale = "fast"

    # ── Where: volumes in proportion to weight, flows to its power 3/4 ─────────────────────────────
    weight   = Input("person.weight", "kg", 70.0, "body weight")
    V_plasma = Param(10.0,  "L",  "where total cortisol is what plasma shows, at 70 kg", basis="assumed", gsd=1.2, cv=0.12)
    V_tissue = Param(100.0, "L",  "where free cortisol is what plasma shows, at 70 kg",  basis="assumed", gsd=1.4, cv=0.2)
    V_acth   = Param(5.0,   "L",  "ACTH, at 70 kg (about 300 pg/mL after 1 ug)",         basis="assumed", gsd=1.3)
    V_crh    = Param(9.81,  "L",  "CRH, at 70 kg",                                       basis="assumed", gsd=1.3)
    n_flow   = Param(0.75,  "1",  "power of weight that flows go with",                  basis="assumed", origin="", gsd=1.1)
    size     = Derived(weight / weight.at_nominal, "1", "body size")
    flow     = Derived(power(size, n_flow), "1", "flows of this body over those of 70 kg")
    plasma   = Compartment(V_plasma * size, "L", "total cortisol")
    tissue   = Compartment(V_tissue * size, "L", "free cortisol outside plasma")
    acth_in  = Compartment(V_acth * size, "L", "ACTH")
    crh_in   = Compartment(V_crh * size, "L", "dosed CRH")

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    phase    = Input("brain.circadian_phase",        "rad",    PI,    "circadian phase, 0 at midnight")
    asleep   = Input("brain.asleep",                 "1",      0.336, "0 awake, 1 asleep")
    threat   = Input("world.threat",                 "1",      0.0,   "threat, 1 = the Trier test")
    fraction = Input("blood.cortisol_free_fraction", "1",      0.050, "free share of total cortisol")
    mr       = Input("brain.mr_occupancy",           "1",      0.93,  "mineralocorticoid receptors occupied")
    gr       = Input("brain.gr_occupancy",           "1",      0.31,  "glucocorticoid receptors occupied, by cortisol and drugs")
    load     = Input("gr.load",                      "1",      0.0,   "drugs on the glucocorticoid receptor", gather="sum")
    dosed    = Input("blood.cortisol_appearance",    "nmol/h", 0.0,   "dosed cortisol on its way into blood", gather="sum")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    crh      = Level(1.0, "1", "CRH at the pituitary, relative to the reference-day mean")
    acth     = Species(acth_in, 4.0,   "pmol/L", "ACTH",                                  content={"acth": 1})
    cortisol = Species(plasma,  100.0, "nmol/L", "cortisol, total",                       content={"cortisol": 1})
    held     = Species(tissue,  5.0,   "nmol/L", "free cortisol in tissue",               content={"cortisol": 1})
    crh_dose = Species(crh_in,  0.0,   "pmol/L", "dosed CRH", scale=100.0,                content={"crh": 1})
    P        = Level(1.0, "1", "corticotrophs, relative to the reference",                timescale="slow")
    A        = Level(1.0, "1", "adrenal cortex, relative to the reference",               timescale="slow")

    # ── What can be broken ─────────────────────────────────────────────────────────────────────────
    damage        = Param(0.0, "1",        "share of the adrenal cortex destroyed",                 basis="assumed", bounds=(0.0, 1.0))
    regrowth      = Param(1.0, "1",        "1 the cortex grows on ACTH, 0 it only keeps its size",  basis="assumed", bounds=(0.0, 1.0))
    block         = Param(0.0, "1",        "share of cortisol synthesis blocked (metyrapone)",      basis="assumed", bounds=(0.0, 1.0))
    acth_ectopic  = Param(0.0, "pmol/L/h", "ACTH from elsewhere, without feedback",                 basis="assumed")
    cortisol_auto = Param(0.0, "nmol/h",   "cortisol from an adenoma, without ACTH",                basis="assumed")

    # ── Free cortisol and its receptors ────────────────────────────────────────────────────────────
    access  = Param(0.30, "1", "cortisol at pituitary receptors, relative to dexamethasone there",  basis="assumed", gsd=1.4, cv=0.1)
    free    = Derived(fraction * cortisol, "nmol/L", "free cortisol")
    bound   = Derived(gr / (1 - gr) - load, "1", "free cortisol over the receptor's constant")
    pull    = Derived(access * bound + load, "1", "ligand at pituitary receptors over its constant")
    gr_pit  = Derived(pull / (1 + pull), "1", "pituitary glucocorticoid receptors occupied")

    # ── CRH ────────────────────────────────────────────────────────────────────────────────────────
    day      = Param(24.0,   "h",   "turn of the circadian phase",                          basis="assumed", origin="")
    swing_1  = Param(1.43,   "1",   "first harmonic of the logarithm of the drive",         cite="parker2022 curves", gsd=1.1, cv=0.08)
    peak_1   = Param(11.31,  "h",   "its highest, after phase 0",                           cite="parker2022 curves", gsd=1.05)
    swing_2  = Param(0.39,   "1",   "second harmonic of the logarithm of the drive",        cite="parker2022 curves", gsd=1.2)
    peak_2   = Param(7.17,   "h",   "its highest, after phase 0",                           cite="parker2022 curves", gsd=1.05)
    gate     = Param(5.0,    "h",   "phase at which waking counts most",                    basis="assumed", gsd=1.2)
    waking   = Param(5.0,    "1",   "drive added by waking, relative to the circadian",     cite="parker2022 curves", gsd=1.5, cv=0.4)
    inertia  = Param(10.0,   "min", "latency of the response to waking",                    basis="assumed", gsd=1.5)
    tau_wake = Param(0.56,   "h",   "length of the response to waking",                     basis="assumed", gsd=1.3)
    g_threat = Param(20.0,   "1",   "drive added by threat 1, on the scale of the circadian", cite="parker2022 tsst", gsd=1.3, cv=0.5)
    crh_mean = Param(2.0832, "1",   "scale that makes the reference-day mean of CRH 1",     cite="parker2022 curves", estimate=False)
    t_crh    = Param(4.0,    "min", "CRH, half-life at the pituitary",                      cite="karin2020 code", gsd=1.5)
    m_mr     = Param(2.0,    "1",   "brake through brain MR, when all are occupied",        basis="assumed", gsd=1.5)
    K_brain  = Param(0.71,   "1",   "brain GR occupancy that halves CRH",                   basis="assumed", gsd=1.3)
    n_brain  = Param(2.0,    "1",   "steepness of that",                                    basis="assumed", gsd=1.2)

    slept    = Lag(asleep, inertia, "1", "asleep, with the inertia of waking", scale=1.0)
    before   = Lag(slept, tau_wake, "1", "asleep of late", scale=1.0)
    woken    = Derived(before * (1 - slept) * 0.5 * (1 + cos(phase - 2 * PI * (gate / day))), "1", "just woken, as the clock lets it count")
    rhythm   = Derived(exp(swing_1 * cos(phase - 2 * PI * (peak_1 / day)) + swing_2 * cos(2 * (phase - 2 * PI * (peak_2 / day)))),
                       "1", "circadian drive")
    drive    = Derived(rhythm * (1 + waking * woken) + g_threat * threat, "1", "drive of CRH")
    brake    = Derived(inhibition(gr, K_brain, n_brain) / (1 + m_mr * mr), "1", "feedback in the brain")
    crh_flow = Rate(crh, log(2.0) / t_crh * (crh_mean * drive * brake - crh))

    t_crh_dose = Param(45.0,  "min",    "dosed human CRH, half-life",                       basis="assumed", gsd=1.2)
    crh_max    = Param(6.0,   "1",      "most that dosed CRH adds to the pituitary's drive", basis="assumed", gsd=1.5)
    K_crh      = Param(300.0, "pmol/L", "dosed CRH at half of that",                        basis="assumed", gsd=2.0)
    crh_loss   = Flux(crh_dose >> 0, log(2.0) / t_crh_dose * crh_dose)
    crh_bolus  = Takes("crh", "iv", crh_dose, "human CRH by vein")
    call       = Derived(crh + crh_max * crh_dose / (K_crh + crh_dose), "1", "CRH, own and dosed, at the pituitary")

    # ── ACTH ───────────────────────────────────────────────────────────────────────────────────────
    t_acth   = Param(14.0,    "min",      "ACTH, half-life (14-20)",                               basis="assumed", gsd=1.2)
    acth_top = Param(146.75,  "pmol/L/h", "ACTH secretion at full call without feedback, per call", cite="parker2022 curves")
    call_max = Param(3.0,     "1",        "call at which secretion reaches half its ceiling",      basis="assumed", gsd=1.5)
    K_now    = Param(0.091,   "1",        "pituitary GR occupancy that halves ACTH at once",       basis="assumed", gsd=1.3, cv=0.12)
    n_now    = Param(2.0,     "1",        "steepness of that",                                     basis="assumed", gsd=1.2)
    tau_late = Param(10.0,    "h",        "delay of feedback through genes",                       basis="assumed", gsd=1.4, cv=0.1)
    K_late   = Param(0.121,   "1",        "delayed occupancy that halves ACTH",                    basis="assumed", gsd=1.3, cv=0.12)
    n_late   = Param(4.0,     "1",        "steepness of that",                                     basis="assumed", gsd=1.2)
    soft_r   = Param(0.2,     "nmol/L",   "rounding of the corner at no rise",                     basis="assumed", origin="")
    tau_rise = Param(10.0,    "min",      "over which the rise of free cortisol is felt",          basis="assumed", gsd=1.5)
    K_rise   = Param(2.6,     "nmol/L",   "rise over that time that halves ACTH",                  basis="assumed", gsd=1.5)

    lately   = Lag(gr_pit, tau_late, "1", "pituitary GR occupancy over the last hours", scale=0.1, timescale="day")
    earlier  = Lag(free, tau_rise, "nmol/L", "free cortisol some minutes ago", scale=5.0)
    rise     = Derived(smooth_max(free - earlier, 0.0, soft_r), "nmol/L", "rise of free cortisol")
    late     = Derived(inhibition(lately, K_late, n_late), "1", "feedback through genes")
    now      = Derived(inhibition(gr_pit, K_now, n_now) * inhibition(rise, K_rise, 2), "1", "feedback at once, by level and by rise")
    heard    = Derived(call * late * now, "1", "call that gets through")
    acth_out = Flux(0 >> acth, P * acth_top * heard / (1 + heard / call_max) + acth_ectopic, "pmol/L/h", "ACTH secretion")
    acth_end = Flux(acth >> 0, log(2.0) / t_acth * acth, "pmol/L/h", "ACTH breakdown")
    acth_iv  = Takes("acth", "iv", acth, "ACTH by vein")

    # ── Cortisol ───────────────────────────────────────────────────────────────────────────────────
    M_acth   = Param(4541.0, "g/mol",    "molar mass of ACTH",                              basis="assumed", origin="")
    A0_mass  = Param(12.0,   "pg/mL",    "ACTH below which the adrenal is silent",          cite="parker2022 carroll",
                       gsd=1.15, cv=0.1, estimate=False)
    A0       = Param(A0_mass / M_acth, "pmol/L", "that, in moles",                          basis="derived")
    soft_A   = Param(0.4,    "pmol/L",   "rounding of the corner at A0",                    basis="assumed", origin="")
    U        = Param(3.1,    "pmol/L",   "ACTH above A0 for half the ceiling, rested",      cite="parker2022 curves", gsd=1.4, cv=0.2)
    n_acth   = Param(2.4,    "1",        "steepness of the adrenal on ACTH",                cite="parker2022 curves",
                       gsd=1.2, bounds=(1.0, 2.5))
    tau_tire = Param(22.0,   "min",      "over which the gland tires within a burst",       cite="keenan2010 abstract", basis="measured",
                       gsd=1.35)
    K_tire   = Param(0.71,   "pmol/L",   "recent ACTH above A0 that halves the response",   cite="parker2022 curves", gsd=1.6)
    tau_adr  = Param(10.0,   "min",      "delay from ACTH to cortisol in blood (10-15)",    basis="assumed", gsd=1.2)
    top_rate = Param(0.44,   "nmol/L/s", "highest cortisol secretion, per volume",          cite="dorin2012 abstract", basis="measured",
                       gsd=1.1, cv=0.2)
    V_top    = Param(14.0,   "L",        "the volume that it counts for, at 70 kg",         basis="assumed", gsd=1.3, estimate=False)
    CL_free  = Param(190.0,  "L/h",      "clearance of free cortisol, at 70 kg",            basis="assumed", gsd=1.25, cv=0.15)
    CL_mix   = Param(300.0,  "L/h",      "exchange of free cortisol with tissue, at 70 kg", basis="assumed", gsd=1.6)

    signal   = Lag(acth, tau_adr, "pmol/L", "ACTH as the adrenal answers to it", scale=4.0)
    above    = Derived(smooth_max(signal - A0, 0.0, soft_A), "pmol/L", "ACTH above the threshold")
    tired    = Lag(above, tau_tire, "pmol/L", "ACTH above the threshold of late", scale=2.0)
    answer   = Derived(power(above / U, n_acth) / (1 + tired / K_tire), "1", "answer of the adrenal to ACTH")
    able     = Derived(flow * top_rate * V_top * A * (1 - damage), "nmol/h", "ceiling of secretion by this gland")
    made     = Flux(0 >> cortisol, (1 - block) * (able * answer / (1 + answer) + cortisol_auto), "nmol/h", "secretion")
    taken    = Flux(0 >> cortisol, dosed, "nmol/h", "dosed cortisol, absorbed")
    spread   = Flux(cortisol >> held, flow * CL_mix * (free - held), "nmol/h", "exchange with tissue")
    gone     = Flux(cortisol >> 0, flow * CL_free * free, "nmol/h", "elimination of the free part")
    by_vein  = Takes("hydrocortisone", "iv", cortisol, "hydrocortisone by vein")

    # ── Glands ─────────────────────────────────────────────────────────────────────────────────────
    life_P   = Param(20.0,    "d",     "corticotrophs, half-life",                            cite="karin2020 code", gsd=1.7)
    life_A   = Param(30.0,    "d",     "adrenal cortex, half-life",                           cite="karin2020 code", gsd=1.7)
    most     = Param(4.0,     "1",     "largest gland, relative to the reference",            cite="karin2020 code",
                       gsd=1.3, bounds=(1.5, 10.0))
    renewal  = Param(0.02,    "1",     "share of renewal that needs no hormone",              basis="assumed", gsd=2.0, bounds=(0.0, 1.0))
    top      = Param(10.0,    "1",     "drive of growth, relative, at half of its ceiling",   basis="assumed", gsd=2.0)
    call_set = Param(0.40785, "1",     "reference-day mean of the call that reaches genes",   cite="parker2022 curves", estimate=False)
    acth_set = Param(21.0,    "pg/mL", "reference-day mean of ACTH",                          cite="parker2022 carroll", gsd=1.2, cv=0.2)
    mean_P   = Param(0.83528, "1",     "reference-day mean of the growth of corticotrophs",   cite="parker2022 curves", estimate=False)
    mean_A   = Param(0.90578, "1",     "reference-day mean of the growth of the cortex",      cite="parker2022 curves", estimate=False)

    room_P   = Derived((most - P) / (most - 1), "1", "room left to corticotrophs")
    room_A   = Derived((most - A) / (most - 1), "1", "room left to the cortex")
    call_P   = Derived(call * late / call_set, "1", "what corticotrophs grow on, relative")
    call_A   = Derived(acth * M_acth / acth_set, "1", "what the cortex grows on, relative")
    food_P   = Derived(call_P / (1 + call_P / top) / mean_P, "1", "growth of corticotrophs")
    food_A   = Derived(call_A / (1 + call_A / top) / mean_A, "1", "growth of the cortex")
    P_turn   = Rate(P, log(2.0) / life_P * (P * ((1 - renewal) * food_P * room_P - 1) + renewal))
    A_turn   = Rate(A, log(2.0) / life_A * (regrowth * (A * ((1 - renewal) * food_A * room_A - 1) + renewal) + (1 - regrowth) * (1 - A)))

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    tells_acth     = Output("blood.acth",     acth,     "pmol/L", "ACTH")
    tells_cortisol = Output("blood.cortisol", cortisol, "nmol/L", "cortisol, total, made and dosed")
    tells_brain    = Output("brain.crh",      crh,      "1",      "CRH, relative to the reference-day mean")
    tells_portal   = Output("portal.crh",     crh,      "1",      "CRH at the pituitary, relative to the reference-day mean")
    tells_dosed    = Output("blood.crh",      crh_dose, "pmol/L", "dosed CRH")
