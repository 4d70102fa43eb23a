"""What files of the field do that stopped a solver once: powers of nothing, jumps right after time 0, delays to a number."""

from __future__ import annotations

import time

import numpy as np
import pytest

from neurohumor.lang.expr import show
from neurohumor.proof.crosscheck import ours
from neurohumor.sbml.powers import SHARE
from neurohumor.sbml.read import read_sbml
from tests.sbml.texts import TIME, apply, ci, cn, compartment, event, listed, parameter, reaction, rule, sbml, solve, species

BACKENDS = ("reference", "native")


def hill_after_a_chain(exponent: str) -> str:
    """A -> B -> C at rate 1, and C makes H by a Hill function: all but A are nothing at the start."""
    power = apply("power", ci("C1"), exponent)
    made = apply("times", ci("C"), apply("divide", power, apply("plus", cn(0.5), power)))
    chain = reaction("r1", apply("times", ci("C"), ci("A")), "A", "B") + reaction("r2", apply("times", ci("C"), ci("B")), "B", "C1")
    nothing = 'initialConcentration="0"'
    pools = species("A") + species("B", nothing) + species("C1", nothing) + species("H", nothing)
    return sbml(
        listed(Compartments=compartment(), Species=pools, Parameters=parameter("n", 3.97), Reactions=chain + reaction("r3", made, "", "H"))
    )


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("exponent", [cn(3.97), ci("n")])
def test_a_broken_power_of_what_is_nothing_at_the_start(backend: str, exponent: str):
    times = np.linspace(0.0, 8.0, 17)
    found = ours(read_sbml(hill_after_a_chain(exponent), raw=True), times, backend, 60.0)
    c = 1.0 - np.exp(-times) * (1.0 + times)
    np.testing.assert_allclose(found["C1"], c, atol=1e-8)
    fine = np.linspace(0.0, 8.0, 80_001)
    x = 1.0 - np.exp(-fine) * (1.0 + fine)
    made = x**3.97 / (0.5 + x**3.97)
    total = np.concatenate([[0.0], np.cumsum((made[1:] + made[:-1]) / 2 * np.diff(fine))])
    np.testing.assert_allclose(found["H"], total[::5000], atol=1e-7)


def test_only_a_broken_power_of_a_species_counts_rounding_as_nothing():
    def rate(exponent: str) -> str:
        system = read_sbml(hill_after_a_chain(exponent), raw=True)
        return next(show(row.expr) for row in system.derived if row.name == "r3")

    assert "max" in rate(cn(3.97)) and "max" in rate(ci("n"))
    assert "max" not in rate(cn(2)) and "max" not in rate('<cn type="integer">4</cn>')


def test_what_is_truly_negative_has_no_broken_power():
    """A species that is set below nothing by more than rounding: no number, loudly."""
    body = listed(
        Compartments=compartment(),
        Species=species("S", 'initialConcentration="-0.001"', boundary=True),
        Parameters=parameter("x", 0.0, constant=False),
        Rules=rule("rate", "x", apply("power", ci("S"), cn(0.5))),
    )
    assert SHARE < 1e-6
    with pytest.raises(AssertionError, match="not a number"):
        solve(read_sbml(sbml(body), raw=True), np.linspace(0.0, 1.0, 3))


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_trigger_that_jumps_right_after_the_start(backend: str):
    """ceiling(t / 24) is 0 at time 0 and 1 at once after it: the solver must get over a stretch with no length."""
    days = apply("divide", TIME, cn(24))
    since = apply("minus", ci("day"), days)
    body = listed(
        Compartments=compartment(),
        Species=species("S", 'initialConcentration="0"', boundary=True),
        Parameters=parameter("day", 0.0, constant=False) + parameter("dose", 2.0),
        Rules=rule("assignment", "day", apply("ceiling", days)) + rule("rate", "S", apply("times", cn(-0.1), ci("S"))),
        Events=event(apply("gt", since, cn(0.75)), {"S": apply("plus", ci("S"), ci("dose"))}),
    )
    times = np.linspace(0.0, 48.0, 33)
    found = ours(read_sbml(sbml(body), raw=True), times, backend, 60.0)["S"]
    first, second = 2.0 * np.exp(-0.1 * times), np.where(times >= 24.0, 2.0 * np.exp(-0.1 * (times - 24.0)), 0.0)
    late = np.abs(times % 24.0) > 1e-9  # at an output time the dose may stand on either side
    np.testing.assert_allclose(found[late], (first + second)[late], rtol=1e-7)


@pytest.mark.parametrize("delay", ["", cn(0), cn(1.5)])
def test_an_event_sets_a_concentration_to_a_number_in_a_compartment_that_grows(delay: str):
    body = listed(
        Compartments=compartment(constant=False),
        Species=species("S", 'initialAmount="2"'),
        Rules=rule("assignment", "C", apply("plus", cn(1), TIME)),
        Events=event(apply("geq", TIME, cn(2)), {"S": cn(5)}, delay=delay),
    )
    times = np.array([0.0, 1.0, 3.75, 6.0])
    at = 3.5 if "1.5" in delay else 2.0
    expected = np.where(times < at, 2.0 / (1.0 + times), 5.0 * (1.0 + at) / (1.0 + times))
    np.testing.assert_allclose(solve(read_sbml(sbml(body)), times)["S"], expected, rtol=1e-8)


def network(count: int) -> str:
    """So many species, each turned into another at a rate that a third one sets."""
    pools = "".join(species(f"S{k}") for k in range(count))
    above = apply("times", ci("C"), ci("S{a}"), ci("S{b}"))
    law = apply("divide", above, apply("plus", ci("K{a}"), ci("S{a}")))
    numbers = "".join(parameter(f"K{k}", 0.5 + k % 3) for k in range(count))
    turns = "".join(reaction(f"R{k}", law.format(a=k, b=(13 * k + 5) % count), f"S{k}", f"S{(7 * k + 1) % count}") for k in range(count))
    return sbml(listed(Compartments=compartment(), Species=pools, Parameters=numbers, Reactions=turns))


def test_the_time_of_reading_grows_no_faster_than_the_model():
    """Four times the model in less than eight times the time; models of the field have up to some thousand species."""

    def seconds(count: int) -> float:
        text = network(count)
        began = time.process_time()
        system = read_sbml(text, raw=True)
        assert len(system.states) == count
        return time.process_time() - began

    seconds(20)
    assert seconds(600) < 8.0 * seconds(150)
