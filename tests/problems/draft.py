"""Flat systems written by hand, for tests of everything below the build."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from neurohumor.lang.expr import Const, Expr, lift
from neurohumor.lang.system import Assignment, EventRow, InputRow, Interner, Leaf, ParamRow, StateRow, System
from neurohumor.units import ONE


class Draft:
    """Collects rows; `system()` interns them.  Every row is of the part "a"."""

    def __init__(self, name: str = "draft") -> None:
        self.name = name
        self.t = Leaf("time", 0, "time")
        self.states: list[dict[str, Any]] = []
        self.params: list[ParamRow] = []
        self.inputs: list[InputRow] = []
        self.rows: list[Assignment] = []
        self.rates: list[Expr] = []
        self.differential: list[bool] = []
        self.events: list[dict[str, Any]] = []

    def state(self, name: str, initial: Expr | float = 0.0, *, scale: float = 1.0, nonnegative: bool = False) -> Leaf:
        self.states.append({"name": name, "initial": lift(initial), "scale": scale, "nonnegative": nonnegative, "form": "level"})
        self.rates.append(Const(0.0))
        self.differential.append(True)
        return Leaf("state", len(self.states) - 1, f"a.{name}")

    def rate(self, of: Leaf, expr: Expr | float) -> None:
        self.rates[of.index] = lift(expr)

    def balance(self, of: Leaf, residual: Expr) -> None:
        self.rates[of.index], self.differential[of.index] = residual, False
        self.states[of.index]["form"] = "unknown"

    def param(self, name: str, value: Expr | float) -> Leaf:
        initial = Const(value) if isinstance(value, (int, float)) else value
        self.params.append(ParamRow("a", name, ONE, "", initial))
        return Leaf("param", len(self.params) - 1, f"a.{name}")

    def input(self, name: str, nominal: float = 0.0) -> Leaf:
        self.inputs.append(InputRow(name, ONE, "", nominal, "driven"))
        return Leaf("input", len(self.inputs) - 1, name)

    def derived(self, name: str, expr: Expr | float) -> Leaf:
        self.rows.append(Assignment("a", name, ONE, "", lift(expr)))
        return Leaf("derived", len(self.rows) - 1, f"a.{name}")

    def event(self, name: str, trigger: Expr, sets: Mapping[Leaf, Expr | float], **flags: Any) -> int:
        lifted = {k: (None if v is None else lift(v)) if k in ("delay", "priority") else v for k, v in flags.items()}
        self.events.append({"name": name, "trigger": trigger, "sets": {k: lift(v) for k, v in sets.items()}, **lifted})
        return len(self.events) - 1

    def system(self, fingerprint: str = "") -> System:
        interner = Interner()

        one = interner.take
        events = []
        for flags in self.events:
            changed = {k: one(flags[k]) for k in ("trigger", "delay", "priority") if flags.get(k) is not None}
            sets = tuple((one(target), one(value)) for target, value in flags["sets"].items())
            events.append(EventRow("a", **{**flags, **changed, "sets": sets}))
        return System(
            name=self.name,
            states=tuple(StateRow("a", unit=ONE, doc="", **{**s, "initial": one(s["initial"])}) for s in self.states),
            params=tuple(ParamRow("a", p.name, ONE, "", one(p.initial)) for p in self.params),
            inputs=tuple(self.inputs),
            derived=tuple(Assignment("a", d.name, ONE, "", one(d.expr)) for d in self.rows),
            rates=tuple(map(one, self.rates)),
            differential=tuple(self.differential),
            events=tuple(events),
            fingerprint=fingerprint,
        )
