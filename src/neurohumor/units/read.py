"""Reading a unit from text: exact, cached, and unforgiving of what may mean two things."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import lru_cache

from neurohumor.errors import UnitMismatch, did_you_mean
from neurohumor.units.atoms import NOT_FROM_ZERO, SPELT, Dims, atom, known_units
from neurohumor.units.unit import ONE, Unit

_TOKEN = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?)|(?P<word>[A-Za-z%°]+)|(?P<op>\*\*|[*/^()·-])|(?P<blank>\s+)|(?P<other>.)",
    re.DOTALL,
)
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_SAME = str.maketrans("\u00b5\u03bc\u22c5×\u2212⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "uu·*-0123456789-")
_LONGEST, _LARGEST_POWER, _SMALLEST = 80, 12, Fraction(1, 10**120)
_HOW = "units are written as in uM/h, nmol/min/g, mL/min/100 g, 1/s, kJ/mol, ug/dL, mIU/L"

_Size = tuple[Fraction, Dims]


@lru_cache(maxsize=4096)
def unit(text: str) -> Unit:
    """The unit written as text: "uM/h", "pmol/L", "1/s", "mL/min/100 g", "J/(mol K)".

    Products are '*', '·' or a blank, powers '^2', '**2' or '²'; a number binds to what follows it, so that '/100 g' is 'per 100 g'.
    'mo' is 30.4375 d, 'y' 365.25 d, 'cal' 4.184 J, 'U' an international unit. Raises UnitMismatch for what is unknown or ambiguous.
    """
    if not isinstance(text, str):
        raise UnitMismatch(f"a unit is a text, not {text!r}", remedy='write it as in "uM/h"')
    if not text.strip():
        raise UnitMismatch("an empty unit", remedy='a pure number has the unit "1"')
    if len(text) > _LONGEST:
        raise UnitMismatch(f"a unit of {len(text)} characters", remedy=f"units have at most {_LONGEST}")
    size, dims = _Reader(text.strip()).whole()
    if not _SMALLEST < size < 1 / _SMALLEST:
        raise UnitMismatch(f"the unit {text.strip()!r} is too large or too small to calculate with", remedy="lower its powers")
    return Unit(tuple([power + 0.0 for power in dims]), float(size), text.strip())


def as_unit(what: str | Unit) -> Unit:
    """The unit itself, or the unit read from a text."""
    return what if isinstance(what, Unit) else unit(what)


class _Reader:
    """One pass over the text of a unit; `at` is the next token."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        plain = _RAISED.sub(lambda found: "^" + found.group(), text).translate(_SAME)
        tokens = [(found.lastgroup or "other", found.group()) for found in _TOKEN.finditer(plain)]
        # A blank is a product, except beside an operator.
        self.tokens = [
            token for i, token in enumerate(tokens) if token[0] != "blank" or not (_closes(tokens[i - 1]) or _opens(tokens[i + 1]))
        ]

    def whole(self) -> _Size:
        found = self.product()
        if self.at < len(self.tokens):
            raise self.fail(f"misplaced {self.peek()[1]!r}", "each ')' needs its '('")
        return found

    def peek(self, ahead: int = 0) -> tuple[str, str]:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token

    def product(self) -> _Size:
        """Factors joined by '*', '/', '·' or blanks, from left to right."""
        size, dims = self.factor()
        divided = False
        while self.peek()[0] != "end" and self.peek()[1] != ")":
            op = self.operator(divided)
            divided = divided or op == "/"
            more, more_dims = self.factor()
            sign = -1 if op == "/" else 1
            size, dims = size * more**sign, tuple([a + sign * b for a, b in zip(dims, more_dims, strict=True)])
        return size, dims

    def operator(self, divided: bool) -> str:
        """The next operator; two factors that stand side by side are a product."""
        kind, op = self.peek()
        if kind in ("op", "blank") and op != "(":
            self.take()
        if kind == "op" and op in ("*", "/"):
            return op
        if kind == "other" or (kind == "op" and op not in ("·", "(")):
            raise self.fail(f"misplaced {op!r}", "write products as a*b, quotients as a/b, powers as a^2")
        if divided:
            raise self.fail("a product after '/' may belong above or below the line", "write a/(b c), a/b/c or a*c/b")
        if self.peek()[0] == "number":
            raise self.fail(f"the number {self.peek()[1]} after a unit", "write powers as m^2 and factors as 100 g")
        return "*"

    def factor(self) -> _Size:
        kind, token = self.take()
        if kind == "number":
            return self.numbered(token)
        if kind == "word":
            found = atom(token)
            if found is None:
                raise self.unknown(token)
            if self.peek()[0] == "number":
                raise self.fail(f"'{token}{self.peek()[1]}' may be a power or a slip", f"write {token}^{self.peek()[1]}")
            return self.powered(*found)
        if token == "(":
            inner = self.product()
            self.close()
            return self.powered(*inner)
        if kind == "end":
            raise self.fail("nothing where a unit is due", "write 1/h for 'per hour', 1 for a pure number")
        raise self.fail(f"misplaced {token!r}", f"write 1/h for 'per hour'; {_HOW}")

    def numbered(self, token: str) -> _Size:
        """A number, together with the unit that follows it."""
        size = Fraction(token)
        if not Fraction(1, 10**30) < size < 10**30:
            raise self.fail(f"the number {token}", "a factor inside a unit lies between 1e-30 and 1e30")
        size, dims = self.powered(size, ONE.dims)
        if self.peek()[0] == "blank" and (self.peek(1)[0] == "word" or self.peek(1)[1] == "("):
            self.take()
        if self.peek()[0] == "word" or self.peek()[1] == "(":
            more, dims = self.factor()
            size *= more
        return size, dims

    def powered(self, size: Fraction, dims: Dims) -> _Size:
        if self.peek()[1] not in ("^", "**"):
            return size, dims
        self.take()
        power = self.power()
        if abs(power) > _LARGEST_POWER:
            raise self.fail(f"the power {power}", f"powers lie between -{_LARGEST_POWER} and {_LARGEST_POWER}")
        if abs(power) * abs(math.log10(size)) > 120:
            raise self.fail(f"the power {power}", "lower it: the unit is too large or too small to calculate with")
        raised = size**power.numerator if power.denominator == 1 else Fraction(float(size) ** float(power))
        return raised, tuple([a * float(power) for a in dims])

    def power(self) -> Fraction:
        """The power after '^': 2, -1, 0.5, (1/2), (-1)."""
        bracket = self.peek()[1] == "("
        if bracket:
            self.take()
        sign = 1
        if self.peek()[1] == "-":
            self.take()
            sign = -1
        power = sign * self.number()
        if bracket:
            if self.peek()[1] == "/":
                self.take()
                power /= self.number()
            self.close()
        return power

    def number(self) -> Fraction:
        kind, token = self.take()
        if kind != "number" or not Fraction(token):
            raise self.fail("a power that is not a number", "write m^2, s^-1 or M^(1/2)")
        return Fraction(token)

    def close(self) -> None:
        if self.take()[1] != ")":
            raise self.fail("a missing ')'", "close the bracket")

    def fail(self, what: str, remedy: str) -> UnitMismatch:
        return UnitMismatch(f"{what} in the unit {self.text!r}", remedy=remedy)

    def unknown(self, name: str) -> UnitMismatch:
        if name in NOT_FROM_ZERO:
            return self.fail(f"{name}, which does not start at zero,", "give a temperature in K")
        remedy = f"did you mean {SPELT[name]}?" if name in SPELT else did_you_mean(name, known_units()) or _HOW
        return UnitMismatch(f"unknown unit {name!r}" + (f" in {self.text!r}" if self.text != name else ""), remedy=remedy)


def _closes(token: tuple[str, str]) -> bool:
    return token[0] == "op" and token[1] != ")"


def _opens(token: tuple[str, str]) -> bool:
    return token[0] == "op" and token[1] != "("
