"""The project's files speak of the project alone, and its first page names its commands."""

from __future__ import annotations

import re

import pytest

from tests.layers.sources import ROOT, named, project_files

# Written with brackets, so that this file does not match itself.
PLACES = re.compile(r"(?<![\w.<])/(wor[k]|roo[t]|hom[e]|User[s]|tm[p]|mn[t])/\w|\b[A-Z]:\\User[s]\b|(?<!\w)~/\.")


@pytest.mark.parametrize("text", ["see /hom" + "e/someone/x.csv", "open('/tm" + "p/run.nc')", "C:\\User" + "s\\x"])
def test_a_planted_path_is_caught(text):
    assert PLACES.search(text)


@pytest.mark.parametrize("text", ["https://example.org/home/x", "nmol/min/g", "the ratio work/rest", "src/neurohumor/names"])
def test_a_path_within_the_project_or_the_web_is_none(text):
    assert not PLACES.search(text)


def test_no_file_names_a_path_of_some_machine():
    found = {}
    for path in project_files():
        hits = [hit.group() for hit in PLACES.finditer(path.read_text(encoding="utf-8"))]
        if hits:
            found[named(path)] = hits
    assert found == {}


@pytest.mark.parametrize("words", ["make demo", "make test", "import neurohumor", "BSD-3-Clause", "medical advice"])
def test_the_first_page_names_what_a_newcomer_needs(words):
    assert words in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_folder_of_the_package_is_in_the_map_for_contributors():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    folders = [path.name for path in (ROOT / "src" / "neurohumor").iterdir() if path.is_dir() and not path.name.startswith("_")]
    assert [name for name in folders if f"`{name}/`" not in text] == []


def test_results_that_change_have_their_heading():
    assert re.search(r"^### Results that change$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
