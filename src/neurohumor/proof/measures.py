"""The [[measures]] of an experiment's file: each becomes a `Measure` with the interval of values that count as a hit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from neurohumor.errors import UnitMismatch
from neurohumor.life.clock import read_clock
from neurohumor.life.files import at_path, checked_table
from neurohumor.life.lines import Path_, Unfit
from neurohumor.proof.experiment import CLOCKS, SHARES, Accepted, Against, Measure, Stretch
from neurohumor.proof.forms import COMPARE, FIRST, MEASURE, REFERENCE, TOLERANCE
from neurohumor.units import Unit, convert, quantity, unit

Number = Callable[[Any], float]


def measure_in(given: dict[str, Any], path: Path_, arms: tuple[str, ...]) -> Measure:
    """The measure of a table at this path.  Raises Unfit for what is none."""
    told = checked_table(given, MEASURE, path)
    arm = _arm(told, path, arms)
    against = _against(told, path, arms, arm)
    due = _unit(told, path, against)
    daily = told["statistic"] in CLOCKS and against is None
    number = _number(due, daily, told["quantity"])
    target = at_path((*path, "target"), lambda: number(told["target"])) if "target" in told else None
    accepted = _accepted(told, path, target, _neutral(told, against, due), number)
    _fractions(told, path)
    return Measure(
        name=told["name"],
        quantity=told["quantity"],
        arm=arm,
        statistic=told["statistic"],
        stretch=_stretch(told, path, moment=told["statistic"] == "at" or (told["statistic"] in SHARES and "at" in told)),
        unit=str(due),
        accepted=accepted,
        target=target,
        against=against,
        of=told.get("of", "at" if "at" in told else "mean"),
        threshold=told.get("threshold", ""),
        source=told.get("source", ""),
    )


def _arm(told: Mapping[str, Any], path: Path_, arms: tuple[str, ...]) -> str:
    if "arm" in told:
        return _known((*path, "arm"), told["arm"], arms)
    if len(arms) != 1:
        raise Unfit(path, "arm is missing", f"arm: one of {', '.join(arms)}")
    return next(iter(arms))


def _known(path: Path_, name: str, arms: tuple[str, ...]) -> str:
    if name not in arms:
        raise Unfit(path, f"no arm is called {name!r}", f"arms are: {', '.join(arms)}")
    return name


def _stretch(told: Mapping[str, Any], path: Path_, *, moment: bool) -> Stretch:
    day = told.get("day")
    if "at" in told and "window" in told:
        raise Unfit((*path, "window"), "both at and window are given", "leave one of them out")
    if moment:
        if "at" not in told:
            raise Unfit(path, "at is missing", 'at: the moment, as in at = "day 1 08:00"')
        return Stretch(told["at"], None, day)
    if "at" in told:
        raise Unfit((*path, "at"), f"a {told.get('statistic', 'mean')} is taken over a window", 'write window = ["06:00", "10:00"]')
    if "window" in told:
        return Stretch(told["window"][0], told["window"][1], day)
    if day is not None:
        raise Unfit((*path, "day"), "day is given without a window", f'write window = ["day {day} 00:00", "day {day} 24:00"]')
    return Stretch()


def _against(told: Mapping[str, Any], path: Path_, arms: tuple[str, ...], arm: str) -> Against | None:
    if "compare" in told and "reference" in told:
        raise Unfit((*path, "reference"), "both compare and reference are given", "make two measures of it")
    if "compare" in told:
        given = checked_table(told["compare"], COMPARE, (*path, "compare"))
        other = _known((*path, "compare", "arm"), given["arm"], arms)
        if other == arm:
            raise Unfit((*path, "compare", "arm"), f"{arm!r} is compared with itself", "name another arm")
        return Against(given["how"], other)
    if "reference" in told:
        given = checked_table(told["reference"], REFERENCE, (*path, "reference"))
        if ("at" in given) == ("window" in given):
            raise Unfit((*path, "reference"), "a reference is one of at and window", 'write reference = { at = "07:00" }')
        if told["statistic"] in (*CLOCKS, *SHARES, "time_to_peak", "fold", "auc", "auc_increment"):
            raise Unfit((*path, "reference"), f"a {told['statistic']} has no reference", "a mean, peak, trough, amplitude or value has")
        return Against(given.get("how", "ratio"), "", _stretch(given, (*path, "reference"), moment="at" in given))
    return None


def _unit(told: Mapping[str, Any], path: Path_, against: Against | None) -> Unit:
    """The unit as typed, or the one that goes without saying."""
    if "unit" in told:
        return at_path((*path, "unit"), lambda: unit(told["unit"]))
    if against is not None and against.how != "difference":
        return unit("1" if against.how == "ratio" else "%")
    if told["statistic"] in (*SHARES, "fold"):
        return unit("1")
    if told["statistic"] in (*CLOCKS, "time_to_peak"):
        return unit("h")
    raise Unfit(path, "unit is missing", "unit: of value, target and tolerance")


def _neutral(told: Mapping[str, Any], against: Against | None, due: Unit) -> float | None:
    """The value of no change, in the measure's unit."""
    if against is None:
        return convert(1.0, "1", due) if told["statistic"] == "fold" else None
    return convert(1.0, "1", due) if against.how == "ratio" else 0.0


