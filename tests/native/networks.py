"""Random networks of hormones as systems: Hill and Michaelis-Menten rates, turnover over seven decades, circadian forcing, depots."""

from __future__ import annotations

import math

import numpy as np

from neurohumor.engine.problem import Action, Batch, Entry
from neurohumor.lang.expr import Expr
from neurohumor.lang.rates import cos, hill, inhibition, mm, sin
from neurohumor.lang.system import Assignment, InputRow, Interner, Leaf, ParamRow, StateRow, System
from neurohumor.units import ONE

DEPOTS, HUBS = 3, 5


class Maker:
    """Collects rows and hands out leaves."""

    def __init__(self) -> None:
        self.params: list[ParamRow] = []
        self.inputs: list[InputRow] = []
        self.derived: list[Assignment] = []
        self.intern = Interner()

    def time(self) -> Expr:
        return self.intern.leaf("time", 0, "time")

    def state(self, index: int) -> Expr:
        return self.intern.leaf("state", index, f"x{index}")

    def param(self, name: str, value: float, cv: float = 0.0) -> Expr:
        self.params.append(ParamRow("net", name, ONE, "", self.intern.const(value), cv=cv))
        return self.intern.leaf("param", len(self.params) - 1, f"net.{name}")

    def input(self, name: str, value: float) -> Expr:
        self.inputs.append(InputRow(name, ONE, "", value, "driven"))
        return self.intern.leaf("input", len(self.inputs) - 1, name)

    def define(self, name: str, expr: Expr) -> Expr:
        self.derived.append(Assignment("net", name, ONE, "", self.intern.take(expr)))
        return self.intern.leaf("derived", len(self.derived) - 1, f"net.{name}")

    def system(self, name, initial, rates, *, differential=None, events=(), scales=None, nonnegative=True) -> System:
        take = self.intern.take
        rates = [take(r if isinstance(r, Expr) else self.intern.const(r)) for r in rates]
        sizes = scales or [max(abs(x), 1e-3) for x in initial]
        states = tuple(
            StateRow("net", f"x{i}", ONE, "", self.intern.const(x), sizes[i], nonnegative=nonnegative) for i, x in enumerate(initial)
        )
        return System(
            name, states, tuple(self.params), tuple(self.inputs), tuple(self.derived), tuple(rates),
            tuple(differential or [True] * len(states)), events=tuple(events),
        )  # fmt: skip


