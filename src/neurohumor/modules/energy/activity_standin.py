"""How active a region is, from tasks and sleep alone: a placeholder for the firing of neurons.

    world.task, brain.asleep --> activity

Whose equations: ours.  Valid for: quiet waking, tasks, non-REM sleep.  Left out: everything that fires, and REM sleep.
"""

from neurohumor.lang import Input, Module, Output, Param


class ActivityStandIn(Module):
    """Glutamatergic activity of one region, 1 in quiet waking."""

    timescale = "fast"
    stand_in = True

    task   = Input("world.task",   "1", 0.0, "relative extra activity of a task")
    asleep = Input("brain.asleep", "1", 0.0, "0 awake, 1 asleep")
    heard  = Param(1.0,  "1", "how much of a task reaches the region",       basis="assumed", gsd=1.3)
    rest   = Param(0.28, "1", "fall of activity in sleep",                   basis="assumed", gsd=1.3, bounds=(0.0, 0.9))

    activity = Output("{here}.activity", (1 + heard * task) * (1 - rest * asleep), "1", "activity")
