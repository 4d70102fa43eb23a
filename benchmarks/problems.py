"""The problems that engines are compared on: equations, what happens when, which parameters differ between people.

Every problem is a lean `System` (no rows that the rates do not read, every state a plain number under a rate), so that the very same
equations can be given to every engine, as SBML where an engine wants that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import problems_networks
import problems_stiff
from numpy.typing import NDArray

from neurohumor.emit.tape_numpy import Starts
from neurohumor.engine.problem import Action, Batch, Entry, Schedule
from neurohumor.lang.expr import Const, Expr, fold, order
from neurohumor.lang.system import Interner, Leaf, System
from neurohumor.units import ONE

Floats = NDArray[np.float64]
ROOT = Path(__file__).resolve().parents[1]
SBML = ROOT.parent / "shared" / "reference" / "sbml"
SPREAD = 0.2
"""Of the logarithm of every parameter that differs between people."""
MOST_VARIED = 40


class Absent(Exception):
    """A problem that cannot be posed here, and why."""


@dataclass(frozen=True)
class Problem:
    """A system and how it is run.

    times    where states are wanted, from 0 to the end, in the system's time unit
    varied   rows of parameters that differ from person to person
    breaks   times at which rates jump by the clock, for engines that can be told
    known    whether the system knows how large its states are; else one a billion times smaller than the largest counts as that
    """

    name: str
    title: str
    system: System
    times: Floats
    schedule: Schedule = ()
    varied: tuple[int, ...] = ()
    breaks: tuple[float, ...] = ()
    known: bool = False

    @property
    def end(self) -> float:
        return float(self.times[-1])

    @cached_property
    def scales(self) -> Floats:
        return np.array([s.scale for s in self.system.states])

    @cached_property
    def starts(self) -> Starts:
        return Starts(self.system)

    def params(self, count: int, first: int = 0) -> Floats:
        """[person, param] from the first on; person 0 has the nominal numbers, and nobody's depend on how many there are."""
        base = np.array([np.nan if not isinstance(p.initial, Const) else p.initial.value for p in self.system.params])
        out = np.tile(base, (count, 1))
        columns = list(self.varied)
        for person in range(max(first, 1), first + count):
            out[person - first, columns] *= np.exp(SPREAD * np.random.default_rng(person).standard_normal(len(columns)))
        return out

    def batch(self, count: int, first: int = 0) -> Batch:
        """So many people from the first on, for one of our own engines."""
        system = self.system
        inputs = np.tile([u.nominal for u in system.inputs], (count, 1)).reshape(count, len(system.inputs))
        states = np.full((count, len(system.states)), np.nan)
        windows = (np.tile(self.times, (count, 1)),)
        return Batch(
            self.params(count, first), inputs, states, (self.schedule,) * count, np.zeros(count), np.full(count, self.end), windows
        )


def lean(system: System) -> System:
    """The same equations: only the derived rows that matter, no units, every state a level under a rate."""
    roots: list[Expr] = [*system.rates, *(r.initial for r in (*system.states, *system.params))]
    used: set[int] = set()
    todo = list(roots)
    while todo:
        for node in order([todo.pop()]):
            if isinstance(node, Leaf) and node.kind == "derived" and node.index not in used:
                used.add(node.index)
                todo.append(system.derived[node.index].expr)
    place = {old: new for new, old in enumerate(sorted(used))}
    intern = Interner()

    def leaf(node: Expr) -> Expr:
        if isinstance(node, Const):
            return intern.const(node.value)
        assert isinstance(node, Leaf)
        return intern.leaf(node.kind, place[node.index] if node.kind == "derived" else node.index, node.name)

    def taken(expr: Expr) -> Expr:
        return fold([expr], leaf, lambda node, args: intern.call(node.op, *args))[0]

    return System(
        system.name,
        tuple(
            replace(s, unit=ONE, doc="", initial=taken(s.initial), form="level", volume=None, content={}) for s in system.states
        ),
        tuple(replace(p, unit=ONE, doc="", initial=taken(p.initial), cite="", name=_plain(p.name)) for p in system.params),
        tuple(replace(u, unit=ONE, doc="") for u in system.inputs),
        tuple(replace(system.derived[k], unit=ONE, doc="", expr=taken(system.derived[k].expr)) for k in sorted(used)),
        tuple(taken(r) for r in system.rates), system.differential, raw=True,
    )  # fmt: skip


