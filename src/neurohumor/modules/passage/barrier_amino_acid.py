"""Large neutral amino acids between blood and brain: one carrier, LAT1, for which all compete, both ways; brain-wide pools.

    plasma <==LAT1, saturated==> brain ---> used by terminals (tyrosine, tryptophan, levodopa, 5-hydroxytryptophan)
           <--(diffusion)----->

Influx.   Vmax (C/Km) / (slip + sum of C/Km): the carrier exchanges one for one, so that each amino acid keeps out the others.
Efflux.   The same on the brain's side, with constants that let it rest at a stated ratio to plasma.
Ratios.   Within the hour the brain's pools share one total as those of plasma do, so that tryptophan follows its ratio, not its
          level; the total itself follows plasma over half a day, by slip and diffusion.
Tryptophan on albumin counts in part: most of it comes off in the capillary.

Whose equations: ours; the constants are those of the rat in vivo (human capillaries in vitro: 0.3 to 8.8 uM, lower still), that of
                 phenylalanine raised until an excess of it keeps out a tracer as in man (Shulkin 1995).
Valid for:       minutes to months; lack or excess of single amino acids.
Left out:        regions, cells apart from interstice, exchange with glutamine, protein of the brain (in balance), insulin on transport.
"""

from __future__ import annotations

from neurohumor.lang import Compartment, Derived, Flux, Input, Module, Output, Param, Species
from neurohumor.lang.declared import Declared
from neurohumor.lang.expr import Expr

# Amino acid: level in plasma, mean of the day (uM), half saturation of the carrier (uM), brain over plasma at rest.
TABLE = {
    "tryptophan":        (52.0,  15.0,  0.40),
    "tyrosine":          (52.2,  64.0,  1.00),
    "phenylalanine":     (50.9,  30.0,  0.90),
    "leucine":           (122.0, 29.0,  0.60),
    "isoleucine":        (66.5,  56.0,  0.50),
    "valine":            (230.0, 210.0, 0.50),
    "methionine":        (24.1,  40.0,  1.00),
    "histidine":         (77.0,  100.0, 1.00),
    "levodopa":          (0.0,   60.0,  1.00),
    "hydroxytryptophan": (0.0,   60.0,  1.00),
}  # fmt: skip
USED = ("tryptophan", "tyrosine", "levodopa", "hydroxytryptophan")
DRUGS = ("levodopa", "hydroxytryptophan")


def total(terms: list[Expr]) -> Expr:
    """The sum of expressions of one unit."""
    found = terms[0]
    for term in terms[1:]:
        found = found + term
    return found


def _pools(d: dict[str, Declared]) -> None:
    d["mass"] = mass = Param(1400.0, "g", "brain", basis="assumed", gsd=1.07, cv=0.08)
    d["water"] = water = Param(0.8, "mL/g", "where they dissolve", basis="assumed", gsd=1.05)
    d["tissue"] = tissue = Compartment(mass * water, "mL", "brain-wide pool")
    d["free"] = Input("blood.tryptophan_free", "uM", 7.55, "free tryptophan in plasma")
    for name, (level, _, share) in TABLE.items():
        d[f"blood_{name}"] = Input(f"blood.{name}", "uM", level, f"{name} in plasma", gather="sum" if name in DRUGS else None)
        d[f"share_{name}"] = Param(share, "1", f"{name}, brain over plasma at rest", basis="assumed", gsd=1.3)
        d[name] = Species(tissue, level * share, "uM", f"{name} in brain", scale=level * share or 10.0, content={name: 1})


def _crossing(d: dict[str, Declared]) -> None:
    d["V_lat1"] = most = Param(25.0, "nmol/g/min", "LAT1, maximal, for each", basis="assumed", gsd=1.5, cv=0.15)
    d["k_diffusion"] = diffusion = Param(0.001, "mL/g/min", "without the carrier", basis="assumed", gsd=1.6)
    doc = "bound tryptophan that comes off in the capillary (0.5-1)"
    doc = "how easily the carrier returns empty (0: it only exchanges, 1: as easily as laden)"
    d["slip"] = slip = Param(0.1, "1", doc, basis="assumed", gsd=2.0)
    d["loose"] = loose = Param(0.7, "1", doc, basis="assumed", gsd=1.2, bounds=(0.0, 1.0))
    outside: dict[str, Expr] = {name: d[f"blood_{name}"] for name in TABLE}
    outside["tryptophan"] = Derived(d["free"] + loose * (d["blood_tryptophan"] - d["free"]), "uM", "tryptophan that the carrier meets")
    d["met_tryptophan"] = outside["tryptophan"]  # type: ignore[assignment]
    inside: dict[str, Expr] = {}
    for name, (_, half, _) in TABLE.items():
        cite, basis = ("taslimifar2018 table 1", "measured") if name == "tyrosine" else ("", "assumed")
        d[f"K_{name}"] = Param(half, "uM", f"LAT1, half saturation, {name}", cite=cite, basis=basis, origin="rat", gsd=1.4)
        inside[name] = d[f"equal_{name}"] = Derived(d[name] / d[f"share_{name}"], "uM", f"plasma {name} that would hold the brain's")
    d["crowd_in"] = crowd_in = Derived(slip + total([outside[name] / d[f"K_{name}"] for name in TABLE]), "1", "rivals in plasma")
    d["crowd_out"] = crowd_out = Derived(slip + total([inside[name] / d[f"K_{name}"] for name in TABLE]), "1", "rivals in brain")
    for name in TABLE:
        a, b, K = outside[name], inside[name], d[f"K_{name}"]
        law = d["mass"] * (most * (a / K / crowd_in - b / K / crowd_out) + diffusion * (a - b))
        d[f"enters_{name}"] = enters = Flux(0 >> d[name], law, "umol/h", f"{name} from blood, net")
        d[f"tells_uptake_{name}"] = Output(f"brain.{name}_uptake", enters, "umol/h", f"{name} from blood, net")
        d[f"tells_{name}"] = Output(f"brain.{name}", d[name], "uM", f"{name} in brain")


def _used(d: dict[str, Declared]) -> None:
    for name in USED:
        d[f"use_{name}"] = use = Input(f"*.{name}_use", "umol/h", 0.0, f"{name} used by terminals", gather="sum")
        d[f"spent_{name}"] = Flux(d[name] >> 0, 1 * use, "umol/h", f"{name} used by terminals")


def _declared() -> list[tuple[str, Declared]]:
    d: dict[str, Declared] = {}
    for section in (_pools, _crossing, _used):
        section(d)
    return list(d.items())


BarrierAminoAcid = Module.from_declarations("BarrierAminoAcid", _declared(), doc="LAT1 and brain-wide amino acids.", __module__=__name__)
