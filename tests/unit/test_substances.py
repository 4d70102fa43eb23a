"""Molar masses add up, peptides have the formula of their sequence, and laboratory units convert by the published factors."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from neurohumor.errors import UnitMismatch, UnknownName
from neurohumor.names import substance, substances
from neurohumor.units import convert, quantity, unit

# IUPAC abridged standard atomic weights 2021.
WEIGHTS = {
    "H": 1.008, "Li": 6.94, "C": 12.011, "N": 14.007, "O": 15.999, "F": 18.998, "Mg": 24.305, "P": 30.974, "S": 32.06, "Cl": 35.45,
    "Fe": 55.845, "Co": 58.933, "Cu": 63.546, "Zn": 65.38, "Br": 79.904, "I": 126.90,
}  # fmt: skip


def atoms(formula: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for element, number in re.findall(r"([A-Z][a-z]?)(\d*)", formula):
        found[element] += int(number or 1)
    return found


@pytest.mark.parametrize("key", substances())
def test_substances_are_whole(key: str) -> None:
    one = substances()[key]
    assert bool(one.formula) == (one.molar_mass is not None)
    assert unit(one.unit).factor > 0
    assert one.name
    assert convert(1.0, one.unit, one.us_unit, substance=key) > 0
    if one.formula:
        assert "".join(f"{e}{n if n > 1 else ''}" for e, n in atoms(one.formula).items()) == one.formula
        assert one.molar_mass == pytest.approx(sum(WEIGHTS[e] * n for e, n in atoms(one.formula).items()), abs=6e-4)
    else:
        assert one.note, "a substance without a molar mass says why"
    assert bool(one.iu) == bool(one.iu_source)
    if one.iu:
        assert any(quantity(one.iu).unit.same_kind(unit(kind)) for kind in ("mg", "nmol"))
    assert one.chebi is None or one.chebi > 0


def test_other_names_lead_to_one_substance() -> None:
    taken = Counter(name for one in substances().values() for name in one.also)
    assert [name for name, times in taken.items() if times > 1 or name in substances()] == []
    chebi = Counter(one.chebi for one in substances().values() if one.chebi)
    assert [number for number, times in chebi.items() if times > 1] == []
    for other, key in {
        "hydrocortisone": "cortisol", "levothyroxine": "t4", "liothyronine": "t3", "sapropterin": "bh4", "norepinephrine": "noradrenaline",
        "Epinephrine": "adrenaline",
        "5-HTP": "hydroxytryptophan", "l-dopa": "levodopa", " Caffeine ": "caffeine", "brexanolone": "allopregnanolone",
    }.items():  # fmt: skip
        assert substance(other).key == key


def test_unknown_substances_are_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean cortisol"):
        substance("cortisoll")
    with pytest.raises(UnknownName, match=r"substances\.toml"):
        substance("")


# Residues of the amino acids, as they stand in a chain.
RESIDUES = {
    "A": "C3H5NO", "R": "C6H12N4O", "N": "C4H6N2O2", "D": "C4H5NO3", "C": "C3H5NOS", "E": "C5H7NO3", "Q": "C5H8N2O2", "G": "C2H3NO",
    "H": "C6H7N3O", "I": "C6H11NO", "L": "C6H11NO", "K": "C6H12N2O", "M": "C5H9NOS", "F": "C9H9NO", "P": "C5H7NO", "S": "C3H5NO2",
    "T": "C4H7NO2", "W": "C11H10N2O", "Y": "C9H9NO2", "V": "C5H9NO", "Z": "C5H5NO2",
}  # fmt: skip
# Chains by the one-letter code (Z = pyroglutamic acid), amidated ends, disulphide bridges.
PEPTIDES = {
    "acth": (("SYSMEHFRWGKPVGKKRRPVKVYPNGAEDESAEAFPLEF",), 0, 0),
    "crh": (("SEEPPISLDLTFHLLREVLEMARAEQLAQQAHSNRKLMEII",), 1, 0),
    "vasopressin": (("CYFQNCPRG",), 1, 1),
    "oxytocin": (("CYIQNCPLG",), 1, 1),
    "trh": (("ZHP",), 1, 0),
    "gnrh": (("ZHWSYGLRPG",), 1, 0),
    "insulin": (("GIVEQCCTSICSLYQLENYCN", "FVNQHLCGSHLVEALYLVCGERGFFYTPKT"), 0, 3),
    "c_peptide": (("EAEDLQVGQVELGGGPGAGSLQPLALEGSLQ",), 0, 0),
    "glucagon": (("HSQGTFTSDYSKYLDSRRAQDFVQWLMNT",), 0, 0),
    "orexin": (("ZPLPDCCRQKTCSCRLYELLHGAGNHAAGILTL",), 1, 2),
    "endorphin": (("YGGFMTSEKSQTPLVTLFKNAIIKNAYKKGE",), 0, 0),
    "npy": (("YPSKPDNPGEDAPAEDMARYYSALRHYINLITRQRY",), 1, 0),
}


@pytest.mark.parametrize("key", PEPTIDES)
def test_peptides_have_the_formula_of_their_sequence(key: str) -> None:
    chains, amides, bridges = PEPTIDES[key]
    total: Counter[str] = Counter()
    for chain in chains:
        total.update(atoms("H2O"))
        for letter in chain:
            total.update(atoms(RESIDUES[letter]))
    total["O"] -= amides
    total["N"] += amides
    total["H"] += amides - 2 * bridges
    assert {e: n for e, n in total.items() if n} == atoms(substances()[key].formula)


# Conventional to SI factors as laboratories and journals print them, to the digits printed.
LABORATORY = [
    ("cortisol", "ug/dL", "nmol/L", 27.59),
    ("estradiol", "pg/mL", "pmol/L", 3.671),
    ("testosterone", "ng/dL", "nmol/L", 0.0347),
    ("progesterone", "ng/mL", "nmol/L", 3.18),
    ("t4", "ug/dL", "nmol/L", 12.87),
    ("t4", "ng/dL", "pmol/L", 12.87),
    ("t3", "ng/dL", "nmol/L", 0.01536),
    ("aldosterone", "ng/dL", "nmol/L", 0.0277),
    ("androstenedione", "ng/dL", "nmol/L", 0.0349),
    ("dheas", "ug/dL", "umol/L", 0.02714),
    ("deoxycortisol_11", "ug/dL", "nmol/L", 28.86),
    ("hydroxyprogesterone_17", "ng/dL", "nmol/L", 0.03026),
    ("acth", "pg/mL", "pmol/L", 0.2202),
    ("insulin", "uIU/mL", "pmol/L", 6.00),
    ("vasopressin", "pg/mL", "pmol/L", 0.923),
    ("prolactin", "ng/mL", "mIU/L", 21.2),
    ("adrenaline", "pg/mL", "pmol/L", 5.459),
    ("noradrenaline", "pg/mL", "nmol/L", 0.00591),
    ("dopamine", "pg/mL", "pmol/L", 6.53),
    ("serotonin", "ng/mL", "nmol/L", 5.68),
    ("hva", "mg/d", "umol/d", 5.49),
    ("hiaa", "mg/d", "umol/d", 5.23),
    ("vma", "mg/d", "umol/d", 5.05),
    ("metanephrine", "pg/mL", "nmol/L", 0.00507),
    ("normetanephrine", "pg/mL", "nmol/L", 0.00546),
    ("melatonin", "pg/mL", "pmol/L", 4.305),
    ("glucose", "mg/dL", "mmol/L", 0.0555),
    ("lactate", "mg/dL", "mmol/L", 0.111),
    ("acetoacetate", "mg/dL", "mmol/L", 0.098),
    ("bhb", "mg/dL", "umol/L", 96.05),
    ("acetone", "mg/dL", "mmol/L", 0.172),
    ("cholesterol", "mg/dL", "mmol/L", 0.0259),
    ("triglyceride", "mg/dL", "mmol/L", 0.0113),
    ("creatinine", "mg/dL", "umol/L", 88.4),
    ("phosphate", "mg/dL", "mmol/L", 0.323),
    ("phenylalanine", "mg/dL", "umol/L", 60.5),
    ("tyrosine", "mg/dL", "umol/L", 55.2),
    ("tryptophan", "mg/dL", "umol/L", 48.97),
    ("homocysteine", "mg/L", "umol/L", 7.397),
    ("iron", "ug/dL", "umol/L", 0.179),
    ("copper", "ug/dL", "umol/L", 0.157),
    ("magnesium", "mg/dL", "mmol/L", 0.411),
    ("zinc", "ug/dL", "umol/L", 0.153),
    ("folate", "ng/mL", "nmol/L", 2.266),
    ("cobalamin", "pg/mL", "pmol/L", 0.738),
    ("calcidiol", "ng/mL", "nmol/L", 2.496),
    ("vitamin_d3", "IU", "ug", 0.025),
    ("ascorbate", "mg/dL", "umol/L", 56.78),
    ("ethanol", "mg/dL", "mmol/L", 0.217),
    ("caffeine", "mg/L", "umol/L", 5.15),
    ("theophylline", "mg/L", "umol/L", 5.55),
    ("amitriptyline", "ng/mL", "nmol/L", 3.605),
    ("albumin", "g/dL", "g/L", 10.0),
    ("tsh", "uIU/mL", "mIU/L", 1.0),
    ("lh", "mIU/mL", "IU/L", 1.0),
    ("ferritin", "ng/mL", "ug/L", 1.0),
]


@pytest.mark.parametrize(("key", "conventional", "si", "factor"), LABORATORY)
def test_laboratory_units_convert_by_the_published_factor(key: str, conventional: str, si: str, factor: float) -> None:
    assert convert(1.0, conventional, si, substance=key) == pytest.approx(factor, rel=4e-3)
    assert convert(factor, si, conventional, substance=key) == pytest.approx(1.0, rel=4e-3)


def test_international_units_of_insulin() -> None:
    """By the factor 6.00 nmol/IU one unit weighs 0.0347-0.0349 mg: the two definitions agree within half a percent."""
    assert convert(1.0, "IU", "mg", substance="insulin") == pytest.approx(0.0347, rel=5e-3)
    assert convert(60.0, "pmol/L", "mIU/L", substance="insulin") == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("source", "target", "key", "error", "message"),
    [
        ("mIU/L", "nmol/L", "tsh", UnitMismatch, "known by activity alone"),
        ("ng/mL", "nmol/L", "prolactin", UnitMismatch, "has no molar mass here: forms of several masses circulate"),
        ("IU", "nmol", "cortisol", UnitMismatch, "no fixed mass or amount is known for one IU of cortisol"),
        ("mg", "nmol", "", UnitMismatch, "name it"),
        ("mg", "L", "glucose", UnitMismatch, "different kinds"),
        ("mg/L", "nmol", "glucose", UnitMismatch, "different kinds"),
        ("mg^2", "nmol", "glucose", UnitMismatch, "different kinds"),
        ("mg", "nmol", "glucos", UnknownName, "did you mean glucose"),
    ],
)
def test_conversions_that_cannot_be_made(source: str, target: str, key: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        convert(1.0, source, target, substance=key)
    assert message in str(caught.value)
