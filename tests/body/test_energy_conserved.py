"""Carbon, oxygen, adenine, creatine, nicotinamide and phosphate close in a region over a week of meals, tasks, sleep and hypoxia."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from neurohumor.build.conserve import holds, leaks, with_borders
from neurohumor.build.start import start
from neurohumor.engine.problem import Action, Batch, Entry, Stiff
from neurohumor.engine.program import compile as compile_system
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


def unclosed(system: System, place: str) -> dict[str, float]:
    """By content, what is missing as a share of what crossed the border or is held."""
    wider = with_borders(system)
    n = len(system.states)
    batch = Batch(
        params=np.full((1, len(wider.params)), np.nan),
        inputs=np.array([[row.nominal for row in wider.inputs]]),
        states=np.full((1, len(wider.states)), np.nan),
        schedules=(week(place),),
        start=np.zeros(1),
        end=np.array([WEEK]),
        windows=(np.array([[0.0, WEEK]]),),
    )
    solved = compile_system(wider, backend="reference").solve(batch, Stiff(rtol=1e-8))
    assert solved.statuses[0].ok, solved.statuses[0]
    first, last = solved.states[0][0]
    p, u = start(system).p, tuple(row.nominal for row in system.inputs)
    before, after = holds(system, first[:n], p, u), holds(system, last[:n], p, u, WEEK)
    names = [row.full for row in wider.states]
    found = {}
    for key in before:
        net, gross = (last[names.index(f"border.{kind}_{key}")] for kind in ("net", "gross"))
        found[key] = abs(after[key] - before[key] - net) / (gross + before[key])
    return found


@pytest.mark.parametrize("place", ["cortex", "white"])
def test_matter_closes_over_a_week(place):
    missing = unclosed(energy.system(place), place)
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
    assert unclosed(leaky, "cortex")["carbon"] > 1e-8


def test_every_carbon_that_enters_is_told_as_something():
    """Of the carbon taken up at rest, oxidised, lactate and other carbon are all there is."""
    end = energy.run("cortex", 480.0)
    taken = 6 * end.last("cortex.cmrglc") + 4 * end.last("cortex.cmrket")
    burnt = 3 * (end.last("cortex_tissue.v_pdh_n") + end.last("cortex_tissue.v_pdh_a")) + 4 * end.last("cortex_tissue.v_ket")
    left = -3 * end.last("cortex.cmrlac") + 3 * end.last("cortex_tissue.v_out")
    assert taken == pytest.approx(burnt + left, rel=1e-3)
