"""The language a model file is written in."""

from neurohumor.lang.decl import (
    Balance,
    Compartment,
    Derived,
    Event,
    Flux,
    Implicit,
    Influence,
    Input,
    Lag,
    Level,
    Output,
    Param,
    Rate,
    Species,
    Takes,
)
from neurohumor.lang.expr import Const, Expr
from neurohumor.lang.family import Family, ShelfItem
from neurohumor.lang.model import Model, Part, part
from neurohumor.lang.module import Module
from neurohumor.lang.rates import (
    PI,
    both,
    carrier,
    competitive_mm,
    cos,
    curve,
    either,
    exp,
    fold,
    hill,
    inhibition,
    log,
    logistic,
    maximum,
    minimum,
    mm,
    negate,
    positive,
    power,
    reversible_mm,
    saturation,
    sin,
    smooth_max,
    smooth_min,
    sqrt,
    tanh,
    where,
)

__all__ = [
    "PI", "Balance", "Compartment", "Const", "Derived", "Event", "Expr", "Family", "Flux", "Implicit", "Influence", "Input", "Lag", "Level",
    "Model", "Module", "Output", "Param", "Part", "Rate", "ShelfItem", "Species", "Takes", "both", "carrier", "competitive_mm", "cos",
    "curve", "either", "exp", "fold", "hill", "inhibition", "log", "logistic", "maximum", "minimum", "mm", "negate", "part", "positive",
    "power", "reversible_mm", "saturation", "sin", "smooth_max", "smooth_min", "sqrt", "tanh", "where",
]  # fmt: skip
