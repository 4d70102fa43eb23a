"""Clock, sleep and melatonin: three parts that make one model of the body's day.

    light x open eye --> retina (n) --> Pacemaker (x, x_c) --> phase --> Melatonin --> blood
           ^                               ^    |                           |
           |                               +----|----- above 600 pmol/L ----+
         asleep <-- SleepWake: VLPO |---| MA  <-+
                        ^           ^   (kept awake outside an opportunity, silenced by forced sleep)
         adenosine, by A1 and A2A --+-- GABA-A, orexin, CRH

Pacemaker.  The van der Pol oscillator of the Kronauer line with the retina of Breslow 2013 and its melatonin drive.
SleepWake.  The flip-flop of Phillips and Robinson 2008; its sine is the pacemaker here, its somnogen adenosine at its receptors.
            The happening `sleep` gives opportunity only: outside it VLPO does not reach the arousal nuclei (but for `leak`), inside
            it the switch decides; forced sleep silences them.  Only a share of sleep pressure passes receptors that caffeine reaches.
Melatonin.  Synthesis in a window of the circadian phase, cut by light on the open eye; plasma holds own and dosed melatonin.

Whose equations: as said; the joining, the windows and the ports are ours.
Valid for:       adults; regular days, nights awake, naps, shift work, jet lag, constant dark.
Left out:        REM sleep and its cycles, sleep inertia, effects of activity on the clock, of melatonin on sleep at once, of age.
Caution:         GABA-A and orexin rest at 1 without effect; CRH's gain is 0 until it is set on data.
"""

from neurohumor.lang import (
    PI,
    Compartment,
    Derived,
    Flux,
    Input,
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
    logistic,
    maximum,
    power,
    sin,
    sqrt,
)  # fmt: skip
from neurohumor.lang.expr import Call


