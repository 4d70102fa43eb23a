"""The gut: what is eaten leaves the stomach, is digested, and appears in blood; each amino acid by its own name.

    eaten --> stomach --(energy held back by the duodenum)--> intestine --> digested --> absorbed --> blood
                                                               protein       free          |
                                                                                           +--> used by gut and liver on the way

Stomach.    Everything in it empties at one fractional rate, Rmax / (K + energy in the stomach): large meals leave it at a nearly
            constant number of kilocalories per hour, small ones exponentially.
Intestine.  Amino acids bound in protein are set free first; free ones share a saturable carrier.
On the way. A share of each amino acid never reaches general blood.

Whose equations: ours.
Valid for:       ordinary meals and drinks of amino acids, adults, minutes to days.
Left out:        volume, viscosity and osmolality of a meal, fibre, enterohepatic cycling, fate of what gut and liver keep, vomiting,
                 alcohol, choline of food that is not bound to its protein.
"""

from __future__ import annotations

from neurohumor.lang import Compartment, Const, Derived, Flux, Module, Output, Param, Species, Takes
from neurohumor.lang.declared import Declared
from neurohumor.lang.expr import Expr
from neurohumor.names import substance
from neurohumor.units import unit

# Amino acid: share of what is absorbed that gut and liver keep, and who measured it.
KEPT = {
    "tryptophan":    (0.31, ""),
    "tyrosine":      (0.50, ""),
    "phenylalanine": (0.307, "matthews1999 abstract"),
    "leucine":       (0.26, "tessari1997 abstract"),
    "isoleucine":    (0.20, ""),
    "valine":        (0.20, ""),
    "methionine":    (0.28, ""),
    "histidine":     (0.28, ""),
}  # fmt: skip
OTHERS = (
    "alanine", "arginine", "asparagine", "aspartate", "cysteine", "glutamate", "glutamine", "glycine", "lysine", "proline", "serine",
    "threonine",
)  # fmt: skip


def molar_mass(name: str) -> Const:
    """Of a substance of the vocabulary, as a constant with its unit."""
    known = substance(name).molar_mass
    assert known is not None, name
    return Const(known, unit("g/mol"))


def total(terms: list[Expr]) -> Expr:
    """The sum of expressions of one unit."""
    found = terms[0]
    for term in terms[1:]:
        found = found + term
    return found


def _eaten(here: Compartment, d: dict[str, Declared]) -> Expr:
    """What lies in the stomach, where meals arrive; returns its energy."""
    sugar = Const(4.0, unit("kcal/g"))
    d["carbohydrate"] = carbohydrate = Species(here, 0.0, "g", "carbohydrate, stomach", scale=50.0, content={"carbohydrate": 1})
    d["fat"] = fat = Species(here, 0.0, "g", "fat, stomach", scale=20.0, content={"fat": 1})
    d["others"] = others = Species(here, 0.0, "g", "other amino acids, stomach", scale=20.0, content={"other amino acids": 1})
    d["eats_carbohydrate"] = Takes("carbohydrate", "meal", carbohydrate, "carbohydrate of meals")
    d["eats_fat"] = Takes("fat", "meal", fat, "fat of meals")
    weighed: list[Expr] = [carbohydrate, others]
    for name in KEPT:
        d[f"free_{name}"] = free = Species(here, 0.0, "umol", f"{name}, free, stomach", scale=5e3, content={name: 1})
        d[f"bound_{name}"] = bound = Species(here, 0.0, "umol", f"{name} in protein, stomach", scale=5e3, content={name: 1})
        d[f"drinks_{name}"] = Takes(name, "meal", free, f"free {name} of meals")
        d[f"swallows_{name}"] = Takes(name, "oral", free, f"{name} as a supplement")
        d[f"eats_{name}"] = Takes(name, "protein", bound, f"{name} in the protein of meals")
        weighed.append((free + bound) * molar_mass(name))
    for name in OTHERS:
        d[f"drinks_{name}"] = Takes(name, "meal", others, f"free {name} of meals")
        d[f"eats_{name}"] = Takes(name, "protein", others, f"{name} in the protein of meals")
    return sugar * total(weighed) + Const(9.0, unit("kcal/g")) * fat


def _emptied(here: Compartment, d: dict[str, Declared], energy: Expr) -> None:
    """From the stomach into the intestine."""
    d["Rmax"] = fastest = Param(4.0, "kcal/min", "energy that leaves the stomach, at most", basis="assumed", gsd=1.25, cv=0.2)
    d["K_energy"] = half = Param(120.0, "kcal", "energy in the stomach at half of that", basis="assumed", gsd=1.4)
    d["energy"] = held = Derived(energy, "kcal", "energy in the stomach")
    d["emptying"] = k = Derived(fastest / (half + held), "1/h", "share of the stomach that leaves")
    d["starch"] = starch = Species(here, 0.0, "g", "carbohydrate, intestine", scale=50.0, content={"carbohydrate": 1})
    d["lipid"] = lipid = Species(here, 0.0, "g", "fat, intestine", scale=20.0, content={"fat": 1})
    for eaten, inside in (("carbohydrate", starch), ("fat", lipid)):
        d[f"empties_{eaten}"] = Flux(d[eaten] >> inside, k * d[eaten], "g/h", f"{eaten} into the intestine")
    d["empties_others"] = Flux(d["others"] >> 0, k * d["others"], "g/h", "other amino acids, not followed further")
    for name in KEPT:
        d[f"whole_{name}"] = whole = Species(here, 0.0, "umol", f"{name} in protein, intestine", scale=5e3, content={name: 1})
        d[f"open_{name}"] = opened = Species(here, 0.0, "umol", f"{name}, free, intestine", scale=2e3, content={name: 1})
        d[f"empties_{name}"] = Flux(d[f"free_{name}"] >> opened, k * d[f"free_{name}"], "umol/h", f"free {name} into the intestine")
        d[f"empties_bound_{name}"] = Flux(d[f"bound_{name}"] >> whole, k * d[f"bound_{name}"], "umol/h", f"bound {name} into the intestine")


