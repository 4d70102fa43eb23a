"""Charts and numbers: what is drawn is what was computed, in few enough strokes."""

from __future__ import annotations

import bisect
import math
import re

import pytest

from neurohumor.show.numbers import clock, clock_tick, digits, hour_step, moment, round_step, tick_text, ticks
from neurohumor.show.svg import Curve, Mark, Scene, chart, straightened, thinned


def points(drawn: str) -> list[list[tuple[float, float]]]:
    """The strokes of the first curve, in pixels."""
    (path,) = re.findall(r'<path d="([^"]*)" fill="none"', drawn)
    return [[tuple(map(float, each.split())) for each in stroke.removesuffix("h0.1").split("L")] for stroke in path.split("M")[1:]]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (412.34, "412"), (7.376, "7.38"), (0.00213, "0.00213"), (99.97, "100"), (1588.2, "1588"), (-3.14159, "-3.14"),
        (1.234e9, "1.23e+09"), (3e-7, "3.00e-07"), (0.5, "0.5"), (20, "20.0"), (math.nan, "not computed"), (math.inf, "infinite"),
        (None, "not computed"),
    ],
)  # fmt: skip
def test_digits_are_sensible(value: float | None, text: str):
    assert digits(value) == text


@pytest.mark.parametrize(("time", "text"), [(0, "day 0, 00:00"), (31.63, "day 1, 07:38"), (23.9999, "day 1, 00:00"), (-1, "day -1, 23:00")])
def test_moments_have_a_day_and_a_clock(time: float, text: str):
    assert moment(time) == text and clock(time) == text[-5:]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 1588), (-3.2, 7.9), (2.0, 2.1), (0, 1e-7), (1e6, 1.2e6)])
def test_ticks_are_round_few_and_within(low: float, high: float):
    found = ticks(low, high)
    step = round_step(high - low, 5)
    assert 2 <= len(found) <= 6 and low - step * 1e-6 <= found[0] and found[-1] <= high + step * 1e-6
    texts = [tick_text(value, step) for value in found]
    assert len(set(texts)) == len(texts)
    assert all(float(text) == pytest.approx(value, rel=1e-2, abs=step * 1e-3) for text, value in zip(texts, found, strict=True))


def test_clock_ticks_are_few():
    for span in (5 / 3600, 0.5 / 3600, 0.1, 1, 5, 24, 72, 168, 1000, 9000):
        assert 2 <= span / hour_step(span, 8) <= 8


@pytest.mark.parametrize(
    ("time", "step", "text"),
    [(7.5, 0.5, "07:30"), (12 + 5 / 3600, 1 / 3600, "12:00:05"), (12 + 0.5 / 3600, 0.5 / 3600, "12:00:00.5"), (24, 1 / 3600, "00:00:00")],
)
def test_clock_ticks_have_seconds_where_they_tell_them_apart(time: float, step: float, text: str):
    assert clock_tick(time, step) == text


def test_the_curve_lies_where_its_axes_say():
    drawn = chart([Curve([0, 12, 24], [0, 100, 50])], "nmol/L", "a day", width=860, height=220)
    ((a, b, c),) = points(drawn)
    assert a[0] < b[0] < c[0] and b[0] == pytest.approx((a[0] + c[0]) / 2, abs=0.1)
    assert a[1] - c[1] == pytest.approx((a[1] - b[1]) / 2, abs=0.1) and a[1] > c[1] > b[1]
    noon = re.search(r'<text x="([\d.]+)"[^>]*>12:00<', drawn)
    assert noon and float(noon.group(1)) == pytest.approx(b[0], abs=0.1)
    half = re.search(r'<text x="[\d.]+" y="([\d.]+)" class="end">50<', drawn)
    assert half and float(half.group(1)) - 4 == pytest.approx(c[1], abs=0.2)


def test_a_gap_is_a_gap():
    first, second = points(chart([Curve([0, 1, 2, 3, 4], [1, 2, math.nan, 2, 1])], "1", "gap"))
    assert len(first) == len(second) == 2