def network(states: int, regulators: int, seed: int = 1, *, driven: bool = False) -> System:
    """A network with about `regulators` regulators per state; with `driven`, an input multiplies some of the synthesis."""
    rng = np.random.default_rng(seed)
    made = Maker()
    size = max(10, 2 * regulators)
    x0 = 10 ** rng.uniform(-1, 1, states)
    turnover = 10 ** rng.uniform(-2.7, 4.3, states)
    hubs = list(range(DEPOTS, DEPOTS + HUBS))
    turnover[hubs] = 10 ** rng.uniform(-1.5, 0.5, HUBS)
    x0[:DEPOTS] = 0
    x = [made.state(i) for i in range(states)]
    day = [made.define("cos", cos(made.time() * (math.tau / 24))), made.define("sin", sin(made.time() * (math.tau / 24)))]
    light = made.input("world.light", 1.0) if driven else None
    rates: list[Expr] = [made.intern.const(0.0)] * states
    for d in range(DEPOTS):
        flow = made.param(f"ka{d}", (0.3, 1.0, 2.5)[d], cv=0.2) * x[d]
        rates[d], rates[hubs[d]] = rates[d] - flow, rates[hubs[d]] + flow
    seen = [{i} for i in range(states)]
    for i in range(DEPOTS, states):
        low = i // size * size

        def pick(low=low):
            u = rng.random()
            if u < 0.12:
                return int(rng.choice(hubs))
            return int(
                rng.integers(low, min(states, low + size)) if u < 0.8 else rng.integers(max(0, low - size), min(states, low + 2 * size))
            )

        synthesis: Expr | None = None
        wish = max(1, round(regulators + rng.normal(0, 0.25 * regulators)))
        tries = 0
        while len(seen[i]) - 1 < wish and tries < 200:
            tries += 1
            j = pick()
            if j < DEPOTS or j in seen[i]:
                continue
            seen[i].add(j)
            u = rng.random()
            pace = min(turnover[i], turnover[j]) * rng.uniform(0.1, 0.5)
            if u < 0.55:
                K = made.param(f"K{i}_{j}", x0[j] * 10 ** rng.uniform(-0.3, 0.3))
                n = made.param(f"n{i}_{j}", rng.uniform(1.2, 3.5)) if rng.random() < 0.15 else float(rng.choice([1, 2, 4]))
                term = inhibition(x[j], K, n) if rng.random() < 0.5 else 0.2 + 1.6 * hill(x[j], K, n)
                synthesis = term if synthesis is None else synthesis * term
            else:
                if u < 0.8:
                    flow = mm(x[j], made.param(f"V{j}_{i}", pace * x0[j], cv=0.2), made.param(f"M{j}_{i}", x0[j] * rng.uniform(0.5, 2)))
                else:
                    back = made.param(f"b{j}_{i}", pace * x0[j] / x0[i])
                    flow = made.param(f"f{j}_{i}", pace) * x[j] - back * x[i]
                    seen[j].add(i)
                rates[i], rates[j] = rates[i] + flow, rates[j] - flow
        k, s = made.param(f"kd{i}", turnover[i], cv=0.2), made.param(f"s{i}", turnover[i] * x0[i] * 1.5, cv=0.2)
        made_of: Expr = s
        if rng.random() < 0.25:
            a, b = (made.param(f"{n}{i}", rng.uniform(-0.4, 0.4)) for n in ("ac", "bc"))
            made_of = made_of * (1 + a * day[0] + b * day[1])
        if light is not None and rng.random() < 0.3:
            made_of = made_of * (0.5 + 0.5 * light)
        made_of = made_of if synthesis is None else made_of * synthesis
        if rng.random() < 0.4:
            loss = k * 0.5 * x[i] + mm(x[i], made.param(f"Vd{i}", turnover[i] * x0[i]), made.param(f"Kd{i}", x0[i] * rng.uniform(0.5, 2)))
        else:
            loss = k * x[i]
        rates[i] = rates[i] + made_of - loss
    return made.system(f"net{states}r{regulators}", list(x0), rates, scales=[max(v, 0.1) for v in x0])


def doses(system: System, days: int) -> tuple[Entry, ...]:
    """A bolus into every depot at the start of every day."""
    start = [s.initial.value for s in system.states]  # type: ignore[attr-defined]
    return tuple(Entry(24.0 * d, Action.ADD_STATE, k, 10.0 * start[DEPOTS + k]) for d in range(days) for k in range(DEPOTS))


def people(system: System, count: int, days: float, *, seed: int = 0, schedules=None, every: float = 6.0, vary: int = 40) -> Batch:
    """A batch: some of the parameters differ from person to person; output every so many hours."""
    rng = np.random.default_rng(seed)
    base = np.array([p.initial.value for p in system.params])  # type: ignore[attr-defined]
    params = np.tile(base, (count, 1))
    columns = [i for i, p in enumerate(system.params) if p.cv > 0][:vary]
    for row in range(1, count):
        params[row, columns] *= np.exp(0.2 * rng.standard_normal(len(columns)))
    inputs = np.tile([u.nominal for u in system.inputs], (count, 1)).reshape(count, len(system.inputs))
    schedule = doses(system, math.ceil(days)) if schedules is None else None
    times = np.arange(0, 24.0 * days + 1e-9, every)
    return Batch(
        params, inputs, np.full((count, len(system.states)), np.nan), tuple(schedules) if schedules is not None else (schedule,) * count,
        np.zeros(count), np.full(count, 24.0 * days), (np.tile(times, (count, 1)),),
    )  # fmt: skip


__all__ = ["Leaf", "Maker", "doses", "network", "people"]
