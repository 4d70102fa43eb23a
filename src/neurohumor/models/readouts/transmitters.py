"""Neurotransmitter flux: how much dopamine and serotonin is made, released, taken back and broken down, where and by which route.

Flows are means over the stretch of time that is asked for, per region (umol/h) and per gram of its tissue; shares are one mean
over another, so that they add up to one.  Levels are the true extracellular level of the model, never what a dialysis probe would
show.  Ranges to compare with are for rats unless they say otherwise, and were not checked in their sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from neurohumor.lang.readout import Readout

TRUE_LEVEL = "true extracellular level, not dialysis"
RATE = "mean of the rate over time"
SHARES = "mean of its rate over the mean of all routes out of the extracellular fluid"
BURSTS = "after the first burst that the run keeps in steps of 50 ms or finer"


def dopamine(place: str, part: str, tonic: str, decay: str) -> tuple[Readout, ...]:
    """The read-outs of one `DopamineTerminal`; `tonic` and `decay` are ranges to compare with."""
    level, routes = f"{place}.dopamine", {"DAT": "dat", "NET": "net", "glia": "glia", "COMT": "methyl", "diffusion": "away"}
    ratio = "0.1-0.3, rat striatum, unchecked" if place == "striatum" else ""
    told = partial(Readout, "dopamine", place=place, part=part)
    return (
        *_flows("dopamine", place, part),
        told("tonic level", unit="nmol/L", of=(level,), how="tonic", method=TRUE_LEVEL, range=tonic),
        told("tonic level in clefts", unit="nmol/L", of=(f"{level}_cleft",), how="tonic", method="mean over all clefts of the region"),
        *_bursts("dopamine", place, part, "da.burst", decay),
        *_shares("dopamine", place, part, routes),
        told("breakdown to DOPAC", unit="umol/h", of=_fluxes(part, "mao", "mao_out"), method=f"{RATE}; by MAO, in and out of terminals"),
        told("breakdown to 3-MT", unit="umol/h", of=_fluxes(part, "methyl", "methyl_2"), method=f"{RATE}; by COMT, in and out of cells"),
        told("turnover ratio", unit="1", of=(f"{level}_turnover",), method="(DOPAC + HVA) / dopamine in tissue", range=ratio),
        told("pool residence time", unit="h", of=(f"{level}_residence",), method="tissue pool / synthesis", range="2-6 h, rat, unchecked"),
        told("extracellular half-life", unit="s", of=(f"{level}_half_life",), method="of what is outside, at the level of the moment"),
        told("D2 occupied", unit="%", of=(f"{place}.d2_occupied",), how="tonic", method="by dopamine and agonists",
             range="10-25 % at rest, unchecked"),
    )  # fmt: skip


def serotonin(place: str, part: str) -> tuple[Readout, ...]:
    """The read-outs of one `SerotoninTerminal`."""
    level, routes = f"{place}.serotonin", {"SERT": "sert", "other cells": "glia", "breakdown outside": "mao_ext", "diffusion": "away"}
    synthesis = "40-90 pmol/g/min, human brain by PET, method disputed, unchecked" if place == "cortex" else ""
    told = partial(Readout, "serotonin", place=place, part=part)
    return (
        *_flows("serotonin", place, part, synthesis),
        told("tonic level", unit="nmol/L", of=(level,), how="tonic", method=TRUE_LEVEL, range="0.5-5 nmol/L, unchecked"),
        *_bursts("serotonin", place, part, "ht.burst", ""),
        *_shares("serotonin", place, part, routes),
        told("turnover ratio", unit="1", of=(f"{level}_turnover",), method="5-HIAA / serotonin in tissue", range="0.5-1.2, rat, unchecked"),
        told("pool residence time", unit="h", of=(f"{level}_residence",), method="tissue pool / synthesis", range="1-5 h, rat, unchecked"),
    )


def _flows(group: str, place: str, part: str, synthesis: str = "") -> tuple[Readout, ...]:
    """Synthesis, release, uptake and breakdown of a region, and per gram of it."""
    found = []
    told = partial(Readout, group, place=place, part=part)
    for flow in ("synthesis", "release", "uptake", "breakdown"):
        row, name = (f"{place}.{group}_{flow}",), "release, gross" if flow == "release" else flow
        known = synthesis if flow == "synthesis" else ""
        found.append(told(name, unit="umol/h", of=row, method=f"{RATE}; whole region"))
        found.append(
            told(f"{name}, per gram", unit="pmol/g/min", of=row, per=(f"{part}.mass",), method=f"{RATE}; per gram of tissue", range=known)
        )
        if flow in ("release", "uptake"):
            fluid = (f"{part}.mass", f"{part}.ecf")
            found.append(told(f"{name}, per fluid", unit="nmol/L/min", of=row, per=fluid, method=f"{RATE}; per extracellular fluid"))
    return tuple(found)


def _shares(group: str, place: str, part: str, routes: Mapping[str, str]) -> tuple[Readout, ...]:
    """Which share of what leaves the extracellular fluid each route takes."""
    told = partial(Readout, group, place=place, unit="%", part=part, over=_fluxes(part, *routes.values()), method=SHARES)
    return tuple(told(f"cleared by {name}", of=_fluxes(part, flux)) for name, flux in routes.items())


def _bursts(group: str, place: str, part: str, burst: str, decay: str) -> tuple[Readout, ...]:
    told = partial(Readout, group, place=place, of=(f"{place}.{group}",), part=part, method=f"{TRUE_LEVEL}, {BURSTS}", burst=burst)
    return (
        told("phasic peak", unit="nmol/L", how="burst_peak"),
        told("phasic half-decay", unit="s", how="burst_half_decay", range=decay),
        told("phasic area", unit="nmol/L*s", how="burst_area"),
    )


def _fluxes(part: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{part}.{name}" for name in names)


READOUTS = (
    *dopamine("striatum", "da_striatum", "2-10 nmol/L, rat, unchecked", "0.1-0.5 s, rodents, unchecked"),
    *dopamine("pfc", "da_pfc", "", "1-3 s, rodents, unchecked"),
    *serotonin("cortex", "ht_cortex"),
    *serotonin("raphe", "ht_raphe"),
)
