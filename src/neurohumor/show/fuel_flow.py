"""The brain's fuels as one picture: what came in, what it became, where it went; of the whole and of every region, with numbers.

Every number is a mean over what the run keeps; of a population it is the median of the people's means.  The whole is the sum over
the regions that the model has.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from neurohumor.names.places import places
from neurohumor.names.substances import substance
from neurohumor.show.flows import Frame, Link, Node, ribbons
from neurohumor.show.numbers import digits, moment
from neurohumor.show.svg import PALETTE

if TYPE_CHECKING:
    from neurohumor.engine.run import Run, WireLine

TOLD = (
    "cmrglc", "cmrket", "cmrlac", "cmro2", "tca", "pyruvate_oxidised", "ketones_oxidised", "other_carbon_out",
    "atp_oxidation", "atp_glycolysis", "atp_housekeeping", "atp_cycle", "atp_spikes",
)  # fmt: skip
FUELS = {
    "blood.glucose": "glucose", "blood.lactate": "lactate", "blood.bhb": "beta-hydroxybutyrate", "blood.acetoacetate": "acetoacetate",
}  # fmt: skip
WIDTH, EDGE = 860, 8.0
BLUE, RUST, GREEN, PURPLE, AMBER, GREY = (f"var(--c{k},{colour})" for k, colour in enumerate(PALETTE))
SOFT = "#7a858f"
_HOUR = 60.0 / 1000.0


@dataclass(frozen=True, slots=True)
class Flows:
    """Mean flows of one place: tissue (g), and each of `TOLD` in umol/g/min."""

    place: str
    mass: float
    rates: dict[str, float]

    def whole(self, name: str) -> float:
        """A rate for all of the tissue, mmol/h."""
        return self.rates[name] * self.mass * _HOUR

    @property
    def carbon_dioxide(self) -> float:
        """umol/g/min: one per pyruvate, two per acetyl-CoA that the cycle oxidises."""
        return self.rates["pyruvate_oxidised"] + 2 * self.rates["tca"]

    @property
    def atp(self) -> float:
        """ATP made, umol/g/min."""
        return self.rates["atp_oxidation"] + self.rates["atp_glycolysis"]


def picture(run: Run) -> str | None:
    """The picture as SVG text; None where the model has no brain energy or the run keeps too little of it."""
    regions = flows(run)
    if not regions:
        return None
    if not all(math.isfinite(value) for one in regions for value in (one.mass, *one.rates.values())):
        return _frame('<text x="8" y="40">The fuel flows were not computed: the run did not reach its end.</text>', 60.0, "Fuel flow")
    whole = summed(regions)
    pieces = [_heading(run, whole, regions)]
    drawn, y = _carbon(whole)
    pieces.append(drawn)
    drawn, y = _energy(whole, y + 34)
    pieces.append(drawn)
    drawn, y = _table([*regions, *([whole] if len(regions) > 1 else [])], y + 38)
    pieces.append(drawn)
    drawn, y = _sources(run, y + 12)
    pieces.append(drawn)
    return _frame("".join(pieces), y + 8, "What fuels the brain: what came in, what it became, where it went")


def flows(run: Run) -> list[Flows]:
    """Mean flows of every region that tells them all."""
    keys = [key for key, place in places().items() if place.kind == "region"]
    found = []
    for key in keys:
        if all(f"{key}.{name}" in run for name in ("mass", *TOLD)):
            rates = {name: _mean(run, f"{key}.{name}", "umol/g/min") for name in TOLD}
            found.append(Flows(key, _mean(run, f"{key}.mass", "g"), rates))
    return found


def summed(regions: Sequence[Flows]) -> Flows:
    """The regions as one, rates weighted by mass."""
    mass = sum(one.mass for one in regions)
    rates = {name: sum(one.mass * one.rates[name] for one in regions) / mass for name in TOLD}
    return Flows("brain" if len(regions) > 1 else regions[0].place, mass, rates)


def _mean(run: Run, name: str, told: str) -> float:
    return float(np.median(run[name].to(told).mean().value))


def _heading(run: Run, whole: Flows, regions: Sequence[Flows]) -> str:
    place = "whole brain" if len(regions) > 1 else places()[whole.place].name
    people = "" if run.single else f", medians of {len(run.people)} people"
    words = f"Means from {moment(run.start)} to {moment(run.end)}{people}; {place}, {digits(whole.mass)} g."
    return _text(EDGE, 16, "What came in, what it became, where it went", bold=True) + _text(EDGE, 34, words)


def _carbon(whole: Flows) -> tuple[str, float]:
    """Carbon from blood through pyruvate and acetyl-CoA to what leaves, mmol of carbon per hour."""
    glucose, ketones, lactate = 6 * whole.whole("cmrglc"), 4 * whole.whole("cmrket"), 3 * whole.whole("cmrlac")
    burnt, other = whole.whole("pyruvate_oxidised"), 3 * whole.whole("other_carbon_out")
    cycle, split = 2 * whole.whole("tca"), 4 * whole.whole("ketones_oxidised")
    kept = glucose + lactate - 3 * burnt - other
    links = [
        Link("glucose", "pyruvate", glucose),
        Link("lactate in", "pyruvate", lactate),
        Link("ketones", "acetyl", split),
        Link("pyruvate", "acetyl", 2 * burnt),
        Link("pyruvate", "dioxide", burnt),
        Link("pyruvate", "lactate out", -lactate),
        Link("pyruvate", "other", other),
        Link("pyruvate", "stores", kept if kept > 0.005 * glucose else 0.0),
        Link("from stores", "pyruvate", -kept if -kept > 0.005 * glucose else 0.0),
        Link("acetyl", "dioxide", cycle),
    ]
    dioxide = whole.carbon_dioxide * whole.mass * _HOUR
    nodes = [
        Node("glucose", 0, "glucose", _came(whole, "cmrglc", "glucose"), AMBER),
        Node("lactate in", 0, "lactate, net", _came(whole, "cmrlac", "lactate"), GREEN),
        Node("ketones", 0, "ketones", _came(whole, "cmrket", "bhb"), PURPLE),
        Node("from stores", 0, "glycogen and stores", f"{digits(abs(kept))} mmol C/h", SOFT),
        Node("pyruvate", 1, "pyruvate", f"{digits(glucose + max(lactate, 0.0))} mmol C/h", AMBER),
        Node("acetyl", 2, "acetyl-CoA", f"{digits(2 * burnt + split)} mmol C/h", RUST),
        Node("dioxide", 3, "carbon dioxide", f"{digits(dioxide)} mmol/h, with blood", GREY),
        Node("lactate out", 3, "lactate, net", f"{digits(abs(lactate) / 3)} mmol/h, to blood", GREEN),
        Node("other", 3, "other carbon", f"{digits(other)} mmol C/h, amino acids ...", SOFT),
        Node("stores", 3, "into stores", f"{digits(abs(kept))} mmol C/h", SOFT),
    ]
    title = _text(EDGE, 62, "Carbon, mmol of carbon per hour (C/h)", bold=True)
    most = glucose + max(lactate, 0.0) + max(ketones, 0.0)
    drawn, y = ribbons(nodes, links, Frame((190.0, 340.0, 480.0, 636.0), 130.0 / most, 100.0))
    return title + drawn, y


def _came(whole: Flows, name: str, key: str) -> str:
    """An uptake as it is known: mmol/h, and grams a day."""
    rate, weight = whole.whole(name), substance(key).molar_mass
    daily = f", {digits(rate * 24 * weight / 1000, 2)} g/day" if weight else ""
    return f"{digits(rate)} mmol/h{daily}"


def _energy(whole: Flows, top: float) -> tuple[str, float]:
    """ATP, by what made it and for what it was asked, mmol per hour."""
    made = {name: whole.whole(name) for name in ("atp_oxidation", "atp_glycolysis")}
    spent = {name: whole.whole(name) for name in ("atp_housekeeping", "atp_cycle", "atp_spikes")}
    asked, every = sum(spent.values()), sum(made.values())
    words = {
        "atp_oxidation": ("with oxygen", BLUE),
        "atp_glycolysis": ("by glycolysis", AMBER),
        "atp_cycle": ("glutamate, GABA, currents", RUST),
        "atp_spikes": ("action potentials", GREEN),
        "atp_housekeeping": ("housekeeping", SOFT),
    }
    nodes = [Node(name, 0, words[name][0], _share(value, every), words[name][1]) for name, value in made.items()]
    nodes.append(Node("atp", 1, "ATP", f"{digits(every)} mmol/h", RUST))
    nodes += [Node(name, 2, words[name][0], _share(spent[name], asked), words[name][1]) for name in words if name in spent]
    links = [Link(name, "atp", value) for name, value in made.items()]
    links += [Link("atp", name, spent[name] * every / asked) for name in words if name in spent]
    oxygen = digits(whole.whole("cmro2"))
    title = _text(EDGE, top, f"ATP, mmol per hour, with {oxygen} mmol/h of oxygen: what made it, what asked for it", bold=True)
    drawn, y = ribbons(nodes, links, Frame((190.0, 410.0, 636.0), 110.0 / every, top + 38))
    return title + drawn, y


def _share(value: float, every: float) -> str:
    return f"{digits(value)} mmol/h, {digits(100 * value / every, 2)} %"


_COLUMNS = (
    ("", EDGE), ("g", 262.0), ("glucose", 326.0), ("ketones", 388.0), ("lactate", 448.0), ("oxygen", 508.0), ("CO2", 562.0),
    ("other C", 620.0), ("ATP", 672.0), ("ATP goes to", 690.0),
)  # fmt: skip


def _table(rows: Sequence[Flows], top: float) -> tuple[str, float]:
    """A line for each place, per gram and minute; the bar: where ATP goes, as long as what a gram makes."""
    pieces = [_text(EDGE, top, "Region by region, umol per gram and minute; lactate below zero goes to blood", bold=True)]
    pieces += [_text(x, top + 22, name, anchor="start" if x in (EDGE, 690.0) else "end", soft=True) for name, x in _COLUMNS]
    y, longest = top + 22, max(one.atp for one in rows)
    for one in rows:
        y += 20
        rate = one.rates
        values = (
            rate["cmrglc"], rate["cmrket"], rate["cmrlac"], rate["cmro2"], one.carbon_dioxide, 3 * rate["other_carbon_out"], one.atp,
        )  # fmt: skip
        cells = (digits(one.mass), *(f"{value:#.3g}" for value in values))
        name = "whole brain" if one.place == "brain" else places()[one.place].name.partition(" with ")[0]
        pieces.append(_text(EDGE, y, name, bold=one.place == "brain"))
        pieces += [_text(x, y, cell, anchor="end") for (_, x), cell in zip(_COLUMNS[1:9], cells, strict=True)]
        pieces.append(_bar(one, y - 9, 160.0 / longest))
    key = (("glutamate, GABA, currents", RUST), ("action potentials", GREEN), ("housekeeping", SOFT))
    x = 370.0
    for name, colour in key:
        pieces.append(f'<rect x="{x:.0f}" y="{y + 12:.0f}" width="10" height="10" style="fill:{colour}"/>' + _text(x + 15, y + 21, name))
        x += 35 + 6.6 * len(name)
    return "".join(pieces), y + 24


def _bar(one: Flows, y: float, scale: float) -> str:
    x, pieces = 690.0, []
    for name, colour in (("atp_cycle", RUST), ("atp_spikes", GREEN), ("atp_housekeeping", SOFT)):
        wide = one.rates[name] * scale
        pieces.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="10" style="fill:{colour};fill-opacity:0.75"/>')
        x += wide
    return "".join(pieces)


def _sources(run: Run, top: float) -> tuple[str, float]:
    """Whence the fuels of the blood are: computed, from a stand-in, held or set."""
    said: dict[str, list[str]] = {}
    for name, fuel in FUELS.items():
        line = next((line for line in run.wiring if line.quantity == name), None)
        if line is not None:
            said.setdefault(_giver(run, line), []).append(fuel)
    pieces, y = [], top
    for whence, fuels in said.items():
        y += 17
        pieces.append(_text(EDGE, y, f"{' and '.join(fuels).capitalize()} of the blood: {whence}."))
    return "".join(pieces), y


def _giver(run: Run, line: WireLine) -> str:
    part = line.what.partition(".")[0]
    if line.state == "wired":
        module = next((row.module for row in run.system.params if row.part == part), "") if run.system is not None else ""
        return f"a stand-in, no model of the body's fuels ({module})" if module.endswith("StandIn") else f"computed by {part}"
    series = run[line.quantity]
    low, high = float(np.nanmin(series.values)), float(np.nanmax(series.values))
    if high - low <= 1e-9 * abs(high):
        return f"held at {digits(high)} {series.unit}"
    return f"set from outside, {digits(low)} to {digits(high)} {series.unit}"


def _text(x: float, y: float, words: str, *, anchor: str = "start", bold: bool = False, soft: bool = False) -> str:
    marks = (' font-weight="600"' if bold else "") + (' class="day"' if soft else "")
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{marks}>{escape(words)}</text>'


def _frame(inside: str, height: float, title: str) -> str:
    size = f'viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}"'
    return f'<svg class="chart" {size} role="img" xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>{inside}</svg>'
