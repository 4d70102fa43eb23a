"""`neurohumor export`: a model in another format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from neurohumor.cli.messages import tell_note

FORMATS = ("sbml",)


def verb(
    model: Annotated[str, typer.Argument(help="Which model, as in human.", show_default=False)],
    day: Annotated[
        Path | None, typer.Argument(help="What happens, a TOML file; without it the person's habits.", show_default=False)
    ] = None,
    *,
    to: Annotated[str, typer.Option(help="The format: sbml.")] = "sbml",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The file; default: the model's name.", show_default=False)] = None,
    person: Annotated[Path | None, typer.Option(help="The person, a TOML file; default: the reference woman.", show_default=False)] = None,
    days: Annotated[float | None, typer.Option(help="How many days of happenings; default: what the day file says, else 1.")] = None,
    settled: Annotated[bool, typer.Option("--settled", help="Begin from the baseline that the person's habits lead to.")] = False,
) -> None:
    """Write a model as a file that others read: SBML Level 3 Version 2.

    Equations, units, sources and identifiers, the person's numbers, and what happens as events; time 0 is midnight of day 0, in h.
    """
    from neurohumor.cli.outputs import check_place
    from neurohumor.errors import UnknownName, did_you_mean
    from neurohumor.life.files import read_person, read_protocol
    from neurohumor.models import load
    from neurohumor.proof.exported import exported

    if to not in FORMATS:
        raise UnknownName(f"no format is called {to!r}", where="--to", remedy=did_you_mean(to, FORMATS) or "there is: sbml")
    path = Path(f"{model}.xml") if out is None else out
    check_place(path.parent)
    somebody = None if person is None else read_person(person)
    protocol = None if day is None else read_protocol(day)
    text = exported(load(model), somebody, protocol, days=days, settled=settled)
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    tell_note(f"left {path}: SBML, {len(text.encode()) / 1024:.0f} KiB")
