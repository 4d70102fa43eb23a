"""The code blocks of the documentation: found, and run or read as what they claim to be."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from neurohumor.cli.app import VERBS, app

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(sorted((ROOT / "docs").rglob("*.md"))) + tuple(ROOT / name for name in ("README.md", "CONTRIBUTING.md"))
SHELLS = {"sh", "bash", "console", "shell"}
TEXTS = {"text", "latex", "bibtex", "csv", "xml", "html", "ini"}
"""Languages of which a block is shown, not run."""
LONG = {"validate", "run", "check", "crosscheck", "orbits"}
"""Verbs that take long of the whole human: on pages that do not say otherwise they are understood, and run by the slow tests."""

ELSEWHERE = {"README.md"}
"""Pages whose Python is run by a test of its own (test_front_page)."""

_FENCE = re.compile(r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=indent)```[ \t]*$", re.DOTALL | re.MULTILINE)
_TITLE = re.compile(r'title="(?P<title>[^"]+)"')
SLOW = "<!-- slow -->"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the file that it is said to be, and whether it is left to the slow tests."""

    page: str
    line: int
    language: str
    text: str
    title: str = ""
    slow: bool = False

    @property
    def where(self) -> str:
        """Page and line."""
        return f"{self.page}:{self.line}"


def blocks_of(path: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return blocks_in(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))


def blocks_in(text: str, page: str) -> list[Block]:
    """The fenced blocks of a text."""
    found = []
    for match in _FENCE.finditer(text):
        info, title = match["info"].strip(), _TITLE.search(match["info"])
        slow = text[: match.start()].rstrip().endswith(SLOW)
        indent = len(match["indent"])
        inside = "".join(line[indent:] for line in match["text"].splitlines(keepends=True))
        language = info.split(" ")[0] if info else ""
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(page, line, language, inside, title["title"] if title else "", slow))
    return found


# ── Files ─────────────────────────────────────────────────────────────────────────────────────────


def read_toml_block(block: Block, folder: Path) -> str:
    """What the block is: person, day, experiment, ledger or settings; a titled one is written down.  Raises for what it is not."""
    if block.title:
        place = folder / block.title
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(block.text, encoding="utf-8")
    from neurohumor.evidence.ledger import read_ledger
    from neurohumor.life.files import person_from, protocol_from
    from neurohumor.life.person_tables import PERSON, SECTIONS
    from neurohumor.proof.experiments import experiment_from

    document = tomllib.loads(block.text)
    first = block.text.partition("\n")[0]
    if "ledger/" in block.title:
        assert read_ledger(block.text, block.where)
        return "ledger"
    if {"measures", "arms"} & document.keys():
        experiment_from(block.text, block.where, folder=folder)
        return "experiment"
    if "tool" in document or "project" in document:
        return "settings"
    persons = {key.name for key in PERSON} | set(SECTIONS) | {"lab", "habits"}
    if "person" in first or block.title.startswith("person") or (document and document.keys() <= persons - {"notes"}):
        person_from(block.text, block.where)
        return "person"
    protocol_from(block.text, block.where)
    return "day"


# ── Commands ──────────────────────────────────────────────────────────────────────────────────────


def commands(block: Block) -> list[list[str]]:
    """The commands of a block of shell, comments and prompts taken away."""
    lines = (line.removeprefix("$ ") for line in block.text.replace("\\\n", " ").splitlines())
    found = [shlex.split(line, comments=True) for line in lines]
    if block.language == "console":
        found = [words for words, line in zip(found, block.text.splitlines(), strict=False) if line.startswith("$ ")]
    return [words for words in found if words]


def understood(words: list[str], *, run: bool) -> str:
    """Checks a command; one of neurohumor is run if asked.  Raises AssertionError for what does not work or nobody can check."""
    head = words[0].removeprefix(".venv/bin/")
    if head == "neurohumor":
        return ran(words[1:]) if run else parsed(words[1:])
    if head == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert set(word for word in words[1:] if "=" not in word) <= set(targets), words
        return "make"
    if head == "pip":
        return _installed(words)
    if words[:3] == ["python", "-m", "venv"]:
        return "environment"
    if words[:3] == ["python", "-m", "pytest"]:
        return _collected(words[3:])
    if head == "python":
        assert (ROOT / words[1]).is_file() or words[1] == "-m", words
        return "script"
    if head in ("git", "cd", "cp"):
        return head
    raise AssertionError(f"nobody knows how to check {shlex.join(words)!r}")


def parsed(words: list[str]) -> str:
    """Whether the command line takes these words; nothing is run."""
    import typer

    if not words or words[0].startswith("-"):
        return "parsed"
    assert words[0] in VERBS, words
    group: Any = typer.main.get_command(app)
    verb = group.get_command(group.make_context("neurohumor", [], resilient_parsing=True), words[0])
    verb.make_context(words[0], list(words[1:]))
    return "parsed"


def ran(words: list[str]) -> str:
    """What a command prints; it must end well."""
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0, f"neurohumor {shlex.join(words)}: {told.exit_code}\n{told.output}"
    return told.output


def _installed(words: list[str]) -> str:
    assert words[1] == "install", words
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for word in words[2:]:
        extra = re.search(r"\[(.+)\]", word)
        for name in extra[1].split(",") if extra else ():
            assert name.strip() in project["optional-dependencies"], word
    return "pip"


def _collected(words: list[str]) -> str:
    """Whether there are such tests: the folder is there, and a test or a module of the name that is asked for."""
    assert (ROOT / words[0]).exists(), words
    if "-k" in words:
        from neurohumor import models

        name = words[words.index("-k") + 1]
        assert name in models.modules() or any(name in path.name for path in (ROOT / words[0]).rglob("*.py")), name
    return "pytest"


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────────


def run_page(blocks: list[Block], folder: Path, *, slow: bool) -> dict[str, int]:
    """Run a page from top to bottom in a folder, Python in one namespace; how many blocks of each language were run or read."""
    space: dict[str, Any] = {"__name__": "page"}
    done: dict[str, int] = {}
    for block in blocks:
        if (block.slow and not slow) or (block.language == "python" and block.page in ELSEWHERE):
            continue
        if block.language == "python":
            exec(compile(block.text, block.where, "exec"), space)
        elif block.language == "toml":
            read_toml_block(block, folder)
        elif block.language in SHELLS:
            for words in commands(block):
                understood(words, run=_now(block, words, slow=slow))
        elif block.language == "json":
            json.loads(block.text)
        else:
            assert block.language in TEXTS, f"{block.where}: a block in {block.language or 'no language'}"
        done[block.language] = done.get(block.language, 0) + 1
    return done


def _now(block: Block, words: list[str], *, slow: bool) -> bool:
    """Whether a command is run: short ones always, long ones of a whole by the slow tests, all experiments or all checks at once never."""
    verb = words[1] if len(words) > 1 else ""
    small = "--model" in words or "--only" in words or any(name in words for name in ("hpa_only", "synapse"))
    if verb in ("validate", "check") and not small:
        return False
    return slow or verb not in {*LONG, "explain", "compare", "export"} or small
