"""The pages of reference that are made from the code: `python -m neurohumor.cli.reference docs/reference` writes them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from neurohumor.cli.app import VERBS, app
from neurohumor.life.keys import Key

COLUMNS = 100


def command_line_page() -> str:
    """docs/reference/command_line.md: what `neurohumor --help` and the help of every verb print."""
    pieces = [
        "# Command line\n\n"
        "This page is made by running `--help`. Exit codes: 0 well, 1 a run failed or a check found a fault, 2 bad input (one "
        "message on stderr, nothing written), 130 interrupted (what was computed is kept).\n\n"
        f"## neurohumor\n\n```text\n{help_text([])}```\n"
    ]
    pieces += [f"## neurohumor {verb}\n\n```text\n{help_text([verb])}```\n" for verb in VERBS]
    return "\n".join(pieces)


def help_text(path: list[str]) -> str:
    """What --help prints for the whole line or for a verb, at a fixed width."""
    import typer

    group: Any = typer.main.get_command(app)
    whole = group.make_context("neurohumor", [], resilient_parsing=True, terminal_width=COLUMNS)
    if not path:
        return _stripped(group.get_help(whole))
    verb = group.get_command(whole, path[0])
    inner = verb.make_context(path[0], [], parent=whole, resilient_parsing=True, terminal_width=COLUMNS)
    return _stripped(verb.get_help(inner))


def _stripped(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip() + "\n"


def experiments_page() -> str:
    """docs/reference/experiments.md: the file of an experiment, from the tables that read it."""
    from neurohumor.proof import forms
    from neurohumor.proof.experiment import STATISTICS

    pieces = [
        EXPERIMENTS_HEAD,
        _keys("## The experiment", forms.TOP),
        _keys("## An arm: `[arms.NAME]`", forms.ARM),
        _keys("### A parameter changed: `overrides = [{ ... }]`", forms.OVERRIDE),
        _keys("## A measure: `[[measures]]`", forms.MEASURE),
        "### Statistics\n\n| statistic | what it is |\n| --- | --- |\n"
        + "".join(f"| `{name}` | {words} |\n" for name, words in STATISTICS.items()),
        _keys("### Against another arm: `compare = { ... }`", forms.COMPARE),
        _keys("### Against another time: `reference = { ... }`", forms.REFERENCE),
        _keys("### What counts as a hit: `tolerance = { ... }`", forms.TOLERANCE),
        EXPERIMENTS_TAIL,
    ]
    return "\n".join(pieces)


def _keys(heading: str, keys: Iterable[Key]) -> str:
    rows = "".join(f"| `{key.name}` | {'yes' if key.required else ''} | {_escaped(key.doc)} |\n" for key in keys)
    return f"{heading}\n\n| key | needed | meaning |\n| --- | --- | --- |\n{rows}"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


EXPERIMENTS_HEAD = """# Experiments as files

An experiment holds the model against the world: who lives what, what is measured, what was found. It is one TOML file;
`neurohumor validate` runs those of the package, `neurohumor validate --experiments FOLDER` those of any folder. Files are
read as data; a key that is not listed here is refused with its line. Persons and days may lie beside the experiment, and
`notes` between three quotes may have several lines.

```toml
id     = "V11"
title  = "Overnight dexamethasone"
source = "who found it, and where it stands"
kind   = "prediction"

[arms.usual]
person = "reference_man"
days   = 2

[arms.dexamethasone]
person = "reference_man"
days   = 2
[[arms.dexamethasone.protocol.dose]]
of     = "dexamethasone"
amount = "1 mg"
at     = "day 0 23:00"

[[measures]]
name      = "cortisol the next morning"
arm       = "dexamethasone"
quantity  = "blood.cortisol"
statistic = "at"
at        = "day 1 08:00"
unit      = "nmol/L"
tolerance = { at_most = 50 }

[[measures]]
name      = "against the usual morning"
arm       = "dexamethasone"
quantity  = "blood.cortisol"
statistic = "mean"
window    = ["day 1 07:00", "day 1 09:00"]
compare   = { arm = "usual", how = "ratio" }
tolerance = { direction = "down", by = 0.5 }
```
"""

EXPERIMENTS_TAIL = """## Moments

A clock time without a day ("08:00") is the first such moment of the run, or of `day`; "day 1 08:00" is one moment. "start",
"end" and the name of a happening may take a shift: "threat + 20 min", "hydrocortisone 20 mg + 2 h". A window whose end is
not later on the clock than its beginning ends on the next day. With `compare`, the other arm is read at the same times,
whatever happens in it.

## Scores

A measure is a *hit* where its value lies within the tolerance, a *miss* where it does not, an *error* where it could not be
taken; an error in one arm or file never stops the others. An experiment is a *hit* if all its measures are, *partial* if some
are, *error* if none is and at least one could not be taken, else a *miss*. Predictions and calibrations are counted apart.

Of a population, a value is the mean over people of each one's statistic; a fraction is the share of people whose statistic
passes the threshold. If anybody's run fails, the measure is an error. Times of day are compared around the clock: 23:50 and
00:10 are 20 minutes apart.

The [JSON Schema](experiment.schema.json) of these files tells an editor the same.

`--json` prints a list of `{id, title, kind, status, measures: [{name, value, unit, target, tolerance, status}]}`; a value that
could not be taken is `null`, and the reason stands on stderr.
"""


def experiment_schema_text() -> str:
    """docs/reference/experiment.schema.json: the JSON Schema of an experiment's file, for editors and other programs."""
    import json

    from neurohumor.proof.forms import experiment_schema

    return json.dumps(experiment_schema(), indent=2, ensure_ascii=False) + "\n"


PAGES = {
    "command_line.md": command_line_page,
    "experiments.md": experiments_page,
    "experiment.schema.json": experiment_schema_text,
}


def main() -> None:
    """Writes the pages into the folder given."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in PAGES.items():
        (folder / name).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
