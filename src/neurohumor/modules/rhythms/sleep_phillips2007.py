"""Sleep and waking as a flip-flop: monoaminergic neurons and the ventrolateral preoptic area silence each other.

    clock ---|                              (v_mv)
    somnogen --> VLPO (V_v, Q_v) |---------------------| MA (V_m, Q_m) <--- drive of the other arousal nuclei
       ^                             (v_vm)                 |
       +------------------- made while MA fire -------------+

Whose equations: Phillips and Robinson (2007), as the SBML file BIOMD0000000917 encodes them.  The file's clock time has its
highest circadian value at hour 0; `peak` says at which hour of the day that is, 0 as in the file.
Valid for:       the undisturbed day of an adult.
Left out:        light, naps, caffeine; cholinergic neurons are a constant drive.
Caution:         the paper's own tables were not at hand.  What is told to others (asleep, arousal) is ours: the paper has rates.
"""

from neurohumor.lang import PI, Derived, Level, Module, Output, Param, Rate, cos, exp, inhibition
from neurohumor.lang.system import Leaf

TIME = Leaf("time", 0, "time")
"""The time of the run: hours since local midnight of day 0."""


class SleepPhillips2007(Module):
    """The sleep-wake switch with its own clock and its own somnogen."""

    source = "phillips2007"
    frozen = True
    timescale = "day"

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    V_v = Level(-10.0, "mV", "VLPO, mean potential",          signed=True, timescale="fast")
    V_m = Level(1.0,   "mV", "monoaminergic, mean potential", signed=True, timescale="fast")
    H   = Level(10.0,  "nM", "somnogen")

    # ── Firing rates ───────────────────────────────────────────────────────────────────────────────
    Q_max = Param(100.0, "1/s", "highest firing rate",             cite="phillips2007 file Qmax")
    theta = Param(10.0,  "mV",  "potential at half of that",       cite="phillips2007 file theta")
    sigma = Param(3.0,   "mV",  "width of the firing curve",       cite="phillips2007 file sigma")

    Q_v = Derived(Q_max / (1 + exp(-(V_v - theta) / sigma)), "1/s", "VLPO, firing rate")
    Q_m = Derived(Q_max / (1 + exp(-(V_m - theta) / sigma)), "1/s", "monoaminergic, firing rate")

    # ── The clock ──────────────────────────────────────────────────────────────────────────────────
    day  = Param(24.0, "h", "length of a day",                       cite="phillips2007 file omega", origin="")
    peak = Param(0.0,  "h", "hour of the highest circadian value",   cite="phillips2007 file C", origin="", bounds=(-24.0, 24.0))
    c_0  = Param(1.0,  "1", "mean of the circadian value",           cite="phillips2007 file c0")

    C = Derived(c_0 + cos(2 * PI / day * (TIME - peak)), "1", "circadian value")

    # ── The switch ─────────────────────────────────────────────────────────────────────────────────
    tau_v = Param(10.0, "s",     "VLPO, time constant",              cite="phillips2007 file tau_v")
    tau_m = Param(10.0, "s",     "monoaminergic, time constant",     cite="phillips2007 file tau_m")
    v_vm  = Param(-1.9, "mV s",  "monoaminergic on VLPO",            cite="phillips2007 file v_vm", bounds=(-100.0, 0.0))
    v_mv  = Param(-1.9, "mV s",  "VLPO on monoaminergic",            cite="phillips2007 file v_mv", bounds=(-100.0, 0.0))
    v_vc  = Param(-6.3, "mV",    "clock on VLPO",                    cite="phillips2007 file v_vc", bounds=(-100.0, 100.0))
    v_vh  = Param(0.19, "mV/nM", "somnogen on VLPO",                 cite="phillips2007 file v_vh")
    A     = Param(1.0,  "mV",    "other arousal nuclei",             cite="phillips2007 file v_maQao")

    D      = Derived(v_vc * C + v_vh * H, "mV", "drive for sleep")
    V_v_to = Rate(V_v, (v_vm * Q_m + D - V_v) / tau_v)
    V_m_to = Rate(V_m, (A + v_mv * Q_v - V_m) / tau_m)

    # ── The somnogen ───────────────────────────────────────────────────────────────────────────────
    chi = Param(10.8, "h",    "time constant of the somnogen",       cite="phillips2007 file chi")
    mu  = Param(3.6,  "nM s", "somnogen at rest per firing rate",    cite="phillips2007 file mu")

    H_to = Rate(H, (mu * Q_m - H) / chi)

    # ── What it tells, read off by us ──────────────────────────────────────────────────────────────
    Q_awake = Param(1.0, "1/s", "monoaminergic rate at which one counts as half awake", basis="assumed")
    n_awake = Param(4.0, "1",   "sharpness of that",                                    basis="assumed")

    asleep  = Output("brain.asleep",  inhibition(Q_m, Q_awake, n_awake), "1", "0 awake, 1 asleep")
    arousal = Output("brain.arousal", 1 - inhibition(Q_m, Q_awake, n_awake), "1", "arousal, 1 awake")
