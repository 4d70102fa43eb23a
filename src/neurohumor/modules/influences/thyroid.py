"""What acts on the thyroid axis from outside, and what thyroid hormone does to the brain: slow gains, neutral on the reference day.

    cortisol -| TSH                          T3 of the brain --> TPH2 of the raphe, -| its 5-HT1A, --> 5-HT2A of the cortex
    fasting --| deiodination to T3

Cortisol.  +32 % over a day halves TSH (Samuels 1997); without cortisol it doubles, with much it falls by more than half (Hangaard 1996).
Fasting.   T3 falls by 39 % in 80 h with T4 unchanged, and TSH is set lower (Gardner 1979).
Brain.     Expression only: thyroid hormone is no cofactor, and no enzyme stops without it (claim B06).  What T3 does to the brain's
           demand for ATP and to its blood flow (E15) stands with the energy of the brain.

Whose equations: ours; numbers as cited, else assumed within what the claims allow.
Valid for:       weeks; adults.
Left out:        development, hippocampal growth, beta receptors, and everything below evidence grade B.
"""

from neurohumor.lang import Influence, Input, Module, Param


class ThyroidAxisHands(Module):
    """Cortisol and fasting on the axis."""

    timescale = "slow"

    cortisol = Input("blood.cortisol_free", "nmol/L", 10.0, "free cortisol")
    fasting  = Input("blood.fasting",       "1",      0.0,  "0 fed, 1 long fast")

    K_cort    = Param(6.5,  "nmol/L", "free cortisol at half of its effect",      basis="assumed", gsd=1.5)
    n_cort    = Param(2.0,  "1",      "steepness of that",                        basis="assumed", gsd=1.3)
    emax_cort = Param(-1.7, "1",      "cortisol on TSH secretion",                basis="assumed", gsd=1.3, bounds=(-2.5, 0.0))
    tau_cort  = Param(8.0,  "h",      "how late",                                 basis="assumed", gsd=1.5)
    K_fast    = Param(0.3,  "1",      "fasting at half of its effect",            basis="assumed", gsd=1.5)
    n_fast    = Param(2.0,  "1",      "steepness of that",                        basis="assumed", gsd=1.3)
    emax_fast = Param(-0.95,"1",      "fasting on deiodination",                  basis="assumed", gsd=1.3, bounds=(-1.0, 0.0))
    emax_set  = Param(-0.5, "1",      "fasting on TSH secretion",                 basis="assumed", gsd=1.5, bounds=(-1.0, 0.0))
    tau_fast  = Param(8.0,  "h",      "how late",                                 basis="assumed", gsd=1.5)

    on_tsh = Influence("blood.gain.tsh", by=cortisol, emax=emax_cort, K=K_cort, n=n_cort, tau=tau_cort, claim="C11", grade="A",
                       doc="cortisol on TSH secretion")
    on_dio = Influence("blood.gain.deiodinase", by=fasting, emax=emax_fast, K=K_fast, n=n_fast, tau=tau_fast, claim="C11", grade="A",
                       doc="fasting on deiodination")
    on_set = Influence("blood.gain.tsh", by=fasting, emax=emax_set, K=K_fast, n=n_fast, tau=tau_fast, claim="C11", grade="A",
                       doc="fasting on TSH secretion")


class ThyroidOnTransmitters(Module):
    """T3 on serotonin's enzyme and receptors."""

    timescale = "slow"

    t3 = Input("brain.t3", "nmol/L", 2.0, "T3 in brain tissue")

    K       = Param(1.0,  "nmol/L", "T3 at half of its effects",                  basis="assumed", gsd=1.5)
    n       = Param(2.0,  "1",      "steepness of that",                          basis="assumed", gsd=1.3)
    e_tph2  = Param(0.25, "1",      "T3 on TPH2 of the raphe (-0.2 without T3)",  basis="assumed", gsd=1.5, bounds=(0.0, 0.4))
    e_ht1a  = Param(-0.25, "1",     "T3 on 5-HT1A of the raphe (+0.2 without)",   basis="assumed", gsd=1.5, bounds=(-0.5, 0.0))
    e_ht2a  = Param(0.25, "1",      "T3 on 5-HT2A of the cortex",                 basis="assumed", gsd=1.5, bounds=(0.0, 0.5))
    tau     = Param(14.0, "d",      "how late (7-28 d)",                          basis="assumed", gsd=1.5)

    on_tph2 = Influence("raphe.gain.tph2",  by=t3, emax=e_tph2, K=K, n=n, tau=tau, claim="F10", grade="B", doc="T3 on TPH2 of the raphe")
    on_ht1a = Influence("raphe.gain.ht1a",  by=t3, emax=e_ht1a, K=K, n=n, tau=tau, claim="B07", grade="B", doc="T3 on 5-HT1A of the raphe")
    on_ht2a = Influence("cortex.gain.ht2a", by=t3, emax=e_ht2a, K=K, n=n, tau=tau, claim="F10", grade="B", doc="T3 on 5-HT2A of the cortex")
