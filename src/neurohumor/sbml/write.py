"""Write a `System` as SBML Level 3 Version 2."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from neurohumor.lang.expr import Const, Expr
from neurohumor.lang.system import Leaf, System
from neurohumor.sbml.annotations import About, annotation, of_cite, of_place, of_quantity, of_substance, of_system, term_of
from neurohumor.sbml.identifiers import Identifiers, Units
from neurohumor.sbml.outline import Outline, outline
from neurohumor.sbml.written_events import ScheduledEntry, changed_by, events_of, ramped_by
from neurohumor.sbml.written_kinds import PLAIN, Dims, Kinds
from neurohumor.sbml.written_math import NAMESPACE, MathWriter, Spelling
from neurohumor.units import ONE, Unit, unit

CORE = "http://www.sbml.org/sbml/level3/version2/core"
TIME = '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time">t</csymbol>'
COMPARTMENT, QUANTITY, PROCESS = (f' sboTerm="SBO:0000{term}"' for term in (290, "002", 375))
"""Terms of the Systems Biology Ontology: physical compartment, quantitative systems description parameter, process."""
VOLUME, AMOUNT = unit("mL").dims, unit("nmol").dims
_RESERVED = ("time", "pi", "avogadro", "model")
_NOTE = '<notes><p xmlns="http://www.w3.org/1999/xhtml">For research and education; no medical advice.</p></notes>'


@dataclass(frozen=True, slots=True)
class Given:
    """What stands in place of a system's own values at the start: [input]; params by row; [state].  None: its own."""

    inputs: Sequence[float] | None = None
    params: Mapping[int, float] = field(default_factory=dict)
    states: Sequence[float] | None = None


def write_sbml(system: System, *, schedule: Sequence[ScheduledEntry] = (), start: float = 0.0, given: Given | None = None) -> str:
    """The system as SBML text, L3V2: numbers in internal units (h, nmol, mL, mg), those of a raw system as they are.

    schedule  what happens to a person, written as events; times in the system's unit
    start     the system's time at which the file's time is 0

    Fluxes become reactions where they explain the rate of a species; every other rate is a rate rule, every derived row an
    assignment rule, every algebraic row an algebraic rule.  `ids_of` tells which row has which id.
    """
    return SystemWriter(system, schedule, start, given or Given()).text()


def ids_of(system: System) -> dict[str, str]:
    """The id that `write_sbml` gives each row, by full name."""
    ids = Identifiers(set(_RESERVED))
    rows = [*system.states, *system.params, *system.inputs, *system.derived]
    return {row.full: ids.of(row.full.removeprefix("model.")) for row in rows}


