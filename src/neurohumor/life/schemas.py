"""JSON Schemas of a person's file and of a day file, made from the tables that read them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Literal

from neurohumor.errors import UnknownName, did_you_mean
from neurohumor.life.keys import Key
from neurohumor.life.person_tables import LAB, PERSON, SECTIONS
from neurohumor.life.tables import OPEN_ENDED, TABLES, TOP, Table

DRAFT = "https://json-schema.org/draft/2020-12/schema"
KINDS = ("person", "protocol")


def made_schema(kind: str) -> dict[str, Any]:
    """The schema of "person" or "protocol", made from the tables. Raises UnknownName."""
    if kind not in KINDS:
        raise UnknownName(f"no file is called {kind!r}", remedy=did_you_mean(kind, KINDS) or "files: person, protocol")
    return _person() if kind == "person" else _protocol()


def schema(kind: Literal["person", "protocol"]) -> dict[str, Any]:
    """The schema as it is shipped, for editors and other programs. Raises UnknownName."""
    if kind not in KINDS:
        raise UnknownName(f"no file is called {kind!r}", remedy=did_you_mean(kind, KINDS) or "files: person, protocol")
    return json.loads((files("neurohumor.life") / "schema" / f"{kind}.json").read_text(encoding="utf-8"))


def as_text(found: dict[str, Any]) -> str:
    """The schema as the shipped file holds it."""
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _object(keys: Iterable[Key], more: dict[str, Any], doc: str) -> dict[str, Any]:
    keys = tuple(keys)
    found: dict[str, Any] = {"type": "object", "description": doc, "properties": {key.name: key.schema() for key in keys} | more}
    required = [key.name for key in keys if key.required]
    return found | ({"required": required} if required else {}) | {"additionalProperties": False}


def _table(table: Table) -> dict[str, Any]:
    found = _object(table.keys, {}, table.doc)
    if table.one_of() and table.name not in OPEN_ENDED:
        found["oneOf"] = [{"required": [name]} for name in table.one_of()]
    return {"type": "array", "items": found}


def _protocol() -> dict[str, Any]:
    happenings = {name: _table(table) for name, table in TABLES.items()}
    return {"$schema": DRAFT, "title": "A day file"} | _object(TOP, happenings, "What happens to a person.")


def _person() -> dict[str, Any]:
    habits = {name: _table(table) for name, table in TABLES.items()}
    more = {name: {**section.schema, "description": section.doc} for name, section in SECTIONS.items()}
    more["lab"] = {"type": "array", "items": _object(LAB, {}, "A laboratory value: a record, never a wire.")}
    more["habits"] = _object((), habits, "The life that the person has settled under; kinds not said are the reference day's.")
    return {"$schema": DRAFT, "title": "A person's file"} | _object(PERSON, more, "A person; what is not said is the reference adult's.")
