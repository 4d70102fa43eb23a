"""Every key of every file under a heading of its own, from the tables that read the files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tools.pages.markdown import fenced

from neurohumor.life.keys import Key
from neurohumor.life.person_tables import LAB, PERSON, SECTIONS
from neurohumor.life.tables import RECURRENCE, TABLES, TOP
from neurohumor.life.traits import TRAITS
from neurohumor.proof import forms

EXAMPLES = Path(__file__).with_name("key_examples.toml")

FORMS: tuple[tuple[str, str, str, tuple[Key, ...]], ...] = (
    ("experiment", "An experiment", "The top of an experiment's file.", forms.TOP),
    ("arm", "`[arms.NAME]`", "One group: who, living what.", forms.ARM),
    ("override", "`overrides` of an arm", "A number that is changed.", forms.OVERRIDE),
    ("measure", "`[[measures]]`", "One number that is compared.", forms.MEASURE),
    ("compare", "`compare` of a measure", "Against another arm.", forms.COMPARE),
    ("reference", "`reference` of a measure", "Against another time of the same arm.", forms.REFERENCE),
    ("tolerance", "`tolerance` of a measure", "What counts as a hit.", forms.TOLERANCE),
)

HEAD = """# Every key of every file

Made from the tables that read the files. The files as wholes, with what their keys mean together, are explained under
[Files of persons and days](person_and_day_files.md) and [Experiments as files](experiments.md).
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD, *_person(), *_day(), *_experiment()])


def _person() -> Iterator[str]:
    yield "## A person's file\n"
    yield from _keys("person", PERSON)
    for name, section in SECTIONS.items():
        yield f"### `[{name}]`\n\n{section.doc}\n\n{fenced(section.example.replace(' and, below it, ', chr(10)), 'toml')}"
        for key, words in _properties(section.schema).items():
            yield f"#### {name}.{key}\n\n{words[0].upper()}{words[1:]}.\n\n{fenced(_of_section(name, key, section.schema), 'toml')}"
    yield "### `[[lab]]`\n\nWhat a laboratory has measured: a record, never a wire.\n"
    yield from _keys("lab", LAB)
    yield "### `[[habits.sleep]]` and the other habits\n\nEvery table of a day file may stand under `habits`; it then recurs without end.\n"


def _of_section(table: str, key: str, schema: Mapping[str, Any]) -> str:
    """How a key of a section is written: its first choice, or what the reference woman has."""
    choices = schema["properties"][key].get("enum")
    value = f'"{choices[0]}"' if choices else f"{TRAITS[f'cycle_{key}' if table == 'cycle' else key].woman:g}"
    return f"cycle = {{ {key} = {value} }}" if table == "cycle" else f"[{table}]\n{key} = {value}"


def _properties(schema: Mapping[str, Any]) -> dict[str, str]:
    """The keys that a table is known to have, with their meaning."""
    return {name: str(inner.get("description", "")) or _choices(inner) for name, inner in schema.get("properties", {}).items()}


def _choices(schema: Mapping[str, Any]) -> str:
    words = schema.get("enum")
    return "One of: " + ", ".join(f"`{each}`" for each in words) if words else json.dumps(schema)


def _day() -> Iterator[str]:
    yield "## A day file\n"
    yield from _keys("protocol", TOP)
    yield "### Keys of every happening\n"
    yield from _keys("any", RECURRENCE)
    for name, table in TABLES.items():
        yield f"### `[[{name}]]`\n\n{table.doc}\n"
        shared = {key.name for key in RECURRENCE}
        yield from _keys(name, [key for key in table.keys if key.name not in shared])


def _experiment() -> Iterator[str]:
    yield "## An experiment's file\n"
    for name, title, words, keys in FORMS:
        yield f"### {title}\n\n{words}\n"
        yield from _keys(name, keys)


def _keys(table: str, keys: Iterable[Key]) -> Iterator[str]:
    for key in keys:
        notes = "; ".join([key.doc, *(["required"] if key.required else []), *(["a list is taken too"] if key.many else [])])
        yield f"#### {table}.{key.name}\n\n{notes[0].upper()}{notes[1:]}.{_kind(key)}\n\n{fenced(example(table, key.name), 'toml')}"


def example(table: str, key: str) -> str:
    """How a key is written."""
    known = examples()
    return known[table, key] if (table, key) in known else known["any", key]


@cache
def examples() -> Mapping[tuple[str, str], str]:
    """The lines of the file of examples, by table and key."""
    found: dict[tuple[str, str], str] = {}
    table = ""
    for line in EXAMPLES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            table = line.strip("[]")
        elif " = " in line:
            key, _, value = line.partition("=")
            found[table, key.strip()] = f"{key.strip()} = {value.strip()}"
    return found


def _kind(key: Key) -> str:
    """Bounds and choices, where the schema has them."""
    schema = dict(key.kind.schema)
    if "enum" in schema:
        return " One of: " + ", ".join(f"`{each}`" for each in schema["enum"]) + "."
    if "minimum" in schema and "maximum" in schema:
        return f" From {schema['minimum']:g} to {schema['maximum']:g}."
    return ""
