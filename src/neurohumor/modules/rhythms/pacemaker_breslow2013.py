"""Pacemaker, pineal gland and plasma melatonin as one published model: light on the clock and the gland, melatonin on the clock.

    light x open eye --> n (receptors in use) --> B --> x, x_c --> window of synthesis --> H1 (pineal) --> H2 (plasma) --> away
                                                  |       ^                  ^              H3 (gut) ------^  |
                                                  +-------|-- cuts synthesis +                                |
                                                          +------------- M, above 600 pmol/L -----------------+

Whose equations: Breslow and others (2013), as a public Python encoding has them: its brackets, its units, its hours.  The eye
that sleep closes is ours: with `brain.asleep` at 0 the equations are the encoding's.
Valid for:       comparison with that encoding; light and melatonin on the phase of the clock.
Left out:        activity, colour of light; a port for doses (H3 starts where it is set).
Caution:         the paper was not at hand.  Synthesis in the encoding falls into the morning and plasma stays near 3 pmol/L; a second
                 encoding of the same numbers turns the window inside out and makes a hundred times more.  Which of them is the
                 paper's is not known here, so `Melatonin` of the joined model takes neither.
"""

from neurohumor.lang import (
    PI,
    Derived,
    Event,
    Input,
    Level,
    Module,
    Output,
    Param,
    Rate,
    both,
    either,
    exp,
    maximum,
    power,
    sqrt,
)  # fmt: skip
from neurohumor.lang.expr import Call


