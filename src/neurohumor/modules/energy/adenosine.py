"""Adenosine in brain tissue: what the use of ATP leaves behind, and what builds up the need for sleep.

    ATP use --> adenosine --> away (tau)

Adenosine is made in proportion to ATP use above a floor (`floor`, the use at which none accumulates), and is cleared at one
rate; so it rises through waking and falls through sleep.  It takes the place of the somnogen H of Phillips and Robinson and of
process S.

Whose equations: ours; with `tau` of 45 h and the rates of that paper it is the somnogen of Phillips and Robinson 2008.
Valid for:       hours to days; the level is that of tissue fluid, one for the whole brain.
Left out:        release in seconds with activity, hypoxia, kinase and deaminase apart, regions, tolerance to caffeine.
Caution:         the level in human brain is not known; 100 nmol/L is a round number, and only relative changes act.
"""

from neurohumor.lang import Input, Level, Module, Output, Param, Rate, positive


class Adenosine(Module):
    """Adenosine of the whole brain, the homeostat of sleep."""

    timescale = "day"

    use     = Input("brain.atp_use",  "umol/g/min", 7.84, "ATP use")
    at_rest = Input("brain.atp_rest", "umol/g/min", 7.84, "ATP use of this person's quiet waking")

    level = Level(120.0, "nmol/L", "adenosine")

    tau   = Param(20.0,  "h",          "time constant (18 and 4 in process S; 45 in the somnogen of 2008)",
                  basis="assumed", gsd=1.5, cv=0.1)
    rest  = Param(7.84,  "umol/g/min", "ATP use of quiet waking",               basis="assumed", gsd=1.2, estimate=False)
    floor = Param(0.80,  "1",          "share of it at which none accumulates", basis="assumed", gsd=1.1, bounds=(0.0, 0.99))
    awake = Param(142.0, "nmol/L",     "level that endless waking leads to",    basis="assumed", gsd=1.2, cv=0.05)

    made  = Rate(level, awake / tau * positive((use / rest * (at_rest.at_nominal / at_rest) - floor) / (1 - floor)))
    gone  = Rate(level, -level / tau)
    tells = Output("brain.adenosine", level, "nmol/L", "adenosine")


class AtpUseOfWaking(Module):
    """ATP use of the brain as a function of waking, until the energy of the brain is modelled."""

    timescale = "fast"
    stand_in = True

    arousal = Input("brain.arousal", "1", 1.0, "arousal, 1 in quiet waking")

    rest = Param(7.84, "umol/g/min", "ATP use of quiet waking",                            basis="assumed", gsd=1.2)
    fall = Param(0.19, "1",          "share by which it falls in sleep (CMRO2: 14-32 %)",  basis="assumed", gsd=1.3, bounds=(0.0, 1.0))
    base = Param(0.3,  "1",          "arousal of a sleeper",                               basis="assumed", gsd=1.5, bounds=(0.0, 0.99))
    whole = Param(1400.0, "g", "brain",                                                    basis="assumed", gsd=1.05)

    mass = Output("{here}.mass", whole, "g", "the brain as one region")
    use  = Output("{here}.atp_use", rest * (1 - fall * (1 - arousal) / (1 - base)), "umol/g/min", "ATP use")
