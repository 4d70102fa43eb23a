"""Reactions that SBML calls fast: at rest with one another at every moment, while what they leave unchanged moves slowly.

Of the species that fast reactions move, some (as many as there are independent reactions) are unknowns that balances fix: what fast
reactions make of them comes to nothing.  The others follow from totals that no fast reaction changes, and these are the states.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from neurohumor.errors import FileError
from neurohumor.lang.derive import derivative
from neurohumor.lang.expr import Const, Expr, substitute, symbols
from neurohumor.lang.simplify import evaluate
from neurohumor.lang.system import Leaf
from neurohumor.sbml.assemble import Assembly
from neurohumor.sbml.draft import Cell, Draft

Row = list[Fraction]


@dataclass(frozen=True, slots=True)
class _Group:
    """What fast reactions move: amounts by cell, each with how much of it one turn of each reaction makes."""

    reactions: tuple[str, ...]
    made: dict[str, Row]


def add_fast(assembly: Assembly) -> None:
    """Put fast reactions at rest.  Raises FileError where their stoichiometries are no plain numbers, or events set what they move."""
    if not assembly.fast:
        return
    group = _gathered(assembly)
    pivots = _pivots(group.made)
    draft = assembly.draft
    _refuse_restless(assembly, group, pivots)
    starts = {name: draft.cells[name].expr for name in group.made}
    slow = {name: draft.cells[name].rate for name in group.made}
    for name, row in group.made.items():
        if name in pivots:
            continue
        share = _share(row, group, pivots)
        cell = draft.cells[name]
        total = Cell(f"{name}.total", "state", _less(starts[name], share, starts), _less(slow[name], share, slow), form="amount")
        total.doc, total.unit = f"{name}, and what fast reactions turn into it", cell.unit
        whole: Expr = draft.add(total)
        for pivot, part in share.items():
            whole = whole + Const(float(part)) * draft.leaf(pivot) if part else whole
        cell.kind, cell.expr, cell.rate, cell.form, cell.volume = "derived", whole, Const(0.0), "level", None
    for name in pivots:
        balance: Expr = Const(0.0)
        for reaction, by in zip(group.reactions, group.made[name], strict=True):
            balance = balance + Const(float(by)) * draft.leaf(reaction) if by else balance
        cell = draft.cells[name]
        cell.kind, cell.rate, cell.form, cell.volume = "unknown", balance, "unknown", None
    assembly.facts.notes.append(f"fast reactions are at rest at every moment: {', '.join(group.reactions)}")


def _gathered(assembly: Assembly) -> _Group:
    facts, cells = assembly.facts, assembly.draft.cells
    made: dict[str, Row] = {}
    for species, changes in facts.made.items():
        row = [Fraction(0)] * len(assembly.fast)
        for reaction, reference, sign in changes:
            if reaction.getId() not in assembly.fast:
                continue
            where = f"{facts.opened.where}: reaction {reaction.getId()}"
            by, factor = assembly.stoichiometry(reaction, reference), assembly.plain_factor(species)
            if isinstance(by, Leaf) and _stays(assembly, by.name):
                by = assembly.draft.cells[by.name].expr
            if not isinstance(by, Const) or factor is None:
                raise FileError(
                    "a 'fast' reaction whose stoichiometry is no plain number is not solved", where=where, remedy="give it a large rate"
                )
            if species in facts.set_by_events:
                raise FileError(f"fast reactions move {species}, which events set", where=where, remedy="give it a large rate")
            row[assembly.fast.index(reaction.getId())] += Fraction(sign * by.value * factor)
        name = species if assembly.counts_amount(species) else f"{species}.amount"
        if any(row):
            if cells[name].kind != "state" or species in facts.driven:
                raise FileError(f"fast reactions move {species}, which a rule determines", where=facts.opened.where, remedy="remove one")
            made[name] = row
    return _Group(tuple(assembly.fast), made)


def _share(row: Row, group: _Group, pivots: list[str]) -> dict[str, Fraction]:
    """How much each pivot tells of a row."""
    found = _combined(row, [group.made[p] for p in pivots])
    assert found is not None
    return dict(zip(pivots, found, strict=True))


def _refuse_restless(assembly: Assembly, group: _Group, pivots: list[str]) -> None:
    """Refuse what may have several rests, or none, or flees from it: only rates linear in what they move, with numbers that stay."""
    draft = assembly.draft
    moved = {name: draft.leaf(name) for name in group.made}
    slopes = np.zeros((len(group.reactions), len(moved)))
    for j, reaction in enumerate(group.reactions):
        where = f"{assembly.facts.opened.where}: reaction {reaction}"
        law = _written_out(draft, draft.leaf(reaction), set(moved))
        for k, leaf in enumerate(moved.values()):
            slope = derivative(law, leaf)
            if not all(isinstance(s, Leaf) and _stays(assembly, s.name) for s in symbols(slope)):
                raise FileError(
                    "a 'fast' reaction whose rate is not linear in what it moves, with constant numbers, is not solved",
                    where=where,
                    remedy="give it a large rate",
                )
            slopes[j, k] = evaluate([slope], lambda s: draft.cells[s.name].expr.value)[0]  # type: ignore[attr-defined]
    rows = np.array([[float(v) for v in row] for row in group.made.values()])
    shares = np.array([[float(v) for v in _share(row, group, pivots).values()] for row in group.made.values()])
    turning = np.array([rows[list(moved).index(p)] for p in pivots]) @ slopes @ shares
    if not (np.isfinite(turning).all() and (np.linalg.eigvals(turning).real < 0.0).all()):
        names = ", ".join(group.reactions)
        raise FileError(
            "'fast' reactions that do not come to rest are not solved",
            where=f"{assembly.facts.opened.where}: {names}",
            remedy="see their signs",
        )


def _stays(assembly: Assembly, name: str) -> bool:
    cell = assembly.draft.cells.get(name)
    if cell is None or cell.kind != "param" or not isinstance(cell.expr, Const):
        return False
    return name not in assembly.facts.set_by_events and not (name in assembly.free and assembly.facts.algebraic)


def _written_out(draft: Draft, leaf: Leaf, moved: set[str]) -> Expr:
    """A derived value over what is not derived, and what fast reactions move."""

    def inside(name: str, above: tuple[str, ...]) -> Expr:
        cell = draft.cells.get(name)
        if name in moved or cell is None or cell.kind != "derived" or name in above:
            return draft.leaf(name)
        return substitute([cell.expr], lambda s: inside(s.name, (*above, name)) if s is not draft.time else s)[0]

    return inside(leaf.name, ())


def _pivots(made: dict[str, Row]) -> list[str]:
    """Species whose rows are independent and of which all other rows are made."""
    found: list[str] = []
    for name, row in made.items():
        if _combined(row, [made[p] for p in found]) is None:
            found.append(name)
    return found


def _combined(row: Row, basis: list[Row]) -> Row | None:
    """The parts of independent rows that a row is made of, or None."""
    columns = len(row)
    table = [[basis[k][j] for k in range(len(basis))] + [row[j]] for j in range(columns)]
    at = 0
    for k in range(len(basis)):
        pick = next((j for j in range(at, columns) if table[j][k]), None)
        if pick is None:
            return None
        table[at], table[pick] = table[pick], table[at]
        table[at] = [v / table[at][k] for v in table[at]]
        for j in range(columns):
            if j != at and table[j][k]:
                table[j] = [a - table[j][k] * b for a, b in zip(table[j], table[at], strict=True)]
        at += 1
    return None if any(line[-1] for line in table[at:]) else [table[k][-1] for k in range(len(basis))]


def _less(whole: Expr, share: dict[str, Fraction], values: dict[str, Expr]) -> Expr:
    for name, part in share.items():
        whole = whole - Const(float(part)) * values[name] if part else whole
    return whole
