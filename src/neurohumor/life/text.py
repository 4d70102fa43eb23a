"""Texts that people write: names and titles, checked before they go anywhere, and never evaluated."""

from __future__ import annotations

import re
import unicodedata

from neurohumor.errors import ModelError

LONGEST_NAME = 200
LONGEST_NOTE = 2000
_CODE = re.compile(r"\.\.|__|\w\(")
_IN_NAMES = frozenset(" _.,'()-")


def read_name(text: object) -> str:
    """A name: letters, digits, blanks and _ . , ' ( ) -. Raises ModelError for control characters, paths and what looks like code."""
    found = _plain(text, "name", LONGEST_NAME)
    strange = next((c for c in found if not (c in _IN_NAMES or unicodedata.category(c)[0] in "LMN")), None)
    if strange is not None or _CODE.search(found) or found.startswith((".", "-")):
        what = f"the name {_shown(found)} holds {strange!r}" if strange else f"the name {_shown(found)} looks like a path or like code"
        raise ModelError(what, remedy="a name is letters, digits, blanks and _ . , ' ( ) -, as in Office day (Monday)")
    return found


def read_note(text: object) -> str:
    """A title or note: any printable text on its lines. Raises ModelError for control characters and for what is too long."""
    return _plain(text, "note", LONGEST_NOTE, breaks="\n")


def _plain(text: object, what: str, longest: int, breaks: str = "") -> str:
    if not isinstance(text, str):
        raise ModelError(f"the {what} {_shown(str(text))} is not a text", remedy="put it between quotes")
    if len(text) > longest:
        raise ModelError(f"the {what} {_shown(text)} has {len(text)} characters", remedy=f"at most {longest}")
    hidden = next((c for c in text if unicodedata.category(c)[0] == "C" and c not in breaks), None)
    if hidden is not None:
        raise ModelError(f"the {what} {_shown(text)} holds the control character U+{ord(hidden):04X}", remedy="take it out")
    return text


def _shown(text: str) -> str:
    return ascii(text if len(text) <= 40 else text[:37] + "...")
