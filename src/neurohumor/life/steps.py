"""Spans of time joined to one step function: what holds when several overlap, and what holds when there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from neurohumor.errors import ModelError

CLOSE = 1e-9
"""h: times nearer than this are one time, so that what ends at midnight meets what begins there."""


MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Level:
    """A value from `begin` to `end`."""

    begin: float
    end: float
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """From `time` on there is `value`, because of `source`."""

    time: float
    value: float
    source: str


Join = Callable[[Iterable[Level]], float | None]
"""What holds while these go on; None: nothing is said."""


def brightest(rest: float) -> Join:
    """The highest of the values that go on, or the value at rest."""
    return lambda levels: max((level.value for level in levels), default=rest)


def latest(rest: float | None) -> Join:
    """The value that began last."""
    return lambda levels: max(levels, key=lambda level: level.begin).value if levels else rest


def total(levels: Iterable[Level]) -> float:
    """The sum of all that goes on, to the last digit the same whenever the same things go on."""
    return sum(sorted(level.value for level in levels))


def steps(levels: list[Level], start: float, end: float, join: Join) -> Iterator[Step]:
    """The step function in [start, end): its value at `start`, then every change. Raises ModelError where too many overlap."""
    edges = sorted(
        [(max(level.begin, start), 1, i) for i, level in enumerate(levels) if level.begin < end and level.end > start + CLOSE]
        + [(level.end, 0, i) for i, level in enumerate(levels) if start + CLOSE < level.end < end and level.begin < end]
    )
    going_on: dict[int, Level] = {}
    before: float | None = None
    at = 0
    time = start
    while True:
        source = ""
        while at < len(edges) and edges[at][0] <= time + CLOSE:
            _, begins, i = edges[at]
            if begins:
                going_on[i] = levels[i]
                if len(going_on) > MOST_AT_ONCE:
                    what = f"more than {MOST_AT_ONCE} things of one kind go on at once"
                    raise ModelError(what, where=levels[i].source, remedy="let fewer overlap")
                source = levels[i].source
            else:
                del going_on[i]
                source = source or f"end of {levels[i].source}"
            at += 1
        value = join(list(going_on.values()))
        if value is not None and value != before:
            yield Step(time, value, source)
            before = value
        if at == len(edges):
            return
        time = edges[at][0]
