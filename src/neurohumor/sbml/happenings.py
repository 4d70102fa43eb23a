"""The events of an SBML model, as rows."""

from __future__ import annotations

from typing import Any

from neurohumor.errors import FileError
from neurohumor.lang.expr import Expr
from neurohumor.lang.system import EventRow, Leaf
from neurohumor.sbml.assemble import Assembly
from neurohumor.sbml.facts import each


def add_events(assembly: Assembly) -> None:
    """The events that can happen; one without a trigger's mathematics never does."""
    for number, event in enumerate(each(assembly.model.getListOfEvents())):
        name = event.getId() if event.isSetId() else f"event{number + 1}"
        row = _event(assembly, event, name)
        if row is None:
            assembly.facts.notes.append(f"{name} has no trigger and never happens")
        else:
            assembly.draft.events.append(row)


def _event(assembly: Assembly, event: Any, name: str) -> EventRow | None:
    trigger = event.getTrigger() if event.isSetTrigger() else None
    if trigger is None or trigger.getMath() is None:
        return None
    where = f"event {name}"
    delay = event.getDelay() if event.isSetDelay() else None
    priority = event.getPriority() if event.isSetPriority() else None
    late = assembly.level > 2 or assembly.facts.opened.version > 3
    return EventRow(
        part="model",
        name=name,
        trigger=assembly.math(trigger, where),
        sets=_sets(assembly, event, where),
        delay=None if delay is None or delay.getMath() is None else assembly.math(delay, where),
        priority=None if priority is None or priority.getMath() is None else assembly.math(priority, where),
        persistent=trigger.getPersistent() if assembly.level > 2 else True,
        initially=trigger.getInitialValue() if assembly.level > 2 else True,
        at_trigger=event.getUseValuesFromTriggerTime() if late else True,
    )


def _sets(assembly: Assembly, event: Any, where: str) -> tuple[tuple[Leaf, Expr], ...]:
    draft, facts = assembly.draft, assembly.facts
    values = {a.getVariable(): assembly.math(a, where) for a in each(event.getListOfEventAssignments()) if a.getMath() is not None}
    sets: list[tuple[Leaf, Expr]] = []
    for name, value in values.items():
        cell = draft.cells.get(name)
        if cell is not None and cell.kind in ("param", "state"):
            sets.append((draft.leaf(name), value))
            continue
        if name in facts.species and f"{name}.amount" in draft.cells and draft.cells[f"{name}.amount"].kind == "state":
            compartment = facts.species[name].getCompartment()
            if event.isSetDelay() and not assembly.steady(compartment) and event.getUseValuesFromTriggerTime():
                raise FileError(
                    f"it sets the concentration of {name} after a delay, in a compartment that varies",
                    where=f"{facts.opened.where}: {where}",
                    remedy="set the amount",
                )
            sets.append((draft.leaf(f"{name}.amount"), value * draft.leaf(compartment)))
            continue
        raise FileError(
            f"it sets {name}, which a rule determines", where=f"{facts.opened.where}: {where}", remedy="set what the rule reads"
        )
    return tuple(sets)
