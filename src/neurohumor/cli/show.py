"""`neurohumor show`: a module or a model on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from neurohumor.cli.messages import console

if TYPE_CHECKING:
    from neurohumor.lang.model import Model, Part
    from neurohumor.show.listing import Section


def verb(
    name: Annotated[str, typer.Argument(help="A model (human), a part of one (human.hpa), a module, or an SBML file.", show_default=False)],
    brief: Annotated[bool, typer.Option("--brief", help="Of a model: its parts and its wiring alone.")] = False,
    sex: Annotated[str, typer.Option(help="Whose model, f or m; the parts may differ.")] = "f",
) -> None:
    """Show equations, numbers with their evidence, and ports.

    Each number comes with unit, basis (measured, fitted, derived, assumed), gsd (how well it is known), cv (how much people
    differ), source, and what a second reader saw of that source.
    """
    from neurohumor.cli.imported import is_file, show_imported
    from neurohumor.cli.naming import model_for, placed_module
    from neurohumor.models import names

    if is_file(name):
        show_imported(name, brief=brief)
        return
    family, _, part = name.partition(".")
    if family not in names():
        chosen = placed_module(name)
        show_part(chosen.module.__name__, chosen)
        return
    model = model_for(family, sex)
    if part:
        show_part(name, model.part(part))
        return
    show_model(model)
    if not brief:
        for key, placed in model.parts.items():
            show_part(f"{family}.{key}", placed)


def show_part(name: str, part: Part) -> None:
    """One module as it is placed."""
    from neurohumor.cli.tables import print_text
    from neurohumor.show.listing import account_of, module_sections

    console().print()
    place = f" in {part.here}" if part.here else ""
    print_text(f"{name}: {part.module.__name__}{place}", "bold underline")
    print_text(account_of(part.module), wrap=False)
    facts = [f"source {part.module.source}" if part.module.source else "our own", f"timescale {part.module.timescale}"]
    facts += ["kept as published"] * part.module.frozen + ["a stand-in, to be replaced"] * part.module.stand_in
    print_text("; ".join(facts), "dim")
    for section in module_sections(part):
        show_section(section)


def show_section(section: Section) -> None:
    """One titled section: laws and numbers as entries of two lines, which any width holds; the rest as tables."""
    from neurohumor.cli.tables import print_table, print_text

    console().print()
    if section.title in _ENTRIES:
        print_text(section.title, "bold")
        for row in section.rows:
            _ENTRIES[section.title](dict(zip(section.columns, row, strict=True)))
        return
    right = [k for k, column in enumerate(section.columns) if column in ("nominal", "initial")]
    keep = [k for k, column in enumerate(section.columns) if column in ("name", "unit", "quantity")]
    print_table(section.title, section.columns, section.rows, right=right, keep=keep)


def _number(row: dict[str, str]) -> None:
    from neurohumor.cli.tables import print_entry

    colour = {"assumed": "red", "nothing": "yellow"}.get(row["checked"], "")
    unit = "" if row["unit"] == "1" else f" {row['unit']}"
    spread = [f"known within ×/÷ {row['gsd']}"] * bool(row["gsd"]) + [f"people differ by {row['cv']} (cv)"] * bool(row["cv"])
    checked = {"nothing": "unchecked", "assumed": "", "derived": ""}.get(row["checked"], f"checked in: {row['checked']}")
    facts = [row["basis"], row["source"], checked, *spread]
    print_entry(f"{row['name']} = {row['value']}{unit}", row["meaning"], "; ".join(fact for fact in facts if fact), colour)


def _law(row: dict[str, str]) -> None:
    from neurohumor.cli.tables import print_entry

    name = row.get("what") or f"{row['name']} -> {row['quantity']}"
    unit = "" if row["unit"] == "1" else f" [{row['unit']}]"
    print_entry(f"{name}{unit}", row["meaning"], f"= {row['law']}")


_ENTRIES = {"Numbers": _number, "Equations": _law, "What it tells": _law}


def show_model(model: Model) -> None:
    """Parts and wiring of a model."""
    from neurohumor.build.wire import wire
    from neurohumor.cli.tables import print_table, print_text
    from neurohumor.evidence.badge import badge_markdown
    from neurohumor.evidence.evidence import counts
    from neurohumor.show.listing import summary_of

    print_text(f"{model.name}: {len(model.parts)} part{'s' * (len(model.parts) != 1)}", "bold underline")
    rows = [
        (
            name,
            part.module.__name__,
            part.here,
            part.module.source or "own",
            "stand-in" if part.module.stand_in else "",
            summary_of(part.module),
        )
        for name, part in model.parts.items()
    ]
    print_table("", ("part", "module", "place", "source", "", "what it is"), rows, keep=(0, 1, 2, 3, 4))
    wires = [(row.port, row.quantity, row.state, row.what) for row in wire(model).table()]
    colours = ["" if state == "wired" else "cyan" if state in ("driven", "given") else "yellow" for _, _, state, _ in wires]
    print_table("Wiring", ("input", "quantity", "state", "from, or at"), wires, keep=(0, 1, 2), colours=colours)
    print_text(badge_markdown(counts(model)).replace("**", ""))
