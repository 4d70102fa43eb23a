"""Influences in flat form: neutral at their reference, switched, lagged, silent, and compared with stored orbits."""

from __future__ import annotations

import math

import pytest

from neurohumor.build import orbits
from neurohumor.build.flatten import flatten
from neurohumor.build.orbits import Orbit, read_orbits
from neurohumor.errors import FileError
from neurohumor.lang import Const, part
from tests.unit.build.toys import Clock, Hand, Terminal, derived, model, rates


@pytest.fixture
def stored(monkeypatch):
    """Orbits as if they had been generated."""
    found: dict[str, Orbit] = {}
    monkeypatch.setattr(orbits, "stored", lambda: found)
    return found


def whole(*, clock: bool = False, **options):
    parts = {"a": part(Terminal, "striatum"), "hand": part(Hand)}
    return flatten(model(options.get("clamps", ()), options.get("silent", ()), **parts, **({"clock": part(Clock)} if clock else {})))


def test_without_an_orbit_the_nominal_is_neutral(stored):
    system = whole()
    assert derived(system)["striatum.gain.th"] == pytest.approx(1.0, rel=1e-15)
    far = derived(system, a__da=0.05)
    saturation = 25.0 / 26.0
    assert far["hand.fast_hill"] == pytest.approx(saturation)
    assert far["hand.fast"] == pytest.approx(1 + 0.5 * (saturation - 0.8))
    assert far["hand.slow"] == 1.0  # its lag has not moved yet
    assert rates(system, a__da=0.05)["hand.slow_lag"] == pytest.approx((5 / 6 - 2 / 3) / 72.0)


def test_the_reference_follows_an_overridden_parameter(stored):
    system = flatten(model(a=part(Terminal, "striatum"), hand=part(Hand, K=30.0)))
    assert derived(system)["striatum.gain.th"] == pytest.approx(1.0, rel=1e-15)


def test_a_switch_of_its_own(stored):
    off = derived(whole(), a__da=0.05, hand__fast_on=0.0)
    assert off["hand.fast"] == 1.0


def test_a_silent_influence_is_gone(stored):
    for silent in (["hand.fast"], ["F1"]):
        system = whole(silent=silent)
        names = [row.full for row in (*system.derived, *system.params, *system.states)]
        assert not any("fast" in name for name in names) and "hand.slow" in names
    system = whole(silent=["*"])
    assert [row.full for row in system.states] == ["a.da"]
    assert [(u.quantity, u.kind, u.nominal) for u in system.inputs if "gain" in u.quantity] == [("striatum.gain.th", "held", 1.0)]


def test_a_stored_mean_is_the_reference(stored):
    stored["Hand.fast"], stored["Hand.slow"] = Orbit(0.7), Orbit(0.6)
    system = whole()
    values = {p.full: p.initial.value for p in system.params if isinstance(p.initial, Const)}
    assert (values["hand.fast_ref"], values["hand.slow_ref"]) == (0.7, 0.6)
    assert derived(system)["hand.fast"] == pytest.approx(1 + 0.5 * (0.8 - 0.7))


def test_a_stored_curve_is_followed_where_a_clock_tells_the_phase(stored):
    stored["Hand.fast"], stored["Hand.slow"] = Orbit(0.7, (0.7, 0.1, 0.05)), Orbit(0.6, (0.6, 0.1, 0.0))
    system = whole(clock=True)
    for phase in (0.0, 1.0, 4.0):
        expected = 0.7 + 0.1 * math.cos(phase) + 0.05 * math.sin(phase)
        assert derived(system, clock__phase=phase)["hand.fast_ref"] == pytest.approx(expected)
    assert any(p.full == "hand.slow_ref" for p in system.params), "a slow influence is neutral against its mean"
    assert any(p.full == "hand.fast_ref" for p in whole().params), "without a clock the mean is the reference"


def test_a_place_may_have_its_own_orbit(stored):
    stored["Hand.fast"], stored["Hand.fast@raphe"] = Orbit(0.7), Orbit(0.1)
    assert orbits.orbit_of("Hand", "fast", "raphe") == Orbit(0.1)
    assert orbits.orbit_of("Hand", "fast", "pfc") == Orbit(0.7)
    assert orbits.orbit_of("Hand", "slow", "pfc") is None


def test_a_held_input_is_neutral_at_its_nominal_whatever_is_stored(stored):
    stored["Hand.fast"], stored["Hand.slow"] = Orbit(0.1), Orbit(0.1)
    system = flatten(model(hand=part(Hand)))
    assert derived(system)["striatum.gain.th"] == pytest.approx(1.0, rel=1e-15)
    assert derived(system, striatum__dopamine=0.1)["hand.fast"] > 1.0


def test_a_slow_influence_belongs_to_the_slow_states(stored):
    assert next(row for row in whole().states if row.full == "hand.slow_lag").timescale == "slow"


def test_the_file_of_orbits_is_read():
    text = '["A.b"]\nmean = 0.5\n["A.c@pfc"]\nmean = 0.25\ncurve = [0.25, 0.1, -0.1]\n'
    assert read_orbits(text, "x") == {"A.b": Orbit(0.5), "A.c@pfc": Orbit(0.25, (0.25, 0.1, -0.1))}
    assert isinstance(orbits.stored(), dict)


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "a = 1",
        "[a]\ncurve = [1.0]",
        "[a]\nmean = 2.0",
        "[a]\nmean = nan",
        "[a]\nmean = true",
        "[a]\nmean = 0.5\ncurve = [0.1, 0.2]",
        '[a]\nmean = "x"',
        "[a]\nmean = 0.5\nother = 1",
    ],
)
def test_a_bad_file_of_orbits_is_refused(text):
    with pytest.raises(FileError):
        read_orbits(text, "orbits.toml")
