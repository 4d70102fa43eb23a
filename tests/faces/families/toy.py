"""A small family for the tests of the faces: cortisol in blood, made less in sleep and more under threat, taken by mouth."""

from neurohumor.lang import Compartment, Derived, Family, Flux, Input, Module, Output, Param, ShelfItem, Species, Takes, part


class ToyAdrenal(Module):
    """Cortisol in one pool: made at a rate that sleep lowers and threat raises, lost in proportion."""

    weight = Input("person.weight", "kg", 70.0, "body weight")
    asleep = Input("world.sleep_opportunity", "1", 0.0, "opportunity to sleep")
    threat = Input("world.threat", "1", 0.0, "threat")

    V_kg = Param(0.2, "L/kg", "volume per weight", basis="assumed", gsd=1.3)
    blood = Compartment(V_kg * weight, "L", "where cortisol is")
    gut = Compartment(1.0, "L", "gut")
    cortisol = Species(blood, 250.0, "nmol/L", "cortisol in blood")
    swallowed = Species(gut, 0.0, "nmol/L", "hydrocortisone in the gut", scale=1e4)
    takes = Takes("hydrocortisone", "oral", swallowed)

    k_out = Param(0.5, "1/h", "loss", basis="assumed", cv=0.3)
    k_abs = Param(2.0, "1/h", "uptake from the gut", basis="assumed")
    rest = Param(100.0, "nmol/L/h", "secretion awake, at rest", basis="assumed", cv=0.2)
    drive = Derived((1 - 0.8 * asleep) * (1 + 3 * threat), "1", "relative drive")

    made = Flux(0 >> cortisol, rest * drive, doc="secretion")
    lost = Flux(cortisol >> 0, k_out * cortisol, doc="loss")
    taken = Flux(swallowed >> cortisol, k_abs * swallowed, doc="uptake")

    level = Output("blood.cortisol", cortisol, "nmol/L", "cortisol in blood, total")


class ToyDrug(Module):
    """A drug that does nothing but be there."""

    V = Compartment(10.0, "L", "where it is")
    drug = Species(V, 0.0, "nmol/L", "dexamethasone", scale=10.0)
    takes = Takes("dexamethasone", "oral", drug)
    k = Param(0.2, "1/h", "loss", basis="assumed")
    lost = Flux(drug >> 0, k * drug, doc="loss")


toy = Family("toy", {"adrenal": part(ToyAdrenal)}, shelf={"dexamethasone": ShelfItem({"dexamethasone": part(ToyDrug)})})
