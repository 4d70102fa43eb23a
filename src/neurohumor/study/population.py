"""Virtual people: each parameter that differs between people is drawn for each, and what we do not know is drawn apart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

from neurohumor.engine.numbers import Worth
from neurohumor.engine.subject import inputs_of, params_of, subject_of, system_of
from neurohumor.errors import ModelError
from neurohumor.lang.system import ParamRow, System
from neurohumor.life.person import REFERENCE_WOMAN, Person, Times
from neurohumor.life.protocol import Protocol
from neurohumor.study.random import lognormal_factor, uniform
from neurohumor.units import Quantity

PEOPLE_DIFFER, NOT_KNOWN = 0, 1
"""Streams of random numbers: what differs between people (cv), and what we do not know (gsd)."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A virtual person: somebody like `like`, whose parameters are drawn once it is known which model is meant.

    It is what its seed and index make it: the same person in a population of any size, on any machine.
    """

    like: Person
    seed: int
    index: int
    ignorance: bool = False

    @property
    def name(self) -> str:
        """The name that it is listed under."""
        return f"{self.like.name or 'person'} {self.index}"

    @property
    def sex(self) -> str:
        """ "f" or "m"."""
        return self.like.sex

    @property
    def given(self) -> Mapping[str, Quantity]:
        """The person.* quantities."""
        return self.like.given

    @property
    def habits(self) -> Protocol:
        """The life it settles under."""
        return self.like.habits

    @property
    def values(self) -> Mapping[str, Any]:
        """The overrides of the person it is like; the draws stand on them."""
        return self.like.values

    def __repr__(self) -> str:
        drawn = "with what is not known" if self.ignorance else "as people differ"
        return f"<{self.name}: drawn {drawn}, seed {self.seed}>"

    def draws(self, system: System) -> dict[str, Times]:
        """A factor for every parameter of a system that differs between people (and, with ignorance, that is not known exactly)."""
        rows = [(i, row) for i, row in enumerate(system.params) if row.cv > 0 or (self.ignorance and row.gsd > 1)]
        if not rows:
            return {}
        subject = subject_of(system, self.like)
        inputs = inputs_of(subject, system)
        own = params_of(subject, system, inputs)
        worth = Worth(system, own, inputs)
        return {row.full: Times(self._factor(row, worth.param(i))) for i, row in rows}

    def of(self, model: Any) -> Person:
        """The person with the draws for a model written out as overrides."""
        values = dict(self.like.values)
        for name, drawn in self.draws(system_of(subject_of(model, self.like).model)).items():
            values[name] = _times(values.get(name, Times(1.0)), drawn.factor)
        return self.like.with_(name=self.name, values=values)

    def _factor(self, row: ParamRow, base: float) -> float:
        """Ignorance moves the median for this person, and people differ around that."""
        factor = 1.0
        if self.ignorance and row.gsd > 1:
            factor = self._draw(row, base, math.log(row.gsd), NOT_KNOWN)
        if row.cv > 0:
            factor *= self._draw(row, base * factor, math.sqrt(math.log1p(row.cv**2)), PEOPLE_DIFFER)
        return factor

    def _draw(self, row: ParamRow, base: float, sigma: float, stream: int) -> float:
        low, high = _relative(row, base)
        return lognormal_factor(uniform(self.seed, row.full, self.index, stream), sigma, low, high)


@dataclass(frozen=True, slots=True)
class People(Sequence[Any]):
    """Virtual people, indexable; simulate() takes them as they are."""

    members: tuple[Any, ...]

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> People: ...
    def __getitem__(self, index: int | slice) -> Any:
        return People(self.members[index]) if isinstance(index, slice) else self.members[index]

    def __len__(self) -> int:
        return len(self.members)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.members)

    def __repr__(self) -> str:
        return f"<{len(self)} people like {getattr(self.members[0], 'like', self.members[0]).name or 'somebody'}>"


def sample(n: int, *, like: Person | None = None, seed: int = 0, model: Any = None, ignorance: bool = False) -> People:
    """`n` people like a person (default: the reference person), who differ in every parameter that has a cv.

    Each parameter is lognormal around the value of `like` (its median), cut off at the parameter's bounds; ignorance=True also
    draws, apart, what we do not know (gsd).  Person k is the same for any n, order and machine: sample(5)[3] == sample(1000)[3].
    model  where given, people are plain persons with their draws for this model written out; else they are drawn when simulated
    Raises ModelError for fewer than one person and for a seed that is none.
    """
    if n < 1 or n != int(n):
        raise ModelError(f"{n} people cannot be sampled", remedy="give a whole number above 0")
    if seed < 0 or seed != int(seed) or seed >= 2**64:
        raise ModelError(f"{seed} is no seed", remedy="give a whole number from 0 to 2**64 - 1")
    drawn = [Drawn(like or REFERENCE_WOMAN, int(seed), k, ignorance) for k in range(int(n))]
    return People(tuple(drawn) if model is None else tuple(one.of(model) for one in drawn))


def _relative(row: ParamRow, base: float) -> tuple[float, float]:
    """A parameter's bounds as factors on a base value."""
    if base == 0 or not math.isfinite(base):
        return 0.0, math.inf
    ends = sorted((row.bounds[0] / base, row.bounds[1] / base))
    low, high = max(ends[0], 0.0), ends[1]
    if not low <= 1.0 <= high:
        raise ModelError(
            f"{row.full} = {base / row.unit.factor:.6g} {row.unit} lies outside its bounds", remedy="look at the person's values"
        )
    return low, high


def _times(value: Any, factor: float) -> Any:
    """An override times a factor, of the same kind."""
    if isinstance(value, Times):
        return Times(value.factor * factor)
    return Quantity(value.value * factor, value.unit) if isinstance(value, Quantity) else value * factor
