"""The timeline: habits under the day file, and what each happening becomes."""

from __future__ import annotations

from datetime import datetime

import pytest

from neurohumor.errors import ModelError
from neurohumor.life.day import burst, clamp, dose, exercise, infusion, light, meal, set_, skip, sleep, task, threat
from neurohumor.life.lived import lived, settling
from neurohumor.life.person import REFERENCE_MAN, REFERENCE_WOMAN, Person
from neurohumor.life.protocol import Protocol
from neurohumor.life.timeline import Act, habits_timeline, timeline
from neurohumor.names import all_names, lookup
from neurohumor.units import quantity, unit


def course(acts: tuple[Act, ...], name: str, route: str = "") -> list[tuple[float, float]]:
    """Times and values of one quantity, in the unit of its acts."""
    return [(act.time, act.value.value) for act in acts if act.name == name and act.route == route]


def days(protocol: Protocol, person: Person = REFERENCE_WOMAN, start: float = 0.0, end: float = 72.0) -> tuple[Act, ...]:
    return timeline(person, protocol, start=start, end=end)


def nights(protocol: Protocol, end: float = 120.0, person: Person = REFERENCE_WOMAN) -> list[tuple[float, float]]:
    return [(one.begin, one.end) for one in lived(person, protocol, start=0.0, end=end) if one.kind == "sleep"]


# ── The reference day ─────────────────────────────────────────────────────────────────────────────


def test_the_reference_day_of_the_woman():
    acts = habits_timeline(REFERENCE_WOMAN, start=0.0, end=24.0)
    assert course(acts, "world.sleep_opportunity") == [(0, 1), (7, 0), (23, 1)]
    assert course(acts, "world.light") == [(0, 0), (7, 300), (23, 0)]
    assert course(acts, "world.threat") == course(acts, "world.exercise") == course(acts, "world.task") == [(0, 0)]
    eaten = course(acts, "carbohydrate", "meal")
    assert [time for time, _ in eaten] == [0, 7.5, 7.75, 12.5, 12.75, 18.5, 18.75]
    assert [rate * 0.25 for _, rate in eaten if rate] == pytest.approx([62.5, 87.5, 100.0])  # 25, 35, 40 % of 1000 kcal at 4 kcal/g
    assert [rate * 0.25 for _, rate in course(acts, "fat", "meal") if rate] == pytest.approx([175 / 9, 245 / 9, 280 / 9])
    assert [rate * 0.25 for _, rate in course(acts, "protein", "meal") if rate] == pytest.approx([18.75, 26.25, 30.0])


def test_the_reference_man_eats_a_quarter_more():
    hers, his = (course(habits_timeline(one, start=0.0, end=24.0), "fat", "meal") for one in (REFERENCE_WOMAN, REFERENCE_MAN))
    assert [time for time, _ in hers] == [time for time, _ in his]
    assert [rate * 1.25 for _, rate in hers] == pytest.approx([rate for _, rate in his])


def test_the_amino_acids_of_the_protein_come_beside_it():
    acts = days(
        meal("08:00", protein="20 g", composition={"tryptophan": 0.01}, amino_acids={"tryptophan": "2 g"}, duration="30 min"), end=24.0
    )
    assert course(acts, "protein", "meal") == [(0, 0), (8, 40), (8.5, 0)]
    assert course(acts, "tryptophan", "meal") == [(0, 0), (8, 4), (8.5, 0)]
    assert course(acts, "tryptophan", "protein") == [(0, 0), (8, pytest.approx(0.4)), (8.5, 0)]
    assert course(acts, "carbohydrate", "meal") == []  # of the habits, too: the day file has meals


# ── Habits and the day file ───────────────────────────────────────────────────────────────────────


def test_a_kind_replaces_its_habits_and_others_stay():
    acts = days(sleep("22:00", "06:00"), end=24.0)
    assert course(acts, "world.sleep_opportunity") == [(0, 1), (6, 0), (22, 1)]
    assert course(acts, "world.light") == [(0, 0), (7, 300), (23, 0)]
    assert len(course(acts, "carbohydrate", "meal")) == 7


def test_a_day_restricts_what_is_replaced():
    acts = days(meal("10:00", carbs="100 g", day=1))
    assert [time for time, rate in course(acts, "carbohydrate", "meal") if rate] == [7.5, 12.5, 18.5, 34.0, 55.5, 60.5, 66.5]