class SystemWriter:
    """Everything that is known while a file is written."""

    def __init__(self, system: System, schedule: Sequence[ScheduledEntry], start: float, given: Given) -> None:
        self.system, self.schedule, self.start, self.given = system, schedule, start, given
        self.names = ids_of(system)
        self.ids = Identifiers({*_RESERVED, *self.names.values()})
        self.units = Units(system.raw, Identifiers({*_RESERVED}))
        self.kinds = Kinds(system)
        self.plan: Outline = outline(system, changed_by(schedule), ramped_by(schedule))
        self.slopes = {k: self.ids.of(f"{self.row('input', k)}_slope") for k in sorted(self.plan.ramped)}
        self.quantities = _told(system)
        self.writer = self._math()
        self.initial: list[str] = []
        self.factors: dict[Dims, str] = {}
        self.metaids = 0

    # ── names and mathematics ────────────────────────────────────────────────────────────────────

    def row(self, kind: str, index: int) -> str:
        """The id of a row."""
        system = self.system
        rows = {"state": system.states, "param": system.params, "input": system.inputs, "derived": system.derived}[kind]
        return self.names[rows[index].full]

    def leaf(self, leaf: Leaf) -> str:
        """A leaf as MathML."""
        if leaf.kind == "time":
            return f"<apply><plus/>{TIME}{self.writer.number(self.start, self.time)}</apply>" if self.start else TIME
        return f"<ci>{self.row(leaf.kind, leaf.index)}</ci>"

    @property
    def time(self) -> Dims:
        """The dimensions of time."""
        return self.system.time_unit.dims

    def dims(self, kind: str, index: int) -> Dims:
        """The dimensions of a row."""
        system = self.system
        rows = {"state": system.states, "param": system.params, "input": system.inputs, "derived": system.derived}[kind]
        return rows[index].unit.dims

    def rate_dims(self, k: int) -> Dims:
        """Of a state's rate; of what must be zero, whatever it is calculated in."""
        system = self.system
        if not system.differential[k]:
            return self.kinds.likely(system.rates[k])
        return (system.states[k].unit / Unit(self.time, 1.0)).dims

    def _math(self) -> MathWriter:
        system = self.system
        roots: list[tuple[Expr, Dims]] = [(d.expr, d.unit.dims) for d in system.derived]
        roots += [(rate, self.rate_dims(k)) for k, rate in enumerate(system.rates)]
        roots += [(r.initial, r.unit.dims) for r in (*system.states, *system.params)]
        for event in system.events:
            roots.append((event.trigger, PLAIN))
            roots += [(event.delay, self.time)] if event.delay is not None else []
            roots += [(event.priority, PLAIN)] if event.priority is not None else []
            roots += [(value, self.dims(target.kind, target.index)) for target, value in event.sets]
        named = [(k, d.expr) for k, d in enumerate(system.derived) if not isinstance(d.expr, (Const, Leaf))]
        known = {id(expr): self.row("derived", k) for k, expr in reversed(named)}
        units = None if system.raw else lambda dims: self.units.id(Unit(dims, 1.0))
        return MathWriter(self.kinds, Spelling(self.leaf, units, lambda: self.ids.of("shared")), known, roots)

    def about(self, found: list[About]) -> tuple[str, str]:
        """The metaid and the annotation of an element, as text."""
        if not found:
            return "", ""
        self.metaids += 1
        return f' metaid="about_{self.metaids}"', annotation(f"about_{self.metaids}", found)

    def starts(self, name: str, expr: Expr, dims: Dims, given: float | None = None) -> float | None:
        """The number of an initial value; None where it is calculated, which is then noted down as an initial assignment."""
        if given is not None and not math.isnan(given):
            return given
        if isinstance(expr, Const):
            return expr.value
        self.initial.append(f'<initialAssignment symbol="{name}">{self.writer.math(expr, dims, own=name)}</initialAssignment>')
        return None

    # ── the file ─────────────────────────────────────────────────────────────────────────────────

    def text(self) -> str:
        """The whole file."""
        compartments, species, reactions = self._compartments(), self._species(), self._reactions()
        parameters, rules = self._parameters(), self._rules()
        events = events_of(self)
        head = self._head()
        blocks = [
            ("UnitDefinitions", self.units.definitions()), ("Compartments", compartments), ("Species", species), ("Parameters", parameters),
            ("InitialAssignments", self.initial), ("Rules", rules), ("Reactions", reactions), ("Events", events),
        ]  # fmt: skip
        body = "".join(f"<listOf{name}>\n{''.join(line + chr(10) for line in lines)}</listOf{name}>\n" for name, lines in blocks if lines)
        top = f'<sbml xmlns="{CORE}" xmlns:sbml="{CORE}" level="3" version="2">'
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{top}\n{head}\n{body}</model>\n</sbml>\n'

    def _head(self) -> str:
        system = self.system
        name = self.ids.of(system.name or "model")
        units = ""
        if not (system.raw and system.time_unit.factor == 1.0 and system.time_unit.dimensionless):
            units = f' timeUnits="{self.units.id(system.time_unit)}"'
        if not system.raw:
            nmol = self.units.id(unit("nmol"))
            units += f' substanceUnits="{nmol}" extentUnits="{nmol}" volumeUnits="{self.units.id(unit("mL"))}"'
        about = annotation("model", of_system(system))
        return f'<model metaid="model" id="{name}" name={quoteattr(system.name)}{units}>\n{_NOTE}{about}'

    def _compartments(self) -> list[str]:
        """One for each volume; the derived rows and parameters that these are stand here instead of among the parameters."""
        self.home: dict[int, str] = {}
        lines: list[str] = []
        for (kind, index), members in self.plan.places.items():
            name = self.row(kind, index)
            row = self.system.params[index] if kind == "param" else self.system.derived[index]
            expr = self.system.params[index].initial if kind == "param" else self.system.derived[index].expr
            size = self.starts(name, expr, row.unit.dims, self.given.params.get(index) if kind == "param" else None)
            lines.append(self._compartment(name, row.full, size, members))
        for size, members in self.plan.sizes.items():
            lines.append(self._compartment(self.ids.of("volume"), "volume", size, members))
        if self.plan.afloat:
            lines.append(self._compartment(self.ids.of("anywhere"), "anywhere", 1.0, self.plan.afloat))
        return lines

    def _compartment(self, name: str, title: str, size: float | None, members: list[int]) -> str:
        """A volume has three dimensions; of a mass, or of a plain number, SBML would not know how many."""
        self.home |= dict.fromkeys(members, name)
        places = {self.quantities.get(("state", k), "").partition(".")[0] for k in members} - {""}
        meta, about = self.about(of_place(places.pop()) if len(places) == 1 else [])
        dims = self.plan.size_dims.get(members[0], VOLUME)
        extent = ' spatialDimensions="3"' if self.system.raw or dims == VOLUME else ""
        attributes = f'id="{name}" name={quoteattr(title)}{extent} constant="true"{COMPARTMENT}{_attribute("size", size)}'
        units = "" if self.system.raw else f' units="{self.units.id(Unit(dims, 1.0))}"'
        return f"<compartment{meta} {attributes}{units}>{about}</compartment>"

    def _species(self) -> list[str]:
        lines: list[str] = []
        for k in sorted(self.home):
            row, name = self.system.states[k], self.row("state", k)
            amount = row.form == "amount"
            value = self.starts(name, row.initial, row.unit.dims, None if self.given.states is None else float(self.given.states[k]))
            which = "initialAmount" if amount else "initialConcentration"
            quantity = self.quantities.get(("state", k), row.full)
            what = of_substance(quantity) or of_substance(row.name)
            meta, about = self.about(what)
            flags = f'hasOnlySubstanceUnits="{_bool(amount)}" boundaryCondition="{_bool(k not in self.plan.by_reaction)}" constant="false"'
            substance = row.unit if self.system.raw else Unit(self.plan.substance[k], 1.0)
            units = f' substanceUnits="{self.units.id(substance)}"' if amount or not self.system.raw else ""
            if factor := self.factor(k):
                units += f' conversionFactor="{factor}"'
            title = quoteattr(row.doc or row.full)
            attributes = (
                f'id="{name}" name={title} compartment="{self.home[k]}" {flags}{_attribute(which, value)}{units} sboTerm="{term_of(what)}"'
            )
            lines.append(f"<species{meta} {attributes}>{about}</species>")
        return lines

    def _parameters(self) -> list[str]:
        system, plan, given = self.system, self.plan, self.given
        lines: list[str] = []
        for k, row in enumerate(system.states):
            if k not in self.home:
                start = None if given.states is None else float(given.states[k])
                value = self.starts(self.row("state", k), row.initial, row.unit.dims, start)
                lines.append(self._parameter(("state", k), value, constant=False))
        for k, row in enumerate(system.params):
            if ("param", k) not in plan.places:
                value = self.starts(self.row("param", k), row.initial, row.unit.dims, given.params.get(k))
                lines.append(self._parameter(("param", k), value, constant=("param", k) not in plan.changing))
        for k, row in enumerate(system.inputs):
            value = row.nominal if given.inputs is None else float(given.inputs[k])
            lines.append(self._parameter(("input", k), value, constant=("input", k) not in plan.changing))
        for k, name in self.slopes.items():
            lines.append(self._bare(name, self.slope_dims(k), f' value="0" constant="false"{QUANTITY}'))
        for k in range(len(system.derived)):
            if ("derived", k) not in plan.places:
                lines.append(self._parameter(("derived", k), None, constant=False))
        lines += [self._bare(n, self.writer.part_dims.get(n, PLAIN), f' constant="false"{QUANTITY}') for n in self.writer.parts]
        lines += [self._bare(n, _less(dims, AMOUNT), f' value="1" constant="true"{QUANTITY}') for dims, n in self.factors.items()]
        return lines

    def _bare(self, name: str, dims: Dims, rest: str) -> str:
        """A parameter that is no row."""
        units = "" if self.system.raw else f' units="{self.units.id(Unit(dims, 1.0))}"'
        return f'<parameter id="{name}"{units}{rest}/>'

    def slope_dims(self, k: int) -> Dims:
        """The dimensions of the slope of an input."""
        return _less(self.system.inputs[k].unit.dims, self.time)

    def factor(self, state: int) -> str:
        """What turns the extent of reactions, all counted in nmol, into what a species is counted in; empty where that is nmol, too."""
        return self.one(self.plan.substance.get(state, AMOUNT)) if state in self.plan.by_reaction else ""

    def one(self, dims: Dims) -> str:
        """The parameter that is 1 of some unit per nmol; empty where that is 1."""
        if self.system.raw or dims == AMOUNT:
            return ""
        if dims not in self.factors:
            self.factors[dims] = self.ids.of(f"one_{self.units.id(Unit(_less(dims, AMOUNT), 1.0)).strip('_')}")
        return self.factors[dims]

    def _parameter(self, leaf: tuple[str, int], value: float | None, *, constant: bool) -> str:
        """A row that is no species and no compartment; `leaf`: its kind and index."""
        system, name = self.system, self.row(*leaf)
        row = {"state": system.states, "param": system.params, "input": system.inputs, "derived": system.derived}[leaf[0]][leaf[1]]
        full, doc, own = row.full, getattr(row, "doc", ""), getattr(row, "unit", ONE)  # type: ignore[attr-defined]
        meta, about = self.about([*of_quantity(self.quantities.get(leaf, "")), *of_cite(getattr(row, "cite", ""))])
        title = quoteattr(f"{full}: {doc}" if doc else full)
        attributes = f'id="{name}" name={title} constant="{_bool(constant)}"{_attribute("value", value)} units="{self.units.id(own)}"'
        return f"<parameter{meta} {attributes}{QUANTITY}>{about}</parameter>"

    def _rules(self) -> list[str]:
        system, writer = self.system, self.writer
        lines = [
            _rule("assignmentRule", name, writer.math(expr, writer.part_dims.get(name, PLAIN), own=name))
            for name, expr in writer.parts.items()
        ]
        for k, row in enumerate(system.derived):
            if ("derived", k) not in self.plan.places:
                name = self.row("derived", k)
                lines.append(_rule("assignmentRule", name, writer.math(row.expr, row.unit.dims, own=name)))
        for k, (rate, moves) in enumerate(zip(system.rates, system.differential, strict=True)):
            if not moves:
                lines.append(f"<algebraicRule>{writer.math(rate, self.rate_dims(k))}</algebraicRule>")
            elif k not in self.plan.by_reaction:
                lines.append(_rule("rateRule", self.row("state", k), writer.math(rate, self.rate_dims(k))))
        for k, name in self.slopes.items():
            lines.append(_rule("rateRule", self.row("input", k), f'<math xmlns="{NAMESPACE}"><ci>{name}</ci></math>'))
        return lines

    def _reactions(self) -> list[str]:
        lines: list[str] = []
        for flux in self.system.fluxes:
            moved = [(k, by) for k, by in flux.moved if k in self.home and by]
            if not moved:
                continue
            sides = "".join(
                f"<listOf{side}>{''.join(_reference(self.row('state', k), abs(by)) for k, by in moved if by * sign > 0)}</listOf{side}>"
                for side, sign in (("Reactants", -1), ("Products", 1))
                if any(by * sign > 0 for _, by in moved)
            )
            head = f'<reaction id="{self.ids.of(flux.full)}" name={quoteattr(flux.full)} reversible="true"{PROCESS}>'
            value = f"<ci>{self.row('derived', flux.value)}</ci>"
            if factor := self.one(_less(self.dims("derived", flux.value), tuple(-t for t in self.time))):
                value = f"<apply><divide/>{value}<ci>{factor}</ci></apply>"
            lines.append(f'{head}{sides}<kineticLaw><math xmlns="{NAMESPACE}">{value}</math></kineticLaw></reaction>')
        return lines


def _told(system: System) -> dict[tuple[str, int], str]:
    """The quantity that each row is; a state is also what a derived row that merely repeats it is told as."""
    found: dict[tuple[str, int], str] = {}
    for name, leaf in system.quantities.items():
        found.setdefault((leaf.kind, leaf.index), name)
        behind = system.derived[leaf.index].expr if leaf.kind == "derived" else None
        if isinstance(behind, Leaf):
            found.setdefault((behind.kind, behind.index), name)
    return found


def _less(a: Dims, b: Dims) -> Dims:
    return tuple(x - y for x, y in zip(a, b, strict=True))


def _reference(species: str, amount: float) -> str:
    return f'<speciesReference species="{species}" stoichiometry="{amount!r}" constant="true"/>'


def _rule(kind: str, name: str, math_text: str) -> str:
    return f'<{kind} variable="{name}">{math_text}</{kind}>'


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _attribute(name: str, value: float | None) -> str:
    if value is None:
        return ""
    text = "NaN" if math.isnan(value) else f"{'-' if value < 0 else ''}INF" if math.isinf(value) else repr(float(value))
    return f' {name}="{text}"'
