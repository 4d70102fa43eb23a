"""Neural energy flux: what each region and the whole brain take up, make, keep in reserve, lack and clear (claim section 4.1).

Rates and states are means over the stretch of time that is asked for; indices are one mean over another.  `brain` is the
mass-weighted whole, with `oef`, `ogi`, `oci` and the free energy those of the wholes.  Ranges to compare with are for healthy adults
at rest; those of rates are for the whole brain, and stand beside the whole alone.
"""

from __future__ import annotations

from neurohumor.lang.readout import How, Readout

GROUP = "brain energy"
PLACES = ("brain", "pfc", "cortex", "striatum", "hippocampus", "other_grey", "white")
RATE, STATE, INDEX = "mean of the rate over time", "mean over time", "mean over mean"


def energy(place: str) -> tuple[Readout, ...]:
    """The read-outs of one region, or of the whole."""
    return (*_fuels(place), *_blood(place), *_atp(place), *_steadiness(place), *_mix(place), *_waste(place))


def _fuels(place: str) -> tuple[Readout, ...]:
    per, fasted = "umol/100 g/min", "after 3.5 days of fasting, Hasselbalch 1994"
    return (
        _one(place, "CMRglc, glucose use", per, "cmrglc", RATE, whole="31, Sokoloff 1996; 29-31 by PET and Fick, Hasselbalch 1994"),
        _one(place, "CMRO2, oxygen use", per, "cmro2", RATE, whole="156, Sokoloff 1996; 140-170, unchecked"),
        _one(place, "CMRket, ketone uptake", per, "cmrket", f"{RATE}, net", whole=f"1.2 fed, 15.5 {fasted}", part="acids"),
        _one(place, "CMRlac, lactate uptake", per, "cmrlac", f"{RATE}, net; below zero it is given to blood",
             whole="-4.3 at rest, van Hall 2009", part="acids"),
        _one(place, "OGI, oxygen over glucose", "1", "cmro2", INDEX, known="5.0-6.0; Sokoloff 1996 has 5.0", over=("cmrglc",)),
        _one(place, "OCI, oxygen over glucose and lactate", "1", "oci", STATE, part="accounts"),
    )  # fmt: skip


def _blood(place: str) -> tuple[Readout, ...]:
    return (
        _one(place, "CBF, blood flow", "mL/100 g/min", "cbf", STATE, whole="57, Hasselbalch 1994", part="vessels"),
        _one(place, "OEF, oxygen extracted", "1", "oef", STATE, known="0.30-0.45, unchecked", part="oxygen"),
    )


def _atp(place: str) -> tuple[Readout, ...]:
    at_hand = "(ATP that could be made with the substrates and oxygen at hand - demand) / demand"
    return (
        _one(place, "J_ATP, ATP made", "umol/g/min", "j_atp", RATE, whole="6.4 by 31P, 6.8-10.2 from oxygen use"),
        _one(place, "energy charge", "1", "energy_charge", STATE, known="above 0.93, unchecked"),
        _one(place, "dG of ATP", "kJ/mol", "dg_atp", STATE, known="-57 to -61, unchecked"),
        _one(place, "dG of ATP, poorest", "kJ/mol", "dg_atp", "highest over time", how="highest"),
        _one(place, "phosphorylation potential", "1/mM", "phosphorylation", STATE, part="accounts"),
        _one(place, "PCr over ATP", "1", "pcr_over_atp", STATE, known="depends on the method: only its change within a run counts"),
        _one(place, "supply reserve", "1", "atp_capacity", at_hand, known="above 0.5, unchecked", part="accounts", less="atp_demand",
             over=("atp_demand",)),
        _one(place, "demand failure index", "1", "atp_shortfall", "ATP asked for and not made over ATP asked for", known="0",
             part="accounts", over=("atp_demand",)),
    )  # fmt: skip


def _steadiness(place: str) -> tuple[Readout, ...]:
    method = "standard deviation over mean, of ATP made less what activity asks for beyond quiet waking"
    return (
        _one(place, "flux stability", "%", "j_atp", method, known="below 5 %, as the term is defined", less="atp_evoked", how="variation"),
    )


def _mix(place: str) -> tuple[Readout, ...]:
    method = "mean of its acetyl-CoA over the mean of all acetyl-CoA"
    every = ("acetyl_from_glucose", "acetyl_from_lactate", "acetyl_from_ketones")
    known = {
        "glucose": "about 100 fed, about 67 after 3.5 days of fasting, derived from Hasselbalch 1994",
        "ketones": "about 0 fed, about 33 after 3.5 days of fasting, derived from Hasselbalch 1994",
        "lactate": "about 0 at rest",
    }
    return tuple(
        _one(place, f"acetyl-CoA from {fuel}", "%", f"acetyl_from_{fuel}", method, known=text, part="accounts", over=every)
        for fuel, text in known.items()
    )


def _waste(place: str) -> tuple[Readout, ...]:
    return (
        _one(
            place,
            "half-time of waste",
            "h",
            "waste_half_time",
            STATE,
            known="8-9, unchecked; what sleep does to it is open",
            part="clearance",
        ),
        _one(place, "waste over its waking rest", "1", "waste", STATE, part="clearance"),
    )


def _one(
    place: str, name: str, told: str, row: str, method: str, *, known: str = "", whole: str = "", part: str = "tissue", less: str = "",
    over: tuple[str, ...] = (), how: How = "mean",
) -> Readout:  # fmt: skip
    """A read-out of a place; `known`: a range of any place, `whole`: one of the whole brain."""
    of = (f"{place}.{row}", *((f"-{place}.{less}",) if less else ()))
    held = "brain" if place == "brain" else f"{place}_{part}"
    compared = known or (whole if place == "brain" else "")
    return Readout(GROUP, name, place, told, of, held, how, over=tuple(f"{place}.{one}" for one in over), method=method, range=compared)


READOUTS = tuple(one for place in PLACES for one in energy(place))
