"""The package and its command line start quickly, because heavy libraries wait until they are needed."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.layers.sources import PACKAGE

HEAVY = ("scipy", "xarray", "pandas", "matplotlib", "llvmlite", "libsbml", "h5netcdf", "h5py")
LIMIT_S = 0.3
TIMES = 5


def loaded_after(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds once `code` has run."""
    told = subprocess.run([sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"], capture_output=True, text=True, timeout=60)
    assert told.returncode == 0, told.stderr
    return {name.partition(".")[0] for name in told.stdout.split()}


def processor_and_clock_seconds(command: list[str]) -> tuple[float, float]:
    """One fresh process: the processor time it took, and the time on the wall."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, said.decode()
    return used.ru_utime + used.ru_stime, time.perf_counter() - began


def assert_quick(command: list[str]) -> None:
    """The median of the processor's time holds the limit; so does the best time on the wall, unless other work fills the machine."""
    taken = [processor_and_clock_seconds(command) for _ in range(TIMES)]
    processor, clock = statistics.median(p for p, _ in taken), min(c for _, c in taken)
    crowded = os.getloadavg()[0] > (os.cpu_count() or 1) + 1
    assert processor < LIMIT_S and (clock < LIMIT_S or crowded), f"{processor:.3f} s of processor time, {clock:.3f} s on the wall"


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_after("import neurohumor") & set(HEAVY) == set()


def test_the_check_sees_a_heavy_module():
    assert "scipy" in loaded_after("import scipy")


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="this system does not tell a process's processor time")
def test_importing_the_package_is_quick():
    assert_quick([sys.executable, "-c", "import neurohumor"])


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="this system does not tell a process's processor time")
@pytest.mark.skipif(not (PACKAGE / "cli" / "app.py").is_file(), reason="there is no command line yet")
def test_the_command_line_answers_quickly():
    assert_quick([str(Path(sys.executable).with_name("neurohumor")), "--help"])


@pytest.mark.skipif(not (PACKAGE / "cli" / "app.py").is_file(), reason="there is no command line yet")
def test_the_command_line_loads_nothing_heavy_at_its_start():
    assert loaded_after("import neurohumor.cli.app") & set(HEAVY) == set()
