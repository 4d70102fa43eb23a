"""Eight amino acids of plasma: fed by the gut and by protein breakdown, spent on protein, on oxidation, and lent to the brain.

    gut ---> plasma <==== body protein        synthesis: insulin, leucine, and the scarcest of the eight
               |  ^======                     breakdown: insulin and leucine hold it back
               +--> oxidised, in proportion and more (tryptophan: by `kynurenine`; phenylalanine: into tyrosine)
               +--> brain, net (by `barrier_amino_acid`)

Protein.    The ribosome waits for each amino acid in turn, so that synthesis falls as 1 / (1 + sum of K/C): the scarcest limits.
            A meal without tryptophan drives synthesis and slows breakdown until nearly nothing of it is left.
Insulin.    Acts through that turnover alone; what turns over fast against its pool (branched chains) falls, tryptophan little.
Tryptophan. Bound to albumin by the law of mass action.
At rest.    Every level rests at its nominal after a night, because oxidation is scaled to what protein then loses.

Whose equations: ours.
Valid for:       adults in nitrogen balance; hours to months; lack or excess of single amino acids.
Left out:        cells apart from plasma (one pool of free amino acids), keto acids, competition for tissue transport, fatty acids on
                 albumin, the twelve other amino acids as limits to synthesis, exercise, stress, urine.
Caution:         body protein is taken to have the composition of mixed dietary protein.
"""

from __future__ import annotations

from neurohumor.lang import Compartment, Const, Derived, Flux, Input, Module, Output, Param, Species, exp, hill, sqrt
from neurohumor.lang.declared import Declared
from neurohumor.lang.expr import Expr
from neurohumor.names import substance
from neurohumor.units import unit

# Amino acid: level after a night (uM), g of it per g of protein, level that halves synthesis were it the only one (uM), where it
# dissolves (L/kg), whether it is oxidised here.
TABLE = {
    "tryptophan":    (55.0,  0.012, 2.6,  0.35, False),
    "tyrosine":      (62.0,  0.036, 12.0, 0.70, True),
    "phenylalanine": (55.0,  0.045, 22.0, 0.50, True),
    "leucine":       (125.0, 0.080, 6.0,  0.35, True),
    "isoleucine":    (65.0,  0.046, 3.0,  0.35, True),
    "valine":        (225.0, 0.053, 10.0, 0.35, True),
    "methionine":    (25.0,  0.023, 1.2,  0.35, True),
    "histidine":     (80.0,  0.028, 4.0,  0.60, True),
}  # fmt: skip
RIVALS = ("tryptophan", "tyrosine", "phenylalanine", "leucine", "isoleucine", "valine", "methionine")
# From the gut, mean of the reference day of both adults (umol/h).
FED = {
    "tryptophan": 142.5, "tyrosine": 349.3, "phenylalanine": 663.7, "leucine": 1586.6,
    "isoleucine": 986.3, "valine": 1272.4, "methionine": 390.2, "histidine": 456.8,
}  # fmt: skip
RINGS = ("phenylalanine", "tyrosine")
FLOOR = Const(1e-3, unit("uM"))


def per_leucine(name: str) -> float:
    """Residues of protein for one of leucine."""
    weights = {key: substance(key).molar_mass for key in (name, "leucine")}
    one, other = weights[name], weights["leucine"]
    assert one is not None and other is not None
    return (TABLE[name][1] / one) / (TABLE["leucine"][1] / other)


def total(terms: list[Expr]) -> Expr:
    """The sum of expressions of one unit."""
    found = terms[0]
    for term in terms[1:]:
        found = found + term
    return found


