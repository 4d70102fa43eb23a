"""The picture of the brain's fuels: its numbers are the run's and add up; it is left out where there is no energy."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

import neurohumor as nh
from neurohumor.engine.program import quickest
from neurohumor.show.flows import Frame, Link, Node, ribbons
from neurohumor.show.fuel_flow import TOLD, flows, picture, summed

SVG = "{http://www.w3.org/2000/svg}"


def lived(family, protocol=None, **options):
    return nh.simulate(family, options.pop("person", nh.Person()), protocol, backend=quickest(), settled=False, **options)


@pytest.fixture(scope="module")
def run():
    meal = nh.meal("07:30", carbs="60 g", fat="15 g", protein="20 g")
    return lived(nh.load("energy_only").choose("fed"), meal, days=1)


def words(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_the_whole_is_the_sum_of_the_regions(run):
    whole = summed(flows(run))
    assert whole.mass == pytest.approx(1400.0)
    for name in TOLD:
        assert whole.rates[name] == pytest.approx(run[f"brain.{name}"].mean().value, rel=1e-6), name


def test_what_goes_in_comes_out(run):
    """Over a day, stores filled by less than a hundredth; ATP made is what was asked for."""
    for one in [*flows(run), summed(flows(run))]:
        rate = one.rates
        came = 6 * rate["cmrglc"] + 4 * rate["cmrket"] + 3 * rate["cmrlac"]
        went = one.carbon_dioxide + 3 * rate["other_carbon_out"]
        assert went == pytest.approx(came, rel=0.01)
        assert one.atp == pytest.approx(sum(rate[f"atp_{name}"] for name in ("housekeeping", "cycle", "spikes")), rel=1e-3)


def test_the_picture_tells_numbers_regions_and_stand_ins(run):
    svg = picture(run)
    assert svg is not None
    told = words(svg)
    rate = 1.4 * 60 * float(run["brain.cmrglc"].mean().value)
    assert any(re.match(rf"{rate:.1f} mmol/h, ", text) for text in told)
    for name in ("prefrontal cortex", "white matter", "whole brain", "carbon dioxide", "ATP", "housekeeping"):
        assert name in told
    assert any("a stand-in" in text and "FuelsStandIn" in text and "Glucose and lactate" in text for text in told)
    assert any("held at 0.05 mmol/L" in text for text in told)
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert "nan" not in svg


def test_ketones_and_lactate_come_in_where_blood_is_full_of_them():
    full = nh.clamp("blood.bhb", "3 mmol/L") + nh.clamp("blood.lactate", "4 mmol/L")
    svg = picture(lived(nh.load("energy_cortex"), full, days=0.25))
    assert svg is not None
    told = words(svg)
    assert "ketones" in told
    assert told.index("lactate, net") < told.index("carbon dioxide")
    assert any("held at 4.00 mmol/L" in text for text in told)
    assert not any(text == "whole brain" for text in told)


def test_of_a_population_medians_are_told():
    people = nh.sample(3, seed=1)
    svg = picture(lived(nh.load("energy_cortex"), person=people, days=0.05))
    assert svg is not None
    assert any("medians of 3 people" in text for text in words(svg))


def test_no_energy_no_picture():
    assert picture(lived(nh.load("hpa_only"), days=0.1)) is None
    assert picture(lived(nh.load("energy_cortex"), days=0.1, outputs=["cortex.cmrglc"])) is None


def test_ribbons_are_as_wide_as_their_flows():
    nodes = [Node("a", 0, "<a>", "", "#000"), Node("b", 1, "b", "", "#000"), Node("idle", 1, "idle", "", "#000")]
    drawn, end = ribbons(nodes, [Link("a", "b", 2.0), Link("a", "idle", 0.0)], Frame((10.0, 100.0), 30.0, 5.0))
    root = ElementTree.fromstring(f"<svg>{drawn}</svg>")
    assert [float(box.get("height", "")) for box in root.iter("rect")] == [60.0, 60.0]
    assert end == pytest.approx(65.0)
    assert "v60.0" in next(iter(root.iter("path"))).get("d", "")
    assert [text.text for text in root.iter("text") if text.text] == ["<a>", "b"]
    assert np.isfinite(end)
