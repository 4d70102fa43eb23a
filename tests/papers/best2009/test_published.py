"""What the paper and its encodings say, reached by the flattened module on the reference engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pytest

from neurohumor.build.conserve import leaks, with_borders
from neurohumor.engine.problem import Action, Batch, Entry, Stiff
from neurohumor.engine.program import compile as compile_system
from neurohumor.lang import Flux, Species
from neurohumor.lang.system import System
from neurohumor.modules.transmitters.dopamine_terminal_best2009 import DopamineTerminalBest2009
from neurohumor.units import convert
from tests.papers.best2009 import terminal

HOURS = 1000.0
EXACT = Stiff(rtol=1e-9)


@cache
def with_border() -> System:
    return with_borders(terminal.system())


def run(
    times: np.ndarray,
    *,
    flat: System | None = None,
    values: Mapping[str, float] | None = None,
    start: Mapping[str, float] | None = None,
    schedule: Sequence[Entry] = (),
    **inputs: float,
) -> dict[str, np.ndarray]:
    """The states over `times`, from `start` or the module's own initial values, with inputs by quantity (dots as __)."""
    flat = terminal.system() if flat is None else flat
    heard = {**terminal.INPUTS, **{name.replace("__", "."): value for name, value in inputs.items()}}
    numbers, first = {**terminal.params(), **(values or {})}, start or {}
    batch = Batch(
        params=np.array([[numbers[row.name] for row in flat.params]]),
        inputs=np.array([[heard[row.quantity] for row in flat.inputs]]),
        states=np.array([[first.get(row.name, np.nan) for row in flat.states]]),
        schedules=(tuple(schedule),),
        start=np.array([times[0]]),
        end=np.array([times[-1]]),
        windows=(times[None, :],),
    )
    solved = compile_system(flat, backend="reference").solve(batch, EXACT)
    states = solved.states[0][0]
    assert np.isfinite(states).all(), solved.statuses[0]
    return {row.name: states[:, i] for i, row in enumerate(flat.states)}


def settled(values: Mapping[str, float] | None = None, **inputs: float) -> dict[str, float]:
    states = run(np.array([0.0, HOURS]), values=values, **inputs)
    return {name: float(column[-1]) for name, column in states.items()}


@cache
def rest() -> dict[str, float]:
    return settled()


@pytest.mark.parametrize("target", terminal.published()["rest"], ids=lambda t: f"{t['state']} {t['value']} {t['unit']}")
def test_rest(target):
    reached = convert(rest()[target["state"]], "umol/L", target["unit"])
    assert reached == pytest.approx(target["value"], abs=target["tolerance"])


def test_rest_is_at_rest():
    found, params = rest(), terminal.params()
    moving = terminal.rates(found, params, terminal.INPUTS)
    turnover = terminal.largest_terms(found, params, terminal.INPUTS)
    assert max(abs(moving[name]) / turnover[name] for name in moving) < 1e-6


def test_rest_is_the_same_from_elsewhere():
    far = {name: value * factor for (name, value), factor in zip(rest().items(), (1, 1, 3, 0.3, 5, 0.2, 2, 10, 0.1), strict=True)}
    states = run(np.array([0.0, HOURS]), start=far)
    for name, column in states.items():
        assert column[-1] == pytest.approx(rest()[name], rel=1e-6), name


def test_pterins_are_conserved():
    states = run(np.linspace(0, 24, 49), blood__tyrosine=200.0, da__firing=5.0)
    total = states["bh4"] + states["bh2"]
    assert np.abs(total / total[0] - 1).max() < 1e-10


def test_matter_closes_over_a_week_of_changing_inputs():
    heard = {row.quantity: index for index, row in enumerate(with_border().inputs)}
    days = [
        entry
        for day in range(7)
        for entry in (
            Entry(24 * day + 7, Action.SET_INPUT, heard["da.firing"], 1.5),
            Entry(24 * day + 8, Action.RAMP_INPUT, heard["blood.tyrosine"], 60.0, slope=20.0),
            Entry(24 * day + 12, Action.SET_INPUT, heard["dat.load"], 2.0),
            Entry(24 * day + 13, Action.SET_INPUT, heard["blood.tyrosine"], 50.0),
            Entry(24 * day + 22, Action.SET_INPUT, heard["da.firing"], 0.3),
            Entry(24 * day + 23, Action.SET_INPUT, heard["dat.load"], 0.0),
        )
    ]
    states = run(np.linspace(0.0, 168.0, 169), flat=with_border(), schedule=days)
    rings = sum(states[name] for name in ("tyr", "tyr_pool", "dopa", "da_cyt", "da_ves", "da_ext", "hva"))
    gross = states["gross_phenyl_ring"]
    assert gross[-1] > 50_000, "much more goes through than the terminal holds"
    assert np.abs(rings - rings[0] - states["net_phenyl_ring"])[1:].max() <= 1e-8 * gross[-1]
    pterins = states["bh4"] + states["bh2"]
    assert np.abs(pterins - pterins[0]).max() <= 1e-10 * pterins[0]
    assert not states["gross_pterin"].any()


