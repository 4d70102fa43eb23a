"""How fast the four groups of neurons fire, and how active each region is, relative to quiet waking: the sole giver of both.

    arousal ----> noradrenaline, serotonin, acetylcholine        threat --> noradrenaline --> dopamine (little)
    asleep  ----> dopamine (little), activity of regions          task ---> acetylcholine, activity of regions
    5-HT1A of the raphe --| serotonin                             bursts -> whichever group they are of

Everything is 1 in quiet waking (dopamine about 4, noradrenaline 1.5, serotonin 1.2 spikes a second), where terminals rest.
A burst multiplies the firing of each neuron; how many neurons take part is a signal of its own, heard by the terminals.

Whose equations: ours.  5-HT1A carries the share of the serotonin loop that its terminals leave to it (see docs/science/serotonin.md).
Valid for:       minutes to days; means over the cells of a group.
Left out:        REM sleep, pauses, habituation, feedback of dopamine and noradrenaline on their own cells, reward.
Caution:         sleep values of serotonin cells are a cat's; the others are assumed.
"""

from neurohumor.lang import Derived, Input, Module, Output, Param, power


class Firing(Module):
    """Firing of dopamine, noradrenaline, serotonin and acetylcholine neurons; glutamatergic activity of regions."""

    timescale = "fast"

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    asleep    = Input("brain.asleep",  "1", 0.0, "0 awake, 1 asleep")
    arousal   = Input("brain.arousal", "1", 1.0, "arousal, 1 in quiet waking")
    threat    = Input("world.threat",  "1", 0.0, "threat, 1 = the Trier test")
    task      = Input("world.task",    "1", 0.0, "extra cortical activity of a task")
    ht1a      = Input("raphe.ht1a",    "1", 1.0, "5-HT1A activation at serotonin cells, 1 = rest")
    burst_da  = Input("da.burst",      "1", 0.0, "burst of dopamine cells, factor - 1")
    burst_na  = Input("na.burst",      "1", 0.0, "burst of noradrenaline cells, factor - 1")
    burst_ht  = Input("ht.burst",      "1", 0.0, "burst of serotonin cells, factor - 1")
    burst_ach = Input("ach.burst",     "1", 0.0, "burst of acetylcholine cells, factor - 1")

    # ── Cells ──────────────────────────────────────────────────────────────────────────────────────
    n_na     = Param(0.75, "1", "noradrenaline: power of arousal (0.3 in sleep gives 0.4)",    basis="assumed", gsd=1.4)
    n_ht     = Param(0.76, "1", "serotonin: power of arousal (0.3 gives 0.4: 1 for 2-3 Hz)",   basis="assumed", origin="cat", gsd=1.3)
    n_ach    = Param(0.60, "1", "acetylcholine: power of arousal",                             basis="assumed", gsd=1.5)
    s_da     = Param(0.10, "1", "dopamine: fall in sleep",                                     basis="assumed", gsd=2.0, bounds=(0.0, 1.0))
    g_threat = Param(1.00, "1", "noradrenaline: rise at threat 1",                             basis="assumed", gsd=1.7)
    g_da     = Param(0.10, "1", "dopamine: share of that rise it follows (0-0.3)",             basis="assumed", gsd=2.0)
    g_task   = Param(0.50, "1", "acetylcholine: rise per task",                                basis="assumed", gsd=2.0)
    g_1a     = Param(0.25, "1", "serotonin: logarithmic slope on 5-HT1A at rest",              basis="assumed", gsd=1.5)
    n_1a     = Param(3.00, "1", "steepness of 5-HT1A",                                         basis="assumed", gsd=1.5)
    w_1a     = Param(g_1a / (n_1a - g_1a), "1", "weight of 5-HT1A that gives that slope")

    alarm    = Derived(g_threat * threat, "1", "what threat adds at the locus")
    brake    = Derived((1 + w_1a) / (1 + w_1a * power(ht1a, n_1a)), "1", "5-HT1A on serotonin cells, 1 at rest")
    da       = Output("da.firing",  (1 - s_da * asleep) * (1 + g_da * alarm) * (1 + burst_da), "1", "dopamine cells")
    na       = Output("na.firing",  power(arousal, n_na) * (1 + alarm) * (1 + burst_na), "1", "noradrenaline cells")
    ht       = Output("ht.firing",  power(arousal, n_ht) * brake * (1 + burst_ht), "1", "serotonin cells")
    ach      = Output("ach.firing", power(arousal, n_ach) * (1 + g_task * task) * (1 + burst_ach), "1", "acetylcholine cells")

    # ── Regions ────────────────────────────────────────────────────────────────────────────────────
    s_cortex = Param(0.35, "1", "fall of cortical activity in sleep",                          basis="assumed", gsd=1.4, bounds=(0.0, 1.0))
    s_deep   = Param(0.25, "1", "fall of activity in sleep elsewhere",                         basis="assumed", gsd=1.5, bounds=(0.0, 1.0))
    t_deep   = Param(0.30, "1", "share of a task's extra activity in striatum and hippocampus", basis="assumed", gsd=2.0)

    cortical = Derived((1 - s_cortex * asleep) * (1 + task), "1", "cortex")
    deep     = Derived((1 - s_deep * asleep) * (1 + t_deep * task), "1", "striatum and hippocampus")
    quiet    = Derived(1 - s_deep * asleep, "1", "regions that no task calls")

    pfc         = Output("pfc.activity",         cortical, "1", "prefrontal cortex")
    cortex      = Output("cortex.activity",      cortical, "1", "other cortex")
    striatum    = Output("striatum.activity",    deep,     "1", "striatum")
    hippocampus = Output("hippocampus.activity", deep,     "1", "hippocampus")
    other_grey  = Output("other_grey.activity",  quiet,    "1", "other grey matter")
    white       = Output("white.activity",       quiet,    "1", "white matter")
