"""Matter closes in every module and family: over a week with doses and driven inputs, change is what crossed the border."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from neurohumor.build.conserve import contents, holds, leaks, with_borders
from neurohumor.build.flatten import flatten
from neurohumor.build.start import evaluated, start
from neurohumor.engine.problem import Action, Batch, Entry, Stiff
from neurohumor.engine.program import compile
from neurohumor.lang import Compartment, Flux, Module, Output, Param, Species, Takes
from neurohumor.lang.system import System
from tests.contract.shipped import BUILDABLE, alone, sized

WEEK = 168.0
CLOSED = 1e-8
"""|change - net| as a share of all that crossed the border."""
ROUNDING = 1e-12
"""For a closed pool, which nothing crosses: as a share of what it holds."""


def doses(system: System) -> tuple[list[Entry], dict[str, float]]:
    """A bolus and an infusion of everything that is taken, and the content of the boluses."""
    first, entries, given = start(system), list[Entry](), dict.fromkeys(contents(system), 0.0)
    for number, dose in enumerate(system.doses):
        row = system.states[dose.state]
        volume = 1.0 if row.volume is None else evaluated([row.volume], first)[0]
        entries.append(Entry(30.0 + number, Action.ADD_STATE, dose.state, row.scale))
        entries.append(Entry(50.0 + number, Action.SET_INPUT, dose.infusion, row.scale * volume / 3.0))
        entries.append(Entry(53.0 + number, Action.SET_INPUT, dose.infusion, 0.0))
        for key, content in row.content.items():
            given[key] += content * row.scale * volume
    return entries, given


def days(system: System) -> list[Entry]:
    """Every driven input up and down, every twelve hours."""
    entries = []
    for index, row in enumerate(system.inputs):
        if row.kind == "driven" and not row.quantity.startswith(("dose.", "clamp.")):
            high, low = (1.5 * row.nominal, 0.5 * row.nominal) if row.nominal else (0.5 * row.unit.factor, 0.0)
            entries += [Entry(12.0 * n, Action.SET_INPUT, index, high if n % 2 else low) for n in range(1, 14)]
    return entries


def unclosed(system: System, rates_of: System | None = None) -> dict[str, tuple[float, float, float]]:
    """By content, (change, net, gross) wherever the three do not agree after a week; `rates_of` lends its rates (for planting)."""
    wider = with_borders(system)
    if rates_of is not None:
        wider = replace(wider, rates=(*rates_of.rates, *wider.rates[len(system.states) :]), fingerprint="")
    entries, given = doses(system)
    schedule = tuple(sorted([*entries, *days(system)], key=lambda entry: entry.time))
    own = [np.full((1, len(rows)), np.nan) for rows in (wider.params, wider.states)]
    inputs = np.array([[row.nominal for row in wider.inputs]])
    batch = Batch(own[0], inputs, own[1], (schedule,), np.zeros(1), np.full(1, WEEK), (np.array([[0.0, WEEK]]),))
    solved = compile(wider, "quickest").solve(batch, Stiff(rtol=1e-7))
    assert solved.statuses[0].ok, solved.statuses[0]
    first, last = solved.states[0][0]
    n, moment = len(system.states), solved.moments[0]
    before = holds(system, first[:n], start(system).p, tuple(inputs[0]))
    after = holds(system, last[:n], tuple(moment.p), tuple(moment.u), WEEK)
    found = {}
    for position, key in enumerate(contents(system)):
        net, gross = last[n + 2 * position] + given[key], last[n + 2 * position + 1] + given[key]
        change = after[key] - before[key]
        size = wider.states[n + 2 * position].scale  # what is held at the start, 1 nmol where that is nothing
        if abs(change - net) > CLOSED * gross + ROUNDING * max(abs(before[key]), abs(after[key]), size):
            found[key] = change, net, gross
    return found


@pytest.mark.parametrize("name", sized(BUILDABLE))
def test_rates_are_the_sum_of_fluxes(name):
    assert leaks(flatten(BUILDABLE[name])) == []


@pytest.mark.parametrize("name", sized(BUILDABLE))
def test_matter_closes_over_a_week(name):
    system = flatten(BUILDABLE[name])
    if not contents(system):
        pytest.skip("there is no matter in it")
    assert unclosed(system) == {}


# ── Planted leaks ─────────────────────────────────────────────────────────────────────────────────


def planted() -> System:
    """A drug that is taken, changed into another form, and lost."""
    v, k = Compartment(3.0, "L"), Param(0.2, "1/h")
    x, y = Species(v, 1.0, "uM"), Species(v, 0.5, "uM")
    pairs = [("v", v), ("k", k), ("x", x), ("y", y), ("t", Takes("levodopa", "oral", x)), ("turn", Flux(x >> y, k * x))]
    pairs += [("back", Flux(y >> x, 0.5 * k * y)), ("loss", Flux(y >> 0, k * y)), ("told", Output("blood.levodopa", x, "uM"))]
    return flatten(alone(Module.from_declarations("Planted", pairs)))


def test_a_closed_book_has_no_fault():
    system = planted()
    assert leaks(system) == [] and unclosed(system) == {} and unclosed(system, system) == {}


def test_a_planted_leak_is_caught():
    system = planted()
    leaky = replace(system, rates=(system.rates[0], system.rates[1] * 1.00001), fingerprint="")
    assert [leak.where for leak in leaks(leaky)] == ["it.y"]
    change, net, gross = unclosed(system, leaky)["matter"]
    assert CLOSED * gross < abs(change - net) < 1e-3 * gross


def test_a_planted_dose_that_is_not_booked_is_caught():
    system = planted()
    unbooked = replace(system, fluxes=tuple(flux for flux in system.fluxes if flux.name != "t"))
    assert [leak.where for leak in leaks(unbooked)] == []  # nobody infuses at the start
    assert "matter" in unclosed(unbooked)
