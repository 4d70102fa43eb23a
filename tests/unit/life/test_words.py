"""The words of a day, and what they refuse."""

from __future__ import annotations

import pytest

from neurohumor.errors import ModelError, NeurohumorError, UnitMismatch, UnknownName
from neurohumor.life.day import burst, clamp, dose, exercise, infusion, light, meal, set_, skip, sleep, task, threat
from neurohumor.life.food import COMPOSITIONS, KCAL_PER_GRAM, amino_acids, shares_of
from neurohumor.life.happenings import kind_of, per_kilogram, said
from neurohumor.life.protocol import Protocol
from neurohumor.names import substances
from neurohumor.units import quantity


def only(protocol: Protocol):
    (one,) = protocol
    return one


def test_a_day_in_one_line():
    day = (
        sleep("23:00", "07:00") + light("300 lux", "07:30", "22:00") + meal("08:00", carbs="60 g") + dose("caffeine", "100 mg", at="08:15")
    )
    assert [kind_of(one) for one in day] == ["light", "meal", "dose", "sleep"]
    assert day.substances() == {("caffeine", "oral"), ("carbohydrate", "meal")}
    assert day.clamps() == frozenset()


def test_a_span_that_ends_earlier_ends_on_the_next_day():
    assert only(sleep("23:00", "07:00")).duration == 8
    assert only(sleep("01:00", "07:00")).duration == 6
    assert only(light("100 lux", "00:00", "24:00")).duration == 24


def test_ends_with_days():
    assert only(sleep("day 1 23:00", "day 2 07:00")).duration == 8
    assert only(sleep("2026-02-28 23:00", "2026-03-01 07:00")).duration == 8
    assert only(clamp("blood.glucose", "5 mmol/L", "08:00", "day 3 08:00", day=1)).duration == 48


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: sleep("day 2 23:00", "day 2 07:00"), "ends before it starts"),
        (lambda: sleep("2026-03-02 23:00", "2026-03-01 07:00"), "ends before it starts"),
        (lambda: sleep("23:00", "23:00"), "ends when it begins"),
        (lambda: sleep("23:00"), "no end"),
        (lambda: sleep("23:00", "07:00", duration="8 h"), "end is given twice"),
        (lambda: sleep("23:00", "day 2 07:00"), "beginning has none"),
        (lambda: sleep("day 1 23:00", "2026-03-02 07:00"), "one end has a date"),
        (lambda: sleep("23:00", duration="80 h"), "at most 72 h"),
        (lambda: sleep("20:00", duration="25 h"), "begins again before it ends"),
        (lambda: meal("08:00", kcal="9 kcal", every="5 min", times=3), "begins again before it ends"),
        (lambda: sleep("23:00", "07:00", day=1, on="2026-03-02"), "day is given twice"),
        (lambda: sleep("23:00", "07:00", day=[]), "a list of 0"),
        (lambda: meal("08:00"), "holds nothing"),
        (lambda: meal("08:00", carbs="-1 g"), "negative"),
        (lambda: meal("08:00", carbs="1 g", kcal="10 kcal"), "given twice"),
        (lambda: meal("08:00", kcal="-10 kcal"), "above zero"),
        (lambda: meal("08:00", carbs="1 g", shares={"carbs": 1.0}), "not given"),
        (lambda: meal("08:00", kcal="100 kcal", shares={"carbs": 0.5, "fat": 0.4}), "add up to 0.9"),
        (lambda: meal("08:00", kcal="100 kcal", shares={"crabs": 1.0}), "crabs"),
        (lambda: meal("08:00", carbs="60 kcal"), "wrong unit"),
        (lambda: meal("08:00", protein="20 g", composition="beef"), "no protein is called"),
        (lambda: meal("08:00", protein="20 g", composition={"leucine": 0.9, "valine": 0.9}), "add up to 1.8"),
        (lambda: meal("08:00", amino_acids={"tryptofan": "1 g"}), "tryptophan"),
        (lambda: dose("caffeine", "-1 mg", at="08:00"), "negative"),
        (lambda: dose("caffene", "1 mg", at="08:00"), "caffeine"),
        (lambda: dose("caffeine", "1 h", at="08:00"), "wrong unit"),
        (lambda: dose("caffeine", "50 %", at="08:00"), "wrong unit"),
        (lambda: dose("caffeine", "1", at="08:00"), "no unit"),
        (lambda: dose("caffeine", "nan mg", at="08:00"), "not a number"),
        (lambda: dose("caffeine", "1 mg", "orally", at="08:00"), "oral"),
        (lambda: dose("caffeine", "1 mg", at="08:00", day=1, ss=True), "needs a rhythm"),
        (lambda: infusion("insulin", from_="08:00", to="10:00"), "rate or an amount"),
        (lambda: infusion("insulin", rate="1 mg", from_="08:00", to="10:00"), "wrong unit"),
        (lambda: infusion("insulin", rate="1 mg/h", from_="08:00"), "needs an end"),
        (lambda: infusion("insulin", amount="1 mg", from_="08:00", day=1), "not given"),
        (lambda: light("300 lm", "08:00", "09:00"), "wrong unit"),
        (lambda: light("-5 lux", "08:00", "09:00"), "between 0"),
        (lambda: threat(1.5, "08:00", "09:00"), "between 0 and 1"),
        (lambda: threat(float("nan"), "08:00", "09:00"), "nan"),
        (lambda: threat("0.5", "08:00", "09:00"), "not a number"),
        (lambda: exercise(-0.1, "08:00", "09:00"), "between 0"),
        (lambda: task(11, "08:00", "09:00"), "between 0"),
        (lambda: burst("dopamine", "08:00", duration="1 s", factor=5), "no group of neurons"),
        (lambda: clamp("blood.glucos", "5 mmol/L"), "blood.glucose"),
        (lambda: clamp("blood.glucose", "5 lux"), "measured in mmol/L"),
        (lambda: clamp("person.weight", "60 kg"), "cannot be held"),
        (lambda: clamp("blood.glucose", "5 mmol/L", to="10:00"), "no beginning"),
        (lambda: clamp("blood.glucose", "5 mmol/L", "08:00"), "needs an end"),
        (lambda: clamp("blood.glucose", [("0 h", "5 mmol/L"), ("3 h", "4 mmol/L")], "08:00", "10:00"), "before its last value"),
        (lambda: clamp("blood.glucose", [("1 h", "5 mmol/L")], "08:00", "10:00"), "out of order"),
        (lambda: clamp("blood.glucose", [], "08:00", "10:00"), "list of pairs"),
        (lambda: set_("world.light", "5 lux"), "happening of its own"),
        (lambda: set_("person.weight", "60 kg"), "belongs to the person"),
        (lambda: set_("blood.acth", "5 pmol/L", "08:00", "10:00"), "no resting value"),
        (lambda: skip("meals"), "meal"),
        (lambda: threat(0.5, "08:00", "09:00", note="a\x07bell"), "control character"),
    ],
)
def test_what_is_refused_says_why_and_what_to_do(make, what):
    with pytest.raises(NeurohumorError) as caught:
        make()
    assert what in str(caught.value) and caught.value.remedy


