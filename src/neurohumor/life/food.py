"""What a meal is made of: energy of the nutrients, and the amino acids of its protein."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from neurohumor.errors import ModelError, UnknownName, did_you_mean
from neurohumor.names import substances
from neurohumor.units import Quantity, quantity, unit

MACRONUTRIENTS = ("carbohydrate", "fat", "protein")
GRAM = unit("g")
KILOCALORIE = unit("kcal")

KCAL_PER_GRAM: Mapping[str, float] = MappingProxyType({"carbohydrate": 4.0, "fat": 9.0, "protein": 4.0})
"""Atwater's general factors, kcal/g."""

SHARES: Mapping[str, float] = MappingProxyType({"carbohydrate": 0.50, "fat": 0.35, "protein": 0.15})
"""How the energy of a meal divides where only its energy is given: as on the reference day."""

# g of each amino acid set free by digestion from one g of protein.
# mixed: the protein of an ordinary mixed diet. Assumed: rounded, between those of meat, milk, egg and wheat; no single survey was read.
COMPOSITIONS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "mixed": MappingProxyType(
            {
                "alanine": 0.050,
                "arginine": 0.055,
                "aspartate": 0.090,
                "cysteine": 0.013,
                "glutamate": 0.200,
                "glycine": 0.043,
                "histidine": 0.028,
                "isoleucine": 0.046,
                "leucine": 0.080,
                "lysine": 0.068,
                "methionine": 0.023,
                "phenylalanine": 0.045,
                "proline": 0.068,
                "serine": 0.047,
                "threonine": 0.039,
                "tryptophan": 0.012,
                "tyrosine": 0.036,
                "valine": 0.053,
            }
        )
    }
)


@cache
def amino_acids() -> tuple[str, ...]:
    """The amino acids that a meal may name, in the order of the vocabulary."""
    extra = {"glutamate"}  # a transmitter in the vocabulary's list, and an amino acid of every protein
    return tuple(key for key, one in substances().items() if one.kind == "amino acid" or key in extra)


def read_amino_acids(given: Mapping[str, object]) -> tuple[tuple[str, Quantity], ...]:
    """Masses of free amino acids, by name. Raises UnknownName, UnitMismatch, ModelError for a negative mass."""
    return tuple(sorted((_amino_acid(name), mass(amount, name)) for name, amount in given.items()))


def read_composition(given: str | Mapping[str, float]) -> str | tuple[tuple[str, float], ...]:
    """A composition of the table by its name, or g of each amino acid per g of protein. Raises UnknownName, ModelError."""
    if isinstance(given, str):
        if given not in COMPOSITIONS:
            raise UnknownName(
                f"no protein is called {given!r}", remedy=did_you_mean(given, COMPOSITIONS) or "known: " + ", ".join(COMPOSITIONS)
            )
        return given
    parts = []
    for name, share in given.items():
        if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share <= 1:
            raise ModelError(f"{name} = {share!r} is not a share of a protein", remedy="give g per g of protein, 0 to 1")
        parts.append((_amino_acid(name), float(share)))
    whole = sum(share for _, share in parts)
    # Hydrolysis adds a water to each residue, so that 1 g of protein gives about 1.16 g of free amino acids.
    if whole > 1.2:
        raise ModelError(f"the amino acids add up to {whole:.3g} g per g of protein", remedy="1 g of protein holds at most 1.2 g of them")
    return tuple(sorted(parts))


def shares_of(composition: str | tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    """g of each amino acid per g of protein."""
    return tuple(COMPOSITIONS[composition].items()) if isinstance(composition, str) else composition


def from_energy(energy: object, shares: Mapping[str, float] | None = None) -> dict[str, Quantity]:
    """Masses of carbohydrate, fat and protein that give this energy. Raises UnitMismatch, ModelError."""
    kilocalories = quantity(energy, KILOCALORIE).to(KILOCALORIE).value  # type: ignore[arg-type]
    if kilocalories < 0:
        raise ModelError(f"a meal of {kilocalories:g} kcal", remedy="give an energy above zero")
    parts = SHARES if shares is None else _read_shares(shares)
    return {name: Quantity(kilocalories * share / KCAL_PER_GRAM[name], GRAM) for name, share in parts.items() if share}


def _read_shares(shares: Mapping[str, float]) -> dict[str, float]:
    known = {"carbs": "carbohydrate", "carbohydrate": "carbohydrate", "fat": "fat", "protein": "protein"}
    for name, share in shares.items():
        if name not in known:
            raise UnknownName(f"no share is called {name!r}", remedy=did_you_mean(name, known) or "shares are carbs, fat, protein")
        if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share <= 1:
            raise ModelError(f"{name} = {share!r} is not a share", remedy="give a number from 0 to 1")
    whole = sum(shares.values())
    if abs(whole - 1) > 1e-6:
        raise ModelError(f"the shares add up to {whole:g}", remedy="shares of the energy add up to 1")
    return {known[name]: float(share) for name, share in shares.items()}


def mass(amount: object, name: str) -> Quantity:
    """A mass that is not negative. Raises UnitMismatch, ModelError."""
    found = quantity(amount, GRAM)  # type: ignore[arg-type]
    if found.value < 0:
        raise ModelError(f"{found} of {name} is negative", remedy="give an amount of zero or more")
    return found


def _amino_acid(name: str) -> str:
    if name not in amino_acids():
        raise UnknownName(f"no amino acid is called {name!r}", remedy=did_you_mean(name, amino_acids()) or "as in tryptophan, leucine")
    return name
