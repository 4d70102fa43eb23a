"""One self-contained HTML page from parts: text is escaped where it enters, nothing is fetched, nothing runs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path


@cache
def style() -> str:
    """The rules of the page, from the file beside this one."""
    return (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def text(value: object) -> str:
    """Any text made safe for a page: escaped, control and direction characters replaced."""
    clean = "".join(c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs") else "\ufffd" for c in str(value))
    return escape(clean, quote=True)


def page(title: str, body: Iterable[str]) -> str:
    """The whole document.  Its own rule lets no script run and nothing be fetched."""
    rule = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    head = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{rule}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>\n{style()}\n</style>\n</head>\n<body>\n<main>\n"
    )
    return head + "\n".join(piece for piece in body if piece) + "\n</main>\n</body>\n</html>\n"


def with_contents(made: Sequence[tuple[str, str, str]]) -> list[str]:
    """Sections (anchor, name, text), the first as the head of the page; after it a list of those that there are."""
    (_, _, head), *rest = made
    there = [(anchor, name) for anchor, name, inside in rest if inside]
    entries = "".join(f'<li><a href="#{text(anchor)}">{text(name)}</a></li>' for anchor, name in there)
    return [head, f'<nav><ul class="plain keys">{entries}</ul></nav>' if entries else "", *(inside for _, _, inside in rest)]


def heading(words: str, anchor: str = "") -> str:
    """A heading of a section."""
    mark = f' id="{text(anchor)}"' if anchor else ""
    return f"<h2{mark}>{text(words)}</h2>"


def paragraph(words: str, kind: str = "") -> str:
    """A paragraph; `kind` is lead, use, warn or bad."""
    mark = f' class="{kind}"' if kind else ""
    return f"<p{mark}>{text(words)}</p>"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], kinds: str = "", marks: Sequence[str] = ()) -> str:
    """A table of texts.

    kinds  a letter per column: t a few words, which stay on one line, w some that may wrap, m more of them, n number, c code
    marks  a class for each row, "" for none
    """
    letters = kinds.ljust(len(columns), "t")
    head = "".join(f"<th{_class(letter)}>{text(name)}</th>" for name, letter in zip(columns, letters, strict=False))
    lines = []
    for k, row in enumerate(rows):
        mark = f' class="{marks[k]}"' if k < len(marks) and marks[k] else ""
        cells = "".join(f"<td{_class(letter)}>{text(cell)}</td>" for cell, letter in zip(row, letters, strict=False))
        lines.append(f"<tr{mark}>{cells}</tr>")
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'


def _class(letter: str) -> str:
    return "" if letter == "t" else f' class="{letter}"'


def folded(summary: str, inside: str) -> str:
    """What is shown on request."""
    return f"<details><summary>{text(summary)}</summary>{inside}</details>"


def pairs(rows: Iterable[tuple[str, object]]) -> str:
    """Names and values."""
    return "<dl>" + "".join(f"<dt>{text(name)}</dt><dd>{text(value)}</dd>" for name, value in rows if str(value)) + "</dl>"


def items(rows: Iterable[str]) -> str:
    """A plain list of texts."""
    return '<ul class="plain">' + "".join(f"<li>{text(row)}</li>" for row in rows) + "</ul>"
