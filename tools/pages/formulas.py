"""Expressions as LaTeX and as MathML: one walk gives both, so that what a browser shows is what the LaTeX says.

MathML is rendered by browsers themselves: no page needs a script, a font or a network for its equations.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from neurohumor.lang.expr import Call, Const, Expr, Symbol, fold
from neurohumor.units import ONE

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Omega": "Ω",
}  # fmt: skip
HEADS = {"Vmax": ("V", "max"), "Km": ("K", "m"), "Ki": ("K", "i"), "Vm": ("V", "m"), "Tmax": ("T", "max"), "Rmax": ("R", "max")}
"""Heads of names in which the science writes a subscript without an underscore."""

SUM, PRODUCT, SIGN, POWER, FRACTION, ATOM = 1, 2, 3, 4, 8, 9


@dataclass(frozen=True, slots=True)
class Formula:
    """A piece of mathematics in both languages; `level` is how tightly it holds together.

    factors  of a product, its factors; halves: of a fraction, what stands above and below the line
    """

    latex: str
    mathml: str
    level: int = ATOM
    factors: tuple[Formula, ...] = ()
    halves: tuple[Formula, ...] = ()


def formula(expr: Expr) -> Formula:
    """The expression, with the author's order and as few brackets as its meaning allows."""
    return fold([expr], _leaf, _call)[0]


def symbol(name: str) -> Formula:
    """A name as it is printed: `Vmax_TH` as V with the subscript max,TH; `tau_rel` as τ with rel; `da_ext` upright."""
    if name == "time":
        return Formula("t", "<mi>t</mi>")
    head, *below = name.split("_")
    if head in HEADS:
        head, first = HEADS[head]
        below = [first, *below]
    elif found := re.fullmatch(r"([A-Za-z])(\d+)", head):
        head = found[1]
        below = [found[2], *below]
    if head in GREEK:
        latex, mathml = f"\\{head}", f"<mi>{GREEK[head]}</mi>"
    elif len(head) == 1:
        latex, mathml = head, f"<mi>{head}</mi>"
    else:
        latex, mathml = rf"\mathrm{{{head}}}", f"<mi>{head}</mi>"
    if not below:
        return Formula(latex, mathml)
    text = ",".join(below)
    return Formula(rf"{latex}_{{\mathrm{{{text}}}}}", f"<msub>{mathml}<mtext>{text}</mtext></msub>")


def number(value: float) -> Formula:
    """A number as typed, powers of ten and multiples of π written out."""
    times = value / math.pi
    if value and abs(times - round(times)) < 1e-12:
        count = "" if round(times) == 1 else f"{round(times)}"
        return Formula(rf"{count} \pi".strip(), f"{f'<mn>{count}</mn>' if count else ''}<mi>π</mi>", PRODUCT if times > 0 else SIGN)
    text = f"{value:.12g}"
    mantissa, _, exponent = text.partition("e")
    negative = mantissa.startswith("-")
    minus, bare = ("<mo>−</mo>" if negative else ""), mantissa.removeprefix("-")
    if not exponent:
        return Formula(mantissa, f"{minus}<mn>{bare}</mn>", SIGN if negative else ATOM)
    power = int(exponent)
    latex = rf"{mantissa} \cdot 10^{{{power}}}"
    tens = f"<msup><mn>10</mn><mrow>{_signed(power)}</mrow></msup>"
    if bare == "1":
        return Formula(f"{'-' * negative}10^{{{power}}}", f"{minus}{tens}", SIGN if negative else POWER)
    return Formula(latex, f"{minus}<mn>{bare}</mn><mo>⋅</mo>{tens}", SIGN if negative else PRODUCT)


def _signed(power: int) -> str:
    return f"<mo>−</mo><mn>{-power}</mn>" if power < 0 else f"<mn>{power}</mn>"


def _leaf(node: Expr) -> Formula:
    if isinstance(node, Symbol):
        return symbol(node.name)
    assert isinstance(node, Const)
    plain = number(node.value)
    if node.unit is ONE or str(node.unit) == "1":
        return plain
    unit = str(node.unit)
    latex = rf"{plain.latex}\,\mathrm{{{unit.replace('%', chr(92) + '%')}}}"
    return Formula(latex, f'{plain.mathml}<mspace width="0.2em"/><mtext>{escape(unit)}</mtext>', min(plain.level, PRODUCT))


