"""Two runs side by side: which quantities differ, and which reactions, inputs and numbers differ with them.

Runs are compared at the times that both kept.  What differs by less than `SAME` of its size everywhere counts as the same, since
that is how well curves are solved.  When two curves part tells more of causes than by how much: a cause parts before its effect.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from neurohumor.engine.notable import main_quantities
from neurohumor.errors import ModelError, UnitMismatch
from neurohumor.lang.expr import symbols
from neurohumor.lang.system import FluxRow, Leaf, System
from neurohumor.show.numbers import moment, precise
from neurohumor.show.standing import GOOD, Standings, standings_of
from neurohumor.show.summary import NOTHING
from neurohumor.units import Unit

if TYPE_CHECKING:
    import numpy as np

    from neurohumor.engine.run import Run
    from neurohumor.engine.series import Series
    from neurohumor.engine.table import Kind

SAME = 1e-4
"""Curves that differ by no more than this share of the larger one are the same."""
MOST_NAMES = 4
"""Quantities that are named of those which the same reactions move."""
MOST_STATES = 3
"""A quantity that is computed from more states than this has no reactions of its own."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of two runs, `first` and `second` in the same unit.

    mean, peak, peak_time  of each; widest: the largest distance between the curves, as a share of the larger one, and at what time
    apart  when they first differ, in h since midnight of day 0; figures: how many digits its numbers deserve
    """

    name: str
    doc: str
    unit: str
    mean: tuple[float, float]
    peak: tuple[float, float]
    peak_time: tuple[float, float]
    widest: float
    widest_time: float
    apart: float
    figures: int = GOOD

    @property
    def change(self) -> float:
        """By how much the mean of the second is higher."""
        return self.mean[1] - self.mean[0]

    @property
    def percent(self) -> str:
        """The change of the mean: "+12 %", beyond tenfold "× 13"; empty where the first mean is 0, or the two differ in sign."""
        size = abs(self.mean[0])
        if size <= NOTHING or self.mean[0] * self.mean[1] < 0:
            return ""
        share = 100 * self.change / size
        if share >= 900:
            return f"× {1 + share / 100:.0f}"
        return f"{share:+.0f} %" if abs(share) >= 10 else f"{share:+.2g} %"

    def _written(self, value: float) -> str:
        return precise(value, self.figures)

    def cells(self, *, times: bool = True) -> tuple[str, ...]:
        """As a row under `COLUMNS`; `times` adds to each peak when it is."""
        peaks = [
            f"{self._written(value)}{f' ({moment(time)})' if times else ''}" for value, time in zip(self.peak, self.peak_time, strict=True)
        ]
        means = (self._written(self.mean[0]), self._written(self.mean[1]), self._written(self.change), self.percent)
        return self.name, *means, *peaks, self.unit, moment(self.apart)

    def row(self) -> tuple[str, ...]:
        """As a row under `PAGE`: the change as a percentage, or as a difference where the first mean is 0."""
        name, first, second, change, percent, *rest = self.cells()
        return name, first, second, percent or change, *rest

    def brief(self) -> tuple[str, ...]:
        """As a row under `BRIEF`."""
        means = (self._written(self.mean[0]), self._written(self.mean[1]), self._written(self.change), self.percent)
        return self.name, *means, self.unit, moment(self.apart), self.doc


COLUMNS = ("quantity", "mean, first", "mean, second", "difference", "", "peak, first", "peak, second", "unit", "differ since")
PAGE = ("quantity", "mean, first", "mean, second", "change", "peak, first", "peak, second", "unit", "differ since")
BRIEF = ("name", "mean, first", "mean, second", "difference", "", "unit", "differ since", "what it is")


@dataclass(frozen=True, slots=True)
class Cause:
    """What moves quantities that differ: their reactions that differ too, each with +1 where it adds, -1 where it takes away."""

    quantities: tuple[str, ...]
    reactions: tuple[tuple[int, Difference], ...]

    def rows(self) -> list[tuple[str, ...]]:
        """A row under `CAUSES` for each reaction."""
        more = len(self.quantities) - MOST_NAMES
        together = ", ".join(self.quantities[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        names = [together, *[""] * len(self.reactions)]
        return [(name, "adds" if sign > 0 else "takes", *one.brief()) for name, (sign, one) in zip(names, self.reactions, strict=False)]


CAUSES = ("quantity", "", "reaction", *BRIEF[1:])


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs, over the times from `start` to `end` that both kept, widest first.

    quantities  main quantities; same: how many are alike; causes: their reactions, together where quantities have the same
    reactions, inputs, numbers  rows of all the model that differ; numbers are parameters
    unmoved     those of the quantities that no reaction moves: rules, signals, or computed from many states
    only        names of main quantities, reactions and parameters that only the first, only the second has
    equations   whether both runs keep their equations; without them reactions cannot be told
    """

    start: float
    end: float
    quantities: tuple[Difference, ...]
    same: int
    causes: tuple[Cause, ...]
    unmoved: tuple[str, ...]
    reactions: tuple[Difference, ...]
    inputs: tuple[Difference, ...]
    numbers: tuple[Difference, ...]
    only: tuple[tuple[str, ...], tuple[str, ...]]
    equations: bool


