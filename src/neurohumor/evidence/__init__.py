"""Sources, the ledger of second readings, and what they say of each number."""

from neurohumor.evidence.badge import badge_markdown, with_badge
from neurohumor.evidence.bib import Reference, read_bibtex, write_bibtex
from neurohumor.evidence.evidence import (
    GRADES,
    LEVELS,
    MEANING,
    Fault,
    Level,
    Library,
    bibliography,
    bibtex,
    citations,
    cite_key,
    counts,
    entry,
    faults,
    grades,
    level,
    level_of_row,
    levels,
    library,
    meaning_of_grade,
    read_library,
    references,
    strays,
)
from neurohumor.evidence.ledger import READ, Entry, read_ledger

__all__ = [
    "GRADES", "LEVELS", "MEANING", "READ", "Entry", "Fault", "Level", "Library", "Reference", "badge_markdown", "bibliography",
    "bibtex", "citations", "cite_key", "counts", "entry", "faults", "grades", "level", "level_of_row", "levels", "library",
    "meaning_of_grade", "read_bibtex", "read_ledger", "read_library", "references", "strays", "with_badge", "write_bibtex",
]  # fmt: skip
