"""Declared read-outs of a run: each with value, unit, place, stretch of time and method, as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from neurohumor.engine import curves
from neurohumor.engine.clock import written
from neurohumor.engine.run import Run
from neurohumor.engine.series import Between, Series
from neurohumor.errors import ModelError, NeurohumorError, UnknownName, did_you_mean
from neurohumor.lang.readout import LABEL, Readout
from neurohumor.readout import bursts
from neurohumor.units import unit

if TYPE_CHECKING:
    import pandas as pd

TEN_MINUTES = 1 / 6
COLUMNS = ("group", "place", "read-out", "value", "low", "high", "unit", "from", "to", "method", "compare with", "note", "label")


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A read-out of a run.

    value  in the read-out's unit; of a population the median
    low, high  lowest and highest mean of ten minutes (of a tonic level); of a population 5 and 95 %; NaN: none
    start, end  the stretch of time, h since midnight of day 0; note: why it was not computed
    people  the value of each person, of a population
    """

    readout: Readout
    value: float
    low: float = float("nan")
    high: float = float("nan")
    start: float = float("nan")
    end: float = float("nan")
    note: str = ""
    people: tuple[float, ...] = ()

    def row(self) -> tuple[Any, ...]:
        """As a row under `COLUMNS`."""
        one = self.readout
        times = ("" if value != value else written(value) for value in (self.start, self.end))
        return one.group, one.place, one.name, self.value, self.low, self.high, one.unit, *times, one.method, one.range, self.note, LABEL


@dataclass(frozen=True, slots=True, eq=False)
class Readouts(Sequence[Told]):
    """The read-outs of a run, in the order in which they are declared; `found["dopamine, striatum: synthesis"]` is one of them."""

    told: tuple[Told, ...]

    @overload
    def __getitem__(self, which: int | str) -> Told: ...
    @overload
    def __getitem__(self, which: slice) -> Readouts: ...
    def __getitem__(self, which: int | str | slice) -> Told | Readouts:
        if isinstance(which, slice):
            return Readouts(self.told[which])
        if isinstance(which, int):
            return self.told[which]
        names = {one.readout.full: one for one in self.told}
        if which not in names:
            raise UnknownName(
                f"no read-out here is called {which!r}", remedy=did_you_mean(which, names) or 'as in "dopamine, striatum: synthesis"'
            )
        return names[which]

    def __len__(self) -> int:
        return len(self.told)

    def __iter__(self) -> Iterator[Told]:
        return iter(self.told)

    def of(self, group: str = "", place: str = "") -> Readouts:
        """Those of a group, of a place, or of both."""
        return Readouts(tuple(one for one in self if group in ("", one.readout.group) and place in ("", one.readout.place)))

    def to_pandas(self) -> pd.DataFrame:
        """A table with a row for each; numbers in full, each in the unit of its row."""
        import pandas as pd

        return pd.DataFrame([one.row() for one in self], columns=list(COLUMNS))

    def __repr__(self) -> str:
        head = f"<{len(self)} read-outs; each a {LABEL}>"
        return "\n".join([head, *(f"  {one.readout.full}: {one.value:.3g} {one.readout.unit}" for one in self if not one.note)])

    def _repr_html_(self) -> str:
        return f"<p>Each a {LABEL}.</p>{self.to_pandas().to_html(index=False, float_format=lambda x: f'{x:.3g}', na_rep='')}"


def tell(run: Run, declared: Iterable[Readout], between: Between | None = None, *, day: int | None = None) -> Readouts:
    """The read-outs of a run over a stretch of time (as `Series.mean` takes it; default: all that was kept).

    Read-outs of parts that the model lacks, and of bursts that did not happen, are left out; one that cannot be computed says why in
    its note.  Raises ModelError for a stretch of which nothing was kept.
    """
    rows = _Rows(run, between, day)
    found = [told for one in declared if rows.has(one) and (told := _told(rows, one)) is not None]
    return Readouts(tuple(found))


class _Rows:
    """The rows of a run, over a stretch of time."""

    def __init__(self, run: Run, between: Between | None, day: int | None) -> None:
        self.run, self.between, self.day = run, between, day
        program = run.groups[0].program
        system = program.system if program is not None else None
        self._fluxes = {flux.full: system.derived[flux.value].full for flux in system.fluxes} if system is not None else {}
        if run.names:
            self.span = _span(run[run.names[0]], between, day)

    def has(self, one: Readout) -> bool:
        """Whether the model has what it reads; without equations, whether it has what is known of it."""
        columns = self.run.groups[0].table.columns
        missing = [name for name in one.rows if name not in columns and name not in self._fluxes]
        if self._fluxes or not missing:
            return not missing
        return any(name in columns for name in one.rows) and any(column.startswith(f"{one.part}.") for column in columns)

    def series(self, names: Sequence[str], window: int | None = None) -> Series:
        """Rows added, each in the unit of the first."""
        source: Any = self.run if window is None else self.run.windows[window]
        total: Series | None = None
        for name in names:
            bare = name.removeprefix("-")
            one: Series = source[self._fluxes.get(bare, bare)]
            sign = -1.0 if name.startswith("-") else 1.0
            if total is None:
                total = replace(one, values=sign * one.values)
            else:
                total = replace(total, values=total.values + sign * one.to(total.unit).values)
        assert total is not None
        return total


