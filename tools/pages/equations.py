"""The equations of a module, in reading order: what is computed, what moves each state, what is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

from tools.pages.formulas import ATOM, PRODUCT, SUM, Formula, bracketed, derivative, equal, formula, fraction, joined, number, symbol

from neurohumor.build.matter import is_amount, rate_is_amount
from neurohumor.lang.decl import (
    Balance,
    Change,
    Compartment,
    Derived,
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
)
from neurohumor.lang.expr import Const, Expr, Symbol, symbols
from neurohumor.lang.module import Module
from neurohumor.units import Unit


@dataclass(frozen=True, slots=True)
class Equation:
    """One equation: what it is called, the mathematics, its unit and its meaning."""

    name: str
    formula: Formula
    unit: str = ""
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Equations of one kind under a heading."""

    title: str
    equations: tuple[Equation, ...]


def chapters(module: type[Module]) -> tuple[Chapter, ...]:
    """Every equation of a module; chapters that would be empty are left out."""
    all_of = (
        Chapter("Calculated numbers", tuple(_calculated(module))),
        Chapter("Conversions", tuple(_conversions(module))),
        Chapter("What moves each state", tuple(_motions(module))),
        Chapter("Named expressions", tuple(_named(module))),
        Chapter("What it tells", tuple(_told(module))),
    )
    return tuple(each for each in all_of if each.equations)


def _calculated(module: type[Module]) -> Iterator[Equation]:
    for x in module.declarations.values():
        if isinstance(x, Param) and x.formula is not None:
            yield _law(x.name, x.formula, str(x.unit), x.doc)
        elif isinstance(x, Compartment):
            yield _law(x.name, x.size, str(x.unit), x.doc)


def _law(name: str, expr: Expr, unit: str, doc: str) -> Equation:
    return Equation(name, equal(symbol(name), formula(expr)), unit, doc)


def _conversions(module: type[Module]) -> Iterator[Equation]:
    for flux in module.of(Flux):
        written = arrow(flux.change)
        law = equal(symbol(flux.name), formula(flux.expr))
        apart = Formula(r"\qquad", '<mspace width="2em"/>')
        whole = Formula(f"{written.latex} {apart.latex} {law.latex}", f"{written.mathml}{apart.mathml}{law.mathml}")
        where = "" if rate_is_amount(flux) or len(module.of(Compartment)) == 1 else f" of {flux.per.name}"
        yield Equation(flux.name, whole, f"{flux.unit}{where}", flux.doc)


def arrow(change: Change) -> Formula:
    """A conversion with an arrow; what crosses the module's border comes from or goes to ∅."""
    left, right = _side(change.left), _side(change.right)
    return Formula(rf"{left.latex} \longrightarrow {right.latex}", f"{left.mathml}<mo>⟶</mo>{right.mathml}")


def _side(side: Iterable[tuple[Species, float]]) -> Formula:
    terms = [symbol(s.name) if count == 1 else _times(number(count), symbol(s.name)) for s, count in side]
    return reduce(lambda a, b: joined(a, ("+", "+"), b, SUM), terms) if terms else Formula(r"\varnothing", "<mi>∅</mi>")


def _times(a: Formula, b: Formula) -> Formula:
    return Formula(rf"{a.latex}\,{b.latex}", f'{a.mathml}<mspace width="0.15em"/>{b.mathml}', PRODUCT)


# ── What moves each state ─────────────────────────────────────────────────────────────────────────


def _motions(module: type[Module]) -> Iterator[Equation]:
    for x in module.declarations.values():
        if isinstance(x, Species):
            yield _balance(module, x)
        elif isinstance(x, Level):
            yield from _level(module, x)
        elif isinstance(x, Implicit):
            yield from (_fixed(b) for b in module.of(Balance) if b.of is x)
        elif isinstance(x, Lag):
            yield from _lagged(x)


def _balance(module: type[Module], species: Species) -> Equation:
    """The mass balance of a species in terms of the rates of its fluxes."""
    home, amount = symbol(species.compartment.name), is_amount(species)
    varying = not amount and not _constant(species.compartment)
    terms: list[tuple[float, Formula]] = []
    for flux in module.of(Flux):
        count = flux.change.net.get(species, 0.0)
        if count:
            terms.append((count, _moved(flux, species, symbol(flux.name), concentration=not (amount or varying))))
    moved = symbol(species.name)
    left = derivative(bracketed(_times(moved, home))) if varying else derivative(moved)
    return Equation(species.name, equal(left, total(terms)), _per_time(species.unit), species.doc)


def _per_time(unit: Unit) -> str:
    return "per time" if str(unit) == "1" else f"{unit} per time"


def _constant(compartment: Compartment) -> bool:
    """Whether the size stays the same while time runs: numbers, and what is given of a person, do."""
    return all(_still(each) for each in symbols(compartment.size))


def _still(one: Symbol) -> bool:
    if isinstance(one, Input):
        return one.quantity.startswith("person.")
    if isinstance(one, Derived):
        return all(_still(each) for each in symbols(one.expr))
    return isinstance(one, Param) or (isinstance(one, Compartment) and _constant(one))


def _moved(flux: Flux, species: Species, rate: Formula, *, concentration: bool) -> Formula:
    """What one flux moves, as a concentration per time of the species' compartment, or as an amount."""
    home, per = symbol(species.compartment.name), symbol(flux.per.name)
    if rate_is_amount(flux):
        if not concentration:
            return rate
        return fraction(rate, home)
    if not concentration:
        return _times(per, rate)
    if flux.per is species.compartment:
        return rate
    return _times(fraction(per, home), rate)