def _plain(name: str) -> str:
    """A name that is no word of C++, into which some engines write it."""
    return f"{name}_" if name in ("default", "auto", "const", "int", "double", "new", "this") else name


def sized(problem: Problem) -> Problem:
    """The problem with every state's scale as large as the state becomes, so that all engines have the same absolute tolerances."""
    from neurohumor.engine.backends.native import build
    from neurohumor.engine.problem import Stiff

    solved = build(problem.system).solve(problem.batch(1), Stiff(rtol=1e-4, atol=1e-9))
    if not solved.statuses[0].ok:
        raise Absent(f"{problem.name} could not be solved: {solved.statuses[0]}")
    largest = np.abs(solved.states[0][0]).max(axis=0)
    largest = np.maximum(largest, 1e-3 * problem.scales if problem.known else 1e-9 * max(largest.max(), 1e-12))
    states = tuple(replace(s, scale=float(v)) for s, v in zip(problem.system.states, largest, strict=True))
    return replace(problem, system=replace(problem.system, states=states))


def varied(system: System, chosen: Callable[[str], bool], among: Sequence[int] | None = None) -> tuple[int, ...]:
    """Up to 40 parameters (of these rows) with a number above 0, drawn by lot once and for all."""
    able = [k for k in (range(len(system.params)) if among is None else among) if chosen(system.params[k].name)]
    starts = {k: system.params[k].initial for k in able}
    rows = [k for k, start in starts.items() if isinstance(start, Const) and start.value > 0]
    drawn = np.random.default_rng(0).permutation(len(rows))[:MOST_VARIED]
    return tuple(sorted(rows[k] for k in drawn))


# ── published models ─────────────────────────────────────────────────────────────────────────────


def _file(number: int) -> Path:
    path = SBML / f"BIOMD{number:010d}.xml"
    if not path.is_file():
        raise Absent(f"{path.name} does not lie in the folder shared/reference/sbml beside the checkout")
    return path


def reed() -> Problem:
    """Reed 2008, one-carbon metabolism: three meals a day as a schedule of 60 entries over ten days."""
    from neurohumor.sbml.library import library
    from neurohumor.sbml.read import read_sbml

    libsbml = library()
    document = libsbml.readSBML(str(_file(268)))
    model = document.getModel()
    for name in ("aa_input", "daytime"):
        model.removeRuleByVariable(name)
    value = {name: model.getParameter(name).getValue() for name in ("fasting", "breakfast", "lunch", "dinner")}
    model.getParameter("aa_input").setValue(value["fasting"])
    system = lean(read_sbml(libsbml.writeSBMLToString(document).encode(), raw=True))
    row = next(k for k, p in enumerate(system.params) if p.name == "aa_input")
    day = ((7, "breakfast"), (10, "fasting"), (12, "lunch"), (15, "fasting"), (18, "dinner"), (21, "fasting"))
    schedule = tuple(Entry(24.0 * d + h, Action.SET_PARAM, row, value[meal]) for d in range(10) for h, meal in day)
    chosen = varied(system, lambda name: name.startswith("V"))
    return Problem("reed2008", "Reed 2008, meals as a schedule, 10 d", system, np.arange(0, 240.1, 6.0), schedule, chosen)


def cloutier() -> Problem:
    """Cloutier 2009, brain energy metabolism: a stimulus from 200 s to 500 s, 1000 s in all."""
    from neurohumor.sbml.read import read_sbml

    system = lean(read_sbml(_file(554), raw=True))
    value = {p.name: p.initial.value for p in system.params if isinstance(p.initial, Const)}
    to, tend = value["to"], value["tend"]
    breaks = tuple(sorted({to, to + tend, to + value["tend_GLY"] + value["to_GLY"]}))
    chosen = varied(system, lambda name: name.startswith(("Vmax", "vmax", "k_", "K_")))
    return Problem("cloutier2009", "Cloutier 2009, a stimulus, 1000 s", system, np.linspace(0, 1000.0, 101), (), chosen, breaks)


