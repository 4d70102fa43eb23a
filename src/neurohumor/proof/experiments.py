"""Experiments as TOML files: read strictly, with the line of every fault; a folder of them may come from anybody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from neurohumor.engine.clock import Span, hour_of
from neurohumor.engine.schedule import Change
from neurohumor.errors import FileError, NeurohumorError, UnknownName, did_you_mean
from neurohumor.life import person as persons
from neurohumor.life.clock import read_span
from neurohumor.life.files import at_path, checked_table, person_in, protocol_in, read_person, read_protocol
from neurohumor.life.lines import Path_, Unfit, lines_of, read_text, read_toml, walk
from neurohumor.life.person import Person, read_override
from neurohumor.life.protocol import Protocol
from neurohumor.proof.experiment import REFERENCE_MAN, REFERENCE_WOMAN, Arm, Experiment
from neurohumor.proof.forms import ARM, OVERRIDE, TOP
from neurohumor.proof.measures import measure_in

MINUTE = 1 / 60
LONG_DAYS = 4
MOST_FILES = 10_000
PEOPLE = {REFERENCE_MAN: persons.REFERENCE_MAN, REFERENCE_WOMAN: persons.REFERENCE_WOMAN}


def experiment_files(folder: str | Path) -> tuple[Path, ...]:
    """The TOML files of a folder and its folders that are experiments or ought to be: those with `measures`, or that cannot be read.

    Persons and days beside them are left out.  Raises FileError where the folder is none, or holds no experiment.
    """
    place = Path(folder)
    if not place.is_dir():
        raise FileError("this is no folder", where=str(folder), remedy="give a folder of experiment files")
    every = sorted(path for path in place.rglob("*.toml") if path.is_file())
    if len(every) > MOST_FILES:
        raise FileError(f"the folder holds {len(every)} files", where=str(folder), remedy=f"at most {MOST_FILES}")
    found = tuple(path for path in every if _meant(path))
    if not found:
        raise FileError("no experiment is in this folder", where=str(folder), remedy="an experiment is a TOML file with [[measures]]")
    return found


def _meant(path: Path) -> bool:
    """Whether a file is an experiment, or is broken so that nobody can tell."""
    try:
        document = read_toml(on_one_line(read_text(path)), str(path))
    except FileError:
        return True
    return bool({"measures", "arms", "id", "kind"} & document.keys())


def read_experiment(path: str | Path, *, within: str | Path | None = None) -> Experiment:
    """The experiment of a file.  Persons and days that it names lie within its own folder, or within `within`.

    Raises FileError with file and line for anything that is not one.
    """
    return experiment_from(read_text(path), str(path), folder=Path(path).parent, within=Path(within) if within else None)


def experiment_from(text: str, where: str = "experiment.toml", *, folder: Path | None = None, within: Path | None = None) -> Experiment:
    """The experiment of a TOML text; `where` stands in the messages, `folder` is where the files that it names are looked for."""
    text = on_one_line(text)
    document = read_toml(text, where)
    reader = _Reader(folder, within or folder)
    try:
        walk(document)
        return reader.experiment(document, where)
    except Unfit as fault:
        raise FileError(fault.what, where=f"{where}:{lines_of(text).of(fault.path)}", remedy=fault.remedy) from None


_BLOCK = re.compile(r'^(?P<key>[ \t]*\w+[ \t]*=[ \t]*)"""(?P<inside>.*?)"""', re.DOTALL | re.MULTILINE)


def on_one_line(text: str) -> str:
    """The text with its notes of several lines each written on one, every other line where it was: files of ours have short lines."""

    def joined(found: re.Match[str]) -> str:
        inside = re.sub(r"\\\r?\n\s*", "", found["inside"].removeprefix("\r").removeprefix("\n"))
        inside = re.sub(r'(?<!\\)"', r"\"", inside.rstrip("\r\n")).replace("\r", "").replace("\n", "\\n")
        return f'{found["key"]}"{inside}"' + "\n" * found["inside"].count("\n")

    return _BLOCK.sub(joined, text)


class _Reader:
    """Reads the tables of one file."""

    def __init__(self, folder: Path | None, within: Path | None) -> None:
        self._folder, self._within = folder, within

    def experiment(self, document: dict[str, Any], where: str) -> Experiment:
        top = checked_table(document, TOP, (), ("arms", "measures"))
        if (top["kind"] == "calibration") != bool(top.get("parameters_set")):
            remedy = "a calibration lists them; what lists none is a prediction"
            raise Unfit(("kind",), f"a {top['kind']} with{'out' * (top['kind'] == 'calibration')} parameters_set", remedy)
        arms = {name: self._arm(name, given) for name, given in _named(document, "arms")}
        if not arms:
            raise Unfit((), "the experiment has no arm", "add [arms.NAME] with person and protocol")
        measures = document.get("measures")
        if not isinstance(measures, list) or not measures or not all(isinstance(one, dict) for one in measures):
            raise Unfit(("measures",), "the experiment measures nothing", "begin each measure with [[measures]] on a line of its own")
        found = tuple(measure_in(given, ("measures", k), tuple(arms)) for k, given in enumerate(measures))
        names = [one.name for one in found]
        twice = next((k for k, name in enumerate(names) if name in names[:k]), None)
        if twice is not None:
            raise Unfit(("measures", twice, "name"), f"two measures are called {names[twice]!r}", "give each its own name")
        return Experiment(
            id=top["id"],
            title=top["title"],
            source=top["source"],
            kind=top["kind"],
            arms=arms,
            measures=found,
            claims=tuple(top.get("claims", ())),
            parameters_set=tuple(top.get("parameters_set", ())),
            notes=top.get("notes", ""),
            known_shortfall=top.get("known_shortfall", ""),
            path=where,
        )

    def _arm(self, name: str, given: dict[str, Any]) -> Arm:
        path: Path_ = ("arms", name)
        told = checked_table(given, ARM, path)
        person = self._person(told.get("person", REFERENCE_WOMAN), (*path, "person"))
        protocol = self._protocol(told.get("protocol", {}), (*path, "protocol"))
        protocol += _within((*path, "clamps"), "clamp", told.get("clamps"))
        days = float(told.get("days") or protocol.days or 1.0)
        many = told.get("population")
        step = read_span(told["step"]) if "step" in told else 5 * MINUTE if many or days > LONG_DAYS else MINUTE
        span = Span(protocol.begins, protocol.begins + 24.0 * days)
        changes = tuple(_change(one, (*path, "overrides", k), span) for k, one in enumerate(told.get("overrides", ())))
        return Arm(
            name=name,
            person=person,
            protocol=protocol,
            days=days,
            model=told.get("model", "human"),
            changes=changes,
            choose=tuple(told.get("choose", ())),
            silent=tuple(told.get("silent", ())),
            population=many,
            seed=int(told.get("seed", 0)),
            settled=told.get("settled", True),
            step=step,
        )

    def _person(self, given: Any, path: Path_) -> Person:
        if isinstance(given, dict):
            return _inside(path, lambda: person_in(given))
        if given in PEOPLE:
            return PEOPLE[given]
        if not given.endswith(".toml"):
            remedy = did_you_mean(given, PEOPLE) or f"write {', '.join(PEOPLE)}, or the path of a person's file"
            raise Unfit(path, f"nobody is called {given!r}", remedy)
        return at_path(path, lambda: read_person(self._file(given)))

    def _protocol(self, given: Any, path: Path_) -> Protocol:
        if isinstance(given, dict):
            return _inside(path, lambda: protocol_in(given)) if given else Protocol()
        return at_path(path, lambda: read_protocol(self._file(given)))

    def _file(self, name: str) -> Path:
        """A file beside the experiment.  Raises UnknownName for a path that leaves the folder."""
        if self._folder is None or self._within is None:
            raise UnknownName(f"{name!r} cannot be looked for", remedy="read the experiment from a file")
        found = (self._folder / name).resolve()
        if not found.is_relative_to(self._within.resolve()):
            raise UnknownName(f"{name!r} lies outside the folder of the experiments", remedy="put the file beside the experiment")
        return found


def _named(document: Mapping[str, Any], key: str) -> list[tuple[str, dict[str, Any]]]:
    tables = document.get(key, {})
    if not isinstance(tables, dict) or not all(isinstance(one, dict) for one in tables.values()):
        raise Unfit((key,), f"{key} is not a table of tables", f"begin each with [{key}.NAME] on a line of its own")
    return list(tables.items())


def _inside(path: Path_, call: Any) -> Any:
    """What `call` makes of a table within the file; the path of its fault is completed."""
    try:
        return call()
    except Unfit as fault:
        raise Unfit((*path, *fault.path), fault.what, fault.remedy) from None
    except NeurohumorError as fault:
        raise Unfit(path, fault.what, fault.remedy) from None


def _within(path: Path_, kind: str, tables: list[dict[str, Any]] | None) -> Protocol:
    """The happenings of one kind given as a list of tables."""
    found = Protocol()
    for k, one in enumerate(tables or ()):
        try:
            found += protocol_in({kind: [one]})
        except Unfit as fault:
            raise Unfit((*path, k, *fault.path[2:]), fault.what, fault.remedy) from None
    return found


def _change(given: dict[str, Any], path: Path_, span: Span) -> Change:
    told = checked_table(given, OVERRIDE, path)
    value = at_path((*path, "value"), lambda: read_override(told["value"]))
    if told["from"] == "always":
        return Change(told["name"], _plain(value))
    moment = at_path((*path, "from"), lambda: hour_of(told["from"], span))
    if not span.start <= moment < span.end:
        raise Unfit((*path, "from"), f"{told['from']!r} lies outside the run", "give a moment within the arm's days")
    return Change(told["name"], _plain(value), moment)


def _plain(value: Any) -> Any:
    """An override as the engine takes it: factors as text."""
    return str(value) if type(value).__name__ == "Times" else value
