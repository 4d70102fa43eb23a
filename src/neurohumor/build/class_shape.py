"""The shape of one module: nothing foreign, nothing unmoved, nothing unused, and every conversion conserves what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from neurohumor.build.faults import Fault
from neurohumor.lang.decl import (
    Balance,
    Compartment,
    Derived,
    Event,
    Flux,
    Implicit,
    Influence,
    Input,
    Lag,
    Level,
    Output,
    Param,
    Rate,
    Species,
    State,
    Takes,
)
from neurohumor.lang.declared import Declared
from neurohumor.lang.expr import Expr, Symbol, symbols
from neurohumor.lang.module import Module
from neurohumor.lang.system import Leaf

CONSERVED = 1e-9
"""Both sides of a conversion hold the same, within this share."""


def foreign_faults(module: type[Module]) -> list[Fault]:
    """Symbols that are no declarations of this module; the model cannot be put together before they are gone."""
    own = {id(d) for d in module.declarations.values()}
    found = []
    for declared in module.declarations.values():
        for used in dict.fromkeys(_all_used(declared)):
            if id(used) in own or (isinstance(used, Leaf) and used.kind == "time"):
                continue
            name = used.name or f"a {type(used).__name__} without a name"
            message = f"uses {name}, which {module.__name__} does not declare"
            found.append(_fault(module, declared, message, "declare it in the class body, or hear it as an Input"))
        if isinstance(declared, Param) and declared.formula is not None:
            for used in symbols(declared.formula):
                if not isinstance(used, Param):
                    message = f"is calculated from {used.name}, which is no Param"
                    found.append(_fault(module, declared, message, "make it a Derived"))
    return found


def shape_faults(module: type[Module]) -> tuple[list[Fault], list[Fault]]:
    """Faults and warnings of the shape of a module."""
    faults = [*_unmoved(module), *_balances(module), *_unconserved(module)]
    return faults, list(_unused(module))


def expressions(declared: Declared) -> Iterator[Expr]:
    """Every expression that a declaration holds."""
    if isinstance(declared, Param):
        yield from () if declared.formula is None else (declared.formula,)
    elif isinstance(declared, Compartment):
        yield declared.size
    elif isinstance(declared, State):
        yield declared.initial
    elif isinstance(declared, Derived):
        yield declared.expr
    elif isinstance(declared, Lag):
        yield from (declared.of, declared.tau)
    elif isinstance(declared, Influence):
        yield from (declared.half, declared.emax, declared.steepness)
        yield from () if declared.tau is None else (declared.tau,)
    elif isinstance(declared, Event):
        yield declared.trigger
        yield from declared.sets.values()
        yield from (x for x in (declared.delay, declared.priority) if x is not None)


def _named(declared: Declared) -> Iterator[Declared]:
    """Declarations that another names outside its expressions."""
    if isinstance(declared, Species):
        yield declared.compartment
    elif isinstance(declared, Flux):
        yield from declared.change.net
        yield declared.per
    elif isinstance(declared, (Rate, Balance)):
        yield declared.of
    elif isinstance(declared, Influence):
        yield declared.by
    elif isinstance(declared, Event):
        yield from declared.sets
    elif isinstance(declared, Takes):
        yield declared.into


def _all_used(declared: Declared) -> Iterator[Symbol]:
    for expr in expressions(declared):
        yield from symbols(expr)
    yield from _named(declared)


def _fault(module: type[Module], declared: Declared, message: str, remedy: str = "") -> Fault:
    return Fault("structure", declared.where, message, remedy, f"{module.__name__}.{declared.name}")


def _unmoved(module: type[Module]) -> Iterator[Fault]:
    moved = {id(s) for flux in module.of(Flux) for s, n in flux.change.net.items() if n} | {id(t.into) for t in module.of(Takes)}
    moved |= {id(rate.of) for rate in module.of(Rate)} | {id(target) for event in module.of(Event) for target in event.sets}
    for state in module.of(State):
        if id(state) in moved:
            continue
        if isinstance(state, Species) and not symbols(state.compartment.size) and id(state.compartment) not in moved:
            message = "nothing moves this species: no Flux, no Takes, no Event"
            yield _fault(module, state, message, "write a Flux, or make it a Param (constant) or an Input (heard)")
        elif isinstance(state, Level):
            yield _fault(module, state, "this level has no Rate, and no Event sets it", "write Rate(level, ...)")


def _balances(module: type[Module]) -> Iterator[Fault]:
    for unknown in module.of(Implicit):
        names = [b.name for b in module.of(Balance) if b.of is unknown]
        if not names:
            yield _fault(module, unknown, "this unknown has no Balance", "write Balance(unknown, residual)")
        elif len(names) > 1:
            message = f"this unknown has {len(names)} balances: {', '.join(names)}"
            yield _fault(module, unknown, message, "one unknown is fixed by one equation")


def _unconserved(module: type[Module]) -> Iterator[Fault]:
    for flux in module.of(Flux):
        if not flux.change.left or not flux.change.right:
            continue
        left, right = _content(flux.change.left), _content(flux.change.right)
        for key in dict.fromkeys([*left, *right]):
            a, b = left.get(key, 0.0), right.get(key, 0.0)
            if abs(a - b) > CONSERVED * max(abs(a), abs(b)):
                message = f"takes {a:g} {key} and makes {b:g}"
                remedy = 'state what each species holds, as in content={"carbon": 6}, or what else the conversion takes or makes'
                yield Fault("conservation", flux.where, message, remedy, f"{module.__name__}.{flux.name}")


def _content(side: tuple[tuple[Species, float], ...]) -> Mapping[str, float]:
    total: dict[str, float] = {}
    for species, count in side:
        for key, amount in species.content.items():
            total[key] = total.get(key, 0.0) + count * amount
    return total


def _unused(module: type[Module]) -> Iterator[Fault]:
    read = {id(s) for d in module.declarations.values() for e in expressions(d) for s in symbols(e) if s is not d}
    named = {id(n) for d in module.declarations.values() for n in _named(d) if not isinstance(n, State)}
    for declared in module.declarations.values():
        silent = not isinstance(declared, (Param, Compartment, Input, State, Lag)) and type(declared) is not Derived
        if silent or isinstance(declared, Output) or id(declared) in read or id(declared) in named:
            continue
        message = "nothing reads this"
        yield Fault(
            "unused", declared.where, message, "use it, tell it as an Output, or leave it out", f"{module.__name__}.{declared.name}"
        )
