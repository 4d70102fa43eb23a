"""From the facts of an SBML model to cells: compartments, parameters, species, reactions, rules."""

from __future__ import annotations

import math
from typing import Any

from neurohumor.errors import FileError, did_you_mean
from neurohumor.lang.expr import Const, Expr
from neurohumor.lang.system import Leaf
from neurohumor.sbml.declared import Declared
from neurohumor.sbml.draft import Cell, Draft
from neurohumor.sbml.facts import Facts, each, has_law, told
from neurohumor.sbml.mathematics import Mathematics
from neurohumor.units import ONE, Unit


class Assembly:
    """A draft in the making.

    free  symbols that an algebraic rule may fix: nothing else determines them
    fast  reactions that are so called, and left out of rates
    """

    def __init__(self, facts: Facts) -> None:
        model = facts.opened.model
        self.facts, self.model, self.level = facts, model, facts.opened.level
        self.draft = Draft(model.getId() or model.getName() or "model")
        self.declared = Declared(facts)
        self.mathematics = Mathematics(self.draft.time, self.draft.rate_of)
        self.mathematics.define([(f.getId(), f.getMath()) for f in each(model.getListOfFunctionDefinitions())])
        self.free: list[str] = []
        self.fast: list[str] = []

    def everything(self) -> Draft:
        """All cells but those of algebraic rules and events.  Raises FileError naming the element that is not supported."""
        for name in self.facts.compartments:
            self._plain(name, self._size(name), "level", self.declared.of_compartment(name))
        for name, parameter in self.facts.parameters.items():
            value = parameter.getValue() if parameter.isSetValue() else math.nan
            self._plain(name, value, "level", self.declared.of_parameter(parameter))
        for name, reference in self.facts.references.items():
            value = reference.getStoichiometry() if reference.isSetStoichiometry() else math.nan
            self._plain(name, value, "level", ONE)
        for reaction in self.facts.reactions.values():
            self._reaction(reaction)
        for name in self.facts.species:
            self._species(name)
        return self.draft

    # ── names ────────────────────────────────────────────────────────────────────────────────────

    def lookup(self, name: str) -> Expr:
        """What stands for a symbol's value, as the model's own mathematics means it."""
        if name not in self.facts.symbols and name not in self.facts.reactions:
            known = [*self.facts.symbols, *self.facts.reactions]
            raise FileError(f"it reads {name!r}, which the model does not declare", remedy=did_you_mean(name, known) or "declare it")
        if name in self.facts.reactions and not has_law(self.facts.reactions[name]):
            raise FileError(f"it reads the rate of the reaction {name}, which has no kinetic law", remedy="give it one")
        return self.draft.leaf(name)

    def math(self, element: Any, where: str = "") -> Expr:
        """The mathematics of an element."""
        where = where or told(element)
        return self.mathematics.expression(element.getMath(), self._named(where, self.lookup), f"{self.facts.opened.where}: {where}")

    def _named(self, where: str, lookup: Any) -> Any:
        def found(name: str) -> Expr:
            try:
                return lookup(name)
            except FileError as fault:
                raise FileError(fault.what, where=f"{self.facts.opened.where}: {where}", remedy=fault.remedy) from fault

        return found

    # ── compartments, parameters, stoichiometries ────────────────────────────────────────────────

    def _size(self, name: str) -> float:
        compartment = self.facts.compartments[name]
        if compartment.isSetSize():
            return compartment.getSize()
        if self.level == 1:
            return 1.0
        if self.is_flat(compartment) or name in self.facts.assigned or name in self.facts.initial:
            return math.nan
        self.facts.notes.append(f"the compartment {name} has no size; 1 is taken")
        return 1.0

    def is_flat(self, compartment: Any) -> bool:
        """Whether a compartment is a point, so that what is in it has no concentration."""
        return self.level > 1 and compartment.isSetSpatialDimensions() and compartment.getSpatialDimensionsAsDouble() == 0

    def _plain(self, name: str, value: float, form: Any, unit: Unit) -> None:
        """The cell of a symbol whose value is its own: no species."""
        doc = _doc(self.facts.symbols[name])
        if name in self.facts.assigned:
            self.draft.add(Cell(name, "derived", self.math(self.facts.assigned[name]), doc=doc, unit=unit, shown=name))
            return
        start = self.math(self.facts.initial[name]) if name in self.facts.initial else Const(value)
        cell = Cell(name, "param", start, doc=doc, unit=unit, shown=name)
        if name in self.facts.driven:
            cell.kind, cell.form, cell.rate = "state", form, self.math(self.facts.driven[name])
        elif self._may_change(name):
            self.free.append(name)
        self.draft.add(cell)

    def _may_change(self, name: str) -> bool:
        thing = self.facts.symbols[name]
        return not thing.getConstant() if self.level > 1 else True

    # ── species ──────────────────────────────────────────────────────────────────────────────────

    def counts_amount(self, name: str) -> bool:
        """Whether a species' symbol is an amount, rather than a concentration."""
        species = self.facts.species[name]
        if species.isSetHasOnlySubstanceUnits() and species.getHasOnlySubstanceUnits():
            return True
        compartment = self.facts.compartments[species.getCompartment()]
        unsized = not compartment.isSetSize() and not {species.getCompartment()} & {*self.facts.assigned, *self.facts.initial}
        return self.is_flat(compartment) and (self.level == 2 or unsized)

    def _species(self, name: str) -> None:
        facts, species = self.facts, self.facts.species[name]
        volume = self.draft.leaf(species.getCompartment())
        amount = self.counts_amount(name)
        doc, unit = _doc(species), self.declared.of_species(species, amount=amount)
        other = self.declared.of_species(species, amount=not amount)
        beside = f"{name}.concentration" if amount else f"{name}.amount"
        sized = not (amount and self.is_flat(facts.compartments[species.getCompartment()]))
        here = self.draft.leaf(name)

        def add_other() -> None:
            if sized:
                expr = here / volume if amount else here * volume
                self.draft.add(Cell(beside, "derived", expr, doc=doc, unit=other))

        if name in facts.assigned:
            self.draft.add(Cell(name, "derived", self.math(facts.assigned[name]), doc=doc, unit=unit, shown=name))
            add_other()
            return
        moves = name in facts.driven or name in facts.made or name in facts.set_by_events
        as_amount = not amount and species.getCompartment() in facts.set_by_events  # a jump of the size leaves the amount as it is
        rate = self._rate(name, volume, as_amount)
        if not moves and self._may_change(name):
            self.free.append(name)
        if amount or (name in facts.driven and not as_amount) or (not moves and self.steady(species.getCompartment())):
            start = self._start_of(name, volume, amount)
            cell = Cell(name, "state" if moves else "param", start, rate, doc=doc, unit=unit, shown=name)
            cell.form = "amount" if amount else "concentration"
            cell.volume = None if amount else volume
            self.draft.add(cell)
            add_other()
            return
        start = self._start_of(name, volume, amount=True)
        cell = Cell(beside, "state" if moves else "param", start, rate, form="amount", doc=doc, unit=other)
        self.draft.add(Cell(name, "derived", self.draft.add(cell) / volume, doc=doc, unit=unit, shown=name))

    def _rate(self, name: str, volume: Leaf, as_amount: bool) -> Expr:
        """The rate of change of a species: of its amount where reactions change it, else of its symbol, as the rate rule has it."""
        if name not in self.facts.driven:
            return self._made(name)
        rate = self.math(self.facts.driven[name])
        return rate * volume + self.draft.leaf(name) * self.draft.rate_of(volume) if as_amount else rate

    def steady(self, compartment: str) -> bool:
        """Whether a compartment keeps its size."""
        constant = self.level > 1 and self.facts.compartments[compartment].getConstant()
        return self.facts.fixed(compartment) and (constant or not self.facts.algebraic)

    def _start_of(self, name: str, volume: Leaf, amount: bool) -> Expr:
        """The initial amount of a species, or its initial concentration."""
        species = self.facts.species[name]
        if name in self.facts.initial:
            value = self.math(self.facts.initial[name])
            return value * volume if amount and not self.counts_amount(name) else value
        if species.isSetInitialAmount():
            value = Const(species.getInitialAmount())
            return value if amount else value / volume
        if species.isSetInitialConcentration():
            value = Const(species.getInitialConcentration())
            return value * volume if amount else value
        return Const(math.nan)

    def _made(self, name: str) -> Expr:
        """How fast reactions change the amount of a species."""
        total: Expr = Const(0.0)
        for reaction, reference, sign in self.facts.made.get(name, ()):
            if reaction.getId() in self.fast:
                continue
            part = self.stoichiometry(reaction, reference) * self.draft.leaf(reaction.getId())
            total = total + part if sign > 0 else total - part
        factor = self.factor(name)
        return self.lookup(factor) * total if factor else total

    def factor(self, name: str) -> str:
        """The parameter that converts the extent of reactions to amounts of a species, or empty."""
        if self.level < 3:
            return ""
        return self.facts.species[name].getConversionFactor() or self.model.getConversionFactor()

    def plain_factor(self, species: str) -> float | None:
        """The same as a number, or None where it is none that stays."""
        name = self.factor(species)
        if not name:
            return 1.0
        cell = self.draft.cells[name]
        return cell.expr.value if cell.kind == "param" and isinstance(cell.expr, Const) else None

    def stoichiometry(self, reaction: Any, reference: Any) -> Expr:
        """How much of a species one turn of a reaction moves."""
        where = f"reaction {reaction.getId()}, species {reference.getSpecies()}"
        if reference.isSetStoichiometryMath() and reference.getStoichiometryMath().getMath() is not None:
            return self.math(reference.getStoichiometryMath(), where)
        if self.level > 2 and reference.isSetId():
            return self.draft.leaf(reference.getId())
        if self.level > 2 and not reference.isSetStoichiometry():
            raise FileError("no stoichiometry is given", where=f"{self.facts.opened.where}: {where}", remedy="give it")
        return Const(reference.getStoichiometry() / (reference.getDenominator() if self.level < 3 else 1))

    # ── reactions ────────────────────────────────────────────────────────────────────────────────

    def _reaction(self, reaction: Any) -> None:
        name, where = reaction.getId(), f"reaction {reaction.getId()}"
        if not has_law(reaction):
            self.facts.notes.append(f"the reaction {name} has no kinetic law and does nothing")
            return
        if reaction.isSetFast() and reaction.getFast():
            self.fast.append(name)
        law = reaction.getKineticLaw()
        local: dict[str, Expr] = {}
        parameters = law.getListOfLocalParameters() if self.level > 2 else law.getListOfParameters()
        for parameter in each(parameters):
            own = parameter.getId()
            value = parameter.getValue() if parameter.isSetValue() else math.nan
            cell = Cell(f"{name}.{own}", "param", Const(value), doc=_doc(parameter), unit=self.declared.of_parameter(parameter))
            cell.shown = cell.name
            local[own] = self.draft.add(cell)
        lookup = self._named(where, lambda asked: local[asked] if asked in local else self.lookup(asked))
        expr = self.mathematics.expression(law.getMath(), lookup, f"{self.facts.opened.where}: {where}")
        self.draft.add(Cell(name, "derived", expr, doc=_doc(reaction), unit=self.declared.extent_rate, shown=name))


def _doc(thing: Any) -> str:
    return thing.getName() if thing.isSetName() else ""
