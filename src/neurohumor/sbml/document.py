"""An SBML file opened: looked over, parsed by libSBML, checked for consistency, and flat."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neurohumor.errors import FileError
from neurohumor.sbml.consistency import check, refuse_errors
from neurohumor.sbml.guard import read_bytes, scan
from neurohumor.sbml.library import library

COPIES = 5_000
"""Models within models, each counted as often as it is used."""
READ = frozenset({"comp", "l3v2extendedmath"})
"""Packages that are understood; others a file may carry where it does not require them."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A flat model, and what its file is.  `document` keeps `model` alive."""

    document: Any
    model: Any
    where: str
    level: int
    version: int
    notes: tuple[str, ...]


def open_sbml(source: str | Path | bytes, told: str = "text") -> Opened:
    """The model of an SBML file, or of its text (which messages call `told`).

    Models within the model are written out; their files must lie beside it.

    Raises FileError for what is no valid SBML, and for packages that change what a model means and are not known here.
    """
    data, where, folder = _data(source, told)
    scan(data, where)
    document = _parsed(data, where)
    _refuse_packages(document, where)
    if document.getModel() is None:
        raise FileError("the file holds no model", where=where, remedy="give a file with a <model>")
    level, version = document.getLevel(), document.getVersion()
    if folder is not None:
        document.setLocationURI(f"file:{folder / 'model.xml'}")
    copies = _Counting(folder, where).copies(document)
    if copies > COPIES:
        raise FileError(f"models within the model come to {copies}, more than {COPIES}", where=where, remedy="split the model")
    notes = check(document, where, copies)
    if copies > 1:
        _flatten(document, where)
    return Opened(document, document.getModel(), where, level, version, notes)


def _data(source: str | Path | bytes, told: str) -> tuple[bytes, str, Path | None]:
    if isinstance(source, bytes):
        return source, told, None
    if isinstance(source, str) and source.lstrip("\ufeff \t\r\n").startswith("<"):
        return source.encode(), told, None
    path = Path(source)
    return read_bytes(path), str(path), path.resolve().parent


def _parsed(data: bytes, where: str) -> Any:
    module = library()
    document = module.readSBMLFromString(data.decode("utf-8-sig"))
    if document.getErrorLog().contains(module.RequiredPackagePresent):
        names = ", ".join(repr(document.getUnknownPackagePrefix(k)) for k in range(document.getNumUnknownPackages()))
        raise FileError(f"a package that the file requires is not known: {names}", where=where, remedy="export without it")
    refuse_errors(document, where)
    return document


def _refuse_packages(document: Any, where: str) -> None:
    for k in range(document.getNumPlugins() if document.getLevel() > 2 else 0):
        name = document.getPlugin(k).getPackageName()
        if name not in READ and document.getPackageRequired(name):
            raise FileError(f"the package {name!r} changes what the model means and is not read", where=where, remedy="export without it")


def _flatten(document: Any, where: str) -> None:
    """Write out models within the model, in place: what was S in the submodel A is now A__S."""
    module = library()
    properties = module.ConversionProperties()
    properties.addOption("flatten comp")
    properties.addOption("leavePorts", False)
    properties.addOption("performValidation", False)
    properties.addOption("abortIfUnflattenable", "requiredOnly")
    if document.convert(properties) != module.LIBSBML_OPERATION_SUCCESS:
        refuse_errors(document, where)
        raise FileError("the models within the model cannot be written out", where=where, remedy="flatten it with another tool")


class _Counting:
    """How many models a hierarchical model comes to, so that one that explodes is refused; files beside it are looked over."""

    def __init__(self, folder: Path | None, where: str) -> None:
        self.folder, self.where = folder, where
        self.known: dict[tuple[str, str], int] = {}
        self.documents: dict[str, Any] = {}

    def copies(self, document: Any) -> int:
        """Of the main model of a document."""
        self.documents[""] = document
        return self._within("", document.getModel(), ())

    def _within(self, file: str, model: Any, above: tuple[tuple[str, str], ...]) -> int:
        plugin = model.getPlugin("comp")
        total = 1
        if plugin is None:
            return total
        for k in range(plugin.getNumSubmodels()):
            total += self._of(file, plugin.getSubmodel(k).getModelRef(), above)
            if total > COPIES:
                break
        return total

    def _of(self, file: str, name: str, above: tuple[tuple[str, str], ...]) -> int:
        key = (file, name)
        if key in above:
            raise FileError(f"the model {name!r} contains itself", where=self.where, remedy="break the circle")
        if len(above) > 100:
            raise FileError("models within models are nested deeper than 100", where=self.where, remedy="flatten the model")
        if key not in self.known:
            self.known[key] = self._counted(key, (*above, key))
        return self.known[key]

    def _counted(self, key: tuple[str, str], above: tuple[tuple[str, str], ...]) -> int:
        file, name = key
        document = self.documents[file]
        plugin = document.getPlugin("comp")
        inside = None if plugin is None else plugin.getModelDefinition(name)
        if inside is not None:
            return self._within(file, inside, above)
        outside = None if plugin is None else plugin.getExternalModelDefinition(name)
        if outside is None:
            model = document.getModel()
            if model is not None and (model.getId() == name or not name):
                return self._within(file, model, above)
            raise FileError(f"there is no model {name!r}", where=self.where, remedy="define it")
        other = self._opened(outside.getSource())
        return self._of(other, outside.getModelRef() or self.documents[other].getModel().getId(), above)

    def _opened(self, source: str) -> str:
        """Read a file that a model refers to; it must lie in the same folder."""
        if self.folder is None:
            raise FileError(f"it refers to the file {source!r}, which a text has no folder for", where=self.where, remedy="give the path")
        path = self.folder / source
        plain = re.fullmatch(r"[\w.+() -]+\.(xml|sbml)", source) is not None
        if not plain or path.resolve().parent != self.folder:
            raise FileError(
                f"it refers to {source[:80]!r}; only .xml and .sbml files in its own folder are read",
                where=self.where,
                remedy="put it there",
            )
        if source not in self.documents:
            data = read_bytes(path)
            scan(data, str(path))
            self.documents[source] = _parsed(data, str(path))
            _refuse_packages(self.documents[source], str(path))
        return source
