"""What the pages print as mathematics is what the expressions say."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from tools.pages.equations import chapters
from tools.pages.formulas import formula, shown, symbol

from neurohumor import models
from neurohumor.lang import Level, cos, exp, fold, hill, log, maximum, minimum, positive, power, sqrt, where
from neurohumor.lang.decl import Balance, Compartment, Derived, Lag, Param
from neurohumor.lang.expr import Call, Const, Expr, Symbol, symbols
from neurohumor.lang.expr import fold as walked
from neurohumor.lang.module import Module
from tests.docs.reading_latex import value_of

MODULES = models.modules()
OPERATIONS = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b, "neg": lambda a: -a,
    "pow": lambda a, b: a**b, "min": min, "max": max, "exp": math.exp, "log": math.log, "sin": math.sin, "cos": math.cos, "tan": math.tan,
    "tanh": math.tanh, "atan": math.atan, "floor": lambda a: float(math.floor(a)), "lt": lambda a, b: float(a < b),
    "le": lambda a, b: float(a <= b), "and": lambda a, b: float(bool(a) and bool(b)), "where": lambda c, a, b: a if c else b,
}  # fmt: skip


def evaluated(expr: Expr, values: dict[str, float]) -> float:
    """The value of an expression, by walking it."""

    def leaf(node: Expr) -> float:
        if isinstance(node, Const):
            return node.value
        assert isinstance(node, Symbol)
        return values[symbol(node.name).latex]

    def call(node: Call, args: tuple[float, ...]) -> float:
        return float(OPERATIONS[node.op](*args))

    return walked([expr], leaf, call)[0]


def expressions(module: type[Module]) -> Iterator[tuple[str, Expr]]:
    """Every expression of a module, with the name of its declaration."""
    for x in module.declarations.values():
        if isinstance(x, (Derived, Balance)):
            yield x.name, x.expr
        elif isinstance(x, Param) and x.formula is not None:
            yield x.name, x.formula
        elif isinstance(x, Compartment):
            yield x.name, x.size
        elif isinstance(x, Lag):
            yield x.name, x.of


def agrees(expr: Expr, tries: int = 4) -> None:
    """LaTeX and expression have one value at random places."""
    draw = random.Random(repr([s.name for s in symbols(expr)]))
    done = 0
    for _ in range(20):
        values = {symbol(s.name).latex: draw.uniform(0.3, 2.5) for s in symbols(expr)}
        try:
            right = evaluated(expr, values)
        except (ValueError, OverflowError, ZeroDivisionError, TypeError):
            continue  # outside what the law is for: a root of a negative number
        if isinstance(right, complex) or not math.isfinite(right):
            continue
        told = value_of(formula(expr).latex, values)
        assert told == pytest.approx(right, rel=1e-9, abs=1e-12)
        done += 1
        if done == tries:
            return
    assert done, "no place was found at which the expression has a value"


@pytest.mark.parametrize("name", MODULES)
def test_the_latex_of_a_module_says_what_its_code_says(name: str):
    for each, expr in expressions(MODULES[name]):
        try:
            agrees(expr)
        except AssertionError as error:
            raise AssertionError(f"{name}.{each}: {formula(expr).latex}\n{error}") from error


@pytest.mark.parametrize("name", MODULES)
def test_the_symbols_of_a_module_are_told_apart(name: str):
    printed = [symbol(each).latex for each in MODULES[name].declarations]
    assert len(set(printed)) == len(printed)


@pytest.mark.parametrize("name", MODULES)
def test_the_mathml_of_a_module_is_well_formed(name: str):
    for chapter in chapters(MODULES[name]):
        for equation in chapter.equations:
            element = ElementTree.fromstring(shown(equation.formula))
            note = element.find(".//annotation")
            assert note is not None and note.text == equation.formula.latex
            assert not re.search(r"\bnan\b|\binf\b", equation.formula.latex)


a, b, c = (Level(1.0, "1", name) for name in "abc")
for _name, _level in zip(("a", "b_x", "Vmax_c"), (a, b, c), strict=True):
    _level.name = _name


@pytest.mark.parametrize(
    "expr",
    [
        a - (b - c), a - (b + c), (a + b) * c, a / (b / c), (a / b) / c, a * (b / c) / (a + b), -(a + b) * c, a - -b, a * -b, (-a) ** 2,
        (a * b) ** c, (a / b) ** 2, a ** (b + c), 2 ** (-a), sqrt(a * a + b), exp(-(a - b) / c), log(a / b), hill(a, b, 3),
        positive(a - b), power(a - b, 2), minimum(a, b + c), maximum(a, b * 2), where(a < b, a + 1, b / c) * c, where((a <= b), a, b) - c,
        fold(a, 2.0, 0.75), a * 1e-5, 1e-5 * (a + b), a / -3.0, (a - 1.5) * 2.5e10, a / 1.0, (a * 2) / (b * 2) / (c + 1), a * b / c * b,
        -(a - b), -(a * b), a + -b, (a + b) - (a + c), abs(a), (2.5e-3) ** a, -2.0 * a,
        cos(2 * math.pi / a * (b - c)), a * math.pi, (2 * math.pi) ** a, -math.pi * a, a + 0.0 - b, a * (b - 0.0),
        positive(a + b) ** c, b ** a,
    ],
)  # fmt: skip
def test_brackets_stand_where_they_must(expr: Expr):
    if isinstance(expr, Call) and expr.op == "abs":
        assert formula(expr).latex == r"\left| a \right|"
        return
    agrees(expr)


def test_the_reader_of_latex_is_strict():
    values = {"a": 2.0, r"V_{\mathrm{max,c}}": 3.0}
    assert value_of(r"\frac{a}{V_{\mathrm{max,c}}} - a \cdot \left( 1 + a \right)^{2}", values) == pytest.approx(2 / 3 - 18)
    for wrong in (r"a \cdot", r"\frac{a}{", r"\nothing", r"a a", r"z"):
        with pytest.raises(AssertionError):
            value_of(wrong, values)


def test_names_are_printed_as_the_science_writes_them():
    assert symbol("Vmax_TH").latex == r"V_{\mathrm{max,TH}}"
    assert symbol("tau_rel").latex == r"\tau_{\mathrm{rel}}"
    assert symbol("da_ext").latex == r"\mathrm{da}_{\mathrm{ext}}"
    assert symbol("time").latex == "t"
    assert "<msub><mi>K</mi><mtext>m,tyr</mtext></msub>" in symbol("Km_tyr").mathml
