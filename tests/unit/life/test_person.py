"""A person: what is given, what is taken from the reference adult, what cannot be."""

from __future__ import annotations

import copy
import pickle
import time

import pytest

from neurohumor.errors import ModelError, NeurohumorError
from neurohumor.lang.family import Family
from neurohumor.life.day import clamp, dose, meal, skip, sleep
from neurohumor.life.labs import lab
from neurohumor.life.person import REFERENCE_MAN, REFERENCE_WOMAN, Person, Times
from neurohumor.life.reference import REFERENCE_DAY, reference_day
from neurohumor.life.traits import GENOTYPES, TRAITS
from neurohumor.names import all_names, lookup
from neurohumor.units import quantity, unit


def test_the_person_of_the_first_page():
    person = Person(sex="f", age="34 y", weight="62 kg", cycle_day=5)
    assert person.given["person.weight"] == quantity("62 kg")
    assert person.given["person.cycle_day"] == quantity("5 d")
    assert person.given["person.sex_female"] == quantity(1, "1")
    assert person.habits == REFERENCE_DAY


def test_the_reference_adults():
    for person, weight, height, sex in ((REFERENCE_WOMAN, "62 kg", "165 cm", 1), (REFERENCE_MAN, "75 kg", "178 cm", 0)):
        assert person.given["person.age"] == quantity("34 y")
        assert person.given["person.weight"] == quantity(weight)
        assert person.given["person.height"] == quantity(height)
        assert person.given["person.sex_female"].value == sex
        assert person.habits == reference_day("f" if sex else "m")
    assert REFERENCE_WOMAN.given["person.cycle_day"] == quantity("5 d")
    assert not {"person.cycle_day", "person.pregnancy", "person.ovarian_reserve"} & set(REFERENCE_MAN.given)


def test_a_family_takes_it_for_a_person():
    assert Family("empty", {}).model(REFERENCE_WOMAN, REFERENCE_DAY).clamps == ()
    assert Family("empty", {}).model(REFERENCE_WOMAN, clamp("blood.glucose", "5 mmol/L")).clamps == ("blood.glucose",)


def test_traits_are_those_of_the_vocabulary():
    given = {name for name in all_names() if name.startswith("person.")}
    ours = {trait.full for trait in TRAITS.values()} | {"person.sex_female"}
    assert given <= ours
    assert ours - given <= {"person.cycle_length"}, "known to people, not to the vocabulary"
    for trait in TRAITS.values():
        if trait.full in given:
            assert unit(lookup(trait.full).unit).same_size(unit(trait.unit)), trait.name
    assert all(one.trait in TRAITS for one in GENOTYPES.values())


def test_reference_values_lie_within_their_bounds():
    for trait in TRAITS.values():
        assert trait.low <= trait.woman <= trait.high
        assert trait.man is None or trait.low <= trait.man <= trait.high


def test_genotypes_set_traits():
    assert Person(genotype={"comt": "Met/Met"}).given["person.comt_activity"].value == 0.62
    assert Person(genotype={"comt": "met/val"}).given["person.comt_activity"].value == 0.8
    assert Person(genotype={"cyp2d6": "poor"}).given["person.cyp2d6_activity"].value == 0
    assert "person.comt_activity" not in Person(genotype={"comt": "val/met"}).stated


