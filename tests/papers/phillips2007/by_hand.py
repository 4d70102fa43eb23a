"""The sleep-wake switch of Phillips and Robinson as one plain function; it serves 2007 and 2008 alike.

Potentials in mV, somnogen in nM, time in hours; the two time constants of the neurons in seconds.
"""

import math


def rates(t, state, p, inputs):
    def firing(potential):
        return p["Q_max"] / (1 + math.exp(-(potential - p["theta"]) / p["sigma"]))

    sleepy, awake = firing(state["V_v"]), firing(state["V_m"])
    clock = p["c_0"] + math.cos(2 * math.pi * (t - p["peak"]) / p["day"])
    drive = p["v_vc"] * clock + p["v_vh"] * state["H"]
    per_hour = 3600.0
    return {
        "V_v": per_hour / p["tau_v"] * (p["v_vm"] * awake + drive - state["V_v"]),
        "V_m": per_hour / p["tau_m"] * (p["A"] + p["v_mv"] * sleepy - state["V_m"]),
        "H": (p["mu"] * awake - state["H"]) / p["chi"],
    }
