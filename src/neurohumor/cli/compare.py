"""`neurohumor compare`: two runs, two days or two models side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neurohumor.cli.messages import tell_note

if TYPE_CHECKING:
    from neurohumor.engine.run import Run
    from neurohumor.show.compare import Comparison
    from neurohumor.show.report import Story


def verb(
    first: Annotated[str, typer.Argument(help="A run (run.nc, or its folder), a day file, or a model.", show_default=False)],
    second: Annotated[str, typer.Argument(help="Another of the same kind.", show_default=False)],
    *,
    person: Annotated[Path | None, typer.Option(help="Who lives them, a TOML file; default: reference woman.", show_default=False)] = None,
    day: Annotated[Path | None, typer.Option(help="Of two models: what happens, a TOML file.", show_default=False)] = None,
    days: Annotated[float | None, typer.Option(help="How many days; default: what the day files say, else 1.", show_default=False)] = None,
    model: Annotated[str, typer.Option(help="Of two days or runs: in which model.")] = "human",
    out: Annotated[Path | None, typer.Option(help="Leave report.html here, with both curves in every chart.", show_default=False)] = None,
) -> None:
    """Show what differs between two runs, and what differs with it.

    Two day files are lived by one person in one model, two models by one person through one day. Of the quantities that differ
    it tells means and peaks; then which inputs and numbers differ, and which reactions move each quantity otherwise.
    """
    from neurohumor.cli.outputs import check_place
    from neurohumor.show.compare import compare

    kind = _kind(first, second)
    if out is not None:
        check_place(out)
    if kind == "run":
        stories = _read(first, model, person, day), _read(second, model, person, day)
    elif kind == "day":
        stories = _lived(person, Path(first), days, model), _lived(person, Path(second), days, model)
    else:
        stories = _lived(person, day, days, first), _lived(person, day, days, second)
    labels = _labels(first, second)
    found = compare(stories[0].run, stories[1].run)
    print_comparison(labels, found)
    if out is not None:
        from neurohumor.cli.outputs import Draft
        from neurohumor.show.twofold import report_of_two

        with Draft(out) as folder:
            (folder / "report.html").write_text(report_of_two(stories, labels, found), encoding="utf-8")
        tell_note(f"left report.html in {out}")


def _headed(columns: tuple[str, ...], labels: tuple[str, str]) -> tuple[str, ...]:
    from neurohumor.show.twofold import named_columns

    return tuple(name.removeprefix("mean, ") for name in named_columns(columns, labels))


def _without(cells: tuple[str, ...], place: int) -> tuple[str, ...]:
    return cells[:place] + cells[place + 1 :]


def _kind(first: str, second: str) -> str:
    """What two names stand for.  Raises UnknownName, and ModelError where they are of two kinds."""
    from neurohumor.errors import ModelError

    kinds = _kind_of(first), _kind_of(second)
    if kinds[0] != kinds[1]:
        raise ModelError(f"{first} is a {kinds[0]}, {second} a {kinds[1]}", remedy="give two runs, two day files or two models")
    return kinds[0]


def _kind_of(name: str) -> str:
    from neurohumor.errors import UnknownName, did_you_mean
    from neurohumor.models import names

    if name in names():
        return "model"
    if name.endswith(".toml"):
        return "day"
    if name.endswith(".nc") or Path(name).is_dir():
        return "run"
    remedy = did_you_mean(name, names()) or f"give a run (.nc), a day (.toml), or a model: {', '.join(names())}"
    raise UnknownName(f"{name!r} is no run, day or model", remedy=remedy)


def _labels(first: str, second: str) -> tuple[str, str]:
    """Short names that tell the two apart."""

    def short(name: str) -> str:
        path = Path(name)
        return path.parent.name or path.stem if path.name == "run.nc" else path.stem or name

    one, two = short(first), short(second)
    return (one, two) if one != two else (f"{one} (first)", f"{two} (second)")


def _lived(person: Path | None, day: Path | None, days: float | None, model: str) -> Story:
    from neurohumor.cli.living import Asked, live
    from neurohumor.errors import SolveError

    story = live(Asked(person, day, days, model))
    if not story.run.ok:
        raise SolveError(str(story.run.status), statuses=story.run.failed)
    return story


def _read(name: str, family: str, person: Path | None, day: Path | None) -> Story:
    """A run from its file, with its equations where this version has them."""
    from neurohumor.engine.storage import read_run
    from neurohumor.show.report import Story

    path = Path(name) / "run.nc" if Path(name).is_dir() else Path(name)
    bare = read_run(path)
    found = _model_of(bare, family, person, day)
    run = bare if found is None else read_run(path, model=found)
    return Story(run, f"{name}, {', '.join(run.people)}", f"model {run.groups[0].table.name}", found)


def _model_of(run: Run, family: str, person: Path | None, day: Path | None) -> Any:
    """The model with the fingerprint of a run: of this person and day, or of a reference adult; None where it is another."""
    from neurohumor.cli.naming import person_of
    from neurohumor.engine.subject import program_of
    from neurohumor.life.files import read_person, read_protocol
    from neurohumor.models import load, names

    table = run.groups[0].table
    chosen = table.name if table.name in names() else family
    people = [read_person(person)] if person is not None else [person_of("f"), person_of("m")]
    lives = [read_protocol(day)] if day is not None else []
    for one in people:
        model = load(chosen).model(one, *lives)
        if program_of(model).system.fingerprint == table.fingerprint:
            return model
    tell_note(f"the equations of {table.name} in this run are not known here: its reactions are not told")
    return None


def print_comparison(labels: tuple[str, str], found: Comparison) -> None:
    """What differs, then inputs, numbers and reactions that differ with it; a mean is headed by its label alone."""
    from neurohumor.cli.tables import print_table, print_text
    from neurohumor.show.compare import BRIEF, CAUSES, COLUMNS
    from neurohumor.show.twofold import UNMOVED, in_words

    print_text(f"{labels[0]} and {labels[1]}", "bold underline")
    print_text(in_words(labels, found))
    if found.quantities:
        rows = [_without(one.cells(times=False), 3) for one in found.quantities]
        columns = _without(_headed(COLUMNS, labels), 3)
        print_table("What differs", columns, rows, right=(1, 2, 3, 4, 5), keep=(0, 6, 7))
    for title, some in (("Inputs that differ", found.inputs), ("Numbers that differ", found.numbers)):
        if some:
            print_table(title, _headed(BRIEF, labels), [one.brief() for one in some], right=(1, 2, 3, 4), keep=(0, 5, 6))
    for cause in found.causes:
        rows = [row[1:-1] for row in cause.rows()]
        title = f"Reactions that move {', '.join(cause.quantities)}"
        print_table(title, _headed(CAUSES[1:-1], labels), rows, right=(2, 3, 4, 5), keep=(1,))
    if found.unmoved and found.equations:
        print_text(f"{UNMOVED}: {', '.join(found.unmoved)}")
    for label, names in zip(labels, found.only, strict=True):
        if names:
            more = f" and {len(names) - 12} more" if len(names) > 12 else ""
            print_text(f"In {label} alone: {', '.join(names[:12])}{more}", "yellow")
