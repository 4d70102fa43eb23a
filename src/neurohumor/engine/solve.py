"""`simulate`: people living their days, in one call."""

from __future__ import annotations

import math
import time as clocks
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from neurohumor.engine.baseline import settle_all
from neurohumor.engine.clock import Span, Window, samples, window_times
from neurohumor.engine.interrupt import Interruptible
from neurohumor.engine.numbers import hours
from neurohumor.engine.problem import Batch, Moment, Program, Progress, Solved, Stiff
from neurohumor.engine.program import QUICKEST
from neurohumor.engine.provenance import Provenance, digest, versions
from neurohumor.engine.run import Block, Group, Run
from neurohumor.engine.schedule import Bound, Change, bind
from neurohumor.engine.settled import Settled
from neurohumor.engine.settling import Target
from neurohumor.engine.status import Code, Status
from neurohumor.engine.subject import (
    DAY,
    Subject,
    acts_of,
    habit_of,
    happenings_of,
    inputs_of,
    key_of_model,
    params_of,
    program_of,
    subject_of,
    vector,
    wiring_of,
)  # fmt: skip
from neurohumor.engine.table import table_of
from neurohumor.errors import ModelError, NeurohumorError, SolveError, UnknownName
from neurohumor.lang.model import Model
from neurohumor.life.protocol import Protocol

if TYPE_CHECKING:
    from neurohumor.life.person import Person

Floats = NDArray[np.float64]
STEP = 5 / 60
"""h between samples unless a window says otherwise."""
CHUNK = 2**27
"""Numbers of states that are in memory at once where only chosen outputs are kept."""


@dataclass(frozen=True, slots=True)
class _Ask:
    """What one call of `simulate` asked for, checked."""

    start: float
    end: float
    windows: tuple[Window, ...]
    outputs: tuple[str, ...]
    options: Stiff
    settled: bool
    target: Target
    strict: bool
    backend: str
    resumed: Run | None


@dataclass(slots=True)
class _Life:
    """One person of a group, as far as it has been worked out; `status` is set where it cannot go on."""

    place: int
    subject: Subject
    moment: Moment | None = None
    bound: Bound | None = None
    inputs: Floats | None = None
    params: dict[int, float] = field(default_factory=dict)
    times: list[Floats] = field(default_factory=list)
    drift: float = math.nan
    status: Status | None = None


def simulate(
    what: Any,
    person: Person | Sequence[Person] | None = None,
    protocol: Protocol | None = None,
    *,
    days: float | None = None,
    start: float | Run | None = None,
    windows: Iterable[Window] | None = None,
    outputs: Iterable[str] | None = None,
    options: Stiff | None = None,
    backend: str = QUICKEST,
    settled: bool | None = None,
    strict: bool = True,
    seed: int = 0,
    changes: Iterable[Change] = (),
    target: Target | None = None,
    progress: Progress | None = None,
) -> Run:
    """Simulate a person, or each of several people, living a protocol on top of their habits.

    what      a Family, a Model, a System or a Program; of a family or a model, nobody means the reference person
    days      how long; default: the protocol's own, else one day
    start     h since midnight of day 0 (default: when the protocol begins), or a Run to go on from
    windows   (from, to, step), clock times or relative to a happening ("burst + 0 s", "burst + 5 s", "1 ms"); default: all, 5 min
    outputs   names to keep, instead of everything
    settled   begin from the baseline that the person's habits lead to (default: where somebody lives); else from initial values
    strict    raise SolveError if anybody's run fails; else carry it in `Run.statuses`
    changes   parameters that an experiment's arm changes; target: when a baseline counts as found; seed: recorded
    backend   "native" or "reference" engine, or the "quickest" that this machine has
    progress  called with hours done and in all; returns False to stop; its method `note`, where it has one, with what goes on before
    Ctrl-C stops the run and leaves what was computed, with status INTERRUPTED.
    """
    people, single = _people(person)
    if isinstance(start, Run):  # who goes on was settled already: what always holds now holds from here
        changes = tuple(replace(c, at=start.end) if c.at is None else c for c in changes)
    subjects = [subject_of(what, one, protocol, changes) for one in people]
    ask = _asked(
        subjects[0].person is not None, protocol, days, start, settled=settled, strict=strict, backend=backend,
        windows=tuple(windows or ()), outputs=tuple(outputs or ()), options=options or Stiff(), target=target or Target(),
    )  # fmt: skip
    if ask.resumed is not None and len(ask.resumed.people) != len(people):
        raise ModelError(
            f"the run to go on from has {len(ask.resumed.people)} people, here are {len(people)}", remedy="give the same people"
        )
    statuses: list[Status] = [Status(person=k) for k in range(len(people))]
    groups: list[Group] = []
    with Interruptible(progress, total=(ask.end - ask.start) * len(people)) as interrupt:
        for program, lives in _grouped(subjects, backend):
            group = _run_group(program, lives, ask, interrupt)
            groups.append(group)
            for life in lives:
                statuses[life.place] = life.status or Status(person=life.place, time=ask.end)
    failed = tuple(s for s in statuses if not s.ok)
    if strict and failed and not all(s.code is Code.INTERRUPTED for s in failed):
        raise SolveError("; ".join(str(s) for s in failed[:3]), remedy=_remedy(failed), statuses=failed)
    made = _made_by(groups, subjects, ask, seed, interrupt)
    names = tuple(getattr(one, "name", "") or f"person {k}" for k, one in enumerate(people))
    return Run(tuple(groups), names, tuple(statuses), made, ask.start, ask.end, single)


