"""The stress axis alone: a stand-in clock, cortisol binding, the axis, and its two drugs on the shelf."""

from neurohumor.lang import Family, ShelfItem, part
from neurohumor.modules.axes.cortisol_binding import CortisolBinding
from neurohumor.modules.axes.hpa import Hpa
from neurohumor.modules.drugs.dexamethasone import Dexamethasone
from neurohumor.modules.drugs.hydrocortisone import Hydrocortisone
from neurohumor.modules.rhythms.clock_standin import ClockStandIn

hpa_only = Family(
    "hpa_only",
    {
        "clock": part(ClockStandIn, here="brain"),
        "binding": part(CortisolBinding, here="blood"),
        "hpa": part(Hpa, here="blood"),
    },
    shelf={
        "hydrocortisone": ShelfItem({"hydrocortisone": part(Hydrocortisone, here="gut")}, "hydrocortisone tablets"),
        "dexamethasone": ShelfItem({"dexamethasone": part(Dexamethasone, here="blood")}, "dexamethasone by mouth or vein"),
    },
    doc="Clock (stand-in), cortisol binding, CRH, ACTH, cortisol and gland masses.",
)
