"""`neurohumor run`: a person lives through days; a table here, the run, a report and its provenance in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neurohumor.cli.messages import BAD_INPUT, FAILED, INTERRUPTED, console, tell_error, tell_note

if TYPE_CHECKING:
    from neurohumor.engine.run import Run
    from neurohumor.engine.solve import Window
    from neurohumor.show.report import Story

FILES = ("run.nc", "report.html", "provenance.json")
TABLE = "run.csv"


def verb(
    person: Annotated[Path | None, typer.Argument(help="The person, a TOML file; of a model file, nobody.", show_default=False)] = None,
    day: Annotated[
        Path | None, typer.Argument(help="What happens, a TOML file; without it the person's habits.", show_default=False)
    ] = None,
    *,
    days: Annotated[float | None, typer.Option(help="How many days; default: what the day file says, else 1.", show_default=False)] = None,
    out: Annotated[Path, typer.Option(help="The folder for run.nc, report.html and provenance.json.")] = Path("out"),
    model: Annotated[str, typer.Option(help="Which model, or the path of an SBML file.")] = "human",
    window: Annotated[
        list[str] | None,
        typer.Option(help='Keep "from,to,step", as in "day 1 06:00,day 1 10:00,1 min"; may be repeated. Default: all, every 5 min.'),
    ] = None,
    population: Annotated[int | None, typer.Option(help="That many people drawn around the person.", show_default=False)] = None,
    seed: Annotated[int, typer.Option(help="Which people are drawn.")] = 0,
    rtol: Annotated[float, typer.Option(help="Relative tolerance of the solver.")] = 1e-6,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON instead of a table.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Leave run.csv too: every quantity over time.")] = False,
) -> None:
    """Simulate a person living through days.

    Prints the main quantities and leaves three files: run.nc (everything, NetCDF), report.html (self-contained) and
    provenance.json. Ctrl-C stops the run and keeps what was computed.
    """
    from neurohumor.cli.imported import is_file, run_imported
    from neurohumor.cli.living import Asked, live
    from neurohumor.cli.outputs import check_place
    from neurohumor.errors import ModelError

    check_place(out)
    asked = Asked(person, day, days, model, windows_of(window or []), population, seed, rtol)
    if is_file(model):
        run_imported(asked, out, json=json, csv=csv)
        return
    if person is None:
        raise ModelError("nobody is given to live these days", where="PERSON", remedy="give the person's TOML file")
    story = live(asked)
    run = story.run
    refused = [status for status in run.statuses if status.code.name == "BAD_INPUT"]
    if refused and len(refused) == len(run.statuses):
        tell_error(refused[0].detail or str(refused[0]))
        raise typer.Exit(BAD_INPUT)
    files = (*FILES, TABLE) if csv else FILES
    _leave(story, out, {"person": person} | ({"day": day} if day else {}), files)
    _print(story, json)
    _conclude(run, f"{', '.join(files)} in {out}")


def windows_of(texts: list[str]) -> list[Window] | None:
    """Windows as typed, "from,to,step" each; None where none was.  Raises ModelError."""
    from neurohumor.errors import ModelError

    found: list[Window] = []
    for text in texts:
        pieces = [piece.strip() for piece in text.split(",")]
        if len(pieces) != 3 or not all(pieces):
            raise ModelError(f"{text!r} is no window", where="--window", remedy='write from,to,step, as in --window "06:00,10:00,1 min"')
        found.append((pieces[0], pieces[1], pieces[2]))
    return found or None


def _leave(story: Story, out: Path, sources: dict[str, Path], files: tuple[str, ...]) -> None:
    from neurohumor.cli.outputs import Draft
    from neurohumor.cli.record import provenance
    from neurohumor.show.report import report

    with Draft(out) as folder:
        story.run.to_netcdf(folder / FILES[0])
        (folder / FILES[1]).write_text(report(story), encoding="utf-8")
        (folder / FILES[2]).write_text(provenance(story.run, sources), encoding="utf-8")
        if TABLE in files:
            story.run.to_csv(folder / TABLE)


def _print(story: Story, json: bool) -> None:
    from neurohumor.cli.tables import print_table
    from neurohumor.show.laboratory import COLUMNS as LABORATORY
    from neurohumor.show.laboratory import compared
    from neurohumor.show.summary import COLUMNS, summary

    lines = summary(story.run)
    if json:
        typer.echo(as_json(story))
        return
    whom = "" if story.run.single else f", medians of {len(story.run.people)} people"
    print_table(f"{story.title}{whom}", COLUMNS, [line.cells() for line in lines], right=(1, 2, 4), keep=(0, 3, 5))
    if story.labs:
        rows = [one.cells() for one in compared(story.run, story.labs)]
        print_table("Measured and predicted", LABORATORY, rows, right=(1, 2, 4), keep=(0, 3))
    if story.run.unheard:
        console().print(f"No part of this model hears: {', '.join(story.run.unheard)}.")


def as_json(story: Story) -> str:
    """The summary as JSON text; numbers that were not computed are null."""
    import json
    import math
    from dataclasses import asdict

    from neurohumor.show.summary import summary

    def plain(value: Any) -> Any:
        return None if isinstance(value, float) and not math.isfinite(value) else value

    run = story.run
    told = {
        "title": story.title,
        "model": run.groups[0].table.name,
        "people": len(run.people),
        "from": run.start,
        "to": run.end,
        "complete": run.ok,
        "statuses": [str(status) for status in run.failed],
        "unheard": list(run.unheard),
        "quantities": [{key: plain(value) for key, value in asdict(line).items()} for line in summary(run)],
    }
    return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)


def _conclude(run: Run, kept: str) -> None:
    if run.interrupted:
        tell_note(f"interrupted: {run.status}; what was computed until then is kept: {kept}")
        raise typer.Exit(INTERRUPTED)
    if not run.ok:
        tell_error("; ".join(str(status) for status in run.failed[:3]))
        tell_note(f"what was computed is kept: {kept}")
        raise typer.Exit(FAILED)
    tell_note(f"left {kept}")
