"""Meals and what they bring: gut, insulin (stand-in), amino acids, kynurenine, the barrier; beside the stress axis, which moves them."""

from neurohumor.lang import Family, part
from neurohumor.models.hpa_only import hpa_only
from neurohumor.modules.axes.insulin_standin import InsulinStandIn
from neurohumor.modules.passage.amino_acids import AminoAcids
from neurohumor.modules.passage.barrier_amino_acid import BarrierAminoAcid
from neurohumor.modules.passage.gut import Gut
from neurohumor.modules.passage.kynurenine import Kynurenine

meals_only = Family(
    "meals_only",
    {
        **hpa_only.base,
        "gut": part(Gut, here="gut"),
        "insulin": part(InsulinStandIn, here="blood"),
        "amino_acids": part(AminoAcids, here="blood"),
        "kynurenine": part(Kynurenine),
        "barrier_amino_acid": part(BarrierAminoAcid, here="brain"),
    },
    shelf=hpa_only.shelf,
    doc="Meals to amino acids of blood and brain, with the stress axis; hydrocortisone and dexamethasone on the shelf.",
)
