"""What each declaration reads at the same moment, through the wires: for order, for circles, for what varies in time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from neurohumor.build.matter import is_amount
from neurohumor.build.wire import Wiring
from neurohumor.lang.decl import Compartment, Derived, Event, Influence, Input, Lag, Param, Species, State
from neurohumor.lang.declared import Declared
from neurohumor.lang.expr import Expr, symbols
from neurohumor.lang.system import Leaf

Node = tuple[str, Declared]
"""A declaration in a part."""
K = TypeVar("K", bound=Hashable)

PHASE = "brain.circadian_phase"
"""What a fast influence implicitly hears."""


class Graph:
    """The reading of a wired model."""

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        self.set_by_events: set[Node] = set()
        self._symbols: dict[int, tuple[Declared, ...]] = {}
        self._varies: dict[Node, bool] = {}
        for name, part in wiring.model.parts.items():
            for event in part.module.of(Event):
                self.set_by_events.update((name, target) for target in event.sets)

    def nodes(self) -> list[Node]:
        """Every declaration of every part, in reading order."""
        return [(name, d) for name, part in self.wiring.model.parts.items() for d in part.module.declarations.values()]

    def reads(self, node: Node) -> tuple[Node, ...]:
        """What the value of this declaration needs at the same moment; states and parameters need nothing."""
        part, declared = node
        if isinstance(declared, Species) and not is_amount(declared) and self.varying((part, declared.compartment)):
            return ((part, declared.compartment),)
        return self._reads(node)

    def varying(self, node: Node) -> bool:
        """Whether the value of this declaration may change while time passes."""
        if not self._varies:
            order, _ = ordered(self.nodes(), self._reads)
            for one in order:  # on a circle all that is met so far counts; the circle itself is a fault
                self._varies[one] = self._moves(one) or any(self._varies.get(n, True) for n in self._reads(one))
        return self._varies.get(node, True)

    def _reads(self, node: Node) -> tuple[Node, ...]:
        part, declared = node
        if isinstance(declared, Input):
            return self._hears(part, declared)
        if isinstance(declared, Derived):
            return tuple((part, s) for s in self._leaves(declared.expr))
        if isinstance(declared, Compartment) and node not in self.set_by_events:
            return tuple((part, s) for s in self._leaves(declared.size))
        if isinstance(declared, Influence) and declared.tau is None:
            return ((part, declared.by), *((g.part, g.declared) for g in self.wiring.givers.get(PHASE, ())))
        return ()

    def _moves(self, node: Node) -> bool:
        declared = node[1]
        if isinstance(declared, (State, Lag, Influence)):
            return True
        if isinstance(declared, Input):
            return self.wiring.of(node[0], declared).state in ("driven", "held")
        if isinstance(declared, (Param, Compartment)):
            return node in self.set_by_events or (isinstance(declared, Compartment) and reads_time(declared.size))
        return isinstance(declared, Derived) and reads_time(declared.expr)

    def _hears(self, part: str, declared: Input) -> tuple[Node, ...]:
        wire = self.wiring.of(part, declared)
        return tuple((g.part, g.declared) for g in (*wire.givers, *wire.weights))

    def _leaves(self, expr: Expr) -> tuple[Declared, ...]:
        if id(expr) not in self._symbols:
            self._symbols[id(expr)] = tuple(s for s in symbols(expr) if isinstance(s, Declared))
        return self._symbols[id(expr)]


def reads_time(expr: Expr) -> bool:
    """Whether the time itself stands in an expression."""
    return any(isinstance(s, Leaf) and s.kind == "time" for s in symbols(expr))


def ordered(nodes: Iterable[K], reads: Callable[[K], Iterable[K]]) -> tuple[list[K], list[list[K]]]:
    """The nodes, each after what it reads; and the circles met, each as the path that closes it (iterative, stable)."""
    done: dict[K, int] = {}  # 1 open, 2 closed
    out: list[K] = []
    circles: list[list[K]] = []
    for root in nodes:
        if root in done:
            continue
        stack = [(root, iter(reads(root)))]
        path = [root]
        done[root] = 1
        while stack:
            node, rest = stack[-1]
            for following in rest:
                state = done.get(following, 0)
                if state == 1:
                    circles.append([*path[path.index(following) :], following])
                elif state == 0:
                    done[following] = 1
                    stack.append((following, iter(reads(following))))
                    path.append(following)
                    break
            else:
                done[node] = 2
                out.append(node)
                stack.pop()
                path.pop()
    return out, circles
