"""Levothyroxine: T4 by mouth and by vein, handed over to the one pool of T4.

    swallowed --> tablet --dissolves--> gut --> gut.t4_appearance     (the rest is lost)
    by vein ----> line -----------------------> blood.t4_infusion

Whose equations: the tablet of THYROSIM; an injection passes a line of minutes, so that the axis owns its pools alone.
Valid for:       plain tablets, fasting, a quarter of an hour before breakfast or more.
Left out:        food, coffee, iron, calcium, proton pump inhibitors, bowel disease.
"""

from neurohumor.lang import Compartment, Flux, Module, Output, Param, Species, Takes

T = {"thyronine": 1.0}


class Levothyroxine(Module):
    """T4 on its way into blood."""

    timescale = "fast"

    gut    = Compartment(1.0, "L", "only amounts matter")
    tablet = Species(gut, 0.0, "nmol", "T4 swallowed",        scale=100.0, content=T)
    loose  = Species(gut, 0.0, "nmol", "T4 dissolved",        scale=100.0, content=T)
    line   = Species(gut, 0.0, "nmol", "T4 given by vein",    scale=100.0, content=T)

    melt   = Param(1.3,    "1/h", "dissolution",                          cite="eisenberg2010 code p43", gsd=1.3, cv=0.3)
    take   = Param(0.88,   "1/h", "absorption",                           cite="eisenberg2010 code p11", gsd=1.2)
    waste  = Param(0.1056, "1/h", "loss from the gut",                    cite="eisenberg2010 code p44", gsd=1.5, cv=0.5)
    flow   = Param(60.0,   "1/h", "from the line into blood",             basis="assumed", origin="")

    melts    = Flux(tablet >> loose, melt * tablet,  "nmol/h", "dissolution")
    taken    = Flux(loose >> 0,      take * loose,   "nmol/h", "absorption")
    lost     = Flux(loose >> 0,      waste * loose,  "nmol/h", "lost")
    injected = Flux(line >> 0,       flow * line,    "nmol/h", "into blood")

    by_mouth = Takes("levothyroxine", "oral", tablet, "levothyroxine tablets")
    by_vein  = Takes("levothyroxine", "iv",   line,   "levothyroxine by vein")
    absorbed = Output("gut.t4_appearance", taken,    "nmol/h", "T4 absorbed")
    infused  = Output("blood.t4_infusion", injected, "nmol/h", "T4 by vein")
