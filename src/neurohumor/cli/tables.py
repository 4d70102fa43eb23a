"""Tables and trees on a terminal; every text is taken as text, and what steers a terminal is replaced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from neurohumor.cli.messages import console, printable


def print_table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Sequence[int] = (),
    keep: Sequence[int] = (),
    colours: Sequence[str] = (),
) -> None:
    """A table; `right` and `keep` are columns that are right-aligned or never wrapped, `colours` a style per row, "" for none."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, title=Text(printable(title), style="bold") if title else None, title_justify="left", pad_edge=False)
    for k, name in enumerate(columns):
        table.add_column(name, justify="right" if k in right else "left", no_wrap=k in keep or k in right, overflow="fold")
    for k, row in enumerate(rows):
        table.add_row(*(Text(printable(cell)) for cell in row), style=colours[k] if k < len(colours) and colours[k] else None)
    console().print(table)


def print_text(text: str, style: str = "", *, wrap: bool = True) -> None:
    """A line or more of plain text; `wrap=False` keeps its lines as they are."""
    from rich.text import Text

    console().print(Text(printable(text), style=style), soft_wrap=not wrap)


def print_entry(head: str, meaning: str, below: str, colour: str = "") -> None:
    """A name with its meaning, and what is to be said of it indented below."""
    from textwrap import fill

    from rich.text import Text

    width = max(40, console().width)
    words = Text(printable(head), style="bold")
    if meaning:
        words.append(f"   {printable(meaning)}", style="not bold")
    console().print(words, soft_wrap=True)
    lines = fill(printable(below), width, initial_indent="    ", subsequent_indent="      ", break_long_words=False, break_on_hyphens=False)
    console().print(Text(lines, style=colour or "dim"), soft_wrap=True)
