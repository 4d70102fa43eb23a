"""The sentence on the first page that says how many of the numbers are checked, and how."""

from __future__ import annotations

from collections.abc import Mapping

from neurohumor.errors import FileError
from neurohumor.evidence.evidence import LEVELS, MEANING, Level

BEGIN, END = "<!-- evidence-badge -->", "<!-- /evidence-badge -->"


def badge_markdown(tally: Mapping[Level, int]) -> str:
    """The counts as one line of Markdown; every level that occurs is named, best first."""
    total = sum(tally.values())
    told = [f"{tally[name]} {MEANING[name]}" for name in LEVELS if tally.get(name)]
    return f"**{total} numbers**: {'; '.join(told)}." if total else "**0 numbers**."


def with_badge(page: str, tally: Mapping[Level, int]) -> str:
    """The page with its badge renewed, between the markers.  Raises FileError where the page has no marker."""
    head, found, rest = page.partition(BEGIN)
    if not found:
        raise FileError("the page has no place for the badge", remedy=f"add a line {BEGIN}")
    tail = rest.partition(END)[2] if END in rest else rest
    return f"{head}{BEGIN}\n{badge_markdown(tally)}\n{END}{tail}"
