"""The nouns of a check: a fault, and the report of all that were found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from neurohumor.errors import ModelError, NeurohumorError, UnitMismatch, WiringError

Kind = Literal["units", "names", "evidence", "unused", "structure", "wiring", "loop", "conservation", "influence", "values", "timescale"]

UNBLOCKING: frozenset[str] = frozenset({"names", "evidence"})
"""Faults of a model that can be built nevertheless: its numbers mean what they say, but names or sources are missing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where (file and line, or a full name), and what to do about it.

    about  the full name or declaration that the fault is of: "Module.name", "part.name" or a quantity
    """

    kind: Kind
    where: str
    message: str
    remedy: str = ""
    about: str = ""

    def __str__(self) -> str:
        head = " ".join(x for x in (f"{self.where}:" if self.where else "", self.about) if x)
        lines = [f"{head}\n    {self.message}" if head else self.message]
        return "\n    ".join([*lines, self.remedy] if self.remedy else lines)


@dataclass(frozen=True, slots=True)
class Report:
    """All faults and warnings of a model, in reading order."""

    model: str
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...] = ()

    @property
    def blocking(self) -> tuple[Fault, ...]:
        """The faults that keep the model from being built: all but those of names and evidence."""
        return tuple(f for f in self.faults if f.kind not in UNBLOCKING)

    def of(self, *kinds: Kind) -> tuple[Fault, ...]:
        """The faults of these kinds."""
        return tuple(f for f in self.faults if f.kind in kinds)

    def raise_if_bad(self) -> None:
        """Raise for any fault, names and evidence included; the message lists them all."""
        raise_for(self.model, self.faults)


def raise_for(model: str, faults: Iterable[Fault]) -> None:
    """Raise one error that lists these faults: of their common kind, else a `ModelError`.  Nothing happens if there are none."""
    found = list(faults)
    if not found:
        return
    kinds = {f.kind for f in found}
    error: type[NeurohumorError] = ModelError
    if kinds == {"units"}:
        error = UnitMismatch
    elif kinds <= {"wiring", "loop"}:
        error = WiringError
    count = "1 fault" if len(found) == 1 else f"{len(found)} faults"
    raise error(f"{count} in model {model}\n" + "\n".join(str(f) for f in found))
