"""What may stand behind a key of a file: how it is read, and how a JSON Schema says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neurohumor.errors import ModelError
from neurohumor.life.clock import read_day, read_moment, read_span
from neurohumor.life.text import LONGEST_NAME, LONGEST_NOTE, read_name, read_note
from neurohumor.units import quantity, unit

MOST_ENTRIES = 1000
LARGEST = 1e15
_QUANTITY = r"^\s*[+\-\u2212]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?\s*\S"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: `check` raises for what it is not, `schema` says it in JSON Schema."""

    check: Callable[[Any], object]
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a table.

    many      a list of values is taken too
    argument  the argument of the word it becomes, where that has another name
    """

    name: str
    kind: Kind
    doc: str
    required: bool = False
    many: bool = False
    argument: str = ""

    def check(self, value: object) -> None:
        """Raises for what the key cannot hold."""
        if self.many and isinstance(value, list):
            if not 0 < len(value) <= MOST_ENTRIES:
                raise ModelError(f"{self.name} is a list of {len(value)}", remedy=f"give 1 to {MOST_ENTRIES} entries")
            for each in value:
                self.kind.check(each)
        else:
            self.kind.check(value)

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        one = dict(self.kind.schema)
        if self.many:
            one = {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_ENTRIES}]}
        return {**one, "description": self.doc}


def number(low: float, high: float) -> Kind:
    """A pure number between two bounds."""

    def check(value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ModelError(f"{shown(value)} is not a number", remedy="write a pure number without quotes, as in 0.5")
        if not low <= value <= high:
            raise ModelError(f"{shown(value)} is out of range", remedy=f"it lies between {low:g} and {high:g}")

    return Kind(check, {"type": "number", "minimum": low, "maximum": high})


def count(most: int) -> Kind:
    """A whole number from 1 on."""

    def check(value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            raise ModelError(f"{shown(value)} is not a number of times", remedy=f"write a whole number from 1 to {most}")

    return Kind(check, {"type": "integer", "minimum": 1, "maximum": most})


def choice(*words: str) -> Kind:
    """One of some words."""
    from neurohumor.errors import UnknownName, did_you_mean

    def check(value: object) -> None:
        if not isinstance(value, str) or value not in words:
            close = did_you_mean(value, words) if isinstance(value, str) else ""
            raise UnknownName(f"{shown(value)} is not known here", remedy=close or "one of: " + ", ".join(words))

    return Kind(check, {"enum": list(words)})


def amount(*units: str) -> Kind:
    """A quantity of the kind of one of these units, zero or more."""
    kinds = [unit(text) for text in units]

    def check(value: object) -> None:
        if not isinstance(value, str):
            raise ModelError(f"{shown(value)} is not a number with a unit in one text", remedy=f'write it as in "1 {units[0]}"')
        found = quantity(value, kinds[0] if len(kinds) == 1 else None)
        if not any(found.unit.same_kind(kind) for kind in kinds):
            quantity(value, kinds[0])  # says what is due
        if found.value < 0:
            raise ModelError(f"{found} is negative", remedy="give zero or more")

    return Kind(check, {"type": "string", "pattern": _QUANTITY, "examples": [f"1 {units[0]}"]})


def each(of: Kind, most: int = 50) -> Kind:
    """An inline table whose values are of one kind."""

    def check(value: object) -> None:
        if not isinstance(value, Mapping) or len(value) > most:
            raise ModelError(f"{shown(value)} is not a table", remedy="write it as in { leucine = 0.08, valine = 0.05 }")
        for inner in value.values():
            of.check(inner)

    return Kind(check, {"type": "object", "additionalProperties": dict(of.schema), "maxProperties": most})


def either(first: Kind, other: Kind, takes_first: type) -> Kind:
    """One kind for values of a type, another for all else."""
    return Kind(
        lambda value: first.check(value) if isinstance(value, takes_first) else other.check(value),
        {"anyOf": [dict(first.schema), dict(other.schema)]},
    )


def course() -> Kind:
    """A list of pairs of a time and a value."""

    def check(value: object) -> None:
        pairs = value if isinstance(value, list) else None
        if not pairs or len(pairs) > MOST_ENTRIES or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
            raise ModelError(f"{shown(value)} is not a course of values", remedy='as in [["0 h", "5 mmol/L"], ["2 h", "3 mmol/L"]]')

    pair = {"type": "array", "prefixItems": [{"type": "string"}, {"type": ["string", "number"]}], "minItems": 2, "maxItems": 2}
    return Kind(check, {"type": "array", "items": pair, "minItems": 1, "maxItems": MOST_ENTRIES})


def _flag(value: object) -> None:
    if not isinstance(value, bool):
        raise ModelError(f"{shown(value)} is neither true nor false", remedy="write true or false without quotes")


def _value(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ModelError(f"{shown(value)} is no value", remedy='write a number with its unit, as in "4.5 mmol/L"')
    if isinstance(value, str):
        try:
            float(value)
        except ValueError:
            quantity(value)


def _until(value: object) -> None:
    if isinstance(value, str) and (":" in value or value.strip().endswith("h")):
        read_moment(value)
    else:
        read_day(value)


def shown(value: object) -> str:
    """A value as an error shows it: never long."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def words(value: object, what: str) -> Sequence[str]:
    """A text. Raises ModelError."""
    if not isinstance(value, str):
        raise ModelError(f"{shown(value)} is not {what}", remedy="put it between quotes")
    return value


FLAG = Kind(_flag, {"type": "boolean"})
NAME = Kind(read_name, {"type": "string", "maxLength": LONGEST_NAME, "pattern": r"^[\w .,'()\-]*$"})
NOTE = Kind(read_note, {"type": "string", "maxLength": LONGEST_NOTE})
MOMENT = Kind(read_moment, {"type": "string", "examples": ["07:30", "day 2 07:30", "2026-03-03 07:30"]})
SPAN = Kind(lambda value: read_span(words(value, "a duration")), {"type": "string", "pattern": _QUANTITY, "examples": ["30 min"]})
NUMBERED = Kind(read_day, {"type": "integer"})
DATED = Kind(read_day, {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"})
UNTIL = Kind(_until, {"type": ["integer", "string"], "examples": [5, "2026-03-10", "day 5 12:00"]})
VALUE = Kind(_value, {"type": ["string", "number"], "examples": ["4.5 mmol/L"]})
