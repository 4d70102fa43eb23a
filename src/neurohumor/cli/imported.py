"""Models that are files: `run --model file.xml` and `show file.xml`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from neurohumor.cli.messages import FAILED, INTERRUPTED, console, tell_error, tell_note

if TYPE_CHECKING:
    from neurohumor.cli.living import Asked
    from neurohumor.engine.run import Run
    from neurohumor.sbml.read import Imported

SUFFIXES = (".xml", ".sbml")


def is_file(model: str) -> bool:
    """Whether what stands for a model is the path of a file."""
    return model.lower().endswith(SUFFIXES)


def read_text(path: str) -> str:
    """The text of a file that may be SBML.  Raises FileError."""
    from neurohumor.sbml.guard import read_bytes, scan

    data = read_bytes(Path(path))
    scan(data, path)
    return data.decode("utf-8-sig")


def opened(path: str) -> Imported:
    """The model of a file; what a reader should know of it is said on stderr."""
    from neurohumor.sbml.read import import_sbml

    found = import_sbml(Path(path))
    for note in found.notes:
        tell_note(f"{path}: {note}")
    return found


def run_imported(asked: Asked, out: Path, *, json: bool, csv: bool = False) -> None:
    """Simulate a file's model; a table here, run.nc, provenance.json and, if asked for, run.csv in a folder."""
    from neurohumor.cli.outputs import Draft
    from neurohumor.cli.record import provenance

    run = _lived(asked)
    with Draft(out) as folder:
        run.to_netcdf(folder / "run.nc")
        if csv:
            run.to_csv(folder / "run.csv")
        sources = {"model": Path(asked.model), "person": asked.person, "day": asked.day}
        (folder / "provenance.json").write_text(provenance(run, {k: p for k, p in sources.items() if p is not None}), encoding="utf-8")
    _print(run, asked.model, json)
    if run.interrupted:
        tell_note(f"interrupted: {run.status}; what was computed until then is kept in {out}")
        raise typer.Exit(INTERRUPTED)
    if not run.ok:
        tell_error("; ".join(str(status) for status in run.failed[:3]))
        raise typer.Exit(FAILED)
    tell_note(f"left run.nc, provenance.json{', run.csv' if csv else ''} in {out}")


def _lived(asked: Asked) -> Run:
    from neurohumor.cli.living import check_asked
    from neurohumor.cli.progress import Watch
    from neurohumor.engine.problem import Stiff
    from neurohumor.engine.solve import simulate
    from neurohumor.errors import ModelError
    from neurohumor.life.files import read_person, read_protocol

    check_asked(asked)
    system = opened(asked.model).system
    if system.raw:
        tell_note(f"{asked.model} declares no unit of time: one of its units counts as 1 h, and its numbers are as written")
    person: Any = None if asked.person is None else read_person(asked.person)
    if person is None and (asked.day is not None or asked.population is not None):
        raise ModelError("a day and a population are those of a person", remedy="give the person's file before them")
    protocol = None if asked.day is None else read_protocol(asked.day)
    if asked.population is not None:
        from neurohumor.study.population import sample

        person = sample(asked.population, like=person, seed=asked.seed)
    with Watch("living", first="running") as watch:
        return simulate(
            system, person, protocol, days=asked.days, windows=asked.windows, options=Stiff(rtol=asked.rtol), settled=False, strict=False,
            seed=asked.seed, progress=watch,
        )  # fmt: skip


def _print(run: Run, path: str, json: bool) -> None:
    from neurohumor.cli.tables import print_table
    from neurohumor.show.summary import COLUMNS, summary

    table = run.groups[0].table
    names = [q for q in run.quantities if table.columns[q].kind in ("state", "derived")]
    lines = summary(run, names)
    if not json:
        print_table(Path(path).name, COLUMNS[:-1], [line.cells()[:-1] for line in lines], right=(1, 2, 4), keep=(0, 3, 5))
        return
    import dataclasses
    import json as form
    import math

    def plain(value: Any) -> Any:
        return None if isinstance(value, float) and not math.isfinite(value) else value

    told = {
        "model": table.name, "people": len(run.people), "from": run.start, "to": run.end, "complete": run.ok,
        "statuses": [str(status) for status in run.failed],
        "quantities": [{key: plain(value) for key, value in dataclasses.asdict(line).items()} for line in lines],
    }  # fmt: skip
    typer.echo(form.dumps(told, indent=2, ensure_ascii=False, allow_nan=False))


def show_imported(path: str, *, brief: bool) -> None:
    """What is in a file: its states with their equations, its numbers, rules and events."""
    from neurohumor.cli.tables import print_table, print_text
    from neurohumor.lang.expr import show

    found = opened(path)
    system = found.system

    def text(expr: Any) -> str:
        return show(expr, lambda leaf: leaf.name.removeprefix("model."))

    def unit(row: Any) -> str:
        return "" if str(row.unit) == "1" else str(row.unit)

    print_text(f"{system.name}: SBML Level {found.level} Version {found.version}", "bold underline")
    kept = "numbers as written; no unit of time is declared" if system.raw else "numbers in internal units (h, nmol, mL, mg)"
    counts = f"{len(system.states)} states, {len(system.params)} parameters, {len(system.derived)} derived, {len(system.events)} events"
    print_text(f"{counts}; {kept}", "dim")
    rates = zip(system.states, system.rates, system.differential, strict=True)
    rows = [(r.name, unit(r), r.doc, text(r.initial), ("d/dt " if moves else "0 = ") + text(rate)) for r, rate, moves in rates]
    print_table("States", ("name", "unit", "meaning", "at the start", "equation"), rows, keep=(0, 1))
    if brief:
        return
    rows = [(r.name, unit(r), r.doc, text(r.initial)) for r in system.params]
    print_table("Numbers", ("name", "unit", "meaning", "value"), rows, keep=(0, 1))
    print_table("Rules and rates", ("name", "unit", "equation"), [(r.name, unit(r), text(r.expr)) for r in system.derived], keep=(0, 1))
    if system.events:
        sets = [
            (e.name, text(e.trigger), "; ".join(f"{t.name.removeprefix('model.')} = {text(v)}" for t, v in e.sets)) for e in system.events
        ]
        print_table("Events", ("name", "when", "sets"), sets, keep=(0,))
    if system.doses:
        console().print(f"It takes doses of: {', '.join(f'{d.substance} ({d.route})' for d in system.doses)}.")
