"""`neurohumor check`: units, names, evidence, wiring, conservation, and where coupled inputs rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from neurohumor.cli.messages import FAILED, console

if TYPE_CHECKING:
    from neurohumor.build.conserve import Leak
    from neurohumor.build.faults import Report
    from neurohumor.lang.model import Model
    from neurohumor.show.resting import Rest


def verb(
    name: Annotated[str, typer.Argument(help="A model (human) or a module; without a name everything.", show_default=False)] = "",
    rest: Annotated[
        bool, typer.Option("--rest/--no-rest", help="Of a model: simulate both reference adults, to see where inputs rest.")
    ] = True,
) -> None:
    """Check units, names, evidence, wiring and conservation.

    Of a model it also shows where each coupled input rests after settling: red where the mean over the day, of both reference
    adults, is more than 5 % off the nominal at which its module equals its paper. The exit code is 1 where a fault was found.
    """
    from neurohumor.cli.naming import placed_module
    from neurohumor.lang.model import Model
    from neurohumor.models import modules, names

    bad = False
    if name not in names():
        for each in [name] if name else [*modules()]:
            part = placed_module(each)
            bad |= not _well(Model(part.module.__name__, {part.here or "part": part}), brief=not name)
    for family in [name] if name in names() else [] if name else names():
        bad |= not check_family(family, rest)
    if bad:
        raise typer.Exit(FAILED)


def check_family(family: str, rest: bool) -> bool:
    """The model of each reference adult, then where inputs rest; whether all is well."""
    from neurohumor.cli.naming import model_for

    models = {sex: model_for(family, sex) for sex in ("f", "m")}
    same = models["f"] == models["m"]
    well = True
    for sex, model in models.items():
        if sex == "m" and same:
            continue
        whose = "" if same else " of the reference woman" if sex == "f" else " of the reference man"
        well &= _well(model, f"{family}{whose}")
    if rest and well:
        print_resting(resting_of(family, models["f"]))
    return well


def _well(model: Model, title: str = "", *, brief: bool = False) -> bool:
    from neurohumor.build.check import check
    from neurohumor.build.conserve import leaks
    from neurohumor.build.flatten import flatten
    from neurohumor.cli.tables import print_text
    from neurohumor.evidence.badge import badge_markdown
    from neurohumor.evidence.evidence import counts

    report = check(model)
    lost = [] if report.blocking else leaks(flatten(model))
    _print_faults(title or model.name, report, lost, brief)
    if not brief:
        _print_wiring(model, bool(report.blocking))
        print_text(badge_markdown(counts(model)).replace("**", ""))
    return not report.faults and not lost


def _print_faults(title: str, report: Report, lost: Sequence[Leak], brief: bool) -> None:
    from neurohumor.cli.tables import print_table, print_text

    many = len(report.faults) + len(lost)
    verdict = f"{many} fault{'s' * (many != 1)}" if many else "well"
    warned = f", {len(report.warnings)} warning{'s' * (len(report.warnings) != 1)}" if report.warnings else ""
    print_text(f"{title}: {verdict}{warned}", "bold red" if many else "bold green")
    if brief and not many:
        return
    rows = [(fault.kind, " ".join(x for x in (fault.where, fault.about) if x), fault.message, fault.remedy) for fault in report.faults]
    rows += [("conservation", leak.where, leak.message, "let fluxes alone move matter") for leak in lost]
    rows += [(f"warning: {w.kind}", " ".join(x for x in (w.where, w.about) if x), w.message, w.remedy) for w in report.warnings]
    if rows:
        colours = ["yellow" if kind.startswith("warning") else "red" for kind, *_ in rows]
        print_table("", ("kind", "where", "what", "remedy"), rows, keep=(0,), colours=colours)


def _print_wiring(model: Model, blocked: bool) -> None:
    from neurohumor.build.wire import wired
    from neurohumor.cli.tables import print_text

    tally = Counter(row.state for row in wired(model)[0].table())
    told = ", ".join(f"{tally[state]} {state}" for state in ("wired", "driven", "given", "held") if tally[state])
    print_text(f"inputs: {told or 'none'}; conservation: {'not looked at, because of the faults' if blocked else 'looked at'}")


def resting_of(family: str, model: Model) -> tuple[Rest, ...]:
    """Where the inputs of a model rest, over a settled day of each reference adult."""
    from neurohumor.cli.naming import person_of
    from neurohumor.cli.progress import Watch
    from neurohumor.engine.solve import simulate
    from neurohumor.models import load
    from neurohumor.show.resting import resting

    with Watch("settling both reference adults") as watch:
        runs = [simulate(load(family), person_of(sex), progress=watch) for sex in ("f", "m")]
    return resting(model, runs)


def print_resting(found: Sequence[Rest]) -> None:
    """A table of wired inputs, those that rest too far off in red and first."""
    from neurohumor.cli.tables import print_table, print_text
    from neurohumor.show.numbers import digits
    from neurohumor.show.resting import TOLERATED

    if not found:
        return
    rows = sorted(found, key=lambda one: (not one.red, -abs(one.off)))
    cells = [
        (
            one.port,
            one.quantity,
            f"{one.nominal:.6g}",
            digits(one.mean, 4),
            str(one.unit),
            f"{100 * one.off:+.1f} %" if one.off < 1e6 else "off",
        )
        for one in rows
    ]
    title = "Where coupled inputs rest (24 h mean over both reference adults)"
    columns = ("input", "hears", "nominal", "rests at", "unit", "off by")
    print_table(title, columns, cells, right=(2, 3, 5), keep=(0, 1, 4), colours=["red" if one.red else "" for one in rows])
    red = sum(one.red for one in rows)
    if red:
        print_text(
            f"{red} of {len(rows)} rest more than {100 * TOLERATED:.0f} % off their nominal: there a module is not quite its paper", "red"
        )
    console().print()