class _Pair:
    """Two runs of one person each, read at the times that both kept."""

    def __init__(self, first: Run, second: Run) -> None:
        import numpy as np

        for run in (first, second):
            if not run.single:
                raise ModelError("a comparison is of one person in each run", remedy="take run.person(k)")
            if not run.ok:
                raise ModelError(f"a run is not complete: {run.status}", remedy="compare complete runs")
        self.first, self.second = first, second
        self.known: Standings = standings_of(first.system)
        kept = [_any_series(run) for run in (first, second)]
        times = [series.times.round(9) for series in kept]
        _, self._a, self._b = np.intersect1d(times[0], times[1], return_indices=True)
        self.times = kept[0].times[self._a]
        self.stretches = _stretches(self.times, *(_piece(series, at) for series, at in zip(kept, (self._a, self._b), strict=True)))
        if not self.stretches:
            raise ModelError("the two runs share no stretch of time", remedy="give both the same days and windows")
        self.span = self.stretches[0][0], self.stretches[-1][1]

    def difference(self, name: str) -> Difference | None:
        """How a row differs, or None where it is the same.  Raises ModelError where it was not kept, or its unit is of another kind."""
        return self.between(self.first[name], self.second[name])

    def between(self, one: Series, two: Series) -> Difference | None:
        """How two curves differ, or None where they are the same."""
        import numpy as np

        try:
            two = two.to(one.unit)
        except UnitMismatch as fault:
            raise ModelError(f"{one.name} is another kind of quantity in the two runs: {fault.what}") from fault
        a, b = one.values[self._a], two.values[self._b]
        size = float(max(np.abs(a).max(), np.abs(b).max()))
        gap = np.abs(a - b)
        if not np.isfinite(gap).all():
            raise ModelError(f"{one.name} was not computed everywhere", remedy="compare complete runs")
        if size <= NOTHING or float(gap.max()) <= SAME * size:
            return None
        ends = [max((curve.peak(stretch) for stretch in self.stretches), key=lambda peak: float(peak.value)) for curve in (one, two)]
        return Difference(
            name=one.name,
            doc=one.doc,
            unit=str(one.unit),
            mean=(self._mean(one), self._mean(two)),
            peak=(float(ends[0].value), float(ends[1].value)),
            peak_time=(float(ends[0].time), float(ends[1].time)),
            widest=float(gap.max()) / size,
            widest_time=float(self.times[int(np.argmax(gap))]),
            apart=float(self.times[int(np.argmax(gap > SAME * size))]),
            figures=self.known.figures(one.name),
        )

    def _mean(self, curve: Series) -> float:
        """The mean over the stretches that both kept."""
        lengths = [end - start for start, end in self.stretches]
        means = [float(curve.mean(stretch)) for stretch in self.stretches]
        return sum(mean * length for mean, length in zip(means, lengths, strict=True)) / sum(lengths)

    def differing(self, names: Iterable[str]) -> tuple[Difference, ...]:
        """Those of the names that differ, widest first; each must be in both runs."""
        found = [one for one in map(self.difference, names) if one is not None]
        return tuple(sorted(found, key=lambda one: (-one.widest, one.name)))


def _any_series(run: Run) -> Series:
    """Some series of a run, for its times."""
    if not run.names:
        raise ModelError("a run kept no values", remedy="keep some quantities in it")
    return run[run.names[0]]


def _piece(series: Series, at: np.ndarray) -> np.ndarray:
    """In which unbroken stretch of a series each of its samples stands."""
    import numpy as np

    return np.searchsorted(np.asarray(series.starts), at, side="right")


def _stretches(times: np.ndarray, first: np.ndarray, second: np.ndarray) -> list[tuple[float, float]]:
    """From when to when both runs kept every moment: `first` and `second` say in which piece of each run a time lies."""
    found: list[list[float]] = []
    last = None
    for time, key in zip(times.tolist(), zip(first.tolist(), second.tolist(), strict=True), strict=True):
        if key == last:
            found[-1][1] = time
        else:
            found.append([time, time])
        last = key
    return [(start, end) for start, end in found if end > start]


