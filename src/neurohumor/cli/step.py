"""`neurohumor step`: the derivatives of a paper's equations at their initial state, beside what is stated of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from neurohumor.cli.messages import FAILED

if TYPE_CHECKING:
    from neurohumor.proof.step import Reference, Step


def verb(
    paper: Annotated[str, typer.Argument(help="The key of a paper that has reference values (best2009).", show_default=False)],
) -> None:
    """Compare derivatives at the initial state with reference values.

    The module stands alone, with its inputs at their nominals. Where a paper states its rest, every derivative must be small
    beside the largest conversion of its state, and every initial value the stated one. The exit code is 1 where one is not.
    """
    from neurohumor.cli.naming import placed_module
    from neurohumor.proof.step import first_step, read_reference

    reference = read_reference(paper)
    placed = placed_module(reference.module)
    steps = first_step(placed.module, reference, placed.here)
    print_steps(reference, steps)
    if not all(step.well for step in steps):
        raise typer.Exit(FAILED)


def print_steps(reference: Reference, steps: tuple[Step, ...]) -> None:
    """The table, whence the values come, and the verdict."""
    from neurohumor.cli.tables import print_table, print_text
    from neurohumor.evidence.evidence import MEANING

    columns = ("state", "initial", "stated", "unit", "derivative", "turnover", "per", "share", "")
    rows = [_cells(step) for step in steps]
    colours = ["" if step.well else "red" for step in steps]
    print_table(f"{reference.title} ({reference.source})", columns, rows, right=(1, 2, 4, 5, 7), keep=(0, 3, 6), colours=colours)
    print_text(
        f"Stated is a rest, where every derivative is 0; up to {reference.still:.3g} of the turnover (the largest conversion that moves "
        "a state) passes, since values are stated with few digits.",
        "dim",
    )
    seen: dict[tuple[str, str], list[str]] = {}
    for step in steps:
        if step.stated is not None:
            seen.setdefault((step.stated.source, step.stated.read), []).append(step.name)
    for (source, read), names in seen.items():
        print_text(f"{', '.join(names)}: {source}; {MEANING[read]}", "yellow" if read == "nothing" else "dim")  # type: ignore[index]
    bad = [step.name for step in steps if not step.well]
    print_text(f"not as stated: {', '.join(bad)}" if bad else f"{len(steps)} states, all as stated", "red" if bad else "green")


def _cells(step: Step) -> tuple[str, ...]:
    from neurohumor.show.numbers import digits, typed

    stated = "" if step.stated is None else typed(step.stated.value * step.stated.unit.factor / step.unit.factor)
    pieces = ["" if step.at_rest else "moves", "" if step.as_stated is not False else "another value"]
    verdict = ", ".join(piece for piece in pieces if piece) or "well"
    return (
        step.name, typed(step.value), stated, str(step.unit), digits(step.rate), digits(step.turnover), str(step.rate_unit),
        digits(step.share, 2), verdict,
    )  # fmt: skip
