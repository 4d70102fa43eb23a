"""A protocol: what happens to a person, as happenings in order of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from neurohumor.errors import ModelError, UnknownName, did_you_mean
from neurohumor.life.clock import HOUR, Moment, read_span
from neurohumor.life.happenings import KINDS, Clamp, Dose, Happening, Infusion, Meal, Sleep, kind_of, moved, said
from neurohumor.life.text import read_note
from neurohumor.life.when import DAY, When, day_number, overlap, spans, when
from neurohumor.units import quantity

MOST_SPANS = 200_000
_ORDER = {kind: rank for rank, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Protocol:
    """Happenings in order of day and time; `+` lays two protocols over each other.

    start  the date of day 0, with the clock time at which a run begins; without it no happening has a date
    days   how long a run lasts, in days, unless told otherwise
    """

    happenings: tuple[Happening, ...] = ()
    title: str = ""
    notes: str = ""
    start: datetime | None = None
    days: float | None = None

    def __post_init__(self) -> None:
        for text in (self.title, self.notes):
            read_note(text)
        object.__setattr__(self, "happenings", tuple(sorted(self.happenings, key=_place)))
        if self.days is not None and not 0 < self.days <= 36_500:
            raise ModelError(f"days = {self.days:g} is out of range", remedy="give days above 0, at most 36500")

    def __iter__(self) -> Iterator[Happening]:
        return iter(self.happenings)

    def __len__(self) -> int:
        return len(self.happenings)

    def __add__(self, other: Protocol) -> Protocol:
        """Both together: happenings of both, the first title, all notes, the longer duration. Raises ModelError for two starts."""
        if not isinstance(other, Protocol):
            return NotImplemented
        if self.start and other.start and self.start != other.start:
            raise ModelError(f"one protocol starts on {self.start}, the other on {other.start}", remedy="give one of them no start")
        return Protocol(
            self.happenings + other.happenings,
            self.title or other.title,
            "\n".join(note for note in (self.notes, other.notes) if note),
            self.start or other.start,
            max((days for days in (self.days, other.days) if days is not None), default=None),
        )

    @property
    def origin(self) -> date | None:
        """The date of day 0."""
        return self.start.date() if self.start else None

    @property
    def begins(self) -> float:
        """The clock time at which a run begins, in h; 0 unless `start` gives one."""
        return self.start.hour + self.start.minute / 60 + self.start.second / 3600 if self.start else 0.0

    def shift(self, by: str | float) -> Protocol:
        """Everything later by a duration, or, with a minus sign, earlier: shift("2 h"), shift("-30 min")."""
        hours = by if isinstance(by, (int, float)) else _signed(by)
        return self._with(tuple(moved(one, one.when.shift(hours)) for one in self))

    def repeat(self, every: str | float = "1 d", times: int | None = None) -> Protocol:
        """Everything again after each `every`, `times` in all or, for what has no rhythm of its own, without end.

        A happening of every day then happens on the first day of each round.
        """
        period = read_span(every)
        if times is not None and not 1 <= times <= 10_000:
            raise ModelError(f"times = {times} is out of range", remedy="give 1 to 10000")
        return self._with(tuple(again for one in self for again in _repeated(one, period, times)))

    def only(self, *kinds: str) -> Protocol:
        """The happenings of these kinds alone: only("sleep", "light")."""
        wanted = _known(kinds)
        return self._with(tuple(one for one in self if kind_of(one) in wanted))

    def without(self, *kinds: str) -> Protocol:
        """The happenings of all other kinds."""
        unwanted = _known(kinds)
        return self._with(tuple(one for one in self if kind_of(one) not in unwanted))

    def substances(self) -> frozenset[tuple[str, str]]:
        """Each substance that is given, with its route; nutrients have the route "meal"."""
        given = {(one.substance, one.route) for one in self if isinstance(one, Dose | Infusion)}
        eaten = {(name, "meal") for one in self if isinstance(one, Meal) for name, mass in one.nutrients() if mass.value}
        return frozenset(given | eaten)

    def clamps(self) -> frozenset[str]:
        """The quantities that are held at some time."""
        return frozenset(one.quantity for one in self if isinstance(one, Clamp))

    def steady(self) -> Protocol:
        """The doses that the person has always had, on every day."""
        always = [one for one in self if isinstance(one, Dose) and one.steady]
        return Protocol(tuple(moved(one, _always(one.when, self.origin)) for one in always))

    def check(self) -> None:
        """Raises ModelError if two sleeps, or two clamps of one quantity, overlap, or a date cannot be placed."""
        for one in self:
            one.when.begins(0.0, DAY, self.origin)
        topics: dict[str, list[Sleep | Clamp]] = {}
        for one in self:
            if isinstance(one, Sleep | Clamp):
                topics.setdefault("sleep" if isinstance(one, Sleep) else one.quantity, []).append(one)
        for group in topics.values():
            self._apart(group)

    def _apart(self, group: list[Sleep | Clamp]) -> None:
        low, high = _horizon(group, self.origin)
        owners: dict[tuple[float, float, int], Sleep | Clamp] = {}
        for i, one in enumerate(group):
            owners.update(((begin, end, i), one) for begin, end in spans(one.when, one.duration, low, high, self.origin))
            if len(owners) > MOST_SPANS:
                raise ModelError(f"{said(one)} repeats too often", remedy=f"at most {MOST_SPANS} times in eight weeks, all together")
        found = overlap([(begin, end) for begin, end, _ in owners])
        if found:
            names = sorted({said(one) for (begin, end, _), one in owners.items() if (begin, end) in found})
            what = " and ".join(names) if len(names) > 1 else f"{names[0]} and itself"
            raise ModelError(f"{what} overlap on day {found[1][0] // DAY:.0f}", remedy="let one end before the next begins")

    def _with(self, happenings: tuple[Happening, ...]) -> Protocol:
        return replace(self, happenings=happenings)


def _place(one: Happening) -> tuple[object, ...]:
    """Its place in the order: what happens always, then numbered days, then dates; then clock time, then kind."""
    day = one.when.day
    group, number = (0, 0) if day is None else (2, day.toordinal()) if isinstance(day, date) else (1, day)
    return group, number, one.when.at, _ORDER[kind_of(one)]


def _repeated(one: Happening, period: float, times: int | None) -> list[Happening]:
    this = one.when
    if this.day is not None and times is not None:
        if this.every is None and times > 1:
            return [moved(one, when(Moment(this.at, this.day), every=period, times=times))]
        return [moved(one, this.shift(k * period)) for k in range(times)]
    if (this.always and this.every == DAY) or (this.day is not None and this.every is None):
        return [moved(one, when(Moment(this.at, this.day), every=period, times=times))]
    raise ModelError(f"{said(one)} has a rhythm of its own", remedy="say how many `times`, and on which `day` it begins")


def _always(this: When, origin: date | None) -> When:
    """The same rhythm without beginning or end; the day sets its phase."""
    assert this.every is not None
    first = this.at if this.day is None else this.at + DAY * day_number(this.day, origin)
    return When(first, None, this.every).shift(0.0)


def _horizon(group: list[Sleep | Clamp], origin: date | None) -> tuple[float, float]:
    """A stretch of time that shows every overlap: from the first given day to some rounds after the last."""
    days = [0 if one.when.day is None else day_number(one.when.day, origin) for one in group]
    rounds = [(one.when.every or DAY) for one in group]
    reach = max(28 * DAY, 2 * max(rounds))
    return min(days) * DAY - reach, max(days) * DAY + reach


def _known(kinds: tuple[str, ...]) -> tuple[str, ...]:
    for kind in kinds:
        if kind not in KINDS:
            raise UnknownName(f"no kind of happening is called {kind!r}", remedy=did_you_mean(kind, KINDS) or "kinds: " + ", ".join(KINDS))
    return kinds


def _signed(by: str) -> float:
    return quantity(by, HOUR).to(HOUR).value
