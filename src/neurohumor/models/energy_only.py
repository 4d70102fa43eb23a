"""The brain's energy alone: six regions, with clock, sleep and activity as stand-ins and blood as it is held, clamped or fed."""

from __future__ import annotations

from neurohumor.lang import Family, Part, ShelfItem, part
from neurohumor.modules.energy.accounts import EnergyAccounts
from neurohumor.modules.energy.activity_standin import ActivityStandIn
from neurohumor.modules.energy.clearance import Clearance
from neurohumor.modules.energy.demand import Demand
from neurohumor.modules.energy.failure import Failure
from neurohumor.modules.energy.fuels_standin import FuelsStandIn
from neurohumor.modules.energy.hormones_on_energy import CortisolOnHippocampus, HormonesOnEnergy
from neurohumor.modules.energy.neuron_astrocyte import NeuronAstrocyte
from neurohumor.modules.energy.neurovascular import Neurovascular
from neurohumor.modules.energy.whole_brain import WholeBrain
from neurohumor.modules.passage.barrier_glucose import BarrierGlucose
from neurohumor.modules.passage.barrier_monocarboxylate import BarrierMonocarboxylate
from neurohumor.modules.passage.barrier_oxygen import BarrierOxygen
from neurohumor.modules.passage.gut import Gut
from neurohumor.modules.rhythms.clock_standin import ClockStandIn
from neurohumor.modules.transmitters.glutamate_gaba import GlutamateGaba

MASSES = {"pfc": 120.0, "cortex": 440.0, "striatum": 20.0, "hippocampus": 7.0, "other_grey": 213.0, "white": 600.0}
"""Grams of tissue; 1400 in all."""
GREY, WHITE = 0.38, 0.21
"""Glucose use at rest, umol/g/min; what else a gram does at rest goes with it."""


def region(place: str) -> dict[str, Part]:
    """The parts of one region, by their names."""
    mass, glucose = MASSES[place], WHITE if place == "white" else GREY
    share = glucose / GREY
    barrier = {"ratio": 2.2, "Kt": 1.7} if place == "white" else {}
    return {
        f"{place}_glucose": part(BarrierGlucose, place, mass=mass, rest_use=glucose, **barrier),
        f"{place}_acids": part(BarrierMonocarboxylate, place, mass=mass, rest_use=glucose),
        f"{place}_oxygen": part(BarrierOxygen, place, mass=mass, rest_use=1.944 * share),
        f"{place}_tissue": part(NeuronAstrocyte, place, mass=mass, glc0=glucose, turn=0.003 * share),
        f"{place}_demand": part(Demand, place, rest=9.70 * share, vcyc_r=0.30 * share),
        f"{place}_cycle": part(GlutamateGaba, place, mass=mass, rest=0.30 * share),
        f"{place}_vessels": part(Neurovascular, place, rest=0.681 * share),
        f"{place}_failure": part(Failure, place),
        f"{place}_accounts": part(EnergyAccounts, place),
        f"{place}_clearance": part(Clearance, place, mass=mass),
        f"{place}_hormones": part(HormonesOnEnergy, place),
    }


def brain() -> dict[str, Part]:
    """The energy of all regions and of the whole."""
    parts = {name: made for place in MASSES for name, made in region(place).items()}
    return {**parts, "hippocampus_cortisol": part(CortisolOnHippocampus, "hippocampus"), "brain": part(WholeBrain)}


def activity() -> dict[str, Part]:
    """A stand-in for the firing of every region."""
    return {f"{place}_activity": part(ActivityStandIn, place) for place in MASSES}


def scenarios() -> dict[str, ShelfItem]:
    """What sleep may do to the clearance of waste, as two studies of mice have it; neither is believed, and the base has no effect."""
    names = tuple(f"{place}_clearance" for place in MASSES)
    found = {}
    for name, sleep, doc in (
        ("clearance_faster_asleep", 1.0, "waste cleared twice as fast in sleep, interstice 60 % wider (mice, 2013)"),
        ("clearance_slower_asleep", -0.5, "waste cleared half as fast in sleep (mice, the sign of a study of 2024)"),
    ):
        parts = {f"{place}_clearance": part(Clearance, place, mass=mass, sleep=sleep) for place, mass in MASSES.items()}
        found[name] = ShelfItem(parts, doc, replaces=names)
    return found


energy_only = Family(
    "energy_only",
    base={"clock": part(ClockStandIn), **activity(), **brain()},
    shelf={
        "fed": ShelfItem(
            {"gut": part(Gut, here="gut"), "fuels": part(FuelsStandIn)},
            doc="blood glucose after meals and lactate in exercise, from a stand-in",
        ),
        **scenarios(),
    },
    doc="The brain's energy: fuels and oxygen of the blood are held, clamped or fed; clock, sleep and activity are stand-ins.",
)
