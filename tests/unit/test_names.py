"""The vocabulary keeps its contract, and every name is found or refused with a remedy."""

from __future__ import annotations

import csv
import math
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from neurohumor.errors import UnknownName
from neurohumor.names import all_names, lookup, place, places, substance, substances
from neurohumor.names import quantities as quantities_file
from neurohumor.names.places import PlaceKind
from neurohumor.names.quantities import Gather, Kind
from neurohumor.names.tables import path_of
from neurohumor.units import quantity, unit

# ---- the contract ----


def rows(file: Path) -> dict[str, dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as stream:
        return {row["name"]: row for row in csv.DictReader(stream)}


OWN = rows(Path(path_of("quantities.csv")))


def test_every_row_of_the_contract_is_kept(shared: Path) -> None:
    contract = rows(shared / "design" / "QUANTITIES.csv")
    assert len(contract) > 250
    for name, row in contract.items():
        assert name in OWN, name
        for column in ("unit", "nominal", "kind", "gather"):
            assert OWN[name][column] == row[column], (name, column)


def test_no_name_stands_twice() -> None:
    with Path(path_of("quantities.csv")).open(newline="", encoding="utf-8") as stream:
        counted = Counter(row["name"] for row in csv.DictReader(stream))
    assert [name for name, times in counted.items() if times > 1] == []


# What a name measures can be told from its last word; units must agree with it.
KINDS = {
    "umol/h": r"_appearance$|(tyrosine|tryptophan)_use$|_synthesis$|_release$|_uptake$|_breakdown$|_infusion$",
    "umol/L": r"\.(glucose|lactate|bhb|ffa|tryptophan|tyrosine|cortisol|cortisol_free|t4|ft3|dopamine|serotonin|hva|atp|adp|melatonin)$",
    "1": r"\.gain\.|\.load$|_load$|_density$|\.firing$|_occupancy$|\.asleep$|\.oef$|\.ogi$|\.burst$",
    "umol/g/min": r"\.(cmrglc|cmro2|cmrket|cmrlac|j_atp|atp_demand|vcyc|atp_use)$",
}


@pytest.mark.parametrize("name", OWN)
def test_units_are_readable_and_sensible(name: str) -> None:
    found = lookup(name)
    assert found.kind in get_args(Kind)
    assert found.gather in get_args(Gather)
    assert found.nominal is None or math.isfinite(found.nominal)
    assert found.owner
    if found.unit.startswith("amount/"):
        assert "<" in name
        return
    read = unit(found.unit)
    assert read.factor > 0
    for example, pattern in KINDS.items():
        if re.search(pattern, name) and found.kind == "wired":
            assert read.same_kind(unit(example)), (name, found.unit, example)
    if found.nominal is not None:
        assert quantity(f"{found.nominal} {found.unit}", found.unit).value == found.nominal


def test_products_and_loads_rest_where_they_do_nothing() -> None:
    for name, row in OWN.items():
        if row["gather"] == "product":
            assert float(row["nominal"]) == 1, name
        if name.endswith("load"):
            assert (float(row["nominal"]), row["gather"]) == (0, "sum"), name


# ---- looking up ----


@pytest.mark.parametrize(
    ("name", "unit_text", "nominal", "pattern"),
    [
        ("striatum.dopamine", "nmol/L", None, ""),
        ("blood.cortisol", "nmol/L", None, ""),
        ("brain.circadian_phase", "rad", None, ""),
        ("pfc.d2", "1", None, "<place>.d2"),
        ("raphe.gain.tph2", "1", 1.0, "<place>.gain.tph2"),
        ("hippocampus.gain.hexokinase", "1", 1.0, "<place>.gain.hexokinase"),
        ("brain.cmrglc", "umol/g/min", 0.307, "<region>.cmrglc"),
        ("white.oef", "1", 0.345, "<region>.oef"),
        ("striatum.tyrosine_use", "umol/h", None, "<place>.tyrosine_use"),
        ("*.tyrosine_use", "umol/h", None, "<place>.tyrosine_use"),
        ("*.cmrglc", "umol/g/min", 0.307, "<region>.cmrglc"),
        ("d2.load", "1", 0.0, ""),
        ("d2.load_agonist", "1", 0.0, "d2.load"),
        ("clamp.blood.glucose.rate", "mmol/h", None, "clamp.<quantity>.rate"),
        ("clamp.blood.insulin.rate", "pmol/h", None, "clamp.<quantity>.rate"),
        ("clamp.liver.glycogen.rate", "g/h", None, "clamp.<quantity>.rate"),
        ("clamp.striatum.adp.rate", "umol/h", None, "clamp.<quantity>.rate"),
        ("blood.caffeine", "umol/L", 0.0, "blood.<drug>"),
        ("brain.citalopram", "nmol/L", 0.0, "brain.<drug>"),
        ("da.burst", "1", 0.0, ""),
        ("na.burst", "1", 0.0, ""),
        ("brain.atp_use", "umol/g/min", None, ""),
    ],
)
def test_names_are_found(name: str, unit_text: str, nominal: float | None, pattern: str) -> None:
    found = lookup(name)
    assert (found.name, found.unit, found.nominal, found.pattern) == (name, unit_text, nominal, pattern)


def test_patterns_hand_on_how_givers_are_joined() -> None:
    assert lookup("raphe.gain.tph2").gather == "product"
    assert lookup("*.tyrosine_use").gather == lookup("d2.load_agonist").gather == "sum"
    assert lookup("brain.atp_use").gather == "mass"
    assert lookup("da.burst").kind == "driven"
    assert lookup("person.age").kind == "given"


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("striatm.dopamine", "striatum.dopamine"),
        ("blood.cortisl", "blood.cortisol"),
        ("brain.cortisol", "brain.cortisol_free"),
        ("blood.estrogen", "blood.estradiol"),
        ("pfc.gain.tph", "pfc.gain.tph2"),
        ("clamp.blood.glucos.rate", "blood.glucose"),
        ("clamp.glucose.rate", "did you mean"),
        ("d2.load_antagonist", "did you mean"),
        ("dopamine", "pfc.dopamine"),
        ("raphe.cmrglc", "did you mean"),
        ("world.d2", "did you mean"),
        ("person.gain.th", "did you mean"),
        ("blood.cortisol_", "blood.cortisol"),
        ("csf.caffeine", "at csf there are csf.hva, csf.hiaa, csf.mhpg"),
        ("*.nonsense", "place.substance"),
        ("qqqq.wwww", "'qqqq' is no place; places are world, person"),
        ("", "place.substance"),
        (".", "place.substance"),
        ("x" * 500, "place.substance"),
    ],
)
def test_unknown_names_are_refused_with_a_remedy(name: str, remedy: str) -> None:
    with pytest.raises(UnknownName) as caught:
        lookup(name)
    assert remedy in caught.value.remedy


