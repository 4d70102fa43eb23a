"""Small SBML texts, and how to solve what is read from them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from neurohumor.engine.problem import Batch, Entry, Stiff
from neurohumor.engine.program import compile as compile_
from neurohumor.lang.system import System

Floats = NDArray[np.float64]
L3V2 = "http://www.sbml.org/sbml/level3/version2/core"
MATHML = "http://www.w3.org/1998/Math/MathML"
SYMBOLS = "http://www.sbml.org/sbml/symbols"


def sbml(body: str, attributes: str = "", packages: str = "") -> str:
    """A whole L3V2 file around what stands in its model."""
    top = f'<?xml version="1.0" encoding="UTF-8"?>\n<sbml xmlns="{L3V2}" level="3" version="2" {packages}>'
    return f'{top}<model id="m" {attributes}>{body}</model></sbml>'


def listed(**lists: str) -> str:
    """<listOfX> elements, in the order given."""
    return "".join(f"<listOf{name}>{content}</listOf{name}>" for name, content in lists.items() if content)


def math(content: str) -> str:
    return f'<math xmlns="{MATHML}">{content}</math>'


def apply(op: str, *args: str) -> str:
    return f"<apply><{op}/>{''.join(args)}</apply>"


def ci(name: str) -> str:
    return f"<ci>{name}</ci>"


def cn(value: float | str) -> str:
    return f"<cn>{value}</cn>"


def symbol(name: str) -> str:
    return f'<csymbol encoding="text" definitionURL="{SYMBOLS}/{name}">{name}</csymbol>'


TIME = symbol("time")


def compartment(name: str = "C", size: float | None = 1.0, *, constant: bool = True, dimensions: int = 3) -> str:
    sized = "" if size is None else f'size="{size}"'
    return f'<compartment id="{name}" {sized} constant="{str(constant).lower()}" spatialDimensions="{dimensions}"/>'


def species(
    name: str, start: str = 'initialConcentration="1"', *, amount: bool = False, boundary: bool = False, constant: bool = False
) -> str:
    flags = f'hasOnlySubstanceUnits="{str(amount).lower()}" boundaryCondition="{str(boundary).lower()}" constant="{str(constant).lower()}"'
    return f'<species id="{name}" compartment="C" {start} {flags}/>'


def parameter(name: str, value: float | None = 1.0, *, constant: bool = True) -> str:
    return f'<parameter id="{name}" {"" if value is None else f"value={chr(34)}{value}{chr(34)}"} constant="{str(constant).lower()}"/>'


def reaction(name: str, law: str, reactants: str = "", products: str = "", local: str = "") -> str:
    def side(kind: str, names: str) -> str:
        return listed(**{kind: "".join(f'<speciesReference species="{n}" stoichiometry="1" constant="true"/>' for n in names.split())})

    inner = side("Reactants", reactants) + side("Products", products)
    return f'<reaction id="{name}" reversible="false">{inner}<kineticLaw>{math(law)}{listed(LocalParameters=local)}</kineticLaw></reaction>'


def event(
    trigger: str, sets: dict[str, str], *, delay: str = "", initially: bool = True, persistent: bool = True, at_trigger: bool = True
) -> str:
    assignments = "".join(f'<eventAssignment variable="{k}">{math(v)}</eventAssignment>' for k, v in sets.items())
    held = f'<trigger initialValue="{str(initially).lower()}" persistent="{str(persistent).lower()}">{math(trigger)}</trigger>'
    late = f"<delay>{math(delay)}</delay>" if delay else ""
    return f'<event useValuesFromTriggerTime="{str(at_trigger).lower()}">{held}{late}{listed(EventAssignments=assignments)}</event>'


def rule(kind: str, variable: str, content: str) -> str:
    at = f'variable="{variable}"' if variable else ""
    return f"<{kind}Rule {at}>{math(content)}</{kind}Rule>"


def solve(
    system: System, times: Floats, schedule: tuple[Entry, ...] = (), *, rtol: float = 1e-9, backend: str = "reference", wall: float = 100.0,
    longest: float | None = None,
) -> dict[str, Floats]:
    """Every quantity and row over the times, by quantity and by full name."""
    program = compile_(system, backend=backend)
    nan = float("nan")
    batch = Batch(
        params=np.full((1, len(system.params)), nan), inputs=np.full((1, len(system.inputs)), nan),
        states=np.full((1, len(system.states)), nan), schedules=(schedule,), start=times[:1], end=times[-1:], windows=(times[None],),
    )  # fmt: skip
    solved = program.solve(batch, Stiff(rtol=rtol, atol=1e-3 * rtol, wall=wall, max_step=longest))
    assert solved.statuses[0].ok, str(solved.statuses[0])
    y, u = solved.states[0][0], solved.inputs[0][0]
    p = np.broadcast_to(solved.moments[0].p, (len(times), len(system.params))) if solved.params is None else solved.params[0][0]
    values = {"state": y, "param": p, "input": u, "derived": program.derived(times, y, p, u)}
    rows = {"derived": system.derived, "param": system.params, "input": system.inputs, "state": system.states}
    found = {row.full: values[kind][:, k] for kind, group in rows.items() for k, row in enumerate(group)}
    return found | {name: values[leaf.kind][:, leaf.index] for name, leaf in system.quantities.items() if leaf.kind in values}
