"""libSBML, loaded when it is first needed: it is an optional part of an installation."""

from __future__ import annotations

import importlib
from typing import Any

from neurohumor.errors import FileError


def library() -> Any:
    """The module libsbml.  Raises FileError where it is not installed."""
    try:
        return importlib.import_module("libsbml")
    except ImportError as fault:
        raise FileError(
            "reading and writing SBML needs libSBML, which is not installed", remedy='pip install "neurohumor[interop]"'
        ) from fault
