"""The reference day: the life of whoever says nothing of their habits."""

from __future__ import annotations

from functools import cache

from neurohumor.life.day import light, meal, sleep
from neurohumor.life.protocol import Protocol

DAILY_KCAL = {"f": 2000.0, "m": 2500.0}
MEALS = (("07:30", 0.25), ("12:30", 0.35), ("18:30", 0.40))


@cache
def reference_day(sex: str) -> Protocol:
    """Sleep 23-07, 300 lux 07-23, meals at 07:30, 12:30 and 18:30 of 25, 35 and 40 % of 2000 kcal (woman) or 2500 kcal (man).

    Each meal divides its energy 50/35/15 % into carbohydrate, fat and protein.
    """
    day = sleep("23:00", "07:00") + light("300 lux", "07:00", "23:00")
    for clock, share in MEALS:
        day += meal(clock, kcal=f"{DAILY_KCAL[sex] * share!r} kcal")
    return day


REFERENCE_DAY = reference_day("f")
