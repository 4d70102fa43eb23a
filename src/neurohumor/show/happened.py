"""What happened in a run, as charts and lists need it: nights, doses, meals of one person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from neurohumor.life.happenings import said
from neurohumor.life.lived import Lived
from neurohumor.show.numbers import moment
from neurohumor.show.svg import Mark, Scene

if TYPE_CHECKING:
    from neurohumor.engine.run import Run

_SIGNS = {"meal": "meal", "dose": "dose", "infusion": "dose", "threat": "threat", "exercise": "exercise"}
_QUIET = ("sleep", "light", "skip")


def scene(going_on: Iterable[Lived], start: float, end: float) -> Scene:
    """Nights (opportunities to sleep) and marks between two times."""
    every = list(going_on)
    nights = tuple(
        (max(one.begin, start), min(one.end, end)) for one in every if one.kind == "sleep" and one.end > start and one.begin < end
    )
    marks = tuple(
        Mark(one.begin, _SIGNS.get(one.kind, "other"), _name(one)) for one in every if one.kind not in _QUIET and start <= one.begin < end
    )
    return Scene(nights, marks)


def _name(one: Lived) -> str:
    """As `said`, without the clock time, which stands beside it."""
    words = said(one.happening)
    return words.rpartition(" at ")[0] or words.rpartition(" from ")[0] or words


def story(marks: Iterable[Mark]) -> list[tuple[str, str, str]]:
    """When, kind and name of each mark, in order of time."""
    return [(moment(m.time), m.kind, m.label) for m in sorted(marks, key=lambda m: m.time)]


def stopped(run: Run) -> str:
    """How the run ended, as one sentence."""
    if run.ok:
        return "complete"
    if run.interrupted:
        return f"stopped before its end: {run.status}"
    return f"{len(run.failed)} of {len(run.people)} not complete; {run.status}"