def test_all_names_can_be_looked_up() -> None:
    names = all_names()
    assert len(names) == len(set(names)) > 800
    assert {"striatum.dopamine", "pfc.d2", "locus.alpha2a", "white.cmrglc", "brain.cmrglc", "world.light", "da.burst"} <= set(names)
    assert "locus.cmrglc" not in names
    assert not [name for name in names if "<" in name or "*" in name]
    for name in names:
        assert lookup(name).name == name
        assert unit(lookup(name).unit).factor > 0


# ---- places ----


def test_places() -> None:
    assert {key for key, one in places().items() if one.kind == "region"} == {
        "pfc",
        "cortex",
        "striatum",
        "hippocampus",
        "other_grey",
        "white",
    }
    assert {one.kind for one in places().values()} == set(get_args(PlaceKind))
    assert place("brain").name
    with pytest.raises(UnknownName, match="did you mean striatum"):
        place("striatm")
    with pytest.raises(TypeError):
        places()["here"] = place("brain")  # type: ignore[index]


def test_every_quantity_has_a_known_first_word() -> None:
    groups = {"da", "na", "ht", "ach", "gr", "clamp", "<place>", "<region>"}
    targets = {name.partition(".")[0] for name in OWN if name.partition(".")[2] in ("load", "release_load")}
    assert {name.partition(".")[0] for name in OWN} <= set(places()) | groups | targets


def test_every_quantity_that_is_counted_names_a_substance() -> None:
    """Concentrations and flows of matter in the contract are of substances with a table entry."""
    wholes = {"ketone": ("bhb", "acetoacetate"), "oxygen": ("oxygen",)}
    suffixes = "|".join(("free", "appearance", "use", "synthesis", "release", "uptake", "breakdown", "infusion", "cleft"))
    for name, row in OWN.items():
        if "<quantity>" in name or "<drug>" in name or row["unit"].startswith("amount/"):
            continue
        read = unit(row["unit"])
        if not any(read.same_kind(unit(kind)) for kind in ("mol/L", "mol/h", "g/L", "IU/L")):
            continue
        stem = re.sub(rf"_({suffixes})$", "", name.partition(".")[2])
        if stem in ("fat",) or name == "person.ferritin":
            stem = {"fat": "ffa"}.get(stem, "ferritin")
        for key in wholes.get(stem, (stem,)):
            assert substance(key).unit, name


# ---- data, read late and left alone ----


def test_tables_are_read_late() -> None:
    code = "import sys, neurohumor.names as n; print(sorted({'tomllib', 'csv', 'numpy'} & set(sys.modules))); n.lookup('blood.cortisol')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_vocabulary_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        substances()["gold"] = substance("iron")  # type: ignore[index]
    with pytest.raises(AttributeError):
        lookup("blood.cortisol").unit = "g"  # type: ignore[misc]
    assert not hasattr(quantities_file, "add")
