"""`neurohumor events`: a day file as a table of events in NONMEM's columns, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from neurohumor.cli.messages import tell_note


def verb(
    source: Annotated[Path, typer.Argument(help="A day file (.toml) or a table of events (.csv).", show_default=False)],
    *,
    out: Annotated[Path | None, typer.Option(help="The file to write; default: what it would hold is printed.", show_default=False)] = None,
    days: Annotated[
        float | None, typer.Option(help="How far the table reaches, for what repeats without an end.", show_default=False)
    ] = None,
    doses_only: Annotated[bool, typer.Option("--doses-only", help="Leave out what is neither a dose nor an infusion.")] = False,
    subject: Annotated[str | None, typer.Option(help="Of a table: whose days; default: the only one's.", show_default=False)] = None,
    cmt: Annotated[list[str] | None, typer.Option(help='What a compartment is: "1=hydrocortisone oral mg".', show_default=False)] = None,
    drop: Annotated[list[str] | None, typer.Option(help="A column to leave out; may be repeated.", show_default=False)] = None,
    time_zero: Annotated[str, typer.Option(help="The clock time at which TIME is 0.")] = "00:00",
) -> None:
    """Turn a day file into a table of events, or a table into a day file.

    The columns are NONMEM's (ID, TIME, AMT, DV, EVID, CMT, RATE, II, ADDL, SS, MDV, covariates), TIME in hours; SUBSTANCE, ROUTE and
    UNIT say what each compartment is. What the other form cannot hold is refused with its line.
    """
    from neurohumor.errors import FileError

    if source.suffix == ".toml":
        text = _table(source, days, doses_only, time_zero)
    elif source.suffix == ".csv":
        text = _day(source, subject, cmt or [], drop or [], time_zero)
    else:
        raise FileError("this is neither a day file nor a table", where=str(source), remedy="give a .toml or a .csv")
    if out is None:
        typer.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    tell_note(f"left {out}")


def _table(source: Path, days: float | None, doses_only: bool, time_zero: str) -> str:
    from neurohumor.life.event_rows import events_text
    from neurohumor.life.event_table import table_of
    from neurohumor.life.files import read_protocol

    protocol = read_protocol(source)
    given = protocol.only("dose", "infusion") if doses_only else protocol
    return events_text(table_of(given), days=days or protocol.days, time_zero=time_zero)


def _day(source: Path, subject: str | None, cmt: list[str], drop: list[str], time_zero: str) -> str:
    from neurohumor.cli.given import table_in
    from neurohumor.errors import ModelError
    from neurohumor.life.written import protocol_text

    table = table_in(source, cmt, time_zero, drop)
    if subject is None and len(table) != 1:
        names = ", ".join(one.name for one in list(table)[:8])
        raise ModelError(f"the table has {len(table)} subjects", where=str(source), remedy=f"choose one with --subject: {names}")
    chosen = table[subject] if subject is not None else table.subjects[0]
    return protocol_text(chosen.protocol)
