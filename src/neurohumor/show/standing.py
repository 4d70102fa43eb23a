"""What a curve rests on: how many numbers of the part that tells it are assumed, unchecked or from animals, and how precise that is.

Three digits are printed where every number of the part was read by a second reader and comes from people; elsewhere two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from neurohumor.evidence.evidence import level_of_row
from neurohumor.show import page

if TYPE_CHECKING:
    from neurohumor.lang.model import Model
    from neurohumor.lang.system import System

GOOD, POOR = 3, 2
"""Digits that are printed."""
PRECISION = (
    "Three digits are printed where every number of a part was read in its source by a second reader and comes from people, elsewhere two. "
    "The files of the run hold them in full."
)
_PEOPLE = ("", "human")
MEANINGS = (
    ("bad", "stand-in", "the part holds the place of a real one"),
    ("bad", "assumed", "numbers of the part without a source"),
    ("poor", "unchecked", "numbers that cite a source in which nobody has read them"),
    ("animal", "from rat", "numbers that were measured in that species"),
    ("good", "checked", "every number was read by a second reader, and comes from people"),
)
"""Class, words and meaning of each sign."""


def sign_meanings() -> str:
    """What the signs of `Standing.badges` mean."""
    entries = [f'<li><span class="badge {kind}">{page.text(words)}</span> {page.text(meaning)}</li>' for kind, words, meaning in MEANINGS]
    words = page.paragraph("Each curve and each table bears signs that tell how the numbers of the part that tells it are known.")
    return page.folded("what the signs beside the curves mean", f'{words}<ul class="plain">{"".join(entries)}</ul>')


@dataclass(frozen=True, slots=True)
class Standing:
    """How the numbers of a part are known.

    total  of its numbers that are not calculated from others: how many are assumed, cited but unchecked, or of another species
    stand_in  whether the part holds the place of a real one
    """

    part: str
    total: int = 0
    assumed: int = 0
    unchecked: int = 0
    animals: Mapping[str, int] = field(default_factory=dict)
    stand_in: bool = False

    @property
    def figures(self) -> int:
        """Digits that its numbers deserve."""
        return POOR if self.stand_in or self.assumed or self.unchecked or self.animals else GOOD

    @property
    def note(self) -> str:
        """ "38 assumed, 12 unchecked, 31 from rat, of 59"; "all 39 checked"; empty for a part without numbers."""
        words = [*(["stand-in"] if self.stand_in else []), *self._counts()]
        if len(words) == self.stand_in:
            words += [f"all {self.total} checked"] if self.total else []
            return ": ".join(words)
        return f"{', '.join(words)} of {self.total}"

    def _counts(self) -> list[str]:
        told = [
            (self.assumed, "assumed"),
            (self.unchecked, "unchecked"),
            *((n, f"from {name}") for name, n in sorted(self.animals.items())),
        ]
        return [f"{n} {words}" for n, words in told if n]

    def badges(self) -> str:
        """The same as small signs of a page."""
        signs = [("bad", "stand-in")] if self.stand_in else []
        signs += [("bad", f"{self.assumed} of {self.total} assumed")] if self.assumed else []
        signs += [("poor", f"{self.unchecked} unchecked")] if self.unchecked else []
        signs += [("animal", f"{n} from {name}") for name, n in sorted(self.animals.items())]
        if not signs and self.total:
            signs = [("good", f"all {self.total} numbers checked")]
        title = f"the numbers of {self.part}"
        spans = "".join(f'<span class="badge {kind}">{page.text(words)}</span>' for kind, words in signs)
        return f'<span class="badges" title="{page.text(title)}">{spans}</span>' if spans else ""


def together(some: Iterable[Standing], name: str) -> Standing:
    """The standing of several parts under one name."""
    every = list(some)
    animals: Counter[str] = Counter()
    for one in every:
        animals.update(one.animals)
    counts = (sum(one.total for one in every), sum(one.assumed for one in every), sum(one.unchecked for one in every))
    return Standing(name, *counts, dict(animals), any(one.stand_in for one in every))


def standings(system: System | None, model: Model | None = None) -> dict[str, Standing]:
    """The standing of each part of a system; a model says which parts are stand-ins."""
    if system is None:
        return {}
    levels: dict[str, Counter[str]] = {}
    animals: dict[str, Counter[str]] = {}
    for row in system.params:
        level = level_of_row(row)
        levels.setdefault(row.part, Counter())[level] += 1
        if level != "derived" and row.origin not in _PEOPLE:
            animals.setdefault(row.part, Counter())[row.origin] += 1
    stand_ins = {name for name, part in model.parts.items() if part.module.stand_in} if model is not None else set[str]()
    return {
        part: Standing(
            part,
            sum(levels.get(part, Counter()).values()) - levels.get(part, Counter())["derived"],
            levels.get(part, Counter())["assumed"],
            levels.get(part, Counter())["nothing"],
            dict(animals.get(part, Counter())),
            part in stand_ins,
        )
        for part in {*levels, *stand_ins}
    }


def giver_parts(system: System | None) -> dict[str, str]:
    """The part that tells each quantity of a system."""
    if system is None:
        return {}
    rows = {"state": system.states, "derived": system.derived, "param": system.params}
    return {name: rows[leaf.kind][leaf.index].part for name, leaf in system.quantities.items() if leaf.kind in rows}


@dataclass(frozen=True, slots=True)
class Standings:
    """The standing of each quantity of a run, by its part; of what no known part tells, none."""

    parts: Mapping[str, Standing]
    givers: Mapping[str, str]

    def __getitem__(self, quantity: str) -> Standing:
        """The standing of the part that tells a quantity, or that owns a row ("hpa.k_crh")."""
        part = self.givers.get(quantity) or quantity.partition(".")[0]
        return self.parts.get(part, Standing(part))

    def figures(self, quantity: str) -> int:
        """How many digits a quantity deserves: of what is not known to stand on anything, as many as the best."""
        return self[quantity].figures


def standings_of(system: System | None, model: Model | None = None) -> Standings:
    """The standings of a run's system."""
    return Standings(standings(system, model), giver_parts(system))
