"""A reader of the LaTeX that the pages print, to hold it against the expressions: it evaluates what stands there, by usual rules."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

TOKEN = re.compile(
    r"\\left\\lfloor|\\right\\rfloor|\\left\\lceil|\\right\\rceil|\\left\||\\right\||\\left\(|\\right\)|\\left\[|\\right\]_\{\+\}"
    r"|\\begin\{cases\}|\\end\{cases\}|\\text\{[^}]*\}|\\\\|\\,\\mathrm\{(?:[^{}]|\\%)*\}"
    r"|\\left\s|\\right\s|\\frac|\\sqrt|\\cdot|\\le|\\wedge|\\vee|\\neg|\\max|\\min|\\exp|\\ln|\\sinh?|\\cosh?|\\tanh?|\\arcsin|\\arccos|\\arctan"
    r"|(?:\\mathrm\{\w+\}|\\[A-Za-z]+|[A-Za-z])(?:_\{\\mathrm\{[^}]*\}\})?"
    r"|\d+(?:\.\d+)?|[-+^{}()<>=,&]"
)
FUNCTIONS = {
    r"\exp": math.exp, r"\ln": math.log, r"\sin": math.sin, r"\cos": math.cos, r"\tan": math.tan, r"\tanh": math.tanh,
    r"\arcsin": math.asin, r"\arccos": math.acos, r"\arctan": math.atan,
}  # fmt: skip


class Reader:
    """Reads one formula from left to right; symbols have the values given by their LaTeX."""

    def __init__(self, text: str, values: Mapping[str, float]) -> None:
        text = text.replace(r"\left \lfloor", r"\left\lfloor").replace(r"\right \rfloor", r"\right\rfloor")
        self.tokens, self.values, self.at = TOKEN.findall(text), values, 0
        rest = TOKEN.sub("", text).strip()
        assert not rest.replace(" ", ""), f"cannot be read: {rest!r} in {text}"

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        found = self.peek()
        assert not wanted or found in wanted, f"{wanted} expected, {found!r} found in {' '.join(self.tokens)}"
        self.at += 1
        return found

    def whole(self) -> float:
        value = self.truth()
        assert not self.peek(), f"{self.peek()!r} is left over in {' '.join(self.tokens)}"
        return value

    def truth(self) -> float:
        value = self.compared()
        while self.peek() in (r"\wedge", r"\vee"):
            sign, other = self.take(), self.compared()
            value = float(bool(value) and bool(other)) if sign == r"\wedge" else float(bool(value) or bool(other))
        return value

    def compared(self) -> float:
        value = self.total()
        if self.peek() in ("<", r"\le", "="):
            sign, other = self.take(), self.total()
            return float(value < other if sign == "<" else value <= other if sign == r"\le" else value == other)
        return value

    def total(self) -> float:
        value = -self.product() if self.peek() == "-" and self.take() else self.product()
        while self.peek() in ("+", "-"):
            value = value + self.product() if self.take() == "+" else value - self.product()
        return value

    def product(self) -> float:
        value = self.power()
        while self.peek() == r"\cdot":
            self.take()
            value *= self.power()
        return value

    def power(self) -> float:
        value = self.atom()
        if self.peek().startswith(r"\,\mathrm"):  # the unit of a number
            self.take()
        if self.peek() == "^":
            self.take()
            value = value ** self.group()
        return value

    def group(self) -> float:
        self.take("{")
        value = self.truth()
        self.take("}")
        return value

    def between(self, right: str) -> list[float]:
        values = [self.truth()]
        while self.peek() == ",":
            self.take()
            values.append(self.truth())
        self.take(right)
        return values

    def atom(self) -> float:
        token = self.take()
        if re.fullmatch(r"\d+(\.\d+)?", token):
            times = float(token)
            return times * (math.pi if self.peek() == r"\pi" and self.take() else 1.0)
        if token == r"\pi":
            return math.pi
        if token == r"\frac":
            above = self.group()
            return above / self.group()
        if token == r"\sqrt":
            return math.sqrt(self.group())
        if token == r"\left(":
            return self.between(r"\right)")[0]
        if token == r"\left[":
            return max(self.between(r"\right]_{+}")[0], 0.0)
        if token == r"\left\lfloor":
            return float(math.floor(self.between(r"\right\rfloor")[0]))
        if token in (r"\max", r"\min"):
            self.take(r"\left(")
            return (max if token == r"\max" else min)(self.between(r"\right)"))
        if token in FUNCTIONS:
            self.take(r"\left(")
            return FUNCTIONS[token](self.between(r"\right)")[0])
        if token == r"\neg":
            return float(not self.atom())
        if token == r"\begin{cases}":
            return self.cases()
        assert token in self.values, f"{token!r} is no symbol of {sorted(self.values)}"
        return self.values[token]

    def cases(self) -> float:
        then = self.truth()
        self.take("&")
        self.take(r"\text{if }")
        condition = self.truth()
        self.take(r"\\")
        otherwise = self.truth()
        self.take("&")
        self.take(r"\text{otherwise}")
        self.take(r"\end{cases}")
        return then if condition else otherwise


def value_of(latex: str, values: Mapping[str, float]) -> float:
    """The value of a formula."""
    text = re.sub(r"\\(left|right) ?(\(|\)|\[|\])", r"\\\1\2", latex).replace(r"\right]_{+}", r"\right]_{+}")
    return Reader(text, values).whole()
