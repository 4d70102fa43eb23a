"""The model of Breslow 2013 as one plain function, as the public encoding writes it; rates per hour, pmol/L."""

import cmath
import math

TURN = 2 * math.pi


def synthesis(state, p):
    """Pineal synthesis in the dark, per hour: high in a window of the angle of x_c + i x, next to nothing elsewhere."""
    angle = cmath.phase(complex(state["x_c"], state["x"]))
    on, off, per_hour = p["phi_on"] - TURN, p["phi_off"] - TURN, 3600 * p["a"]
    width = (on - off) % TURN
    if off < angle < on:
        return per_hour * (1 - math.exp(-p["delta"] * ((on - angle) % TURN))) / (1 - math.exp(-p["delta"] * width))
    return per_hour * math.exp(-p["r"] * width)


def rates(t, state, p, inputs):
    x, other, used = state["x"], state["x_c"], state["n"]
    pineal, plasma, gut = state["H1"], state["H2"], state["H3"]
    lux = inputs["world.light"] * (1 - inputs["brain.asleep"])
    taken = p["alpha_0"] * (lux / p["I_0"]) ** p["p"] * lux / (lux + p["I_1"])  # per minute
    drive = p["G"] * taken * (1 - used) * (1 - p["b"] * x) * (1 - p["b"] * other)
    melatonin = p["M_max"] / (1 + math.exp((p["H_sat"] - plasma) / p["width"]))
    stiffness = p["gamma"] * (x / 3 + 4 * x**3 / 3 - 256 * x**7 / 105)
    held = (p["day"] / (p["f"] * p["tau_c"])) ** 2 + p["k"] * drive
    open_share = 1 - p["m"] * drive
    if pineal < p["scant"] and open_share < 0:
        open_share = 0.0
    kappa = p["day"] / TURN
    to_plasma, cleared, from_gut = (3600 * p[name] for name in ("beta_IP", "beta_CP", "beta_AP"))
    return {
        "x": (other + stiffness + drive - p["eta"] * melatonin) / kappa,
        "x_c": (p["q"] * drive * other - x * held - p["xi"] * melatonin) / kappa,
        "n": 60 * (taken * (1 - used) - p["beta"] * used),
        "H1": synthesis(state, p) * open_share - to_plasma * pineal,
        "H2": to_plasma * pineal - cleared * plasma + from_gut * gut,
        "H3": -from_gut * gut,
    }
