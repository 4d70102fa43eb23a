"""What hormones do to a region's demand for energy and to its blood flow; neutral on the reference orbit.

    T3 --(weeks)--> demand, blood flow        insulin --> demand        estradiol --(weeks)--> demand

None of them touches the barrier: insulin moves no glucose across it (claim E12).  Each acts through demand or flow, since the
enzymes have little control.  Chronic cortisol on the hippocampus is the part `CortisolOnHippocampus`.

Whose equations: ours, of the form that every influence has.
Valid for:       slow change of hormones; directions in people, sizes from few and small studies.
Left out:        the bell shape of limbic regions in thyrotoxicosis (claim E15), insulin resistance (claim E16).
"""

from neurohumor.lang import Influence, Input, Module, Param


class HormonesOnEnergy(Module):
    """T3, insulin and estradiol on demand and blood flow of one region."""

    timescale = "slow"

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    t3        = Input("brain.t3",        "nmol/L", 2.0,  "T3 in brain")
    insulin   = Input("blood.insulin",   "pmol/L", 60.0, "insulin in blood")
    estradiol = Input("brain.estradiol", "pmol/L", 8.0,  "estradiol in brain, free")

    # ── T3 ─────────────────────────────────────────────────────────────────────────────────────────
    e_t3_use  = Param(0.20,  "1",      "T3 on demand",        basis="assumed", gsd=1.4, bounds=(0.0, 0.6))
    e_t3_flow = Param(0.36,  "1",      "T3 on blood flow",    basis="assumed", gsd=1.4, bounds=(0.0, 0.8))
    K_t3      = Param(1.0,   "nmol/L", "T3 at half effect",   basis="assumed", gsd=1.5)
    n_t3      = Param(2.0,   "1",      "steepness",           basis="assumed", gsd=1.3)
    tau_t3    = Param(14.0,  "d",      "its time constant (14-28)", basis="assumed", gsd=1.3)
    t3_demand = Influence("{here}.gain.demand", by=t3, emax=e_t3_use,  K=K_t3, n=n_t3, tau=tau_t3, claim="E15", grade="B",
                          doc="T3 on demand")
    t3_flow   = Influence("{here}.gain.cbf",    by=t3, emax=e_t3_flow, K=K_t3, n=n_t3, tau=tau_t3, claim="E15", grade="B",
                          doc="T3 on blood flow")

    # ── Insulin: saturates at basal levels ─────────────────────────────────────────────────────────
    e_ins      = Param(0.066, "1",      "insulin on demand (0-0.25)",  basis="assumed", gsd=1.5, bounds=(0.0, 0.3))
    K_ins      = Param(50.0, "pmol/L", "insulin at half effect",      basis="assumed", gsd=1.4)
    tau_ins    = Param(1.0,  "h",      "how late: into the brain",    basis="assumed", gsd=1.5)
    ins_demand = Influence("{here}.gain.demand", by=insulin, emax=e_ins, K=K_ins, n=3.0, tau=tau_ins, claim="E13", grade="C",
                           doc="insulin on demand")

    # ── Estradiol: observational, small ────────────────────────────────────────────────────────────
    e_e2       = Param(0.05, "1",      "estradiol on demand (0-0.15)", basis="assumed", gsd=2.0, bounds=(-0.05, 0.15))
    K_e2       = Param(4.5,  "pmol/L", "estradiol at half effect, free", basis="assumed", gsd=1.5)
    tau_e2     = Param(20.0, "d",      "its time constant (10-30)",    basis="assumed", gsd=1.4)
    e2_demand  = Influence("{here}.gain.demand", by=estradiol, emax=e_e2, K=K_e2, tau=tau_e2, claim="E22", grade="C",
                           doc="estradiol on demand")


class CortisolOnHippocampus(Module):
    """Cortisol lowers the hippocampus's demand for glucose, within the hour."""

    timescale = "fast"

    cortisol = Input("brain.cortisol_free", "nmol/L", 10.0, "free cortisol in brain")
    e_use    = Param(-0.25, "1",      "cortisol on demand (-0.35..-0.1)",                  basis="assumed", gsd=1.4, bounds=(-0.5, 0.0))
    K_use    = Param(60.0,  "nmol/L", "cortisol at half effect: 2-3 times a morning's free", basis="assumed", gsd=1.5)
    tau_use  = Param(0.5,   "h",      "its time constant (0.5-1)",                         basis="assumed", gsd=1.4)
    demand   = Influence("{here}.gain.demand", by=cortisol, emax=e_use, K=K_use, n=2.0, tau=tau_use, claim="E18", grade="C",
                         doc="cortisol on the hippocampus")
