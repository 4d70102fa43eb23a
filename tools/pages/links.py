"""Which page belongs to which: modules to families, experiments and the science pages that speak of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from neurohumor import models
from neurohumor.errors import NeurohumorError
from neurohumor.lang.decl import Influence, Input, Output
from neurohumor.lang.family import Family
from neurohumor.lang.model import Model
from neurohumor.lang.module import Module
from neurohumor.life.person import REFERENCE_MAN, REFERENCE_WOMAN
from neurohumor.proof.experiment import Experiment
from neurohumor.proof.experiments import experiment_files, read_experiment

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "neurohumor"
EXPERIMENTS = PACKAGE / "proof" / "experiments"
SCIENCE = ROOT / "docs" / "science"


@dataclass(frozen=True, slots=True)
class Told:
    """Something that tells a quantity: the module, and the pattern of the quantity."""

    module: type[Module]
    quantity: str


@cache
def experiments() -> Mapping[str, Experiment]:
    """Every experiment of the package by its id, in order of its file."""
    found = [read_experiment(path) for path in experiment_files(EXPERIMENTS)]
    return {one.id: one for one in found}


def lived(experiment: Experiment) -> tuple[dict[str, Model], dict[str, str]]:
    """The model of each arm of an experiment; and of arms that cannot be made (an experiment may ask for what there is not yet), why."""
    made: dict[str, Model] = {}
    unmade: dict[str, str] = {}
    for name, arm in experiment.arms.items():
        try:
            made[name] = models.load(arm.model).choose(*arm.choose).model(arm.person, arm.protocol)
        except NeurohumorError as error:
            unmade[name] = error.what
    return made, unmade


@cache
def modules_of_experiments() -> Mapping[str, frozenset[str]]:
    """The modules that live in any arm that can be made, by the id of the experiment."""
    return {
        name: frozenset(part.module.__name__ for model in lived(one)[0].values() for part in model.parts.values())
        for name, one in experiments().items()
    }


def everybody(family: Family) -> dict[str, Model]:
    """A family as either reference adult lives it."""
    return {person.name: family.model(person) for person in (REFERENCE_WOMAN, REFERENCE_MAN)}


@cache
def modules_of_families() -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    """Of every family its modules for the reference adults, and those that only its shelf holds."""
    found = {}
    for name in models.names():
        family = models.load(name)
        present = frozenset(p.module.__name__ for model in everybody(family).values() for p in model.parts.values())
        shelved = frozenset(p.module.__name__ for item in family.shelf.values() for p in item.parts.values())
        found[name] = (present, shelved - present)
    return found


@cache
def givers() -> tuple[Told, ...]:
    """Everything that any module tells."""
    return tuple(
        Told(module, x.quantity if isinstance(x, Output) else x.target)
        for module in models.modules().values()
        for x in (*module.of(Output), *module.of(Influence))
    )


@cache
def hearers() -> tuple[Told, ...]:
    """Everything that any module hears."""
    return tuple(Told(module, x.quantity) for module in models.modules().values() for x in module.of(Input))


def meets(one: str, other: str) -> bool:
    """Whether two quantities can be the same one: {here} and * stand for any place."""
    a, b = one.partition("."), other.partition(".")
    return a[2] == b[2] and (a[0] == b[0] or bool({a[0], b[0]} & {"{here}", "*"}))


def partners(quantity: str, among: tuple[Told, ...], but: type[Module]) -> list[str]:
    """Names of the other modules that tell, or hear, a quantity."""
    return sorted({each.module.__name__ for each in among if each.module is not but and meets(each.quantity, quantity)})


@cache
def science() -> Mapping[str, tuple[str, str]]:
    """Of every narrative its title and the files of modules that it names ("a.py, b.py")."""
    found = {}
    for page in sorted(SCIENCE.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        title = text.partition("\n")[0].removeprefix("# ").strip()
        found[page.stem] = (title, ", ".join(sorted(files_named(text))))
    return found


def files_named(text: str) -> set[str]:
    """The names of Python files that stand between backticks, braces written out: `a_{b,c}.py` is a_b.py and a_c.py."""
    found: set[str] = set()
    for quoted in re.findall(r"`([\w/{},.]+\.py)`", text):
        name = quoted.rpartition("/")[2] if "{" not in quoted else quoted[quoted.rfind("/", 0, quoted.find("{")) + 1 :]
        head, brace, rest = name.partition("{")
        if brace:
            choices, _, tail = rest.partition("}")
            found |= {f"{head}{choice}{tail}" for choice in choices.split(",")}
        else:
            found.add(name)
    return found


def narratives(module: type[Module]) -> list[tuple[str, str]]:
    """The science pages that name the file of a module: (page, title)."""
    file = module.__module__.rpartition(".")[2] + ".py"
    return [(page, title) for page, (title, files) in science().items() if file in files.split(", ")]


def folder_of(module: type[Module]) -> str:
    """The folder of modules in which it lies: "transmitters"."""
    return module.__module__.split(".")[2]


def file_of(module: type[Module]) -> str:
    """Its file, within the package."""
    return module.__module__.replace(".", "/").removeprefix("neurohumor/") + ".py"
