"""Synthetic networks of hormones: Hill and Michaelis-Menten rates, turnover over seven decades, circadian forcing, three depots.

One seed gives one network, number for number: the order in which numbers are drawn is part of the definition.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from neurohumor.engine.problem import Action, Entry
from neurohumor.lang.expr import Expr
from neurohumor.lang.rates import cos, sin
from neurohumor.lang.system import InputRow, Interner, ParamRow, StateRow, System
from neurohumor.units import ONE

DEPOTS, HUBS = 3, 5
MOST_VARIED = 40


class Rows:
    """Collects the rows of a system and hands out their leaves."""

    def __init__(self) -> None:
        self.params: list[ParamRow] = []
        self.inputs: list[InputRow] = []
        self.intern = Interner()

    def time(self) -> Expr:
        return self.intern.leaf("time", 0, "time")

    def state(self, index: int) -> Expr:
        return self.intern.leaf("state", index, f"net.x{index}")

    def param(self, name: str, value: float) -> Expr:
        self.params.append(ParamRow("net", name, ONE, "", self.intern.const(float(value))))
        return self.intern.leaf("param", len(self.params) - 1, f"net.{name}")

    def system(self, name: str, initial: list[float], rates: list[Expr], *, nonnegative: bool = True) -> System:
        take = self.intern.take
        states = tuple(
            StateRow("net", f"x{k}", ONE, "", self.intern.const(float(v)), max(abs(float(v)), 0.1), form="level", nonnegative=nonnegative)
            for k, v in enumerate(initial)
        )
        return System(name, states, tuple(self.params), (), (), tuple(take(r) for r in rates), (True,) * len(states), raw=True)


@dataclass(frozen=True)
class Network:
    """A network, the amount of each depot's bolus, and the parameters that differ between people."""

    system: System
    boluses: tuple[float, ...]
    varied: tuple[int, ...]


@dataclass
class _Draft:
    """A network while it is drawn."""

    size: int
    rng: np.random.Generator
    rows: Rows = field(default_factory=Rows)

    def __post_init__(self) -> None:
        self.level = 10 ** self.rng.uniform(-1, 1, self.size)
        self.turnover = 10 ** self.rng.uniform(-2.7, 4.3, self.size)
        self.hubs = list(range(DEPOTS, DEPOTS + HUBS))
        self.turnover[self.hubs] = 10 ** self.rng.uniform(-1.5, 0.5, HUBS)
        self.level[:DEPOTS] = 0
        self.x = [self.rows.state(k) for k in range(self.size)]
        self.flows: list[list[Expr]] = [[] for _ in range(self.size)]
        self.near = [{k} for k in range(self.size)]
        day = self.rows.time() * 0.26179938779914946
        self.day = cos(day), sin(day)


def network(states: int, regulators: int, seed: int = 1) -> Network:
    """A network with about so many regulators per state."""
    draft = _Draft(states, np.random.default_rng(seed))
    draft.rows.param("ca", 0.5)
    for d in range(DEPOTS):
        flow = draft.rows.param(f"ka{d}", (0.3, 1.0, 2.5)[d]) * draft.x[d]
        draft.flows[d].append(-flow)
        draft.flows[draft.hubs[d]].append(flow)
        draft.near[draft.hubs[d]].add(d)
    for k in range(DEPOTS, states):
        _one(draft, k, regulators)
    names = [p.name for p in draft.rows.params]
    able = [k for k, n in enumerate(names) if n[:2] in ("kd", "ka") or n[0] in "Vs"]
    chosen = draft.rng.choice(able, min(MOST_VARIED, len(able)), replace=False)
    system = draft.rows.system(f"network_{states}", list(draft.level), [_sum(f) for f in draft.flows])
    boluses = tuple(10.0 * float(draft.level[h]) for h in draft.hubs[:DEPOTS])
    return Network(system, boluses, tuple(sorted(int(k) for k in chosen)))


