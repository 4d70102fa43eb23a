"""One person simulated alone is bit for bit that person's row in a population, settled or not, whatever the order."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.engine.solve import simulate
from neurohumor.lang import Family, part
from neurohumor.life.day import dose, threat
from neurohumor.life.person import Person
from neurohumor.study.population import sample
from tests.unit.engine_run.hand import Cortisol, Glands

FAMILY = Family("two", {"hpa": part(Cortisol, here="blood"), "gland": part(Glands)})
DAY = dose("hydrocortisone", "20 mg", at="08:15") + threat(0.7, "10:00", "10:40")
WINDOWS = [("06:00", "14:00", "7 min"), ("threat + 0 s", "threat + 10 min", "20 s")]
NAMES = ("blood.cortisol", "hpa.uptake", "gland.mass", "brain.circadian")


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every baseline is sought anew: a cache would make the comparison empty."""
    from neurohumor.engine.cache import SettledCache

    monkeypatch.setattr(SettledCache, "get", lambda self, key: None)
    monkeypatch.setattr(SettledCache, "put", lambda self, key, settled: None)


@pytest.mark.parametrize("settled", [True, False])
def test_a_person_alone_equals_a_row(settled: bool):
    people = sample(5, like=Person(sex="m"), seed=4)
    rows = simulate(FAMILY, people, DAY, windows=WINDOWS, settled=settled)
    back = simulate(FAMILY, people[::-1], DAY, windows=WINDOWS, settled=settled)
    for k in (0, 3):
        alone = simulate(FAMILY, people[k], DAY, windows=WINDOWS, settled=settled)
        for name in NAMES:
            row = rows[name]
            assert np.array_equal(alone[name].values, row.values[k]), (name, k)
            assert np.array_equal(alone[name].values, back[name].values[4 - k]), (name, k)
            assert np.array_equal(alone[name].times, row.times)
            assert np.array_equal(rows.person(k)[name].values, alone[name].values)


def test_a_person_is_the_same_in_a_small_and_a_large_population():
    small, large = (simulate(FAMILY, sample(n, seed=9), DAY, windows=WINDOWS) for n in (2, 6))
    for name in NAMES:
        assert np.array_equal(small[name].values, large[name].values[:2])


def test_one_who_fails_does_not_touch_the_others():
    people = list(sample(3, like=Person(sex="m"), seed=4))
    bad = Person(sex="m", values={"hpa.k": 9.0})
    alone = simulate(FAMILY, people, DAY, windows=WINDOWS)
    beside = simulate(FAMILY, [people[0], bad, *people[1:]], DAY, windows=WINDOWS, strict=False)
    assert [s.person for s in beside.failed] == [1]
    for name in NAMES:
        assert np.array_equal(alone[name].values, beside[name].values[[0, 2, 3]])
