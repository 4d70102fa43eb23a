"""Monoamine terminals alone: firing, cofactors, dopamine of striatum and prefrontal cortex, serotonin of cortex and raphe.

Everything else is held: a person who is awake, amino acids at their nominals.  `STRIATUM`, `PFC`, `CORTEX`, ... are the parameter
sets of the regions; a set-point is the level at which the region rests awake when its brakes are left out.

The prefrontal cortex differs from striatum in what its terminals stand in: little DAT; noradrenaline terminals whose NET takes
dopamine; COMT for half of the clearance (kaenmaki2010, yavich2007: mice); a turnover twice that of striatum (rat, PMID 7272743);
autoreceptors that brake release but not synthesis (rat, PMID 3658117).
"""

from collections.abc import Mapping

from neurohumor.lang import Family, Part, ShelfItem, part
from neurohumor.modules.axes.insulin_standin import InsulinStandIn
from neurohumor.modules.influences.cortisol import CortisolOnBreakdown, CortisolOnDopamine, CortisolOnSerotonin
from neurohumor.modules.influences.estradiol import EstradiolOnBreakdown, EstradiolOnDopamine, EstradiolOnSerotonin
from neurohumor.modules.passage.amino_acids import AminoAcids
from neurohumor.modules.passage.barrier_amino_acid import BarrierAminoAcid
from neurohumor.modules.passage.gut import Gut
from neurohumor.modules.passage.kynurenine import Kynurenine
from neurohumor.modules.transmitters.cofactors import Cofactors
from neurohumor.modules.transmitters.dopamine_terminal import DopamineTerminal
from neurohumor.modules.transmitters.firing import Firing
from neurohumor.modules.transmitters.serotonin_cell_body import SerotoninCellBody
from neurohumor.modules.transmitters.serotonin_terminal import SerotoninTerminal

Values = Mapping[str, float]

STRIATUM: Values = {"mass": 20.0, "content": 17.6}
PFC: Values = {
    "mass": 120.0,
    "content": 0.3,
    "da_set": 0.000477,
    "bh4_rest": 285.6,
    "K_d2": 0.0016,
    "n_brake": 0.0,
    "Vmax_TH": 275.0,
    "k_rel": 0.4,
    "Vmax_DAT": 570.0,
    "Vmax_NET": 166.0,
    "Vmax_COMT": 1850.0,
    "k_rem": 92.0,
}
"""Dopamine: content 0.05 ug/g, assumed; release, uptake and COMT set to a half-decay of 1.9 s with half of it COMT's."""

HT_CORTEX: Values = {"mass": 440.0, "content": 0.3, "k_rem": 150.0, "ht_set": 0.00066}
HT_RAPHE: Values = {"mass": 0.1, "content": 4.0, "ht_set": 0.000764}

DOPAMINE = ("striatum", "pfc")
"""Where dopamine terminals are."""
BREAKDOWN = ("striatum", "pfc", "cortex", "raphe")
"""Where MAO-A breaks down what terminals made."""


def monoamines() -> dict[str, Part]:
    """Firing, cofactors and the monoamine terminals."""
    return {
        "firing": part(Firing, here="brain"),
        "cofactors": part(Cofactors, here="brain"),
        "da_striatum": part(DopamineTerminal, here="striatum", **STRIATUM),
        "da_pfc": part(DopamineTerminal, here="pfc", **PFC),
        "ht_cortex": part(SerotoninTerminal, here="cortex", **HT_CORTEX),
        "ht_raphe": part(SerotoninTerminal, here="raphe", **HT_RAPHE),
        "raphe": part(SerotoninCellBody, here="raphe"),
    }


def hormones() -> dict[str, Part]:
    """Cortisol and estradiol on the monoamines."""
    return {
        "cortisol_on_serotonin": part(CortisolOnSerotonin, here="brain"),
        "estradiol_on_serotonin": part(EstradiolOnSerotonin, here="brain"),
        **{f"cortisol_on_{place}_dopamine": part(CortisolOnDopamine, here=place) for place in DOPAMINE},
        **{f"estradiol_on_{place}_dopamine": part(EstradiolOnDopamine, here=place) for place in DOPAMINE},
        **{f"cortisol_on_{place}_breakdown": part(CortisolOnBreakdown, here=place) for place in BREAKDOWN},
        **{f"estradiol_on_{place}_breakdown": part(EstradiolOnBreakdown, here=place) for place in BREAKDOWN},
    }


def meals() -> dict[str, Part]:
    """What brings amino acids to the terminals."""
    return {
        "gut": part(Gut, here="gut"),
        "insulin": part(InsulinStandIn, here="blood"),
        "amino_acids": part(AminoAcids, here="blood"),
        "kynurenine": part(Kynurenine),
        "barrier_amino_acid": part(BarrierAminoAcid, here="brain"),
    }


synapse = Family(
    "synapse",
    monoamines(),
    shelf={
        "meals": ShelfItem(meals(), "meals to amino acids of blood and brain, which the terminals then draw on"),
        "hormones": ShelfItem(hormones(), "cortisol and estradiol on enzymes, carriers and receptors of the monoamines"),
    },
    doc="Monoamine terminals of striatum, prefrontal cortex, cortex and raphe; firing and cofactors; meals and hormones on the shelf.",
)
