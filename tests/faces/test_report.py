"""The report: self-contained, escaped, small, and telling what it must."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from neurohumor.engine.solve import simulate
from neurohumor.life.day import dose, threat
from neurohumor.life.lived import lived
from neurohumor.life.person import Person
from neurohumor.models import load
from neurohumor.show.page import text
from neurohumor.show.report import CONTEXT_OF_USE, MOST_BYTES, Story, report

VOID = {"meta", "br", "hr", "img", "input", "link", "circle", "line", "path", "rect"}


class Outline(HTMLParser):
    """Tags opened and closed, attributes that fetch, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.fetched: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        self.fetched += [f"{tag} {k}={v}" for k, v in attrs if k in ("src", "srcset", "data", "action") or (k == "href" and tag != "a")]

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
            self.open.pop()

    def handle_data(self, data):
        self.words.append(data)


def outline(page: str) -> Outline:
    found = Outline()
    found.feed(page)
    assert found.open == []
    return found


@pytest.fixture(scope="module")
def protocol():
    return dose("hydrocortisone", "10 mg", at="day 1 08:00") + threat(1, "day 1 15:00", duration="15 min")


@pytest.fixture
def story(protocol) -> Story:
    person = Person(sex="f", name="Anna")
    family = load("toy")
    run = simulate(family, person, protocol, days=2)
    return Story(run, "Anna: a day", "woman", family.model(person, protocol), lived(person, protocol, start=0.0, end=48.0))


def test_it_is_one_file_that_fetches_and_runs_nothing(story: Story):
    page = report(story)
    found = outline(page)
    assert found.fetched == [] and "script" not in found.tags and "iframe" not in found.tags
    assert "default-src 'none'" in page and not re.search(r"url\(|@import|\son\w+=", page)
    assert len(page.encode()) < MOST_BYTES


def test_it_tells_what_it_must(story: Story):
    words = " ".join(" ".join(outline(report(story)).words).split())
    for due in (
        "Summary", "Curves", "What happened", "How the numbers are known", "4 numbers", "assumed, without a source", "adrenal.k_out",
        "Wiring", "held", "driven", "given", "person.weight", "Baseline", "drifts", "Provenance", story.run.made_by.fingerprints[0],
        "Nothing in this model hears", "world.light", "hydrocortisone 10 mg", CONTEXT_OF_USE, "medical advice", "nmol/L",
    ):  # fmt: skip
        assert due in words, due


def test_it_names_the_sources_of_just_what_ran():
    from neurohumor.lang import Family, part
    from neurohumor.models import module

    terminal = Family("terminal", {"da": part(module("DopamineTerminalBest2009"), here="striatum")})
    person = Person(sex="f")
    run = simulate(terminal, person, days=1)
    page = report(Story(run, "A terminal", "", terminal.model(person)))
    assert "Sources of just what ran" in page and "10.1186/1742-4682-6-21" in page
    assert page.count("doi.org") == 2, "one source: its link and its text"


HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a & b", "\x1b[31mred", "\u202egnp.exe", "]]>", "</style><b>"]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_text_and_nothing_else(story: Story, name: str):
    page = report(replace(story, title=name, subtitle=name))
    found = outline(page)
    assert "script" not in found.tags and "img" not in found.tags and "b" not in found.tags
    assert "\x1b" not in page and "\u202e" not in page
    plain = name.replace("\x1b", "\ufffd").replace("\u202e", "\ufffd")
    assert plain in "".join(found.words)


def test_charts_show_nights_marks_and_the_curve(story: Story):
    page = report(story)
    charts = re.findall(r'<svg class="chart".*?</svg>', page, re.DOTALL)
    assert len(charts) == 2, "one quantity, drawn broad and narrow"
    for chart in charts:
        assert chart.count('class="night"') == 3, "23-07 twice, cut at the run's ends"
        assert "hydrocortisone 10 mg" in chart and "threat" in chart and "nmol/L" in chart and "12:00" in chart
        (line,) = re.findall(r'<path d="(M[^"]*)" fill="none"', chart)
        points = [tuple(map(float, each.split())) for each in line[1:].split("L")]
        assert len(points) > 30 and points == sorted(points, key=lambda p: p[0])
    width = float(re.search(r'viewBox="0 0 (\d+)', charts[0]).group(1))
    line = re.search(r'<path d="M([^"]*)" fill="none"', charts[0]).group(1)
    highest = min((tuple(map(float, each.split())) for each in line.split("L")), key=lambda p: p[1])
    peak = story.run["blood.cortisol"].peak()
    assert highest[0] / width == pytest.approx(peak.time / 48, abs=0.04)


def test_a_population_is_a_band():
    from neurohumor.study.population import sample

    run = simulate(load("toy"), sample(8, like=Person(sex="f"), seed=1), days=1)
    page = report(Story(run, "Eight people"))
    assert page.count('opacity="0.18"') == 2 and "Medians over 8 people" in page


def test_text_escapes_whatever_comes():
    assert text('<a href="x">&') == "&lt;a href=&quot;x&quot;&gt;&amp;"
    assert text("tab\tline\n") == "tab\tline\n"
    assert text("\x00\x9b\u2066") == "\ufffd\ufffd\ufffd"


def test_the_report_of_a_run_read_back_without_its_model(story: Story, tmp_path: Path):
    from neurohumor.engine.storage import read_run

    again = read_run(story.run.to_netcdf(tmp_path / "run.nc"))
    page = report(Story(again, "Read back"))
    assert "blood.cortisol" in page and '<path d="M' in page
