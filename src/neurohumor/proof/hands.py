"""What each influence does to experiments: all switched off, then one at a time, with its least, usual and greatest effect.

An influence is neutral while what it hears rests where it rested on the reference day.  So that it has something to do, the people
of an experiment may be settled with a hormone elsewhere (`Elsewhere`): after the menopause, in Cushing's disease.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from neurohumor.engine.schedule import Change
from neurohumor.lang.decl import Influence
from neurohumor.lang.model import Model
from neurohumor.life.day import set_
from neurohumor.models import load
from neurohumor.proof.experiment import Arm, Experiment
from neurohumor.proof.validate import Score, validate

Level = Literal["low", "usual", "high"]
LEVELS: tuple[Level, ...] = ("low", "usual", "high")


@dataclass(frozen=True, slots=True)
class Hand:
    """An influence at every place where a model has it.

    key      "Module.name"; `full` its full names by part; `emax` the full names of its effect's size
    effects  size by level: the bounds of the evidence, and the value between them
    """

    key: str
    doc: str
    hears: str
    gives: tuple[str, ...]
    full: tuple[str, ...]
    emax: tuple[str, ...]
    effects: Mapping[Level, float]
    claim: str
    grade: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A hormone that the people of an experiment have always had at another level than the reference day's."""

    name: str
    quantity: str
    value: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A measure without any influence, and with one at each level."""

    hand: Hand
    elsewhere: Elsewhere | None
    experiment: str
    without: Score
    at: Mapping[Level, Score]

    def size(self) -> float:
        """How far any level moves it, in its unit."""
        return max((abs(one.value - self.without.value) for one in self.at.values()), default=0.0)


def hands_of(model: Model) -> tuple[Hand, ...]:
    """The influences of a model, those of one module together, in order of their parts."""
    found: dict[str, list[tuple[str, Influence]]] = {}
    for name, part in model.parts.items():
        for influence in part.module.of(Influence):
            found.setdefault(f"{part.module.__name__}.{influence.name}", []).append((name, influence))
    return tuple(_hand(key, model, rows) for key, rows in found.items())


def _hand(key: str, model: Model, rows: Sequence[tuple[str, Influence]]) -> Hand:
    one = rows[0][1]
    low, high = one.emax.bounds
    return Hand(
        key=key,
        doc=one.doc,
        hears=one.by.quantity,
        gives=tuple(influence.target.replace("{here}", model.parts[name].here) for name, influence in rows),
        full=tuple(f"{name}.{influence.name}" for name, influence in rows),
        emax=tuple(f"{name}.{influence.emax.name}" for name, influence in rows),
        effects={"low": low, "usual": one.emax.value, "high": high},
        claim=one.claim,
        grade=one.grade,
    )


def moved(
    experiments: Iterable[Experiment],
    elsewhere: Mapping[str, Sequence[Elsewhere]],
    *,
    choose: Mapping[str, Sequence[str]] | None = None,
    only: Callable[[Hand], bool] = lambda hand: True,
    backend: str = "",
) -> Iterator[Moved]:
    """Each measure of the experiments under each influence that their models have, alone.

    elsewhere  where people are settled, by what the influence hears; hormones that are not named rest
    choose     shelf items added to the arms of a model
    Raises what `validate` raises; a measure that cannot be taken comes with its message.
    """
    for one in experiments:
        chosen = replace(one, arms={name: _choosing(arm, choose or {}) for name, arm in one.arms.items()})
        every = _every(chosen)
        names = tuple(full for hand in every for full in hand.full)
        for hand in filter(only, every):
            for where in elsewhere.get(hand.hears, ()):
                yield from _alone(_living(chosen, where), hand, names, where, backend)


def _choosing(arm: Arm, choose: Mapping[str, Sequence[str]]) -> Arm:
    return replace(arm, choose=(*arm.choose, *(item for item in choose.get(arm.model, ()) if item not in arm.choose)))


def _every(one: Experiment) -> tuple[Hand, ...]:
    """The influences of its models, none twice."""
    found: dict[str, Hand] = {}
    for arm in one.arms.values():
        for hand in hands_of(load(arm.model).choose(*arm.choose).model(arm.person, arm.protocol)):
            found.setdefault(hand.key, hand)
    return tuple(found.values())


def _living(one: Experiment, where: Elsewhere) -> Experiment:
    """The experiment with people who have always had this hormone there."""
    level = set_(where.quantity, where.value)

    def settled(arm: Arm) -> Arm:
        return replace(arm, person=arm.person.with_(habits=arm.person.habits + level))

    return replace(one, arms={name: settled(arm) for name, arm in one.arms.items()})


def _alone(one: Experiment, hand: Hand, names: Sequence[str], where: Elsewhere, backend: str) -> Iterator[Moved]:
    others = tuple(name for name in names if name not in hand.full)
    versions = [_with(one, tuple(names), ())]
    for level in LEVELS:
        versions.append(_with(one, others, tuple(Change(name, hand.effects[level]) for name in hand.emax)))
    without, *levels = validate([replace(v, id=f"{one.id} {k}") for k, v in enumerate(versions)], backend=backend)
    for k, score in enumerate(without.scores):
        yield Moved(hand, where, one.id, score, {level: found.scores[k] for level, found in zip(LEVELS, levels, strict=True)})


def _with(one: Experiment, silent: tuple[str, ...], changes: tuple[Change, ...]) -> Experiment:
    def changed(arm: Arm) -> Arm:
        return replace(arm, silent=(*arm.silent, *silent), changes=(*arm.changes, *changes))

    return replace(one, arms={name: changed(arm) for name, arm in one.arms.items()})
