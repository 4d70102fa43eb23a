"""What a region's work costs in ATP: housekeeping, the glutamate and GABA cycle, action potentials.

    activity -> release -> uptake = cycle (Vcyc) --c--> ATP
    activity -> action potentials           --d--> ATP        housekeeping --> ATP

Shares at rest: 20 % housekeeping, 55 % with the cycle (its own cost and the currents behind it), 25 % action potentials; cycle and
firing are two parts of one cost, so neither is counted in the other.  That glucose use follows the cycle about one to one is
a result, not an equation.

Whose equations: ours (claims E09, C13, M07; decisions 1, 2).
Valid for:       sleep to strong stimulation.
Left out:        ATP apart for neuron and astrocyte, the cost of temperature, of growth and repair in disease.
"""

from neurohumor.lang import Derived, Input, Module, Output, Param


class Demand(Module):
    """ATP asked for by one region."""

    timescale = "fast"

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    activity = Input("{here}.activity",           "1",          1.0,  "glutamatergic activity, 1 = quiet waking")
    vcyc     = Input("{here}.vcyc",               "umol/g/min", 0.30, "glutamate and GABA cycle")
    permit   = Input("{here}.release_permission", "1",          1.0,  "how much signalling the energy state allows")
    gain     = Input("{here}.gain.demand",        "1",          1.0,  "influences on demand", gather="product")

    # ── Shares ─────────────────────────────────────────────────────────────────────────────────────
    rest   = Param(9.70, "umol/g/min", "ATP use at rest, grey matter 9.7",     basis="assumed", gsd=1.1, cv=0.08)
    house  = Param(0.20, "1",          "share of housekeeping (0.20-0.25)",    basis="assumed", gsd=1.2, bounds=(0.0, 0.9))
    cycle  = Param(0.55, "1",          "share that goes with the cycle",       basis="assumed", gsd=1.2, bounds=(0.0, 0.9), estimate=False)
    vcyc_r = Param(0.30, "umol/g/min", "cycle at rest",                        basis="assumed", gsd=1.2, estimate=False)

    of_house = Derived(rest * house,                                         "umol/g/min", "housekeeping")
    of_cycle = Derived(rest * cycle * vcyc / vcyc_r,                         "umol/g/min", "release, uptake and the currents behind them")
    of_spike = Derived(rest * (1 - house - cycle) * activity * permit,       "umol/g/min", "action potentials")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    asked    = Output("{here}.atp_demand", gain * (of_house + of_cycle + of_spike), "umol/g/min", "ATP asked for")
    house_is = Output("{here}.atp_housekeeping", gain * of_house, "umol/g/min", "ATP asked for by housekeeping")
    cycle_is = Output("{here}.atp_cycle",        gain * of_cycle, "umol/g/min", "ATP asked for by the cycle and the currents behind it")
    spike_is = Output("{here}.atp_spikes",       gain * of_spike, "umol/g/min", "ATP asked for by action potentials")
    evoked   = Output("{here}.atp_evoked", asked - gain * rest, "umol/g/min", "ATP for activity beyond quiet waking; below zero asleep")
    at_rest  = Output("{here}.atp_rest", rest, "umol/g/min", "ATP asked for in quiet waking, hormones at their means")
    signals  = Output("{here}.signalling_share", (of_cycle + of_spike) / (of_house + of_cycle + of_spike), "1", "share of signalling")
