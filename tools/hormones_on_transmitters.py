"""Renew the tables of docs/science/hormones_on_transmitters.md: each influence alone, off and at three sizes, on rest and experiments.

python tools/hormones_on_transmitters.py            all of it, some minutes
python tools/hormones_on_transmitters.py --rest     the table of rest alone, printed
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from neurohumor.life.happenings import Meal
from neurohumor.proof.experiment import Experiment
from neurohumor.proof.hands import LEVELS, Elsewhere, Hand, Level, Moved, hands_of, moved

PAGE = Path(__file__).resolve().parent.parent / "docs" / "science" / "hormones_on_transmitters.md"
CHOOSE = {"synapse": ("hormones",)}
"""The monoamines without clock and axes, so that both hormones can be held."""
OF = ("V15", "V20", "V33", "V34_bh4", "V34_plp", "V34_tyrosine", "V35", "V38", "burst_pfc", "burst_striatum")
ELSEWHERE = {
    "brain.estradiol": (Elsewhere("after the menopause", "brain.estradiol", "1.2 pmol/L"),),
    "brain.cortisol_free": (Elsewhere("cortisol four times as high", "brain.cortisol_free", "40 nmol/L"),),
}
TOLD = {
    "striatum.dopamine": "nmol/L",
    "pfc.dopamine": "nmol/L",
    "cortex.serotonin": "nmol/L",
    "striatum.dopamine_synthesis": "umol/h",
    "cortex.serotonin_synthesis": "umol/h",
    "striatum.hva": "umol/L",
    "cortex.hiaa": "umol/L",
    "ht.firing": "1",
}
LEAST = 0.5
"""Percent, or points of a percentage, below which a move is not told."""
REST = """
id     = "rest"
title  = "Rest"
source = "none: what the model says"
kind   = "prediction"
[arms.rest]
person = "reference_woman"
model  = "synapse"
days   = 1
step   = "1 h"
"""


def rest() -> Experiment:
    """An experiment that only looks at rest; its measures are never scored."""
    from neurohumor.proof.experiments import experiment_from

    measures = "\n".join(
        f'[[measures]]\nname = "{one}"\nquantity = "{one}"\nunit = "{unit}"\nstatistic = "mean"\ntolerance = {{ at_least = 0 }}\n'
        for one, unit in TOLD.items()
    )
    return experiment_from(REST + measures)


def held(one: Experiment) -> Experiment:
    """The experiment with people in whom both hormones are held."""
    arms = {}
    for name, arm in one.arms.items():
        eats = any(isinstance(happening, Meal) for happening in arm.protocol)
        arms[name] = replace(arm, model="synapse", choose=("meals",) if eats else ())
    return replace(one, arms=arms)


def hands() -> tuple[Hand, ...]:
    """The influences that are looked at."""
    from neurohumor.life.person import REFERENCE_WOMAN
    from neurohumor.models import load

    return hands_of(load("synapse").choose("hormones").model(REFERENCE_WOMAN))


def effect(value: float) -> str:
    """An effect's size with its sign."""
    return f"{value:+.2f}".rstrip("0").rstrip(".") if value else "0"


def influences() -> Iterator[str]:
    """Which there are."""
    yield "| influence | gives | claim, grade | size: lower bound, usual, upper bound |"
    yield "| --- | --- | --- | --- |"
    for hand in hands():
        sizes = ", ".join(effect(hand.effects[level]) for level in LEVELS)
        gives = ", ".join(f"`{one}`" for one in hand.gives)
        yield f"| {hand.doc} | {gives} | {hand.claim}, {hand.grade} | {sizes} |"


def percent(without: float, value: float) -> str:
    """The change, rounded to a tenth of a percent."""
    text = f"{100 * (value / without - 1):+.1f}"
    return "0" if text in ("+0.0", "-0.0") else text


def at_rest(found: Sequence[Moved]) -> Iterator[str]:
    """How rest changes, in percent of the same person without influences."""
    yield "| influence | person | " + " | ".join(f"`{one}`" for one in TOLD) + " |"
    yield "| --- | --- |" + " --- |" * len(TOLD)
    for hand in hands():
        rows = {one.without.name: one for one in found if one.hand.key == hand.key}
        if not rows:
            continue
        first = next(iter(rows.values()))
        cells = [[percent(rows[name].without.value, rows[name].at[level].value) for level in LEVELS] for name in TOLD]
        told = ["0" if set(cell) == {"0"} else " / ".join(cell) for cell in cells]
        yield f"| {hand.doc} | {first.elsewhere.name if first.elsewhere else ''} | {' | '.join(told)} |"


def points(one: Moved) -> float:
    """How far a measure moves, in percent of itself or in points where it is a percentage."""
    if one.without.unit == "%":
        return one.size()
    return 100 * one.size() / abs(one.without.value) if one.without.value else 0.0


def written(one: Moved, level: Level) -> str:
    """The value at a level; a verdict that is another than without influences is told."""
    score = one.at[level]
    text = f"{score.value:.4g}"
    return text if score.status == one.without.status else f"{text} ({score.status})"


def on_experiments(found: Sequence[Moved]) -> Iterator[str]:
    """The measure of each experiment that moves most, where any moves enough to be told."""
    yield "| influence | experiment | measure that moves most | without any | lower bound | usual | upper bound |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for hand in hands():
        told = 0
        for name in OF:
            rows = [one for one in found if one.hand.key == hand.key and one.experiment == name]
            most = max(rows, key=points, default=None)
            if most is None or points(most) < LEAST:
                continue
            told += 1
            unit = "" if most.without.unit == "1" else f" {most.without.unit}"
            values = " | ".join(written(most, level) for level in LEVELS)
            yield f"| {hand.doc} | {name} | {most.without.name} | {most.without.value:.4g}{unit} | {values} |"
        if not told:
            yield f"| {hand.doc} | all | none moves by {LEAST} % | | | | |"


def verdicts(found: Sequence[Moved]) -> Iterator[str]:
    """How many verdicts change at all."""
    changed = [(one, level, score.status) for one in found for level, score in one.at.items() if score.status != one.without.status]
    taken = sum(len(LEVELS) for _ in found)
    yield f"Of {taken} values {len(changed)} change their verdict."
    for one, level, status in changed:
        yield f"\n- {one.hand.doc}, {level}: {one.experiment}, {one.without.name}: {one.without.status} becomes {status}"


def within(page: str, name: str, lines: Iterator[str]) -> str:
    """The page with what stands between the markers of that name made anew."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    head, found, rest = page.partition(begin)
    if not found or end not in rest:
        sys.exit(f"{PAGE.name} has no {begin} ... {end}")
    return f"{head}{begin}\n\n" + "\n".join(lines) + f"\n\n{end}" + rest.partition(end)[2]


def main() -> None:
    """Write the tables into the page."""
    from neurohumor.proof.validate import read_folder

    resting = list(moved([rest()], ELSEWHERE, choose=CHOOSE))
    if "--rest" in sys.argv:
        print("\n".join(at_rest(resting)))
        return
    every = [held(one) for name in OF for one in read_folder(only=name) if isinstance(one, Experiment)]
    found = list(moved(every, ELSEWHERE, choose=CHOOSE))
    page = PAGE.read_text(encoding="utf-8")
    page = within(page, "influences", influences())
    page = within(page, "rest", at_rest(resting))
    page = within(page, "experiments", on_experiments(found))
    page = within(page, "verdicts", verdicts(found))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