def _remedy(failed: tuple[Status, ...]) -> str:
    more = f"{len(failed)} people failed; " if len(failed) > 1 else ""
    return f"{more}strict=False gives what was computed, with Run.failed"


def _people(person: Any) -> tuple[list[Any], bool]:
    if person is None or hasattr(person, "given"):
        return [person], True
    people = list(person)
    if not people or not all(hasattr(one, "given") for one in people):
        raise ModelError(f"{person!r} is nobody", remedy="give a Person, or several")
    return people, False


def _asked(
    somebody: bool, protocol: Protocol | None, days: float | None, start: float | Run | None, *, settled: bool | None, **rest: Any
) -> _Ask:
    """The call, checked: when it begins and ends, and whether people are settled first."""
    resumed = start if isinstance(start, Run) else None
    begin = 0.0 if protocol is None else protocol.begins
    if resumed is not None:
        begin = resumed.end
    elif start is not None:
        begin = float(start)  # type: ignore[arg-type]
    length = days if days is not None else (protocol.days if protocol is not None and protocol.days else 1.0)
    if not (math.isfinite(begin) and math.isfinite(length) and length > 0):
        raise ModelError(f"a run of {length} days from {begin} h cannot be", remedy="give a number of days above 0")
    settled = (somebody if settled is None else settled) and resumed is None
    return _Ask(begin, begin + DAY * length, settled=settled, resumed=resumed, **rest)


def _grouped(subjects: list[Subject], backend: str) -> list[tuple[Program, list[_Life]]]:
    """People by the equations they share, in order of first appearance."""
    keys: dict[Any, Program] = {}
    groups: dict[int, tuple[Program, list[_Life]]] = {}
    for place, subject in enumerate(subjects):
        key = key_of_model(subject.model) if isinstance(subject.model, Model) else id(subject.model)
        if key not in keys:
            keys[key] = program_of(subject.model, backend)
        program = keys[key]
        groups.setdefault(id(program), (program, []))[1].append(_Life(place, subject))
    return list(groups.values())


