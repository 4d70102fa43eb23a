"""Declarations: what a model file is made of.  Each is a named leaf of the expression algebra, with a unit and a line.

Where it is          `Compartment`
What it hears        `Input`, `Takes` (doses)
What changes         `Species` (matter in a compartment, moved by `Flux`), `Level` (a number with a `Rate`),
                     `Implicit` (an unknown fixed by a `Balance`), `Lag` (a delayed copy)
What moves it        `Flux`, `Rate`, `Balance`, `Event`
What is computed     `Param`, `Derived`
What it tells        `Output`, `Influence`
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from neurohumor.errors import ModelError
from neurohumor.lang.declared import BASES, GATHERS, GRADES, TIMESCALES, Basis, Declared, Gather, Timescale, number
from neurohumor.lang.expr import Call, Const, Expr, lift
from neurohumor.units import ONE
from neurohumor.units import unit as parse_unit


class Param(Declared):
    """A constant with its evidence: value as printed in the source, unit, meaning, citation, how it is known.

    cite      key in `evidence/refs.bib`, then where in the source: "best2009 T2"
    basis     measured | fitted | derived | assumed (assumed needs no cite and is shown as such everywhere)
    origin    species the number was found in ("human", "rat", ...), "" where it makes no sense
    gsd       how well it is known: geometric standard deviation, 1 = exactly
    cv        how much people differ: coefficient of variation across people
    bounds    physical limits, in `unit`
    estimate  False where only a product with another number is identifiable and this one is fixed
    value may also be an expression over other parameters ("derived"), so that the arithmetic stays in view.
    """

    __slots__ = ("basis", "bounds", "cite", "cv", "estimate", "formula", "gsd", "origin", "value")

    def __init__(
        self,
        value: float | Expr,
        unit: str = "1",
        doc: str = "",
        *,
        cite: str = "",
        basis: Basis = "fitted",
        origin: str = "human",
        gsd: float = 1.0,
        cv: float = 0.0,
        bounds: tuple[float, float] = (0.0, math.inf),
        estimate: bool = True,
    ) -> None:
        super().__init__(unit, doc)
        self.formula = value if isinstance(value, Expr) else None
        self.value = math.nan if isinstance(value, Expr) else number(value, "the value of a Param", self.where)
        self.cite, self.basis, self.origin = cite, basis, origin
        self.gsd, self.cv, self.bounds, self.estimate = gsd, cv, bounds, estimate
        if basis not in BASES:
            raise ModelError(f"basis {basis!r} is not one of {', '.join(BASES)}", where=self.where)
        if not gsd >= 1.0 or not cv >= 0.0:
            raise ModelError(f"gsd must be at least 1 and cv at least 0, got {gsd} and {cv}", where=self.where)
        if self.formula is None and not bounds[0] <= self.value <= bounds[1]:
            raise ModelError(f"{self.value:g} {unit} lies outside its bounds {bounds}", where=self.where)


class Input(Declared):
    """A signal heard from another module, from the protocol or from the person.  At `nominal` the module equals its paper.

    quantity  a name of the vocabulary; "{here}" stands for the place of the part; "*.x" hears every place (needs `gather`)
    gather    sum | product | mass (mass-weighted mean over regions); None: exactly one giver
    """

    __slots__ = ("gather", "nominal", "quantity")
    gather: Gather | None

    def __init__(self, quantity: str, unit: str, nominal: float, doc: str = "", *, gather: Gather | None = None) -> None:
        super().__init__(unit, doc)
        self.quantity, self.nominal, self.gather = quantity, number(nominal, "the nominal of an Input", self.where), gather
        if gather is not None and gather not in GATHERS:
            raise ModelError(f"gather {gather!r} is not one of {', '.join(GATHERS)}", where=self.where)
        if quantity.startswith("*.") and gather is None:
            raise ModelError(f"{quantity} hears many places", where=self.where, remedy='say gather="sum", "product" or "mass"')

    @property
    def at_nominal(self) -> Const:
        """The nominal value as a constant with this input's unit."""
        return Const(self.nominal, self.unit)


class Compartment(Declared):
    """A volume (or a mass of tissue, or a plain 1) in which species live.

    `size` may be an expression over parameters and given inputs (a volume scaled by body weight), or over states: then it
    varies in time and its species are kept as amounts.
    """

    __slots__ = ("size",)

    def __init__(self, size: float | Expr, unit: str = "mL", doc: str = "") -> None:
        super().__init__(unit, doc)
        self.size: Expr = size if isinstance(size, Expr) else Const(number(size, "the size of a Compartment", self.where), self.unit)


