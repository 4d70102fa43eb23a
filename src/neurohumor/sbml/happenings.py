"""The events of an SBML model, as rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from neurohumor.errors import FileError
from neurohumor.lang.expr import Const, Expr
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
    wait = None if delay is None or delay.getMath() is None else assembly.math(delay, where)
    if isinstance(wait, Const) and wait.value == 0.0:
        wait = None
    at_trigger = event.getUseValuesFromTriggerTime() if assembly.level > 2 or assembly.facts.opened.version > 3 else True
    values = {a.getVariable(): assembly.math(a, where) for a in each(event.getListOfEventAssignments()) if a.getMath() is not None}
    if all(isinstance(value, Const) for value in values.values()):
        at_trigger = False  # they are the same at any time, and sizes of compartments are then those of when it happens
    return EventRow(
        part="model",
        name=name,
        trigger=assembly.math(trigger, where),
        sets=_sets(assembly, values, where, early=wait is not None and at_trigger),
        delay=wait,
        priority=None if priority is None or priority.getMath() is None else assembly.math(priority, where),
        persistent=trigger.getPersistent() if assembly.level > 2 else True,
        initially=trigger.getInitialValue() if assembly.level > 2 else True,
        at_trigger=at_trigger,
    )


def _sets(assembly: Assembly, values: Mapping[str, Expr], where: str, *, early: bool) -> tuple[tuple[Leaf, Expr], ...]:
    """What is set; `early`: to values of the time when it was triggered, a delay before."""
    draft, facts = assembly.draft, assembly.facts
    sets: list[tuple[Leaf, Expr]] = []
    for name, value in values.items():
        cell = draft.cells.get(name)
        if cell is not None and cell.kind in ("param", "state"):
            sets.append((draft.leaf(name), value))
            continue
        if name in facts.species and f"{name}.amount" in draft.cells and draft.cells[f"{name}.amount"].kind == "state":
            compartment = facts.species[name].getCompartment()
            if early and not assembly.steady(compartment):
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
