"""What happens in a stretch of time: the person's habits, with the day file laid over them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from neurohumor.errors import ModelError
from neurohumor.life.happenings import Clamp, Dose, Happening, Skip, Sleep, kind_of, topic_of
from neurohumor.life.person import Person
from neurohumor.life.protocol import Protocol
from neurohumor.life.when import DAY, spans

NOON = 12.0
MOST_LIVED = 200_000
Covered = Callable[[int], bool]
"""Whether the day file speaks for the day of this number."""


@dataclass(frozen=True, slots=True)
class Lived:
    """A happening as it takes place: from `begin` to `end`, h since midnight of day 0; a dose ends as it begins."""

    happening: Happening
    begin: float
    end: float

    @property
    def kind(self) -> str:
        """The kind's name, as in a file."""
        return kind_of(self.happening)


def lived(person: Person, protocol: Protocol, *, start: float, end: float) -> tuple[Lived, ...]:
    """Everything that goes on in [start, end), in order of its beginning.

    A kind (of doses and infusions: the substance; of clamps and settings: the quantity) that the protocol has, or skips, replaces that
    kind's habits: on every day, or, where `day`, `on`, `times` or `until` restrict it, on the days on which it begins. The days of sleep
    run from noon to noon, so that a night belongs to its evening. A habitual sleep or clamp that overlaps a stated one falls away.
    Raises ModelError where sleeps or clamps overlap, or where too much happens.
    """
    return laid_over(person.habits, protocol, float(start), float(end))


@lru_cache(maxsize=64)
def laid_over(habits: Protocol, protocol: Protocol, start: float, end: float) -> tuple[Lived, ...]:
    """What `lived` says; the people of a population share it."""
    protocol.check()
    stated: list[Lived] = []
    for happening in protocol:
        stated += _takings_place(happening, protocol, start, end)
        if len(stated) > MOST_LIVED:
            raise ModelError(f"more than {MOST_LIVED} things happen", remedy="ask for fewer days, or let things repeat less often")
    kept: list[Lived] = []
    for habit in habits:
        covered = _covered(habit, protocol, start, end)
        if covered is None:
            continue
        rivals = [one for one in stated if isinstance(habit, Sleep | Clamp) and topic_of(one.happening) == topic_of(habit)]
        for one in _takings_place(habit, habits, start, end):
            if not covered(_day_of(habit, one.begin)) and not any(one.begin < r.end and r.begin < one.end for r in rivals):
                kept.append(one)
    return tuple(sorted([*stated, *kept], key=lambda one: (one.begin, one.end)))


def settling(person: Person, protocol: Protocol | None = None) -> Protocol:
    """The life that the person settles under: the habits, and the doses of the protocol that are given in steady state."""
    steady = protocol.steady() if protocol is not None else Protocol()
    replaced = {topic_of(one) for one in steady}
    return Protocol(tuple(one for one in person.habits if topic_of(one) not in replaced)) + steady


def _takings_place(one: Happening, of: Protocol, start: float, end: float) -> list[Lived]:
    if isinstance(one, Skip):
        return []
    if isinstance(one, Dose):
        return [Lived(one, t, t) for t in one.when.begins(start, end, of.origin)]
    return [Lived(one, a, b) for a, b in spans(one.when, one.duration, start, end, of.origin)]


def _covered(habit: Happening, protocol: Protocol, start: float, end: float) -> Covered | None:
    """On which days the protocol speaks for this habit; None: on all."""
    topic, days = topic_of(habit), set[int]()
    for one in protocol:
        if not (one.touches(topic) if isinstance(one, Skip) else topic_of(one) == topic):
            continue
        if one.when.always:
            return None
        days.update(_day_of(one, t) for t in one.when.begins(start - 3 * DAY, end + DAY, protocol.origin))
    return days.__contains__


def _day_of(one: Happening, begin: float) -> int:
    return math.floor((begin - NOON if isinstance(one, Sleep) else begin) / DAY)