class State(Declared):
    """What has an initial value: base of `Species`, `Level`, `Implicit`.

    initial    a number in `unit`, or an expression (evaluated after overrides)
    scale      typical size in `unit`, for the absolute tolerance; default: the initial value
    timescale  overrides the module's; None: the module's
    """

    __slots__ = ("initial", "scale", "timescale")

    def __init__(self, initial: float | Expr, unit: str, doc: str, scale: float | None, timescale: Timescale | None) -> None:
        super().__init__(unit, doc)
        self.initial: Expr = (
            initial if isinstance(initial, Expr) else Const(number(initial, "an initial value", self.where), self.unit)
        )
        if scale is None and isinstance(initial, (int, float)) and initial != 0:
            scale = abs(float(initial))
        if scale is not None and not (math.isfinite(scale) and scale > 0):
            raise ModelError(f"scale must be above 0, got {scale}", where=self.where)
        if timescale is not None and timescale not in TIMESCALES:
            raise ModelError(f"timescale {timescale!r} is not one of {', '.join(TIMESCALES)}", where=self.where)
        self.scale, self.timescale = scale, timescale


class Species(State):
    """Matter in a compartment.  `2*a + b >> c` states a conversion; `0 >> a` and `a >> 0` cross the module's border.

    unit     of concentration (amount per size of the compartment), or of amount: then the symbol means the amount
    content  what one unit of it holds, for the conservation check: {"carbon": 6}; default one unit of "matter"
    """

    __slots__ = ("compartment", "content")

    def __init__(
        self,
        compartment: Compartment,
        initial: float | Expr,
        unit: str,
        doc: str = "",
        *,
        scale: float | None = None,
        content: Mapping[str, float] | None = None,
        timescale: Timescale | None = None,
    ) -> None:
        super().__init__(initial, unit, doc, scale, timescale)
        self.compartment = compartment
        self.content: Mapping[str, float] = {"matter": 1.0} if content is None else dict(content)


class Level(State):
    """A number that evolves by its `Rate` and is not matter: a gate, a gland mass, a phase, an expression level.

    signed  True where it may be below zero (a phase, an oscillator); otherwise it is kept at or above zero
    """

    __slots__ = ("signed",)

    def __init__(
        self,
        initial: float | Expr,
        unit: str = "1",
        doc: str = "",
        *,
        scale: float | None = None,
        signed: bool = False,
        timescale: Timescale | None = None,
    ) -> None:
        super().__init__(initial, unit, doc, scale, timescale)
        self.signed = signed


class Implicit(State):
    """An unknown without a rate, fixed at every moment by its `Balance` (binding equilibria, fast exchange)."""

    __slots__ = ("signed",)

    def __init__(self, initial: float | Expr, unit: str, doc: str = "", *, scale: float | None = None, signed: bool = False) -> None:
        super().__init__(initial, unit, doc, scale, None)
        self.signed = signed


class Derived(Declared):
    """A named expression."""

    __slots__ = ("expr",)

    def __init__(self, expr: Expr | float, unit: str, doc: str = "") -> None:
        super().__init__(unit, doc)
        self.expr = lift(expr)


class Output(Derived):
    """A derived quantity that other modules may hear, under a name of the vocabulary ("{here}" = the part's place)."""

    __slots__ = ("quantity",)

    def __init__(self, quantity: str, expr: Expr | float, unit: str, doc: str = "") -> None:
        super().__init__(expr, unit, doc)
        self.quantity = quantity


class Flux(Derived):
    """A conversion and its rate.

    The rate is an amount per time, or a concentration per time in the compartment `per` (default: that of the first
    species named); the build tells the two apart by their units.  `unit` may be left out: that of the first species per h.
    """

    __slots__ = ("change", "per")

    def __init__(self, change: Change, rate: Expr | float, unit: str = "", doc: str = "", *, per: Compartment | None = None) -> None:
        if not isinstance(change, Change):
            raise ModelError(f"{change!r} is no conversion", remedy="write the species and an arrow: Flux(a >> b, rate)")
        first = next(iter(change.net))
        super().__init__(rate, unit or "1", doc)
        if not unit:
            self.unit = first.unit / parse_unit("h")
        self.change = change
        self.per = first.compartment if per is None else per


class Rate(Derived):
    """The time derivative of a `Level`; several rates of one level add up."""

    __slots__ = ("of",)

    def __init__(self, of: Level, rate: Expr | float, unit: str = "", doc: str = "") -> None:
        super().__init__(rate, unit or "1", doc)
        if not isinstance(of, Level):
            raise ModelError(f"Rate moves a Level, not {of!r}", where=self.where, remedy="move a Species with a Flux")
        if not unit:
            self.unit = of.unit / parse_unit("h")
        self.of = of


class Balance(Derived):
    """The equation of an `Implicit` unknown: `residual` is zero at every moment."""

    __slots__ = ("of",)

    def __init__(self, of: Implicit, residual: Expr, unit: str = "", doc: str = "") -> None:
        super().__init__(residual, unit or "1", doc)
        if not isinstance(of, Implicit):
            raise ModelError(f"Balance fixes an Implicit, not {of!r}", where=self.where)
        if not unit:
            self.unit = of.unit
        self.of = of


