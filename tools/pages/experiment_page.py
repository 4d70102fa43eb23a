"""The page of an experiment: what was done, what is measured, what counts as a hit, and the file itself."""

from __future__ import annotations

from pathlib import Path

from tools.pages import links
from tools.pages.markdown import cell, code, fenced, filled_table, many, table

from neurohumor.evidence.evidence import references
from neurohumor.proof.experiment import Experiment, Measure

KINDS = {
    "calibration": "calibration: the numbers below were set knowing a target",
    "prediction": "prediction: no number was set on it",
}


def page(experiment: Experiment) -> str:
    """The whole page as Markdown.  The outcome is not computed when the documentation is built."""
    path = Path(experiment.path)
    facts = [
        ("source", sourced(experiment.source)),
        ("kind", KINDS[experiment.kind]),
        ("numbers set on it", ", ".join(code(each) for each in experiment.parameters_set)),
        ("claims", ", ".join(experiment.claims)),
        ("models", _models(experiment)),
        ("run it", f"`neurohumor validate --only {experiment.id}`"),
    ]
    pieces = [
        f"# {experiment.id}: {experiment.title}\n",
        table(("", ""), [fact for fact in facts if fact[1]]),
        f'!!! warning "Known shortfall"\n    {experiment.known_shortfall}\n' if experiment.known_shortfall else "",
        f"{cell(experiment.notes)}\n" if experiment.notes else "",
        _arms(experiment),
        _unmade(experiment),
        _measures(experiment),
        "The outcome is not computed when this page is made: `neurohumor validate` runs the experiment.\n",
        f"## The file\n\n`{path.name}`\n\n{fenced(path.read_text(encoding='utf-8'), 'toml')}",
    ]
    return "\n".join(piece for piece in pieces if piece)


def sourced(text: str) -> str:
    """A source in words, with links where it names keys of the library."""
    found = [reference for key, reference in references().items() if key in text.replace(",", " ").replace(";", " ").split()]
    tail = "; ".join(f"[{one.short}]({one.address})" for one in found)
    return cell(text) + (f" ({tail})" if tail else "")


def _models(experiment: Experiment) -> str:
    return ", ".join(f"[{name}](../models/{name}.md)" for name in dict.fromkeys(arm.model for arm in experiment.arms.values()))


def _arms(experiment: Experiment) -> str:
    rows = []
    for arm in experiment.arms.values():
        changed = "; ".join(_change(each.name, each.value, each.at) for each in arm.changes)
        else_ = [*(f"takes in {name}" for name in arm.choose), *(f"without {name}" for name in arm.silent)]
        else_ += [] if arm.settled else ["from initial values"]
        who = f"{arm.population} people like {arm.person.name}" if arm.population else arm.person.name or "one person"
        rows.append((code(arm.name), cell(who), f"{arm.days:g}", cell(changed), cell("; ".join(else_))))
    return "## Arms\n\n" + filled_table(("arm", "who", "days", "numbers changed", "besides"), rows, right=(2,))


def _unmade(experiment: Experiment) -> str:
    """Arms that ask for what there is not, told as such; their measures are scored as errors."""
    _, unmade = links.lived(experiment)
    lines = "".join(f"    `{arm}`: {cell(why)}. Its measures are errors.\n\n" for arm, why in unmade.items())
    return f'!!! failure "Cannot be made"\n{lines}' if lines else ""


def _change(name: str, value: object, at: float | None) -> str:
    return f"{name} = {value}" + ("" if at is None else f" from {at:g} h")


def _measures(experiment: Experiment) -> str:
    rows = [
        (cell(each.name), code(each.quantity), code(each.arm), taken(each), target(each), hit(each), sourced(each.source))
        for each in experiment.measures
    ]
    columns = ("measure", "quantity", "arm", "what is taken", "target", "a hit is", "where the target stands")
    return "## Measures\n\n" + filled_table(columns, rows)


def taken(measure: Measure) -> str:
    """The statistic, its window, and what it is set against, in words."""
    text = measure.statistic.replace("_", " ")
    if measure.threshold:
        text += f" {measure.threshold} of the {measure.of}"
    text += f", {measure.stretch}"
    if measure.against is not None:
        other = f"arm {measure.against.arm}" if measure.against.arm else str(measure.against.stretch)
        text += f"; {measure.against.how} against {other}"
    return cell(text)


def target(measure: Measure) -> str:
    """The number of the source with its unit, where there is one."""
    if measure.target is None:
        return ""
    if measure.daily:
        return f"{int(measure.target):02d}:{round(60 * (measure.target % 1)):02d}"
    return cell(f"{measure.target:g} {measure.unit}".removesuffix(" 1"))


def hit(measure: Measure) -> str:
    """What counts as a hit, as the file says it; numbers without a unit of their own are in the measure's."""
    written = measure.accepted.written
    text = ", ".join(f"{key.replace('_', ' ')} {_plain(value)}" for key, value in written.items())
    bare = any(isinstance(value, (int, float, list)) and not isinstance(value, bool) for value in written.values())
    unit = measure.unit if bare and measure.unit != "1" and "relative" not in written else ""
    return cell(f"{text} {unit}".strip())


def _plain(value: object) -> str:
    return " to ".join(str(each) for each in value) if isinstance(value, (list, tuple)) else str(value)


def by_model() -> dict[str, list[Experiment]]:
    """Every experiment, under the model of its first arm, in the order of the models' names."""
    found: dict[str, list[Experiment]] = {}
    for one in links.experiments().values():
        found.setdefault(next(iter(one.arms.values())).model, []).append(one)
    return dict(sorted(found.items()))


def label(experiment: Experiment, most: int = 48) -> str:
    """What an experiment is called in the navigation."""
    text = f"{experiment.id.replace('_', ' ')}: {experiment.title}"
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def index() -> str:
    """The list of experiments."""
    rows = [
        (f"[{one.id}]({one.id}.md)", cell(one.title), one.kind, _models(one), str(len(one.measures)))
        for one in links.experiments().values()
    ]
    kinds = [one.kind for one in links.experiments().values()]
    words = (
        f"{many(len(rows), 'experiment')}: {many(kinds.count('prediction'), 'prediction')} and "
        f"{many(kinds.count('calibration'), 'calibration')}. "
        "Each holds a model against what was found; scores are told by `neurohumor validate`, not here, and predictions and calibrations "
        "are counted apart. [How to write one](../how_to_write_an_experiment.md).\n\n"
    )
    return "# Experiments\n\n" + words + table(("experiment", "what was done", "kind", "model", "measures"), rows, right=(4,))