def _pools(d: dict[str, Declared]) -> None:
    d["weight"] = weight = Input("person.weight", "kg", 70.0, "body weight")
    d["insulin"] = Input("blood.insulin", "pmol/L", 60.0, "insulin in blood")
    d["body"] = body = Compartment(1.0, "L", "body protein; only amounts matter")
    for name, (rest, _, _, wide, _) in TABLE.items():
        d[f"v_{name}"] = v = Param(wide, "L/kg", f"where {name} is what plasma shows", basis="assumed", gsd=1.25, cv=0.1)
        d[f"water_{name}"] = water = Compartment(v * weight, "L", f"free {name}")
        d[f"rest_{name}"] = level = Param(rest, "uM", f"{name} after a night", basis="assumed", gsd=1.1)
        d[name] = Species(water, level, "uM", f"{name} in plasma, total", content={name: 1})
    held = {name: per_leucine(name) for name in TABLE}
    d["stock"] = stock = Param(85.0, "mmol/kg", "leucine in body protein (about 140 g of protein per kg)", basis="assumed", gsd=1.15)
    doc = "body protein, counted by its leucine"
    d["protein"] = Species(body, stock * weight, "mmol", doc, content=held, timescale="slow", scale=6000.0)


def _turnover(d: dict[str, Declared]) -> None:
    weight, insulin, leucine, protein = d["weight"], d["insulin"], d["leucine"], d["protein"]
    d["made"] = made = Param(97.0, "umol/kg/h", "leucine into protein, fasting (Bennet 1989: 104)", basis="assumed", gsd=1.1, cv=0.1)
    d["lost"] = lost = Param(24.0, "umol/kg/h", "leucine oxidised, fasting", basis="assumed", gsd=1.15)
    d["freed"] = freed = Param(made + lost, "umol/kg/h", "leucine out of protein, fasting (Bennet 1989: 121)", basis="derived")
    d["K_insulin"] = K_i = Param(200.0, "pmol/L", "insulin at half effect", basis="assumed", gsd=1.4)
    d["K_half"] = K_l = Param(250.0, "uM", "leucine at half effect", basis="assumed", gsd=1.4)
    d["i_made"] = i_made = Param(0.50, "1", "insulin on synthesis, logarithm at full effect", basis="assumed", gsd=1.4)
    d["l_made"] = l_made = Param(0.80, "1", "leucine on synthesis", basis="assumed", gsd=1.4)
    d["i_freed"] = i_freed = Param(0.60, "1", "insulin against breakdown", basis="assumed", gsd=1.4)
    d["l_freed"] = l_freed = Param(1.00, "1", "leucine against breakdown", basis="assumed", gsd=1.4)
    rest_l = d["rest_leucine"]
    basal = Const(60.0, insulin.unit)
    d["by_insulin"] = by_insulin = Derived(hill(insulin, K_i) - hill(basal, K_i), "1", "insulin's effect, beyond fasting")
    d["by_leucine"] = by_leucine = Derived(hill(leucine, K_l) - hill(rest_l, K_l), "1", "leucine's effect, beyond fasting")
    for name, (_, _, half, _, _) in TABLE.items():
        d[f"K_{name}"] = Param(half, "uM", f"{name} that halves synthesis, were it the only one", basis="assumed", gsd=1.5)
    now = total([d[f"K_{name}"] / (d[name] + FLOOR) for name in TABLE])
    then = total([d[f"K_{name}"] / (d[f"rest_{name}"] + FLOOR) for name in TABLE])
    d["speed"] = speed = Derived((1 + then) / (1 + now), "1", "ribosomes over those of a fasting person")
    d["driven"] = driven = Derived(exp(i_made * by_insulin + l_made * by_leucine), "1", "drive of synthesis")
    d["braked"] = braked = Derived(exp(-(i_freed * by_insulin + l_freed * by_leucine)), "1", "breakdown over that of a fasting person")
    needed = total([per_leucine(name) * d[name] for name in TABLE])
    d["synthesis"] = Flux(needed >> protein, made * weight * speed * driven, "umol/h", "into protein, counted by its leucine")
    k = freed / d["stock"]
    d["breakdown"] = Flux(protein >> needed, k * protein * braked, "umol/h", "out of protein, counted by its leucine")


