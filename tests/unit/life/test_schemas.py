"""The shipped JSON Schemas agree with the tables that read the files; the examples keep to both."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from neurohumor.errors import FileError, UnknownName
from neurohumor.life.files import person_from, protocol_from, read_person, read_protocol
from neurohumor.life.happenings import KINDS
from neurohumor.life.lived import lived
from neurohumor.life.person import REFERENCE_MAN, REFERENCE_WOMAN
from neurohumor.life.person_tables import LAB, PERSON, SECTIONS
from neurohumor.life.schemas import as_text, made_schema, schema
from neurohumor.life.tables import TABLES, TOP
from neurohumor.life.timeline import timeline
from neurohumor.life.written import person_text, protocol_text
from tests.unit.life.test_files import BAD_DAYS, BAD_PEOPLE

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = sorted((ROOT / "examples" / "everyday").glob("*.toml"))
PAGE = (ROOT / "docs" / "reference" / "person_and_day_files.md").read_text(encoding="utf-8")

# What a schema can see of a fault: names, kinds of value, bounds; not units, clock times, overlaps or vocabularies.
SEEN_DAYS = [
    name
    for name in BAD_DAYS
    if name.startswith(("unknown key", "unknown table", "unknown route", "a bare number", "negative level", "missing"))
]
SEEN_PEOPLE = [
    "unknown key",
    "unknown trait",
    "sex",
    "a cycle with other keys",
    "a cycle that is a number",
    "genotype",
    "a long name",
    "a path",
]


def plain(value: Any) -> Any:
    """A TOML document as JSON has it: times and dates are texts."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def faults(kind: str, text: str) -> list[str]:
    """What the shipped schema has against a text."""
    validator = jsonschema.Draft202012Validator(schema(kind))
    return [fault.message for fault in validator.iter_errors(plain(tomllib.loads(text)))]


@pytest.mark.parametrize("kind", ["person", "protocol"])
def test_the_shipped_schema_is_the_one_that_the_tables_make(kind):
    shipped = ROOT / "src" / "neurohumor" / "life" / "schema" / f"{kind}.json"
    assert shipped.read_text(encoding="utf-8") == as_text(made_schema(kind))
    assert schema(kind) == made_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema(kind))


def test_there_are_two_kinds_of_file():
    with pytest.raises(UnknownName, match="protocol"):
        schema("protocoll")  # type: ignore[arg-type]


def test_every_happening_has_its_table():
    assert list(TABLES) == list(KINDS)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_read_and_keep_to_the_schema(path):
    is_person = path.stem.startswith("person")
    text = path.read_text(encoding="utf-8")
    assert faults("person" if is_person else "protocol", text) == []
    assert text.count("#") >= 5, "a newcomer reads it"
    if is_person:
        person = read_person(path)
        assert person_from(person_text(person)) == person
    else:
        day = read_protocol(path)
        assert day.title and protocol_from(protocol_text(day)) == day
        for person in (REFERENCE_WOMAN, REFERENCE_MAN, read_person(EXAMPLES[0].with_name("person.toml"))):
            assert timeline(person, day, start=day.begins, end=day.begins + 24 * (day.days or 3))


def test_there_are_examples():
    assert {path.stem for path in EXAMPLES} >= {"person", "office_day", "night_shift", "short_sleep"}


def hours_asleep(name: str) -> list[float]:
    """Hours of opportunity to sleep, night by night as they begin."""
    person, day = (read(EXAMPLES[0].with_name(f"{file}.toml")) for read, file in ((read_person, "person"), (read_protocol, name)))
    nights = [one for one in lived(person, day, start=0.0, end=24.0 * (day.days or 3)) if one.kind == "sleep"]
    return [one.end - one.begin for one in nights]


def test_the_examples_say_what_their_comments_say():
    assert hours_asleep("office_day") == [8, 8, 8, 8]
    assert hours_asleep("night_shift") == [8, 8, 1.5, 6, 6, 6, 9, 8, 8]
    assert hours_asleep("short_sleep") == [8, 5, 5, 5, 5, 5, 10, 10]


@pytest.mark.parametrize("name", SEEN_DAYS)
def test_the_schema_refuses_what_the_reader_refuses_of_a_day(name):
    with pytest.raises(FileError):
        protocol_from(BAD_DAYS[name][0])
    assert faults("protocol", BAD_DAYS[name][0])


@pytest.mark.parametrize("name", SEEN_PEOPLE)
def test_the_schema_refuses_what_the_reader_refuses_of_a_person(name):
    with pytest.raises(FileError):
        person_from(BAD_PEOPLE[name][0])
    assert faults("person", BAD_PEOPLE[name][0])


@pytest.mark.parametrize("text", [protocol_text(REFERENCE_WOMAN.habits), person_text(REFERENCE_MAN)])
def test_what_is_written_keeps_to_the_schema(text):
    assert faults("person" if "sex" in text else "protocol", text) == []


# ── The reference page ────────────────────────────────────────────────────────────────────────────


def test_every_table_and_key_stands_in_the_reference_page():
    missing = [f"[[{table.name}]]" for table in TABLES.values() if f"### `[[{table.name}]]`" not in PAGE or table.doc not in PAGE]
    for keys in (TOP, PERSON, LAB, *(table.keys for table in TABLES.values())):
        missing += [key.name for key in keys if f"| `{key.name}` | {key.doc}" not in PAGE]
    missing += [section.name for section in SECTIONS.values() if section.doc not in PAGE]
    for section in SECTIONS.values():
        missing += [name for name in section.schema.get("properties", {}) if f"`{name}`" not in PAGE]
    assert missing == []


def test_the_code_of_the_reference_page_is_read():
    blocks = [part.split("\n", 1)[1] for part in PAGE.split("```")[1::2] if part.startswith("toml\n")]
    assert len(blocks) >= 5
    for block in blocks:
        read = person_from if "# person.toml" in block else protocol_from
        read(block, "the page")
