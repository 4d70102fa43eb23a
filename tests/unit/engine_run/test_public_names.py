"""The public face: every name loads, and type checkers see the same ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import neurohumor

STUB = Path(neurohumor.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
NAMES = sorted(neurohumor._HOME)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_loads_and_says_what_it_is(name):
    assert getattr(neurohumor, name).__doc__


def test_type_checkers_see_the_same_names():
    assert sorted(re.findall(r"^from \S+ import (\w+) as \1$", STUB, re.MULTILINE)) == NAMES
    homes = dict(re.findall(r"^from (\S+) import (\w+) as", STUB, re.MULTILINE))
    assert all(neurohumor._HOME[name] == home for home, name in homes.items())  # type: ignore[attr-defined]


def test_the_version_and_the_unknown():
    assert re.match(r"\d+\.\d+\.\d+", neurohumor.__version__) and "simulate" in dir(neurohumor)
    with pytest.raises(AttributeError):
        neurohumor.nothing  # type: ignore[attr-defined]
