"""Adenosine receptors A1 and A2A: adenosine and caffeine share them.

    adenosine / K --+
                    +--> occupied by adenosine = r / (1 + r + loads) --> activation, 1 at the reference mean without a drug
    drugs' loads ---+

Whose equations: competition for one site.
Valid for:       antagonists (caffeine, theophylline); fast against everything else here.
Left out:        agonist drugs, receptor reserve, up-regulation by daily caffeine, regions.
"""

from neurohumor.lang import Derived, Input, Module, Output, Param


class AdenosineReceptors(Module):
    """A1 and A2A of one place."""

    timescale = "fast"

    adenosine   = Input("brain.adenosine", "nmol/L", 100.0, "adenosine")
    a1_load     = Input("a1.load",  "1", 0.0, "drugs on A1, unbound concentration / K",  gather="sum")
    a2a_load    = Input("a2a.load", "1", 0.0, "drugs on A2A, unbound concentration / K", gather="sum")
    a1_density  = Input("{here}.a1_density",  "1", 1.0, "A1 receptors, relative to the reference")
    a2a_density = Input("{here}.a2a_density", "1", 1.0, "A2A receptors, relative to the reference")

    A_ref = Param(100.0, "nmol/L", "adenosine, mean of the reference day",   basis="assumed", gsd=1.5, estimate=False)
    K_a1  = Param(70.0,  "nmol/L", "adenosine at half occupancy of A1",      basis="assumed", gsd=1.5)
    K_a2a = Param(150.0, "nmol/L", "adenosine at half occupancy of A2A",     basis="assumed", gsd=1.5)

    a1_bound  = Derived(adenosine / K_a1 / (1 + adenosine / K_a1 + a1_load),    "1", "A1 occupied by adenosine")
    a2a_bound = Derived(adenosine / K_a2a / (1 + adenosine / K_a2a + a2a_load), "1", "A2A occupied by adenosine")

    a1  = Output("{here}.a1",  a1_density * a1_bound * (1 + K_a1 / A_ref),    "1", "activation of A1, 1 = reference mean")
    a2a = Output("{here}.a2a", a2a_density * a2a_bound * (1 + K_a2a / A_ref), "1", "activation of A2A, 1 = reference mean")
