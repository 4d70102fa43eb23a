"""Who hears whom: four states, gathering, places, and everything that cannot be joined."""

from __future__ import annotations

import pytest

from neurohumor.build.wire import wire, wired
from neurohumor.errors import WiringError
from neurohumor.lang import Compartment, Influence, Input, Level, Output, Param, Rate, part
from tests.unit.build.toys import Barrier, Hand, Terminal, model, module


def states(wiring) -> dict[str, tuple[str, str]]:
    return {row.port: (row.state, row.what) for row in wiring.table()}


def test_the_four_states():
    person = module(("weight", Input("person.weight", "kg", 70.0)), ("size", Output("liver.glycogen", Param(1.0, "g") * 1, "g")), name="P")
    found = states(wire(model(a=part(Terminal, "striatum"), hand=part(Hand), p=part(person), b=part(Terminal, "pfc"))))
    assert found == {
        "a.gain": ("wired", "product of hand.fast, hand.slow"),
        "a.light": ("driven", "300 lux"),
        "hand.da": ("wired", "a.level"),
        "p.weight": ("given", "70 kg"),
        "b.gain": ("held", "1"),
        "b.light": ("driven", "300 lux"),
    }


def test_a_star_hears_every_place_but_its_own_part():
    wiring = wire(model(a=part(Terminal, "striatum"), b=part(Terminal, "pfc"), barrier=part(Barrier)))
    assert states(wiring)["barrier.use"] == ("wired", "sum of a.use, b.use")
    whole = module(
        ("all", Input("*.cbf", "mL/g/min", 0.5, gather="sum")), ("told", Output("brain.cbf", Param(0.5, "mL/g/min") * 1, "mL/g/min"))
    )
    alone = wire(model(whole=part(whole)))
    assert alone.of("whole", whole.declarations["all"]).state == "held"


def test_the_vocabulary_may_gather_for_the_hearer():
    silent = module(("gain", Input("striatum.gain.th", "1", 1.0)), name="Silent")
    wiring = wire(model(s=part(silent), a=part(Terminal, "striatum"), hand=part(Hand)))
    assert wiring.gathers["striatum.gain.th"] == "product"
    assert states(wiring)["s.gain"][1] == "product of hand.fast, hand.slow"


def test_unwired_inputs_of_one_quantity_share_a_source():
    one = module(("x", Input("blood.crh", "pmol/L", 0.0, gather="sum")), name="One")
    two = module(("x", Input("blood.crh", "nmol/L", 0.0, gather="sum")), name="Two")
    wiring = wire(model(one=part(one), two=part(two)))
    assert wiring.sources["blood.crh"].heard_by == ("one.x", "two.x")


def test_where_nominals_differ_the_vocabulary_counts():
    one = module(("x", Input("blood.tsh", "mIU/L", 2.5)), name="One")
    two = module(("x", Input("blood.tsh", "mIU/L", 1.0)), name="Two")
    wiring = wire(model(one=part(one), two=part(two)))
    assert wiring.sources["blood.tsh"].nominal == pytest.approx(1.9 * wiring.sources["blood.tsh"].unit.factor)
    assert wire(model(one=part(one))).sources["blood.tsh"].nominal == pytest.approx(2.5 * wiring.sources["blood.tsh"].unit.factor)


def giver(quantity: str, unit: str = "nM", name: str = "Giver"):
    return module(("p", Param(1.0, unit)), ("told", Output(quantity, Param(1.0, unit) * 1, unit)), name=name)


def hearer(quantity: str, unit: str = "nM", name: str = "Hearer", **gather):
    return module(("heard", Input(quantity, unit, 1.0, **gather)), name=name)


