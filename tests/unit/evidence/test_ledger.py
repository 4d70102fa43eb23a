"""The reader of the ledger: what it takes, and what it refuses with a line and a remedy."""

from __future__ import annotations

import datetime

import pytest

from neurohumor.errors import FileError
from neurohumor.evidence.ledger import READ, read_ledger

GOOD = """# a comment
[Gland.k]
value = 2.5
unit  = "mmol/L"
read  = "table_or_text"
seen  = "Table 2, row 4"
on    = 2026-11-20
note  = "men"

[Gland.V]
value = 3
unit  = "1"
read  = "nothing"
"""


def test_entries_are_read():
    found = read_ledger(GOOD, "gland.toml")
    assert list(found) == [("Gland", "k"), ("Gland", "V")]
    k = found["Gland", "k"]
    assert (k.value, str(k.unit), k.read, k.seen, k.note) == (2.5, "mmol/L", "table_or_text", "Table 2, row 4", "men")
    assert k.on == datetime.date(2026, 11, 20)
    assert k.internal == 2500.0  # uM
    assert k.line == "gland.toml:2"
    assert found["Gland", "V"].line == "gland.toml:10"
    assert found["Gland", "V"].seen == ""


def test_every_way_of_reading_is_taken():
    for read in READ:
        assert read_ledger(GOOD.replace("table_or_text", read))["Gland", "k"].read == read


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("note ", "nota ", "unknown key 'nota'"),
        ("value = 2.5\n", "", "has no value"),
        ('unit  = "mmol/L"\n', "", "has no unit"),
        ('read  = "table_or_text"\n', "", "has no read"),
        ("2.5", "nan", "is not a finite number"),
        ("2.5", "true", "is not a finite number"),
        ("2.5", '"2.5"', "is not a finite number"),
        ("table_or_text", "table", "read = 'table'"),
        ('seen  = "Table 2, row 4"\n', "", "does not say where and when"),
        ("on    = 2026-11-20\n", "", "does not say where and when"),
        ("2026-11-20", '"yesterday"', "does not say where and when"),
        ('"Table 2, row 4"', "4", "seen and note are texts"),
        ("mmol/L", "mmol/Q", "Gland.k:"),
    ],
)
def test_an_entry_that_is_not_complete_is_refused_with_its_line(old, new, says):
    assert old in GOOD
    with pytest.raises(FileError) as caught:
        read_ledger(GOOD.replace(old, new, 1), "planted.toml")
    assert says in caught.value.what
    assert caught.value.where == "planted.toml:2"
    assert caught.value.remedy


@pytest.mark.parametrize("text", ["[Gland.k", "[Gland.k]\nvalue = 1\n[Gland.k]\nvalue = 2", "\x00"])
def test_what_is_not_toml_is_refused(text):
    with pytest.raises(FileError, match="not TOML"):
        read_ledger(text)


@pytest.mark.parametrize("text", ["k = 1", "[Gland]\nk = 1"])
def test_a_number_outside_a_table_is_refused(text):
    with pytest.raises(FileError, match="not a table of tables"):
        read_ledger(text)
