"""What may import what, and how: import-linter's contracts, then the rules it has no word for."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

from tests.layers.sources import PACKAGE, ROOT, named, package_files, tree_of


def test_the_layers_hold():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert told.returncode == 0, told.stdout + told.stderr
    assert " 0 broken" in told.stdout


def test_a_planted_breach_of_the_layers_is_caught(tmp_path: Path):
    source = tmp_path / "planted"
    for folder, text in {"": "", "lang": "", "engine": "from planted.lang import expr\n"}.items():
        (source / folder).mkdir(exist_ok=True)
        (source / folder / "__init__.py").write_text(text)
    (source / "lang" / "expr.py").write_text("def late():\n    import planted.engine\n")
    (tmp_path / ".importlinter").write_text(
        "[importlinter]\nroot_package = planted\n[importlinter:contract:1]\nname = stack\ntype = layers\n"
        "containers = planted\nlayers =\n    engine\n    lang\n"
    )
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=100)
    assert told.returncode == 1 and "planted.lang.expr -> planted.engine" in told.stdout, told.stdout + told.stderr


def through_the_root(tree: ast.Module) -> list[str]:
    """Imports by way of the package's public face, which loads what it hands on; within, a name comes from where it is defined."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [f"line {node.lineno}: import neurohumor" for alias in node.names if alias.name == "neurohumor"]
        elif isinstance(node, ast.ImportFrom) and node.module == "neurohumor":
            names = [alias.name for alias in node.names if not alias.name.startswith("__")]
            folders = {path.stem for path in PACKAGE.iterdir()}
            found += [f"line {node.lineno}: from neurohumor import {name}" for name in names if name not in folders]
    return found


def test_nothing_within_imports_through_the_root():
    found = {named(path): through_the_root(tree_of(path)) for path in package_files()}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_a_planted_import_through_the_root_is_caught():
    planted = "import neurohumor\nfrom neurohumor import simulate, units\nfrom neurohumor.errors import FileError"
    assert through_the_root(ast.parse(planted)) == ["line 1: import neurohumor", "line 2: from neurohumor import simulate"]


def test_every_file_of_the_package_can_be_imported():
    """Alone and without a warning: no file leans on another having been imported before it."""
    names = [".".join(("neurohumor", *path.relative_to(PACKAGE).with_suffix("").parts)) for path in package_files()]
    names = [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]
    assert all(importlib.util.find_spec(name.rpartition(".")[0] or name) for name in names)
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n"
        "        importlib.import_module(name)\n"
        "    except BaseException as fault:\n"
        "        print(name, type(fault).__name__, fault)\n"
    )
    told = subprocess.run([sys.executable, "-W", "error::SyntaxWarning", "-c", code, *names], capture_output=True, text=True, timeout=100)
    assert (told.returncode, told.stdout) == (0, ""), told.stdout + told.stderr
