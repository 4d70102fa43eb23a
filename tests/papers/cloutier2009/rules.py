"""The rules of an SBML file evaluated as they stand in it: the second reading of the equations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

Element = ElementTree.Element


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _apply(head: str, args: list[Any]) -> float:
    match head:
        case "plus":
            return sum(args)
        case "times":
            return math.prod(args)
        case "minus":
            return -args[0] if len(args) == 1 else args[0] - args[1]
        case "divide":
            return args[0] / args[1]
        case "power":
            return args[0] ** args[1]
        case "exp":
            return math.exp(args[0]) if args[0] < 709 else math.inf
        case "ln":
            return math.log(args[0])
        case "geq":
            return args[0] >= args[1]
        case "leq":
            return args[0] <= args[1]
        case "and":
            return all(args)
    raise AssertionError(head)


def _number(node: Element) -> float:
    if node.attrib.get("type") == "e-notation":
        return float(f"{(node.text or '').strip()}e{(node[0].tail or '').strip()}")
    if node.attrib.get("type") == "rational":
        return float((node.text or "").strip()) / float((node[0].tail or "").strip())
    assert len(node) == 0, "a plain number"
    return float(node.text or "")


def value(node: Element, scope: Mapping[str, float]) -> Any:
    """What an element of MathML is worth."""
    kind = local(node)
    if kind == "cn":
        return _number(node)
    if kind == "ci":
        return scope[(node.text or "").strip()]
    if kind == "csymbol":
        return scope["time"]
    if kind == "piecewise":
        for piece in node:
            if local(piece) == "otherwise":
                return value(piece[0], scope)
            if value(piece[1], scope):
                return value(piece[0], scope)
    assert kind == "apply", kind
    return _apply(local(node[0]), [value(child, scope) for child in node[1:]])


class File:
    """A file's numbers, its assignment rules in an order in which they can be evaluated, and its rate rules."""

    def __init__(self, path: Path) -> None:
        root = ElementTree.parse(path).getroot()
        self.numbers: dict[str, float] = {}
        assigned: dict[str, Element] = {}
        self.rules: dict[str, Element] = {}
        for element in root.iter():
            kind = local(element)
            if kind == "parameter":
                self.numbers[element.attrib["id"]] = float(element.attrib["value"])
            elif kind == "species":
                self.numbers[element.attrib["id"]] = float(element.attrib["initialConcentration"])
            elif kind in ("assignmentRule", "rateRule"):
                math_of = next(e for e in element.iter() if local(e) == "math")[0]
                (assigned if kind == "assignmentRule" else self.rules)[element.attrib["variable"]] = math_of
        self.assigned = _ordered(assigned)

    def rates(self, seconds: float, state: Mapping[str, float], changed: Mapping[str, float] | None = None) -> dict[str, float]:
        """The rate of every variable that has a rate rule, and the BOLD signal."""
        scope = {**self.numbers, **(changed or {}), **state, "time": seconds}
        for name, rule in self.assigned.items():
            scope[name] = value(rule, scope)
        return {name: value(rule, scope) for name, rule in self.rules.items()} | {"BOLD": scope["BOLD"]}


def _ordered(rules: Mapping[str, Element]) -> dict[str, Element]:
    reads = {name: {(e.text or "").strip() for e in rule.iter() if local(e) == "ci"} & rules.keys() for name, rule in rules.items()}
    done: dict[str, Element] = {}
    while len(done) < len(rules):
        ready = [name for name in rules if name not in done and reads[name] <= done.keys()]
        assert ready, "the rules define each other"
        done |= {name: rules[name] for name in ready}
    return done
