"""Laws of protocols: addition, shifting, repeating, the timeline, and the files that hold them."""

from __future__ import annotations

import math
from datetime import date, datetime

from hypothesis import assume, given
from hypothesis import strategies as st

from neurohumor.errors import FileError, ModelError
from neurohumor.life.clock import Moment
from neurohumor.life.day import skip
from neurohumor.life.files import person_from, protocol_from
from neurohumor.life.happenings import (
    FOREVER,
    Burst,
    Clamp,
    Dose,
    Exercise,
    Happening,
    Infusion,
    Light,
    Meal,
    Set,
    Skip,
    Sleep,
    Task,
    Threat,
    kind_of,
)
from neurohumor.life.person import REFERENCE_WOMAN, Person, Times
from neurohumor.life.protocol import Protocol
from neurohumor.life.timeline import Act, timeline
from neurohumor.life.when import When, when
from neurohumor.life.written import person_text, protocol_text
from neurohumor.units import Quantity, unit

START = datetime(2026, 3, 2, 7, 30)
FASTING = Person(habits=skip("meal"))
QUARTERS = st.integers(0, 95).map(lambda n: n / 4)
LONG = st.integers(1, 40).map(lambda n: n / 4)
ANY_HOUR = st.floats(0, 23.99, allow_nan=False)
DAYS = st.integers(-3, 12)
NOTES = st.sampled_from(["", "presentation", "Bob's party (late)", "Übung 3"])


def quantities(text: str, most: float = 500.0) -> st.SearchStrategy[Quantity]:
    return st.floats(0, most, allow_nan=False).map(lambda value: Quantity(value, unit(text)))


@st.composite
def whens(draw: st.DrawFn, hours: st.SearchStrategy[float] = QUARTERS, *, dates: bool = True) -> When:
    day: int | date | None = draw(st.none() | DAYS | (st.dates(date(2026, 2, 20), date(2026, 3, 20)) if dates else st.nothing()))
    every = draw(st.none() | st.sampled_from([6.0, 8.0, 24.0, 36.0, 48.0, 168.0]))
    times = draw(st.none() | st.integers(1, 5))
    until = draw(st.none() | st.builds(Moment, QUARTERS, DAYS))
    return when(Moment(draw(hours), day), every=every, times=times, until=until)


FREE = st.sampled_from(
    [(), (("tryptophan", Quantity(2.5, unit("g"))),), (("glycine", Quantity(0.1, unit("g"))), ("leucine", Quantity(9.7, unit("g"))))]
)
COMPOSITIONS = st.sampled_from(["mixed", (("leucine", 0.1), ("tryptophan", 0.01))])
COURSES = st.sampled_from([((0.0, 5.0),), ((0.0, 5.0), (0.125, 3.5), (0.2, 4.0))])
KINDS = ["sleep", "light", "meal", "dose", "infusion", "threat", "exercise", "task", "burst", "clamp", "set", "skip"]


@st.composite
def happenings(draw: st.DrawFn, hours: st.SearchStrategy[float] = QUARTERS, *, dates: bool = True) -> Happening:
    this, note = draw(whens(hours, dates=dates)), draw(NOTES)
    long = min(draw(LONG), this.every or FOREVER)
    match draw(st.sampled_from(KINDS)):
        case "sleep":
            return Sleep(this, long, draw(st.booleans()), note)
        case "light":
            return Light(draw(quantities("lux", 1e4)), this, long, note)
        case "meal":
            fat, protein = draw(quantities("g")), draw(quantities("g"))
            return Meal(this, long, Quantity(1.0, unit("g")), fat, protein, draw(FREE), draw(COMPOSITIONS), note)
        case "dose":
            amount = draw(quantities("mg") | quantities("mg/kg", 5.0))
            return Dose("caffeine", amount, "oral", this, this.every is not None and draw(st.booleans()), note)
        case "infusion":
            return Infusion("insulin", draw(quantities("mIU/kg/min", 3.0)), "iv", this, draw(ends(this, long)), note)
        case "threat":
            return Threat(draw(st.floats(0, 1)), this, long, note)
        case "exercise":
            return Exercise(draw(st.floats(0, 1)), this, long, note)
        case "task":
            return Task(draw(st.floats(0, 2)), this, long, note)
        case "burst":
            return Burst(
                draw(st.sampled_from(["da", "na", "ht", "ach"])), this, draw(st.floats(1e-4, 1)), draw(st.floats(0, 30)), 3.0, note
            )
        case "clamp":
            points = tuple((hour, Quantity(value, unit("mmol/L"))) for hour, value in draw(COURSES))
            return Clamp("blood.glucose", points, this, draw(ends(this, long)), draw(st.sampled_from(["steps", "ramps"])), note)
        case "set":
            return Set("world.altitude", draw(quantities("m", 4000.0)), this, draw(st.just(long) | st.just(FOREVER)), note)
    return Skip("meal", this, "", note)