class Pacemaker(Module):
    """The circadian pacemaker: x, x_c, and the retina's receptors in use."""

    timescale = "day"

    light      = Input("world.light",       "lux",    300.0, "light at the eye before closure")
    asleep     = Input("brain.asleep",      "1",      0.0,   "0 awake, 1 asleep: the share of the eye that is closed")
    melatonin  = Input("blood.melatonin",   "pmol/L", 0.0,   "melatonin in plasma")
    chronotype = Input("person.chronotype", "h",      0.0,   "how much later than usual the body's day runs")

    x   = Level(-0.30, "1", "pacemaker; lowest shortly before the low of body temperature", signed=True, scale=1.0)
    x_c = Level(-1.14, "1", "pacemaker, the other variable",                                signed=True, scale=1.0)
    n   = Level(0.50,  "1", "receptors in use", timescale="fast")

    # ── Light ──────────────────────────────────────────────────────────────────────────────────────
    alpha_0 = Param(0.1,    "1/min", "receptors taken into use at I_0",           cite="breslow2013 code alpha_0", gsd=1.2)
    I_0     = Param(9500.0, "lux",   "reference light",                           cite="breslow2013 code i0", estimate=False)
    I_1     = Param(100.0,  "lux",   "light below which the eye hardly counts it", cite="breslow2013 code i1", gsd=1.5)
    p       = Param(0.5,    "1",     "power of light",                            cite="breslow2013 code p", gsd=1.2)
    beta    = Param(0.007,  "1/min", "receptors freed",                           cite="breslow2013 code beta", gsd=1.2)
    G       = Param(37.0,   "min",   "drive per receptor and time",               cite="breslow2013 code g", gsd=1.2, cv=0.2)
    b       = Param(0.4,    "1",     "sensitivity by phase",                      cite="breslow2013 code b", gsd=1.2)

    seen  = Derived(light * (1 - asleep), "lux", "light behind the lid")
    alpha = Derived(alpha_0 * power(seen / I_0, p) * seen / (seen + I_1), "1/min", "rate at which receptors are taken into use")
    n_to  = Rate(n, alpha * (1 - n) - beta * n)
    B     = Derived(G * alpha * (1 - n) * (1 - b * x) * (1 - b * x_c), "1", "drive of light")

    # ── Melatonin on the clock: only doses reach this ──────────────────────────────────────────────
    M_max = Param(0.019513, "1",      "largest effect of melatonin",              cite="breslow2013 code mmax", gsd=1.5)
    H_sat = Param(861.0,    "pmol/L", "melatonin at half of it",                  cite="breslow2013 code hstat", gsd=1.5)
    width = Param(50.0,     "pmol/L", "steepness of it",                          cite="breslow2013 code sigma", gsd=1.5)
    eta   = Param(0.04,     "1",      "share of it that reaches x",               cite="breslow2013 code eta", gsd=1.5)
    xi    = Param(0.54,     "1",      "share of it that reaches x_c",             cite="breslow2013 code xi", gsd=1.5)

    M = Derived(M_max * logistic(melatonin, H_sat, width), "1", "effect of melatonin")

    # ── Oscillator ─────────────────────────────────────────────────────────────────────────────────
    day     = Param(24.0,    "h", "length of a day",                              cite="breslow2013 code kappa", origin="")
    tau_c   = Param(24.15,   "h", "intrinsic period of the usual chronotype",     cite="duffy2011 abstract", basis="measured",
                    gsd=1.002, cv=0.0083, bounds=(22.0, 26.0))
    later   = Param(0.35,    "1", "period per hour of later chronotype",          basis="assumed", gsd=1.5)
    f       = Param(0.99729, "1", "correction of the period for stiffness",       cite="breslow2013 code f")
    gamma   = Param(0.13,    "1", "stiffness",                                    cite="breslow2013 code gamma", gsd=1.2)
    k       = Param(0.55,    "1", "light on the period",                          cite="breslow2013 code k", gsd=1.2)
    q       = Param(1 / 3,   "1", "light on the other variable",                  cite="breslow2013 code derivative")

    period = Derived(day / (f * (tau_c + later * chronotype)), "1", "turns per day")
    stiff  = Derived(gamma * x * (1 / 3 + x * x * (4 / 3 - 256 / 105 * (x * x) * (x * x))), "1", "what keeps the amplitude")
    x_to   = Rate(x, 2 * PI / day * (x_c + stiff + B - eta * M))
    x_c_to = Rate(x_c, 2 * PI / day * (q * B * x_c - x * (period * period + k * B) - xi * M))

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    # The angle does not turn evenly: light drives it round faster at some hours.  Phase is the time at which the reference day
    # has this angle, as its Fourier series, so hearers that were set on clock time hear local time all through that day.
    midnight = Param(-1.0080, "rad", "angle of phase 0, mean of the reference day", basis="assumed", estimate=False, bounds=(-7.0, 7.0))
    even_c1  = Param(0.1267,  "1", "time over angle, cosine",          basis="assumed", estimate=False, bounds=(-0.5, 0.5))
    even_s1  = Param(0.0092,  "1", "time over angle, sine",            basis="assumed", estimate=False, bounds=(-0.5, 0.5))
    even_c2  = Param(0.0051,  "1", "second harmonic, cosine",          basis="assumed", estimate=False, bounds=(-0.2, 0.2))
    even_s2  = Param(-0.0044, "1", "second harmonic, sine",            basis="assumed", estimate=False, bounds=(-0.2, 0.2))
    even_c3  = Param(-0.0048, "1", "third harmonic, cosine",           basis="assumed", estimate=False, bounds=(-0.1, 0.1))
    even_s3  = Param(0.0175,  "1", "third harmonic, sine",             basis="assumed", estimate=False, bounds=(-0.1, 0.1))
    even_c4  = Param(0.0091,  "1", "fourth harmonic, cosine",          basis="assumed", estimate=False, bounds=(-0.1, 0.1))
    even_s4  = Param(0.0089,  "1", "fourth harmonic, sine",            basis="assumed", estimate=False, bounds=(-0.1, 0.1))

    radius    = Derived(sqrt(x * x + x_c * x_c), "1", "amplitude")
    angle     = Derived(2 * Call("atan", x_c / maximum(radius - x, 1e-9)), "rad", "angle, growing; 0 where x is lowest")
    even      = Derived(even_c1 * cos(angle) + even_s1 * sin(angle) + even_c2 * cos(2 * angle) + even_s2 * sin(2 * angle)
                        + even_c3 * cos(3 * angle) + even_s3 * sin(3 * angle) + even_c4 * cos(4 * angle) + even_s4 * sin(4 * angle),
                        "1", "what makes the phase turn evenly on the reference day")
    circadian = Output("brain.circadian", x, "1", "circadian signal, -1 to 1")
    phase     = Output("brain.circadian_phase", angle - midnight + even, "rad", "circadian phase, 0 near midnight of the reference day")


