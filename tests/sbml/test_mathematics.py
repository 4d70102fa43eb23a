"""MathML in full: each operation against the standard library."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from neurohumor.errors import FileError
from neurohumor.sbml.mathematics import AVOGADRO
from neurohumor.sbml.read import read_sbml
from tests.sbml.texts import TIME, apply, ci, cn, listed, parameter, rule, sbml, solve, symbol
from tests.sbml.texts import math as math_of

X, Y = 0.7, 2.0
NAN, INF = math.nan, math.inf


def value(content: str, *, x: float = X, y: float = Y, functions: str = "") -> float:
    """What a formula over x and y is worth, as our engine computes it."""
    parameters = parameter("x", x) + parameter("y", y) + parameter("r", None, constant=False)
    text = sbml(listed(FunctionDefinitions=functions, Parameters=parameters, Rules=rule("assignment", "r", content)))
    return float(solve(read_sbml(text), np.array([0.0, 1.0]))["r"][-1])


ONE: dict[str, tuple[Callable[[float], float], float]] = {
    "abs": (abs, -0.7), "floor": (math.floor, -0.7), "ceiling": (math.ceil, -0.7), "exp": (math.exp, X), "ln": (math.log, X),
    "factorial": (lambda x: math.factorial(int(x)), 5.0), "sin": (math.sin, X), "cos": (math.cos, X), "tan": (math.tan, X),
    "sec": (lambda x: 1 / math.cos(x), X), "csc": (lambda x: 1 / math.sin(x), X), "cot": (lambda x: 1 / math.tan(x), X),
    "arcsin": (math.asin, X), "arccos": (math.acos, X), "arctan": (math.atan, X), "arcsec": (lambda x: math.acos(1 / x), 1.7),
    "arccsc": (lambda x: math.asin(1 / x), 1.7), "arccot": (lambda x: math.atan(1 / x), X),
    "sinh": (math.sinh, X), "cosh": (math.cosh, X), "tanh": (math.tanh, X), "sech": (lambda x: 1 / math.cosh(x), X),
    "csch": (lambda x: 1 / math.sinh(x), X), "coth": (lambda x: 1 / math.tanh(x), X), "arcsinh": (math.asinh, X),
    "arccosh": (math.acosh, 1.7), "arctanh": (math.atanh, X), "arcsech": (lambda x: math.acosh(1 / x), X),
    "arccsch": (lambda x: math.asinh(1 / x), X), "arccoth": (lambda x: math.atanh(1 / x), 1.7), "minus": (lambda x: -x, X),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE)
def test_a_function_of_one_argument(name: str):
    function, x = ONE[name]
    assert value(apply(name, ci("x")), x=x) == pytest.approx(function(x), rel=1e-14)


@pytest.mark.parametrize("name", ["sinh", "arcsinh", "arctanh", "tanh"])
@pytest.mark.parametrize("x", [1e-9, -1e-9, 1e-3, -0.4])
def test_odd_functions_keep_their_digits_near_zero(name: str, x: float):
    assert value(apply(name, ci("x")), x=x) == pytest.approx(ONE[name][0](x), rel=1e-14)


@pytest.mark.parametrize("x", [1e200, -1e200, 20.0])
def test_arcsinh_of_large_numbers(x: float):
    assert value(apply("arcsinh", ci("x")), x=x) == pytest.approx(math.asinh(x), rel=1e-14)


TRUE, FALSE = "<true/>", "<false/>"
SEVERAL: dict[str, tuple[str, float]] = {
    "plus of none": (apply("plus"), 0.0),
    "plus of four": (apply("plus", cn(1), cn(2), cn(3), ci("x")), 6.7),
    "times of none": (apply("times"), 1.0),
    "times of three": (apply("times", cn(2), cn(3), ci("x")), 4.2),
    "minus": (apply("minus", ci("y"), ci("x")), 1.3),
    "divide": (apply("divide", ci("x"), ci("y")), 0.35),
    "power": (apply("power", ci("x"), ci("y")), 0.49),
    "square root": (apply("root", ci("y")), math.sqrt(2)),
    "cube root": (apply("root", "<degree><cn>3</cn></degree>", cn(-8)), -2.0),
    "log to base 10": (apply("log", cn(1000)), 3.0),
    "log to another base": (apply("log", "<logbase><cn>2</cn></logbase>", cn(8)), 3.0),
    "min": (apply("min", cn(3), ci("x"), cn(9)), 0.7),
    "max": (apply("max", cn(3), ci("x"), cn(9)), 9.0),
    "quotient": (apply("quotient", cn(17), cn(5)), 3.0),
    "quotient of a negative": (apply("quotient", cn(-17), cn(5)), -3.0),
    "rem": (apply("rem", cn(17), cn(5)), 2.0),
    "rem of a negative": (apply("rem", cn(-17), cn(5)), -2.0),
    "a chain that holds": (apply("lt", cn(1), cn(2), cn(3)), 1.0),
    "a chain that breaks": (apply("lt", cn(1), cn(3), cn(2)), 0.0),
    "geq": (apply("geq", cn(3), cn(3), cn(2)), 1.0),
    "gt": (apply("gt", cn(3), cn(3)), 0.0),
    "leq": (apply("leq", cn(3), cn(3)), 1.0),
    "eq of three": (apply("eq", cn(3), cn(3), cn(4)), 0.0),
    "neq": (apply("neq", cn(3), cn(4)), 1.0),
    "and of none": (apply("and"), 1.0),
    "or of none": (apply("or"), 0.0),
    "and": (apply("and", TRUE, TRUE, FALSE), 0.0),
    "or": (apply("or", FALSE, FALSE, TRUE), 1.0),
    "xor of three": (apply("xor", TRUE, TRUE, TRUE), 1.0),
    "xor of two": (apply("xor", TRUE, TRUE), 0.0),
    "not": (apply("not", TRUE), 0.0),
    "implies": (apply("implies", TRUE, FALSE), 0.0),
    "implies from what is false": (apply("implies", FALSE, FALSE), 1.0),
    "a number as a truth": (apply("and", ci("x"), TRUE), 1.0),
    "a truth as a number": (apply("plus", TRUE, TRUE), 2.0),
    "a piece that holds": ("<piecewise><piece><cn>5</cn><false/></piece><piece><cn>6</cn><true/></piece></piecewise>", 6.0),
    "otherwise": ("<piecewise><piece><cn>5</cn><false/></piece><otherwise><cn>7</cn></otherwise></piecewise>", 7.0),
    "no piece that holds": ("<piecewise><piece><cn>5</cn><false/></piece></piecewise>", NAN),
    "pi": ("<pi/>", math.pi),
    "e": ("<exponentiale/>", math.e),
    "infinity": ("<infinity/>", INF),
    "no number": ("<notanumber/>", NAN),
    "time": (TIME, 1.0),
    "Avogadro's number": (symbol("avogadro"), AVOGADRO),
    "an exponent": ('<cn type="e-notation">1.5<sep/>-3</cn>', 0.0015),
    "a ratio": ('<cn type="rational">1<sep/>3</cn>', 1 / 3),
    "a whole number": ('<cn type="integer">-42</cn>', -42.0),
}


@pytest.mark.parametrize("what", SEVERAL)
def test_an_operation(what: str):
    content, expected = SEVERAL[what]
    assert value(content) == pytest.approx(expected, rel=1e-14, nan_ok=True)


@pytest.mark.parametrize(
    ("x", "expected"),
    [(0.0, 1.0), (1.0, 1.0), (12.0, 479001600.0), (170.0, float(math.factorial(170))), (2.5, NAN), (-1.0, NAN), (171.0, NAN)],
)
def test_factorial_of_a_variable(x: float, expected: float):
    assert value(apply("factorial", ci("x")), x=x) == pytest.approx(expected, nan_ok=True)


def test_functions_of_the_model_are_written_out():
    def function(name: str, arguments: str, body: str) -> str:
        bound = "".join(f"<bvar>{ci(a)}</bvar>" for a in arguments)
        return f'<functionDefinition id="{name}">{math_of(f"<lambda>{bound}{body}</lambda>")}</functionDefinition>'

    square = function("square", "x", apply("times", ci("x"), ci("x")))
    body = apply("plus", f"<apply><ci>square</ci>{ci('y')}</apply>", f"<apply><ci>square</ci>{ci('x')}</apply>")
    twice = function("sum_of_squares", "yx", body)
    call = f"<apply><ci>sum_of_squares</ci>{ci('x')}{cn(3)}</apply>"
    assert value(call, functions=twice + square) == pytest.approx(0.49 + 9.0)


def test_delay_of_nothing_is_the_thing_itself():
    assert value(f"<apply>{symbol('delay')}{ci('x')}{cn(0)}</apply>") == X


def test_delay_is_refused_with_the_element_named():
    with pytest.raises(FileError, match="'delay' reads the past") as caught:
        value(f"<apply>{symbol('delay')}{ci('x')}{cn(1)}</apply>")
    assert "assignmentRule" in caught.value.where
