"""What estradiol does to the monoamines: slow gains on enzymes, receptors and transporters; neutral where estradiol is held.

    free estradiol of the brain --(weeks)--> TPH2 of the raphe, 5-HT2A of the cortex; SERT (down in weeks, up in months)
                                --| 5-HT1A of the raphe, MAO-A of each region, COMT; TH (default none)

MAO-A.  Its binding is higher after the menopause than before (Rekkas 2014); the level term is set on that.  That it is higher still
        while estradiol falls asks for a term on the fall, which the cycle brings.
SERT.   Two hands of opposite sign, of weeks and of months: a month of estradiol changes the protein by nothing, five raise it.

Whose equations: ours; numbers as cited, else assumed within what the claims allow.
Valid for:       adult women, weeks to months; free estradiol of the brain (2 to 3 % of that of plasma).
Left out:        progesterone and its withdrawal, the fall of estradiol as a signal of its own, quick effects at membranes, men apart.
"""

from neurohumor.lang import Influence, Input, Module, Param


class EstradiolOnSerotonin(Module):
    """Estradiol on serotonin cells, their carrier, and 5-HT2A of the cortex."""

    timescale = "slow"

    estradiol = Input("brain.estradiol", "pmol/L", 8.0, "estradiol in brain, free")

    K       = Param(4.5,   "pmol/L", "free estradiol at half of its effects",         basis="assumed", gsd=1.5, bounds=(1.0, 20.0))
    tau     = Param(20.0,  "d",      "how late (10-30 d)",                             basis="assumed", gsd=1.4)
    tau_up  = Param(90.0,  "d",      "how late its rise of SERT is",                   basis="assumed", gsd=1.5)
    e_tph2  = Param(0.3,   "1",      "estradiol on TPH2 (0-1.5)",   basis="assumed", origin="macaque", gsd=2.0, bounds=(0.0, 1.5))
    e_1a    = Param(-0.2,  "1",      "estradiol on 5-HT1A of the raphe",               basis="assumed", origin="macaque", gsd=1.5,
                    bounds=(-0.3, 0.0))
    e_2a    = Param(0.25,  "1",      "estradiol on 5-HT2A of the cortex: +10 % of replacement", basis="assumed", gsd=2.0,
                    bounds=(-0.1, 0.5))
    e_sert  = Param(-0.1,  "1",      "estradiol on SERT, in weeks",                    basis="assumed", origin="macaque", gsd=2.0,
                    bounds=(-0.3, 0.0))
    e_later = Param(0.3,   "1",      "estradiol on SERT, in months",                   basis="assumed", origin="macaque", gsd=2.0,
                    bounds=(0.0, 0.6))

    on_tph2  = Influence("raphe.gain.tph2",  by=estradiol, emax=e_tph2, K=K, tau=tau, claim="F12", grade="B", doc="estradiol on TPH2")
    on_1a    = Influence("raphe.gain.ht1a",  by=estradiol, emax=e_1a, K=K, tau=tau, claim="C05", grade="C",
                         doc="estradiol on 5-HT1A, raphe")
    on_2a    = Influence("cortex.gain.ht2a", by=estradiol, emax=e_2a, K=K, tau=tau, claim="F11", grade="C",
                         doc="estradiol on 5-HT2A, cortex")
    on_sert  = Influence("cortex.gain.sert", by=estradiol, emax=e_sert, K=K, tau=tau, claim="F12", grade="B",
                         doc="estradiol on SERT, in weeks")
    on_later = Influence("cortex.gain.sert", by=estradiol, emax=e_later, K=K, tau=tau_up, claim="F12", grade="B",
                         doc="estradiol on SERT, in months")


class EstradiolOnDopamine(Module):
    """Estradiol on the enzymes of the dopamine terminals here."""

    timescale = "slow"

    estradiol = Input("brain.estradiol", "pmol/L", 8.0, "estradiol in brain, free")

    K      = Param(4.5,  "pmol/L", "free estradiol at half of its effects", basis="assumed", gsd=1.5, bounds=(1.0, 20.0))
    tau    = Param(20.0, "d",      "how late (10-30 d)",                     basis="assumed", gsd=1.4)
    e_th   = Param(0.0,  "1",      "estradiol on TH (rodents: up; women: not seen)", basis="assumed", bounds=(-0.1, 0.3), estimate=False)
    e_comt = Param(-0.1, "1",      "estradiol on COMT (cell lines: down)",   basis="assumed", gsd=2.0, bounds=(-0.4, 0.0))

    on_th   = Influence("{here}.gain.th",   by=estradiol, emax=e_th, K=K, tau=tau, claim="F10", grade="C", doc="estradiol on TH")
    on_comt = Influence("{here}.gain.comt", by=estradiol, emax=e_comt, K=K, tau=tau, claim="F10", grade="C", doc="estradiol on COMT")


class EstradiolOnBreakdown(Module):
    """Estradiol on monoamine oxidase A of one region."""

    timescale = "slow"

    estradiol = Input("brain.estradiol", "pmol/L", 8.0, "estradiol in brain, free")

    K      = Param(4.5,   "pmol/L", "free estradiol at half of its effect",          basis="assumed", gsd=1.5, bounds=(1.0, 20.0))
    tau    = Param(20.0,  "d",      "how late (10-30 d)",                             basis="assumed", gsd=1.4)
    e_maoa = Param(-0.361, "1",     "estradiol on MAO-A: +15.5 % after the menopause, at 1.2 for 8 pmol/L", cite="rekkas2014 abstract",
                   gsd=1.5, bounds=(-0.7, 0.0))

    on_maoa = Influence("{here}.gain.maoa", by=estradiol, emax=e_maoa, K=K, tau=tau, claim="F13", grade="B", doc="estradiol on MAO-A")
