"""The pages that are made from the code say all of it: every module, model and experiment, every number, port and equation."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from tools.pages import experiment_page, family_page, links, lists_page, module_page, wires
from tools.pages.equations import chapters
from tools.pages.ports import heard, picture, told

from neurohumor import models
from neurohumor.build.wire import wire
from neurohumor.errors import UnknownName
from neurohumor.evidence.evidence import level, references
from neurohumor.lang.decl import Derived, Influence, Input, Lag, Level, Output, Param, Rate, Species, State
from neurohumor.life.person import REFERENCE_WOMAN

MODULES = models.modules()
EXPERIMENTS = links.experiments()
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", MODULES)
def test_the_page_of_a_module_says_all_of_it(name: str):
    module, page = MODULES[name], module_page.page(MODULES[name])
    rows = {line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| `")}
    assert {f"`{x.name}`" for x in (*module.of(Param), *module.of(State), *module.of(Lag))} <= rows
    assert {f"`{x.quantity}`" for x in (*module.of(Input), *module.of(Output))} <= rows
    for x in module.of(Param):
        row = next(line for line in page.splitlines() if line.startswith(f"| `{x.name}` |") and x.basis in line)
        assert level(module, x).replace("_", " ") in row
        assert x.formula is not None or f"| {x.value:.12g}" in row
    if module.source:
        assert f"({references()[module.source].address})" in page
    assert ("stand-in" in page) >= module.stand_in
    for each in chapters(module):
        assert f"### {each.title}\n" in page


@pytest.mark.parametrize("name", MODULES)
def test_every_equation_of_a_module_is_there_once(name: str):
    module = MODULES[name]
    found = [each.name for chapter in chapters(module) for each in chapter.equations]
    assert len(set(found)) == len(found)
    laws = {x.name for x in module.of(Derived) if not isinstance(x, Rate)}
    motions = {x.name for x in (*module.of(Species), *module.of(Lag))}
    by_level = {level_.name: [r.name for r in module.of(Rate) if r.of is level_] for level_ in module.of(Level)}
    motions |= {rates[0] if len(rates) == 1 else name_ for name_, rates in by_level.items()}
    motions |= {rate for rates in by_level.values() if len(rates) > 1 for rate in rates}
    assert laws | motions | {x.name for x in module.of(Influence)} <= set(found)


@pytest.mark.parametrize("name", MODULES)
def test_the_picture_of_a_module_shows_every_port(name: str):
    module = MODULES[name]
    drawn = ElementTree.fromstring(picture(module).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
    texts = {each.text for each in drawn.iter(f"{SVG}text")}
    assert {port.text for port in (*heard(module), *told(module))} <= texts and name in texts
    width, height = (float(each) for each in drawn.attrib["viewBox"].split()[2:])
    for each in drawn.iter(f"{SVG}text"):
        x, y, wide = float(each.attrib["x"]), float(each.attrib["y"]), 6.7 * len(each.text or "")
        left = x - {"end": wide, "middle": wide / 2}.get(each.attrib.get("text-anchor", ""), 0.0)
        assert left >= -1 and left + wide <= width + 1 and 0 < y < height, each.text


def test_every_module_tells_where_it_serves():
    served = links.modules_of_experiments()
    assert set(served) == set(EXPERIMENTS)
    page = module_page.page(MODULES["CortisolBinding"])
    for name, held in served.items():
        assert (f"../experiments/{name}.md" in page) == ("CortisolBinding" in held)
    assert "../models/hpa_only.md" in page and "../science/cortisol_binding.md" in page


def test_every_narrative_names_files_that_there_are():
    files = {links.file_of(module).rpartition("/")[2] for module in MODULES.values()}
    named = {page: files_ for page, (_, files_) in links.science().items() if files_}
    assert len(named) > 8
    for page, found in named.items():
        assert any(each in files for each in found.split(", ")), page


def test_braces_in_the_name_of_a_file_are_written_out():
    assert links.files_named("see `modules/passage/barrier_{glucose,oxygen}.py` and `a.py`, not b.py") == {
        "barrier_glucose.py",
        "barrier_oxygen.py",
        "a.py",
    }


@pytest.mark.parametrize("name", models.names())
def test_the_page_of_a_family_shows_its_parts_shelf_and_wiring(name: str):
    family, page = models.load(name), family_page.page(name)
    model = family.model(REFERENCE_WOMAN)
    for part, placed in model.parts.items():
        assert f"| `{part}`" in page and f"[{placed.module.__name__}](../modules/{placed.module.__name__}.md)" in page
        assert all(f"| `{part}.{x.name}` |" in page for x in placed.module.of(Input))
    assert all(f"| `{item}` |" in page for item in family.shelf)


@pytest.mark.parametrize("name", ["hpa_only", "synapse", "human"])
def test_the_picture_of_a_family_has_a_dot_for_every_pair_that_hears(name: str):
    model = models.load(name).model(REFERENCE_WOMAN)
    drawn = ElementTree.fromstring(wires.picture(model).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
    titles = [each.findtext(f"{SVG}title") or "" for each in drawn.iter(f"{SVG}circle")]
    wired = {
        (giver.part, each.part)
        for each in wire(model).wires.values()
        for giver in (*each.givers, *each.weights)
        if giver.part in model.parts
    }
    modules = {(model.parts[a].module.__name__, model.parts[b].module.__name__) for a, b in wired}
    assert len(titles) == len(modules) > 2
    assert all(any(title.startswith(f"{hearer} hears {teller}: ") for title in titles) for teller, hearer in modules)


def test_the_lists_are_whole():
    families = family_page.index()
    assert [name for name in models.names() if f"[{name}]({name}.md)" not in families] == []
    assert [name for name in MODULES if f"[{name}]({name}.md)" not in module_page.index()] == []
    assert [name for name in EXPERIMENTS if f"[{name}]({name}.md)" not in experiment_page.index()] == []


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_page_of_an_experiment_says_what_was_found_and_what_counts(name: str):
    experiment, page = EXPERIMENTS[name], experiment_page.page(EXPERIMENTS[name])
    assert experiment.title in page and f"| kind | {experiment.kind}" in page
    for measure in experiment.measures:
        assert experiment_page.cell(measure.name) in page and f"`{measure.quantity}`" in page
        assert experiment_page.hit(measure) in page
    assert not re.search(r"\bhit\b.*\d+ of \d+", page), "no outcome is told"
    assert "not computed when this page is made" in page
    made, unmade = links.lived(experiment)
    assert made.keys() | unmade.keys() == experiment.arms.keys()
    for arm in experiment.arms.values():
        assert f"../models/{arm.model}.md" in page
    for arm, why in unmade.items():
        assert f"`{arm}`: {experiment_page.cell(why)}" in page


def test_every_influence_is_in_its_list():
    page = lists_page.influences()
    rows = [line for line in page.splitlines() if line.startswith("| ")][2:]
    every = [(name, x) for name, module in MODULES.items() for x in module.of(Influence)]
    assert len(rows) == len(every) > 20
    for name, x in every:
        assert any(row.startswith(f"| {x.claim} | [{name}]") and f"`{x.target}`" in row and f"| {x.grade} |" in row for row in rows), x.name


def test_every_source_is_in_its_list_with_the_modules_that_stand_on_it():
    page = lists_page.sources()
    for key, reference in references().items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{key}` |"))
        assert reference.address in row
    best = next(line for line in page.splitlines() if line.startswith("| `best2009` |"))
    assert "DopamineTerminalBest2009" in best and "DopamineTerminal.md" in best


def test_the_vocabulary_is_whole_and_says_who_tells(root):
    page = lists_page.quantities()
    names = [line.partition(",")[0] for line in (root / "src/neurohumor/names/quantities.csv").read_text(encoding="utf-8").splitlines()[1:]]
    assert [name for name in names if f"| `{name}` |" not in page] == []
    cortisol = next(line for line in page.splitlines() if line.startswith("| `blood.cortisol` |"))
    assert "[Hpa](../modules/Hpa.md)" in cortisol


def test_an_arm_that_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch):
    def broken(_: str) -> object:
        raise UnknownName("no such item", remedy="did you mean another?")

    monkeypatch.setattr(links.models, "load", broken)
    experiment = EXPERIMENTS["V12"]
    assert links.lived(experiment) == ({}, {"man": "no such item", "woman": "no such item"})
    assert "Cannot be made" in experiment_page.page(experiment)