def test_bare_numbers_are_in_the_traits_unit():
    assert Person(traits={"chronotype": -0.4}).given["person.chronotype"] == quantity("-24 min")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ({"sex": "x"}, '"f" or "m"'),
        ({"weight": "62"}, "no unit"),
        ({"weight": "62 cm"}, "wrong unit"),
        ({"weight": 62}, "no unit"),
        ({"weight": "-62 kg"}, "out of range"),
        ({"weight": "nan kg"}, "not a number"),
        ({"age": "8 y"}, "16 to 110 y"),
        ({"cycle_day": 40}, "cycle of 28 d"),
        ({"sex": "m", "cycle_day": 5}, "of a man"),
        ({"sex": "m", "traits": {"pregnancy": 1}}, "of a man"),
        ({"traits": {"chronotyp": 1}}, "chronotype"),
        ({"traits": {"weight": "70 kg"}, "weight": "71 kg"}, "given twice"),
        ({"genotype": {"comt": "val/leu"}}, "val/met"),
        ({"genotype": {"httlpr": "s/l"}}, "for others give the trait"),
        ({"genotype": {"comt": "val/val"}, "traits": {"comt_activity": 1}}, "both given"),
        ({"values": {"k_crh": 1}}, "full name"),
        ({"values": {"hpa.k_crh": "0.9 y x"}}, "unit"),
        ({"values": {"hpa.k_crh": "-0.9 x"}}, "no"),
        ({"values": {"hpa.k_crh": float("nan")}}, "finite"),
        ({"values": {"hpa.k_crh": True}}, "no override"),
        ({"values": {"__import__('os').x": 1}}, "full name"),
        ({"name": "../../etc/passwd"}, "holds '/'"),
        ({"name": "x" * 201}, "at most 200"),
        ({"name": "bell\x07"}, "control character U+0007"),
        ({"name": "\u202eevil"}, "control character U+202E"),
        ({"name": "os.system('x')"}, "like code"),
        ({"habits": sleep("23:00", "07:00", day=2)}, "no habit"),
        ({"habits": sleep("23:00", "07:00") + sleep("06:00", "08:00")}, "overlap"),
    ],
)
def test_what_cannot_be(words, what):
    with pytest.raises(NeurohumorError) as caught:
        Person(**words)
    assert what in str(caught.value) and caught.value.remedy


@pytest.mark.parametrize("name", ["", "Example", "Anna-Maria O'Neill (2)", "José", "Ada, Countess", "N. N. 3"])
def test_names(name):
    assert Person(name=name).name == name


def test_habits_lie_over_the_reference_day():
    person = Person(habits=sleep("00:00", "08:00") + dose("levothyroxine", "100 ug", at="07:00"))
    kinds = [type(one).__name__ for one in person.habits]
    assert sorted(kinds) == ["Dose", "Light", "Meal", "Meal", "Meal", "Sleep"]
    assert not Person(habits=skip("meal")).habits.only("meal")
    assert len(Person(habits=meal("12:00", kcal="2000 kcal")).habits.only("meal")) == 1


def test_overrides():
    values = Person(values={"hpa.k_crh": "0.9 x", "a.b": 3, "c.d": "3 uM/h"}).values
    assert values == {"hpa.k_crh": Times(0.9), "a.b": 3.0, "c.d": quantity("3 uM/h")}


def test_with_changes_what_is_named_and_keeps_the_rest():
    person = Person(weight="62 kg", cycle_day=7, values={"a.b": 1}, traits={"ferritin": "20 ug/L"}, habits=sleep("00:00", "08:00"))
    assert person.with_() == person
    heavier = person.with_(weight="70 kg", values={"a.c": 2})
    assert heavier.given["person.weight"] == quantity("70 kg") and heavier.given["person.cycle_day"] == quantity("7 d")
    assert heavier.values == {"a.b": 1.0, "a.c": 2.0} and heavier.habits == person.habits
    assert REFERENCE_WOMAN.with_(sex="m", name="Reference man") == REFERENCE_MAN


def test_people_who_are_the_same_to_a_model_have_one_fingerprint():
    a, b = Person(name="A", weight="62 kg"), Person(name="B", weight="62000 g")
    assert a.fingerprint() == b.fingerprint() == REFERENCE_WOMAN.fingerprint()
    others = [
        a.with_(weight="63 kg"),
        a.with_(values={"a.b": 1}),
        a.with_(values={"a.b": "1 x"}),
        a.with_(habits=sleep("00:00", "08:00")),
        REFERENCE_MAN,
    ]
    assert len({one.fingerprint() for one in (a, *others)}) == 6


