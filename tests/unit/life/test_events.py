"""Tables of events: what a protocol holds comes back from a table the same, and what a table cannot hold is refused at its line."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurohumor.errors import FileError, ModelError, UnknownName
from neurohumor.life.clock import Moment
from neurohumor.life.day import dose, infusion, meal
from neurohumor.life.event_rows import events_from, events_text, read_events, write_events
from neurohumor.life.event_table import EventTable, Observation, Occasion, Subject, Target, read_target, table_of
from neurohumor.life.happenings import Dose, Infusion
from neurohumor.life.person import Person
from neurohumor.life.protocol import Protocol
from neurohumor.life.timeline import timeline
from neurohumor.life.when import when
from neurohumor.units import Quantity, unit

HEAD = "ID,TIME,AMT,DV,EVID,CMT,RATE,II,ADDL,SS,MDV,SUBSTANCE,ROUTE,UNIT"
HC = "hydrocortisone,oral,mg"


def table(*lines: str, head: str = HEAD) -> EventTable:
    return events_from("\n".join([head, *lines]) + "\n")


def test_a_dose_an_infusion_a_course():
    found = table(
        f"1,8,20,.,1,1,0,0,0,0,1,{HC}", "1,24.5,100,.,1,2,25,0,0,0,1,hydrocortisone,iv,mg", f"1,32,10,.,1,1,0,24,6,0,1,{HC}"
    )  # fmt: skip
    wanted = (
        dose("hydrocortisone", "20 mg", at="day 0 08:00")
        + infusion("hydrocortisone", "iv", from_="day 1 00:30", rate="25 mg/h", duration="4 h")
        + dose("hydrocortisone", "10 mg", at="08:00", day=1, every="1 d", times=7)
    )
    assert found["1"].protocol == wanted
    assert found.targets == (Target("hydrocortisone"), Target("hydrocortisone", "iv"))


def test_what_is_measured_and_who_it_is():
    found = table("7,8,.,312.5,0,2,.,.,.,.,0,.,.,.,70,0,3", "7,9,.,.,0,2,.,.,.,.,1,.,.,.,70,0,3", head=f"{HEAD},WT,SEXF,SITE")
    subject = found[7]
    assert subject.occasions[0].observations == (Observation(8.0, "2", 312.5), Observation(9.0, "2", None))
    person = subject.person(Person(name="Anna"))
    assert person.sex == "m" and str(person.given["person.weight"]) == "70 kg" and person.name == "Anna 7"
    assert subject.unheard == ("SITE",) and subject.covariates["SITE"] == "3"


def test_a_reset_begins_an_occasion_and_time_may_begin_again():
    found = table(
        f"1,8,20,.,1,1,0,0,0,0,1,{HC}", "1,240,.,.,3,.,.,.,.,.,1,.,.,.", f"1,248,20,.,1,1,0,0,0,0,1,{HC}", f"1,0,30,.,4,1,0,0,0,0,1,{HC}"
    )
    first, second, third = found["1"].occasions
    assert (first.begins, second.begins, third.begins) == (None, 240.0, 0.0)
    assert second.alone() == first.protocol and second.last == 8.0
    assert third.protocol == dose("hydrocortisone", "30 mg", at="day 0 00:00")
    with pytest.raises(ModelError, match="begins again 2 times"):
        _ = found["1"].protocol
    assert events_from(events_text(found)) == found


def test_a_steady_state():
    found = table(f"1,8,10,.,1,1,0,12,3,1,1,{HC}")["1"].protocol
    assert found == dose("hydrocortisone", "10 mg", at="08:00", day=0, every="12 h", times=4, ss=True)
    again = events_from(events_text(table_of(dose("hydrocortisone", "10 mg", at="08:00", every="12 h", ss=True)), days=2))
    assert again["1"].protocol == found


def test_time_zero_is_when_the_clock_says():
    text = f"{HEAD}\n1,0,20,.,1,1,0,0,0,0,1,{HC}\n"
    found = events_from(text, time_zero="08:00")
    assert found["1"].protocol == dose("hydrocortisone", "20 mg", at="day 0 08:00")
    assert events_text(found, time_zero="08:00") == text
    with pytest.raises(ModelError, match="before TIME 0"):
        events_text(found, time_zero="09:00")


def test_numbers_of_compartments_and_columns_left_out():
    found = events_from("TIME,AMT,CMT,OCC\n8,20,1,1\n9,20,1,2\n", compartments={1: read_target("hydrocortisone oral mg")}, drop=["occ"])
    assert found["1"].protocol == dose("hydrocortisone", "20 mg", at=["day 0 08:00", "day 0 09:00"])


REFUSED = [
    ("1,8,20,.,1,1,-2,0,0,0,1", "RATE -2"),
    ("1,8,20,.,2,1,0,0,0,0,1", "EVID 2"),
    ("1,8,20,.,9,1,0,0,0,0,1", "EVID 9"),
    ("1,8,0,.,1,1,5,12,0,1,1", "constant infusion"),
    ("1,8,-3,.,1,1,0,0,0,0,1", "dose of -3"),
    ("1,8,20,.,1,1,0,0,3,0,1", "ADDL needs II"),
    ("1,8,20,.,1,1,0,24,0,0,1", "II 24 without"),
    ("1,8,20,.,1,1,0,24,0,2,1", "SS 2"),
    ("1,30,20,.,1,1,0,24,0,1,1", "begins later"),
    ("1,8,20,.,1,1,10,24,1,1,1", "steady state of infusions"),
    ("1,8,20,.,0,1,0,0,0,0,0", "AMT on a line with EVID 0"),
    ("1,8,20,.,1,1,0,0,0,0,0", "MDV 0"),
    ("1,8,x,.,1,1,0,0,0,0,1", "no number"),
    ("1,8,20,.,1,1,0,24,1.5,0,1", "no whole number"),
    ("1,8,1e400,.,1,1,0,0,0,0,1", "below 1e15"),
    ("1,8,20,.,1,-1,0,0,0,0,1", "turns a compartment off"),
    ("1,8,NaN,.,1,1,0,0,0,0,1", "AMT is NaN"),
]


@pytest.mark.parametrize(("line", "what"), REFUSED)
def test_what_cannot_be_expressed_is_refused_at_its_line(line: str, what: str):
    with pytest.raises(FileError, match=what) as found:
        table(f"{line},{HC}")
    assert found.value.where == "events.csv:2" and found.value.remedy


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("", "empty", ""),
        ("ID,AMT\n1,2\n", "no column TIME", ":1"),
        ("ID,TIME,time\n", "two columns TIME", ":1"),
        ("ID,TIME,DATE\n", "DATE is not read", ":1"),
        ("ID,TIME,W T\n", "no name of a column", ":1"),
        (f"{HEAD}\n1,2\n", "2 cells under 14", ":2"),
        (f"{HEAD}\n1,8,20,.,1,1,0,0,0,0,1,hydrocortisone,oral,.\n", "go together", ":2"),
        (f"{HEAD}\n1,8,20,.,1,1,0,0,0,0,1,hydrocortisone,orla,mg\n", "no route", ":2"),
        (f"{HEAD}\n1,8,20,.,1,1,0,0,0,0,1,hydrocortisoen,oral,mg\n", "hydrocortisoen", ":2"),
        (f"{HEAD}\n1,8,20,.,1,1,0,0,0,0,1,hydrocortisone,oral,lux\n", "wrong unit", ":2"),
        (f"{HEAD}\n1,8,20,.,1,1,0,0,0,0,1,{HC}\n1,9,20,.,1,1,0,0,0,0,1,cortisol,iv,mg\n", "CMT 1 is", ":3"),
        (f"{HEAD}\n1,8,20,.,1,1,0,0,0,0,1,{HC}\n1,7,20,.,1,1,0,0,0,0,1,{HC}\n", "goes back", ":3"),
        (f"{HEAD},WT\n1,8,20,.,1,1,0,0,0,0,1,{HC},70\n1,9,20,.,1,1,0,0,0,0,1,{HC},71\n", "WT changes from 70 to 71", ":3"),
        ("TIME,AMT,CMT\n8,20,3\n", "what CMT 3 is", ":2"),
    ],
)
def test_faults_of_a_table(text: str, what: str, line: str):
    with pytest.raises(FileError, match=what) as found:
        events_from(text)
    assert found.value.where == f"events.csv{line}"


@pytest.mark.parametrize(
    ("protocol", "what"),
    [
        (meal("08:00", carbs="60 g"), "holds no meal"),
        (dose("hydrocortisone", "10 mg", at="08:00"), "repeats without an end"),
        (dose("hydrocortisone", "10 mg", at="day 0 08:00", note="after waking"), "no notes"),
        (infusion("hydrocortisone", from_="day 0 08:00", rate="1 mg/h"), "has no end"),
        (dose("hydrocortisone", "10 mg", at="day -2 08:00"), "before the table begins"),
        (dose("hydrocortisone", "0 mg", at="day 0 08:00"), "gives nothing"),
    ],
)
def test_what_a_table_cannot_hold_is_refused(protocol: Protocol, what: str):
    with pytest.raises(ModelError, match=what):
        events_text(table_of(protocol))


def test_sex_is_not_guessed():
    with pytest.raises(ModelError, match="may mean either"):
        Subject("1", (), {"SEX": "1"}).person()
    with pytest.raises(UnknownName, match="no subject"):
        _ = EventTable((Subject("1"),))["2"]


def test_a_file_and_back(tmp_path):
    protocol = dose("hydrocortisone", "10 mg", at=["08:00", "13:00"], every="1 d", times=4, day=0)
    path = write_events(table_of(protocol, "Anna"), tmp_path / "events.csv")
    assert read_events(path)["Anna"].protocol == protocol


# ── Whatever is given, the same comes back ─────────────────────────────────────────────────────────────

amounts = st.floats(1e-6, 1e6, allow_nan=False).map(lambda value: float(f"{value:.15g}"))
hours = st.floats(0, 23.999, allow_nan=False).map(lambda value: round(value, 12))
targets = st.sampled_from(
    [("hydrocortisone", "oral"), ("hydrocortisone", "iv"), ("caffeine", "oral"), ("cortisol", "iv"), ("melatonin", "oral")]
)


@st.composite
def doses(draw: st.DrawFn) -> Dose:
    substance, route = draw(targets)
    every = draw(st.sampled_from([None, 0.5, 6.0, 8.0, 12.0, 24.0, 36.5, 7.1]))
    steady = every is not None and draw(st.booleans())
    at, day = draw(hours), 0 if steady else draw(st.integers(0, 400))
    if steady and every is not None:
        at = round(at * every / 25.0, 12)
    this = when(Moment(at, day), every=every, times=draw(st.integers(2, 9)) if every else None)
    return Dose(substance, Quantity(draw(amounts), unit(draw(st.sampled_from(["mg", "ug", "nmol", "mg/kg"])))), route, this, steady)


@st.composite
def infusions(draw: st.DrawFn) -> Infusion:
    substance, route = draw(targets)
    every = draw(st.sampled_from([None, 24.0, 30.25]))
    this = when(Moment(draw(hours), draw(st.integers(0, 400))), every=every, times=draw(st.integers(2, 9)) if every else None)
    rate = Quantity(draw(amounts), unit(draw(st.sampled_from(["mg/h", "nmol/h", "ug/kg/h"]))))
    return Infusion(substance, rate, route, this, draw(st.floats(1e-3, 23.0, allow_nan=False)))


occasions = st.builds(
    Occasion,
    st.lists(doses() | infusions(), max_size=6).map(lambda some: Protocol(tuple(some))),
    st.none(),
    st.lists(st.builds(Observation, st.floats(0, 9e3), st.sampled_from(["1", "2"]), st.none() | amounts), max_size=3).map(
        lambda some: tuple(sorted(some, key=lambda one: one.time))
    ),
)


@given(st.lists(occasions.filter(lambda one: len(one.protocol) + len(one.observations) > 0), min_size=1, max_size=4))
def test_whatever_is_given_comes_back_the_same(some: list[Occasion]):
    wanted = EventTable(tuple(Subject(str(k), (one,), {"WT": "70"}) for k, one in enumerate(some)))
    found = events_from(events_text(wanted))
    for subject in wanted:
        (mine,), (again,) = subject.occasions, found[subject.name].occasions
        assert sorted(map(repr, again.protocol)) == sorted(map(repr, mine.protocol))
        assert sorted(map(repr, again.observations)) == sorted(map(repr, mine.observations))
    assert events_text(found) == events_text(events_from(events_text(found)))


def test_per_minute_is_the_same_rate():
    protocol = infusion("hydrocortisone", "iv", from_="day 0 08:00", rate="1.5 mg/min", duration="20 min")
    again = events_from(events_text(table_of(protocol)))["1"].protocol
    acts, others = (timeline(Person(), one, start=0.0, end=24.0) for one in (protocol, again))
    given = [
        [(act.time, act.value.internal) for act in some if act.kind == "rate" and act.name == "hydrocortisone"] for some in (acts, others)
    ]
    assert len(given[0]) >= 2
    assert all(math.isclose(x, y, rel_tol=1e-14, abs_tol=1e-300) for a, b in zip(*given, strict=True) for x, y in zip(a, b, strict=True))
