"""`neurohumor orbits`: generate what influences are neutral against."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from neurohumor.cli.messages import tell_note


def verb(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Which model, as in human.", show_default=False)],
    write: Annotated[bool, typer.Option("--write", help="Store them in the package, in place of the stored ones of this model.")] = False,
) -> None:
    """Generate the reference orbits of influences.

    Both reference adults are settled with every influence switched off; of each influence the mean of its saturation over the
    day, and of a fast one its curve over the circadian phase, is what it is neutral against from then on.
    """
    from neurohumor.build import orbits
    from neurohumor.cli.progress import Watch
    from neurohumor.cli.tables import print_table
    from neurohumor.models import load
    from neurohumor.proof.orbits import merged, orbits_of, written
    from neurohumor.show.numbers import digits

    with Watch("settling both reference adults") as watch:
        found = orbits_of(load(model), progress=watch)
    stored = dict(orbits.stored())
    rows = [
        (key, digits(one.mean, 4), _change(stored.get(key) or stored.get(key.partition("@")[0]), one), "curve" if one.curve else "mean")
        for key, one in found.items()
    ]
    print_table(f"Influences of {model}", ("influence", "mean", "stored", "kept as"), rows, right=(1, 2), keep=(0,))
    if write and found:
        text = written(merged(stored, found))
        draft = orbits.STORED.with_suffix(".draft")
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, orbits.STORED)
        orbits.stored.cache_clear()
        tell_note(f"stored in {orbits.STORED}")


def _change(before: object, now: object) -> str:
    from neurohumor.build.orbits import Orbit
    from neurohumor.show.numbers import digits

    if not isinstance(before, Orbit) or not isinstance(now, Orbit):
        return "none"
    return "the same" if before == now else digits(before.mean, 4)
