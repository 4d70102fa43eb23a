"""Glucose and lactate of the blood from meals and exercise alone: a placeholder for the body's fuels.

    gut --> glucose above fasting --> gone         exercise --> lactate          ketones stay as they are

Whose equations: ours.  Valid for: ordinary meals and exercise of a healthy day.  Left out: insulin, the liver, fasting, ketosis.
"""

from neurohumor.lang import Compartment, Derived, Flux, Input, Lag, Module, Output, Param, Species, power


class FuelsStandIn(Module):
    """Blood glucose after meals, and lactate in exercise."""

    timescale = "fast"
    stand_in = True

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    sugar    = Input("gut.glucose_appearance", "mmol/h", 72.3, "glucose from the gut")
    exercise = Input("world.exercise",         "1",      0.0,  "fraction of the highest oxygen uptake")
    weight   = Input("person.weight",          "kg",     70.0, "body weight")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    per_kg = Param(0.2,   "L/kg",    "space that glucose fills",              basis="assumed", gsd=1.1)
    space  = Compartment(weight * per_kg, "L", "space that glucose fills")
    extra  = Species(space, 0.0, "mmol/L", "glucose above fasting, still to be taken up", content={"glucose": 1}, scale=1.0)

    # ── Meals ──────────────────────────────────────────────────────────────────────────────────────
    gone   = Param(6.5,   "1/h",     "uptake by the body",                    basis="assumed", gsd=1.3)
    fast   = Param(5.0,   "mmol/L",  "fasting glucose",                       basis="assumed", gsd=1.05, cv=0.07)
    enter  = Flux(0 >> extra, sugar,        "mmol/h",   "from the gut")
    taken  = Flux(extra >> 0, gone * extra, "mmol/L/h", "uptake by the body")

    # ── Exercise ───────────────────────────────────────────────────────────────────────────────────
    rest   = Param(0.9,   "mmol/L",  "lactate at rest",                       basis="assumed", gsd=1.2, cv=0.2)
    most   = Param(14.0,  "mmol/L",  "lactate above rest at full effort",     basis="assumed", gsd=1.4)
    steep  = Param(3.0,   "1",       "steepness in effort",                   basis="assumed", gsd=1.3)
    tau    = Param(12.0,  "min",     "its time constant",                     basis="assumed", gsd=1.3)
    effort = Derived(power(exercise, steep), "1", "effort as lactate feels it")
    burn   = Lag(effort, tau, "1", "effort, followed", scale=0.1)

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    glucose = Output("blood.glucose", fast + extra, "mmol/L", "glucose in blood")
    lactate = Output("blood.lactate", rest + most * burn,   "mmol/L", "lactate in blood")
