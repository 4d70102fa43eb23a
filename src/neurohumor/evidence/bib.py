"""References: a strict reader and writer of our own small part of BibTeX.

    @article{key,
      author  = {Best, Janet A. and Nijhout, H. Frederik},
      title   = {...},
      journal = {...},
      year    = {2009},
      doi     = {10.1186/1742-4682-6-21},
    }

One field a line, values in braces, letters as themselves (no TeX commands).  Every entry has a DOI or a PMID.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from neurohumor.errors import FileError, did_you_mean

KINDS = ("article", "book", "incollection", "inproceedings", "techreport", "misc")
FIELDS = (
    "author", "title", "journal", "booktitle", "publisher", "year", "volume", "number", "pages", "doi", "pmid", "pmcid", "url", "note",
)  # fmt: skip
REQUIRED = ("author", "title", "year")

_HEAD = re.compile(r"@(?P<kind>[a-z]+)\{(?P<key>[a-z][a-z0-9_]*),")
_FIELD = re.compile(r"(?P<name>[a-z]+)\s*=\s*\{(?P<value>.*)\},?")
_DOI = re.compile(r"10\.\d{4,9}/\S+")


@dataclass(frozen=True, slots=True)
class Reference:
    """A source: its key, its BibTeX kind, and its fields as written (`line` is where it stands)."""

    key: str
    kind: str
    fields: Mapping[str, str]
    line: int = 0

    def __getitem__(self, field: str) -> str:
        """A field as text without the braces that guard capitals; empty where it is not given."""
        return self.fields.get(field, "").replace("{", "").replace("}", "")

    @property
    def authors(self) -> tuple[str, ...]:
        """The authors as written, "Family, Given"; the last may be "others"."""
        return tuple(name.strip() for name in self["author"].split(" and "))

    @property
    def address(self) -> str:
        """Where the source is found on the web."""
        if self["doi"]:
            return f"https://doi.org/{self['doi']}"
        return f"https://pubmed.ncbi.nlm.nih.gov/{self['pmid']}/"

    @property
    def short(self) -> str:
        """Authors and year: "Best et al. 2009"."""
        names = [name.split(",")[0] for name in self.authors]
        if len(names) > 2 or names[-1] == "others":
            names = [f"{names[0]} et al."]
        return f"{' and '.join(names)} {self['year']}"

    def __str__(self) -> str:
        """The reference as one line of text."""
        who = "; ".join(self.authors)
        volume = self["volume"] + (f"({self['number']})" if self["number"] else "")
        where = ":".join(part for part in (volume, self["pages"]) if part)
        journal = " ".join(part for part in (self["journal"] or self["booktitle"] or self["publisher"], where) if part)
        return ". ".join(part.rstrip(".") for part in (f"{who} ({self['year']})", self["title"], journal, self.address) if part)


def read_bibtex(text: str, name: str = "refs.bib") -> dict[str, Reference]:
    """The references in a text, by key, in its order; `name` is the file named in errors.

    Raises FileError (with the line) for anything outside the part of BibTeX described above, for a key given twice, for an
    unknown, repeated or missing field, and for an entry without DOI and PMID.
    """
    found: dict[str, Reference] = {}
    lines = iter(enumerate(text.splitlines(), start=1))
    for number, line in lines:
        bare = line.strip()
        if not bare or bare.startswith("%"):
            continue
        head = _HEAD.fullmatch(bare)
        if not head:
            raise FileError(f"{bare[:60]!r} does not begin an entry", where=f"{name}:{number}", remedy="write @article{key2009,")
        kind, key = head["kind"], head["key"]
        if kind not in KINDS:
            raise FileError(f"unknown kind of entry @{kind}", where=f"{name}:{number}", remedy=", ".join(KINDS))
        if key in found:
            raise FileError(f"{key} is given twice", where=f"{name}:{number}", remedy=f"the first stands in line {found[key].line}")
        reference = Reference(key, kind, _fields(lines, key, name), number)
        _complete(reference, f"{name}:{number}")
        found[key] = reference
    return found


def _fields(lines: Iterable[tuple[int, str]], key: str, name: str) -> dict[str, str]:
    """The fields of the entry whose head has just been read, up to its closing brace."""
    fields: dict[str, str] = {}
    for number, line in lines:
        where, bare = f"{name}:{number}", line.strip()
        if bare == "}":
            return fields
        field = _FIELD.fullmatch(bare)
        if not field:
            raise FileError(f"{bare[:60]!r} is no field of {key}", where=where, remedy="write one field a line: year = {2009},")
        label, value = field["name"], field["value"].strip()
        if label not in FIELDS:
            raise FileError(f"{key} has an unknown field {label!r}", where=where, remedy=did_you_mean(label, FIELDS) or ", ".join(FIELDS))
        if label in fields:
            raise FileError(f"{key} gives {label} twice", where=where, remedy="keep one")
        if not value or "\\" in value or not _balanced(value):
            raise FileError(f"{key}: {label} cannot be read: {value[:60]!r}", where=where, remedy="plain letters, braces in pairs, no TeX")
        fields[label] = value
    raise FileError(f"{key} does not end", where=name, remedy="close the entry with a line that holds only }")


def _balanced(value: str) -> bool:
    depth = 0
    for letter in value:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return False
    return depth == 0


def _complete(reference: Reference, where: str) -> None:
    """Raise FileError unless a reader can find the source."""
    fields, key = reference.fields, reference.key
    for needed in REQUIRED:
        if needed not in fields:
            raise FileError(f"{key} has no {needed}", where=where, remedy=f"add {needed} = {{...}},")
    if not re.fullmatch(r"(17|18|19|20)\d\d", fields["year"]):
        raise FileError(f"{key} has the year {fields['year']!r}", where=where, remedy="write four digits")
    if "doi" not in fields and "pmid" not in fields:
        raise FileError(f"{key} has neither DOI nor PMID", where=where, remedy="add doi = {10....}, or pmid = {...}, as seen at the source")
    if "doi" in fields and not _DOI.fullmatch(fields["doi"]):
        raise FileError(f"{key}: {fields['doi']!r} is no DOI", where=where, remedy="write it bare: 10.1186/1742-4682-6-21")
    if "pmid" in fields and not fields["pmid"].isdigit():
        raise FileError(f"{key}: {fields['pmid']!r} is no PMID", where=where, remedy="a PMID is a whole number")


def write_bibtex(references: Iterable[Reference]) -> str:
    """The references as BibTeX, which `read_bibtex` reads back."""
    entries = []
    for reference in references:
        width = max(len(name) for name in reference.fields)
        body = "".join(f"  {name:<{width}} = {{{value}}},\n" for name, value in reference.fields.items())
        entries.append(f"@{reference.kind}{{{reference.key},\n{body}}}\n")
    return "\n".join(entries)
