"""Models are put together and families chosen from: pure, and loud where a name is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from neurohumor.errors import ModelError, UnknownName
from neurohumor.lang import Compartment, Family, Flux, Model, Module, Param, ShelfItem, Species, Takes, part
from neurohumor.units import Quantity, quantity


def takes(substance: str, route: str = "oral") -> type[Module]:
    v, k = Compartment(1.0, "L"), Param(1.0, "1/h")
    x = Species(v, 0.0, "mg", scale=1.0)
    pairs = ("v", v), ("k", k), ("x", x), ("t", Takes(substance, route, x)), ("f", Flux(x >> 0, k * x))
    return Module.from_declarations(substance.title(), pairs)


@dataclass(frozen=True)
class Life:
    given_by: frozenset[tuple[str, str]] = frozenset()
    held: frozenset[str] = frozenset()

    def substances(self) -> frozenset[tuple[str, str]]:
        return self.given_by

    def clamps(self) -> frozenset[str]:
        return self.held


@dataclass(frozen=True)
class Someone:
    habits: Life = field(default_factory=Life)
    given: Mapping[str, Quantity] = field(default_factory=dict)


def body(**more) -> Family:
    shelf = {
        "levodopa": ShelfItem({"levodopa": part(takes("levodopa"))}),
        "rival": ShelfItem({"rival": part(takes("caffeine"))}, replaces=("gut",)),
        "twin": ShelfItem({"gut": part(takes("melatonin"))}),
    }
    return Family("body", {"gut": part(takes("glucose", "meal"))}, shelf=shelf, **more)


def test_a_model_is_changed_by_copying():
    model = Model("m", {"a": part(takes("caffeine"))})
    wider = model.with_parts(b=part(takes("levodopa")))
    assert list(model.parts) == ["a"] and list(wider.parts) == ["a", "b"]
    assert list(wider.without("a").parts) == ["b"] and wider.swap(a=wider.parts["b"]).parts["a"] is wider.parts["b"]
    with pytest.raises(ModelError, match="already has a part 'a'"):
        model.with_parts(a=part(takes("levodopa")))
    for wrong in (lambda: model.swap(c=part(takes("levodopa"))), lambda: model.without("c"), lambda: model.part("aa")):
        with pytest.raises(UnknownName, match="has no part"):
            wrong()


def test_part_values_are_known():
    assert part(takes("caffeine"), k=2.0).values == {"k": 2.0}
    with pytest.raises(UnknownName, match=r"has no parameter 'kk'(.|\n)*did you mean k"):
        part(takes("caffeine"), kk=2.0)


def test_what_is_given_decides_what_is_taken():
    family, person = body(), Someone()
    assert list(family.model(person).parts) == ["gut"]
    assert list(family.model(person, Life(frozenset({("levodopa", "oral")}))).parts) == ["gut", "levodopa"]
    assert list(family.model(Someone(Life(frozenset({("caffeine", "oral")})))).parts) == ["rival"]
    assert list(family.choose("levodopa").model(person, Life(frozenset({("levodopa", "oral")}))).parts) == ["gut", "levodopa"]
    assert family.model(person, Life(held=frozenset({"b", "a"}))).clamps == ("a", "b")
    assert family.substances() == {("glucose", "meal"), ("levodopa", "oral"), ("caffeine", "oral"), ("melatonin", "oral")}


def test_what_nobody_takes_is_refused():
    with pytest.raises(UnknownName, match=r"takes no 'levodop'(.|\n)*did you mean levodopa"):
        body().model(Someone(), Life(frozenset({("levodop", "oral")})))
    with pytest.raises(UnknownName, match="cannot be given by 'iv'"):
        body().model(Someone(), Life(frozenset({("levodopa", "iv")})))
    with pytest.raises(ModelError, match="brings a part 'gut' that is already present"):
        body().choose("twin").model(Someone())
    with pytest.raises(UnknownName, match="no shelf item 'levo'"):
        body().choose("levo")


def test_choices_follow_the_person():
    family = body(choices=(lambda person: {"extra": part(takes("iron"))} if person.given else {},))
    assert list(family.model(Someone(given={"person.age": quantity("30 y")})).parts) == ["gut", "extra"]
    assert list(family.model(Someone()).parts) == ["gut"]


def test_values_reach_the_parts_that_are_there():
    family = body().with_({"gut.k": 2.0}).with_({"levodopa.k": quantity("1 1/d")})
    assert family.model(Someone()).parts["gut"].values == {"k": 2.0}
    model = family.choose("levodopa").model(Someone())
    assert str(model.parts["levodopa"].values["k"]) == "1 1/d"
    with pytest.raises(UnknownName, match=r"no parameter 'gutt.k'(.|\n)*did you mean gut.k"):
        body().with_({"gutt.k": 2.0}).model(Someone())
    with pytest.raises(UnknownName, match="has no parameter 'q'"):
        body().with_({"gut.q": 2.0}).model(Someone())


def test_influences_are_left_out_by_name_or_all():
    assert body().without_influences("F12").silent == ("F12",) and body().without_influences().silent == ("*",)
    assert body().without_influences("F12").model(Someone()).silent == ("F12",)


def test_a_shelf_grows_without_touching_the_family():
    family = body()
    wider = family.with_shelf(iron=ShelfItem({"iron": part(takes("iron"))}))
    assert "iron" not in family.shelf and "iron" in wider.shelf
    with pytest.raises(ModelError, match="already has 'iron'"):
        wider.with_shelf(iron=ShelfItem({}))
