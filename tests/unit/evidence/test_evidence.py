"""Levels, counts, citations and bibliographies, on a small module with a library of its own."""

from __future__ import annotations

import pytest

from neurohumor import evidence
from neurohumor.errors import EvidenceError, FileError, UnknownName
from neurohumor.evidence import evidence as shelf
from neurohumor.evidence.badge import badge_markdown, with_badge
from neurohumor.lang import Compartment, Flux, Influence, Input, Model, Module, Param, Species, part
from neurohumor.lang.expr import Const, Symbol
from neurohumor.lang.system import ParamRow, System
from neurohumor.units import quantity, unit

BIB = """@article{miller2001,
  author = {Miller, Ann},
  title = {On k},
  year = {2001},
  doi = {10.1000/1},
}
@article{adams1990,
  author = {Adams, Eve},
  title = {On glands},
  year = {1990},
  pmid = {7},
}
"""

LEDGER = """[Gland.k]
value = 0.12
unit  = "1/min"
read  = "table_or_text"
seen  = "Table 1"
on    = 2026-11-20

[Gland.V]
value = 4
unit  = "L"
read  = "secondary"
seen  = "a review"
on    = 2026-11-20
"""


class Gland(Module):
    """A gland."""

    source = "adams1990"

    blood = Compartment(1.0, "L")
    drive = Input("world.threat", "1", 0.0)
    x = Species(blood, 1.0, "nmol/L")
    V = Param(4000.0, "mL", "volume", cite="miller2001 T3")
    k = Param(7.2, "1/h", "loss", cite="miller2001 T1; adams1990 text", basis="measured")
    k_twice = Param(2 * k, "1/h", "twice the loss", basis="derived")
    s = Param(1.0, "nmol/L/h", "supply", cite="adams1990 F2")
    most = Param(0.5, "1", "effect", basis="assumed")
    half = Param(0.3, "1", "half effect", basis="assumed")
    make = Flux(0 >> x, s)
    lose = Flux(x >> 0, k * x)
    effect = Influence("brain.gain.x", by=drive, emax=most, K=half, claim="F01", grade="B")


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A library of two references and two entries in place of the package's."""
    (tmp_path / "ledger").mkdir()
    (tmp_path / "refs.bib").write_text(BIB, encoding="utf-8")
    (tmp_path / "ledger" / "gland.toml").write_text(LEDGER, encoding="utf-8")
    found = evidence.read_library(tmp_path)
    monkeypatch.setattr(shelf, "library", lambda: found)
    return found


def test_the_level_is_what_was_read_if_both_entries_agree(small):
    known = {p.name: evidence.level(Gland, p) for p in Gland.of(Param)}
    assert known == {
        "V": "secondary", "k": "table_or_text", "k_twice": "derived", "s": "nothing", "most": "assumed", "half": "assumed",
    }  # fmt: skip


def test_a_number_set_by_hand_is_no_longer_the_one_that_was_checked(small):
    assert evidence.level(Gland, Gland.k, 7.3) == "nothing"
    assert evidence.level(Gland, Gland.k, quantity("0.12 1/min")) == "table_or_text"
    assert evidence.level("Gland", Gland.k, 7.2) == "table_or_text"
    assert evidence.level("Other", Gland.k) == "nothing"


def test_levels_of_a_model_carry_full_names_and_heed_overrides(small):
    model = Model("two", {"left": part(Gland), "right": part(Gland, k=7.3)})
    found = evidence.levels(model)
    assert found["left.k"] == "table_or_text"
    assert found["right.k"] == "nothing"
    assert len(found) == 12


def test_counts_name_every_level_in_order(small):
    found = evidence.counts([Gland])
    assert list(found) == list(evidence.LEVELS)
    assert found == {
        "table_or_text": 1, "abstract": 0, "model_file": 0, "secondary": 1, "nothing": 1, "derived": 1, "assumed": 2,
    }  # fmt: skip


def row(name: str, value: float, **more) -> ParamRow:
    return ParamRow("part", name, unit("1/h"), "", Const(value), module="Gland", **more)


