"""The time of day as the brain feels it, read off the clock on the wall: a placeholder for the pacemaker and the sleep model.

    clock -----------------------------> circadian phase, circadian signal
    sleep opportunity, forced sleep ---> asleep ---> arousal

Phase is fixed to local time: 0 at midnight, pi at noon, growing without end by 2 pi a day (hearers use its sine and cosine).
Asleep follows the opportunity within minutes, so whoever lies in bed sleeps.

Whose equations: ours.
Valid for:       lives on a regular local day; light, jet lag and night work do not move the phase here.
Left out:        the pacemaker, light, melatonin, chronotype, sleep pressure, waking at night.
"""

from neurohumor.lang import PI, Derived, Input, Lag, Module, Output, Param, cos
from neurohumor.lang.system import Leaf

TIME = Leaf("time", 0, "time")
"""The time of the run: hours since local midnight of day 0."""


class ClockStandIn(Module):
    """Circadian phase from the clock, asleep from the opportunity."""

    timescale = "fast"
    stand_in = True

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    opportunity = Input("world.sleep_opportunity", "1", 0.0, "1 inside a sleep opportunity")
    forced      = Input("world.sleep_forced",      "1", 0.0, "1 where sleep is forced")

    # ── Phase ──────────────────────────────────────────────────────────────────────────────────────
    day       = Param(24.0, "h", "length of a day",                                       basis="assumed", origin="", bounds=(20.0, 28.0))
    high_tide = Param(17.0, "h", "clock time at which the circadian signal is highest",   basis="assumed", gsd=1.1, bounds=(0.0, 24.0))

    phase     = Output("brain.circadian_phase", 2 * PI * (TIME / day), "rad", "circadian phase, 0 at local midnight")
    circadian = Output("brain.circadian", cos(phase - 2 * PI * (high_tide / day)), "1", "circadian signal, -1 to 1")

    # ── Sleep ──────────────────────────────────────────────────────────────────────────────────────
    tau_sleep     = Param(3.0, "min", "delay of falling asleep and of waking",            basis="assumed", gsd=2.0)
    arousal_sleep = Param(0.3, "1",   "arousal of a sleeper, relative to quiet waking",   basis="assumed", gsd=1.5, bounds=(0.0, 1.0))

    wanted = Derived(opportunity + forced - opportunity * forced, "1", "sleep is offered or forced")
    sleep  = Lag(wanted, tau_sleep, "1", "asleep, a few minutes behind what is offered", scale=1.0)

    asleep  = Output("brain.asleep",  sleep, "1", "0 awake, 1 asleep")
    arousal = Output("brain.arousal", 1 - (1 - arousal_sleep) * sleep, "1", "arousal, 1 in quiet waking")
