"""How the numbers of a run are known, and whose work they are: sections of a page."""

from __future__ import annotations

from collections.abc import Mapping

from neurohumor.evidence.evidence import LEVELS, MEANING, Level, bibliography, counts, level_of_row
from neurohumor.lang.decl import Influence
from neurohumor.lang.expr import Const
from neurohumor.lang.model import Model
from neurohumor.lang.system import ParamRow, System
from neurohumor.show import page
from neurohumor.show.numbers import typed

COLOURS: Mapping[Level, str] = {
    "table_or_text": "#1f6f43",
    "abstract": "#4c9a6a",
    "model_file": "#7fb3a0",
    "secondary": "#a9bfc9",
    "nothing": "#d49a1f",
    "derived": "#c5ccd3",
    "assumed": "#a3203a",
}
POOR: tuple[Level, ...] = ("assumed", "nothing")


def knowledge_section(system: System | None, model: Model | None = None) -> str:
    """Counts of every level, the assumed and unchecked numbers by name, stand-ins, influences, and on request every number."""
    if system is None:
        return ""
    pieces = [page.heading("How the numbers are known", "numbers"), _bar(counts(system))]
    pieces.append(_stand_ins(model))
    for level, words in (("assumed", "assumed, without a source"), ("nothing", "cited, but unchecked")):
        rows = [row for row in system.params if level_of_row(row) == level]
        if rows:
            pieces.append(page.folded(f"{len(rows)} {words}", _numbers(rows)))
    pieces.append(page.folded(f"all {len(system.params)} numbers", _numbers(system.params)))
    pieces.append(_influences(model))
    return "".join(pieces)


def _bar(tally: Mapping[Level, int]) -> str:
    total = sum(tally.values())
    if not total:
        return page.paragraph("The model has no numbers of its own.")
    parts: list[tuple[Level, int]] = [(level, tally[level]) for level in LEVELS if tally[level]]
    bar = "".join(f'<span style="flex:{n};background:{COLOURS[level]}"></span>' for level, n in parts)
    keys = [(f'<span class="key" style="background:{COLOURS[level]}"></span>', n, page.text(MEANING[level])) for level, n in parts]
    entries = [f"<li>{key}{n} {meaning}</li>" for key, n, meaning in keys]
    words = page.paragraph(f"{total} numbers, each with how it is known: what a second reader saw of its source.")
    return f'{words}<div class="bars" aria-hidden="true">{bar}</div><ul class="plain keys">{"".join(entries)}</ul>'


def _numbers(rows: tuple[ParamRow, ...] | list[ParamRow]) -> str:
    columns = ("number", "value", "unit", "basis", "known within", "source", "checked", "meaning")
    marks = [{"assumed": "red", "nothing": "amber"}.get(level_of_row(row), "") for row in rows]
    return page.table(columns, [number_cells(row) for row in rows], "cntttttm", marks)


def number_cells(row: ParamRow) -> tuple[str, ...]:
    """A parameter of a flat system as text: name, value, unit, basis, how well known, source, checked, meaning."""
    value = typed(row.initial.value / row.unit.factor) if isinstance(row.initial, Const) else "calculated"
    within = f"×/÷ {row.gsd:g}" if row.gsd > 1 else ""
    return row.full, value, str(row.unit), row.basis, within, row.cite, level_of_row(row).replace("_", " "), row.doc


def _stand_ins(model: Model | None) -> str:
    names = [name for name, part in model.parts.items() if part.module.stand_in] if model is not None else []
    if not names:
        return ""
    words = f"Stand-ins, to be replaced by real modules: {', '.join(names)}. Read what rests on them with that in mind."
    return page.paragraph(words, "warn")


def _influences(model: Model | None) -> str:
    if model is None:
        return ""
    rows = [
        (f"{name}.{x.name}", x.target.replace("{here}", part.here), x.claim, x.grade, x.doc)
        for name, part in model.parts.items()
        for x in part.module.of(Influence)
    ]
    if not rows:
        return ""
    inside = page.table(("influence", "acts on", "claim", "grade", "meaning"), rows, "ccttm")
    return page.folded(f"{len(rows)} influences that the papers of their targets did not have", inside)


def sources_section(target: Model | System | None) -> str:
    """The references of exactly what ran.  Raises EvidenceError for a source that is not in the library."""
    found = bibliography(target) if target is not None else ()
    if not found:
        return ""
    entries = []
    for reference in found:
        link = f'<a href="{page.text(reference.address)}" rel="noreferrer">{page.text(reference.address)}</a>'
        words = str(reference).removesuffix(reference.address).rstrip()
        entries.append(f"<li>{page.text(words)} {link}</li>")
    return page.heading("Sources of just what ran", "sources") + f'<ul class="plain">{"".join(entries)}</ul>'
