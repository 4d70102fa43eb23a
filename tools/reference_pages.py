"""A hook of mkdocs: the pages that are made from the code, and their places in the navigation.

Nothing is simulated: modules, models and experiments are shown as they are declared.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "neurohumor"
DOCS = ROOT / "docs"
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tools.pages import experiment_page, family_page, keys_page, links, lists_page, module_page  # noqa: E402

from neurohumor import models  # noqa: E402

UNSEEN = ("cli", "modules", "models", "engine/native", "engine/backends")
"""Folders without a page of their own: verbs, modules and models have theirs; how solvers work stands under Engine."""


def code_pages() -> dict[str, list[str]]:
    """The files of each page of code, by the page's name; a file that stands alone is a page of its own."""
    found: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        folder = "/".join(parts[:-1])
        if any(part.startswith("_") for part in parts) or folder.startswith(UNSEEN):
            continue
        found.setdefault(folder or parts[0], []).append(".".join(("neurohumor", *parts)))
    return found


def made_pages() -> dict[str, str]:
    """Every page that is made from the code, by its place."""
    made = {"reference/keys.md": keys_page.page(), "reference/quantities.md": lists_page.quantities()}
    made |= {"influences.md": lists_page.influences(), "sources.md": lists_page.sources()}
    made["modules/index.md"] = module_page.index()
    made |= {f"modules/{name}.md": module_page.page(module) for name, module in models.modules().items()}
    made["models/index.md"] = family_page.index()
    made |= {f"models/{name}.md": family_page.page(name) for name in models.names()}
    made["experiments/index.md"] = experiment_page.index()
    made |= {f"experiments/{name}.md": experiment_page.page(one) for name, one in links.experiments().items()}
    for name, files in code_pages().items():
        inside = "\n".join(f"::: {file}\n" for file in files)
        made[f"code/{name.replace('/', '-')}.md"] = f"# neurohumor.{name.replace('/', '.')}\n\n{inside}"
    return made


def lists() -> dict[str, list[Any]]:
    """What stands in the navigation in place of "@name"."""
    folders = module_page.by_folder()
    named = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    return {
        "reference": [
            f"reference/{path.name}" for path in sorted((DOCS / "reference").glob("*.md")) if f"reference/{path.name}" not in named
        ],
        "engine": [path.name for path in sorted(DOCS.glob("engine*.md"))],
        "science": [f"science/{path.name}" for path in sorted((DOCS / "science").glob("*.md"))],
        "decisions": [
            f"decisions/{path.name}" for path in sorted((DOCS / "decisions").glob("*.md")) if path.name[:4] not in ("inde", "0000")
        ],
        "modules": [{folder.capitalize(): [f"modules/{each.__name__}.md" for each in held]} for folder, held in folders.items()],
        "models": [f"models/{name}.md" for name in models.names()],
        "experiments": [
            {model: [{experiment_page.label(one): f"experiments/{one.id}.md"} for one in held]}
            for model, held in experiment_page.by_model().items()
        ],
        "code": [{name: f"code/{name.replace('/', '-')}.md"} for name in code_pages()],
    }


def filled(nav: list[Any], given: dict[str, list[Any]], made: set[str]) -> list[Any]:
    """The navigation with its lists put in; a page that is not there is left out."""
    found: list[Any] = []
    for item in nav:
        if isinstance(item, dict):
            ((title, inside),) = item.items()
            found.append({title: filled(inside, given, made)} if isinstance(inside, list) else item)
        elif item.startswith("@"):
            found += given[item[1:]]
        elif item in made or (DOCS / item).is_file():
            found.append(item)
    return found


_made: dict[str, str] = {}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    _made.clear()
    _made.update(made_pages())
    config.nav = filled(config.nav, lists(), set(_made))  # type: ignore[assignment]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for place, text in _made.items():
        files.append(File.generated(config, place, content=text))
    return files
