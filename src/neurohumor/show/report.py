"""A run as one self-contained page: what came out, from which wires and numbers, on whose work, and what it is for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neurohumor.engine.notable import main_quantities
from neurohumor.errors import NeurohumorError
from neurohumor.lang.model import Model
from neurohumor.lang.readout import Headline
from neurohumor.life.labs import Lab
from neurohumor.life.lived import Lived
from neurohumor.readout.tell import Readouts
from neurohumor.show import laboratory, page
from neurohumor.show.charts import close_ups, curve_figures, drawn_and_left, sign_key
from neurohumor.show.fluxes import readout_section
from neurohumor.show.fuel_flow import picture
from neurohumor.show.happened import scene, stopped, story
from neurohumor.show.knowledge import knowledge_section, sources_section
from neurohumor.show.laboratory import compared
from neurohumor.show.numbers import digits, moment
from neurohumor.show.standing import PRECISION, Standings, sign_meanings, standings_of
from neurohumor.show.summary import COLUMNS, summary
from neurohumor.show.svg import Scene

if TYPE_CHECKING:
    from neurohumor.engine.run import Run

CONTEXT_OF_USE = (
    "For research and education. The model describes averages and plausible persons; it is not a medical device and must not be used "
    "for diagnosis, treatment or dosing, or in place of medical advice."
)
MOST_BYTES = 3_000_000
NO_READOUTS = Readouts(())


@dataclass(frozen=True, slots=True)
class Story:
    """A run with what a page tells beside it.

    title, subtitle  whose days, which days; names may come from files: they are escaped
    model  whose parts and sources are listed; going_on  what happened to the person shown (of a population the first)
    labs  the person's laboratory values, to stand beside what is predicted
    headlines  what is drawn, section by section; none: every main quantity.  readouts: to be shown as tables, if any
    """

    run: Run
    title: str
    subtitle: str = ""
    model: Model | None = None
    going_on: tuple[Lived, ...] = ()
    labs: tuple[Lab, ...] = ()
    headlines: tuple[Headline, ...] = ()
    readouts: Readouts = NO_READOUTS

    @property
    def known(self) -> Standings:
        """How the numbers of each quantity are known."""
        return standings_of(self.run.system, self.model)


Part = Callable[[Story], str]


def report(story: Story) -> str:
    """The page as HTML text: no script, no file beside it, nothing fetched."""
    made = [(anchor, name, section(story)) for anchor, name, section in SECTIONS]
    return page.page(story.title, page.with_contents(made))


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
    """The main quantities in numbers, section by section; what has no section is folded away."""
    whom = "" if story.run.single else f" Medians over {len(story.run.people)} people."
    about = f"From {moment(story.run.start)} to {moment(story.run.end)}.{whom} {PRECISION}"
    pieces = [page.heading("Summary", "summary"), page.paragraph(about)]
    found, left = drawn_and_left(main_quantities(story.run), story.headlines)
    pieces += [f"{f'<h3>{page.text(one.title)}</h3>' if one.title else ''}{_lines(story, one.quantities)}" for one in found]
    if left:
        pieces.append(page.folded(f"{len(left)} more quantities", _lines(story, left)))
    return "".join(pieces)


def _lines(story: Story, names: Sequence[str]) -> str:
    return page.table(COLUMNS, [line.cells() for line in summary(story.run, names, story.known)], "cnntnttw")


def picture_section(story: Story) -> str:
    """How fuel flows through the brain, where the run tells it."""
    drawn = picture_of(story.run)
    return f"{page.heading('Where the fuel goes', 'fuel')}{drawn}" if drawn else ""


def picture_of(run: Run) -> str:
    """The picture of the fuel flow, or an empty text."""
    made = picture(run)
    return f'<figure class="picture">{made}</figure>' if made else ""


def readouts_section(story: Story) -> str:
    """What was read from the run: flows, shares, levels, by place."""
    return readout_section([story.readouts], (), story.known)


def curves_section(story: Story) -> str:
    """What is drawn over the clock, with nights and what happened, each with how its numbers are known."""
    around = _scene(story)
    drawn = curve_figures(story.run, around, story.headlines, story.known) + close_ups(story.run, around, story.headlines, story.known)
    return page.heading("Curves", "curves") + sign_key(around) + sign_meanings() + drawn


def _scene(story: Story) -> Scene:
    return scene(story.going_on, story.run.start, story.run.end)


def laboratory_section(story: Story, label: str = "") -> str:
    """What was measured beside what is predicted; of two runs the label says of which."""
    if not story.labs:
        return ""
    words = f"What a laboratory measured beside what {label or 'the run'} predicts; the model does not hear it."
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
    return page.heading("Provenance", "provenance") + made_by(story)


def made_by(story: Story) -> str:
    """Versions, solver, fingerprint, seed and hashes of the inputs of a run."""
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
    return page.pairs(rows)


def _knowledge(story: Story) -> str:
    return knowledge_section(story.run.system, story.model)


def sources_of(story: Story) -> str:
    """Whose work just this run stands on."""
    try:
        return sources_section(story.model if story.model is not None else story.run.system)
    except NeurohumorError as fault:
        return page.heading("Sources", "sources") + page.paragraph(f"The sources cannot be listed: {fault.what}", "warn")


SECTIONS: Sequence[tuple[str, str, Part]] = (
    ("", "", header),
    ("summary", "Summary", summary_section),
    ("fuel", "Where the fuel goes", picture_section),
    ("curves", "Curves", curves_section),
    ("readouts", "Read-outs", readouts_section),
    ("laboratory", "Laboratory", laboratory_section),
    ("happened", "What happened", happened_section),
    ("numbers", "How the numbers are known", _knowledge),
    ("wiring", "Wiring", wiring_section),
    ("baseline", "Baseline", baseline_section),
    ("sources", "Sources", sources_of),
    ("provenance", "Provenance", provenance_section),
)
"""Anchor, name and text of each section, in order."""
