"""The day of the body alone: clock, sleep, adenosine, melatonin, and the stress axis that hears them."""

from neurohumor.lang import Family, ShelfItem, part
from neurohumor.modules.axes.cortisol_binding import CortisolBinding
from neurohumor.modules.axes.hpa import Hpa
from neurohumor.modules.drugs.caffeine import Caffeine
from neurohumor.modules.drugs.melatonin import MelatoninTablets
from neurohumor.modules.energy.adenosine import Adenosine, AtpUseOfWaking
from neurohumor.modules.receptors.adenosine import AdenosineReceptors
from neurohumor.modules.rhythms.clock_sleep_melatonin import Melatonin, Pacemaker, SleepWake
from neurohumor.modules.rhythms.pacemaker_forger1999 import PacemakerForger1999
from neurohumor.modules.rhythms.sleep_phillips2007 import SleepPhillips2007

rhythms_only = Family(
    "rhythms_only",
    {
        "pacemaker": part(Pacemaker, here="brain"),
        "sleep": part(SleepWake, here="brain"),
        "melatonin": part(Melatonin, here="blood"),
        "adenosine": part(Adenosine, here="brain"),
        "atp_use": part(AtpUseOfWaking, here="brain"),
        "adenosine_receptors": part(AdenosineReceptors, here="brain"),
        "binding": part(CortisolBinding, here="blood"),
        "hpa": part(Hpa, here="blood"),
    },
    shelf={
        "caffeine": ShelfItem({"caffeine": part(Caffeine, here="blood")}, "caffeine by mouth or vein"),
        "melatonin_tablets": ShelfItem({"melatonin_tablets": part(MelatoninTablets, here="gut")}, "melatonin by mouth"),
        "pacemaker_forger1999": ShelfItem(
            {"pacemaker_forger1999": part(PacemakerForger1999, here="brain", offset=-1.3)}, "the pacemaker of 1999", replaces=("pacemaker",)
        ),
        "sleep_phillips2007": ShelfItem(
            {"sleep_phillips2007": part(SleepPhillips2007, here="brain", peak=15.0)},
            "the switch of 2007, with its own clock",
            replaces=("sleep",),
        ),
    },
    doc="Pacemaker, sleep-wake switch, adenosine, melatonin, cortisol; caffeine, melatonin tablets and two rivals on the shelf.",
)
