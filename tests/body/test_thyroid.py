"""The thyroid axis of a person: its limit is THYROSIM, its levels are those of laboratories, its gains rest, its hormone is no cofactor."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator

import numpy as np
import pytest

from neurohumor.build.conserve import leaks
from neurohumor.build.flatten import flatten
from neurohumor.build.orbits import orbit_of
from neurohumor.engine.baseline import settle
from neurohumor.engine.solve import simulate
from neurohumor.lang import Derived, Influence, Input, Module, Param
from neurohumor.lang.expr import Call, Const, Expr, order
from neurohumor.lang.system import Leaf, System
from neurohumor.life.day import dose
from neurohumor.life.person import REFERENCE_MAN, REFERENCE_WOMAN
from neurohumor.models import load
from neurohumor.modules.axes.thyroid_eisenberg2010 import ThyroidEisenberg2010
from neurohumor.modules.axes.thyroid_thyrosim import Thyroid
from neurohumor.modules.influences.thyroid import ThyroidAxisHands, ThyroidOnTransmitters
from tests.papers.alone import Alone, differing, samples
from tests.papers.eisenberg2010 import by_hand

OURS, PAPER = Alone(Thyroid, "blood"), Alone(ThyroidEisenberg2010, "blood")
THYROID = load("thyroid_only")
CENTRE = {name: value for name, value in PAPER.start().items() if name in OURS.names}


def test_the_axis_is_thyrosim_at_its_limit(rng):
    """A body of 70 kg, everything whole, gains at 1, and the clock where THYROSIM has it."""
    twin_params = {**PAPER.params(), "start": 0.0}
    phase_of_peak = twin_params["phi"] + np.pi / 2  # sin(t - phi) is highest there

    def twin(t, state, p, inputs):
        whole = {**state, "T4_pill": 0.0, "T4_gut": 0.0, "T3_pill": 0.0, "T3_gut": 0.0}
        found = by_hand.rates(t, whole, twin_params, {})
        return {name: found[name] for name in OURS.names}

    for t, state in samples(rng, CENTRE, spread=0.3):
        heard = {**OURS.inputs(), "brain.circadian_phase": 2 * np.pi * t / 24}
        params = {**OURS.params(), "peak": 24 * phase_of_peak / (2 * np.pi)}
        assert differing(OURS, twin, [(t, state)], params, {}, [heard]) == set()


def test_size_changes_no_level():
    light, heavy = (simulate(THYROID, REFERENCE_WOMAN.with_(weight=kg), days=1) for kg in ("50 kg", "95 kg"))
    for name in ("blood.tsh", "blood.t4", "blood.ft3", "brain.t3"):
        assert light[name].mean().value == pytest.approx(heavy[name].mean().value, rel=1e-3), name


def test_nothing_leaks():
    assert leaks(OURS.system) == []


@pytest.fixture(scope="module")
def day():
    return simulate(THYROID, REFERENCE_WOMAN, days=2)


@pytest.mark.parametrize("person", [REFERENCE_WOMAN, REFERENCE_MAN], ids=lambda p: p.name)
def test_the_reference_day_settles(person):
    found = settle(THYROID, person)
    assert found.status.ok
    assert abs(found.worst[1]) < 0.05


def test_levels_in_both_kinds_of_unit(day):
    si = {name: day[f"blood.{name}"].mean(day=1) for name in ("t4", "t3", "ft4", "ft3", "tsh")}
    assert 10 <= si["ft4"].value <= 22
    assert 3.1 <= si["ft3"].value <= 6.8
    assert 0.4 <= si["tsh"].value <= 4.5
    assert si["t4"].to("ug/dL").value == pytest.approx(si["t4"].value * 776.856 / 1e4, rel=1e-6)
    assert si["t3"].to("ng/dL").value == pytest.approx(si["t3"].value * 650.964 / 10, rel=1e-6)
    assert 0.8 <= si["ft4"].to("ng/dL").value <= 1.8
    assert 2.0 <= si["ft3"].to("pg/mL").value <= 4.4


def test_free_is_less_than_total(day):
    assert (day["blood.ft4"].to("nmol/L").values < 1e-3 * day["blood.t4"].values).all()
    assert (day["blood.ft3"].to("nmol/L").values < 1e-2 * day["blood.t3"].values).all()


def test_tsh_is_highest_at_night():
    """With cortisol, which holds TSH down by day, as the rhythm was set."""
    day = simulate(THYROID.choose("hpa"), REFERENCE_WOMAN, days=2)
    when = day["blood.tsh"].peak(("day 0 12:00", "day 1 12:00")).time % 24
    assert when >= 23 or when <= 4


def test_a_dose_arrives_whole_by_vein_and_in_part_by_mouth():
    """100 nmol by vein raise T4 in blood at once; by mouth 0.88/(0.88 + 0.1056) of it arrives, later."""
    family = THYROID.choose("levothyroxine")
    fine = [(8, 10, 0.5), (10, 10.5, 0.001), (10.5, 24, 0.05)]
    usual = simulate(family, REFERENCE_MAN, days=1, windows=fine)
    vein = simulate(family, REFERENCE_MAN, dose("levothyroxine", "100 nmol", "iv", at="day 0 10:00"), days=1, windows=fine)
    mouth = simulate(family, REFERENCE_MAN, dose("levothyroxine", "100 nmol", at="day 0 10:00"), days=1, windows=fine)
    assert vein["levothyroxine.injected"].auc(("day 0 10:00", "day 0 24:00")).value == pytest.approx(100.0, rel=0.01)
    taken = mouth["levothyroxine.taken"].auc().value
    assert taken == pytest.approx(100 * 0.88 / (0.88 + 0.1056), rel=0.01)
    assert vein["blood.t4"].peak().time < mouth["blood.t4"].peak().time
    assert mouth["blood.t4"].peak().value > usual["blood.t4"].peak().value


def test_liothyronine_lowers_tsh_within_a_day():
    family = THYROID.choose("liothyronine")
    usual, after = (simulate(family, REFERENCE_MAN, taken, days=2) for taken in (None, dose("liothyronine", "50 ug", at="day 0 23:00")))
    at = "day 1 20:00"
    assert after["blood.tsh"].at(at).value < 0.8 * usual["blood.tsh"].at(at).value


# ── Influences ────────────────────────────────────────────────────────────────────────────────────


def test_gains_rest_at_one_on_the_reference_day():
    run = simulate(THYROID.choose("hpa"), REFERENCE_WOMAN, days=1, windows=[(0, 24, 1 / 20)])
    for name in ("thyroid_hands.on_tsh", "thyroid_hands.on_dio", "thyroid_hands.on_set"):
        assert run[name].mean().value == pytest.approx(1.0, abs=0.005), name
    for name in ("on_tph2", "on_ht1a", "on_ht2a"):
        assert run[f"thyroid_on_transmitters.{name}"].mean().value == pytest.approx(1.0, abs=0.005), name


@pytest.mark.parametrize("module", [ThyroidAxisHands, ThyroidOnTransmitters])
def test_gains_stay_above_zero_whatever_is_heard(module):
    """1 + emax (H - Href) at H = 0 and at H = 1."""
    for influence in module.of(Influence):
        reference = orbit_of(module.__name__, influence.name, "")
        assert reference is not None
        for saturation in (0.0, 1.0):
            assert 1 + influence.emax.value * (saturation - reference.mean) > 0, influence.name


def test_without_t3_enzymes_and_receptors_change_by_a_fifth():
    """Claims B06 and B07: TPH2 down by 10 to 30 %, 5-HT1A of the raphe up by as much, neither to zero."""
    for influence, sign in ((ThyroidOnTransmitters.on_tph2, -1), (ThyroidOnTransmitters.on_ht1a, 1)):
        reference = orbit_of("ThyroidOnTransmitters", influence.name, "")
        assert reference is not None
        assert 0.1 <= sign * influence.emax.value * (0.0 - reference.mean) <= 0.3


# ── Claim B06: thyroid hormone is no cofactor ─────────────────────────────────────────────────────

HORMONES = ("t3", "t4", "ft3", "ft4", "tsh")


def modules_of_science() -> Iterator[type[Module]]:
    """Every module that can be loaded."""
    import neurohumor.modules as science

    for place in pkgutil.walk_packages(science.__path__, "neurohumor.modules."):
        loaded = __import__(place.name, fromlist=["_"])
        for thing in vars(loaded).values():
            if isinstance(thing, type) and issubclass(thing, Module) and thing is not Module and thing.__module__ == place.name:
                yield thing


def below_the_line(module: type[Module]) -> set[str]:
    """Thyroid hormones that the module hears and that stand, directly or through derived values, in the denominator of any rate."""
    hormones = {d: d.quantity for d in module.of(Input) if d.quantity.rpartition(".")[2] in HORMONES}
    found: set[str] = set()

    def heard(expr: Expr, seen: frozenset[int] = frozenset()) -> set[str]:
        names: set[str] = set()
        for node in order([expr]):
            if node in hormones:
                names.add(hormones[node])
            elif isinstance(node, Derived) and id(node) not in seen:
                names |= heard(node.expr, seen | {id(node)})
        return names

    for derived in module.of(Derived):
        for node in order([derived.expr]):
            if isinstance(node, Call) and node.op == "div" and not isinstance(node.args[1], Const):
                found |= heard(node.args[1])
            if isinstance(node, Call) and node.op == "pow" and isinstance(node.args[1], Const) and node.args[1].value < 0:
                found |= heard(node.args[0])
    return found


def test_thyroid_hormone_stands_in_no_denominator_of_a_transmitter_s_rate_laws():
    checked = [m for m in modules_of_science() if ".transmitters." in m.__module__]
    assert checked
    assert {m.__name__: below_the_line(m) for m in checked if below_the_line(m)} == {}


def test_a_planted_cofactor_is_caught():
    t3, K = Input("brain.t3", "nmol/L", 2.0), Param(1.0, "nmol/L", basis="assumed")
    rate = Derived(1 + t3 / K, "1")
    assert below_the_line(Module.from_declarations("Planted", [("t3", t3), ("K", K), ("rate", rate)])) == set()
    t3, K = Input("brain.t3", "nmol/L", 2.0), Param(1.0, "nmol/L", basis="assumed")
    hidden = Derived(K + t3, "nmol/L")
    wrong = Derived(t3 / hidden, "1")
    planted = Module.from_declarations("PlantedCofactor", [("t3", t3), ("K", K), ("hidden", hidden), ("wrong", wrong)])
    assert below_the_line(planted) == {"brain.t3"}


@pytest.mark.parametrize("module", list(modules_of_science()), ids=lambda m: m.__name__)
def test_thyroid_hormone_stands_below_the_line_nowhere_but_in_its_own_influences(module):
    """Over every module present: a saturation of an influence is no rate law, and nothing else divides by thyroid hormone."""
    assert below_the_line(module) == set()


VELOCITIES = ("v_th", "v_tph")


def dividing(system: System, row: int) -> set[Leaf]:
    """Every leaf that stands in a denominator of a derived row, directly or through other rows, gains apart."""
    gains = {k for k, d in enumerate(system.derived) if ".gain." in d.full or d.name.startswith("on_")}
    found: set[Leaf] = set()
    seen: set[tuple[int, bool]] = set()

    def walk(expr: Expr, below: bool) -> None:
        if (id(expr), below) in seen:
            return
        seen.add((id(expr), below))
        if isinstance(expr, Leaf):
            if expr.kind == "derived":
                if expr.index not in gains:
                    walk(system.derived[expr.index].expr, below)
            elif below:
                found.add(expr)
        elif isinstance(expr, Call):
            for place, arg in enumerate(expr.args):
                negative = expr.op == "pow" and isinstance(expr.args[1], Const) and expr.args[1].value < 0
                walk(arg, below or (expr.op == "div" and place == 1) or (negative and place == 0))

    walk(system.derived[row].expr, False)
    return found


def test_no_velocity_of_th_or_tph_in_the_whole_human_divides_by_thyroid_hormone():
    """Claim B06 in the flat system: through every wire, gains of influences apart."""
    system = flatten(load("human").model(REFERENCE_WOMAN))
    hormones = {leaf for name, leaf in system.quantities.items() if name.rpartition(".")[2] in HORMONES and leaf.kind == "state"}
    hormones |= {Leaf("state", k, row.full) for k, row in enumerate(system.states) if row.full.startswith("thyroid.")}
    at = {(leaf.kind, leaf.index) for leaf in hormones}
    rows = [k for k, row in enumerate(system.derived) if row.name in VELOCITIES]
    assert {system.derived[k].full for k in rows} >= {"da_striatum.v_th", "da_pfc.v_th", "ht_raphe.v_tph", "ht_cortex.v_tph"}
    for k in rows:
        below = dividing(system, k)
        assert below, system.derived[k].full
        assert {(leaf.kind, leaf.index) for leaf in below}.isdisjoint(at), system.derived[k].full
    own = [k for k, row in enumerate(system.derived) if row.full.startswith("thyroid.")]
    assert any((leaf.kind, leaf.index) in at for k in own for leaf in dividing(system, k)), "what looks for them finds them where they are"
