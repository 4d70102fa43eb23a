"""`neurohumor doctor`: is everything installed as it should be."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated

import typer

from neurohumor.cli.messages import FAILED


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was found, whether it is well, and what to do where it is not."""

    what: str
    found: str
    well: bool = True
    remedy: str = ""


def verb(json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False) -> None:
    """Check the installation: versions, places to write, processor, and a self-test of the engine."""
    found = list(findings())
    if json:
        _print_json(found)
    else:
        from neurohumor.cli.tables import print_table

        rows = [(one.what, one.found, "well" if one.well else f"not well: {one.remedy}") for one in found]
        print_table("", ("what", "found", ""), rows, keep=(0,), colours=["" if one.well else "red" for one in found])
    if not all(one.well for one in found):
        raise typer.Exit(FAILED)


def _print_json(found: list[Finding]) -> None:
    import json
    from dataclasses import asdict

    typer.echo(json.dumps([asdict(one) for one in found], indent=2))


def findings() -> Iterator[Finding]:
    """Everything that is looked at, in order."""
    from neurohumor.cli.versions import own_version, required_packages, version_of

    yield Finding("neurohumor", own_version())
    yield _python()
    yield _machine()
    yield _vectors()
    for package in required_packages():
        version = version_of(package)
        yield Finding(package, version or "absent", bool(version), f"pip install {package}")
    yield Finding("compiler", "not needed")
    yield _guarded("cache", _cache)
    yield _guarded("this folder", _here)
    yield _guarded("models", _models)
    yield _guarded("self-test", _self_test)


def _guarded(what: str, look: Callable[[], Finding]) -> Finding:
    """A finding whatever goes wrong in looking."""
    try:
        return look()
    except Exception as fault:
        return Finding(what, f"{type(fault).__name__}: {fault}", False, "report this with what stands here")


def _machine() -> Finding:
    import platform

    return Finding("machine", f"{platform.platform()}, {os.cpu_count()} processors")


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", version, (3, 11) <= sys.version_info[:2] < (3, 15), "use Python 3.11 to 3.14")


def _vectors() -> Finding:
    """How many doubles the processor works on at once, as far as the system tells."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as stream:
            flags = {word for line in stream if line.startswith(("flags", "Features")) for word in line.split()}
    except OSError:
        return Finding("vector width", "not told by this system")
    width = 8 if "avx512f" in flags else 4 if "avx2" in flags or "avx" in flags else 2
    return Finding("vector width", f"{width} doubles")


def _cache() -> Finding:
    from neurohumor.engine.cache import cache_folder

    folder = cache_folder()
    if folder is None:
        return Finding("cache", "off: every baseline is found anew")
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    size = sum(one.stat().st_size for one in folder.glob("*") if one.is_file()) if folder.is_dir() else 0
    well = os.access(place, os.W_OK)
    return Finding("cache", f"{folder}, {size / 1e6:.1f} MB", well, "set NEUROHUMOR_CACHE to a folder that can be written, or to off")


def _here() -> Finding:
    here = os.getcwd()
    return Finding("this folder", here, os.access(here, os.W_OK), "use --out with a folder that can be written")


def _models() -> Finding:
    from neurohumor.models import modules, names

    every = names()
    return Finding("models", f"{', '.join(every) or 'none'}; {len(modules())} modules", bool(every), "install the package again")


def _self_test() -> Finding:
    """A decay of half-life 1 h, declared, built and solved: 1 becomes 1/1024 after 10 h."""
    import time

    from neurohumor.engine.problem import Stiff
    from neurohumor.engine.solve import simulate
    from neurohumor.lang.decl import Level, Param, Rate
    from neurohumor.lang.model import Model, Part
    from neurohumor.lang.module import Module

    x = Level(1.0, "1", "what decays")
    k = Param(0.6931471805599453, "1/h", "half-life of 1 h", basis="assumed")
    decay = Module.from_declarations("Decay", [("x", x), ("k", k), ("loss", Rate(x, -k * x))])
    began = time.perf_counter()
    run = simulate(Model("self-test", {"decay": Part(decay)}), days=10 / 24, options=Stiff(rtol=1e-9), settled=False)
    error = abs(float(run["decay.x"].at(10.0).value) * 1024 - 1)
    return Finding("self-test", f"error {error:.1e}, {time.perf_counter() - began:.2f} s", error < 1e-6, "the solver is off: report this")