def test_conversions_conserve_what_they_move():
    """Phenyl rings and pterins: lost and gained only across the border, and only as tyrosine, dopamine and HVA."""
    crossing = set()
    for flux in DopamineTerminalBest2009.of(Flux):
        net: dict[str, float] = {}
        for species, count in flux.change.net.items():
            assert isinstance(species, Species)
            for kind, amount in species.content.items():
                net[kind] = net.get(kind, 0.0) + count * amount
        if flux.change.left and flux.change.right:
            assert set(net.values()) == {0.0}, flux.name
        else:
            crossing.add(flux.name)
            assert set(net) == {"phenyl_ring"}, flux.name
    assert crossing == {"intake", "use", "pool_use", "removal", "loss"}


def test_nothing_leaks():
    assert leaks(terminal.system()) == []


def test_what_enters_as_tyrosine_leaves_as_something():
    flow = terminal.fluxes(rest(), terminal.params(), terminal.INPUTS)
    leaving = sum(flow[name] for name in ("use", "pool_use", "removal", "loss"))
    assert flow["intake"] == pytest.approx(leaving, rel=1e-7)
    assert flow["th"] == pytest.approx(flow["loss"] + flow["removal"], rel=1e-7)


def test_habituation_to_firing():
    """Figure 11: at threefold firing extracellular dopamine triples at once, and has fallen to a value between by nine hours."""
    told = terminal.published()["habituation"]
    (firing,) = [i for i, row in enumerate(terminal.system().inputs) if row.quantity == "da.firing"]
    step = float(told["at"].split()[0])
    end = step + float(told["decline"].split()[0])
    times = np.concatenate([[0.0, step - 0.01], step + np.geomspace(0.005, 0.05, 5), np.linspace(step + 0.1, end, 200), [end + 50]])
    states = run(times, start=rest(), schedule=[Entry(step, Action.SET_INPUT, firing, told["firing"])])
    course = states["da_ext"] / rest()["da_ext"]
    assert course[:2] == pytest.approx(1.0, abs=1e-5)
    assert course[2:7] == pytest.approx(told["first"], abs=told["first_tolerance"])
    after = course[2:]
    assert (np.diff(after) < 0).all()
    final, at_nine = after[-1], after[-2]
    assert 1.0 < final < 0.9 * told["first"]
    assert (after[0] - at_nine) / (after[0] - final) > 0.95, "the fall is over by nine hours"


def change(of: str, values: Mapping[str, float], more: Mapping[str, float] | None = None, **inputs: float) -> float:
    """The relative change of a rest value when something is done to the terminal with these parameters."""
    before, after = settled(values)[of], settled({**values, **(more or {})}, **inputs)[of]
    return after / before - 1


def test_substrate_inhibition_steadies_dopamine_against_blood_tyrosine():
    """The abstract's first result: without inhibition by tyrosine (scaled to the same rest), vesicular dopamine follows more."""
    at_rest = 0.56 / (1 + rest()["tyr"] / 160)
    without = {"Ki_tyr": 1e9, "tyr_scale": at_rest}
    for of in ("da_ves", "da_cyt"):
        for blood in (0.7 * terminal.NOMINAL_TYROSINE, 2 * terminal.NOMINAL_TYROSINE):
            assert abs(change(of, {}, blood__tyrosine=blood)) < abs(change(of, without, blood__tyrosine=blood))


def test_autoreceptors_damp_changes_of_expression_and_firing():
    """The abstract's second result: without the autoreceptor (power 0: its factor is 1) extracellular dopamine changes more."""
    without = {"n_brake": 0.0}
    assert settled(without)["da_ext"] == pytest.approx(rest()["da_ext"], rel=1e-3)
    for done in ({"more": {"Vmax_TH": 187.5}}, {"more": {"Vmax_TH": 62.5}}, {"da__firing": 3.0}, {"da__firing": 0.5}):
        assert abs(change("da_ext", {}, **done)) < abs(change("da_ext", without, **done))


def test_a_drug_on_the_transporter_raises_what_is_outside():
    free, blocked = rest()["da_ext"], settled(dat__load=3.0)["da_ext"]
    assert blocked > 1.5 * free
    assert settled(dat__load=0.0)["da_ext"] == pytest.approx(free, rel=1e-9)


def test_the_other_laws_hold_at_the_rest_of_a_second_encoding():
    told = terminal.published()["second"]
    params, tolerance = {**terminal.params(), "btyr": told["blood_tyrosine"]}, told["relative"]
    state = dict(told["state"])
    # Extracellular dopamine is printed there with two digits only: it is what its own balance makes it.
    low, high = 1e-4, 1e-1
    for _ in range(200):
        state["da_ext"] = middle = (low + high) / 2
        low, high = (middle, high) if terminal.rates(state, params, terminal.INPUTS)["da_ext"] > 0 else (low, middle)
    assert round(state["da_ext"], 4) == 0.0025
    flow = terminal.fluxes(state, params, terminal.INPUTS)
    carried = flow["intake"] - flow["use"] - flow["pool_use"]
    for name, other in {
        "cofactor": flow["reduction"] - flow["oxidation"],
        "aadc": flow["aadc"],
        "broken down": flow["catabolism"] + flow["breakdown"] + flow["removal"],
        "lost": flow["loss"] + flow["removal"],
    }.items():
        assert other == pytest.approx(carried, rel=tolerance), name
    assert flow["storage"] == pytest.approx(flow["freeing"] + flow["pool_use"], rel=tolerance)
    assert flow["vmat"] - flow["leak"] == pytest.approx(flow["release"], rel=tolerance)
    doubled = terminal.fluxes(state, {**params, "Vmax_TH": 250.0}, terminal.INPUTS)["th"]
    assert doubled == pytest.approx(carried, rel=5e-3)
