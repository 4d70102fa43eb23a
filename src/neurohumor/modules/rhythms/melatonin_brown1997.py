"""Melatonin in plasma from a pineal gland that is switched on and off by the clock.

    synthesis (N-acetyltransferase) --> pineal (H1) --> plasma (H2) --> away
    on in the evening, off in the morning

Whose equations: Brown, Choe, Shanahan and Czeisler (1997), as the SBML file BIOMD0000000672 encodes them.  The file runs one
night from minute 0; here time 0 is midnight, and synthesis recurs every day (`TIME` modulo a day, counted from the onset).
In the first day before onset there is none, as in the file.
Valid for:       one man's constant routine in dim light.
Left out:        light; the clock is local time.
Caution:         the paper's own tables were not at hand; the abstract gives medians near the numbers of the file.
"""

from neurohumor.lang import Derived, Level, Module, Output, Param, Rate, exp, log, where
from neurohumor.lang.expr import Call
from neurohumor.lang.system import Leaf

TIME = Leaf("time", 0, "time")
"""The time of the run: hours since local midnight of day 0."""


class MelatoninBrown1997(Module):
    """Pineal and plasma melatonin, synthesis switched by the hour."""

    source = "brown1997"
    frozen = True
    timescale = "fast"

    H1 = Level(0.05, "pmol/L", "melatonin on its way from the pineal, per plasma volume")
    H2 = Level(1.0,  "pmol/L", "melatonin in plasma")

    # ── Synthesis ──────────────────────────────────────────────────────────────────────────────────
    day       = Param(24.0,   "h",          "how often synthesis recurs; the file runs one night", basis="assumed", origin="")
    t_on      = Param(1316.0, "min",        "synthesis begins, after midnight",                    cite="brown1997 file t_on")
    t_off     = Param(1794.0, "min",        "synthesis ends, after the same midnight",             cite="brown1997 file t_off")
    A_max     = Param(6.51,   "pmol/L/min", "highest synthesis",                                   cite="brown1997 file A_max")
    tau_rise  = Param(24.04,  "min",        "half-time of the rise of synthesis",                  cite="brown1997 file tau_lamda")
    tau_fall  = Param(25.92,  "min",        "half-time of its fall",                               cite="brown1997 file tau_alpha")

    ready = Derived(TIME - day * Call("floor", (TIME - t_on) / day), "h", "time since the midnight before the last onset")
    up    = Derived((1 - exp(-log(2.0) / tau_rise * (ready - t_on))) / (1 - exp(-log(2.0) / tau_rise * (t_off - t_on))), "1", "rising")
    down  = Derived(exp(-log(2.0) / tau_fall * (ready - t_off)), "1", "falling")
    began = Derived(where(TIME < t_on, 0.0, 1.0), "1", "whether the first night has begun")
    A     = Derived(A_max * began * where(ready < t_off, up, down), "pmol/L/h", "synthesis")

    # ── Plasma ─────────────────────────────────────────────────────────────────────────────────────
    tau_I = Param(2.82,  "min", "half-life on the way to plasma",                                  cite="brown1997 file tau_I")
    tau_C = Param(23.67, "min", "half-life in plasma",                                             cite="brown1997 file tau_C")

    H1_to = Rate(H1, A - log(2.0) / tau_I * H1)
    H2_to = Rate(H2, log(2.0) / tau_I * H1 - log(2.0) / tau_C * H2)

    level = Output("blood.melatonin", H2, "pmol/L", "melatonin in plasma")
