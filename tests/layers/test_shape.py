"""The shape of the code: sizes, names, arguments, abstract or final."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

from tests.layers.sources import PACKAGE, functions_in, named, package_files, tree_of

FILE_LINES = 400
PAPER_LINES = 600
FUNCTION_LINES = 60
POSITIONAL = 5
VAGUE = {"utils", "util", "helpers", "helper", "misc", "common", "tools", "stuff"}
PAPER = re.compile(r"_[a-z]+(19|20)\d\d[a-z]?\.py$")


def line_limit(path: Path) -> int:
    """A file of the science that carries a paper's author and year may be as long as the paper is."""
    return PAPER_LINES if PAPER.search(path.name) and "modules" in path.parts else FILE_LINES


def test_papers_alone_may_be_longer():
    assert line_limit(Path("modules/transmitters/dopamine_terminal_best2009.py")) == PAPER_LINES
    assert line_limit(Path("modules/transmitters/dopamine_terminal.py")) == FILE_LINES
    assert line_limit(Path("engine/solve_best2009.py")) == FILE_LINES


def test_files_are_short():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in package_files()}
    assert {named(path): length for path, length in lengths.items() if length > line_limit(path)} == {}


def long_functions(tree: ast.Module) -> dict[str, int]:
    lengths = {node.name: (node.end_lineno or node.lineno) - node.lineno + 1 for node, _ in functions_in(tree)}
    return {name: length for name, length in lengths.items() if length > FUNCTION_LINES}


def crowded_functions(tree: ast.Module) -> dict[str, int]:
    """Functions that take more positional arguments than a reader can keep apart."""
    found = {}
    for node, is_method in functions_in(tree):
        bound = is_method and not any(isinstance(mark, ast.Name) and mark.id == "staticmethod" for mark in node.decorator_list)
        count = len(node.args.posonlyargs) + len(node.args.args) - bound
        if count > POSITIONAL:
            found[node.name] = count
    return found


@pytest.mark.parametrize("check", [long_functions, crowded_functions])
def test_functions_are_small(check):
    found = {named(path): check(tree_of(path)) for path in package_files()}
    assert {path: functions for path, functions in found.items() if functions} == {}


def test_planted_large_functions_are_caught():
    long = "class A:\n    def f(self, a, b, c, d, e):\n" + "        a = b\n" * FUNCTION_LINES
    assert long_functions(ast.parse(long)) == {"f": FUNCTION_LINES + 1}
    assert crowded_functions(ast.parse(long)) == {}
    assert crowded_functions(ast.parse("class A:\n    def f(self, a, b, c, d, e, f): ...")) == {"f": 6}
    assert crowded_functions(ast.parse("def f(a, b, c, d, e, g): ...\ndef h(a, *, b, c, d, e, g): ...")) == {"f": 6}


def test_no_file_has_a_vague_name():
    assert [named(path) for path in PACKAGE.rglob("*") if path.stem in VAGUE] == []


def called_although_derived_from(trees: list[ast.Module]) -> set[str]:
    """Classes that others derive from and that are also built themselves: a class is either abstract or final.

    Exceptions are exempt: catching a kind and its kin by one name is what their bases are for.
    """
    nodes = [node for tree in trees for node in ast.walk(tree)]
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    bases = {node.name: {base.id for base in node.bases if isinstance(base, ast.Name)} for node in classes}
    exceptions = {name for name in bases if name.endswith(("Error", "Exception"))}
    derived_from = set().union(*bases.values()) & set(bases) - exceptions
    called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return derived_from & called


def test_classes_are_abstract_or_final():
    # An Output or a Flux is a derived value too: whoever asks a module for its Derived gets all of them.
    # A person's Protocol and typing's, from which interfaces derive, are two classes of one name.
    # A Symbol by itself is the bound variable of an imported function. Imported files have a Declared of their own.
    exempt = {"Derived", "Protocol", "Symbol", "Declared"}
    assert called_although_derived_from([tree_of(path) for path in package_files()]) - exempt == set()


def test_a_planted_class_that_is_neither_is_caught():
    planted = "class A: ...\nclass B(A): ...\nclass MyError(Exception): ...\nclass Kind(MyError): ...\nA()\nB()\nMyError()"
    assert called_although_derived_from([ast.parse(planted)]) == {"A"}


def test_modules_of_the_science_are_final():
    if not (PACKAGE / "lang" / "module.py").is_file():
        pytest.skip("there is no Module yet")
    module = importlib.import_module("neurohumor.lang.module").Module
    for found in pkgutil.walk_packages([str(PACKAGE / "modules")], "neurohumor.modules."):
        importlib.import_module(found.name)
    own = [cls for cls in module.__subclasses__() if cls.__module__.startswith("neurohumor.")]
    assert {cls.__name__: cls.__subclasses__() for cls in own if cls.__subclasses__()} == {}
