"""A run as one self-contained page: what came out, from which wires and numbers, on whose work, and what it is for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neurohumor.errors import NeurohumorError
from neurohumor.lang.model import Model
from neurohumor.life.labs import Lab
from neurohumor.life.lived import Lived
from neurohumor.show import laboratory, page
from neurohumor.show.charts import curve_figures, sign_key
from neurohumor.show.happened import scene, stopped, story
from neurohumor.show.knowledge import knowledge_section, sources_section
from neurohumor.show.laboratory import compared
from neurohumor.show.numbers import digits, moment
from neurohumor.show.summary import COLUMNS, summary
from neurohumor.show.svg import Scene

if TYPE_CHECKING:
    from neurohumor.engine.run import Run

CONTEXT_OF_USE = (
    "For research and education. The model describes averages and plausible persons; it is not a medical device and must not be used "
    "for diagnosis, treatment or dosing, or in place of medical advice."
)
MOST_BYTES = 3_000_000


@dataclass(frozen=True, slots=True)
class Story:
    """A run with what a page tells beside it.

    title, subtitle  whose days, which days; names may come from files: they are escaped
    model  whose parts and sources are listed; going_on  what happened to the person shown (of a population the first)
    labs  the person's laboratory values, to stand beside what is predicted
    """

    run: Run
    title: str
    subtitle: str = ""
    model: Model | None = None
    going_on: tuple[Lived, ...] = ()
    labs: tuple[Lab, ...] = ()


Part = Callable[[Story], str]


def report(story: Story) -> str:
    """The page as HTML text: no script, no file beside it, nothing fetched."""
    return page.page(story.title, [section(story) for section in SECTIONS])


def header(story: Story) -> str:
    """Whose days these are, what the page is for, how the run ended."""
    pieces = [f"<h1>{page.text(story.title)}</h1>", page.paragraph(story.subtitle, "lead") if story.subtitle else ""]
    pieces.append(page.paragraph(CONTEXT_OF_USE, "use"))
    if not story.run.ok:
        pieces.append(page.paragraph(f"This run is {stopped(story.run)}.", "bad"))
    if story.run.unheard:
        words = f"Nothing in this model hears: {', '.join(story.run.unheard)}. What was given there had no effect."
        pieces.append(page.paragraph(words, "warn"))
    return "".join(pieces)


def summary_section(story: Story) -> str:
    """The main quantities in numbers."""
    lines = summary(story.run)
    whom = "" if story.run.single else f" Medians over {len(story.run.people)} people."
    about = f"From {moment(story.run.start)} to {moment(story.run.end)}.{whom}"
    rows = [line.cells() for line in lines]
    return page.heading("Summary", "summary") + page.paragraph(about) + page.table(COLUMNS, rows, "cnntnttt")


def curves_section(story: Story) -> str:
    """Every main quantity over the clock, with nights and what happened."""
    around = _scene(story)
    return page.heading("Curves", "curves") + sign_key(around) + curve_figures(story.run, around)


def _scene(story: Story) -> Scene:
    return scene(story.going_on, story.run.start, story.run.end)


def laboratory_section(story: Story) -> str:
    """What was measured beside what is predicted."""
    if not story.labs:
        return ""
    words = "What a laboratory measured beside what the run predicts; the model does not hear it."
    rows = [one.cells() for one in compared(story.run, story.labs)]
    return page.heading("Laboratory", "laboratory") + page.paragraph(words) + page.table(laboratory.COLUMNS, rows, "tnntnm")


def happened_section(story: Story) -> str:
    """What happened, in order of time."""
    rows = story_rows(story)
    if not rows:
        return ""
    return page.heading("What happened", "happened") + page.folded(
        f"{len(rows)} entries", page.table(("when", "kind", "what"), rows, "ttm")
    )


def story_rows(told: Story) -> list[tuple[str, str, str]]:
    """When, kind and name of everything that happened."""
    return story(told.going_on, told.run.start, told.run.end)


_LAST = {"held": "stays at", "given": "is", "driven": "is, where nothing drives it", "wired": "is told by"}


def wiring_section(story: Story) -> str:
    """Who hears whom, in four states."""
    lines = story.run.wiring
    if not lines:
        return ""
    pieces = [page.heading("Wiring", "wiring")]
    pieces.append(page.paragraph("An input is wired to a part, driven by the protocol, given by the person, or held at its nominal value."))
    for state in ("held", "given", "driven", "wired"):
        rows = [(line.port, line.quantity, line.what) for line in lines if line.state == state]
        if rows:
            pieces.append(page.folded(f"{state}: {len(rows)}", page.table(("input", "quantity", _LAST[state]), rows, "ccc")))
    return "".join(pieces)


def baseline_section(story: Story) -> str:
    """Whether the person was settled first, and how still the baseline stands."""
    made, drift = story.run.made_by, [d for d in story.run.drift if d == d]
    if not made.settled:
        words = "The run did not start from a settled baseline."
    elif drift:
        words = f"Settled under the habits before the run; the fastest state still drifts by {digits(max(drift), 2)} % per day."
    else:
        words = "Settled under the habits before the run."
    return page.heading("Baseline", "baseline") + page.paragraph(words)


def provenance_section(story: Story) -> str:
    """What made this run."""
    made = story.run.made_by
    rows: list[tuple[str, object]] = [
        ("package", f"neurohumor {made.package}{f' ({made.git[:12]})' if made.git else ''}"),
        ("made", made.made),
        ("model", story.run.groups[0].table.name),
        ("fingerprint", " ".join(made.fingerprints)),
        ("solver", ", ".join([made.backend, *(f"{k} {v}" for k, v in made.options.items() if v is not None)])),
        ("seed", made.seed),
        ("inputs", ", ".join(f"{name} {value[:16]}" for name, value in made.inputs.items())),
        ("machine", f"Python {made.python}, numpy {made.numpy}, scipy {made.scipy}, {made.platform}"),
        ("time taken", f"{digits(made.wall, 2)} s"),
    ]
    return page.heading("Provenance", "provenance") + page.pairs(rows)


def _knowledge(story: Story) -> str:
    return knowledge_section(story.run.system, story.model)


def _sources(story: Story) -> str:
    try:
        return sources_section(story.model if story.model is not None else story.run.system)
    except NeurohumorError as fault:
        return page.heading("Sources", "sources") + page.paragraph(f"The sources cannot be listed: {fault.what}", "warn")


SECTIONS: Sequence[Part] = (
    header,
    summary_section,
    curves_section,
    laboratory_section,
    happened_section,
    _knowledge,
    wiring_section,
    baseline_section,
    _sources,
    provenance_section,
)
