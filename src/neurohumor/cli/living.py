"""From files and options to a run with its story: what `run` and `explain` share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurohumor.errors import ModelError

if TYPE_CHECKING:
    from neurohumor.cli.given import Life
    from neurohumor.engine.run import Run
    from neurohumor.engine.solve import Window
    from neurohumor.life.person import Person
    from neurohumor.life.protocol import Protocol
    from neurohumor.show.report import Story

MOST_DAYS = 3660
MOST_PEOPLE = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be simulated: files, days, model, windows, population, seed, tolerance; no person: the reference person.

    given  a subject of a table of events, in place of person and day
    resume  a file of an interrupted run of these people, to go on with
    """

    person: Path | None
    day: Path | None
    days: float | None = None
    model: str = "human"
    windows: Sequence[Window] | None = None
    population: int | None = None
    seed: int = 0
    rtol: float = 1e-6
    given: Life | None = None
    resume: Path | None = None


def live(asked: Asked) -> Story:
    """The run with its story.  People who fail carry it in their status; whatever cannot be asked for raises a NeurohumorError."""
    check_asked(asked)
    from neurohumor.life.files import read_person, read_protocol
    from neurohumor.models import load

    if asked.given is not None:
        person, protocol = asked.given.person, asked.given.protocol
    else:
        person = read_person(asked.person) if asked.person is not None else None
        protocol = read_protocol(asked.day) if asked.day is not None else None
    family = load(asked.model)

    from neurohumor.cli.messages import tell_note
    from neurohumor.cli.progress import Watch
    from neurohumor.engine.joining import interrupted_people, with_people
    from neurohumor.engine.problem import Stiff
    from neurohumor.engine.solve import simulate
    from neurohumor.engine.subject import reference_person

    somebody = person if person is not None else reference_person()
    people: Any = somebody
    if asked.population is not None:
        from neurohumor.study.population import sample

        people = sample(asked.population, like=somebody, seed=asked.seed)
    begun = _begun(asked, family, list(people), protocol) if asked.resume is not None else None
    left = interrupted_people(begun) if begun is not None else ()
    if begun is not None and not left:
        tell_note(f"nothing is left to do: nobody in {asked.resume} was interrupted")
        return _told(begun, family, somebody, protocol)
    with Watch("living", first="settling") as watch:
        run = simulate(
            family,
            people if begun is None else [people[k] for k in left],
            protocol,
            days=asked.days,
            windows=asked.windows,
            options=Stiff(rtol=asked.rtol),
            strict=False,
            seed=asked.seed,
            progress=watch,
        )
    if begun is not None:
        run = with_people(begun, run, left)
    return _told(run, family, somebody, protocol)


def _begun(asked: Asked, family: Any, people: list[Any], protocol: Protocol | None) -> Run:
    """The interrupted run in the file.  Raises FileError, and ModelError where it is of other people, days or equations."""
    from neurohumor.engine.provenance import digest
    from neurohumor.engine.storage import read_run, with_equations
    from neurohumor.engine.subject import subject_of, system_of

    assert asked.resume is not None
    run = read_run(asked.resume)
    subject = subject_of(family, people[0], protocol)
    days = asked.days or (protocol.days if protocol is not None else None) or 1.0
    begin = protocol.begins if protocol is not None else 0.0
    due = {
        "people": (run.made_by.inputs.get("people"), digest(people)),
        "day": (run.made_by.inputs.get("protocol"), digest(subject.protocol)),
        "days": ((run.start, run.end), (begin, begin + 24.0 * days)),
        "windows": (run.made_by.inputs.get("windows"), digest([str(window) for window in asked.windows or ()])),
        "seed": (run.made_by.seed, asked.seed),
        "tolerance": (run.made_by.options.get("rtol"), asked.rtol),
        "equations": (system_of(subject.model).fingerprint in run.made_by.fingerprints, True),
    }
    other = [name for name, (there, here) in due.items() if there != here]
    if other:
        what = f"it is of other {' and '.join(other)}"
        raise ModelError(what, where=str(asked.resume), remedy="resume with just the command that was interrupted")
    return with_equations(run, subject.model) if len(run.groups) == 1 else run


def check_asked(asked: Asked) -> None:
    """Raises ModelError for numbers that cannot be."""
    if asked.days is not None and not 0 < asked.days <= MOST_DAYS:
        raise ModelError(f"{asked.days:g} days cannot be simulated", where="--days", remedy=f"give a number above 0, at most {MOST_DAYS}")
    if asked.population is not None and not 1 <= asked.population <= MOST_PEOPLE:
        raise ModelError(f"{asked.population} people cannot be drawn", where="--population", remedy=f"give 1 to {MOST_PEOPLE}")
    if not 1e-12 <= asked.rtol <= 1e-2:
        raise ModelError(f"a relative tolerance of {asked.rtol:g}", where="--rtol", remedy="give 1e-12 to 1e-2")


def _told(run: Any, family: Any, person: Person, protocol: Protocol | None) -> Story:
    from neurohumor.life.lived import lived
    from neurohumor.life.protocol import Protocol as Life
    from neurohumor.models.readouts.headlines import HEADLINES
    from neurohumor.proof.readouts import readouts
    from neurohumor.show.report import NO_READOUTS, Story

    lives = protocol or Life()
    days = (run.end - run.start) / 24
    name = person.name or "A person"
    what = lives.title or ("the day" if protocol else "habits")
    title = f"{name}: {what}, {days:.3g} day{'s' * (days != 1)}"
    body = f"{'woman' if person.sex == 'f' else 'man'}, {person.given['person.age']}, {person.given['person.weight']}"
    model = family.model(person, *([protocol] if protocol else []))
    going_on = lived(person, lives, start=run.start, end=run.end)
    told = readouts(run) if run.ok else NO_READOUTS
    return Story(run, title, f"{body}; model {model.name}", model, going_on, person.labs, HEADLINES, told)
