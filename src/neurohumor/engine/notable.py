"""Which quantities of a run a reader looks for first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurohumor.names.places import places

if TYPE_CHECKING:
    from neurohumor.engine.run import Run

_MACHINE = (".gain.", ".load", ".release_load", ".recruit", ".burst", ".circadian_phase")
_STEADY = (".mass", ".atp_rest")


def main_quantities(run: Run) -> tuple[str, ...]:
    """The quantities that a reader looks for, blood first: told by parts of the model, and not merely how parts reach one another."""
    return tuple(sorted((name for name in run.quantities if _told(run, name) and _worth_showing(name)), key=_rank))


def _rank(name: str) -> int:
    place = name.partition(".")[0]
    kind = places()[place].kind if place in places() else ""
    return 0 if place == "blood" else 1 if kind in ("region", "nucleus") else 2 if kind == "brain" else 3


def _told(run: Run, name: str) -> bool:
    return all(group.table.columns[name].kind in ("state", "derived", "told") for group in run.groups if name in group.table.columns)


def _worth_showing(name: str) -> bool:
    place = name.partition(".")[0]
    outside = place in ("clamp", "dose") or (place in places() and places()[place].kind == "outside")
    return not outside and not any(f"{name}.".find(part) >= 0 for part in _MACHINE) and not name.endswith(("_use", *_STEADY))
