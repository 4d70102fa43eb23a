"""Persons and days as TOML files: read with the line of every fault, never evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from neurohumor.errors import FileError, NeurohumorError, did_you_mean
from neurohumor.life.happenings import Happening
from neurohumor.life.keys import Key, shown
from neurohumor.life.labs import Lab, lab
from neurohumor.life.lines import Path_, Unfit, lines_of, read_text, read_toml, shown_path, walk
from neurohumor.life.person import Person
from neurohumor.life.person_tables import LAB, PERSON, SECTIONS, Section
from neurohumor.life.protocol import Protocol
from neurohumor.life.tables import OPEN_ENDED, TABLES, TOP, Table, read_start

T = TypeVar("T")


def read_person(path: str | Path) -> Person:
    """The person of a file. Raises FileError with file and line for anything that is not one."""
    return person_from(read_text(path), shown_path(path))


def read_protocol(path: str | Path) -> Protocol:
    """The day or days of a file. Raises FileError with file and line for anything that is not one."""
    return protocol_from(read_text(path), shown_path(path))


def person_from(text: str, where: str = "person.toml") -> Person:
    """The person of a TOML text; `where` stands in the messages."""
    return _located(text, where, _person)


def protocol_from(text: str, where: str = "day.toml") -> Protocol:
    """The protocol of a TOML text; `where` stands in the messages."""
    return _located(text, where, _protocol)


def _located(text: str, where: str, build: Callable[[dict[str, Any]], T]) -> T:
    """What `build` makes of the text; a fault becomes a FileError at its line."""
    document = read_toml(text, where)
    try:
        walk(document)
        return build(document)
    except Unfit as fault:
        raise FileError(fault.what, where=f"{where}:{lines_of(text).of(fault.path)}", remedy=fault.remedy) from None


def _at(path: Path_, call: Callable[[], T]) -> T:
    """The value of `call`; what it raises is a fault at this path."""
    try:
        return call()
    except NeurohumorError as fault:
        raise Unfit(path, fault.what, fault.remedy) from None


def _checked(values: Mapping[str, Any], keys: Iterable[Key], path: Path_, others: Iterable[str] = ()) -> dict[str, Any]:
    """The values of a table, each checked, under the names of their arguments; `others` are keys read elsewhere."""
    known = {key.name: key for key in keys}
    allowed = [*known, *others]
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in allowed:
            raise Unfit((*path, name), f"unknown key {shown(name)}", did_you_mean(name, allowed) or "known: " + ", ".join(allowed))
        if name in known:
            key = known[name]
            what = key.argument or key.name
            if what in found:
                raise Unfit((*path, name), f"{name} says again what another key has said", "leave one of them out")
            _at((*path, name), lambda key=key, value=value: key.check(value))
            found[what] = value
    for key in known.values():
        if key.required and key.name not in values:
            raise Unfit(path, f"{key.name} is missing", f"{key.name}: {key.doc}")
    return found


def _protocol(document: dict[str, Any]) -> Protocol:
    top = _checked(document, TOP, (), TABLES)
    found = _happenings({name: value for name, value in document.items() if name in TABLES}, ())
    start = _at(("start",), lambda: read_start(top["start"])) if "start" in top else None
    if start is None:
        for place, _ in found:
            if "on" in document[str(place[0])][place[1]]:
                remedy = 'add the date of day 0 at the top, as in start = "2026-03-02"'
                raise Unfit((*place, "on"), "`on` is a date, but the file has no start", remedy)
    protocol = Protocol(_all(found), top.get("title", ""), top.get("notes", ""), start, top.get("days"))
    _apart(found, protocol)
    return protocol


Found = list[tuple[Path_, Protocol]]
"""What each table has become, with its place."""


def _happenings(document: Mapping[str, Any], path: Path_) -> Found:
    found: Found = []
    for name, tables in document.items():
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            header = ".".join(map(str, (*path, name)))
            raise Unfit((*path, name), f"{name} is not a list of tables", f"begin each with [[{header}]] on a line of its own")
        for i, values in enumerate(tables):
            place = (*path, name, i)
            found.append((place, _happening(TABLES[name], values, place)))
    return found


def _all(found: Found) -> tuple[Happening, ...]:
    return tuple(one for _, protocol in found for one in protocol)


def _apart(found: Found, whole: Protocol) -> None:
    """Refuses overlaps, at the first table that overlaps one before it."""
    try:
        whole.check()
    except NeurohumorError:
        low, high = 0, len(found)  # the first `low` tables are free of faults, the first `high` are not
        while high - low > 1:
            middle = (low + high) // 2
            try:
                replace(whole, happenings=_all(found[:middle])).check()
                low = middle
            except NeurohumorError:
                high = middle
        _at(found[low][0], replace(whole, happenings=_all(found[:high])).check)


def _happening(table: Table, values: dict[str, Any], path: Path_) -> Protocol:
    given = _checked(values, table.keys, path)
    if table.one_of() and "from_" not in given and table.name not in OPEN_ENDED:
        raise Unfit(path, "from is missing", 'from: when it begins, as in from = "07:30"')
    return _at(path, lambda: table.build(**given))


def _person(document: dict[str, Any]) -> Person:
    given = _checked(document, PERSON, (), (*SECTIONS, "lab", "habits"))
    for name, section in SECTIONS.items():
        if name in document:
            given |= _section(section, document[name], (name,))
    given["labs"] = _labs(document.get("lab", []))
    habits = document.get("habits")
    if habits is not None:
        if not isinstance(habits, dict):
            raise Unfit(("habits",), "habits is not a table", "write each as [[habits.sleep]], [[habits.meal]] ...")
        _checked(habits, (), ("habits",), TABLES)
        given["habits"] = _habits(habits)
    return _at((), lambda: Person(**given))


def _habits(document: dict[str, Any]) -> Protocol:
    found = _happenings(document, ("habits",))
    for place, one in found:
        _at(place, lambda one=one: Person(habits=Protocol(tuple(one)[:1])))  # one of a list stands for all
    whole = Protocol(_all(found))
    _apart(found, whole)
    return whole


def _section(section: Section, values: object, path: Path_) -> dict[str, Any]:
    """A table whose keys are names: each is checked by itself, so that its fault has its own line."""
    if not isinstance(values, dict):
        raise Unfit(path, f"{section.name} is not a table", f"write it as in {section.example}")
    for name, value in values.items():
        _at((*path, name), lambda name=name, value=value: section.check(name, value))
    return section.arguments(values)


def _labs(tables: object) -> list[Lab]:
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise Unfit(("lab",), "lab is not a list of tables", "begin each with [[lab]] on a line of its own")
    found = []
    for i, values in enumerate(tables):
        given = _checked(values, LAB, ("lab", i))
        found.append(_at(("lab", i), lambda given=given: lab(**given)))
    return found


# For tables of this kind within other files, as an experiment's: they raise `Unfit` with the path in the file.
checked_table, at_path, protocol_in, person_in = _checked, _at, _protocol, _person
