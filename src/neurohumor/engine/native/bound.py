"""How fast a step could be at best: vector operations counted in the text, against what a core can begin in a cycle."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FUNCTION = re.compile(r"^define [^@]*@(\w+)\(", re.MULTILINE)
_ARITHMETIC = re.compile(r"= (fadd|fsub|fmul|fneg|fcmp|select|and <|or <|xor <|shl|lshr|add <|sub <|call <\d+ x double> @llvm\.)")
_CALL = re.compile(r"call (?:void|<\d+ x double>) @(\w+)\(")
_LOOP = re.compile(r"^L\d+:\n(.*?)^E\d+:", re.MULTILINE | re.DOTALL)
MATHEMATICS = ("exp", "log", "pow", "pow_quick", "sin", "cos", "tan", "tanh", "asin", "acos", "atan")


@dataclass(frozen=True, slots=True)
class Work:
    """Of one step of one vector: arithmetic operations, divisions, elementary functions."""

    arithmetic: int
    divisions: int
    functions: int

    @property
    def cycles(self) -> float:
        """The issue bound: two arithmetic operations begin in a cycle, a division takes 4, an elementary function 12."""
        return self.arithmetic / 2 + 4 * self.divisions + 12 * self.functions


def work_of_step(text: str, states: int) -> Work:
    """Count what `@step` does, with everything it calls; bodies of loops count once per state."""
    bodies: dict[str, str] = {}
    starts = [(m.group(1), m.start()) for m in _FUNCTION.finditer(text)]
    for (name, start), end in zip(starts, [s for _, s in starts[1:]] + [len(text)], strict=True):
        bodies[name] = text[start:end]
    known: dict[str, tuple[int, int, int]] = {}

    def of(name: str) -> tuple[int, int, int]:
        if name.startswith("vector_"):
            return (0, 0, 1)
        if name not in bodies:
            return (0, 0, 0)
        if name not in known:
            body = bodies[name]
            inner = "".join(_LOOP.findall(body))
            counts = [a + (states - 1) * b for a, b in zip(_counted(body), _counted(inner), strict=True)]
            for called in _CALL.findall(body):
                counts = [a + b for a, b in zip(counts, of(called), strict=True)]
            known[name] = (counts[0], counts[1], counts[2])
        return known[name]

    return Work(*of("step"))


def _counted(text: str) -> tuple[int, int, int]:
    return len(_ARITHMETIC.findall(text)), text.count("= fdiv "), 0