class SleepWake(Module):
    """The sleep-wake switch; alone says whether the person sleeps."""

    timescale = "fast"

    opportunity = Input("world.sleep_opportunity", "1", 0.0, "1 inside a sleep opportunity")
    forced      = Input("world.sleep_forced",      "1", 0.0, "1 where sleep is forced")
    circadian   = Input("brain.circadian",         "1", 0.0, "circadian signal")
    adenosine   = Input("brain.adenosine", "nmol/L", 100.0, "adenosine")
    a1          = Input("brain.a1",        "1",      1.0,   "activation of A1 receptors, 1 = reference mean")
    a2a         = Input("brain.a2a",       "1",      1.0,   "activation of A2A receptors, 1 = reference mean")
    gabaa       = Input("brain.gabaa",     "1",      1.0,   "activation of GABA-A receptors, 1 = reference mean")
    orexin      = Input("brain.orexin",    "1",      1.0,   "orexin, 1 = reference mean")
    crh         = Input("brain.crh",       "1",      1.0,   "CRH, 1 = reference-day mean")

    V_v = Level(-3.0, "mV", "VLPO, mean potential",          signed=True, scale=5.0)
    V_m = Level(-8.0, "mV", "monoaminergic, mean potential", signed=True, scale=5.0)

    Q_max = Param(100.0, "1/s", "highest firing rate",                            cite="phillips2008 file Qmax")
    theta = Param(10.0,  "mV",  "potential at half of that",                      cite="phillips2008 file theta")
    sigma = Param(3.0,   "mV",  "width of the firing curve",                      cite="phillips2008 file sigma")
    Q_v   = Derived(Q_max / (1 + exp(-(V_v - theta) / sigma)), "1/s", "VLPO, firing rate")
    Q_m   = Derived(Q_max / (1 + exp(-(V_m - theta) / sigma)), "1/s", "monoaminergic, firing rate")

    # ── Drive for sleep ────────────────────────────────────────────────────────────────────────────
    A_ref = Param(100.0, "nmol/L", "adenosine, mean of the reference day",        basis="assumed", gsd=1.5, estimate=False)
    blind = Param(0.89,  "1",  "share of sleep pressure that caffeine does not reach", basis="assumed", gsd=1.2, bounds=(0.0, 1.0))
    by_a1 = Param(0.5,   "1",  "share of A1 in what it does reach",               basis="assumed", gsd=1.3, bounds=(0.0, 1.0))
    v_h   = Param(9.5,   "mV", "sleep pressure on VLPO at the reference mean",    basis="assumed", gsd=1.2, cv=0.05)
    v_c   = Param(1.6,   "mV", "clock on VLPO (2.9 in the set of 2008)",          basis="assumed", gsd=1.3, cv=0.1)
    D_0   = Param(8.65,  "mV", "what pressure must overcome",                     basis="assumed", gsd=1.1)

    pressure = Derived(blind * adenosine / A_ref + (1 - blind) * (by_a1 * a1 + (1 - by_a1) * a2a), "1", "sleep pressure, 1 = mean")
    D        = Derived(v_h * pressure - v_c * circadian - D_0, "mV", "drive for sleep")

    # ── The switch ─────────────────────────────────────────────────────────────────────────────────
    tau_v  = Param(10.0, "s",    "VLPO, time constant",                           cite="phillips2008 deprivation tau_v")
    tau_m  = Param(10.0, "s",    "monoaminergic, time constant",                  cite="phillips2008 deprivation tau_m")
    v_vm   = Param(-2.1, "mV s", "monoaminergic on VLPO",                         cite="phillips2008 deprivation v_vm", bounds=(-99.0, 0.0))
    v_mv   = Param(-1.8, "mV s", "VLPO on monoaminergic",                         cite="phillips2008 deprivation v_mv", bounds=(-99.0, 0.0))
    A      = Param(1.3,  "mV",   "other arousal nuclei",                          cite="phillips2008 deprivation A")
    leak   = Param(0.3,  "1",    "share of VLPO's effect outside an opportunity", basis="assumed", gsd=1.5, bounds=(0.0, 1.0))
    strike = Param(20.0, "mV",   "forced sleep on monoaminergic",                 basis="assumed", origin="")
    hush   = Param(2.5,  "mV",   "what a sleeper in bed lacks of other arousal (orexin, acetylcholine, light, posture)",
                   basis="assumed", gsd=1.3)
    g_ox   = Param(1.0,  "mV",   "orexin on monoaminergic, per reference mean",   basis="assumed", gsd=2.0)
    g_crh  = Param(0.0,  "mV",   "CRH on monoaminergic, per reference mean",      basis="assumed")

    Q_half = Param(1.0, "1/s", "monoaminergic rate at which one counts as half awake", basis="assumed", origin="")
    n_half = Param(6.0, "1",   "sharpness of that",                              basis="assumed", origin="")
    gate   = Derived(leak + (1 - leak) * opportunity, "1", "how far VLPO reaches the arousal nuclei")
    V_v_to = Rate(V_v, (v_vm * Q_m + D - V_v) / tau_v)
    still  = Derived(inhibition(Q_m, Q_half, n_half), "1", "0 awake, 1 asleep, by the firing of the arousal side")
    other  = Derived(A + g_ox * (orexin - 1) + g_crh * (crh - 1) - hush * still * opportunity - strike * forced, "mV", "other arousal")
    V_m_to = Rate(V_m, (other + v_mv * Q_v * gate * gabaa - V_m) / tau_m)

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    Q_quiet = Param(5.0, "1/s", "monoaminergic rate of quiet waking",             basis="assumed", gsd=1.2)
    base    = Param(0.3, "1",   "arousal of a sleeper, relative to quiet waking", basis="assumed", gsd=1.5, bounds=(0.0, 1.0))

    asleep  = Output("brain.asleep",  still, "1", "0 awake, 1 asleep")
    arousal = Output("brain.arousal", base + (1 - base) * Q_m / Q_quiet, "1", "arousal, 1 in quiet waking")


