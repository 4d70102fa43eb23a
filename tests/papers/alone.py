"""A paper's module by itself: its rates as plain numbers, its course on the reference engine, and how it differs from a twin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from neurohumor.build.flatten import flatten
from neurohumor.engine.problem import Batch, Entry, Stiff
from neurohumor.engine.program import compile as compile_system
from neurohumor.lang.expr import Const
from neurohumor.lang.model import Model, part
from neurohumor.lang.module import Module
from neurohumor.lang.system import System
from tests.numbers import derived_of, rates_of

Numbers = Mapping[str, float]
Twin = Callable[[float, Numbers, Numbers, Numbers], Numbers]
"""Rates by hand: of time, states, parameters and inputs."""
EXACT = Stiff(rtol=1e-9)


@dataclass
class Alone:
    """A module alone; numbers are internal: h, nmol/mL, mV times `factors`."""

    module: type[Module]
    place: str = "brain"
    values: Numbers = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.system: System = flatten(Model("alone", {"it": part(self.module, self.place, **self.values)}))
        self.names = [row.name for row in self.system.states]
        self.factors = {row.name: row.unit.factor for row in self.system.states}
        self._rates, self._derived = rates_of(self.system), derived_of(self.system)

    def params(self) -> dict[str, float]:
        """Parameters in their own units."""
        found = {}
        for row in self.system.params:
            assert isinstance(row.initial, Const), row.full
            found[row.name] = row.initial.value / row.unit.factor
        return found

    def start(self) -> dict[str, float]:
        """Initial values in the states' own units."""
        found = {}
        for row in self.system.states:
            assert isinstance(row.initial, Const), row.full
            found[row.name] = row.initial.value / row.unit.factor
        return found

    def inputs(self) -> dict[str, float]:
        """Inputs at their nominals, in their own units, by quantity."""
        return {row.quantity: row.nominal / row.unit.factor for row in self.system.inputs}

    def _vectors(self, state: Numbers, params: Numbers, inputs: Numbers) -> tuple[list[float], list[float], list[float]]:
        y = [state[name] * self.factors[name] for name in self.names]
        p = [params[row.name] * row.unit.factor for row in self.system.params]
        u = [inputs[row.quantity] * row.unit.factor if row.quantity in inputs else row.nominal for row in self.system.inputs]
        return y, p, u

    def rates(self, t: float, state: Numbers, params: Numbers, inputs: Numbers) -> dict[str, float]:
        """Rates in the states' own units per hour."""
        found = self._rates(t, *self._vectors(state, params, inputs))
        return {name: value / self.factors[name] for name, value in zip(self.names, found, strict=True)}

    def derived(self, t: float, state: Numbers, params: Numbers, inputs: Numbers) -> dict[str, float]:
        """Derived rows in their own units."""
        found = self._derived(t, *self._vectors(state, params, inputs))
        return {row.name: value / row.unit.factor for row, value in zip(self.system.derived, found, strict=True)}

    def run(
        self,
        times: np.ndarray,
        *,
        start: Numbers | None = None,
        params: Numbers | None = None,
        schedule: Sequence[Entry] = (),
        **inputs: float,
    ) -> dict[str, np.ndarray]:
        """States over `times` in their own units; inputs by quantity, dots as __."""
        first, numbers = {**self.start(), **(start or {})}, {**self.params(), **(params or {})}
        heard = {**self.inputs(), **{name.replace("__", "."): value for name, value in inputs.items()}}
        y, p, u = self._vectors(first, numbers, heard)
        batch = Batch(
            params=np.array([p]), inputs=np.array([u]), states=np.array([y]), schedules=(tuple(schedule),),
            start=np.array([times[0]]), end=np.array([times[-1]]), windows=(times[None, :],),
        )  # fmt: skip
        solved = compile_system(self.system, backend="reference").solve(batch, EXACT)
        states = solved.states[0][0]
        assert np.isfinite(states).all(), solved.statuses[0]
        return {name: states[:, i] / self.factors[name] for i, name in enumerate(self.names)}


def samples(rng: np.random.Generator, centre: Numbers, *, spread: float = 1.0, count: int = 60) -> list[tuple[float, Numbers]]:
    """Times and states around a centre: positive ones by a factor, all others by an amount."""
    found = []
    for _ in range(count):
        state = {
            name: value * 10 ** rng.uniform(-spread, spread) if value > 0 else value + rng.normal() * max(1.0, abs(value)) * spread
            for name, value in centre.items()
        }
        found.append((float(rng.uniform(0, 48)), state))
    return found


def differing(
    one: Alone, twin: Twin, where: Sequence[tuple[float, Numbers]], ours: Numbers, theirs: Numbers, inputs: Sequence[Numbers]
) -> set[str]:
    """States whose rates differ from the twin's by more than 1e-9 of the largest seen."""
    pairs = [(one.rates(t, y, ours, u), twin(t, y, theirs, u)) for t, y in where for u in inputs]
    found = set()
    for name in one.names:
        for a, b in pairs:
            if not abs(a[name] - b[name]) <= 1e-9 * max(abs(a[name]), abs(b[name]), 1e-9):
                found.add(name)
    return found
