"""The equations of Best, Nijhout and Reed (2010) as one plain function of time, state, parameters and inputs.

Written from the equations alone, as an oracle for the module; concentrations in umol/L, time in hours.
"""


def derivatives(time, state, params, inputs):
    p = params
    trp, pool, bh4, bh2 = state["trp"], state["trp_pool"], state["bh4"], state["bh2"]
    htp, cyt, ves, ext, hiaa = state["htp"], state["ht_cyt"], state["ht_ves"], state["ht_ext"], state["hiaa"]

    # tryptophan: in from the blood, to and from its store, and lost from both
    blood = p["btrp"] * inputs["tryptophan_ratio"]
    intake = p["Vmax_in"] * blood / (p["Km_in"] * p["crowd"] + blood)
    net_store = p["k_store"] * trp - p["k_free"] * pool

    # hydroxylation, with the square of serotonin over the square of its set-point in the brake
    square = (ext / p["ht_set"]) ** 2
    held_back = p["syn_top"] - square / (1 + square)
    substrate = trp / (p["Km_trp"] + trp * (1 + trp / p["Ki_trp"]))
    hydroxylation = p["Vmax_TPH"] * substrate * bh4 / (p["Km_bh4"] + bh4) * held_back
    decarboxylation = p["Vmax_AADC"] / (1 + p["Km_AADC"] / htp)

    # the cofactor
    forward = p["Vmax_red"] * bh2 / (p["Km_bh2"] + bh2) * p["nadph"] / (p["Km_nadph"] + p["nadph"])
    backward = p["Vmax_ox"] * bh4 / (p["Km_bh4_ox"] + bh4) * p["nadp"] / (p["Km_nadp"] + p["nadp"])

    # release, packing, reuptake and breakdown
    steep, flat = p["rel_top"] - p["rel_fall"] * ext, p["far_top"] - p["far_fall"] * ext
    exocytosis = p["k_rel"] * max(steep, flat, p["rel_least"]) * inputs["firing"] * ves
    packing = p["Vmax_VMAT"] * cyt / (p["Km_VMAT"] + cyt) - p["k_leak"] * ves
    reuptake = p["Vmax_SERT"] * ext / (p["Km_SERT"] * (1 + inputs["sert_load"]) + ext)
    inside = p["Vmax_cyt"] * cyt / (p["Km_cyt"] + cyt)
    around = p["Vmax_out"] * ext / (p["Km_out"] + ext)

    return {
        "bh2": hydroxylation - forward + backward,
        "bh4": forward - backward - hydroxylation,
        "trp": intake - net_store - p["k_use"] * trp - hydroxylation,
        "trp_pool": net_store - p["k_pool_use"] * pool,
        "htp": hydroxylation - decarboxylation,
        "ht_cyt": decarboxylation - packing + reuptake - inside,
        "ht_ves": packing - exocytosis,
        "ht_ext": exocytosis - reuptake - around - p["k_rem"] * ext,
        "hiaa": inside + around - p["k_hiaa"] * hiaa,
    }
