"""The keys of an experiment's file; one table reads them, writes the JSON Schema and the reference page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from neurohumor.errors import ModelError
from neurohumor.life.keys import FLAG, NOTE, SPAN, Key, Kind, choice, count, number, shown, words
from neurohumor.life.person import read_override
from neurohumor.life.schemas import DRAFT, made_schema
from neurohumor.proof.experiment import HOWS, KINDS, STATISTICS

MOST_PEOPLE = 100_000
MOST_DAYS = 3660
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}", re.ASCII)
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.\w+)+", re.ASCII)


def _id(value: object) -> None:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ModelError(f"{shown(value)} is no id", remedy='letters, digits and _ . - as in "V11"')


def _dotted(value: object) -> None:
    if not isinstance(value, str) or len(value) > 200 or not _DOTTED.fullmatch(value):
        raise ModelError(f"{shown(value)} is no name", remedy='write place and substance, as in "blood.cortisol", or part and name')


def _several(of: Kind) -> Kind:
    def check(value: object) -> None:
        if not isinstance(value, list):
            raise ModelError(f"{shown(value)} is not a list", remedy='write it between brackets, as in ["a", "b"]')
        for each in value:
            of.check(each)

    return Kind(check, {"type": "array", "items": dict(of.schema)})


def _pair(value: object) -> None:
    if not (isinstance(value, list) and len(value) == 2 and all(isinstance(each, str) for each in value)):
        raise ModelError(f"{shown(value)} is no window", remedy='write two moments, as in window = ["06:00", "10:00"]')


def _person_like(value: object) -> None:
    if not isinstance(value, (str, dict)):
        raise ModelError(f"{shown(value)} is no person", remedy='write "reference_man", a path, or { sex = "m" }')


def _protocol_like(value: object) -> None:
    if not isinstance(value, (str, dict)):
        raise ModelError(f"{shown(value)} is no protocol", remedy="write a path, or [[arms.NAME.protocol.dose]] and the like")


def _table(value: object) -> None:
    if not isinstance(value, dict):
        raise ModelError(f"{shown(value)} is not a table", remedy='write it as in { how = "ratio" }')


def _tables(value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ModelError(f"{shown(value)} is not a list of tables", remedy="write it as in [{ ... }, { ... }]")


def _number(value: object) -> None:
    """A number, bare or as text; what unit it may have, its measure says."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ModelError(f"{shown(value)} is no number", remedy='write a number, or one with its unit, as in "50 nmol/L"')


def _range(value: object) -> None:
    plain = isinstance(value, list) and len(value) == 2
    if not plain or not all(isinstance(each, (int, float, str)) and not isinstance(each, bool) for each in value):  # type: ignore[union-attr]
        raise ModelError(f"{shown(value)} is no range", remedy="write its two ends, as in range = [1.7, 4]")


ID = Kind(_id, {"type": "string", "pattern": f"^{_ID.pattern}$"})
DOTTED = Kind(_dotted, {"type": "string", "pattern": f"^{_DOTTED.pattern}$"})
WORD = Kind(lambda value: words(value, "a text"), {"type": "string"})
WINDOW = Kind(_pair, {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2})
DAY_NUMBER = Kind(number(0, MOST_DAYS).check, {"type": "integer", "minimum": 0})
NUMBER = Kind(_number, {"type": ["number", "string"], "examples": [2.5, "50 nmol/L", "08:30"]})
CHANGE = Kind(read_override, {"type": ["number", "string"], "examples": [2.5, "12 uM/h", "0.5 x"]})
SEED = Kind(number(0, 1e15).check, {"type": "integer", "minimum": 0})