def test_until_restricts_what_is_replaced():
    acts = days(light("50 lux", "12:00", "13:00", until=0))
    assert course(acts, "world.light") == [(0, 0), (12, 50), (13, 0), (31, 300), (47, 0), (55, 300), (71, 0)]


def test_a_night_belongs_to_its_evening():
    habitual = [(-1, 7), (23, 31), (47, 55), (71, 79), (95, 103), (119, 127)]
    assert nights(Protocol()) == habitual
    assert nights(sleep("03:00", "09:00", day=2)) == [(-1, 7), (23, 31), (51, 57), *habitual[3:]]
    assert nights(sleep("15:00", "16:00", day=2)) == [*habitual[:3], (63, 64), *habitual[4:]]
    assert nights(skip("sleep", day=1)) == [(-1, 7), (23, 31), *habitual[3:]]
    assert nights(sleep("00:30", "06:30")) == [(day * 24 + 0.5, day * 24 + 6.5) for day in range(5)]


def test_a_habitual_night_that_overlaps_falls_away():
    assert nights(sleep("06:00", "12:30", day=1), end=72.0) == [(-1, 7), (30, 36.5), (47, 55), (71, 79)]


def test_what_is_skipped_does_not_happen():
    acts = days(skip("meal", day=1))
    assert [time for time, rate in course(acts, "fat", "meal") if rate] == [7.5, 12.5, 18.5, 55.5, 60.5, 66.5]
    assert course(days(skip("light")), "world.light") == [(0, 0)]
    assert course(days(skip("meal")), "fat", "meal") == []


def test_of_drugs_the_same_one_is_replaced():
    person = Person(habits=dose("levothyroxine", "100 ug", at="07:00") + dose("citalopram", "20 mg", at="08:00"))
    acts = days(dose("t4", "50 ug", at="09:00", day=1) + dose("caffeine", "100 mg", at="10:00"), person)
    given = [(act.time, act.name, str(act.value)) for act in acts if act.kind == "add"]
    assert [one for one in given if one[1] in ("t4", "levothyroxine")] == [
        (7, "levothyroxine", "100 ug"),
        (33, "t4", "50 ug"),
        (55, "levothyroxine", "100 ug"),
    ]
    assert [time for time, name, _ in given if name == "citalopram"] == [8, 32, 56]
    for name in ("levothyroxine", "t4"):
        missed = days(skip("dose", name, day=1), person)
        assert [act.time for act in missed if act.name == "levothyroxine"] == [7, 55]
    assert [act.time for act in days(skip("dose", day=1), person) if act.kind == "add"] == [7, 8, 55, 56]


def test_steady_doses_belong_to_the_settling():
    pill = dose("levothyroxine", "100 ug", at="07:00", every="12 h", day=1, ss=True)
    settled = habits_timeline(REFERENCE_WOMAN, pill, start=0.0, end=24.0)
    assert [act.time for act in settled if act.kind == "add"] == [7, 19]
    assert [act.time for act in days(pill) if act.kind == "add"] == [31, 43, 55, 67]
    once = dose("levothyroxine", "100 ug", at="07:00", every="12 h", day=0, times=1, ss=True)
    assert [act.time for act in habits_timeline(REFERENCE_WOMAN, once, start=0.0, end=24.0) if act.kind == "add"] == [7, 19]
    assert [act.time for act in days(once) if act.kind == "add"] == [7]
    assert settling(REFERENCE_WOMAN) == settling(REFERENCE_WOMAN, Protocol()) == Protocol(REFERENCE_WOMAN.habits.happenings)


def test_dates_are_placed_by_the_start():
    begun = Protocol(start=datetime(2026, 3, 2, 7))
    acts = days(begun + threat(0.5, "14:00", duration="1 h", on="2026-03-03"))
    assert course(acts, "world.threat") == [(0, 0), (38, 0.5), (39, 0)]
    assert begun.begins == 7.0
    with pytest.raises(ModelError, match="start"):
        days(threat(0.5, "14:00", duration="1 h", on="2026-03-03"))


def test_continuing_is_living_on():
    day = threat(0.5, "23:30", duration="1 h") + dose("caffeine", "100 mg", at="00:00")
    first, second = days(day, end=24.0), days(day, start=24.0, end=48.0)
    assert course(first, "world.threat") == [(0, 0.5), (0.5, 0), (23.5, 0.5)]
    assert course(second, "world.threat") == [(24, 0.5), (24.5, 0), (47.5, 0.5)]
    assert [act.time for act in (*first, *second) if act.kind == "add"] == [0, 24]


