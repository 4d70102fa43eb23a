"""Which code for whom: people with ramped inputs and people without, and the parameters that differ between them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from neurohumor.emit.tape_llvm import Classes
from neurohumor.emit.tape_numpy import evaluator
from neurohumor.emit.tape_tangents import Row
from neurohumor.engine.native.crowd import Entries
from neurohumor.engine.native.drive import Crowd
from neurohumor.engine.native.variant import Variant, digest, variant
from neurohumor.engine.problem import Action, Batch
from neurohumor.lang.system import System

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

MOST_VARIANTS = 4
"""Codes of one kind after which one is made in which every parameter may differ."""


@dataclass(frozen=True, slots=True)
class Party:
    """People who share code, and what it must allow for."""

    people: Ints
    classes: Classes


def parties(system: System, batch: Batch, entries: Entries, crowd: Crowd, people: Ints) -> list[Party]:
    """People by their ramped inputs: a person's own schedule alone decides, so that neighbours never change anybody's numbers."""
    if not len(people):
        return []
    driven = tuple(i for i, row in enumerate(system.inputs) if row.kind == "driven")
    of_schedule: list[frozenset[int]] = []
    touched: list[tuple[frozenset[int], frozenset[int]]] = []
    for schedule in entries.distinct:
        ramps = {e.index for e in schedule if e.action is Action.RAMP_INPUT and e.slope != 0.0}
        of_schedule.append(frozenset(ramps))
        inputs = frozenset(e.index for e in schedule if e.action in (Action.SET_INPUT, Action.RAMP_INPUT))
        touched.append((frozenset(e.index for e in schedule if e.action is Action.SET_PARAM), inputs))
    sloped = [frozenset(np.flatnonzero(row).tolist()) for row in crowd.slopes] if batch.starts is not None else None
    groups: dict[tuple[int, ...], list[int]] = {}
    for k in people.tolist():
        ramps = of_schedule[entries.which[k]] | (sloped[k] if sloped is not None else frozenset())
        key = tuple(sorted(ramps | set(driven))) if ramps else ()
        groups.setdefault(key, []).append(k)
    set_by_events = frozenset(leaf.index for e in system.events for leaf, _ in e.sets if leaf.kind == "param")
    found: list[Party] = []
    for ramped, members in groups.items():
        who = np.array(members, dtype=np.int64)
        used = {int(w) for w in np.unique(entries.which[who])}
        params = set(set_by_events).union(*(touched[w][0] for w in used))
        inputs = set().union(*(touched[w][1] for w in used))
        params |= _differing(crowd.params[who])
        inputs |= _differing(crowd.inputs[who])
        found.append(Party(who, Classes(tuple(sorted(params)), tuple(sorted(inputs - set(ramped))), ramped)))
    return found


def _differing(rows: NDArray[np.float64]) -> set[int]:
    bits = np.ascontiguousarray(rows).view(np.int64)
    return set(np.flatnonzero((bits != bits[0]).any(axis=0)).tolist())


class Choices:
    """The codes of a system that have been made.  Which parameters are shared changes no bit, so any that allows for enough serves."""

    def __init__(self, system: System, width: int = 0) -> None:
        self.system, self.width = system, width
        self._made: list[Variant] = []
        self._lock = threading.Lock()

    @cached_property
    def key(self) -> str:
        """Of the equations"""
        return digest(self.system)

    def of(self, classes: Classes, leaves: tuple[Row, ...] | None = None) -> Variant:
        """Code that allows for these differences; where leaves are given, with slopes by the states and by these."""
        params, inputs = set(classes.personal_params), set(classes.personal_inputs)
        with self._lock:
            same = [v for v in self._made if v.classes.ramped == classes.ramped and v.leaves == leaves]
            fits = [v for v in same if params <= set(v.classes.personal_params) and inputs <= set(v.classes.personal_inputs)]
            if fits:
                return min(fits, key=lambda v: len(v.classes.personal_params) + len(v.classes.personal_inputs))
            if len(same) >= MOST_VARIANTS:
                others = tuple(i for i in range(len(self.system.inputs)) if i not in classes.ramped)
                classes = Classes(tuple(range(len(self.system.params))), others, classes.ramped)
            sizes = None if all(self.system.differential) else self._sizes
            if leaves is None:
                made = variant(self.system, self.key, classes, width=self.width, sizes=sizes)
            else:
                from neurohumor.engine.native.tangent_text import with_slopes

                made = with_slopes(self.system, self.key, classes, leaves, width=self.width, sizes=sizes)
            self._made.append(made)
            return made

    def _sizes(self, tape: Any, entries: dict[tuple[int, int], int]) -> dict[tuple[int, int], float]:
        """How large entries of algebraic rows are at the start, with everything nominal."""
        from neurohumor.emit.tape_numpy import Starts

        system = self.system
        u = np.array([[row.nominal for row in system.inputs]]).reshape(1, -1)
        absent = np.full((1, len(system.states)), np.nan), np.full((1, len(system.params)), np.nan)
        y, p = Starts(system)(np.zeros(1), *absent, u)
        wanted = {e: node for e, node in entries.items() if not system.differential[e[0]]}
        values = evaluator(tape, list(wanted.values()))(np.zeros(1), y.T, p.T, u.T, np.zeros((u.shape[1], 1)))
        found = (np.abs(np.broadcast_to(v, (1,))[0]) for v in values)
        return {e: float(v) if np.isfinite(v) else 0.0 for e, v in zip(wanted, found, strict=True)}
