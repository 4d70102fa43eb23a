"""Carbon, oxygen, adenine, creatine, nicotinamide and phosphate close in a region over a week of meals, tasks, sleep and hypoxia."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from neurohumor.build.conserve import holds, leaks, with_borders
from neurohumor.build.start import start
from neurohumor.engine.problem import Action, Batch, Entry, Stiff
from neurohumor.engine.program import compile as compile_system
from neurohumor.engine.program import quickest
from neurohumor.lang.system import Leaf, System
from tests.body import energy

WEEK = 168.0
KEYS = ("carbon", "dioxygen", "adenine", "creatine", "nicotinamide", "phosphate", "five_carbons", "solute")
POOLS = ("adenine", "creatine", "nicotinamide", "phosphate", "five_carbons")


DAY = (
    (0.0, "activity", 0.72), (7.0, "activity", 1.0), (9.0, "activity", 1.15), (9.5, "activity", 1.0),
    (8.0, "blood.glucose", 7.0), (10.0, "blood.glucose", 5.0), (20.0, "blood.glucose", 2.5), (21.0, "blood.glucose", 5.0),
    (17.0, "blood.lactate", 6.0), (18.0, "blood.lactate", 0.9), (15.0, "world.pao2", 40.0), (16.0, "world.pao2", 95.0),
)  # fmt: skip
"""Hour, input, value in its own unit."""


def week(place: str) -> tuple[Entry, ...]:
    """Sleep, tasks, meals, low glucose, lactate and thin air every day; ketones that rise through the week."""
    found = []
    for day in range(7):
        for hour, name, value in (*DAY, (12.0, "blood.bhb", 0.05 + 0.5 * day)):
            index = energy.input_of(place, f"{place}.activity" if name == "activity" else name)
            factor = energy.system(place).inputs[index].unit.factor
            found.append(Entry(24.0 * day + hour, Action.SET_INPUT, index, value * factor))
    return tuple(sorted(found, key=lambda entry: entry.time))


ANY = {
    "activity": (0.5, 1.3), "blood.glucose": (2.0, 15.0), "blood.lactate": (0.3, 8.0), "blood.bhb": (0.02, 6.0),
    "world.pao2": (30.0, 300.0), "world.paco2": (25.0, 55.0), "brain.t3": (0.5, 4.0), "blood.insulin": (10.0, 600.0),
    "brain.asleep": (0.0, 1.0),
}  # fmt: skip
"""What may happen to a region in any week: inputs and how far they go."""


def any_week(rng: np.random.Generator, place: str) -> tuple[Entry, ...]:
    """Sixty jumps of inputs at any time of a week."""
    found = []
    for hour in np.sort(rng.uniform(0.0, WEEK, 60)):
        name = str(rng.choice(list(ANY)))
        index = energy.input_of(place, f"{place}.activity" if name == "activity" else name)
        found.append(Entry(float(hour), Action.SET_INPUT, index, rng.uniform(*ANY[name]) * energy.system(place).inputs[index].unit.factor))
    return tuple(found)


def unclosed(system: System, weeks: Sequence[tuple[Entry, ...]], backend: str = "reference") -> dict[str, float]:
    """By content, what is missing as a share of what crossed the border or is held; the worst of these weeks."""
    wider = with_borders(system)
    n, many = len(system.states), len(weeks)
    batch = Batch(
        params=np.full((many, len(wider.params)), np.nan),
        inputs=np.tile([row.nominal for row in wider.inputs], (many, 1)),
        states=np.full((many, len(wider.states)), np.nan),
        schedules=tuple(weeks),
        start=np.zeros(many),
        end=np.full(many, WEEK),
        windows=(np.tile([0.0, WEEK], (many, 1)),),
    )
    solved = compile_system(wider, backend=backend).solve(batch, Stiff(rtol=1e-8))
    assert [status for status in solved.statuses if not status.ok] == []
    p, u = start(system).p, tuple(row.nominal for row in system.inputs)
    names = [row.full for row in wider.states]
    found: dict[str, float] = {}
    for first, last in solved.states[0]:
        before, after = holds(system, first[:n], p, u), holds(system, last[:n], p, u, WEEK)
        for key in before:
            net, gross = (last[names.index(f"border.{kind}_{key}")] for kind in ("net", "gross"))
            share = abs(after[key] - before[key] - net) / (gross + before[key])
            found[key] = max(found.get(key, 0.0), float(share))
    return found


@pytest.mark.parametrize(("place", "backend"), [("cortex", "reference"), ("white", quickest())])
def test_matter_closes_over_a_week(place, backend):
    missing = unclosed(energy.system(place), [week(place)], backend)
    assert set(missing) == set(KEYS)
    assert {key: share for key, share in missing.items() if share > 1e-8} == {}


def test_matter_closes_over_any_week(rng):
    """Twenty weeks in which anything happens at any time."""
    missing = unclosed(energy.system("cortex"), [any_week(rng, "cortex") for _ in range(20)], quickest())
    assert set(missing) == set(KEYS)
    assert {key: share for key, share in missing.items() if share > 1e-8} == {}


def test_pools_cross_no_border():
    system = energy.system("cortex")
    for flux in system.fluxes:
        for key in POOLS:
            if flux.border:
                assert not any(system.states[index].content.get(key) for index, _ in flux.moved), (flux.full, key)


def test_rates_are_the_sum_of_fluxes():
    assert leaks(energy.system("brain")) == []


def test_a_planted_leak_is_caught():
    system = energy.system("cortex")
    row = [state.full for state in system.states].index("cortex_tissue.acc")
    rates = list(system.rates)
    rates[row] = rates[row] - 0.01 * Leaf("state", row, "cortex_tissue.acc")  # one per cent an hour
    leaky = replace(system, rates=tuple(rates), fingerprint="")
    assert [leak.where for leak in leaks(leaky)] == ["cortex_tissue.acc"]
    assert unclosed(leaky, [week("cortex")], quickest())["carbon"] > 1e-8


def test_every_carbon_that_enters_is_told_as_something():
    """Of the carbon taken up at rest, oxidised, lactate and other carbon are all there is."""
    end = energy.run("cortex", 480.0)
    taken = 6 * end.last("cortex.cmrglc") + 4 * end.last("cortex.cmrket")
    burnt = 3 * (end.last("cortex_tissue.v_pdh_n") + end.last("cortex_tissue.v_pdh_a")) + 4 * end.last("cortex_tissue.v_ket")
    left = -3 * end.last("cortex.cmrlac") + 3 * end.last("cortex_tissue.v_out")
    assert taken == pytest.approx(burnt + left, rel=1e-3)