def _row(of: Formula) -> str:
    return f"<mrow>{of.mathml}</mrow>"


def total(terms: Iterable[tuple[float, Formula]]) -> Formula:
    """A sum of counted terms; of none, zero."""
    latex, mathml = "", ""
    for count, term in terms:
        sign, shown = ("-", "−") if count < 0 else ("+", "+")
        each = term if abs(count) == 1 else _times(number(abs(count)), term)
        if not latex and count > 0:
            latex, mathml = each.latex, each.mathml
        else:
            latex, mathml = f"{latex} {sign} {each.latex}".strip(), f"{mathml}<mo>{shown}</mo>{each.mathml}"
    return Formula(latex, mathml, SUM) if latex else Formula("0", "<mn>0</mn>", ATOM)


def _level(module: type[Module], level: Level) -> Iterator[Equation]:
    rates = [rate for rate in module.of(Rate) if rate.of is level]
    left = derivative(symbol(level.name))
    if not rates:
        yield Equation(level.name, equal(left, total([])), _per_time(level.unit), level.doc)
    elif len(rates) == 1:
        yield Equation(rates[0].name, equal(left, formula(rates[0].expr)), str(rates[0].unit), rates[0].doc or level.doc)
    else:
        yield Equation(level.name, equal(left, total([(1.0, symbol(r.name)) for r in rates])), _per_time(level.unit), level.doc)
        yield from (_law(rate.name, rate.expr, str(rate.unit), rate.doc) for rate in rates)


def _fixed(balance: Balance) -> Equation:
    return Equation(balance.name, equal(number(0.0), formula(balance.expr)), str(balance.unit), balance.doc or f"fixes {balance.of.name}")


def _lagged(lag: Lag) -> Iterator[Equation]:
    """A lag of one stage as it is; of several, the chain by its stages."""
    source, tau = formula(lag.of), formula(lag.tau)
    if lag.stages == 1:
        top = joined(source, ("-", "−"), symbol(lag.name), SUM)
        yield Equation(lag.name, equal(derivative(symbol(lag.name)), fraction(top, tau)), _per_time(lag.unit), lag.doc)
        return
    name = symbol(lag.name)
    n = lag.stages
    latex = (
        rf"\frac{{\mathrm{{d}} {name.latex}^{{(i)}}}}{{\mathrm{{d}} t}} = "
        rf"\frac{{{n}}}{{{tau.latex}}} \left( {name.latex}^{{(i-1)}} - {name.latex}^{{(i)}} \right), \quad "
        rf"{name.latex}^{{(0)}} = {source.latex}, \quad i = 1 \ldots {n}"
    )
    places = ("<mi>i</mi>", "<mi>i</mi><mo>−</mo><mn>1</mn>", "<mn>0</mn>")
    stage = [f"<msup>{name.mathml}<mrow><mo>(</mo>{i}<mo>)</mo></mrow></msup>" for i in places]
    mathml = (
        f"<mfrac><mrow><mi>d</mi>{stage[0]}</mrow><mrow><mi>d</mi><mi>t</mi></mrow></mfrac><mo>=</mo>"
        f"<mfrac><mn>{n}</mn><mrow>{tau.mathml}</mrow></mfrac><mrow><mo>(</mo>{stage[1]}<mo>−</mo>{stage[0]}<mo>)</mo></mrow><mo>,</mo>"
        f'<mspace width="1em"/>{stage[2]}<mo>=</mo>{source.mathml}<mo>,</mo><mspace width="1em"/>'
        f"<mi>i</mi><mo>=</mo><mn>1</mn><mo>…</mo><mn>{n}</mn>"
    )
    yield Equation(lag.name, Formula(latex, mathml, 0), _per_time(lag.unit), lag.doc)


# ── What is computed and told ─────────────────────────────────────────────────────────────────────


def _named(module: type[Module]) -> Iterator[Equation]:
    for x in module.of(Derived):
        if not isinstance(x, (Output, Flux, Rate, Balance)):
            yield _law(x.name, x.expr, str(x.unit), x.doc)


def _told(module: type[Module]) -> Iterator[Equation]:
    for x in module.of(Output):
        yield _law(x.name, x.expr, str(x.unit), f"{x.doc} ({x.quantity})" if x.doc else x.quantity)
    for x in module.of(Influence):
        lag = f"overline: through a lag of {x.tau.name}" if x.tau is not None else ""
        yield Equation(x.name, equal(symbol(x.name), influence(x)), "1", "; ".join(t for t in (x.doc, x.target, lag) if t))


def influence(x: Influence) -> Formula:
    """1 + emax (H(heard) - H_ref), H the Hill function of the influence; an overline is H through the lag of a slow one."""
    heard, half, steep = symbol(x.by.name), symbol(x.half.name), x.steepness
    if isinstance(steep, Const) and steep.value == 1.0:
        hill = fraction(heard, joined(half, ("+", "+"), heard, SUM))
    else:
        power, base = formula(steep), bracketed(fraction(heard, half))
        raised = Formula(f"{base.latex}^{{{power.latex}}}", f"<msup>{base.mathml}{_row(power)}</msup>")
        hill = fraction(raised, joined(number(1.0), ("+", "+"), raised, SUM))
    if x.tau is not None:
        hill = Formula(rf"\overline{{{hill.latex}}}", f'<mover>{_row(hill)}<mo stretchy="true">¯</mo></mover>')
    reference = Formula(r"H_{\mathrm{ref}}", "<msub><mi>H</mi><mtext>ref</mtext></msub>")
    inside = bracketed(joined(hill, ("-", "−"), reference, SUM))
    return joined(number(1.0), ("+", "+"), _times(symbol(x.emax.name), inside), SUM)
