"""`neurohumor run`: a person lives through days; a table here, the run, a report and its provenance in a folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neurohumor.cli.messages import BAD_INPUT, FAILED, INTERRUPTED, console, tell_error, tell_note

if TYPE_CHECKING:
    from neurohumor.cli.living import Asked
    from neurohumor.engine.run import Run
    from neurohumor.engine.solve import Window
    from neurohumor.show.compare import Comparison
    from neurohumor.show.report import Story

    Both = tuple[tuple[Story, Story], tuple[str, str], Comparison]

FILES = ("run.nc", "report.html", "provenance.json")
TABLES = ("run.csv", "readouts.csv")
SECOND = "against.nc"


def verb(
    person: Annotated[Path | None, typer.Argument(help="The person, a TOML file; of a model file, nobody.", show_default=False)] = None,
    day: Annotated[
        Path | None, typer.Argument(help="What happens, a TOML file; without it the person's habits.", show_default=False)
    ] = None,
    *,
    days: Annotated[float | None, typer.Option(help="How many days; default: what the day file says, else 1.", show_default=False)] = None,
    out: Annotated[Path, typer.Option(help="The folder for what it leaves.")] = Path("out"),
    model: Annotated[str, typer.Option(help="Which model, or an SBML file.")] = "human",
    window: Annotated[
        list[str] | None,
        typer.Option(help='Keep "from,to,step", as in "day 1 06:00,day 1 10:00,1 min"; may be repeated. Default: all, every 5 min.'),
    ] = None,
    against: Annotated[Path | None, typer.Option(help="Another day file, to stand beside the first.", show_default=False)] = None,
    population: Annotated[int | None, typer.Option(help="That many people drawn around the person.", show_default=False)] = None,
    seed: Annotated[int, typer.Option(help="Which people are drawn.")] = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted population.")] = False,
    events: Annotated[Path | None, typer.Option(help="A table of events in NONMEM's columns.", show_default=False)] = None,
    subject: Annotated[str | None, typer.Option(help="Of a table: this subject alone.", show_default=False)] = None,
    cmt: Annotated[list[str] | None, typer.Option(help='"1=hydrocortisone oral mg".', show_default=False)] = None,
    drop: Annotated[list[str] | None, typer.Option(help="Of a table: a column to leave out.", show_default=False)] = None,
    time_zero: Annotated[str, typer.Option(help="Clock time of TIME 0.")] = "00:00",
    rtol: Annotated[float, typer.Option(help="Relative tolerance.")] = 1e-6,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON, not as a table.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Leave run.csv and readouts.csv too.")] = False,
) -> None:
    """Simulate a person living through days.

    Prints the main quantities and leaves run.nc (everything, NetCDF), report.html (self-contained) and provenance.json; with
    --against both days in one report, and against.nc. With --events each subject of the table is lived, each occasion between resets
    by itself. Ctrl-C stops and keeps what was computed; --resume then lives who is left of a population.
    """
    from neurohumor.cli.imported import is_file, run_imported
    from neurohumor.cli.living import Asked
    from neurohumor.cli.outputs import check_place
    from neurohumor.errors import ModelError

    check_place(out)
    asked = Asked(person, day, days, model, windows_of(window or []), population, seed, rtol, resume=out / FILES[0] if resume else None)
    if is_file(model):
        run_imported(asked, out, json=json, csv=csv)
        return
    if resume and population is None:
        raise ModelError("only a population can be resumed", where="--resume", remedy="give the --population that was interrupted")
    if events is not None:
        if against is not None or population is not None:
            raise ModelError("a table says who lives what", where="--events", remedy="leave out --against and --population")
        _live_table(asked, out, events, (subject, cmt or [], drop or [], time_zero), json=json, csv=csv)
        return
    _live_person(asked, out, against, json=json, csv=csv)


def _live_person(asked: Asked, out: Path, against: Path | None, *, json: bool, csv: bool) -> None:
    """One person or a population through a day, or one person through two."""
    from neurohumor.errors import ModelError

    person, day = asked.person, asked.day
    if person is None:
        raise ModelError("nobody is given to live these days", where="PERSON", remedy="give the person's TOML file")
    if against is not None and (asked.population is not None or day is None):
        raise ModelError("two days are compared for one person", where="--against", remedy="give one day file, and no --population")
    story = _lived(asked)
    run = story.run
    second = _lived(replace(asked, day=against)) if against is not None and run.ok else None
    sources = {"person": person} | ({"day": day} if day else {}) | ({"against": against} if against else {})
    tables = TABLES if story.readouts else TABLES[:1]
    files = (*FILES, *(tables if csv else ()), *((SECOND,) if second else ()))
    both = _beside(story, second, day, against)
    _leave((story, second), both, out, sources, files)
    _print(story, json)
    if both is not None and not json:
        _print_both(both)
    _conclude(run if second is None or second.run.ok else second.run, f"{', '.join(files)} in {out}")


def _lived(asked: Asked) -> Story:
    """The story.  Leaves with the message where what was asked for cannot be."""
    from neurohumor.cli.living import live

    story = live(asked)
    refused = [status for status in story.run.statuses if status.code.name == "BAD_INPUT"]
    if refused and len(refused) == len(story.run.statuses):
        tell_error(refused[0].detail or str(refused[0]))
        raise typer.Exit(BAD_INPUT)
    return story


def _live_table(asked: Asked, out: Path, events: Path, how: tuple[str | None, list[str], list[str], str], *, json: bool, csv: bool) -> None:
    """Every subject of a table of events in turn, several in folders of their own."""
    from neurohumor.cli.given import lives, table_in
    from neurohumor.life.files import read_person, read_protocol

    subject, cmt, drop, time_zero = how
    like = read_person(asked.person) if asked.person is not None else None
    day = read_protocol(asked.day) if asked.day is not None else None
    found = lives(table_in(events, cmt, time_zero, drop), subject, like, day)
    given = {"person": asked.person, "day": asked.day, "events": events}
    sources = {name: path for name, path in given.items() if path is not None}
    for one in found:
        folder = out if len(found) == 1 else out / one.name
        story = _lived(replace(asked, given=one, days=asked.days or one.days))
        files = (*FILES, *(TABLES[: 1 + bool(story.readouts)] if csv else ()))
        _leave((story, None), None, folder, sources, files)
        _print(story, json)
        _conclude(story.run, f"{', '.join(files)} in {folder}")


def _beside(story: Story, second: Story | None, day: Path | None, against: Path | None) -> Both | None:
    """Both stories with their labels and what differs; None where there is only one, or the second is not complete."""
    if second is None or day is None or against is None or not second.run.ok:
        return None
    from neurohumor.cli.compare import labels_of
    from neurohumor.show.compare import compare

    return (story, second), labels_of(str(day), str(against), titles=True), compare(story.run, second.run)


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


def _leave(stories: tuple[Story, Story | None], both: Both | None, out: Path, sources: dict[str, Path], files: tuple[str, ...]) -> None:
    from neurohumor.cli.outputs import Draft
    from neurohumor.cli.record import provenance
    from neurohumor.show.report import report
    from neurohumor.show.twofold import report_of_two

    story, second = stories
    with Draft(out) as folder:
        story.run.to_netcdf(folder / FILES[0])
        page = report(story) if both is None else report_of_two(*both)
        (folder / FILES[1]).write_text(page, encoding="utf-8")
        (folder / FILES[2]).write_text(provenance(story.run, sources), encoding="utf-8")
        if second is not None:
            second.run.to_netcdf(folder / SECOND)
        if TABLES[0] in files:
            story.run.to_csv(folder / TABLES[0])
        if TABLES[1] in files:
            story.readouts.to_pandas().to_csv(folder / TABLES[1], index=False, na_rep="NaN", lineterminator="\n")


def _print_both(both: Both) -> None:
    from neurohumor.cli.compare import print_differences

    stories, labels, found = both
    print_differences(labels, found, stories[0].headlines)


def _print(story: Story, json: bool) -> None:
    from neurohumor.cli.tables import print_table
    from neurohumor.engine.notable import main_quantities
    from neurohumor.show.charts import drawn_and_left
    from neurohumor.show.laboratory import COLUMNS as LABORATORY
    from neurohumor.show.laboratory import compared
    from neurohumor.show.summary import COLUMNS, summary

    if json:
        typer.echo(as_json(story))
        return
    sections, left = drawn_and_left(main_quantities(story.run), story.headlines)
    shown = [name for one in sections for name in one.quantities]
    lines = summary(story.run, shown, story.known)
    whom = "" if story.run.single else f", medians of {len(story.run.people)} people"
    print_table(f"{story.title}{whom}", COLUMNS, [line.cells() for line in lines], right=(1, 2, 4), keep=(0, 3, 5))
    if left:
        console().print(f"{len(left)} more quantities, and {len(story.readouts)} read-outs, are in {FILES[1]}.")
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

    from neurohumor.readout.tell import COLUMNS as READ
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
        "readouts": [dict(zip(READ, map(plain, one.row()), strict=True)) for one in story.readouts],
    }
    return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)


def _conclude(run: Run, kept: str) -> None:
    if run.interrupted:
        tell_note(f"interrupted: {run.status}: {kept}")
        raise typer.Exit(INTERRUPTED)
    if not run.ok:
        tell_error("; ".join(str(status) for status in run.failed[:3]))
        tell_note(f"what was computed is kept: {kept}")
        raise typer.Exit(FAILED)
    tell_note(f"left {kept}")
