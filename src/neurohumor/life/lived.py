"""What happens in a stretch of time: the person's habits, with the day file laid over them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from neurohumor.life.happenings import Dose, Happening, Meal, Skip, Sleep, kind_of, topic_of
from neurohumor.life.person import Person
from neurohumor.life.protocol import Protocol
from neurohumor.life.when import DAY, Span, spans

Covered = Callable[[float], bool]
"""Whether the day file speaks for the day of this number."""


@dataclass(frozen=True, slots=True)
class Lived:
    """A happening as it takes place: from `begin` to `end`, h since midnight of day 0; a dose has its end at its beginning.

    since  when it began by its own time; later than that is `begin` where the day file cut a habit short
    """

    happening: Happening
    begin: float
    end: float
    since: float

    @property
    def kind(self) -> str:
        """The kind's name, as in a file."""
        return kind_of(self.happening)


def lived(person: Person, protocol: Protocol, *, start: float, end: float) -> tuple[Lived, ...]:
    """Everything that goes on in [start, end), in order of its beginning.

    A kind (of a dose or an infusion: the substance; of a clamp or a setting: the quantity) that the protocol has, or skips, replaces
    that kind's habits: on every day, or, where `day`, `on`, `times` or `until` restrict it, on the days on which it begins. Habits end
    or begin at midnight beside such a day; meals and doses belong to the day on which they begin, and a habitual sleep that overlaps a
    stated one does not happen. Raises ModelError where sleeps or clamps overlap.
    """
    protocol.check()
    stated = [one for happening in protocol if not isinstance(happening, Skip) for one in _takings_place(happening, protocol, start, end)]
    asleep = [(one.begin, one.end) for one in stated if one.kind == "sleep"]
    kept: list[Lived] = []
    for happening in person.habits:
        if isinstance(happening, Skip):
            continue
        covered = _covered(happening, protocol, start, end)
        if covered is None:
            continue
        for one in _takings_place(happening, person.habits, start, end):
            if not (isinstance(happening, Sleep) and any(one.begin < b and a < one.end for a, b in asleep)):
                kept += _uncovered(one, covered, start, end)
    return tuple(sorted([*stated, *kept], key=lambda one: (one.begin, one.end)))


def settling(person: Person, protocol: Protocol | None = None) -> Protocol:
    """The life that the person settles under: the habits, and the doses of the protocol that are given in steady state."""
    steady = protocol.steady() if protocol is not None else Protocol()
    replaced = {topic_of(one) for one in steady}
    return Protocol(tuple(one for one in person.habits if topic_of(one) not in replaced)) + steady


def _takings_place(one: Happening, of: Protocol, start: float, end: float) -> list[Lived]:
    if isinstance(one, Dose):
        return [Lived(one, t, t, t) for t in one.when.begins(start, end, of.origin)]
    return [Lived(one, a, b, a) for a, b in spans(one.when, one.duration, start, end, of.origin) if b > start]  # type: ignore[union-attr]


def _covered(habit: Happening, protocol: Protocol, start: float, end: float) -> Covered | None:
    """On which days the protocol speaks for this habit; None: on all."""
    topic, days = topic_of(habit), set[int]()
    for one in protocol:
        skips = isinstance(one, Skip) and one.kind == topic[0] and one.of in ("", topic[1])
        if not skips and topic_of(one) != topic:
            continue
        if one.when.always:
            return None
        days.update(math.floor(t / DAY) for t in one.when.begins(math.floor(start / DAY) * DAY - DAY, end, protocol.origin))
    return days.__contains__


def _uncovered(one: Lived, covered: Covered, start: float, end: float) -> list[Lived]:
    """The parts of a habit that fall outside the covered days."""
    if isinstance(one.happening, Dose | Meal):
        return [] if covered(math.floor(one.begin / DAY)) else [one]
    parts: list[Span] = []
    first, last = math.floor(max(one.begin, start - DAY) / DAY), math.ceil(min(one.end, end + DAY) / DAY)
    for day in range(first, last):
        if covered(day):
            continue
        a, b = one.begin if day == first else day * DAY, min(one.end, (day + 1) * DAY)
        if parts and parts[-1][1] == a:
            parts[-1] = (parts[-1][0], b)
        else:
            parts.append((a, b))
    return [Lived(one.happening, a, b, one.since) for a, b in parts]
