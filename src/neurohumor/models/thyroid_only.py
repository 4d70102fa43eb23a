"""The thyroid axis alone: a stand-in clock, the axis, its two drugs, what acts on it and what it does to the brain."""

from neurohumor.lang import Family, ShelfItem, part
from neurohumor.modules.axes.cortisol_binding import CortisolBinding
from neurohumor.modules.axes.hpa import Hpa
from neurohumor.modules.axes.thyroid_thyrosim import Thyroid
from neurohumor.modules.drugs.hydrocortisone import Hydrocortisone
from neurohumor.modules.drugs.levothyroxine import Levothyroxine
from neurohumor.modules.drugs.liothyronine import Liothyronine
from neurohumor.modules.influences.thyroid import ThyroidAxisHands, ThyroidOnTransmitters
from neurohumor.modules.rhythms.clock_standin import ClockStandIn

thyroid_only = Family(
    "thyroid_only",
    {
        "clock": part(ClockStandIn, here="brain"),
        "thyroid": part(Thyroid, here="blood"),
        "thyroid_hands": part(ThyroidAxisHands, here="blood"),
        "thyroid_on_transmitters": part(ThyroidOnTransmitters, here="brain"),
    },
    shelf={
        "levothyroxine": ShelfItem({"levothyroxine": part(Levothyroxine, here="gut")}, "levothyroxine by mouth or vein"),
        "liothyronine": ShelfItem({"liothyronine": part(Liothyronine, here="gut")}, "liothyronine by mouth or vein"),
        "hpa": ShelfItem(
            {"binding": part(CortisolBinding, here="blood"), "hpa": part(Hpa, here="blood")}, "the stress axis, which acts on TSH"
        ),
        "hydrocortisone": ShelfItem({"hydrocortisone": part(Hydrocortisone, here="gut")}, "hydrocortisone tablets"),
    },
    doc="TSH, T4, T3, brain T3; levothyroxine and liothyronine; cortisol and fasting on the axis; thyroid hormone on the brain.",
)
