"""Two runs as one self-contained page: both curves in every chart, what differs, and which reactions, inputs and numbers with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from neurohumor.engine.notable import main_quantities
from neurohumor.lang.readout import under
from neurohumor.show import page
from neurohumor.show.charts import drawn_and_left, figure, sign_key
from neurohumor.show.compare import BRIEF, CAUSES, PAGE, SAME, Cause, Comparison, Difference
from neurohumor.show.fluxes import readout_section
from neurohumor.show.happened import scene
from neurohumor.show.knowledge import knowledge_section
from neurohumor.show.numbers import moment
from neurohumor.show.report import (
    CONTEXT_OF_USE,
    Story,
    baseline_section,
    laboratory_section,
    made_by,
    picture_of,
    sources_of,
    story_rows,
    wiring_section,
)
from neurohumor.show.standing import PRECISION, sign_meanings
from neurohumor.show.svg import Mark, Scene

MOST_REACTIONS = 6
UNMOVED = "Moved by no reaction that both have and that differs, but by signals and rules, other equations, or many states at once"
Labels = tuple[str, str]
Stories = tuple[Story, Story]
Spans = tuple[tuple[float, float], ...]


def report_of_two(stories: Stories, labels: Labels, found: Comparison) -> str:
    """The page as HTML text: no script, no file beside it, nothing fetched.  Labels tell the two apart, in this order."""
    title = f"{labels[0]} and {labels[1]}"
    models = _models(stories, labels)
    known = stories[0].known
    sections = (
        ("", "", _header(stories, labels, found)),
        ("differs", "What differs", _summary(stories, labels, found)),
        ("fuel", "Where the fuel goes", _pictures(stories, labels)),
        ("curves", "Curves", _curves(stories, labels, found)),
        ("readouts", "Read-outs", readout_section([story.readouts for story in stories], labels, known)),
        ("causes", "Causes", _causes(stories, labels, found)),
        ("laboratory", "Laboratory", laboratory_section(stories[0], labels[0])),
        ("happened", "What happened", _happened(stories, labels)),
        (
            "numbers",
            "How the numbers are known",
            "".join(_named(label, knowledge_section(one.run.system, one.model)) for label, one in models),
        ),
        ("wiring", "Wiring", "".join(_named(label, wiring_section(one)) for label, one in models)),
        ("baseline", "Baseline", baseline_section(stories[0])),
        ("sources", "Sources", "".join(_named(label, sources_of(one)) for label, one in models)),
        ("provenance", "Provenance", _made(stories, labels)),
    )
    return page.page(title, page.with_contents(sections))


def _made(stories: Stories, labels: Labels) -> str:
    pieces = [_named(label, made_by(story)) for label, story in zip(labels, stories, strict=True)]
    return page.heading("Provenance", "provenance") + "".join(pieces)


def _pictures(stories: Stories, labels: Labels) -> str:
    drawn = [(label, picture_of(story.run)) for label, story in zip(labels, stories, strict=True)]
    made = "".join(f"<h3>{page.text(label)}</h3>{picture}" for label, picture in drawn if picture)
    return f"{page.heading('Where the fuel goes', 'fuel')}{made}" if made else ""


def _models(stories: Stories, labels: Labels) -> list[tuple[str, Story]]:
    """Each model once."""
    same = stories[0].run.made_by.fingerprints == stories[1].run.made_by.fingerprints
    return [("", stories[0])] if same else list(zip(labels, stories, strict=True))


def _named(label: str, section: str) -> str:
    return f"{f'<h3>{page.text(label)}</h3>' if label else ''}{section}" if section else ""


def _header(stories: Stories, labels: Labels, found: Comparison) -> str:
    pieces = [f"<h1>{page.text(labels[0])} and {page.text(labels[1])}</h1>"]
    if stories[0].subtitle == stories[1].subtitle:
        pieces.append(page.paragraph(f"{stories[0].title}; {stories[1].title}; {stories[0].subtitle}".rstrip("; "), "lead"))
    else:
        pieces += [page.paragraph(f"{story.title}; {story.subtitle}".rstrip("; "), "lead") for story in stories]
    pieces.append(page.paragraph(CONTEXT_OF_USE, "use"))
    unheard = [tuple(sorted(story.run.unheard)) for story in stories]
    whose = (
        ("Nothing in this model hears",) if unheard[0] == unheard[1] else tuple(f"{label}: nothing in this model hears" for label in labels)
    )
    for words, names in zip(whose, unheard, strict=False):
        if names:
            pieces.append(page.paragraph(f"{words}: {', '.join(names)}. What was given there had no effect.", "warn"))
    pieces.append(page.paragraph(f"Compared from {moment(found.start)} to {moment(found.end)}."))
    return "".join(pieces)


def named_columns(columns: Sequence[str], labels: Labels) -> tuple[str, ...]:
    """Column titles with the labels in place of "first" and "second"."""
    return tuple(name.replace("first", labels[0]).replace("second", labels[1]) for name in columns)


def _summary(stories: Stories, labels: Labels, found: Comparison) -> str:
    about = f"{in_words(labels, found)} {PRECISION}"
    pieces = [page.heading("What differs", "differs"), page.paragraph(about)]
    rows = {one.name: one.row() for one in found.quantities}
    sections, left = under(stories[0].headlines, rows)
    columns = named_columns(PAGE, labels)
    for one in sections:
        table = page.table(columns, [rows[name] for name in one.quantities], "cnnnttt")
        pieces.append(f"<h3>{page.text(one.title)}</h3>{table}")
    if left:
        table = page.table(columns, [rows[name] for name in left], "cnnnttt")
        pieces.append(page.folded(f"{len(left)} more that differ", table) if sections else table)
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
    around, known = shared_scene(stories, labels), stories[0].known
    differing = [one.name for one in found.quantities]
    shared = [name for name in main_quantities(stories[0].run) if name in stories[1].run]
    sections, left = drawn_and_left(shared, stories[0].headlines)
    if not stories[0].headlines:
        sections, left = drawn_and_left(differing, ())
    pieces = [page.heading("Curves", "curves"), _colour_key(labels, around), sign_key(around), sign_meanings()]
    for one in sections:
        pieces.append(f"<h3>{page.text(one.title)}</h3>" if one.title else "")
        for name in one.quantities:
            rows = [story.run[name] for story in stories] if name in differing else [stories[0].run[name]]
            alike = "" if name in differing else '<span class="badges"><span class="badge">the same in both</span></span>'
            pieces.append(figure(rows, labels, around, known[name].badges() + alike))
    if left:
        pieces.append(page.paragraph(f"Not drawn: {len(left)} quantities; those that differ stand in the tables above."))
    rest = [name for name in shared if name not in differing]
    if rest:
        pieces.append(page.folded(f"{len(rest)} that do not differ", page.items(rest)))
    return "".join(pieces)


def _colour_key(labels: Labels, around: Scene) -> str:
    kinds = ("full line", "broken line")
    entries = [f'<li><span class="key k{k}"></span>{page.text(label)} ({kinds[k]})</li>' for k, label in enumerate(labels)]
    if around.strips:
        entries.append("<li>bars above the clock: opportunity to sleep of each; shaded: of both</li>")
    return f'<ul class="plain keys">{"".join(entries)}</ul>'


def shared_scene(stories: Stories, labels: Labels) -> Scene:
    """Nights that both have, and what happens to both; what happens to one alone bears its label."""
    scenes = [scene(story.going_on, story.run.start, story.run.end) for story in stories]
    marks: list[Mark] = []
    for k, one in enumerate(scenes):
        for mark in one.marks:
            if mark not in scenes[1 - k].marks:
                marks.append(replace(mark, label=f"{labels[k]}: {mark.label}"))
            elif k == 0:
                marks.append(mark)
    same = scenes[0].nights == scenes[1].nights
    nights = scenes[0].nights if same else _shared(scenes[0].nights, scenes[1].nights)
    return Scene(nights, tuple(marks), () if same else tuple(one.nights for one in scenes))


def _shared(first: Spans, second: Spans) -> Spans:
    """The stretches that lie in one of the first and in one of the second."""
    pairs = [(max(a[0], b[0]), min(a[1], b[1])) for a in first for b in second]
    return tuple(sorted((start, end) for start, end in pairs if end > start))


def _causes(stories: Stories, labels: Labels, found: Comparison) -> str:
    pieces = [page.heading("Which inputs, numbers and reactions differ with it", "causes")]
    columns = named_columns(BRIEF, labels)
    pieces.append(page.paragraph("What parts earlier can cause what parts later, never the other way round."))
    pieces += [_section("inputs differ", found.inputs, columns), _section("numbers differ", found.numbers, columns)]
    if not found.equations:
        pieces.append(page.paragraph("A run without its equations does not tell its reactions.", "warn"))
    elif found.causes:
        words = "What moves each quantity that differs: reactions whose rate differs too, the largest change of their mean first"
        pieces.append(page.paragraph(f"{words}, {MOST_REACTIONS} at most."))
        drawn = {name for one in stories[0].headlines for name in one.quantities}
        first = [one for one in found.causes if not drawn or drawn & set(one.quantities)]
        rest = [one for one in found.causes if one not in first]
        pieces.append(_moved(first, labels))
        if rest:
            pieces.append(page.folded(f"of {len(rest)} more", _moved(rest, labels)))
    if found.unmoved and found.equations:
        pieces.append(page.folded(f"{len(found.unmoved)} are moved otherwise", page.paragraph(f"{UNMOVED}: {', '.join(found.unmoved)}.")))
    if found.reactions:
        pieces.append(page.folded(f"all {len(found.reactions)} reactions that differ", _table(found.reactions, columns)))
    return "".join(pieces)


def _moved(causes: Iterable[Cause], labels: Labels) -> str:
    rows = [row for cause in causes for row in cause.rows()[:MOST_REACTIONS]]
    return page.table(named_columns(CAUSES, labels), rows, "mtcnnnnttm")


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
