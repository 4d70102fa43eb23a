"""The shared vocabulary: place and substance make the name of a quantity; the tables are data, read when first asked."""

from neurohumor.names.places import Place, place, places
from neurohumor.names.quantities import QuantityKind, all_names, lookup
from neurohumor.names.substances import Substance, find_substance, substance, substances

__all__ = ["Place", "QuantityKind", "Substance", "all_names", "find_substance", "lookup", "place", "places", "substance", "substances"]
