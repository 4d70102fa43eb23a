"""Experiments held against the model: each measure is a hit or a miss, or could not be taken; predictions and calibrations apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from neurohumor.engine.clock import Span
from neurohumor.engine.provenance import digest
from neurohumor.errors import FileError, NeurohumorError, UnknownName, did_you_mean
from neurohumor.models import load
from neurohumor.proof.experiment import Arm, Experiment, Measure
from neurohumor.proof.experiments import experiment_files, read_experiment
from neurohumor.proof.reading import Trial, value_of

Status = Literal["hit", "partial", "miss", "error"]
Progress = Callable[[float, float], bool]
"""Told how many of how many experiments are done."""

OWN = Path(__file__).parent / "experiments"
"""The experiments that come with the package."""


@dataclass(frozen=True, slots=True)
class Score:
    """A measure with its value (NaN: could not be taken; `message` says why), target and tolerance as in the file.

    daily  the value is a time of day, in `unit` since midnight
    """

    name: str
    value: float
    unit: str
    target: float | None
    tolerance: Mapping[str, Any]
    status: Literal["hit", "miss", "error"]
    message: str = ""
    daily: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """An experiment with its scores.

    status  hit: every measure is; partial: some are; miss: none is; error: none is, and at least one could not be taken
    """

    id: str
    title: str
    kind: str
    status: Status
    scores: tuple[Score, ...]
    message: str = ""
    known_shortfall: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is no experiment, and why."""

    path: str
    fault: FileError


def read_folder(folder: str | Path | None = None, *, only: str = "") -> tuple[Experiment | Unreadable, ...]:
    """The experiments of a folder (default: the package's own), in order of id; what cannot be read is kept with its fault.

    only  the one of that id (or, of an unreadable file, of that name).  Raises FileError for no folder, UnknownName for no such id.
    """
    place = Path(folder) if folder is not None else OWN
    found: list[Experiment | Unreadable] = []
    for path in experiment_files(place):
        try:
            found.append(read_experiment(path, within=place))
        except FileError as fault:
            found.append(Unreadable(str(path), fault))
    found.sort(key=_id)
    found = [*_distinct(found)]
    if not only:
        return tuple(found)
    chosen = tuple(one for one in found if _id(one) == only)
    if not chosen:
        known = [_id(one) for one in found]
        raise UnknownName(f"no experiment has the id {only!r}", remedy=did_you_mean(only, known) or f"there are: {', '.join(known)}")
    return chosen


def _id(one: Experiment | Unreadable) -> str:
    return one.id if isinstance(one, Experiment) else Path(one.path).stem


def _distinct(found: Iterable[Experiment | Unreadable]) -> Iterator[Experiment | Unreadable]:
    """Where two files claim one id, the second is unreadable."""
    seen: dict[str, str] = {}
    for one in found:
        if isinstance(one, Experiment) and one.id in seen:
            fault = FileError(f"the id {one.id!r} is that of {seen[one.id]} too", where=one.path, remedy="give each its own id")
            yield Unreadable(one.path, fault)
            continue
        if isinstance(one, Experiment):
            seen[one.id] = one.path
        yield one


def validate(
    experiments: Sequence[Experiment | Unreadable],
    *,
    population: int | None = None,
    backend: str = "",
    progress: Progress | None = None,
) -> Iterator[Result]:
    """Each experiment's result as soon as it is there; arms that are alike are simulated once.

    population  people in the arms that have a population, in place of what the files say
    backend     the engine; none named: the quickest of this machine
    Raises KeyboardInterrupt where a run is interrupted; the results before it stand.
    """
    bench = _Bench(experiments, population, backend)
    for k, one in enumerate(experiments):
        if isinstance(one, Unreadable):
            yield Result(_id(one), "cannot be read", "", "error", (), str(one.fault), "", one.path)
        else:
            yield _result(one, bench, _counting(progress, k, len(experiments), len(one.arms)))
        if progress is not None:
            progress(k + 1.0, float(len(experiments)))


def _counting(progress: Progress | None, done: int, total: int, arms: int) -> Progress:
    finished = 0

    def tell(part: float, whole: float) -> bool:
        nonlocal finished
        share = part / whole if whole else 1.0
        finished += share >= 1.0
        return progress is None or progress(done + min(0.999, (finished + share % 1.0) / arms), float(total))

    return tell


def _result(one: Experiment, bench: _Bench, progress: Progress) -> Result:
    trials: dict[str, Trial] = {}
    faults: dict[str, str] = {}
    for name, arm in one.arms.items():
        try:
            trials[name] = bench.trial(arm, progress)
        except NeurohumorError as fault:
            faults[name] = f"arm {name}: {fault}"
    scores = tuple(_score(measure, trials, faults) for measure in one.measures)
    return Result(one.id, one.title, one.kind, status_of(scores), scores, "", one.known_shortfall, one.path)