TOP = (
    Key("id", ID, "what the experiment is called in lists", required=True),
    Key("title", NOTE, "one line: what was done", required=True),
    Key("source", NOTE, "whose numbers these are", required=True),
    Key("kind", choice(*KINDS), "calibration: a parameter was set knowing a target; prediction: none was", required=True),
    Key("parameters_set", _several(DOTTED), "of a calibration: the parameters that were set on it"),
    Key("claims", _several(ID), "the claims that it bears on"),
    Key("notes", NOTE, "anything worth knowing"),
    Key("known_shortfall", NOTE, "what the model is known not to reach, and why; told with the score, never counted as a hit"),
)
ARM = (
    Key(
        "person",
        Kind(_person_like, {"type": ["string", "object"]}),
        'who: "reference_man", "reference_woman", a file, or a table as in one',
    ),
    Key(
        "protocol",
        Kind(_protocol_like, {"type": ["string", "object"]}),
        "what happens: a day file, or a table as in one; without it habits",
    ),
    Key("days", number(1e-3, MOST_DAYS), "how long it lasts; default: what the protocol says, else 1"),
    Key(
        "clamps", Kind(_tables, {"type": "array", "items": {"type": "object"}}), "quantities held, with the keys of [[clamp]] in a day file"
    ),
    Key("overrides", Kind(_tables, {"type": "array", "items": {"type": "object"}}), "parameters changed: name, value, from"),
    Key("choose", _several(WORD), "items of the model's shelf that are taken in"),
    Key("silent", _several(WORD), 'influences switched off, by full name or claim; "*" is all'),
    Key("settled", FLAG, "false: from initial values, not from the settled baseline"),
    Key("model", WORD, "which model; human unless said"),
    Key("population", count(MOST_PEOPLE), "that many people drawn around the person"),
    Key("seed", SEED, "which people are drawn; 0 unless said"),
    Key("step", SPAN, "time between samples; 1 min unless said, 5 min of a population or of more than 4 days"),
)
OVERRIDE = (
    Key("name", DOTTED, "the parameter by full name, as in hpa.k_crh", required=True),
    Key("value", CHANGE, 'a number in its unit, a quantity, or a factor as in "0.5 x"', required=True),
    Key("from", WORD, '"always": settled with it; or the moment from which it holds', required=True),
)
MEASURE = (
    Key("name", NOTE, "what is measured, in words", required=True),
    Key("quantity", DOTTED, "the quantity, as in blood.cortisol, or any row by full name", required=True),
    Key("statistic", choice(*STATISTICS), "what is taken of it", required=True),
    Key("arm", WORD, "in which arm; may be left out where there is one"),
    Key("window", WINDOW, "from and to, as clock times, with their day, or relative to a happening; default: the whole run"),
    Key("at", WORD, "the moment, in place of a window"),
    Key("day", DAY_NUMBER, "on which day the window begins; default: the first on which it can"),
    Key(
        "of",
        choice(*(name for name in STATISTICS if not name.startswith("fraction"))),
        "of a fraction: the statistic that is held against it",
    ),
    Key("threshold", WORD, 'of a fraction: the limit, as in "55 nmol/L"'),
    Key("compare", Kind(_table, {"type": "object"}), "against another arm: arm, how"),
    Key("reference", Kind(_table, {"type": "object"}), "against another time of the same arm: at or window, day, how"),
    Key("unit", WORD, "the unit of value, target and tolerance"),
    Key("target", NUMBER, "the number in the source; a time of day as in 08:30"),
    Key("tolerance", Kind(_table, {"type": "object"}), "what counts as a hit", required=True),
    Key("source", NOTE, "where the target stands, if not where the experiment does"),
)
COMPARE = (
    Key("arm", WORD, "the other arm", required=True),
    Key("how", choice(*HOWS), "ratio: this over that; difference: this minus that; percent: the difference in % of that", required=True),
)
REFERENCE = (
    Key("at", WORD, "the moment"),
    Key("window", WINDOW, "or from and to: its mean"),
    Key("day", DAY_NUMBER, "on which day"),
    Key("how", choice(*HOWS), "ratio unless said"),
)
TOLERANCE = (
    Key("absolute", NUMBER, "at most this far from the target"),
    Key("relative", number(0, 1e6), "at most this share of the target away from it"),
    Key("range", Kind(_range, {"type": "array", "minItems": 2, "maxItems": 2}), "between these two, ends included"),
    Key("at_least", NUMBER, "this or more"),
    Key("at_most", NUMBER, "this or less"),
    Key("direction", choice("up", "down"), "above, or below, what it is set against; without that, the target"),
    Key("by", NUMBER, "with direction: by more than this"),
    Key("null", NUMBER, "no change: at most this far from none (from 1 for a ratio, else from 0)"),
)
FIRST = ("absolute", "relative", "range", "at_least", "at_most", "direction", "null")
"""Of a tolerance exactly one of these is given; only at_least and at_most go together."""


def experiment_schema() -> dict[str, Any]:
    """The JSON Schema of an experiment's file."""
    protocol = {key: value for key, value in made_schema("protocol").items() if key != "$schema"}
    person = {key: value for key, value in made_schema("person").items() if key != "$schema"}
    clamp = protocol["properties"]["clamp"]
    arm = _object(ARM, "One group: who, living what, with what changed.")
    arm["properties"] |= {
        "person": {"anyOf": [{"type": "string"}, person]},
        "protocol": {"anyOf": [{"type": "string"}, protocol]},
        "clamps": clamp,
        "overrides": {"type": "array", "items": _object(OVERRIDE, "A parameter changed.")},
    }
    measure = _object(MEASURE, "One number that is compared.")
    measure["properties"] |= {
        "compare": _object(COMPARE, "Against another arm."),
        "reference": _object(REFERENCE, "Against another time."),
        "tolerance": {**_object(TOLERANCE, "What counts as a hit."), "anyOf": [{"required": [name]} for name in FIRST]},
    }
    found = _object(TOP, "A comparison of the model with the world.")
    found["properties"] |= {
        "arms": {"type": "object", "additionalProperties": arm, "minProperties": 1},
        "measures": {"type": "array", "items": measure, "minItems": 1},
    }
    found["required"] += ["arms", "measures"]
    return {"$schema": DRAFT, "title": "An experiment"} | found


def _object(keys: Iterable[Key], doc: str) -> dict[str, Any]:
    every = tuple(keys)
    required = [key.name for key in every if key.required]
    found: dict[str, Any] = {"type": "object", "description": doc, "properties": {key.name: key.schema() for key in every}}
    return found | ({"required": required} if required else {}) | {"additionalProperties": False}
