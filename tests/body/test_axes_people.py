"""A thousand people with clock, sleep, stress axis and thyroid: at 08:00 they lie where laboratories say, and a year later too.

How much people differ in the thyroid's gland, in T3's clearance and in cortisol-binding globulin (the cv of `thyroid.gland`,
`thyroid.k05`, `thyroid.scale_T3`, `binding.cbg_man`, `binding.cbg_woman`) and the hour of the thyrotropin rhythm (`thyroid.peak`) were set
on these limits: a calibration.
"""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.engine.run import Run
from neurohumor.engine.solve import simulate
from neurohumor.lang import Family
from neurohumor.life.person import REFERENCE_MAN, REFERENCE_WOMAN
from neurohumor.models import load

LIMITS = {
    "blood.tsh": (0.4, 4.5, "mIU/L"),
    "blood.ft4": (10.0, 22.0, "pmol/L"),
    "blood.ft3": (3.1, 6.8, "pmol/L"),
    "blood.cortisol": (275.0, 550.0, "nmol/L"),
}
"""The limits asked for, and what laboratories print beside them (pages read in 2026):

TSH       0.4-4.5 or 0.45-4.5 in reviews; 0.27-4.20 (Eastern Health, pathology handbook, test 2065), 0.38-5.33 (Severn Pathology, 2022),
          0.3-4.2 (Peterborough, 2014).
free T4   12-22 (Eastern Health; Peterborough), 9-23 (North West London Pathology), 7.9-14.4 on another platform (Severn).
free T3   3.1-6.8 (Eastern Health; Peterborough, over 20 years), 3.8-6.0 (Severn), 2.4-6.0 (Eastern Pathology Alliance).
cortisol  morning 6-23 ug/dL, that is 166-635 nmol/L (Central Maine, laboratory catalogue); "most healthy" 276-552 nmol/L, 10-20 ug/dL,
          between 140 and 700 (a clinical summary).
"""


def axes() -> Family:
    """Clock, sleep, melatonin, adenosine, cortisol and thyroid."""
    rhythms, thyroid = load("rhythms_only"), load("thyroid_only")
    return Family("axes", {**rhythms.base, **{name: made for name, made in thyroid.base.items() if name != "clock"}})


def morning(count: int, days: int) -> list[Run]:
    """Half women, half men, at 08:00 of every fourth week."""
    pytest.importorskip("neurohumor.engine.backends.native")
    from neurohumor.study.population import sample

    family, found = axes(), []
    for person, seed in ((REFERENCE_WOMAN, 1), (REFERENCE_MAN, 2)):
        people = sample(count // 2, like=person, seed=seed, model=family)
        windows = [(8.0, 8.0 + 672.0 * ((days - 1) // 28), 672.0)]
        run = simulate(family, people, days=days, windows=windows, outputs=[*LIMITS], strict=False, backend="native")
        assert all(status.ok for status in run.statuses), [str(status) for status in run.statuses if not status.ok][:3]
        found.append(run)
    return found


def within(runs: list[Run], least: float, most: float) -> None:
    """Shares inside the limits, and the outer percentiles within a quarter of them; both sexes together."""
    for name, (low, high, unit) in LIMITS.items():
        first = np.concatenate([run[name].to(unit).values[:, 0] for run in runs])
        inside = np.mean((first >= low) & (first <= high))
        a, b = np.quantile(first, [0.025, 0.975])
        print(f"{name}: {inside:.3f} inside; 2.5 and 97.5 % at {a:.2f} and {b:.2f} {unit}")
        assert least <= inside <= most, name
        assert [a, b] == pytest.approx([low, high], rel=0.25), name


@pytest.mark.slow
def test_a_thousand_people_lie_where_laboratories_say_and_stay_there_for_a_year():
    runs = morning(1000, 366)
    within(runs, 0.90, 0.98)
    for run in runs:
        for name in LIMITS:
            values = run[name].values
            assert np.isfinite(values).all(), name
            assert values.min() >= 0, name
            assert values.shape[1] == 14
            assert np.abs(values[:, -1] / values[:, 0] - 1).max() < 0.02, f"{name} drifts"


def test_sampled_people_keep_their_levels_for_a_month():
    for run in morning(8, 29):
        for name, (low, high, unit) in LIMITS.items():
            values = run[name].to(unit).values
            assert values.min() > 0.2 * low
            assert values.max() < 5 * high
            assert np.abs(values[:, -1] / values[:, 0] - 1).max() < 0.02, f"{name} drifts"