def ends(this: When, long: float) -> st.SearchStrategy[float]:
    """A duration; what happens once may also go on for ever."""
    return st.just(long) if this.every is not None else st.just(long) | st.just(FOREVER)


@st.composite
def protocols(draw: st.DrawFn, hours: st.SearchStrategy[float] = QUARTERS, *, dates: bool = True, most: int = 6) -> Protocol:
    several = tuple(draw(st.lists(happenings(hours, dates=dates), max_size=most)))
    title = draw(st.sampled_from(["", "Office day", 'A "quoted" \\ day', "Tag für Tag"]))
    notes = draw(st.sampled_from(["", "first\nsecond"]))
    return Protocol(several, title, notes, START if dates else None, draw(st.none() | st.integers(1, 30)))


def lived_through(protocol: Protocol, person: Person = REFERENCE_WOMAN, start: float = 0.0, end: float = 96.0) -> tuple[Act, ...]:
    """The timeline, for protocols whose sleeps and clamps do not overlap."""
    try:
        protocol.check()
    except ModelError as fault:
        assert "overlap" in fault.what
        assume(False)
    return timeline(person, protocol, start=start, end=end)


@given(protocols(), protocols(), protocols())
def test_addition_is_associative(a, b, c):
    assert (a + b) + c == a + (b + c)


@given(protocols())
def test_nothing_is_the_neutral_element(a):
    assert a + Protocol() == a == Protocol() + a


@given(protocols(), protocols())
def test_a_sum_holds_what_its_parts_hold(a, b):
    assert sorted(map(repr, a + b)) == sorted([*map(repr, a), *map(repr, b)])
    assert (a + b).substances() == a.substances() | b.substances()
    assert (a + b).clamps() == a.clamps() | b.clamps()


@given(protocols())
def test_a_kind_and_all_others_make_the_whole(a):
    some, others = a.only("meal", "dose"), a.without("meal", "dose")
    assert sorted(map(repr, some + others)) == sorted(map(repr, a))
    assert {kind_of(one) for one in some} <= {"meal", "dose"} and not {kind_of(one) for one in others} & {"meal", "dose"}


@given(protocols(), QUARTERS, QUARTERS)
def test_shifts_add_up(a, first, second):
    assert a.shift(first).shift(second) == a.shift(first + second)
    assert a.shift(first).shift(-first) == a == a.shift(0.0)


@given(protocols(), protocols(), QUARTERS)
def test_shifting_a_sum_shifts_its_parts(a, b, by):
    assert sorted(map(repr, (a + b).shift(by))) == sorted(map(repr, a.shift(by) + b.shift(by)))


def once_each(protocol: Protocol) -> Protocol:
    """What happens once and has an end before it is repeated: nothing else can be repeated without saying how."""
    single = [one for one in protocol if one.when.day is not None and one.when.every is None]
    return Protocol(tuple(one for one in single if getattr(one, "duration", 0.0) <= 12))


@given(protocols(), QUARTERS, st.integers(1, 4), st.sampled_from([12.0, 24.0, 72.0]))
def test_repeating_commutes_with_shifting(a, by, times, every):
    once = once_each(a)
    assert once.repeat(every, times).shift(by) == once.shift(by).repeat(every, times)


