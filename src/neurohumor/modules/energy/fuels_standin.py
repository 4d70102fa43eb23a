"""Glucose and lactate of the blood from meals and exercise alone: a placeholder for the body's fuels.

    meal --> gut --> glucose above fasting --> gone         exercise --> lactate          ketones stay as they are

Whose equations: ours.  Valid for: ordinary meals and exercise of a healthy day.  Left out: insulin, the liver, fasting, ketosis.
"""

from neurohumor.lang import Compartment, Derived, Flux, Input, Lag, Module, Output, Param, Species, Takes, power


class FuelsStandIn(Module):
    """Blood glucose after meals, and lactate in exercise."""

    timescale = "fast"
    stand_in = True

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    exercise = Input("world.exercise", "1",  0.0,  "fraction of the highest oxygen uptake")
    weight   = Input("person.weight",  "kg", 70.0, "body weight")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    per_kg = Param(0.2,   "L/kg",    "space that glucose fills",              basis="assumed", gsd=1.1)
    gut    = Compartment(1.0, "L", "gut, as a place to count in")
    space  = Compartment(weight * per_kg, "L", "space that glucose fills")
    eaten  = Species(gut,   0.0, "g/L",  "carbohydrate in the gut",                 content={"carbohydrate": 1}, scale=50.0)
    extra  = Species(space, 0.0, "mg/L", "glucose above fasting, still to be taken up", content={"carbohydrate": 1}, scale=200.0)

    # ── Meals ──────────────────────────────────────────────────────────────────────────────────────
    meal   = Takes("carbohydrate", "meal", eaten, "carbohydrate of meals")
    empty  = Param(0.7,   "1/h",     "absorption",                            basis="assumed", gsd=1.3)
    gone   = Param(3.2,   "1/h",     "uptake by the body",                    basis="assumed", gsd=1.3)
    fast   = Param(5.0,   "mmol/L",  "fasting glucose",                       basis="assumed", gsd=1.05, cv=0.07)
    molar  = Param(180.156, "g/mol", "molar mass of glucose",                 basis="assumed", origin="", estimate=False)
    absorb = Flux(eaten >> extra, empty * eaten, "g/L/h", "absorption")
    taken  = Flux(extra >> 0,     gone * extra,  "mg/L/h", "uptake by the body")

    # ── Exercise ───────────────────────────────────────────────────────────────────────────────────
    rest   = Param(0.9,   "mmol/L",  "lactate at rest",                       basis="assumed", gsd=1.2, cv=0.2)
    most   = Param(14.0,  "mmol/L",  "lactate above rest at full effort",     basis="assumed", gsd=1.4)
    steep  = Param(3.0,   "1",       "steepness in effort",                   basis="assumed", gsd=1.3)
    tau    = Param(12.0,  "min",     "its time constant",                     basis="assumed", gsd=1.3)
    effort = Derived(power(exercise, steep), "1", "effort as lactate feels it")
    burn   = Lag(effort, tau, "1", "effort, followed", scale=0.1)

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    glucose = Output("blood.glucose", fast + extra / molar, "mmol/L", "glucose in blood")
    lactate = Output("blood.lactate", rest + most * burn,   "mmol/L", "lactate in blood")
