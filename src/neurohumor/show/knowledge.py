"""How the numbers of a run are known, and whose work they are: sections of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    """Counts of every level, stand-ins, influences, and on request the numbers of every part, the assumed and unchecked in colour."""
    if system is None:
        return ""
    pieces = [page.heading("How the numbers are known", "numbers"), _bar(counts(system))]
    pieces.append(_stand_ins(model))
    pieces.append(_by_part(system))
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


def _by_part(system: System) -> str:
    """The numbers part by part; parts of one module share a table, and a line for each number that is the same in all of them."""
    kinds: dict[str, dict[str, list[ParamRow]]] = {}
    for row in system.params:
        kinds.setdefault(row.module or row.part, {}).setdefault(row.part, []).append(row)
    pieces = []
    for parts in kinds.values():
        rows = [row for some in parts.values() for row in some]
        poor = [f", {count} {words}" for level, words in _WORDS.items() if (count := sum(level_of_row(row) == level for row in rows))]
        pieces.append(page.folded(f"{', '.join(parts)}: {len(rows)} numbers{''.join(poor)}", _numbers(rows, len(parts))))
    return page.folded(f"all {len(system.params)} numbers, part by part", "".join(pieces))


_WORDS: Mapping[Level, str] = {"assumed": "assumed", "nothing": "unchecked"}


def _numbers(rows: Sequence[ParamRow], parts: int) -> str:
    """A table of the numbers of so many parts of one module."""
    columns = ("number", "value", "unit", "basis", "known within", "of", "source", "checked", "meaning")
    same: dict[tuple[str, ...], list[ParamRow]] = {}
    for row in rows:
        same.setdefault((row.name, *number_cells(row)[1:]), []).append(row)
    cells, marks = [], []
    for alike in same.values():
        name, value, unit, basis, within, cite, level, doc = number_cells(alike[0])
        shared = parts > 1 and len(alike) == parts
        cells.append((f"all: {alike[0].name}" if shared else name, value, unit, basis, within, alike[0].origin, cite, level, doc))
        marks.append({"assumed": "red", "nothing": "amber"}.get(level_of_row(alike[0]), ""))
        for other in alike[1:] if not shared else ():
            cells.append((other.full, *cells[-1][1:]))
            marks.append(marks[-1])
    return page.table(columns, cells, "cnttttttm", marks)


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