def test_energy_divides_as_on_the_reference_day():
    one = only(meal("08:00", kcal="500 kcal"))
    grams = {name: mass.to("g").value for name, mass in one.nutrients()}
    assert grams == pytest.approx({"carbohydrate": 62.5, "fat": 500 * 0.35 / 9, "protein": 18.75})
    assert sum(grams[name] * KCAL_PER_GRAM[name] for name in grams) == pytest.approx(500)
    assert only(meal("08:00", kcal="2092 kJ")).carbohydrate == one.carbohydrate


def test_energy_divides_as_asked():
    one = only(meal("08:00", kcal="400 kcal", shares={"carbs": 1.0}))
    assert one.carbohydrate == quantity("100 g") and one.fat == one.protein == quantity("0 g")


def test_the_mixed_protein_is_made_of_known_amino_acids_and_adds_up():
    for composition in COMPOSITIONS:
        shares = dict(shares_of(composition))
        assert set(shares) <= set(amino_acids()) <= set(substances())
        assert 0.9 < sum(shares.values()) < 1.2


def test_several_times_give_several_happenings():
    twice = dose("caffeine", "100 mg", at=["08:15", "13:00"])
    assert [one.when.at for one in twice] == [8.25, 13.0]
    assert len(dose("caffeine", "100 mg", at=["08:15", "13:00"], day=[1, 2, 3])) == 6


def test_doses_per_kilogram_are_told_from_pure_numbers():
    assert per_kilogram(quantity("150 mg/kg")) and per_kilogram(quantity("1 mIU/kg/min")) and per_kilogram(quantity("1 nmol/kg"))
    assert not per_kilogram(quantity("150 mg")) and not per_kilogram(quantity("5 %"))


def test_an_amount_is_spread_over_its_time():
    assert only(infusion("glucose", amount="25 g", from_="08:00", duration="30 min", day=1)).rate == quantity("50 g/h")
    spread = only(infusion("glucose", amount="1 g/kg", from_="08:00", duration="2 h", day=1)).rate
    assert spread == quantity("0.5 g/kg/h") and per_kilogram(spread)


def test_overlaps_are_found_when_asked():
    sleep("23:00", "07:00").check()
    (sleep("23:00", "07:00") + sleep("13:00", "13:30")).check()
    (sleep("23:00", "07:00") + sleep("07:00", "07:30")).check()
    for day, what in (
        (sleep("23:00", "07:00") + sleep("06:00", "08:00", day=3), "overlap on day 3"),
        (clamp("blood.glucose", "5 mmol/L") + clamp("blood.glucose", "4 mmol/L", "08:00", "10:00"), "clamp of blood.glucose"),
    ):
        with pytest.raises(ModelError, match=what):
            day.check()
    (clamp("blood.glucose", "5 mmol/L") + clamp("blood.bhb", "1 mmol/L")).check()


def test_two_starts_do_not_add():
    from datetime import datetime

    a, b = Protocol(start=datetime(2026, 3, 2)), Protocol(start=datetime(2026, 3, 3))
    assert (a + Protocol()).start == (a + a).start == a.start
    with pytest.raises(ModelError, match="no start"):
        a + b


def test_repeating():
    pill = dose("caffeine", "100 mg", at="08:00")
    assert [one.when.every for one in pill.repeat("2 d")] == [48.0]
    assert only(pill.repeat("8 h", times=3)).when.begins(0.0, 96.0) == [8, 16, 24]
    with pytest.raises(ModelError, match="rhythm of its own"):
        pill.repeat("2 d").repeat("1 wk")


@pytest.mark.parametrize("text", ["2", "2 mg", "soon"])
def test_a_shift_is_a_duration(text):
    with pytest.raises(UnitMismatch):
        meal("08:00", carbs="1 g").shift(text)


def test_kinds_are_checked():
    with pytest.raises(UnknownName, match="meal"):
        Protocol().only("meals")


def test_happenings_are_told_as_a_reader_knows_them():
    told = [said(one) for one in threat(0.6, "14:00", duration="20 min", note="presentation") + dose("cortisol", "20 mg", at="day 2 08:00")]
    assert told == ["threat (presentation) from 14:00", "cortisol 20 mg at day 2 08:00"]
