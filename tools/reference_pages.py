"""A hook of mkdocs: one page of reference for each folder of the package, made from its docstrings."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "neurohumor"


def pages() -> dict[str, list[str]]:
    """The modules of each page, by the page's name; a file that stands alone is a page of its own."""
    found: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if any(part.startswith("_") for part in parts):
            continue
        page = "-".join(parts[:-1]) or parts[0]
        found.setdefault(page, []).append(".".join(("neurohumor", *parts)))
    return found


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for name, modules in pages().items():
        text = f"# {name.replace('-', '/')}\n\n" + "\n".join(f"::: {module}\n" for module in modules)
        files.append(File.generated(config, f"reference/{name}.md", content=text))
    return files