class Lag(Declared):
    """A delayed copy of `of` through `stages` first-order steps of total mean delay `tau`; its symbol is the last stage."""

    __slots__ = ("of", "scale", "stages", "tau", "timescale")

    def __init__(
        self,
        of: Expr,
        tau: Expr,
        unit: str,
        doc: str = "",
        *,
        stages: int = 1,
        scale: float | None = None,
        timescale: Timescale | None = None,
    ) -> None:
        super().__init__(unit, doc)
        if stages < 1 or stages != int(stages):
            raise ModelError(f"a Lag has a whole number of stages, at least 1, got {stages}", where=self.where)
        self.of, self.tau, self.stages, self.scale, self.timescale = lift(of), lift(tau), int(stages), scale, timescale


class Influence(Declared):
    """An effect that the module's paper did not have: the factor 1 + emax (H(by; K, n) - Href), neutral on the reference orbit.

    target   the gain it gives, by a name of the vocabulary, gathered by product: "{here}.gain.tph2"
    by       the input it hears
    tau      None: fast, Href is the stored curve over `brain.circadian_phase`; else lagged by tau and Href is the stored mean
    claim    id in the claims ledger; grade A, B, C or D; bounds: the range of emax that the evidence allows
    """

    __slots__ = ("by", "claim", "emax", "grade", "half", "steepness", "target", "tau")

    def __init__(
        self,
        target: str,
        *,
        by: Input,
        emax: Param,
        K: Param,
        n: Param | float = 1.0,
        tau: Param | None = None,
        claim: str,
        grade: str,
        doc: str = "",
    ) -> None:
        super().__init__(ONE, doc)
        if grade not in GRADES:
            raise ModelError(f"grade {grade!r} is not one of {', '.join(GRADES)}", where=self.where)
        if not claim:
            raise ModelError("an influence names the claim it carries", where=self.where, remedy='add claim="F12"')
        self.target, self.by, self.emax, self.half = target, by, emax, K
        self.steepness, self.tau, self.claim, self.grade = lift(n), tau, claim, grade


class Event(Declared):
    """A jump when `trigger` turns from false to true.

    sets        what is set: parameters, species, levels, compartments -> value
    delay       time from trigger to jump; values are taken at the trigger time if `at_trigger`, else at the jump
    priority    larger goes first among jumps of one moment; None: after those that have one
    persistent  False: cancelled if the trigger turns false before the jump
    initially   the trigger's value before the start (True: a trigger true at the start does not fire)
    """

    __slots__ = ("at_trigger", "delay", "initially", "persistent", "priority", "sets", "trigger")

    def __init__(
        self,
        trigger: Expr,
        sets: Mapping[Declared, Expr | float],
        doc: str = "",
        *,
        delay: Expr | None = None,
        priority: Expr | None = None,
        persistent: bool = True,
        initially: bool = True,
        at_trigger: bool = True,
    ) -> None:
        super().__init__(ONE, doc)
        for target in sets:
            if not isinstance(target, (Param, Species, Level, Compartment)):
                raise ModelError(f"an Event cannot set {target!r}", where=self.where, remedy="set a Param, Species, Level or Compartment")
        self.trigger, self.sets = trigger, {k: lift(v) for k, v in sets.items()}
        self.delay, self.priority, self.persistent, self.initially, self.at_trigger = delay, priority, persistent, initially, at_trigger


class Takes(Declared):
    """Where doses of a substance given by a route arrive: "hydrocortisone" by "oral" into `into`.

    A bolus adds its amount; an infusion is a border flux of the same name.  Meals use the route "meal" and the nutrients
    carbohydrate, fat, protein and single amino acids.
    """

    __slots__ = ("into", "route", "substance")

    def __init__(self, substance: str, route: str, into: Species, doc: str = "") -> None:
        super().__init__(ONE, doc)
        self.substance, self.route, self.into = substance, route, into


class Change:
    """The two sides of a conversion: net stoichiometry per species, and each side as written."""

    __slots__ = ("left", "net", "right")

    def __init__(self, left: Expr | int, right: Expr | int) -> None:
        self.left, self.right = _side(left), _side(right)
        net: dict[Species, float] = {}
        for side, sign in ((self.left, -1.0), (self.right, 1.0)):
            for species, count in side:
                net[species] = net.get(species, 0.0) + sign * count
        if not net:
            raise ModelError("a conversion names at least one species", remedy="write e.g. 0 >> a")
        self.net = net


def _side(e: Expr | int) -> tuple[tuple[Species, float], ...]:
    if isinstance(e, Species):
        return ((e, 1.0),)
    if isinstance(e, (int, float)) and e == 0:
        return ()
    if isinstance(e, Call) and e.op == "add":
        return _side(e.args[0]) + _side(e.args[1])
    if isinstance(e, Call) and e.op == "mul" and isinstance(e.args[0], Const):
        return tuple((s, n * e.args[0].value) for s, n in _side(e.args[1]))
    raise ModelError(f"cannot read {e!r} as a side of a conversion", remedy="write e.g.  2*a + b >> c")
