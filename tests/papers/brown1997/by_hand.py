"""Melatonin of Brown et al. (1997) as one plain function: pmol/L per hour; half-lives, onset and offset in minutes."""

import math


def rates(t, state, p, inputs):
    minutes, day = 60.0 * t, 60.0 * p["day"]
    since = minutes - day * math.floor((minutes - p["t_on"]) / day)
    decay_up, decay_down = math.log(2) / p["tau_rise"], math.log(2) / p["tau_fall"]
    if minutes < p["t_on"]:
        made = 0.0
    elif since < p["t_off"]:
        made = p["A_max"] * (1 - math.exp(-decay_up * (since - p["t_on"]))) / (1 - math.exp(-decay_up * (p["t_off"] - p["t_on"])))
    else:
        made = p["A_max"] * math.exp(-decay_down * (since - p["t_off"]))
    into, out = math.log(2) / p["tau_I"] * state["H1"], math.log(2) / p["tau_C"] * state["H2"]
    return {"H1": 60.0 * (made - into), "H2": 60.0 * (into - out)}