def _number(due: Unit, daily: bool, of: str) -> Number:
    """A reader of numbers in the measure's unit: bare, with a unit, or as a time of day."""

    def read(given: Any) -> float:
        if isinstance(given, bool):
            raise UnitMismatch(f"{given!r} is no number", remedy=f"write a number in {due}")
        if isinstance(given, (int, float)):
            return float(given)
        if daily and ":" in given:
            return read_clock(given) / due.factor
        found = quantity(given)
        return convert(found.value, found.unit, due, substance=_substance(of))

    return read


def _substance(name: str) -> str:
    from neurohumor.engine.numbers import substance_in

    return substance_in(name)


def _accepted(told: Mapping[str, Any], path: Path_, target: float | None, neutral: float | None, number: Number) -> Accepted:
    path = (*path, "tolerance")
    given = checked_table(told["tolerance"], TOLERANCE, path)
    kinds = [key for key in FIRST if key in given]
    if len(kinds) != 1 and set(kinds) != {"at_least", "at_most"}:
        raise Unfit(path, f"a tolerance is one of {', '.join(FIRST)}", "as in tolerance = { relative = 0.2 }")
    if "by" in given and "direction" not in given:
        raise Unfit((*path, "by"), "by goes with a direction", 'as in { direction = "up", by = 0.1 }')

    def of(key: str) -> float:
        return at_path((*path, key), lambda: number(given[key]))

    low, high, strict = -math.inf, math.inf, False
    if kinds == ["range"]:
        low, high = at_path((*path, "range"), lambda: (number(given["range"][0]), number(given["range"][1])))
        if not low <= high:
            raise Unfit((*path, "range"), f"the range {given['range']} runs backwards", "write the lower end first")
    elif kinds == ["direction"]:
        pivot = _pivot(path, neutral if neutral is not None else target)
        by, strict = of("by") if "by" in given else 0.0, True
        low, high = (pivot + by, high) if given["direction"] == "up" else (low, pivot - by)
    elif kinds == ["null"]:
        width = of("null")
        low, high = (neutral or 0.0) - width, (neutral or 0.0) + width
    elif kinds[0] in ("at_least", "at_most"):
        low, high = of("at_least") if "at_least" in given else low, of("at_most") if "at_most" in given else high
    else:
        if target is None:
            raise Unfit(path, "the tolerance is around a target, but there is none", "give target, or a range")
        width = of("absolute") if kinds == ["absolute"] else given["relative"] * abs(target)
        low, high = target - width, target + width
    return Accepted(low, high, dict(given), strict)


def _pivot(path: Path_, value: float | None) -> float:
    if value is None:
        raise Unfit((*path, "direction"), "there is nothing to go up or down from", "compare with an arm or a time, or give a target")
    return value


def _fractions(told: Mapping[str, Any], path: Path_) -> None:
    share = told["statistic"] in SHARES
    for key in ("threshold", "of"):
        if key in told and not share:
            raise Unfit((*path, key), f"{key} goes with fraction_below and fraction_above", "leave it out")
    if share and "threshold" not in told:
        raise Unfit(path, "threshold is missing", 'threshold: the limit, as in "55 nmol/L"')
    if "threshold" in told:
        at_path((*path, "threshold"), lambda: quantity(told["threshold"]))