def roeblitz() -> Problem:
    """Röblitz 2013, the menstrual cycle: two cycles from the file's initial values; the file's two doses left out."""
    from neurohumor.sbml.read import read_sbml

    system = lean(read_sbml(_file(494), raw=True))
    return Problem("roeblitz2013", "Röblitz 2013, menstrual cycle, 56 d, everybody alike", system, np.linspace(0, 56.0, 113))


# ── our own ──────────────────────────────────────────────────────────────────────────────────────


def _lived(name: str, title: str) -> Problem:
    """Two ordinary days of the reference person (light, meals, sleep as schedule entries), from the initial values of one of our models."""
    import neurohumor
    from neurohumor.engine.schedule import bind
    from neurohumor.engine.subject import acts_of, inputs_of, params_of, reference_person, subject_of, system_of

    subject = subject_of(neurohumor.load(name), reference_person())
    whole = system_of(subject.model)
    if whole.events or not all(whole.differential):
        raise Absent(f"{name} has events or algebraic rows now: no peer is given those")
    begun, days = inputs_of(subject, whole), 2
    bound = bind(acts_of(subject, 0.0, 24.0 * days), whole, begun, params_of(subject, whole, begun), end=24.0 * days)
    system = lean(whole)
    now, entries = list(bound.inputs), []
    for entry in bound.schedule:
        if entry.action is not Action.SET_INPUT:
            raise Absent(f"an ordinary day of {name} has more than inputs that are set: not every peer is given that")
        if entry.value != now[entry.index] and entry.time > 0:
            entries.append(entry)
        now[entry.index] = entry.value
    at_once = {e.index: e.value for e in bound.schedule if e.time <= 0}
    rows = tuple(
        replace(row, nominal=float(at_once.get(k, value))) for k, (row, value) in enumerate(zip(system.inputs, bound.inputs, strict=True))
    )
    chosen = varied(system, lambda name: True, [k for k, p in enumerate(system.params) if p.gsd > 1 or p.cv > 0])
    told = f"{title}, {len(system.states)} states, {days} ordinary days"
    return Problem(name, told, replace(system, inputs=rows), np.arange(0, 24.0 * days + 0.1, 1.0), tuple(entries), chosen, known=True)


def human() -> Problem:
    """The whole human as it is now."""
    return _lived("human", "the human as it is now")


def stress_axis() -> Problem:
    """The stress axis by itself."""
    return _lived("hpa_only", "the stress axis alone")


def network(states: int, days: int = 30) -> Problem:
    """A synthetic network: three boluses every morning."""
    made = problems_networks.network(states, 4)
    title = f"synthetic network of {states} states, {days} d of 3 boluses"
    times = np.arange(0, 24.0 * days + 1e-9, 6.0)
    return Problem(f"s{states}", title, lean(made.system), times, problems_networks.doses(made, days), made.varied)


def stiff(name: str) -> Problem:
    """One of the classic stiff set."""
    system, times = problems_stiff.CLASSIC[name]()
    chosen = tuple(range(len(system.params)))
    return Problem(name, problems_stiff.TITLES[name], lean(system), times, (), chosen)


MAKERS: Mapping[str, Callable[[], Problem]] = {
    "reed2008": reed, "cloutier2009": cloutier, "roeblitz2013": roeblitz,
    **{name: (lambda name=name: stiff(name)) for name in problems_stiff.CLASSIC},
    **{f"s{n}": (lambda n=n: network(n)) for n in (50, 100, 200, 400)},
    "hpa_only": stress_axis, "human": human,
}  # fmt: skip


def problem(name: str) -> Problem:
    """A problem by name.  Raises Absent where it cannot be posed, KeyError where there is none of that name."""
    return sized(MAKERS[name]())
