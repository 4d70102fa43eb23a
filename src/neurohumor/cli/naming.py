"""What the names on the command line stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from neurohumor.errors import UnknownName, did_you_mean

if TYPE_CHECKING:
    from neurohumor.lang.model import Model, Part
    from neurohumor.life.person import Person


def person_of(sex: str) -> Person:
    """The reference adult of a sex.  Raises UnknownName."""
    from neurohumor.life.person import REFERENCE_MAN, REFERENCE_WOMAN

    if sex not in ("f", "m"):
        raise UnknownName(f"no sex is written {sex!r}", where="--sex", remedy="write f or m")
    return REFERENCE_WOMAN if sex == "f" else REFERENCE_MAN


def model_for(family: str, sex: str = "f") -> Model:
    """The model of a family for a reference adult, with the whole shelf left where it is."""
    from neurohumor.models import load

    return load(family).model(person_of(sex))


def placed_module(name: str) -> Part:
    """A module by the name of its class or file, placed where it can be shown.  Raises UnknownName, naming models too."""
    from neurohumor.lang.decl import Influence, Input, Output
    from neurohumor.lang.model import Part
    from neurohumor.models import module, modules, names

    try:
        found = module(name)
    except UnknownName as fault:
        files = [each.__module__.rpartition(".")[2] for each in modules().values()]
        close = did_you_mean(name, [*names(), *modules(), *files])
        raise UnknownName(f"no model or module is called {name!r}", remedy=close or fault.remedy) from None
    told = [x.quantity for x in (*found.of(Input), *found.of(Output))] + [x.target for x in found.of(Influence)]
    needs_place = any("{here}" in quantity for quantity in told)
    return Part(found, "striatum" if needs_place else "")
