"""Insulin, until the fuel axis gives it: a level that follows glucose and amino acids on their way from the gut.

    gut glucose, gut amino acids --> secretion --> insulin --> cleared

A stand-in: it knows no blood glucose, so that nothing but a meal moves it.  Set on two round numbers: about 60 pmol/L fasting, and
a peak of some 400 pmol/L after 75 g of glucose in lean people.

Whose equations: ours.
Valid for:       meals of healthy adults.
Left out:        blood glucose, first phase, incretins as such, glucagon, exercise, stress, adaptation to resistance over time.
"""

from neurohumor.lang import Derived, Input, Level, Module, Output, Param, Rate


class InsulinStandIn(Module):
    """Insulin from what the gut gives."""

    timescale = "fast"
    stand_in = True

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    glucose    = Input("gut.glucose_appearance",       "mmol/h", 72.3,   "glucose from the gut")
    leucine    = Input("gut.leucine_appearance",       "umol/h", 1586.6, "leucine from the gut, for all of protein", gather="sum")
    weight     = Input("person.weight",                "kg",     70.0,   "body weight")
    resistance = Input("person.insulin_resistance",    "1",      1.0,    "insulin resistance")

    # ── What changes ───────────────────────────────────────────────────────────────────────────────
    insulin = Level(60.0, "pmol/L", "insulin in blood")

    basal     = Param(60.0,  "pmol/L",          "fasting",                                         basis="assumed", gsd=1.3, cv=0.35)
    per_sugar = Param(1.8,   "pmol/L/(mmol/h)", "rise per glucose from the gut, at 70 kg",         basis="assumed", gsd=1.4, cv=0.35)
    per_amino = Param(0.006, "pmol/L/(umol/h)", "rise per leucine from the gut, at 70 kg",         basis="assumed", gsd=1.7, cv=0.35)
    tau       = Param(0.25,  "h",               "from appearance to insulin",                      basis="assumed", gsd=1.4)

    size   = Derived(weight.at_nominal / weight, "1", "small bodies have more for the same meal")
    target = Derived(resistance * (basal + size * (per_sugar * glucose + per_amino * leucine)), "pmol/L", "where insulin is heading")
    moves  = Rate(insulin, (target - insulin) / tau, doc="secreted and cleared")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    level = Output("blood.insulin", insulin, "pmol/L", "insulin in blood (stand-in)")
