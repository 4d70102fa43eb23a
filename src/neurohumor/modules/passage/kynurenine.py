"""Tryptophan down the kynurenine pathway: through the liver's TDO and, elsewhere, through IDO.

    free tryptophan --TDO (liver)--> kept by the liver; a little ---> kynurenine in blood ---> cleared
                    --IDO (elsewhere) ------------------------------>

TDO.     Rises more than in proportion with free tryptophan (substrate activation) up to a ceiling.
IDO.     Saturable; raised by inflammation (1 = interferon-alpha therapy).
Cortisol. Induces TDO in the rat.  In people the larger dose of hydrocortisone goes with more tryptophan and less kynurenine
         (Sorgdrager 2018), so that the default hand holds IDO back and that on TDO is 0; only their difference can be told apart.

Whose equations: ours.
Valid for:       fasting to large loads of tryptophan, hours to months.
Left out:        kynurenine's own fate (kynurenic, quinolinic acid), haem and NADPH on TDO, lags of induction by tryptophan,
                 serotonin of the gut, kynurenine of the brain.
"""

from neurohumor.lang import Compartment, Derived, Flux, Influence, Input, Module, Output, Param, Species, power


class Kynurenine(Module):
    """TDO and IDO on tryptophan, and kynurenine in blood."""

    timescale = "fast"

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    weight   = Input("person.weight",         "kg",     70.0, "body weight")
    free     = Input("blood.tryptophan_free", "uM",     7.55, "free tryptophan")
    cortisol = Input("blood.cortisol_free",   "nmol/L", 10.2, "free cortisol")
    alarm    = Input("world.inflammation",    "1",      0.0,  "inflammation, 1 = interferon-alpha therapy")
    tdo_gain = Input("liver.gain.tdo",       "1",      1.0,  "gain of TDO", gather="product")
    ido_gain = Input("liver.gain.ido",       "1",      1.0,  "gain of IDO", gather="product")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    v_kyn = Param(0.3, "L/kg", "where kynurenine is what plasma shows", basis="assumed", gsd=1.4)
    rest  = Param(2.0, "uM",   "kynurenine after a night",              basis="assumed", gsd=1.15, cv=0.2)

    plasma     = Compartment(v_kyn * weight, "L", "kynurenine")
    kynurenine = Species(plasma, rest, "uM", "kynurenine in plasma", content={"kynurenine": 1})

    # ── The two branches ───────────────────────────────────────────────────────────────────────────
    use     = Param(2.312,  "umol/kg/h", "tryptophan oxidised after a night: what body protein then loses", basis="assumed", gsd=1.15)
    hepatic = Param(0.90,   "1",  "share of the liver", cite="badawy2017 abstract", basis="measured", gsd=1.05, bounds=(0.0, 1.0))
    at_rest = Param(8.0,    "uM", "free tryptophan after a night",       basis="assumed", gsd=1.2)
    K_tdo   = Param(58.0,   "uM", "TDO, half saturation, free",          basis="assumed", gsd=1.4)
    n_tdo   = Param(2.0,    "1",  "TDO, steepness",                      basis="assumed", gsd=1.2)
    K_ido   = Param(20.0,   "uM", "IDO, half saturation, free",          basis="assumed", gsd=1.5)
    e_alarm = Param(1.5,    "1",  "rise of IDO by inflammation 1",       basis="assumed", gsd=1.5)

    # As clearances of free tryptophan, so that what plasma loses is plasma's to reckon and stays finite without any.
    by_tdo = Derived(hepatic * use * weight * tdo_gain / at_rest * power(free / at_rest, n_tdo - 1)
                     * (1 + power(at_rest / K_tdo, n_tdo)) / (1 + power(free / K_tdo, n_tdo)), "L/h", "cleared by TDO")
    by_ido = Derived((1 - hepatic) * use * weight * ido_gain * (1 + e_alarm * alarm) / at_rest * (K_ido + at_rest) / (K_ido + free),
                     "L/h", "cleared by IDO")

    # ── Kynurenine in blood ────────────────────────────────────────────────────────────────────────
    spill = Param(0.10, "1", "kynurenine made by TDO that leaves the liver", basis="assumed", gsd=1.6, bounds=(0.0, 1.0))

    from_liver = Flux(0 >> kynurenine, spill * by_tdo * free, "umol/h", "made by TDO")
    from_other = Flux(0 >> kynurenine, by_ido * free,         "umol/h", "made by IDO")
    cleared    = Flux(kynurenine >> 0, (spill * hepatic + 1 - hepatic) * use * weight * kynurenine / rest, "umol/h", "cleared")

    # ── Cortisol ───────────────────────────────────────────────────────────────────────────────────
    e_tdo  = Param(0.0,  "1",      "cortisol on TDO (rat: up; man: not seen)",     basis="assumed", bounds=(-0.5, 1.0), estimate=False)
    e_ido  = Param(-1.2, "1",      "cortisol on IDO, all against none of its effect", basis="assumed", gsd=1.5, bounds=(-1.4, 0.5))
    K_cort = Param(20.0, "nmol/L", "free cortisol at half effect",                 basis="assumed", gsd=1.5)
    tau    = Param(2.0,  "d",      "its time constant",                            basis="assumed", gsd=1.5)

    on_tdo = Influence("liver.gain.tdo", by=cortisol, emax=e_tdo, K=K_cort, tau=tau, claim="B08", grade="D", doc="cortisol on TDO")
    on_ido = Influence("liver.gain.ido", by=cortisol, emax=e_ido, K=K_cort, tau=tau, claim="B08", grade="D", doc="cortisol on IDO")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    clearance = Output("blood.tryptophan_clearance", by_tdo + by_ido, "L/h", "free tryptophan cleared down the kynurenine pathway")
    level     = Output("blood.kynurenine", kynurenine, "uM", "kynurenine in plasma")
