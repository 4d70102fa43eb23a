"""`neurohumor cite`: on whose work a model stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from neurohumor.cli.messages import console

if TYPE_CHECKING:
    from neurohumor.show.cited import Bibliography, Cited


def verb(
    name: Annotated[str, typer.Argument(help="A model (human), a part of one (human.hpa), or a module.", show_default=False)],
    bibtex: Annotated[bool, typer.Option("--bibtex", help="Print BibTeX alone.")] = False,
    sex: Annotated[str, typer.Option(help="Whose model, f or m; the parts may differ.")] = "f",
) -> None:
    """List the sources of exactly these equations.

    Apart for equations, numbers and solver; then what has no source: equations of our own and assumed numbers.
    """
    from neurohumor.cli.naming import model_for, placed_module
    from neurohumor.evidence.evidence import bibtex as as_bibtex
    from neurohumor.lang.model import Model
    from neurohumor.models import names
    from neurohumor.show.cited import cited

    family, _, part = name.partition(".")
    if family not in names():
        placed = placed_module(name)
        model = Model(name, {placed.module.__name__: placed})
    else:
        model = model_for(family, sex)
        model = Model(name, {part: model.part(part)}) if part else model
    found = cited(model)
    if bibtex:
        typer.echo(as_bibtex(found.keys), nl=False)
        return
    print_bibliography(name, found)


def print_bibliography(name: str, found: Bibliography) -> None:
    """The groups, then what has no source."""
    from neurohumor.cli.tables import print_table, print_text

    count = len(found.keys)
    print_text(f"{name} stands on {count} source{'s' * (count != 1)}", "bold underline")
    for title, group in (("Equations", found.modules), ("Numbers", found.numbers), ("Solver", found.solver)):
        _print_group(title, group)
    total = sum(len(params) for params in found.assumed.values())
    console().print()
    print_text("Without a source", "bold")
    if found.own:
        print_text(f"Equations of our own: {', '.join(found.own)}", "yellow")
    if total:
        rows = [(part, str(len(params)), ", ".join(params)) for part, params in found.assumed.items()]
        print_table(f"{total} numbers assumed, or set in place of what was cited", ("part", "", "numbers"), rows, right=(1,), keep=(0,))
    if found.claims:
        rows = [(influence, claim, grade) for influence, claim, grade in found.claims]
        print_table("Influences, by the claim that each stands on", ("influence", "claim", "grade"), rows, keep=(0, 1, 2))
    if not (found.own or total):
        print_text("nothing", "dim")


def _print_group(title: str, group: tuple[Cited, ...]) -> None:
    from neurohumor.cli.tables import print_entry, print_text

    console().print()
    print_text(f"{title}: {len(group)} source{'s' * (len(group) != 1)}", "bold")
    for one in group:
        print_entry(one.reference.key, str(one.reference), "; ".join(one.gives))
