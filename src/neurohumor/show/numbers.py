"""Numbers as a reader wants them: sensible digits, clock times, ticks at round values."""

from __future__ import annotations

import math

DAY = 24.0


def digits(value: float | None, significant: int = 3) -> str:
    """The number with that many significant digits, never fewer than its whole part has: 412, 7.38, 0.0021, 1.2e+09."""
    if value is None or math.isnan(value):
        return "not computed"
    if math.isinf(value):
        return "infinite" if value > 0 else "minus infinite"
    size = abs(value)
    if size == 0:
        return "0"
    if size >= 1e6 or size < 1e-4:
        return f"{value:.{significant - 1}e}"
    places = max(0, significant - 1 - math.floor(math.log10(float(f"{size:.{significant - 1}e}"))))
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if size < 1 and "." in text else text


def precise(value: float | None, figures: int) -> str:
    """The number to so many digits and no more: 1588 to two is 1600; beyond a million, and near nothing, as powers of ten."""
    if value is None or not math.isfinite(value) or value == 0:
        return digits(value)
    rounded = float(f"{value:.{figures - 1}e}")
    if 10**figures <= abs(rounded) < 1e6:
        return f"{rounded:.0f}"
    if 1e-4 <= abs(rounded) < 1:
        return f"{rounded:.{figures - 1 - math.floor(math.log10(abs(rounded)))}f}"
    return digits(rounded, figures)


def typed(value: float) -> str:
    """The number as its author typed it, as far as twelve digits tell."""
    return f"{value:.12g}"


def clock(time: float) -> str:
    """Hours since midnight of day 0 as a time of day: 31.63 is "07:38"."""
    if not math.isfinite(time):
        return "no time"
    minutes = math.floor(time * 60 + 0.5) % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def moment(time: float) -> str:
    """Hours since midnight of day 0 with their day: "day 1, 07:38"."""
    if not math.isfinite(time):
        return "no time"
    return f"day {math.floor(math.floor(time * 60 + 0.5) / (24 * 60))}, {clock(time)}"


def round_step(span: float, most: int) -> float:
    """The smallest step of 1, 2 or 5 times a power of ten that cuts the span into at most that many pieces."""
    if not span > 0 or not math.isfinite(span):
        return 1.0
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    return next(k * power for k in (1.0, 2.0, 5.0, 10.0) if k * power >= rough * (1 - 1e-12))


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round values within low..high, at most about that many pieces apart."""
    step = round_step(high - low, most)
    first = math.ceil(low / step - 1e-9)
    return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]


def tick_text(value: float, step: float) -> str:
    """A tick with just the digits that tell it from its neighbours."""
    if value == 0:
        return "0"
    if abs(value) >= 1e6 or step < 1e-4:
        return f"{value:.3g}"
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{value:.{places}f}"


_SECONDS = tuple(seconds / 3600 for seconds in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30))
_MINUTES = tuple(minutes / 60 for minutes in (1, 2, 5, 10, 15))


def clock_tick(time: float, step: float) -> str:
    """A tick of the clock: "07:30", with seconds where the step is shorter than a minute, "07:30:05", "07:30:00.5"."""
    if step >= 1 / 60 - 1e-12:
        return clock(time)
    places = max(0, math.ceil(-math.log10(step * 3600) - 1e-9))
    seconds = round(time * 3600, places) % 86_400
    whole = math.floor(seconds / 60)
    rest = seconds - 60 * whole
    return f"{whole // 60:02d}:{whole % 60:02d}:{rest:0{3 + places if places else 2}.{places}f}"


def hour_step(span: float, most: int) -> float:
    """The distance of clock ticks, in hours, for at most that many of them."""
    for step in (*_SECONDS, *_MINUTES, 0.5, 1, 2, 3, 6, 12, 24, 48, 72, 168, 336, 672):
        if span / step <= most:
            return float(step)
    return 24.0 * math.ceil(span / most / 24.0)
