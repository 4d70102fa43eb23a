"""Meals to amino acids: matter by name through gut, blood and brain; the fasting person; sugar, protein, drinks; barrier; kynurenine."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import neurohumor as nh
from neurohumor.build.flatten import flatten
from neurohumor.build.start import derived_at, start
from neurohumor.engine.run import Run
from neurohumor.lang import Family, Model, Species, part
from neurohumor.life.food import COMPOSITIONS
from neurohumor.life.person import REFERENCE_MAN, REFERENCE_WOMAN, Person
from neurohumor.life.protocol import Protocol
from neurohumor.models.hpa_only import hpa_only
from neurohumor.models.meals_only import meals_only
from neurohumor.modules.axes.insulin_standin import InsulinStandIn
from neurohumor.modules.passage.amino_acids import TABLE, AminoAcids
from neurohumor.modules.passage.barrier_amino_acid import BarrierAminoAcid
from neurohumor.names import lookup, substance
from tests.papers.alone import Alone

PARTS = {name: held for name, held in meals_only.base.items() if name not in hpa_only.base}
MEALS = Family("meals", PARTS)
"""Without the stress axis, which nothing here but V30 needs."""
BRANCHED = ("leucine", "isoleucine", "valine")
DRINK = {"histidine": 1.6, "isoleucine": 4.0, "leucine": 6.75, "methionine": 1.5, "phenylalanine": 2.85, "tyrosine": 3.45, "valine": 4.45}


def lived(protocol: Protocol | None = None, family: Family = MEALS, person: Person = REFERENCE_MAN, days: float = 1) -> Run:
    return nh.simulate(family, person, protocol or Protocol(), days=days)


@cache
def usual(person: Person) -> Run:
    return lived(person=person)


def at(run: Run, name: str, clock: str = "08:00") -> float:
    return float(run[name].at(clock).value)


def change(run: Run, name: str, clock: str) -> float:
    """Since 08:00, in percent."""
    return 100 * (at(run, name, clock) / at(run, name) - 1)


def drink(**more: float) -> Protocol:
    """Half of Young's drink without tryptophan at 08:00."""
    return nh.meal("day 0 08:00", amino_acids={name: f"{mass} g" for name, mass in {**DRINK, **more}.items()})


# ── Matter ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def week() -> Run:
    return nh.simulate(MEALS, REFERENCE_MAN, days=7, windows=[(0.0, 168.0, 1 / 30)])


def rows(run: Run, name: str, *parts: str) -> list[np.ndarray]:
    return [np.asarray(run[part.format(name)].values) for part in parts]


