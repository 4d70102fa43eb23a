"""A TOML file of ours as text: checked for size and shape before it is read, and its lines found again for the messages."""

from __future__ import annotations

import math
import os
import re
import stat
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from neurohumor.errors import FileError
from neurohumor.life.keys import LARGEST, MOST_ENTRIES, shown

LARGEST_FILE = 5_000_000
MOST_LINES = 50_000
LONGEST_LINE = 4000
MOST_COMMAS = 100_000
MOST_TABLES = 10_000
DEEPEST = 8

Path_ = tuple[str | int, ...]
"""Where a value stands in the file: ("sleep", 1, "from")."""
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"|' + r"'[^']*+'")
_DEEP_KEY = re.compile(r"(?<![\w-])[\w-]++(?:\s*+\.\s*+[\w-]++){7}", re.ASCII)  # DEEPEST names and more
_HEADER = re.compile(r"\s*(\[\[?)[^\[\]{},=]*\]\]?\s*")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_AT_LINE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


def read_text(path: str | Path) -> str:
    """The text of a file of at most 5 MB. Raises FileError for what is missing, too large, empty, or no UTF-8 text."""
    name = shown_path(path)
    try:
        about = os.stat(path)  # before it is opened: a pipe would keep its opener waiting
        if not stat.S_ISREG(about.st_mode):
            raise FileError("this is not an ordinary file", where=name, remedy="give the path of a text file")
        if about.st_size > LARGEST_FILE:
            raise _too_large(name, about.st_size)
        with open(path, "rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or str(fault)
        raise FileError(f"the file cannot be read: {why}", where=name, remedy="look at its name and place") from None
    if len(data) > LARGEST_FILE:
        raise _too_large(name, len(data))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise FileError("this is not a text in UTF-8", where=f"{name}:{line}", remedy="save it as plain text in UTF-8") from None
    return text


def shown_path(path: str | Path) -> str:
    """The path on one line, whatever it holds."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(path))


def _too_large(name: str, size: int) -> FileError:
    return FileError(f"the file has {size / 1e6:.1f} MB", where=name, remedy=f"at most {LARGEST_FILE / 1e6:.0f} MB; a day needs a few kB")


def read_toml(text: str, where: str) -> dict[str, Any]:
    """The values of a TOML text. Raises FileError in bounded time for what is no TOML, too deep, too long or not finite."""
    _shape(text, where)
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise FileError("the values are nested too deeply", where=where, remedy=f"at most {DEEPEST} levels") from None
    except tomllib.TOMLDecodeError as fault:
        found = _AT_LINE.search(str(fault))
        what = _AT_LINE.sub("", str(fault)).strip()
        line = found[1] if found and found[1] else str(text.count("\n") + 1)
        raise FileError(f"this is not TOML: {what[:1].lower()}{what[1:]}", where=f"{where}:{line}", remedy=_remedy(what)) from None
    except ValueError as fault:  # a number too long for Python, a day that no calendar has
        raise FileError(f"a value cannot be read: {str(fault)[:80]}", where=where, remedy="look at its numbers and dates") from None
    if not document:
        raise FileError("the file is empty", where=where, remedy="examples/everyday/ shows what it may hold")
    return document


def _remedy(what: str) -> str:
    if "overwrite" in what.lower() or "twice" in what.lower() or "namespace" in what.lower():
        return "a key stands once; several happenings of a kind each begin with [[kind]]"
    return 'a line is key = value, and a text stands between quotes, as in at = "07:30"'


def _shape(text: str, where: str) -> None:
    """Refuses what would take a reader long: see the limits above."""
    if not text.strip():
        raise FileError("the file is empty", where=where, remedy="examples/everyday/ shows what it may hold")
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        raise FileError(f"the file has {len(lines)} lines", where=where, remedy=f"at most {MOST_LINES}")
    commas = tables = 0
    for i, line in enumerate(lines, 1):
        bare = _STRING.sub("s", line) if len(line) <= LONGEST_LINE else ""
        fault = ""
        if len(line) > LONGEST_LINE:
            fault = f"a line of {len(line)} characters"
        elif any((c < " " and c not in "\t\r") or c == "\x7f" for c in line):
            fault = "a control character"
        elif '"""' in line.partition("#")[0] or "'''" in line.partition("#")[0]:
            fault = "a text over several lines"
        elif _DEEP_KEY.search(bare.partition("#")[0]):
            fault = "a key nested too deeply"
        if fault:
            raise FileError(fault, where=f"{where}:{i}", remedy="these files hold short lines of plain text")
        commas += bare.count(",")
        tables += bare.lstrip().startswith("[")
    if commas > MOST_COMMAS or tables > MOST_TABLES:
        raise FileError(
            f"the file lists {max(commas, tables)} things", where=where, remedy=f"at most {MOST_TABLES} tables, lists of {MOST_ENTRIES}"
        )


@dataclass(slots=True)
class Lines:
    """Where each key and table of a text stands."""

    found: dict[Path_, int] = field(default_factory=dict)

    def of(self, path: Path_) -> int:
        """The line of the value at this path, or of the nearest table around it."""
        while path:
            if path in self.found:
                return self.found[path]
            path = path[:-1]
        return 1


def lines_of(text: str) -> Lines:
    """The index of a text that `read_toml` has read."""
    lines = Lines()
    table: Path_ = ()
    counts: dict[Path_, int] = {}
    open_brackets = 0
    for i, line in enumerate(text.split("\n"), 1):
        bare = _STRING.sub("s", line).partition("#")[0]
        if not open_brackets and (header := _HEADER.fullmatch(bare)):
            names: Path_ = tuple(_unquoted(part) for part in _PART.findall(line.partition("]")[0]))
            table = names
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
                table = (*names, counts[names])
            lines.found.setdefault(names, i)
            lines.found.setdefault(table, i)
            continue
        if not open_brackets and (key := _KEY.match(line)):
            parts = tuple(_unquoted(part) for part in _PART.findall(key[1]))
            for n in range(1, len(parts) + 1):
                lines.found.setdefault((*table, *parts[:n]), i)
        open_brackets += sum(bare.count(c) for c in "[{") - sum(bare.count(c) for c in "]}")
    return lines


def _unquoted(part: str) -> str:
    return part[1:-1] if part[:1] in "\"'" else part


def walk(value: Any, path: Path_ = ()) -> None:
    """Raises `Unfit` for a value anywhere that no file of ours holds: NaN, infinity, a giant number, a long list, too many levels."""
    if len(path) > DEEPEST:
        raise Unfit(path[:DEEPEST], "the values are nested too deeply", f"at most {DEEPEST} levels")
    if isinstance(value, float) and not math.isfinite(value):
        raise Unfit(path, f"{value} is not a finite number", "give a finite number")
    if isinstance(value, int) and not -LARGEST <= value <= LARGEST:
        raise Unfit(path, "the number is too large", f"whole numbers lie within {LARGEST:.0e}")
    if isinstance(value, dict):
        for key, inner in value.items():
            walk(inner, (*path, key))
    elif isinstance(value, list):
        most = MOST_TABLES if value and isinstance(value[0], dict) else MOST_ENTRIES
        if len(value) > most:
            raise Unfit(path, f"a list of {len(value)}", f"at most {most} entries")
        for i, inner in enumerate(value):
            walk(inner, (*path, i))


class Unfit(Exception):
    """A fault at a path of the file; `read` turns it into a FileError with its line."""

    def __init__(self, path: Path_, what: str, remedy: str = "") -> None:
        self.path, self.what, self.remedy = path, what, remedy
        super().__init__(f"{shown(path)}: {what}")
