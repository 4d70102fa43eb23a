"""States that cannot be negative: kept so by tighter steps, never by clipping, and told where they truly cross."""

from __future__ import annotations

import numpy as np
import pytest

from neurohumor.engine.backends.reference import radau
from neurohumor.engine.problem import Action, Entry, Stiff
from neurohumor.engine.status import Code
from neurohumor.lang.rates import where
from neurohumor.lang.system import Leaf
from tests.problems.draft import Draft
from tests.problems.runs import solve

TIMES = np.linspace(0.0, 10.0, 1001)


def zero_order(*, nonnegative: bool) -> tuple[Draft, Leaf]:
    """A loss that does not ask whether anything is left: below zero from t = 4."""
    d = Draft()
    y = d.state("y", 2.0, nonnegative=nonnegative)
    d.rate(y, -0.5)
    return d, y


def test_a_state_that_truly_crosses_is_told():
    d, _ = zero_order(nonnegative=True)
    course = solve(d.system(), TIMES, options=Stiff(rtol=1e-6))
    assert (course.status.code, course.status.state) == (Code.NEGATIVE, "a.y")
    assert course.status.time == pytest.approx(4.0, abs=0.02)
    assert course.solved.counts["reruns"] == 1
    found = course.states[:, 0]
    assert np.nanmin(found) > -1e-7
    assert np.isnan(found[course.status.time <= TIMES]).all()
    assert np.isfinite(found[course.status.time > TIMES]).all()


def test_a_state_that_may_be_negative_is_left_alone():
    d, y = zero_order(nonnegative=False)
    course = solve(d.system(), TIMES)
    assert course.status.ok and course.of(y)[-1] == pytest.approx(-3.0)


def drained() -> tuple[Draft, Leaf]:
    """What is left is lost at once when a valve opens; a loose step undershoots, a tight one does not."""
    d = Draft()
    y = d.state("y", 1.0, nonnegative=True)
    x = d.state("x", 1.0, nonnegative=True)
    d.rate(x, -1.0 * x)
    d.rate(y, -2.0 * y**2.0 * where(x < 0.5, 1e5, 1.0))
    return d, y


@pytest.mark.parametrize("rtol", [1e-2, 1e-4, 1e-6])
@pytest.mark.parametrize("K", [1e-2, 1e-3, 1e-5])
def test_a_saturated_loss_ends_at_zero(K: float, rtol: float):
    """Michaelis-Menten with a tiny Km: beyond -Km the equation would run away, and loose steps reach there."""
    d = Draft()
    y = d.state("y", 1.0, nonnegative=True)
    d.rate(y, -0.37 * y / (K + y))
    course = solve(d.system(), TIMES, options=Stiff(rtol=rtol))
    assert course.status.ok, course.status
    assert course.of(y).min() >= -10.0 * rtol * 1e-3
    early = TIMES < 2.0
    t = (1.0 - course.of(y)[early] - K * np.log(course.of(y)[early])) / 0.37  # the solution, as time of the state
    assert np.abs(t - TIMES[early]).max() < 30.0 * rtol


def test_a_segment_is_run_again_tighter(monkeypatch: pytest.MonkeyPatch):
    """Without the shortening of single steps, the second run of the segment keeps the state above zero."""
    monkeypatch.setattr(radau, "DIPS", 0)
    d = Draft()
    y = d.state("y", 1.0, nonnegative=True)
    n = d.state("n", 0.0)
    d.rate(y, -0.37 * y / (1e-3 + y))
    d.rate(n, y)
    course = solve(d.system(), TIMES, options=Stiff(rtol=1e-2))
    assert course.status.ok and course.solved.counts["reruns"] == 1
    assert course.of(y).min() >= -10.0 * 1e-2 * 1e-3
    assert np.isfinite(course.states).all()
    d.rate(y, -0.37 * y / (1e-5 + y))
    assert solve(d.system(), TIMES, options=Stiff(rtol=1e-2)).status.code is Code.NEGATIVE


def test_a_dose_below_zero_is_told():
    d, y = drained()
    course = solve(d.system(), TIMES, [Entry(2.0, Action.ADD_STATE, y.index, -5.0)])
    assert (course.status.code, course.status.state, course.status.time) == (Code.NEGATIVE, "a.y", 2.0)


def test_a_start_below_zero_is_told():
    d, y = drained()
    course = solve(d.system(), TIMES, values={y: -1.0})
    assert (course.status.code, course.status.state, course.status.time) == (Code.NEGATIVE, "a.y", 0.0)
    assert np.isnan(course.states).all()
