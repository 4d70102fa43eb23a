"""Events of a system, and what happens to a person, as SBML events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from neurohumor.lang.system import EventRow
from neurohumor.sbml.written_kinds import PLAIN, Dims
from neurohumor.sbml.written_math import NAMESPACE

if TYPE_CHECKING:
    from neurohumor.sbml.write import SystemWriter

ADD_STATE, SET_STATE, SET_INPUT, RAMP_INPUT, SET_PARAM = range(5)
"""The numbers of `engine.problem.Action`."""
FIRST = 1e6
"""The priority of what happens to a person: before the model's own events of that moment."""
_KIND = {ADD_STATE: "state", SET_STATE: "state", SET_INPUT: "input", RAMP_INPUT: "input", SET_PARAM: "param"}


class ScheduledEntry(Protocol):
    """What a schedule holds (`engine.problem.Entry`)."""

    @property
    def time(self) -> float: ...
    @property
    def action(self) -> int: ...
    @property
    def index(self) -> int: ...
    @property
    def value(self) -> float: ...
    @property
    def slope(self) -> float: ...


def changed_by(schedule: Sequence[ScheduledEntry]) -> set[tuple[str, int]]:
    """The parameters and inputs that a schedule sets."""
    return {(_KIND[int(e.action)], e.index) for e in schedule if _KIND[int(e.action)] != "state"}


def ramped_by(schedule: Sequence[ScheduledEntry]) -> set[int]:
    """The inputs that a schedule lets rise or fall."""
    return {e.index for e in schedule if int(e.action) == RAMP_INPUT and e.slope}


def events_of(writer: SystemWriter) -> list[str]:
    """The elements <event>: what happens first, then the system's own."""
    lines: list[str] = []
    at: dict[float, list[ScheduledEntry]] = {}
    for entry in writer.schedule:
        at.setdefault(max(entry.time - writer.start, 0.0), []).append(entry)
    for time, entries in at.items():
        lines.append(_happening(writer, time, entries))
    return lines + [_own(writer, event) for event in writer.system.events]


def _happening(writer: SystemWriter, time: float, entries: list[ScheduledEntry]) -> str:
    """All entries of one time as one event; of one target, the later stand on the earlier."""
    values: dict[str, tuple[bool, float]] = {}
    dims: dict[str, Dims] = {}
    number = writer.writer.number
    for entry in entries:
        action, kind = int(entry.action), _KIND[int(entry.action)]
        name = writer.row(kind, entry.index)
        dims[name] = writer.dims(kind, entry.index)
        if action == ADD_STATE:
            stands, before = values.get(name, (True, 0.0))
            values[name] = stands, before + entry.value
            continue
        late = writer.start + time - entry.time if action == RAMP_INPUT else 0.0
        values[name] = False, entry.value + entry.slope * late
        if entry.index in writer.slopes and kind == "input":
            slope = writer.slopes[entry.index]
            dims[slope] = writer.slope_dims(entry.index)
            values[slope] = False, entry.slope if action == RAMP_INPUT else 0.0
    sets = "".join(
        _assignment(name, f"<apply><plus/><ci>{name}</ci>{number(value, dims[name])}</apply>" if adds else number(value, dims[name]))
        for name, (adds, value) in values.items()
    )
    symbol = '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time">t</csymbol>'
    trigger = _math(f"<apply><geq/>{symbol}{number(time, writer.time)}</apply>")
    priority = f"<priority>{_math(number(FIRST, PLAIN))}</priority>" if writer.system.events else ""
    return _event(writer.ids.of("happening"), ("false", "true", "true"), trigger, priority, sets)


def _own(writer: SystemWriter, event: EventRow) -> str:
    math, flag = writer.writer.math, _flag
    priority = "" if event.priority is None else f"<priority>{math(event.priority, PLAIN)}</priority>"
    delay = "" if event.delay is None else f"<delay>{math(event.delay, writer.time)}</delay>"
    sets = "".join(
        f'<eventAssignment variable="{writer.row(target.kind, target.index)}">'
        f"{math(value, writer.dims(target.kind, target.index))}</eventAssignment>"
        for target, value in event.sets
    )
    flags = (flag(event.initially), flag(event.persistent), flag(event.at_trigger))
    return _event(writer.ids.of(event.name or "event"), flags, math(event.trigger, PLAIN, truth=True), priority + delay, sets)


def _event(name: str, flags: tuple[str, str, str], trigger: str, between: str, sets: str) -> str:
    initially, persistent, at_trigger = flags
    held = f'<trigger initialValue="{initially}" persistent="{persistent}">{trigger}</trigger>'
    listed = f"<listOfEventAssignments>{sets}</listOfEventAssignments>" if sets else ""
    return f'<event id="{name}" useValuesFromTriggerTime="{at_trigger}">{held}{between}{listed}</event>'


def _assignment(name: str, value: str) -> str:
    return f'<eventAssignment variable="{name}">{_math(value)}</eventAssignment>'


def _math(text: str) -> str:
    return f'<math xmlns="{NAMESPACE}">{text}</math>'


def _flag(value: bool) -> str:
    return "true" if value else "false"
