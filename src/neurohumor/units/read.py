"""Reading a unit from text: exact, cached, and unforgiving of what may mean two things."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from neurohumor.errors import UnitMismatch, did_you_mean
from neurohumor.units.atoms import NOT_FROM_ZERO, SPELT, atom, known_units
from neurohumor.units.unit import ONE, Unit

_TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?)|(?P<word>[A-Za-z%°]+)|(?P<op>\*\*|[*/^()·-])|(?P<blank>\s+)|(?P<other>.)", re.DOTALL
)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SUPERSCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_LONGEST, _LARGEST_POWER = 80, 12


class _Reader:
    """One pass over a unit's text; `at` is the next token."""

    def __init__(self, text: str) -> None:
        plain = _SUPERSCRIPTS.sub(lambda found: "^" + found.group().translate(_SUPERSCRIPT), text)
        plain = plain.replace("\u00b5", "u").replace("\u03bc", "u").replace("\u22c5", "·").replace("×", "*").replace("\u2212", "-")
        self.text, self.at = text, 0
        tokens = [(found.lastgroup or "other", found.group()) for found in _TOKEN.finditer(plain.strip())]
        # blanks matter only as products: those beside an operator do not
        self.tokens = [
            token
            for i, token in enumerate(tokens)
            if token[0] != "blank" or (tokens[i - 1][1] not in "(*/^·**" and tokens[i + 1][1] not in ")*/^·**")
        ]

    def fail(self, what: str, remedy: str) -> UnitMismatch:
        return UnitMismatch(f"{what} in the unit {self.text!r}", remedy=remedy)

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token

    def product(self) -> tuple[Fraction, tuple[float, ...]]:
        factor, dims = self.factor()
        divided = False
        while self.peek()[0] not in ("end",) and self.peek()[1] != ")":
            kind, op = self.take() if self.peek()[0] in ("op", "blank") else ("blank", "")
            if op not in ("*", "/", "·") and kind != "blank":
                raise self.fail(f"misplaced {op!r}", "write products as a*b, quotients as a/b, powers as a^2")
            if kind == "blank" or op == "·":
                if divided:
                    raise self.fail("a blank or a dot after '/' may mean 'times' or 'per'", "write a/(b c), a/b/c or a*c/b")
                if kind == "blank" and self.peek()[0] == "number":
                    raise self.fail(f"the number {self.peek()[1]} after a unit", "write powers as m^2 and factors as 100 g or g*100")
            more, more_dims = self.factor()
            sign = -1 if op == "/" else 1
            divided = divided or op == "/"
            factor = factor * more**sign
            dims = tuple([a + sign * b for a, b in zip(dims, more_dims, strict=True)])
        return factor, dims

    def factor(self) -> tuple[Fraction, tuple[float, ...]]:
        kind, token = self.take()
        if kind == "number":
            value = Fraction(token)
            if not Fraction(1, 10**30) < value < 10**30:
                raise self.fail(f"the number {token}", "a factor inside a unit lies between 1e-30 and 1e30")
            value, _ = self.powered(value, ONE.dims)
            ahead = self.tokens[self.at : self.at + 2]
            if ahead and (ahead[0][0] == "word" or ahead[0][1] == "("):
                more, dims = self.factor()
                return value * more, dims
            if len(ahead) == 2 and ahead[0][0] == "blank" and (ahead[1][0] == "word" or ahead[1][1] == "("):
                self.take()
                more, dims = self.factor()  # 100 g in mL/min/100 g is one thing
                return value * more, dims
            return value, ONE.dims
        if kind == "word":
            found = _atom(token)
            if found is None:
                raise self.unknown(token)
            if self.peek()[0] == "number":
                raise self.fail(f"'{token}{self.peek()[1]}' may be a power or a slip", f"write {token}^{self.peek()[1]}")
            return self.powered(*found)
        if token == "(":
            inner = self.product()
            if self.take()[1] != ")":
                raise self.fail("a missing ')'", "close the bracket")
            return self.powered(*inner)
        if kind == "end":
            raise self.fail("nothing where a unit is due", "write 1/h for 'per hour', 1 for a pure number")
        raise self.fail(f"misplaced {token!r}", "write 1/h for 'per hour', m^2 for a power, a/(b c) for a quotient")

    def powered(self, factor: Fraction, dims: tuple[float, ...]) -> tuple[Fraction, tuple[float, ...]]:
        if self.peek()[1] not in ("^", "**"):
            return factor, dims
        self.take()
        power = self.power()
        if not abs(power) <= _LARGEST_POWER:
            raise self.fail(f"the power {power}", f"powers lie between -{_LARGEST_POWER} and {_LARGEST_POWER}")
        scaled = factor**power.numerator if power.denominator == 1 else Fraction(float(factor) ** float(power))
        return scaled, tuple([a * float(power) for a in dims])

    def power(self) -> Fraction:
        bracket = self.peek()[1] == "("
        if bracket:
            self.take()
        sign = -1 if self.peek()[1] == "-" else 1
        if sign < 0:
            self.take()
        power = sign * self.number()
        if bracket:
            if self.peek()[1] == "/":
                self.take()
                power /= self.number()
            if self.take()[1] != ")":
                raise self.fail("a missing ')'", "close the bracket of the power")
        return power

    def number(self) -> Fraction:
        kind, token = self.take()
        if kind != "number" or not Fraction(token):
            raise self.fail("a power that is not a number", "write m^2, s^-1 or M^(1/2)")
        return Fraction(token)

    def unknown(self, name: str) -> UnitMismatch:
        if name in _NO_SCALE:
            return self.fail(f"{name} does not start at zero", "give a temperature in K")
        if name in _SPELT:
            remedy = f"did you mean {_SPELT[name]}?"
        else:
            remedy = did_you_mean(name, known_units()) or "units are written as in uM/h, nmol/min/g, mL/min/100 g, 1/s, kJ/mol, ug/dL, mIU/L"
        return UnitMismatch(f"unknown unit {name!r}" + (f" in {self.text!r}" if self.text.strip() != name else ""), remedy=remedy)


@lru_cache(maxsize=4096)
def unit(text: str) -> Unit:
    """The unit written as text: "uM/h", "pmol/L", "1/s", "mL/min/100 g", "kJ/mol".

    Products are '*', '·' or a blank, powers '^2' or '**2'. 'mo' is 30.4375 d, 'y' 365.25 d, 'cal' 4.184 J, 'U' an international unit.
    Raises UnitMismatch for what is unknown or ambiguous.
    """
    if not isinstance(text, str):
        raise UnitMismatch(f"a unit is a text, not {text!r}", remedy='write it as in "uM/h"')
    if not text.strip():
        raise UnitMismatch("an empty unit", remedy='a pure number has the unit "1"')
    if len(text) > _LONGEST:
        raise UnitMismatch(f"a unit of {len(text)} characters", remedy=f"units have at most {_LONGEST}")
    reader = _Reader(text)
    factor, dims = reader.product()
    if reader.at < len(reader.tokens):
        raise reader.fail(f"misplaced {reader.peek()[1]!r}", "each ')' needs its '('")
    return Unit(tuple([a + 0.0 for a in dims]), float(factor), text.strip())


def as_unit(what: str | Unit) -> Unit:
    """The unit itself, or the unit read from a text."""
    return what if isinstance(what, Unit) else unit(what)