def bracketed(of: Formula, left: str = "(", right: str = ")") -> Formula:
    """The formula between brackets that grow with it."""
    return Formula(rf"\left{left} {of.latex} \right{right}", f"<mrow><mo>{left}</mo>{of.mathml}<mo>{right}</mo></mrow>")


def _held(of: Formula, least: int) -> Formula:
    return of if of.level >= least else bracketed(of)


def joined(left: Formula, sign: tuple[str, str], right: Formula, level: int) -> Formula:
    """Two formulas with an operator (in LaTeX, in MathML) between them."""
    return Formula(f"{left.latex} {sign[0]} {right.latex}", f"{left.mathml}<mo>{sign[1]}</mo>{right.mathml}", level)


def _add(node: Call, a: Formula, b: Formula) -> Formula:
    if _nothing(node.args[1]):
        return a
    return joined(a if a.level == SIGN else _held(a, SUM), ("+", "+"), b if b.level == SUM else _right(b, SUM), SUM)


def _nothing(node: Expr) -> bool:
    return isinstance(node, Const) and node.value == 0.0


def _sub(node: Call, a: Formula, b: Formula) -> Formula:
    if _nothing(node.args[1]):
        return a
    return joined(a if a.level == SIGN else _held(a, SUM), ("-", "−"), _right(b, PRODUCT), SUM)


def _mul(_: Call, a: Formula, b: Formula) -> Formula:
    return product(_held(a, PRODUCT), _right(b, PRODUCT))


def product(*terms: Formula) -> Formula:
    """The product of formulas that need no brackets in it."""
    factors = tuple(factor for term in terms for factor in (term.factors or (term,)))
    if len(factors) == 1:
        return factors[0]
    latex, mathml = r" \cdot ".join(f.latex for f in factors), "<mo>⋅</mo>".join(f.mathml for f in factors)
    return Formula(latex, mathml, PRODUCT, factors=factors)


def fraction(above: Formula, below: Formula) -> Formula:
    """One formula over another."""
    mathml = f"<mfrac><mrow>{above.mathml}</mrow><mrow>{below.mathml}</mrow></mfrac>"
    return Formula(rf"\frac{{{above.latex}}}{{{below.latex}}}", mathml, FRACTION, halves=(above, below))


def _right(of: Formula, least: int) -> Formula:
    """What stands right of an operator never begins with a sign."""
    return bracketed(of) if of.level == SIGN else _held(of, least)


def _div(node: Call, a: Formula, b: Formula) -> Formula:
    """A quotient; fractions among the factors of `a` stand before the new line, not on it: one storey is enough."""
    one = node.args[1]
    if isinstance(one, Const) and one.value == 1.0 and one.unit is ONE:
        return a
    factors = a.factors or (a,)
    last = max((k for k, factor in enumerate(factors) if factor.halves), default=-1)
    if last < 0:
        return fraction(a, b)
    before, after = factors[: last + 1], factors[last + 1 :]
    if after:
        return product(*before, fraction(product(*after), b))
    above, below = factors[last].halves
    return product(*factors[:last], fraction(above, product(_right(below, PRODUCT), _right(b, PRODUCT))))


def _pow(node: Call, a: Formula, b: Formula) -> Formula:
    power = node.args[1]
    if isinstance(power, Const) and power.value == 0.5:
        return Formula(rf"\sqrt{{{a.latex}}}", f"<msqrt><mrow>{a.mathml}</mrow></msqrt>")
    base = _held(a, ATOM)
    if base.mathml.startswith("<msub>"):  # a symbol with its subscript, or [x]₊: both stand at one base
        mathml = f"<msubsup>{base.mathml.removeprefix('<msub>').removesuffix('</msub>')}<mrow>{b.mathml}</mrow></msubsup>"
    else:
        mathml = f"<msup><mrow>{base.mathml}</mrow><mrow>{b.mathml}</mrow></msup>"
    return Formula(f"{base.latex}^{{{b.latex}}}", mathml, POWER)


def _neg(_: Call, a: Formula) -> Formula:
    inside = _right(a, PRODUCT)
    return Formula(f"-{inside.latex}", f"<mo>−</mo>{inside.mathml}", SIGN)


