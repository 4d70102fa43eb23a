"""Small pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from neurohumor.evidence.evidence import MEANING, Level


def cell(text: str) -> str:
    """A text as the cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def code(text: str) -> str:
    """A text as code; nothing where there is none."""
    return f"`{text}`" if text else ""


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> str:
    """A table of cells that are Markdown already; `right` are the columns of numbers."""
    line = "".join(f"| {'--:' if k in right else '---'} " for k in range(len(columns))) + "|\n"
    return f"| {' | '.join(columns)} |\n{line}" + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def filled_table(columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """A table without the columns that no row fills."""
    kept = [k for k in range(len(columns)) if any(row[k] for row in rows)]
    return table([columns[k] for k in kept], [[row[k] for k in kept] for row in rows], [kept.index(k) for k in right if k in kept])


def fenced(text: str, language: str = "text") -> str:
    """A block of text as it is."""
    return f"```{language}\n{text.rstrip()}\n```\n"


def folded(title: str, inside: str) -> str:
    """Something that opens when its title is clicked."""
    body = "".join(f"    {line}\n" if line else "\n" for line in inside.rstrip("\n").split("\n"))
    return f'??? note "{title}"\n\n{body}'


def many(count: int, word: str, words: str = "") -> str:
    """ "1 state", "2 states"."""
    return f"{count} {word}" if count == 1 else f"{count} {words or word + 's'}"


def level_bar(tally: Mapping[Level, int]) -> str:
    """How the numbers are known as one bar, longest for the most."""
    parts = "".join(
        f'<span class="{name}" style="flex:{count}" title="{count} {MEANING[name]}"></span>' for name, count in tally.items() if count
    )
    return f'<div class="levels" aria-hidden="true">{parts}</div>\n' if parts else ""
