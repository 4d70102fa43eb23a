"""What fails first when energy runs short: release and firing, before the sodium pump, before ATP itself.

    dG of ATP --logistic--> release permitted, KATP closed, sodium pump at work
    glucose of tissue ------> release permitted

Each is a logistic of the free energy of ATP, divided by its value at rest.  Release also needs glucose at hand, since vesicles are
filled by ATP from glycolysis beside them: so signalling falls in hypoglycaemia while the cell's ATP still stands.

Whose equations: ours (claim E19, E09; decision 27: centre -50 kJ/mol, width 2); the part of local glycolysis is assumed.
Valid for:       hypoglycaemia and hypoxia in minutes.
Left out:        ions and membranes themselves, spreading depolarisation, damage.
"""

from neurohumor.lang import Derived, Input, Module, Output, Param, logistic


class Failure(Module):
    """What the energy state of one region allows."""

    timescale = "fast"

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    dg      = Input("{here}.dg_atp",  "kJ/mol", -59.0, "free energy of ATP")
    glucose = Input("{here}.glucose", "mmol/L", 0.98, "glucose of tissue")

    # ── What each bears ────────────────────────────────────────────────────────────────────────────
    rest    = Param(-59.0, "kJ/mol", "free energy at rest",             basis="assumed", gsd=1.0, bounds=(-80, -30))
    release = Param(-50.0, "kJ/mol", "half of release",                 basis="assumed", gsd=1.0, bounds=(-80, -30))
    pump    = Param(-45.0, "kJ/mol", "half of the sodium pump",         basis="assumed", gsd=1.0, bounds=(-80, -30))
    katp    = Param(-52.0, "kJ/mol", "half of the KATP channels open",  basis="assumed", gsd=1.0, bounds=(-80, -30))
    width   = Param(2.0,   "kJ/mol", "how gently each turns",           basis="assumed", gsd=1.3)

    K_glc   = Param(0.024, "mM",     "glucose at half of release",      basis="assumed", gsd=2.0)
    glc_r   = Param(0.98,  "mM",     "glucose at rest",                 basis="assumed", gsd=1.2)

    allowed = Derived(logistic(-dg, -release, width) / logistic(-rest, -release, width), "1", "release that the free energy allows")
    filled  = Derived(glucose / (K_glc + glucose) * (K_glc + glc_r) / glc_r,       "1", "release that local glycolysis allows")
    pumping = Output("{here}.pump", logistic(-dg, -pump, width) / logistic(-rest, -pump, width), "1", "sodium pump, 1 at rest")
    open_k  = Output("{here}.katp", logistic(dg, katp, width) - logistic(rest, katp, width),     "1", "KATP channels open beyond rest")
    lost    = Output("{here}.failure_index", 1 - allowed * filled, "1", "failure index: release that is lost")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    permit = Output("{here}.release_permission", allowed * filled, "1", "release permitted")
