"""The reader of references: what it takes, what it refuses, and that it reads what it writes."""

from __future__ import annotations

import pytest

from neurohumor.errors import FileError
from neurohumor.evidence.bib import read_bibtex, write_bibtex

GOOD = """% a comment

@article{miller2001,
  author  = {Miller, Ann B. and Núñez, Óscar and others},
  title   = {{DA} and {BH4}: two letters},
  journal = {A Journal},
  year    = {2001},
  volume  = {6},
  number  = {1},
  pages   = {21-29},
  doi     = {10.1000/xyz(1)},
}

@book{smith1999,
  author = {Smith, John},
  title = {A Book},
  publisher = {A House},
  year = {1999},
  pmid = {123}
}
"""


def test_entries_are_read_in_order_with_their_lines():
    found = read_bibtex(GOOD)
    assert list(found) == ["miller2001", "smith1999"]
    assert (found["miller2001"].line, found["smith1999"].line) == (3, 14)
    assert found["smith1999"].kind == "book"


def test_a_reference_tells_its_parts():
    miller, smith = read_bibtex(GOOD).values()
    assert miller.authors == ("Miller, Ann B.", "Núñez, Óscar", "others")
    assert miller["title"] == "DA and BH4: two letters"
    assert miller["note"] == ""
    assert (miller.short, smith.short) == ("Miller et al. 2001", "Smith 1999")
    assert miller.address == "https://doi.org/10.1000/xyz(1)"
    assert smith.address == "https://pubmed.ncbi.nlm.nih.gov/123/"
    assert str(smith) == "Smith, John (1999). A Book. A House. https://pubmed.ncbi.nlm.nih.gov/123/"
    assert "A Journal 6(1):21-29" in str(miller)


def test_two_authors_are_both_named():
    text = GOOD.replace("{Smith, John}", "{Smith, John and Lee, Kim}")
    assert read_bibtex(text)["smith1999"].short == "Smith and Lee 1999"


def test_what_is_written_is_read_back():
    found = read_bibtex(GOOD)
    again = read_bibtex(write_bibtex(found.values()))
    assert {key: (r.kind, r.fields) for key, r in again.items()} == {key: (r.kind, r.fields) for key, r in found.items()}


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("@article{miller2001,", "miller2001", 3, "does not begin an entry"),
        ("@article{", "@artikel{", 3, "unknown kind of entry @artikel"),
        ("smith1999", "miller2001", 14, "given twice"),
        ("  journal = {A Journal},", "  jurnal = {A Journal},", 6, "unknown field 'jurnal'"),
        ("  journal = {A Journal},", "  year = {2001},", 7, "gives year twice"),
        ("  journal = {A Journal},", '  journal = "A Journal",', 6, "is no field of miller2001"),
        ("A Journal", "", 6, "journal cannot be read"),
        ("A Journal", "A }Jour{nal", 6, "journal cannot be read"),
        ("A Journal", "Br\\\\'ain", 6, "journal cannot be read"),
        ("  author = {Smith, John},\n", "", 14, "has no author"),
        ("{1999}", "{in press}", 14, "has the year 'in press'"),
        ("  pmid = {123}", "  note = {no address}", 14, "neither DOI nor PMID"),
        ("10.1000/xyz(1)", "https://doi.org/10.1000/xyz", 3, "is no DOI"),
        ("{123}", "{PMC123}", 14, "is no PMID"),
    ],
)
def test_what_is_outside_our_part_of_bibtex_is_refused_with_its_line(old, new, line, says):
    assert old in GOOD
    with pytest.raises(FileError) as caught:
        read_bibtex(GOOD.replace(old, new, 1), "planted.bib")
    assert says in caught.value.what
    assert caught.value.where == f"planted.bib:{line}"
    assert caught.value.remedy


def test_an_entry_that_does_not_end_is_refused():
    with pytest.raises(FileError, match="smith1999 does not end"):
        read_bibtex(GOOD.rstrip().rstrip("}"))
