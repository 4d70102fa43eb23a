"""The ledger: the second entry of each cited number, and what was read to make it.

One TOML file for each file of modules, named like it.  A table is a module's class and a parameter of it:

    [DopamineTerminalBest2009.Vmax_TH]
    value = 125
    unit  = "umol/L/h"
    read  = "model_file"
    seen  = "MODEL1502230000, parameter VmaxVTH"
    on    = 2026-11-20
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from neurohumor.errors import FileError, UnitMismatch, did_you_mean
from neurohumor.units import Unit
from neurohumor.units import unit as parse_unit

Read = Literal["table_or_text", "abstract", "model_file", "secondary", "nothing"]

READ: tuple[Read, ...] = get_args(Read)
"""What was read of a source, best first: its own table or text, its abstract, a model file that encodes it, another source
that quotes it, or nothing (the number was not found)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A number as its second reader entered it.

    value, unit  as printed where it was seen
    read         what was read; see `READ`
    seen         where in it: a table, a line, an identifier; may be empty only if nothing was read
    on           the day
    note         what a user of the number should know
    line         "file:line"
    """

    module: str
    param: str
    value: float
    unit: Unit
    read: Read
    seen: str = ""
    on: datetime.date | None = None
    note: str = ""
    line: str = ""

    @property
    def internal(self) -> float:
        """The number in the internal units."""
        return self.value * self.unit.factor


_KEYS = tuple(f.name for f in fields(Entry) if f.name not in ("module", "param", "line"))


def read_ledger(text: str, name: str = "ledger.toml") -> dict[tuple[str, str], Entry]:
    """The entries in a text, by (module, parameter); `name` is the file named in errors.

    Raises FileError (with the line of the table) for what is not TOML, an unknown or missing key, a value that is not a
    finite number, a unit that cannot be read, or a `read` that is not one of `READ`.
    """
    import tomllib

    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileError(f"not TOML: {error}", where=name, remedy="see https://toml.io for its rules") from error
    found: dict[tuple[str, str], Entry] = {}
    for module, params in tree.items():
        if not isinstance(params, dict) or not all(isinstance(table, dict) for table in params.values()):
            raise FileError(f"{module} is not a table of tables", where=name, remedy="write [Module.param] and its keys below")
        for param, table in params.items():
            found[module, param] = _entry(module, param, table, f"{name}:{_line(text, module, param)}")
    return found


def _line(text: str, module: str, param: str) -> int:
    head = re.search(rf"^\s*\[\s*{re.escape(module)}\s*\.\s*{re.escape(param)}\s*\]", text, re.MULTILINE)
    return text.count("\n", 0, head.end()) + 1 if head else 1


def _entry(module: str, param: str, table: Mapping[str, Any], line: str) -> Entry:
    label = f"{module}.{param}"
    for key in table:
        if key not in _KEYS:
            raise FileError(f"{label} has an unknown key {key!r}", where=line, remedy=did_you_mean(key, _KEYS) or ", ".join(_KEYS))
    for key in ("value", "unit", "read"):
        if key not in table:
            raise FileError(f"{label} has no {key}", where=line, remedy="an entry has value, unit, read, seen, on")
    value, read = table["value"], table["read"]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise FileError(f"{label}: the value {value!r} is not a finite number", where=line, remedy="write the number as printed")
    if read not in READ:
        raise FileError(f"{label}: read = {read!r}", where=line, remedy=did_you_mean(str(read), READ) or f"one of {', '.join(READ)}")
    seen, on, note = table.get("seen", ""), table.get("on"), table.get("note", "")
    if not isinstance(seen, str) or not isinstance(note, str):
        raise FileError(f"{label}: seen and note are texts", where=line, remedy='write them in quotes: seen = "Table 2"')
    if read != "nothing" and not (seen.strip() and isinstance(on, datetime.date)):
        raise FileError(f"{label} does not say where and when", where=line, remedy='add seen = "Table 2" and on = 2026-11-20')
    try:
        unit = parse_unit(table["unit"])
    except UnitMismatch as error:
        raise FileError(f"{label}: {error.what}", where=line, remedy=error.remedy) from error
    return Entry(module, param, float(value), unit, read, seen, on, note, line)
