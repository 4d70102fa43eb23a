"""Read-outs as tables of a page: a row for each, a column for each place, and for each of two runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from neurohumor.engine.clock import written
from neurohumor.lang.readout import LABEL
from neurohumor.readout.tell import Readouts, Told
from neurohumor.show import page
from neurohumor.show.numbers import precise
from neurohumor.show.standing import PRECISION, Standings

Labels = tuple[str, ...]


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
    names = list(dict.fromkeys((one.readout.name, one.readout.unit) for one in every))
    at = [{(one.readout.name, one.readout.unit, one.readout.place): one for one in told} for told in found]
    rows = [(name, *_values(at, name, unit, places, known), "" if unit == "1" else unit) for name, unit in names]
    columns = ("", *_heads(places, labels, len(found)), "unit")
    marks = _standing(every, known)
    return f"{page.table(columns, rows, 't' + 'n' * (len(columns) - 2) + 't')}{marks}{_methods(every)}"


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
    parts = dict.fromkeys((one.readout.part, one.readout.place) for one in every)
    signs = [f"<li>{page.text(place)} {known.parts[part].badges()}</li>" for part, place in parts if part in known.parts]
    return f'<ul class="plain standing">{"".join(signs)}</ul>' if signs else ""


def _methods(every: Iterable[Told]) -> str:
    rows = dict.fromkeys((one.readout.name, one.readout.method, one.readout.range, _only(one)) for one in every)
    cells = [(name, place, method, known) for name, method, known, place in rows]
    return page.folded("how each is meant, and what to compare it with", page.table(("", "where", "method", "compare with"), cells, "ttmm"))


def _only(told: Told) -> str:
    """The place, where what to compare with is of that place."""
    return told.readout.place if told.readout.range else ""
