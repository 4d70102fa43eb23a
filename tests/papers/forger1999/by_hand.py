"""The pacemaker of Forger, Jewett and Kronauer (1999) as one plain function; rates per hour."""

import math


def rates(t, state, p, inputs):
    x, other, used = state["x"], state["x_c"], state["n"]
    light = inputs["world.light"] * (1 - inputs["brain.asleep"])
    taken = p["alpha_0"] * (light / p["I_0"]) ** p["p"]  # per minute
    drive = p["G"] * taken * (1 - used) * (1 - p["b"] * x) * (1 - p["b"] * other)
    speed = 2 * math.pi / p["day"]
    stiffness = p["mu"] * (other - p["cubic"] * other**3)
    return {
        "x": speed * (other + drive),
        "x_c": speed * (stiffness - x * ((p["day"] / (p["f"] * p["tau_x"])) ** 2 + p["k"] * drive)),
        "n": 60 * (taken * (1 - used) - p["beta"] * used),
    }
