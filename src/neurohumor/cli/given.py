"""Tables of events at the command line: whose they are, what their compartments are, who lives them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from neurohumor.errors import ModelError

if TYPE_CHECKING:
    from neurohumor.life.event_table import EventTable, Target
    from neurohumor.life.person import Person
    from neurohumor.life.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Life:
    """One subject between two resets: a name for its folder, the person, what is given, and for how many days that reaches."""

    name: str
    person: Person
    protocol: Protocol
    days: float


def compartments_of(texts: Sequence[str]) -> Mapping[str | int, Target]:
    """What compartments are, as typed: "1=hydrocortisone oral mg".  Raises ModelError."""
    from neurohumor.life.event_table import read_target

    found: dict[str | int, Target] = {}
    for text in texts:
        number, sign, target = text.partition("=")
        if not sign or not number.strip():
            raise ModelError(f"{text!r} says not what a compartment is", where="--cmt", remedy='as in --cmt "1=hydrocortisone oral mg"')
        found[number.strip()] = read_target(target)
    return found


def table_in(path: Path, cmt: Sequence[str], time_zero: str, drop: Sequence[str]) -> EventTable:
    """The table of a file.  Raises FileError with file and line."""
    from neurohumor.life.event_rows import read_events

    return read_events(path, compartments=compartments_of(cmt), time_zero=time_zero, drop=drop)


def lives(table: EventTable, subject: str | None, like: Person | None, day: Protocol | None) -> tuple[Life, ...]:
    """What each subject lives between two resets, with the day file's own happenings if there is one.  Raises UnknownName, ModelError."""
    from neurohumor.life.protocol import Protocol

    chosen = [table[subject]] if subject is not None else list(table)
    if not chosen:
        raise ModelError("the table has no subject", remedy="give it a line below its columns")
    found = []
    for one in chosen:
        person = one.person(like)
        for k, occasion in enumerate(one.occasions, 1):
            name = f"subject_{one.name}" + (f"_occasion_{k}" if len(one.occasions) > 1 else "")
            given = occasion.alone() + (day or Protocol())
            days = (day.days if day is not None else None) or max(1.0, math.ceil(occasion.last / 24))
            found.append(Life(name, person, given, days))
    return tuple(found)
