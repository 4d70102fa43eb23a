"""What cortisol does to the monoamines: slow gains on enzymes, receptors and transporters, neutral on the reference day.

    free cortisol of the brain --(GR; a week)--> TPH2, SERT and 5-HT1A of serotonin cells; TH; MAO-A
                                          --| 5-HT1A of the hippocampus

Best estimate for people is nothing for all but the hippocampus's 5-HT1A, and so are the defaults; the bounds are what animals and
cell lines leave open, both signs where they disagree.  Acute stress reaches dopamine through the locus, in `firing`, not here; and
the precursors through the liver, in `kynurenine`.

Whose equations: ours; numbers are assumed within what the claims allow.
Valid for:       weeks; adults.
Left out:        the adrenal medulla and the locus (no terminals yet), MR apart from GR, glutamate's receptors, other hormones of stress.
"""

from neurohumor.lang import Influence, Input, Module, Param


class CortisolOnSerotonin(Module):
    """Cortisol on the enzyme, the receptor and the carrier of serotonin cells, and on 5-HT1A of the hippocampus."""

    timescale = "slow"

    cortisol = Input("brain.cortisol_free", "nmol/L", 10.0, "free cortisol of the brain")

    K      = Param(20.0, "nmol/L", "free cortisol at half of its effects: GR",        basis="assumed", gsd=1.5, bounds=(5.0, 80.0))
    tau    = Param(7.0,  "d",      "how late (5-14 d)",                                basis="assumed", gsd=1.4)
    e_tph2 = Param(0.0,  "1",      "cortisol on TPH2 (rat: flatter day, little loss)", basis="assumed", bounds=(-0.3, 0.3), estimate=False)
    e_sert = Param(0.0,  "1",      "cortisol on SERT (cell lines: up)",                basis="assumed", bounds=(-0.2, 0.3), estimate=False)
    e_1a   = Param(0.0,  "1",      "cortisol on 5-HT1A of the raphe (rodents: down)",  basis="assumed", bounds=(-0.4, 0.1), estimate=False)
    e_hip  = Param(-0.3, "1",      "cortisol on 5-HT1A of the hippocampus",            basis="assumed", gsd=1.5, bounds=(-0.6, 0.0))

    on_tph2 = Influence("raphe.gain.tph2",  by=cortisol, emax=e_tph2, K=K, tau=tau, claim="O10", grade="B", doc="cortisol on TPH2")
    on_sert = Influence("cortex.gain.sert", by=cortisol, emax=e_sert, K=K, tau=tau, claim="O04", grade="C", doc="cortisol on SERT, cortex")
    on_1a   = Influence("raphe.gain.ht1a",  by=cortisol, emax=e_1a, K=K, tau=tau, claim="O10", grade="B", doc="cortisol on 5-HT1A, raphe")
    on_hip  = Influence("hippocampus.gain.ht1a", by=cortisol, emax=e_hip, K=K, tau=tau, claim="O10", grade="B",
                        doc="cortisol on 5-HT1A, hippocampus")


class CortisolOnDopamine(Module):
    """Cortisol on tyrosine hydroxylase of the dopamine terminals here."""

    timescale = "slow"

    cortisol = Input("brain.cortisol_free", "nmol/L", 10.0, "free cortisol of the brain")

    K    = Param(20.0, "nmol/L", "free cortisol at half of its effect: GR",    basis="assumed", gsd=1.5, bounds=(5.0, 80.0))
    tau  = Param(7.0,  "d",      "how late (5-14 d)",                          basis="assumed", gsd=1.4)
    e_th = Param(0.0,  "1",      "cortisol on TH (locus: up; dopamine cells: both signs)", basis="assumed", bounds=(-0.2, 0.4),
                 estimate=False)

    on_th = Influence("{here}.gain.th", by=cortisol, emax=e_th, K=K, tau=tau, claim="O10", grade="B", doc="cortisol on TH")


class CortisolOnBreakdown(Module):
    """Cortisol on monoamine oxidase A of one region."""

    timescale = "slow"

    cortisol = Input("brain.cortisol_free", "nmol/L", 10.0, "free cortisol of the brain")

    K      = Param(20.0, "nmol/L", "free cortisol at half of its effect: GR", basis="assumed", gsd=1.5, bounds=(5.0, 80.0))
    tau    = Param(7.0,  "d",      "how late (5-14 d)",                       basis="assumed", gsd=1.4)
    e_maoa = Param(0.0,  "1",      "cortisol on MAO-A (cell lines: up)",      basis="assumed", bounds=(-0.1, 0.4), estimate=False)

    on_maoa = Influence("{here}.gain.maoa", by=cortisol, emax=e_maoa, K=K, tau=tau, claim="O10", grade="C", doc="cortisol on MAO-A")
