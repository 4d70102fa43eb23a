"""The module alone, as a flat system; its rates at a state, evaluated node by node and without any engine; runs of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from neurohumor.build.conserve import with_borders
from neurohumor.build.flatten import flatten
from neurohumor.build.start import Start, derived_at, evaluated, start
from neurohumor.engine.problem import Batch, Stiff
from neurohumor.engine.program import compile as compile_system
from neurohumor.lang.model import Model, part
from neurohumor.lang.system import System
from neurohumor.modules.energy.neuron_astrocyte_cloutier2009 import NeuronAstrocyteCloutier2009

MM, SECOND = 1e3, 1 / 3600
"""The internal numbers of 1 mM and of 1 s."""


@cache
def system() -> System:
    return flatten(Model("cloutier2009", {"it": part(NeuronAstrocyteCloutier2009, here="striatum")}))


@cache
def bordered() -> System:
    return with_borders(system())


def params() -> dict[str, float]:
    """Every parameter that is typed, in the unit that it is typed in."""
    first = start(system())
    return {row.name: value / row.unit.factor for row, value in zip(system().params, first.p, strict=True) if row.module}


def rates(seconds: float, state: Mapping[str, float], changed: Mapping[str, float] | None = None) -> dict[str, float]:
    """The rate of every state in its own unit per second, and the BOLD signal, with some parameters changed."""
    flat = system()
    told = dict(changed or {})
    values = [told[row.name] * row.unit.factor if row.name in told and row.module else np.nan for row in flat.params]
    first = start(flat)
    p = tuple(old if np.isnan(new) else new for old, new in zip(first.p, values, strict=True))
    if told:  # sizes of compartments follow their parameters
        p = _followed(p)
    y = tuple(state[row.name] * row.unit.factor for row in flat.states)
    t = seconds * SECOND
    at = Start(y, p, first.u, derived_at(flat, t, y, p, first.u))
    found = evaluated(flat.rates, at, t)
    (bold,) = [value for row, value in zip(flat.derived, at.d, strict=True) if row.name == "bold"]
    return {row.name: value / row.unit.factor * SECOND for row, value in zip(flat.states, found, strict=True)} | {"bold": bold}


def _followed(p: tuple[float, ...]) -> tuple[float, ...]:
    flat = system()
    first = start(flat)
    at = Start(first.y, p, first.u, first.d)
    return tuple(value if row.module else evaluated([row.initial], at)[0] for row, value in zip(flat.params, p, strict=True))


def largest(seconds: float, state: Mapping[str, float]) -> dict[str, float]:
    """For each state, the size of the largest term of its rate; and of the BOLD signal."""
    flat = system()
    first, t = start(flat), seconds * SECOND
    y = tuple(state[row.name] * row.unit.factor for row in flat.states)
    d = derived_at(flat, t, y, first.p, first.u)
    at = Start(y, first.p, first.u, d)
    found = {row.name: 0.0 for row in flat.states}
    for flux in flat.fluxes:
        for index, count in flux.moved:
            row = flat.states[index]
            volume = 1.0 if row.volume is None else evaluated([row.volume], at, t)[0]
            found[row.name] = max(found[row.name], abs(count * d[flux.value] / volume) / row.unit.factor * SECOND)
    named = {row.name: value for row, value in zip(flat.derived, d, strict=True)}
    per_second = {name: value / MM * SECOND for name, value in named.items()}
    for side in "ng":
        made = [per_second[f"{name}_{side}"] for name in ("v_pgk", "v_pk", "v_hk", "v_pfk", "v_mito", "v_ck", "v_ldh", "pump")]
        found[f"atp_{side}"] = 15 * max(map(abs, made))
        found[f"nadh_{side}"] = max(map(abs, made))
        found[f"pcr_{side}"] = max(abs(state[f"pcr_{side}"]) * 0.05 * 0.1, abs(per_second[f"v_ck_{side}"]))
    found["vv"] = named["flow"] * SECOND
    found["dhb"] = found["vv"] * 8.34
    found["bold"] = 0.0236 * (2.22 + 0.46)
    return found


def run(seconds: np.ndarray, *, flat: System | None = None, stim: float = 1.0) -> dict[str, np.ndarray]:
    """The states over these seconds, each in its own unit; border states stay in internal numbers."""
    flat = system() if flat is None else flat
    batch = Batch(
        params=np.array([[stim if row.name == "stim" else np.nan for row in flat.params]]),
        inputs=np.array([[row.nominal for row in flat.inputs]]),
        states=np.full((1, len(flat.states)), np.nan),
        schedules=((),),
        start=np.array([seconds[0] * SECOND]),
        end=np.array([seconds[-1] * SECOND]),
        windows=((seconds * SECOND)[None],),
    )
    solved = compile_system(flat, backend="reference").solve(batch, Stiff(rtol=1e-9))
    assert solved.statuses[0].ok, solved.statuses[0]
    return {row.name: solved.states[0][0][:, k] / row.unit.factor for k, row in enumerate(flat.states)}