def doses(made: Network, days: int) -> tuple[Entry, ...]:
    """A bolus into every depot at the start of every day."""
    return tuple(Entry(24.0 * d, Action.ADD_STATE, k, amount) for d in range(days) for k, amount in enumerate(made.boluses))


def _sum(terms: list[Expr]) -> Expr:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _one(draft: _Draft, k: int, regulators: int) -> None:
    """The rates of one state: synthesis under regulators, exchange with others, loss."""
    rng, param, x, level = draft.rng, draft.rows.param, draft.x, draft.level
    wish = max(1, round(regulators + rng.normal(0, 0.25 * regulators)))
    factors: list[Expr] = []
    tries = 0
    while len(draft.near[k]) - 1 < wish and tries < 200:
        tries += 1
        j = _partner(draft, k, max(10, 2 * regulators))
        if j == k or j < DEPOTS or j in draft.near[k]:
            continue
        kind = rng.random()
        if kind < 0.55:
            factors.append(_regulation(draft, k, j))
        else:
            _exchange(draft, k, j, saturable=kind < 0.8)
    loss, made = param(f"kd{k}", draft.turnover[k]), param(f"s{k}", draft.turnover[k] * level[k] * 1.5)
    if rng.random() < 0.25:
        a, b = (param(f"{n}{k}", rng.uniform(-0.4, 0.4)) for n in ("ac", "bc"))
        made = made * (1 + a * draft.day[0] + b * draft.day[1])
    for factor in factors:
        made = made * factor
    if rng.random() < 0.4:
        most, half = param(f"Vd{k}", draft.turnover[k] * level[k]), param(f"Kd{k}", level[k] * rng.uniform(0.5, 2))
        draft.flows[k] += [made, -(loss * 0.5 * x[k]), -(most * x[k] / (half + x[k]))]
    else:
        draft.flows[k] += [made, -(loss * x[k])]


def _partner(draft: _Draft, k: int, size: int) -> int:
    rng, low = draft.rng, k // size * size
    high = min(draft.size, low + size)
    u = rng.random()
    if u < 0.12:
        return int(rng.choice(draft.hubs))
    return int(rng.integers(low, high)) if u < 0.8 else int(rng.integers(max(0, low - size), min(draft.size, high + size)))


def _regulation(draft: _Draft, k: int, j: int) -> Expr:
    """A Hill factor of the synthesis of k."""
    rng = draft.rng
    half = draft.rows.param(f"K{k}_{j}", draft.level[j] * 10 ** rng.uniform(-0.3, 0.3))
    power: Expr | float = float(rng.choice([1, 2, 4]))
    if rng.random() < 0.15:
        power = draft.rows.param(f"n{k}_{j}", rng.uniform(1.2, 3.5))
    q = (draft.x[j] / half) ** power
    draft.near[k].add(j)
    return 1 / (1 + q) if rng.random() < 0.5 else 0.2 + 1.6 * q / (1 + q)


def _exchange(draft: _Draft, k: int, j: int, *, saturable: bool) -> None:
    """j becomes k by an enzyme, or the two exchange by mass action."""
    rng, level, x = draft.rng, draft.level, draft.x
    pace = min(draft.turnover[k], draft.turnover[j]) * rng.uniform(0.1, 0.5)
    if saturable:
        most, half = draft.rows.param(f"V{j}_{k}", pace * level[j]), draft.rows.param(f"M{j}_{k}", level[j] * rng.uniform(0.5, 2))
        flow = most * x[j] / (half + x[j])
    else:
        there = draft.rows.param(f"f{j}_{k}", pace)
        back = draft.rows.param(f"b{j}_{k}", pace * level[j] / level[k] if level[k] > 0 else pace)
        flow = there * x[j] - back * x[k]
        draft.near[j].add(k)
    draft.near[k].add(j)
    draft.flows[k].append(flow)
    draft.flows[j].append(-flow)


