"""What a region's energy comes to: where its acetyl-CoA is from, how much more ATP could be made, how much is wanting.

    fuels used, oxygen, ATP made, ATP asked for --> shares, indices, reserve

Nothing here acts on anything; these are sums over what the tissue, the barriers and the demand tell.

Acetyl-CoA: from ketones what is split; the rest, from pyruvate, is blood lactate's by its share of the pyruvate that comes in (net
uptake over net uptake plus twice the glucose used), and glucose's otherwise.  Capacity: ATP made if ADP were plenty, with substrates
and tissue oxygen as they are, and no more than the oxygen that flow brings would allow.

Whose equations: ours (the definitions of claim section 4.1).
Valid for:       any state of the tissue; while stores fill or empty, shares are those of the moment.
Left out:        capacity of the barrier for glucose, what more flow would bring.
"""

from neurohumor.lang import Derived, Input, Module, Output, Param, maximum, minimum, positive


class EnergyAccounts(Module):
    """Fuel mix, oxygen-carbohydrate index, phosphorylation potential, reserve and shortfall of one region."""

    timescale = "fast"

    # ── What it hears ──────────────────────────────────────────────────────────────────────────────
    glc     = Input("{here}.cmrglc",            "umol/g/min", 0.38,   "glucose use")
    lac     = Input("{here}.cmrlac",            "umol/g/min", -0.053, "lactate uptake, net")
    o2      = Input("{here}.cmro2",             "umol/g/min", 1.944,  "oxygen use")
    oef     = Input("{here}.oef",               "1",          0.345,  "oxygen extraction fraction")
    pyr     = Input("{here}.pyruvate_oxidised", "umol/g/min", 0.636,  "pyruvate to acetyl-CoA")
    ket     = Input("{here}.ketones_oxidised",  "umol/g/min", 0.003,  "ketones split")
    made    = Input("{here}.j_atp",             "umol/g/min", 9.7,    "ATP made")
    ceiling = Input("{here}.atp_ceiling",       "umol/g/min", 22.6,   "ATP that would be made if ADP were plenty")
    asked   = Input("{here}.atp_demand",        "umol/g/min", 9.7,    "ATP asked for")
    atp     = Input("{here}.atp",               "mmol/L",     2.7,    "ATP")
    adp     = Input("{here}.adp",               "umol/L",     30.0,   "free ADP")
    pi      = Input("{here}.phosphate",         "mmol/L",     1.0,    "phosphate")

    least   = Param(0.01, "1", "extraction below which oxygen counts as plenty", basis="assumed", origin="", estimate=False)
    came    = Derived(positive(lac) / (positive(lac) + 2 * glc), "1", "share of new pyruvate that is blood's lactate")

    # ── What it tells ──────────────────────────────────────────────────────────────────────────────
    from_glucose = Output("{here}.acetyl_from_glucose", pyr * (1 - came), "umol/g/min", "acetyl-CoA from glucose")
    from_lactate = Output("{here}.acetyl_from_lactate", pyr * came,       "umol/g/min", "acetyl-CoA from blood's lactate")
    from_ketones = Output("{here}.acetyl_from_ketones", 2 * ket,          "umol/g/min", "acetyl-CoA from ketones")
    oci       = Output("{here}.oci",             o2 / (glc + 0.5 * lac), "1",          "oxygen over carbohydrate")
    potential = Output("{here}.phosphorylation", atp / (adp * pi),       "1/M",        "phosphorylation potential")
    shortfall = Output("{here}.atp_shortfall",   positive(asked - made), "umol/g/min", "ATP asked for and not made")
    capacity  = Output("{here}.atp_capacity", minimum(ceiling, made / maximum(oef, least)), "umol/g/min", "ATP that could be made")
    reserve   = Output("{here}.supply_reserve", capacity / asked - 1, "1", "ATP that could be made over demand, less one")