PLANTED = {
    "two givers": (
        {"a": giver("pfc.dopamine"), "b": giver("pfc.dopamine")},
        r"more than one part tells pfc.dopamine: a.told \(test_wire.py:\d+\) and b.told \(test_wire.py:\d+\)",
    ),
    "two givers of what is heard by one": (
        {"a": giver("pfc.dopamine"), "b": giver("pfc.dopamine"), "c": hearer("pfc.dopamine")},
        r"more than one part tells",
    ),
    "kinds of units": ({"a": giver("pfc.dopamine"), "c": hearer("pfc.dopamine", "nM/h")}, r"hears pfc.dopamine in nM/h, but a.told"),
    "gather against the vocabulary": (
        {"c": hearer("dat.load", "1", gather="product")},
        r"c.heard gathers dat.load by product, the vocabulary by sum",
    ),
    "gather against another hearer": (
        {"c": hearer("my.thing", "1", gather="product"), "d": hearer("my.thing", "1", gather="sum")},
        r"d.heard gathers my.thing by sum, c.heard by product",
    ),
    "a star against the vocabulary": (
        {"c": hearer("*.tyrosine_use", "umol/h", gather="mass")},
        r"gathers \*.tyrosine_use by mass, the vocabulary by sum",
    ),
    "mass without masses": (
        {"a": giver("pfc.cbf", "mL/g/min"), "b": giver("cortex.cbf", "mL/g/min"), "c": hearer("*.cbf", "mL/g/min", gather="mass")},
        r"needs pfc.mass for a.told .* and nobody tells it",
    ),
    "a product with a unit": (
        {"a": giver("my.thing"), "b": giver("my.thing"), "c": hearer("my.thing", gather="product")},
        r"my.thing is gathered by product but told in nM",
    ),
    "a star product with a unit": (
        {"a": giver("pfc.thing"), "c": hearer("*.thing", gather="product")},
        r"pfc.thing is gathered by product but told in nM",
    ),
    "an influence that is summed": (
        {"a": hearer("striatum.mygain", "1", gather="sum"), "h": None},
        r"striatum.mygain is the gain of an influence and cannot be gathered by sum",
    ),
    "givers in different kinds": (
        {"a": giver("my.thing"), "b": giver("my.thing", "nM/h"), "c": hearer("my.thing", gather="sum")},
        r"my.thing is told in nM and in nM/h",
    ),
    "nominals": (
        {"c": module(("x", Input("my.thing", "nM", 1.0)), name="C"), "d": module(("x", Input("my.thing", "nM", 2.0)), name="D")},
        r"my.thing is held, but its nominal is 1 nM in c.x \(test_wire.py:\d+\) and 2 nM in d.x",
    ),
    "hearers in different kinds": (
        {"c": module(("x", Input("my.thing", "nM", 1.0)), name="C"), "d": module(("x", Input("my.thing", "1", 1.0)), name="D")},
        r"hears my.thing in 1, but c.x",
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_fault_is_caught(planted):
    modules, message = PLANTED[planted]
    parts = {name: part(mod or influence("striatum.mygain")) for name, mod in modules.items()}
    with pytest.raises(WiringError, match=message):
        wire(model(**parts))


def influence(target: str):
    heard, size, half = Input("my.drive", "nM", 1.0), Param(0.1, "1"), Param(1.0, "nM")
    hand = Influence(target, by=heard, emax=size, K=half, claim="F9", grade="C")
    return module(("heard", heard), ("size", size), ("half", half), ("hand", hand), name="Planted")


def test_a_part_without_a_place_is_told():
    with pytest.raises(WiringError, match=r"\{here\}.gain.th needs a place, and part a has none"):
        wire(model(a=part(Terminal)))


def test_a_clamp_of_nothing_is_told():
    with pytest.raises(WiringError, match=r"striatum.dopamin cannot be clamped(.|\n)*did you mean striatum.dopamine"):
        wire(model(["striatum.dopamin"], a=part(Terminal, "striatum")))


def test_all_faults_are_told_at_once():
    two = {"a": part(giver("pfc.dopamine")), "b": part(giver("pfc.dopamine")), "t": part(Terminal)}
    _, faults = wired(model(**two))
    assert len(faults) >= 2


def test_means_by_mass_know_their_masses():
    def region(name: str):
        mass = Param(10.0, "g")
        flow = Param(0.5, "mL/g/min")
        return module(
            ("m", mass),
            ("f", flow),
            ("mass", Output("{here}.mass", mass * 1, "g")),
            ("cbf", Output("{here}.cbf", flow * 1, "mL/g/min")),
            name=name,
        )

    wiring = wire(model(a=part(region("A"), "pfc"), b=part(region("B"), "cortex"), c=part(hearer("*.cbf", "mL/g/min", gather="mass"))))
    assert [w.full for w in wiring.wires["c.heard"].weights] == ["a.mass", "b.mass"]


def test_unused_outputs_and_levels_are_no_fault():
    x = Level(0.0, "1")
    wiring = wire(
        model(a=part(module(("c", Compartment(1.0)), ("x", x), ("r", Rate(x, Param(0.0, "1/h"))), ("o", Output("brain.crh", x, "1")))))
    )
    assert wiring.table() == () and list(wiring.givers) == ["brain.crh"]
