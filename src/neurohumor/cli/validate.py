"""`neurohumor validate`: the experiments that the model is held against."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from neurohumor.cli.messages import INTERRUPTED, tell_note

if TYPE_CHECKING:
    from neurohumor.proof.validate import Result, Score

COLOURS = {"hit": "green", "partial": "yellow", "miss": "red", "error": "magenta"}


def verb(
    experiments: Annotated[
        Path | None, typer.Option(help="A folder of experiments; default: the package's own.", show_default=False)
    ] = None,
    only: Annotated[str, typer.Option(help="The experiment of that id alone.", show_default=False)] = "",
    population: Annotated[int | None, typer.Option(help="People in arms that are populations.", show_default=False)] = None,
    backend: Annotated[str, typer.Option(help="native or reference; default: the quickest here.", show_default=False)] = "",
    json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
) -> None:
    """Run experiments and compare with the world.

    Every measure is a hit, a miss or an error; an experiment is a hit (all of them), partial (some), a miss or an error.
    Predictions and calibrations are scored apart. Scores are results: the exit code is 0 whenever everything was tried.
    """
    from neurohumor.cli.progress import Watch
    from neurohumor.errors import ModelError
    from neurohumor.proof.forms import MOST_PEOPLE
    from neurohumor.proof.validate import as_json, read_folder, validate

    if population is not None and not 1 <= population <= MOST_PEOPLE:
        raise ModelError(f"{population} people cannot be drawn", where="--population", remedy=f"give 1 to {MOST_PEOPLE}")
    found = read_folder(experiments, only=only)
    results: list[Result] = []
    interrupted = False
    try:
        with Watch("experiments", first="experiments") as watch:
            for result in validate(found, population=population, backend=backend, progress=watch):
                results.append(result)
    except KeyboardInterrupt:
        interrupted = True
    if json:
        typer.echo(as_json(results))
    else:
        print_results(results)
    for message in faults(results):
        tell_note(message)
    if interrupted:
        tell_note(f"interrupted after {len(results)} of {len(found)} experiments; their results stand")
        raise typer.Exit(INTERRUPTED)


def faults(results: Sequence[Result]) -> list[str]:
    """What could not be read or measured, and why: one message each."""
    found = [f"{one.id}: {one.message}" for one in results if one.message]
    for one in results:
        found += [f"{one.id}: {score.name}: {score.message}" for score in one.scores if score.message]
    return list(dict.fromkeys(found))


def print_results(results: Sequence[Result]) -> None:
    """A table of measures for each kind, then the scores; predictions first: they are the headline."""
    from neurohumor.cli.tables import print_table, print_text

    for kind, title in (("prediction", "Predictions"), ("calibration", "Calibrations"), ("", "Unreadable")):
        some = [one for one in results if one.kind == kind]
        rows, colours = [], []
        for one in some:
            rows += [(one.id, *_cells(score)) for score in one.scores] or [(one.id, one.title, "", "", "", one.status)]
            colours += [COLOURS[score.status] for score in one.scores] or [COLOURS[one.status]]
        if rows:
            print_table(
                title, ("id", "measure", "value", "target", "tolerance", "status"), rows, right=(2, 3), keep=(0, 5), colours=colours
            )
        for one in some:
            if one.known_shortfall and one.status != "hit":
                print_text(f"{one.id}, known shortfall: {one.known_shortfall}", "dim")
    for line in scores(results):
        print_text(line, "bold")


def _cells(score: Score) -> tuple[str, str, str, str, str]:
    value = _number(score, score.value) if score.status != "error" else "not taken"
    target = _number(score, score.target) if score.target is not None else ""
    return score.name, value, target, tolerance_text(score), score.status


def _number(score: Score, value: float) -> str:
    """A value of a measure with its unit, or as the clock shows it."""
    from neurohumor.show.numbers import clock, digits
    from neurohumor.units import Quantity, unit

    if score.daily:
        return clock(Quantity(value, unit(score.unit)).to("h").value)
    return f"{digits(value, 4)}" + ("" if score.unit == "1" else f" {score.unit}")


def tolerance_text(score: Score) -> str:
    """What counts as a hit, in words."""
    told, unit = score.tolerance, "" if score.unit == "1" else f" {score.unit}"

    def number(given: object) -> str:
        return f"{given:g}{unit}" if isinstance(given, (int, float)) else str(given)

    if "absolute" in told:
        return f"±{number(told['absolute'])}"
    if "relative" in told:
        return f"±{100 * told['relative']:g} %"
    if "range" in told:
        return f"{number(told['range'][0])} to {number(told['range'][1])}"
    if "direction" in told:
        return told["direction"] + (f" by more than {number(told['by'])}" if "by" in told else "")
    if "null" in told:
        return f"no change, ±{number(told['null'])}"
    return " and ".join(f"{word} {number(told[key])}" for key, word in (("at_least", "at least"), ("at_most", "at most")) if key in told)


def scores(results: Sequence[Result]) -> list[str]:
    """A line for each kind: how many experiments and measures are hits."""
    lines = []
    for kind in ("prediction", "calibration"):
        some = [one for one in results if one.kind == kind]
        if not some:
            continue
        every = [score for one in some for score in one.scores]
        parts = [f"{n} {status}" for status in ("hit", "partial", "miss", "error") if (n := sum(one.status == status for one in some))]
        hits = sum(score.status == "hit" for score in every)
        lines.append(f"{len(some)} {kind}{'s' * (len(some) != 1)}: {', '.join(parts)}; {hits} of {len(every)} measures hit")
    unread = sum(not one.kind for one in results)
    return [*lines, f"{unread} file{'s' * (unread != 1)} could not be read"] if unread else lines
