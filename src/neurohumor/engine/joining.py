"""Runs of several people put together: what was interrupted, with the people who were lived later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from neurohumor.engine.run import Block, Group, Run
from neurohumor.engine.status import Code
from neurohumor.errors import ModelError

Floats = NDArray[np.float64]


def interrupted_people(run: Run) -> tuple[int, ...]:
    """Places of those whom an interruption stopped; who failed otherwise is not among them."""
    return tuple(k for k, status in enumerate(run.statuses) if status.code is Code.INTERRUPTED)


def with_people(old: Run, new: Run, places: Sequence[int]) -> Run:
    """The old run with the people at these places as the new run has them, in its order.

    Raises ModelError where the two are not of the same time and windows.
    """
    if (old.start, old.end, len(old.windows)) != (new.start, new.end, len(new.windows)) or len(new.people) != len(places):
        raise ModelError("these are not two parts of one run", remedy="give both the same days, windows and people")
    rows = [_Row(group, k, place) for group in old.groups for k, place in enumerate(group.people) if place not in set(places)]
    rows += [_Row(group, k, places[which]) for group in new.groups for k, which in enumerate(group.people)]
    kinds: dict[str, list[_Row]] = {}
    for row in sorted(rows, key=lambda row: row.place):
        kinds.setdefault(row.group.table.fingerprint, []).append(row)
    statuses = list(old.statuses)
    for which, place in enumerate(places):
        statuses[place] = replace(new.statuses[which], person=place)
    groups = tuple(_group(found) for found in kinds.values())
    made = replace(
        new.made_by,
        inputs=old.made_by.inputs,
        fingerprints=tuple(kinds),
        wall=round(old.made_by.wall + new.made_by.wall, 3),
        counts={name: old.made_by.counts.get(name, 0) + count for name, count in new.made_by.counts.items()},
    )
    return Run(groups, old.people, tuple(statuses), made, old.start, old.end, single=False)


@dataclass(frozen=True, slots=True)
class _Row:
    """A person: in which group at which row, and the place in the whole."""

    group: Group
    row: int
    place: int


def _group(rows: Sequence[_Row]) -> Group:
    """People who share a system, as one group."""
    groups = [row.group for row in rows]
    program = next((group.program for group in groups if group.program is not None), None)
    first = next((group for group in groups if group.program is not None), groups[0])
    told = groups[0].told if all(group.told == groups[0].told for group in groups) else ()
    if not told and any(block.states is None for group in groups for block in group.blocks):
        raise ModelError("these runs keep different quantities", remedy="give both the same outputs")
    blocks = tuple(_block(rows, window, keep_told=bool(told)) for window in range(len(groups[0].blocks)))
    return Group(
        first.table,
        tuple(row.place for row in rows),
        blocks,
        tuple(row.group.moments[row.row] for row in rows),
        program,
        told,
        first.wiring,
        tuple(row.group.unheard[row.row] if row.group.unheard else () for row in rows),
        tuple(row.group.drift[row.row] if row.group.drift else float("nan") for row in rows),
    )


def _block(rows: Sequence[_Row], window: int, *, keep_told: bool) -> Block:
    held = [(row.group.blocks[window], row.row) for row in rows]
    kinds = ("states", "params", "inputs", *(("told",) if keep_told else ()))
    arrays = {kind: _stacked([_one(getattr(block, kind), k) for block, k in held]) for kind in kinds}
    times = _stacked([block.times[k] for block, k in held])
    if times is None:
        raise ModelError("these runs keep windows of different lengths", remedy="give both the same windows")
    return Block(times, arrays["states"], arrays["params"], arrays["inputs"], arrays.get("told"))


def _one(array: Floats | None, k: int) -> Floats | None:
    return None if array is None else array[k]


def _stacked(rows: Sequence[Floats | None]) -> Floats | None:
    """Rows as one array [person, ...]; what some keep over time and others as constants is kept over time."""
    known = [row for row in rows if row is not None]
    if len(known) != len(rows):
        return None
    shape = reduce(np.broadcast_shapes, (row.shape if row.ndim != 1 else (1, *row.shape) for row in known))
    if all(row.shape == known[0].shape for row in known):
        return np.stack(known)
    if any(row.ndim == 1 and len(row) != shape[-1] for row in known):
        return None
    return np.stack([np.broadcast_to(row, shape) for row in known])
