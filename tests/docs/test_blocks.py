"""Every code block of the documentation runs, or is what it claims to be."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest

from tests.docs.blocks import PAGES, ROOT, SHELLS, Block, blocks_in, blocks_of, commands, read_toml_block, run_page, understood

NAMES = {str(path.relative_to(ROOT)): path for path in PAGES}
WITH_BLOCKS = [name for name, path in NAMES.items() if blocks_of(path)]
NEEDS_INTEROP = {"docs/how_to.md", "docs/reference/python.md", "docs/reference/sbml.md"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder beside the examples, where a page is tried."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("NEUROHUMOR_CACHE", str(tmp_path / "cache"))
    return tmp_path


def tried(name: str, folder: Path, *, slow: bool) -> str:
    """What a page prints."""
    if name in NEEDS_INTEROP:
        pytest.importorskip("libsbml", reason="the extra interop is not installed")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        run_page(blocks_of(NAMES[name]), folder, slow=slow)
    return printed.getvalue()


@pytest.mark.parametrize("name", WITH_BLOCKS)
def test_the_blocks_of_a_page_run(name: str, folder: Path):
    tried(name, folder, slow=False)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in WITH_BLOCKS if {b.language for b in blocks_of(NAMES[name])} & {"python", *SHELLS}])
def test_the_slow_blocks_of_a_page_run(name: str, folder: Path):
    tried(name, folder, slow=True)


def test_what_pages_print_is_what_they_say(folder: Path):
    """The pages that promise something of a result: the drug raises dopamine, the unit fault is told, the wrong key is told."""
    printed = tried("docs/how_to_write_a_module.md", folder, slow=False)
    before, after = next(line for line in printed.splitlines() if line.count("nmol/L") == 2 and "at" not in line).split(" nmol/L")[:2]
    assert float(after) > 1.3 * float(before)
    assert "Wrong.gone" in printed and "declared in nmol/L/h but its expression is in" in printed


def test_the_experiment_of_its_page_is_scored(folder: Path):
    from neurohumor.proof.validate import read_folder, validate

    (block,) = (each for each in blocks_of(NAMES["docs/how_to_write_an_experiment.md"]) if each.title)
    read_toml_block(block, folder)
    (found,) = validate(read_folder(folder, only="evening_tablet"))
    assert [score.status for score in found.scores] == ["hit", "hit"]


def test_the_page_on_modules_names_every_contract():
    page = NAMES["docs/how_to_write_a_module.md"].read_text(encoding="utf-8")
    contracts = {path.stem for path in (ROOT / "tests" / "contract").glob("test_*.py")}
    assert {name for name in contracts if f"| `{name}` |" in page} == contracts


def test_the_list_of_decisions_is_whole():
    page = (ROOT / "docs" / "decisions" / "index.md").read_text(encoding="utf-8")
    every = {path.name for path in (ROOT / "docs" / "decisions").glob("0*.md")}
    assert {name for name in every if f"({name})" in page} == every


def test_every_page_with_a_command_or_python_is_known_to_the_tests():
    assert {"docs/quickstart.md", "docs/how_to.md", "docs/how_to_write_a_module.md", "docs/reference/errors.md"} <= set(WITH_BLOCKS)
    assert len({block.where for name in WITH_BLOCKS for block in blocks_of(NAMES[name])}) > 100


# ── The collector itself ──────────────────────────────────────────────────────────────────────────


def test_blocks_are_found_with_their_language_title_and_line():
    text = 'a\n\n```toml title="x/day.toml"\ndays = 1\n```\n\n<!-- slow -->\n```python\n1\n```\n\n    ```sh\n    make docs\n    ```\n'
    first, second, third = blocks_in(text, "p.md")
    assert (first.language, first.title, first.line, first.slow) == ("toml", "x/day.toml", 3, False)
    assert (second.language, second.slow) == ("python", True)
    assert (third.language, third.text) == ("sh", "make docs\n")


def test_a_planted_fault_is_caught(tmp_path: Path):
    def block(language: str, text: str) -> Block:
        return Block("p.md", 1, language, text)

    for language, text in (
        ("python", "1 / 0"),
        ("toml", 'sex = "f"\nwight = "1 kg"'),
        ("toml", '[[meal]]\nat = "08:00"\ncrabs = "1 g"'),
        ("toml", '[[measures]]\nname = "x"'),
        ("sh", "neurohumor walk"),
        ("sh", "neurohumor show human --nothing"),
        ("sh", "make nothing"),
        ("sh", "curl somewhere"),
        ("sh", 'pip install -e ".[nothing]"'),
        ("", "no language"),
    ):
        with pytest.raises(Exception):  # noqa: B017
            run_page([block(language, text)], tmp_path, slow=False)


def test_a_block_of_toml_is_what_it_says(tmp_path: Path):
    def kind(text: str, title: str = "") -> str:
        return read_toml_block(Block("p.md", 1, "toml", text, title), tmp_path)

    assert kind('sex = "f"') == "person"
    assert kind('[[meal]]\nat = "08:00"\ncarbs = "60 g"', "day.toml") == "day"
    assert (tmp_path / "day.toml").is_file()
    assert kind('[A.b]\nvalue = 1\nunit = "1"\nread = "nothing"\non = 2026-11-20', "evidence/ledger/a.toml") == "ledger"


def test_commands_are_read_without_comments_and_prompts():
    assert commands(Block("p.md", 1, "sh", "make demo    # three days\n")) == [["make", "demo"]]
    assert commands(Block("p.md", 1, "console", "$ neurohumor show hpa\nhpa ...\n")) == [["neurohumor", "show", "hpa"]]
    assert understood(["neurohumor", "run", "--days", "3"], run=False) == "parsed"


def test_every_dotted_name_in_prose_is_there():
    import importlib
    import re

    named = {
        (name, text)
        for name, path in NAMES.items()
        for text in re.findall(r"`(neurohumor(?:\.\w+)+)(?:\(|`)", path.read_text(encoding="utf-8"))
    }
    assert named
    for page, text in sorted(named):
        thing: object = None
        pieces = text.split(".")
        for k in range(len(pieces), 0, -1):
            try:
                thing = importlib.import_module(".".join(pieces[:k]))
            except ModuleNotFoundError:
                continue
            for piece in pieces[k:]:
                assert hasattr(thing, piece), f"{page}: {text}"
                thing = getattr(thing, piece)
            break
        assert thing is not None, f"{page}: {text}"
