"""Algebraic rules: which variable each one fixes, solved for at once where it is linear in it, else an algebraic row."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from neurohumor.errors import FileError
from neurohumor.lang.expr import Call, Const, Expr, fold, symbols
from neurohumor.lang.system import Leaf
from neurohumor.sbml.assemble import Assembly
from neurohumor.sbml.draft import Cell, Draft


@dataclass(frozen=True, slots=True)
class _Fixed:
    """A variable and the equation that fixes it: residual = 0."""

    name: str
    residual: Expr
    guess: Expr


def add_algebra(assembly: Assembly) -> None:
    """Let each algebraic rule fix a variable that nothing else determines.

    Raises FileError where there is no such variable for some rule.
    """
    rules = assembly.facts.algebraic
    if not rules:
        return
    draft = assembly.draft
    residuals = [assembly.math(rule, f"algebraic rule {k + 1}") for k, rule in enumerate(rules)]
    candidates = [_candidates(assembly, residual) for residual in residuals]
    chosen = _matched(candidates)
    for k, found in enumerate(chosen):
        if found is None:
            raise FileError(
                "everything that it reads is determined otherwise, so that it fixes nothing",
                where=f"{assembly.facts.opened.where}: algebraic rule {k + 1}",
                remedy="remove it, or let a variable of it free",
            )
    fixed = [_freed(assembly, name, residual) for name, residual in zip(chosen, residuals, strict=True) if name is not None]
    solved = {f.name: _linear(f, draft.leaf(f.name)) for f in fixed}
    for f in fixed:
        _settle(draft, f, solved[f.name])
    while True:
        circling = {name for circle in draft.circles() for name in circle} & {n for n, value in solved.items() if value is not None}
        if not circling:
            return
        for f in fixed:
            if f.name in circling:
                solved[f.name] = None
                _settle(draft, f, None)


def _candidates(assembly: Assembly, residual: Expr) -> list[str]:
    """The free variables that an equation reads, itself or through assignment rules; boundary ones, and those that events set, last."""
    seen: dict[str, None] = {}
    level = [s.name for s in symbols(residual) if isinstance(s, Leaf) and s.kind == "derived"]
    while level:
        after: list[str] = []
        for name in level:
            if name not in seen:
                seen[name] = None
                cell = assembly.draft.cells.get(name)
                if cell is not None and cell.kind == "derived":
                    after += [s.name for s in symbols(cell.expr) if isinstance(s, Leaf) and s.kind == "derived"]
        level = after
    free = set(assembly.free)
    facts = assembly.facts

    def rank(name: str) -> tuple[bool, bool]:
        return name in facts.set_by_events, name in facts.species and facts.species[name].getBoundaryCondition()

    return sorted((name for name in seen if name in free), key=rank)


def _matched(candidates: Sequence[Sequence[str]]) -> list[str | None]:
    """One variable for each equation, none twice (augmenting paths); None where there is none left."""
    holder: dict[str, int] = {}

    def place(k: int, tried: set[str]) -> bool:
        for name in candidates[k]:
            if name not in tried:
                tried.add(name)
                if name not in holder or place(holder[name], tried):
                    holder[name] = k
                    return True
        return False

    for k in range(len(candidates)):
        place(k, set())
    found: dict[int, str] = {k: name for name, k in holder.items()}
    return [found.get(k) for k in range(len(candidates))]


def _freed(assembly: Assembly, name: str, residual: Expr) -> _Fixed:
    """A variable made ready to be fixed: its cell is its own value; the amount of a species follows from its concentration."""
    draft: Draft = assembly.draft
    cell, amount = draft.cells[name], draft.cells.get(f"{name}.amount")
    if cell.kind == "derived" and amount is not None:
        volume = draft.leaf(assembly.facts.species[name].getCompartment())
        guess = amount.expr / volume
        amount.kind, amount.expr = "derived", draft.leaf(name) * volume
        return _Fixed(name, residual, guess)
    return _Fixed(name, residual, cell.expr)


def _settle(draft: Draft, fixed: _Fixed, value: Expr | None) -> None:
    cell: Cell = draft.cells[fixed.name]
    if value is not None:
        cell.kind, cell.expr = "derived", value
        return
    unset = isinstance(fixed.guess, Const) and not math.isfinite(fixed.guess.value)
    cell.kind, cell.expr, cell.rate, cell.form, cell.volume = (
        "unknown",
        Const(1.0) if unset else fixed.guess,
        fixed.residual,
        "unknown",
        None,
    )


_Linear = tuple[Expr | None, Expr | None] | None
"""Slope and rest of an expression that is linear in a variable (None: zero); None where it is not linear."""


def _linear(fixed: _Fixed, x: Leaf) -> Expr | None:
    """The variable, from an equation that is linear in it; None where it is not, or where it reads the variable by detours."""

    def leaf(node: Expr) -> _Linear:
        return (Const(1.0), None) if node is x else (None, node)

    found = fold([fixed.residual], leaf, _linear_call)[0]
    if found is None:
        return None
    slope, rest = found
    if slope is None:
        return None
    return Const(0.0) if rest is None else -rest / slope


def _linear_call(node: Call, args: tuple[_Linear, ...]) -> _Linear:
    if any(a is None for a in args):
        return None
    parts: list[tuple[Expr | None, Expr | None]] = [a for a in args if a is not None]
    if all(slope is None for slope, _ in parts):
        return None, node
    return _COMBINE[node.op](node, parts) if node.op in _COMBINE else None


def _sum(node: Call, parts: list[tuple[Expr | None, Expr | None]]) -> _Linear:
    (a, b), (c, d) = parts
    return _joined(node.op, a, c), _joined(node.op, b, d)


def _joined(op: str, x: Expr | None, y: Expr | None) -> Expr | None:
    if y is None:
        return x
    if x is None:
        return y if op == "add" else -y
    return Call(op, x, y)


def _product(node: Call, parts: list[tuple[Expr | None, Expr | None]]) -> _Linear:
    (a, b), (c, d) = parts
    if a is not None and c is not None:
        return None
    factor, slope, rest = (d, a, b) if c is None else (b, c, d)
    assert factor is not None and slope is not None
    return slope * factor, None if rest is None else rest * factor


def _quotient(node: Call, parts: list[tuple[Expr | None, Expr | None]]) -> _Linear:
    (a, b), (c, d) = parts
    if c is not None or a is None or d is None:
        return None
    return a / d, None if b is None else b / d


def _negative(node: Call, parts: list[tuple[Expr | None, Expr | None]]) -> _Linear:
    ((a, b),) = parts
    return None if a is None else -a, None if b is None else -b


_COMBINE: Mapping[str, Any] = {"add": _sum, "sub": _sum, "mul": _product, "div": _quotient, "neg": _negative}
