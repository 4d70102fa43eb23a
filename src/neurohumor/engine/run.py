"""What a simulation gives back: labelled results with units, how each person fared, and where it all comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from neurohumor.engine.clock import written
from neurohumor.engine.problem import Moment, Program
from neurohumor.engine.provenance import Provenance
from neurohumor.engine.series import Series, joined
from neurohumor.engine.status import Code, Status
from neurohumor.engine.table import Column, Table
from neurohumor.errors import ModelError, UnknownName, did_you_mean

if TYPE_CHECKING:
    import xarray

    from neurohumor.lang.system import System

Floats = NDArray[np.float64]
_MEMORY = 2**26
"""Derived values of one window are kept for the next question where they are fewer than this."""


@dataclass(frozen=True, slots=True)
class WireLine:
    """A line of the wiring report: who hears which quantity, in which of the four states, and from whom or at what value."""

    port: str
    quantity: str
    state: str
    what: str


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One window of people who share a system, internal numbers.

    times   [person, time] h since midnight of day 0; inputs [person, time, input]
    states  [person, time, state]; params [person, param], or [person, time, param] where they change
    told    [person, time, k] values kept under the names that `Group.told` lists, in the unit in which each is shown
    What is None was not kept.
    """

    times: Floats
    states: Floats | None
    params: Floats | None
    inputs: Floats | None
    told: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """People who share a system: their places in the population, their blocks and how they ended.

    unheard  what happens to each and no part hears; settled: worst drift of each in percent per day (NaN: not settled)
    """

    table: Table
    people: tuple[int, ...]
    blocks: tuple[Block, ...]
    moments: tuple[Moment, ...]
    program: Program | None = None
    told: tuple[str, ...] = ()
    wiring: tuple[WireLine, ...] = ()
    unheard: tuple[tuple[str, ...], ...] = ()
    drift: tuple[float, ...] = ()
    _memory: dict[int, Floats] = field(default_factory=dict, repr=False)

    def values(self, window: int, name: str) -> tuple[Floats, Column]:
        """[person, time] of a name, in the unit of its column.  Raises UnknownName, and ModelError for what was not kept."""
        column, block = self.table.column(name), self.blocks[window]
        if name in self.told and block.told is not None:
            return block.told[:, :, self.told.index(name)], column
        if column.kind == "derived":
            return self._derived(window)[:, :, column.index] / column.unit.factor, column
        held = {"state": block.states, "param": block.params, "input": block.inputs}[column.kind]
        if held is None:
            raise ModelError(f"{name} was not kept in this run", remedy=f"it keeps: {', '.join(self.told[:8])}")
        if held.ndim == 2:
            held = np.broadcast_to(held[:, None, :], (*block.times.shape, held.shape[-1]))
        return held[:, :, column.index] / column.unit.factor, column

    def answers(self, name: str) -> bool:
        """Whether the values of a name are at hand."""
        column = self.table.columns.get(name)
        if column is None:
            return False
        if name in self.told:
            return True
        if not self.blocks or self.blocks[0].states is None:
            return False
        return column.kind != "derived" or self.program is not None

    def _derived(self, window: int) -> Floats:
        if window in self._memory:
            return self._memory[window]
        block = self.blocks[window]
        if self.program is None or block.states is None or block.params is None or block.inputs is None:
            raise ModelError("this run keeps no equations", remedy="read it with the model that made it: read_run(path, model=...)")
        found = np.empty((*block.times.shape, len(self.program.system.derived)))
        with np.errstate(all="ignore"):
            for k, times in enumerate(block.times):  # one by one, so that a row of a population is bit for bit the person alone
                params = np.broadcast_to(block.params[k], (len(times), block.params.shape[-1]))
                found[k] = self.program.derived(times / self.table.hours, block.states[k], params, block.inputs[k])
        if found.size < _MEMORY:
            self._memory[window] = found
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A simulation's result: `run["blood.cortisol"]` is a `Series`, over all windows joined.

    groups    people by the system they share; names: of the people, in the order given
    statuses  how each person fared; made_by: where it comes from
    single    True for one person (no person axis in a series), False for a population
    start, end  h since midnight of day 0
    """

    groups: tuple[Group, ...]
    people: tuple[str, ...]
    statuses: tuple[Status, ...]
    made_by: Provenance
    start: float
    end: float
    single: bool = True

    def __getitem__(self, name: str) -> Series:
        """A quantity ("blood.cortisol") or any row by full name ("hpa.k_crh").  Raises UnknownName, ModelError if it was not kept."""
        parts = [self._window(i, name) for i in range(len(self.windows))]
        if not parts:
            raise ModelError("this run keeps no window", remedy="give simulate() a window")
        times, values, starts = joined([(t, v) for t, v, _ in parts])
        return self._series(name, parts[0][2], times, values, starts)

    def __contains__(self, name: str) -> bool:
        return all(group.answers(name) for group in self.groups)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that can be asked for, in all people's systems."""
        return tuple(n for n in self.groups[0].table.columns if n in self)

    @property
    def quantities(self) -> tuple[str, ...]:
        """The names of the vocabulary that can be asked for."""
        return tuple(n for n in self.groups[0].table.quantities if n in self)

    @property
    def windows(self) -> tuple[RunWindow, ...]:
        """The windows one by one."""
        return tuple(RunWindow(self, i) for i in range(len(self.groups[0].blocks)))

    @property
    def status(self) -> Status:
        """How the run fared: of several people, the first that failed, else the first."""
        return next((s for s in self.statuses if not s.ok), self.statuses[0])

    @property
    def ok(self) -> bool:
        """Whether everybody's run is complete."""
        return all(s.ok for s in self.statuses)

    @property
    def failed(self) -> tuple[Status, ...]:
        """Who failed, when, why and at which state."""
        return tuple(s for s in self.statuses if not s.ok)

    @property
    def interrupted(self) -> bool:
        """Whether it was stopped before its end."""
        return any(s.code is Code.INTERRUPTED for s in self.statuses)

    @property
    def moments(self) -> tuple[Moment, ...]:
        """Where each person ended, in order: what a continued run starts from."""
        found: dict[int, Moment] = {k: m for g in self.groups for k, m in zip(g.people, g.moments, strict=True)}
        return tuple(found[k] for k in range(len(self.people)))

    @property
    def drift(self) -> tuple[float, ...]:
        """Of each person the fastest drift of the settled state, in percent per day; NaN where nothing was settled."""
        found = {k: d for g in self.groups for k, d in zip(g.people, g.drift or (float("nan"),) * len(g.people), strict=True)}
        return tuple(found[k] for k in range(len(self.people)))

    @property
    def wiring(self) -> tuple[WireLine, ...]:
        """The four-state wiring report of all systems, each line once."""
        return tuple(dict.fromkeys(line for group in self.groups for line in group.wiring))

    @property
    def unheard(self) -> tuple[str, ...]:
        """What happens to somebody and no part of their model hears."""
        return tuple(dict.fromkeys(name for group in self.groups for one in group.unheard for name in one))

    @property
    def system(self) -> System | None:
        """The equations, where one system is shared and at hand."""
        programs = [g.program for g in self.groups]
        return programs[0].system if len(programs) == 1 and programs[0] is not None else None

    @property
    def program(self) -> Program | None:
        """The compiled equations, where one system is shared and at hand."""
        return self.groups[0].program if len(self.groups) == 1 else None

    def person(self, which: int | str) -> Run:
        """The run of one person, by place or name.  Raises UnknownName."""
        if isinstance(which, str):
            if which not in self.people:
                raise UnknownName(f"nobody here is called {which!r}", remedy=did_you_mean(which, self.people))
            which = self.people.index(which)
        if not 0 <= which < len(self.people):
            raise UnknownName(f"there is no person {which}", remedy=f"people are 0 to {len(self.people) - 1}")
        for group in self.groups:
            if which in group.people:
                one = _only(group, group.people.index(which))
                status = replace(self.statuses[which], person=0)
                return replace(self, groups=(one,), people=(self.people[which],), statuses=(status,), single=True)
        raise AssertionError(which)

    def to_netcdf(self, path: str | Path, *, keep: Iterable[str] | None = None) -> Path:
        """Write everything to a NetCDF-4 file, whole or not at all; `read_run` reads it.

        keep  names of derived rows to store beside states, parameters and inputs; default: every quantity of the vocabulary
        """
        from neurohumor.engine.storage import write_run

        return write_run(self, Path(path), keep)

    def to_pandas(self, *names: str) -> Any:
        """A DataFrame of these quantities (default: all) over time, for one person; columns say the unit.  Raises ModelError."""
        import pandas as pd

        if not self.single:
            raise ModelError("a table is of one person", remedy="take run.person(k).to_pandas(), or run[name].to_pandas()")
        series = [self[name] for name in names or self.quantities]
        return pd.DataFrame({f"{s.name} ({s.unit})": s.values for s in series}, index=pd.Index(series[0].times, name="h"))

    def to_csv(self, path: str | Path, *names: str) -> Path:
        """Write these quantities (default: all) over time as CSV, whole or not at all.

        A row for each time: "person", "h" (since midnight of day 0), then a column a quantity, headed "blood.cortisol (nmol/L)"; numbers
        in full, "NaN" what was not computed.  Of a population each person's rows follow those of the one before.
        Raises UnknownName, and FileError where the place cannot be written.
        """
        from neurohumor.engine.storage import write_csv

        return write_csv(self, Path(path), names)

    def provenance_json(self) -> str:
        """Where the run comes from, as JSON text."""
        return self.made_by.as_json()

    def __repr__(self) -> str:
        many = "" if self.single else f"{len(self.people)} people, "
        fared = "complete" if self.ok else f"{len(self.failed)} of {len(self.people)} not complete"
        last = written(self.end) if self.end % 24 else f"24:00 on day {round(self.end / 24) - 1}"
        span = f"{written(self.start)} to {last}"
        return f"<run of {self.groups[0].table.name}: {many}{span}, {len(self.groups[0].blocks)} window(s), {fared}>"

    def plot(self, *names: str, axes: Any = None, to: str | None = None) -> Any:
        """Draw quantities over the clock with matplotlib, nights shaded; of a population the median and the band from 5 to 95 %.

        axes  where to draw; to: in which unit.  Returns the Axes, or an array of them where the units are of different kinds.
        Raises UnknownName, UnitMismatch, and ModelError for different kinds on axes that were given.
        """
        from neurohumor.engine.plots import plot_run

        return plot_run(self, names, axes, to)

    def _repr_html_(self) -> str:
        from neurohumor.engine.notebook import run_html

        return run_html(self)

    def _window(self, index: int, name: str) -> tuple[Floats, Floats, Column]:
        """Times and values [person, time] of one window, people in order, in the unit of the column."""
        lacking = [g for g in self.groups if name not in g.table.columns]
        if lacking and len(lacking) < len(self.groups):
            count = sum(len(g.people) for g in lacking)
            raise UnknownName(f"{name!r} is absent from the model of {count} of {len(self.people)} people", remedy="take run.person(k)")
        found = [(g.people, g.blocks[index].times, *g.values(index, name)) for g in self.groups]
        length = {t.shape[1] for _, t, _, _ in found}
        if len(length) > 1:
            raise ModelError("this window is longer for some people", remedy="take run.person(k)")
        shape = (len(self.people), length.pop())
        times, values = np.empty(shape), np.empty(shape)
        for people, t, v, _ in found:
            times[list(people)], values[list(people)] = t, v
        return times, values, found[0][3]

    def _series(self, name: str, column: Column, times: Floats, values: Floats, starts: Sequence[int]) -> Series:
        if self.single:
            times, values = times[0], values[0]
        elif (times == times[:1]).all():
            times = times[0]
        return Series(name, times, values, column.unit, column.doc, column.substance, tuple(starts))


