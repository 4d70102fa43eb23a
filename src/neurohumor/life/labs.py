"""Laboratory values: records of what was measured, never wires; only a fit uses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from neurohumor.errors import ModelError, UnitMismatch, UnknownName, did_you_mean
from neurohumor.life.clock import Moment, read_moment
from neurohumor.life.happenings import measured
from neurohumor.names import lookup
from neurohumor.units import Quantity, quantity, unit

# As a laboratory prints it: the quantity of the vocabulary.
_PRINTED: Mapping[str, str] = MappingProxyType(
    {
        "tsh": "blood.tsh",
        "t4": "blood.t4",
        "t3": "blood.t3",
        "ft4": "blood.ft4",
        "free t4": "blood.ft4",
        "ft3": "blood.ft3",
        "free t3": "blood.ft3",
        "acth": "blood.acth",
        "cortisol": "blood.cortisol",
        "free cortisol": "blood.cortisol_free",
        "lh": "blood.lh",
        "fsh": "blood.fsh",
        "estradiol": "blood.estradiol",
        "oestradiol": "blood.estradiol",
        "progesterone": "blood.progesterone",
        "testosterone": "blood.testosterone",
        "shbg": "blood.shbg",
        "prolactin": "blood.prolactin",
        "glucose": "blood.glucose",
        "insulin": "blood.insulin",
        "ferritin": "person.ferritin",
        "hematocrit": "person.hematocrit",
        "haematocrit": "person.hematocrit",
    }
)
# Measured, but no quantity of the model: recorded in the unit given, which is one of these kinds.
_ONLY_RECORDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "hba1c": ("%", "mmol/mol"),
        "b12": ("pmol/L", "ng/L"),
        "folate": ("nmol/L", "ug/L"),
        "vitamin d": ("nmol/L", "ug/L"),
        "vitamin b6": ("nmol/L", "ug/L"),
        "homocysteine": ("umol/L", "mg/L"),
        "crp": ("mg/L",),
    }
)


@dataclass(frozen=True, slots=True)
class Lab:
    """A laboratory value as printed.

    name       as the laboratory or the vocabulary names it
    value      in the unit printed
    quantity   the quantity of the vocabulary that it measures, "" for none
    time       when the sample was taken, None if not known
    cycle_day  day of the cycle on which it was taken, None if not known
    """

    name: str
    value: Quantity
    quantity: str = ""
    time: Moment | None = None
    cycle_day: float | None = None
    note: str = ""

    @property
    def converted(self) -> Quantity:
        """The value in the unit of its quantity in the vocabulary; as printed where it has none."""
        return measured(self.value, self.quantity).to(lookup(self.quantity).unit) if self.quantity else self.value


def lab(name: str, value: str | Quantity, *, time: object = None, cycle_day: float | None = None, note: str = "") -> Lab:
    """A laboratory value by its printed name ("TSH") or the vocabulary's ("blood.tsh"), in US or SI units.

    Raises UnknownName, UnitMismatch for a unit that the quantity cannot have, ModelError for a negative value.
    """
    printed = " ".join(name.lower().replace("-", " ").split())
    of = _PRINTED.get(printed, name if "." in name else "")
    found = quantity(value) if isinstance(value, Quantity) or of != "person.hematocrit" else quantity(value, "1")
    if of:
        lookup(of)
        measured(found, of)
    elif printed not in _ONLY_RECORDED:
        known = (*_PRINTED, *_ONLY_RECORDED)
        raise UnknownName(
            f"no laboratory value is called {name!r}", remedy=did_you_mean(printed, known) or "give its quantity, as in blood.tsh"
        )
    elif not any(found.unit.same_kind(unit(kind)) for kind in _ONLY_RECORDED[printed]):
        raise UnitMismatch(f"{found} is no value of {name}", remedy=f"{name} is printed in {' or '.join(_ONLY_RECORDED[printed])}")
    if found.value < 0:
        raise ModelError(f"{name} = {found} is negative", remedy="copy the value again")
    if cycle_day is not None and not 0 <= cycle_day <= 90:
        raise ModelError(f"cycle_day = {cycle_day:g} is out of range", remedy="days of the cycle run from 0 to 90")
    return Lab(name, found, of, None if time is None else read_moment(time), None if cycle_day is None else float(cycle_day), note)