def _run_group(program: Program, lives: list[_Life], ask: _Ask, interrupt: Interruptible) -> Group:
    system, table = program.system, table_of(program.system)
    for name in ask.outputs:
        table.column(name)
    for life in lives:
        _prepare(life, program, ask)
    if ask.settled:
        _settle(program, lives, ask, interrupt)
    ready = [life for life in lives if life.status is None]
    size = max(1, CHUNK // max(1, len(system.states) * sum(len(t) for t in lives[0].times))) if ask.outputs else len(ready)
    results: list[tuple[list[_Life], tuple[Block, ...]]] = []
    moments: dict[int, Moment] = {}
    told = tuple(dict.fromkeys(ask.outputs))
    for first in range(0, len(ready), size or 1):
        chunk = ready[first : first + size]
        blocks = _solve_chunk(program, chunk, ask, interrupt, moments)
        results.append((chunk, tuple(_only_told(program, table, b, told) for b in blocks) if told else blocks))
    blocks = _assembled(system, lives, results, ask)
    group_moments = tuple(moments.get(life.place) or _nowhere(system, ask) for life in lives)
    return Group(
        table=table,
        people=tuple(life.place for life in lives),
        blocks=blocks,
        moments=group_moments,
        program=program,
        told=told,
        wiring=wiring_of(lives[0].subject, system, lives[0].inputs if lives[0].inputs is not None else inputs_of(lives[0].subject, system)),
        unheard=tuple(() if life.bound is None else life.bound.unheard for life in lives),
        drift=tuple(life.drift for life in lives),
    )


def _prepare(life: _Life, program: Program, ask: _Ask) -> None:
    """The person's numbers, acts and sample times."""
    system, subject = program.system, life.subject
    base = math.floor(ask.start / DAY) * DAY if ask.settled else ask.start
    if ask.resumed is not None and not ask.resumed.statuses[life.place].ok:
        life.status = replace(ask.resumed.statuses[life.place], person=life.place)
    try:
        life.inputs = inputs_of(subject, system)
        life.params = params_of(subject, system, life.inputs)
        acts = acts_of(subject, base, ask.end)
        life.bound = bind(acts, system, life.inputs, life.params, start=base, end=ask.end, changes=subject.changes)
    except UnknownName:
        raise
    except NeurohumorError as fault:
        if ask.strict:
            raise
        life.status = Status(Code.BAD_INPUT, life.place, ask.start, detail=str(fault).replace("\n", " "))
    span = Span(ask.start, ask.end, happenings_of(subject, ask.start, ask.end))
    life.times = [window_times(w, span) for w in ask.windows] or [samples(span.start, span.end, STEP)]
    if ask.resumed is not None and life.status is None:
        life.moment = _carried(ask.resumed.moments[life.place], system, life, ask)


def _carried(moment: Moment, system: Any, life: _Life, ask: _Ask) -> Moment:
    """The end of the earlier run as the beginning of this one."""
    if len(moment.y) != len(system.states) or len(moment.p) != len(system.params):
        raise ModelError("the run to go on from was made with other equations", remedy="give the same model, person and drugs")
    assert life.bound is not None
    return replace(moment, time=ask.start / hours(system), u=life.bound.inputs, slopes=np.zeros(len(life.bound.inputs)))


def _settle(program: Program, lives: list[_Life], ask: _Ask, interrupt: Interruptible) -> None:
    ready = [life for life in lives if life.status is None]
    habits = [habit_of(life.subject, program.system) for life in ready]
    found: list[Settled] = []
    if ready:
        found = settle_all(program, habits, ask.options, ask.target, stop=interrupt.asked, told=interrupt.settled)
    base = math.floor(ask.start / DAY) * DAY / hours(program.system)
    for life, settled in zip(ready, found, strict=True):
        life.drift = abs(settled.worst[1])
        if not settled.status.ok:
            life.status = replace(settled.status, person=life.place)
            continue
        assert life.bound is not None
        pending = tuple(replace(p, due=p.due + base) for p in settled.moment.pending)
        u, none = life.bound.inputs, np.zeros(len(life.bound.inputs))
        life.moment = replace(settled.moment, time=base, u=u, slopes=none, pending=pending)


def _solve_chunk(
    program: Program, lives: list[_Life], ask: _Ask, interrupt: Interruptible, moments: dict[int, Moment]
) -> tuple[Block, ...]:
    system, rate = program.system, hours(program.system)
    begin = (math.floor(ask.start / DAY) * DAY if ask.settled else ask.start) / rate
    n, bounds = len(lives), [life.bound for life in lives]
    starts = tuple(life.moment for life in lives if life.moment is not None)
    batch = Batch(
        params=np.stack([vector(system, life.params) for life in lives]),
        inputs=np.stack([b.inputs for b in bounds if b is not None]),
        states=np.full((n, len(system.states)), np.nan),
        schedules=tuple(b.schedule for b in bounds if b is not None),
        start=np.full(n, begin),
        end=np.full(n, ask.end / rate),
        windows=tuple(
            np.clip(np.stack([life.times[w] for life in lives]) / rate, begin, ask.end / rate) for w in range(len(lives[0].times))
        ),
        starts=starts if len(starts) == n else None,
    )
    solved = interrupt.solve(program, batch, ask.options, hours_each=ask.end - ask.start)
    if solved is None:
        for life in lives:
            life.status = Status(Code.INTERRUPTED, life.place, ask.start)
        return ()
    for life, moment, status in zip(lives, solved.moments, solved.statuses, strict=True):
        moments[life.place] = moment
        if not status.ok:
            life.status = replace(status, person=life.place, time=status.time * rate)
    return _blocks(lives, solved)


def _blocks(lives: list[_Life], solved: Solved) -> tuple[Block, ...]:
    constant = np.stack([m.p for m in solved.moments])
    return tuple(
        Block(
            times=np.stack([life.times[w] for life in lives]),
            states=solved.states[w],
            params=constant if solved.params is None else solved.params[w],
            inputs=solved.inputs[w],
        )
        for w in range(len(solved.states))
    )


def _only_told(program: Program, table: Any, block: Block, told: tuple[str, ...]) -> Block:
    """A block reduced to the values of a few names."""
    whole = Group(table, tuple(range(len(block.times))), (block,), (), program)
    return Block(block.times, None, None, None, np.stack([whole.values(0, name)[0] for name in told], axis=-1))


def _assembled(system: Any, lives: list[_Life], results: list[tuple[list[_Life], tuple[Block, ...]]], ask: _Ask) -> tuple[Block, ...]:
    """Blocks of everybody in the group, in order; NaN for those who could not begin."""
    row = {life.place: k for k, life in enumerate(lives)}
    lengths = {tuple(len(t) for t in life.times) for life in lives}
    if len(lengths) > 1:
        raise ModelError("a window has another number of samples for some people", remedy="give windows of one length")
    blocks = []
    for w, length in enumerate(lengths.pop()):
        parts = [([row[life.place] for life in chunk], made[w]) for chunk, made in results if made]
        whole = {
            name: _joined(len(lives), length, [(rows, getattr(b, name)) for rows, b in parts])
            for name in ("states", "params", "inputs", "told")
        }
        if not parts:
            whole = _empty(system, len(lives), length, len(ask.outputs))
        blocks.append(Block(times=np.stack([life.times[w] for life in lives]), **whole))
    return tuple(blocks)


def _joined(n: int, length: int, parts: list[tuple[list[int], Floats | None]]) -> Floats | None:
    known = [(rows, data) for rows, data in parts if data is not None]
    if not known:
        return None
    if len(known) == 1 and known[0][0] == list(range(n)):
        return known[0][1]
    depth = max(data.ndim for _, data in known)
    shape = (n, length, known[0][1].shape[-1]) if depth == 3 else (n, known[0][1].shape[-1])
    whole = np.full(shape, np.nan)
    for rows, data in known:
        whole[rows] = data if data.ndim == depth else data[:, None, :]
    return whole


def _empty(system: Any, n: int, length: int, told: int) -> dict[str, Floats | None]:
    if told:
        return {"states": None, "params": None, "inputs": None, "told": np.full((n, length, told), np.nan)}
    sizes = {"states": len(system.states), "inputs": len(system.inputs)}
    filled: dict[str, Floats | None] = {name: np.full((n, length, size), np.nan) for name, size in sizes.items()}
    return {**filled, "params": np.full((n, len(system.params)), np.nan), "told": None}


def _nowhere(system: Any, ask: _Ask) -> Moment:
    """The moment of a person who could not begin."""
    nothing = [np.full(len(rows), np.nan) for rows in (system.states, system.params, system.inputs)]
    return Moment(ask.start / hours(system), nothing[0], nothing[1], nothing[2], np.zeros(len(system.inputs)))


def _made_by(groups: list[Group], subjects: list[Subject], ask: _Ask, seed: int, interrupt: Interruptible) -> Provenance:
    first = subjects[0]
    inputs = {
        "people": digest([s.person for s in subjects]),
        "protocol": digest(first.protocol),
        "changes": digest([[c.name, str(c.value), c.at] for c in first.changes]),
        "windows": digest([str(w) for w in ask.windows]),
    }
    return Provenance(
        **versions(),
        backend=", ".join(dict.fromkeys(g.program.backend for g in groups if g.program is not None)),
        fingerprints=tuple(g.table.fingerprint for g in groups),
        seed=seed,
        options={**asdict(ask.options), "baseline_aim": ask.target.aim, "baseline_limit": ask.target.limit},
        settled=ask.settled,
        inputs=inputs,
        wall=round(clocks.perf_counter() - interrupt.began, 3),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        counts=dict(interrupt.counts),
        achieved=dict(interrupt.achieved),
    )