@given(protocols(dates=False), st.integers(1, 4), st.sampled_from([12.0, 24.0, 72.0]))
def test_repeating_is_adding_shifted_copies(a, times, every):
    once = Protocol(tuple(one for one in once_each(a) if isinstance(one, Dose | Meal | Threat)))
    copies = sum((once.shift(k * every) for k in range(times)), Protocol())
    assert acts_of(lived_through(once.repeat(every, times))) == acts_of(lived_through(copies))
    assert once.repeat(every, 1) == once


def acts_of(acts: tuple[Act, ...]) -> list[tuple[object, ...]]:
    return sorted((act.time, act.kind, act.name, act.value.value, act.route, act.slope) for act in acts)


@given(protocols())
def test_a_timeline_is_sorted_and_within_its_bounds(a):
    acts = lived_through(a, start=7.0, end=80.0)
    times = [act.time for act in acts]
    assert times == sorted(times)
    assert all(7.0 <= time < 80.0 for time in times)


@given(protocols())
def test_everything_driven_has_its_value_at_the_start(a):
    acts = lived_through(a, start=7.0, end=80.0)
    said: set[tuple[str, str]] = set()
    for act in acts:
        assert act.kind in ("add", "rate", "set", "ramp")
        key = act.name, act.route
        has_no_rest = act.kind in ("set", "ramp") and act.name.startswith("clamp.") and act.name.endswith(".value")
        if act.kind != "add" and key not in said and not has_no_rest:
            assert act.time == 7.0, act
        said.add(key)
    assert {"world.sleep_opportunity", "world.light", "world.threat", "world.exercise", "world.task"} <= {name for name, _ in said}


@given(protocols())
def test_a_timeline_is_the_sum_of_its_halves(a):
    """Living on from the middle is living through: the values that hold, and the doses given, are the same."""
    whole = lived_through(a, start=0.0, end=96.0)
    halves = (*timeline(REFERENCE_WOMAN, a, start=0.0, end=41.0), *timeline(REFERENCE_WOMAN, a, start=41.0, end=96.0))
    assert values_at(whole, 90.0) == values_at(halves, 90.0)
    adds = [sorted((act.time, act.name, act.value.value) for act in acts if act.kind == "add") for acts in (whole, halves)]
    assert adds[0] == adds[1]


def values_at(acts: tuple[Act, ...], time: float) -> dict[tuple[str, str], float]:
    held: dict[tuple[str, str], float] = {}
    for act in acts:
        if act.time <= time and act.kind != "add":
            held[act.name, act.route] = round(act.value.value + act.slope * (time - act.time), 6)
    on = {name.removesuffix(".on") for (name, _), value in held.items() if name.endswith(".on") and value}
    return {key: value for key, value in held.items() if value and (not key[0].startswith("clamp.") or key[0].removesuffix(".value") in on)}


@given(protocols(dates=False))
def test_what_is_taken_in_is_what_was_given(a):
    """The time integral of the rates and the sum of the doses are the amounts of the happenings of these days."""
    low, high = -96.0, 480.0
    once = Protocol(tuple(one for one in a if isinstance(one, Meal | Dose)))
    taken, due = intake(timeline(FASTING, once, start=low, end=high), high), dict[str, float]()
    for one in once:
        if isinstance(one, Dose):
            weight = FASTING.given["person.weight"].internal if "kg" in str(one.amount.unit) else 1.0
            due[one.substance] = due.get(one.substance, 0.0) + len(one.when.begins(low, high)) * one.amount.internal * weight
        else:
            share = sum(min(t + one.duration, high) - max(t, low) for t in one.when.begins(low - one.duration, high)) / one.duration
            for name, mass in one.nutrients():
                due[name] = due.get(name, 0.0) + share * mass.internal
    assert due.keys() >= taken.keys()
    for name, amount in due.items():
        assert math.isclose(taken.get(name, 0.0), amount, rel_tol=1e-9, abs_tol=1e-6), name


