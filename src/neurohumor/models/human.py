"""The whole human, as far as it is built: clock and sleep, stress axis, thyroid, meals, monoamines, and the energy of six regions.

What is not built yet is held, or stands in and says so: insulin, and the fuels of the blood.
"""

from neurohumor.lang import Family, ShelfItem, part
from neurohumor.models.energy_only import brain, scenarios
from neurohumor.models.hpa_only import hpa_only
from neurohumor.models.rhythms_only import rhythms_only
from neurohumor.models.synapse import hormones, meals, monoamines
from neurohumor.models.thyroid_only import thyroid_only
from neurohumor.modules.energy.fuels_standin import FuelsStandIn
from neurohumor.modules.transmitters.dopamine_terminal_best2009 import DopamineTerminalBest2009

RHYTHMS = ("pacemaker", "sleep", "melatonin", "adenosine", "adenosine_receptors")
AXES = ("binding", "hpa")
THYROID = ("thyroid", "thyroid_hands", "thyroid_on_transmitters")

human = Family(
    "human",
    {
        **{name: rhythms_only.base[name] for name in RHYTHMS},
        **{name: hpa_only.base[name] for name in AXES},
        **{name: thyroid_only.base[name] for name in THYROID},
        **meals(),
        **monoamines(),
        **hormones(),
        "fuels": part(FuelsStandIn),
        **brain(),
    },
    shelf={
        **hpa_only.shelf,
        **rhythms_only.shelf,
        **{name: thyroid_only.shelf[name] for name in ("levothyroxine", "liothyronine")},
        **scenarios(),
        "dopamine_best2009": ShelfItem(
            {"dopamine_best2009": part(DopamineTerminalBest2009, here="striatum")}, "the terminal of 2009", replaces=("da_striatum",)
        ),
    },
    doc="Clock, sleep, cortisol, thyroid, meals, amino acids, monoamines and brain energy; drugs and rival parts on the shelf.",
)
