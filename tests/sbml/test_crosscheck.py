"""The same file in our engines and in others: what is compared, and that they agree."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from neurohumor.errors import SolveError
from neurohumor.models import load, names
from neurohumor.proof import crosscheck as module
from neurohumor.proof.crosscheck import Comparison, crosscheck
from neurohumor.proof.exported import exported
from neurohumor.sbml.read import import_sbml
from tests.sbml.texts import TIME, apply, ci, cn, compartment, event, listed, parameter, reaction, rule, sbml, species

AGREED = 1e-6
"""Of a column's largest value, over a run."""
LARGE = 100
"""States from which on the slowest engines are left out."""
PATIENCE = 900.0
"""Seconds for each engine."""
MODULES = {"roadrunner": "roadrunner", "copasi": "basico"}
FILES = {
    "BIOMD0000000001": 100.0, "BIOMD0000000073": 100.0, "BIOMD0000000184": 100.0, "BIOMD0000000341": 100.0, "BIOMD0000000372": 100.0,
    "BIOMD0000000379": 100.0, "BIOMD0000000554": 100.0, "BIOMD0000000618": 100.0, "BIOMD0000000901": 24.0,
}  # fmt: skip
"""Files of the field, and how long each is followed in its own unit of time."""

DECAY = sbml(
    listed(
        Compartments=compartment(size=2.0),
        Species=species("S") + species("P", 'initialConcentration="0"'),
        Parameters=parameter("k", 0.3) + parameter("dose", 0.0, constant=False),
        Rules=rule("assignment", "dose", apply("times", cn(2), ci("S"))),
        Reactions=reaction("r", apply("times", ci("k"), ci("S"), ci("C")), "S", "P"),
        Events=event(apply("geq", TIME, cn(3.25)), {"S": cn(1.5)}),
    )
)


def worst(found: Comparison) -> dict[str, tuple[float, str]]:
    """Engine -> its largest difference, and where."""
    told: dict[str, tuple[float, str]] = {}
    for difference in found.differences:
        for engine, value in difference.by.items():
            assert value == value, (difference.variable, engine)
            told[engine] = max(told.get(engine, (0.0, "")), (value, difference.variable))
    return told


def check_agreement(found: Comparison) -> None:
    """Every engine that is installed has a result, and all agree."""
    for engine, needed in MODULES.items():
        if importlib.util.find_spec(needed) is None:
            assert "not installed" in found.failed[engine]
        else:
            assert engine in found.engines, found.failed
    assert "native" in found.engines, found.failed
    told = worst(found)
    assert told and all(value <= AGREED for value, _ in told.values()), told


def test_engines_agree_on_a_small_file():
    found = crosscheck(DECAY, end=10.0, points=21)
    check_agreement(found)
    assert found.base == "reference" and {"S", "P", "dose"} <= {d.variable for d in found.differences}


def test_a_difference_is_seen(monkeypatch: pytest.MonkeyPatch):
    def off(text: str, times: np.ndarray, wanted: list[str], engine: str, seconds: float) -> dict[str, np.ndarray]:
        from neurohumor.sbml.read import import_sbml

        found = module.ours(import_sbml(text, raw=True).system, times, "reference", seconds)
        return {"S": found["S"] * 1.001, "P": found["P"]}

    monkeypatch.setattr(module, "_other", off)
    found = crosscheck(DECAY, end=10.0, engines=("reference", "roadrunner"))
    assert found.differences[0].variable == "S" and found.differences[0].worst == pytest.approx(1e-3, rel=0.1)
    assert {d.variable: d.by for d in found.differences}["P"] == {"roadrunner": 0.0}


def test_an_engine_that_is_absent_or_hangs_is_told(monkeypatch: pytest.MonkeyPatch):
    found = crosscheck(DECAY, end=10.0, engines=("reference", "nobody"))
    assert found.engines == ("reference",) and "nobody" in found.failed
    monkeypatch.setattr(module, "SECONDS", 0.01)
    monkeypatch.setattr(module, "ours", lambda system, times, engine, seconds: {"S": np.ones_like(times)})
    slow = crosscheck(DECAY, end=10.0, engines=("reference", "copasi"), seconds=0.01)
    assert slow.failed == {"copasi": "no result within 0.01 s"}


def test_where_the_reference_engine_has_no_result_the_native_one_is_the_base(monkeypatch: pytest.MonkeyPatch):
    true = module.ours

    def tired(system: object, times: np.ndarray, engine: str, seconds: float) -> dict[str, np.ndarray]:
        if engine == "reference":
            raise SolveError("the wall-clock limit was reached")
        return true(system, times, engine, seconds)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "ours", tired)
    found = crosscheck(DECAY, end=10.0, engines=("reference", "native"))
    assert found.base == "native" and found.failed == {"reference": "the wall-clock limit was reached"}
    with pytest.raises(SolveError, match="no engine of ours"):
        crosscheck(DECAY, end=10.0, engines=("reference",))


@pytest.mark.slow
@pytest.mark.timeout(4 * PATIENCE + 300)
@pytest.mark.parametrize("name", names())
def test_engines_agree_on_every_model_of_ours(name: str):
    """The reference woman's day of habits.

    Of hundreds of states our native engine and libRoadRunner are compared, by their states: our reference engine takes more than minutes,
    COPASI ends with an invalid state, and net rates near equilibrium are small differences that no engine has to six digits.
    """
    text = exported(load(name))
    states = {name for name, leaf in import_sbml(text, raw=True).system.quantities.items() if leaf.kind == "state"}
    if len(states) <= LARGE:
        check_agreement(crosscheck(text, end=24.0, seconds=PATIENCE))
        return
    pytest.importorskip("roadrunner", reason="libRoadRunner is not installed")
    found = crosscheck(text, end=24.0, seconds=PATIENCE, engines=("native", "roadrunner"))
    assert found.engines == ("native", "roadrunner"), found.failed
    told = {d.variable: max(d.by.values()) for d in found.differences if d.variable in states}
    assert len(told) > LARGE and max(told.values()) <= AGREED, sorted(told.items(), key=lambda pair: -pair[1])[:3]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FILES))
def test_engines_agree_on_files_of_the_field(shared: Path, name: str):
    path = shared / "reference" / "sbml" / f"{name}.xml"
    if not path.is_file():
        pytest.skip("the models do not lie in the reference folder")
    check_agreement(crosscheck(path.read_text(encoding="utf-8-sig"), end=FILES[name]))


def test_math_is_as_the_others_read_it():
    """A choice, a power and a wave of time: the same in every engine that is there."""
    x = apply("sin", TIME)
    body = listed(
        Compartments=compartment(),
        Parameters=parameter("x", 0.2, constant=False) + parameter("y", 0.0, constant=False),
        Rules=rule("rate", "x", apply("minus", x, ci("x")))
        + rule("assignment", "y", f"<piecewise><piece>{apply('power', ci('x'), cn(2))}{apply('gt', ci('x'), cn(0.1))}</piece>"
               f"<otherwise>{apply('abs', ci('x'))}</otherwise></piecewise>"),
    )  # fmt: skip
    check_agreement(crosscheck(sbml(body), end=7.3, points=31))
