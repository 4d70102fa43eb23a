"""Which entries of a sparse matrix to eliminate, in which order, and what fills in: worked out once, from its pattern alone."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from neurohumor.errors import ModelError

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Elimination:
    """LU without exchanges of a matrix whose rows and columns were put in an order once and for all.

    row_place, column_place  row or column -> position; a differential row and its state share one
    left, right              per position: the columns of L in its row, the columns of U right of its diagonal (increasing)
    slot                     (position, position) -> where that entry lies; diagonal: the slots of the pivots
    size                     slots in all; work: multiply-adds of one factorisation
    """

    row_place: tuple[int, ...]
    column_place: tuple[int, ...]
    left: tuple[tuple[int, ...], ...]
    right: tuple[tuple[int, ...], ...]
    slot: Mapping[Place, int]
    diagonal: tuple[int, ...]
    size: int
    work: int


def eliminate(pattern: Iterable[Place], differential: Sequence[bool], size_of: Callable[[Place], float] = lambda entry: 1.0) -> Elimination:
    """The order of least fill-in (Markowitz's product on the pattern) for M/(h gamma) - J.

    pattern  the entries of J; size_of  how large an entry of an algebraic row is, to choose its pivot
    Raises ModelError where the algebraic rows do not determine the algebraic unknowns.
    """
    pattern = list(pattern)
    n = len(differential)
    pair = _paired(pattern, differential, size_of)
    ordered, below, right = _least_fill([(pair[i], j) for i, j in pattern], n)
    place = [0] * n
    for position, k in enumerate(ordered):
        place[k] = position
    U = [tuple(sorted(place[j] for j in right[k])) for k in ordered]
    L: list[list[int]] = [[] for _ in range(n)]
    for position, k in enumerate(ordered):
        for i in below[k]:
            L[place[i]].append(position)
    slot: dict[Place, int] = {}
    diagonal: list[int] = []
    for i in range(n):
        for k in sorted(L[i]):
            slot[i, k] = len(slot)
        diagonal.append(len(slot))
        slot[i, i] = len(slot)
        for j in U[i]:
            slot[i, j] = len(slot)
    left = tuple(tuple(sorted(row)) for row in L)
    work = sum(len(U[k]) for row in left for k in row)
    rows = tuple(place[pair[i]] for i in range(n))
    return Elimination(rows, tuple(place), left, tuple(U), slot, tuple(diagonal), len(slot), work)


def _paired(pattern: Iterable[Place], differential: Sequence[bool], size_of: Callable[[Place], float]) -> list[int]:
    """For each row the column of its pivot: its own state, or for algebraic rows a matching that prefers large entries."""
    n = len(differential)
    pair = list(range(n))
    algebraic = [i for i in range(n) if not differential[i]]
    if not algebraic:
        return pair
    choices: dict[int, list[int]] = {i: [] for i in algebraic}
    for i, j in pattern:
        if not differential[i] and not differential[j]:
            choices[i].append(j)
    for i, columns in choices.items():
        columns.sort(key=lambda j: -size_of((i, j)))
    owner: dict[int, int] = {}

    def found(i: int, seen: set[int]) -> bool:
        for j in choices[i]:
            if j not in seen:
                seen.add(j)
                if j not in owner or found(owner[j], seen):
                    owner[j] = i
                    return True
        return False

    for i in sorted(algebraic, key=lambda i: len(choices[i])):
        if not found(i, set()):
            raise ModelError(
                f"the algebraic rows do not determine the algebraic unknowns (row {i})", remedy="write a balance that contains each unknown"
            )
    for j, i in owner.items():
        pair[i] = j
    return pair


def _least_fill(pattern: Iterable[Place], n: int) -> tuple[list[int], list[set[int]], list[set[int]]]:
    rows: list[set[int]] = [{k} for k in range(n)]
    columns: list[set[int]] = [{k} for k in range(n)]
    for i, j in pattern:
        rows[i].add(j)
        columns[j].add(i)

    def cost(k: int) -> int:
        return (len(rows[k]) - 1) * (len(columns[k]) - 1)

    queue = [(cost(k), k) for k in range(n)]
    heapq.heapify(queue)
    ordered: list[int] = []
    done = [False] * n
    below: list[set[int]] = [set() for _ in range(n)]
    right: list[set[int]] = [set() for _ in range(n)]
    while len(ordered) < n:
        known, k = heapq.heappop(queue)
        if done[k]:
            continue
        if known != cost(k):
            heapq.heappush(queue, (cost(k), k))
            continue
        done[k] = True
        ordered.append(k)
        right[k], below[k] = rows[k] - {k}, columns[k] - {k}
        for i in below[k]:
            rows[i] |= right[k]
            rows[i].discard(k)
        for j in right[k]:
            columns[j] |= below[k]
            columns[j].discard(k)
        for i in right[k] | below[k]:
            heapq.heappush(queue, (cost(i), i))
    return ordered, below, right