def intake(acts: tuple[Act, ...], end: float) -> dict[str, float]:
    """What has been taken in by mouth, in internal units, the amino acids within the protein left out."""
    taken: dict[str, float] = {}
    going_on: dict[str, tuple[float, float]] = {}
    for act in acts:
        if act.kind == "add":
            taken[act.name] = taken.get(act.name, 0.0) + act.value.internal
        elif act.kind == "rate" and act.route == "meal":
            since, rate = going_on.get(act.name, (act.time, 0.0))
            taken[act.name] = taken.get(act.name, 0.0) + rate * (act.time - since)
            going_on[act.name] = act.time, act.value.internal
    for name, (since, rate) in going_on.items():
        taken[name] += rate * (end - since)
    return taken


@given(protocols(ANY_HOUR))
def test_a_day_file_reads_back_as_it_was_written(a):
    try:
        a.check()
    except ModelError:
        assume(False)
    text = protocol_text(a)
    assert protocol_from(text) == a
    assert protocol_text(protocol_from(text)) == text


@st.composite
def people(draw: st.DrawFn) -> Person:
    sex = draw(st.sampled_from("fm"))
    traits: dict[str, object] = {"chronotype": draw(st.floats(-3, 3)), "ferritin": draw(quantities("ug/L"))}
    words: dict[str, object] = {"weight": Quantity(draw(st.floats(40, 150)), unit("kg"))}
    if sex == "f":
        words["cycle_day"] = draw(st.integers(1, 28))
    value: st.SearchStrategy[object] = st.floats(0, 10).map(Times) | st.floats(-1e6, 1e6) | quantities("uM/h") | quantities("1/h")
    values = draw(st.dictionaries(st.sampled_from(["hpa.k_crh", "striatum.da.Vmax_TH", "a.b"]), value, max_size=3))
    habits = Protocol(tuple(one for one in draw(protocols(dates=False)) if one.when.always and not isinstance(one, Clamp | Sleep)))
    genotype = draw(st.sampled_from([{}, {"comt": "val/met"}]))
    return Person(
        sex=sex, name=draw(st.sampled_from(["", "José (2)"])), traits=traits, values=values, genotype=genotype, habits=habits, **words
    )  # type: ignore[arg-type]


@given(people())
def test_a_persons_file_reads_back_as_it_was_written(person):
    again = person_from(person_text(person))
    assert again == person and hash(again) == hash(person)
    assert again.fingerprint() == person.fingerprint()
    assert person_text(again) == person_text(person)


TOML = st.recursive(
    st.none().map(lambda _: "x") | st.text(max_size=8).map(repr) | st.integers().map(str) | st.floats().map(str) | st.booleans().map(str),
    lambda inner: st.lists(inner, max_size=3).map(lambda several: "[" + ", ".join(several) + "]"),
    max_leaves=5,
)
LINES = st.tuples(
    st.sampled_from(["[[sleep]]", "[[meal]]", "[[dose]]", "[habits]", "[[habits.sleep]]", "[[lab]]", "[values]", "[[clamp]]", ""]),
    st.sampled_from(
        ["from", "to", "at", "of", "amount", "kcal", "name", "title", "start", "day", "every", "value", "steps", '"a.b"', "sex", "a.b"]
    ),
    TOML | st.sampled_from(['"07:00"', '"caffeine"', '"10 mg"', '"blood.glucose"', '"-1 h"', "1e400", "nan", "-3", '"2026-13-01"']),
)


@given(st.lists(LINES, max_size=8))
def test_whatever_stands_in_a_file_it_is_read_or_refused_with_its_place(rows):
    text = "\n".join(f"{header}\n{key} = {value}" for header, key, value in rows)
    for read in (protocol_from, person_from):
        try:
            read(text, "a.toml")
        except FileError as fault:
            assert fault.where.startswith("a.toml") and fault.what


@given(st.text(max_size=300))
def test_any_text_at_all_is_read_or_refused(text):
    for read in (protocol_from, person_from):
        try:
            read(text, "a.toml")
        except FileError as fault:
            assert fault.where.startswith("a.toml")
