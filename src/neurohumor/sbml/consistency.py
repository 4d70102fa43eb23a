"""libSBML's rules for errors, in bounded time.

Its search for circles takes a time that grows with the square of all pairs (what is calculated, what that hangs on), so that a chain of
a thousand rules takes minutes.  Where there are many such pairs, the rules are looked at without their mathematics: circles are
found later anyway, when the equations are put in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from neurohumor.build.graph import ordered
from neurohumor.errors import FileError
from neurohumor.sbml.library import library
from neurohumor.sbml.mathematics import names_in

MOST_PAIRS = 20_000
SHOWN = 3


def check(document: Any, where: str, copies: int = 1) -> tuple[str, ...]:
    """Refuse a document with errors, naming the first few; errors of what no result hangs on are handed back as notes.

    copies  how many models a hierarchical one comes to
    Rules of units, style, ontology terms and over-determination are left out.
    """
    module = library()
    categories = ("UNITS_CONSISTENCY", "MODELING_PRACTICE", "SBO_CONSISTENCY", "OVERDETERMINED_MODEL")
    many = any(_many_pairs(model, MOST_PAIRS // copies) for model in _models(document))
    for name in (*categories, "GENERAL_CONSISTENCY") if many else categories:
        document.setConsistencyChecks(getattr(module, f"LIBSBML_CAT_{name}"), False)
    document.checkConsistency()
    notes = refuse_errors(document, where)
    if many and copies == 1:
        plain = document.clone()
        for _, element in _calculated(plain.getModel()):
            element.setMath(module.parseL3Formula("0"))
        for name in ("MATHML_CONSISTENCY", "IDENTIFIER_CONSISTENCY"):
            plain.setConsistencyChecks(getattr(module, f"LIBSBML_CAT_{name}"), False)
        plain.setConsistencyChecks(module.LIBSBML_CAT_GENERAL_CONSISTENCY, True)
        plain.checkConsistency()
        refuse_errors(plain, where)
    return notes


def refuse_errors(document: Any, where: str) -> tuple[str, ...]:
    """Refuse a document in whose log there are errors; what no result hangs on is handed back as notes."""
    module = library()
    found = [document.getError(k) for k in range(document.getNumErrors())]
    bad = [e for e in found if e.getSeverity() in (module.LIBSBML_SEV_ERROR, module.LIBSBML_SEV_FATAL)]
    of_units = {module.DanglingUnitSIdRef, module.DanglingUnitReference}
    notes = tuple(f"line {e.getLine()} names a unit that is not defined" for e in bad if e.getErrorId() in of_units)
    untold = [e for e in bad if e.getErrorId() == module.UndeclaredSpeciesRef]
    notes += tuple(f"line {e.getLine()}: a rate reads a species that its reaction does not list" for e in untold[:SHOWN])
    bad = [e for e in bad if e.getErrorId() not in of_units | {module.UndeclaredSpeciesRef} and not _decoration(e)]
    if not bad:
        return notes
    first, lines = bad[0], []
    for error in bad[:SHOWN]:
        lines.append(f"line {error.getLine()}: {_told(error.getMessage())} (rule {error.getErrorId()})")
    more = f"; and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
    raise FileError(f"this is not valid SBML: {'; '.join(lines)}{more}", where=f"{where}:{first.getLine()}", remedy="correct the file")


def _decoration(error: Any) -> bool:
    """Whether an error is of notes, annotations, ontology terms, or of a package's name in a level that has no packages.

    Nothing here is calculated from any of them.
    """
    rule = error.getErrorId()
    alien = rule == library().NotSchemaConformant and re.search(r"The L3 package '\w+' cannot be used in this document", error.getMessage())
    return 10400 <= rule < 10500 or 10700 <= rule < 10900 or bool(alien)


def _told(message: str) -> str:
    """What a message says of this file, where it does, else the rule that is broken."""
    rule, _, here = message.partition("Reference: ")
    _, _, here = here.partition("\n")
    return re.sub(r"\s+", " ", here if here.strip() else rule).strip()[:240]


def _calculated(model: Any) -> Iterator[tuple[str, Any]]:
    """What a model calculates: the id, and the element that holds its mathematics."""
    for k in range(model.getNumRules()):
        rule = model.getRule(k)
        if rule.isAssignment() and rule.isSetMath():
            yield rule.getVariable(), rule
    for k in range(model.getNumInitialAssignments()):
        if model.getInitialAssignment(k).isSetMath():
            yield model.getInitialAssignment(k).getSymbol(), model.getInitialAssignment(k)
    for k in range(model.getNumReactions()):
        reaction = model.getReaction(k)
        if reaction.isSetKineticLaw() and reaction.getKineticLaw().isSetMath():
            yield reaction.getId(), reaction.getKineticLaw()


def _models(document: Any) -> Iterator[Any]:
    """The model, and the models defined beside it."""
    yield document.getModel()
    plugin = document.getPlugin("comp")
    if plugin is not None:
        yield from (plugin.getModelDefinition(k) for k in range(plugin.getNumModelDefinitions()))


def _many_pairs(model: Any, most: int) -> bool:
    """Whether what is calculated hangs on so much else that circles take long to look for."""
    found = dict(_calculated(model)) if model is not None else {}
    reads = {name: [n for n in names_in(element.getMath()) if n in found] for name, element in found.items()}
    order, _ = ordered(reads, reads.__getitem__)
    below: dict[str, frozenset[str]] = {}
    pairs = 0
    for name in order:
        below[name] = frozenset(reads[name]).union(*(below.get(n, frozenset()) for n in reads[name]))
        pairs += len(below[name])
        if pairs > most:
            return True
    return False
