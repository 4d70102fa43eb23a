"""Cortisol and estradiol on the monoamines: neutral at rest, of the right sign and size elsewhere, each by itself."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from neurohumor import Protocol, load, set_, simulate
from neurohumor.engine.program import quickest
from neurohumor.engine.run import Run
from neurohumor.engine.schedule import Change
from neurohumor.life.person import REFERENCE_WOMAN
from neurohumor.proof.experiments import experiment_from
from neurohumor.proof.hands import LEVELS, Elsewhere, Hand, hands_of, moved

FAMILY = load("synapse").choose("hormones")
HANDS = hands_of(FAMILY.model(REFERENCE_WOMAN))
NOON = "day 0 12:00"
QUANTITIES = (
    "striatum.dopamine",
    "pfc.dopamine",
    "cortex.serotonin",
    "cortex.serotonin_synthesis",
    "striatum.dopamine_synthesis",
    "ht.firing",
)


@cache
def settled(estradiol: str = "", cortisol: str = "", *changes: Change, silent: bool = False) -> Run:
    """Noon of a woman who has always had these hormones there; "" for as on the reference day."""
    habits = REFERENCE_WOMAN.habits
    habits += set_("brain.estradiol", estradiol) if estradiol else Protocol()
    habits += set_("brain.cortisol_free", cortisol) if cortisol else Protocol()
    family = load("synapse") if silent else FAMILY
    return simulate(
        family, REFERENCE_WOMAN.with_(habits=habits), changes=changes, windows=[("11:00", "12:30", "30 min")], backend=quickest()
    )


def noon(run: Run, quantity: str) -> float:
    return float(run[quantity].at(NOON).value)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_where_hormones_rest_nothing_moves(quantity):
    assert noon(settled(), quantity) == pytest.approx(noon(settled(silent=True), quantity), rel=1e-8)


def test_every_influence_is_here_with_its_evidence():
    assert {hand.hears for hand in HANDS} == {"brain.cortisol_free", "brain.estradiol"}
    assert len({target for hand in HANDS for target in hand.gives}) == 13
    for hand in HANDS:
        low, usual, high = (hand.effects[level] for level in LEVELS)
        assert low <= usual <= high, hand.key
        assert low < high, hand.key


def test_only_what_people_show_is_not_nothing_by_default():
    """Cortisol's usual size is 0 for all that anything in the model hears."""
    quiet = {hand.key for hand in HANDS if hand.effects["usual"] == 0}
    assert quiet == {
        "CortisolOnSerotonin.on_tph2", "CortisolOnSerotonin.on_sert", "CortisolOnSerotonin.on_1a", "CortisolOnDopamine.on_th",
        "CortisolOnBreakdown.on_maoa", "EstradiolOnDopamine.on_th",
    }  # fmt: skip


@pytest.mark.parametrize(("cortisol", "quantity"), [(level, q) for level in ("2 nmol/L", "40 nmol/L") for q in QUANTITIES])
def test_cortisol_moves_no_backbone_by_five_percent(cortisol, quantity):
    """Invariant 10, far beyond what a day does."""
    assert noon(settled(cortisol=cortisol), quantity) == pytest.approx(noon(settled(), quantity), rel=0.05)


def test_mao_a_after_the_menopause():
    """Rekkas 2014: +34 % around it, +16 % against after it, which is +15.5 % for after against before."""
    for place in ("striatum", "pfc", "cortex", "raphe"):
        assert noon(settled("1.2 pmol/L"), f"estradiol_on_{place}_breakdown.on_maoa") == pytest.approx(1.155, abs=0.001)


@pytest.mark.parametrize(
    ("quantity", "low", "high"),
    [
        ("raphe.gain.tph2", 0.82, 0.92),
        ("raphe.gain.ht1a", 1.05, 1.12),
        ("cortex.gain.ht2a", 0.85, 0.95),
        ("cortex.gain.sert", 0.88, 0.95),
        ("cortex.serotonin_synthesis", 0.80, 0.99),
        ("cortex.serotonin", 0.90, 1.05),
        ("pfc.dopamine", 0.90, 0.99),
        ("striatum.dopamine", 0.92, 0.99),
    ],
)
def test_after_the_menopause(quantity, low, high):
    """Less TPH2, more 5-HT1A, less SERT and 5-HT2A, more MAO-A; what is outside moves by less than a tenth."""
    ratio = noon(settled("1.2 pmol/L"), quantity) / (
        noon(settled(), quantity) if not quantity.startswith(("raphe.gain", "cortex.gain")) else 1.0
    )
    assert low < ratio < high


def test_sert_is_unchanged_after_a_month_of_estradiol_and_up_after_five():
    """Smith 2004, macaques without ovaries: the protein unchanged after one month, raised after five."""
    woman = REFERENCE_WOMAN.with_(habits=REFERENCE_WOMAN.habits + set_("brain.estradiol", "0.5 pmol/L"))
    life = set_("brain.estradiol", "10 pmol/L", "00:00")
    run = simulate(FAMILY, woman, life, days=151, windows=[(0.0, 151 * 24.0, 24.0)], backend=quickest())
    sert = np.asarray(run["cortex.gain.sert"].values)
    assert abs(sert[30] / sert[0] - 1) < 0.02
    assert 1.05 < sert[150] / sert[0] < 1.25


# ── One at a time ─────────────────────────────────────────────────────────────────────────────────

MAO = """
id     = "mao"
title  = "5-HIAA"
source = "none"
kind   = "prediction"
[arms.rest]
person = "reference_woman"
model  = "synapse"
days   = 1
step   = "1 h"
[[measures]]
name      = "5-HIAA"
quantity  = "cortex.hiaa"
unit      = "umol/L"
statistic = "mean"
tolerance = { at_least = 0 }
"""
GONE = {"brain.estradiol": (Elsewhere("gone", "brain.estradiol", "1.2 pmol/L"),)}


def effects(wanted: str) -> dict[str, float]:
    """What one influence does to 5-HIAA, by level, in percent."""

    def only(hand: Hand) -> bool:
        return hand.key == wanted

    (found,) = moved([experiment_from(MAO)], GONE, choose={"synapse": ("hormones",)}, only=only)
    assert found.hand.key == wanted
    assert not any(one.message for one in found.at.values())
    return {level: 100 * (score.value / found.without.value - 1) for level, score in found.at.items()}


def test_one_influence_at_a_time():
    tph2, none = effects("EstradiolOnSerotonin.on_tph2"), effects("EstradiolOnSerotonin.on_2a")
    assert tph2["low"] == pytest.approx(0.0, abs=1e-3)  # percent; a baseline is known to 0.02
    assert tph2["high"] < tph2["usual"] < -5
    assert all(abs(value) < 1e-3 for value in none.values()), "nothing hears 5-HT2A yet"


def test_without_an_experiment_that_has_it_an_influence_is_not_tried():
    assert list(moved([experiment_from(MAO)], GONE)) == []
