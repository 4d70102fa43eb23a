"""What a report draws first, section by section; everything else is in its tables and in the files of the run."""

from neurohumor.lang.readout import Headline

HEADLINES = (
    Headline("Sleep and clock", ("brain.asleep", "brain.circadian", "brain.arousal", "brain.adenosine", "blood.melatonin")),
    Headline(
        "Meals and amino acids",
        ("gut.glucose_appearance", "blood.glucose", "blood.tryptophan", "blood.tryptophan_ratio", "blood.tyrosine", "brain.tryptophan",
         "brain.tyrosine"),
    ),
    Headline(
        "Hormones",
        ("blood.cortisol", "blood.cortisol_free", "blood.acth", "blood.insulin", "blood.tsh", "blood.ft4", "blood.ft3", "blood.t4",
         "blood.t3", "blood.estradiol", "blood.testosterone", "blood.progesterone"),
    ),
    Headline(
        "Transmitters",
        ("da.firing", "striatum.dopamine", "striatum.dopamine_release", "striatum.dopamine_synthesis", "pfc.dopamine",
         "pfc.dopamine_release", "ht.firing", "cortex.serotonin", "cortex.serotonin_release", "cortex.serotonin_synthesis",
         "raphe.serotonin", "raphe.ht1a"),
    ),
    Headline(
        "Energy of the brain",
        ("brain.j_atp", "brain.atp_demand", "brain.cmrglc", "brain.cmro2", "brain.cbf", "brain.dg_atp", "brain.supply_reserve",
         "cortex.j_atp", "cortex.lactate", "cortex.waste", "brain.waste"),
    ),
)  # fmt: skip
