"""What the tests of the faces share: a small family of models, and a way to call the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import neurohumor.models as models
from neurohumor.cli.app import app

Call = Callable[..., Any]

PERSON = 'name = "Anna"\nsex = "f"\nweight = "60 kg"\n'
DAY = """title = "A stressful day"
days = 2
[[dose]]
of = "hydrocortisone"
amount = "10 mg"
at = "day 1 08:00"
[[threat]]
level = 1
from = "day 1 15:00"
duration = "15 min"
"""


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The family `toy` beside the package's own, and a cache of baselines that is thrown away."""
    monkeypatch.setenv("NEUROHUMOR_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setattr(models, "__path__", [*models.__path__, str(Path(__file__).parent / "families")])
    models.names.cache_clear()
    yield
    models.names.cache_clear()
    sys.modules.pop("neurohumor.models.toy", None)


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Calls the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")

    def called(*arguments: object) -> Any:
        return CliRunner().invoke(app, [str(one) for one in arguments])

    return called


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A good person and a good day."""
    person, day = tmp_path / "person.toml", tmp_path / "day.toml"
    person.write_text(PERSON, encoding="utf-8")
    day.write_text(DAY, encoding="utf-8")
    return person, day
