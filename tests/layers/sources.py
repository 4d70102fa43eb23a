"""What the checks of this folder read: the project's files, and its Python as syntax trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "neurohumor"
TEXT = {".py", ".pyi", ".md", ".toml", ".bib", ".cff", ".yml", ".yaml", ".sh", ".txt", ".html", ".js", ".css", ".json", ".csv", ""}
MADE = {".git", ".venv", "out", "site", "dist", "__pycache__", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def project_files() -> tuple[Path, ...]:
    """Every text file that belongs to the project, as git sees it; without git, every one that no tool has made."""
    try:
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
        paths = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if not MADE & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in set(paths) if path.suffix in TEXT and path.is_file()))


@cache
def package_files() -> tuple[Path, ...]:
    return tuple(sorted(PACKAGE.rglob("*.py")))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def named(path: Path) -> str:
    """A path as the reader of a failed test wants it."""
    return path.relative_to(ROOT).as_posix()


def functions_in(tree: ast.AST, inside_class: bool = False) -> Iterator[tuple[Function, bool]]:
    """Every function of a file, and whether it is a method."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, inside_class
            yield from functions_in(node)
        else:
            yield from functions_in(node, inside_class or isinstance(node, ast.ClassDef))
