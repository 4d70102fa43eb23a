"""Tables of events as text: read with the line of every fault, written so that they read back the same."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Context, Decimal, InvalidOperation
from pathlib import Path

from neurohumor.errors import FileError, ModelError, NeurohumorError
from neurohumor.life.clock import Moment, read_clock
from neurohumor.life.event_table import HOURLY, OURS, RESERVED, EventTable, Observation, Occasion, Subject, Target, target_of
from neurohumor.life.happenings import Dose, Happening, Infusion, kind_of, said
from neurohumor.life.lines import read_text, shown_path
from neurohumor.life.protocol import Protocol
from neurohumor.life.when import DAY, day_number, when
from neurohumor.units import Quantity, unit

MOST_ROWS = 200_000
MOST_COLUMNS = 100
_EXACT = Context(prec=40)
_WRITTEN = Context(prec=20)
_COVARIATE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_LIMIT = Decimal("1e15")
Compartments = Mapping[str, Target]


def read_events(
    path: str | Path, *, compartments: Mapping[str | int, Target] | None = None, time_zero: str = "00:00", drop: Iterable[str] = ()
) -> EventTable:
    """The events of a CSV file in NONMEM's columns.

    compartments  what the numbers of CMT mean, where the columns SUBSTANCE, ROUTE and UNIT do not say it
    time_zero     the clock time on day 0 at which TIME is 0; TIME, II and the time of RATE are in hours
    drop          columns to leave out
    Raises FileError with file and line for what is no such table, or what a protocol cannot express.
    """
    return events_from(read_text(path), shown_path(path), compartments=compartments, time_zero=time_zero, drop=drop)


def events_from(
    text: str,
    where: str = "events.csv",
    *,
    compartments: Mapping[str | int, Target] | None = None,
    time_zero: str = "00:00",
    drop: Iterable[str] = (),
) -> EventTable:
    """The events of a CSV text, as `read_events`; `where` stands in the messages."""
    known = {str(key): target for key, target in (compartments or {}).items()}
    reader = _Reader(where, known, Decimal(repr(read_clock(time_zero))), frozenset(name.upper() for name in drop))
    return reader.read(text)


@dataclass(slots=True)
class _Row:
    """One line: its number, and its cells by upper-case name of the column."""

    line: int
    cells: Mapping[str, str]

    def text(self, name: str) -> str:
        value = self.cells.get(name, "").strip()
        return "" if value in (".", "NA") else value

    def number(self, name: str) -> Decimal:
        """The number of a cell, 0 where it is empty.  Raises ModelError."""
        text = self.text(name)
        try:
            value = Decimal(text or "0")
        except InvalidOperation:
            raise ModelError(f"{name} is {text!r}, no number", remedy="write a number, or . for none") from None
        if not value.is_finite() or abs(value) > _LIMIT:
            raise ModelError(f"{name} is {text}", remedy="write a number below 1e15")
        return value

    def whole(self, name: str) -> int:
        value = self.number(name)
        if value != value.to_integral_value():
            raise ModelError(f"{name} is {self.text(name)}, no whole number", remedy=f"{name} is a code or a count")
        return int(value)


@dataclass(slots=True)
class _Story:
    """What has been read of one subject."""

    happenings: list[Happening] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    occasions: list[Occasion] = field(default_factory=list)
    begins: float | None = None
    latest: Decimal = Decimal("-Infinity")
    covariates: dict[str, str] = field(default_factory=dict)
    empty: bool = True

    def close(self) -> None:
        """Ends the occasion."""
        if not self.empty or self.begins is not None:
            self.occasions.append(Occasion(Protocol(tuple(self.happenings)), self.begins, tuple(self.observations)))
        self.happenings, self.observations, self.empty = [], [], True


@dataclass(slots=True)
class _Reader:
    where: str
    compartments: dict[str, Target]
    zero: Decimal
    drop: frozenset[str]
    named: tuple[str, ...] = ()
    stories: dict[str, _Story] = field(default_factory=dict)

    def read(self, text: str) -> EventTable:
        for row in self._rows(text):
            try:
                self._take(row)
            except NeurohumorError as fault:
                raise FileError(fault.what, where=f"{self.where}:{row.line}", remedy=fault.remedy) from None
        for story in self.stories.values():
            story.close()
        return EventTable(tuple(Subject(name, tuple(story.occasions), story.covariates) for name, story in self.stories.items()))

    def _rows(self, text: str) -> Iterator[_Row]:
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        header: list[str] = []
        try:
            for cells in lines:
                if not any(cell.strip() for cell in cells) or (header and cells[0].lstrip().startswith("#")):
                    continue
                if not header:
                    header = self._header(cells, lines.line_num)
                    continue
                if lines.line_num > MOST_ROWS:
                    raise self._fault(lines.line_num, f"the table has more than {MOST_ROWS} lines", "divide it")
                if len(cells) != len(header):
                    raise self._fault(
                        lines.line_num, f"{len(cells)} cells under {len(header)} columns", "give every column a cell, . for none"
                    )
                yield _Row(lines.line_num, dict(zip(header, cells, strict=True)))
        except csv.Error as fault:
            raise self._fault(lines.line_num, f"this is no CSV: {fault}", "separate cells by commas") from None
        if not header:
            raise FileError("the table is empty", where=self.where, remedy=f"begin with a line of columns: {','.join(RESERVED)}")

    def _fault(self, line: int, what: str, remedy: str) -> FileError:
        return FileError(what, where=f"{self.where}:{line}", remedy=remedy)

    def _header(self, cells: list[str], line: int) -> list[str]:
        names = [cell.strip().removeprefix("#").strip() for cell in cells]
        upper = [name.upper() for name in names]
        if "TIME" not in upper:
            raise self._fault(line, "there is no column TIME", f"the first line names the columns: {','.join(RESERVED)}")
        twice = next((name for name in upper if upper.count(name) > 1), "")
        if twice:
            raise self._fault(line, f"there are two columns {twice}", "leave one of them out")
        for name in ("DATE", "DAT1", "DAT2", "DAT3"):
            if name in upper and name not in self.drop:
                raise self._fault(line, f"{name} is not read", "give TIME in hours, and leave the column out with drop")
        if len(names) > MOST_COLUMNS:
            raise self._fault(line, f"{len(names)} columns are too many", f"at most {MOST_COLUMNS}")
        for name in names:
            if not _COVARIATE.fullmatch(name):
                raise self._fault(line, f"{name!r} is no name of a column", "letters, digits and _ , beginning with a letter")
        self.named = tuple(name for name in names if name.upper() not in (*RESERVED, *OURS) and name.upper() not in self.drop)
        return upper

    def _take(self, row: _Row) -> None:
        story = self.stories.setdefault(row.text("ID") or "1", _Story())
        self._covariates(row, story)
        kind = self._kind(row)
        time = row.number("TIME") + self.zero
        if kind in (3, 4):
            story.close()
            story.begins, story.latest = float(time), time
        if time < story.latest:
            raise ModelError(
                f"TIME goes back from {story.latest - self.zero} to {row.text('TIME')}", remedy="sort by time, or reset with EVID 3 or 4"
            )
        story.latest, story.empty = time, False
        if kind in (1, 4):
            story.happenings.append(self._given(row, time, _midnight(story.begins)))
        elif kind == 0:
            missing = row.whole("MDV") == 1 or not row.text("DV")
            value = None if missing else float(row.number("DV"))
            story.observations.append(Observation(float(time), row.text("CMT"), value))

    def _covariates(self, row: _Row, story: _Story) -> None:
        for name in self.named:
            value = row.cells[name.upper()].strip()
            if story.covariates.setdefault(name, value) != value:
                raise ModelError(
                    f"the covariate {name} changes from {story.covariates[name]} to {value}",
                    remedy="a person has one; leave the column out with drop",
                )

    def _kind(self, row: _Row) -> int:
        """EVID, found as NONMEM finds it where there is no such column.  Raises ModelError for what cannot be expressed."""
        dosed = any(row.number(name) for name in ("AMT", "RATE"))
        kind = row.whole("EVID") if "EVID" in row.cells else int(dosed)
        if kind == 2:
            raise ModelError("EVID 2 changes what this table does not say", remedy="leave the line out, or say it in a day file")
        if kind not in (0, 1, 3, 4):
            raise ModelError(f"EVID {kind} means nothing", remedy="0 a measurement, 1 a dose, 3 a reset, 4 a reset and a dose")
        if kind in (0, 3):
            extra = next((name for name in ("AMT", "RATE", "II", "ADDL", "SS") if row.number(name)), "")
            if extra:
                raise ModelError(f"{extra} on a line with EVID {kind}", remedy="EVID 1 is a dose, 4 a reset and a dose")
        if kind and row.text("MDV") and row.whole("MDV") != 1:
            raise ModelError("a line that is no measurement has MDV 0", remedy="write 1, or leave MDV out")
        if row.text("MDV") and row.whole("MDV") not in (0, 1):
            raise ModelError(f"MDV {row.text('MDV')} means nothing", remedy="0: DV is a measurement, 1: there is none")
        return kind

    def _given(self, row: _Row, time: Decimal, base: Decimal) -> Dose | Infusion:
        target = self._target(row)
        amount, rate, again, steady = row.number("AMT"), row.number("RATE"), row.whole("ADDL"), row.whole("SS")
        every = row.number("II")
        if rate < 0:
            raise ModelError(f"RATE {rate} leaves the rate to a model", remedy="write the rate in UNIT per h, or 0 for a dose at once")
        if amount <= 0:
            what = "a constant infusion without an end" if steady and rate else f"a dose of {amount}"
            raise ModelError(f"{what} cannot be expressed", remedy="give an AMT above 0; an infusion ends after AMT / RATE hours")
        if again < 0 or every < 0:
            raise ModelError(
                "II and ADDL are not negative", remedy="II is the time from one dose to the next, ADDL how many more there are"
            )
        if (again or steady) and not every:
            raise ModelError(f"{'ADDL' if again else 'SS'} needs II", remedy="II is the time from one dose to the next, in h")
        if every and not (again or steady):
            raise ModelError(f"II {every} without ADDL or SS gives nothing again", remedy="write ADDL, how many more there are, or II 0")
        if steady not in (0, 1):
            raise ModelError(f"SS {steady} cannot be expressed", remedy="1: the person has always had it; 0: not")
        this = when(Moment(*_divided(time)), every=float(every) if every else None, times=again + 1 if every else None)
        if not rate:
            if steady and not time - base < every:
                raise ModelError(
                    "a steady state that begins later cannot be expressed",
                    remedy="with SS 1 a dose comes within the first II hours after midnight",
                )
            return Dose(target.substance, Quantity(float(amount), unit(target.unit)), target.route, this, bool(steady))
        if steady:
            raise ModelError("a steady state of infusions cannot be expressed", remedy="write SS 0, and let them begin some days earlier")
        hourly = Quantity(float(rate), unit(f"{target.unit}/h"))
        return Infusion(target.substance, hourly, target.route, this, float(_EXACT.divide(amount, rate)))

    def _target(self, row: _Row) -> Target:
        number = row.text("CMT") or "1"
        told = [row.text(name) for name in OURS]
        if number.startswith("-"):
            raise ModelError(f"CMT {number} turns a compartment off, which cannot be expressed", remedy="leave the line out")
        if any(told):
            if not all(told):
                raise ModelError("SUBSTANCE, ROUTE and UNIT go together", remedy="as in hydrocortisone,oral,mg")
            target = Target(*told)
            if self.compartments.setdefault(number, target) != target and "CMT" in row.cells:
                raise ModelError(f"CMT {number} is {self.compartments[number]} and {target}", remedy="give each its own number")
            return target
        if number not in self.compartments:
            say = "say it by columns SUBSTANCE, ROUTE, UNIT, or by compartments, as in 1=hydrocortisone oral mg"
            raise ModelError(f"nothing says what CMT {number} is", remedy=say)
        return self.compartments[number]


def _midnight(begins: float | None) -> Decimal:
    """Midnight of the day on which an occasion begins."""
    return Decimal(24 * int(begins // 24)) if begins is not None else Decimal(0)


def _divided(time: Decimal) -> tuple[float, int]:
    """Hours since midnight, and the number of the day."""
    day = (time / 24).to_integral_value(ROUND_FLOOR)
    return float(time - 24 * day), int(day)


def write_events(table: EventTable, path: str | Path, *, days: float | None = None, time_zero: str = "00:00") -> Path:
    """Writes a table of events as CSV in NONMEM's columns, and SUBSTANCE, ROUTE and UNIT.

    days  how long the table reaches: needed for what repeats without an end
    Raises ModelError for what such a table cannot hold (meals, sleep, notes, infusions without an end, doses before time 0).
    """
    place = Path(path)
    place.write_text(events_text(table, days=days, time_zero=time_zero), encoding="utf-8")
    return place


def events_text(table: EventTable, *, days: float | None = None, time_zero: str = "00:00") -> str:
    """The table as `write_events` writes it."""
    numbers = {target: str(k) for k, target in enumerate(table.targets, 1)}
    covariates = list(dict.fromkeys(name for subject in table for name in subject.covariates))
    zero = Decimal(repr(read_clock(time_zero)))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*RESERVED, *OURS, *covariates])
    for subject in table:
        own = [subject.covariates.get(name, ".") for name in covariates]
        for occasion in subject.occasions:
            for cells in _occasion(occasion, numbers, zero, days):
                writer.writerow([subject.name, *cells, *own])
    return out.getvalue()


Line = tuple[Decimal, int, list[str]]
"""When, rank among those of the same time, and the cells after ID."""


def _occasion(occasion: Occasion, numbers: Mapping[Target, str], zero: Decimal, days: float | None) -> list[list[str]]:
    lines: list[Line] = []
    for one in occasion.protocol:
        if not isinstance(one, Dose | Infusion):
            raise ModelError(f"a table of events holds no {kind_of(one)}: {said(one)}", remedy='take protocol.only("dose", "infusion")')
        if one.note:
            raise ModelError(f"a table of events holds no notes: {said(one)}", remedy="leave the note out")
        lines.append(_dose(one, numbers, occasion, days))
    for seen in occasion.observations:
        value = "." if seen.value is None else repr(seen.value)
        cells = [".", value, "0", seen.compartment or ".", ".", ".", ".", ".", "1" if seen.value is None else "0", ".", ".", "."]
        lines.append((Decimal(repr(seen.time)), 2, cells))
    early = next((line for line in lines if line[0] < zero), None)
    if early is not None and occasion.begins is None:
        raise ModelError(f"something happens {_plain(zero - early[0])} h before TIME 0", remedy="let TIME begin earlier: time_zero")
    lines.sort(key=lambda line: (line[0], line[1]))
    if occasion.begins is not None:
        begins = Decimal(repr(occasion.begins))
        first = lines[0] if lines else None
        if first is not None and first[0] == begins and first[2][2] == "1":
            first[2][2] = "4"
        else:
            lines.insert(0, (begins, 0, [".", ".", "3", ".", ".", ".", ".", ".", "1", ".", ".", "."]))
    return [[_plain(time - zero), *cells] for time, _, cells in lines]


def _dose(one: Dose | Infusion, numbers: Mapping[Target, str], of: Occasion, days: float | None) -> Line:
    target = target_of(one)
    first, count = _times(one, of, days)
    if isinstance(one, Dose):
        amount, rate = Decimal(repr(one.amount.value)), Decimal(0)
    else:
        if one.duration == float("inf"):
            raise ModelError(f"{said(one)} has no end", remedy="give it a duration, or a time at which it ends")
        text = str(one.rate.unit).replace(" ", "")
        hourly = next(Decimal(n) for ending, n in HOURLY.items() if text.endswith(ending))
        rate = _EXACT.multiply(Decimal(repr(one.rate.value)), hourly)
        amount = _WRITTEN.multiply(rate, Decimal(repr(one.duration)))
    if amount <= 0:
        raise ModelError(f"{said(one)} gives nothing", remedy="leave it out of the table")
    steady = isinstance(one, Dose) and one.steady
    every = Decimal(repr(one.when.every)) if one.when.every and (count > 1 or steady) else Decimal(0)
    if steady and not first - _midnight(of.begins) < every:
        raise ModelError(f"{said(one)} is steady, but begins later", remedy="let it begin within its first round")
    repeats = [_plain(every), str(count - 1), str(int(steady))]
    cells = [_plain(amount), ".", "1", numbers[target], _plain(rate), *repeats, "1", target.substance, target.route, target.unit]
    return first, 1, cells


def _times(one: Dose | Infusion, of: Occasion, days: float | None) -> tuple[Decimal, int]:
    """When it begins first, exactly, and how often it happens."""
    this, origin, low = one.when, of.protocol.origin, of.begins or 0.0
    day = 0 if this.day is None else day_number(this.day, origin)
    exact = Decimal(repr(this.at)) + 24 * day
    if this.every is None:
        if float(exact) < low:
            raise ModelError(f"{said(one)} lies before the table begins", remedy="leave it out")
        return exact, 1
    endless = this.times is None and this.until is None
    if endless and days is None:
        raise ModelError(f"{said(one)} repeats without an end", remedy="say how many days the table reaches, as in days=7")
    end = DAY * days if endless and days is not None else float(exact) + this.every * ((this.times or 100_000) + 1)
    begins = this.begins(low, end, origin)
    if not begins:
        raise ModelError(f"{said(one)} does not happen within the table", remedy="leave it out, or let the table reach further")
    skipped = round((begins[0] - float(exact)) / this.every)
    return exact + skipped * Decimal(repr(this.every)), len(begins)


def _plain(value: Decimal) -> str:
    """Without an exponent and without zeros at the end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