class PacemakerBreslow2013(Module):
    """The pacemaker x, x_c, the retina n, and melatonin in pineal gland, plasma and gut."""

    source = "breslow2013"
    frozen = True
    timescale = "day"

    light  = Input("world.light",  "lux", 300.0, "light at the eye before closure")
    asleep = Input("brain.asleep", "1",   0.0,   "0 awake, 1 asleep: the share of the eye that is closed")

    x   = Level(-0.219, "1", "pacemaker; lowest an hour before the low of body temperature", signed=True, scale=1.0)
    x_c = Level(-1.22,  "1", "pacemaker, the other variable",                                signed=True, scale=1.0)
    n   = Level(0.519,  "1", "receptors in use", timescale="fast")
    H1  = Level(0.0, "pmol/L", "melatonin in the pineal gland, per plasma volume", scale=1.0, timescale="fast")
    H2  = Level(0.0, "pmol/L", "melatonin in plasma",                              scale=1.0, timescale="fast")
    H3  = Level(0.0, "pmol/L", "melatonin in the gut, per plasma volume",          scale=1.0, timescale="fast")

    # ── Light ──────────────────────────────────────────────────────────────────────────────────────
    alpha_0 = Param(0.1,    "1/min", "receptors taken into use at I_0",             cite="breslow2013 code alpha_0")
    I_0     = Param(9500.0, "lux",   "reference light",                             cite="breslow2013 code I0")
    I_1     = Param(100.0,  "lux",   "light below which the eye hardly counts it",  cite="breslow2013 code I1")
    p       = Param(0.5,    "1",     "power of light",                              cite="breslow2013 code p")
    beta    = Param(0.007,  "1/min", "receptors freed",                             cite="breslow2013 code beta")
    G       = Param(37.0,   "min",   "drive per receptor and time",                 cite="breslow2013 code G")
    b       = Param(0.4,    "1",     "sensitivity by phase",                        cite="breslow2013 code b")

    seen  = Derived(light * (1 - asleep), "lux", "light behind the lid")
    alpha = Derived(alpha_0 * power(seen / I_0, p) * (seen / (seen + I_1)), "1/min", "rate at which receptors are taken into use")
    n_to  = Rate(n, alpha * (1 - n) - beta * n)
    B     = Derived(G * alpha * (1 - n) * (1 - b * x) * (1 - b * x_c), "1", "drive of light")

    # ── Oscillator ─────────────────────────────────────────────────────────────────────────────────
    M_max = Param(0.019513, "1",      "largest effect of melatonin",                cite="breslow2013 code Mmax")
    H_sat = Param(861.0,    "pmol/L", "melatonin at half of it",                    cite="breslow2013 code Hsat")
    width = Param(50.0,     "pmol/L", "steepness of it",                            cite="breslow2013 code sigma")
    eta   = Param(0.04,     "1",      "share of it that reaches x",                 cite="breslow2013 code eta")
    xi    = Param(0.54,     "1",      "share of it that reaches x_c",               cite="breslow2013 code xi")
    day   = Param(24.0,     "h",      "length of a day",                            cite="breslow2013 code kappa", origin="")
    tau_c = Param(24.1,     "h",      "intrinsic period",                           cite="breslow2013 code tauc", cv=0.005)
    f     = Param(0.99729,  "1",      "correction of the period for stiffness",     cite="breslow2013 code f")
    gamma = Param(0.13,     "1",      "stiffness",                                  cite="breslow2013 code gamma")
    k     = Param(0.55,     "1",      "light on the period",                        cite="breslow2013 code K")
    q     = Param(1 / 3,    "1",      "light on the other variable",                cite="breslow2013 code derv")

    M      = Derived(M_max / (1 + exp((H_sat - H2) / width)), "1", "effect of melatonin")
    stiff  = Derived(gamma * (x / 3 + 4 / 3 * (x * x * x) - 256 / 105 * (x * x * x) * (x * x) * (x * x)), "1", "what keeps the amplitude")
    period = Derived(day / (f * tau_c), "1", "turns per day")
    x_to   = Rate(x, 2 * PI / day * (x_c + stiff + B - eta * M))
    x_c_to = Rate(x_c, 2 * PI / day * (q * B * x_c - x * (period * period + k * B) - xi * M))

    # ── Pineal gland ───────────────────────────────────────────────────────────────────────────────
    a       = Param(0.0010422, "pmol/L/s", "highest synthesis",                     cite="breslow2013 code a")
    phi_on  = Param(6.113,     "rad", "end of the window that rises from",          cite="breslow2013 code phi_on", bounds=(0.0, 7.0))
    phi_off = Param(4.352,     "rad", "its other end",                              cite="breslow2013 code phi_off", bounds=(0.0, 7.0))
    delta   = Param(600.0,     "1",   "steepness of the rise",                      cite="breslow2013 code delta")
    r       = Param(15.36,     "1",   "steepness of the fall",                      cite="breslow2013 code r")
    m       = Param(7.0,       "1",   "light on synthesis",                         cite="breslow2013 code m")
    scant   = Param(0.001, "pmol/L",  "below which light takes nothing more away",  cite="breslow2013 code H1_threshold")

    radius = Derived(sqrt(x * x + x_c * x_c), "1", "amplitude")
    phi    = Derived(2 * Call("atan", x / maximum(radius + x_c, 1e-9)), "rad", "angle of (x_c, x), -pi to pi, growing")
    past   = Derived(phi_on - 2 * PI - phi, "rad", "how far before the end of the window")
    length = Derived(phi_on - phi_off, "rad", "length of the window")
    inside = Param(0.0, "1", "1 inside the window",                     basis="assumed", origin="", bounds=(0.0, 1.0))
    opens  = Event(both(past > 0, past < length), {inside: 1.0}, "into the window", initially=False)
    closes = Event(either(past < 0, past > length), {inside: 0.0}, "out of it", initially=False)
    risen  = Derived((1 - exp(-delta * maximum(past, 0.0))) / (1 - exp(-delta * length)), "1", "synthesis inside it, relative")
    A      = Derived(a * (inside * risen + (1 - inside) * exp(-r * length)), "pmol/L/h", "synthesis in the dark")
    left   = Derived(1 - m * B, "1", "what light leaves")

    # The encoding asks at every step whether light would take more than there is; here the crossing is found.
    stopped = Param(0.0, "1", "1 where light would take more than there is", basis="assumed", origin="", bounds=(0.0, 1.0))
    stops   = Event(both(H1 < scant, left < 0), {stopped: 1.0}, "nothing left for light to take", initially=False)
    resumes = Event(either(H1 > scant, left > 0), {stopped: 0.0}, "synthesis, or something to take")

    # ── Plasma ─────────────────────────────────────────────────────────────────────────────────────
    beta_IP = Param(0.000783, "1/s", "from the pineal gland to plasma",             cite="breslow2013 code betaIP")
    beta_CP = Param(0.000335, "1/s", "cleared from plasma",                         cite="breslow2013 code betaCP")
    beta_AP = Param(0.000162, "1/s", "from the gut to plasma",                      cite="breslow2013 code betaAP")

    H1_to = Rate(H1, A * left * (1 - stopped) - beta_IP * H1)
    H2_to = Rate(H2, beta_IP * H1 - beta_CP * H2 + beta_AP * H3)
    H3_to = Rate(H3, -beta_AP * H3)

    # ── What it tells, read off by us ──────────────────────────────────────────────────────────────
    offset = Param(0.0, "rad", "phase of the oscillator at midnight of the reference day", basis="assumed", bounds=(-7.0, 7.0))

    circadian = Output("brain.circadian", x, "1", "circadian signal, -1 to 1")
    phase     = Output("brain.circadian_phase", phi - offset, "rad", "circadian phase, 0 at midnight of the reference day")
    level     = Output("blood.melatonin", H2, "pmol/L", "melatonin in plasma")