def test_people_are_compared_and_hashed_by_what_they_are():
    assert Person(weight="62 kg") == Person(weight="62000 g")
    assert len({Person(weight="62 kg"), Person(weight="62000 g"), Person(weight="63 kg")}) == 2


# ── Labs ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "value", "quantity_", "number"),
    [
        ("TSH", "1.8 mIU/L", "blood.tsh", 1.8),
        ("cortisol", "14 ug/dL", "blood.cortisol", 386.2),
        ("cortisol", "386 nmol/L", "blood.cortisol", 386),
        ("estradiol", "100 pg/mL", "blood.estradiol", 367.1),
        ("Free T4", "1.2 ng/dL", "blood.ft4", 15.45),
        ("glucose", "90 mg/dL", "blood.glucose", 4.996),
        ("blood.glucose", "5 mmol/L", "blood.glucose", 5),
        ("insulin", "10 uIU/mL", "blood.insulin", 60),
        ("ferritin", "80 ng/mL", "person.ferritin", 80),
        ("Hematocrit", "42 %", "person.hematocrit", 0.42),
    ],
)
def test_labs_in_either_unit(name, value, quantity_, number):
    one = lab(name, value, time="08:10", cycle_day=3)
    assert one.quantity == quantity_
    assert one.converted.value == pytest.approx(number, rel=1e-3)
    assert one.converted.unit.same_size(unit(lookup(quantity_).unit))


def test_labs_without_a_quantity_are_kept_as_printed():
    assert lab("HbA1c", "5.4 %").quantity == ""
    assert lab("HbA1c", "36 mmol/mol").converted == quantity("36 mmol/mol")


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: lab("TSH", "1.8 mmol/L"), "measured in mIU/L"),
        (lambda: lab("cortisol", "14"), "no unit"),
        (lambda: lab("cortisol", "-14 ug/dL"), "negative"),
        (lambda: lab("HbA1c", "5.4 mmol/L"), "printed in"),
        (lambda: lab("cortisal", "14 ug/dL"), "cortisol"),
        (lambda: lab("blood.cortisal", "14 ug/dL"), "blood.cortisol"),
        (lambda: lab("TSH", "1.8 mIU/L", time="noon"), "clock time"),
        (lambda: lab("TSH", "1.8 mIU/L", cycle_day=100), "out of range"),
    ],
)
def test_labs_that_cannot_be(make, what):
    with pytest.raises(NeurohumorError) as caught:
        make()
    assert what in str(caught.value) and caught.value.remedy


def test_labs_are_no_wires():
    plain, measured = Person(), Person(labs=[lab("cortisol", "25 ug/dL")])
    assert measured.given == plain.given and measured.fingerprint() == plain.fingerprint() and measured != plain


def test_people_are_copied_and_sent_elsewhere():
    person = Person(weight="60 kg", cycle_day=7, values={"a.b": "0.9 x"}, genotype={"comt": "val/met"}, labs=[lab("TSH", "1.8 mIU/L")])
    for again in (pickle.loads(pickle.dumps(person)), copy.deepcopy(person), copy.copy(person)):
        assert again == person and again.fingerprint() == person.fingerprint() and again.stated == person.stated


def test_making_many_people_is_quick():
    began = time.perf_counter()
    for k in range(300):
        REFERENCE_WOMAN.with_(name=f"person {k}", values={"a.b": Times(1 + k / 300)})
    assert time.perf_counter() - began < 1.5


def test_a_persons_maps_cannot_be_changed():
    with pytest.raises(TypeError):
        REFERENCE_WOMAN.given["person.weight"] = quantity("1 kg")
    with pytest.raises(AttributeError):
        REFERENCE_WOMAN.name = "x"
    with pytest.raises(ModelError):
        Person(habits=clamp("blood.glucose", "5 mmol/L", "08:00", "09:00", times=3))
