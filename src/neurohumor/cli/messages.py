"""What the command line says: errors on stderr, tables on stdout, progress on anything over a second."""

from __future__ import annotations

import os
import sys
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130
"""Exit codes."""
PIPED = 140
"""Columns of what does not go to a terminal."""


def printable(text: str) -> str:
    """The text without characters that steer a terminal; line ends and tabs stay."""
    return "".join(c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs") else "\ufffd" for c in text)


def tell_error(message: str) -> None:
    """One message on stderr."""
    print(f"error: {printable(message)}", file=sys.stderr)


def tell_note(message: str) -> None:
    """A remark on stderr, so that what is piped from stdout stays clean."""
    print(printable(message), file=sys.stderr)


@cache
def console() -> Console:
    """Where tables go; it finds today's stdout each time, and takes no text for markup.  What is piped on is `PIPED` wide."""
    from rich.console import Console

    wide = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPED
    return Console(markup=False, highlight=False, emoji=False, width=wide)