# ── What each happening becomes ───────────────────────────────────────────────────────────────────


def test_of_two_lights_the_brightest_counts():
    acts = days(light("100 lux", "08:00", "20:00") + light("5000 lux", "09:00", "10:00") + light("50 lux", "19:00", "21:00"), end=24.0)
    assert course(acts, "world.light") == [(0, 0), (8, 100), (9, 5000), (10, 100), (20, 50), (21, 0)]


def test_what_meets_at_midnight_makes_no_act():
    acts = days(light("100 lux", "00:00", "24:00"))
    assert course(acts, "world.light") == [(0, 100)]


def test_forced_sleep_forces():
    assert course(days(sleep("23:00", "07:00"), end=24.0), "world.sleep_forced") == []
    forced = days(sleep("22:00", "07:00") + sleep("13:00", "14:00", force=True), end=24.0)
    assert course(forced, "world.sleep_forced") == [(0, 0), (13, 1), (14, 0)]
    assert course(forced, "world.sleep_opportunity") == [(0, 1), (7, 0), (13, 1), (14, 0), (22, 1)]


def test_levels_of_the_world():
    day = (
        threat(0.3, "08:00", "10:00")
        + threat(0.8, "09:00", "09:30")
        + exercise(0.6, "17:00", duration="45 min")
        + task(0.2, "09:00", "12:00")
    )
    acts = days(day, end=24.0)
    assert course(acts, "world.threat") == [(0, 0), (8, 0.3), (9, 0.8), (9.5, 0.3), (10, 0)]
    assert course(acts, "world.exercise") == [(0, 0), (17, 0.6), (17.75, 0)]
    assert course(acts, "world.task") == [(0, 0), (9, 0.2), (12, 0)]


def test_a_burst_is_extra_firing_and_recruitment():
    acts = days(burst("da", "10:00", duration="0.5 s", factor=5, recruit=3), end=24.0)
    end = 10 + 0.5 / 3600
    assert course(acts, "da.burst") == [(0, 0), (10, 4), (pytest.approx(end, abs=1e-12), 0)]
    assert course(acts, "da.recruit") == [(0, 1), (10, 3), (pytest.approx(end, abs=1e-12), 1)]


def test_doses_by_weight():
    acts = days(dose("tyrosine", "150 mg/kg", at="08:00"), REFERENCE_MAN, end=24.0)
    assert [act.value for act in acts if act.kind == "add"] == [quantity("11250 mg")]
    rates = days(infusion("insulin", rate="1 mIU/kg/min", from_="08:00", to="10:00"), REFERENCE_MAN, end=24.0)
    assert [act.value for act in rates if act.name == "insulin"] == [quantity("0 IU/h"), quantity("4.5 IU/h"), quantity("0 IU/h")]


def test_infusions_add_up():
    day = infusion("glucose", rate="10 g/h", from_="08:00", to="12:00") + infusion("glucose", rate="90 mg/min", from_="09:00", to="10:00")
    assert course(days(day, end=24.0), "glucose", "iv") == [(0, 0), (8, 10), (9, pytest.approx(15.4)), (10, 10), (12, 0)]
    forever = infusion("glucose", rate="10 g/h", from_="08:00", day=0)
    assert course(days(forever), "glucose", "iv") == [(0, 0), (8, 10)]
    assert course(days(forever, start=48.0), "glucose", "iv") == [(48, 10)]


def test_a_clamp_has_a_switch_and_a_value():
    acts = days(clamp("blood.glucose", "90 mg/dL", "08:00", "10:00"), end=24.0)
    assert course(acts, "clamp.blood.glucose.on") == [(0, 0), (8, 1), (10, 0)]
    ((time, value),) = course(acts, "clamp.blood.glucose.value")
    assert time == 8 and value == pytest.approx(4.9957, abs=1e-3)
    assert {str(act.value.unit) for act in acts if act.name.endswith("glucose.value")} == {"mmol/L"}
    assert [act.name for act in acts if act.time == 8] == ["clamp.blood.glucose.value", "clamp.blood.glucose.on"]


