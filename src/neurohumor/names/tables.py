"""Reading the tables that lie beside this file."""

from __future__ import annotations

import os
from typing import Any


def path_of(file: str) -> str:
    """The full path of a table of the vocabulary."""
    return os.path.join(os.path.dirname(__file__), file)


def read_toml(file: str) -> dict[str, dict[str, Any]]:
    """The entries of a TOML table of tables."""
    import tomllib

    with open(path_of(file), "rb") as stream:
        return tomllib.load(stream)
