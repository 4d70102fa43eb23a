"""The fingerprint of a system: the same for the same numbers, on every machine and in every process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from neurohumor.lang.expr import Call, Const, Expr, order
from neurohumor.lang.system import Leaf, System
from neurohumor.units import Unit

EDITION = "1"
"""Of the text below; a change of it changes every fingerprint."""


def fingerprint(system: System) -> str:
    """SHA-256 over everything that affects numbers, as text: equations, rows, names, units; no documentation, no sources."""
    digest = hashlib.sha256()
    for line in _lines(system):
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _lines(system: System) -> Iterator[str]:
    yield f"neurohumor system {EDITION} {system.raw} {_unit(system.time_unit)}"
    number = _Numbers()
    yield from number.lines(_roots(system))
    at = number.of
    for s in system.states:
        content = " ".join(f"{k}={v!r}" for k, v in sorted(s.content.items()))
        volume = "" if s.volume is None else at(s.volume)
        yield f"state {s.full} {_unit(s.unit)} {at(s.initial)} {s.scale!r} {s.form} {volume} {s.nonnegative} {s.timescale} {content}"
    for p in system.params:
        yield f"param {p.full} {_unit(p.unit)} {at(p.initial)} {p.gsd!r} {p.cv!r} {p.bounds!r} {p.estimate}"
    for u in system.inputs:
        yield f"input {u.full} {_unit(u.unit)} {u.nominal!r} {u.kind}"
    for d in system.derived:
        yield f"derived {d.full} {_unit(d.unit)} {at(d.expr)}"
    for rate, differential in zip(system.rates, system.differential, strict=True):
        yield f"rate {at(rate)} {differential}"
    for f in system.fluxes:
        yield f"flux {f.full} {f.value} {f.moved!r} {f.border}"
    for e in system.events:
        sets = " ".join(f"{at(leaf)}={at(value)}" for leaf, value in e.sets)
        delay, priority = ("" if x is None else at(x) for x in (e.delay, e.priority))
        yield f"event {e.full} {at(e.trigger)} {sets} {delay} {priority} {e.persistent} {e.initially} {e.at_trigger}"
    for dose in system.doses:
        yield f"dose {dose.substance} {dose.route} {dose.state} {dose.infusion}"
    for quantity, leaf in sorted(system.quantities.items()):
        yield f"quantity {quantity} {leaf.kind} {leaf.index}"


def _roots(system: System) -> Iterator[Expr]:
    for s in system.states:
        yield s.initial
        if s.volume is not None:
            yield s.volume
    for p in system.params:
        yield p.initial
    for d in system.derived:
        yield d.expr
    yield from system.rates
    for e in system.events:
        yield e.trigger
        yield from (x for pair in e.sets for x in pair)
        yield from (x for x in (e.delay, e.priority) if x is not None)


class _Numbers:
    """Each distinct node by the number of its line."""

    def __init__(self) -> None:
        self._at: dict[int, int] = {}

    def lines(self, roots: Iterable[Expr]) -> Iterator[str]:
        known: dict[str, int] = {}
        for node in order(roots):
            text = self._text(node)
            if text not in known:
                known[text] = len(known)
                yield text
            self._at[id(node)] = known[text]

    def of(self, node: Expr) -> str:
        return str(self._at[id(node)])

    def _text(self, node: Expr) -> str:
        if isinstance(node, Const):
            return f"c {node.value!r}"
        if isinstance(node, Leaf):
            return f"l {node.kind} {node.index}"
        assert isinstance(node, Call)
        return f"{node.op} {' '.join(map(self.of, node.args))}"


def _unit(unit: Unit) -> str:
    return f"{unit.dims!r}*{unit.factor!r}"