def test_a_clamp_in_steps_and_in_ramps():
    values = [("0 h", "5 mmol/L"), ("1 h", "4 mmol/L"), ("3 h", "3 mmol/L")]
    steps = days(clamp("blood.glucose", values, "08:00", "12:00"), end=24.0)
    assert course(steps, "clamp.blood.glucose.value") == [(8, 5), (9, 4), (11, 3)]
    ramps = days(clamp("blood.glucose", values, "08:00", "12:00", shape="ramps"), end=24.0)
    found = [(act.time, act.kind, act.value.value, act.slope) for act in ramps if act.name == "clamp.blood.glucose.value"]
    assert found == [(8, "ramp", 5, -1), (9, "ramp", 4, -0.5), (11, "set", 3, 0)]
    later = days(clamp("blood.glucose", values, "08:00", "12:00", shape="ramps"), start=10.0, end=24.0)
    assert [(act.time, act.kind, act.value.value, act.slope) for act in later if act.name == "clamp.blood.glucose.value"] == [
        (10, "ramp", 3.5, -0.5),
        (11, "set", 3, 0),
    ]


def test_a_clamp_without_times_holds_throughout():
    acts = days(clamp("blood.estradiol", "100 pg/mL"))
    assert course(acts, "clamp.blood.estradiol.on") == [(0, 1)]
    assert {round(act.value.value, 1) for act in acts if act.name == "clamp.blood.estradiol.value"} == {367.1}


def test_settings_stay_or_end():
    assert course(days(set_("world.altitude", "2500 m")), "world.altitude") == [(0, 2500)]
    assert course(days(set_("world.altitude", "2500 m", "10:00", day=1)), "world.altitude") == [(0, 0), (34, 2500)]
    lift = set_("world.altitude", "2500 m", "10:00", "12:00", day=0) + set_("world.paco2", "50 mmHg", "10:00", "12:00", day=0)
    assert course(days(lift), "world.altitude") == [(0, 0), (10, 2500), (12, 0)]
    assert course(days(lift), "world.paco2") == [(0, 40), (10, 50), (12, 40)]
    twice = set_("world.altitude", "2500 m", "10:00", day=0) + set_("world.altitude", "1000 m", "15:00", day=1)
    assert course(days(twice), "world.altitude") == [(0, 0), (10, 2500), (39, 1000)]
    assert course(days(twice, start=48.0), "world.altitude") == [(48, 1000)]


def test_everything_driven_is_in_the_vocabulary():
    day = sleep("23:00", "07:00", force=True) + threat(1, "08:00", "09:00") + set_("world.altitude", "2500 m")
    known = set(all_names())
    for act in days(day):
        if act.kind == "set":
            assert act.name in known and act.value.unit.same_kind(unit(lookup(act.name).unit)), act


def test_the_source_of_an_act_is_the_happening():
    acts = days(threat(0.5, "14:00", duration="1 h", note="presentation"), end=24.0)
    assert [act.source for act in acts if act.name == "world.threat"] == [
        "",
        "threat (presentation) from 14:00",
        "end of threat (presentation) from 14:00",
    ]


def test_overlaps_are_refused():
    with pytest.raises(ModelError, match="overlap"):
        days(sleep("23:00", "07:00") + sleep("06:00", "08:00"))


def test_too_much_at_once_is_refused_soon():
    with pytest.raises(ModelError, match="go on at once"):
        days(meal([f"{k // 60:02d}:{k % 60:02d}" for k in range(500)], kcal="5 kcal", duration="12 h"))
    with pytest.raises(ModelError, match="things happen"):
        days(sum((dose("caffeine", "1 mg", at="00:00", every="1 min") for _ in range(100)), Protocol()))


def test_an_empty_stretch_is_refused():
    with pytest.raises(ModelError, match="after its start"):
        days(Protocol(), start=24.0, end=24.0)


def test_people_who_live_the_same_days_share_their_timeline():
    day = meal("10:00", carbs="100 g") + threat(0.5, "14:00", duration="1 h")
    heavier = REFERENCE_WOMAN.with_(weight="90 kg")
    assert days(day) is days(day, heavier)
    pill = day + dose("caffeine", "2 mg/kg", at="08:00")
    assert days(pill) is not days(pill, heavier)
    assert [str(act.value) for act in days(pill, heavier, end=24.0) if act.kind == "add"] == ["180 mg"]


def test_a_year_is_quick():
    import time

    began = time.perf_counter()
    assert len(days(dose("caffeine", "100 mg", at=["08:00", "13:00"]), end=24.0 * 365)) > 10_000
    assert time.perf_counter() - began < 5
