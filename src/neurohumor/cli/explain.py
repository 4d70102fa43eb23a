"""`neurohumor explain`: how one number came about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from neurohumor.cli.messages import console, printable

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

    from neurohumor.show.explain import Explanation, Node


def verb(
    model: Annotated[str, typer.Argument(help="Which model, as in human.", show_default=False)],
    quantity: Annotated[str, typer.Argument(help="A quantity (blood.cortisol) or any row (hpa.k_crh).", show_default=False)],
    *,
    at: Annotated[str, typer.Option(help='When: "08:30", "day 2 08:30", or hours.')] = "08:00",
    person: Annotated[Path | None, typer.Option(help="The person, a TOML file; default: the reference woman.", show_default=False)] = None,
    day: Annotated[Path | None, typer.Option(help="What happens, a TOML file; default: the person's habits.", show_default=False)] = None,
    depth: Annotated[int | None, typer.Option(help="How many steps down; default: to the roots.", min=0, show_default=False)] = None,
) -> None:
    """Show how one number came about, down to its roots.

    Each step is a law with its value; roots are parameters with their sources, inputs, and states with their rates. Every row
    is explained once, where it stands nearest to the top.
    """
    from neurohumor.cli.living import Asked, live
    from neurohumor.errors import SolveError
    from neurohumor.show.explain import explain_run

    run = live(Asked(person, day, _days(at), model)).run
    if not run.ok:
        raise SolveError(str(run.status), statuses=run.failed)
    print_explanation(explain_run(run, quantity, at=_moment(at), depth=depth))


def _moment(at: str) -> str | float:
    try:
        return float(at)
    except ValueError:
        return at


def _days(at: str) -> float | None:
    """Enough days to reach a moment that names its day; None: as the day file says."""
    import math

    from neurohumor.engine.clock import clock

    told = _moment(at)
    if not isinstance(told, str):
        return max(1.0, math.floor(told / 24.0) + 1.0) if math.isfinite(told) else None
    found = clock(told)
    return None if found is None or found[0] is None else max(1.0, found[0] + 1.0)


def print_explanation(found: Explanation) -> None:
    """The tree, with what is to be said of each step below it."""
    from neurohumor.cli.tables import print_text

    print_text(found.title, "bold underline")
    console().print(_tree(found.root))
    print_text("Plain numbers within laws are in the internal units: nmol, mL, h, mg, so that a concentration is in uM.", "dim")


def _tree(root: Node) -> Tree:
    from rich.tree import Tree

    whole = Tree(_label(root), guide_style="dim")
    stack = [(whole, child) for child in reversed(root.children)]
    while stack:
        branch, node = stack.pop()
        below = branch.add(_label(node))
        stack.extend((below, child) for child in reversed(node.children))
    return whole


def _label(node: Node) -> Text:
    from rich.text import Text

    words = Text(printable(node.head), style="bold" if node.children else "")
    if node.law:
        words.append(f" = {printable(node.law)}", style="not bold")
    words.append(f" = {printable(node.worth)}", style="bold cyan")
    if node.remarks:
        colour = "red" if "assumed" in node.note else "yellow" if "unchecked" in node.note else "dim"
        words.append(f"\n{printable('; '.join(node.remarks))}", style=f"not bold {colour}")
    return words
