"""What an SBML model says of each of its symbols: which of them change, and by what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from neurohumor.sbml.document import Opened


@dataclass(slots=True)
class Facts:
    """Objects of libSBML by id, and what sets each.

    assigned, driven      id -> the assignment or rate rule that has mathematics
    initial               id -> the initial assignment that has mathematics
    set_by_events         ids
    made                  species that reactions change: id -> [(reaction, species reference, +1 or -1)]
    references            species references that have an id that stands for their stoichiometry
    symbols               everything that has a value of its own
    """

    opened: Opened
    compartments: dict[str, Any] = field(default_factory=dict)
    species: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    references: dict[str, Any] = field(default_factory=dict)
    reactions: dict[str, Any] = field(default_factory=dict)
    symbols: dict[str, Any] = field(default_factory=dict)
    assigned: dict[str, Any] = field(default_factory=dict)
    driven: dict[str, Any] = field(default_factory=dict)
    algebraic: list[Any] = field(default_factory=list)
    initial: dict[str, Any] = field(default_factory=dict)
    set_by_events: set[str] = field(default_factory=set)
    made: dict[str, list[tuple[Any, Any, int]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def fixed(self, name: str) -> bool:
        """Whether nothing ever changes this symbol after the start (an algebraic rule apart)."""
        return not (name in self.assigned or name in self.driven or name in self.set_by_events or name in self.made)


def facts_of(opened: Opened) -> Facts:
    """Gather the facts of a model."""
    model = opened.model
    facts = Facts(opened, notes=list(opened.notes))
    facts.compartments = {c.getId(): c for c in each(model.getListOfCompartments())}
    facts.species = {s.getId(): s for s in each(model.getListOfSpecies())}
    facts.parameters = {p.getId(): p for p in each(model.getListOfParameters())}
    facts.reactions = {r.getId(): r for r in each(model.getListOfReactions())}
    for rule in each(model.getListOfRules()):
        if rule.getMath() is None:
            facts.notes.append(f"the rule for {rule.getVariable() or 'an equation'} has no mathematics and says nothing")
        elif rule.isAlgebraic():
            facts.algebraic.append(rule)
        else:
            (facts.driven if rule.isRate() else facts.assigned)[rule.getVariable()] = rule
    for assignment in each(model.getListOfInitialAssignments()):
        if assignment.getMath() is not None:
            facts.initial[assignment.getSymbol()] = assignment
    for event in each(model.getListOfEvents()):
        facts.set_by_events.update(a.getVariable() for a in each(event.getListOfEventAssignments()) if a.getMath() is not None)
    _react(facts)
    facts.symbols = {**facts.compartments, **facts.species, **facts.parameters, **facts.references}
    if model.getNumConstraints():
        facts.notes.append(f"{model.getNumConstraints()} constraint(s) are not watched during a run")
    return facts


def _react(facts: Facts) -> None:
    for reaction in facts.reactions.values():
        for references, sign in ((reaction.getListOfReactants(), -1), (reaction.getListOfProducts(), 1)):
            for reference in each(references):
                if facts.opened.level > 2 and reference.isSetId():
                    facts.references[reference.getId()] = reference
                species = facts.species[reference.getSpecies()]
                if not (species.getBoundaryCondition() or species.getConstant()) and has_law(reaction):
                    facts.made.setdefault(species.getId(), []).append((reaction, reference, sign))


def has_law(reaction: Any) -> bool:
    """Whether a reaction says how fast it is."""
    return reaction.isSetKineticLaw() and reaction.getKineticLaw().getMath() is not None


def each(things: Any) -> Iterator[Any]:
    """The members of one of libSBML's lists."""
    for k in range(things.size()):
        yield things.get(k)


def told(thing: Any) -> str:
    """What messages call an element: its kind and id."""
    kind = thing.getElementName()
    name = thing.getId() if thing.isSetId() else ""
    return f"{kind} {name}".strip()
