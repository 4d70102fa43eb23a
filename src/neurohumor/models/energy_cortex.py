"""The energy of the cortex alone: one region of `energy_only`, for experiments of months."""

from __future__ import annotations

from neurohumor.lang import Family, part
from neurohumor.models.energy_only import region
from neurohumor.modules.energy.activity_standin import ActivityStandIn
from neurohumor.modules.rhythms.clock_standin import ClockStandIn

energy_cortex = Family(
    "energy_cortex",
    base={"clock": part(ClockStandIn), "cortex_activity": part(ActivityStandIn, "cortex"), **region("cortex")},
    doc="The energy of the cortex: fuels and oxygen of the blood are held or clamped; clock, sleep and activity are stand-ins.",
)
