"""`neurohumor crosscheck`: the same SBML file in our engines and in others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from neurohumor.proof.crosscheck import Comparison


def verb(
    model: Annotated[str, typer.Argument(help="A model (human), or an SBML file.", show_default=False)],
    day: Annotated[Path | None, typer.Argument(help="What happens, a TOML file; for a model of ours.", show_default=False)] = None,
    *,
    person: Annotated[Path | None, typer.Option(help="The person, a TOML file; default: the reference woman.", show_default=False)] = None,
    end: Annotated[
        float | None, typer.Option(help="How long, in the file's unit of time; default: one day, or 100.", show_default=False)
    ] = None,
    points: Annotated[int, typer.Option(help="At how many times they are compared.", min=2, max=100_000)] = 101,
    seconds: Annotated[float, typer.Option(help="How long each engine may take.", min=1.0)] = 300.0,
    most: Annotated[int, typer.Option(help="How many variables are shown, the worst first.", min=1)] = 20,
    json: Annotated[bool, typer.Option("--json", help="Print every variable as JSON.")] = False,
) -> None:
    """Compare our engines with libRoadRunner and COPASI.

    A model of ours is first written as SBML, with the person and what happens. Of each variable the largest difference from our
    reference engine is shown, as a part of the variable's largest value (from our native engine, where the reference engine has no
    result in time). An engine that is missing or fails says so.
    """
    from neurohumor.cli.imported import is_file, read_text
    from neurohumor.proof.crosscheck import crosscheck

    if is_file(model):
        text, length = read_text(model), end if end is not None else _length(model)
    else:
        text, length = _exported(model, person, day, end)
    found = crosscheck(text, end=length, points=points, seconds=seconds, where=model)
    if json:
        typer.echo(as_json(found))
    else:
        show(found, most)


def _length(path: str) -> float:
    """A day where the file declares its unit of time, else a hundred units."""
    from neurohumor.sbml.read import read_sbml

    unit = read_sbml(path, raw=True).time_unit
    return 100.0 if unit.dimensionless else 24.0 / unit.factor


def _exported(name: str, person: Path | None, day: Path | None, end: float | None) -> tuple[str, float]:
    """A model of ours as SBML, and how long it is followed, in h: as asked, else as long as the day file says, else a day."""
    from neurohumor.life.files import read_person, read_protocol
    from neurohumor.models import load
    from neurohumor.proof.exported import exported

    somebody = None if person is None else read_person(person)
    protocol = None if day is None else read_protocol(day)
    length = end if end is not None else 24.0 * (protocol.days if protocol is not None and protocol.days else 1.0)
    return exported(load(name), somebody, protocol, days=length / 24.0), length


def as_json(found: Comparison) -> str:
    """Every variable, as JSON text."""
    import json

    told = {
        "end": found.end,
        "base": found.base,
        "engines": list(found.engines),
        "failed": dict(found.failed),
        "differences": {
            d.variable: {engine: value if value == value else None for engine, value in d.by.items()} for d in found.differences
        },
    }
    return json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False)


def show(found: Comparison, most: int) -> None:
    """The worst variables as a table, and who gave no result."""
    from neurohumor.cli.tables import print_table, print_text

    others = [engine for engine in found.engines if engine != found.base]
    rows = [(d.variable, *(f"{d.by[e]:.1e}" if e in d.by else "" for e in others)) for d in found.differences[:most]]
    title = f"Largest difference from the {found.base} engine, 0 to {found.end:g}"
    print_table(title, ("variable", *others), rows, right=range(1, len(others) + 1), keep=(0,))
    for engine in others:
        values = [d.by[engine] for d in found.differences if engine in d.by]
        print_text(f"{engine}: {len(values)} variables, worst {max(values, default=float('nan')):.1e}")
    for engine, why in found.failed.items():
        print_text(f"{engine}: no result: {why}", "yellow")
