"""The laws that needed no repair, evaluated from the SBML file itself, equal the module's; and so do the file's numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from xml.etree import ElementTree

import pytest

from neurohumor import evidence
from neurohumor.modules.transmitters.dopamine_terminal_best2009 import DopamineTerminalBest2009
from tests.papers.best2009 import terminal

FILE_NAMES = {
    "bh4": "bh4", "bh2": "bh2", "tyr": "tyr", "tyr_pool": "tyrpool", "dopa": "l_dopa", "da_cyt": "cda", "da_ves": "vda", "da_ext": "eda",
    "hva": "hva",
}  # fmt: skip

Scope = Mapping[str, float]


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


class Law:
    """The few constructs of MathML that this file has."""

    def __init__(self, functions: Mapping[str, Callable[..., float]]) -> None:
        self.functions = functions

    def value(self, node: ElementTree.Element, scope: Scope) -> float:
        kind = local(node)
        if kind == "cn":
            assert len(node) == 0, "a plain number"
            return float(node.text or "")
        if kind == "ci":
            return scope[(node.text or "").strip()]
        assert kind == "apply", kind
        head, args = node[0], [self.value(child, scope) for child in node[1:]]
        if local(head) == "ci":
            return self.functions[(head.text or "").strip()](*args)
        return {
            "plus": lambda: sum(args),
            "times": lambda: math.prod(args),
            "minus": lambda: args[0] - args[1],
            "divide": lambda: args[0] / args[1],
            "power": lambda: args[0] ** args[1],
        }[local(head)]()


class File:
    """The SBML file: its numbers, its functions, the law of each reaction, the rule of each species."""

    def __init__(self, root: ElementTree.Element) -> None:
        functions: dict[str, Callable[..., float]] = {}
        self.law = Law(functions)
        self.numbers: dict[str, float] = {}
        self.laws: dict[str, ElementTree.Element] = {}
        self.rules: dict[str, ElementTree.Element] = {}
        for element in root.iter():
            kind = local(element)
            if kind == "parameter":
                self.numbers[element.attrib["id"]] = float(element.attrib["value"])
            elif kind == "compartment":
                self.numbers[element.attrib["id"]] = float(element.attrib["size"])
            elif kind == "species":
                self.numbers[element.attrib["id"]] = float(element.attrib["initialConcentration"])
            elif kind == "functionDefinition":
                functions[element.attrib["id"]] = self.function(next(e for e in element.iter() if local(e) == "lambda"))
            elif kind == "reaction":
                self.laws[element.attrib["id"]] = next(e for e in element.iter() if local(e) == "math")[0]
            elif kind == "rateRule":
                self.rules[element.attrib["variable"]] = next(e for e in element.iter() if local(e) == "math")[0]

    def function(self, node: ElementTree.Element) -> Callable[..., float]:
        names = [(bound[0].text or "").strip() for bound in node if local(bound) == "bvar"]
        return lambda *args: self.law.value(node[-1], dict(zip(names, args, strict=True)))


@pytest.fixture(scope="module")
def sbml(shared) -> File:
    return File(ElementTree.parse(shared / "reference" / "sbml" / "MODEL1502230000.xml").getroot())


def test_laws_that_needed_no_repair(sbml, rng):
    params = terminal.params()
    rest = {name: sbml.numbers[other] for name, other in FILE_NAMES.items()} | {"hva": 7.7}
    for _ in range(100):
        state = {name: value * 10 ** rng.uniform(-1, 1) for name, value in rest.items()}
        flow = terminal.fluxes(state, params, terminal.INPUTS)
        ours = terminal.rates(state, params, terminal.INPUTS)
        scope = sbml.numbers | {FILE_NAMES[name]: value for name, value in state.items()} | {"NADPH": 330.0, "NADP": 26.0}
        laws = {name: sbml.law.value(law, scope) for name, law in sbml.laws.items()}
        pairs = {"VTH": flow["th"], "VAADC": flow["aadc"], "VDAT": flow["dat"], "VCATAB": flow["breakdown"]}
        for name, value in pairs.items():
            assert value == pytest.approx(laws[name], rel=1e-12), name
        recycling = max(flow["reduction"], flow["oxidation"])
        assert flow["reduction"] - flow["oxidation"] == pytest.approx(laws["VDRR"], abs=1e-12 * recycling)
        # The rules around the repaired transport: with our net uptake in place of the file's, whole rows agree.
        heard = scope | laws | {"VMAT": flow["vmat"] - flow["leak"]}
        largest = terminal.largest_terms(state, params, terminal.INPUTS)
        for name in ("hva", "da_ext", "tyr_pool", "da_cyt", "da_ves"):
            told = sbml.law.value(sbml.rules[FILE_NAMES[name]], heard)
            assert ours[name] == pytest.approx(told, abs=1e-12 * largest[name]), name
        # Free tyrosine: all but the import, which the file writes as a velocity times the blood level.
        imported = sbml.numbers["VTYRin"] * sbml.numbers["btyr"]
        told = sbml.law.value(sbml.rules["tyr"], heard) - imported + flow["intake"]
        assert ours["tyr"] == pytest.approx(told, abs=1e-11 * imported)


def test_the_file_is_broken_where_the_module_was_repaired(sbml):
    """The three faults, so that nobody takes the file for the paper: were they gone, the repair would have to be looked at again."""
    rest = {"cda": 2.65, "vda": 81.0}
    uptake = sbml.law.value(sbml.laws["VMAT"], sbml.numbers | rest)
    assert uptake == pytest.approx(7082 * 2.65 * 81 / ((3 + 2.65) * (40 + 81)))
    assert (sbml.numbers["NADPH"], sbml.numbers["NADP"]) == (0, 0)
    assert sbml.numbers["VTYRin"] * sbml.numbers["btyr"] > 90 * terminal.fluxes(REST, terminal.params(), terminal.INPUTS)["intake"]


REST = {
    "bh4": 319.0, "bh2": 41.0, "tyr": 126.0, "tyr_pool": 943.0, "dopa": 0.36, "da_cyt": 2.65, "da_ves": 81.0, "da_ext": 0.002, "hva": 7.7,
}  # fmt: skip


def test_the_module_starts_from_the_file_s_values(sbml):
    """But for the two that the file's note calls missing."""
    starts = {row.name: terminal.initial(row.name) for row in terminal.system().states}
    assert starts == REST
    for name in set(FILE_NAMES) - {"tyr_pool", "hva"}:
        assert starts[name] == sbml.numbers[FILE_NAMES[name]], name


def test_the_ledger_says_what_the_file_says(sbml):
    """Every entry that names a parameter of the file, read again from the file."""
    entries = [e for (module, _), e in evidence.library().ledger.items() if module == DopamineTerminalBest2009.__name__]
    named = {e.seen.removeprefix("file, parameter "): e for e in entries if e.seen.startswith("file, parameter ")}
    assert len(named) == 30
    assert {name: e.value for name, e in named.items()} == {name: sbml.numbers[name] for name in named}
    units = {str(e.unit) for e in named.values()}
    assert units == {"umol/L", "umol/L/h", "1/h"}
    assert terminal.params()["btyr"] == sbml.numbers["btyr"]
