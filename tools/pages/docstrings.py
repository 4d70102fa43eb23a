"""Docstrings of the code as Markdown: aligned lists become lists, square brackets stay what they are."""

from __future__ import annotations

import re
from typing import Any

import griffe

ITEM = re.compile(r"(?P<key>[\w.*`][\w.,*`/ ]{0,40}?) {2,}(?P<words>\S.*)")
CODE = re.compile(r"(`[^`]*`)")


class Docstrings(griffe.Extension):
    """Turns each docstring into Markdown before it is rendered."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Called for every object that is read."""
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)


def as_markdown(text: str) -> str:
    """The paragraphs of a docstring; lines that begin with a name and two spaces are entries of a list."""
    return "\n\n".join(_paragraph(each) for each in text.split("\n\n"))


def _paragraph(text: str) -> str:
    lines = text.split("\n")
    if all(line.startswith("    ") for line in lines if line.strip()):
        return "\n".join(lines)  # a block of code
    out: list[str] = []
    within = False
    for line in lines:
        found = ITEM.fullmatch(line)
        if found:
            out += [] if within or not out else [""]
            within = True
            out.append(f"- `{found['key'].strip('`')}`: {_plain(found['words'])}")
        else:
            out.append(f"  {_plain(line.strip())}" if within and line.startswith(" ") else _plain(line))
            within = within and line.startswith(" ")
    return "\n".join(out)


def _plain(line: str) -> str:
    """The line with its brackets escaped outside code, so that [people][time] is no link."""
    pieces = CODE.split(line)
    return "".join(piece if piece.startswith("`") else piece.replace("[", "\\[").replace("]", "\\]") for piece in pieces)
