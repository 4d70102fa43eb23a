"""The keys of a person's file; one table reads them, writes the schema and the reference page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from neurohumor.errors import UnknownName, did_you_mean
from neurohumor.life.keys import MOMENT, NAME, NOTE, VALUE, Key, Kind, amount, choice, number, words
from neurohumor.life.person import read_values
from neurohumor.life.traits import CYCLE, GENOTYPES, MEASURES, TRAITS, read_genotype, read_trait
from neurohumor.units import quantity

PERSON = (
    Key("name", NAME, "what the person is called"),
    Key("sex", choice("f", "m"), "which of the two bodies the model builds"),
    *(Key(name, amount(TRAITS[name].unit), TRAITS[name].doc) for name in MEASURES),
    Key("notes", NOTE, "anything worth knowing"),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A table whose keys are names from a list, or full parameter names.

    check      raises for a name or value that it cannot hold
    arguments  what it gives to the making of a person
    """

    name: str
    check: Callable[[str, Any], object]
    arguments: Callable[[dict[str, Any]], dict[str, Any]]
    schema: Mapping[str, Any]
    doc: str
    example: str


_CYCLE = {"day": CYCLE[0], "length": CYCLE[1]}
_OTHERS = tuple(name for name in TRAITS if name not in (*MEASURES, *CYCLE))


def _cycle(name: str, value: Any) -> None:
    if name not in _CYCLE:
        raise UnknownName(f"unknown key {name!r}", remedy=did_you_mean(name, _CYCLE) or "known: day, length")
    read_trait(_CYCLE[name], value, "f")


def _trait(name: str, value: Any) -> None:
    if name not in _OTHERS:
        remedy = "give it at the top of the file" if name in TRAITS else did_you_mean(name, _OTHERS) or "known: " + ", ".join(_OTHERS)
        raise UnknownName(f"unknown key {name!r}", remedy=remedy)
    read_trait(name, value, "f")


def _table(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def _trait_schema(name: str) -> dict[str, Any]:
    trait = TRAITS[name]
    unit = "" if trait.unit == "1" else f"; a bare number is in {trait.unit}"
    return {"type": ["number", "string"], "description": f"{trait.doc}, {trait.low:g} to {trait.high:g}{unit}"}


SECTIONS: Mapping[str, Section] = MappingProxyType(
    {
        "cycle": Section(
            "cycle",
            _cycle,
            lambda values: {_CYCLE[name]: value for name, value in values.items()},
            _table({name: _trait_schema(trait) for name, trait in _CYCLE.items()}),
            "The menstrual cycle: its length, and the day on which day 0 falls.",
            'cycle = { length = "28 d", day = 5 }',
        ),
        "traits": Section(
            "traits",
            _trait,
            lambda values: {"traits": values},
            _table({name: _trait_schema(name) for name in _OTHERS}),
            "What is known of this person beyond the measures.",
            "[traits] and, below it, chronotype = -0.4",
        ),
        "genotype": Section(
            "genotype",
            read_genotype,
            lambda values: {"genotype": values},
            _table({gene: {"enum": list(one.values), "description": f"{one.trait}; {one.source}"} for gene, one in GENOTYPES.items()}),
            "Genotypes, each setting a trait.",
            '[genotype] and, below it, comt = "val/met"',
        ),
        "values": Section(
            "values",
            lambda name, value: read_values({name: value}),
            lambda values: {"values": values},
            {"type": "object", "additionalProperties": {"type": ["string", "number"]}},
            'Parameters that differ, by full name: "0.9 x" times the default, or a new value.',
            '[values] and, below it, "hpa.k_crh" = "0.9 x"',
        ),
    }
)


def _measured(value: object) -> None:
    text = words(value, "a value with its unit")
    quantity(str(text), "1" if str(text).strip()[-1:].isdigit() or str(text).strip().endswith("%") else None)


LAB = (
    Key("name", NAME, "as the laboratory prints it (TSH), or the vocabulary (blood.tsh)", required=True),
    Key("value", Kind(_measured, VALUE.schema), "the value with its unit, US or SI", required=True),
    Key("time", MOMENT, "when the sample was taken"),
    Key("cycle_day", number(0, 90), "the day of the cycle on which it was taken"),
    Key("note", NAME, "anything worth knowing"),
)
