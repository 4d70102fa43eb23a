"""A module: a class whose body is a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from neurohumor.errors import ModelError
from neurohumor.lang.declared import TIMESCALES, Declared, Timescale

D = TypeVar("D", bound=Declared)


class Module:
    """Base of every model file.  Final: a concrete module is never subclassed; compose it, or write another with its ports.

    source     key of the paper whose equations these are, "" for our own
    frozen     True for a paper's model kept as published; ours are the ones that grow
    timescale  fast | day | slow | autonomous (oscillates by itself: never a default part)
    stand_in   True for a labelled placeholder that a real module replaces; shown in every report
    """

    source: ClassVar[str] = ""
    frozen: ClassVar[bool] = False
    timescale: ClassVar[Timescale] = "fast"
    stand_in: ClassVar[bool] = False
    declarations: ClassVar[Mapping[str, Declared]] = {}

    def __init_subclass__(cls) -> None:
        if cls.__mro__[1] is not Module:
            raise ModelError(
                f"{cls.__name__} extends {cls.__mro__[1].__name__}: modules are final", remedy="compose, or write another with its ports"
            )
        if cls.timescale not in TIMESCALES:
            raise ModelError(f"{cls.__name__}.timescale {cls.timescale!r} is not one of {', '.join(TIMESCALES)}")
        found: dict[str, Declared] = {}
        for name, value in vars(cls).items():
            if isinstance(value, Declared):
                if value.name != name:
                    raise ModelError(f"{cls.__name__}.{name} is a second name for {value.name}", where=value.where)
                found[name] = value
        cls.declarations = found

    def __init__(self) -> None:
        raise ModelError(f"{type(self).__name__} is not built by calling it", remedy=f"place it: part({type(self).__name__}, here=...)")

    @classmethod
    def of(cls, kind: type[D]) -> list[D]:
        """The declarations of one kind (and its subkinds), in reading order."""
        return [d for d in cls.declarations.values() if isinstance(d, kind)]

    @staticmethod
    def from_declarations(name: str, declarations: Sequence[tuple[str, Declared]], **attributes: Any) -> type[Module]:
        """A module from a list of (name, declaration), for loops and importers."""
        body: dict[str, Any] = {"__doc__": attributes.pop("doc", ""), "__module__": __name__, **attributes}
        for key, declared in declarations:
            if key in body:
                raise ModelError(f"{name} declares {key!r} twice", where=declared.where)
            body[key] = declared
        return type(name, (Module,), body)
