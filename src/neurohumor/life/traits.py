"""What is given of a person: the person.* quantities, their reference values and bounds, and genotypes as words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from neurohumor.errors import ModelError, UnknownName, did_you_mean
from neurohumor.units import Quantity, quantity, unit


@dataclass(frozen=True, slots=True)
class Trait:
    """A person.* quantity: its unit, the reference woman's and man's value, the bounds of what is believed, and its meaning.

    man  None: women only
    """

    name: str
    unit: str
    woman: float
    man: float | None
    low: float
    high: float
    doc: str

    @property
    def full(self) -> str:
        """Its name in the vocabulary."""
        return f"person.{self.name}"


# The reference adults: 34 years; woman 62 kg, 165 cm, cycle day 5; man 75 kg, 178 cm.
_ROWS = (
    Trait("age", "y", 34, 34, 16, 110, "age"),
    Trait("weight", "kg", 62, 75, 25, 350, "body weight"),
    Trait("height", "cm", 165, 178, 100, 250, "body height"),
    Trait("cycle_day", "d", 5, None, 0, 90, "day of the menstrual cycle at midnight of day 0; bleeding begins on day 1"),
    Trait("cycle_length", "d", 28, None, 15, 90, "length of the menstrual cycle"),
    Trait("ovarian_reserve", "1", 1, None, 0, 1, "1 in the fertile years, 0 after menopause"),
    Trait("pregnancy", "1", 0, None, 0, 1, "0 not pregnant, 1 at term"),
    Trait("insulin_resistance", "1", 1, 1, 0.1, 20, "relative to the reference adult"),
    Trait("ferritin", "ug/L", 80, 80, 0, 5000, "iron store"),
    Trait("comt_activity", "1", 1, 1, 0, 3, "activity of catechol-O-methyltransferase, 1 = Val/Val"),
    Trait("maoa_activity", "1", 1, 1, 0, 3, "activity of monoamine oxidase A"),
    Trait("sert_expression", "1", 1, 1, 0, 3, "expression of the serotonin transporter"),
    Trait("cyp2d6_activity", "1", 1, 1, 0, 4, "activity of CYP2D6, 1 = normal metaboliser"),
    Trait("cyp2c19_activity", "1", 1, 1, 0, 4, "activity of CYP2C19, 1 = normal metaboliser"),
    Trait("chronotype", "h", 0, 0, -6, 6, "how much later than usual the body's day runs"),
    Trait("hematocrit", "1", 0.42, 0.42, 0.15, 0.7, "share of red cells in blood"),
)
TRAITS: Mapping[str, Trait] = MappingProxyType({row.name: row for row in _ROWS})
MEASURES = ("age", "weight", "height")
CYCLE = ("cycle_day", "cycle_length")


@dataclass(frozen=True, slots=True)
class Genotype:
    """What a genotype, or the metaboliser type read from it, makes of a trait."""

    trait: str
    values: Mapping[str, float]
    source: str


GENOTYPES: Mapping[str, Genotype] = MappingProxyType(
    {
        "comt": Genotype(
            "comt_activity",
            MappingProxyType({"val/val": 1.0, "val/met": 0.8, "met/met": 0.62}),
            "human prefrontal cortex after death, rs4680: Chen 2004, doi:10.1086/425589; numbers from memory, not read",
        ),
        "cyp2d6": Genotype(
            "cyp2d6_activity",
            MappingProxyType({"poor": 0.0, "intermediate": 0.5, "normal": 1.0, "ultrarapid": 2.0}),
            "assumed: the order of the activity scores in clinical use, not read",
        ),
        "cyp2c19": Genotype(
            "cyp2c19_activity",
            MappingProxyType({"poor": 0.0, "intermediate": 0.5, "normal": 1.0, "rapid": 1.5, "ultrarapid": 2.0}),
            "assumed: the order of the metaboliser types in clinical use, not read",
        ),
    }
)


def reference(sex: str) -> dict[str, Quantity]:
    """The person.* quantities of the reference woman ("f") or man ("m"), by full name."""
    given = {"person.sex_female": Quantity(1.0 if sex == "f" else 0.0, unit("1"))}
    for trait in TRAITS.values():
        value = trait.woman if sex == "f" else trait.man
        if value is not None:
            given[trait.full] = Quantity(float(value), unit(trait.unit))
    return given


def read_sex(sex: object) -> str:
    """ "f" or "m". Raises ModelError."""
    if sex not in ("f", "m"):
        raise ModelError(f"sex = {sex!r}", remedy='write "f" or "m": which of the two bodies the model is to build')
    return str(sex)


def read_trait(name: str, value: object, sex: str) -> Quantity:
    """The value of a trait; a bare number is in the trait's own unit. Raises UnknownName, UnitMismatch, ModelError."""
    trait = TRAITS.get(name)
    if trait is None:
        raise UnknownName(f"no trait is called {name!r}", remedy=did_you_mean(name, TRAITS) or "traits: " + ", ".join(TRAITS))
    if trait.man is None and sex == "m":
        raise ModelError(f"{name} is given of a man", remedy='leave it out, or write sex = "f"')
    if isinstance(value, (int, float)) and not isinstance(value, bool) and name not in (*MEASURES, *CYCLE):
        value = Quantity(float(value), unit(trait.unit))
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and name in CYCLE:
        value = Quantity(float(value), unit("d"))
    found = quantity(value, trait.unit)  # type: ignore[arg-type]
    number = found.to(trait.unit).value
    if not trait.low <= number <= trait.high:
        span = f"{trait.low:g} to {trait.high:g}" + ("" if trait.unit == "1" else f" {trait.unit}")
        raise ModelError(f"{name} = {found} is out of range", remedy=f"{trait.doc}: {span}")
    return found


def read_genotype(gene: str, variant: object) -> tuple[str, float]:
    """The trait that a genotype sets, and its value. Raises UnknownName."""
    if gene not in GENOTYPES:
        remedy = did_you_mean(gene, GENOTYPES) or "known: " + ", ".join(GENOTYPES) + "; for others give the trait, as in maoa_activity"
        raise UnknownName(f"no genotype is called {gene!r}", remedy=remedy)
    known = GENOTYPES[gene]
    wanted = str(variant).strip().lower()
    wanted = "val/met" if wanted == "met/val" else wanted
    if wanted not in known.values:
        raise UnknownName(
            f"no variant of {gene} is called {variant!r}", remedy=did_you_mean(wanted, known.values) or ", ".join(known.values)
        )
    return known.trait, known.values[wanted]
