"""The settled baseline of small models, and its cache."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from neurohumor.engine import settling
from neurohumor.engine.baseline import settle, settle_all
from neurohumor.engine.cache import SettledCache, cache_folder
from neurohumor.engine.problem import Stiff
from neurohumor.engine.program import compile
from neurohumor.engine.settling import Target
from neurohumor.engine.status import Code
from neurohumor.engine.subject import habit_of, rhythm, subject_of
from neurohumor.errors import SolveError
from neurohumor.lang import Derived, Input, Level, Model, Module, Output, Param, Rate, part
from neurohumor.life.day import light, threat
from neurohumor.life.person import Person
from tests.unit.engine_run.hand import Cortisol, Glands, cortisol, glands

GLANDS = Model("glands", {"gland": part(Glands)})
PERSON = Person()


@pytest.fixture(autouse=True)
def _no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROHUMOR_CACHE", "off")
    SettledCache.usual.cache_clear()


class Pools(Module):
    """A closed pool of two forms, months slow, beside a gland that the second form feeds."""

    k_ab = Param(0.002, "1/h", "a to b", basis="assumed")
    k_ba = Param(0.001, "1/h", "b to a", basis="assumed")
    tau = Param(30.0, "d", "time constant of the gland", basis="assumed")
    a = Level(3.0, "1", "first form")
    b = Level(0.0, "1", "second form", scale=1.0)
    g = Level(0.3, "1", "gland", scale=1.0)
    da = Rate(a, k_ba * b - k_ab * a)
    db = Rate(b, k_ab * a - k_ba * b)
    dg = Rate(g, (b - g) / tau)


class Axis(Module):
    """Three hormones whose glands grow and shrink by factors over weeks."""

    timescale = "slow"
    light = Input("world.light", "lux", 300, "light")
    one = Param(300.0, "lux", "light of one", basis="assumed")
    a = Param(10.0, "1/h", "first hormone", basis="assumed")
    b = Param(4.0, "1/h", "second hormone", basis="assumed")
    c = Param(0.5, "1/h", "third hormone", basis="assumed")
    tA = Param(20.0, "d", "second gland", basis="assumed")
    tP = Param(40.0, "d", "first gland", basis="assumed")
    x1 = Level(1.0, "1", "first hormone", timescale="fast")
    x2 = Level(1.0, "1", "second hormone", timescale="fast")
    x3 = Level(1.0, "1", "third hormone", timescale="fast")
    P = Level(3.0, "1", "first gland")
    A = Level(0.2, "1", "second gland")
    brake = Derived(1 / (x3 + 0.01) / (1 + (x3 / 4.0) ** 3), "1", "what the third hormone takes away")
    d1 = Rate(x1, a * ((0.3 + light / one) * brake - x1))
    d2 = Rate(x2, b * (x1 * P * brake - x2))
    d3 = Rate(x3, c * (x2 * A - x3))
    dP = Rate(P, P * (x1 - 1) / tP)
    dA = Rate(A, A * (x2 - 1) / tA)


class Pulse(Module):
    """Oscillates by itself."""

    timescale = "autonomous"
    w = Param(1.3, "1/h", "angular speed", basis="assumed")
    x = Level(1.0, "1", "x", signed=True)
    y = Level(0.0, "1", "y", signed=True, scale=1.0)
    dx = Rate(x, -w * y)
    dy = Rate(y, w * x)
    told = Output("brain.circadian", x, "1", "x told")


class Hearer(Module):
    """Hears the pulse, and nothing else."""

    k = Param(1.0, "1/h", "rate", basis="assumed")
    pulse = Input("brain.circadian", "1", 0.0, "the pulse")
    z = Level(1.0, "1", "z", signed=True)
    alone = Level(2.0, "1", "alone")
    dz = Rate(z, k * (pulse - z))
    da = Rate(alone, k * (1.0 - alone))


class Runaway(Module):
    """Grows for ever."""

    k = Param(0.01, "1/h", "rate", basis="assumed")
    n = Level(1.0, "1", "n")
    grow = Rate(n, k * n)


def mass_at_midnight() -> float:
    """The gland at 00:00: light of 300 lux from 07 to 23, time constant 1440 h, in its 24-h rhythm."""
    tau = 60 * 24.0
    day, night = math.exp(-16 / tau), math.exp(-1 / tau)
    before = (1 - day) * math.exp(-1 / tau) / (1 - math.exp(-24 / tau))
    assert night < 1
    return before


def test_a_gland_of_two_months_is_found_in_a_few_days():
    found = settle(GLANDS, PERSON)
    assert found.moment.y[0] == pytest.approx(mass_at_midnight(), rel=1e-4)
    assert found.status.ok and found.periods < 16 and abs(found.worst[1]) < 0.005 and set(found.drift) == {"gland.mass", "gland.hormone"}


def test_the_baseline_goes_on_for_a_year():
    from neurohumor.engine.solve import simulate

    year = simulate(GLANDS, PERSON, days=40, windows=[("00:00", "day 40", "1 d")])["gland.mass"].values
    assert year == pytest.approx(year[0], rel=2e-4)


def test_the_same_from_three_starts():
    states = []
    for first in (0.01, 1.0, 40.0):
        far = replace(settle(GLANDS, PERSON), moment=replace(settle(GLANDS, PERSON).moment, y=np.array([first, first])))
        states.append(settle(GLANDS, PERSON, near=far).moment.y)
    assert states[0] == pytest.approx(states[1], rel=1e-3) and states[2] == pytest.approx(states[1], rel=1e-3)


def test_other_habits_have_another_baseline():
    dim = PERSON.with_(habits=light("150 lux", "07:00", "23:00"))
    assert settle(GLANDS, dim).moment.y[0] == pytest.approx(0.5 * mass_at_midnight(), rel=1e-4)


def test_a_closed_pool_keeps_its_total():
    found = settle(Model("pools", {"p": part(Pools)}), PERSON)
    assert found.moment.y[0] + found.moment.y[1] == pytest.approx(3.0, rel=1e-6)
    assert found.moment.y == pytest.approx([1.0, 2.0, 2.0], rel=2e-3)


def test_newton_finds_it_where_mixing_is_of_no_use(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settling, "_mixed", lambda path: path.reached[-1])
    found = settle(GLANDS, PERSON)
    assert found.moment.y[0] == pytest.approx(mass_at_midnight(), rel=1e-3) and found.periods < 40
    pools = settle(Model("pools", {"p": part(Pools)}), PERSON)
    assert pools.moment.y == pytest.approx([1.0, 2.0, 2.0], rel=2e-3) and pools.moment.y[:2].sum() == pytest.approx(3.0, rel=1e-6)


def test_glands_that_multiply_far_from_rest():
    """Two gland masses that grow by factors, far from rest, with a spurious rest at nothing; then sixty plain days."""
    from neurohumor.engine.solve import simulate

    model = Model("axis", {"a": part(Axis)})
    found = settle(model, PERSON)
    assert found.periods < 30 and found.moment.y[3] == pytest.approx(0.94198, rel=1e-3)  # 0.941976 after 600 plain days
    plain = simulate(model, PERSON, days=60, windows=[("day 0", "day 60", "60 d")])
    for name in ("a.P", "a.A", "a.x3"):
        assert plain[name].values[1] == pytest.approx(plain[name].values[0], rel=5e-4)


def test_glands_that_nobody_declared_slow_are_found_out():
    swift = Module.from_declarations("Swift", list(Axis.declarations.items()))  # its timescale is that of a module: fast
    found = settle(Model("axis", {"a": part(swift)}), PERSON)
    assert found.moment.y == pytest.approx(settle(Model("axis", {"a": part(Axis)}), PERSON).moment.y, rel=1e-3)


def test_what_oscillates_by_itself_is_left_out():
    found = settle(Model("pulse", {"p": part(Pulse), "h": part(Hearer)}), PERSON)
    assert set(found.drift) == {"h.alone"} and found.status.ok and found.periods < 8


def test_a_system_that_nobody_lives_in_settles_at_its_rest():
    found = settle(cortisol())
    assert found.moment.y[1] * 1000 == pytest.approx(250.0, rel=1e-6) and found.moment.time == 0.0


def test_what_never_settles_says_so():
    model = Model("runaway", {"r": part(Runaway)})
    with pytest.raises(SolveError, match=r"r\.n\): no settled baseline"):
        settle(model, PERSON, target=Target(most=6))
    found = settle(model, PERSON, target=Target(most=6), strict=False)
    assert found.status.code is Code.NOT_SETTLED and found.status.state == "r.n" and found.worst[0] == "r.n"
    assert "6 periods" in found.status.detail


def test_each_is_found_as_if_alone():
    people = [PERSON, Person(sex="m", weight="90 kg"), PERSON.with_(habits=threat(0.5, "10:00", "11:00"))]
    model = Model("cortisol", {"hpa": part(Cortisol, here="blood"), "gland": part(Glands)})
    subjects = [subject_of(model, one) for one in people]
    program = compile(__import__("neurohumor").flatten(model))
    habits = [habit_of(s, program.system) for s in subjects]
    options, target = Stiff(), Target()
    together = settle_all(program, habits, options, target, cache=SettledCache(None))
    for k, habit in enumerate(habits):
        (alone,) = settle_all(program, [habit], options, target, cache=SettledCache(None))
        assert alone.moment.y.tolist() == together[k].moment.y.tolist() and alone.periods == together[k].periods


def test_the_rhythm_of_habits():
    assert [rhythm([24.0, e]) for e in (4, 8, 12, 24, 36, 48, 72, 168, 20)] == [1, 1, 1, 1, 3, 2, 3, 7, 5]
    assert rhythm([]) == 1 and rhythm([24 * 40.0]) == 28 and rhythm([48.0, 72.0]) == 6 and rhythm([1 / 60]) == 1


def test_the_cache_finds_it_again(tmp_path: Path):
    program = compile(glands())
    habit = habit_of(subject_of(GLANDS, PERSON), program.system)
    cache = SettledCache(tmp_path)
    (first,) = settle_all(program, [habit], Stiff(), Target(), cache=cache)
    for known in (cache, SettledCache(tmp_path)):
        (again,) = settle_all(program, [habit], Stiff(), Target(), cache=known)
        assert again.cached and not first.cached
        assert again.moment.y.tolist() == first.moment.y.tolist() and dict(again.drift) == dict(first.drift)
        assert (again.moment.truths, again.moment.pending, again.periods) == (first.moment.truths, first.moment.pending, first.periods)
    other = replace(habit, params=np.where(np.isnan(habit.params), 1.0, habit.params))
    assert not settle_all(program, [other], Stiff(), Target(most=1, limit=1e9), cache=cache)[0].cached
    assert not settle_all(program, [habit], Stiff(rtol=1e-5), Target(), cache=cache)[0].cached


@pytest.mark.parametrize("damage", [b"", b"x" * 500, None])
def test_a_damaged_file_is_as_if_it_were_not_there(damage: bytes | None, tmp_path: Path):
    program = compile(glands())
    habit = habit_of(subject_of(GLANDS, PERSON), program.system)
    settle_all(program, [habit], Stiff(), Target(), cache=SettledCache(tmp_path))
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-40] + bytes(40) if damage is None else damage)
    (again,) = settle_all(program, [habit], Stiff(), Target(), cache=SettledCache(tmp_path))
    assert not again.cached and again.status.ok and file.read_bytes()[:32] == whole[:32]


def test_a_disk_that_cannot_be_written_is_no_fault(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    program = compile(glands())
    habit = habit_of(subject_of(GLANDS, PERSON), program.system)
    assert settle_all(program, [habit], Stiff(), Target(), cache=SettledCache(blocked))[0].status.ok


def test_the_folder_of_the_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    assert cache_folder() is None
    monkeypatch.setenv("NEUROHUMOR_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path / "settled"
    monkeypatch.delenv("NEUROHUMOR_CACHE")
    found = cache_folder()
    assert found is not None and found.parts[-2:] == ("neurohumor", "settled")
