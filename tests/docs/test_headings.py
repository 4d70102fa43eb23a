"""Every verb, public name, key of a file, kind of error and status has its heading, and nothing that is gone has one."""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tools.pages import keys_page

import neurohumor
from neurohumor import errors
from neurohumor.cli.app import VERBS
from neurohumor.engine.status import Code
from neurohumor.life.keys import Key
from neurohumor.life.person_tables import LAB, PERSON, SECTIONS
from neurohumor.life.schemas import schema
from neurohumor.life.tables import RECURRENCE, TABLES, TOP
from neurohumor.proof import forms

PACKAGES = ("neurohumor.units", "neurohumor.names", "neurohumor.evidence")


def headings(text: str) -> set[str]:
    """The headings of a page, without their marks; code blocks are not looked at."""
    bare = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return {line.lstrip("#").strip().strip("`") for line in bare.splitlines() if line.startswith("#")}


@pytest.fixture
def reference(root: Path) -> Path:
    return root / "docs" / "reference"


def of(path: Path) -> set[str]:
    return headings(path.read_text(encoding="utf-8"))


# ── Verbs, names, errors ──────────────────────────────────────────────────────────────────────────


def test_every_verb_has_its_heading(reference: Path):
    assert {f"neurohumor {verb}" for verb in VERBS} <= of(reference / "command_line.md")


def test_every_public_name_has_its_heading_and_no_other(reference: Path):
    public = {name for name in dir(neurohumor) if name in neurohumor._HOME}
    found = {text.removeprefix("neurohumor.") for text in of(reference / "python.md") if text.startswith("neurohumor.")}
    assert found == public


def test_every_word_of_the_language_has_its_heading(reference: Path):
    assert set(importlib.import_module("neurohumor.lang").__all__) <= of(reference / "language.md")


def test_every_name_of_the_packages_below_has_its_heading(reference: Path):
    wanted = {f"{package}.{name}" for package in PACKAGES for name in importlib.import_module(package).__all__}
    assert {text for text in of(reference / "packages.md") if text.count(".") == 2} == wanted


def test_every_package_with_public_names_is_documented():
    package = Path(neurohumor.__file__).parent
    public = {f"neurohumor.{path.parent.name}" for path in package.glob("*/__init__.py") if "__all__" in path.read_text(encoding="utf-8")}
    assert public == {*PACKAGES, "neurohumor.lang"}


def test_every_kind_of_error_has_its_heading(reference: Path):
    kinds = {name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, errors.NeurohumorError)}
    assert kinds | {"Errors", "Statuses"} == of(reference / "errors.md")


def test_every_status_is_told_in_its_own_words(reference: Path):
    page = (reference / "errors.md").read_text(encoding="utf-8")
    assert [code.name for code in Code if f"| `{code.name}` | {code.value} |" not in page] == []


# ── Keys of files ─────────────────────────────────────────────────────────────────────────────────


def keys_of(found: Mapping[str, Any], table: str) -> Iterator[str]:
    """The keys that a JSON Schema of a table knows, as "table.key"."""
    for name in found.get("properties", {}):
        yield f"{table}.{name}"


def wanted() -> set[str]:
    """Every key of a person's file, a day file and an experiment's file, as their JSON Schemas have them."""
    person, protocol = schema("person")["properties"], schema("protocol")["properties"]
    shared = {key.name for key in RECURRENCE}
    found: set[str] = {f"any.{name}" for name in shared}
    for name, one in person.items():
        if name in SECTIONS:
            found |= set(keys_of(one, name))
        elif name == "lab":
            found |= set(keys_of(one["items"], "lab"))
        elif name != "habits":
            found.add(f"person.{name}")
    for name, one in protocol.items():
        found |= (
            {key for key in keys_of(one["items"], name) if key.partition(".")[2] not in shared} if name in TABLES else {f"protocol.{name}"}
        )
    groups = {"experiment": forms.TOP, "arm": forms.ARM, "override": forms.OVERRIDE, "measure": forms.MEASURE}
    groups |= {"compare": forms.COMPARE, "reference": forms.REFERENCE, "tolerance": forms.TOLERANCE}
    return found | {f"{table}.{key.name}" for table, keys in groups.items() for key in keys}


def test_every_key_of_every_file_has_its_heading():
    found = {text for text in headings(keys_page.page()) if re.fullmatch(r"\w+\.\w+", text)}
    assert found == wanted()


def test_the_schema_of_experiments_knows_no_other_keys():
    top = forms.experiment_schema()["properties"]
    assert set(top) - {"arms", "measures"} == {key.name for key in forms.TOP}


def every_key() -> list[tuple[str, Key]]:
    tables: dict[str, tuple[Key, ...]] = {"person": PERSON, "lab": LAB, "protocol": TOP, "any": RECURRENCE}
    tables |= {name: table.keys for name, table in TABLES.items()}
    tables |= {name: keys for name, _, _, keys in keys_page.FORMS}
    return [(table, key) for table, keys in tables.items() for key in keys]


def test_the_example_of_every_key_is_taken():
    for table, key in every_key():
        found = tomllib.loads(keys_page.example(table, key.name))
        key.check(found[key.name])


def test_the_examples_of_sections_are_a_person():
    from neurohumor.life.files import person_from

    page = keys_page.page().partition("### `[cycle]`")[2].partition("### `[[lab]]`")[0]
    blocks = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert len(blocks) > 15
    for block in blocks:
        person_from(block)


def test_no_example_is_left_over():
    known = {(table, key.name) for table, key in every_key()} | {("any", key.name) for _, key in every_key()}
    assert {pair for pair in keys_page.examples() if pair not in known} == set()