def test_a_flat_system_is_asked_row_by_row(small):
    rows = (
        row("k", 7.2, basis="measured", cite="miller2001 T1"),
        row("k", 7.3, basis="measured", cite="miller2001 T1"),
        row("s", 1.0, basis="fitted", cite="adams1990 F2"),
        row("most", 0.5),
        ParamRow("part", "k_twice", unit("1/h"), "", Symbol("k"), basis="derived"),
    )
    system = System("flat", (), rows, (), (), (), ())
    assert [evidence.level_of_row(r) for r in rows] == ["table_or_text", "nothing", "nothing", "assumed", "derived"]
    assert evidence.counts(system)["nothing"] == 2
    assert [r.key for r in evidence.bibliography(system)] == ["adams1990", "miller2001"]


def test_the_bibliography_holds_sources_of_equations_and_of_numbers_by_year(small):
    assert [r.key for r in evidence.bibliography([Gland])] == ["adams1990", "miller2001"]
    assert [r.key for r in evidence.bibliography(Model("m", {"g": part(Gland)}))] == ["adams1990", "miller2001"]
    assert evidence.bibliography(Model("none", {})) == ()


def test_a_cite_gives_reference_and_place(small):
    found, locus = evidence.cite_key("miller2001 T3")
    assert (found.key, locus) == ("miller2001", "T3")
    assert evidence.cite_key("adams1990")[1] == ""
    assert [(r.key, at) for r, at in evidence.citations("miller2001 T1; adams1990 the text")] == [
        ("miller2001", "T1"),
        ("adams1990", "the text"),
    ]
    with pytest.raises(EvidenceError, match="names 2 sources"):
        evidence.cite_key("miller2001; adams1990")


@pytest.mark.parametrize("cite", ["miler2001 T1", "", "miller2001 T1;", "miller2001 T1; x"])
def test_an_unknown_source_is_refused(small, cite):
    with pytest.raises(EvidenceError, match="no source is called"):
        evidence.citations(cite)


def test_a_misspelt_source_is_answered_with_the_right_one(small):
    with pytest.raises(EvidenceError, match="did you mean miller2001"):
        evidence.cite_key("miler2001 T1")


def test_bibtex_of_some_keys(small):
    text = evidence.bibtex(["adams1990"])
    assert list(evidence.read_bibtex(text)) == ["adams1990"]
    with pytest.raises(EvidenceError):
        evidence.bibtex(["nobody"])


def test_grades_of_influences_are_counted():
    assert evidence.grades([Gland]) == {"A": 0, "B": 1, "C": 0, "D": 0}
    assert "animals" in evidence.meaning_of_grade("B")
    with pytest.raises(UnknownName):
        evidence.meaning_of_grade("E")


def test_a_number_entered_twice_is_refused(tmp_path):
    (tmp_path / "ledger").mkdir()
    (tmp_path / "refs.bib").write_text(BIB, encoding="utf-8")
    for name in ("a.toml", "b.toml"):
        (tmp_path / "ledger" / name).write_text(LEDGER, encoding="utf-8")
    with pytest.raises(FileError, match=r"Gland\.k is entered twice"):
        evidence.read_library(tmp_path)


def test_a_missing_or_binary_file_is_refused(tmp_path):
    with pytest.raises(FileError, match="cannot be read"):
        evidence.read_library(tmp_path)
    (tmp_path / "refs.bib").write_bytes(b"\xff\xfe")
    with pytest.raises(FileError, match="cannot be read"):
        evidence.read_library(tmp_path)


def test_the_badge_names_what_occurs(small):
    text = badge_markdown(evidence.counts([Gland]))
    assert text.startswith("**6 numbers**: 1 read in the source's own table or text; 1 read where another source quotes it; 1 cited, but")
    assert text.endswith("2 assumed, without a source.")
    assert "abstract" not in text


def test_the_badge_is_renewed_in_its_place():
    once = with_badge("# A\n<!-- evidence-badge -->\n\n## B\n", {"nothing": 2})
    assert once == "# A\n<!-- evidence-badge -->\n**2 numbers**: 2 cited, but unchecked.\n<!-- /evidence-badge -->\n\n## B\n"
    twice = with_badge(once, {"assumed": 1})
    assert twice.count("numbers**") == 1
    assert "1 assumed" in twice
    assert twice.endswith("\n\n## B\n")
    with pytest.raises(FileError):
        with_badge("# A\n", {})
