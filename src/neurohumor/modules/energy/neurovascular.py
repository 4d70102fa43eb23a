"""Blood flow of a region: called ahead by activity, set by carbon dioxide, oxygen and glucose; the venous balloon and BOLD.

    activity --(gN)--> signal --> flow --> balloon (volume, deoxyhaemoglobin) --> BOLD
    CO2, O2, glucose, hormones ----^

Flow is called by activity, not by want of energy.  Above quiet waking it rises several times as much as oxygen use; below, as much.

Whose equations: ours for the flow (claims E10, M08); balloon and BOLD of Buxton (1998) in the usual form.
Valid for:       seconds to months; arterial pressure within the range that is regulated.
Left out:        arterial pressure, stealing between regions, the slow undershoot's own causes.
"""

from neurohumor.lang import Derived, Input, Level, Module, Output, Param, Rate, exp, inhibition, power, smooth_max


class Neurovascular(Module):
    """Blood flow, venous volume and BOLD of one region."""

    timescale = "fast"

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    activity   = Input("{here}.activity",   "1",      1.0,   "glutamatergic activity, 1 = quiet waking")
    oef        = Input("{here}.oef",        "1",      0.345, "oxygen extraction fraction")
    gain       = Input("{here}.gain.cbf",   "1",      1.0,   "influences on blood flow", gather="product")
    glucose    = Input("blood.glucose",     "mmol/L", 5.0,   "glucose in blood")
    paco2      = Input("world.paco2",       "mmHg",   40.0,  "arterial carbon dioxide tension")
    pao2       = Input("world.pao2",        "mmHg",   95.0,  "arterial oxygen tension")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    flow   = Level(1.0, "1",   "blood flow, relative to rest")
    signal = Level(0.0, "1/s", "what changes flow", signed=True, scale=0.1)
    volume = Level(1.0, "1",   "venous volume, relative to rest")
    deoxy  = Level(1.0, "1",   "venous deoxyhaemoglobin, relative to rest")

    # ── Flow ───────────────────────────────────────────────────────────────────────────────────────
    rest  = Param(0.681, "mL/g/min", "flow at rest, grey matter 0.68",                 basis="assumed", gsd=1.1, cv=0.12)
    gN    = Param(4.0,   "1",        "gain on activity above quiet waking (2-10)",     basis="assumed", gsd=1.4)
    gCO2  = Param(0.035, "1/mmHg",   "gain on carbon dioxide (0.02-0.06)",             basis="assumed", gsd=1.3)
    gO2   = Param(0.8,   "1",        "rise at deep hypoxia",                           basis="assumed", gsd=1.5)
    K_o2  = Param(38.0,  "mmHg",     "arterial oxygen at half of it",                  basis="assumed", gsd=1.2)
    gGlc  = Param(0.4,   "1",        "rise at deep hypoglycaemia",                     basis="assumed", gsd=1.5)
    K_glc = Param(1.8,   "mM",       "blood glucose at half of it",                    basis="assumed", gsd=1.2)
    tau_s = Param(1.54,  "s",        "decay of the signal",                            basis="assumed", gsd=1.3)
    tau_f = Param(2.46,  "s",        "return of flow",                                 basis="assumed", gsd=1.3)

    called = Derived(activity + (gN - 1) * (smooth_max(activity - 1, 0.0, 0.02) - 0.01), "1", "what activity calls for")
    carbon = Derived(1 + gCO2 * (paco2 - paco2.at_nominal), "1", "carbon dioxide")
    want   = Derived(1 + gO2 * inhibition(pao2, K_o2, 6) + gGlc * inhibition(glucose, K_glc, 6), "1", "hypoxia and hypoglycaemia")
    wanted = Derived(gain * called * smooth_max(carbon, 0.3, 0.02) * want,
                     "1", "flow to come")
    d_signal = Rate(signal, (wanted - flow) / (tau_f * tau_f) - signal / tau_s, "1/s^2", "second order: a signal that decays")
    # A vessel that carries nothing cannot carry less.
    d_flow   = Rate(flow,   signal * (1 - exp(-flow / 0.01)), "1/s",   "flow follows the signal")

    # ── Balloon ────────────────────────────────────────────────────────────────────────────────────
    transit = Param(2.0,   "s", "mean transit through the veins",      basis="assumed", gsd=1.3)
    grubb   = Param(0.38,  "1", "volume's power of flow",              basis="assumed", origin="monkey", gsd=1.1)
    V0      = Param(0.03,  "1", "venous volume at rest",               basis="assumed", gsd=1.3)
    E0      = Param(0.345, "1", "extraction at rest",                  basis="assumed", gsd=1.1)
    k1      = Param(7.0,   "1", "BOLD, outside vessels, times extraction", basis="assumed", gsd=1.3)
    k2      = Param(2.0,   "1", "BOLD, inside vessels",                basis="assumed", gsd=1.3)

    leaving  = Derived(power(volume, 1 / grubb), "1", "flow out of the balloon")
    d_volume = Rate(volume, (flow - leaving) / transit,                              "1/s", "filling")
    d_deoxy  = Rate(deoxy,  (flow * oef / E0 - leaving * deoxy / volume) / transit,  "1/s", "deoxyhaemoglobin in and out")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    cbf  = Output("{here}.cbf",  rest * flow, "mL/g/min", "blood flow")
    bold = Output("{here}.bold", V0 * (k1 * E0 * (1 - deoxy) + k2 * (1 - deoxy / volume) + (2 * E0 - 0.2) * (1 - volume)),
                  "1", "BOLD signal")
