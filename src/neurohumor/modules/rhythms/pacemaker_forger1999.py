"""The human circadian pacemaker driven by light: a van der Pol oscillator behind a light-adapting retina.

    light x open eye --> alpha --> n (receptors in use) --> B --> x, x_c

Whose equations: Forger, Jewett and Kronauer (1999), as a public Python encoding has them.  The eye that sleep closes is ours:
with `brain.asleep` at 0 the equations are the paper's.
Valid for:       phase and amplitude under light of any strength; one pulse or many days.
Left out:        melatonin, activity, colour of light.
Caution:         the paper's own tables were not at hand.  Phase 0 is set by us, so that it falls on midnight for sleep 23-07.
"""

from neurohumor.lang import PI, Derived, Input, Level, Module, Output, Param, Rate, maximum, power, sqrt
from neurohumor.lang.expr import Call


class PacemakerForger1999(Module):
    """The simpler pacemaker of 1999: x, x_c and the share n of receptors in use."""

    source = "forger1999"
    frozen = True
    timescale = "day"

    light  = Input("world.light",  "lux", 300.0, "light at the eye before closure")
    asleep = Input("brain.asleep", "1",   0.0,   "0 awake, 1 asleep: the share of the eye that is closed")

    x   = Level(-0.0843, "1", "pacemaker; its low is near that of body temperature", signed=True, scale=1.0)
    x_c = Level(-1.096,  "1", "pacemaker, the other variable",                       signed=True, scale=1.0)
    n   = Level(0.456,   "1", "receptors in use", timescale="fast")

    # ── Light ──────────────────────────────────────────────────────────────────────────────────────
    alpha_0 = Param(0.05,   "1/min", "receptors taken into use at I_0",     cite="forger1999 code alpha_0")
    I_0     = Param(9500.0, "lux",   "reference light",                     cite="forger1999 code I0")
    p       = Param(0.5,    "1",     "power of light",                      cite="forger1999 code p")
    beta    = Param(0.0075, "1/min", "receptors freed",                     cite="forger1999 code beta")
    G       = Param(33.75,  "min",   "drive per receptor and time",         cite="forger1999 code G")
    b       = Param(0.4,    "1",     "sensitivity by phase",                cite="forger1999 code derv")

    seen  = Derived(light * (1 - asleep), "lux", "light behind the lid")
    alpha = Derived(alpha_0 * power(seen / I_0, p), "1/min", "rate at which receptors are taken into use")
    n_to  = Rate(n, alpha * (1 - n) - beta * n)
    B     = Derived(G * alpha * (1 - n) * (1 - b * x) * (1 - b * x_c), "1", "drive of light")

    # ── Oscillator ─────────────────────────────────────────────────────────────────────────────────
    day   = Param(24.0,    "h", "length of a day",                          cite="forger1999 code derv", origin="")
    tau_x = Param(24.2,    "h", "intrinsic period",                         cite="forger1999 code taux", cv=0.005)
    f     = Param(0.99669, "1", "correction of the period for stiffness",   cite="forger1999 code derv")
    mu    = Param(0.23,    "1", "stiffness",                                cite="forger1999 code mu")
    k     = Param(0.55,    "1", "light on the period",                      cite="forger1999 code k")
    cubic = Param(4 / 3,   "1", "weight of the cubic term",                 cite="forger1999 code derv")

    x_to   = Rate(x, 2 * PI / day * (x_c + B))
    x_c_to = Rate(x_c, 2 * PI / day * (mu * (x_c - cubic * x_c * x_c * x_c) - x * ((day / (f * tau_x)) * (day / (f * tau_x)) + k * B)))

    # ── What it tells, read off by us ──────────────────────────────────────────────────────────────
    offset = Param(0.0, "rad", "phase of the oscillator at midnight of the reference day", basis="assumed", bounds=(-7.0, 7.0))

    radius    = Derived(sqrt(x * x + x_c * x_c), "1", "amplitude")
    angle     = Derived(2 * Call("atan", x_c / maximum(radius - x, 1e-9)), "rad", "angle, growing; 0 where x is lowest")
    circadian = Output("brain.circadian", x, "1", "circadian signal, -1 to 1")
    phase     = Output("brain.circadian_phase", angle - offset, "rad", "circadian phase, 0 at midnight of the reference day")
