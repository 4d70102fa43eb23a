"""Units: read, compare, convert; eight dimensions and one coherent internal system.

Inside, everything is nmol, cm (so mL = cm^3), h, mg, K, A, lm and IU; a concentration is then nmol/mL = uM.
Authors never see this: a number is written in the unit that its paper prints.
"""

from neurohumor.units.atoms import known_units
from neurohumor.units.convert import convert
from neurohumor.units.quantity import Quantity, quantity
from neurohumor.units.read import as_unit, unit
from neurohumor.units.unit import DIMENSIONS, ONE, Unit

__all__ = ["DIMENSIONS", "ONE", "Quantity", "Unit", "as_unit", "convert", "known_units", "quantity", "unit"]
