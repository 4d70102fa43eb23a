"""Flux control: by how many per cent steady fluxes change where one step goes one per cent faster, all else as it is.

A step is a row of derived values that is a rate, or a flux.  Each gets a factor of its own; people who differ in one factor are led to
rest.  Over every step of a network, blood flow and transport among them, the coefficients of a flux add up to one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from neurohumor.engine.problem import Batch, Stiff
from neurohumor.engine.program import compile as compile_system
from neurohumor.engine.program import quickest
from neurohumor.errors import SolveError, UnknownName, did_you_mean
from neurohumor.lang.expr import Const
from neurohumor.lang.system import Leaf, ParamRow, System
from neurohumor.units import ONE

STEP = 0.01
"""How much faster and slower, as a share."""
FACTOR = "factor"


@dataclass(frozen=True, slots=True)
class Controlled:
    """Coefficients [step, flux]: d ln flux / d ln step at rest."""

    steps: tuple[str, ...]
    fluxes: tuple[str, ...]
    coefficients: np.ndarray

    def of(self, step: str) -> dict[str, float]:
        """The coefficients of one step, by flux."""
        return dict(zip(self.fluxes, (float(x) for x in self.coefficients[self.steps.index(step)]), strict=True))


def flux_control(system: System, steps: Iterable[str], fluxes: Sequence[str], *, hours: float = 24.0 * 40) -> Controlled:
    """The control that steps (full names of derived rows and fluxes) have over fluxes (quantities) at rest.

    hours  how long each is led to rest, inputs at their nominals
    Raises UnknownName for a step or a flux that there is not, SolveError where rest is not reached.
    """
    names = tuple(steps)
    wider = with_factors(system, names)
    many = 2 * len(names) + 1
    params = np.full((many, len(wider.params)), np.nan)
    first = len(system.params)
    params[:, first:] = 1.0
    for k in range(len(names)):
        params[2 * k, first + k], params[2 * k + 1, first + k] = 1.0 + STEP, 1.0 - STEP
    values = _at_rest(wider, params, fluxes, hours)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = (np.log(np.abs(values[0:-1:2])) - np.log(np.abs(values[1::2]))) / (np.log1p(STEP) - np.log1p(-STEP))
    return Controlled(names, tuple(fluxes), slopes)


def with_factors(system: System, steps: Sequence[str]) -> System:
    """The system with a parameter for each step, 1 where nothing is changed, that its rate is multiplied with."""
    rows = {row.full: k for k, row in enumerate(system.derived)} | {flux.full: flux.value for flux in system.fluxes}
    derived, params = list(system.derived), list(system.params)
    for step in steps:
        if step not in rows:
            raise UnknownName(f"{system.name} has no step {step!r}", remedy=did_you_mean(step, rows))
        leaf = Leaf("param", len(params), f"{FACTOR}.{step}")
        params.append(ParamRow(FACTOR, step, ONE, f"factor on {step}", Const(1.0), estimate=False))
        derived[rows[step]] = replace(derived[rows[step]], expr=derived[rows[step]].expr * leaf)
    return replace(system, derived=tuple(derived), params=tuple(params), fingerprint="")


def _at_rest(system: System, params: np.ndarray, fluxes: Sequence[str], hours: float) -> np.ndarray:
    """[person, flux] after so many hours."""
    many, ends = len(params), np.full(len(params), hours)
    inputs = np.tile([row.nominal for row in system.inputs], (many, 1))
    unset = np.full((many, len(system.states)), np.nan)
    program = compile_system(system, backend=quickest())
    solved = program.solve(Batch(params, inputs, unset, ((),) * many, np.zeros(many), ends, (ends[:, None],)), Stiff(rtol=1e-9))
    poor = [status for status in solved.statuses if not status.ok]
    if poor:
        raise SolveError(str(poor[0]), statuses=tuple(poor))
    states = solved.states[0][:, 0]
    p = np.stack([moment.p for moment in solved.moments])
    derived = program.derived(ends, states, p, solved.inputs[0][:, 0])
    return np.stack([_row(system, name, states, derived) for name in fluxes], axis=1)


def _row(system: System, name: str, states: np.ndarray, derived: np.ndarray) -> np.ndarray:
    if name not in system.quantities:
        raise UnknownName(f"{system.name} has no flux {name!r}", remedy=did_you_mean(name, system.quantities))
    leaf = system.quantities[name]
    return (states if leaf.kind == "state" else derived)[:, leaf.index]


def written(found: Controlled, modules: Mapping[str, str], about: str) -> str:
    """As `evidence.flux_control` reads them: by "Module.row" and flux, three digits.  `modules`: the module of each part."""
    lines = [f"# {about}", ""]
    for step, row in zip(found.steps, found.coefficients, strict=True):
        part, _, name = step.partition(".")
        lines.append(f'["{modules[part]}.{name}"]')
        lines += [f"{flux.partition('.')[2]} = {float(value) + 0.0:.3f}" for flux, value in zip(found.fluxes, row, strict=True)]
        lines.append("")
    return "\n".join(lines).replace("-0.000", "0.000")