class Melatonin(Module):
    """Melatonin from the pineal gland and from doses, in plasma."""

    timescale = "fast"

    weight = Input("person.weight", "kg", 70.0, "body weight")
    V_kg   = Param(1.2, "L/kg", "volume of distribution",                         cite="andersen2016 abstract", basis="measured",
                   gsd=1.3, cv=0.3)
    plasma = Compartment(V_kg * weight, "L", "volume of distribution")

    light  = Input("world.light",           "lux",    300.0, "light at the eye before closure")
    asleep = Input("brain.asleep",          "1",      0.0,   "0 awake, 1 asleep")
    phase  = Input("brain.circadian_phase", "rad",    0.0,   "circadian phase, 0 near midnight of the reference day")
    dosed  = Input("blood.melatonin_appearance", "pmol/h", 0.0, "dosed melatonin on its way into blood", gather="sum")

    pineal = Species(plasma, 10.0, "pmol/L", "on its way from the pineal, per volume of distribution", scale=10.0, content={"melatonin": 1})
    level  = Species(plasma, 200.0, "pmol/L", "melatonin in plasma", scale=100.0, content={"melatonin": 1})

    # ── Synthesis ──────────────────────────────────────────────────────────────────────────────────
    day    = Param(24.0,  "h", "turn of the circadian phase",                     basis="assumed", origin="")
    middle = Param(1.46,  "h", "middle of the window of synthesis, after phase 0", basis="assumed", gsd=1.1, bounds=(-12.0, 12.0))
    half   = Param(4.74,  "h", "half of its length",                              basis="assumed", gsd=1.1)
    soft   = Param(0.06,  "1", "softness of its edges",                           basis="assumed", gsd=1.5)
    top    = Param(310.0, "pmol/L/h", "highest synthesis",                        basis="assumed", gsd=1.5, cv=0.5)
    E_half = Param(100.0, "lux", "light that halves synthesis (25 to 208 in studies)", basis="assumed", gsd=2.0, cv=0.5)
    n_E    = Param(1.5,   "1", "steepness of that",                               basis="assumed", gsd=1.3)

    window = Derived(logistic(cos(phase - 2 * PI * (middle / day)), cos(2 * PI * (half / day)), soft), "1",
                     "whether the clock lets the pineal work")
    dark   = Derived(inhibition(light * (1 - asleep), E_half, n_E), "1", "share of synthesis that light leaves")
    made   = Flux(0 >> pineal, top * window * dark, doc="synthesis")

    # ── Plasma ─────────────────────────────────────────────────────────────────────────────────────
    t_out = Param(2.82, "min", "half-life on the way to plasma",                  cite="brown1997 file tau_I", gsd=1.5)
    CL_kg = Param(0.0218, "L/min/kg", "clearance",                                cite="andersen2016 abstract", basis="measured",
                   gsd=1.3, cv=0.3)

    passed = Flux(pineal >> level, log(2.0) / t_out * pineal, doc="into plasma")
    taken  = Flux(0 >> level, dosed, "pmol/h", "dosed melatonin, absorbed")
    gone   = Flux(level >> 0, CL_kg / V_kg * level, doc="broken down in the liver")
    vein   = Takes("melatonin", "iv", level, "melatonin by vein")

    tells = Output("blood.melatonin", level, "pmol/L", "melatonin in plasma")