def _score(measure: Measure, trials: Mapping[str, Trial], faults: Mapping[str, str]) -> Score:
    blank = Score(measure.name, math.nan, measure.unit, measure.target, measure.accepted.written, "error", daily=measure.daily)
    needed = [measure.arm, *([measure.against.arm] if measure.against is not None and measure.against.arm else [])]
    lost = [faults[arm] for arm in needed if arm in faults]
    if lost:
        return replace(blank, message="; ".join(lost))
    try:
        value = value_of(measure, trials)
    except NeurohumorError as fault:
        return replace(blank, message=str(fault))
    return replace(blank, value=value, status="hit" if measure.accepted.holds(value, daily=measure.daily) else "miss")


def status_of(scores: Sequence[Score]) -> Status:
    """Of an experiment, from its measures."""
    hits = sum(score.status == "hit" for score in scores)
    if scores and hits == len(scores):
        return "hit"
    if hits:
        return "partial"
    return "error" if not scores or any(score.status == "error" for score in scores) else "miss"


class _Bench:
    """Simulates arms; those that are alike share one run, within one call of `validate`."""

    def __init__(self, experiments: Iterable[Experiment | Unreadable], population: int | None, backend: str) -> None:
        self._population, self._backend = population, backend
        self._done: dict[str, Trial | NeurohumorError] = {}
        self._wanted: dict[str, set[str]] = {}
        for one in experiments:
            if isinstance(one, Experiment):
                for measure in one.measures:
                    for arm in (measure.arm, measure.against.arm if measure.against else ""):
                        if arm:
                            self._wanted.setdefault(self._key(one.arms[arm]), set()).add(measure.quantity)

    def trial(self, arm: Arm, progress: Progress) -> Trial:
        """The run of an arm.  Raises what its making raised, each time it is asked for."""
        key = self._key(arm)
        if key not in self._done:
            try:
                self._done[key] = self._simulated(arm, self._wanted.get(key, set()), progress)
            except NeurohumorError as fault:
                self._done[key] = fault
        found = self._done[key]
        if isinstance(found, NeurohumorError):
            raise found
        return found

    def _people(self, arm: Arm) -> int | None:
        return self._population if arm.population is not None and self._population is not None else arm.population

    def _key(self, arm: Arm) -> str:
        return digest(replace(arm, name="", population=self._people(arm)))

    def _simulated(self, arm: Arm, wanted: set[str], progress: Progress) -> Trial:
        from neurohumor.engine.program import quickest
        from neurohumor.engine.solve import simulate
        from neurohumor.engine.subject import happenings_of, subject_of, system_of
        from neurohumor.engine.table import table_of

        family = load(arm.model).choose(*arm.choose)
        family = family.without_influences(*arm.silent) if arm.silent else family
        subject = subject_of(family, arm.person, arm.protocol, arm.changes)
        start, end = arm.protocol.begins, arm.protocol.begins + 24.0 * arm.days
        people: Any = arm.person
        outputs: list[str] | None = None
        many = self._people(arm)
        if many is not None:
            from neurohumor.study.population import sample

            people = sample(many, like=arm.person, seed=arm.seed)
            known = table_of(system_of(subject.model)).columns
            outputs = sorted(name for name in wanted if name in known) or None
        run = simulate(
            family,
            people,
            arm.protocol,
            days=arm.days,
            windows=[(start, end, arm.step)],
            outputs=outputs,
            settled=arm.settled,
            strict=False,
            backend=self._backend or quickest(),
            seed=arm.seed,
            changes=arm.changes,
            progress=progress,
        )
        if run.interrupted:
            raise KeyboardInterrupt
        return Trial(run, Span(start, end, happenings_of(subject, start, end)))


def as_json(results: Iterable[Result]) -> str:
    """The results as JSON text: a list of {id, title, kind, status, measures: [{name, value, unit, target, tolerance, status}]}.

    A value that could not be taken is null.
    """
    import json

    told = [
        {
            "id": one.id,
            "title": one.title,
            "kind": one.kind,
            "status": one.status,
            "measures": [
                {
                    "name": score.name,
                    "value": score.value if math.isfinite(score.value) else None,
                    "unit": score.unit,
                    "target": score.target,
                    "tolerance": dict(score.tolerance),
                    "status": score.status,
                }
                for score in one.scores
            ],
        }
        for one in results
    ]
    return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)