@pytest.mark.parametrize("name", TABLE)
def test_what_leaves_one_part_enters_the_next(week: Run, name: str):
    gut, blood = rows(week, name, "gut.reaches_{}", "amino_acids.fed_{}")
    lent, brain = rows(week, name, "amino_acids.lent_{}", "barrier_amino_acid.enters_{}")
    np.testing.assert_allclose(blood, gut, rtol=1e-12)
    np.testing.assert_allclose(lent, brain, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", TABLE)
def test_a_week_of_meals_closes_for_each_amino_acid(week: Run, name: str):
    """What was eaten, by the food tables, is what was kept on the way, oxidised, and stored; told by the life, not by the model."""
    mass = sum(0.15 * 2500 / 4 * share for share in (0.25, 0.35, 0.40)) * COMPOSITIONS["mixed"][name] * 7
    molar = substance(name).molar_mass
    assert molar is not None
    eaten = mass / molar * 1e6
    times = np.asarray(week["gut.energy"].times)
    terms = rows(week, name, "gut.stays_{}", "amino_acids.spent_{}")
    gone = sum(float(np.trapezoid(flux, times)) for flux in terms)
    if name == "tyrosine":
        gone -= float(np.trapezoid(week["amino_acids.from_phenylalanine"].values, times))
    stored = 0.0
    for pool in ("gut.free_{}", "gut.bound_{}", "gut.whole_{}", "gut.open_{}"):
        stored += _change(week, pool.format(name))
    weight = REFERENCE_MAN.given["person.weight"].to("kg").value
    stored += _change(week, f"amino_acids.{name}") * weight * TABLE[name][3]
    stored += _change(week, f"barrier_amino_acid.{name}") * 1.4 * 0.8
    protein = AminoAcids.declarations["protein"]
    assert isinstance(protein, Species)
    stored += _change(week, "amino_acids.protein") * 1e3 * protein.content[name]
    assert gone + stored == pytest.approx(eaten, rel=2e-3)


def _change(run: Run, name: str) -> float:
    values = np.asarray(run[name].values)
    return float(values[-1] - values[0])


# ── The fasting and the settled person ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("person", [REFERENCE_MAN, REFERENCE_WOMAN], ids=lambda person: person.name)
def test_levels_after_a_night_are_the_nominals(person: Person):
    run = usual(person)
    for name in TABLE:
        nominal = lookup(f"blood.{name}").nominal
        assert nominal is not None
        assert at(run, f"blood.{name}", "07:00") == pytest.approx(nominal, rel=0.05), name
    assert at(run, "blood.tryptophan_free", "07:00") == pytest.approx(8.0, rel=0.05)
    assert at(run, "blood.kynurenine", "07:00") == pytest.approx(2.0, rel=0.06)
    assert at(run, "blood.insulin", "07:00") == pytest.approx(60.0, rel=0.01)


def test_the_reference_day_settles():
    settled = nh.settle(MEALS, REFERENCE_WOMAN)
    assert settled.status.ok
    assert abs(settled.worst[1]) < 0.05


# ── Insulin, protein, lack ────────────────────────────────────────────────────────────────────────


def test_sugar_lowers_branched_chains_and_tryptophan_less():
    run = lived(nh.meal("day 0 08:00", carbs="75 g", duration="5 min"))
    for name in BRANCHED:
        fall = min(change(run, f"blood.{name}", clock) for clock in ("09:00", "10:00", "11:00"))
        assert -40 <= fall <= -20, name
        assert change(run, "blood.tryptophan", "10:00") > fall
    assert 300 < float(run["blood.insulin"].peak().value) < 500


@pytest.mark.slow
def test_without_insulin_on_protein_sugar_does_nothing():
    deaf = MEALS.with_({"amino_acids.i_made": 0.0, "amino_acids.i_freed": 0.0})
    run = lived(nh.meal("day 0 08:00", carbs="75 g"), deaf)
    still = lived(nh.skip("meal", day=0), deaf)
    assert at(run, "blood.leucine", "10:00") == pytest.approx(at(still, "blood.leucine", "10:00"), rel=1e-3)


def test_protein_raises_what_carbohydrate_lowers():
    protein = lived(nh.meal("day 0 08:00", carbs="15.4 g", protein="46.8 g", fat="20 g"))
    carbohydrate = lived(nh.meal("day 0 08:00", carbs="69.9 g", protein="5.2 g", fat="7 g"))
    for name in BRANCHED:
        assert change(protein, f"blood.{name}", "10:00") > 15 and change(carbohydrate, f"blood.{name}", "10:00") < -10, name
    for name in ("tryptophan", "tyrosine"):
        assert at(carbohydrate, f"blood.{name}_ratio", "10:00") > 1.1 * at(protein, f"blood.{name}_ratio", "10:00"), name
    assert at(carbohydrate, "brain.tryptophan", "10:30") > 1.1 * at(protein, "brain.tryptophan", "10:30")


def test_a_drink_without_tryptophan_empties_plasma_through_protein():
    run = lived(drink())
    assert -99 < change(run, "blood.tryptophan", "12:30") < -75
    assert at(run, "amino_acids.driven", "10:00") * at(run, "amino_acids.speed", "10:00") == pytest.approx(1.5, abs=0.2)
    assert at(run, "amino_acids.braked", "10:00") == pytest.approx(0.65, abs=0.12)
    idle = lived(drink(), MEALS.with_({"amino_acids.l_made": 0.0, "amino_acids.l_freed": 0.0}))
    assert change(idle, "blood.tryptophan", "12:30") > change(run, "blood.tryptophan", "12:30") + 30
    full = lived(drink(tryptophan=5.15))
    assert change(full, "blood.tryptophan", "11:00") > 300


def plasma(told: str, **times: float) -> float:
    """A derived row of plasma after a night, with some of its levels so many times as high."""
    system = flatten(Model("plasma", {"it": part(AminoAcids, "blood")}))
    first = start(system)
    y = tuple(value * times.get(row.name, 1.0) for row, value in zip(system.states, first.y, strict=True))
    (index,) = (i for i, row in enumerate(system.derived) if row.name == told)
    return derived_at(system, 0.0, y, first.p, first.u)[index] / system.derived[index].unit.factor


@pytest.mark.parametrize("name", TABLE)
def test_the_scarcest_amino_acid_limits(name: str):
    assert plasma("speed") == pytest.approx(1.0)
    assert plasma("speed", **{name: 0.01}) < 0.35 < 1 < plasma("speed", **{name: 5.0}) < 1.4


def test_tryptophan_is_bound_to_albumin():
    free = [plasma("tells_free", tryptophan=times) / (55.0 * times) for times in (0.1, 1.0, 7.0)]
    assert free[1] * 55 == pytest.approx(8.0, rel=1e-9)
    assert 0 < free[0] < free[1] < free[2] < 1


def test_the_standin_says_what_it_is():
    assert InsulinStandIn.stand_in


# ── Barrier ───────────────────────────────────────────────────────────────────────────────────────


def influx(name: str, **levels: float) -> float:
    """One way, from blood into an empty brain, umol/h."""
    alone = Alone(BarrierAminoAcid)
    state = dict.fromkeys(alone.start(), 0.0)
    inputs = {**alone.inputs(), **{f"blood.{key}": level for key, level in levels.items()}}
    return alone.derived(0.0, state, alone.params(), inputs)[f"enters_{name}"]


def test_an_excess_of_one_keeps_out_the_others():
    """Eleven times the phenylalanine halved the entry of a tracer of the carrier in man (Shulkin 1995: 0.036 to 0.019 mL/g/min)."""
    ratio = influx("methionine", phenylalanine=605.0) / influx("methionine")
    assert 0.35 < ratio < 0.7
    for rival in ("levodopa", "hydroxytryptophan", "leucine", "valine"):
        assert influx("tryptophan", **{rival: 500.0}) < 0.97 * influx("tryptophan"), rival


def test_the_brain_follows_the_ratio_more_than_the_level():
    """Without tryptophan in the drink the fluid of the brain lost more of it than plasma did: 92 against 86 % (Williams 1999)."""
    run = lived(drink())
    assert change(run, "brain.tryptophan", "13:00") < change(run, "blood.tryptophan", "13:00")


@pytest.mark.parametrize("name", TABLE)
def test_pools_of_the_brain_turn_over_within_the_hour(name: str):
    pool = Alone(BarrierAminoAcid).start()[name] * 1.4 * 0.8
    assert pool / influx(name) < 1.0


def test_the_barrier_rests_where_its_nominals_say():
    alone = Alone(BarrierAminoAcid)
    inputs = alone.inputs()
    params = {**alone.params(), "loose": 1.0}  # all of tryptophan counts, so that its ratio is to the whole
    rates = alone.rates(0.0, alone.start(), params, inputs)
    assert max(abs(rates[name]) / alone.start()[name] for name in TABLE) < 1e-9


def test_what_terminals_use_leaves_the_brain():
    alone = Alone(BarrierAminoAcid)
    state, params, inputs = alone.start(), alone.params(), alone.inputs()
    used = {**inputs, "*.tyrosine_use": 3.0}
    fall = alone.rates(0.0, state, params, inputs)["tyrosine"] - alone.rates(0.0, state, params, used)["tyrosine"]
    assert fall == pytest.approx(3.0 / 1.12)


# ── Kynurenine ────────────────────────────────────────────────────────────────────────────────────


def on_cortisol(level: str, **values: float) -> Run:
    family = MEALS.with_({f"kynurenine.{name}": value for name, value in values.items()})
    return lived(nh.clamp("blood.cortisol_free", level, from_="day 0 00:00"), family, days=8)


@pytest.mark.slow
def test_more_cortisol_more_tryptophan_less_kynurenine():
    low, high = on_cortisol("4 nmol/L"), on_cortisol("20 nmol/L")
    assert at(high, "blood.tryptophan", "day 7 08:00") > at(low, "blood.tryptophan", "day 7 08:00")
    assert at(high, "blood.kynurenine", "day 7 08:00") < 0.95 * at(low, "blood.kynurenine", "day 7 08:00")


@pytest.mark.slow
def test_the_rats_sign_can_be_had():
    rat = {"e_tdo": 0.8, "e_ido": 0.0}
    low, high = on_cortisol("4 nmol/L", **rat), on_cortisol("20 nmol/L", **rat)
    assert at(high, "blood.tryptophan", "day 7 08:00") < at(low, "blood.tryptophan", "day 7 08:00")


@pytest.mark.slow
def test_inflammation_spends_tryptophan():
    ill = lived(nh.set_("world.inflammation", "1", from_="day 0 00:00"), days=4)
    assert 0.7 < at(ill, "blood.tryptophan", "day 3 08:00") / at(ill, "blood.tryptophan", "day 0 00:00") < 0.97
    assert 1.3 < at(ill, "blood.kynurenine", "day 3 08:00") / at(ill, "blood.kynurenine", "day 0 00:00") < 2.0
