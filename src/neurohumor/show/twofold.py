"""Two runs as one self-contained page: both curves in every chart, what differs, and which reactions, inputs and numbers with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from neurohumor.show import page
from neurohumor.show.charts import BROAD, MOST_FIGURES, NARROW, curves_of, sign_key
from neurohumor.show.compare import BRIEF, CAUSES, COLUMNS, SAME, Comparison, Difference
from neurohumor.show.happened import scene
from neurohumor.show.knowledge import knowledge_section
from neurohumor.show.numbers import moment
from neurohumor.show.report import CONTEXT_OF_USE, Story, provenance_section, story_rows
from neurohumor.show.summary import main_quantities
from neurohumor.show.svg import PALETTE, Curve, Mark, Scene, chart

UNMOVED = "Moved by no reaction that both have and that differs, but by signals and rules, other equations, or many states at once"
Labels = tuple[str, str]
Stories = tuple[Story, Story]


def report_of_two(stories: Stories, labels: Labels, found: Comparison) -> str:
    """The page as HTML text: no script, no file beside it, nothing fetched.  Labels tell the two apart, in this order."""
    title = f"{labels[0]} and {labels[1]}"
    sections = (
        _header(stories, labels, found),
        _summary(labels, found),
        _curves(stories, labels, found),
        _causes(labels, found),
        _happened(stories, labels),
        *(_named(label, knowledge_section(one.run.system, one.model)) for label, one in _models(stories, labels)),
        *(_named(label, provenance_section(one)) for label, one in zip(labels, stories, strict=True)),
    )
    return page.page(title, sections)


def _models(stories: Stories, labels: Labels) -> list[tuple[str, Story]]:
    """Each model once."""
    same = stories[0].run.made_by.fingerprints == stories[1].run.made_by.fingerprints
    return [("both", stories[0])] if same else list(zip(labels, stories, strict=True))


def _named(label: str, section: str) -> str:
    return f"<h3>{page.text(label)}</h3>{section}" if section else ""


def _header(stories: Stories, labels: Labels, found: Comparison) -> str:
    pieces = [f"<h1>{page.text(labels[0])} and {page.text(labels[1])}</h1>"]
    for label, story in zip(labels, stories, strict=True):
        pieces.append(page.paragraph(f"{label}: {story.title}; {story.subtitle}".rstrip("; "), "lead"))
    pieces.append(page.paragraph(CONTEXT_OF_USE, "use"))
    for label, story in zip(labels, stories, strict=True):
        if story.run.unheard:
            words = f"{label}: nothing in this model hears: {', '.join(story.run.unheard)}. What was given there had no effect."
            pieces.append(page.paragraph(words, "warn"))
    pieces.append(page.paragraph(f"Compared from {moment(found.start)} to {moment(found.end)}."))
    return "".join(pieces)


def named_columns(columns: Sequence[str], labels: Labels) -> tuple[str, ...]:
    """Column titles with the labels in place of "first" and "second"."""
    return tuple(name.replace("first", labels[0]).replace("second", labels[1]) for name in columns)


def _summary(labels: Labels, found: Comparison) -> str:
    pieces = [page.heading("What differs", "differs"), page.paragraph(in_words(labels, found))]
    if found.quantities:
        rows = [one.cells() for one in found.quantities]
        pieces.append(page.table(named_columns(COLUMNS, labels), rows, "cnnnnttt"))
    for label, names in zip(labels, found.only, strict=True):
        if names:
            pieces.append(page.folded(f"{len(names)} rows of {label} alone", page.items(names)))
    return "".join(pieces)


def in_words(labels: Labels, found: Comparison) -> str:
    """How many quantities differ, and the first cause in time."""
    count = len(found.quantities)
    words = f"{count} of {count + found.same} main quantities differ by more than {100 * SAME:g} % of their size at some time."
    causes = [one for one in (*found.inputs, *found.numbers)]
    if causes:
        first = min(one.apart for one in causes)
        names = [one.name for one in causes if one.apart == first]
        more = f" and {len(names) - 6} more" if len(names) > 6 else ""
        words += f" What differs first, from {moment(first)}: {', '.join(names[:6])}{more}."
    elif count:
        words += " No input or number differs within the time compared: the two differ by their equations or their past."
    return words


def _curves(stories: Stories, labels: Labels, found: Comparison) -> str:
    around = shared_scene(stories, labels)
    differing = [one.name for one in found.quantities]
    rest = [name for name in main_quantities(stories[0].run) if name not in differing and name in stories[1].run]
    pieces = [page.heading("Curves", "curves"), _colour_key(labels, around), sign_key(around)]
    pieces += [_figure(stories, labels, name, around) for name in differing[:MOST_FIGURES]]
    left = differing[MOST_FIGURES:]
    if left:
        pieces.append(page.paragraph(f"Not drawn here: {', '.join(left)}."))
    if rest:
        pieces.append(page.folded(f"{len(rest)} that do not differ", page.items(rest)))
    return "".join(pieces)


def _colour_key(labels: Labels, around: Scene) -> str:
    kinds = ("full line", "broken line")
    entries = [
        f'<li><span class="key" style="background:{PALETTE[k]}"></span>{page.text(label)} ({kinds[k]})</li>'
        for k, label in enumerate(labels)
    ]
    if around.strips:
        entries.append("<li>bars above the clock: opportunity to sleep of each</li>")
    return f'<ul class="plain keys">{"".join(entries)}</ul>'


def _figure(stories: Stories, labels: Labels, name: str, around: Scene) -> str:
    """One quantity of both runs, in the unit of the first, in both sizes."""
    series = stories[0].run[name]
    curves: list[Curve] = []
    for k, story in enumerate(stories):
        curves += [replace(curve, label=_short(labels[k]), dashed=k > 0) for curve in curves_of(story.run[name].to(series.unit))]
    unit = "pure number" if str(series.unit) == "1" else str(series.unit)
    title = f"{name}{f': {series.doc}' if series.doc else ''}; {labels[0]} and {labels[1]}"
    drawn = [
        f'<div class="{kind}">{chart(curves, unit, title, around, width=size[0], height=size[1])}</div>'
        for kind, size in (("broad", BROAD), ("narrow", NARROW))
    ]
    return f"<figure><figcaption><code>{page.text(name)}</code> {page.text(series.doc)}</figcaption>{''.join(drawn)}</figure>"


def _short(label: str) -> str:
    """A label that fits over a narrow chart."""
    return label if len(label) <= 16 else f"{label[:15]}…"


def shared_scene(stories: Stories, labels: Labels) -> Scene:
    """Nights, and what happens to both; what happens to one alone bears its label."""
    scenes = [scene(story.going_on, story.run.start, story.run.end) for story in stories]
    marks: list[Mark] = []
    for k, one in enumerate(scenes):
        for mark in one.marks:
            if mark not in scenes[1 - k].marks:
                marks.append(replace(mark, label=f"{labels[k]}: {mark.label}"))
            elif k == 0:
                marks.append(mark)
    same = scenes[0].nights == scenes[1].nights
    return Scene(scenes[0].nights if same else (), tuple(marks), () if same else tuple(one.nights for one in scenes))


def _causes(labels: Labels, found: Comparison) -> str:
    pieces = [page.heading("Which inputs, numbers and reactions differ with it", "causes")]
    columns = named_columns(BRIEF, labels)
    pieces.append(page.paragraph("What parts earlier can cause what parts later, never the other way round."))
    pieces += [_section("inputs differ", found.inputs, columns), _section("numbers differ", found.numbers, columns)]
    if not found.equations:
        pieces.append(page.paragraph("A run without its equations does not tell its reactions.", "warn"))
    elif found.causes:
        rows = [row for cause in found.causes for row in cause.rows()]
        words = "What moves each quantity that differs: reactions whose rate differs too, the largest change of their mean first."
        pieces += [page.paragraph(words), page.table(named_columns(CAUSES, labels), rows, "mtcnnnnttm")]
    if found.unmoved and found.equations:
        pieces.append(page.paragraph(f"{UNMOVED}: {', '.join(found.unmoved)}."))
    if found.reactions:
        pieces.append(page.folded(f"all {len(found.reactions)} reactions that differ", _table(found.reactions, columns)))
    return "".join(pieces)


def _section(words: str, rows: Sequence[Difference], columns: Sequence[str]) -> str:
    return f"<h3>{len(rows)} {page.text(words)}</h3>{_table(rows, columns)}" if rows else ""


def _table(rows: Iterable[Difference], columns: Sequence[str]) -> str:
    return page.table(columns, [one.brief() for one in rows], "cnnnnttm")


def _happened(stories: Stories, labels: Labels) -> str:
    told = [story_rows(story) for story in stories]
    both = [row for row in told[0] if row in told[1]]
    alone = [[row for row in told[k] if row not in told[1 - k]] for k in (0, 1)]
    pieces = [
        page.folded(f"{len(rows)} {whose}", page.table(("when", "kind", "what"), rows, "ttm"))
        for whose, rows in ((f"in {labels[0]} alone", alone[0]), (f"in {labels[1]} alone", alone[1]), ("in both", both))
        if rows
    ]
    return page.heading("What happened", "happened") + "".join(pieces) if pieces else ""