def _absorbed(d: dict[str, Declared]) -> None:
    """From the intestine into blood."""
    d["k_digest"] = k_digest = Param(2.5, "1/h", "protein set free by digestion", basis="assumed", gsd=1.4, cv=0.2)
    d["k_sugar"] = k_sugar = Param(3.0, "1/h", "glucose absorbed", basis="assumed", gsd=1.4)
    d["k_fat"] = k_fat = Param(0.6, "1/h", "fat absorbed", basis="assumed", gsd=1.4)
    d["J_amino"] = fastest = Param(80.0, "mmol/h", "the eight amino acids absorbed, at most", basis="assumed", gsd=1.4)
    d["K_amino"] = half = Param(40.0, "mmol", "the eight in the intestine at half of that", basis="assumed", gsd=1.5)
    d["crowd"] = crowd = Derived(total([d[f"open_{name}"] for name in KEPT]), "mmol", "the eight, free, in the intestine")
    d["carried"] = carried = Derived(fastest / (half + crowd), "1/h", "share of them that is absorbed")
    d["absorbs_carbohydrate"] = sugar = Flux(d["starch"] >> 0, k_sugar * d["starch"], "g/h", "as glucose")
    d["absorbs_fat"] = fat = Flux(d["lipid"] >> 0, k_fat * d["lipid"], "g/h", "as triglyceride")
    per_glucose = "carbohydrate that gives one glucose (162 starch, 180 sugar)"
    d["glucosyl"] = glucosyl = Param(162.14, "g/mol", per_glucose, basis="assumed", origin="")
    d["triglyceride"] = mean_fat = Param(860.0, "g/mol", "mean triglyceride of food", basis="assumed", origin="", gsd=1.03)
    d["glucose"] = Output("gut.glucose_appearance", sugar / glucosyl, "mmol/h", "glucose into blood")
    d["lipids"] = Output("gut.fat_appearance", fat / mean_fat, "mmol/h", "fat into blood")
    for name, (share, cite) in KEPT.items():
        d[f"digests_{name}"] = Flux(d[f"whole_{name}"] >> d[f"open_{name}"], k_digest * d[f"whole_{name}"], "umol/h", f"{name} set free")
        d[f"kept_{name}"] = kept = _share(name, share, cite)
        d[f"reaches_{name}"] = into = Flux(d[f"open_{name}"] >> 0, (1 - kept) * carried * d[f"open_{name}"], "umol/h", f"{name} into blood")
        d[f"stays_{name}"] = Flux(d[f"open_{name}"] >> 0, kept * carried * d[f"open_{name}"], "umol/h", f"{name} used on the way")
        d[f"tells_{name}"] = Output(f"gut.{name}_appearance", into, "umol/h", f"{name} into blood")


def _share(name: str, value: float, cite: str) -> Param:
    doc = f"absorbed {name} that gut and liver keep"
    return Param(value, "1", doc, cite=cite, basis="measured" if cite else "assumed", gsd=1.2, cv=0.1, bounds=(0.0, 1.0))


def _choline(here: Compartment, d: dict[str, Declared]) -> None:
    d["choline"] = choline = Species(here, 0.0, "umol", "choline, gut", scale=500.0, content={"choline": 1})
    d["swallows_choline"] = Takes("choline", "oral", choline, "choline as a supplement")
    d["rich"] = rich = Param(55.0, "umol/mmol", "choline of food per leucine of its protein (about 0.4 g a day)", basis="assumed", gsd=1.5)
    d["k_choline"] = k = Param(1.0, "1/h", "choline absorbed", basis="assumed", gsd=1.4)
    d["F_choline"] = F = Param(0.7, "1", "absorbed choline that reaches blood", basis="assumed", gsd=1.2, bounds=(0.0, 1.0))
    d["food_choline"] = Flux(0 >> choline, rich * d["empties_bound_leucine"], "umol/h", "of food, as its protein leaves the stomach")
    d["reaches_choline"] = into = Flux(choline >> 0, F * k * choline, "umol/h", "choline into blood")
    d["kept_choline"] = Flux(choline >> 0, (1 - F) * k * choline, "umol/h", "choline used on the way")
    d["tells_choline"] = Output("gut.choline_appearance", into, "umol/h", "choline into blood")


def _declared() -> list[tuple[str, Declared]]:
    here = Compartment(1.0, "L", "the gut; only amounts matter")
    d: dict[str, Declared] = {"lumen": here}
    energy = _eaten(here, d)
    _emptied(here, d, energy)
    _absorbed(d)
    _choline(here, d)
    return list(d.items())


Gut = Module.from_declarations("Gut", _declared(), doc="Stomach and intestine: meals to what appears in blood.", __module__=__name__)