def test_nothing_finite_says_so():
    assert "nothing was computed" in chart([Curve([0, 1], [math.nan, math.nan])], "1", "none")


@pytest.mark.parametrize("values", [[5, 5, 5], [0, 0, 0], [-1e-9, -1e-9, -1e-9], [1e300, 1e300, 1e300]])
def test_a_flat_curve_has_axes(values: list[float]):
    drawn = chart([Curve([0, 1, 2], values)], "1", "flat")
    ((a, c),) = points(drawn)
    assert a[1] == c[1] and a[0] < c[0] and 0 < a[1] < 220 and "nan" not in drawn


def test_many_samples_become_few_strokes_and_keep_every_extreme():
    wave = [(k / 100.0, 1000.0 if k == 31_234 else 100 + 90 * math.sin(k)) for k in range(80_000)]
    (kept,) = thinned([wave], 860)
    assert len(kept) <= 2 * 801 + 2 and kept == sorted(kept)
    assert kept[0] == wave[0] and kept[-1] == wave[-1] and wave[31_234] in kept
    drawn = chart([Curve([t for t, _ in wave], [v for _, v in wave])], "1", "waves")
    assert len(drawn) < 40_000


def test_points_on_a_line_are_left_out_and_nothing_else():
    wave = [(k / 10.0, 100 + 80 * math.sin(k / 60) + (30 if k == 4321 else 0)) for k in range(8000)]
    kept = straightened(wave)
    assert len(kept) < len(wave) / 10 and kept[0] == wave[0] and kept[-1] == wave[-1] and set(kept) <= set(wave)
    line = dict(kept)
    xs = sorted(line)
    for x, y in wave:
        k = min(max(bisect.bisect_right(xs, x), 1), len(xs) - 1)
        a, b = xs[k - 1], xs[k]
        assert abs(line[a] + (line[b] - line[a]) * (x - a) / (b - a) - y) <= 0.4001


def test_marks_and_nights_lie_on_the_clock_and_are_escaped():
    around = Scene(((-1.0, 7.0), (23.0, 31.0)), (Mark(8.0, "dose", "<b>10 mg</b>"), Mark(30.0, "meal", "after the end")))
    drawn = chart([Curve([0, 24], [1, 2])], "<unit>", "<title>", around)
    nights = re.findall(r'<rect x="([\d.]+)" y="\d+" width="([\d.]+)"', drawn)
    span = points(drawn)[0][1][0] - points(drawn)[0][0][0]
    assert [float(width) / span * 24 for _, width in nights] == pytest.approx([7.0, 1.0], abs=0.02)
    assert "<b>" not in drawn and "&lt;b&gt;" in drawn and "after the end" not in drawn and "&lt;unit&gt;" in drawn


def test_a_band_closes_around_the_middle():
    drawn = chart([Curve([0, 1, 2], [2, 3, 2], band=([1, 2, 1], [3, 4, 3]))], "1", "band")
    (band,) = re.findall(r'<path d="(M[^"]*z)"', drawn)
    assert band.count("L") == 5


def test_of_very_many_samples_the_extremes_gaps_and_ends_are_drawn():
    import numpy as np

    from neurohumor.engine.series import Series
    from neurohumor.show.charts import MOST_PIECES, curves_of
    from neurohumor.units import ONE

    rng = np.random.default_rng(1)
    values = np.cumsum(rng.normal(size=300_000))
    values[123_456], values[200_000:200_100] = 1e6, math.nan
    (curve,) = curves_of(Series("a.b", np.arange(300_000.0), values, ONE))
    drawn = np.array(curve.values)
    assert len(drawn) < 2 * MOST_PIECES + 10 and curve.times[0] == 0 and curve.times[-1] == 299_999
    assert np.nanmax(drawn) == 1e6 and np.nanmin(drawn) == np.nanmin(values) and np.isnan(drawn).any()
    assert list(curve.times) == sorted(curve.times)
    few = Series("a.b", np.arange(4.0), np.arange(4.0), ONE, starts=(0, 2))
    (curve,) = curves_of(few)
    assert curve.times == [0, 1, 2, 2, 3] and math.isnan(curve.values[2])
