"""Renew src/neurohumor/modules/energy/flux_control.toml: what each step of the cortex's energy has to say over its fluxes at rest.

python tools/flux_control.py            printed
python tools/flux_control.py --write    stored too
"""

from __future__ import annotations

import sys
from pathlib import Path

from neurohumor.build.flatten import flatten
from neurohumor.lang import Model
from neurohumor.models.energy_only import region
from neurohumor.proof.flux_control import Controlled, flux_control, written

PLACE = "cortex"
STORED = Path(__file__).resolve().parent.parent / "src" / "neurohumor" / "modules" / "energy" / "flux_control.toml"
FLUXES = ("cmrglc", "cmro2", "j_atp")
STEPS = {
    "glucose": ("brought", "crossed", "entered"),
    "acids": ("cmrlac", "cmrket"),
    "oxygen": ("brought", "diffused"),
    "tissue": (
        "v_hk_n", "v_hk_a", "v_gl_n", "v_gl_a", "v_ldh_n", "v_ldh_a", "shuttle", "mct_a", "v_pdh_n", "v_pdh_a", "v_tca", "v_sh_n", "v_sh_a",
        "v_ket", "v_out", "v_store", "v_break", "ck", "ak", "washed", "used",
    ),
}  # fmt: skip
"""Every step that moves matter to or from what the tissue shares; over all of them the coefficients add up to one."""
CYCLE = {"cycle": ("v_glu", "v_gab", "v_up", "v_back")}
"""What asks for ATP acts through demand (`used`), beside the sum."""


def names(steps: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Steps by full name."""
    return tuple(f"{PLACE}_{part}.{step}" for part, found in steps.items() for step in found)


def computed() -> tuple[Controlled, dict[str, str]]:
    """The coefficients, and the module of each part."""
    parts = region(PLACE)
    system = flatten(Model(PLACE, parts))
    found = flux_control(system, names(STEPS | CYCLE), [f"{PLACE}.{flux}" for flux in FLUXES])
    return found, {name: part.module.__name__ for name, part in parts.items()}


if __name__ == "__main__":
    controlled, modules = computed()
    text = written(controlled, modules, "Flux control in the cortex at rest. Made by: python tools/flux_control.py --write")
    print(text)
    print("sum without the cycle:", controlled.coefficients[: len(names(STEPS))].sum(axis=0).round(4))
    if "--write" in sys.argv[1:]:
        STORED.write_text(text, encoding="utf-8")
