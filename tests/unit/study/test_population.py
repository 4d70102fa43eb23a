"""Virtual people: the same person whatever the number, order and machine; cv and gsd apart; bounds cut off."""

from __future__ import annotations

import math

import numpy as np
import pytest

from neurohumor.errors import ModelError
from neurohumor.life.person import Person, Times
from neurohumor.study.population import sample
from neurohumor.study.random import lognormal_factor, uniform
from tests.unit.engine_run.hand import cortisol, cortisol_family

LIKE = Person(sex="m", name="Kim", weight="80 kg")


def test_person_k_is_the_same_in_any_population():
    assert sample(5, like=LIKE, seed=1)[3] == sample(1000, like=LIKE, seed=1)[3]
    assert sample(5, like=LIKE, seed=1, model=cortisol_family())[3] == sample(30, like=LIKE, seed=1, model=cortisol_family())[3]
    assert sample(5, like=LIKE, seed=1)[3].draws(cortisol()) == sample(9, like=LIKE, seed=1)[3].draws(cortisol())
    assert sample(5, like=LIKE, seed=1)[3].draws(cortisol()) != sample(5, like=LIKE, seed=2)[3].draws(cortisol())


def test_the_numbers_are_frozen():
    """A change of these is a change of everybody's population."""
    assert uniform(1, "hpa.ka", 3) == 0.10302328259413246
    assert uniform(1, "hpa.ka", 3, stream=1) == 0.6890335567448853
    assert sample(4, like=LIKE, seed=1)[3].draws(cortisol())["hpa.ka"].factor == pytest.approx(
        math.exp(math.sqrt(math.log1p(0.09)) * -1.26451), rel=1e-4
    )


def test_numbers_are_uniform_and_independent():
    drawn = np.array([[uniform(7, name, k) for k in range(4000)] for name in ("a", "b")])
    assert abs(drawn.mean() - 0.5) < 0.01 and abs(drawn.std() - math.sqrt(1 / 12)) < 0.01
    assert abs(np.corrcoef(drawn)[0, 1]) < 0.05 and 0 < drawn.min() and drawn.max() < 1


def test_people_differ_by_cv_around_the_person_they_are_like():
    people = sample(3000, like=LIKE, seed=3)
    factors = np.array([one.draws(cortisol())["hpa.ka"].factor for one in people])
    assert np.median(factors) == pytest.approx(1.0, abs=0.03)
    assert factors.std() / factors.mean() == pytest.approx(0.3, rel=0.06)
    assert set(people[0].draws(cortisol())) == {"hpa.v_kg", "hpa.ka", "hpa.k"}


def test_ignorance_is_drawn_apart_and_leaves_the_rest_as_it_was():
    plain, ignorant = sample(2000, like=LIKE, seed=3), sample(2000, like=LIKE, seed=3, ignorance=True)
    pairs = [(a.draws(cortisol()), b.draws(cortisol())) for a, b in zip(plain, ignorant, strict=True)]
    extra = np.log([b["hpa.ka"].factor / a["hpa.ka"].factor for a, b in pairs])
    assert extra.std() == pytest.approx(math.log(1.2), rel=0.06)
    assert all(a["hpa.v_kg"] == b["hpa.v_kg"] for a, b in pairs)


def test_bounds_cut_the_distribution_without_a_heap():
    values = 0.4 * np.array([one.draws(cortisol())["hpa.k"].factor for one in sample(3000, like=LIKE, seed=3, ignorance=True)])
    assert 0.3 <= values.min() and values.max() <= 0.6
    assert np.mean(values < 0.301) < 0.03 and np.mean(values > 0.599) < 0.03


def test_bounds_hold_around_an_override_of_the_person():
    like = LIKE.with_(values={"hpa.k": 0.55})
    values = 0.55 * np.array([one.draws(cortisol())["hpa.k"].factor for one in sample(500, like=like, seed=3)])
    assert 0.3 - 1e-12 <= values.min() and values.max() <= 0.6 + 1e-12


def test_a_knock_out_stays_one():
    like = LIKE.with_(values={"hpa.secretion": 0.0, "hpa.ka": "0.5 x"})
    one = sample(1, like=like, seed=3, model=cortisol_family())[0]
    assert one.values["hpa.secretion"] == 0.0 and one.name == "Kim 0"
    assert one.values["hpa.ka"] == Times(0.5 * sample(1, like=like, seed=3)[0].draws(cortisol())["hpa.ka"].factor)


def test_the_factor_at_its_edges():
    assert lognormal_factor(0.5, 0.3) == 1.0 and lognormal_factor(0.3, 0.0) == 1.0
    assert lognormal_factor(0.0001, 0.3, 0.9, 1.2) >= 0.9 and lognormal_factor(0.9999, 0.3, 0.9, 1.2) <= 1.2


@pytest.mark.parametrize(("n", "seed"), [(0, 1), (-1, 1), (2, -1), (2, 2**64)])
def test_nonsense_is_refused(n, seed):
    with pytest.raises(ModelError):
        sample(n, seed=seed)


def test_people_are_a_sequence():
    people = sample(4, like=LIKE)
    assert len(people[1:3]) == 2 and people[1:3][0] == people[1] and [p.name for p in people] == [f"Kim {k}" for k in range(4)]
    assert "4 people like Kim" in repr(people)