def _max(node: Call, a: Formula, b: Formula) -> Formula:
    if _nothing(node.args[1]):
        latex = rf"\left[ {a.latex} \right]_{{+}}"
        return Formula(latex, f"<msub><mrow><mo>[</mo>{a.mathml}<mo>]</mo></mrow><mo>+</mo></msub>")
    return _function(r"\max", "max", a, b)


def _function(latex: str, name: str, *args: Formula) -> Formula:
    inside = bracketed(Formula(", ".join(a.latex for a in args), "<mo>,</mo>".join(a.mathml for a in args)))
    return Formula(f"{latex}{inside.latex}", f"<mi>{name}</mi><mo>&#x2061;</mo>{inside.mathml}")


FUNCTIONS = {
    "exp": (r"\exp", "exp"), "log": (r"\ln", "ln"), "sin": (r"\sin", "sin"), "cos": (r"\cos", "cos"), "tan": (r"\tan", "tan"),
    "tanh": (r"\tanh", "tanh"), "asin": (r"\arcsin", "arcsin"), "acos": (r"\arccos", "arccos"), "atan": (r"\arctan", "arctan"),
    "min": (r"\min", "min"),
}  # fmt: skip
RELATIONS = {
    "lt": ("<", "&lt;"), "le": (r"\le", "≤"), "eq": ("=", "="), "and": (r"\wedge", "∧"), "or": (r"\vee", "∨"),
}  # fmt: skip
BARS = {"abs": ("|", "|"), "floor": (r"\lfloor", r"\rfloor"), "ceil": (r"\lceil", r"\rceil")}
SHOWN_BARS = {"abs": "||", "floor": "⌊⌋", "ceil": "⌈⌉"}
OWN: dict[str, Callable[..., Formula]] = {"add": _add, "sub": _sub, "mul": _mul, "div": _div, "pow": _pow, "neg": _neg, "max": _max}


def _call(node: Call, args: tuple[Formula, ...]) -> Formula:
    if node.op in OWN:
        return OWN[node.op](node, *args)
    if node.op in FUNCTIONS:
        return _function(*FUNCTIONS[node.op], *args)
    if node.op in RELATIONS:
        a, b = (_held(each, SUM) for each in args)
        return joined(a, RELATIONS[node.op], b, 0)
    if node.op in BARS:
        (left, right), shown = BARS[node.op], SHOWN_BARS[node.op]
        mathml = f"<mrow><mo>{shown[0]}</mo>{args[0].mathml}<mo>{shown[1]}</mo></mrow>"
        return Formula(rf"\left{left} {args[0].latex} \right{right}", mathml)
    if node.op == "not":
        return Formula(rf"\neg {bracketed(args[0]).latex}", f"<mo>¬</mo>{bracketed(args[0]).mathml}")
    assert node.op == "where", node.op
    condition, then, otherwise = args
    latex = rf"\begin{{cases}} {then.latex} & \text{{if }} {condition.latex} \\ {otherwise.latex} & \text{{otherwise}} \end{{cases}}"
    rows = ((then.mathml, f"<mtext>if&#xa0;</mtext>{condition.mathml}"), (otherwise.mathml, "<mtext>otherwise</mtext>"))
    table = "".join(f"<mtr><mtd><mrow>{a}</mrow></mtd><mtd><mrow>{b}</mrow></mtd></mtr>" for a, b in rows)
    mathml = f"<mrow><mo>{{</mo><mtable columnalign='left left'>{table}</mtable></mrow>"
    return Formula(latex, mathml, SUM)


def equal(left: Formula, right: Formula) -> Formula:
    """left = right."""
    return joined(left, ("=", "="), right, 0)


def derivative(of: Formula) -> Formula:
    """The derivative by time."""
    mathml = f"<mfrac><mrow><mi>d</mi>{of.mathml}</mrow><mrow><mi>d</mi><mi>t</mi></mrow></mfrac>"
    return Formula(rf"\frac{{\mathrm{{d}} {of.latex}}}{{\mathrm{{d}} t}}", mathml, FRACTION)


def shown(of: Formula) -> str:
    """The formula as an element of a page, its LaTeX kept within it."""
    note = f'<annotation encoding="application/x-tex">{escape(of.latex, quote=False)}</annotation>'
    return f'<math display="block"><semantics><mrow>{of.mathml}</mrow>{note}</semantics></math>'
