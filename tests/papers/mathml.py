"""A plain reader of SBML rules, for second readings of a model: numbers, functions, rules and laws, evaluated as the file says."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree

OPERATIONS: Mapping[str, Callable[..., float]] = {
    "plus": lambda *a: math.fsum(a),
    "times": lambda *a: math.prod(a),
    "minus": lambda a, b=None: -a if b is None else a - b,
    "divide": lambda a, b: a / b,
    "power": lambda a, b: a**b,
    "exp": math.exp,
    "ln": math.log,
    "cos": math.cos,
    "sin": math.sin,
    "lt": lambda a, b: float(a < b),
    "geq": lambda a, b: float(a >= b),
    "and": lambda *a: float(all(a)),
}


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


class File:
    """The numbers of a file by id, its assignments in order, and the rate of each state."""

    def __init__(self, path: Path) -> None:
        self.numbers: dict[str, float] = {}
        self.functions: dict[str, Callable[..., float]] = {}
        self.assigned: dict[str, ElementTree.Element] = {}
        self.moved: dict[str, list[ElementTree.Element]] = {}
        for element in ElementTree.parse(path).getroot().iter():
            kind, told = local(element), element.attrib
            if kind in ("parameter", "compartment", "species"):
                value = told.get("value") or told.get("size") or told.get("initialConcentration") or told.get("initialAmount")
                if value is not None:
                    self.numbers[told["id"]] = float(value)
            elif kind == "functionDefinition":
                self.functions[told["id"]] = self._function(next(e for e in element.iter() if local(e) == "lambda"))
            elif kind == "assignmentRule":
                self.assigned[told["variable"]] = self._math(element)
            elif kind == "rateRule":
                self.moved[told["variable"]] = [self._math(element)]
            elif kind == "reaction":
                (product,) = [e.attrib["species"] for e in element.iter() if local(e) == "speciesReference"]
                self.moved.setdefault(product, []).append(self._math(element))

    @staticmethod
    def _math(element: ElementTree.Element) -> ElementTree.Element:
        return next(e for e in element.iter() if local(e) == "math")[0]

    def _function(self, node: ElementTree.Element) -> Callable[..., float]:
        names = [(bound[0].text or "").strip() for bound in node if local(bound) == "bvar"]
        return lambda *args: self.value(node[-1], dict(zip(names, args, strict=True)))

    def value(self, node: ElementTree.Element, scope: Mapping[str, float]) -> float:
        kind, text = local(node), (node.text or "").strip()
        if kind == "cn":
            return float(text)
        if kind == "pi":
            return math.pi
        if kind == "csymbol":
            return scope["time"]
        if kind == "ci":
            return scope[text]
        if kind == "piecewise":
            for piece in node:
                if local(piece) == "otherwise" or self.value(piece[1], scope):
                    return self.value(piece[0], scope)
        assert kind == "apply", kind
        args = [self.value(child, scope) for child in node[1:]]
        if local(node[0]) == "ci":
            return self.functions[(node[0].text or "").strip()](*args)
        return OPERATIONS[local(node[0])](*args)

    def _named(self, node: ElementTree.Element) -> set[str]:
        return {(e.text or "").strip() for e in node.iter() if local(e) == "ci"} - self.functions.keys()

    def rates(self, time: float, state: Mapping[str, float]) -> dict[str, float]:
        """The rate of each state, per time unit of the file,."""
        scope = {**self.numbers, **state, "time": time}
        waiting = [name for name in self.assigned if name not in state]
        for name in waiting:
            scope.pop(name, None)
        while waiting:
            ready = [name for name in waiting if self._named(self.assigned[name]) <= scope.keys()]
            assert ready, f"circular or missing: {waiting}"
            for name in ready:
                scope[name] = self.value(self.assigned[name], scope)
                waiting.remove(name)
        return {name: math.fsum(self.value(law, scope) for law in laws) for name, laws in self.moved.items()}
