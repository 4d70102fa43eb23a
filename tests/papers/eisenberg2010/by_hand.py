"""THYROSIM's 19 equations as one plain function; amounts in umol, TSH in its own unit, time in hours."""

import math


def rates(t, state, p, inputs):
    plasma4, fast4, slow4 = state["T4_p"], state["T4_f"], state["T4_s"]
    plasma3, fast3, slow3 = state["T3_p"], state["T3_f"], state["T3_s"]
    tsh, brain, felt = state["TSH"], state["T3_B"], state["T3_L"]

    free4 = (p["A4"] + p["B4"] * plasma4 + p["C4"] * plasma4**2 + p["D4"] * plasma4**3) * plasma4
    free3 = (p["A3"] + p["B3"] * plasma4 + p["C3"] * plasma4**2 + p["D3"] * plasma4**3) * plasma3
    fast_deiodination = p["V_D1f"] / (p["K_D1f"] + fast4) * fast4
    slow_deiodination = p["V_D1s"] * slow4 / (p["K_D1s"] + slow4) + p["V_D2s"] * slow4 / (p["K_D2s"] + slow4)

    swing = 1 + (p["A_max"] / (p["A_0"] * math.exp(-felt)) - 1) * (1 / (1 + math.exp(p["steep"] * felt - p["edge"])))
    clock = math.sin(2 * math.pi / p["day"] * (t - p["start"]) - p["phi"])
    secreted = (p["B_0"] + p["A_0"] * swing * clock) * math.exp(-felt)
    cleared = (p["k_TSH"] + p["V_TSH"] / (p["K_TSH"] + tsh)) * tsh

    more = p["k_3"] + p["D2_more"] * p["k_3"] / (1 + math.exp(p["D2_n"] * brain - p["D2_at"]))
    lag = p["k_slow"] + p["k_more"] * brain ** p["n_lag"] / (p["K_lag"] ** p["n_lag"] + brain ** p["n_lag"])
    step = 5 / p["tau"]
    chain = [tsh] + [state[f"late{k}"] for k in range(1, 7)]

    found = {
        "T4_p": p["S4"] * chain[6] + p["k12"] * fast4 + p["k13"] * slow4 - (p["k31"] + p["k21"]) * free4 + p["k4_in"] * state["T4_gut"],
        "T4_f": p["k21"] * free4 - (p["k12"] + p["k02"]) * fast4 - fast_deiodination,
        "T4_s": p["k31"] * free4 - p["k13"] * slow4 - slow_deiodination,
        "T3_p": p["S3"] * chain[6] + p["k45"] * fast3 + p["k46"] * slow3 - (p["k64"] + p["k54"]) * free3 + p["k3_in"] * state["T3_gut"],
        "T3_f": p["k54"] * free3 + fast_deiodination - (p["k45"] + p["k05"]) * fast3,
        "T3_s": p["k64"] * free3 + slow_deiodination - p["k46"] * slow3,
        "TSH": secreted - cleared,
        "T3_B": more / p["T4_eu"] * plasma4 + p["k_3"] / p["T3_eu"] * plasma3 - p["k_B"] * brain,
        "T3_L": lag * (brain - felt),
        "T4_pill": -p["k4_melt"] * state["T4_pill"],
        "T4_gut": p["k4_melt"] * state["T4_pill"] - (p["k4_out"] + p["k4_in"]) * state["T4_gut"],
        "T3_pill": -p["k3_melt"] * state["T3_pill"],
        "T3_gut": p["k3_melt"] * state["T3_pill"] - (p["k3_out"] + p["k3_in"]) * state["T3_gut"],
    }
    found |= {f"late{k}": step * (chain[k - 1] - chain[k]) for k in range(2, 7)}
    return found | {"late1": p["k_1"] * tsh - step * chain[1]}
