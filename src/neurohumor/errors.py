"""The errors of the package: each says what is wrong, where, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class NeurohumorError(Exception):
    """Base of every error that the package raises on purpose.

    `what` is the fault, `where` a file and line or a full name, `remedy` what the reader can do.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        head = f"{where}: {what}" if where else what
        super().__init__(f"{head}\n    {remedy}" if remedy else head)


class UnitMismatch(NeurohumorError):
    """Two quantities of different kinds were put together, or a unit cannot be read."""


class UnknownName(NeurohumorError):
    """A name that nothing here carries."""


class WiringError(NeurohumorError):
    """Modules that cannot be joined: two givers of one quantity, an undeclared algebraic circle."""


class ModelError(NeurohumorError):
    """A model that is inconsistent as written."""


class FileError(NeurohumorError):
    """A file that cannot be read as what it claims to be."""


class SolveError(NeurohumorError):
    """A run that could not be completed; carries the status of every person that failed."""

    def __init__(self, what: str, *, where: str = "", remedy: str = "", statuses: tuple[object, ...] = ()) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.statuses = statuses


class EvidenceError(NeurohumorError):
    """A number, source or claim whose evidence is missing or contradicts its ledger entry."""


def did_you_mean(name: str, known: Iterable[str], most: int = 3) -> str:
    """A sentence naming the closest known names, or an empty string."""
    close = difflib.get_close_matches(name, list(known), n=most, cutoff=0.55)
    return f"did you mean {' or '.join(close)}?" if close else ""