def _bound(d: dict[str, Declared]) -> None:
    """Tryptophan on albumin."""
    whole, rest = d["tryptophan"], d["rest_tryptophan"]
    d["albumin"] = albumin = Param(627.0, "umol/L", "albumin", basis="assumed", gsd=1.05, cv=0.08)
    d["n_sites"] = n_sites = Param(1.1, "1", "sites for tryptophan on each", basis="assumed", gsd=1.05)
    d["rest_free"] = rest_free = Param(8.0, "uM", "free tryptophan after a night", basis="assumed", gsd=1.2, cv=0.15)
    K = rest_free * (n_sites * albumin - (rest - rest_free)) / (rest - rest_free)
    d["K_albumin"] = K_albumin = Param(K, "uM", "tryptophan on albumin, which gives that (88 uM on defatted albumin)", basis="assumed")
    d["excess"] = excess = Derived(whole - n_sites * albumin - K_albumin, "uM", "tryptophan less sites and constant")
    free = 0.5 * (excess + sqrt(excess * excess + 4 * K_albumin * whole))
    d["tells_free"] = Output("blood.tryptophan_free", free, "uM", "free tryptophan in plasma")


def _oxidised(d: dict[str, Declared]) -> None:
    weight = d["weight"]
    d["far"] = far = Param(2.5, "1", "level at which oxidation is at half of its most, over that after a night", basis="assumed", gsd=1.4)
    lost = d["lost"]
    d["far_ring"] = far_ring = Param(8.0, "1", "the same, phenylalanine and tyrosine", basis="assumed", gsd=1.5)
    doc = "steepness of that, phenylalanine, which activates its enzyme (1.7 times at 1.5 times would be 1.4: Barazzoni 1998)"
    d["n_phe"] = n_phe = Param(1.8, "1", doc, basis="assumed", gsd=1.2)
    d["n_tyr"] = n_tyr = Param(1.4, "1", "steepness of that, tyrosine", basis="assumed", gsd=1.2)
    d["n_others"] = others = Param(2.0, "1", "steepness, all others", basis="assumed", gsd=1.2)
    for name, (_, _, _, _, here) in TABLE.items():
        if not here:
            continue
        n, most = (n_phe if name == "phenylalanine" else n_tyr, far_ring) if name in RINGS else (others, far)
        share = per_leucine(name) + (per_leucine("phenylalanine") if name == "tyrosine" else 0.0)
        law = share * lost * weight * (1 + most**n) * hill(d[name], most * d[f"rest_{name}"], n)
        verb = "into tyrosine" if name == "phenylalanine" else "oxidised"
        d[f"spent_{name}"] = Flux(d[name] >> 0, law, "umol/h", f"{name} {verb}")
    d["from_phenylalanine"] = Flux(0 >> d["tyrosine"], 1 * d["spent_phenylalanine"], "umol/h", "made from phenylalanine")
    d["clearance"] = clearance = Input("blood.tryptophan_clearance", "L/h", 18.9, "free tryptophan cleared down the kynurenine pathway")
    d["spent_tryptophan"] = Flux(d["tryptophan"] >> 0, clearance * d["tells_free"], "umol/h", "tryptophan oxidised")


def _crossing(d: dict[str, Declared]) -> None:
    """From the gut, and to the brain."""
    for name in TABLE:
        d[f"gut_{name}"] = gut = Input(f"gut.{name}_appearance", "umol/h", FED[name], f"{name} from the gut", gather="sum")
        d[f"brain_{name}"] = brain = Input(f"brain.{name}_uptake", "umol/h", 0.0, f"{name} into the brain, net")
        d[f"fed_{name}"] = Flux(0 >> d[name], 1 * gut, "umol/h", f"{name} from the gut")
        d[f"lent_{name}"] = Flux(d[name] >> 0, 1 * brain, "umol/h", f"{name} into the brain, net")


def _told(d: dict[str, Declared]) -> None:
    for name in TABLE:
        d[f"tells_{name}"] = Output(f"blood.{name}", d[name], "uM", f"{name} in plasma")
    every = total([d[name] for name in RIVALS])
    for name in ("tryptophan", "tyrosine"):
        d[f"ratio_{name}"] = Output(f"blood.{name}_ratio", d[name] / (every - d[name]), "1", f"{name} over its rivals at the barrier")


def _declared() -> list[tuple[str, Declared]]:
    d: dict[str, Declared] = {}
    for section in (_pools, _turnover, _bound, _oxidised, _crossing, _told):
        section(d)
    return list(d.items())


AminoAcids = Module.from_declarations("AminoAcids", _declared(), doc="Eight amino acids of plasma and body protein.", __module__=__name__)
