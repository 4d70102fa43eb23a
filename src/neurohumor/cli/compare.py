"""`neurohumor compare`: two runs, two days or two models side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neurohumor.cli.messages import tell_note

if TYPE_CHECKING:
    from neurohumor.engine.run import Run
    from neurohumor.lang.readout import Headline
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
        stories = read_story(first, model, person, day), read_story(second, model, person, day)
    elif kind == "day":
        stories = _lived(person, Path(first), days, model), _lived(person, Path(second), days, model)
    else:
        stories = _lived(person, day, days, first), _lived(person, day, days, second)
    labels = labels_of(first, second, titles=kind == "day")
    found = compare(stories[0].run, stories[1].run)
    print_comparison(labels, found, stories[0].headlines)
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


def labels_of(first: str, second: str, *, titles: bool = False) -> tuple[str, str]:
    """Short names that tell the two apart: of day files their titles, where they have two."""
    if titles:
        from neurohumor.life.files import read_protocol

        told = read_protocol(first).title, read_protocol(second).title
        if all(told) and told[0] != told[1]:
            return told

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


def read_story(name: str, family: str, person: Path | None, day: Path | None) -> Story:
    """A run from its file, with its equations where this version has them."""
    from neurohumor.engine.storage import read_run, with_equations
    from neurohumor.models.readouts.headlines import HEADLINES
    from neurohumor.proof.readouts import readouts
    from neurohumor.show.report import Story

    path = Path(name) / "run.nc" if Path(name).is_dir() else Path(name)
    bare = read_run(path)
    found = _model_of(bare, family, person, day)
    run = bare if found is None else with_equations(bare, found)
    title, about = f"{name}, {', '.join(run.people)}", f"model {run.groups[0].table.name}"
    return Story(run, title, about, found, headlines=HEADLINES, readouts=readouts(run))


def _model_of(run: Run, family: str, person: Path | None, day: Path | None) -> Any:
    """The model with the fingerprint of a run: of this person and day, or of a reference adult; None where it is another."""
    from neurohumor.cli.naming import person_of
    from neurohumor.engine.subject import system_of
    from neurohumor.life.files import read_person, read_protocol
    from neurohumor.models import load, names

    table = run.groups[0].table
    chosen = table.name if table.name in names() else family
    people = [read_person(person)] if person is not None else [person_of("f"), person_of("m")]
    lives = [read_protocol(day)] if day is not None else []
    for one in people:
        model = load(chosen).model(one, *lives)
        if system_of(model).fingerprint == table.fingerprint:
            return model
    tell_note(f"the equations of {table.name} in this run are not today's for this person and day: reactions are not told")
    return None


def print_differences(labels: tuple[str, str], found: Comparison, headlines: Sequence[Headline] = ()) -> None:
    """What differs: means and peaks of the quantities under a headline, if any of them has one, else of all."""
    from neurohumor.cli.tables import print_table, print_text
    from neurohumor.lang.readout import under
    from neurohumor.show.charts import short
    from neurohumor.show.compare import COLUMNS
    from neurohumor.show.twofold import in_words

    print_text(f"{labels[0]} and {labels[1]}", "bold underline")
    print_text(in_words(labels, found))
    brief = short(labels[0]), short(labels[1])
    rows = {one.name: _without(one.cells(times=False), 3) for one in found.quantities}
    sections, left = under(headlines, rows)
    shown = [name for one in sections for name in one.quantities] or list(rows)
    if shown:
        columns = tuple("peak" if name.startswith("peak") else name for name in _without(_headed(COLUMNS, brief), 3))
        print_table("What differs", columns, [rows[name] for name in shown], right=(1, 2, 3, 4, 5), keep=(0, 6, 7))
    if sections and left:
        print_text(f"{len(left)} more quantities differ; --out leaves them in report.html.")


def print_comparison(labels: tuple[str, str], found: Comparison, headlines: Sequence[Headline] = ()) -> None:
    """What differs, then inputs, numbers and reactions that differ with it; a mean is headed by its label alone."""
    from neurohumor.cli.tables import print_table, print_text
    from neurohumor.show.charts import short
    from neurohumor.show.compare import BRIEF, CAUSES
    from neurohumor.show.twofold import MOST_REACTIONS, UNMOVED

    print_differences(labels, found, headlines)
    labels = short(labels[0]), short(labels[1])
    for title, some in (("Inputs that differ", found.inputs), ("Numbers that differ", found.numbers)):
        if some:
            print_table(title, _headed(BRIEF, labels), [one.brief() for one in some], right=(1, 2, 3, 4), keep=(0, 5, 6))
    drawn = {name for one in headlines for name in one.quantities}
    causes = [one for one in found.causes if drawn & set(one.quantities)] or list(found.causes)
    for cause in causes:
        rows = [row[1:-1] for row in cause.rows()[:MOST_REACTIONS]]
        title = f"Reactions that move {', '.join(cause.quantities)}"
        print_table(title, _headed(CAUSES[1:-1], labels), rows, right=(2, 3, 4, 5), keep=(1,))
    if found.unmoved and found.equations:
        print_text(f"{UNMOVED}: {_some(found.unmoved)}")
    for label, names in zip(labels, found.only, strict=True):
        if names:
            print_text(f"In {label} alone: {_some(names)}", "yellow")


def _some(names: Sequence[str], most: int = 12) -> str:
    return f"{', '.join(names[:most])}{f' and {len(names) - most} more' if len(names) > most else ''}"
