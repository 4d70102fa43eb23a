"""The equations of Best, Nijhout and Reed (2009) as one plain function, written from the equations alone.

`derivatives` takes three mappings from name to number (the state, the parameters and the inputs) and returns
the rate of change of each state. Concentrations are in umol/L and time is in hours.
"""


def derivatives(state, params, inputs):
    bh4, bh2 = state["bh4"], state["bh2"]
    tyr, pool, dopa = state["tyr"], state["tyr_pool"], state["dopa"]
    da_cyt, da_ves, da_ext, hva = state["da_cyt"], state["da_ves"], state["da_ext"], state["hva"]
    p = params

    # tyrosine: from the blood, to and from the pool, and to other uses
    blood_tyrosine = p["btyr"] * inputs["tyrosine_ratio"]
    tyrosine_import = p["Vmax_in"] * blood_tyrosine / (p["Km_in"] + blood_tyrosine)
    into_pool = p["k_store"] * tyr
    out_of_pool = p["k_free"] * pool
    tyrosine_use = p["k_use"] * tyr
    pool_use = p["k_pool_use"] * pool

    # tyrosine hydroxylase, braked by dopamine outside, by dopamine in the cytosol and by its own substrate
    brake = p["brake_span"] / (p["brake_weight"] * (da_ext / p["da_set"]) ** p["n_brake"] + 1) + p["brake_floor"]
    substrate_brake = p["tyr_scale"] / (1 + tyr / p["Ki_tyr"])
    cofactor_competition = p["Km_tyr"] * p["Km_bh4"] * (1 + da_cyt / p["Ki_da"])
    hydroxylation = substrate_brake * brake * p["Vmax_TH"] * tyr * bh4 / (tyr * bh4 + p["Km_tyr"] * bh4 + cofactor_competition)

    # the cofactor: BH2 reduced to BH4, and BH4 oxidised to BH2
    reduction = p["Vmax_red"] * bh2 * p["nadph"] / ((p["Km_bh2"] + bh2) * (p["Km_nadph"] + p["nadph"]))
    oxidation = p["Vmax_ox"] * bh4 * p["nadp"] / ((p["Km_bh4_ox"] + bh4) * (p["Km_nadp"] + p["nadp"]))

    # dopamine: made, packed, released, taken up again and broken down
    decarboxylation = p["Vmax_AADC"] * dopa / (p["Km_AADC"] + dopa)
    packing = p["Vmax_VMAT"] * da_cyt / (p["Km_VMAT"] + da_cyt)
    leak = p["k_leak"] * da_ves
    release = p["k_rel"] * inputs["firing"] * da_ves
    reuptake = p["Vmax_DAT"] * da_ext / (p["Km_DAT"] * (1 + inputs["dat_load"]) + da_ext)
    breakdown_inside = p["k_cyt"] * da_cyt
    breakdown_outside = p["Vmax_cat"] * da_ext / (p["Km_cat"] + da_ext)
    removal = p["k_rem"] * da_ext

    return {
        "bh4": reduction - oxidation - hydroxylation,
        "bh2": hydroxylation - reduction + oxidation,
        "tyr": tyrosine_import - hydroxylation - into_pool + out_of_pool - tyrosine_use,
        "tyr_pool": into_pool - out_of_pool - pool_use,
        "dopa": hydroxylation - decarboxylation,
        "da_cyt": decarboxylation - packing + leak + reuptake - breakdown_inside,
        "da_ves": packing - leak - release,
        "da_ext": release - reuptake - breakdown_outside - removal,
        "hva": breakdown_inside + breakdown_outside - p["k_hva"] * hva,
    }
