"""One region of the brain's energy, or all of them, run on the reference engine from plain numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from neurohumor.build.flatten import flatten
from neurohumor.engine.problem import Batch, Entry, Stiff
from neurohumor.engine.program import compile as compile_system
from neurohumor.lang import Model
from neurohumor.lang.system import System
from neurohumor.models.energy_only import brain, region


@dataclass(frozen=True, slots=True)
class Course:
    """Values over time by quantity or full name, each in its own unit."""

    times: np.ndarray
    values: Mapping[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.values[name]

    def last(self, name: str) -> float:
        return float(self.values[name][-1])


@cache
def system(place: str) -> System:
    """The parts of a region alone, or of the whole brain for "brain"; activity and sleep are held."""
    return flatten(Model(place, brain() if place == "brain" else region(place)))


@cache
def program(place: str):
    return compile_system(system(place), backend="reference")


def run(
    place: str,
    hours: float | Sequence[float],
    inputs: Mapping[str, float] | None = None,
    params: Mapping[str, float] | None = None,
    first: Mapping[str, float] | None = None,
    *,
    schedule: Sequence[Entry] = (),
    rtol: float = 1e-6,
) -> Course:
    """From initial values (with `first` as factors on some) to these hours, with these inputs and parameters in their own units."""
    flat, times = system(place), np.atleast_1d(np.asarray(hours, dtype=float))
    told, values, start = inputs or {}, params or {}, first or {}
    unknown = (set(told) - {r.quantity for r in flat.inputs}) | (set(values) - {r.full for r in flat.params})
    assert not unknown, unknown
    batch = Batch(
        params=np.array([[values[r.full] * r.unit.factor if r.full in values else np.nan for r in flat.params]]),
        inputs=np.array([[told[r.quantity] * r.unit.factor if r.quantity in told else r.nominal for r in flat.inputs]]),
        states=np.array([[start[r.full] * r.scale if r.full in start else np.nan for r in flat.states]]),
        schedules=(tuple(schedule),),
        start=np.zeros(1),
        end=np.array([times[-1]]),
        windows=(times[None],),
    )
    solved = program(place).solve(batch, Stiff(rtol=rtol))
    assert solved.statuses[0].ok, solved.statuses[0]
    return _course(place, times, solved.states[0][0], solved)


def _course(place: str, times: np.ndarray, y: np.ndarray, solved) -> Course:
    flat = system(place)
    p = np.broadcast_to(solved.moments[0].p, (len(times), len(flat.params)))
    d = program(place).derived(times, y, p, solved.inputs[0][0])
    found = {row.full: y[:, k] / row.unit.factor for k, row in enumerate(flat.states)}
    found |= {row.full: d[:, k] / row.unit.factor for k, row in enumerate(flat.derived)}
    for quantity, leaf in flat.quantities.items():
        if leaf.kind in ("state", "derived"):
            row = (flat.states if leaf.kind == "state" else flat.derived)[leaf.index]
            found[quantity] = (y if leaf.kind == "state" else d)[:, leaf.index] / row.unit.factor
    return Course(times, found)


def input_of(place: str, quantity: str) -> int:
    """The index of an input."""
    return [row.quantity for row in system(place).inputs].index(quantity)