@dataclass(frozen=True, slots=True, eq=False)
class RunWindow:
    """One window of a run."""

    run: Run
    index: int

    @property
    def times(self) -> Floats:
        """[time] h since midnight of day 0; [person, time] where it follows each person's own happenings."""
        group = self.run.groups[0]
        if len(self.run.groups) == 1 and (group.blocks[self.index].times == group.blocks[self.index].times[:1]).all():
            return group.blocks[self.index].times[0]
        return self[next(iter(group.table.columns))].times

    def __getitem__(self, name: str) -> Series:
        """A quantity or row in this window alone."""
        times, values, column = self.run._window(self.index, name)
        return self.run._series(name, column, times, values, (0,))

    def to_xarray(self, *names: str) -> xarray.Dataset:
        """A Dataset over (person, time) of these names (default: the quantities), each with its unit, and the run's attributes."""
        import xarray

        series = {name: self[name] for name in names or self.run.quantities}
        times = self.times
        dims = ("time",) if self.run.single else ("person", "time")
        coords: dict[str, Any] = {} if self.run.single else {"person": ("person", list(self.run.people))}
        clock = {"units": "h", "long_name": "hours since local midnight of day 0"}
        coords["time" if times.ndim == 1 else "clock"] = (("time",) if times.ndim == 1 else dims, times, clock)
        data = {n: (dims, s.values, {"units": str(s.unit), "long_name": s.doc}) for n, s in series.items()}
        return xarray.Dataset(data, coords, attributes_of(self.run))


def attributes_of(run: Run) -> dict[str, Any]:
    """What a file or a dataset says of the whole run, flat."""
    made = run.made_by
    settings: Mapping[str, Any] = {f"solver_{k}": str(v) for k, v in made.options.items()}
    return {
        "title": run.groups[0].table.name,
        "source": f"neurohumor {made.package}",
        "fingerprint": " ".join(made.fingerprints),
        "seed": made.seed,
        "solver": made.backend,
        "created": made.made,
        "use": "research and education",
        **settings,
    }


def _only(group: Group, k: int) -> Group:
    def cut(a: Floats | None) -> Floats | None:
        return None if a is None else a[k : k + 1]

    blocks = tuple(Block(b.times[k : k + 1], cut(b.states), cut(b.params), cut(b.inputs), cut(b.told)) for b in group.blocks)
    unheard, drift = group.unheard[k : k + 1], group.drift[k : k + 1]
    return replace(group, people=(0,), blocks=blocks, moments=(group.moments[k],), unheard=unheard, drift=drift, _memory={})
