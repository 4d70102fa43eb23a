"""Read-outs as tables of a page: a row for each, a column for each place, and for each of two runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from neurohumor.engine.clock import written
from neurohumor.lang.readout import LABEL
from neurohumor.readout.tell import Readouts, Told
from neurohumor.show import page
from neurohumor.show.numbers import precise
from neurohumor.show.standing import PRECISION, Standings, together

Labels = tuple[str, ...]
MOST_COLUMNS = 7
"""Columns of values that stand side by side; where there are more, all but the first place are folded away."""


def readout_section(found: Sequence[Readouts], labels: Labels, known: Standings) -> str:
    """The read-outs of one run, or of two side by side; `labels` tell two apart, `known` how the numbers of their parts are known."""
    every = [one for told in found for one in told]
    if not every:
        return ""
    groups = dict.fromkeys(one.readout.group for one in every)
    pieces = [page.heading("Read-outs", "readouts"), page.paragraph(f"Each is a {LABEL}. {_when(every)} {PRECISION}")]
    for group in groups:
        pieces += [f"<h3>{page.text(group[:1].upper() + group[1:])}</h3>", _table([told.of(group) for told in found], labels, known)]
    return "".join(pieces)


def _when(every: Sequence[Told]) -> str:
    spans = {(one.start, one.end) for one in every if one.start == one.start and not one.readout.burst}
    if len(spans) != 1:
        return "Means over the stretch of time that was kept."
    start, end = spans.pop()
    return f"Means from {written(start)} to {written(end)}; in brackets the lowest and highest mean of ten minutes."


def _table(found: Sequence[Readouts], labels: Labels, known: Standings) -> str:
    every = [one for told in found for one in told]
    places = list(dict.fromkeys(one.readout.place for one in every))
    shown = places if len(found) * len(places) <= MOST_COLUMNS else places[:1]
    pieces = [_columns(found, labels, shown, known)]
    if shown != places:
        rest = places[len(shown) :]
        pieces.append(page.folded(f"region by region: {', '.join(rest)}", _columns(found, labels, rest, known)))
    return "".join([*pieces, _standing(every, known), _methods(every)])


def _columns(found: Sequence[Readouts], labels: Labels, places: Sequence[str], known: Standings) -> str:
    """A table with a column for each of these places, and for each run."""
    some = [Readouts(tuple(one for one in told if one.readout.place in places)) for told in found]
    names = list(dict.fromkeys((one.readout.name, one.readout.unit) for told in some for one in told))
    at = [{(one.readout.name, one.readout.unit, one.readout.place): one for one in told} for told in some]
    rows = [(name, *_values(at, name, unit, places, known), "" if unit == "1" else unit) for name, unit in names]
    columns = ("", *_heads(places, labels, len(found)), "unit")
    return page.table(columns, rows, "t" + "n" * (len(columns) - 2) + "t")


def _heads(places: Iterable[str], labels: Labels, many: int) -> list[str]:
    if many == 1:
        return list(places)
    return [words for place in places for words in (f"{place}: {labels[0]}", labels[1], "")]


def _values(at: Sequence[dict[tuple[str, str, str], Told]], name: str, unit: str, places: Iterable[str], known: Standings) -> list[str]:
    cells = []
    for place in places:
        told = [one.get((name, unit, place)) for one in at]
        cells += [_cell(one, known) for one in told]
        if len(at) == 2:
            cells.append(_change(told[0], told[1]))
    return cells


def _cell(told: Told | None, known: Standings) -> str:
    if told is None:
        return ""
    if told.note:
        return told.note
    figures = known.parts[told.readout.part].figures if told.readout.part in known.parts else 3
    value, low, high = (precise(x, figures) for x in (told.value, told.low, told.high))
    spread = told.low == told.low and low != high
    return f"{value} ({low} to {high})" if spread else value


def _change(first: Told | None, second: Told | None) -> str:
    if first is None or second is None or first.note or second.note or not first.value:
        return ""
    share = 100 * (second.value - first.value) / abs(first.value)
    return "same" if abs(share) < 0.05 else f"{share:+.0f} %" if abs(share) >= 10 else f"{share:+.1f} %"


def _standing(every: Iterable[Told], known: Standings) -> str:
    """How the numbers are known, place by place; places that stand alike share a line."""
    places: dict[str, dict[str, None]] = {}
    for one in every:
        if one.readout.part in known.parts:
            places.setdefault(one.readout.place, {})[one.readout.part] = None
    alike: dict[str, list[str]] = {}
    for place, parts in places.items():
        signs = together((known.parts[part] for part in parts), "these parts").badges()
        alike.setdefault(signs, []).append(place)
    lines = [f"<li>{page.text(', '.join(names))} {signs}</li>" for signs, names in alike.items()]
    return f'<ul class="plain standing">{"".join(lines)}</ul>' if lines else ""


def _methods(every: Iterable[Told]) -> str:
    rows = dict.fromkeys((one.readout.name, one.readout.method, one.readout.range, _only(one)) for one in every)
    cells = [(name, place, method, known) for name, method, known, place in rows]
    return page.folded("how each is meant, and what to compare it with", page.table(("", "where", "method", "compare with"), cells, "ttmm"))


def _only(told: Told) -> str:
    """The place, where what to compare with is of that place."""
    return told.readout.place if told.readout.range else ""
