"""The site is built without a warning, has every page in its navigation, and asks no other machine for anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tools.pages import links
from tools.pages.equations import chapters

from neurohumor import models

pytestmark = pytest.mark.slow
LIMIT_S = 300


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` does."""
    pytest.importorskip("mkdocs", reason="the extra docs is not installed")
    root, out = Path(__file__).resolve().parents[2], tmp_path_factory.mktemp("site")
    began = time.monotonic()
    told = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(out)],
        cwd=root, capture_output=True, text=True, timeout=LIMIT_S, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    assert time.monotonic() - began < LIMIT_S
    return out


class Asked(HTMLParser):
    """What a page asks for by itself: scripts, styles, pictures, frames, fonts; links that a reader follows do not count."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag in ("script", "img", "iframe", "video", "audio", "source", "embed") and given.get("src"):
            self.found.append(given["src"])
        if tag == "link" and given.get("rel") in ("stylesheet", "preload", "icon", "preconnect", "dns-prefetch"):
            self.found.append(given.get("href", ""))


def pages(site: Path) -> dict[str, Asked]:
    found = {}
    for path in sorted(site.rglob("*.html")):
        found[str(path.relative_to(site))] = reader = Asked()
        reader.feed(path.read_text(encoding="utf-8"))
    return found


def test_no_page_is_fetched_from_elsewhere(site: Path):
    every = pages(site)
    assert len(every) > 100
    assert {(name, url) for name, asked in every.items() for url in asked.found if re.match(r"(https?:)?//", url)} == set()
    for path in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?(https?:)?//|@import\s+[\"'](https?:)?//", path.read_text(encoding="utf-8")), path


def test_every_module_model_and_experiment_has_its_page(site: Path):
    wanted = [f"modules/{name}" for name in models.modules()] + [f"models/{name}" for name in models.names()]
    wanted += [f"experiments/{name}" for name in links.experiments()]
    assert [name for name in wanted if not (site / name / "index.html").is_file()] == []
    assert (site / "reference" / "keys" / "index.html").is_file()


def test_links_within_the_site_lead_somewhere(site: Path):
    every = pages(site)
    for name in every:
        text = (site / name).read_text(encoding="utf-8")
        for target in set(re.findall(r'href="([^"#:?]+/)(?:#[^"]*)?"', text)):
            if target.startswith("/"):
                continue
            place = (site / name).parent / target / "index.html"
            assert place.is_file(), f"{name} -> {target}"


def test_equations_are_rendered_by_the_browser_itself(site: Path):
    page = (site / "modules" / "DopamineTerminal" / "index.html").read_text(encoding="utf-8")
    equations = sum(len(chapter.equations) for chapter in chapters(models.module("DopamineTerminal")))
    assert page.count("<math ") == page.count("application/x-tex") == equations
    assert '<svg class="ports"' in page
