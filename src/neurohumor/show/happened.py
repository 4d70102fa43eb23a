"""What happened in a run, as charts and lists need it: nights, doses, meals of one person."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from neurohumor.life.happenings import Exercise, Meal, Task, Threat, said
from neurohumor.life.lived import Lived
from neurohumor.show.numbers import digits, moment
from neurohumor.show.svg import Mark, Scene

if TYPE_CHECKING:
    from neurohumor.engine.run import Run

_QUIET = ("sleep", "light", "skip")


def scene(going_on: Iterable[Lived], start: float, end: float) -> Scene:
    """Nights (opportunities to sleep) and marks between two times."""
    every = list(going_on)
    nights = tuple(
        (max(one.begin, start), min(one.end, end)) for one in every if one.kind == "sleep" and one.end > start and one.begin < end
    )
    marks = tuple(
        Mark(one.begin, "dose" if one.kind == "infusion" else one.kind, _name(one))
        for one in every
        if one.kind not in _QUIET and start <= one.begin < end
    )
    return Scene(nights, marks)


def _name(one: Lived) -> str:
    """As `said`, without the clock time, which stands beside it."""
    words = said(one.happening)
    return words.rpartition(" at ")[0] or words.rpartition(" from ")[0] or words


def story(going_on: Iterable[Lived], start: float, end: float) -> list[tuple[str, str, str]]:
    """When, kind and account of everything that began between two times, sleep and light left out."""
    some = [one for one in going_on if one.kind not in _QUIET and start <= one.begin < end]
    return [(moment(one.begin), one.kind, account(one)) for one in sorted(some, key=lambda one: one.begin)]


def account(one: Lived) -> str:
    """What happened, with how much and how long where that is not in its name."""
    happening = one.happening
    pieces = [_name(one)]
    if isinstance(happening, Meal):
        pieces += [f"{name} {digits(mass.to('g').value)} g" for name, mass in happening.nutrients() if mass.value]
    elif isinstance(happening, (Threat, Exercise, Task)):
        pieces.append(f"level {happening.level:g}")
    minutes = (one.end - one.begin) * 60
    if 0 < minutes < math.inf:
        pieces.append(f"{minutes:.3g} min" if minutes < 120 else f"{minutes / 60:.3g} h")
    return ", ".join(pieces)


def stopped(run: Run) -> str:
    """How the run ended, as one sentence."""
    if run.ok:
        return "complete"
    if run.interrupted:
        return f"stopped before its end: {run.status}"
    return f"{len(run.failed)} of {len(run.people)} not complete; {run.status}"
