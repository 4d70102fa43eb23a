"""`neurohumor readouts`: what is read from a run: flows, shares, levels, each with unit, place, time and method."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from neurohumor.cli.messages import tell_note

if TYPE_CHECKING:
    from neurohumor.readout.tell import Readouts


def verb(
    run: Annotated[str, typer.Argument(help="A run (run.nc), or its folder.", show_default=False)],
    *,
    between: Annotated[str | None, typer.Option(help='Over which hours: "06:00,10:00"; default: all.', show_default=False)] = None,
    day: Annotated[int | None, typer.Option(help="Of that day alone.", show_default=False)] = None,
    group: Annotated[str, typer.Option(help='Of one group alone, as in "dopamine".')] = "",
    place: Annotated[str, typer.Option(help='Of one place alone, as in "striatum".')] = "",
    person: Annotated[Path | None, typer.Option(help="Who lived it, a TOML file: then flows are told too.", show_default=False)] = None,
    protocol: Annotated[Path | None, typer.Option("--day-file", help="What happened, a TOML file.", show_default=False)] = None,
    csv: Annotated[Path | None, typer.Option(help="Write them to this CSV file, numbers in full.", show_default=False)] = None,
    json: Annotated[bool, typer.Option("--json", help="Print them as JSON instead of a table.")] = False,
) -> None:
    """Tell the read-outs of a run: synthesis, release, uptake, breakdown, shares of clearance, levels, turnover.

    Each is a simulation quantity, not a clinical measurement.
    """
    from neurohumor.cli.compare import read_story
    from neurohumor.proof.readouts import readouts

    stretch = _stretch(between) if between is not None else None
    found = readouts(read_story(run, "human", person, protocol).run, stretch, day=day).of(group, place)
    if json:
        typer.echo(as_json(found))
    else:
        _print(found)
    if csv is not None:
        found.to_pandas().to_csv(csv, index=False, na_rep="NaN", lineterminator="\n")
        tell_note(f"left {csv}")


def _stretch(text: str) -> tuple[str, str]:
    from neurohumor.errors import ModelError

    pieces = [piece.strip() for piece in text.split(",")]
    if len(pieces) != 2 or not all(pieces):
        raise ModelError(f"{text!r} is no stretch of time", where="--between", remedy='as in --between "06:00,10:00"')
    return pieces[0], pieces[1]


def as_json(found: Readouts) -> str:
    """As JSON text; what was not computed is null."""
    import json
    import math

    from neurohumor.readout.tell import COLUMNS

    rows = [
        {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in zip(COLUMNS, one.row(), strict=True)} for one in found
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False, allow_nan=False)


def _print(found: Readouts) -> None:
    from neurohumor.cli.tables import print_table, print_text
    from neurohumor.lang.readout import LABEL
    from neurohumor.show.numbers import digits

    if not len(found):
        print_text("This run has no such read-outs.")
        return
    print_text(f"Each is a {LABEL}.")
    for group in dict.fromkeys((one.readout.group, one.readout.place) for one in found):
        some = [one for one in found if (one.readout.group, one.readout.place) == group]
        rows = [
            (
                one.readout.name,
                one.note or digits(one.value),
                f"{digits(one.low)} to {digits(one.high)}" if one.low == one.low else "",
                "" if one.readout.unit == "1" else one.readout.unit,
                one.readout.method,
                one.readout.range,
            )
            for one in some
        ]
        print_table(f"{group[0]}, {group[1]}", ("", "value", "range", "unit", "method", "compare with"), rows, right=(1, 2), keep=(0, 3))
