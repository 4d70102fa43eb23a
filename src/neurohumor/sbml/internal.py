"""From a model's own numbers to internal ones: every row is turned by the unit that it declares, and equations with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from neurohumor.lang.expr import Call, Const, Expr, substitute
from neurohumor.lang.system import FluxRow, Interner, Leaf, System
from neurohumor.units import Unit, unit


def in_internal_units(system: System, time: Unit) -> System:
    """The system in internal numbers and hours.  Where nothing is declared (a unit of 1), numbers stay as they are.

    Each symbol is turned by its own unit and each equation is left as the model's author wrote it, between numbers in those units:
    that holds even where the declared units do not agree with one another.
    """
    return _Turning(system, time).turned()


class _Turning:
    def __init__(self, system: System, time: Unit) -> None:
        self.system, self.hours = system, time.factor
        self.intern = Interner()

    def turned(self) -> System:
        system, hours = self.system, self.hours
        states = tuple(
            replace(s, initial=self.of(s.initial, s.unit.factor), scale=s.scale * s.unit.factor, volume=self._volume(s.volume))
            for s in system.states
        )
        rates = tuple(
            self.of(rate, row.unit.factor / hours if moves else 1.0)
            for rate, row, moves in zip(system.rates, system.states, system.differential, strict=True)
        )
        return replace(
            system,
            states=states,
            params=tuple(replace(p, initial=self.of(p.initial, p.unit.factor)) for p in system.params),
            inputs=tuple(replace(u, nominal=u.nominal * u.unit.factor) for u in system.inputs),
            derived=tuple(replace(d, expr=self.of(d.expr, d.unit.factor)) for d in system.derived),
            rates=rates,
            fluxes=tuple(self._flux(f) for f in system.fluxes),
            events=tuple(self._event(e) for e in system.events),
            quantities={name: self._leaf(leaf) for name, leaf in system.quantities.items()},
            time_unit=unit("h"),
            raw=False,
        )

    def of(self, expr: Expr, factor: float) -> Expr:
        """An expression over the model's numbers, as one over internal numbers; its value is turned by `factor`."""
        inside = substitute([expr], lambda s: self._number(s) if isinstance(s, Leaf) else s)[0]
        return self.intern.take(inside if factor == 1.0 else Call("mul", inside, Const(factor)))

    def _number(self, leaf: Leaf) -> Expr:
        """The model's number of what a leaf holds."""
        factor = self.hours if leaf.kind == "time" else self._row(leaf).unit.factor
        if factor == 1.0:
            return leaf
        return Call("div", leaf, Const(factor)) if factor > 1.0 else Call("mul", leaf, Const(1.0 / factor))

    def _row(self, leaf: Leaf) -> Any:
        system = self.system
        rows: dict[str, tuple[Any, ...]] = {
            "state": system.states, "param": system.params, "derived": system.derived, "input": system.inputs,
        }  # fmt: skip
        return rows[leaf.kind][leaf.index]

    def _leaf(self, leaf: Leaf) -> Leaf:
        return self.intern.leaf(leaf.kind, leaf.index, leaf.name)

    def _volume(self, volume: Expr | None) -> Expr | None:
        if not isinstance(volume, Leaf):
            return None if volume is None else self.of(volume, 1.0)
        return self._leaf(volume)

    def _flux(self, flux: FluxRow) -> FluxRow:
        extent = self.system.derived[flux.value].unit.factor * self.hours
        return replace(flux, moved=tuple((i, by * self.system.states[i].unit.factor / extent) for i, by in flux.moved))

    def _event(self, event: Any) -> Any:
        return replace(
            event,
            trigger=self.of(event.trigger, 1.0),
            sets=tuple((self._leaf(target), self.of(value, self._row(target).unit.factor)) for target, value in event.sets),
            delay=None if event.delay is None else self.of(event.delay, self.hours),
            priority=None if event.priority is None else self.of(event.priority, 1.0),
        )
