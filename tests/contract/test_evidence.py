"""Every module, found by itself: its sources resolve, its numbers have one, and both entries of each number agree."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import neurohumor.modules
from neurohumor import evidence
from neurohumor.lang import Compartment, Module, Param


def shipped() -> list[type[Module]]:
    """Every module of the package, by discovery."""
    for found in pkgutil.walk_packages(neurohumor.modules.__path__, "neurohumor.modules."):
        importlib.import_module(found.name)
    return [cls for cls in Module.__subclasses__() if cls.__module__.startswith("neurohumor.modules.")]


MODULES = shipped()


def test_there_are_modules_of_different_names():
    names = [module.__name__ for module in MODULES]
    assert names
    assert sorted(set(names)) == sorted(names), "the ledger tells modules apart by the names of their classes"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_evidence_has_no_fault(module):
    assert evidence.faults(module) == []


def test_the_ledger_belongs_to_the_modules():
    assert evidence.strays(MODULES) == []


def test_every_number_has_a_level():
    found = evidence.counts(MODULES)
    assert set(found) == set(evidence.LEVELS)
    assert sum(found.values()) == sum(len(module.of(Param)) for module in MODULES)


# ── Planted faults ────────────────────────────────────────────────────────────────────────────────

BIB = "@article{miller2001,\n author = {Miller, Ann},\n title = {On k},\n year = {2001},\n doi = {10.1000/1},\n}\n"
ENTRY = '[Planted.k]\nvalue = 0.12\nunit = "1/min"\nread = "abstract"\nseen = "abstract"\non = 2026-11-20\n'


def planted(k: Param, **attributes) -> type[Module]:
    return Module.from_declarations("Planted", [("c", Compartment(1.0)), ("k", k)], **attributes)


def small(entry: str = ENTRY) -> evidence.Library:
    return evidence.Library(evidence.read_bibtex(BIB), evidence.read_ledger(entry, "planted.toml"))


def test_a_faultless_module_has_no_fault():
    module = planted(Param(7.2, "1/h", "loss", cite="miller2001 T1"), source="miller2001", frozen=True)
    assert evidence.faults(module, small()) == []


def test_an_assumed_number_needs_no_source():
    assert evidence.faults(planted(Param(1.0, "1/h", "loss", basis="assumed")), small("")) == []


@pytest.mark.parametrize(
    ("k", "entry", "says", "remedy"),
    [
        (Param(7.2, "1/h", cite="miler2001 T1"), ENTRY, "no source is called 'miler2001'", "did you mean miller2001"),
        (Param(7.2, "1/h", basis="measured"), ENTRY, "it is called measured but cites nothing", "basis="),
        (Param(7.2, "1/h", basis="derived"), ENTRY, "it is called derived but cites nothing", "basis="),
        (Param(7.2000001, "1/h", cite="miller2001 T1"), ENTRY, "it is 7.2000001 1/h, but 0.12 1/min in ledger/planted.toml:1", "read"),
        (Param(7.2, "uM", cite="miller2001 T1"), ENTRY, "its unit is uM, but 1/min in ledger/planted.toml:1", "read"),
        (Param(7.2, "1/h", cite="miller2001 T1"), ENTRY.replace("Planted.k", "Planted.kk"), "no parameter 'kk'", "remove|did you mean"),
    ],
)
def test_a_planted_fault_is_caught(k, entry, says, remedy):
    (fault,) = evidence.faults(planted(k), small(entry))
    assert says in fault.message
    assert fault.where
    assert any(word in fault.remedy for word in remedy.split("|"))


def test_a_number_in_the_ledger_for_what_is_calculated_is_caught():
    a = Param(2.0, "1/h", "half", basis="assumed")
    module = Module.from_declarations("Planted", [("a", a), ("k", Param(2 * a, "1/h", "whole", basis="derived"))])
    (fault,) = evidence.faults(module, small())
    assert "it is calculated, but ledger/planted.toml:1 holds a number" in fault.message


def test_a_planted_source_is_caught():
    k = Param(1.0, "1", basis="assumed")
    (unknown,) = evidence.faults(planted(k, source="nobody2000"), small(""))
    assert "'nobody2000' is not in refs.bib" in unknown.message
    (missing,) = evidence.faults(planted(k, frozen=True), small(""))
    assert "names no source" in missing.message


def test_a_planted_stray_is_caught():
    (fault,) = evidence.strays([planted(Param(1.0, "1", basis="assumed"))], small(ENTRY.replace("Planted", "Plantet")))
    assert (fault.where, fault.message) == ("ledger/planted.toml:1", "no module is called 'Plantet'")
    assert "did you mean Planted" in fault.remedy