def compare(first: Run, second: Run) -> Comparison:
    """What differs between two runs of one person each, and what differs with it.

    Raises ModelError for populations, incomplete runs, and runs without a stretch of time in common.
    """
    pair = _Pair(first, second)
    names = [main_quantities(run) for run in (first, second)]
    shared = [name for name in names[0] if name in second]
    quantities = pair.differing(shared)
    one, two = first.system, second.system
    only: list[set[str]] = [{n for n in names[0] if n not in second}, {n for n in names[1] if n not in first}]
    if one is None or two is None:
        inputs, numbers = (pair.differing(_kept(first, second, kind)) for kind in ("input", "param"))
        return Comparison(*pair.span, quantities, len(shared) - len(quantities), (), (), (), inputs, numbers, _sorted(only), False)
    alike, unlike = _shared_rows(one, two)
    for k, system in enumerate((one, two)):
        only[k] |= (_rows(system).keys() - alike) | unlike
    reactions = _reactions(pair, one, two, alike)
    causes = _causes([difference.name for difference in quantities], one, reactions)
    moved = {name for cause in causes for name in cause.quantities}
    return Comparison(
        *pair.span,
        quantities,
        len(shared) - len(quantities),
        causes,
        tuple(difference.name for difference in quantities if difference.name not in moved),
        tuple(sorted(reactions.values(), key=lambda difference: (-difference.widest, difference.name))),
        pair.differing(row.full for row in one.inputs if row.full in second),
        pair.differing(row.full for row in one.params if row.full in alike),
        _sorted(only),
        True,
    )


def _kept(first: Run, second: Run, kind: Kind) -> list[str]:
    """The rows of a kind that two runs read without their equations both hold."""
    named = [column.name for column in first.groups[0].table.of_kind(kind)]
    return [name for name in named if name in first and name in second and first[name].unit.same_kind(second[name].unit)]


def _rows(system: System) -> dict[str, Unit]:
    """Reactions and parameters with the unit in which each is shown."""
    rates = {flux.full: system.derived[flux.value].unit for flux in system.fluxes}
    return {**{row.full: row.unit for row in system.params}, **rates}


def _shared_rows(first: System, second: System) -> tuple[set[str], set[str]]:
    """The reactions and parameters of both systems: those of one kind of unit, and those of two."""
    rows = _rows(first), _rows(second)
    shared = rows[0].keys() & rows[1].keys()
    alike = {name for name in shared if rows[0][name].same_kind(rows[1][name])}
    return alike, shared - alike


def _sorted(names: list[set[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(sorted(names[0])), tuple(sorted(names[1]))


def _fluxes(system: System) -> dict[str, str]:
    """The row that holds the rate of each reaction."""
    return {flux.full: system.derived[flux.value].full for flux in system.fluxes}


def _reactions(pair: _Pair, first: System, second: System, alike: set[str]) -> dict[str, Difference]:
    """The reactions of both systems that differ, by name."""
    rates, others = _fluxes(first), _fluxes(second)
    found = {}
    for name in rates:
        if name in others and name in alike:
            difference = pair.between(pair.first[rates[name]], pair.second[others[name]])
            if difference is not None:
                found[name] = replace(difference, name=name)
    return found


def _causes(quantities: Iterable[str], system: System, reactions: dict[str, Difference]) -> tuple[Cause, ...]:
    """The reactions that differ and move the states behind each quantity, those that changed most first."""
    found: dict[frozenset[tuple[int, str]], list[str]] = {}
    for quantity in quantities:
        states = _states_behind(quantity, system)
        if len(states) > MOST_STATES:
            continue
        signs = {flux.full: _sign(flux, states) for flux in system.fluxes if flux.full in reactions}
        moving = frozenset((sign, name) for name, sign in signs.items() if sign)
        if moving:
            found.setdefault(moving, []).append(quantity)
    return tuple(
        Cause(tuple(names), tuple(sorted(((sign, reactions[name]) for sign, name in moving), key=lambda pair: -abs(pair[1].change))))
        for moving, names in found.items()
    )


def _sign(flux: FluxRow, states: set[int]) -> int:
    """Whether a reaction adds to these states (1), takes from them (-1), or only moves matter among them (0)."""
    net = sum(share for index, share in flux.moved if index in states)
    return (net > 0) - (net < 0)


def _states_behind(quantity: str, system: System) -> set[int]:
    """The states that a quantity is, or is computed from."""
    leaf = system.quantities.get(quantity)
    open_, seen, found = [leaf] if leaf is not None else [], set[int](), set[int]()
    while open_:
        one = open_.pop()
        if one.kind == "state":
            found.add(one.index)
        elif one.kind == "derived" and one.index not in seen:
            seen.add(one.index)
            open_ += [node for node in symbols(system.derived[one.index].expr) if isinstance(node, Leaf)]
    return found
