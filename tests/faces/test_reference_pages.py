"""The pages that are made from the code are those in docs/, and name every verb and key."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from neurohumor.cli.app import VERBS
from neurohumor.cli.reference import PAGES, help_text
from neurohumor.proof import forms
from tests.faces.conftest import Call

MADE_WITH = "0.29"
"""The version of typer that the help in docs/ was printed with; another may lay the same help out otherwise."""
REMEDY = "run: python -m neurohumor.cli.reference docs/reference"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_code_makes_of_it(name: str, root: Path):
    if name == "command_line.md" and not metadata.version("typer").startswith(MADE_WITH):
        pytest.skip(f"the page was made with typer {MADE_WITH}")
    assert (root / "docs/reference" / name).read_text(encoding="utf-8") == PAGES[name](), REMEDY


def test_every_verb_and_option_is_in_the_page(root: Path):
    page = (root / "docs/reference/command_line.md").read_text(encoding="utf-8")
    for verb in VERBS:
        assert f"## neurohumor {verb}\n" in page, REMEDY
        for word in help_text([verb]).split():
            if word.startswith("--"):
                assert word in page, f"{word}; {REMEDY}"


def test_every_key_is_in_the_page(root: Path):
    page = (root / "docs/reference/experiments.md").read_text(encoding="utf-8")
    for group in (forms.TOP, forms.ARM, forms.OVERRIDE, forms.MEASURE, forms.COMPARE, forms.REFERENCE, forms.TOLERANCE):
        for key in group:
            assert f"| `{key.name}` |" in page, REMEDY


def test_the_example_of_the_page_is_an_experiment(root: Path, tmp_path: Path):
    from neurohumor.proof.experiments import experiment_from

    page = (root / "docs/reference/experiments.md").read_text(encoding="utf-8")
    text = page.partition("```toml\n")[2].partition("```")[0]
    found = experiment_from(text, "example.toml")
    assert found.id == "V11" and set(found.arms) == {"usual", "dexamethasone"} and len(found.measures) == 2


def test_help_is_short_enough_to_read(call: Call):
    for verb in VERBS:
        told = call(verb, "--help")
        assert told.exit_code == 0 and len(told.stdout.splitlines()) < 40
        assert told.stdout == call(verb, "-h").stdout


def test_the_version_is_told(call: Call):
    assert call("--version").stdout == f"neurohumor {metadata.version('neurohumor')}\n"
