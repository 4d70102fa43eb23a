"""The whole human, as far as it is built: a stand-in clock, the stress axis with its binding, a dopamine terminal of the striatum."""

from neurohumor.lang import Family, part
from neurohumor.models.hpa_only import hpa_only
from neurohumor.modules.transmitters.dopamine_terminal_best2009 import DopamineTerminalBest2009

human = Family(
    "human",
    {**hpa_only.base, "da_striatum": part(DopamineTerminalBest2009, here="striatum")},
    shelf=hpa_only.shelf,
    doc="Clock (stand-in), cortisol and its axis, one dopamine terminal; hydrocortisone and dexamethasone on the shelf.",
)