def _span(series: Series, between: Between | None, day: int | None) -> tuple[float, float]:
    one = series.person(0) if series.population else series
    pieces = one.pieces(between, day=day)
    return float(pieces[0][0][0]), float(pieces[-1][0][-1])


def _told(rows: _Rows, one: Readout) -> Told | None:
    try:
        return _burst(rows, one) if one.how.startswith("burst") else _over_time(rows, one)
    except NeurohumorError as fault:
        return Told(one, float("nan"), note=fault.what)


def _over_time(rows: _Rows, one: Readout) -> Told:
    series = rows.series(one.of)
    statistic = _STATISTICS[one.how]
    each = list(_people(series))
    found = np.array([statistic(person.pieces(rows.between, day=rows.day)) for person in each])  # person, (value, low, high)
    due = unit("1") if one.how == "variation" else series.unit  # a share of the mean
    if one.over:
        below = rows.series(one.over)
        found = found / _means(below, rows)[:, None]
        due = due / below.unit
    for name in one.per:
        below = rows.series((name,))
        found = found / _means(below, rows)[:, None]
        due = due / below.unit
    factor = _factor(due, one)
    if not np.isfinite(found[:, 0]).all():
        raise ModelError("it was not computed for everybody" if len(each) > 1 else "it was not computed everywhere")
    return _summed(one, found * factor, rows.span)


def _factor(due: Any, one: Readout) -> float:
    told = unit(one.unit)
    if not due.same_kind(told):
        raise ModelError(f"{one.full} is in {due}, not in {told}", remedy="declare its unit right")
    return due.factor / told.factor


def _means(series: Series, rows: _Rows) -> np.ndarray:
    return np.array([curves.mean(person.pieces(rows.between, day=rows.day)) for person in _people(series)])


def _people(series: Series) -> Iterator[Series]:
    yield from (series.person(k) for k in range(len(series.values))) if series.population else (series,)


def _summed(one: Readout, found: np.ndarray, span: tuple[float, float]) -> Told:
    """Values [person, (value, low, high)] as what is told: of several people the median and 5 to 95 %."""
    if len(found) == 1:
        value, low, high = (float(x) for x in found[0])
        return Told(one, value, low, high, *span)
    low, middle, high = np.quantile(found[:, 0], (0.05, 0.5, 0.95))
    return Told(one, float(middle), float(low), float(high), *span, people=tuple(float(x) for x in found[:, 0]))


def _burst(rows: _Rows, one: Readout) -> Told | None:
    found = bursts.first(rows.run, one.burst)
    if found is None:
        return None
    series = rows.series(one.of, found.window)
    statistic = {"burst_peak": bursts.peak, "burst_half_decay": bursts.half_decay, "burst_area": bursts.area}[one.how]
    values = np.array([[statistic(person, found), np.nan, np.nan] for person in _people(series)])
    due = series.unit if one.how == "burst_peak" else unit("h") if one.how == "burst_half_decay" else series.unit * unit("h")
    if not np.isfinite(values[:, 0]).all():
        raise ModelError("it has not fallen by half when the window ends")
    return _summed(one, values * _factor(due, one), (found.begin, found.end))


Numbers = tuple[float, float, float]
Pieces = list[curves.Piece]
_NONE = float("nan")


def _tonic(pieces: Pieces) -> Numbers:
    """The mean, and the lowest and highest mean of ten minutes."""
    means: list[float] = []
    for times, values in pieces:
        if times[-1] - times[0] < TEN_MINUTES:
            continue
        area = np.concatenate([[0.0], np.cumsum(0.5 * (values[1:] + values[:-1]) * np.diff(times))])
        ends = times[times <= times[-1] - TEN_MINUTES + 1e-9] + TEN_MINUTES
        slid = (np.interp(ends, times, area) - area[: len(ends)]) / TEN_MINUTES
        means += [float(slid.min()), float(slid.max())]
    mean = curves.mean(pieces)
    return (mean, min(means), max(means)) if means else (mean, mean, mean)


def _variation(pieces: Pieces) -> Numbers:
    mean = curves.mean(pieces)
    square = curves.mean([(times, (values - mean) ** 2) for times, values in pieces])
    return float(np.sqrt(square)) / abs(mean) if mean else _NONE, _NONE, _NONE


def _extreme(*, highest: bool) -> Callable[[Pieces], Numbers]:
    return lambda pieces: (curves.extreme(pieces, highest=highest)[0], _NONE, _NONE)


_STATISTICS: dict[str, Callable[[Pieces], Numbers]] = {
    "mean": lambda pieces: (curves.mean(pieces), _NONE, _NONE),
    "tonic": _tonic,
    "variation": _variation,
    "lowest": _extreme(highest=False),
    "highest": _extreme(highest=True),
}
