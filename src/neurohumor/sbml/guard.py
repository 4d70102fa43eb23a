"""A first look at an SBML file, in bounded time and memory, before any larger library sees it.

One pass of a plain XML parser that keeps nothing: no document type, no entities, bounded depth and size, numbers that a double
can hold, the encoding that SBML demands.  What passes is well-formed, and cannot grow when it is read.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from neurohumor.errors import FileError

LARGEST = 50 * 2**20
"""Bytes of a file."""
DEEPEST = 200
"""Elements within elements; models of the field have about thirty."""
WIDEST = 10_000
"""Elements of one mathematical operation: libraries read a long sum as one that is nested as deep."""
MOST = 4_000_000
"""Elements of a file."""
LONGEST_NUMBER = 400
PIECE = 2**16

_MATH = "http://www.w3.org/1998/Math/MathML "
_NUMBERS = frozenset({"value", "size", "volume", "initialAmount", "initialConcentration", "stoichiometry", "multiplier"})
_SPECIAL = frozenset({"", "inf", "-inf", "+inf", "nan"})
_ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def read_bytes(path: Path, *, largest: int = LARGEST) -> bytes:
    """The bytes of a file that may be SBML.  Raises FileError for one that cannot be read or is too large."""
    where = str(path)
    try:
        size = path.stat().st_size
        if size > largest:
            raise FileError(
                f"the file has {size / 2**20:.0f} MiB, more than the {largest / 2**20:.0f} allowed", where=where, remedy="split the model"
            )
        if not path.is_file():
            raise FileError("this is no file", where=where, remedy="give the path of an SBML file")
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except OSError as fault:
        raise FileError(f"the file cannot be read: {fault.strerror or fault}", where=where, remedy="check the path") from fault
    if len(data) > largest:
        raise FileError("the file grows while it is read", where=where, remedy="give a plain file")
    return data


def scan(data: bytes, where: str, *, largest: int = LARGEST, deepest: int = DEEPEST) -> None:
    """Refuse what is not well-formed, harmless XML with an SBML element at its top.  Raises FileError with the line."""
    if len(data) > largest:
        raise FileError(
            f"the text has {len(data) / 2**20:.0f} MiB, more than the {largest / 2**20:.0f} allowed", where=where, remedy="split the model"
        )
    if not data.strip():
        raise FileError("the file is empty", where=where, remedy="give an SBML file")
    try:
        data.decode()
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise FileError("the file is not written in UTF-8, as SBML must be", where=f"{where}:{line}", remedy="save it as UTF-8") from fault
    _Scan(where, deepest).over(data)


@dataclass(slots=True)
class _Number:
    """A number that is being gathered: the text of a cn, or the part of it after its sep, and what stood before."""

    kind: str
    text: str = ""
    before: str = ""


class _Scan:
    def __init__(self, where: str, deepest: int) -> None:
        self.where, self.deepest = where, deepest
        self.depth = self.elements = 0
        self.widths: list[int] = []
        self.number: _Number | None = None
        self.parser = parser = expat.ParserCreate(None, " ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def over(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            for begin in range(0, len(data), PIECE):
                self.parser.Parse(view[begin : begin + PIECE].tobytes(), False)
            self.parser.Parse(b"", True)
        except expat.ExpatError as fault:
            text = expat.errors.messages.get(fault.code, str(fault)) if isinstance(fault.code, int) else str(fault)
            raise self.refusal(f"not well-formed XML: {text}", "save the model again, as UTF-8", line=fault.lineno) from fault

    def refusal(self, what: str, remedy: str, *, line: int | None = None) -> FileError:
        return FileError(what, where=f"{self.where}:{self.parser.CurrentLineNumber if line is None else line}", remedy=remedy)

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise self.refusal(f"the file says that it is written in {encoding[:40]!r}; SBML is written in UTF-8", "save it as UTF-8")

    def _doctype(self, *_: object) -> None:
        raise self.refusal("the file declares a document type, which SBML has none of", "remove the line <!DOCTYPE ...>")

    def _entity(self, *_: object) -> None:
        raise self.refusal("the file declares an entity, which SBML has none of", "remove the line <!ENTITY ...>")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        plain = name.rpartition(" ")[2]
        if self.elements == 0 and plain != "sbml":
            raise self.refusal(f"the top element is <{plain[:40]}>, not <sbml>", "give an SBML file")
        self.elements += 1
        self.depth += 1
        if self.depth > self.deepest:
            raise self.refusal(f"elements are nested deeper than {self.deepest}", "flatten the model's mathematics")
        if self.elements > MOST:
            raise self.refusal(f"the file has more than {MOST} elements", "split the model")
        if plain == "cn":
            self.number = _Number(attributes.get("type", "real").strip())
        elif plain == "sep" and self.number is not None:
            self.number.before, self.number.text = self.number.text, ""
        if name.startswith(_MATH):
            self._wide()
        for key in _NUMBERS & attributes.keys():
            self._finite(attributes[key])

    def _end(self, name: str) -> None:
        self.depth -= 1
        if name.startswith(_MATH):
            self.widths.pop()
        if self.number is not None and name.endswith("cn"):
            self._literal(self.number)
            self.number = None

    def _wide(self) -> None:
        if self.widths:
            self.widths[-1] += 1
            if self.widths[-1] > WIDEST:
                raise self.refusal(f"an operation on more than {WIDEST} things", "split it into several rules")
        self.widths.append(0)

    def _text(self, text: str) -> None:
        if self.number is not None:
            self.number.text += text
            if len(self.number.text) > LONGEST_NUMBER:
                raise self.refusal(f"a number of more than {LONGEST_NUMBER} characters", "write it with fewer digits")

    def _literal(self, number: _Number) -> None:
        """Refuse a number that is lost when it is read: one too large for a double, a whole one too large for a machine word."""
        parts = [number.before.strip(), number.text.strip()]
        if number.kind == "e-notation":
            self._finite(f"{parts[0]}e{parts[1]}")
            return
        for part in parts:
            self._finite(part)
            if number.kind in ("integer", "rational") and re.fullmatch(r"[+-]?[0-9]+", part) and abs(int(part)) >= 2**31:
                raise self.refusal(f"the whole number {part} has more than 31 bits", 'write it as <cn type="real">')

    def _finite(self, text: str) -> None:
        text = text.strip()
        if text.lower() in _SPECIAL:
            return
        if len(text) > LONGEST_NUMBER:
            raise self.refusal(f"a number of {len(text)} characters", "write it with fewer digits")
        if _NUMBER.fullmatch(text) and not math.isfinite(float(text)):
            raise self.refusal(f"the number {text[:40]} is too large to calculate with", 'give a number below 1.8e308, or "INF"')
